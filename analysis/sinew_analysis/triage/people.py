"""People of 65, 70, 75 and 80 who are followed: what every test shows of them, and what becomes of them."""

import numpy as np

AGES = (65, 70, 75, 80)
HORIZONS = (5, 10)
PARTS = 10  # that people are split into, for the error of a figure
MAJOR = ("hip", "vertebral", "forearm", "humerus")
_SEED = 2012  # of the instruments' errors, which trajectories are without
_ANSWER_SD = 0.15  # of the questionnaire, and where it is hard: as in src/screening/measure.c
_HARD = ((1.4, 0.9), (0.8, 0.5), (0.95, 0.6), (1.05, 0.7))
OUTCOMES = ("Two falls or more in a year", "Hip fracture", "Any fracture")


class People:
    """Each person at one of the ages, by the number of the person; `columns` as conditions name them."""

    def __init__(self, results, score):
        column = lambda name: results.column("trajectories", name)  # noqa: E731
        person = column("person_id").astype(int)
        age = np.array(AGES)[person % len(AGES)]
        first = int(results.column("trajectories", "age")[0])
        rows = np.arange(len(person))
        kept = np.flatnonzero(column("alive")[0][rows, age - first] == 1)
        self.age, self.part = age[kept].astype(float), person[kept] // len(AGES) % PARTS
        self.female = column("sex")[kept] == 0
        self.n = len(kept)
        at = lambda name, back=0: column(name)[0][kept, age[kept] - first - back]  # noqa: E731
        self.events = self._events(results, person, age)
        known = {name: at(name) for name in ("igfbp2_ng_ml", "grip_kg", "gait_m_s", "bmi_kg_m2", "abmd_femoral_neck_g_cm2",
                                             "abmd_lumbar_spine_g_cm2", "t_score_femoral_neck", "t_score_lumbar_spine")}
        fell = np.nan_to_num(at("falls_reported", 1))
        before = self.events["fracture_before"][kept]
        self.columns = self._measure(results, known, fell, before)
        self.osteoporosis = np.minimum(known["t_score_femoral_neck"], known["t_score_lumbar_spine"]) <= -2.5
        self.columns["measured.fracture_risk"] = self._risk(score, self.columns["measured.t_score_femoral_neck"])
        self.columns["score.without_bmd"] = self._risk(score, None)
        self.outcomes = self._outcomes(np.nan_to_num(column("falls")[0][kept]), age[kept] - first, kept)

    def _events(self, results, person, age):
        column = lambda name: results.column("events", name)  # noqa: E731
        row = results.row_of_events()
        fracture = column("kind") == results.words("events", "kind").index("fracture")
        site, words = column("site"), results.words("events", "site")
        since = column("age_yr") - age[row]
        found = {"fracture_before": np.zeros(len(person), bool)}
        found["fracture_before"][row[fracture & (since < 0)]] = True
        sites = {"Hip fracture": ("hip",), "Any fracture": words, "Major osteoporotic fracture": MAJOR}
        for name, which in sites.items():
            of = fracture & np.isin(site, [words.index(word) for word in which])
            for years in HORIZONS:
                happened = np.zeros(len(person), bool)
                happened[row[of & (since >= 0) & (since < years)]] = True
                found[name, years] = happened
        return found

    def _measure(self, results, known, fell, before):
        parameter = lambda name: results.column("parameters", name)[0]  # noqa: E731
        random = np.random.default_rng(_SEED)
        error = lambda name: np.exp(parameter(f"measurement_{name}_cv") * random.standard_normal(self.n))  # noqa: E731
        sex = np.where(self.female, 0, 1)
        measured = {"age": self.age, "female": self.female, "male": ~self.female, "history.fracture": before,
                    "history.falls": fell, "everyone": np.ones(self.n, bool)}
        measured["measured.igfbp2_ng_ml"] = known["igfbp2_ng_ml"] * error("assay")
        mean, sd = (results.column("reference", f"ln_igfbp2_{what}")[sex, self.age.astype(int) - 20] for what in ("mean", "sd"))
        measured["measured.igfbp2_z"] = (np.log(measured["measured.igfbp2_ng_ml"]) - mean) / sd
        measured["measured.grip_kg"] = known["grip_kg"] * error("grip")
        measured["measured.gait_m_s"] = known["gait_m_s"] * error("gait")
        measured["measured.bmi_kg_m2"] = known["bmi_kg_m2"] * error("weight") / error("height") ** 2
        for place, short in (("femoral_neck", "neck"), ("lumbar_spine", "spine")):
            mean, sd = (np.asarray(parameter(f"bone_t_{what}_{short}")).ravel()[sex] for what in ("reference", "sd"))
            measured[f"measured.t_score_{place}"] = (known[f"abmd_{place}_g_cm2"] * error("dxa") - mean) / sd
        felt = [known["grip_kg"] / np.where(self.female, 16, 27), *[known["gait_m_s"]] * 3]
        points = (fell >= 1).astype(float) + (fell >= 4)
        for value, (some, very) in zip(felt, _HARD):
            value = value * np.exp(_ANSWER_SD * random.standard_normal(self.n))
            points += (value < some).astype(float) + (value < very)
        return {**measured, "measured.sarc_f": points}

    def _risk(self, score, t_score):
        """By the coefficients of the result, (form, term), without or with bone density."""
        z, c = (self.age - 65) / 10, self.columns
        terms = [np.ones(self.n), z, z**2, self.female, self.female * z, np.log(c["measured.bmi_kg_m2"] / 27),
                 c["history.fracture"], c["history.falls"] >= 1, np.zeros(self.n) if t_score is None else t_score]
        return 1 / (1 + np.exp(-(score[0 if t_score is None else 1] @ np.array(terms, float))))

    def _outcomes(self, falls, start, kept):
        year = np.arange(falls.shape[1])
        found = {}
        for years in HORIZONS:
            window = (year >= start[:, None]) & (year < start[:, None] + years)
            found[OUTCOMES[0], years] = ((falls >= 2) & window).any(axis=1)
            for name in (*OUTCOMES[1:], "Major osteoporotic fracture"):
                found[name, years] = self.events[name, years][kept]
        return found
