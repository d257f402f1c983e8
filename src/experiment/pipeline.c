/* Sums up where a run's time went. */
#include "experiment/pipeline.h"

#include <stdio.h>

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

void snw_pipeline_text(const struct snw_pipeline *p, char *text, size_t size)
{
    double all = p->simulate + p->compress + p->disk, years = (double)p->person_years;
    char bytes[96] = "";
    if (p->bytes_raw > 0 && years > 0)
        snprintf(bytes, sizeof bytes, "trajectories: %.1f bytes a person-year, %.1f in the file; ",
                 (double)p->bytes_raw / years, (double)p->bytes_stored / years);
    all = all > 0 ? all / 100 : 1;
    snprintf(text, size, "%stime: simulate %.0f %%, compress %.0f %%, disk %.0f %%; bound: %s",
             bytes, p->simulate / all, p->compress / all, p->disk / all,
             snw_bound_name(snw_pipeline_bound(p)));
}
