/* One block of people from 20 to the horizon: years x processes x recorders. No MPI, no files. */
#ifndef SNW_ENGINE_LIFE_H
#define SNW_ENGINE_LIFE_H

#include "core/context.h"
#include "engine/instruments.h"
#include "engine/onset.h"
#include "engine/pilot.h"
#include "engine/tracks.h"
#include "interventions/treatment.h"
#include "people/trends.h"
#include "processes/schedule.h"
#include "recorders/measures.h"
#include "recorders/paired.h"
#include "screening/screening.h"

/* Exact sums over people of one scenario; plain integers, merged by adding.
   cells (sexes, ages, measures), histograms (sexes, ages, states, SNW_BINS), levels (sexes, ages,
   codes, SNW_LEVELS), causes (sexes, ages, SNW_N_CAUSES) deaths by attributed cause. These are of
   the year in which people are met and, in a birth cohort, of all ages; by_year (years, sexes,
   ages, measures) are the years of a cross-section that is followed or of an open population, the
   first of them that in which it is met. Levels too are kept of all these years: those of the first
   come first. Histograms are counted in 16 bits, which stay in cache, and settled from time to
   time; totals may do without them. paired (sexes, SNW_N_PAIRED) are of whole lives, from the year
   in which people are met, where scenarios are lived side by side. */
struct snw_totals {
    size_t years; /* 0: not followed */
    struct snw_cell *by_year;
    struct snw_cell *cells;
    uint32_t *histograms; /* NULL where there are none, as counts */
    uint32_t *levels;
    uint64_t *causes;
    uint64_t *costs; /* (sexes, ages, SNW_N_COST_PARTS) cents, where asked for; else 0 */
    struct snw_screening_counts *screening; /* of what is recorded, all ages */
    struct snw_paired_sum *paired;
    uint16_t *counts;    /* of the histograms, not settled */
    uint32_t *n_counted; /* (sexes, ages) people in counts */
};

enum {
    SNW_TOTALS_CELLS = SNW_N_SEXES * SNW_N_AGES * SNW_N_MEASURES,
    SNW_TOTALS_HISTOGRAMS = SNW_N_SEXES * SNW_N_AGES * SNW_N_STATES * SNW_BINS,
    SNW_TOTALS_LEVELS = /* of one year */
    SNW_N_SEXES * SNW_N_AGES * SNW_N_CODES * SNW_LEVELS,
    SNW_TOTALS_CAUSES = SNW_N_SEXES * SNW_N_AGES * SNW_N_CAUSES,
    SNW_TOTALS_PAIRED = SNW_N_SEXES * SNW_N_PAIRED,
    SNW_TOTALS_COSTS = SNW_N_SEXES * SNW_N_AGES * SNW_N_COST_PARTS,
    SNW_TOTALS_SCREENING = sizeof(struct snw_screening_counts) / sizeof(uint64_t)
};

/* @return SNW_OK or SNW_ERR_MEMORY; released with snw_totals_free. */
snw_status snw_totals_init(struct snw_totals *totals, size_t years, int histograms) SNW_MUST_CHECK;
void snw_totals_free(struct snw_totals *totals);
void snw_totals_clear(struct snw_totals *totals);
/* @return the values in levels: of all years kept. */
static inline size_t snw_totals_n_levels(const struct snw_totals *totals)
{
    return (totals->years ? totals->years : 1) * SNW_TOTALS_LEVELS;
}
/* Brings the histograms up to date; to be called before they are read. */
void snw_totals_settle(struct snw_totals *totals);
/* @return room to count n more people of cell sex x SNW_N_AGES + age - 20, (states, SNW_BINS);
   NULL without histograms. */
uint16_t *snw_totals_count(struct snw_totals *totals, size_t cell, size_t n);

/* The arrays of settled totals, to be stored or sent. */
enum { SNW_TOTALS_PARTS = 8 };
struct snw_totals_part {
    const char *name;
    void *values;
    size_t n_bytes;
};
void snw_totals_parts(struct snw_totals *totals, struct snw_totals_part part[SNW_TOTALS_PARTS]);
/* Adds n cells. */
void snw_cells_add(struct snw_cell *to, const struct snw_cell *from, size_t n);
/* Adds `from`, settled, to `to`, both of as many years and with histograms. */
void snw_totals_add(struct snw_totals *to, const struct snw_totals *from);

