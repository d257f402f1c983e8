/* Trajectories, events and summaries of a result file as a panel. */
#include "calibration/panel_read.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/read.h"

enum { N_CELLS = SNW_N_SEXES * SNW_N_AGES };

struct reader {
    struct snw_ctx *ctx;
    struct snw_file file;
    struct snw_panel *panel;
    size_t n; /* people in the file */
};

static snw_status no_memory(struct reader *r)
{
    return snw_fail(r->ctx, SNW_ERR_MEMORY, "no memory to read %s", r->file.path);
}

/* Reads a dataset whole. @param[out] n  its values; @param[out] values  released with free(). */
static snw_status read_all(struct reader *r, const char *dataset, size_t *n, double **values)
{
    snw_status status = SNW_OK;
    struct snw_shape shape;
    *values = NULL;
    SNW_TRY(snw_shape_read(&r->file, dataset, &shape, r->ctx));
    *n = shape.n_values;
    *values = malloc((*n + 1) * sizeof **values);
    if (!*values)
        return no_memory(r);
    SNW_TRY(snw_doubles_read(&r->file, dataset, *values, *n, r->ctx));
out:
    return status;
}

/* The same of a dataset with at least so many values, which may be absent: *values is then NULL. */
static snw_status read_if_there(struct reader *r, const char *dataset, size_t at_least,
                                double **values)
{
    snw_status status = SNW_OK;
    size_t n = 0;
    *values = NULL;
    if (!snw_object_exists(&r->file, dataset))
        return SNW_OK;
    SNW_TRY(read_all(r, dataset, &n, values));
    if (n < at_least)
        status = snw_fail(r->ctx, SNW_ERR_FORMAT, "%s: %s has %zu values, not %zu", r->file.path,
                          dataset, n, at_least);
out:
    return status;
}

/* Lives of the first scenario, unpacked. */
static snw_status read_measure(struct reader *r, int m)
{
    snw_status status = SNW_OK;
    const struct snw_measure_info *info = &snw_measure_table[m];
    double *q = NULL;
    char name[96];
    size_t n = r->n * SNW_N_AGES;
    snprintf(name, sizeof name, "trajectories/%s", info->name);
    SNW_TRY(read_if_there(r, name, n, &q));
    if (!q)
        return SNW_OK;
    float *value = malloc((n + 1) * sizeof *value);
    if (!value) {
        status = no_memory(r);
        goto out;
    }
    for (size_t k = 0; k < n; k++)
        value[k] = q[k] == SNW_FILL ? NAN : (float)(info->offset + info->scale * q[k]);
    r->panel->value[m] = value;
out:
    free(q);
    return status;
}

static snw_status read_people(struct reader *r)
{
    snw_status status = SNW_OK;
    struct snw_panel *p = r->panel;
    double *sex = NULL, *person = NULL;
    SNW_TRY(read_if_there(r, "trajectories/sex", r->n, &sex));
    SNW_TRY(read_if_there(r, "trajectories/person_id", r->n, &person));
    SNW_TRY(read_if_there(r, "trajectories/age_at_fmp", r->n, &p->fmp_age_yr));
    SNW_TRY(read_if_there(r, "trajectories/age_at_death", r->n, &p->death_age_yr));
    if (!sex || !person || !p->fmp_age_yr || !p->death_age_yr) {
        status = snw_fail(r->ctx, SNW_ERR_FORMAT, "%s: trajectories without who they are of",
                          r->file.path);
        goto out;
    }
    p->sex = malloc(r->n + 1);
    p->person = malloc((r->n + 1) * sizeof *p->person);
    p->from = malloc((r->n + 1) * sizeof *p->from);
    p->to = malloc((r->n + 1) * sizeof *p->to);
    if (!p->sex || !p->person || !p->from || !p->to) {
        status = no_memory(r);
        goto out;
    }
    for (size_t i = 0; i < r->n; i++) {
        p->sex[i] = sex[i] > 0.5;
        p->person[i] = (uint32_t)person[i];
    }
    p->n = r->n;
    snw_panel_spans(p);
out:
    free(sex);
    free(person);
    return status;
}

struct place_of_person {
    double person, replicate;
    size_t row;
};

static int by_person(const void *a, const void *b)
{
    const struct place_of_person *x = a, *y = b;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->replicate > y->replicate) - (x->replicate < y->replicate);
}

struct columns {
    size_t n;
    double *scenario, *draw, *person, *replicate, *age_yr, *kind, *site;
};

static snw_status read_columns(struct reader *r, struct columns *c)
{
    snw_status status = SNW_OK;
    const struct {
        const char *name;
        double **values;
    } all[] = {{"scenario", &c->scenario}, {"draw", &c->draw},
               {"person", &c->person},     {"replicate", &c->replicate},
               {"age_yr", &c->age_yr},     {"kind", &c->kind},
               {"site", &c->site}};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
        char name[64];
        size_t n = 0;
        snprintf(name, sizeof name, "events/%s", all[k].name);
        SNW_TRY(read_all(r, name, &n, all[k].values));
        if (k > 0 && n != c->n)
            return snw_fail(r->ctx, SNW_ERR_FORMAT, "%s: events of unequal length", r->file.path);
        c->n = n;
    }
out:
    return status;
}

static void columns_free(struct columns *c)
{
    free(c->scenario);
    free(c->draw);
    free(c->person);
    free(c->replicate);
    free(c->age_yr);
    free(c->kind);
    free(c->site);
}

