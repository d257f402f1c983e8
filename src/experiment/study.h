/* /study of the result: one row for each person whom a study measured. */
#ifndef SNW_EXPERIMENT_STUDY_H
#define SNW_EXPERIMENT_STUDY_H

#include "experiment/work.h"
#include "store/table.h"

/* Columns before the readings, in this order. */
enum snw_study_column {
    SNW_STUDY_PERSON,
    SNW_STUDY_REPLICATE,
    SNW_STUDY_PERSON_ID,
    SNW_STUDY_SEX,
    SNW_STUDY_GROUP,
    SNW_STUDY_AGE,
    SNW_STUDY_FIRST_READING,
    SNW_STUDY_COLUMNS = SNW_STUDY_FIRST_READING + SNW_N_READ
};

struct snw_study {
    struct snw_table table;
    struct snw_variable columns[SNW_STUDY_COLUMNS];
};

/* Makes /study with its labels. The struct must stay where it is: the table points into it.
   Released with snw_table_free(&study->table). */
snw_status snw_study_create(struct snw_ctx *ctx, const struct snw_world *world,
                            struct snw_file *file, enum snw_compression level,
                            struct snw_study *study) SNW_MUST_CHECK;

/* Takes up the group of an interrupted run; the rows then come from snw_table_restore. */
snw_status snw_study_resume(struct snw_ctx *ctx, struct snw_file *file, enum snw_compression level,
                            struct snw_study *study) SNW_MUST_CHECK;

/* Appends n visits, in the order of replicate and person. */
snw_status snw_study_take(struct snw_ctx *ctx, const struct snw_population *population,
                          struct snw_study *study, const struct snw_visit *visits,
                          size_t n) SNW_MUST_CHECK;

#endif
