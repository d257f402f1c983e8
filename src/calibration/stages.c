/* Reads the table of stages. */
#include "calibration/stages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/csv.h"
#include "config/scalar.h"

enum { COLUMNS = 5, COLUMN_STAGE = 0, COLUMN_KIND, COLUMN_NAME, COLUMN_VALUE, LEFT_OUT_OF = 5 };

static const char *const columns[COLUMNS] = {"stage", "kind", "name", "value", "reason"};

static const struct {
    const char *name;
    double preset, low, high;
} runs[SNW_N_RUNS] = {
#define SNW_RUN(name, preset, low, high) {#name, preset, low, high},
    SNW_RUNS(SNW_RUN)
#undef SNW_RUN
};

struct reader {
    struct snw_ctx *ctx;
    const char *path;
    const struct snw_targets *targets;
    struct snw_stages *stages;
    size_t line;
    bool headed;
    int *stage_of; /* (n_targets,) that claims it, -1 for none */
    bool *by_name; /* (n_targets,) claimed by its id */
    bool *used;    /* (SNW_PARAM_ELEMENTS,) elements of parameters so far */
    snw_status status;
};

bool snw_target_held_out(const char *id)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *id; id++)
        hash = (hash ^ (unsigned char)*id) * 0x100000001b3u;
    return hash % LEFT_OUT_OF == 0;
}

static void fail(struct reader *r, const char *what, const char *shown)
{
    r->status =
        snw_fail(r->ctx, SNW_ERR_TABLE, "%.160s:%zu: %s%.120s", r->path, r->line, what, shown);
}

static void no_memory(struct reader *r)
{
    r->status = snw_fail(r->ctx, SNW_ERR_MEMORY, "%.160s: no memory to read it", r->path);
}

/* The stage of that name; a new one where the row is the first of it. NULL after an error. */
static struct snw_stage *stage_of(struct reader *r, const char *name)
{
    struct snw_stages *s = r->stages;
    for (size_t k = 0; k < s->n; k++)
        if (strcmp(s->list[k].name, name) == 0)
            return &s->list[k];
    if (s->n == SNW_STAGES_MAX || strlen(name) >= sizeof s->list[0].name) {
        fail(r, "too many stages, or too long a name: ", name);
        return NULL;
    }
    struct snw_stage *new = &s->list[s->n++];
    *new = (struct snw_stage){.first = s->n_parameters};
    snprintf(new->name, sizeof new->name, "%s", name);
    for (int k = 0; k < SNW_N_RUNS; k++)
        new->run[k] = -1; /* what holds for all, once it is known */
    return new;
}

static bool is_below(const char *key, const char *pattern, size_t length)
{
    return strncmp(key, pattern, length) == 0 && (key[length] == '\0' || key[length] == '.');
}

/* Adds the elements below one key. @return how many. */
static size_t add_elements(struct reader *r, struct snw_fit_parameter *p, const char *word,
                           size_t length)
{
    size_t found = 0;
    for (int id = 0; id < SNW_PARAM_COUNT; id++)
        for (size_t i = 0; i < snw_param_table[id].length; i++) {
            char key[128];
            snw_param_key((enum snw_param_id)id, i, key, sizeof key);
            if (!is_below(key, word, length))
                continue;
            found++;
            if (snw_param_prior((enum snw_param_id)id, i)->kind == SNW_PRIOR_FIXED)
                fail(r, "does not vary: ", key);
            if (r->used[snw_param_table[id].offset + i])
                fail(r, "fitted twice: ", key);
            r->used[snw_param_table[id].offset + i] = true;
            struct snw_param_element *more = realloc(p->element, (p->n + 1) * sizeof *p->element);
            if (!more) {
                no_memory(r);
                return found;
            }
            p->element = more;
            p->element[p->n++] = (struct snw_param_element){(enum snw_param_id)id, i};
        }
    return found;
}

