/* What a run's time went into, and what its trajectories take. */
#ifndef SNW_EXPERIMENT_PIPELINE_H
#define SNW_EXPERIMENT_PIPELINE_H

#include <stddef.h>
#include <stdint.h>

/* A run since it was begun or gone on with, from the first unit of work on; bytes and person-years
   are those of the whole run. */
struct snw_pipeline {
    /* seconds of all ranks: in lives; in packing them for the file; of the writer in the file,
       while all others wait */
    double simulate, compress, disk;
    uint64_t bytes_raw, bytes_stored; /* of trajectories, before and after compression */
    uint64_t person_years;
};

enum snw_bound { SNW_BOUND_SIMULATE, SNW_BOUND_COMPRESS, SNW_BOUND_DISK };

/* @return what took most. */
enum snw_bound snw_pipeline_bound(const struct snw_pipeline *pipeline);

/* @return its name: simulate, compress or disk; static storage. */
const char *snw_bound_name(enum snw_bound bound);

/* Says it in one line, without newline, into text, (size,). */
void snw_pipeline_text(const struct snw_pipeline *pipeline, char *text, size_t size);

#endif
