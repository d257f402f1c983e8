/* People walked through their years by the program's kernels, in the order of the engine, and seen
   from inside: what the engine's readouts round or leave out. */
#ifndef SNW_TESTS_STATISTICAL_WALK_H
#define SNW_TESTS_STATISTICAL_WALK_H

#include "support/world.h"

/* What is shown: a block at a birthday after the RISK phase, or after the END phase of the year
   that it opened. Lane i is the person block->person[i] - walk->first of the walk. */
typedef void walk_see(const struct snw_block *block, const struct snw_luck *luck, void *to);

struct walk {
    struct snw_model *model;
    enum snw_sex sex;
    uint32_t first; /* ids first .. first + n - 1 */
    size_t n;
    int last_age; /* the last birthday, 20 .. 97; its year is lived */
    int immortal;
    struct snw_key key;
    walk_see *birthday, *year; /* NULL for neither */
    void *to;
};

/* Walks them all; the dead leave. A failure ends the test. */
void walk(const struct walk *walk);

/* A world of the defaults after `change` in which nobody dies: its reference pass was made with the
   life table of 2017, its hazard is 0. Released with world_free. */
struct world *world_immortal(void (*change)(struct snw_params *params));

/* Writes the world's frozen reference, changed by the test, into its model. */
void world_freeze(struct world *world);

#endif
