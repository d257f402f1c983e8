"""People of the numpy life: how they are born, what is seen of them at a birthday and recorded."""

from types import SimpleNamespace

import numpy as np
from numpy_world import (C_NECK, C_RADIUS, C_SPINE, D, EXPONENTIALS, FEMALE, MALE, N_RADIUS, N_ROWS, N_VARYING, NEVER,
                         ROW, STATE_ROWS, STATES, T_NECK, T_RADIUS, T_SPINE)


class People:
    """A chunk of people of one sex. The n first columns live; each variable is a view of them."""

    def __init__(self, size, box_muller=False):
        self.size, self.box_muller = size, box_muller
        self.state = np.zeros((N_ROWS, size), np.float32)
        self.all_frailty, self.all_resident = np.zeros(size, np.int8), np.zeros(size, bool)
        # room to work in
        self.measure = np.empty((len(STATES), size), np.float32)
        self.scores = np.empty((5, size), np.float32)
        self.trait = np.empty((10, size), np.float32)
        self.normal, self.sine = np.empty((2, N_VARYING * size + 1), np.float32)
        self.bin = np.empty(len(STATES) * size, np.int64)
        self.bin_short = np.empty(len(STATES) * size, np.int16)

    def keep(self, n):
        self.n = n
        for name, at in STATE_ROWS.items():
            setattr(self, name, self.state[at, :n])
        self.frailty, self.resident = self.all_frailty[:n], self.all_resident[:n]

    def bury(self, dead):
        """The columns of the dead, rising, are taken by the last who live."""
        n = self.n - len(dead)
        hole = dead[dead < n]
        lives = np.ones(len(dead), bool)
        lives[dead[len(hole):] - n] = False
        last = np.flatnonzero(lives) + n
        for array in (self.state, self.all_frailty, self.all_resident):
            array[..., hole] = array[..., last]
        self.keep(n)

    def normals(self, rng, count):
        """(count, n) standard normals, until the next call."""
        n = count * self.n
        if not self.box_muller:
            return rng.standard_normal(out=self.normal[:n], dtype=np.float32).reshape(count, self.n)
        half = (n + 1) // 2
        both = rng.random(out=self.normal[:2 * half], dtype=np.float32)
        radius, angle, sine = both[:half], both[half:], self.sine[:half]
        np.subtract(1, radius, out=radius)
        np.log(radius, out=radius)
        radius *= -2
        np.sqrt(radius, out=radius)
        angle *= 2 * np.pi
        np.sin(angle, out=sine)
        np.cos(angle, out=angle)
        angle *= radius
        radius *= sine
        return both[:n].reshape(count, self.n)


def mix(r, first, own):
    """A correlated pair's second member."""
    return r * first + (1 - r * r)**0.5 * own


