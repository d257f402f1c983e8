/* People in memory are those of a result file. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calibration/panel_read.h"
#include "calibration/simulate.h"
#include "store/file.h"

enum { MOST = 600 };
static struct snw_settings settings;
static struct snw_targets targets;
static const struct snw_target *list[MOST];
static size_t n;
static struct snw_ctx ctx;
static char folder[] = "/tmp/snw_simulate_XXXXXX", result[64];

/* 600 lives, 1,000 people of each sex in the reference pass. */
static int begin(void **state)
{
    (void)state;
    static const char *const sets[] = {"population.persons=600", "reference.persons=1000",
                                       "output.trajectories.persons=600", "output.events=all"};
    const struct snw_ranks alone = {.rank = 0, .size = 1};
    snw_ctx_init(&ctx);
    snw_settings_init(&settings);
    assert_non_null(mkdtemp(folder));
    snprintf(result, sizeof result, "%s/results.h5", folder);
    const struct snw_run_options options = {.directory = folder, .command_line = "", .quiet = true};
    if (snw_store_init(&ctx) != SNW_OK ||
        snw_config_load(&ctx, "configs/baseline.yaml", sets, 4, &settings) != SNW_OK ||
        snw_targets_read(&ctx, "configs/calibration/targets.csv", &targets) != SNW_OK ||
        snw_run(&ctx, &alone, &settings, &options) != SNW_OK) {
        snw_ctx_print(&ctx, stderr);
        return 1;
    }
    for (size_t i = 0; i < targets.n && n < MOST; i++)
        if (targets.list[i].op != SNW_OP_none)
            list[n++] = &targets.list[i];
    return 0;
}

static int end(void **state)
{
    (void)state;
    unlink(result);
    rmdir(folder);
    snw_targets_free(&targets);
    snw_settings_free(&settings);
    return 0;
}

static int same(double x, double y)
{
    return x == y || (isnan(x) && isnan(y));
}

/* Without cells, which are of the file alone, every target has the same bits either way. */
static void an_evaluation_sees_what_a_file_would_hold(void **state)
{
    (void)state;
    static double value[MOST], error[MOST];
    struct snw_simulator s;
    struct snw_panel panel;
    struct snw_room room = {0};
    struct snw_estimate e;
    bool needed[SNW_N_MEASURES] = {false};
    size_t known = 0;
    assert_int_equal(snw_simulator_init(&ctx, &settings, 600, 1000, list, n, &s), SNW_OK);
    assert_int_equal(snw_simulate(&ctx, &s, &settings.params, 0, list, n, value, error), SNW_OK);
    for (size_t i = 0; i < n; i++)
        snw_target_measures(list[i], needed);
    assert_int_equal(snw_panel_read(&ctx, result, needed, &panel), SNW_OK);
    const struct snw_cells cells = panel.cells;
    panel.cells = (struct snw_cells){0};
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(snw_target_evaluate(&ctx, &panel, &s.census, list[i], &room, &e), SNW_OK);
        if (!same(e.value, value[i]) || !same(e.error, error[i]))
            fail_msg("%s: %.17g +- %g in the file, %.17g +- %g in memory", list[i]->text[SNW_T_id],
                     e.value, e.error, value[i], error[i]);
        known += isnan(value[i]) ? 0 : 1;
    }
    assert_true(known > 350); /* of 510; rare fractures have no rate in 600 lives */
    panel.cells = cells;
    snw_panel_free(&panel);
    snw_room_free(&room);
    snw_simulator_free(&s);
}

static void an_evaluation_depends_on_parameters_and_luck_alone(void **state)
{
    (void)state;
    static double first[MOST], again[MOST], other[MOST], error[MOST];
    struct snw_simulator s;
    struct snw_params taller = settings.params;
    taller.size_height_peak[0] += 1;
    assert_int_equal(snw_simulator_init(&ctx, &settings, 300, 1000, list, n, &s), SNW_OK);
    assert_int_equal(snw_simulate(&ctx, &s, &settings.params, 8, list, n, first, error), SNW_OK);
    assert_int_equal(snw_simulate(&ctx, &s, &taller, 8, list, n, other, error), SNW_OK);
    assert_int_equal(snw_simulate(&ctx, &s, &settings.params, 8, list, n, again, error), SNW_OK);
    for (size_t i = 0; i < n; i++) {
        assert_true(same(first[i], again[i]));
        if (strcmp(list[i]->text[SNW_T_id], "MI147") == 0) /* height of women of 40, in cm */
            assert_true(fabs(other[i] - first[i] - 1) < 0.02);
    }
    snw_simulator_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_evaluation_sees_what_a_file_would_hold),
        cmocka_unit_test(an_evaluation_depends_on_parameters_and_luck_alone),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
