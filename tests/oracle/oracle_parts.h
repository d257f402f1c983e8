/* The parts of the oracle, each testable on its own. */
#ifndef SNW_TESTS_ORACLE_PARTS_H
#define SNW_TESTS_ORACLE_PARTS_H

#include <stddef.h>

#include "oracle/oracle.h"
#include "random/slots.h"

/* -- luck: word `word` of the person's counter (year, slot, index) -- */

enum { SNW_ORACLE_BIRTH_YEAR = 0, SNW_ORACLE_START_YEAR = 19 };

/* @return (word + 1/2) / 2^32. */
double snw_oracle_uniform(const struct snw_oracle_person *person, int year, enum snw_word word,
                          int index);
/* @return the standard normal with that uniform as probability. */
double snw_oracle_normal(const struct snw_oracle_person *person, int year, enum snw_word word);

/* -- curves: straight lines between knots, constant beyond the ends -- */

struct snw_oracle_curve {
    size_t n;
    double x[SNW_N_AGE_FRACTURE], y[SNW_N_AGE_FRACTURE];
};

/* Knots from the labels of an age axis, values (n,). */
struct snw_oracle_curve snw_oracle_curve_make(enum snw_axis_id axis, const double *values);
double snw_oracle_curve_at(const struct snw_oracle_curve *curve, double x);
/* Exact integral; negative where to < from. */
double snw_oracle_curve_integral(const struct snw_oracle_curve *curve, double from, double to);

/* Integrals of the menopause kernel over ages from..to, in years. */
double snw_oracle_kernel_early(double fmp, double from, double to);
double snw_oracle_kernel_late(double fmp, double from, double to);
/* Years spent up to `age` within two years of the final menstrual period. */
double snw_oracle_transition_years(double fmp, double age);

/* Log change of the median index from 25 to `age`, without menopause. */
double snw_oracle_muscle_curve(const struct snw_params *params, enum snw_sex sex, double age);
/* Log change of a trait with age from `from` to `to`, without menopause. */
double snw_oracle_age_loss(const struct snw_params *params, enum snw_sex sex, enum snw_trait trait,
                           double from, double to);

/* -- biology -- */

double snw_oracle_height_cm(const struct snw_params *params, enum snw_sex sex,
                            const struct snw_oracle_birth *birth, int n_vertebral, double age);
/* Correlation of two stationary AR(1) states whose innovations correlate by r. */
double snw_oracle_stationary_r(double r, double phi1, double phi2);
/* Sideways-fall load on the hip [N]. */
double snw_oracle_hip_load(const struct snw_params *params, enum snw_sex sex, double height_m,
                           double bmi_kg_m2, double body_mass_kg);

void snw_oracle_be_born(const struct snw_params *params, const struct snw_oracle_person *person,
                        struct snw_oracle_birth *birth);
/* The state at the 20th birthday. */
void snw_oracle_start(const struct snw_params *params, const struct snw_oracle_person *person,
                      const struct snw_oracle_birth *birth, struct snw_oracle_state *state);
/* Everything measurable at the birthday `age`. */
void snw_oracle_measure(const struct snw_params *params,
                        const struct snw_oracle_reference *reference, enum snw_sex sex,
                        const struct snw_oracle_birth *birth, const struct snw_oracle_state *state,
                        int age, struct snw_oracle_measures *measures);
/* The biological states at age + 1; frailty, residence and fractures are not touched. */
void snw_oracle_step(const struct snw_params *params, const struct snw_oracle_person *person,
                     const struct snw_oracle_birth *birth,
                     const struct snw_oracle_measures *measures, int age,
                     struct snw_oracle_state *state);

/* -- events -- */

/* Everything that the events of one year are a function of. */
struct snw_oracle_year_in {
    const struct snw_params *params;
    const struct snw_oracle_reference *reference;
    const struct snw_oracle_reference_age *at; /* the row of this sex and age */
    const struct snw_oracle_person *person;
    const struct snw_oracle_state *state;
    const struct snw_oracle_measures *measures;
    int age;
};

struct snw_oracle_fall {
    double age;
    int site; /* that broke, -1 none */
    bool injury, reported;
};

