/* What each process reads, decides by and writes, as the test holds it to: names of fields.def.

   reads    enters the arithmetic: a NaN in it must come out in a written field
   decides  only compared, or counted on: a NaN in it can't come out, and is found in its own field
   Fields not named must not change the result. */
#ifndef SNW_TESTS_PROPERTY_DECLARED_H
#define SNW_TESTS_PROPERTY_DECLARED_H

struct declared {
    const char *process, *reads, *decides, *writes;
};

static const struct declared declared_table[] = {
    {"size_look", "height_peak_cm height_loss_factor n_vertebral bmi_base bmi_change", "",
     "height_cm bmi_kg_m2"},
    {"muscle_look", "muscle_base muscle_slope_per_yr muscle_change muscle_treated fmp_age_yr", "",
     "muscle_ln index_ln"},
    {"strength_look",
     "muscle_ln activity_z strength_base strength_change strength_treated gait_change", "",
     "strength_ln grip_ln gait_m_s"},
    {"bone_look",
     "menopause_early_yr menopause_late_yr trait_base trait_change bone_change_z bone_slope_z "
     "muscle_felt trait_treated",
     "", "trait_ln abmd_neck_ln abmd_spine_ln"},
    {"markers_look",
     "muscle_ln bmi_kg_m2 fmp_age_yr igfbp2_base igfbp2_change igf1_base igf1_change bio_t_base "
     "bio_t_change bio_e2_base bio_e2_change",
     "", "igfbp2_ln igf1_ln bio_t_ln bio_e2_ln"},
    {"scores", "grip_ln gait_m_s abmd_neck_ln abmd_spine_ln igfbp2_ln",
     "height_peak_cm height_cm index_ln hip_age_yr frailty disability_z",
     "strength_z gait_z abmd_neck_z abmd_spine_z igfbp2_z disabled sarcopenic"},
    {"falls_propensity", "fall_prone_z strength_z nursing_home igfbp2_z fall_rate_treated",
     "frailty", "log_proneness log_fall_risk"},
    {"falls_count", "log_fall_risk", "", "fall_rate n_falls n_reported"},
    {"fractures_risk",
     "log_prior_risk log_proneness abmd_neck_z abmd_spine_z hip_treated spine_treated "
     "other_treated neck_unseen_ln "
     "spine_unseen_ln",
     "", "break_hip break_spine break_other trauma_hip trauma_spine trauma_other"},
    {"fractures_load", "height_cm bmi_kg_m2 abmd_neck_ln strength_z hip_treated neck_unseen_ln", "",
     "break_hip"},
    {"fractures_any", "break_hip break_spine break_other", "", "break_any"},
    {"fractures_trauma", "", "trauma_hip trauma_spine trauma_other",
     "fracture_yr n_injuries n_hurt_not_hip n_fractures"},
    {"mortality_risk", "strength_z igfbp2_z death_treated", "frailty hip_age_yr vertebral_age_yr",
     "death_risk death_exposure_yr lived_yr"},
    {"frailty_change", "frailty", "strength_z gait_z n_fractures", "frailty_opening frailty"},
    {"residence_change", "nursing_home", "frailty_opening n_hurt_not_hip n_fractures",
     "entered_home nursing_home"},
    {"menopause_advance",
     "fmp_age_yr bmi_base bmi_change hormone_therapy menopause_early_yr menopause_late_yr", "",
     "menopause_early_yr menopause_late_yr"},
    {"muscle_advance", "muscle_felt muscle_ln muscle_change activity_z", "",
     "muscle_felt muscle_change"},
    {"fractures_advance", "log_prior_risk fracture_yr", "", "log_prior_risk"},
    {"bone_advance", "bone_change_z trait_change trait_base igfbp2_z", "",
     "bone_change_z trait_change trait_base"},
    {"size_advance", "bmi_change", "", "bmi_change"},
    {"strength_advance", "strength_change gait_change", "", "strength_change gait_change"},
    {"markers_advance", "igfbp2_change igf1_change bio_t_change bio_e2_change", "",
     "igfbp2_change igf1_change bio_t_change bio_e2_change"},
    {"latent_advance", "fall_prone_z disability_z", "", "fall_prone_z disability_z"},
    {"activity_advance", "activity_z", "", "activity_z"},
    /* not in schedule.def: everybody at 20, and the few to whom something happens */
    {"birth", "", "",
     "fmp_age_yr height_peak_cm height_loss_factor bmi_base muscle_base muscle_slope_per_yr "
     "bone_slope_z strength_base igfbp2_base igf1_base bio_t_base bio_e2_base activity_z "
     "bmi_change muscle_change muscle_felt bone_change_z trait_base trait_change strength_change "
     "gait_change igfbp2_change igf1_change bio_t_change bio_e2_change fall_prone_z disability_z "
     "menopause_early_yr menopause_late_yr n_vertebral log_prior_risk hip_age_yr "
     "vertebral_age_yr fracture_age_yr injury_age_yr frailty nursing_home muscle_treated "
     "strength_treated trait_treated "
     "fall_rate_treated hormone_therapy hip_treated spine_treated other_treated neck_unseen_ln "
     "spine_unseen_ln "
     "death_treated on_treatment"},
    {"happen", "",
     "n_falls fracture_yr lived_yr fall_rate break_hip break_spine break_other break_any "
     "trauma_hip "
     "trauma_spine trauma_other hip_age_yr vertebral_age_yr death_risk n_vertebral n_fractures",
     "death_exposure_yr lived_yr n_falls n_reported n_injuries n_hurt_not_hip fracture_yr "
     "n_fractures hip_age_yr vertebral_age_yr n_vertebral"},
};
enum { N_DECLARED = sizeof declared_table / sizeof declared_table[0] };

