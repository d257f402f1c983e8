/* What a run's time went into, and what its trajectories take. */
#ifndef SNW_EXPERIMENT_PIPELINE_H
#define SNW_EXPERIMENT_PIPELINE_H

#include <stdint.h>
#include <stdio.h>

#include "parallel/ranks.h"

/* A run since it was begun or gone on with, from the first unit of work on; bytes and person-years
   are those of the whole run. */
struct snw_pipeline {
    /* seconds of all ranks: in lives; in packing them for the file; of the writer in the file, and
       of the others where they wait for that */
    double simulate, compress, disk;
    uint64_t bytes_raw, bytes_stored; /* of trajectories, before and after compression */
    uint64_t person_years;
};

enum snw_bound { SNW_BOUND_SIMULATE, SNW_BOUND_COMPRESS, SNW_BOUND_DISK };

/* @return what took most. */
enum snw_bound snw_pipeline_bound(const struct snw_pipeline *pipeline);

/* @return its name: simulate, compress or disk; static storage. */
const char *snw_bound_name(enum snw_bound bound);

/* Adds the seconds of all ranks up, on rank 0; all take part. Those in the file are what rank 0,
   the writer, says. @return SNW_OK or SNW_ERR_MPI. */
snw_status snw_pipeline_sum(const struct snw_ranks *ranks,
                            struct snw_pipeline *pipeline) SNW_MUST_CHECK;

/* Says it in a line. */
void snw_pipeline_say(const struct snw_pipeline *pipeline, FILE *stream);

#endif