/* The row of the person of an event, r->n where his or her life was not kept. */
static size_t row_of(const struct place_of_person *places, size_t n, double person,
                     double replicate)
{
    struct place_of_person wanted = {person, replicate, 0}, *found;
    found = bsearch(&wanted, places, n, sizeof *places, by_person);
    return found ? found->row : n;
}

/* Events of each person in a row, in order of age; they stand so in the file within a person. */
static snw_status sort_events(struct reader *r, const struct columns *c,
                              const struct place_of_person *places)
{
    struct snw_panel *p = r->panel;
    size_t *row = malloc((c->n + 1) * sizeof *row);
    p->event_first = calloc(r->n + 2, sizeof *p->event_first);
    p->event = malloc((c->n + 1) * sizeof *p->event);
    if (!row || !p->event_first || !p->event) {
        free(row);
        return no_memory(r);
    }
    for (size_t k = 0; k < c->n; k++) {
        bool first = c->scenario[k] == 0 && c->draw[k] == 0;
        row[k] = first ? row_of(places, r->n, c->person[k], c->replicate[k]) : r->n;
        if (row[k] < r->n)
            p->event_first[row[k] + 2]++;
    }
    for (size_t i = 2; i <= r->n + 1; i++) /* begins, shifted by one until they are filled */
        p->event_first[i] += p->event_first[i - 1];
    for (size_t k = 0; k < c->n; k++)
        if (row[k] < r->n)
            p->event[p->event_first[row[k] + 1]++] =
                (struct snw_panel_event){c->age_yr[k], (uint8_t)c->kind[k], (uint8_t)c->site[k]};
    free(row);
    return SNW_OK;
}

static snw_status read_events(struct reader *r)
{
    snw_status status = SNW_OK;
    struct columns c = {0};
    double *person = NULL, *replicate = NULL;
    struct place_of_person *places = malloc((r->n + 1) * sizeof *places);
    if (!places) {
        status = no_memory(r);
        goto out;
    }
    SNW_TRY(read_if_there(r, "trajectories/person_id", r->n, &person));
    SNW_TRY(read_if_there(r, "trajectories/replicate", r->n, &replicate));
    SNW_TRY(read_columns(r, &c));
    for (size_t i = 0; i < r->n; i++)
        places[i] = (struct place_of_person){person[i], replicate ? replicate[i] : 0, i};
    qsort(places, r->n, sizeof *places, by_person);
    SNW_TRY(sort_events(r, &c, places));
out:
    columns_free(&c);
    free(person);
    free(replicate);
    free(places);
    return status;
}

static snw_status read_cells(struct reader *r, int m)
{
    snw_status status = SNW_OK;
    struct snw_cells *c = &r->panel->cells;
    const char *name = snw_measure_table[m].name;
    char of[96];
    snprintf(of, sizeof of, "summary/%s", name);
    SNW_TRY(read_if_there(r, of, N_CELLS, &c->mean[m]));
    snprintf(of, sizeof of, "summary/%s_sd", name);
    SNW_TRY(read_if_there(r, of, N_CELLS, &c->sd[m]));
    snprintf(of, sizeof of, "summary/%s_n", name);
    SNW_TRY(read_if_there(r, of, N_CELLS, &c->n[m]));
    snprintf(of, sizeof of, "summary/%s_share", name);
    SNW_TRY(read_if_there(r, of, N_CELLS * SNW_LEVELS, &c->share[m]));
out:
    return status;
}

static snw_status read_file(struct reader *r, const bool *needed)
{
    snw_status status = SNW_OK;
    struct snw_shape shape;
    if (!snw_object_exists(&r->file, "summary"))
        return snw_fail(r->ctx, SNW_ERR_FORMAT, "%s: no group /summary", r->file.path);
    SNW_TRY(read_cells(r, SNW_M_alive));
    SNW_TRY(read_if_there(r, "summary/person_years", N_CELLS, &r->panel->cells.person_years));
    SNW_TRY(read_cells(r, SNW_M_death));
    for (int m = 0; m < SNW_N_MEASURES; m++)
        if (needed[m] && m != SNW_M_person_years && m != SNW_M_death && m != SNW_M_alive)
            SNW_TRY(read_cells(r, m));
    if (!snw_object_exists(&r->file, "trajectories/alive"))
        goto out; /* cells alone */
    SNW_TRY(snw_shape_read(&r->file, "trajectories/sex", &shape, r->ctx));
    r->n = shape.n_values;
    for (int m = 0; m < SNW_N_MEASURES; m++)
        if (needed[m] || m == SNW_M_alive)
            SNW_TRY(read_measure(r, m));
    SNW_TRY(read_people(r));
    if (snw_object_exists(&r->file, "events/age_yr"))
        SNW_TRY(read_events(r));
    SNW_TRY(snw_panel_complete(r->ctx, r->panel));
out:
    return status;
}

snw_status snw_panel_read(struct snw_ctx *ctx, const char *path, const bool *needed,
                          struct snw_panel *panel)
{
    struct reader r = {.ctx = ctx, .panel = panel};
    snw_status status = SNW_OK, closed;
    *panel = (struct snw_panel){0};
    SNW_TRY(snw_file_open(&r.file, path, ctx));
    status = read_file(&r, needed);
    closed = snw_file_close(&r.file, ctx);
    status = status == SNW_OK ? closed : status;
out:
    return status;
}