/* What a block is run with; everything outlives the call. The first scenario is the reference. */
struct snw_life_plan {
    const struct snw_kernels *kernels;
    const struct snw_recorder_kernels *recorders;
    const struct snw_economy_kernels *accounting;
    size_t n_scenarios;
    const struct snw_model *models;         /* (n_scenarios,) frozen */
    const struct snw_economy *economies;    /* (n_scenarios,) frozen */
    const struct snw_programme *programmes; /* (n_scenarios,); NULL where none does anything */
    const struct snw_treatment_kernels *treating;
    const struct snw_screening *screenings; /* (n_scenarios,); NULL where none screens */
    const struct snw_pilot_result *pilot;   /* for the bins of histograms */
    struct snw_key key;
    /* (n_scenarios,) cohort trends: the population's, then what each scenario adds; NULL where
       there are none. in_time only */
    const struct snw_trends *const *trends;
    int in_time;        /* the years of people's lives are calendar years */
    int32_t first_year; /* the first that is kept by calendar year; in_time only */
    int from_visit; /* scenarios begin on the day people are met, or later; then all of a block are
                       met at one age */
    const int32_t *begins; /* (n_scenarios,) the calendar year before which a scenario does not
                              begin; NULL where all begin at once. With from_visit only */
    int all_events;        /* events of everybody, else of sampled people only */
    int cost_parts;        /* costs are summed up by part too */
};

/* A block's people in the scenarios beside the reference: lane i is the same person in all of them,
   for as long as the person is alive in one. */
struct snw_beside {
    size_t n;                             /* scenarios beside the reference */
    struct snw_block *blocks;             /* (n,) */
    struct snw_onset *onsets;             /* (n,) */
    const struct snw_year_coef **numbers; /* (n + 1,) of the year, the reference's first */
    uint8_t *begun;              /* (n,) 1 once the scenario has left the reference's path */
    uint8_t *same_body;          /* (n,) 1 while it shares what the body's processes give */
    uint8_t (*gone)[SNW_STRIDE]; /* (n + 1,) 1 for those dead in a scenario, alive in another */
    size_t n_common;             /* lanes from 0 on that are alive in all scenarios */
    struct snw_treatment *treatments;     /* (n + 1,), the reference's first; NULL without any */
    struct snw_treatment_room *room;      /* where there are some */
    struct snw_screened *screened;        /* (n + 1,); NULL where nobody is screened */
    struct snw_screening_room *screening; /* where somebody is */
    struct snw_screened nobody;           /* without rows, where nobody is */
    struct snw_tally *tallies;            /* (n + 1,), the reference's first */
    double worth[2][SNW_N_AGES]; /* of cost and of effect, by years since people were met */
    double effect_before[SNW_N_AGES + 1];  /* of effect, all years before that one */
    struct snw_readout readout, apart;     /* of a scenario; of lanes that are not alive in all */
    struct snw_cell cells[SNW_N_MEASURES]; /* the reference's sums of the year */
    uint16_t counts[SNW_N_STATES * SNW_BINS];
    uint32_t levels[SNW_N_CODES * SNW_LEVELS];
};

/* @return NULL where there is no memory. @param[in] n scenarios beside the reference, at least 1.
   Released with snw_beside_free. */
struct snw_beside *snw_beside_new(size_t n);
void snw_beside_free(struct snw_beside **beside);

/* Makes room for interventions, (n + 1,), the reference's first. @return 0 where there is no
   memory. Released with snw_beside_free. */
int snw_beside_treat(struct snw_beside *beside, const struct snw_programme *programmes);

/* The same for screening, which needs interventions. */
int snw_beside_screen(struct snw_beside *beside, const struct snw_screening *screenings);

/* Has whole lives discounted to the day people are met, at annual effective rates; without, they
   are not. */
void snw_beside_discount(struct snw_beside *beside, double cost_rate, double effect_rate);

/* Room for one block at work; a rank has one. */
struct snw_workspace {
    struct snw_block block;    /* of the reference */
    struct snw_beside *beside; /* where there is more than one scenario; the caller's */
    struct snw_luck luck, born;
    struct snw_happenings happenings;
    struct snw_readout readout;
    int32_t part_cents[SNW_N_COST_PARTS][SNW_STRIDE]; /* of the scenario at work */
    struct snw_year_coef now;  /* the reference's, where mortality changes with calendar time */
    struct snw_visits *visits; /* takes who is met (study), NULL for none; the caller's */
    /* lanes that died before they were met: to be tried again (study) */
    size_t n_lost;
    struct snw_lost {
        uint32_t person, replicate;
        int32_t row, enter_age, exit_age;
    } lost[SNW_BLOCK_MAX];
    uint64_t person_years; /* lived by living lanes, whole years, in all scenarios */
    uint64_t n_capped;     /* persons whose falls were capped */
};

/* Runs the block whose identity stands in work->block (n, sex, birth_year, person, replicate, row,
   enter_age, exit_age) through its life in all scenarios. They share the luck of each year, and all
   years before the first in which they differ. Adds to totals, tracks and events, (n_scenarios,)
   each.
   @return SNW_OK, SNW_ERR_MODEL, SNW_ERR_RUN, SNW_ERR_MEMORY. */
snw_status snw_live(struct snw_ctx *ctx, const struct snw_life_plan *plan,
                    struct snw_workspace *work, struct snw_totals *totals,
                    struct snw_tracks *tracks, struct snw_event_list *events) SNW_MUST_CHECK;

#endif