enum { SNW_ORACLE_MAX_YEAR = SNW_ORACLE_MAX_FALLS + SNW_ORACLE_MAX_NON_FALL };

/* Falls and fractures of a year, before death cuts them off. */
struct snw_oracle_events {
    int n_falls, n_fractures;
    struct snw_oracle_fall fall[SNW_ORACLE_MAX_FALLS];
    struct snw_oracle_fracture fracture[SNW_ORACLE_MAX_YEAR]; /* in time order */
};

/* Smallest k with u < CDF(k), at most SNW_ORACLE_MAX_FALLS. Negative binomial with the given mean
   and variance mean + dispersion mean^2. */
int snw_oracle_negative_binomial(double mean, double dispersion, double u);
/* The same for a Poisson count, at most SNW_ORACLE_MAX_NON_FALL. */
int snw_oracle_poisson(double mean, double u);
/* Gamma of mean 1 and the given variance at the probability Phi(x). */
double snw_oracle_proneness(double variance, double x);
/* P: risk relative to no earlier fracture, `years` after one (NaN: none). */
double snw_oracle_prior_fracture(const struct snw_params *params, double years);
/* Log relative risk per SD of lower density: after a fall g, without one gn. */
double snw_oracle_gradient(const struct snw_params *params, enum snw_sex sex, enum snw_site site,
                           int age);
double snw_oracle_trauma_gradient(const struct snw_params *params, enum snw_sex sex,
                                  enum snw_site site, int age);

/* Draws falls and fractures; fills rates, chances and nothing else of the outcomes. */
void snw_oracle_draw_events(const struct snw_oracle_year_in *in, struct snw_oracle_events *events,
                            struct snw_oracle_outcomes *outcomes);

struct snw_oracle_death {
    double hazard;               /* cumulative over the whole year */
    double age;                  /* NaN where the threshold is not reached */
    double rr_hip, rr_vertebral; /* at death */
};

/* Death from a hazard of base_per_yr times the relative risks after the latest hip and the latest
   vertebral fracture, at the instant its integral from the birthday reaches the threshold. */
struct snw_oracle_death snw_oracle_die(const struct snw_oracle_year_in *in,
                                       const struct snw_oracle_events *events, double base_per_yr,
                                       double threshold);

/* Log hazard by strength, frailty and IGFBP-2. */
double snw_oracle_log_mortality(const struct snw_oracle_year_in *in);
enum snw_oracle_cause snw_oracle_attribute(const struct snw_oracle_year_in *in,
                                           const struct snw_oracle_death *death, double u);

/* Frailty at the next birthday. */
enum snw_oracle_frailty snw_oracle_frailty_next(const struct snw_oracle_year_in *in, bool hip,
                                                double u);
/* Whether one who lives at home enters a nursing home at the end of the year. */
bool snw_oracle_enters(const struct snw_oracle_year_in *in, bool hip, bool injurious_fall,
                       double u);

/* -- costs and quality of life -- */

/* An amount of `year` in the prices wanted. */
double snw_oracle_money(const struct snw_oracle_prices *prices, double amount, int year);
/* Personal health care per person-year of a sex in the year opened at `age`, and the utility norm.
 */
double snw_oracle_health_care(const struct snw_params *params,
                              const struct snw_oracle_prices *prices, enum snw_sex sex, int age);
double snw_oracle_utility_norm(const struct snw_params *params, enum snw_sex sex, int age);
/* The bill of a year that ends at `end_age` (death or the next birthday). */
struct snw_oracle_bill snw_oracle_make_out(const struct snw_oracle_year_in *in,
                                           const struct snw_oracle_events *events, double end_age);

/* -- a year as a whole, for those who walk many people in step -- */

/* Falls, fractures and death of the year that opens at in->age.
   @return the exact age at which it ends: death, or the next birthday. */
double snw_oracle_live_year(const struct snw_oracle_year_in *in, struct snw_oracle_events *events,
                            struct snw_oracle_outcomes *out);
/* The state of a survivor at the next birthday. */
struct snw_oracle_state snw_oracle_next(const struct snw_oracle_year_in *in,
                                        const struct snw_oracle_birth *birth,
                                        const struct snw_oracle_events *events,
                                        const struct snw_oracle_outcomes *out);

#endif
