"""Writes a small result file of the documented layout, with made-up lives, for the tests of the analysis.

    python3 tests/analysis/synthetic.py results.h5
"""

import sys

import h5py
import numpy as np

AGES = np.arange(20, 98, dtype=np.int16)
SEXES = ["female", "male"]
SITES = ["hip", "vertebral", "forearm", "humerus", "leg", "other"]
LEVELS = 4
PERSONS = 20000  # of each sex

# name: units, long name, value at 25 (F, M), change in % a year after 40 (F, M), log-sd
FIELDS = {
    "asm_kg": ("kg", "appendicular skeletal muscle mass", (18.4, 27.8), (-0.5, -0.7), 0.12),
    "relative_asm_kg_m2": ("kg m-2", "ASM over height squared", (6.8, 8.75), (-0.4, -0.6), 0.11),
    "grip_kg": ("kg", "grip strength", (31, 51), (-1.0, -1.0), 0.18),
    "gait_m_s": ("m s-1", "usual gait speed", (1.34, 1.40), (-0.7, -0.7), 0.20),
    "height_m": ("m", "height", (1.643, 1.781), (-0.05, -0.04), 0.037),
    "bmi_kg_m2": ("kg m-2", "body mass index", (26, 26.5), (0.1, 0.1), 0.18),
    "activity_z": ("1", "physical activity, SD score", (0.5, 0.5), (-1, -1), 0.9),
    "igfbp2_ng_ml": ("ng ml-1", "IGF binding protein 2", (190, 180), (1.6, 1.7), 0.45),
    "ctth_femoral_neck_mm": ("mm", "cortical thickness, femoral neck", (1.6, 1.85), (-0.6, -0.3), 0.18),
    "ctth_lumbar_spine_mm": ("mm", "cortical thickness, lumbar spine", (1.1, 1.2), (-0.7, -0.3), 0.18),
    "ctth_radius_mm": ("mm", "cortical thickness, radius", (0.8, 0.92), (-0.6, -0.3), 0.17),
    "ctth_tibia_mm": ("mm", "cortical thickness, tibia", (1.22, 1.42), (-0.5, -0.3), 0.17),
    "tb_vbmd_femoral_neck_mg_cm3": ("mg cm-3", "trabecular vBMD, femoral neck", (160, 165), (-1.2, -0.9), 0.2),
    "tb_vbmd_lumbar_spine_mg_cm3": ("mg cm-3", "trabecular vBMD, lumbar spine", (180, 180), (-1.3, -0.9), 0.2),
    "tb_vbmd_tibia_mg_cm3": ("mg cm-3", "trabecular vBMD, tibia", (192, 234), (-0.5, -0.45), 0.18),
    "bvtv_radius": ("1", "trabecular BV/TV, radius", (0.134, 0.168), (-0.5, -0.45), 0.2),
    "tbn_radius_per_mm": ("mm-1", "trabecular number, radius", (2.08, 2.08), (-0.2, 0.08), 0.1),
    "tbth_radius_mm": ("mm", "trabecular thickness, radius", (0.064, 0.081), (-0.3, -0.5), 0.15),
    "tbsp_radius_mm": ("mm", "trabecular spacing, radius", (0.416, 0.40), (0.25, 0.0), 0.11),
    "ct_vbmd_mg_cm3": ("mg cm-3", "cortical vBMD", (900, 890), (-0.5, -0.3), 0.04),
    "abmd_femoral_neck_g_cm2": ("g cm-2", "areal BMD, femoral neck", (0.858, 0.934), (-0.6, -0.4), 0.13),
    "t_score_femoral_neck": ("1", "T-score, femoral neck", (0.1, 0.6), (3.0, 2.0), 0.3),
    "abmd_lumbar_spine_g_cm2": ("g cm-2", "areal BMD, lumbar spine", (1.064, 1.057), (-0.5, -0.2), 0.13),
    "t_score_lumbar_spine": ("1", "T-score, lumbar spine", (0.1, 0.1), (3.0, 1.0), 0.3),
    "strength_femur_n": ("N", "femoral strength", (4600, 6100), (-1.0, -0.7), 0.28),
    "load_to_strength": ("1", "fall load over femoral strength", (0.9, 0.8), (1.0, 0.7), 0.28),
    "knee_extensor_nm": ("N m", "knee extensor torque", (135, 220), (-1.4, -1.5), 0.2),
    "smi_bia_kg_m2": ("kg m-2", "skeletal muscle index by BIA", (7.3, 11.2), (-0.4, -0.6), 0.12),
    "igf1_ng_ml": ("ng ml-1", "IGF-I", (300, 285), (-1.2, -1.2), 0.3),
    "bio_t_rel": ("1", "bioavailable testosterone, 25 = 1", (1, 1), (-0.8, -1.7), 0.35),
    "bio_e2_rel": ("1", "bioavailable estradiol, 25 = 1", (1, 1), (-3.5, -1.06), 0.45),
    "years_since_fmp": ("year", "years since the final menstrual period", (1, 1), (2, 0), 0.4),
}
# name: units, long name, share at 90 (F, M), age at which it begins
SHARES = {
    "sarcopenia_fnih": ("1", "sarcopenia, FNIH", (0.12, 0.14), 55),
    "sarcopenia_sdoc": ("1", "sarcopenia, SDOC", (0.30, 0.33), 55),
    "sarcopenia_baumgartner": ("1", "sarcopenia, Baumgartner", (0.30, 0.40), 45),
    "disabled": ("1", "disabled", (0.45, 0.40), 45),
    "residence": ("1", "residence: 0 community, 1 nursing home", (0.2, 0.12), 55),
    "on_treatment": ("1", "on treatment", (0, 0), 50),
}
# Codes of several levels: long name, share at 90 of each level from 1 on (F, M), age at which it begins
CODES = {
    "sarcopenia_ewgsop2": ("EWGSOP2: 0 none, 1 probable, 2 confirmed, 3 severe",
                           ((0.20, 0.22), (0.12, 0.14), (0.10, 0.12)), 55),
    "osteoporosis_who": ("WHO: 0 normal, 1 osteopenia, 2 osteoporosis", ((0.35, 0.30), (0.50, 0.18)), 50),
    "frailty": ("0 robust, 1 prefrail, 2 frail", ((0.50, 0.50), (0.25, 0.20)), 40),
}
FRACTURES_AT_50 = {"hip": 0.3, "vertebral": 0.6, "forearm": 2.5, "humerus": 0.7, "leg": 2.9, "other": 9.5}
FRACTURES_GROWTH = {"hip": 0.105, "vertebral": 0.08, "forearm": 0.025, "humerus": 0.055, "leg": 0.01, "other": 0.028}


