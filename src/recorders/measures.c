/* The table of outcomes. */
#include "recorders/measures.h"

#include <string.h>

const struct snw_measure_info snw_measure_table[SNW_N_MEASURES] = {
#define SNW_MEASURE(kind, name, unit, offset, scale, doc)                                          \
    {#name,                                                                                        \
     unit,                                                                                         \
     doc,                                                                                          \
     SNW_M_##kind,                                                                                 \
     offset,                                                                                       \
     scale,                                                                                        \
     (SNW_M_##kind == SNW_M_WIDE ? 1e-3 : 1) * (scale)},
#include "recorders/measures.def"
#undef SNW_MEASURE
};

extern const struct snw_recorder_kernels snw_recorder_kernels_v3, snw_recorder_kernels_v4;

const struct snw_recorder_kernels *snw_recorder_kernels_named(const char *isa)
{
    static const struct snw_recorder_kernels *const all[] = {
#if SNW_N_ISAS == 3
        &snw_recorder_kernels_v4,
        &snw_recorder_kernels_v3,
#endif
        &snw_recorder_kernels_plain
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i]->isa, isa) == 0)
            return all[i];
    return NULL;
}
