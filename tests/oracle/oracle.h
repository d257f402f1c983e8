/* The oracle: one person's life from the 20th to the 98th birthday, in plain double precision.

   Written from the equations of the model with libm and GSL, sharing with the program only the
   parameter table and the random words. Slow and readable: the yardstick for the program's kernels.
   Readings of the model where it leaves room stand in README.md beside this file. */
#ifndef SNW_TESTS_ORACLE_H
#define SNW_TESTS_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#include "params/params.h"
#include "random/philox.h"

enum {
    SNW_ORACLE_FIRST_AGE = 20,
    SNW_ORACLE_LAST_AGE = 97, /* the year opened here runs to the 98th birthday */
    SNW_ORACLE_N_AGES = 78,
    SNW_ORACLE_MAX_FALLS = 255,    /* a year */
    SNW_ORACLE_MAX_NON_FALL = 15,  /* a year */
    SNW_ORACLE_MAX_FRACTURES = 256 /* kept a life; more are counted, not kept */
};

enum snw_oracle_frailty { SNW_ORACLE_ROBUST, SNW_ORACLE_PREFRAIL, SNW_ORACLE_FRAIL };

enum snw_oracle_cause {
    SNW_ORACLE_NO_CAUSE = -1, /* alive */
    SNW_ORACLE_BACKGROUND,
    SNW_ORACLE_BY_HIP,
    SNW_ORACLE_BY_VERTEBRAL,
    SNW_ORACLE_BY_FRAILTY,
    SNW_ORACLE_BY_WEAKNESS,
    SNW_ORACLE_BY_IGFBP2,
    SNW_ORACLE_N_CAUSES
};

struct snw_oracle_moments {
    double mean, sd;
};

/* The frozen reference of one sex at one age in completed years. */
struct snw_oracle_reference_age {
    struct snw_oracle_moments ln_grip; /* ln kg */
    struct snw_oracle_moments gait;    /* m/s */
    struct snw_oracle_moments
        ln_neck; /* ln areal density of the femoral neck over the young median */
    struct snw_oracle_moments ln_spine;  /* the same of the lumbar spine */
    struct snw_oracle_moments ln_igfbp2; /* ln ng/mL */
    double lambda0;              /* true falls per person-year, all covariates and G at 0, 1 */
    double per_fall[SNW_N_SITE]; /* K: fractures per fall at z = 0, P = G = 1 */
    double non_fall[SNW_N_SITE]; /* Kn: fractures without a fall per person-year */
    double mortality_factor;     /* c */
    double qx;                   /* life table, death within the year */
    double residence_hazard;     /* h0, per year */
    double utility_factor;       /* n */
    double background_event, background_frailty; /* C_bg of two ledgers, a person-year */
};

/* A price index by year from 1990 on, and the year whose prices are wanted. */
enum { SNW_ORACLE_PRICES_FROM = 1990, SNW_ORACLE_N_PRICES = 41 };
struct snw_oracle_prices {
    int year;
    double index[SNW_ORACLE_N_PRICES];
};

struct snw_oracle_reference {
    struct snw_oracle_reference_age age[SNW_N_SEXES][SNW_ORACLE_N_AGES]; /* [sex][age - 20] */
    double disability_intercept[SNW_N_SEXES];                            /* d0 */
    double smi_factor[SNW_N_SEXES];                                      /* k_s */
    double hip_intercept[SNW_N_SEXES]; /* f0, used with fractures.module = 1 only */
    struct snw_oracle_prices prices;   /* year 0: no bills are made out */
};

/* Whose life, and with which luck. An immortal meets all events but death, as the people of the
   reference pass do. */
struct snw_oracle_person {
    enum snw_sex sex;
    uint32_t id, replicate;
    struct snw_key key;
    bool immortal;
};

/* What a person is born with. */
struct snw_oracle_birth {
    double fmp; /* age at the final menstrual period; infinite in men */
    bool smoker;
    double height_peak_cm, height_loss;                     /* peak, multiplier h_i of the loss */
    double bmi_base;                                        /* b_W, ln */
    double muscle_base, muscle_slope;                       /* b_m ln, s_m ln per year */
    double bone_base, bone_slope;                           /* f_I, f_S, standard normal */
    double trait_base[SNW_N_TRAIT];                         /* b_k, ln */
    double strength_base;                                   /* q, ln */
    double igfbp2_base, igf1_base, bio_t_base, bio_e2_base; /* ln */
};

/* What changes, at a birthday. Ages of fractures are exact, NaN where there was none. */
struct snw_oracle_state {
    double muscle_change;               /* a_m, ln */
    double felt_muscle;                 /* m*, ln */
    double bmi_change;                  /* a_W, ln */
    double activity;                    /* p, z */
    double bone_shared;                 /* f_A, z */
    double trait_change[SNW_N_TRAIT];   /* a_k, ln */
    double trait_feedback[SNW_N_TRAIT]; /* age loss added by IGFBP-2, ln; 0 unless switched on */
    double strength_change;             /* a_S, ln */
    double gait_change;                 /* a_v, ln */
    double igfbp2_change, igf1_change, bio_t_change, bio_e2_change; /* ln */
    double menopause_early, menopause_late;                         /* A1, A2, years */
    double fall_prone;                                              /* x_G, z */
    double disability_latent;                                       /* x_D, z */
    enum snw_oracle_frailty frailty;
    bool resident; /* of a nursing home */
    int n_vertebral;
    double last_fracture_age, last_hip_age, last_vertebral_age, last_nhnv_age;
    double last_injury_age; /* of falls that injured without a fracture */
};

