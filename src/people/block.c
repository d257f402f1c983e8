/* The table of a person's variables, and what loops over it. */
#include "people/block.h"

#include <string.h>

#include "core/vmath.h"

static const struct snw_field_info table[] = {
#define SNW_FIELD(kind, name, count, unit, doc)                                                    \
    {#name, unit, doc, SNW_##kind, count, offsetof(struct snw_block, name)},
#include "people/fields.def"
#undef SNW_FIELD
};

enum { N_FIELDS = sizeof table / sizeof table[0] };

const struct snw_field_info *snw_field_table(size_t *count)
{
    *count = N_FIELDS;
    return table;
}

snw_real *snw_field_at(struct snw_block *block, const struct snw_field_info *field, size_t index)
{
    char *start = (char *)block + field->offset;
    return (snw_real *)(void *)start + index * SNW_STRIDE;
}

void snw_rows_swap(snw_real (*row)[SNW_STRIDE], size_t n, size_t a, size_t b)
{
    for (size_t i = 0; i < n; i++) {
        snw_real kept = row[i][a];
        row[i][a] = row[i][b];
        row[i][b] = kept;
    }
}

void snw_rows_move(snw_real (*row)[SNW_STRIDE], size_t n, size_t to, size_t from)
{
    for (size_t i = 0; i < n; i++)
        row[i][to] = row[i][from];
}

static snw_real (*rows_of(struct snw_block *block))[SNW_STRIDE]
{
    return (void *)((char *)block + table[0].offset);
}

/* @return rows from the first that move with their lane: of what lives on, and of what treatment
   writes where somebody is treated. */
static size_t n_moving(const struct snw_block *block)
{
    const size_t end = block->treated ? offsetof(struct snw_block, height_cm)
                                      : offsetof(struct snw_block, muscle_treated);
    return (end - table[0].offset) / (SNW_STRIDE * sizeof(snw_real));
}

void snw_block_move(struct snw_block *block, size_t to, size_t from)
{
    block->person[to] = block->person[from];
    block->replicate[to] = block->replicate[from];
    block->row[to] = block->row[from];
    block->enter_age[to] = block->enter_age[from];
    block->exit_age[to] = block->exit_age[from];
    snw_rows_move(rows_of(block), n_moving(block), to, from);
}

static void copy_rows(struct snw_block *to, const struct snw_block *from, size_t offset,
                      size_t n_rows)
{
    const size_t n_bytes = snw_whole_vectors(from->n) * sizeof(snw_real);
    for (size_t row = 0; row < n_rows; row++, offset += SNW_STRIDE * sizeof(snw_real))
        memcpy((char *)to + offset, (const char *)from + offset, n_bytes);
}

void snw_block_copy_body(struct snw_block *to, const struct snw_block *from)
{
    for (size_t f = 0; f < N_FIELDS; f++)
        if (table[f].kind == SNW_BODILY)
            copy_rows(to, from, table[f].offset, table[f].count);
}

void snw_block_copy_seen_body(struct snw_block *to, const struct snw_block *from)
{
    static const size_t read[] = {
        offsetof(struct snw_block, activity_z),      offsetof(struct snw_block, bmi_change),
        offsetof(struct snw_block, strength_change), offsetof(struct snw_block, gait_change),
        offsetof(struct snw_block, fall_prone_z),    offsetof(struct snw_block, disability_z)};
    for (size_t k = 0; k < sizeof read / sizeof read[0]; k++)
        copy_rows(to, from, read[k], 1);
    copy_rows(to, from, SNW_BODY_SEEN,
              (SNW_BODY_SEEN_END - SNW_BODY_SEEN) / (SNW_STRIDE * sizeof(snw_real)));
}

void snw_block_swap(struct snw_block *block, size_t a, size_t b)
{
    uint32_t person = block->person[a], replicate = block->replicate[a];
    int32_t row = block->row[a], enter = block->enter_age[a], leave = block->exit_age[a];
    snw_rows_swap(rows_of(block), n_moving(block), a, b);
    block->person[a] = block->person[b];
    block->replicate[a] = block->replicate[b];
    block->row[a] = block->row[b];
    block->enter_age[a] = block->enter_age[b];
    block->exit_age[a] = block->exit_age[b];
    block->person[b] = person;
    block->replicate[b] = replicate;
    block->row[b] = row;
    block->enter_age[b] = enter;
    block->exit_age[b] = leave;
}

const char *snw_block_fault(struct snw_block *block, size_t *lane)
{
    for (size_t f = 0; f < N_FIELDS; f++)
        for (size_t i = 0; i < table[f].count; i++) {
            const snw_real *values = snw_field_at(block, &table[f], i);
            for (*lane = 0; *lane < block->n; ++*lane)
                if (!(values[*lane] - values[*lane] == SNW_R(0)))
                    return table[f].name;
        }
    return NULL;
}
