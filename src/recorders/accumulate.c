/* Exact sums and histograms of 16-bit readouts. */
#include "recorders/measures.h"

#define ISA_TEXT2(x) #x
#define ISA_TEXT(x) ISA_TEXT2(x)

static void add_sums(const uint16_t *restrict q, size_t n, struct snw_cell *restrict cell)
{
    uint32_t count = 0, sum = 0;
    uint64_t squares = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t applies = q[i] != SNW_FILL, v = applies ? q[i] : 0;
        count += applies;
        sum += v;
        squares += (uint64_t)v * v;
    }
    cell->n += count;
    cell->sum += sum;
    cell->sum_squares += squares;
}

static void add_histogram(const uint16_t *restrict q, size_t n, struct snw_bins bins,
                          uint32_t *restrict histogram)
{
    for (size_t i = 0; i < n; i++) {
        int32_t bin = ((int32_t)q[i] - bins.low) >> bins.shift;
        bin = bin < 0 ? 0 : bin;
        bin = bin > SNW_BINS - 1 ? SNW_BINS - 1 : bin;
        histogram[bin] += q[i] != SNW_FILL;
    }
}

void SNW_KERNEL(snw_accumulate)(const struct snw_readout *restrict readout, size_t n,
                                const struct snw_bins *restrict bins,
                                struct snw_cell *restrict cells, uint32_t *restrict histograms)
{
    for (size_t m = 0; m < SNW_N_MEASURES; m++) {
        add_sums(readout->q[m], n, &cells[m]);
        cells[m].clamped += readout->clamped[m];
        if (m < SNW_M_falls && histograms)
            add_histogram(readout->q[m], n, bins[m], histograms + m * SNW_BINS);
    }
}

const struct snw_recorder_kernels SNW_KERNEL(snw_recorder_kernels) = {
    &ISA_TEXT(SNW_ISA_SUFFIX)[1],
    SNW_KERNEL(snw_readout_state),
    SNW_KERNEL(snw_readout_year),
    SNW_KERNEL(snw_accumulate),
};
