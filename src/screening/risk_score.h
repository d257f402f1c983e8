/* A score of the risk of a major osteoporotic fracture within ten years: a logistic regression on
   what a doctor can know, fitted to people of the reference. Equations: screening.md. */
#ifndef SNW_SCREENING_RISK_SCORE_H
#define SNW_SCREENING_RISK_SCORE_H

#include <stddef.h>

enum snw_risk_term {
    SNW_RISK_CONSTANT,
    SNW_RISK_AGE, /* (age - 65) / 10 */
    SNW_RISK_AGE_SQUARED,
    SNW_RISK_FEMALE,
    SNW_RISK_FEMALE_AGE,
    SNW_RISK_BMI,      /* ln(BMI / 27) */
    SNW_RISK_FRACTURE, /* 1 with a fracture since 20 */
    SNW_RISK_FALLER,   /* 1 with a fall reported in the year before */
    SNW_RISK_T_SCORE,  /* of the femoral neck */
    SNW_N_RISK_TERMS
};

extern const char *const snw_risk_term_names[SNW_N_RISK_TERMS];

/* With bone density, and without: the last coefficient is then 0. */
enum snw_risk_form { SNW_RISK_WITHOUT_BMD, SNW_RISK_WITH_BMD, SNW_N_RISK_FORMS };

struct snw_risk_score {
    double coefficient[SNW_N_RISK_FORMS][SNW_N_RISK_TERMS];
    double people, events; /* it was fitted to; people may count at several ages */
};

struct snw_risk_person {
    int female, fractured, faller;
    double age, bmi_kg_m2, t_score; /* t_score: no number where it is not known */
};

/* The terms of a person; T-score 0 where it is not known. */
void snw_risk_terms(const struct snw_risk_person *person, double term[SNW_N_RISK_TERMS]);

/* @return the risk, by the form with bone density where that is known. */
double snw_risk_of(const struct snw_risk_score *score, const struct snw_risk_person *person);

/* Fits both forms to n people by Newton's method with a weak penalty, which holds coefficients that
   few people tell of. @param[in] people, event (n,) 1 with a fracture, 0 without
   @return 1, or 0 where it does not converge. */
int snw_risk_fit(struct snw_risk_score *score, size_t n, const struct snw_risk_person *people,
                 const unsigned char *event);

#endif
