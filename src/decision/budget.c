/* Cost of the nation by calendar year. */
#include <stdlib.h>

#include "decision/evidence.h"

enum { MOST_YEARS = 5 };

/* How many years of a result go before that in which the first scenario begins; whether nobody
   enters. */
static snw_status read_begin(struct snw_ctx *ctx, struct snw_file *file, size_t n_years,
                             size_t *before, bool *closed)
{
    static const char group[] = "summary_by_year";
    snw_status status = SNW_OK;
    double decision = 0, is_closed = 1, years[SNW_N_AGES];
    *before = 0;
    *closed = true;
    if (!snw_attribute_exists(file, group, "decision_year") || n_years > SNW_N_AGES)
        return SNW_OK;
    SNW_TRY(snw_attribute_read_double(file, group, "decision_year", &decision, ctx));
    SNW_TRY(snw_attribute_read_double(file, group, "closed", &is_closed, ctx));
    SNW_TRY(snw_doubles_read(file, "summary_by_year/year", years, n_years, ctx));
    while (*before + 1 < n_years && years[*before] < decision)
        ++*before;
    *closed = is_closed != 0;
out:
    return status;
}

snw_status snw_budget_read(struct snw_ctx *ctx, const char *path, struct snw_budget *budget)
{
    static const char costs[] = "summary_by_year/cost_total";
    snw_status status = SNW_OK, closed;
    struct snw_file file;
    struct snw_shape shape;
    double *values = NULL;
    *budget = (struct snw_budget){.n_years = 0};
    status = snw_file_open(&file, path, ctx);
    if (status != SNW_OK)
        return status;
    if (!snw_object_exists(&file, costs))
        goto out;
    SNW_TRY(snw_shape_read(&file, costs, &shape, ctx));
    SNW_TRY(snw_money_read(ctx, &file, costs, &budget->money));
    SNW_TRY(snw_texts_read(&file, "summary_by_year/scenario", &budget->strategies, ctx));
    if (shape.n_dims != 5 || shape.length[0] != budget->strategies.n)
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: %s is not by scenario and year", path, costs));
    size_t n = shape.length[0], all = shape.length[2], before;
    SNW_TRY(read_begin(ctx, &file, all, &before, &budget->closed));
    size_t kept = all - before < MOST_YEARS ? all - before : MOST_YEARS;
    size_t labels = shape.length[3], groups = shape.length[4]; /* the last of each is all people */
    values = malloc((shape.n_values + 1) * sizeof *values);
    budget->cost = malloc((n * kept + 1) * sizeof *budget->cost);
    if (!values || !budget->cost)
        SNW_TRY(snw_fail(ctx, SNW_ERR_MEMORY, "no memory to read %s", path));
    SNW_TRY(snw_doubles_read(&file, costs, values, shape.n_values, ctx));
    budget->n_years = kept;
    for (size_t s = 0; s < n; s++)
        for (size_t y = 0; y < kept; y++)
            budget->cost[s * kept + y] =
                values[((s * shape.length[1] * all + before + y) * labels + labels - 1) * groups +
                       groups - 1];
out:
    closed = snw_file_close(&file, ctx);
    free(values);
    return status == SNW_OK ? closed : status;
}

void snw_budget_free(struct snw_budget *budget)
{
    snw_texts_free(&budget->strategies);
    free(budget->cost);
    *budget = (struct snw_budget){.n_years = 0};
}
