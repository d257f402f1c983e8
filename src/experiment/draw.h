/* One draw of the uncertain parameters: a world of its own, run and reduced to a row by one rank.

   A row holds values, as struct snw_row lays them out, and their Monte Carlo variances. It depends
   on the config and the number of the draw alone. One rank runs a draw without communication
   (snw_drawer_run), or all ranks run it together: snw_drawer_begin, units, the sum of their totals
   to one rank, and there snw_drawer_end.
 */
#ifndef SNW_EXPERIMENT_DRAW_H
#define SNW_EXPERIMENT_DRAW_H

#include <signal.h>

#include "experiment/work.h"
#include "parallel/ranks.h"

/* Rows on their way to the writer at one time, of all ranks: more only where one each is more. */
enum { SNW_DRAWS_MIB = 16 };

/* A rank's room for one draw at a time; must stay where it is. */
struct snw_drawer {
    struct snw_world world;   /* of the draw: tables of the run, its own parameters and pilot */
    struct snw_worker worker; /* totals without histograms */
    double *row;              /* (2, snw_row_of().n) */
};

/* Where the parts of a row begin, and how many values it has. It begins with all outcomes. Of
   points of a sweep there are only n: their measures, with the variances of these among them. */
struct snw_row {
    size_t nation;  /* its quantities that are drawn: (quantity, scenarios, snw_national_values) */
    size_t screens; /* (scenarios,) of what snw_screens_reduce writes */
    size_t paired;  /* as snw_paired_reduce writes them */
    size_t n;
};
struct snw_row snw_row_of(const struct snw_world *world);

/* @return where a row holds an outcome of a scenario: (SNW_CELLS, outcome->n) values. */
size_t snw_outcome_place(const struct snw_world *world, const struct snw_outcome *outcome,
                         size_t scenario);

/* @param[in] run  built; outlives the drawer. Released with snw_drawer_free, also after a failure.
   @return SNW_OK, SNW_ERR_MEMORY. */
snw_status snw_drawer_init(struct snw_ctx *ctx, const struct snw_world *run,
                           struct snw_drawer *drawer) SNW_MUST_CHECK;
void snw_drawer_free(struct snw_drawer *drawer);

/* Makes the world of draw k >= 1, on all ranks or on one; adds the row of its totals to the parcel.
 */
snw_status snw_drawer_begin(struct snw_ctx *ctx, const struct snw_ranks *ranks,
                            struct snw_drawer *drawer, uint32_t draw) SNW_MUST_CHECK;
snw_status snw_drawer_end(struct snw_ctx *ctx, struct snw_drawer *drawer, uint32_t draw,
                          struct snw_parcel *parcel) SNW_MUST_CHECK;

/* Runs draw k >= 1 and adds its row to the parcel.
   @param[in] stop  looked at now and then: where it is set nothing is added
   @return SNW_OK; SNW_STOPPED, without a message; or the failure of its world or people. */
snw_status snw_drawer_run(struct snw_ctx *ctx, struct snw_drawer *drawer, uint32_t draw,
                          const volatile sig_atomic_t *stop,
                          struct snw_parcel *parcel) SNW_MUST_CHECK;

/* Totals, (n_scenarios,), to values and variances, (snw_row_of().n,) each; the latter 0 where
   nobody asks for them: of a nation, of screening and of a sweep. */
void snw_draw_reduce(const struct snw_world *world, const struct snw_totals *totals, double *values,
                     double *variances);

#endif
