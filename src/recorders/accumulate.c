/* Exact sums and histograms of 16-bit readouts. */
#include <string.h>

#include "recorders/paired.h"

#define ISA_TEXT2(x) #x
#define ISA_TEXT(x) ISA_TEXT2(x)

enum { LANES_16 = 64 }; /* a whole number of the widest vectors of 8 and of 16 bits */

/* Sums of s and s^2 where s = q - 32768, which fits into signed 16 bits: the product of two such
   numbers and the next two, added, is one instruction. @param[in] n a multiple of LANES_16. */
struct sums {
    int64_t s;
    uint64_t squares;
};

#if defined(__AVX512BW__)
#include <immintrin.h>

static struct sums add_up(const uint16_t *q, size_t n)
{
    const __m512i middle = _mm512_set1_epi16((short)0x8000), one = _mm512_set1_epi16(1);
    const __m512i low = _mm512_set1_epi64(0xffffffff);
    __m512i s = _mm512_setzero_si512(), even = s, odd = s;
    for (size_t i = 0; i < n; i += 32) {
        __m512i x = _mm512_xor_si512(_mm512_loadu_si512(q + i), middle);
        __m512i squares = _mm512_madd_epi16(x, x); /* up to 2^31: unsigned */
        s = _mm512_add_epi32(s, _mm512_madd_epi16(x, one));
        even = _mm512_add_epi64(even, _mm512_and_si512(squares, low));
        odd = _mm512_add_epi64(odd, _mm512_srli_epi64(squares, 32));
    }
    return (struct sums){_mm512_reduce_add_epi32(s),
                         (uint64_t)_mm512_reduce_add_epi64(_mm512_add_epi64(even, odd))};
}

#elif defined(__AVX2__)
#include <immintrin.h>

static struct sums add_up(const uint16_t *q, size_t n)
{
    const __m256i middle = _mm256_set1_epi16((short)0x8000), one = _mm256_set1_epi16(1);
    const __m256i low = _mm256_set1_epi64x(0xffffffff);
    __m256i s = _mm256_setzero_si256(), even = s, odd = s;
    for (size_t i = 0; i < n; i += 16) {
        __m256i x = _mm256_xor_si256(_mm256_loadu_si256((const __m256i_u *)(q + i)), middle);
        __m256i squares = _mm256_madd_epi16(x, x); /* up to 2^31: unsigned */
        s = _mm256_add_epi32(s, _mm256_madd_epi16(x, one));
        even = _mm256_add_epi64(even, _mm256_and_si256(squares, low));
        odd = _mm256_add_epi64(odd, _mm256_srli_epi64(squares, 32));
    }
    int32_t part[8];
    uint64_t wide[4];
    struct sums sum = {0, 0};
    _mm256_storeu_si256((__m256i_u *)part, s);
    _mm256_storeu_si256((__m256i_u *)wide, _mm256_add_epi64(even, odd));
    for (int k = 0; k < 8; k++)
        sum.s += part[k];
    for (int k = 0; k < 4; k++)
        sum.squares += wide[k];
    return sum;
}

#else

static struct sums add_up(const uint16_t *q, size_t n)
{
    struct sums sum = {0, 0};
    for (size_t i = 0; i < n; i++) {
        int32_t s = (int32_t)q[i] - 32768;
        sum.s += s;
        sum.squares += (uint64_t)((int64_t)s * s);
    }
    return sum;
}

#endif

static size_t whole_16(size_t n)
{
    return (n + LANES_16 - 1) & ~(size_t)(LANES_16 - 1);
}

/* Copies n lanes in whole vectors, 32768 for those that hold nobody or to whom the measure does not
   apply: it adds nothing. @return the lanes that count. */
static size_t leave_out(const uint16_t *restrict q, size_t n, uint16_t *restrict held)
{
    const size_t whole = whole_16(n);
    uint32_t without = 0;
    for (size_t i = 0; i < whole; i++) {
        uint16_t gone = q[i] == SNW_FILL;
        without += gone;
        held[i] = gone ? 32768 : q[i];
    }
    for (size_t i = n; i < whole; i++) {
        without -= q[i] == SNW_FILL;
        held[i] = 32768;
    }
    return n - without;
}

