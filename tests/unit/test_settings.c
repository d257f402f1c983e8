/* Settings: defaults, refusals in words, parameters, scenarios, and the resolved config. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"

struct refusal {
    const char *text, *message;
};

static struct snw_ctx ctx;
static struct snw_settings settings;

static snw_status parse_with(const char *text, const char *const *sets, size_t n_sets)
{
    snw_ctx_init(&ctx);
    snw_status status =
        snw_config_parse(&ctx, "a.yaml", text, strlen(text), sets, n_sets, &settings);
    assert_int_equal(status, ctx.status);
    return status;
}

static void assert_good(const char *text)
{
    snw_status status = parse_with(text, NULL, 0);
    if (status != SNW_OK)
        print_message("%s\n", ctx.messages[0]);
    assert_int_equal(status, SNW_OK);
}

static void assert_refused(const struct refusal *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(parse_with(cases[i].text, NULL, 0), SNW_ERR_CONFIG);
        assert_string_equal(ctx.messages[0], cases[i].message);
        assert_int_equal(ctx.n_errors, 1);
        assert_null(settings.scenarios.list);
    }
}

static double *parameter(struct snw_params *params, const char *section, const char *name)
{
    return snw_params_at(params, snw_param_find(section, name));
}

static void an_empty_map_gives_the_defaults(void **state)
{
    (void)state;
    assert_good("{}");
    assert_string_equal(settings.title, "");
    assert_int_equal(settings.seed, 1);
    assert_int_equal(settings.mode, SNW_MODE_BIRTH_COHORT);
    assert_int_equal(settings.persons, 100000);
    assert_true(settings.female_share == 0.5);
    assert_string_equal(settings.life_table.text, "tables/us_life_table.csv");
    assert_string_equal(settings.life_table.found, "configs/tables/us_life_table.csv");
    assert_int_equal(settings.life_table_year, 2017);
    assert_int_equal(settings.year, 2019);
    assert_int_equal(settings.follow, SNW_WORD_NONE);
    assert_int_equal(settings.only_person, SNW_WORD_NONE);
    assert_int_equal(settings.replicates, 1);
    assert_int_equal(settings.sample.n, 0);
    assert_int_equal(settings.reference_persons, 200000);
    assert_true(settings.reference_smoothing);
    assert_false(settings.second_pass);
    assert_int_equal(settings.price_year, 2019);
    assert_int_equal(settings.price_index, SNW_INDEX_PCE);
    assert_string_equal(settings.price_table.found, "configs/tables/price_index.csv");
    assert_int_equal(settings.ledger, 0);
    assert_int_equal(settings.utility_norms, SNW_NORMS_POPULATION);
    assert_int_equal(settings.draws, 0);
    assert_true(settings.uncertain_sections.all);
    assert_int_equal(settings.luck, SNW_LUCK_INDEPENDENT);
    assert_string_equal(settings.posterior.found, "configs/calibration/posterior.csv");
    assert_int_equal(settings.trajectory_persons, SNW_WORD_NONE);
    assert_true(settings.trajectory_fields.all && settings.measures.all);
    assert_int_equal(settings.compression, SNW_COMPRESSION_IGZIP);
    assert_int_equal(settings.events, SNW_EVENTS_SAMPLE);
    assert_int_equal(settings.block_people, 1024);
    assert_int_equal(settings.unit_people, 4096);
    assert_true(settings.commit_seconds == 2);
    assert_int_equal(settings.commit_mib, 256);
    assert_int_equal(settings.scenarios.n, 1);
    assert_string_equal(settings.scenarios.list[0].name, "reference");
    assert_true(parameter(&settings.params, "strength", "grip_young")[1] == 51);
    assert_true(parameter(&settings.scenarios.list[0].params, "strength", "grip_young")[0] == 31);
    snw_settings_free(&settings);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    assert_good(
        "title: A title\nseed: 4294967295\n"
        "population: {mode: cross_section, persons: 1e5, follow: lifetime, year: 2010,\n"
        "  only_person: 7}\n"
        "output: {trajectories: {persons: all, fields: [asm_kg, falls], compression: none},\n"
        "  events: all, measures: [falls]}\n"
        "run: {block_people: 64, unit_people: 128, commit_seconds: 0.5}\n"
        "reference: {smoothing: false, second_pass: true}\n"
        "economics: {price_year: 2000, index: cpi_medical, ledger: frailty,\n"
        "  utility_norms: condition_free}\n");
    assert_string_equal(settings.title, "A title");
    assert_int_equal(settings.seed, 4294967295);
    assert_int_equal(settings.mode, SNW_MODE_CROSS_SECTION);
    assert_int_equal(settings.persons, 100000);
    assert_int_equal(settings.follow, SNW_WORD_LIFETIME);
    assert_int_equal(settings.year, 2010);
    assert_int_equal(settings.only_person, 7);
    assert_int_equal(settings.trajectory_persons, SNW_WORD_ALL);
    assert_int_equal(settings.trajectory_fields.n, 2);
    assert_false(settings.trajectory_fields.all);
    assert_string_equal(settings.trajectory_fields.name[1], "falls");
    assert_int_equal(settings.compression, SNW_COMPRESSION_NONE);
    assert_int_equal(settings.events, SNW_EVENTS_ALL);
    assert_int_equal(settings.block_people, 64);
    assert_false(settings.reference_smoothing);
    assert_true(settings.second_pass);
    assert_int_equal(settings.price_year, 2000);
    assert_int_equal(settings.price_index, SNW_INDEX_CPI_MEDICAL);
    assert_int_equal(settings.ledger, 2);
    assert_int_equal(settings.utility_norms, SNW_NORMS_CONDITION_FREE);
    snw_settings_free(&settings);
}

static void uncertainty_says_what_varies_and_with_which_luck(void **state)
{
    (void)state;
    assert_good("uncertainty: {draws: 200, sections: [falls, fractures], luck: shared,\n"
                "  posterior: tables/us_population.csv}\n");
    assert_int_equal(settings.draws, 200);
    assert_false(settings.uncertain_sections.all);
    assert_int_equal(settings.uncertain_sections.n, 2);
    assert_string_equal(settings.uncertain_sections.name[1], "fractures");
    assert_int_equal(settings.luck, SNW_LUCK_SHARED);
    assert_string_equal(settings.posterior.found, "configs/tables/us_population.csv");
    snw_settings_free(&settings);
    static const struct refusal cases[] = {
        {"uncertainty: {draws: -1}", "a.yaml:1:22: uncertainty.draws = -1 is below 0"},
        {"uncertainty: {draws: 2.5}",
         "a.yaml:1:22: uncertainty.draws = 2.5: expected a whole number"},
        {"uncertainty: {draws: 1e6}", "a.yaml:1:22: uncertainty.draws = 1e6 is above 100000"},
        {"uncertainty: {luck: sharde}",
         "a.yaml:1:21: uncertainty.luck = sharde: expected independent or shared; "
         "the nearest is shared"},
        {"uncertainty: {sections: [falls, fracture]}",
         "a.yaml:1:33: uncertainty.sections: fracture is no section of parameters; "
         "the nearest is fractures"},
        {"uncertainty: {sections: falls}",
         "a.yaml:1:25: uncertainty.sections = falls: expected a list of names, or all, "
         "found text"},
        {"uncertainty: {draw: 10}",
         "a.yaml:1:15: unknown key uncertainty.draw; the nearest is uncertainty.draws"},
    };
    assert_refused(cases, sizeof cases / sizeof *cases);
}

static void a_wrong_value_says_what_was_expected(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"[1]", "a.yaml:1:1: expected a map of settings, found a list"},
        {"word", "a.yaml:1:1: expected a map of settings, found text"},
        {"seed: 1.0abc", "a.yaml:1:7: seed = 1.0abc: expected a whole number, found text"},
        {"seed: nan", "a.yaml:1:7: seed = nan: expected a whole number, found text"},
        {"seed: 1_000", "a.yaml:1:7: seed = 1_000: expected a whole number, found text"},
        {"seed: 1.5", "a.yaml:1:7: seed = 1.5: expected a whole number"},
        {"seed: '5'", "a.yaml:1:7: seed = 5: expected a whole number, found text in quotes"},
        {"seed: [1]", "a.yaml:1:7: seed: expected a whole number, found a list"},
        {"seed:", "a.yaml:1:6: seed: expected a whole number, found nothing"},
        {"seed: -1", "a.yaml:1:7: seed = -1 is below 0"},
        {"seed: 4294967296", "a.yaml:1:7: seed = 4294967296 is above 4294967295"},
        {"seed: 1e99", "a.yaml:1:7: seed = 1e99 is above 4294967295"},
        {"title: [a]", "a.yaml:1:8: title: expected text, found a list"},
        {"title:", "a.yaml:1:7: title: expected text, found nothing"},
        {"economics: {price_year: 1066}",
         "a.yaml:1:25: economics.price_year = 1066 is below 1900 (year)"},
        {"economics: {price_year: soon}",
         "a.yaml:1:25: economics.price_year = soon: expected a whole number, found text"},
        {"economics: {index: pcx}",
         "a.yaml:1:20: economics.index = pcx: expected pce or cpi_medical; the nearest is pce"},
        {"economics: {ledger: all}",
         "a.yaml:1:21: economics.ledger = all: expected event, disability or frailty"},
        {"economics: {utility_norms: none}",
         "a.yaml:1:28: economics.utility_norms = none: expected population or condition_free"},
        {"economics: {hip: 5}", "a.yaml:1:13: unknown key economics.hip; the nearest is economics"},
        {"parameters: {economics: {injury: -1}}",
         "a.yaml:1:34: economics.injury = -1 is below 0 (USD_2015)"},
        {"population: 5", "a.yaml:1:13: population = 5: expected a map of settings, found text"},
        {"population: [5]", "a.yaml:1:13: population: expected a map of settings, found a list"},
        {"population: {female_share: 1.5}",
         "a.yaml:1:28: population.female_share = 1.5 is above 1"},
        {"population: {female_share: inf}",
         "a.yaml:1:28: population.female_share = inf: expected a number, found text"},
        {"population: {mode: birth_kohort}",
         "a.yaml:1:20: population.mode = birth_kohort: expected birth_cohort, cross_section, study "
         "or open; the nearest is birth_cohort"},
        {"population: {mode: {}}", "a.yaml:1:20: population.mode: expected birth_cohort, "
                                   "cross_section, study or open, found a map"},
        {"population: {year: 2015}",
         "a.yaml:1:20: population.year = 2015: expected 2000, 2010, 2019 or 2024"},
        {"population: {mode: cross_section, follow: always}",
         "a.yaml:1:43: population.follow = always: expected a whole number or none or lifetime, "
         "found text"},
        {"population: {mode: cross_section, follow: 100}",
         "a.yaml:1:43: population.follow = 100 is above 78 (year)"},
        {"population: {mode: cross_section, follow: 1.5}",
         "a.yaml:1:43: population.follow = 1.5: expected a whole number"},
        {"reference: {smoothing: yes}",
         "a.yaml:1:24: reference.smoothing = yes: expected true or false, found text"},
        {"output: {measures: falls}",
         "a.yaml:1:20: output.measures = falls: expected a list of names, or all, found text"},
        {"output: {measures: [falls, falls]}",
         "a.yaml:1:28: output.measures: falls is there twice"},
        {"output: {measures: [2x]}",
         "a.yaml:1:21: output.measures = 2x: expected a name (a letter, "
         "then letters, digits, _ or -, 64 at most)"},
        {"run: {commit_seconds: 0}", "a.yaml:1:23: run.commit_seconds = 0 is below 0.05 (s)"},
    };
    assert_refused(cases, sizeof cases / sizeof *cases);
}

static void unknown_keys_name_the_nearest_known_one(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"sed: 1", "a.yaml:1:1: unknown key sed; the nearest is seed"},
        {"population:\n  persns: 5", "a.yaml:2:3: unknown key population.persns; the nearest is "
                                     "population.persons"},
        {"populaton: {persons: 5}", "a.yaml:1:1: unknown key populaton; the nearest is population"},
        {"persons: 5", "a.yaml:1:1: unknown key persons; the nearest is population.persons"},
        {"muscle: {}", "a.yaml:1:1: unknown key muscle; the nearest is parameters.muscle"},
        {"zzzzzzzz: 5", "a.yaml:1:1: unknown key zzzzzzzz"},
        {"parameters: {musle: {}}", "a.yaml:1:14: unknown key musle; the nearest is muscle"},
        {"parameters: {falls: {frial: 1}}",
         "a.yaml:1:22: unknown key falls.frial; the nearest is falls.frail"},
        {"parameters: {strength: {grip_young: {femal: 30}}}",
         "a.yaml:1:38: unknown key strength.grip_young.femal; the nearest is female"},
        {"scenarios: [{nam: a, name: b}]", "a.yaml:1:14: unknown key nam; the nearest is name"},
        {"extends: b.yaml", "a.yaml:1:1: only a file can extend another"},
    };
    assert_refused(cases, sizeof cases / sizeof *cases);
}

static void wrong_sizes_of_the_population_say_what_to_do(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"population: {persons: 0}", "a.yaml:1:23: population.persons = 0: nobody would be "
                                     "simulated; give at least 2 (100000 is usual)"},
        {"population: {persons: 1}", "a.yaml:1:23: population.persons = 1: a population needs at "
                                     "least 2; to see one life, keep "
                                     "the population and set population.only_person"},
        {"population: {persons: 1e12}",
         "a.yaml:1:23: population.persons = 1e12 is above 2000000000, the last person id: give "
         "fewer persons, and raise population.replicates for more lives"},
        {"population: {persons: -3}", "a.yaml:1:23: population.persons = -3 is below 2"},
    };
    assert_refused(cases, sizeof cases / sizeof *cases);
}

static void settings_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"run: {block_people: 100}", "a.yaml:1:21: run.block_people = 100 is no multiple of 16"},
        {"run: {unit_people: 1000}",
         "a.yaml:1:20: run.unit_people = 1000 is no multiple of run.block_people = 1024"},
        {"run: {block_people: 96}",
         "a.yaml: run.unit_people = 4096 is no multiple of run.block_people = 96"},
        {"population: {mode: study}", "a.yaml:1:20: population.mode = study: needs "
                                      "population.sample, a list of {name, sex, age_from, age_to, "
                                      "n}"},
        {"population: {sample: [{name: a, sex: male, age_from: 20, age_to: 30, n: 5}]}",
         "a.yaml:1:22: population.sample: is used with population.mode: study only"},
        {"population: {follow: 5}", "a.yaml:1:22: population.follow: is used with "
                                    "population.mode: cross_section only"},
        {"population: {only_person: 100000}",
         "a.yaml:1:27: population.only_person = 100000: the persons are 0 to 99999"},
    };
    assert_refused(cases, sizeof cases / sizeof *cases);
}

static void all_errors_are_reported_at_once(void **state)
{
    (void)state;
    assert_int_equal(parse_with("sed: 1\npopulation:\n  persons: 0\nparameters:\n  falls:\n"
                                "    frail: 99\nseed: x\nseed: 2\n",
                                NULL, 0),
                     SNW_ERR_CONFIG);
    assert_int_equal(ctx.n_errors, 4);
    assert_string_equal(ctx.messages[0], "a.yaml:8:1: duplicate key seed, first at line 7");
    assert_string_equal(ctx.messages[1], "a.yaml:1:1: unknown key sed; the nearest is seed");
    assert_string_equal(ctx.messages[3], "a.yaml:6:12: falls.frail = 99 is above 3");
}

static void parameters_take_a_number_a_list_or_labels(void **state)
{
    (void)state;
    assert_good("parameters:\n"
                "  strength: {grip_young: 40, knee_young: [100, 200]}\n"
                "  muscle: {rate_women: {45: -0.5}}\n"
                "  disability: {ln_or: {female: {high: 1}, male: [0.25, 0.5]}}\n"
                "  bone: {per_muscle: [0, 1, 0, 0, 0, 0, 0, 0, 0, 0.5]}\n"
                "  falls: {frail: 1e-1}\n");
    assert_true(parameter(&settings.params, "strength", "grip_young")[0] == 40);
    assert_true(parameter(&settings.params, "strength", "grip_young")[1] == 40);
    assert_true(parameter(&settings.params, "strength", "knee_young")[1] == 200);
    assert_true(parameter(&settings.params, "muscle", "rate_women")[0] == 0.05);
    assert_true(parameter(&settings.params, "muscle", "rate_women")[1] == -0.5);
    const double *ln_or = parameter(&settings.params, "disability", "ln_or");
    assert_true(ln_or[0] == 0.3435897044 && ln_or[1] == 1 && ln_or[2] == 0.25 && ln_or[3] == 0.5);
    const double *kappa = parameter(&settings.params, "bone", "per_muscle");
    assert_true(kappa[1] == 1 && kappa[9] == 0.5 && kappa[11] == 1 && kappa[19] == 0.5);
    assert_true(parameter(&settings.params, "falls", "frail")[0] == 0.1);
    snw_settings_free(&settings);
}

static void a_wrong_parameter_names_place_value_bound_and_unit(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"parameters:\n  muscle:\n    sd_slope: 1.7\n",
         "a.yaml:3:15: muscle.sd_slope = 1.7 is above 0.02 (year-1)"},
        {"parameters: {muscle: {sd_slope: {male: -1}}}",
         "a.yaml:1:40: muscle.sd_slope.male = -1 is below 0 (year-1)"},
        {"parameters: {muscle: {sd_slope: [0.01, 2]}}",
         "a.yaml:1:40: muscle.sd_slope[1] = 2 is above 0.02 (year-1)"},
        {"parameters: {muscle: {sd_slope: [0.01]}}",
         "a.yaml:1:33: muscle.sd_slope: expected 2 values, found 1"},
        {"parameters: {disability: {ln_or: [1]}}",
         "a.yaml:1:34: disability.ln_or: expected 4 values (or 2, the same for each), found 1"},
        {"parameters: {muscle: {sd_slope: nan}}",
         "a.yaml:1:33: muscle.sd_slope = nan: expected a number, found text"},
        {"parameters: {falls: {frail: {x: 1}}}",
         "a.yaml:1:29: falls.frail: expected a number, found a map"},
        {"parameters: {falls: {frail: [1]}}",
         "a.yaml:1:29: falls.frail: expected a number, found a list"},
        {"parameters: {muscle: {rate_women: {46: 0}}}",
         "a.yaml:1:36: unknown key muscle.rate_women.46; the nearest is 45"},
        {"parameters: {falls: 5}",
         "a.yaml:1:21: falls = 5: expected a map of parameters, found text"},
        {"parameters: 5", "a.yaml:1:13: parameters = 5: expected a map of sections, found text"},
        {"parameters: {falls: {frail: 1e999}}", "a.yaml:1:29: falls.frail = 1e999 is above 3"},
    };
    assert_refused(cases, sizeof cases / sizeof *cases);
}

static void scenarios_differ_from_the_base_by_their_overrides(void **state)
{
    (void)state;
    assert_good("scenarios:\n- name: now\n- name: strong\n"
                "  parameters: {strength: {grip_young: {male: 60}}}\n"
                "parameters: {strength: {grip_young: 40}}\n");
    assert_int_equal(settings.scenarios.n, 2);
    assert_string_equal(settings.scenarios.list[1].name, "strong");
    assert_true(parameter(&settings.scenarios.list[0].params, "strength", "grip_young")[1] == 40);
    assert_true(parameter(&settings.scenarios.list[1].params, "strength", "grip_young")[0] == 40);
    assert_true(parameter(&settings.scenarios.list[1].params, "strength", "grip_young")[1] == 60);
    snw_settings_free(&settings);
}

/* What a scenario names it holds fast in every draw, even at the value of the base. */
static void overrides_are_laid_over_another_base(void **state)
{
    (void)state;
    static struct snw_params drawn, out;
    assert_good("scenarios:\n- name: now\n- name: b\n"
                "  parameters: {strength: {grip_young: {male: 51}}, disability: {ln_or: {female: "
                "{high: 0.5}}}}\n");
    snw_params_default(&drawn);
    double *grip = drawn.strength_grip_young, *odds = drawn.disability_ln_or;
    grip[0] = 29;
    grip[1] = 49;
    odds[0] = odds[1] = odds[2] = odds[3] = 2;
    snw_scenario_lay(&settings.scenarios.list[0], &drawn, &out);
    assert_memory_equal(&out, &drawn, sizeof out);
    snw_scenario_lay(&settings.scenarios.list[1], &drawn, &out);
    assert_true(out.strength_grip_young[0] == 29 && out.strength_grip_young[1] == 51);
    assert_true(out.disability_ln_or[0] == 2 && out.disability_ln_or[1] == 0.5);
    assert_true(out.disability_ln_or[2] == 2 && out.disability_ln_or[3] == 2);
    snw_scenario_lay(&settings.scenarios.list[1], &drawn, &drawn);
    assert_memory_equal(&out, &drawn, sizeof out);
    snw_settings_free(&settings);
}

