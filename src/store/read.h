/* Reading datasets back, for what is concluded from results and for their digest. */
#ifndef SNW_STORE_READ_H
#define SNW_STORE_READ_H

#include "store/dataset.h"

struct snw_shape {
    enum snw_dtype type;
    size_t n_dims;
    size_t length[SNW_DIMS_MAX];
    size_t n_values; /* the product of the lengths */
};

/* Reads what a dataset ("summary/grip_kg") is.
   @return SNW_OK; SNW_ERR_FORMAT where there is no such dataset or its type is none of ours. */
snw_status snw_shape_read(struct snw_file *file, const char *dataset, struct snw_shape *shape,
                          struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Reads all values as doubles, as stored (neither scaled nor is the fill value replaced).
   @param[out] values  (n_values,) where n_values must be what the dataset has */
snw_status snw_doubles_read(struct snw_file *file, const char *dataset, double *values,
                            size_t n_values, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Reads n values of a one-dimensional dataset from `first` on, as snw_doubles_read does.
   @param[out] values  (n,) */
snw_status snw_rows_read(struct snw_file *file, const char *dataset, size_t first, size_t n,
                         double *values, struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Texts of a dataset, in row order. */
struct snw_texts {
    size_t n;
    char **text; /* (n,) */
};

/* Reads a dataset of texts (labels, or one text such as the config). Released with
   snw_texts_free. */
snw_status snw_texts_read(struct snw_file *file, const char *dataset, struct snw_texts *texts,
                          struct snw_ctx *ctx) SNW_MUST_CHECK;

void snw_texts_free(struct snw_texts *texts);

/* Names of a dataset's dimensions, in their order. Released with snw_texts_free.
   @return also SNW_ERR_FORMAT where one has none, as a coordinate's own. */
snw_status snw_dimensions_read(struct snw_file *file, const char *dataset, struct snw_texts *names,
                               struct snw_ctx *ctx) SNW_MUST_CHECK;

/* Paths of all datasets of a group and its groups, sorted, without those of the group `except`
   (NULL: none) at the top. Released with snw_texts_free. */
snw_status snw_datasets_list(struct snw_file *file, const char *group, const char *except,
                             struct snw_texts *paths, struct snw_ctx *ctx) SNW_MUST_CHECK;

#endif