def hazard(sex):
    """Deaths per year by age: Gompertz, near the life table's level."""
    level, slope = ((0.00020, 0.093), (0.00042, 0.088))[sex]
    return level * np.exp(slope * (AGES - 20.0))


def lives(sex):
    """People alive at each birthday, and years lived in the year that it opens."""
    kept = np.exp(-hazard(sex))
    alive = np.round(PERSONS * np.concatenate(([1.0], np.cumprod(kept)[:-1])))
    return alive, alive * (1 - np.exp(-hazard(sex))) / hazard(sex)


class Writer:
    """Writes variables of one group with dimension scales and the attributes of the layout."""

    def __init__(self, file, group, dims):
        self.group = file.require_group(group)
        for name, labels in dims.items():
            if isinstance(labels[0], str):
                scale = self.group.create_dataset(name, data=labels, dtype=h5py.string_dtype("utf-8"))
            else:
                scale = self.group.create_dataset(name, data=np.asarray(labels))
            scale.make_scale(name)
            scale.attrs["long_name"] = name
        if "age" in self.group:
            self.group["age"].attrs["units"] = "year"

    def put(self, name, values, dims, units, long_name, packed=False):
        """Float32, or uint16 with scale, offset and fill value."""
        if packed:
            low, high = np.nanmin(values), np.nanmax(values)
            scale = max((high - low) / 65000.0, 1e-12)
            raw = np.where(np.isnan(values), 65535, np.round((np.nan_to_num(values) - low) / scale))
            data = self.group.create_dataset(name, data=raw.astype(np.uint16))
            data.attrs["scale_factor"], data.attrs["add_offset"] = scale, low
            data.attrs["_FillValue"] = np.uint16(65535)
        else:
            data = self.group.create_dataset(name, data=np.asarray(values, dtype=np.float32))
        data.attrs["units"], data.attrs["long_name"] = units, long_name
        for axis, dim in enumerate(dims):
            data.dims[axis].attach_scale(self.group[dim])


