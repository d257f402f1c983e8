/* Every figure's source is in the bibliography or owns to be an assumption. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"

enum { KEYS_MAX = 500, KEY_MAX = 64 };

static struct snw_settings library; /* all of configs/interventions and configs/screening */

/* Derivations from other rows of the table, without a reference of their own. */
static const char *const derivations[] = {
    "derived: total log SD .5", "derived: high-energy fractures depend little on density"};

static char keys[KEYS_MAX][KEY_MAX];
static size_t n_keys;
static char targets[1 << 20]; /* the table of published figures, which has sources too */

static char methods[1 << 16]; /* a header that names where its formulas are from */

static int read_text(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    size_t n = fread(text, 1, size, file);
    fclose(file);
    return n > 0 && n < size ? 0 : -1;
}

/* A scenario for each file of a folder of configs/, appended to a text. */
static void add_scenarios(char *text, size_t size, const char *folder)
{
    char files[64];
    glob_t found;
    snprintf(files, sizeof files, "configs/%s/*.yaml", folder);
    if (glob(files, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = strrchr(found.gl_pathv[i], '/') + 1;
        int n = (int)strcspn(name, ".");
        size_t at = strlen(text);
        snprintf(text + at, size - at, "  - {name: %s%zu, %s: [%.*s]}\n", folder, i, folder, n,
                 name);
    }
    globfree(&found);
}

static int read_library(void)
{
    static struct snw_ctx ctx;
    char text[1 << 14] = "scenarios:\n  - name: now\n";
    add_scenarios(text, sizeof text, "interventions");
    add_scenarios(text, sizeof text, "screening");
    snw_ctx_init(&ctx);
    return snw_config_parse(&ctx, "configs/all.yaml", text, strlen(text), NULL, 0, &library) ==
                   SNW_OK
               ? 0
               : -1;
}

enum { SOURCES = 6 + SNW_ADVERSE_MAX + SNW_N_CHANNELS };

/* The sources of an intervention, NULL where a figure is not given. @return how many. */
static size_t sources_of(const struct snw_intervention *t, const char *sources[])
{
    size_t n = 0;
    sources[n++] = t->uptake.source;
    sources[n++] = t->persistence.source;
    sources[n++] = t->cost.source;
    sources[n++] = t->monitoring.source;
    sources[n++] = t->restart.chance.source;
    sources[n++] = t->next.chance.source;
    for (size_t k = 0; k < t->n_adverse; k++)
        sources[n++] = t->adverse[k].source;
    for (int c = 0; c < SNW_N_CHANNELS; c++)
        sources[n++] = t->effect[c].figure.source;
    return n;
}

static int read_bibliography(void **state)
{
    (void)state;
    char line[4096];
    FILE *file = fopen("configs/references.bib", "r");
    if (!file)
        return -1;
    while (n_keys < KEYS_MAX && fgets(line, sizeof line, file))
        if (line[0] == '@' && sscanf(line, "@%*[a-z]{%63[^,],", keys[n_keys]) == 1)
            n_keys++;
    return fclose(file) == 0 && read_library() == 0 &&
                   read_text("configs/calibration/targets.csv", targets, sizeof targets) == 0
               ? read_text("src/sweep/indices.h", methods, sizeof methods)
               : -1;
}

static bool is_reference(const char *key, size_t length)
{
    for (size_t i = 0; i < n_keys; i++)
        if (strlen(keys[i]) == length && memcmp(keys[i], key, length) == 0)
            return true;
    return false;
}

static const char *without_prefix(const char *source)
{
    static const char *const prefixes[] = {"fit: ", "derived: ", "recalled: "};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(source, prefixes[i], strlen(prefixes[i])) == 0)
            return source + strlen(prefixes[i]);
    return source;
}