/* What can be measured at a birthday, without error. */
struct snw_oracle_measures {
    double muscle; /* m, ln deviation */
    double height_m, bmi_kg_m2, bmi_z, body_mass_kg;
    double asm_kg, relative_asm_kg_m2, smi_bia_kg_m2;
    double ln_grip, grip_kg, knee_extensor_nm, gait_m_s;
    double ln_igfbp2, igfbp2_ng_ml, igf1_ng_ml, bio_t_rel, bio_e2_rel;
    double years_since_fmp;       /* negative before; NaN in men */
    double ln_trait[SNW_N_TRAIT]; /* x_k, ln over the young median */
    double trait[SNW_N_TRAIT];    /* absolute, in the unit of the reference value */
    double tbth_radius_mm, tbsp_radius_mm, tb_vbmd_radius_mg_cm3, tb_vbmd_tibia_mg_cm3;
    double ln_neck_rel, ln_spine_rel; /* areal density over the young median */
    double abmd_neck_g_cm2, abmd_spine_g_cm2, dxa_spine_g_cm2, t_score_neck, t_score_spine;
    double strength_femur_n, load_n, load_to_strength, load_to_stiffness, radius_ratio;
    double z_grip, z_gait, z_neck, z_spine, z_igfbp2; /* against the frozen reference */
    int sarcopenia_ewgsop2; /* 0 none, 1 probable, 2 confirmed, 3 severe */
    bool sarcopenia_fnih, sarcopenia_sdoc, sarcopenia_baumgartner;
    int who, who_neck; /* -1 not reported at this age, 0 normal, 1 osteopenia, 2 osteoporosis */
    int smi_class;     /* 0 normal, 1 moderate, 2 high risk */
    double p_disabled;
    bool disabled;
};

/* What a year cost, by part, in the prices wanted; and what it was worth. Zero for the dead. */
struct snw_oracle_bill {
    double hip, vertebral, nhnv, injury, nursing_home; /* event ledger, with its background */
    double frailty;                                    /* frailty ledger, with its background */
    double disability;                                 /* disability ledger */
    double background_event, background_frailty;
    double qaly; /* years */
};

/* What happens in the year that a birthday opens, up to death. */
struct snw_oracle_outcomes {
    double fall_rate, proneness;   /* lambda_i with G, per year; G */
    double p_fracture[SNW_N_SITE]; /* per fall, after the cap */
    double h_fracture[SNW_N_SITE]; /* without a fall, per year */
    double death_hazard;           /* cumulative over the whole year, all fractures counted */
    int falls, falls_reported;     /* true, remembered */
    int injuries;                  /* falls with an injury that is no fracture */
    int falls_injurious;           /* with injury or fracture */
    int fractures[SNW_N_SITE];     /* all */
    int fractures_after_fall[SNW_N_SITE]; /* those after a fall */
    bool died;
    double person_years; /* fraction of the year lived */
    enum snw_oracle_cause cause;
    struct snw_oracle_bill bill;
};

struct snw_oracle_year {
    bool alive; /* at the birthday; the dead keep their last state, with no outcomes */
    struct snw_oracle_state state;
    struct snw_oracle_measures measures;
    struct snw_oracle_outcomes outcomes;
};

struct snw_oracle_fracture {
    double age; /* exact */
    enum snw_site site;
    bool after_fall;
};

struct snw_oracle_life {
    struct snw_oracle_birth birth;
    struct snw_oracle_year year[SNW_ORACLE_N_AGES]; /* [age - 20] */
    double death_age;                               /* exact; NaN where censored at 98 */
    enum snw_oracle_cause cause;
    int n_fractures;
    struct snw_oracle_fracture fracture[SNW_ORACLE_MAX_FRACTURES]; /* year by year, in time order */
};

/* Lives one life. Total for parameters within their bounds and a reference without NaN.
   @param[out] life filled whole; nothing to free. */
void snw_oracle_live(const struct snw_params *params, const struct snw_oracle_reference *reference,
                     const struct snw_oracle_person *person, struct snw_oracle_life *life);

/* Targets that a reference pass must meet, for tests of one. `age` in completed years. */

/* @return true falls per person-year at age + 1/2: natural cubic spline of ln rate. */
double snw_oracle_fall_target(const struct snw_params *params, enum snw_sex sex, int age);
/* @return fractures per person-year at age + 1/2, definition and trend of `calendar_year` applied.
 */
double snw_oracle_fracture_target(const struct snw_params *params, enum snw_sex sex,
                                  enum snw_site site, int age, int calendar_year);
/* @return the share of these that follow a fall. */
double snw_oracle_fall_share(const struct snw_params *params, enum snw_site site, int age);
/* @return the share of residents at the birthday `age`. */
double snw_oracle_resident_share(const struct snw_params *params, int age);

/* What a reference pass of one sex is made from. */
struct snw_oracle_pass {
    const struct snw_params *params;
    enum snw_sex sex;
    struct snw_key key;
    uint32_t first_id, id_step; /* ids first_id, first_id + id_step, .., replicate 0 */
    uint32_t n_people;
    int calendar_year;                /* of the hip trend */
    double qx[SNW_ORACLE_N_AGES];     /* life table */
    double census[SNW_ORACLE_N_AGES]; /* people by age in 2000, weights from 60 on */
};

/* A reference pass in plain steps, without smoothing over age: for tests of one.
   @param[out] reference the rows and constants of pass->sex; the other sex is not touched;
   hip_intercept stays as it was.
   @return SNW_OK, or SNW_ERR_MEMORY. */
snw_status snw_oracle_reference_pass(const struct snw_oracle_pass *pass, struct snw_ctx *ctx,
                                     struct snw_oracle_reference *reference) SNW_MUST_CHECK;

#endif
