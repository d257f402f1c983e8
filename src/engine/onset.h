/* A scenario that begins within a life: on the birthday on which a person is met.

   Until then people live under the reference's parameters. From that day on rates, hazards and
   sensitivities are the scenario's at once, and so are levels (reference values, medians at 25, the
   medians of body mass index and gait). What has been gained or lost by then stays: medians that
   follow from yearly changes are shifted so that only changes after the day are the scenario's, and
   in the same way each person's menopausal and lasting bone loss is carried over. What people are
   born with stays too. With y the age on that day, for a median x(a) that is a level at 25 and
   changes from there:

     x(a) = x_s(a) + (x_0(y) - x_0(25)) - (x_s(y) - x_s(25))     0: reference, s: scenario

   A scenario equal to the reference in a parameter leaves the same bits. */
#ifndef SNW_ENGINE_ONSET_H
#define SNW_ENGINE_ONSET_H

#include "processes/coefficients.h"

struct snw_onset {
    struct snw_year_coef year;  /* the scenario's, shifted; filled by snw_onset_year */
    struct snw_year_coef shift; /* only the shifted medians are used */
    snw_real menopause_muscle; /* what a year of menopausal muscle loss before the day differs by */
    snw_real age;              /* of all lanes on that day */
};

/* Begins a scenario for a block whose lanes all are met at its age: computes the shifts and carries
   over what the lanes have lost. */
void snw_onset_begin(struct snw_onset *onset, struct snw_block *block,
                     const struct snw_model *before, const struct snw_model *scenario);

/* @return onset->year: the scenario's coefficients of a later year of age, shifted. */
struct snw_year_coef *snw_onset_year(struct snw_onset *onset, const struct snw_year_coef *scenario);

/* After the LOOK phase: the muscle lost round menopause before the day stays lost. */
void snw_onset_look(const struct snw_onset *onset, struct snw_block *block);

#endif
