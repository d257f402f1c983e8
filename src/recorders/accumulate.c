/* Exact sums and histograms of 16-bit readouts. */
#include <string.h>

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

/* The bin of each value; apart from the counting, so that it vectorises. */
static void find_bins(const uint16_t *restrict q, size_t n, struct snw_bins bins,
                      uint16_t *restrict bin)
{
    const int32_t low = bins.low, shift = bins.shift;
    for (size_t i = 0; i < n; i++) {
        int32_t at = ((int32_t)q[i] - low) >> shift;
        at = at < 0 ? 0 : at;
        bin[i] = (uint16_t)(at > SNW_BINS - 1 ? SNW_BINS - 1 : at);
    }
}

/* Four bins a load: the counting is bound by memory operations. */
static void count_bins(const uint16_t *restrict bin, size_t n, uint32_t *restrict histogram)
{
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        uint64_t four;
        memcpy(&four, bin + i, sizeof four);
        histogram[four & 0xffff]++;
        histogram[four >> 16 & 0xffff]++;
        histogram[four >> 32 & 0xffff]++;
        histogram[four >> 48]++;
    }
    for (; i < n; i++)
        histogram[bin[i]]++;
}

static void add_histogram(const uint16_t *restrict q, size_t n, size_t applies,
                          struct snw_bins bins, uint32_t *restrict histogram)
{
    uint16_t bin[SNW_STRIDE];
    if (applies == 0)
        return;
    find_bins(q, n, bins, bin);
    if (applies == n) {
        count_bins(bin, n, histogram);
        return;
    }
    for (size_t i = 0; i < n; i++)
        histogram[bin[i]] += q[i] != SNW_FILL;
}

/* Codes have few levels: each is counted in a register. */
static void add_levels(const uint16_t *restrict q, size_t n, uint32_t *restrict histogram)
{
    for (uint16_t level = 0; level < SNW_LEVELS; level++) {
        uint16_t count = 0;
        for (size_t i = 0; i < n; i++)
            count = (uint16_t)(count + (q[i] == level));
        histogram[level] += count;
    }
}

void SNW_KERNEL(snw_accumulate)(const struct snw_readout *restrict readout, size_t n,
                                const struct snw_bins *restrict bins,
                                struct snw_cell *restrict cells, uint32_t *restrict histograms)
{
    SNW_KERNEL(snw_accumulate_accounts)(readout, n, cells);
    for (size_t m = 0; m < SNW_M_cost; m++) {
        uint64_t before = cells[m].n;
        add_sums(readout->q[m], n, &cells[m]);
        cells[m].clamped += readout->clamped[m];
        if (!histograms || m >= SNW_N_HISTOGRAMS)
            continue;
        if (m < SNW_N_STATES)
            add_histogram(readout->q[m], n, (size_t)(cells[m].n - before), bins[m],
                          histograms + m * SNW_BINS);
        else
            add_levels(readout->q[m], n, histograms + m * SNW_BINS);
    }
}

const struct snw_recorder_kernels SNW_KERNEL(snw_recorder_kernels) = {
    &ISA_TEXT(SNW_ISA_SUFFIX)[1],
    SNW_KERNEL(snw_readout_state),
    SNW_KERNEL(snw_readout_year),
    SNW_KERNEL(snw_accumulate),
};
