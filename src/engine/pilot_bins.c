/* Ranges of outcomes in the reference population: the bins of histograms. */
#include <string.h>

#include "engine/pilot_state.h"

enum { RANGE_BLOCKS = 24 };

/* Bins over what lies between two 16-bit values, both included. */
static struct snw_bins bins_over(double low, double high)
{
    double from = low < 0 ? 0 : low, to = high > SNW_FILL - 1 ? SNW_FILL - 1 : high;
    double scale = 65536.0 * SNW_BINS / (to - from + 1);
    return (struct snw_bins){(uint16_t)from, (uint16_t)(scale > 65535 ? 65535 : scale)};
}

void snw_pilot_ranges(struct snw_pilot_state *s, const struct snw_recorder_kernels *recorders,
                      int age, struct snw_bins bins[SNW_N_MEASURES])
{
    const struct snw_year_coef *c = &s->model->year[s->sex][age - SNW_AGE_FIRST];
    uint16_t low[SNW_N_STATES], high[SNW_N_STATES] = {0};
    memset(low, 0xff, sizeof low);
    for (size_t k = 0; k < s->n_blocks && k < RANGE_BLOCKS; k++) {
        recorders->state(s->readout, &s->blocks[k], c, NULL);
        for (size_t m = 0; m < SNW_N_STATES; m++)
            for (size_t i = 0; i < s->blocks[k].n; i++) {
                uint16_t q = s->readout->q[m][i];
                low[m] = q < low[m] ? q : low[m];
                high[m] = q > high[m] && q != SNW_FILL ? q : high[m];
            }
    }
    for (size_t m = 0; m < SNW_N_STATES; m++) {
        double more = high[m] > low[m] ? (high[m] - low[m]) / 16.0 : 1;
        bins[m] = bins_over(low[m] - more, high[m] + more);
    }
}

void snw_pilot_smi_bins(const struct snw_year_coef *c, struct snw_bins bins[SNW_N_MEASURES])
{
    const struct snw_measure_info *from = &snw_measure_table[SNW_M_relative_asm_kg_m2];
    const struct snw_measure_info *to = &snw_measure_table[SNW_M_smi_bia_kg_m2];
    struct snw_bins rasm = bins[SNW_M_relative_asm_kg_m2];
    double ratio = (double)c->smi_slope * from->scale / to->scale;
    double low = rasm.low * ratio + (double)c->smi_intercept / to->scale;
    bins[SNW_M_smi_bia_kg_m2] = bins_over(low, low + 65536.0 * SNW_BINS / rasm.scale * ratio);
}
