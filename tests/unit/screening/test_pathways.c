/* Pathways in a config: what is read, written back, and refused where it stands. */
#include "support/config_text.h"

#include <stdlib.h>

#define DRUG                                                                                       \
    "interventions:\n"                                                                             \
    "  - {name: drug, title: Drug, who: everyone, uptake: {value: 1, source: x}}\n"
#define HEAD                                                                                       \
    DRUG "screening:\n"                                                                            \
         "  - name: path\n"                                                                        \
         "    title: Path\n"                                                                       \
         "    who: female\n"
#define AGES "    ages: [{from: 50, to: 64, every_yr: 7}, {from: 65}]\n"
#define COMES "    attendance: {value: 0.5, low: 0.2, high: 0.8, source: \"assumption: half\"}\n"
#define COST "cost: {value: 10, low: 5, high: 20, price_year: 2019, source: x}"
#define BLOOD "      - {test: igfbp2, positive: measured.igfbp2_ng_ml > 400, occasions: 2, " COST
#define DXA "      - {name: scan, test: dxa, positive: measured.t_score_femoral_neck < -2, " COST
#define USED                                                                                       \
    "scenarios:\n"                                                                                 \
    "  - name: reference\n"                                                                        \
    "  - {name: screened, screening: [path]}\n"

static const char good[] =
    HEAD AGES COMES "    steps:\n" BLOOD ", then: scan}\n" DXA ", then: drug}\n" USED;

static void a_record_is_read_whole(void **state)
{
    (void)state;
    assert_int_equal(parse(good), SNW_OK);
    assert_int_equal(settings.screening.n, 1);
    const struct snw_pathway *p = settings.screening.list;
    const struct snw_scenario *scenario = &settings.scenarios.list[1];
    assert_string_equal(p->name, "path");
    assert_int_equal(p->n_ages, 2);
    assert_true(p->ages[1].from == 65 && p->ages[1].to == 65 && p->ages[1].every_yr == 1);
    assert_true(p->attendance.value == 0.5 && p->attendance.high == 0.8);
    assert_int_equal(p->n_steps, 2);
    assert_string_equal(p->step[0].name, "igfbp2");
    assert_true(p->step[0].test == SNW_TEST_igfbp2 && p->step[0].occasions == 2);
    assert_true(p->step[0].cost.low == 5 && p->step[0].price_year == 2019);
    assert_true(p->step[0].then.kind == SNW_ROUTE_STEP && p->step[0].then.to == 1);
    assert_true(p->step[0].otherwise.kind == SNW_ROUTE_NOWHERE);
    assert_string_equal(p->step[1].name, "scan");
    assert_true(p->step[1].then.kind == SNW_ROUTE_INTERVENTION && p->step[1].then.to == 0);
    assert_true(scenario->n_pathways == 1 && scenario->pathway[0] == 0);
    assert_true(scenario->n_interventions == 1 && scenario->n_named == 0);
    snw_settings_free(&settings);
}

static void ages_due_are_those_of_the_stretches(void **state)
{
    (void)state;
    assert_int_equal(parse(good), SNW_OK);
    for (int age = SNW_AGE_FIRST; age <= SNW_AGE_LAST; age++)
        assert_int_equal(snw_pathway_is_due(settings.screening.list, age),
                         age == 50 || age == 57 || age == 64 || age == 65);
    snw_settings_free(&settings);
}

static void what_is_written_reads_back_to_the_same(void **state)
{
    (void)state;
    char *once = written(good);
    assert_int_equal(parse(once), SNW_OK);
    assert_int_equal(settings.scenarios.list[1].n_named, 0);
    snw_settings_free(&settings);
    free(once);
    assert_reads_back(good);
}

/* The good text in which a part is replaced. */
static void refused(const char *part, const char *by, const char *words)
{
    assert_refused(good, part, by, words);
}

static void what_is_wrong_is_refused_where_it_stands(void **state)
{
    (void)state;
    refused("test: igfbp2", "test: igfbp", "unknown test; the nearest is igfbp2");
    refused("test: igfbp2, ", "", "path.steps[1]: has no `test`");
    refused("measured.igfbp2_ng_ml > 400", "measured.igfbp2_ng_ml", "neither true nor false");
    refused("measured.igfbp2_ng_ml > 400", "'measured.igfbp2_ng_ml > high'", "unknown name high");
    refused("measured.igfbp2_ng_ml > 400", "age > 60", "does not ask what the test igfbp2");
    refused("measured.igfbp2_ng_ml > 400", "measured.igfbp2_ng_ml > 400 and measured.grip_kg < 20",
            "asks for measured.grip_kg, which no test of the pathway shows");
    refused("measured.igfbp2_ng_ml > 400", "measured.igfbp2_ng_ml > 400 and true.grip_kg < 20",
            "which no programme knows");
    refused("measured.igfbp2_ng_ml > 400", "measured.igfbp2_ng_ml > 900000", "can never hold");
    refused(", then: scan", "", "a dead end: has no `then`");
    refused(", then: drug", ", then: igfbp2", "leads back, a cycle");
    refused(", then: scan", ", then: drug", "no step leads to scan");
    refused(", then: drug", ", then: nothing", "neither a step of this pathway nor");
    refused("name: scan", "name: igfbp2", "two steps are called igfbp2");
    refused("{from: 65}", "{from: 64}", "from = 64 overlaps 50 to 64");
    refused("{from: 65}", "{from: 98}", "from = 98 is above 97");
    refused("{from: 65}", "{from: 80, to: 70}", "to = 70 is below from = 80");
    refused("every_yr: 7", "every_yr: 0", "every_yr = 0 is below 1");
    refused("occasions: 2", "occasions: 0", "occasions = 0 is below 1");
    refused("low: 5", "low: 0", "drawn by their logarithm");
    refused(", price_year: 2019", "", "has no `price_year`");
    refused("high: 0.8", "high: 1.8", "attendance.high = 1.8 is above 1");
    refused("screening: [path]", "screening: [paths]", "the nearest is path");
    refused("screening: [path]", "screening: [path, path]", "path is there twice");
    refused("- name: reference", "- {name: reference, screening: [path]}",
            "current care, without screening");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_read_whole),
        cmocka_unit_test(ages_due_are_those_of_the_stretches),
        cmocka_unit_test(what_is_written_reads_back_to_the_same),
        cmocka_unit_test(what_is_wrong_is_refused_where_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
