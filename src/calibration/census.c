/* Years of a table of population, each read once. */
#include "calibration/census.h"

#include "config/table.h"

snw_status snw_census_add(struct snw_ctx *ctx, const char *path, const struct snw_target *target,
                          struct snw_census *c)
{
    snw_status status = SNW_OK;
    double above[SNW_N_SEXES];
    if (target->weighting != SNW_CENSUS)
        return SNW_OK;
    for (size_t k = 0; k < c->n; k++)
        if (c->year[k] == target->census)
            return SNW_OK;
    if (c->n == SNW_CENSUS_MAX)
        return snw_fail(ctx, SNW_ERR_TABLE, "targets weigh ages by more than %d years",
                        SNW_CENSUS_MAX);
    SNW_TRY(snw_population_read(ctx, path, target->census, c->count[c->n], above));
    c->year[c->n++] = target->census;
out:
    return status;
}
