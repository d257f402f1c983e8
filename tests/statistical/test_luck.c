/* The random numbers as kernels get them: keyed words through the fill of this CPU, as uniforms and
   normals. Moments, tails, goodness of fit, and independence of slots, years, persons, replicates,
   draws and seeds. */
#include "support/near.h"

#include <gsl/gsl_cdf.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "statistical/family.h"
#include "statistical/sums.h"
#include "statistical/walk.h"

#define LEVEL 1e-3 /* chance that one test of this file fails though all is right */

enum {
    LANES = 1024,
    BLOCKS = 1536, /* blocks of people of the marginal tests */
    FITTED = 1000000,
    BINS = 256,
    YEAR_WORDS = 4 * SNW_N_YEAR_SLOTS,
    BIRTH_WORDS = 4 * SNW_N_BIRTH_SLOTS
};

static const char *const word_names[] = {
#define SNW_SLOT(slot, name, kind, w0, w1, w2, w3)                                                 \
    [4 * slot] = #w0, [4 * slot + 1] = #w1, [4 * slot + 2] = #w2, [4 * slot + 3] = #w3,
#include "random/slots.def"
#undef SNW_SLOT
};

static const char kinds[64][5] = {
#define SNW_SLOT(slot, name, kind, w0, w1, w2, w3) [slot] = #kind,
#include "random/slots.def"
#undef SNW_SLOT
};

static int is_uniform(size_t word)
{
    return kinds[word / 4][word % 4] == 'u';
}

/* Everything that the marginal tests look at. */
struct marginal {
    double n, power[5], below[8], above[8], bin[BINS];
    double *fitted; /* the first FITTED of them, as probabilities */
    size_t n_fitted;
};

static struct snw_luck *luck;
static uint32_t person[SNW_LUCK_STRIDE], replicate[SNW_LUCK_STRIDE];

static int make_luck(void **state)
{
    (void)state;
    luck = snw_alloc(sizeof *luck);
    return luck ? 0 : -1;
}

static int drop_luck(void **state)
{
    (void)state;
    snw_free(luck);
    return 0;
}

static void fill(struct snw_key key, uint32_t first, uint32_t of_replicate, uint32_t year)
{
    for (uint32_t i = 0; i < LANES; i++) {
        person[i] = first + i;
        replicate[i] = of_replicate;
    }
    if (year == 0)
        snw_kernels_best()->luck(luck, key, LANES, person, replicate, 0, SNW_SLOT_BIRTH_FIRST,
                                 SNW_N_BIRTH_SLOTS);
    else
        snw_kernels_best()->luck(luck, key, LANES, person, replicate, year, SNW_SLOT_YEAR_FIRST,
                                 SNW_N_YEAR_SLOTS);
}

/* A value x whose probability is p: cut[k] and -cut[k] are its quantiles at 10^-k and 1 - 10^-k. */
static void add(struct marginal *m, double x, double p, const double cut[8], double centre)
{
    double power = 1;
    m->n += 1;
    for (int k = 0; k < 5; k++, power *= x - centre)
        m->power[k] += power;
    for (int k = 1; k < 8 && x <= cut[k]; k++)
        m->below[k] += 1;
    for (int k = 1; k < 8 && 2 * centre - x <= cut[k]; k++)
        m->above[k] += 1;
    m->bin[(int)fmin(BINS - 1, p * BINS)] += 1;
    if (m->n_fitted < FITTED)
        m->fitted[m->n_fitted++] = p;
}

static void gather(struct marginal *m, int uniform, const double cut[8])
{
    m->fitted = malloc(FITTED * sizeof *m->fitted);
    assert_non_null(m->fitted);
    for (uint32_t block = 0; block < BLOCKS; block++) {
        fill((struct snw_key){31, block % 3}, 1000003 * block, block % 2, 20 + block % 78);
        for (size_t w = 0; w < YEAR_WORDS; w++) {
            const snw_real *row = luck->value[w];
            if (is_uniform(w + 4 * SNW_SLOT_YEAR_FIRST) != uniform)
                continue;
            for (size_t i = 0; i < LANES; i++) {
                double x = (double)row[i];
                add(m, x, uniform ? x : 0.5 * erfc(-x * 0.70710678118654752), cut,
                    uniform ? 0.5 : 0);
            }
        }
    }
}

