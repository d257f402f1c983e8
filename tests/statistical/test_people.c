/* A hundred thousand people of the engine against a hundred thousand of the oracle, each with luck
   of their own: spreads, tails, tracking and correlations by sex and age.

   Both crowds are split into groups; a statistic of each group is one observation of it, whatever
   it is, and the two sets of observations are compared by Welch's t. */
#include "support/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "oracle/agree_world.h"
#include "statistical/family.h"
#include "statistical/sums.h"
#include "support/world.h"

#define LEVEL 1e-3 /* chance that the whole comparison fails though all is right */

enum {
    GROUPS = 100,
    PEOPLE = 500, /* of each sex in a group */
    PILOTS = 5000,
    BANDS = 8, /* ten years each, the last 90 to 97 */
    MOST_STATISTICS = 1200
};

static const double nothing = (double)NAN;

/* One group of one sex: NaN before birth of a value, after death, or where it does not apply. */
typedef double group_values[SNW_N_MEASURES][PEOPLE][SNW_N_AGES];

/* Observations of one statistic in one implementation. */
struct observations {
    double n, sum, squares;
};

enum implementation { ENGINE, ORACLE, N_IMPLEMENTATIONS };

struct statistic {
    char name[56];
    struct observations seen[N_IMPLEMENTATIONS];
};

static struct statistic statistics[SNW_N_SEXES][BANDS][MOST_STATISTICS];

/* Statistics are told in the same order for every group; the cursor names them as they come. */
struct cursor {
    enum implementation who;
    int sex, band, at;
};

static void tell(struct cursor *c, double value, const char *what, const char *of,
                 const char *and_of)
{
    assert_true(c->at < MOST_STATISTICS);
    struct statistic *s = &statistics[c->sex][c->band][c->at++];
    if (!s->name[0])
        snprintf(s->name, sizeof s->name, "%s %s %s", what, of, and_of);
    if (isnan(value))
        return;
    s->seen[c->who].n += 1;
    s->seen[c->who].sum += value;
    s->seen[c->who].squares += value * value;
}

static int first_age(int band)
{
    return 10 * band;
}

static int last_age(int band)
{
    int last = 10 * band + 9;
    return last < SNW_N_AGES ? last : SNW_N_AGES - 1;
}

/* -- one group's statistics -- */

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Mean and SD over the band; 1st and 99th percentile at its middle. */
static void spread(struct cursor *c, group_values v, enum snw_measure m)
{
    struct sums s = {0};
    double middle[PEOPLE];
    size_t n = 0;
    const char *name = snw_measure_table[m].name;
    for (size_t i = 0; i < PEOPLE; i++)
        for (int a = first_age(c->band); a <= last_age(c->band); a++) {
            double x = v[m][i][a];
            if (isnan(x))
                continue;
            sums_add(&s, x, 0);
            if (a == first_age(c->band) + 5)
                middle[n++] = x;
        }
    tell(c, s.n > 0 ? sums_mean(&s) : nothing, "mean of", name, "");
    tell(c, s.n > 1 ? sums_sd(&s) : nothing, "SD of", name, "");
    if (m >= (enum snw_measure)SNW_N_STATES)
        return;
    qsort(middle, n, sizeof *middle, by_size);
    tell(c, n > 20 ? middle[n / 100] : nothing, "1st percentile of", name, "");
    tell(c, n > 20 ? middle[n - 1 - n / 100] : nothing, "99th percentile of", name, "");
}

static void tracking(struct cursor *c, group_values v, enum snw_measure m, int lag)
{
    struct sums s = {0};
    for (size_t i = 0; i < PEOPLE; i++)
        for (int a = first_age(c->band); a <= last_age(c->band) && a + lag < SNW_N_AGES; a++) {
            double now = v[m][i][a], later = v[m][i][a + lag];
            if (!isnan(now) && !isnan(later))
                sums_add(&s, now, later);
        }
    tell(c, s.n > 100 ? sums_r(&s) : nothing, lag == 1 ? "lag-1 r of" : "10-year r of",
         snw_measure_table[m].name, "");
}

