/* A designed experiment: which quantities are moved, through which points. Formulas: sweep.md.

   A design is a list of points of the unit cube, one dimension a factor; each factor turns its
   coordinate into a value of a parameter or of a field of an intervention. */
#ifndef SNW_SWEEP_SWEEP_H
#define SNW_SWEEP_SWEEP_H

#include <stdbool.h>

#include "interventions/intervention.h"
#include "params/params.h"

/* In the order of the words. */
enum snw_design {
    SNW_DESIGN_ONE_WAY,
    SNW_DESIGN_GRID,
    SNW_DESIGN_LATIN_HYPERCUBE,
    SNW_DESIGN_SOBOL,
    SNW_DESIGN_HALTON,
    SNW_DESIGN_SALTELLI,
    SNW_DESIGN_MORRIS
};
#define SNW_DESIGN_WORDS "one_way|grid|latin_hypercube|sobol|halton|saltelli|morris"

enum snw_sweep_as { SNW_AS_BELIEF, SNW_AS_DEED };
#define SNW_AS_WORDS "belief|deed"

/* Where a factor's values come from. */
enum snw_factor_range {
    SNW_FACTOR_BETWEEN, /* low to high */
    SNW_FACTOR_VALUES,  /* one of a list */
    SNW_FACTOR_PRIOR    /* quantiles of the prior, or of the interval of an intervention's figure */
};

/* A number of an intervention that a factor can move; records of interventions are read by it. */
struct snw_number_of {
    const char *name; /* within the intervention, or within one of its effects */
    const char *unit;
    double low, high; /* bounds; of an effect's `value` those of its channel */
    size_t offset;    /* of the double in struct snw_intervention, or in struct snw_effect */
    bool is_figure;   /* it has an interval */
};

enum { SNW_NUMBERS = 9, SNW_EFFECT_NUMBERS = 7 };
extern const struct snw_number_of snw_number_table[SNW_NUMBERS];
extern const struct snw_number_of snw_effect_number_table[SNW_EFFECT_NUMBERS];

struct snw_factor {
    char *name;             /* `parameters.falls.rate`, `interventions.exercise.uptake`; owned */
    const char *unit;       /* of its values */
    double lowest, highest; /* bounds of a value */
    /* a parameter: its elements, counted as in struct snw_params */
    enum snw_param_id id;
    size_t first, n;
    /* or a field of an intervention, where `field` is not NULL */
    size_t intervention;
    int channel; /* of its effect; -1 for none */
    const struct snw_number_of *field;

    enum snw_factor_range range;
    bool relative; /* values are ratios to what the config says */
    double low, high;
    size_t n_values;
    double *values; /* (n_values,) of a list; owned */
};

struct snw_sweep {
    enum snw_design design;
    enum snw_sweep_as as;
    int64_t points; /* of a sequence; base points of saltelli, trajectories of morris */
    int64_t levels; /* of a factor without a list, where the design has levels */
    double wtp_usd;
    int64_t from_age; /* where discounted totals begin */
    size_t n_measures;
    char **measures;  /* (n_measures,) as written; owned. 0: those of the kind of population */
    size_t n_factors; /* 0: no sweep */
    struct snw_factor *factors; /* (n_factors,) owned */
};

/* Releases what a sweep owns and empties it. */
void snw_sweep_free(struct snw_sweep *sweep);

/* How many dimensions Sobol' sequences have: factors, twice as many for saltelli. */
enum { SNW_SOBOL_DIMENSIONS = 40, SNW_SWEEP_POINTS_MAX = 100000, SNW_SWEEP_FACTORS_MAX = 200 };

/* @return the points of a design, SNW_SWEEP_POINTS_MAX + 1 where there are more. */
size_t snw_sweep_points(const struct snw_sweep *sweep);

/* Deeds are run several at a time, beside one reference. @return how many points that is. */
static inline size_t snw_sweep_together(const struct snw_sweep *sweep)
{
    enum { DEEDS = 8 };
    return sweep->as == SNW_AS_DEED ? DEEDS : 1;
}

/* Lays out a design: the coordinates of all points, row by row. It depends on sweep and seed alone.
   @param[out] u  (points, factors), within [0, 1], NaN where a factor stays where the config has
   it; released with free
   @return SNW_OK, SNW_ERR_MEMORY. */
snw_status snw_design_new(struct snw_ctx *ctx, const struct snw_sweep *sweep, uint32_t seed,
                          double **u) SNW_MUST_CHECK;

/* @return what the config says of a factor's field. */
double snw_factor_declared(const struct snw_factor *factor, const struct snw_intervention *list);

/* What stands for a coordinate in a table: the value; the ratio to the config's where the factor is
   relative; of several elements moved by their priors the normal score.
   @param[in] base  what the config says; list likewise */
double snw_factor_value(const struct snw_factor *factor, double u, const struct snw_params *base,
                        const struct snw_intervention *list);

/* Moves the factor's elements of params, unless the coordinate is NaN. */
void snw_factor_move(const struct snw_factor *factor, double u, const struct snw_params *base,
                     struct snw_params *params);

/* The same of a field. @param[in,out] list  (interventions,) copies of the declared ones */
void snw_factor_treat(const struct snw_factor *factor, double u,
                      const struct snw_intervention *declared, struct snw_intervention *list);

#endif
