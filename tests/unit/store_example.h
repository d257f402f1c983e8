/* A small result file of made-up numbers, for tests of the store and of other tools. */
#ifndef SNW_TESTS_STORE_EXAMPLE_H
#define SNW_TESTS_STORE_EXAMPLE_H

#include "store/dataset.h"

enum {
    EXAMPLE_SCENARIOS = 2,
    EXAMPLE_DRAWS = 2,
    EXAMPLE_SEXES = 2,
    EXAMPLE_AGES = 78,
    EXAMPLE_PERSONS = 300,
    EXAMPLE_EVENTS = 1000
};

struct example {
    enum snw_compression level;
    size_t chunk_rows;      /* of the trajectories */
    bool reversed;          /* chunks and events in the opposite order */
    uint16_t changed_value; /* added to one value of one person */
};

/* Values of the file, as stated: grip_kg of /summary. */
double example_grip(size_t scenario, size_t draw, size_t sex, size_t age);
/* Trajectory of person p, 16 bits. */
uint16_t example_asm(size_t scenario, size_t person, size_t age);

/* Writes and finishes the file. */
snw_status example_write(const char *path, const struct example *example, struct snw_ctx *ctx);

/* The parts: coordinates of /trajectories and its field; chunk `k` of it, counted over scenarios.
 */
snw_status example_trajectories(struct snw_file *file, const struct example *example,
                                struct snw_ctx *ctx);
snw_status example_chunk(struct snw_file *file, const struct example *example, size_t k,
                         struct snw_ctx *ctx);
size_t example_n_chunks(const struct example *example);

#endif
