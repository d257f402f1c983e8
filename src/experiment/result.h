/* What a run leaves behind: the layout of results.h5. */
#ifndef SNW_EXPERIMENT_RESULT_H
#define SNW_EXPERIMENT_RESULT_H

#include "experiment/pipeline.h"
#include "experiment/spread.h"
#include "experiment/study.h"
#include "experiment/work.h"
#include "store/table.h"

/* The result file while it is written; rank 0 has one, and it must stay where it is. */
struct snw_result {
    struct snw_file file;
    struct snw_table events;
    struct snw_study study;
    struct snw_spread draws;
    bool has_events, has_study, has_draws;
    struct snw_track_person *people;           /* (scenarios, rows) */
    struct snw_chunked fields[SNW_N_MEASURES]; /* trajectories, left open for chunks */
    uint64_t bytes_stored, bytes_raw; /* of trajectories, in the file and before compression */
    struct snw_digest lives;          /* of the rows of trajectories so far */
    uint64_t n_lives;                 /* rows in it, over fields and scenarios */
    uint64_t n_events;
};

/* Creates the file with everything that is known before the first unit. */
snw_status snw_result_create(struct snw_ctx *ctx, const struct snw_world *world, const char *path,
                             bool force, struct snw_result *result) SNW_MUST_CHECK;

/* Opens an interrupted run's file; what a checkpoint knows of its tables and draws is taken up
   apart. */
snw_status snw_result_append(struct snw_ctx *ctx, const struct snw_world *world, const char *path,
                             struct snw_result *result) SNW_MUST_CHECK;

/* Unpacks one record of a parcel into the file. @param[in] bytes (record->n_bytes,) */
snw_status snw_result_record(struct snw_ctx *ctx, const struct snw_world *world,
                             struct snw_result *result, const struct snw_record *record,
                             const unsigned char *bytes) SNW_MUST_CHECK;

/* Unpacks a parcel into the file. */
snw_status snw_result_take(struct snw_ctx *ctx, const struct snw_world *world,
                           struct snw_result *result,
                           const struct snw_parcel *parcel) SNW_MUST_CHECK;

struct snw_run_facts {
    int ranks;
    double seconds;
    uint64_t person_years, n_capped;
    const char *command_line;
    struct snw_pipeline pipeline;
    /* of the ranks, since the run was last gone on with: units and draws of the one that did least
       and most, and the share of their time in which they worked; 0 where not known */
    double least_units, most_units, busy;
    double memory_bytes; /* the most that a rank has held before the result was completed */
};

/* Writes summaries, parameters, reference and provenance; names the file. @param[in] totals
   (scenarios,) of the whole population. */
snw_status snw_result_finish(struct snw_ctx *ctx, const struct snw_world *world,
                             const struct snw_totals *totals, const struct snw_run_facts *facts,
                             struct snw_result *result) SNW_MUST_CHECK;

void snw_result_free(struct snw_result *result);

#endif
