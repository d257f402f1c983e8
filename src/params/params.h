/* The parameters of the model: params.def as a struct, a table of descriptors, and their defaults.
 */
#ifndef SNW_PARAMS_PARAMS_H
#define SNW_PARAMS_PARAMS_H

#include <stddef.h>

#include "core/context.h"

enum snw_sex { SNW_FEMALE, SNW_MALE, SNW_N_SEXES };

/* Ages simulated, in completed years at the birthday that opens a year. */
enum { SNW_AGE_FIRST = 20, SNW_AGE_LAST = 97, SNW_N_AGES = 78 };

/* Lengths of the axes. */
enum {
#define SNW_AXIS(name, length, share, ...) SNW_N_##name = length,
#include "params/axes.def"
#undef SNW_AXIS
};

/* Bone traits, in the order of the TRAIT axis. */
enum snw_trait {
    SNW_CTTH_NECK,
    SNW_CTTH_SPINE,
    SNW_CTTH_RADIUS,
    SNW_CTTH_TIBIA,
    SNW_TRAB_NECK,
    SNW_TRAB_SPINE,
    SNW_TRAB_RADIUS,
    SNW_TRAB_TIBIA,
    SNW_TBN_RADIUS,
    SNW_CT_VBMD
};

/* Fracture sites, in the order of the SITE axis. */
enum snw_site { SNW_HIP, SNW_VERTEBRAL, SNW_FOREARM, SNW_HUMERUS, SNW_LEG, SNW_OTHER };

enum snw_axis_id {
#define SNW_AXIS(name, length, share, ...) SNW_AXIS_##name,
#include "params/axes.def"
#undef SNW_AXIS
    SNW_AXIS_COUNT
};

/* One value array a parameter, [first axis][second axis] flattened, doubles in the stated unit. */
struct snw_params {
#define SNW_PARAM(section, name, axis, axis2, unit, low, high, prior, source, doc, ...)            \
    double section##_##name[SNW_N_##axis * SNW_N_##axis2];
#include "params/params.def"
#undef SNW_PARAM
};

enum snw_param_id {
#define SNW_PARAM(section, name, ...) SNW_PARAM_##section##_##name,
#include "params/params.def"
#undef SNW_PARAM
    SNW_PARAM_COUNT
};

/* What the words of the PRIOR column of params.def stand for; a and b are their numbers in order.
 */
enum snw_prior_kind {
    SNW_PRIOR_FIXED,
    SNW_PRIOR_NORMAL,
    SNW_PRIOR_LOGNORMAL,
    SNW_PRIOR_SHIFT,
    SNW_PRIOR_SCALE,
    SNW_PRIOR_SCALE_EACH,
    SNW_PRIOR_BETA,
    SNW_PRIOR_BETA_MEAN,
    SNW_PRIOR_GAMMA,
    SNW_PRIOR_UNIFORM
};

struct snw_prior {
    enum snw_prior_kind kind;
    double a, b;
    const char *why; /* it is fixed; NULL for all other kinds */
};

struct snw_param_info {
    const char *section, *name;
    enum snw_axis_id axis, axis2;
    const char *unit, *source, *doc;
    double low, high;              /* inclusive bounds of every element */
    const struct snw_prior *prior; /* (n_priors,) one for all, or a list: see snw_param_prior */
    size_t n_priors;
    const double *defaults; /* (length,) */
    size_t length;          /* elements in all */
    size_t offset; /* of the first element, counted in doubles from the start of the struct */
};

struct snw_axis_info {
    const char *name;
    size_t length;
    double share; /* correlation of the scores of two elements that differ on this axis alone */
    const char *const *labels; /* (length,) */
};

extern const struct snw_param_info snw_param_table[SNW_PARAM_COUNT];
extern const struct snw_axis_info snw_axis_table[SNW_AXIS_COUNT];

/* Sets every parameter to its default. */
void snw_params_default(struct snw_params *params);

/* @return the elements of parameter `id`, (snw_param_table[id].length,). */
double *snw_params_at(struct snw_params *params, enum snw_param_id id);
const double *snw_params_at_const(const struct snw_params *params, enum snw_param_id id);

/* @return the id of `section.name`, SNW_PARAM_COUNT where there is none. */
enum snw_param_id snw_param_find(const char *section, const char *name);

/* @return the prior of element `index`. A list of as many priors as elements is read element by
   element, one as long as an axis by the labels of that axis (the first axis before the last). */
const struct snw_prior *snw_param_prior(enum snw_param_id id, size_t index);

/* Writes the key of element `index` (`bone.per_muscle.female.ctth_tibia`) into text, (size,). */
void snw_param_key(enum snw_param_id id, size_t index, char *text, size_t size);

/* Reports every element that is not a number or out of its bounds.
   @return SNW_OK, or SNW_ERR_CONFIG with the messages in ctx. */
snw_status snw_params_check(const struct snw_params *params, struct snw_ctx *ctx) SNW_MUST_CHECK;

#endif
