/* Sexes and ages at which the books of the reference population do not balance. */
#include "support/near.h"

#include <string.h>

#include "experiment/accounting.h"

static struct snw_economy economy;
static struct snw_economy_reference reference;
static struct snw_accounting found;

/* Everywhere modelled costs of 6,000 leave the least background of 5,000: 1,000 too much of 11,000
   in all, or as much as the excess says. */
static void begin(void)
{
    memset(&economy, 0, sizeof economy);
    memset(&reference, 0, sizeof reference);
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++) {
            economy.year[sex][i].norm = 0.8;
            economy.year[sex][i].utility_factor = 1.25;
            for (int l = 0; l < SNW_N_LEDGERS; l++) {
                reference.year[sex][i].modelled[l] = 6000;
                reference.year[sex][i].background[l] = 5000;
            }
        }
}

static void set_excess(enum snw_sex sex, int from, int to, double usd)
{
    for (int age = from; age <= to; age++)
        reference.year[sex][age - SNW_AGE_FIRST].excess[SNW_LEDGER_EVENT] = usd;
}

static void books_that_balance_need_no_words(void **state)
{
    (void)state;
    begin();
    set_excess(SNW_FEMALE, 20, 97, 219.9); /* 2 % of 11,000 is 220 */
    snw_accounting_check(&economy, &reference, &found);
    for (int l = 0; l < SNW_N_LEDGERS; l++)
        assert_string_equal(found.excess[l], "");
    assert_string_equal(found.capped, "");
}

static void an_excess_over_two_per_cent_is_named_by_sex_and_ages(void **state)
{
    (void)state;
    begin();
    set_excess(SNW_FEMALE, 20, 20, 220.1);
    set_excess(SNW_FEMALE, 95, 97, 1000);
    set_excess(SNW_MALE, 88, 89, 1000);
    snw_accounting_check(&economy, &reference, &found);
    assert_string_equal(found.excess[SNW_LEDGER_EVENT],
                        "female 20, female 95 to 97, male 88 to 89");
    assert_string_equal(found.excess[SNW_LEDGER_FRAILTY], "");
}

static void a_utility_above_one_is_named(void **state)
{
    (void)state;
    begin();
    economy.year[SNW_MALE][97 - SNW_AGE_FIRST].utility_factor = 1.2501;
    snw_accounting_check(&economy, &reference, &found);
    assert_string_equal(found.capped, "male 97");
}

static void a_long_list_is_cut_to_its_room(void **state)
{
    (void)state;
    begin();
    for (int age = 20; age <= 97; age += 2)
        set_excess(SNW_FEMALE, age, age, 1000);
    snw_accounting_check(&economy, &reference, &found);
    assert_int_equal(strlen(found.excess[SNW_LEDGER_EVENT]), SNW_AGES_TEXT - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(books_that_balance_need_no_words),
        cmocka_unit_test(an_excess_over_two_per_cent_is_named_by_sex_and_ages),
        cmocka_unit_test(a_utility_above_one_is_named),
        cmocka_unit_test(a_long_list_is_cut_to_its_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