static void wrong_scenarios_are_refused(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"scenarios: 5", "a.yaml:1:12: scenarios = 5: expected a list of maps, found text"},
        {"scenarios: [a]", "a.yaml:1:13: scenarios = a: expected a map in the list, found text"},
        {"scenarios: [{parameters: {}}]", "a.yaml:1:13: scenarios: an item without `name`"},
        {"scenarios: [{name: a}, {name: a}]",
         "a.yaml:1:31: scenarios.name = a: the name is taken, line 1"},
        {"scenarios: [{name: a b}]",
         "a.yaml:1:20: scenarios.name = a b: expected a name (a letter, "
         "then letters, digits, _ or -, 64 at most)"},
        {"scenarios: [{name: a, parameters: {falls: {frail: 1}}}]",
         "a.yaml:1:23: scenario a is the first, hence the reference, and changes nothing: put its "
         "parameters under `parameters:` at the top"},
        {"scenarios: [{name: a}, {name: b, parameters: {falls: {frail: 9}}}]",
         "a.yaml:1:62: falls.frail = 9 is above 3"},
    };
    assert_refused(cases, sizeof cases / sizeof *cases);
}

static void a_sample_lists_groups_of_one_sex(void **state)
{
    (void)state;
    assert_good("population:\n  mode: study\n  sample:\n"
                "  - {name: women, sex: female, age_from: 21, age_to: 97, n: 272}\n"
                "  - {name: men, sex: male, age_from: 20, age_to: 20, n: 317}\n");
    assert_int_equal(settings.sample.n, 2);
    assert_string_equal(settings.sample.group[1].name, "men");
    assert_int_equal(settings.sample.group[1].sex, SNW_MALE);
    assert_int_equal(settings.sample.group[0].age_from, 21);
    assert_int_equal(settings.sample.group[0].age_to, 97);
    assert_int_equal(settings.sample.group[0].n, 272);
    snw_settings_free(&settings);
}