static void check_fit(struct family *f, struct marginal *m, const char *what)
{
    double chi_square = 0;
    for (int k = 0; k < BINS; k++)
        chi_square += pow(m->bin[k] - m->n / BINS, 2) / (m->n / BINS);
    family_chi_square(f, chi_square, BINS - 1, "%s in %d bins", what, BINS);
    for (int k = 1; k < 8; k++) {
        family_count(f, m->below[k], m->n, pow(10, -k), "%s below 1e-%d: %.0f", what, k,
                     m->below[k]);
        family_count(f, m->above[k], m->n, pow(10, -k), "%s above 1 - 1e-%d: %.0f", what, k,
                     m->above[k]);
    }
    family_uniform(f, m->fitted, m->n_fitted, what);
    free(m->fitted);
}

/* Standard errors: 1/sqrt(n) of the mean, sqrt(2/n), sqrt(15/n), sqrt(96/n) of the mean 2nd, 3rd
   and 4th powers (moments 1, 3, 15, 105 of the even powers). */
static void normals_have_the_moments_and_tails_of_the_normal_law(void **state)
{
    (void)state;
    struct marginal m = {0};
    struct family f;
    double cut[8], expected[] = {0, 0, 1, 0, 3}, variance[] = {0, 1, 2, 15, 96};
    for (int k = 1; k < 8; k++)
        cut[k] = gsl_cdf_ugaussian_Pinv(pow(10, -k));
    gather(&m, 0, cut);
    family_begin(&f, "normals", LEVEL);
    for (int k = 1; k < 5; k++)
        family_z(&f, (m.power[k] / m.n - expected[k]) / sqrt(variance[k] / m.n),
                 "mean of z^%d: %.6f", k, m.power[k] / m.n);
    check_fit(&f, &m, "z");
    print_message("%.0f normals: mean %.2e, variance 1%+.2e, 3rd %.2e, 4th 3%+.2e; beyond 1e-6: "
                  "%.0f and %.0f of %.1f\n",
                  m.n, m.power[1] / m.n, m.power[2] / m.n - 1, m.power[3] / m.n,
                  m.power[4] / m.n - 3, m.below[6], m.above[6], 1e-6 * m.n);
    family_end(&f);
}

/* Moments of u - 1/2: 1/12, 1/80; variances of the powers 1/12, 1/180, 1/448, 1/2304 - 1/6400. */
static void uniforms_have_the_moments_and_tails_of_the_uniform_law(void **state)
{
    (void)state;
    struct marginal m = {0};
    struct family f;
    double cut[8], expected[] = {0, 0, 1.0 / 12, 0, 1.0 / 80};
    double variance[] = {0, 1.0 / 12, 1.0 / 180, 1.0 / 448, 1.0 / 2304 - 1.0 / 6400};
    for (int k = 1; k < 8; k++)
        cut[k] = pow(10, -k);
    gather(&m, 1, cut);
    family_begin(&f, "uniforms", LEVEL);
    for (int k = 1; k < 5; k++)
        family_z(&f, (m.power[k] / m.n - expected[k]) / sqrt(variance[k] / m.n),
                 "mean of (u - 1/2)^%d: %.6f", k, m.power[k] / m.n);
    check_fit(&f, &m, "u");
    print_message("%.0f uniforms: mean 1/2%+.2e, variance 1/12%+.2e; below 1e-6: %.0f of %.1f\n",
                  m.n, m.power[1] / m.n, m.power[2] / m.n - 1.0 / 12, m.below[6], 1e-6 * m.n);
    family_end(&f);
}

/* -- independence: every word of one person-year against every word of another -- */

enum { PAIRED = 131072, WORDS = YEAR_WORDS + BIRTH_WORDS };

/* Standardised words of PAIRED people, words first .. first + n - 1 of the rows filled, (n,
 * PAIRED). */
static void standardise(float *out, struct snw_key key, uint32_t shift, uint32_t of_replicate,
                        uint32_t year)
{
    size_t first = year ? SNW_SLOT_YEAR_FIRST * 4 : 0, n = year ? YEAR_WORDS : BIRTH_WORDS;
    for (uint32_t from = 0; from < PAIRED; from += LANES) {
        fill(key, from + shift, of_replicate, year);
        for (size_t w = 0; w < n; w++)
            for (size_t i = 0; i < LANES; i++) {
                float x = (float)luck->value[w][i];
                out[w * PAIRED + from + i] = is_uniform(first + w) ? (x - 0.5f) * 3.4641016151f : x;
            }
    }
}

/* Product moments over sqrt(n): standard normal where the two are independent. Squares, less their
   mean and over their SD, see what is bound without being correlated. */
