/* sinew describe: the tables that the program is made of. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/describe_costs.h"
#include "config/settings.h"
#include "params/draws.h"
#include "params/priors.h"
#include "processes/schedule.h"
#include "recorders/measures.h"

/* One row of any table, as name-value pairs. */
enum { COLUMNS_MAX = 12 };

struct row {
    size_t n;
    const char *name[COLUMNS_MAX];
    char value[COLUMNS_MAX][768];
};

static void put(struct row *row, const char *name, const char *value)
{
    row->name[row->n] = name;
    snprintf(row->value[row->n], sizeof row->value[0], "%s", value);
    row->n++;
}

static void put_number(struct row *row, const char *name, double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.10g", value);
    put(row, name, text);
}

enum format { AS_TEXT, AS_MARKDOWN, AS_JSON, AS_YAML };

struct printer {
    enum format format;
    size_t n_rows;
    struct snw_shown_costs costs; /* of parameters */
};

static void quoted(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static void print_text(const struct row *row)
{
    printf("%s", row->value[0]);
    for (size_t i = 1; i < row->n; i++)
        if (row->value[i][0])
            printf("\n    %-10s %s", row->name[i], row->value[i]);
    printf("\n");
}

static void print_markdown(const struct printer *p, const struct row *row)
{
    if (p->n_rows == 0) {
        for (size_t i = 0; i < row->n; i++)
            printf("| %s ", row->name[i]);
        printf("|\n");
        for (size_t i = 0; i < row->n; i++)
            printf("|---");
        printf("|\n");
    }
    for (size_t i = 0; i < row->n; i++)
        printf("| %s ", row->value[i]);
    printf("|\n");
}

static void print_structured(const struct printer *p, const struct row *row)
{
    bool json = p->format == AS_JSON;
    printf("%s", json ? (p->n_rows ? ",\n  {" : "[\n  {") : "- ");
    for (size_t i = 0; i < row->n; i++) {
        if (json) {
            printf("%s\"%s\": ", i ? ", " : "", row->name[i]);
            quoted(row->value[i]);
        } else {
            printf("%s%s: ", i ? "  " : "", row->name[i]);
            quoted(row->value[i]);
            printf("\n");
        }
    }
    printf("%s", json ? "}" : "");
}

static void print_row(struct printer *p, const struct row *row)
{
    if (p->format == AS_TEXT)
        print_text(row);
    else if (p->format == AS_MARKDOWN)
        print_markdown(p, row);
    else
        print_structured(p, row);
    p->n_rows++;
}

static void describe_parameters(struct printer *p)
{
    for (int id = 0; id < SNW_PARAM_COUNT; id++) {
        const struct snw_param_info *info = &snw_param_table[id];
        struct row row = {.n = 0};
        const struct snw_cost_origin *cost = snw_cost_origin(&p->costs.settings.costs, id);
        char text[768], range[768];
        size_t used = 0;
        snprintf(text, sizeof text, "%s.%s", info->section, info->name);
        put(&row, "key", text);
        put(&row, "doc", info->doc);
        put(&row, "unit", info->unit);
        for (size_t i = 0; i < info->length && used < sizeof text - 24; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%g", i ? ", " : "",
                                     info->defaults[i]);
        put(&row, "default", text);
        snprintf(text, sizeof text, "%s%s%s", snw_axis_table[info->axis].name,
                 info->axis2 != SNW_AXIS_ONE ? " x " : "",
                 info->axis2 != SNW_AXIS_ONE ? snw_axis_table[info->axis2].name : "");
        put(&row, "axes", info->axis == SNW_AXIS_ONE ? "" : text);
        put_number(&row, "low", info->low);
        put_number(&row, "high", info->high);
        snw_param_prior_words((enum snw_param_id)id, text, sizeof text);
        put(&row, "prior", text);
        snw_param_together_words((enum snw_param_id)id, text, sizeof text);
        put(&row, "together", text);
        put(&row, "source", cost ? cost->source : info->source);
        snw_shown_cost(&p->costs, (enum snw_param_id)id, text, range, sizeof text);
        put(&row, "in prices of", text);
        put(&row, "95 %", range);
        print_row(p, &row);
    }
}

static void describe_fields(struct printer *p)
{
    static const char *const kinds[] = {"born", "bodily", "lasting", "treated", "seen", "year"};
    size_t n;
    const struct snw_field_info *fields = snw_field_table(&n);
    for (size_t i = 0; i < n; i++) {
        struct row row = {.n = 0};
        put(&row, "field", fields[i].name);
        put(&row, "doc", fields[i].doc);
        put(&row, "unit", fields[i].unit);
        put(&row, "kind", kinds[fields[i].kind]);
        put_number(&row, "count", (double)fields[i].count);
        print_row(p, &row);
    }
}

static void describe_measures(struct printer *p)
{
    static const char *const kinds[] = {"state", "code", "year", "wide"};
    for (int m = 0; m < SNW_N_MEASURES; m++) {
        const struct snw_measure_info *info = &snw_measure_table[m];
        struct row row = {.n = 0};
        put(&row, "measure", info->name);
        put(&row, "doc", info->doc);
        put(&row, "unit", info->unit);
        put(&row, "kind", kinds[info->kind]);
        put_number(&row, "resolution", info->scale);
        put_number(&row, "low", info->offset);
        put_number(&row, "high", info->offset + 65534 * info->scale);
        print_row(p, &row);
    }
}

static void describe_schedule(struct printer *p)
{
    static const char *const phases[] = {"look", "score", "risk", "end", "advance"};
    for (size_t i = 0; i < snw_kernels_plain.n_processes; i++) {
        const struct snw_process_info *info = &snw_kernels_plain.processes[i];
        struct row row = {.n = 0};
        put(&row, "process", info->name);
        put(&row, "doc", info->doc);
        put(&row, "phase", phases[info->phase]);
        print_row(p, &row);
    }
}

/* What an intervention can act on. */
static void describe_channels(struct printer *p)
{
    static const char *const kinds[] = {"rate", "state", "yearly"};
    for (int c = 0; c < SNW_N_CHANNELS; c++) {
        const struct snw_channel_info *info = &snw_channel_table[c];
        struct row row = {.n = 0};
        put(&row, "channel", info->name);
        put(&row, "doc", info->doc);
        put(&row, "unit", info->unit);
        put(&row, "kind", kinds[info->kind]);
        put_number(&row, "low", info->low);
        put_number(&row, "high", info->high);
        print_row(p, &row);
    }
}

/* What its conditions can ask for. */
static void describe_conditions(struct printer *p)
{
    static const char *const kinds[] = {"number", "truth"};
    for (int id = 0; id < SNW_N_NAMES; id++) {
        const struct snw_name_info *info = &snw_name_table[id];
        struct row row = {.n = 0};
        put(&row, "name", info->text);
        put(&row, "doc", info->doc);
        put(&row, "kind", kinds[info->kind]);
        put_number(&row, "low", info->low);
        put_number(&row, "high", info->high);
        print_row(p, &row);
    }
}

static void describe_errors(struct printer *p)
{
    for (int s = 0; s < SNW_STATUS_COUNT; s++) {
        struct row row = {.n = 0};
        put(&row, "status", snw_status_name((snw_status)s));
        put(&row, "doc", snw_status_message((snw_status)s));
        put_number(&row, "exit_code", snw_status_exit_code((snw_status)s));
        print_row(p, &row);
    }
}

/* The parameters, costs also in the prices of a config, or of the defaults. */
static snw_status describe_costs(struct snw_ctx *ctx, struct printer *p, const char *config)
{
    snw_status status = snw_shown_costs_init(ctx, config, &p->costs);
    if (status == SNW_OK)
        describe_parameters(p);
    snw_shown_costs_free(&p->costs);
    return status;
}

snw_status snw_command_describe(struct snw_ctx *ctx, const struct snw_arguments *a)
{
    static const char *const formats[] = {"text", "md", "json", "yaml"};
    static const struct {
        const char *what;
        void (*describe)(struct printer *);
    } tables[] = {{"fields", describe_fields},         {"measures", describe_measures},
                  {"schedule", describe_schedule},     {"channels", describe_channels},
                  {"conditions", describe_conditions}, {"errors", describe_errors}};
    snw_status status = SNW_OK;
    struct printer printer = {.format = AS_TEXT};
    const char *what = a->n_words >= 1 ? a->words[0] : "";
    bool parameters = strcmp(what, "parameters") == 0 && a->n_words <= 2, found = parameters;
    int format = -1;
    for (int i = 0; i < 4; i++)
        if (!a->format || strcmp(a->format, formats[i]) == 0) {
            format = i;
            break;
        }
    if (format < 0)
        return snw_fail(ctx, SNW_ERR_USAGE, "--format %s: text, md, json or yaml is wanted",
                        a->format);
    printer.format = (enum format)format;
    if (strcmp(what, "config") == 0 && a->n_words == 1)
        return snw_config_describe(ctx, stdout);
    if (parameters)
        SNW_TRY(describe_costs(ctx, &printer, a->n_words == 2 ? a->words[1] : NULL));
    for (size_t i = 0; a->n_words == 1 && i < sizeof tables / sizeof tables[0]; i++)
        if (strcmp(what, tables[i].what) == 0) {
            tables[i].describe(&printer);
            found = true;
        }
    if (!found)
        return snw_fail(ctx, SNW_ERR_USAGE,
                        "sinew describe wants one of parameters, fields, measures, schedule, "
                        "channels, conditions, config, errors; parameters may name a config");
    if (printer.format == AS_JSON)
        printf("\n]\n");
out:
    return status;
}
