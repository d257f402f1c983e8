/* The table of targets: what stands in ours, and every way in which one can be wrong. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calibration/targets.h"

#define HEADER                                                                                     \
    "id,group,stage,what,operator,measure,with,arguments,sex,age_from,age_to,selection,weighting," \
    "year,instrument,precision,value,side,spread,low,high,sd,n,standard_error,unit,source,"        \
    "status,weight,fitted,conflict,note\n"

static const char *const columns[] = {
#define SNW_COLUMN(name, doc) #name,
#include "calibration/columns.def"
#undef SNW_COLUMN
};

static char path[] = "/tmp/test_targets_XXXXXX";
static struct snw_ctx ctx;
static struct snw_targets targets;

static int make_file(void **state)
{
    (void)state;
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int drop_file(void **state)
{
    (void)state;
    return unlink(path);
}

static int drop(void **state)
{
    (void)state;
    snw_targets_free(&targets);
    return 0;
}

static snw_status read_text(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    snw_targets_free(&targets);
    snw_ctx_init(&ctx);
    return snw_targets_read(&ctx, path, &targets);
}

/* A good row with some of its columns changed: `column=value` one after the other, to NULL. */
static const char *row(const char *change, ...)
{
    static char text[8192];
    static const char *const good[SNW_N_COLUMNS] = {
        "A1",   "life",      "bone",    "words", "mean", "grip_kg", "", "",
        "both", "60",        "70",      "",      "even", "",        "", "",
        "30",   "equal",     "none",    "",      "",     "",        "", "",
        "kg",   "dodds2014", "checked", "1",     "no",   "",        ""};
    const char *now[SNW_N_COLUMNS];
    size_t n = (size_t)snprintf(text, sizeof text, "%s", HEADER);
    va_list list;
    memcpy(now, good, sizeof now);
    va_start(list, change);
    for (const char *c = change; c; c = va_arg(list, const char *)) {
        size_t length = strcspn(c, "="), k = 0;
        while (k < SNW_N_COLUMNS &&
               (strncmp(columns[k], c, length) != 0 || columns[k][length] != '\0'))
            k++;
        assert_true(k < SNW_N_COLUMNS);
        now[k] = c + length + 1;
    }
    va_end(list);
    for (int k = 0; k < SNW_N_COLUMNS; k++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", k ? "," : "", now[k]);
    snprintf(text + n, sizeof text - n, "\n");
    return text;
}

static void assert_refused(const char *text, const char *message)
{
    char expected[600];
    snprintf(expected, sizeof expected, "%s:%s", path, message);
    assert_int_equal(read_text(text), SNW_ERR_TABLE);
    assert_string_equal(ctx.messages[0], expected);
    if (ctx.n_errors != 1)
        fail_msg("also: %s", ctx.messages[1]);
}

static void a_row_is_read_as_it_stands(void **state)
{
    (void)state;
    assert_int_equal(
        read_text(row("operator=hazard_ratio", "measure=fracture_hip", "with=z.ln.grip_kg",
                      "arguments=years=3  strata=age per=-1", "sex=male",
                      "selection=frailty<2&residence=0", "weighting=2010", "year=2011",
                      "precision=0.08 0.1", "value=1e0", "spread=ci", "low=0.5", "high=2.5",
                      "status=recalled", "weight=0.25", "fitted=yes", NULL)),
        SNW_OK);
    assert_int_equal(targets.n, 1);
    const struct snw_target *t = targets.list;
    assert_int_equal(t->line, 2);
    assert_int_equal(t->op, SNW_OP_hazard_ratio);
    assert_int_equal(t->measure.of[0], SNW_M_fracture_hip);
    assert_true(t->with.z && t->with.ln && t->with.precision == 0.1);
    assert_true(t->measure.precision == 0.08);
    assert_true(t->argument[SNW_A_years] == 3 && t->argument[SNW_A_per] == -1);
    assert_true(t->argument[SNW_A_strata] == SNW_BY_AGE && t->argument[SNW_A_scale] == 1);
    assert_true(snw_given(t, SNW_A_years) && !snw_given(t, SNW_A_scale));
    assert_int_equal(t->selection.n, 2);
    assert_int_equal(t->sex, SNW_MALE);
    assert_int_equal(t->weighting, SNW_CENSUS);
    assert_int_equal(t->census, 2010);
    assert_int_equal(t->year, 2011);
    assert_true(t->value == 1 && t->low == 0.5 && t->high == 2.5);
    assert_int_equal(t->status, SNW_RECALLED);
    assert_true(t->fitted && t->weight == 0.25);
    assert_string_equal(t->text[SNW_T_what], "words");
    bool needed[SNW_N_MEASURES] = {false};
    snw_target_measures(t, needed);
    assert_true(needed[SNW_M_fracture_hip] && needed[SNW_M_grip_kg] && needed[SNW_M_frailty] &&
                needed[SNW_M_residence] && needed[SNW_M_person_years]);
    assert_false(needed[SNW_M_gait_m_s]);
}

static void words_that_are_wrong_name_the_nearest(void **state)
{
    (void)state;
    assert_refused(row("operator=meen", NULL),
                   "2: operator: unknown operator meen; the nearest is mean");
    assert_refused(row("measure=grip_kq", NULL),
                   "2: measure: unknown measure grip_kq; the nearest is grip_kg");
    assert_refused(row("selection=frailtie=2", NULL),
                   "2: selection: unknown measure frailtie; the nearest is frailty");
    assert_refused(row("arguments=skale=2", NULL),
                   "2: arguments: unknown argument skale; the nearest is scale");
    assert_refused(row("arguments=among=sex=1 compare=ration", NULL),
                   "2: arguments: unknown compare ration; the nearest is ratio");
    assert_refused(row("sex=females", NULL), "2: sex: unknown sex females; the nearest is female");
    assert_refused(row("sex=x", NULL), "2: sex: sex x is none of female|male|both");
    assert_refused(row("weighting=evan", NULL),
                   "2: weighting: unknown weighting evan; the nearest is even");
    assert_refused(row("side=equals", NULL), "2: side: unknown side equals; the nearest is equal");
    assert_refused(row("spread=cis", NULL), "2: spread: unknown spread cis; the nearest is ci");
    assert_refused(row("status=check", NULL),
                   "2: status: unknown status check; the nearest is checked");
    assert_refused(row("fitted=perhaps", NULL), "2: fitted: fitted perhaps is none of no|yes");
    assert_refused(row("conflict=A2", NULL), "2: conflict: unknown row A2; the nearest is A1");
}

static void numbers_are_read_whole(void **state)
{
    (void)state;
    assert_refused(row("value=30kg", NULL), "2: value: no number: 30kg");
    assert_refused(row("value=", NULL), "2: value: no number: ");
    assert_refused(row("value=nan", NULL), "2: value: no number: nan");
    assert_refused(row("age_from=60.5", NULL),
                   "2: age_from: 60.5 is no whole number from 20 to 97");
    assert_refused(row("age_to=120", NULL), "2: age_to: 120 is no whole number from 20 to 97");
    assert_refused(row("age_to=59", NULL), "2: age_to: 59 is before age_from");
    assert_refused(row("year=20", NULL), "2: year: 20 is no whole number from 1900 to 2100");
    assert_refused(row("weighting=20", NULL),
                   "2: weighting: 20 is no whole number from 1900 to 2100");
    assert_refused(row("precision=2", NULL), "2: precision: 2 is outside 0 to 1");
    assert_refused(row("precision=0.1 x", NULL), "2: precision: no number: x");
    assert_refused(row("weight=-1", NULL), "2: weight: -1 is outside 0 to 100");
    assert_refused(row("operator=change", "arguments=years=78", NULL),
                   "2: arguments: 78 is outside 1 to 77");
}

static void an_operator_says_what_it_needs_and_takes(void **state)
{
    (void)state;
    assert_refused(row("measure=", NULL), "2: measure: mean needs one");
    assert_refused(row("operator=life_expectancy", NULL), "2: measure: life_expectancy takes none");
    assert_refused(row("with=gait_m_s", NULL), "2: with: mean takes none");
    assert_refused(row("operator=correlation", NULL), "2: with: correlation needs one");
    assert_refused(row("arguments=years=9", NULL), "2: arguments: mean takes no years");
    assert_refused(row("operator=slope", "arguments=years=9", NULL),
                   "2: arguments: slope needs statistic");
    assert_refused(row("arguments=years", NULL), "2: arguments: name=value is wanted: years");
    assert_refused(row("arguments=scale=2 scale=3", NULL), "2: arguments: scale is given twice");
    assert_refused(row("arguments=among=sex=1", NULL),
                   "2: arguments: among and compare go together");
    assert_refused(row("arguments=against=sex=1", NULL),
                   "2: arguments: against is given without among");
    assert_refused(row("operator=rate_ratio", NULL),
                   "2: arguments: rate_ratio needs either `with` or among");
    assert_refused(row("operator=tracking", "arguments=years=9 statistic=sd", NULL),
                   "2: arguments: tracking has no such statistic");
    assert_refused(row("operator=slope", "arguments=years=9 statistic=r2", NULL),
                   "2: arguments: slope has no such statistic");
    assert_refused(row("operator=share", NULL),
                   "2: measure: no condition (one of = != < <= > >= is wanted): grip_kg");
    assert_refused(row("operator=none", "measure=", NULL),
                   "2: note: must say why the row has no operator");
}

static void a_spread_comes_with_its_numbers(void **state)
{
    (void)state;
    assert_refused(row("spread=ci", "low=20", NULL), "2: spread: ci needs low and high");
    assert_refused(row("spread=ci", "low=31", "high=32", NULL),
                   "2: low: low, value and high do not rise");
    assert_refused(row("spread=se", NULL), "2: spread: se needs standard_error");
    assert_refused(row("spread=sd", "sd=3", NULL), "2: spread: sd needs sd and n");
    assert_refused(row("spread=n", "n=30", NULL),
                   "2: spread: n needs n, and an operator that gives correlations or shares");
}

static void names_are_names_and_stand_once(void **state)
{
    (void)state;
    char twice[16384];
    assert_refused(row("id=1a", NULL),
                   "2: id: no name (a letter, then letters, digits, _ or -): 1a");
    assert_refused(row("stage=", NULL),
                   "2: stage: no name (a letter, then letters, digits, _ or -): ");
    assert_refused(row("source=Dodds 2014", NULL), "2: source: no key of a reference: Dodds 2014");
    assert_refused(row("what=", NULL), "2: what: is empty");
    const char *one = row(NULL);
    snprintf(twice, sizeof twice, "%s# a comment\n%s", one, one + strlen(HEADER));
    assert_refused(twice, "4: id: A1 stands in line 2 already");
}

static void columns_and_lines_are_complete(void **state)
{
    (void)state;
    char text[8192];
    assert_refused(HEADER "a,b\n", "2: 2 fields, the header has 31");
    assert_refused(HEADER "\"a,b\n", "2: quotes do not close, or more than 64 fields");
    snprintf(text, sizeof text, "%s", HEADER);
    memcpy(strstr(text, "status"), "statut", 6);
    assert_int_equal(read_text(text), SNW_ERR_TABLE);
    assert_int_equal(ctx.n_errors, 2);
    assert_non_null(strstr(ctx.messages[0], ":1: unknown column statut; the nearest is status"));
    assert_non_null(strstr(ctx.messages[1], ":1: no column status"));
    snprintf(text, sizeof text, "id,%s", HEADER);
    assert_refused(text, "1: column twice: id");
    assert_int_equal(read_text("# nothing\n"), SNW_ERR_TABLE);
    assert_non_null(strstr(ctx.messages[0], ": is empty"));
}

static void all_that_is_wrong_is_said_at_once(void **state)
{
    (void)state;
    assert_int_equal(read_text(row("operator=meen", "sex=x", "value=y", "id=1a", NULL)),
                     SNW_ERR_TABLE);
    assert_int_equal(ctx.n_errors, 4);
}

/* Keys of a bibliography: `@kind{key,`. */
static bool is_reference(const char *bibliography, const char *key)
{
    char wanted[96];
    snprintf(wanted, sizeof wanted, "{%s,\n", key);
    return strstr(bibliography, wanted) != NULL;
}

static void our_table_is_good_and_its_sources_are_known(void **state)
{
    (void)state;
    static char bibliography[1 << 18];
    FILE *file = fopen("configs/references.bib", "r");
    assert_non_null(file);
    size_t n = fread(bibliography, 1, sizeof bibliography - 1, file);
    fclose(file);
    assert_true(n > 10000 && n < sizeof bibliography - 1);
    snw_targets_free(&targets);
    snw_ctx_init(&ctx);
    snw_status status = snw_targets_read(&ctx, "configs/calibration/targets.csv", &targets);
    snw_ctx_print(&ctx, stderr);
    assert_int_equal(status, SNW_OK);
    assert_true(targets.n > 500);
    int unknown = 0;
    for (size_t i = 0; i < targets.n; i++)
        if (!is_reference(bibliography, targets.list[i].text[SNW_T_source])) {
            print_error("line %zu: source %s is not in configs/references.bib\n",
                        targets.list[i].line, targets.list[i].text[SNW_T_source]);
            unknown++;
        }
    assert_int_equal(unknown, 0);
}

static void every_operator_is_in_use(void **state)
{
    (void)state;
    int used[SNW_N_OPERATORS] = {0};
    snw_targets_free(&targets);
    snw_ctx_init(&ctx);
    assert_int_equal(snw_targets_read(&ctx, "configs/calibration/targets.csv", &targets), SNW_OK);
    for (size_t i = 0; i < targets.n; i++)
        used[targets.list[i].op]++;
    for (int op = 0; op < SNW_N_OPERATORS; op++) {
        if (!used[op])
            print_error("%s is used by no row\n", snw_operator_table[op].name);
        assert_true(used[op] > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_row_is_read_as_it_stands, drop),
        cmocka_unit_test_teardown(words_that_are_wrong_name_the_nearest, drop),
        cmocka_unit_test_teardown(numbers_are_read_whole, drop),
        cmocka_unit_test_teardown(an_operator_says_what_it_needs_and_takes, drop),
        cmocka_unit_test_teardown(a_spread_comes_with_its_numbers, drop),
        cmocka_unit_test_teardown(names_are_names_and_stand_once, drop),
        cmocka_unit_test_teardown(columns_and_lines_are_complete, drop),
        cmocka_unit_test_teardown(all_that_is_wrong_is_said_at_once, drop),
        cmocka_unit_test_teardown(our_table_is_good_and_its_sources_are_known, drop),
        cmocka_unit_test_teardown(every_operator_is_in_use, drop),
    };
    return cmocka_run_group_tests(tests, make_file, drop_file);
}
