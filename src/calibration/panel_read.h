/* Fills a panel from a result file. */
#ifndef SNW_CALIBRATION_PANEL_READ_H
#define SNW_CALIBRATION_PANEL_READ_H

#include "calibration/targets.h"

/* Reads the reference scenario (the first), draw 0: the people whose lives were kept, their events,
   and the summaries by sex and age, as far as the file has them.
   @param[in] needed  (SNW_N_MEASURES,) measures that are wanted
   Released with snw_panel_free, whatever is returned.
   @return SNW_OK, SNW_ERR_FORMAT, SNW_ERR_IO, SNW_ERR_MEMORY. */
snw_status snw_panel_read(struct snw_ctx *ctx, const char *path, const bool *needed,
                          struct snw_panel *panel) SNW_MUST_CHECK;

#endif