def be_born(p, c, sex, n, rng):
    p.keep(n)
    p.state[:, :n] = 0
    p.frailty[:], p.resident[:] = 0, False
    p.hip_age[:] = p.vertebral_age[:] = p.fracture_age[:] = p.injury_age[:] = NEVER

    def normal():
        return rng.standard_normal(n, dtype=np.float32)

    p.fmp[:] = 1000
    if sex == FEMALE:
        early = rng.random(n) < c.early_share
        smoker = rng.random(n) < c.smoker_share
        p.fmp[:] = np.where(early, 35 + 10 * rng.random(n), c.fmp_mean + c.fmp_sd * rng.standard_normal(n))
        p.fmp += c.smoker_shift * (smoker - c.smoker_share)
    p.height_peak_m[:] = 0.01 * (c.height_mean + c.height_sd * normal())
    p.height_loss[:] = np.exp(c.height_loss_log_sd * (normal() - 0.5 * c.height_loss_log_sd))
    muscle, slope, bone = normal(), normal(), normal()
    p.muscle_base[:] = c.sd_muscle_base * muscle
    p.bmi_base[:] = c.sd_bmi_base * mix(c.r_bmi_muscle, muscle, normal())
    p.muscle_slope[:] = c.sd_muscle_slope * slope
    p.bone_slope[:] = mix(c.r_slopes, slope, normal())
    p.strength_base[:] = c.sd_strength * normal()
    p.igfbp2_base[:] = c.sd_igfbp2 * normal()
    p.igf1_base[:] = c.sd_igf1 * normal()
    p.bio_t_base[:] = c.sd_bio_t * normal()
    p.bio_e2_base[:] = c.sd_bio_e2 * normal()
    z = p.normals(rng, 10)
    z[N_RADIUS] = mix(c.r_radius, z[T_RADIUS], z[N_RADIUS])
    p.trait_base[:] = c.sd_trait * z + c.shared_trait * bone + c.muscle_trait * p.muscle_base
    p.trait_change[:] = c.start_trait * p.normals(rng, 10)
    muscle = normal()
    p.activity[:] = normal()
    p.muscle_change[:] = c.start_muscle * muscle
    p.muscle_felt[:] = p.muscle_base + p.muscle_change
    p.bmi_change[:] = c.start_bmi * mix(c.start_r_bmi, muscle, normal())
    p.bone_change[:] = mix(c.start_r_bone, muscle, normal())
    p.strength_change[:] = c.start_strength * normal()
    p.gait_change[:] = c.start_gait * normal()
    p.igfbp2_change[:] = c.start_igfbp2 * normal()
    p.igf1_change[:] = c.start_igf1 * normal()
    p.bio_t_change[:] = c.start_bio_t * normal()
    p.bio_e2_change[:] = c.start_bio_e2 * normal()
    p.fall_prone[:] = normal()
    p.disability[:] = normal()
    p.first_fmp, p.last_fmp = p.fmp.min(), p.fmp.max()


def look_traits(p, c):
    """Log of the ten bone traits relative to their young medians."""
    t, part = p.trait[:, :p.n], p.measure[:10, :p.n]
    np.add(p.trait_base, p.trait_change, out=t)
    t += c.trait_median_ln
    terms = [(c.trait_shared, p.bone_change), (c.trait_muscle, p.muscle_felt)]
    if c.years_after_40 > 0:
        terms.append((c.trait_slope, c.years_after_40 * p.bone_slope))
    if p.first_fmp - 1 < c.age:
        terms += [(c.trait_early, p.menopause_early), (c.trait_late, p.menopause_late)]
    for factor, value in terms:
        np.multiply(factor, value, out=part)
        t += part
    return t


