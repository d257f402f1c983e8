/* The reference pass of an earlier run that made the very same one. */
#ifndef SNW_EXPERIMENT_KEPT_PASS_H
#define SNW_EXPERIMENT_KEPT_PASS_H

#include "experiment/work.h"
#include "store/hash.h"

/* Everything that a pass follows from, as one hash: this program's own bytes, the kernels, the
   parameters, tables and prices, the settings of the pass.
   @param[out] key  empty where it can't be known: nothing is kept then */
void snw_pass_key(const struct snw_world *world, const struct snw_pilot_plan *plan,
                  char key[SNW_SHA256_TEXT]);

/* @return whether the pass was found, into world->pilot. */
bool snw_pass_find(struct snw_world *world, const char *key);
void snw_pass_keep(const struct snw_world *world, const char *key);

#endif
