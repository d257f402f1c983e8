/* Women and men apart: the best for each, equity, and two parameters at a time. */
#include "support/near.h"

#include <stdlib.h>
#include <string.h>

#include "decision/figures.h"

static struct snw_ctx ctx;
static char *names[] = {"none", "pill"};

/* Two draws; of four people three are women. Per person:

            women: cost  QALYs   men: cost  QALYs
     none            0     10           0     8
     pill, draw 1  100     12         300     9
     pill, draw 2  100     11         500     9       */
static double cost[2][4] = {{0, 0, 100, 100}, {0, 0, 300, 500}};
static double effect[2][4] = {{10, 10, 12, 11}, {8, 8, 9, 9}};

static void fill(struct snw_evidence *groups)
{
    for (size_t g = 0; g < SNW_GROUPS; g++)
        groups[g] =
            (struct snw_evidence){.money = {.unit = "USD_2019", .per_qaly = "USD_2019/QALY"},
                                  .strategies = {2, names},
                                  .n_strategies = 2,
                                  .persons = g == SNW_WOMEN ? 3 : 1,
                                  .sample = {2, 2, cost[g], effect[g]}};
}

static const struct snw_figure *find(const struct snw_figures *f, const char *statistic,
                                     const char *about, double threshold)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct snw_figure *one = &f->list[i];
        if (strcmp(one->statistic, statistic) == 0 && (!about || strcmp(one->about, about) == 0) &&
            one->strategy != names[0] && !(threshold > 0 && one->threshold != threshold))
            return one;
    }
    return NULL;
}

static void each_group_has_its_ratio_and_its_choice(void **state)
{
    (void)state;
    struct snw_evidence groups[SNW_GROUPS];
    struct snw_figures f = {.n = 0};
    const double threshold[] = {100};
    const struct snw_question q = {.threshold = threshold, .n_thresholds = 1};
    fill(groups);
    assert_int_equal(snw_conclude_groups(&ctx, groups, &q, &f), SNW_OK);
    assert_near(find(&f, "icer", "women", 0)->value, 100 / 1.5, 1e-9);
    assert_near(find(&f, "icer", "men", 0)->value, 400, 1e-9);
    /* at 100 a QALY the pill brings women 150 - 100 = 50 and men 100 - 400 = -300 */
    assert_near(find(&f, "nmb", "women", 100)->value, 1150 - 100, 1e-9);
    assert_string_equal(find(&f, "nmb", "women", 100)->note, "chosen: highest mean net benefit");
    assert_null(find(&f, "nmb", "men", 100)->note);
    assert_near(find(&f, "probability", "women", 100)->value, 0.5,
                1e-12); /* 100 and 0: the first */
    /* one for all: 3/4 x 50 - 1/4 x 300 < 0, none; for each: 3/4 x 50 */
    assert_near(find(&f, "value_of_choosing_by_group", NULL, 100)->value, 37.5, 1e-9);
    snw_figures_free(&f);
}

static void weights_count_the_qalys_of_a_group_for_more(void **state)
{
    (void)state;
    struct snw_evidence groups[SNW_GROUPS];
    struct snw_figures f = {.n = 0};
    const double threshold[] = {100};
    const struct snw_equity equity = {{1, 3}, 0};
    const struct snw_question q = {.threshold = threshold, .n_thresholds = 1, .equity = &equity};
    fill(groups);
    assert_int_equal(snw_conclude_groups(&ctx, groups, &q, &f), SNW_OK);
    /* weights 1 and 3 over their mean of 1.5: 100 (3/4 x 1.5/1.5 + 1/4 x 3/1.5) - 3/4 x 100 -
       1/4 x 400 = 125 - 175 */
    const struct snw_figure *weighted = find(&f, "weighted_incremental_nmb", NULL, 100);
    assert_near(weighted->value, -50, 1e-9);
    /* draw 1: 3/4 (133.3 - 100) + 1/4 (200 - 300) = 0; draw 2: 3/4 (66.7 - 100) + 1/4 (200 - 500)
     */
    assert_near(weighted->se, 50, 1e-9);
    /* without aversion equivalent health is mean health: 3/4 x 1.5 + 1/4 - 1.75 of cost at 100 */
    assert_near(find(&f, "incremental_equivalent_health", NULL, 100)->value, 1.375 - 1.75, 1e-9);
    snw_figures_free(&f);
}

