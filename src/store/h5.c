/* Results of HDF5 calls turned into statuses with a reason. */
#define _POSIX_C_SOURCE 200809L
#include "store/h5.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reason {
    int error;      /* errno named anywhere in the stack */
    char text[160]; /* the innermost description */
};

static herr_t visit_error(unsigned n, const H5E_error2_t *entry, void *data)
{
    struct reason *reason = data;
    const char *named = entry->desc ? strstr(entry->desc, "errno = ") : NULL;
    if (named && reason->error == 0)
        reason->error = (int)strtol(named + strlen("errno = "), NULL, 10);
    if (n == 0 && entry->desc)
        snprintf(reason->text, sizeof reason->text, "%s", entry->desc);
    return 0;
}

static struct reason last_reason(void)
{
    struct reason reason = {0};
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, visit_error, &reason);
    return reason;
}

int snw_h5_errno(void)
{
    return last_reason().error;
}

snw_status snw_h5_check(struct snw_file *file, int64_t result, const char *doing,
                        struct snw_ctx *ctx)
{
    if (result >= 0)
        return SNW_OK;
    struct reason reason = last_reason();
    const char *path = file->writable ? file->partial : file->path;
    file->failed = file->writable;
    if (reason.error == EAGAIN)
        return snw_fail(ctx, SNW_ERR_IO, "%s: another run is writing it", path);
    if (reason.error)
        return snw_fail_io(ctx, path, doing, reason.error);
    return snw_fail(ctx, file->writable ? SNW_ERR_INTERNAL : SNW_ERR_FORMAT, "%s: cannot %s: %s",
                    path, doing, reason.text[0] ? reason.text : "HDF5 gives no reason");
}

snw_status snw_h5_close(struct snw_file *file, hid_t *id, struct snw_ctx *ctx)
{
    if (*id <= 0)
        return SNW_OK;
    hid_t closing = *id;
    *id = 0;
    return snw_h5_check(file, H5Idec_ref(closing), "write", ctx);
}

void snw_h5_release(hid_t *id)
{
    if (*id > 0)
        H5Idec_ref(*id);
    *id = 0;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "values go to the file as they are");

hid_t snw_h5_type(enum snw_dtype type)
{
    switch (type) {
    case SNW_F64:
        return H5Tcopy(H5T_IEEE_F64LE);
    case SNW_F32:
        return H5Tcopy(H5T_IEEE_F32LE);
    case SNW_I32:
        return H5Tcopy(H5T_STD_I32LE);
    case SNW_I16:
        return H5Tcopy(H5T_STD_I16LE);
    case SNW_I8:
        return H5Tcopy(H5T_STD_I8LE);
    case SNW_U16:
        return H5Tcopy(H5T_STD_U16LE);
    case SNW_U8:
        return H5Tcopy(H5T_STD_U8LE);
    case SNW_TEXT:
        break;
    }
    hid_t text = H5Tcopy(H5T_C_S1);
    if (text >= 0 && (H5Tset_size(text, H5T_VARIABLE) < 0 || H5Tset_cset(text, H5T_CSET_UTF8) < 0))
        snw_h5_release(&text);
    return text > 0 ? text : -1;
}

void snw_h5_path(const char *group, const char *name, char *path)
{
    while (*group == '/')
        group++;
    snprintf(path, SNW_PATH_MAX, "%s%s%s", group, *group ? "/" : "", name);
}
