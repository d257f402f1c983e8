/* Builds panels by hand. */
#define _POSIX_C_SOURCE 200809L
#include "people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct snw_panel panel;
struct snw_census census;
static struct snw_room room;
static size_t n_events;

static void *memory(size_t bytes)
{
    void *at = calloc(1, bytes);
    assert_non_null(at);
    return at;
}

void people(size_t n)
{
    forget_people();
    panel.n = n;
    panel.sex = memory(n);
    panel.person = memory(n * sizeof *panel.person);
    panel.from = memory(n * sizeof *panel.from);
    panel.to = memory(n * sizeof *panel.to);
    panel.fmp_age_yr = memory(n * sizeof *panel.fmp_age_yr);
    panel.death_age_yr = memory(n * sizeof *panel.death_age_yr);
    for (size_t i = 0; i < n; i++) {
        panel.person[i] = (uint32_t)i;
        panel.from[i] = SNW_AGE_FIRST;
        panel.to[i] = SNW_AGE_LAST;
        panel.fmp_age_yr[i] = panel.death_age_yr[i] = (double)NAN;
    }
}

void put(enum snw_measure m, size_t person, int age, double value)
{
    if (!panel.value[m]) {
        panel.value[m] = memory(panel.n * SNW_N_AGES * sizeof(float));
        for (size_t k = 0; k < panel.n * SNW_N_AGES; k++)
            panel.value[m][k] = NAN;
    }
    panel.value[m][person * SNW_N_AGES + (size_t)(age - SNW_AGE_FIRST)] = (float)value;
}

void put_all(enum snw_measure m, size_t person, double value)
{
    for (int age = panel.from[person]; age <= panel.to[person]; age++)
        put(m, person, age, value);
}

void dies(size_t person, double age_yr)
{
    panel.death_age_yr[person] = age_yr;
    panel.to[person] = (int16_t)age_yr;
}

void cell(enum snw_measure m, double mean, double sd, double n)
{
    double **arrays[] = {&panel.cells.mean[m], &panel.cells.sd[m], &panel.cells.n[m]};
    double values[] = {mean, sd, n};
    for (int k = 0; k < 3; k++) {
        if (!*arrays[k])
            *arrays[k] = memory(SNW_N_SEXES * SNW_N_AGES * sizeof(double));
        for (int i = 0; i < SNW_N_SEXES * SNW_N_AGES; i++)
            (*arrays[k])[i] = values[k];
    }
}

void event(size_t person, double age_yr, enum snw_site site)
{
    if (!panel.event) {
        panel.event = memory(64 * sizeof *panel.event);
        panel.event_first = memory((panel.n + 1) * sizeof *panel.event_first);
    }
    panel.event[n_events++] = (struct snw_panel_event){age_yr, SNW_EVENT_FRACTURE, (uint8_t)site};
    for (size_t i = person + 1; i <= panel.n; i++)
        panel.event_first[i] = n_events;
}

/* Takes the next field off a row. */
static const char *field(char **rest)
{
    char *at = *rest, *end = at + strcspn(at, ";");
    *rest = end + (*end == ';');
    *end = '\0';
    return at;
}

static void write_table(const char *path, const char *row)
{
    char text[1024], *rest = text;
    snprintf(text, sizeof text, "%s", row);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    const char *op = field(&rest), *measure = field(&rest), *with = field(&rest);
    const char *arguments = field(&rest), *sex = field(&rest), *ages = field(&rest);
    const char *selection = field(&rest), *weighting = field(&rest), *precision = field(&rest);
    int from = 0, to = 0;
    assert_int_equal(sscanf(ages, "%d-%d", &from, &to), 2);
    fprintf(file,
            "id,group,stage,what,operator,measure,with,arguments,sex,age_from,age_to,selection,"
            "weighting,year,instrument,precision,value,side,spread,low,high,sd,n,standard_error,"
            "unit,source,status,weight,fitted,conflict,note\n"
            "x,g,s,words,%s,%s,%s,%s,%s,%d,%d,%s,%s,,,%s,1,equal,none,,,,,,1,key,checked,1,no,,\n",
            op, measure, with, arguments, sex, from, to, selection,
            *weighting ? weighting : "lived", precision);
    assert_int_equal(fclose(file), 0);
}

struct snw_estimate take(const char *row)
{
    char path[] = "/tmp/test_people_XXXXXX";
    struct snw_ctx ctx;
    struct snw_targets targets;
    struct snw_estimate estimate;
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    write_table(path, row);
    snw_ctx_init(&ctx);
    snw_status status = snw_targets_read(&ctx, path, &targets);
    unlink(path);
    if (status != SNW_OK)
        fail_msg("%s: %s", row, ctx.messages[0]);
    assert_int_equal(snw_panel_complete(&ctx, &panel), SNW_OK);
    assert_int_equal(snw_target_evaluate(&ctx, &panel, &census, targets.list, &room, &estimate),
                     SNW_OK);
    snw_targets_free(&targets);
    return estimate;
}

double value_of(const char *row)
{
    struct snw_estimate estimate = take(row);
    if (estimate.reason[0])
        fail_msg("%s: %s", row, estimate.reason);
    return estimate.value;
}

void forget_people(void)
{
    snw_panel_free(&panel);
    snw_room_free(&room);
    census.n = 0;
    n_events = 0;
}