static void read_parameter(struct reader *r, struct snw_stage *stage, const char *name)
{
    struct snw_stages *s = r->stages;
    struct snw_fit_parameter *more = realloc(s->parameter, (s->n_parameters + 1) * sizeof *more);
    if (!more) {
        no_memory(r);
        return;
    }
    s->parameter = more;
    struct snw_fit_parameter *p = &more[s->n_parameters];
    *p = (struct snw_fit_parameter){.n = 0};
    if (stage->n == 0)
        stage->first = s->n_parameters;
    if (stage->first + stage->n != s->n_parameters)
        fail(r, "parameters of a stage must stand together: ", name);
    if (stage->n == SNW_STAGE_PARAMETERS_MAX || strlen(name) >= sizeof p->name)
        fail(r, "too many parameters in a stage, or too long: ", name);
    snprintf(p->name, sizeof p->name, "%.*s", (int)sizeof p->name - 1, name);
    s->n_parameters++;
    stage->n++;
    for (const char *at = name; *at;) {
        size_t length = strcspn(at, " ");
        if (length && add_elements(r, p, at, length) == 0)
            fail(r, "no element of a parameter: ", at);
        at += length + (at[length] == ' ');
    }
    if (p->n == 0 && r->status == SNW_OK)
        fail(r, "no parameter is named", "");
}

static size_t find_target(const struct reader *r, const char *id)
{
    for (size_t i = 0; i < r->targets->n; i++)
        if (strcmp(r->targets->list[i].text[SNW_T_id], id) == 0)
            return i;
    return r->targets->n;
}

static void read_targets(struct reader *r, int stage, const char *name)
{
    size_t one = find_target(r, name), found = 0;
    for (size_t i = 0; i < r->targets->n; i++) {
        bool named = i == one;
        if (!named &&
            (one < r->targets->n || strcmp(r->targets->list[i].text[SNW_T_stage], name) != 0))
            continue;
        found++;
        if (r->targets->list[i].op == SNW_OP_none || (r->by_name[i] && !named))
            continue;
        r->stage_of[i] = stage;
        r->by_name[i] = named;
    }
    if (!found)
        fail(r, "no target has that id or stage: ", name);
}

static bool read_value(struct reader *r, const char *text, double low, double high, double *value)
{
    if (snw_read_real(text, value) == SNW_NUMBER_OK && *value >= low && *value <= high)
        return true;
    fail(r, "no number, or out of bounds: ", text);
    return false;
}

static void read_weight(struct reader *r, const char *name, const char *value)
{
    size_t i = find_target(r, name);
    if (i == r->targets->n)
        fail(r, "no target has that id: ", name);
    else
        read_value(r, value, 0, 1000, &r->stages->weight[i]);
}

static void read_run(struct reader *r, double *run, const char *name, const char *value)
{
    for (int k = 0; k < SNW_N_RUNS; k++)
        if (strcmp(runs[k].name, name) == 0) {
            if (read_value(r, value, runs[k].low, runs[k].high, &run[k]))
                run[k] = (double)(int64_t)run[k];
            return;
        }
    fail(r, "no number of runs has that name: ", name);
}

static void read_row(struct reader *r, char *const *f)
{
    bool all = strcmp(f[COLUMN_STAGE], "all") == 0, run = strcmp(f[COLUMN_KIND], "run") == 0;
    struct snw_stage *stage = all ? NULL : stage_of(r, f[COLUMN_STAGE]);
    if (all && !run) {
        fail(r, "the stage all has numbers of runs only, not ", f[COLUMN_KIND]);
        return;
    }
    if (!all && !stage)
        return;
    if (run)
        read_run(r, all ? r->stages->run : stage->run, f[COLUMN_NAME], f[COLUMN_VALUE]);
    else if (strcmp(f[COLUMN_KIND], "parameter") == 0)
        read_parameter(r, stage, f[COLUMN_NAME]);
    else if (strcmp(f[COLUMN_KIND], "targets") == 0)
        read_targets(r, (int)(stage - r->stages->list), f[COLUMN_NAME]);
    else if (strcmp(f[COLUMN_KIND], "weight") == 0)
        read_weight(r, f[COLUMN_NAME], f[COLUMN_VALUE]);
    else
        fail(r, "a kind is parameter, targets, weight or run, not ", f[COLUMN_KIND]);
}

