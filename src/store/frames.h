/* Pieces of bytes one after the other in a file, each with its kind and its hash: what a part of a
   run leaves.

   Made as `.partial`, committed again and again, named when whole, as a result is; no HDF5. Frames
   are only appended: what a commit left there stays true, and a checkpoint keeps how many bytes
   that was. Errors as in file.h. */
#ifndef SNW_STORE_FRAMES_H
#define SNW_STORE_FRAMES_H

#include <stdbool.h>

#include "store/io.h"

struct snw_frames {
    char path[SNW_PATH_MAX];    /* what the file is, or will be, called */
    char partial[SNW_PATH_MAX]; /* what it is called until it is whole */
    int fd;                     /* -1 where closed */
    bool writable;
    uint64_t n_bytes; /* written, or read so far */
};

/* One frame, as it is read; the memory is used again for the next. */
struct snw_frame {
    uint32_t kind;
    uint64_t n_bytes;
    unsigned char *bytes; /* released with snw_frame_free */
    uint64_t room;
};

/* Makes path.partial, empty, and removes an earlier run's checkpoint. Unless force, what stands
   there is refused with SNW_ERR_EXISTS. Released with snw_frames_close. */
snw_status snw_frames_create(struct snw_frames *frames, const char *path, bool force,
                             struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Opens path.partial to go on after its first n_bytes, which are verified.
   @return also SNW_ERR_FORMAT where they are cut short or damaged. */
snw_status snw_frames_resume(struct snw_frames *frames, const char *path, uint64_t n_bytes,
                             struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Opens a file for reading. @return also SNW_ERR_FORMAT where it is no such file. */
snw_status snw_frames_open(struct snw_frames *frames, const char *path,
                           struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Appends a frame. @param[in] kind below 16 */
snw_status snw_frames_add(struct snw_frames *frames, uint32_t kind, const void *bytes,
                          uint64_t n_bytes, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Brings all frames to disk; before the checkpoint that knows of them. */
snw_status snw_frames_commit(struct snw_frames *frames, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Commits, gives the file its name, removes the checkpoint, closes. */
snw_status snw_frames_finish(struct snw_frames *frames, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Reads the next frame. @param[in] skip  leave its bytes out, unverified
   @param[out] found  false at the end of the file
   @return also SNW_ERR_FORMAT where it is cut short or damaged. */
snw_status snw_frames_next(struct snw_frames *frames, bool skip, struct snw_frame *frame,
                           bool *found, struct snw_ctx *ctx) SNW_MUST_CHECK;

void snw_frame_free(struct snw_frame *frame);

/* Closes; a file being written stays `.partial`. */
void snw_frames_close(struct snw_frames *frames);

#endif
