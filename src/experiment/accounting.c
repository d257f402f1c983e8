/* Names the sexes and ages at which modelled costs or utilities do not fit their population. */
#include "experiment/accounting.h"

#include <stdio.h>
#include <string.h>

static const double excess_allowed = 0.02;

const char *const snw_ledger_names[SNW_N_LEDGERS] = {"event", "disability", "frailty"};

/* Adds every run of marked ages of a sex to the text. */
static void name_ages(const char *sex, const int marked[SNW_N_AGES], char text[SNW_AGES_TEXT])
{
    for (int i = 0; i < SNW_N_AGES; i++) {
        int from = i;
        while (i < SNW_N_AGES && marked[i])
            i++;
        if (i == from)
            continue;
        size_t n = strlen(text);
        const char *comma = n ? ", " : "";
        if (i - from == 1)
            snprintf(text + n, SNW_AGES_TEXT - n, "%s%s %d", comma, sex, SNW_AGE_FIRST + from);
        else
            snprintf(text + n, SNW_AGES_TEXT - n, "%s%s %d to %d", comma, sex, SNW_AGE_FIRST + from,
                     SNW_AGE_FIRST + i - 1);
    }
}

void snw_accounting_check(const struct snw_economy *economy,
                          const struct snw_economy_reference *reference, struct snw_accounting *out)
{
    memset(out, 0, sizeof *out);
    for (int sex = 0; sex < SNW_N_SEXES; sex++) {
        const char *name = snw_axis_table[SNW_AXIS_SEX].labels[sex];
        int marked[SNW_N_AGES];
        for (int l = 0; l < SNW_N_LEDGERS; l++) {
            for (int i = 0; i < SNW_N_AGES; i++) {
                const struct snw_economy_reference_year *r = &reference->year[sex][i];
                marked[i] = r->excess[l] > excess_allowed * (r->modelled[l] + r->background[l]);
            }
            name_ages(name, marked, out->excess[l]);
        }
        for (int i = 0; i < SNW_N_AGES; i++) {
            const struct snw_economy_year *e = &economy->year[sex][i];
            marked[i] = e->utility_factor * e->norm > 1;
        }
        name_ages(name, marked, out->capped);
    }
}

void snw_accounting_warn(const struct snw_economy *economy,
                         const struct snw_economy_reference *reference, FILE *stream)
{
    struct snw_accounting found;
    snw_accounting_check(economy, reference, &found);
    for (int l = 0; l < SNW_N_LEDGERS; l++)
        if (found.excess[l][0])
            fprintf(stream,
                    "sinew: warning: %s ledger: costs of the model and the least background exceed "
                    "personal health care by more than 2 %% of the total: %s\n",
                    snw_ledger_names[l], found.excess[l]);
}