/* The exact sums of the first n lanes; the last ones, which do not fill a vector, from a copy. */
static void add_sums(const uint16_t *q, size_t n, size_t applies, struct snw_cell *cell)
{
    size_t full = n & ~(size_t)(LANES_16 - 1);
    uint16_t rest[LANES_16];
    for (size_t i = 0; i < LANES_16; i++)
        rest[i] = full + i < n ? q[full + i] : 32768;
    struct sums sum = add_up(q, full), more = add_up(rest, LANES_16);
    sum.s += more.s;
    sum.squares += more.squares;
    cell->n += applies;
    cell->sum += (uint64_t)sum.s + 32768 * (uint64_t)applies;
    /* q^2 = s^2 + 2^16 s + 2^30 */
    cell->sum_squares += sum.squares + 65536 * (uint64_t)sum.s + (1u << 30) * (uint64_t)applies;
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

/* Four histograms at a time: a count that follows one of the same bin has to wait for it. */
enum { TOGETHER = 4 };

static void count_together(uint8_t (*restrict bin)[SNW_STRIDE], size_t n,
                           uint16_t *const counts[TOGETHER])
{
    uint16_t *restrict a = counts[0], *restrict b = counts[1];
    uint16_t *restrict c = counts[2], *restrict d = counts[3];
    for (size_t i = 0; i < n; i++) {
        a[bin[0][i]]++;
        b[bin[1][i]]++;
        c[bin[2][i]]++;
        d[bin[3][i]]++;
    }
}

static void count_alone(const uint8_t *restrict bin, size_t n, uint16_t *restrict counts)
{
    for (size_t i = 0; i < n; i++)
        counts[bin[i]]++;
}

/* Histograms of the states that apply; to all lanes or none, as a block is of one sex. */
static void add_histograms(const struct snw_readout *readout, size_t n, const struct snw_bins *bins,
                           const uint8_t *skip, uint16_t *counts)
{
    uint8_t bin[TOGETHER][SNW_STRIDE];
    uint16_t *to[TOGETHER];
    size_t k = 0, whole = whole_16(n);
    for (size_t m = 0; m < SNW_N_STATES; m++) {
        if ((skip && skip[m]) || readout->row[m][0] == SNW_FILL)
            continue;
        find_bins(readout->row[m], whole, bins[m], bin[k]);
        to[k++] = counts + m * SNW_BINS;
        if (k == TOGETHER) {
            count_together(bin, n, to);
            k = 0;
        }
    }
    while (k-- > 0)
        count_alone(bin[k], n, to[k]);
}

/* Codes have few levels: each is counted in a register, and the sums follow from the counts. */
static void add_code(const uint16_t *restrict q, size_t n, struct snw_cell *restrict cell,
                     uint32_t *restrict levels)
{
    for (uint16_t level = 0; level < SNW_LEVELS; level++) {
        uint16_t count = 0;
        for (size_t i = 0; i < n; i++)
            count = (uint16_t)(count + (q[i] == level));
        cell->n += count;
        cell->sum += (uint64_t)level * count;
        cell->sum_squares += (uint64_t)level * level * count;
        if (levels)
            levels[level] += count;
    }
}

/* Values held at an end of the 16-bit range; a count of nothing lies at none. */
static uint64_t count_held(const uint16_t *q, size_t n, enum snw_measure_kind kind)
{
    uint64_t held = 0;
    for (size_t i = 0; i < n; i++)
        held += q[i] == SNW_FILL - 1 || (q[i] == 0 && kind == SNW_M_STATE);
    return held;
}

void SNW_KERNEL(snw_accumulate)(const struct snw_readout *restrict readout, size_t n,
                                const struct snw_bins *restrict bins, const uint8_t *restrict skip,
                                const struct snw_sums *restrict sums)
{
    uint16_t held[SNW_STRIDE];
    struct snw_cell *cells = sums->cells;
    if (n == 0)
        return;
    for (size_t m = 0; m < SNW_N_MEASURES; m++) {
        const uint16_t *q = readout->row[m];
        if (skip && skip[m])
            continue;
        if (readout->at_end[m])
            cells[m].clamped += count_held(q, n, snw_measure_table[m].kind);
        if (m >= SNW_M_cost)
            continue;
        if (m >= SNW_N_STATES && m < SNW_N_STATES + SNW_N_CODES) {
            size_t first = (m - SNW_N_STATES) * SNW_LEVELS;
            add_code(q, n, &cells[m], sums->levels ? sums->levels + first : NULL);
        } else if (m == SNW_M_years_since_fmp) { /* the others apply to all */
            size_t applies = leave_out(q, n, held);
            add_sums(held, whole_16(n), applies, &cells[m]);
        } else {
            add_sums(q, n, n, &cells[m]);
        }
    }
    SNW_KERNEL(snw_accumulate_accounts)(readout, n, cells);
    if (sums->counts)
        add_histograms(readout, n, bins, skip, sums->counts);
}

void SNW_KERNEL(snw_sums_add)(const struct snw_sums *from, const uint8_t *which,
                              const struct snw_sums *to)
{
    for (size_t m = 0; m < SNW_N_MEASURES; m++) {
        if (which && !which[m])
            continue;
        const struct snw_cell *a = &from->cells[m];
        struct snw_cell *b = &to->cells[m];
        *b = (struct snw_cell){b->n + a->n, b->sum + a->sum, b->sum_squares + a->sum_squares,
                               b->sum_squares_high + a->sum_squares_high, b->clamped + a->clamped};
        if (to->counts && m < SNW_N_STATES) {
            const uint16_t *restrict x = from->counts + m * SNW_BINS;
            uint16_t *restrict y = to->counts + m * SNW_BINS;
            for (size_t i = 0; i < SNW_BINS; i++)
                y[i] = (uint16_t)(y[i] + x[i]);
        } else if (to->levels && m >= SNW_N_STATES && m < SNW_N_STATES + SNW_N_CODES) {
            size_t first = (m - SNW_N_STATES) * SNW_LEVELS;
            for (size_t i = first; i < first + SNW_LEVELS; i++)
                to->levels[i] += from->levels[i];
        }
    }
}

const struct snw_recorder_kernels SNW_KERNEL(snw_recorder_kernels) = {
    &ISA_TEXT(SNW_ISA_SUFFIX)[1], SNW_KERNEL(snw_readout_state), SNW_KERNEL(snw_readout_year),
    SNW_KERNEL(snw_accumulate),   SNW_KERNEL(snw_sums_add),      SNW_KERNEL(snw_tally_year),
    SNW_KERNEL(snw_tally_course),
};
