/* The world that the benchmarks live in, as JSON for one that is not in C: numbers by name, as
   nested lists over sex and age.

     bench_world */
#include <stdio.h>

#include "bench/world.h"
#include "core/memory.h"
#include "processes/happenings.h"

enum { PRONE_STEPS = 1024 }; /* of the table of ln G on [-6.6, 6.6] */

struct entry {
    const char *name;
    size_t offset, length;
};

/* clang-format off */
#define ENTRY(type, name) \
    {#name, offsetof(struct type, name), sizeof(((struct type *)0)->name) / sizeof(snw_real)}
#define B(name) ENTRY(snw_birth_coef, name)
#define Y(name) ENTRY(snw_year_coef, name)
#define E(name) ENTRY(snw_economy_year, name)

static const struct entry birth[] = {
    B(fmp_mean), B(fmp_sd), B(early_share), B(smoker_shift), B(smoker_share), B(height_mean), B(height_sd),
    B(height_loss_log_sd), B(sd_bmi_base), B(r_bmi_muscle), B(sd_muscle_base), B(sd_muscle_slope), B(r_slopes),
    B(sd_trait), B(shared_trait), B(muscle_trait), B(r_radius), B(sd_strength), B(sd_igfbp2), B(sd_igf1),
    B(sd_bio_t), B(sd_bio_e2), B(start_muscle), B(start_bmi), B(start_r_bmi), B(start_r_bone), B(start_trait),
    B(start_strength), B(start_gait), B(start_igfbp2), B(start_igf1), B(start_bio_t), B(start_bio_e2)};

static const struct entry year[] = {
    Y(age), Y(years_after_40),
    /* size, activity, muscle */
    Y(height_loss_cm), Y(height_per_vertebral), Y(bmi_median_ln), Y(bmi_phi), Y(bmi_sd), Y(bmi_r), Y(bmi_z_scale),
    Y(activity_phi), Y(activity_sd), Y(index_median_ln), Y(menopause_muscle), Y(muscle_phi), Y(muscle_sd),
    Y(muscle_per_activity), Y(felt_lag),
    /* strength and gait */
    Y(grip_median_ln), Y(knee_median_ln), Y(gait_median_ln), Y(strength_per_muscle), Y(strength_per_activity),
    Y(strength_phi), Y(strength_sd), Y(strength_shift), Y(gait_per_strength), Y(gait_phi), Y(gait_sd),
    /* menopause and bone */
    Y(weight_shield), Y(bone_phi), Y(bone_sd), Y(bone_r), Y(trait_median_ln), Y(trait_early), Y(trait_late),
    Y(trait_shared), Y(trait_slope), Y(trait_muscle), Y(trait_sd), Y(trait_feedback), Y(igfbp2_feedback),
    /* IGFBP-2 and its comparators */
    Y(igfbp2_median_ln), Y(igfbp2_per_muscle), Y(igfbp2_per_bmi), Y(igfbp2_phi), Y(igfbp2_sd), Y(igf1_median_ln),
    Y(igf1_per_muscle), Y(igf1_sd), Y(bio_t_median_ln), Y(bio_t_per_muscle), Y(bio_t_sd), Y(bio_e2_median_ln),
    Y(bio_e2_per_muscle), Y(bio_e2_sd), Y(bio_e2_menopause), Y(marker_phi),
    /* frozen reference; falls and fractures */
    Y(z_mean), Y(z_scale), Y(fall_rate_ln), Y(per_fall), Y(per_year), Y(death_hazard), Y(enter_home),
    Y(fall_per_weakness), Y(fall_frail), Y(fall_home), Y(fall_per_igfbp2), Y(fall_variance), Y(prone_phi), Y(prone_sd),
    Y(injury_logit), Y(p_report_harmless), Y(p_report_injury), Y(grad_hip), Y(grad_spine), Y(grad_other),
    Y(trauma_hip), Y(trauma_spine), Y(trauma_other), Y(mild_falls), Y(prior_ln), Y(prior_decay), Y(prior_rate),
    /* frailty, disability, residence, mortality */
    Y(up_robust), Y(up_prefrail), Y(down_prefrail), Y(down_frail), Y(frailty_weakness), Y(frailty_hip),
    Y(disabled_below), Y(disability_phi), Y(disability_sd), Y(smi_intercept), Y(smi_slope), Y(smi_moderate),
    Y(smi_high), Y(home_prefrail), Y(home_frail), Y(home_injury), Y(home_after_hip), Y(death_per_weakness),
    Y(death_frail), Y(death_per_igfbp2), Y(hip_early), Y(hip_late), Y(vertebral_rr),
    /* readouts */
    Y(trait_reference), Y(abmd_neck), Y(abmd_spine), Y(t_mean_neck), Y(t_scale_neck), Y(t_mean_spine),
    Y(t_scale_spine), Y(spine_artefact), Y(femur_exponent), Y(stiffness_exponent), Y(femur_n), Y(tissue_base),
    Y(tissue_slope), Y(radius_base_ln)};

static const struct entry economy[] = {
    E(first_year), E(share), E(injury), E(nursing_home), E(background), E(norm), E(utility_factor), E(multiplier),
    E(home_multiplier), E(frail_change), E(sarcopenic_change), E(injury_change), E(injury_years)};
/* clang-format on */

static void print_numbers(const snw_real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%s%.17g", i ? "," : n > 1 ? "[" : "", (double)x[i]);
    printf("%s", n > 1 ? "]" : "");
}

static const snw_real *at(const void *coefficients, const struct entry *e)
{
    return (const snw_real *)(const void *)((const char *)coefficients + e->offset);
}

static void print_name(size_t k, const struct entry *e)
{
    printf("%s\n\"%s\":[", k ? "," : "", e->name);
}

static void print_birth(const struct snw_model *model)
{
    printf("\"birth\":{");
    for (size_t k = 0; k < sizeof birth / sizeof birth[0]; k++) {
        print_name(k, &birth[k]);
        for (int s = 0; s < SNW_N_SEXES; s++) {
            printf("%s", s ? "," : "");
            print_numbers(at(&model->birth[s], &birth[k]), birth[k].length);
        }
        printf("]");
    }
    printf("},\n");
}

/* years: of one struct for each sex and age, `size` bytes long. */
static void print_years(const char *name, const struct entry *entries, size_t n, const void *years,
                        size_t size)
{
    printf("\"%s\":{", name);
    for (size_t k = 0; k < n; k++) {
        print_name(k, &entries[k]);
        const char *one = years;
        for (int s = 0; s < SNW_N_SEXES; s++)
            for (int i = 0; i < SNW_N_AGES; i++, one += size) {
                printf("%s", i ? "," : s ? "],[" : "[");
                print_numbers(at(one, &entries[k]), entries[k].length);
            }
        printf("]]");
    }
    printf("},\n");
}

/* Names in order; of states also where the first bin begins and how many bins a unit has. */
static void print_measures(const struct snw_pilot_result *pilot)
{
    printf("\"measures\":[");
    for (int m = 0; m < SNW_N_MEASURES; m++)
        printf("%s\"%s\"", m ? "," : "", snw_measure_table[m].name);
    printf("],\n\"states\":%d,\"codes\":%d,\"bins\":%d", SNW_N_STATES, SNW_N_CODES, SNW_BINS);
    for (int what = 0; what < 2; what++) {
        printf(",\n\"%s\":[", what ? "bins_per_unit" : "bin_low");
        for (int s = 0; s < SNW_N_SEXES; s++)
            for (int i = 0; i < SNW_N_AGES; i++)
                for (int m = 0; m < SNW_N_STATES; m++) {
                    const struct snw_measure_info *info = &snw_measure_table[m];
                    const struct snw_bins *bins = &pilot->bins[s][i][m];
                    printf("%s%.17g",
                           m   ? ","
                           : i ? "],["
                           : s ? "]],[["
                               : "[[",
                           what ? bins->scale / (65536 * info->scale)
                                : info->offset + info->scale * (bins->low - 0.5));
                }
        printf("]]]");
    }
    printf(",\n");
}

static void print_proneness(const struct snw_params *params)
{
    printf("\"ln_proneness\":[");
    for (int k = 0; k <= PRONE_STEPS; k++)
        printf(
            "%s%.17g", k ? "," : "",
            snw_ln_gamma_quantile(13.2 * k / PRONE_STEPS - 6.6, params->falls_variance_lasting[0]));
    printf("]");
}

int main(void)
{
    struct snw_ctx ctx;
    snw_ctx_init(&ctx);
    snw_status status = SNW_OK;
    struct snw_world *world = snw_alloc(sizeof *world);
    if (!world)
        SNW_TRY(snw_fail(&ctx, SNW_ERR_MEMORY, "no memory for the world"));
    SNW_TRY(snw_world_make(&ctx, world, SNW_BENCH_PILOT));
    printf("{");
    print_birth(&world->model);
    print_years("year", year, sizeof year / sizeof year[0], world->model.year,
                sizeof world->model.year[0][0]);
    print_years("economy", economy, sizeof economy / sizeof economy[0], world->economy.year,
                sizeof world->economy.year[0][0]);
    print_measures(&world->pilot);
    printf("\"falls_max\":%d,\"non_fall_max\":%d,\n", SNW_FALLS_MAX, SNW_NON_FALL_MAX);
    print_proneness(&world->params);
    printf("}\n");
    if (fflush(stdout) != 0 || ferror(stdout))
        status = snw_fail(&ctx, SNW_ERR_IO, "can't write the world");
out:
    snw_ctx_print(&ctx, stderr);
    snw_free(world);
    return status == SNW_OK ? 0 : 1;
}
