/* Layers of a config: the files it extends, and overrides of the command line. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/settings.h"
#include "support/starting.h"

struct refusal {
    const char *text, *message;
};

static struct snw_ctx ctx;
static struct snw_settings settings;
static char folder[64];

static snw_status parse_with(const char *text, const char *const *sets, size_t n_sets)
{
    snw_ctx_init(&ctx);
    snw_status status =
        snw_config_parse(&ctx, "a.yaml", text, strlen(text), sets, n_sets, &settings);
    assert_int_equal(status, ctx.status);
    return status;
}

static double *parameter(struct snw_params *params, const char *section, const char *name)
{
    return snw_params_at(params, snw_param_find(section, name));
}

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/test_settings_XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    static const char *const files[] = {"a.yaml",       "b.yaml", "c.yaml", "sub/base.yaml",
                                        "sub/life.csv", "sub",    ""};
    char path[128];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        remove(path);
    }
    return 0;
}

static void put(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/sub", folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static snw_status load(const char *name, const char *const *sets, size_t n_sets)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snw_ctx_init(&ctx);
    return snw_config_load(&ctx, path, sets, n_sets, &settings);
}

/* The first message with the folder's name taken out. */
static void assert_message(size_t i, const char *expected)
{
    char text[SNW_MESSAGE_MAX] = "";
    size_t n = strlen(folder), m = 0;
    for (const char *c = ctx.messages[i]; *c; c++) {
        if (strncmp(c, folder, n) == 0 && c[n] == '/')
            c += n;
        else
            text[m++] = *c;
    }
    assert_string_equal(text, expected);
}

static void overrides_are_read_as_yaml(void **state)
{
    (void)state;
    static const char *const sets[] = {
        "population.persons=1e4", "output.measures=[falls, alive]", "parameters.falls.frail=1",
        "scenarios.strong.parameters.strength.grip_young=60", "title='a=b'"};
    assert_int_equal(
        parse_with("population: {persons: 5}\nscenarios: [{name: now}, {name: strong}]", sets,
                   sizeof sets / sizeof *sets),
        SNW_OK);
    assert_int_equal(settings.persons, 10000);
    assert_int_equal(settings.measures.n, 2);
    assert_true(parameter(&settings.params, "falls", "frail")[0] == 1);
    assert_true(parameter(&settings.scenarios.list[1].params, "strength", "grip_young")[0] == 60);
    assert_string_equal(settings.title, "a=b");
    snw_settings_free(&settings);
}

static void wrong_overrides_name_themselves(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"population.persons=0",
         "--set population.persons: population.persons = 0: nobody would be "
         "simulated; give at least 2 (100000 is usual)"},
        {"parameters.falls.frail=9", "--set parameters.falls.frail: falls.frail = 9 is above 3"},
        {"populaton.persons=5",
         "--set populaton.persons: unknown key populaton; the nearest is population"},
        {"seed", "--set: seed: expected key=value"},
        {"=5", "--set: =5: expected key=value"},
        {"a..b=5", "--set a..b: an empty part"},
        {"a.=5", "--set a.: an empty part"},
        {"seed=", "--set seed: is empty"},
        {"seed=[1", "--set seed: not YAML: did not find expected ',' or ']'"},
        {"seed.x=1", "--set seed.x: seed holds text, so nothing within it can be set"},
        {"scenarios.c.name=x", "--set scenarios.c.name: no item of the list has the name c"},
        {"scenarios.b={}",
         "--set scenarios.b: an item of a list cannot be replaced; set keys within it"},
        {"extends=b.yaml", "--set extends: only a file can extend another"},
        {"a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=1",
         "--set a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a: too many parts"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parse_with("seed: 1\nscenarios: [{name: b}]", &cases[i].text, 1),
                         SNW_ERR_CONFIG);
        assert_string_equal(ctx.messages[0], cases[i].message);
    }
}

static void a_file_extends_another_beside_it(void **state)
{
    (void)state;
    put("sub/base.yaml", "title: base\nseed: 7\npopulation: {persons: 50, life_table: life.csv}\n"
                         "output: {measures: [falls]}\n"
                         "scenarios:\n- name: now\n- name: strong\n"
                         "  parameters: {strength: {grip_young: 60, knee_young: 150}}\n");
    put("sub/life.csv", "year,sex,age,qx\n");
    put("a.yaml", "extends: sub/base.yaml\ntitle: mine\npopulation:\n  female_share: 0.25\n"
                  "output: {measures: [alive]}\n"
                  "scenarios:\n- name: strong\n  parameters: {strength: {grip_young: 70}}\n"
                  "- name: new\n");
    assert_int_equal(load("a.yaml", NULL, 0), SNW_OK);
    assert_string_equal(settings.title, "mine");
    assert_int_equal(settings.seed, 7);
    assert_int_equal(settings.persons, 50);
    assert_true(settings.female_share == 0.25);
    assert_int_equal(settings.measures.n, 1);
    assert_string_equal(settings.measures.name[0], "alive");
    assert_int_equal(settings.scenarios.n, 3);
    assert_string_equal(settings.scenarios.list[2].name, "new");
    assert_true(parameter(&settings.scenarios.list[1].params, "strength", "grip_young")[0] == 70);
    assert_true(parameter(&settings.scenarios.list[1].params, "strength", "knee_young")[0] == 150);
    assert_non_null(strstr(settings.life_table.found, "/sub/life.csv"));
    snw_settings_free(&settings);
}

static void an_empty_section_leaves_the_base_as_it_is(void **state)
{
    (void)state;
    put("b.yaml", "population: {persons: 50}\n");
    put("a.yaml", "extends: b.yaml\npopulation:\n");
    assert_int_equal(load("a.yaml", NULL, 0), SNW_OK);
    assert_int_equal(settings.persons, 50);
    snw_settings_free(&settings);
}

