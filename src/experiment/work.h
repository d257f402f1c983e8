/* Units of work: simulated, packed into a parcel of bytes, unpacked by the writer. */
#ifndef SNW_EXPERIMENT_WORK_H
#define SNW_EXPERIMENT_WORK_H

#include "config/posterior_table.h"
#include "config/settings.h"
#include "engine/life.h"
#include "engine/pilot.h"
#include "experiment/outcomes.h"
#include "parallel/ranks.h"
#include "population/population.h"
#include "store/compress.h"
#include "store/digest.h"

/* What all ranks know of the run once the reference pass is done; and what one rank knows of a draw
   of the parameters, which is a world beside it. Must stay where it is. */
struct snw_world {
    const struct snw_settings *settings;
    struct snw_posterior_table posterior;
    struct snw_draws draws; /* how parameters are drawn */
    struct snw_outcomes *outcomes;
    struct snw_sweeping *sweep; /* NULL without one */
    struct snw_life_table life;
    double census[SNW_N_SEXES][SNW_N_AGES]; /* of 2000, for weights at 60 and over */
    struct snw_nation nation;               /* of population.year */
    struct snw_population population;
    struct snw_price_index price_index;
    struct snw_prices prices;
    bool sums_only; /* nothing is kept of single people, nor are there histograms: a draw */
    struct snw_pilot_result *pilot;
    bool pass_was_kept; /* the pilot is that of an earlier run */
    size_t n_scenarios;
    struct snw_params *params;        /* (n_scenarios,) */
    struct snw_model *models;         /* (n_scenarios,) frozen */
    struct snw_economy *economies;    /* (n_scenarios,) frozen */
    struct snw_programme *programmes; /* (n_scenarios,) NULL where no scenario has interventions */
    struct snw_intervention *treated; /* of a point of the sweep, in the place of the declared */
    const struct snw_trends **trends; /* (n_scenarios,) NULL where there are none */
    int32_t *begins; /* (n_scenarios,) first calendar year; NULL where all begin at once */
    const struct snw_treatment_kernels *treating;
    struct snw_screening *screenings; /* (n_scenarios,) NULL where no scenario screens */
    struct snw_risk_score score;      /* of the point estimate, where a pathway asks for it */
    const struct snw_kernels *kernels;
    const struct snw_recorder_kernels *recorders;
    const struct snw_economy_kernels *accounting;
    struct snw_key key;
    size_t n_fields; /* of trajectories */
    enum snw_measure fields[SNW_N_MEASURES];
};

/* @return which scenario of the settings one of a world is: of several deeds the others come again.
 */
static inline size_t snw_scenario_like(const struct snw_world *world, size_t s)
{
    size_t n = world->settings->scenarios.n;
    return s < n ? s : 1 + (s - 1) % (n - 1);
}

/* Bytes on their way to the writer. */
struct snw_parcel {
    unsigned char *bytes;
    size_t n, room;
};

enum snw_record_kind {
    SNW_RECORD_CHUNK,
    SNW_RECORD_PEOPLE,
    SNW_RECORD_EVENTS,
    SNW_RECORD_VISITS,
    SNW_RECORD_DRAW
};

/* The world of draws: it borrows the tables of the run's, which outlives it, and has room for the
   rest. Released with snw_world_of_draws_free, also after a failure.
   @return SNW_OK, SNW_ERR_MEMORY. */
snw_status snw_world_of_draws(struct snw_ctx *ctx, const struct snw_world *run,
                              struct snw_world *world) SNW_MUST_CHECK;
void snw_world_of_draws_free(struct snw_world *world);

/* Makes it that of draw k >= 1, or of point k of the sweep: parameters, reference pass, models. The
   ranks given take part together. */
snw_status snw_world_draw(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                          struct snw_world *world, uint32_t draw) SNW_MUST_CHECK;

/* The same of any parameters, with luck of that number (the second word of the key). */
snw_status snw_world_believe(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                             struct snw_world *world, const struct snw_params *params,
                             uint32_t luck) SNW_MUST_CHECK;

/* Brings what the interventions of a programme cost into the prices of the run.
   @return SNW_OK; SNW_ERR_TABLE where the index lacks a year. */
snw_status snw_world_price(struct snw_ctx *ctx, const struct snw_world *world,
                           struct snw_programme *programme) SNW_MUST_CHECK;

/* The model of a scenario's parameters, and what its years cost, against the reference pass that
   the world has. */
void snw_world_freeze(const struct snw_world *world, const struct snw_params *params,
                      struct snw_model *model, struct snw_economy *economy);

/* Those of all its scenarios. */
void snw_world_act(struct snw_world *world);

/* What stands before each record of a parcel; n_bytes of content follow, padded to 8. */
struct snw_record {
    uint32_t kind, scenario, field, n_rows; /* n_rows: of people in a chunk */
    uint64_t first_row, n_bytes;
    struct snw_digest digest; /* of the rows of a chunk */
    uint64_t unit;            /* that it is of, set by snw_parcel_stamp */
};

snw_status snw_parcel_add(struct snw_parcel *parcel, const struct snw_record *record,
                          const void *bytes) SNW_MUST_CHECK;

/* The same in place: room for the content of the next record, at most n_bytes; then the record.
   @return the room, NULL for no memory. */
unsigned char *snw_parcel_room(struct snw_parcel *parcel, size_t n_bytes);
void snw_parcel_close(struct snw_parcel *parcel, const struct snw_record *record);

void snw_parcel_free(struct snw_parcel *parcel);

/* Says of all records from byte `from` on which unit they are of. */
void snw_parcel_stamp(struct snw_parcel *parcel, size_t from, uint64_t unit);

/* @return the next record from *at on and its content, NULL at the end. */
const struct snw_record *snw_parcel_next(const struct snw_parcel *parcel, size_t *at,
                                         const unsigned char **bytes);

/* A rank's room to work in. */
struct snw_worker {
    struct snw_workspace *work;
    struct snw_lane_of_unit *lanes, *again;
    struct snw_totals *totals;     /* (n_scenarios,) since they were last cleared */
    struct snw_tracks *tracks;     /* (n_scenarios,) of the unit */
    struct snw_event_list *events; /* (n_scenarios,) of the unit */
    size_t block_people;
    struct snw_visits *visits; /* in a study, else NULL */
    struct snw_compressor compressor;
    uint16_t *lives;       /* (rows, ages) of a field on its way */
    unsigned char *packed; /* and its chunk */
    /* The writer takes its own chunks as they are made; NULL: they go into the parcel. */
    snw_status (*ship)(void *writer, const struct snw_record *record, const unsigned char *bytes);
    void *writer;
    double packing; /* seconds spent on chunks, their shipping aside */
    uint64_t person_years, n_capped;
};

snw_status snw_worker_init(struct snw_ctx *ctx, const struct snw_world *world,
                           struct snw_worker *worker) SNW_MUST_CHECK;
void snw_worker_free(const struct snw_world *world, struct snw_worker *worker);

/* Simulates a unit in all scenarios: adds to the worker's totals and to the parcel. */
snw_status snw_unit_run(struct snw_ctx *ctx, const struct snw_world *world,
                        struct snw_worker *worker, uint64_t unit,
                        struct snw_parcel *parcel) SNW_MUST_CHECK;

#endif
