/* Exact sums and histograms of 16-bit readouts. */
#include <string.h>

#include "recorders/measures.h"

#define ISA_TEXT2(x) #x
#define ISA_TEXT(x) ISA_TEXT2(x)

enum { LANES_16 = 64 }; /* a whole number of the widest vectors of 8 and of 16 bits */

/* @param[in] n a multiple of LANES_16; lanes without people hold SNW_FILL. */
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
                      uint8_t *restrict bin)
{
    const uint16_t low = bins.low, scale = bins.scale;
    for (size_t i = 0; i < n; i++) {
        uint16_t held = q[i] > low ? q[i] : low;
        uint16_t at = (uint16_t)((uint32_t)(uint16_t)(held - low) * scale >> 16);
        bin[i] = (uint8_t)(at < SNW_BINS - 1 ? at : SNW_BINS - 1);
    }
}

/* Eight bins a load: the counting is bound by memory operations. */
static void count_bins(const uint8_t *restrict bin, size_t n, uint16_t *restrict counts)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t eight;
        memcpy(&eight, bin + i, sizeof eight);
        counts[eight & 0xff]++;
        counts[eight >> 8 & 0xff]++;
        counts[eight >> 16 & 0xff]++;
        counts[eight >> 24 & 0xff]++;
        counts[eight >> 32 & 0xff]++;
        counts[eight >> 40 & 0xff]++;
        counts[eight >> 48 & 0xff]++;
        counts[eight >> 56]++;
    }
    for (; i < n; i++)
        counts[bin[i]]++;
}

/* Codes have few levels: each is counted in a register. */
static void add_levels(const uint16_t *restrict q, size_t n, uint32_t *restrict levels)
{
    for (uint16_t level = 0; level < SNW_LEVELS; level++) {
        uint16_t count = 0;
        for (size_t i = 0; i < n; i++)
            count = (uint16_t)(count + (q[i] == level));
        levels[level] += count;
    }
}

void SNW_KERNEL(snw_accumulate)(struct snw_readout *restrict readout, size_t n,
                                const struct snw_bins *restrict bins,
                                struct snw_cell *restrict cells, uint16_t *restrict counts,
                                uint32_t *restrict levels)
{
    uint8_t bin[SNW_STRIDE];
    const size_t whole = (n + LANES_16 - 1) & ~(size_t)(LANES_16 - 1);
    for (size_t m = 0; m < SNW_N_MEASURES; m++) {
        uint16_t *q = readout->q[m];
        for (size_t i = n; i < whole; i++)
            q[i] = SNW_FILL;
        add_sums(q, whole, &cells[m]);
        cells[m].clamped += readout->clamped[m];
        if (!counts || m >= SNW_N_STATES + SNW_N_CODES)
            continue;
        if (m >= SNW_N_STATES) {
            add_levels(q, whole, levels + (m - SNW_N_STATES) * SNW_LEVELS);
        } else if (q[0] !=
                   SNW_FILL) { /* a state applies to all lanes or none: they are of one sex */
            find_bins(q, whole, bins[m], bin);
            count_bins(bin, n, counts + m * SNW_BINS);
        }
    }
}

const struct snw_recorder_kernels SNW_KERNEL(snw_recorder_kernels) = {
    &ISA_TEXT(SNW_ISA_SUFFIX)[1],
    SNW_KERNEL(snw_readout_state),
    SNW_KERNEL(snw_readout_year),
    SNW_KERNEL(snw_accumulate),
};