/* Where each field may lie, ends included; `whole` for codes and counts. What is not named lies
   within +-1.5. */
struct field_range {
    const char *field;
    double low, high;
    int whole;
};

static const struct field_range field_ranges[] = {
    {"fmp_age_yr", 30, 68, 0},
    {"height_peak_cm", 120, 220, 0},
    {"height_loss_factor", 0.1, 6, 0},
    {"muscle_slope_per_yr", -0.01, 0.01, 0},
    {"bone_slope_z", -6, 6, 0},
    {"activity_z", -6, 6, 0},
    {"bone_change_z", -6, 6, 0},
    {"fall_prone_z", -6.6, 6.6, 0},
    {"disability_z", -6.6, 6.6, 0},
    {"menopause_early_yr", 0, 9, 0},
    {"menopause_late_yr", 0, 12, 0},
    {"n_vertebral", 0, 9, 1},
    {"log_prior_risk", 0, 0.6, 0},
    {"frailty", 0, 2, 1},
    {"nursing_home", 0, 1, 1},
    {"hormone_therapy", 0, 1, 1},
    {"on_treatment", 0, 1, 1},
    {"height_cm", 100, 220, 0},
    {"bmi_kg_m2", 8, 90, 0},
    {"index_ln", 0, 4, 0},
    {"strength_ln", -4, 4, 0},
    {"grip_ln", -1, 6, 0},
    {"gait_m_s", 0.02, 6, 0},
    {"trait_ln", -3, 2, 0},
    {"abmd_neck_ln", -3, 2, 0},
    {"abmd_spine_ln", -3, 2, 0},
    {"igfbp2_ln", 0, 10, 0},
    {"igf1_ln", 0, 10, 0},
    {"bio_t_ln", -6, 4, 0},
    {"bio_e2_ln", -6, 4, 0},
    {"strength_z", -8, 8, 0},
    {"gait_z", -8, 8, 0},
    {"abmd_neck_z", -8, 8, 0},
    {"abmd_spine_z", -8, 8, 0},
    {"igfbp2_z", -8, 8, 0},
    {"disabled", 0, 1, 1},
    {"log_proneness", -40, 4, 0},
    {"log_fall_risk", -45, 9, 0},
    {"fall_rate", 0, 300, 0},
    {"break_hip", 0, 1e5, 0},
    {"break_spine", 0, 1e5, 0},
    {"break_other", 0, 1e5, 0},
    {"trauma_hip", 0, 1e4, 0},
    {"trauma_spine", 0, 1e4, 0},
    {"trauma_other", 0, 1e4, 0},
    {"death_risk", 0.01, 100, 0},
    {"death_exposure_yr", 0, 900, 0},
    {"n_falls", -1, 0, 1},
    {"n_reported", 0, 9, 1},
    {"n_injuries", 0, 9, 1},
    {"n_fractures", 0, 3, 1},
    {"n_hurt_not_hip", 0, 9, 1},
    {"entered_home", 0, 2, 1},
    {"fracture_yr", -2, -1, 1},
};
enum { N_RANGES = sizeof field_ranges / sizeof field_ranges[0] };

#endif