#define STUDY(group) "population: {mode: study, sample: [" group "]}"

static void wrong_samples_are_refused(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {STUDY("{name: a, sex: women, age_from: 20, age_to: 30, n: 5}"),
         "a.yaml:1:51: sample.sex = women: expected female or male, found text"},
        {STUDY("{name: a, sex: male, age_from: 19, age_to: 30, n: 5}"),
         "a.yaml:1:67: sample.age_from = 19 is below 20 (year)"},
        {STUDY("{name: a, sex: male, age_from: 20, age_to: 98, n: 5}"),
         "a.yaml:1:79: sample.age_to = 98 is above 97 (year)"},
        {STUDY("{name: a, sex: male, age_from: 40, age_to: 30, n: 5}"),
         "a.yaml:1:79: sample.age_to = 30 is below age_from = 40"},
        {STUDY("{name: a, sex: male, age_from: 20, age_to: 30, n: 0}"),
         "a.yaml:1:86: sample.n = 0 is below 1"},
        {STUDY("{name: a, sex: male, age_from: 20, age_to: 30}"),
         "a.yaml:1:36: population.sample: an item without `n`"},
        {STUDY("{name: a, sex: male, age_from: 20, age_to: 30, n: 5, m: 1}"),
         "a.yaml:1:89: unknown key m; the nearest is n"},
        {STUDY("{name: a, sex: male, age_from: 20, age_to: 30, n: 2e9}, "
               "{name: b, sex: male, age_from: 20, age_to: 30, n: 1}"),
         "a.yaml:1:35: population.sample: 2000000001 people in all are more than 2000000000"},
    };
    assert_refused(cases, sizeof cases / sizeof *cases);
}

