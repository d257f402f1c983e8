/* A world to test in: the default parameters, the tables of 2017 and 2000, and a small reference
 * pass. */
#ifndef SNW_TESTS_SUPPORT_WORLD_H
#define SNW_TESTS_SUPPORT_WORLD_H

#include "engine/life.h"
#include "engine/pilot.h"

struct world {
    struct snw_params params;
    struct snw_life_table life;             /* 2017 */
    double census[SNW_N_SEXES][SNW_N_AGES]; /* 2000 */
    struct snw_prices prices;               /* of 2019, by PCE */
    struct snw_pilot_result reference;
    struct snw_model model;     /* frozen */
    struct snw_economy economy; /* frozen; event ledger */
};

/* The defaults after `change` (NULL for none), with a pilot of so many persons of each sex.
   @return the world, released with world_free; a failure ends the test. */
struct world *world_new(void (*change)(struct snw_params *params), uint32_t persons);
void world_free(struct world *world);

/* Coefficients for these parameters, frozen at the world's reference pass. */
void world_model(const struct world *world, const struct snw_params *params,
                 struct snw_model *model);

/* Sets the identity of n people of one sex: ids first, first + 1, .., 20 to the horizon, no rows.
 */
void world_people(struct snw_block *block, size_t n, enum snw_sex sex, uint32_t first);

/* Everything that snw_live takes and gives. */
struct lives {
    struct snw_ctx ctx;
    struct snw_life_plan plan;
    struct snw_workspace *work;
    struct snw_totals totals;
    struct snw_tracks tracks;
    struct snw_event_list events;
    size_t n_lost; /* over all blocks */
};

/* @param[in] isa plain, v3, v4 or NULL for the best; @param[in] rows persons to be tracked, from
   the first on. */
void lives_init(struct lives *lives, const struct world *world, const char *isa, size_t rows);
void lives_free(struct lives *lives);

/* Lives of n people of one sex in blocks of a given length; ids from `first`. Person first + i is
   tracked in row i where there is such a row. @return the first status that is not SNW_OK. */
snw_status lives_run(struct lives *lives, enum snw_sex sex, uint32_t first, size_t n, size_t block);

enum { TOGETHER_MOST = 9 };

/* Scenarios side by side: each block is lived in all of them in one call. */
struct together {
    struct lives room; /* plan and workspace; its own records stay empty */
    struct snw_totals totals[TOGETHER_MOST];
    struct snw_tracks tracks[TOGETHER_MOST];
    struct snw_event_list events[TOGETHER_MOST];
};

/* n scenarios, their models (n,) and economies (n,); the caller adds to the plan what else it
   needs. @param[in] isa, rows as in lives_init; @param[in] histograms whether totals have them. */
void together_init(struct together *t, const struct world *world, const char *isa, size_t rows,
                   int histograms, size_t n, const struct snw_model *models,
                   const struct snw_economy *economies);
void together_free(struct together *t);

/* As lives_run; a failure ends the test. */
void together_run(struct together *t, enum snw_sex sex, uint32_t first, size_t n, size_t block);

/* Scenarios are treated by these programmes (n,), one each, which stay the caller's. */
void together_treat(struct together *t, const struct snw_programme *programmes);

/* Lives all of it anew on each kind of CPU that is here and in blocks of other lengths than 512,
   and hands each to `compare`.
   @param[in] live lays and lives it all; isa and block as above. */
void together_otherwise(void (*live)(struct together *t, const char *isa, size_t block),
                        void (*compare)(const struct together *other));

/* The sums of a measure by sex and age, and the number stored for it in a track. */
const struct snw_cell *lives_cell(const struct lives *lives, enum snw_sex sex, int age,
                                  enum snw_measure m);
uint16_t lives_q(const struct lives *lives, size_t row, int age, enum snw_measure m);

/* The same people have the same trajectories. */
void assert_same_tracks(const struct snw_tracks *a, const struct snw_tracks *b);

/* The value a 16-bit number stands for. */
double measure_value(enum snw_measure m, double q);

#endif