def look(p, c, sex):
    """What is seen at the birthday: the measures, a row each, muscle, and the five scores."""
    x, z = p.measure[:, :p.n], p.scores[:, :p.n]
    t = look_traits(p, c)
    strength, gait, neck, spine, igfbp2 = z
    height, bmi, mass = x[ROW["height_m"]], x[ROW["bmi_kg_m2"]], x[ROW["asm_kg"]]
    np.multiply(p.height_loss, -0.01 * c.height_loss_cm, out=height)
    height += p.height_peak_m
    height -= 0.01 * c.height_per_vertebral * p.n_vertebral
    np.exp(p.bmi_base + p.bmi_change + c.bmi_median_ln, out=bmi)
    muscle = p.muscle_base + p.muscle_change
    if c.years_after_40 > 0:
        muscle += c.years_after_40 * p.muscle_slope
    np.add(muscle, c.index_median_ln, out=mass)
    np.add(p.strength_base, p.strength_change, out=strength)
    strength += c.strength_shift
    strength += c.strength_per_muscle * muscle
    strength += c.strength_per_activity * p.activity
    np.add(strength, c.grip_median_ln, out=x[ROW["grip_kg"]])
    np.add(c.gait_per_strength * strength + p.gait_change, c.gait_median_ln, out=x[ROW["gait_m_s"]])
    np.add(p.igfbp2_base, p.igfbp2_change, out=igfbp2)
    igfbp2 += c.igfbp2_per_muscle * muscle
    igfbp2 += c.igfbp2_per_bmi * bmi
    igfbp2 += c.igfbp2_median_ln - 27 * c.igfbp2_per_bmi
    x[ROW["igfbp2_ng_ml"]] = igfbp2
    np.add(c.igf1_per_muscle * muscle + c.igf1_median_ln, p.igf1_base + p.igf1_change, out=x[ROW["igf1_ng_ml"]])
    np.add(c.bio_t_per_muscle * muscle + c.bio_t_median_ln, p.bio_t_base + p.bio_t_change, out=x[ROW["bio_t_rel"]])
    estradiol = x[ROW["bio_e2_rel"]]
    np.add(c.bio_e2_per_muscle * muscle + c.bio_e2_median_ln, p.bio_e2_base + p.bio_e2_change, out=estradiol)
    if p.first_fmp - 2 < c.age:
        since = c.age - p.fmp
        mass += c.menopause_muscle * np.clip(since + 2, 0, 4)
        estradiol += c.bio_e2_menopause * np.clip((since + 1) * (1 / 3), 0, 1)
        x[ROW["years_since_fmp"]] = since
    elif sex == FEMALE:
        np.subtract(c.age, p.fmp, out=x[ROW["years_since_fmp"]])
    np.multiply(t[C_NECK], 0.60, out=neck)
    neck += 0.30 * t[D]
    neck += 0.20 * t[T_NECK]
    np.add(t[C_SPINE], t[T_SPINE], out=spine)
    spine *= 0.35
    spine += 0.15 * t[D]
    np.add(t, c.trait_unit_ln, out=x[:10])
    np.add(neck, np.log(c.abmd_neck), out=x[ROW["abmd_femoral_neck_g_cm2"]])
    np.add(spine, np.log(c.abmd_spine) + c.spine_artefact, out=x[ROW["abmd_lumbar_spine_g_cm2"]])
    np.add(c.femur_exponent * neck, np.log(c.femur_n), out=x[ROW["strength_femur_n"]])
    np.subtract(-np.log(c.femur_n), c.stiffness_exponent * neck, out=x[ROW["load_to_strength_ea"]])
    radius = x[ROW["load_to_strength_radius"]]
    np.multiply(t[C_RADIUS], -0.5, out=radius)
    radius -= 0.3 * t[T_RADIUS]
    radius -= 0.6 * t[D]
    radius -= c.radius_base_ln
    exponentials = x[:len(EXPONENTIALS)]
    np.exp(exponentials, out=exponentials)
    look_further(p, c, x)
    gait[:] = x[ROW["gait_m_s"]]
    z -= c.z_mean
    z *= c.z_scale
    return SimpleNamespace(x=x, muscle=muscle, frail=p.frailty == 2, had_hip=p.hip_age > 0, strength_z=strength,
                           gait_z=gait, neck_z=neck, spine_z=spine, igfbp2_z=igfbp2)


def look_further(p, c, x):
    """Measures made from others."""
    height, bmi, mass = x[ROW["height_m"]], x[ROW["bmi_kg_m2"]], x[ROW["asm_kg"]]
    mass *= p.height_peak_m * p.height_peak_m
    np.multiply(x[ROW["grip_kg"]], np.exp(c.knee_median_ln - c.grip_median_ln), out=x[ROW["knee_extensor_nm"]])
    squared = height * height
    relative = x[ROW["relative_asm_kg_m2"]]
    np.divide(mass, squared, out=relative)
    np.multiply(relative, c.smi_slope, out=x[ROW["smi_bia_kg_m2"]])
    x[ROW["smi_bia_kg_m2"]] += c.smi_intercept
    x[ROW["activity_z"]] = p.activity
    volume, number = x[ROW["bvtv_radius"]], x[ROW["tbn_radius_per_mm"]]
    np.divide(volume, number, out=x[ROW["tbth_radius_mm"]])
    np.divide(np.maximum(1 - volume, 0), number, out=x[ROW["tbsp_radius_mm"]])
    np.subtract(x[ROW["abmd_femoral_neck_g_cm2"]], c.t_mean_neck, out=x[ROW["t_score_femoral_neck"]])
    x[ROW["t_score_femoral_neck"]] *= c.t_scale_neck
    np.subtract(x[ROW["abmd_lumbar_spine_g_cm2"]], c.t_mean_spine, out=x[ROW["t_score_lumbar_spine"]])
    x[ROW["t_score_lumbar_spine"]] *= c.t_scale_spine
    tissue_mm = np.clip(c.tissue_slope * bmi + (c.tissue_base - 25 * c.tissue_slope), 5, 100)
    impact = np.sqrt(squared * height * bmi)
    bare = c.load_factor * impact
    load = np.maximum(bare - 71 * tissue_mm, 0.2 * bare)
    np.divide(load, x[ROW["strength_femur_n"]], out=x[ROW["load_to_strength"]])
    x[ROW["load_to_strength_ea"]] *= load
    x[ROW["load_to_strength_radius"]] *= impact


