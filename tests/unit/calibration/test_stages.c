/* The table of stages: what is fitted to what, and what is wrong with it. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calibration/stages.h"

static struct snw_targets targets;
static struct snw_stages stages;
static struct snw_ctx ctx;

static const char published[] =
    "id,group,stage,what,operator,measure,with,arguments,sex,age_from,age_to,selection,weighting,"
    "year,instrument,precision,value,side,spread,low,high,sd,n,standard_error,unit,source,status,"
    "weight,fitted,conflict,note\n"
    "G1,level,strength,grip,mean,grip_kg,,,male,30,39,,even,,,,50,equal,none,,,,,,kg,a,checked,1,"
    "no,,\n"
    "G2,level,strength,grip,mean,grip_kg,,,female,30,39,,even,,,,30,equal,none,,,,,,kg,a,checked,"
    "0.5,no,,\n"
    "V1,level,gait,gait,mean,gait_m_s,,,female,30,39,,even,,,,1.3,equal,none,,,,,,m/"
    "s,a,checked,1,no,,\n";

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Reads rows below the header. */
static snw_status read_rows(const char *rows)
{
    char path[] = "/tmp/snw_stages_XXXXXX", text[4096];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    snprintf(text, sizeof text, "stage,kind,name,value,reason\n%s", rows);
    write_file(path, text);
    snw_stages_free(&stages);
    snw_ctx_init(&ctx);
    snw_status status = snw_stages_read(&ctx, path, &targets, &stages);
    unlink(path);
    return status;
}

static int load(void **state)
{
    (void)state;
    char path[] = "/tmp/snw_targets_XXXXXX";
    int fd = mkstemp(path);
    close(fd);
    write_file(path, published);
    snw_ctx_init(&ctx);
    snw_status status = snw_targets_read(&ctx, path, &targets);
    snw_ctx_print(&ctx, stderr);
    unlink(path);
    return status != SNW_OK;
}

static int unload(void **state)
{
    (void)state;
    snw_stages_free(&stages);
    snw_targets_free(&targets);
    return 0;
}

static void stages_stand_in_their_order_with_their_parameters_and_targets(void **state)
{
    (void)state;
    assert_int_equal(
        read_rows("all,run,design,77,\n"
                  "strong,parameter,strength.grip_young.female,,\n"
                  "strong,parameter,strength.decline,,\n"
                  "strong,targets,strength,,\n"
                  "fast,run,design,5,\n"
                  "fast,parameter,strength.gait_median_women strength.gait_median_men,,\n"
                  "fast,targets,V1,,\n"
                  "strong,weight,G1,0,\"another, better one counts\"\n"),
        SNW_OK);
    assert_int_equal(stages.n, 2);
    assert_string_equal(stages.list[0].name, "strong");
    assert_int_equal(stages.list[0].n, 2);
    assert_int_equal(stages.list[0].n_targets, 2);
    assert_int_equal(stages.list[1].first, 2);
    assert_int_equal(stages.list[1].target[0], 2);
    assert_int_equal(stages.parameter[0].n, 1);  /* one element */
    assert_int_equal(stages.parameter[1].n, 2);  /* both sexes move as one */
    assert_int_equal(stages.parameter[2].n, 16); /* two curves of eight knots */
    assert_true(stages.weight[0] == 0 && stages.weight[1] == 0.5);
    assert_true(stages.list[0].run[SNW_RUN_design] == 77);
    assert_true(stages.list[1].run[SNW_RUN_design] == 5);
}

static void the_id_of_a_target_goes_before_its_stage(void **state)
{
    (void)state;
    assert_int_equal(read_rows("one,parameter,strength.grip_young.male,,\n"
                               "one,targets,G2,,\n"
                               "two,parameter,strength.grip_young.female,,\n"
                               "two,targets,strength,,\n"),
                     SNW_OK);
    assert_int_equal(stages.list[0].target[0], 1);
    assert_int_equal(stages.list[1].n_targets, 1);
    assert_int_equal(stages.list[1].target[0], 0);
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *said;
    } wrong[] = {
        {"a,parameter,strength.grip_yung,,\n", ":2: no element of a parameter: strength.grip_yung"},
        {"a,parameter,size.bmi_phi,,\n", ":2: does not vary: size.bmi_phi"},
        {"a,parameter,muscle.phi,,\na,parameter,muscle.phi.male,,\n",
         ":3: fitted twice: muscle.phi.male"},
        {"a,targets,balance,,\n", ":2: no target has that id or stage: balance"},
        {"a,weight,G1,-1,\n", ":2: no number, or out of bounds: -1"},
        {"a,weight,G9,1,\n", ":2: no target has that id: G9"},
        {"a,run,people,10,\n", ":2: no number of runs has that name: people"},
        {"a,run,persons,10,\n", ":2: no number, or out of bounds: 10"},
        {"a,sort,muscle.phi,,\n", ":2: a kind is parameter, targets, weight or run, not sort"},
        {"all,targets,strength,,\n", "the stage all has numbers of runs only"},
        {"a,parameter,muscle.phi,,\nb,parameter,bone.phi,,\na,parameter,muscle.sd_base,,\n",
         ":4: parameters of a stage must stand together"},
        {"a,parameter,muscle.phi,,\n", "a stage has no parameter or no target: a"},
        {"a,parameter\n", ":2: five columns are wanted"},
        {"", "no stage"},
    };
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        assert_int_equal(read_rows(wrong[k].rows), SNW_ERR_TABLE);
        if (!strstr(ctx.messages[0], wrong[k].said))
            fail_msg("%s\nis not in: %s", wrong[k].said, ctx.messages[0]);
    }
}

/* FNV-1a by hand: the offset basis for "", and for one byte (basis ^ byte) x prime. */
static void a_fifth_of_all_ids_is_left_out(void **state)
{
    (void)state;
    uint64_t a = (0xcbf29ce484222325u ^ 'a') * 0x100000001b3u;
    assert_int_equal(snw_target_held_out(""), 0xcbf29ce484222325u % 5 == 0);
    assert_int_equal(snw_target_held_out("a"), a % 5 == 0);
    int out = 0;
    for (int k = 0; k < 5000; k++) {
        char id[16];
        snprintf(id, sizeof id, "MI%d", k);
        out += snw_target_held_out(id);
    }
    /* binomial, SD 28: four of them */
    assert_in_range(out, 1000 - 113, 1000 + 113);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_stand_in_their_order_with_their_parameters_and_targets),
        cmocka_unit_test(the_id_of_a_target_goes_before_its_stage),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line),
        cmocka_unit_test(a_fifth_of_all_ids_is_left_out),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
