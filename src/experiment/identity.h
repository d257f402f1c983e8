/* What must be the same for an interrupted run to go on, and what such a run has left. */
#ifndef SNW_EXPERIMENT_IDENTITY_H
#define SNW_EXPERIMENT_IDENTITY_H

#include <stddef.h>

#include "config/settings.h"
#include "store/digest.h"

/* The config as far as it determines the file's contents, the program's version, and hashes of the
   tables read, as YAML.
   @param[out] text  released with free()
   @return SNW_OK, SNW_ERR_MEMORY, SNW_ERR_IO (a table). */
snw_status snw_identity_text(struct snw_ctx *ctx, const struct snw_settings *settings,
                             char **text) SNW_MUST_CHECK;

/* Reports every key of two identities that differs, by name and values.
   @param[in] whose  the one of `then`, for the message
   @return SNW_OK where they are the same, else SNW_ERR_CONFIG. */
snw_status snw_identity_differences(struct snw_ctx *ctx, const char *whose, const char *then,
                                    const char *now) SNW_MUST_CHECK;

/* The same for a run that is to go on.
   @param[in] path  of the result, for the message
   @return SNW_OK where they are the same, else SNW_ERR_CONFIG. */
snw_status snw_identity_compare(struct snw_ctx *ctx, const char *path, const char *then,
                                const char *now) SNW_MUST_CHECK;

/* Says into text, (size,), how much of the run at `path`, which has begun, is safe on disk and how
   to go on; empty where there is nothing. */
void snw_say_what_is_safe(const char *path, char *text, size_t size);

/* What a checkpoint keeps of plain numbers: section `progress`. */
struct snw_progress {
    uint64_t n_units, person_years, n_capped, n_events;
    uint64_t bytes_stored, bytes_raw, n_lives; /* of trajectories, as in struct snw_result */
    struct snw_digest lives;
};

#endif
