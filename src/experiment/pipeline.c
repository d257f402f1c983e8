/* Sums up where a run's time went. */
#include "experiment/pipeline.h"

enum snw_bound snw_pipeline_bound(const struct snw_pipeline *p)
{
    if (p->disk > p->simulate && p->disk > p->compress)
        return SNW_BOUND_DISK;
    return p->compress > p->simulate ? SNW_BOUND_COMPRESS : SNW_BOUND_SIMULATE;
}

const char *snw_bound_name(enum snw_bound bound)
{
    static const char *const names[] = {"simulate", "compress", "disk"};
    return names[bound];
}

snw_status snw_pipeline_sum(const struct snw_ranks *ranks, struct snw_pipeline *p)
{
    const double micro = 1e-6; /* whole numbers are what ranks add up */
    uint64_t sum[] = {p->simulate > 0 ? (uint64_t)(p->simulate / micro) : 0,
                      (uint64_t)(p->compress / micro)};
    snw_status status = snw_ranks_sum_u64(ranks, sum, 2);
    p->simulate = (double)sum[0] * micro;
    p->compress = (double)sum[1] * micro;
    return status;
}

void snw_pipeline_say(const struct snw_pipeline *p, FILE *stream)
{
    double all = p->simulate + p->compress + p->disk, years = (double)p->person_years;
    double share = all > 0 ? 100 / all : 0;
    if (p->bytes_raw > 0 && years > 0)
        fprintf(stream, "trajectories: %.1f bytes a person-year, %.1f in the file; ",
                (double)p->bytes_raw / years, (double)p->bytes_stored / years);
    fprintf(stream, "time: simulate %.0f %%, compress %.0f %%, disk %.0f %%; bound: %s\n",
            p->simulate * share, p->compress * share, p->disk * share,
            snw_bound_name(snw_pipeline_bound(p)));
}
