/* A country's people by sex and age in one year, and those who join its adults later. */
#ifndef SNW_POPULATION_NATION_H
#define SNW_POPULATION_NATION_H

#include "config/settings.h"

struct snw_nation {
    double count[SNW_N_SEXES][SNW_N_AGES]; /* people of 20 to 97 in the year */
    double above97[SNW_N_SEXES];
    /* people who turn 20 in the k-th year after it, k = 1 .. 77; [0] is 0 */
    double turn_20[SNW_N_SEXES][SNW_N_AGES];
    /* people who come from abroad at 20 to 97 in every later year; at 20 they are in turn_20 too,
       and 0 here */
    double come[SNW_N_SEXES][SNW_N_AGES];
};

/* Reads the tables of population.year. Those below 20 join the adults of an open population
   (open.md):

     turn_20(k) = alive(20 - k) S(20 - k)               k = 1 .. 20, of those there in the year
                  births S(0)                           k > 20
                  + sum over a of abroad(a) S(a)        arrivals at 20 and below since the year

   S(a): chance to survive from a to 20 by the life table.
   @return SNW_OK, SNW_ERR_TABLE, SNW_ERR_MEMORY. */
snw_status snw_nation_read(struct snw_ctx *ctx, const struct snw_settings *settings,
                           struct snw_nation *nation) SNW_MUST_CHECK;

#endif