def _field_values(name, sex, effect):
    _, _, young, slope, spread = FIELDS[name]
    older = np.maximum(AGES - 40.0, 0)
    mean = young[sex] * np.exp(slope[sex] / 100 * (1 - effect) * older * (1 + older / 120))
    z = {"p05": -1.645, "p25": -0.674, "p50": 0.0, "p75": 0.674, "p95": 1.645}
    quantiles = {key: mean * np.exp(spread * at - spread**2 / 2) for key, at in z.items()}
    return mean, mean * spread, quantiles


def _stack(scenarios, draws, function):
    """Array (scenario, draw, sex, age) of function(sex, effect of the scenario, draw)."""
    return np.array([[[function(sex, at * 0.2, draw) for sex in (0, 1)] for draw in draws]
                     for at in range(len(scenarios))])


def _write_states(writer, scenarios, draws):
    dims = ("scenario", "draw", "sex", "age")
    number = _stack(scenarios, draws, lambda sex, effect, draw: lives(sex)[0])
    shift = {draw: 1.0 if draw == 0 else 1 + 0.02 * np.sin(draw) for draw in draws}

    def put(name, statistic, values, units, long_name, packed=False):
        full = f"{name}_{statistic}" if statistic else name
        writer.put(full, values, dims, units, long_name, packed)

    for name, (units, words, *_) in FIELDS.items():
        put(name, "", _stack(scenarios, draws, lambda s, e, d: _field_values(name, s, e)[0] * shift[d]),
            units, words, packed=True)
        sd = _stack(scenarios, draws, lambda s, e, d: _field_values(name, s, e)[1])
        put(name, "sd", sd, units, words + ", standard deviation")
        put(name, "n", number, "1", words + ", people")
        put(name, "mcse", sd / np.sqrt(number), units, words + ", Monte Carlo standard error")
        for key in ("p05", "p25", "p50", "p75", "p95"):
            put(name, key, _stack(scenarios, draws, lambda s, e, d: _field_values(name, s, e)[2][key]),
                units, f"{words}, {key}", packed=True)
    for name, (units, words, at_90, begins) in SHARES.items():
        values = _stack(scenarios, draws, lambda s, e, d: at_90[s] * (1 - e) * np.clip(
            (AGES - begins) / (90.0 - begins), 0, 1.1) ** 2)
        put(name, "", values, units, words)
        put(name, "n", number, "1", words + ", people")
        for key in ("p05", "p95"):
            put(name, key, (values > {"p05": 0.95, "p95": 0.05}[key]).astype(float), units, words)
    for name, (words, at_90, begins) in CODES.items():
        _write_code(writer, name, words, at_90, begins, scenarios, draws, number)
    put("alive", "", number / PERSONS, "1", "alive at the birthday")
    put("alive", "n", number, "1", "people alive at the birthday")
    years = _stack(scenarios, draws, lambda s, e, d: lives(s)[1])
    put("person_years", "", years / number, "year", "years lived in the year of age")
    put("person_years", "n", number, "1", "people alive at the birthday")
    cost, utility = 5800 + 300 * np.maximum(AGES - 50.0, 0) + 0 * years, 0.92 - 0.001 * (AGES - 20.0) + 0 * years
    put("cost", "", cost * years / number, "USD_2019", "cost of the year")
    put("cost", "n", number, "1", "people")
    put("cost", "mcse", cost / np.sqrt(number), "USD_2019", "cost of the year, Monte Carlo standard error")
    put("cost", "per_py", cost, "USD_2019 year-1", "cost of the year, per year lived")
    writer.group["cost_per_py"].attrs["ledger"] = "event"
    writer.group["cost"].attrs.update({"ledger": "event", "perspective": "health-care sector", "price_index": "pce"})
    put("qaly", "", utility * years / number, "year", "quality-adjusted time")
    put("qaly", "n", number, "1", "people")
    put("qaly", "mcse", 0.1 / np.sqrt(number), "year", "quality-adjusted time, Monte Carlo standard error")
    put("qaly", "per_py", utility, "1", "quality-adjusted time, per year lived")