static bool read_line(void *user, size_t line, char *const *fields, size_t n)
{
    struct reader *r = user;
    r->line = line;
    if (n != COLUMNS) {
        fail(r, "five columns are wanted: stage,kind,name,value,reason", "");
        return r->headed;
    }
    if (r->headed) {
        read_row(r, fields);
        return r->status != SNW_ERR_MEMORY;
    }
    r->headed = true;
    for (int c = 0; c < COLUMNS; c++)
        if (strcmp(fields[c], columns[c]) != 0)
            fail(r, "no such column here: ", fields[c]);
    return r->status == SNW_OK;
}

/* Hands targets to their stages, and numbers of runs to those that gave none. */
static void settle(struct reader *r)
{
    struct snw_stages *s = r->stages;
    for (size_t k = 0; k < s->n; k++) {
        struct snw_stage *stage = &s->list[k];
        stage->target = malloc((r->targets->n + 1) * sizeof *stage->target);
        if (!stage->target) {
            no_memory(r);
            return;
        }
        for (size_t i = 0; i < r->targets->n; i++)
            if (r->stage_of[i] == (int)k)
                stage->target[stage->n_targets++] = i;
        for (int n = 0; n < SNW_N_RUNS; n++)
            stage->run[n] = stage->run[n] < 0 ? s->run[n] : stage->run[n];
        if (stage->n == 0 || stage->n_targets == 0)
            fail(r, "a stage has no parameter or no target: ", stage->name);
    }
    if (s->n == 0 && r->status == SNW_OK)
        fail(r, "no stage", "");
}

snw_status snw_stages_read(struct snw_ctx *ctx, const char *path, const struct snw_targets *targets,
                           struct snw_stages *stages)
{
    snw_status status = SNW_OK;
    size_t n = targets->n;
    struct reader r = {.ctx = ctx, .path = path, .targets = targets, .stages = stages};
    *stages = (struct snw_stages){.n_targets = n};
    for (int k = 0; k < SNW_N_RUNS; k++)
        stages->run[k] = runs[k].preset;
    stages->weight = malloc((n + 1) * sizeof *stages->weight);
    stages->held_out = malloc((n + 1) * sizeof *stages->held_out);
    r.stage_of = malloc((n + 1) * sizeof *r.stage_of);
    r.by_name = calloc(n + 1, sizeof *r.by_name);
    r.used = calloc(SNW_PARAM_ELEMENTS, sizeof *r.used);
    if (!stages->weight || !stages->held_out || !r.stage_of || !r.by_name || !r.used) {
        no_memory(&r);
        status = r.status;
        goto out;
    }
    for (size_t i = 0; i < n; i++) {
        stages->weight[i] = targets->list[i].weight;
        stages->held_out[i] = snw_target_held_out(targets->list[i].text[SNW_T_id]);
        r.stage_of[i] = -1;
    }
    SNW_TRY(snw_csv_read(ctx, path, read_line, &r));
    if (r.status == SNW_OK)
        settle(&r);
    status = r.status;
out:
    free(r.stage_of);
    free(r.by_name);
    free(r.used);
    return status;
}

void snw_stages_free(struct snw_stages *s)
{
    for (size_t k = 0; k < s->n; k++)
        free(s->list[k].target);
    for (size_t k = 0; k < s->n_parameters; k++)
        free(s->parameter[k].element);
    free(s->parameter);
    free(s->weight);
    free(s->held_out);
    *s = (struct snw_stages){.n = 0};
}