static const enum snw_measure crossed[] = {SNW_M_relative_asm_kg_m2,
                                           SNW_M_grip_kg,
                                           SNW_M_gait_m_s,
                                           SNW_M_bmi_kg_m2,
                                           SNW_M_activity_z,
                                           SNW_M_ctth_femoral_neck_mm,
                                           SNW_M_ctth_lumbar_spine_mm,
                                           SNW_M_ctth_radius_mm,
                                           SNW_M_ctth_tibia_mm,
                                           SNW_M_tb_vbmd_femoral_neck_mg_cm3,
                                           SNW_M_tb_vbmd_lumbar_spine_mg_cm3,
                                           SNW_M_bvtv_radius,
                                           SNW_M_tbn_radius_per_mm,
                                           SNW_M_ct_vbmd_mg_cm3,
                                           SNW_M_abmd_femoral_neck_g_cm2,
                                           SNW_M_abmd_lumbar_spine_g_cm2,
                                           SNW_M_load_to_strength,
                                           SNW_M_igfbp2_ng_ml,
                                           SNW_M_igf1_ng_ml,
                                           SNW_M_bio_t_rel,
                                           SNW_M_bio_e2_rel,
                                           SNW_M_frailty,
                                           SNW_M_disabled,
                                           SNW_M_falls};
enum { CROSSED = sizeof crossed / sizeof crossed[0] };

static void crossing(struct cursor *c, group_values v)
{
    for (size_t j = 0; j < CROSSED; j++)
        for (size_t k = 0; k < j; k++) {
            struct sums s = {0};
            for (size_t i = 0; i < PEOPLE; i++)
                for (int a = first_age(c->band); a <= last_age(c->band); a++)
                    if (!isnan(v[SNW_M_grip_kg][i][a]))
                        sums_add(&s, v[crossed[j]][i][a], v[crossed[k]][i][a]);
            double r = s.n > 100 ? sums_r(&s) : nothing;
            tell(c, isfinite(r) ? r : nothing, "r of", snw_measure_table[crossed[j]].name,
                 snw_measure_table[crossed[k]].name);
        }
}

static void tell_all(enum implementation who, int sex, group_values v)
{
    for (int band = 0; band < BANDS; band++) {
        struct cursor c = {who, sex, band, 0};
        for (int m = 0; m < SNW_M_cost; m++) {
            spread(&c, v, (enum snw_measure)m);
            if (m < SNW_N_STATES || m == SNW_M_frailty || m == SNW_M_falls) {
                tracking(&c, v, (enum snw_measure)m, 1);
                tracking(&c, v, (enum snw_measure)m, 10);
            }
        }
        crossing(&c, v);
    }
}

/* -- the two crowds -- */

static void engine_group(struct lives *l, int sex, uint32_t first, group_values v)
{
    snw_tracks_clear(&l->tracks);
    l->events.n = 0;
    assert_int_equal(lives_run(l, (enum snw_sex)sex, first, PEOPLE, PEOPLE), SNW_OK);
    for (int m = 0; m < SNW_M_cost; m++)
        for (size_t i = 0; i < PEOPLE; i++)
            for (int a = 0; a < SNW_N_AGES; a++) {
                int age = SNW_AGE_FIRST + a;
                uint16_t q = lives_q(l, i, age, (enum snw_measure)m);
                int here = lives_q(l, i, age, SNW_M_alive) == 1 && q != SNW_FILL;
                v[m][i][a] = here ? measure_value((enum snw_measure)m, q) : nothing;
            }
}

/* Values as the 16-bit readouts hold them: within their range. Entry into a home is known from the
   next birthday. */
static double oracle_value(const struct snw_oracle_life *life, int m, int a)
{
    const struct snw_oracle_year *year = &life->year[a];
    const struct snw_measure_info *info = &snw_measure_table[m];
    if (!year->alive)
        return nothing;
    if (m == SNW_M_nursing_home_entry)
        return a + 1 < SNW_N_AGES && !year->outcomes.died && year[1].state.resident &&
               !year->state.resident;
    double x = agree_measure((enum snw_measure)m, year);
    return isnan(x) ? x : fmin(fmax(x, info->offset), info->offset + 65534 * info->scale);
}

static void oracle_group(const struct world *w, const struct snw_oracle_reference *reference,
                         int sex, uint32_t first, group_values v)
{
    static struct snw_oracle_life life;
    for (uint32_t i = 0; i < PEOPLE; i++) {
        struct snw_oracle_person person = {
            .sex = (enum snw_sex)sex, .id = first + i, .key = {512, 0}};
        snw_oracle_live(&w->params, reference, &person, &life);
        for (int m = 0; m < SNW_M_cost; m++)
            for (int a = 0; a < SNW_N_AGES; a++)
                v[m][i][a] = oracle_value(&life, m, a);
    }
}