static void wrong_extends_are_refused(void **state)
{
    (void)state;
    put("a.yaml", "extends: b.yaml\n");
    put("b.yaml", "seed: 1\nextends: c.yaml\n");
    put("c.yaml", "extends: b.yaml\n");
    assert_int_equal(load("a.yaml", NULL, 0), SNW_ERR_CONFIG);
    assert_message(0, "c.yaml:1:10: extends goes in a circle: b.yaml -> c.yaml -> b.yaml");
    put("a.yaml", "extends: a.yaml\n");
    assert_int_equal(load("a.yaml", NULL, 0), SNW_ERR_CONFIG);
    assert_message(0, "a.yaml:1:10: extends goes in a circle: a.yaml -> a.yaml");
    put("a.yaml", "extends: none.yaml\n");
    assert_int_equal(load("a.yaml", NULL, 0), SNW_ERR_CONFIG);
    assert_message(0, "a.yaml:1:10: extends: none.yaml: No such file or directory");
    put("a.yaml", "extends: [b.yaml]\n");
    assert_int_equal(load("a.yaml", NULL, 0), SNW_ERR_CONFIG);
    assert_message(0, "a.yaml:1:10: extends: expected the path of a file, found a list");
    put("b.yaml", "parameters: {muscle: {sd_slope: [0.01, 0.02]}}\n");
    put("a.yaml", "extends: b.yaml\nparameters: {muscle: {sd_slope: {male: 0.01}}}\n");
    assert_int_equal(load("a.yaml", NULL, 0), SNW_ERR_CONFIG);
    assert_message(0, "a.yaml:2:23: sd_slope: a map cannot be laid over a list (b.yaml, line 1); "
                      "give it whole");
    put("b.yaml", "sed: 1\nseed: x\n");
    put("a.yaml", "extends: b.yaml\n");
    assert_int_equal(load("a.yaml", NULL, 0), SNW_ERR_CONFIG);
    assert_message(0, "b.yaml:1:1: unknown key sed; the nearest is seed");
    assert_message(1, "b.yaml:2:7: seed = x: expected a whole number, found text");
}

static void a_chain_of_extends_ends(void **state)
{
    (void)state;
    char name[128], text[32];
    for (int i = 0; i < 18; i++) {
        snprintf(name, sizeof name, "n%d", i);
        snprintf(text, sizeof text, "extends: n%d\n", i + 1);
        put(name, text);
    }
    assert_int_equal(load("n0", NULL, 0), SNW_ERR_CONFIG);
    assert_message(0, "n16:1:10: extends: more than 16 files deep");
    for (int i = 0; i < 18; i++) {
        snprintf(name, sizeof name, "%s/n%d", folder, i);
        remove(name);
    }
}

static void files_that_are_none_are_refused(void **state)
{
    (void)state;
    char path[128];
    assert_int_equal(load("none.yaml", NULL, 0), SNW_ERR_CONFIG);
    assert_message(0, "none.yaml: cannot be opened: No such file or directory");
    assert_int_equal(load("sub", NULL, 0), SNW_ERR_CONFIG);
    assert_message(0, "sub: is not a regular file");
    put("a.yaml", "seed: 1\n");
    snprintf(path, sizeof path, "%s/a.yaml", folder);
    assert_int_equal(truncate(path, (16 << 20) + 1), 0);
    assert_int_equal(load("a.yaml", NULL, 0), SNW_ERR_CONFIG);
    assert_message(0, "a.yaml: has 16777217 bytes, at most 16777216 (16 MiB) are read");
    put("a.yaml", "population: {life_table: none.csv}\n");
    assert_int_equal(load("a.yaml", NULL, 0), SNW_ERR_CONFIG);
    assert_message(0, "a.yaml:1:26: population.life_table = none.csv: no such file beside the "
                      "config or in configs/");
    put("a.yaml", "uncertainty: {posterior: sample.csv}\n");
    assert_int_equal(load("a.yaml", NULL, 0), SNW_ERR_CONFIG);
    assert_message(0, "a.yaml:1:26: uncertainty.posterior = sample.csv: no such file beside the "
                      "config or in configs/");
    put("a.yaml", "uncertainty: {posterior: none}\n");
    assert_int_equal(load("a.yaml", NULL, 0), SNW_OK);
    snw_settings_free(&settings);
}

/* So that starting.def is no second opinion. */
static void calibration_starts_from_the_values_that_tests_are_worked_with(void **state)
{
    (void)state;
    struct snw_params start;
    snw_params_start(&start);
    snw_ctx_init(&ctx);
    assert_int_equal(snw_config_load(&ctx, "configs/calibration.yaml", NULL, 0, &settings), SNW_OK);
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        for (size_t i = 0; i < snw_param_table[id].length; i++)
            if (snw_params_at(&settings.params, (enum snw_param_id)id)[i] !=
                snw_params_at(&start, (enum snw_param_id)id)[i])
                fail_msg("%s.%s, element %zu", snw_param_table[id].section,
                         snw_param_table[id].name, i);
    snw_settings_free(&settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overrides_are_read_as_yaml),
        cmocka_unit_test(wrong_overrides_name_themselves),
        cmocka_unit_test(a_file_extends_another_beside_it),
        cmocka_unit_test(an_empty_section_leaves_the_base_as_it_is),
        cmocka_unit_test(wrong_extends_are_refused),
        cmocka_unit_test(a_chain_of_extends_ends),
        cmocka_unit_test(files_that_are_none_are_refused),
        cmocka_unit_test(calibration_starts_from_the_values_that_tests_are_worked_with),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