def _write_code(writer, name, words, at_90, begins, scenarios, draws, number):
    dims = ("scenario", "draw", "sex", "age")
    age_part = np.clip((AGES - begins) / (90.0 - begins), 0, 1.1) ** 2
    upper = np.stack([_stack(scenarios, draws, lambda s, e, d, one=one: one[s] * (1 - e) * age_part)
                      for one in at_90], axis=-1)
    shares = np.concatenate([1 - upper.sum(axis=-1, keepdims=True), upper], axis=-1)
    level = np.arange(shares.shape[-1])
    mean = (shares * level).sum(axis=-1)
    writer.put(name, mean, dims, "1", words)
    writer.put(f"{name}_sd", np.sqrt((shares * level**2).sum(axis=-1) - mean**2), dims, "1", words)
    writer.put(f"{name}_n", number, dims, "1", words + ", people")
    writer.group[name].attrs["flag_values"] = level.astype(np.uint8)
    padded = np.zeros(shares.shape[:-1] + (LEVELS,))
    padded[..., : len(level)] = shares
    writer.put(f"{name}_share", padded, dims + ("level",), "1", words + ", share of each level")


def _write_rates(writer, scenarios, draws, noise):
    dims = ("scenario", "draw", "sex", "age")
    rng = np.random.default_rng(7)

    def noisy(rate, sex):
        if not noise:
            return rate
        years = lives(sex)[1]
        return rng.poisson(rate / 1000 * years) / years * 1000

    falls = _stack(scenarios, draws, lambda s, e, d: noisy(
        (200 if s else 230) * (1 - e) * np.exp(0.028 * np.maximum(AGES - 45.0, 0)), s))
    writer.put("falls_per_1000_py", falls, dims, "year-1", "falls per 1000 person-years")
    fractures = np.array([[[[noisy((0.5 if s else 1.0) * (1 - 0.2 * at) * FRACTURES_AT_50[site]
                                   * np.exp(FRACTURES_GROWTH[site] * (AGES - 50.0)), s) for site in SITES]
                            for s in (0, 1)] for _ in draws] for at in range(len(scenarios))])
    writer.put("fracture_per_1000_py", np.moveaxis(fractures, 3, 4), dims + ("site",), "year-1",
               "fractures per 1000 person-years")
    deaths = _stack(scenarios, draws, lambda s, e, d: 1000 * hazard(s))
    writer.put("death_per_1000_py", deaths, dims, "year-1", "deaths per 1000 person-years")


def write(path, scenarios=("reference",), draws=(0,), noise=True, title="Made-up lives"):
    """Writes a result file; scenario i lowers losses and risks by 20 i %."""
    scenarios, draws = list(scenarios), list(draws)
    with h5py.File(path, "w") as file:
        file.attrs["title"] = title
        file.attrs["source"] = "sinew 0.1.0 (0123456789ab)"
        file.attrs["Conventions"] = "CF-1.8"
        file.attrs["seed"] = np.int32(20260101)
        file.attrs["digest"] = "5f1d0c9a77e3b24800aa11bb22cc33dd"
        file.attrs["config_sha256"] = "9" * 64
        file.attrs["status"] = "complete"
        file.attrs["units_complete"] = np.int32(1)
        text = file.create_dataset("config", data="title: Made-up lives\n", dtype=h5py.string_dtype("utf-8"))
        text.attrs["long_name"] = "the resolved config"
        provenance = file.create_group("provenance")
        provenance.attrs["command_line"] = "sinew run configs/baseline.yaml"
        provenance.attrs["ranks"] = np.int32(2)
        dims = {"scenario": scenarios, "draw": np.asarray(draws, np.int32), "sex": SEXES, "age": AGES, "site": SITES,
                "level": np.arange(LEVELS, dtype=np.uint8)}
        writer = Writer(file, "summary", dims)
        _write_states(writer, scenarios, draws)
        _write_rates(writer, scenarios, draws, noise)
    return path


if __name__ == "__main__":
    write(sys.argv[1], scenarios=sys.argv[2:] or ("reference",))
