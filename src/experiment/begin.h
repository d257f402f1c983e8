/* Whether a run may begin, before anything is simulated. */
#ifndef SNW_EXPERIMENT_BEGIN_H
#define SNW_EXPERIMENT_BEGIN_H

#include "experiment/run.h"

/* Makes the folder; refuses to overwrite a result or an interrupted run, to go on with nothing, and
   to write where another run does. The writer calls it.
   @param[out] finished  a run to be resumed is finished: there is nothing to do
   @return SNW_OK, SNW_ERR_EXISTS, SNW_ERR_USAGE, SNW_ERR_IO, SNW_ERR_FORMAT, SNW_ERR_MEMORY. */
snw_status snw_run_begin(struct snw_ctx *ctx, const struct snw_settings *settings,
                         const struct snw_run_options *options, const char *path,
                         bool *finished) SNW_MUST_CHECK;

#endif
