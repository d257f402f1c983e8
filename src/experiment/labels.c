/* Units of money, attributes and coordinates. */
#include "experiment/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/scalar.h"
#include "experiment/accounting.h"

const char *snw_unit_of(const struct snw_world *world, const char *unit, char text[SNW_UNIT_MAX])
{
    if (strncmp(unit, "USD", 3) != 0)
        return unit;
    snprintf(text, SNW_UNIT_MAX, "%s_%d%s", world->settings->costs.currency, world->prices.year,
             unit + 3);
    return text;
}

/* Whose costs these are; those of the reference pass, and what tests cost by /screening, are the
   health-care sector's in any view. */
static const char *perspective_of(const struct snw_world *world, const char *group,
                                  const char *ledger)
{
    static const char *const names[] = {"health-care sector", "Medicare", "society"};
    int64_t whose = !strcmp(group, "reference") || !strcmp(group, "screening")
                        ? SNW_HEALTH_CARE
                        : world->settings->perspective;
    if (whose == SNW_HEALTH_CARE && strcmp(ledger, "disability") == 0)
        return "cost of illness";
    if (whose == SNW_HEALTH_CARE && strcmp(ledger, "as labelled") == 0)
        return ledger;
    return names[whose];
}

/* What is discounted without saying so: what is concluded from discounted totals. */
static bool is_discounted(const char *name)
{
    static const char *const begins[] = {"nmb", "incremental_", "icer", "expected_loss", "evpi"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncmp(name, begins[i], strlen(begins[i])) == 0)
            return true;
    return strstr(name, "discounted") != NULL;
}

snw_status snw_money_attributes(struct snw_ctx *ctx, struct snw_file *file,
                                const struct snw_world *world, const struct snw_variable *v,
                                const char *ledger)
{
    snw_status status = SNW_OK;
    char object[128], currency[8], word[32], index_word[32];
    const struct snw_setting_info *ledgers = &snw_setting_table[SNW_SETTING_ledger];
    const struct snw_setting_info *index = &snw_setting_table[SNW_SETTING_price_index];
    snprintf(currency, sizeof currency, "%s_", world->settings->costs.currency);
    if (!v->units || !strstr(v->units, currency))
        return SNW_OK;
    snprintf(object, sizeof object, "%s/%s", v->group, v->name);
    snw_word_at(ledgers->words, world->settings->ledger, word, sizeof word);
    snw_word_at(index->words, world->settings->price_index, index_word, sizeof index_word);
    ledger = ledger ? ledger : word;
    SNW_TRY(snw_attribute_text(file, object, "ledger", ledger, ctx));
    SNW_TRY(snw_attribute_text(file, object, "perspective", perspective_of(world, v->group, ledger),
                               ctx));
    SNW_TRY(snw_attribute_text(file, object, "price_index", index_word, ctx));
    SNW_TRY(snw_attribute_text(file, object, "discounting",
                               is_discounted(v->name) ? "discounted" : "none", ctx));
out:
    return status;
}

snw_status snw_spreads_write(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const struct snw_variable *v,
                             const char *ledger, double *const values[SNW_N_SPREADS])
{
    snw_status status = SNW_OK;
    char name[96], doc[256], square[SNW_UNIT_MAX + 8];
    struct snw_variable one = *v;
    one.name = name;
    one.long_name = doc;
    for (int k = 0; k < SNW_N_SPREADS; k++) {
        if (!values[k])
            continue;
        snprintf(name, sizeof name, "%s%s", v->name, snw_spread_labels[k].suffix);
        snprintf(doc, sizeof doc, "%s%s", v->long_name, snw_spread_labels[k].what);
        one.units = snw_spread_unit(k, v->units, square, sizeof square);
        SNW_TRY(snw_variable_write(file, &one, values[k], ctx));
        SNW_TRY(snw_money_attributes(ctx, file, world, &one, ledger));
    }
out:
    return status;
}

snw_status snw_scenario_axis(struct snw_ctx *ctx, struct snw_file *file,
                             const struct snw_world *world, const char *group)
{
    const struct snw_scenarios *all = &world->settings->scenarios;
    const char **names = malloc(all->n * sizeof *names);
    struct snw_variable v = {.group = group,
                             .name = "scenario",
                             .type = SNW_TEXT,
                             .long_name = "Scenario; the first is the reference"};
    if (!names)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for labels");
    for (size_t s = 0; s < all->n; s++)
        names[s] = all->list[s].name;
    snw_status status = snw_coordinate_write(file, &v, all->n, names, ctx);
    free(names);
    return status;
}

