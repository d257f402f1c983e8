/* Totals a person of flows by year of age. */
#include "decision/flow.h"

#include "numerics/discount.h"

static bool counts(enum snw_whom whom, int sex)
{
    return whom == SNW_BOTH || (int)whom == sex;
}

void snw_flow_weights(double rate, size_t n, double *weight)
{
    for (size_t t = 0; t < n; t++)
        weight[t] = snw_present_value(rate, (double)t, (double)(t + 1));
}

double snw_flow_people(const struct snw_flow *f, enum snw_whom whom)
{
    double people = 0;
    for (int sex = 0; sex < 2; sex++)
        people += counts(whom, sex) ? f->people[(size_t)sex * f->n_ages + f->from] : 0;
    return people;
}

double snw_flow_total(const struct snw_flow *f, enum snw_whom whom)
{
    double sum = 0;
    for (int sex = 0; sex < 2; sex++)
        for (size_t age = f->from; age < f->n_ages && counts(whom, sex); age++) {
            size_t at = (size_t)sex * f->n_ages + age;
            double people = f->people[at], flow = f->flow[at * f->step];
            if (people == 0)
                continue;
            sum += (f->of_all ? flow : people * flow) * f->weight[age - f->from];
        }
    return sum / snw_flow_people(f, whom);
}