static void the_resolved_config_reads_back_to_the_same(void **state)
{
    (void)state;
    char *first = NULL, *second = NULL;
    assert_good("title: \"a \\\"b\\\" \\\\ \\n \\x85 \\u2028 \\ufeff \xc3\xbc\"\n"
                "population:\n  mode: study\n  sample:\n"
                "  - {name: 'no', sex: female, age_from: 21, age_to: 97, n: 272}\n"
                "output: {measures: [], trajectories: {persons: 12, fields: [y, asm_kg]}}\n"
                "run: {commit_seconds: 0.1}\n"
                "parameters: {falls: {frail: 0.30000000000000004}, muscle: {sd_slope: 1e-9}}\n"
                "scenarios:\n- name: now\n- name: b\n"
                "  parameters: {disability: {ln_or: {male: {high: 0.125}}}, falls: {frail: 1},\n"
                "    strength: {grip_young: {male: 51}}, muscle: {felt_lag: 0.3}}\n"
                "- name: same\n");
    assert_int_equal(snw_settings_text(&ctx, &settings, &first), SNW_OK);
    struct snw_settings old = settings;
    assert_good(first);
    assert_int_equal(snw_settings_text(&ctx, &settings, &second), SNW_OK);
    assert_string_equal(first, second);
    assert_string_equal(settings.title, old.title);
    assert_memory_equal(&settings.params, &old.params, sizeof old.params);
    assert_int_equal(settings.scenarios.n, 3);
    for (size_t i = 0; i < 3; i++)
        assert_memory_equal(&settings.scenarios.list[i].params, &old.scenarios.list[i].params,
                            sizeof old.params);
    for (size_t i = 0; i < 3; i++)
        assert_memory_equal(settings.scenarios.list[i].given, old.scenarios.list[i].given,
                            sizeof old.scenarios.list[i].given);
    size_t n_given = 0;
    for (size_t i = 0; i < SNW_PARAM_ELEMENTS; i++)
        n_given += settings.scenarios.list[1].given[i];
    assert_int_equal(n_given, 4);
    assert_string_equal(settings.sample.group[0].name, "no");
    assert_int_equal(settings.measures.n, 0);
    assert_false(settings.measures.all);
    snw_settings_free(&settings);
    snw_settings_free(&old);
    free(first);
    free(second);
}

