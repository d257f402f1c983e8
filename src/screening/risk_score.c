/* The score and its fit. Everything in double and in one order: the same bits everywhere. */
#include "screening/risk_score.h"

#include <string.h>

#include "core/vmath.h"

enum { STEPS = 50 };

/* Precision of the prior of a coefficient about 0, of the constant none: it is SD 10. */
#define PENALTY 0.01

const char *const snw_risk_term_names[SNW_N_RISK_TERMS] = {"constant", "age",        "age_squared",
                                                           "female",   "female_age", "bmi",
                                                           "fracture", "faller",     "t_score"};

static double logistic(double x)
{
    return 1 / (1 + snw_exp_f64(-x));
}

void snw_risk_terms(const struct snw_risk_person *p, double term[SNW_N_RISK_TERMS])
{
    double z = (p->age - 65) / 10;
    term[SNW_RISK_CONSTANT] = 1;
    term[SNW_RISK_AGE] = z;
    term[SNW_RISK_AGE_SQUARED] = z * z;
    term[SNW_RISK_FEMALE] = p->female;
    term[SNW_RISK_FEMALE_AGE] = p->female ? z : 0;
    term[SNW_RISK_BMI] = snw_log_f64(p->bmi_kg_m2 / 27);
    term[SNW_RISK_FRACTURE] = p->fractured;
    term[SNW_RISK_FALLER] = p->faller;
    term[SNW_RISK_T_SCORE] = p->t_score == p->t_score ? p->t_score : 0;
}

static double sum_of(const double *coefficient, const double *term)
{
    double sum = 0;
    for (int k = 0; k < SNW_N_RISK_TERMS; k++)
        sum += coefficient[k] * term[k];
    return sum;
}

double snw_risk_of(const struct snw_risk_score *score, const struct snw_risk_person *p)
{
    double term[SNW_N_RISK_TERMS];
    enum snw_risk_form form = p->t_score == p->t_score ? SNW_RISK_WITH_BMD : SNW_RISK_WITHOUT_BMD;
    snw_risk_terms(p, term);
    return logistic(sum_of(score->coefficient[form], term));
}

struct normal_equations {
    size_t n; /* terms in use */
    double matrix[SNW_N_RISK_TERMS][SNW_N_RISK_TERMS], right[SNW_N_RISK_TERMS];
};

/* Solves in place by Cholesky's factor; the penalty keeps the matrix positive. */
static void solve(struct normal_equations *e)
{
    for (size_t i = 0; i < e->n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = e->matrix[i][j];
            for (size_t k = 0; k < j; k++)
                sum -= e->matrix[i][k] * e->matrix[j][k];
            e->matrix[i][j] = i == j ? snw_sqrt_f64(sum) : sum / e->matrix[j][j];
        }
    for (size_t i = 0; i < e->n; i++) {
        for (size_t k = 0; k < i; k++)
            e->right[i] -= e->matrix[i][k] * e->right[k];
        e->right[i] /= e->matrix[i][i];
    }
    for (size_t i = e->n; i-- > 0;) {
        for (size_t k = i + 1; k < e->n; k++)
            e->right[i] -= e->matrix[k][i] * e->right[k];
        e->right[i] /= e->matrix[i][i];
    }
}

/* Gradient and curvature of the penalised log likelihood. */
static void gather(struct normal_equations *e, const double *coefficient, size_t n,
                   const struct snw_risk_person *people, const unsigned char *event)
{
    memset(e->matrix, 0, sizeof e->matrix);
    for (size_t k = 0; k < e->n; k++) {
        e->matrix[k][k] = PENALTY;
        e->right[k] = -PENALTY * coefficient[k];
    }
    for (size_t i = 0; i < n; i++) {
        double term[SNW_N_RISK_TERMS];
        snw_risk_terms(&people[i], term);
        double p = logistic(sum_of(coefficient, term)), weight = p * (1 - p);
        for (size_t k = 0; k < e->n; k++) {
            e->right[k] += term[k] * (event[i] - p);
            for (size_t j = 0; j <= k; j++)
                e->matrix[k][j] += weight * term[k] * term[j];
        }
    }
}

static int fit_form(double *coefficient, size_t n_terms, size_t n,
                    const struct snw_risk_person *people, const unsigned char *event)
{
    struct normal_equations e = {.n = n_terms};
    double most = 1;
    memset(coefficient, 0, SNW_N_RISK_TERMS * sizeof *coefficient);
    for (int step = 0; step < STEPS && most > 1e-9; step++) {
        gather(&e, coefficient, n, people, event);
        solve(&e);
        most = 0;
        for (size_t k = 0; k < n_terms; k++) {
            double by = e.right[k];
            coefficient[k] += by;
            most = by > most ? by : -by > most ? -by : most;
            if (!(by == by)) /* nothing comes of it any more */
                return 0;
        }
    }
    return most <= 1e-9;
}

int snw_risk_fit(struct snw_risk_score *score, size_t n, const struct snw_risk_person *people,
                 const unsigned char *event)
{
    *score = (struct snw_risk_score){.people = (double)n};
    for (size_t i = 0; i < n; i++)
        score->events += event[i];
    return fit_form(score->coefficient[SNW_RISK_WITHOUT_BMD], SNW_N_RISK_TERMS - 1, n, people,
                    event) &&
           fit_form(score->coefficient[SNW_RISK_WITH_BMD], SNW_N_RISK_TERMS, n, people, event);
}