static void correlate(struct family *f, const float *x, const float *y, const char *what)
{
    double both = 0, squares = 0, xs = 0, ys = 0, xss = 0, yss = 0;
    for (size_t i = 0; i < PAIRED; i++) {
        double a = (double)x[i], b = (double)y[i], aa = a * a, bb = b * b;
        both += a * b;
        squares += aa * bb;
        xs += aa;
        ys += bb;
        xss += aa * aa;
        yss += bb * bb;
    }
    double n = PAIRED, covariance = squares / n - xs / n * ys / n;
    double spread = sqrt((xss / n - xs / n * xs / n) * (yss / n - ys / n * ys / n));
    family_z(f, both / sqrt(n), "%s", what);
    family_z(f, covariance / spread * sqrt(n), "%s, squares", what);
}

static void words_are_independent_whatever_tells_their_counters_apart(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct snw_key key;
        uint32_t shift, replicate, year;
    } others[] = {
        {"next year", {7, 0}, 0, 0, 51},       {"ten years on", {7, 0}, 0, 0, 60},
        {"next person", {7, 0}, 1, 0, 50},     {"next replicate", {7, 0}, 0, 1, 50},
        {"next draw", {7, 1}, 0, 0, 50},       {"next seed", {8, 0}, 0, 0, 50},
        {"pilot", {7, 0}, 0x80000000u, 0, 50},
    };
    float *base = malloc((size_t)WORDS * PAIRED * sizeof *base);
    float *other = malloc((size_t)YEAR_WORDS * PAIRED * sizeof *other);
    struct family f;
    char what[80];
    assert_true(base && other);
    family_begin(&f, "independence", LEVEL);
    standardise(base, (struct snw_key){7, 0}, 0, 0, 50);
    standardise(base + (size_t)YEAR_WORDS * PAIRED, (struct snw_key){7, 0}, 0, 0, 0);
    const size_t year_first = 4 * SNW_SLOT_YEAR_FIRST;
    for (size_t a = 0; a < WORDS; a++)
        for (size_t b = 0; b < a; b++) {
            snprintf(what, sizeof what, "%s and %s",
                     word_names[a < YEAR_WORDS ? year_first + a : a - YEAR_WORDS],
                     word_names[b < YEAR_WORDS ? year_first + b : b - YEAR_WORDS]);
            correlate(&f, base + a * PAIRED, base + b * PAIRED, what);
        }
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
        standardise(other, others[k].key, others[k].shift, others[k].replicate, others[k].year);
        for (size_t a = 0; a < YEAR_WORDS; a++)
            for (size_t b = 0; b < YEAR_WORDS; b++) {
                snprintf(what, sizeof what, "%s and %s of the %s", word_names[year_first + a],
                         word_names[year_first + b], others[k].name);
                correlate(&f, base + a * PAIRED, other + b * PAIRED, what);
            }
    }
    free(base);
    free(other);
    family_end(&f);
}

/* Words of one fall against those of the next, as the walk over the few draws them. */
static void falls_of_a_year_are_independent(void **state)
{
    (void)state;
    enum { FALLS = 3, ALL = 4 * FALLS };
    struct sums pair[ALL][ALL] = {{{0}}};
    struct family f;
    for (uint32_t i = 0; i < PAIRED; i++) {
        double u[ALL];
        for (uint32_t j = 0; j < FALLS; j++) {
            uint32_t words[4];
            snw_draw((struct snw_key){7, 0}, i, 0, 50, SNW_SLOT_FALL, j, words);
            for (size_t w = 0; w < 4; w++)
                u[4 * j + w] = (double)snw_uniform(words[w]);
        }
        for (size_t a = 0; a < ALL; a++)
            for (size_t b = 0; b < a; b++)
                sums_add(&pair[a][b], u[a], u[b]);
    }
    family_begin(&f, "falls of a year", LEVEL);
    for (size_t a = 0; a < ALL; a++)
        for (size_t b = 0; b < a; b++)
            family_z(&f, atanh(sums_r(&pair[a][b])) * sqrt(PAIRED), "words %zu and %zu", a, b);
    family_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normals_have_the_moments_and_tails_of_the_normal_law),
        cmocka_unit_test(uniforms_have_the_moments_and_tails_of_the_uniform_law),
        cmocka_unit_test(words_are_independent_whatever_tells_their_counters_apart),
        cmocka_unit_test(falls_of_a_year_are_independent),
    };
    return cmocka_run_group_tests(tests, make_luck, drop_luck);
}
