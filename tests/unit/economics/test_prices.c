/* Money of other years: price years in units, both indices, and what is refused. */
#include "support/near.h"

#include <string.h>

#include "config/price_table.h"
#include "economics/prices.h"

static struct snw_ctx ctx;

static void read_index(const char *column, struct snw_price_index *index)
{
    snw_ctx_init(&ctx);
    assert_int_equal(snw_price_table_read(&ctx, "configs/tables/price_index.csv", column,
                                          SNW_PRICE_FIRST, SNW_PRICE_LAST, index->value),
                     SNW_OK);
}

static void a_unit_names_its_price_year(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        int year;
    } cases[] = {{"USD_2014", 2014}, {"USD_2021 year-1", 2021},
                 {"1", 0},           {"kg m-2", 0},
                 {"% year-1", 0},    {"USD", -1},
                 {"USD year-1", -1}, {"USD_14", -1},
                 {"USD_20145", -1},  {"USD_2014x", -1},
                 {"USD2014", -1},    {"USD_", -1},
                 {"USD_1776", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (snw_price_year(cases[i].unit) != cases[i].year)
            fail_msg("%s gives %d", cases[i].unit, snw_price_year(cases[i].unit));
}

/* PCE 97.12 in 2014, 82.13 in 2005, 103.51 in 2019; CPI-medical 435.31, 323.22, 498.4. */
static void costs_are_brought_to_one_year_by_either_index(void **state)
{
    (void)state;
    struct snw_price_index index;
    struct snw_prices prices;
    struct snw_params from, to;
    snw_params_default(&from);
    from.economics_hip_first_year_65[0] = 50000;
    from.economics_hip_first_year_under_65[0] = 20000;
    read_index("pce", &index);
    assert_int_equal(snw_prices_init(&ctx, &index, NULL, 2019, &prices), SNW_OK);
    snw_prices_apply(&prices, &from, &to);
    assert_near(to.economics_hip_first_year_65[0], 50000 * 103.51 / 97.12, 1e-6);
    assert_near(to.economics_hip_first_year_65[0], 53289.74, 0.01);
    assert_near(to.economics_hip_first_year_under_65[0], 25206.38, 0.01);
    read_index("cpi_medical", &index);
    assert_int_equal(snw_prices_init(&ctx, &index, NULL, 2019, &prices), SNW_OK);
    snw_prices_apply(&prices, &from, &to);
    assert_near(to.economics_hip_first_year_65[0], 57246.56, 0.01);
    assert_near(to.economics_hip_first_year_under_65[0], 30839.68, 0.01);
}

/* The same figures, the first of them in prices of 2005 by the table of another country. */
static void a_tables_price_year_takes_the_place_of_the_units(void **state)
{
    (void)state;
    struct snw_price_index index;
    struct snw_prices prices;
    int from[SNW_PARAM_COUNT] = {0};
    from[SNW_PARAM_economics_hip_first_year_65] = 2005;
    read_index("pce", &index);
    assert_int_equal(snw_prices_init(&ctx, &index, from, 2019, &prices), SNW_OK);
    assert_near(prices.factor[SNW_PARAM_economics_hip_first_year_65], 103.51 / 82.13, 1e-12);
    assert_near(prices.factor[SNW_PARAM_economics_nursing_home], 103.51 / 108.97, 1e-12);
    assert_near(prices.factor[SNW_PARAM_falls_frail], 1, 0);
}

/* Medical prices rose 1.911 times from 2000 to 2019, those of all consumption 1.402 times. */
static void the_two_indices_part_as_published(void **state)
{
    (void)state;
    struct snw_price_index index;
    double factor;
    read_index("cpi_medical", &index);
    assert_int_equal(snw_price_factor(&ctx, &index, "x", "USD_2000", 2019, &factor), SNW_OK);
    assert_near(factor, 1.911, 0.0005);
    read_index("pce", &index);
    assert_int_equal(snw_price_factor(&ctx, &index, "x", "USD_2000", 2019, &factor), SNW_OK);
    assert_near(factor, 1.402, 0.0005);
}

static void what_is_no_money_stays_as_it_is(void **state)
{
    (void)state;
    struct snw_price_index index;
    struct snw_prices prices;
    struct snw_params from, to;
    snw_params_default(&from);
    read_index("cpi_medical", &index);
    assert_int_equal(snw_prices_init(&ctx, &index, NULL, 2024, &prices), SNW_OK);
    snw_prices_apply(&prices, &from, &to);
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        int money = strstr(snw_param_table[id].unit, "USD") != NULL;
        size_t bytes = snw_param_table[id].length * sizeof(double);
        const double *was = snw_params_at_const(&from, (enum snw_param_id)id);
        int same = memcmp(was, snw_params_at_const(&to, (enum snw_param_id)id), bytes) == 0;
        assert_int_equal(same, !money);
    }
}

static void every_cost_says_its_price_year(void **state)
{
    (void)state;
    static const char *const shares[] = {"second_year_share", "later_years_factor",
                                         "health_care_sex", "background_floor"};
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        int borne = strcmp(info->section, "perspective") == 0 && strncmp(info->name, "medicare", 8);
        int is_share = strcmp(info->section, "economics") != 0 && !borne;
        for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
            is_share |= strcmp(info->name, shares[i]) == 0;
        if (is_share ? snw_price_year(info->unit) != 0 : snw_price_year(info->unit) <= 0)
            fail_msg("%s.%s has the unit %s", info->section, info->name, info->unit);
    }
}

static void money_without_a_price_year_is_refused(void **state)
{
    (void)state;
    struct snw_price_index index;
    double factor;
    read_index("pce", &index);
    assert_int_equal(snw_price_factor(&ctx, &index, "economics.cast", "USD year-1", 2019, &factor),
                     SNW_ERR_INTERNAL);
    assert_string_equal(ctx.messages[0], "economics.cast: its unit `USD year-1` has no price year, "
                                         "as USD_2014 has");
}

static void years_that_the_index_lacks_are_named(void **state)
{
    (void)state;
    struct snw_price_index index;
    struct snw_prices prices;
    double factor;
    read_index("pce", &index);
    assert_int_equal(snw_price_factor(&ctx, &index, "economics.cast", "USD_1998", 2019, &factor),
                     SNW_ERR_TABLE);
    assert_string_equal(ctx.messages[0],
                        "economics.cast is in prices of 1998, which the price index lacks");
    snw_ctx_init(&ctx);
    assert_int_equal(snw_prices_init(&ctx, &index, NULL, 1998, &prices), SNW_ERR_TABLE);
    assert_string_equal(ctx.messages[0],
                        "economics.price_year = 1998: the price index has 1999 to 2024");
    assert_int_equal(ctx.n_errors, 1);
    snw_ctx_init(&ctx);
    index.value[2014 - SNW_PRICE_FIRST] = 0;
    assert_int_equal(snw_prices_init(&ctx, &index, NULL, 2019, &prices), SNW_ERR_TABLE);
    assert_string_equal(ctx.messages[0], "economics.hip_first_year_65 is in prices of 2014, which "
                                         "the price index lacks");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_names_its_price_year),
        cmocka_unit_test(costs_are_brought_to_one_year_by_either_index),
        cmocka_unit_test(a_tables_price_year_takes_the_place_of_the_units),
        cmocka_unit_test(the_two_indices_part_as_published),
        cmocka_unit_test(what_is_no_money_stays_as_it_is),
        cmocka_unit_test(every_cost_says_its_price_year),
        cmocka_unit_test(money_without_a_price_year_is_refused),
        cmocka_unit_test(years_that_the_index_lacks_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