def count_levels(level, n, *reached):
    """Adds n people to the levels 0, 1, .. of a code, given how many reach 1, 2, .. at least."""
    at_least = [n, *reached, 0]
    for k in range(len(at_least) - 1):
        level[k] += at_least[k] - at_least[k + 1]


def classify(p, c, sex, s, cell):
    """Levels of the codes."""
    n, x, level = p.n, s.x, cell.level
    count = np.count_nonzero
    grip, gait, rasm = x[ROW["grip_kg"]], x[ROW["gait_m_s"]], x[ROW["relative_asm_kg_m2"]]
    mass, bmi, smi = x[ROW["asm_kg"]], x[ROW["bmi_kg_m2"]], x[ROW["smi_bia_kg_m2"]]
    weak = grip < (16, 27)[sex]
    s.sarcopenic = weak_low = weak & (rasm < (5.5, 7.0)[sex])
    count_levels(level["sarcopenia_ewgsop2"], n, count(weak), count(weak_low), count(weak_low & (gait <= 0.8)))
    count_levels(level["sarcopenia_fnih"], n, count((grip < (16, 26)[sex]) & (mass < (0.512, 0.789)[sex] * bmi)))
    count_levels(level["sarcopenia_sdoc"], n, count((grip < (20, 35.5)[sex]) & (gait < 0.8)))
    count_levels(level["sarcopenia_baumgartner"], n, count(rasm < (5.45, 7.26)[sex]))
    moderate, high = smi <= c.smi_moderate, smi <= c.smi_high
    count_levels(level["smi_class"], n, count(moderate), count(high))
    neck = x[ROW["t_score_femoral_neck"]]
    lower = np.minimum(neck, x[ROW["t_score_lumbar_spine"]])
    if p.first_fmp <= c.age or (sex == MALE and c.age >= 50):
        applies = p.fmp <= c.age if sex == FEMALE else np.ones(n, bool)
        for name, score in (("osteoporosis_who", lower), ("osteoporosis_neck", neck)):
            count_levels(level[name], count(applies), count((score <= -1) & applies),
                         count((score <= -2.5) & applies))
    count_levels(level["frailty"], n, count(p.frailty), count(s.frail))
    kind = moderate.view(np.int8) + high.view(np.int8)  # of three classes, two and two
    kind *= 4
    kind += 2 * s.had_hip.view(np.int8)
    kind += s.frail.view(np.int8)
    count_levels(level["disabled"], n, count(p.disability < c.disabled_below.take(kind)))
    count_levels(level["residence"], n, count(p.resident))
    count_levels(level["on_treatment"], n)  # nobody is
    level["alive"][1] += n
    cell.n += n


def record_state(p, c, sex, s, cell, n_bins):
    """Sums, squares and histograms of the measures, in bins from the first; overwrites the measures."""
    n_rows = len(STATES) - (sex == MALE)
    x = s.x[:n_rows]
    x -= c.bin_low[:n_rows]
    x *= c.bins_per_unit[:n_rows]
    cell.state[:n_rows] += x.sum(axis=1)
    cell.state_squares[:n_rows] += np.einsum("ij,ij->i", x, x)
    short = p.bin_short[:n_rows * p.n].reshape(n_rows, p.n)
    np.copyto(short, x, casting="unsafe")
    outside = np.flatnonzero(short.view(np.uint16) >= n_bins)  # few
    short.reshape(-1)[outside] = np.where(short.reshape(-1)[outside] < 0, 0, n_bins - 1)
    which = p.bin[:n_rows * p.n].reshape(n_rows, p.n)
    np.add(short, n_bins * np.arange(n_rows).reshape(-1, 1), out=which)
    cell.histogram[:n_rows] += np.bincount(which.ravel(), minlength=n_rows * n_bins).reshape(n_rows, n_bins)
