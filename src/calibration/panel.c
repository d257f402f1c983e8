/* Spans of lives, groups of the jackknife and the count of the living. */
#include "calibration/panel.h"

#include <stdlib.h>

void snw_panel_spans(struct snw_panel *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const float *alive = p->value[SNW_M_alive] + i * SNW_N_AGES;
        p->from[i] = SNW_AGE_LAST + 1;
        p->to[i] = SNW_AGE_FIRST - 1;
        for (int a = 0; a < SNW_N_AGES; a++)
            if (alive[a] > 0.5f) {
                p->from[i] = p->to[i] < SNW_AGE_FIRST ? (int16_t)(SNW_AGE_FIRST + a) : p->from[i];
                p->to[i] = (int16_t)(SNW_AGE_FIRST + a);
            }
    }
}

struct identity {
    uint32_t person;
    size_t row;
};

static int by_person(const void *a, const void *b)
{
    const struct identity *x = a, *y = b;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

snw_status snw_panel_complete(struct snw_ctx *ctx, struct snw_panel *p)
{
    struct identity *order = malloc((p->n + 1) * sizeof *order);
    size_t dealt[SNW_N_SEXES] = {0};
    free(p->group);
    p->group = malloc(p->n + 1);
    if (!order || !p->group) {
        free(order);
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %zu people", p->n);
    }
    for (size_t i = 0; i < p->n; i++)
        order[i] = (struct identity){p->person[i], i};
    qsort(order, p->n, sizeof *order, by_person);
    for (size_t k = 0; k < p->n; k++) {
        size_t row = order[k].row, sex = p->sex[row];
        bool again = k > 0 && order[k].person == order[k - 1].person;
        p->group[row] =
            again ? p->group[order[k - 1].row] : (uint8_t)(dealt[sex]++ % SNW_PANEL_GROUPS);
    }
    free(order);
    for (int i = 0; i < SNW_N_SEXES * SNW_N_AGES; i++)
        p->alive[i / SNW_N_AGES][i % SNW_N_AGES] = 0;
    for (size_t i = 0; i < p->n; i++)
        for (int age = p->from[i]; age <= p->to[i]; age++)
            p->alive[p->sex[i]][age - SNW_AGE_FIRST] += p->weight ? p->weight[i] : 1;
    return SNW_OK;
}

void snw_panel_free(struct snw_panel *p)
{
    for (int m = 0; m < SNW_N_MEASURES; m++) {
        free(p->value[m]);
        free(p->cells.mean[m]);
        free(p->cells.sd[m]);
        free(p->cells.n[m]);
        free(p->cells.share[m]);
    }
    free(p->cells.person_years);
    free(p->sex);
    free(p->person);
    free(p->from);
    free(p->to);
    free(p->fmp_age_yr);
    free(p->death_age_yr);
    free(p->weight);
    free(p->event_first);
    free(p->event);
    free(p->group);
    *p = (struct snw_panel){0};
}