static bool is_known(const char *source)
{
    if (strncmp(source, "posterior: ", 11) == 0) /* of a prior about a value from that source */
        source += 11;
    if (strncmp(source, "assumption: ", 12) == 0)
        return source[12] != '\0';
    for (size_t i = 0; i < sizeof derivations / sizeof *derivations; i++)
        if (strcmp(source, derivations[i]) == 0)
            return true;
    for (const char *key = without_prefix(source);;) {
        size_t n = strcspn(key, ";"); /* `key, which figure of it` */
        if (strncmp(key, "assumption: ", 12) != 0 && !is_reference(key, strcspn(key, ",;")))
            return false;
        if (key[n] == '\0')
            return true;
        key += n + 1 + strspn(key + n + 1, " ");
    }
}

static void every_source_is_a_reference_or_an_assumption(void **state)
{
    (void)state;
    int unknown = 0;
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        if (is_known(info->source))
            continue;
        print_error("%s.%s: source `%s` is not in configs/references.bib\n", info->section,
                    info->name, info->source);
        unknown++;
    }
    assert_int_equal(unknown, 0);
}

static void every_figure_of_an_intervention_has_such_a_source(void **state)
{
    (void)state;
    int unknown = 0;
    assert_true(library.interventions.n >= 20);
    for (size_t i = 0; i < library.interventions.n; i++) {
        const char *sources[SOURCES];
        size_t n = sources_of(&library.interventions.list[i], sources);
        for (size_t k = 0; k < n; k++) {
            if (!sources[k] || is_known(sources[k]))
                continue;
            print_error("%s: source `%s` is not in configs/references.bib\n",
                        library.interventions.list[i].name, sources[k]);
            unknown++;
        }
    }
    assert_int_equal(unknown, 0);
}

static void every_figure_of_a_pathway_has_such_a_source(void **state)
{
    (void)state;
    int unknown = 0;
    assert_true(library.screening.n >= 5);
    for (size_t i = 0; i < library.screening.n; i++) {
        const struct snw_pathway *p = &library.screening.list[i];
        unknown += !is_known(p->attendance.source);
        for (size_t k = 0; k < p->n_steps; k++)
            unknown += !is_known(p->step[k].cost.source);
        if (unknown)
            print_error("%s: a source is not in configs/references.bib\n", p->name);
    }
    assert_int_equal(unknown, 0);
}

static bool used_by_interventions(const char *key)
{
    bool used = false;
    for (size_t i = 0; i < library.interventions.n; i++) {
        const char *sources[SOURCES];
        size_t n = sources_of(&library.interventions.list[i], sources);
        for (size_t k = 0; k < n; k++)
            used = used || (sources[k] && strstr(sources[k], key));
    }
    return used;
}

static void every_reference_is_used_once(void **state)
{
    (void)state;
    assert_true(n_keys > 40);
    for (size_t i = 0; i < n_keys; i++) {
        bool used = false;
        for (int id = 0; id < SNW_PARAM_COUNT; id++)
            used = used || strstr(snw_param_table[id].source, keys[i]);
        char field[KEY_MAX + 2];
        snprintf(field, sizeof field, ",%.*s,", KEY_MAX - 1, keys[i]);
        used = used || strstr(targets, field) || used_by_interventions(keys[i]) ||
               strstr(methods, keys[i]);
        if (!used)
            print_error("%s: no parameter, target, intervention or method has this source\n",
                        keys[i]);
        assert_true(used);
        for (size_t other = 0; other < i; other++)
            assert_string_not_equal(keys[i], keys[other]);
    }
}

static void a_source_that_is_unknown_is_found(void **state)
{
    (void)state;
    assert_false(is_known("nobody1999"));
    assert_false(is_known("fit: riggs2004; nobody1999"));
    assert_false(is_known("assumption: "));
    assert_false(is_known(""));
    assert_true(is_known("fit: riggs2004; khosla2006"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_source_is_a_reference_or_an_assumption),
        cmocka_unit_test(every_figure_of_an_intervention_has_such_a_source),
        cmocka_unit_test(every_figure_of_a_pathway_has_such_a_source),
        cmocka_unit_test(every_reference_is_used_once),
        cmocka_unit_test(a_source_that_is_unknown_is_found),
    };
    return cmocka_run_group_tests(tests, read_bibliography, NULL);
}