static void the_reference_config_reads_back_to_the_defaults(void **state)
{
    (void)state;
    char *text = NULL, *plain = NULL, *again = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    snw_ctx_init(&ctx);
    assert_int_equal(snw_config_describe(&ctx, stream), SNW_OK);
    assert_int_equal(fclose(stream), 0);
    assert_non_null(strstr(text, "  # Share of women at the start of a birth cohort. 0 to 1.\n"
                                 "  female_share: 0.5\n"));
    assert_non_null(strstr(text, "[kg] 10 to 100. Source: dodds2014"));
    assert_good(text);
    assert_int_equal(snw_settings_text(&ctx, &settings, &again), SNW_OK);
    snw_settings_free(&settings);
    assert_good("{}");
    assert_int_equal(snw_settings_text(&ctx, &settings, &plain), SNW_OK);
    assert_string_equal(plain, again);
    snw_settings_free(&settings);
    free(text);
    free(plain);
    free(again);
}

static void every_row_of_the_table_can_be_written_and_read(void **state)
{
    (void)state;
    for (int id = 0; id < SNW_SETTING_COUNT; id++) {
        const struct snw_setting_info *info = &snw_setting_table[id];
        assert_true(strlen(info->key) < 60);
        assert_true(info->doc[strlen(info->doc) - 1] == '.');
        for (int other = 0; other < id; other++)
            assert_string_not_equal(info->key, snw_setting_table[other].key);
    }
}

