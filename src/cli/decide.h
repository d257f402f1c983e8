/* Writers of what a decision concluded. */
#ifndef SNW_CLI_DECIDE_H
#define SNW_CLI_DECIDE_H

#include "cli/command.h"
#include "config/settings.h"
#include "decision/figures.h"

/* What is asked: options, and where they are silent the settings of the result. Its pointers are
   into itself. */
struct snw_request {
    struct snw_valuation valuation;
    struct snw_question question;
    double threshold[SNW_THRESHOLDS_MAX];
    struct snw_trial trial;
    struct snw_pair pair;
    struct snw_equity equity;
};

/* Reads it. @return SNW_OK; SNW_ERR_USAGE with the reason; SNW_ERR_IO and the like where there is
   no such result. */
snw_status snw_request_read(struct snw_ctx *ctx, const struct snw_arguments *arguments,
                            struct snw_request *request) SNW_MUST_CHECK;

/* What stands beside every figure. */
struct snw_basis {
    const struct snw_money *money;
    const struct snw_valuation *valuation; /* NULL for a budget: undiscounted, all people */
    size_t n_draws;
    double threshold; /* by which long tables are ordered: text shows them at this one only */
};

void snw_figures_text(FILE *out, const struct snw_figures *figures, const struct snw_basis *basis);
void snw_figures_csv(FILE *out, const struct snw_figures *figures, const struct snw_basis *basis);
void snw_figures_json(FILE *out, const struct snw_figures *figures, const struct snw_basis *basis);

/* Writes the draws as the field's R packages read them: a row a draw, a column a strategy or an
   uncertain parameter, names that R takes as they are; and for hesim a row for each draw and
   strategy. In a folder that is there. */
snw_status snw_psa_write(struct snw_ctx *ctx, const char *directory,
                         const struct snw_evidence *evidence) SNW_MUST_CHECK;

/* Opens, writes by `write` and closes a file. */
snw_status snw_file_of(struct snw_ctx *ctx, const char *directory, const char *name,
                       void (*write)(FILE *, const void *), const void *what) SNW_MUST_CHECK;

#endif
