"""What the numpy life stands on: names, the numbers of the model, and the sums that it fills."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
FEMALE, MALE = 0, 1
FIRST_AGE, N_AGES = 20, 78
SITES = ("hip", "vertebral", "forearm", "humerus", "leg", "other")
HIP, VERTEBRAL, OTHER = 0, 1, 5
SITE_CLASS = np.array([0, 1, 2, 2, 2, 2])  # whose gradient a site takes: hip, spine, other
NEVER = -1000
N_CAUSES = 6  # background, hip, vertebral, frailty, weakness, IGFBP-2

# The rows of the state. Those that vary from year to year come first: one step moves them all.
VARYING = [("activity", 1), ("muscle_change", 1), ("bmi_change", 1), ("bone_change", 1), ("trait_change", 10),
           ("strength_change", 1), ("gait_change", 1), ("igfbp2_change", 1), ("igf1_change", 1),
           ("bio_t_change", 1), ("bio_e2_change", 1), ("fall_prone", 1), ("disability", 1)]
LASTING = VARYING + [("trait_base", 10), ("muscle_felt", 1), ("menopause_early", 1), ("menopause_late", 1),
                     ("n_vertebral", 1), ("log_prior_risk", 1), ("hip_age", 1), ("vertebral_age", 1),
                     ("fracture_age", 3), ("injury_age", 1)]
BORN = [("fmp", 1), ("height_peak_m", 1), ("height_loss", 1), ("bmi_base", 1), ("muscle_base", 1),
        ("muscle_slope", 1), ("bone_slope", 1), ("strength_base", 1), ("igfbp2_base", 1), ("igf1_base", 1),
        ("bio_t_base", 1), ("bio_e2_base", 1)]

# The measures, so ordered that the exponentials lie together and what only women have is last.
TRAITS = ["ctth_femoral_neck_mm", "ctth_lumbar_spine_mm", "ctth_radius_mm", "ctth_tibia_mm",
          "tb_vbmd_femoral_neck_mg_cm3", "tb_vbmd_lumbar_spine_mg_cm3", "bvtv_radius", "tb_vbmd_tibia_mg_cm3",
          "tbn_radius_per_mm", "ct_vbmd_mg_cm3"]
EXPONENTIALS = TRAITS + ["abmd_femoral_neck_g_cm2", "abmd_lumbar_spine_g_cm2", "strength_femur_n",
                         "load_to_strength_ea", "load_to_strength_radius", "asm_kg", "grip_kg", "gait_m_s",
                         "igfbp2_ng_ml", "igf1_ng_ml", "bio_t_rel", "bio_e2_rel"]
STATES = EXPONENTIALS + ["bmi_kg_m2", "knee_extensor_nm", "relative_asm_kg_m2", "smi_bia_kg_m2", "height_m",
                         "activity_z", "tbth_radius_mm", "tbsp_radius_mm", "t_score_femoral_neck",
                         "t_score_lumbar_spine", "load_to_strength", "years_since_fmp"]
ROW = {name: row for row, name in enumerate(STATES)}
C_NECK, C_SPINE, C_RADIUS, _, T_NECK, T_SPINE, T_RADIUS, _, N_RADIUS, D = range(10)


def rows(variables, first=0):
    """{name: row, or slice of rows} of a list of (name, number of rows)."""
    found = {}
    for name, length in variables:
        found[name] = first if length == 1 else slice(first, first + length)
        first += length
    return found


STATE_ROWS = rows(LASTING + BORN)
N_ROWS = sum(length for _, length in LASTING + BORN)
N_VARYING = sum(length for _, length in VARYING)


def column(values):
    return np.array(values, dtype=np.float32).reshape(-1, 1)


class World:
    """The numbers of the model by sex and age, and what a year takes from them alone."""

    def __init__(self, program):
        done = subprocess.run([str(program)], cwd=ROOT, stdout=subprocess.PIPE, check=True)
        data = json.loads(done.stdout)
        self.measures, n_states, n_codes = data["measures"], data["states"], data["codes"]
        self.n_bins = data["bins"]
        self.falls_max, self.non_fall_max = data["falls_max"], data["non_fall_max"]
        self.codes = self.measures[n_states:n_states + n_codes]
        self.counts = self.measures[n_states + n_codes:]
        if sorted(STATES) != sorted(self.measures[:n_states]):
            raise SystemExit("numpy_life: the engine's measures are others")
        order = [self.measures.index(name) for name in STATES]
        self.bin_low = np.array(data["bin_low"])[:, :, order]
        self.bins_per_unit = np.array(data["bins_per_unit"])[:, :, order]
        self.birth = [SimpleNamespace(**{name: both[sex] for name, both in data["birth"].items()}) for sex in (0, 1)]
        for birth in self.birth:
            for name in ("sd_trait", "shared_trait", "muscle_trait", "start_trait"):
                setattr(birth, name, column(getattr(birth, name)))
        # G of x_G: straight lines between the points of a table
        points = np.array(data["ln_proneness"])
        self.prone_steps = len(points) - 1
        self.prone_at = points[:-1].astype(np.float32)
        self.prone_slope = np.diff(points).astype(np.float32)
        self.year = [[self.make_year(data["year"], sex, i) for i in range(N_AGES)] for sex in (0, 1)]
        self.economy = [[SimpleNamespace(**{name: both[sex][i] for name, both in data["economy"].items()})
                         for i in range(N_AGES)] for sex in (0, 1)]

    def make_year(self, data, sex, i):
        c = SimpleNamespace(**{name: both[sex][i] for name, both in data.items()})
        c.per_fall, c.per_year = np.array(c.per_fall), np.array(c.per_year)
        c.other_per_fall, c.other_per_year = c.per_fall[2:].sum().item(), c.per_year[2:].sum().item()
        for name in ("median_ln", "early", "late", "shared", "slope", "muscle", "feedback"):
            setattr(c, "trait_" + name, column(getattr(c, "trait_" + name)))
        factor = [1200 if name == "tb_vbmd_tibia_mg_cm3" else 1 for name in TRAITS]
        c.trait_unit_ln = column(np.log(np.multiply(c.trait_reference, factor)))
        phi = {"activity": c.activity_phi, "muscle_change": c.muscle_phi, "bmi_change": c.bmi_phi,
               "bone_change": c.bone_phi, "trait_change": c.bone_phi, "strength_change": c.strength_phi,
               "gait_change": c.gait_phi, "igfbp2_change": c.igfbp2_phi, "fall_prone": c.prone_phi,
               "disability": c.disability_phi}
        sd = {"activity": c.activity_sd, "muscle_change": c.muscle_sd, "bmi_change": c.bmi_sd,
              "bone_change": c.bone_sd, "trait_change": c.trait_sd, "strength_change": c.strength_sd,
              "gait_change": c.gait_sd, "igfbp2_change": c.igfbp2_sd, "igf1_change": c.igf1_sd,
              "bio_t_change": c.bio_t_sd, "bio_e2_change": c.bio_e2_sd, "fall_prone": c.prone_sd,
              "disability": c.disability_sd}
        c.varying_phi, c.varying_sd = np.empty((N_VARYING, 1), np.float32), np.empty((N_VARYING, 1), np.float32)
        for name, at in rows(VARYING).items():
            c.varying_phi[at, 0] = phi.get(name, c.marker_phi)
            c.varying_sd[at, 0] = sd[name]
        c.bone_own, c.bmi_own = (1 - c.bone_r**2)**0.5, (1 - c.bmi_r**2)**0.5
        # scores are of ln grip and ln aBMD; here strength is without its median
        c.z_mean[0] -= c.grip_median_ln
        c.z_mean, c.z_scale = column(c.z_mean), column(c.z_scale)
        c.p_injury = 1 / (1 + np.exp(-c.injury_logit)).item()
        for name in ("fall_frail", "fall_home", "death_frail"):  # these are multiplied with yes or no
            setattr(c, name, np.float32(getattr(c, name)))
        c.load_factor = (2 * 9.81 * 0.51 * 71000 * 0.5)**0.5
        c.disabled_below = np.array(c.disabled_below, dtype=np.float32).reshape(-1)
        c.up_logit = np.array([c.up_robust, c.up_prefrail, -np.inf], dtype=np.float32)
        c.down_logit = np.array([-np.inf, c.down_prefrail, c.down_frail], dtype=np.float32)
        c.home_hazard = np.array([1, c.home_prefrail, c.home_frail], dtype=np.float32) * np.float32(c.enter_home)
        c.bin_low, c.bins_per_unit = column(self.bin_low[sex, i]), column(self.bins_per_unit[sex, i])
        return c


class Sums:
    """Sums by sex and age: what means, SDs, histograms and levels are made from."""

    def __init__(self, world):
        self.world = world
        cells = (2, N_AGES)
        self.n = np.zeros(cells)
        self.state, self.state_squares = np.zeros((*cells, len(STATES))), np.zeros((*cells, len(STATES)))
        self.histogram = np.zeros((*cells, len(STATES), world.n_bins), np.int64)
        self.level = np.zeros((*cells, len(world.codes), 4), np.int64)
        self.count, self.count_squares = np.zeros((*cells, len(world.counts))), np.zeros((*cells, len(world.counts)))
        self.cause = np.zeros((*cells, N_CAUSES), np.int64)
        self.person_years = 0

    def cell(self, sex, i):
        """Views of one sex and age; codes and counts by name."""
        return SimpleNamespace(n=self.n[sex, i:i + 1], state=self.state[sex, i],
                               state_squares=self.state_squares[sex, i], histogram=self.histogram[sex, i],
                               level=dict(zip(self.world.codes, self.level[sex, i])),
                               count=dict(zip(self.world.counts, range(len(self.world.counts)))),
                               sum=self.count[sex, i], squares=self.count_squares[sex, i], cause=self.cause[sex, i])

    def mean_and_sd(self, name):
        """(sexes, ages) mean, SD and number of those it applies to."""
        with np.errstate(invalid="ignore", divide="ignore"):
            if name in ROW:
                k = ROW[name]
                unit = 1 / self.world.bins_per_unit[:, :, k]
                n = self.n * (np.arange(2) == FEMALE)[:, None] if name == "years_since_fmp" else self.n
                mean, square = self.state[:, :, k] / n, self.state_squares[:, :, k] / n
                return self.world.bin_low[:, :, k] + mean * unit, np.sqrt((square - mean**2) * n / (n - 1)) * unit, n
            if name in self.world.codes:
                level = self.level[:, :, self.world.codes.index(name)]
                n, values = level.sum(axis=2), np.arange(4)
                mean, square = level @ values / n, level @ values**2 / n
            else:
                k, n = self.world.counts.index(name), self.n
                mean, square = self.count[:, :, k] / n, self.count_squares[:, :, k] / n
            return mean, np.sqrt((square - mean**2) * n / (n - 1)), n