snw_status snw_sex_axis(struct snw_ctx *ctx, struct snw_file *file, const char *group)
{
    static const char *const sexes[SNW_SEX_LABELS] = {"female", "male", "all"};
    const struct snw_variable v = {
        .group = group, .name = "sex", .type = SNW_TEXT, .long_name = "Sex"};
    return snw_coordinate_write(file, &v, SNW_SEX_LABELS, sexes, ctx);
}

static const char *const parts[] = {
    [SNW_COST_HIP] = "hip_fracture",
    [SNW_COST_VERTEBRAL] = "vertebral_fracture",
    [SNW_COST_NHNV] = "other_fracture",
    [SNW_COST_INJURY] = "fall_injury",
    [SNW_COST_NURSING_HOME] = "nursing_home",
    [SNW_COST_FRAILTY] = "frailty",
    [SNW_COST_DISABILITY] = "disability",
    [SNW_COST_BACKGROUND_EVENT] = "background_event",
    [SNW_COST_BACKGROUND_FRAILTY] = "background_frailty",
    [SNW_COST_INFORMAL_CARE] = "informal_care",
    [SNW_COST_INTERVENTIONS] = "interventions",
    [SNW_COST_TESTS] = "tests",
};
_Static_assert(sizeof parts / sizeof parts[0] == SNW_N_COST_PARTS, "a label for each part");

snw_status snw_cost_axes(struct snw_ctx *ctx, struct snw_file *file, const char *group)
{
    snw_status status = SNW_OK;
    struct snw_variable v = {
        .group = group, .name = "part", .type = SNW_TEXT, .long_name = "Part of the cost"};
    SNW_TRY(snw_coordinate_write(file, &v, SNW_N_COST_PARTS, parts, ctx));
    v.name = "ledger";
    v.long_name = "Ledger: views of the same lives, never added";
    SNW_TRY(snw_coordinate_write(file, &v, SNW_N_LEDGERS, snw_ledger_names, ctx));
out:
    return status;
}

snw_status snw_part_ledgers(struct snw_ctx *ctx, struct snw_file *file, const char *object)
{
    char text[512];
    size_t n = 0;
    for (int p = 0; p < SNW_N_COST_PARTS; p++)
        for (int l = 0; l < SNW_N_LEDGERS; l++)
            if (snw_in_ledger((enum snw_ledger)l, (enum snw_cost_part)p))
                n += (size_t)snprintf(text + n, sizeof text - n, "%s%s: %s", n ? "; " : "",
                                      parts[p], snw_ledger_names[l]);
    return snw_attribute_text(file, object, "ledger_of_part", text, ctx);
}

snw_status snw_draw_axis(struct snw_ctx *ctx, struct snw_file *file, const char *group, size_t n)
{
    int32_t *draws = malloc(n * sizeof *draws);
    struct snw_variable v = {.group = group,
                             .name = "draw",
                             .type = SNW_I32,
                             .units = "1",
                             .long_name = "Draw of the parameters; 0 is the point estimate"};
    if (!draws)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for labels");
    for (size_t k = 0; k < n; k++)
        draws[k] = (int32_t)k;
    snw_status status = snw_coordinate_write(file, &v, n, draws, ctx);
    free(draws);
    return status;
}

snw_status snw_summary_axes(struct snw_ctx *ctx, struct snw_file *file,
                            const struct snw_world *world, const char *group, size_t n_draws)
{
    snw_status status = SNW_OK;
    int32_t ages[SNW_N_AGES];
    for (int i = 0; i < SNW_N_AGES; i++)
        ages[i] = SNW_AGE_FIRST + i;
    SNW_TRY(snw_group_create(file, group, ctx));
    SNW_TRY(snw_scenario_axis(ctx, file, world, group));
    SNW_TRY(snw_draw_axis(ctx, file, group, n_draws));
    struct snw_variable v = {.group = group, .name = "sex", .type = SNW_TEXT, .long_name = "Sex"};
    SNW_TRY(snw_coordinate_write(file, &v, SNW_N_SEXES, snw_axis_table[SNW_AXIS_SEX].labels, ctx));
    v = (struct snw_variable){.group = group,
                              .name = "age",
                              .type = SNW_I32,
                              .units = "year",
                              .long_name = "Age in completed years"};
    SNW_TRY(snw_coordinate_write(file, &v, SNW_N_AGES, ages, ctx));
out:
    return status;
}
