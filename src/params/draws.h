/* Draws of the whole parameter set, keyed and correlated: the basis of `uncertainty.draws`.

   Each element has a normal score, the sum of standard normal factors with weights whose squares
   add up to 1: one of its group (correlations.def), those that it shares along the axes of its row
   (axes.def) and its own. The implied correlation matrix is positive definite by construction. A
   factor is addressed by a hash of its name, not by its place in a table: rows and knots may be
   added or moved and no other draw changes. See priors.md. */
#ifndef SNW_PARAMS_DRAWS_H
#define SNW_PARAMS_DRAWS_H

#include <stdbool.h>
#include <stdint.h>

#include "params/params.h"

/* One element of a parameter. */
struct snw_param_element {
    enum snw_param_id id;
    size_t index;
};

/* A posterior sample of some elements, whole rows of which take the place of their priors. */
struct snw_posterior {
    size_t n_rows, n_columns;
    const struct snw_param_element *column; /* (n_columns,) */
    const double *value;                    /* (n_rows, n_columns) */
};

/* What is drawn; all zero but the seed: every parameter, from its prior. */
struct snw_draws {
    uint32_t seed;
    bool held[SNW_PARAM_COUNT];            /* parameters that do not vary */
    const struct snw_posterior *posterior; /* NULL: none */
};

/* Lets only the parameters of the named sections vary. @param[in] section (n,) */
void snw_draws_only(struct snw_draws *draws, size_t n, char *const *section);

/* One draw of all parameters. Draw 0 is the base; draw k > 0 depends on seed and k alone. Elements
   with a posterior take row (k - 1) modulo its rows.
   @param[in] base  within bounds
   @param[out] out  within bounds; may be the base itself */
void snw_params_draw(struct snw_params *out, const struct snw_params *base,
                     const struct snw_draws *draws, uint32_t draw);

/* The normal score of an element in a draw. */
double snw_param_score(enum snw_param_id id, size_t index, uint32_t seed, uint32_t draw);

/* The normal score of a figure of an intervention in a draw, addressed by their names: its own. */
double snw_figure_score(const char *intervention, const char *figure, uint32_t seed, uint32_t draw);

/* @return the correlation of the normal scores of two elements. */
double snw_param_correlation(struct snw_param_element one, struct snw_param_element other);

/* Writes what a row's elements move together with into text, (size,); empty for a fixed row. */
void snw_param_together_words(enum snw_param_id id, char *text, size_t size);

#endif
