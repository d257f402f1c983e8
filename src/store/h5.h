/* What the store's own sources share about HDF5; included by no other module. */
#ifndef SNW_STORE_H5_H
#define SNW_STORE_H5_H

#include <hdf5.h>

#include "store/dataset.h"
#include "store/file.h"
#include "store/read.h"

/* Passes a result of HDF5 (an id or a herr_t) on. A negative one is reported as `cannot <doing>`
   with the reason found in HDF5's error stack, so it must be the last call made; a file being
   written is given up.
   @return SNW_OK; SNW_ERR_IO where the system gave an errno, else SNW_ERR_INTERNAL for a file
   being written and SNW_ERR_FORMAT for one being read. */
snw_status snw_h5_check(struct snw_file *file, int64_t result, const char *doing,
                        struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Closes any object and zeroes the id; 0 and negative ids are let be. The first one is for success,
   as closing may write; the second for leaving by `out:`. */
snw_status snw_h5_close(struct snw_file *file, hid_t *id, struct snw_ctx *ctx) SNW_MUST_CHECK;
void snw_h5_release(hid_t *id);

/* @return the errno of the last failed call, 0 where the system gave none. */
int snw_h5_errno(void);

/* A new type as it lies in the file, to be released; negative on failure. Memory and file agree, as
   only little-endian machines are served. */
hid_t snw_h5_type(enum snw_dtype type);

/* What netCDF calls a dimension that has no variable; its length follows. */
#define SNW_BARE_DIMENSION "This is a netCDF dimension but not a netCDF variable."

struct snw_attribute {
    enum snw_dtype type;
    hsize_t n;
    const void *values; /* (n,) or one */
};

/* The way values of a variable are laid out in the file. */
struct snw_layout {
    size_t n_dims;
    hsize_t shape[SNW_DIMS_MAX];
    hsize_t longest[SNW_DIMS_MAX]; /* shape, or H5S_UNLIMITED */
    hsize_t chunk[SNW_DIMS_MAX];   /* all 0: in one piece */
    bool filters;
};

/* Creates the dataset of a variable with its attributes and dimensions, without values. The
   dimensions are linked where `scales` is true. */
snw_status snw_h5_dataset(struct snw_file *file, const struct snw_variable *variable,
                          const struct snw_layout *layout, bool scales, hid_t *dataset,
                          struct snw_ctx *ctx) SNW_MUST_CHECK;

/* snw_shape_read of an open dataset. */
snw_status snw_h5_shape(struct snw_file *file, hid_t dataset, struct snw_shape *shape,
                        struct snw_ctx *ctx) SNW_MUST_CHECK;

/* snw_texts_read of an open dataset. */
snw_status snw_h5_texts(struct snw_file *file, hid_t dataset, struct snw_texts *texts,
                        struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Writes group/name into path, (SNW_PATH_MAX,). */
void snw_h5_path(const char *group, const char *name, char *path);

/* Makes a dataset the dimension `name`; a bare one has no labels (netCDF's sign for that). */
snw_status snw_h5_make_scale(struct snw_file *file, hid_t dataset, const char *name, bool bare,
                             struct snw_ctx *ctx) SNW_MUST_CHECK;

/* @return whether a dataset is a dimension without labels. */
bool snw_h5_is_bare(hid_t dataset);

/* Writes an attribute of an open object, replacing one of that name; n = 0 stands for one value
   without dimension. */
snw_status snw_h5_attribute(struct snw_file *file, hid_t object, const char *name,
                            const struct snw_attribute *attribute,
                            struct snw_ctx *ctx) SNW_MUST_CHECK;

#endif
