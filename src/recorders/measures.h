/* Outcomes of a block-year: 16-bit readouts, and their exact sums and histograms. */
#ifndef SNW_RECORDERS_MEASURES_H
#define SNW_RECORDERS_MEASURES_H

#include "economics/economics.h"
#include "processes/coefficients.h"

enum snw_measure {
#define SNW_MEASURE(kind, name, unit, offset, scale, doc) SNW_M_##name,
#include "recorders/measures.def"
#undef SNW_MEASURE
    SNW_N_MEASURES
};

enum snw_measure_kind { SNW_M_STATE, SNW_M_CODE, SNW_M_YEAR, SNW_M_WIDE };

struct snw_measure_info {
    const char *name, *unit, *doc;
    enum snw_measure_kind kind;
    double offset, scale;
    double
        cell_scale; /* of the numbers that cells sum up: scale, or a thousandth of it where WIDE */
};

extern const struct snw_measure_info snw_measure_table[SNW_N_MEASURES];

enum {
    SNW_FILL = 65535,                         /* does not apply */
    SNW_N_STATES = SNW_M_years_since_fmp + 1, /* the first measures: each has a histogram */
    SNW_N_CODES = SNW_M_falls - SNW_N_STATES, /* the next: each has its levels counted */
    SNW_LEVELS = 4,
    SNW_BINS = 256 /* of a histogram */
};

/* The readouts of one block at one age, (measures, SNW_STRIDE). */
struct snw_readout {
    size_t n; /* lanes that hold people */
    uint16_t q[SNW_N_MEASURES][SNW_STRIDE];
    const uint16_t *row[SNW_N_MEASURES]; /* a measure's lanes: in q, or in the twin's readout */
    uint8_t at_end[SNW_N_MEASURES]; /* 1 where values may stand at an end of the 16-bit range */
    uint32_t faults;                /* values that are not a number */
    struct snw_accounts accounts;   /* behind the WIDE measures */
} __attribute__((aligned(64)));

/* The same people, lane by lane, in another scenario, read out at the same age: what is the same
   there need not be read out again. */
struct snw_twin {
    const struct snw_block *block;
    const struct snw_year_coef *coef;
    const struct snw_readout *readout;
    int same_body; /* 1 where all that the body's processes give is known to be the same */
};

/* Fills STATE and CODE measures from a block after the SCORE phase; resets at_end and faults.
   @param[in] twin NULL for none. */
void SNW_KERNEL(snw_readout_state)(struct snw_readout *restrict out,
                                   const struct snw_block *restrict block,
                                   const struct snw_year_coef *restrict coef,
                                   const struct snw_twin *twin);

/* Fills YEAR measures after the END phase (n lanes as at the birthday), and WIDE ones from the
   accounts of the year. @param[in] twin NULL for none. */
void SNW_KERNEL(snw_readout_year)(struct snw_readout *restrict out,
                                  const struct snw_block *restrict block,
                                  const struct snw_year_coef *restrict coef,
                                  const struct snw_twin *twin);

/* Exact sums of one measure, sex and age; of WIDE ones too, whose squares need more than 64 bits:
   they add up to sum_squares + 2^32 sum_squares_high. */
struct snw_cell {
    uint64_t n, sum, sum_squares, sum_squares_high, clamped;
};

/* Which bin a 16-bit value falls into: (q - low) scale / 2^16, held within 0 .. SNW_BINS - 1. */
struct snw_bins {
    uint16_t low, scale;
};

/* Where sums go: cells (measures,); where they are not NULL also histograms, counts (states,
   SNW_BINS), none of which may pass 65535, and levels of codes, (codes, SNW_LEVELS). */
struct snw_sums {
    struct snw_cell *cells;
    uint16_t *counts;
    uint32_t *levels;
};

/* Adds the first n lanes of a readout. @param[in] bins (measures,); @param[in] skip (measures,) 1
   for what is not to be added, NULL for nothing. */
void SNW_KERNEL(snw_accumulate)(const struct snw_readout *restrict readout, size_t n,
                                const struct snw_bins *restrict bins, const uint8_t *restrict skip,
                                const struct snw_sums *restrict sums);

/* Adds sums. @param[in] which (measures,) 1 for what is added, NULL for everything. */
void SNW_KERNEL(snw_sums_add)(const struct snw_sums *from, const uint8_t *which,
                              const struct snw_sums *to);

/* WIDE measures of lanes 0 .. n-1: the 16-bit readouts from the accounts, and their exact sums into
   the cells (measures,). Called by the two above. */
void SNW_KERNEL(snw_readout_accounts)(struct snw_readout *readout, size_t n);
void SNW_KERNEL(snw_accumulate_accounts)(const struct snw_readout *readout, size_t n,
                                         struct snw_cell *cells);

struct snw_tally; /* recorders/paired.h */

struct snw_recorder_kernels {
    const char *isa;
    void (*state)(struct snw_readout *restrict, const struct snw_block *restrict,
                  const struct snw_year_coef *restrict, const struct snw_twin *);
    void (*year)(struct snw_readout *restrict, const struct snw_block *restrict,
                 const struct snw_year_coef *restrict, const struct snw_twin *);
    void (*accumulate)(const struct snw_readout *restrict, size_t, const struct snw_bins *restrict,
                       const uint8_t *restrict, const struct snw_sums *restrict);
    void (*add)(const struct snw_sums *, const uint8_t *, const struct snw_sums *);
    void (*tally)(struct snw_tally *restrict, const struct snw_readout *restrict, size_t, double,
                  double);
    void (*course)(snw_real *restrict, const snw_real *restrict, const snw_real *restrict, double,
                   size_t);
};

extern const struct snw_recorder_kernels SNW_KERNEL(snw_recorder_kernels);

/* @return the recorders for the instruction set of the same name, NULL where there are none. */
const struct snw_recorder_kernels *snw_recorder_kernels_named(const char *isa);

#endif
