/* Whether the books of the reference population balance. */
#ifndef SNW_EXPERIMENT_ACCOUNTING_H
#define SNW_EXPERIMENT_ACCOUNTING_H

#include <stdio.h>

#include "economics/economics.h"

enum { SNW_AGES_TEXT = 256 };

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

/* Says where modelled costs leave less than the least background. */
void snw_accounting_warn(const struct snw_economy *economy,
                         const struct snw_economy_reference *reference, FILE *stream);

#endif
