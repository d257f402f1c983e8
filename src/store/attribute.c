/* Attributes of groups and datasets. */
#include <stdio.h>
#include <string.h>

#include "store/file.h"
#include "store/h5.h"

bool snw_attribute_exists(const struct snw_file *file, const char *object, const char *name)
{
    return snw_object_exists(file, object) &&
           H5Aexists_by_name(file->id, object, name, H5P_DEFAULT) > 0;
}

snw_status snw_h5_attribute(struct snw_file *file, hid_t object, const char *name,
                            const struct snw_attribute *attribute, struct snw_ctx *ctx)
{
    hid_t type = 0, space = 0, id = 0;
    snw_status status;
    SNW_TRY(snw_h5_check(file, type = snw_h5_type(attribute->type), "prepare", ctx));
    if (H5Aexists(object, name) > 0)
        SNW_TRY(snw_h5_check(file, H5Adelete(object, name), "replace an attribute of", ctx));
    space = attribute->n ? H5Screate_simple(1, &attribute->n, NULL) : H5Screate(H5S_SCALAR);
    SNW_TRY(snw_h5_check(file, space, "prepare", ctx));
    id = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    SNW_TRY(snw_h5_check(file, id, "make an attribute of", ctx));
    SNW_TRY(
        snw_h5_check(file, H5Awrite(id, type, attribute->values), "write an attribute of", ctx));
    SNW_TRY(snw_h5_close(file, &id, ctx));
out:
    snw_h5_release(&id);
    snw_h5_release(&space);
    snw_h5_release(&type);
    return status;
}

static snw_status write_by_name(struct snw_file *file, const char *object, const char *name,
                                const struct snw_attribute *attribute, struct snw_ctx *ctx)
{
    hid_t id = H5Oopen(file->id, object, H5P_DEFAULT);
    snw_status status;
    SNW_TRY(snw_h5_check(file, id, "open an object of", ctx));
    SNW_TRY(snw_h5_attribute(file, id, name, attribute, ctx));
    SNW_TRY(snw_h5_close(file, &id, ctx));
out:
    snw_h5_release(&id);
    return status;
}

snw_status snw_attribute_text(struct snw_file *file, const char *object, const char *name,
                              const char *text, struct snw_ctx *ctx)
{
    struct snw_attribute attribute = {SNW_TEXT, 0, &text};
    return write_by_name(file, object, name, &attribute, ctx);
}

snw_status snw_attribute_int(struct snw_file *file, const char *object, const char *name,
                             int32_t value, struct snw_ctx *ctx)
{
    struct snw_attribute attribute = {SNW_I32, 0, &value};
    return write_by_name(file, object, name, &attribute, ctx);
}

snw_status snw_attribute_double(struct snw_file *file, const char *object, const char *name,
                                double value, struct snw_ctx *ctx)
{
    struct snw_attribute attribute = {SNW_F64, 0, &value};
    return write_by_name(file, object, name, &attribute, ctx);
}

snw_status snw_attribute_doubles(struct snw_file *file, const char *object, const char *name,
                                 const double *values, size_t n, struct snw_ctx *ctx)
{
    struct snw_attribute attribute = {SNW_F64, n, values};
    return write_by_name(file, object, name, &attribute, ctx);
}

snw_status snw_attribute_read_double(struct snw_file *file, const char *object, const char *name,
                                     double *value, struct snw_ctx *ctx)
{
    hid_t id = H5Aopen_by_name(file->id, object, name, H5P_DEFAULT, H5P_DEFAULT);
    hid_t space = 0;
    snw_status status;
    SNW_TRY(snw_h5_check(file, id, "find an attribute of", ctx));
    SNW_TRY(snw_h5_check(file, space = H5Aget_space(id), "read an attribute of", ctx));
    if (H5Sget_simple_extent_npoints(space) != 1)
        SNW_TRY(snw_fail(ctx, SNW_ERR_FORMAT, "%s: %s of %s is not one number", file->path, name,
                         object));
    SNW_TRY(snw_h5_check(file, H5Aread(id, H5T_NATIVE_DOUBLE, value), "read an attribute of", ctx));
out:
    snw_h5_release(&space);
    snw_h5_release(&id);
    return status;
}

snw_status snw_attribute_read_text(struct snw_file *file, const char *object, const char *name,
                                   char *text, size_t size, struct snw_ctx *ctx)
{
    hid_t type = 0, space = 0,
          id = H5Aopen_by_name(file->id, object, name, H5P_DEFAULT, H5P_DEFAULT);
    char *held = NULL;
    snw_status status;
    SNW_TRY(snw_h5_check(file, id, "find an attribute of", ctx));
    SNW_TRY(snw_h5_check(file, space = H5Aget_space(id), "read an attribute of", ctx));
    SNW_TRY(snw_h5_check(file, type = H5Aget_type(id), "read an attribute of", ctx));
    if (H5Tis_variable_str(type) <= 0 || H5Sget_simple_extent_npoints(space) != 1)
        SNW_TRY(
            snw_fail(ctx, SNW_ERR_FORMAT, "%s: %s of %s is not a text", file->path, name, object));
    SNW_TRY(snw_h5_check(file, H5Aread(id, type, &held), "read an attribute of", ctx));
    snprintf(text, size, "%s", held ? held : "");
    H5free_memory(held);
out:
    snw_h5_release(&space);
    snw_h5_release(&type);
    snw_h5_release(&id);
    return status;
}