/* Half have 1 year, half 4. */
static void the_equally_distributed_equivalent_is_atkinsons(void **state)
{
    (void)state;
    const double share[] = {0.5, 0.5}, health[] = {1, 4};
    assert_near(snw_equally_distributed(2, share, health, 0), 2.5, 1e-12);
    assert_near(snw_equally_distributed(2, share, health, 0.5), 2.25, 1e-12); /* (1/2 + 2/2)^2 */
    assert_near(snw_equally_distributed(2, share, health, 1), 2, 1e-12);
    assert_near(snw_equally_distributed(2, share, health, 2), 1.6, 1e-12); /* 1/(1/2 + 1/8) */
    const double nobody[] = {0, 4};
    assert_true(isnan(snw_equally_distributed(2, share, nobody, 2)));
}

/* 25 x 40 draws, two parameters on a grid; net benefit at 100 a QALY is 50 + 20 a + 10 a b: the
   cells hold the means of a, b and their product. */
static void a_map_of_two_parameters_shows_how_they_act_together(void **state)
{
    (void)state;
    enum { A = 25, B = 40, N = A * B };
    double a[N], b[N], c[2 * N] = {0}, e[2 * N] = {0};
    for (size_t k = 0; k < N; k++) {
        a[k] = (double)(k / B) - 12;
        b[k] = ((double)(k % B) - 19.5) / 10;
        e[N + k] = (50 + 20 * a[k] + 10 * a[k] * b[k]) / 100;
    }
    struct snw_element element[] = {{.key = "x.a", .values = a}, {.key = "x.b", .values = b}};
    const struct snw_evidence evidence = {.money = {.unit = "USD_2019"},
                                          .strategies = {2, names},
                                          .n_strategies = 2,
                                          .sample = {2, N, c, e},
                                          .element = element,
                                          .n_elements = 2};
    static struct snw_pair pair = {.key = {"x.a", "x.b"}};
    const double threshold[] = {100};
    const struct snw_question q = {.threshold = threshold, .n_thresholds = 1, .pair = &pair};
    struct snw_figures f = {.n = 0};
    assert_int_equal(snw_conclude_pair(&ctx, &evidence, &q, &f), SNW_OK);
    assert_int_equal(f.n, SNW_PAIR_PARTS * SNW_PAIR_PARTS);
    for (size_t cell = 0; cell < f.n; cell++) {
        /* fifths of a: its quantiles .2, .4 .. fall between the grid's steps: -12 .. -8, -7 .. -3
         */
        double mean_a = -10 + 5.0 * (double)(cell / 5), mean_b = -1.6 + 0.8 * (double)(cell % 5);
        assert_near(f.list[cell].value, 50 + 20 * mean_a + 10 * mean_a * mean_b, 1e-6);
        assert_near(f.list[cell].se, 0, 1e-6);
    }
    assert_string_equal(f.list[0].about, "x.a x x.b");
    assert_non_null(strstr(f.list[0].note, ": 40 draws"));
    snw_figures_free(&f);
}

static void a_parameter_that_does_not_vary_is_named(void **state)
{
    (void)state;
    const struct snw_evidence evidence = {.n_elements = 0};
    const struct snw_element *element;
    assert_int_equal(snw_element_find(&ctx, &evidence, "falls.fail", &element), SNW_ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_group_has_its_ratio_and_its_choice),
        cmocka_unit_test(weights_count_the_qalys_of_a_group_for_more),
        cmocka_unit_test(the_equally_distributed_equivalent_is_atkinsons),
        cmocka_unit_test(a_map_of_two_parameters_shows_how_they_act_together),
        cmocka_unit_test(a_parameter_that_does_not_vary_is_named),
    };
    snw_ctx_init(&ctx);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