/* In the last year the oracle can't tell who moves into a home. */
static void leave_out_last_entry(group_values v)
{
    for (size_t i = 0; i < PEOPLE; i++)
        v[SNW_M_nursing_home_entry][i][SNW_N_AGES - 1] = nothing;
}

/* -- the comparison -- */

static double variance(const struct observations *o)
{
    return fmax(0, (o->squares - o->sum * o->sum / o->n) / (o->n - 1));
}

/* Welch's t; a statistic that neither crowd varies in must be the same in both. */
static void compare(struct family *f, const struct statistic *s, int sex, int band)
{
    const struct observations *e = &s->seen[ENGINE], *o = &s->seen[ORACLE];
    if (e->n < GROUPS / 2 && o->n < GROUPS / 2)
        return;
    double ve = variance(e) / e->n, vo = variance(o) / o->n, apart = e->sum / e->n - o->sum / o->n;
    double df = (ve + vo) * (ve + vo) / (ve * ve / (e->n - 1) + vo * vo / (o->n - 1));
    const char *who = sex == SNW_FEMALE ? "women" : "men";
    if (ve + vo > 1e-24 * (1 + apart * apart))
        family_t(f, apart / sqrt(ve + vo), df, "%s of %d: %s %.4g, %.4g", who, 20 + 10 * band,
                 s->name, e->sum / e->n, o->sum / o->n);
    else
        assert_near(apart, 0, 1e-6 * fabs(o->sum / o->n) + 1e-9);
}

static const char *const shown[] = {"mean of relative_asm_kg_m2 ",
                                    "SD of relative_asm_kg_m2 ",
                                    "99th percentile of igfbp2_ng_ml ",
                                    "1st percentile of abmd_femoral_neck_g_cm2 ",
                                    "10-year r of grip_kg ",
                                    "lag-1 r of ctth_tibia_mm ",
                                    "r of igfbp2_ng_ml relative_asm_kg_m2",
                                    "r of ctth_femoral_neck_mm relative_asm_kg_m2",
                                    "r of bvtv_radius relative_asm_kg_m2",
                                    "r of falls grip_kg",
                                    "mean of falls ",
                                    "mean of fracture_hip "};

static void show(const struct statistic *s, int sex, int band)
{
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        if (strcmp(s->name, shown[i]) == 0 && band % 3 == 1 && s->seen[ORACLE].n > 0)
            print_message("%-5s of %d: %-45s engine %9.4f oracle %9.4f\n",
                          sex == SNW_FEMALE ? "women" : "men", 20 + 10 * band, s->name,
                          s->seen[ENGINE].sum / s->seen[ENGINE].n,
                          s->seen[ORACLE].sum / s->seen[ORACLE].n);
}

static void the_engines_people_are_those_of_the_oracle(void **state)
{
    (void)state;
    struct world *w = world_new(NULL, PILOTS);
    struct snw_oracle_reference *reference = snw_alloc(sizeof *reference);
    double(*v)[PEOPLE][SNW_N_AGES] = malloc(sizeof(group_values));
    struct lives l;
    struct family f;
    assert_true(reference && v);
    agree_reference(&w->reference, &w->life, reference);
    lives_init(&l, w, NULL, PEOPLE);
    for (uint32_t g = 0; g < GROUPS; g++)
        for (int sex = 0; sex < SNW_N_SEXES; sex++) {
            uint32_t first = (2 * g + (uint32_t)sex) * PEOPLE;
            engine_group(&l, sex, first, v);
            leave_out_last_entry(v);
            tell_all(ENGINE, sex, v);
            oracle_group(w, reference, sex, first, v);
            leave_out_last_entry(v);
            tell_all(ORACLE, sex, v);
        }
    family_begin(&f, "engine and oracle", LEVEL);
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int band = 0; band < BANDS; band++)
            for (int k = 0; k < MOST_STATISTICS && statistics[sex][band][k].name[0]; k++) {
                show(&statistics[sex][band][k], sex, band);
                compare(&f, &statistics[sex][band][k], sex, band);
            }
    assert_true(f.n > 8000); /* no statistic fell out */
    lives_free(&l);
    free(v);
    snw_free(reference);
    world_free(w);
    family_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_engines_people_are_those_of_the_oracle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
