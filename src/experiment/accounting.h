/* Whether the books balance: those of money and utility in the reference population, and of people
   and their years in every run. */
#ifndef SNW_EXPERIMENT_ACCOUNTING_H
#define SNW_EXPERIMENT_ACCOUNTING_H

#include <stdio.h>

#include "experiment/work.h"

enum { SNW_AGES_TEXT = 256 };

extern const char *const snw_ledger_names[SNW_N_LEDGERS];

/* Where they do not, as text: `female 94 to 97, male 97`; empty where they do. */
struct snw_accounting {
    /* modelled cost and the least background together exceed personal health care by more than 2 %
       of the total */
    char excess[SNW_N_LEDGERS][SNW_AGES_TEXT];
    /* n u0 above 1: utility is held at 1, so that its mean falls short of the norm */
    char capped[SNW_AGES_TEXT];
};

/* @param[in] economy of the reference, frozen. */
void snw_accounting_check(const struct snw_economy *economy,
                          const struct snw_economy_reference *reference,
                          struct snw_accounting *accounting);

/* Sees that no person-year is lived, paid or counted twice, or lost, in any scenario:

   - who is alive at a birthday and does not die is alive at the next, beside those who join;
   - all measures of a year are of those alive at its start; deaths by cause are all deaths;
   - survivors live whole years, the dead at most as much, nobody else any;
   - whole lives of the reference, and those of another scenario by their differences to it, hold
   the events, years, QALYs and cents of all ages, to the last one.

   @param[in] totals (n_scenarios,)
   @return SNW_OK, or SNW_ERR_INTERNAL with what differs and where: no such run can be believed. */
snw_status snw_accounting_balance(struct snw_ctx *ctx, const struct snw_world *world,
                                  const struct snw_totals *totals) SNW_MUST_CHECK;

/* Says where modelled costs leave less than the least background. */
void snw_accounting_warn(const struct snw_economy *economy,
                         const struct snw_economy_reference *reference, FILE *stream);

#endif