static void the_baseline_is_a_good_config(void **state)
{
    (void)state;
    snw_ctx_init(&ctx);
    assert_int_equal(snw_config_load(&ctx, "configs/baseline.yaml", NULL, 0, &settings), SNW_OK);
    assert_int_equal(settings.persons, 100000);
    assert_int_equal(settings.trajectory_persons, 2000);
    assert_int_equal(settings.seed, 20121);
    assert_string_equal(settings.life_table.found, "configs/tables/us_life_table.csv");
    snw_settings_free(&settings);
    snw_settings_free(&settings);
    snw_settings_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_gives_the_defaults),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(uncertainty_says_what_varies_and_with_which_luck),
        cmocka_unit_test(a_wrong_value_says_what_was_expected),
        cmocka_unit_test(unknown_keys_name_the_nearest_known_one),
        cmocka_unit_test(wrong_sizes_of_the_population_say_what_to_do),
        cmocka_unit_test(settings_that_contradict_each_other_are_refused),
        cmocka_unit_test(all_errors_are_reported_at_once),
        cmocka_unit_test(parameters_take_a_number_a_list_or_labels),
        cmocka_unit_test(a_wrong_parameter_names_place_value_bound_and_unit),
        cmocka_unit_test(scenarios_differ_from_the_base_by_their_overrides),
        cmocka_unit_test(overrides_are_laid_over_another_base),
        cmocka_unit_test(wrong_scenarios_are_refused),
        cmocka_unit_test(a_sample_lists_groups_of_one_sex),
        cmocka_unit_test(wrong_samples_are_refused),
        cmocka_unit_test(the_resolved_config_reads_back_to_the_same),
        cmocka_unit_test(the_reference_config_reads_back_to_the_defaults),
        cmocka_unit_test(every_row_of_the_table_can_be_written_and_read),
        cmocka_unit_test(the_baseline_is_a_good_config),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
