/* Reads a result back and prints a table of it. */
#include "cli/table.h"

#include <math.h>
#include <stdlib.h>

#include "params/params.h"
#include "store/read.h"

enum { N_AGES_SHOWN = 8 };
static const int ages[N_AGES_SHOWN] = {25, 40, 50, 60, 70, 80, 90, 97};

struct line {
    const char *name, *text;
    int decimals;
    double scale;
    int last; /* index in a fifth dimension of length `of`, 0 of 1 without one */
    int of;
};

static const struct line lines[] = {
    {"alive_n", "alive", 0, 1, 0, 1},
    {"relative_asm_kg_m2", "rASM, kg/m2", 2, 1, 0, 1},
    {"grip_kg", "grip, kg", 1, 1, 0, 1},
    {"gait_m_s", "gait, m/s", 2, 1, 0, 1},
    {"igfbp2_ng_ml", "IGFBP-2, ng/mL", 0, 1, 0, 1},
    {"abmd_femoral_neck_g_cm2", "aBMD neck, g/cm2", 3, 1, 0, 1},
    {"tb_vbmd_lumbar_spine_mg_cm3", "Tb.vBMD spine, mg/cm3", 1, 1, 0, 1},
    {"bvtv_radius", "BV/TV radius", 3, 1, 0, 1},
    {"falls_per_1000_py", "falls /1,000 py", 0, 1, 0, 1},
    {"fracture_per_1000_py", "hip fractures /1,000 py", 2, 1, 0, 6},
    {"fracture_per_1000_py", "vertebral /1,000 py", 2, 1, 1, 6},
    {"frailty_share", "frail, %", 1, 100, 2, 4},
    {"disabled", "disabled, %", 1, 100, 0, 1},
    {"residence", "nursing home, %", 1, 100, 0, 1},
    {"cost_per_py", "cost a year lived", 0, 1, 0, 1},
    {"qaly_per_py", "utility", 3, 1, 0, 1},
};

static snw_status print_line(struct snw_ctx *ctx, struct snw_file *file, const struct line *line,
                             int sex, FILE *out)
{
    snw_status status = SNW_OK;
    struct snw_shape shape;
    char name[96];
    double *values = NULL;
    snprintf(name, sizeof name, "summary/%s", line->name);
    if (!snw_object_exists(file, name))
        return SNW_OK; /* not among output.measures */
    SNW_TRY(snw_shape_read(file, name, &shape, ctx));
    values = malloc(shape.n_values * sizeof *values);
    if (!values) {
        status = snw_fail(ctx, SNW_ERR_MEMORY, "no memory to read %s", name);
        goto out;
    }
    SNW_TRY(snw_doubles_read(file, name, values, shape.n_values, ctx));
    fprintf(out, "%-24s", line->text);
    for (int k = 0; k < N_AGES_SHOWN; k++) {
        size_t at = (size_t)(sex * SNW_N_AGES + ages[k] - SNW_AGE_FIRST);
        double value = line->scale * values[at * (size_t)line->of + (size_t)line->last];
        if (isnan(value))
            fprintf(out, "%9s", "-");
        else
            fprintf(out, "%9.*f", line->decimals, value);
    }
    fprintf(out, "\n");
out:
    free(values);
    return status;
}

void snw_print_nation(double above97, double weight, FILE *out)
{
    fputc('\n', out);
    if (weight > 0)
        fprintf(out, "Each person stands for %.6g people of the nation. ", weight);
    fprintf(out, "The nation's %.0f people of 98 and over are not simulated.\n", above97);
}

/* What a cross-section leaves out. */
static snw_status print_left_out(struct snw_ctx *ctx, struct snw_file *file, FILE *out)
{
    snw_status status = SNW_OK;
    double people, weight = 0;
    if (!snw_object_exists(file, "/summary_by_year"))
        return SNW_OK;
    SNW_TRY(snw_attribute_read_double(file, "/summary_by_year", "people_above_97", &people, ctx));
    if (snw_attribute_exists(file, "/summary_by_year", "weight"))
        SNW_TRY(snw_attribute_read_double(file, "/summary_by_year", "weight", &weight, ctx));
    snw_print_nation(people, weight, out);
out:
    return status;
}

/* What the costs are: in what prices, by which ledger, seen by whom. */
static snw_status print_basis(struct snw_ctx *ctx, struct snw_file *file, FILE *out)
{
    static const char cost[] = "summary/cost_per_py";
    static const char *const names[] = {"units", "ledger", "perspective", "price_index"};
    snw_status status = SNW_OK;
    char text[4][64];
    if (!snw_object_exists(file, cost) || !snw_attribute_exists(file, cost, "perspective"))
        return SNW_OK;
    for (int k = 0; k < 4; k++)
        SNW_TRY(snw_attribute_read_text(file, cost, names[k], text[k], sizeof text[k], ctx));
    fprintf(out,
            "\nCost a year lived: %s, %s ledger, %s perspective, prices by %s, undiscounted.\n",
            text[0], text[1], text[2], text[3]);
out:
    return status;
}

/* What scenarios do, and against what. */
static snw_status print_interventions(struct snw_ctx *ctx, struct snw_file *file, FILE *out)
{
    snw_status status = SNW_OK;
    char names[4096], comment[512];
    if (!snw_attribute_exists(file, "/", "interventions"))
        return SNW_OK;
    SNW_TRY(snw_attribute_read_text(file, "/", "interventions", names, sizeof names, ctx));
    SNW_TRY(snw_attribute_read_text(file, "/", "comment", comment, sizeof comment, ctx));
    fprintf(out, "\nInterventions of the scenarios: %s. %s\n", names, comment);
out:
    return status;
}

snw_status snw_print_table(struct snw_ctx *ctx, const char *path, FILE *out)
{
    snw_status status = SNW_OK, closed;
    struct snw_file file;
    SNW_TRY(snw_file_open(&file, path, ctx));
    for (int sex = 0; sex < SNW_N_SEXES && status == SNW_OK; sex++) {
        fprintf(out, "\n%-24s", sex == SNW_FEMALE ? "Women, means, at age" : "Men, means, at age");
        for (int k = 0; k < N_AGES_SHOWN; k++)
            fprintf(out, "%9d", ages[k]);
        fprintf(out, "\n");
        for (size_t i = 0; i < sizeof lines / sizeof lines[0] && status == SNW_OK; i++)
            status = print_line(ctx, &file, &lines[i], sex, out);
    }
    if (status == SNW_OK)
        status = print_basis(ctx, &file, out);
    if (status == SNW_OK)
        status = print_left_out(ctx, &file, out);
    if (status == SNW_OK)
        status = print_interventions(ctx, &file, out);
    closed = snw_file_close(&file, ctx);
    status = status == SNW_OK ? closed : status;
    if (status == SNW_OK)
        fprintf(out, "\n%s\n", path);
out:
    return status;
}
