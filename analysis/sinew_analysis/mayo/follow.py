"""How much IGFBP-2 adds to age and sex in finding those who will fall or fracture within ten years."""

from dataclasses import dataclass

import numpy as np

from ..pages import markdown, number
from ..prediction import auc, calibration_slope, net_reclassification, risk_from_other_half

YEARS = 10
AGES = (50, 87)  # at the visit; older people could not be followed for ten years
_SEED = 2012  # of the instruments' errors, which trajectories are without
_MAJOR = ("hip", "vertebral", "forearm", "humerus")

# What is added to age and sex: (words, field, parameter of the instrument's log error)
ADDED = (("IGFBP-2", "igfbp2_ng_ml", "measurement_assay_cv"),
         ("Grip", "grip_kg", "measurement_grip_cv"),
         ("Femoral neck aBMD", "abmd_femoral_neck_g_cm2", "measurement_dxa_cv"))


@dataclass
class Outcome:
    """What happens within ten years, to whom, and the risks between which people are classed."""

    words: str
    happened: np.ndarray
    thresholds: tuple


class Followed:
    """People of a cross-section who are followed: what was measured at the start and what became of them."""

    def __init__(self, results):
        column = lambda name: results.column("trajectories", name)  # noqa: E731
        age = (results.year - column("birth_year")).astype(int)
        kept = np.flatnonzero((age >= AGES[0]) & (age <= AGES[1]))
        self.age, self.female = age[kept].astype(float), column("sex")[kept] == 0
        self.replicate = column("replicate")[kept].astype(int)
        start = age[kept] - int(results.column("trajectories", "age")[0])
        random = np.random.default_rng(_SEED)
        self.added = {}
        for words, field, error in ADDED:
            true = np.log(column(field)[0][kept, start])
            cv = results.column("parameters", error)[0]
            self.added[words] = true + cv * random.standard_normal(len(kept))
        falls = np.nan_to_num(column("falls")[0][kept])
        self.outcomes = self._outcomes(results, kept, age, falls, start)

    @staticmethod
    def _outcomes(results, kept, age, falls, start):
        column = lambda name: results.column("events", name).astype(float)  # noqa: E731
        row = results.row_of_events()
        start_age, when = age[row], column("age_yr")
        in_time = (when >= start_age) & (when < start_age + YEARS)
        kind, site = results.words("events", "kind"), results.words("events", "site")
        fracture, injury = column("kind") == kind.index("fracture"), column("kind") == kind.index("fall_injury")
        sites = column("site")

        def to_whom(which):
            happened = np.zeros(len(age), bool)
            happened[row[which & in_time]] = True
            return happened[kept]

        year = np.arange(falls.shape[1])
        often = ((falls >= 2) & (year >= start[:, None]) & (year < start[:, None] + YEARS)).any(axis=1)
        major = fracture & np.isin(sites, [site.index(name) for name in _MAJOR])
        return [
            Outcome("Two falls or more in one year", often, (0.4, 0.6)),
            Outcome("A fall with injury, or a fracture", to_whom(injury | fracture), (0.4, 0.6)),
            Outcome("Major osteoporotic fracture", to_whom(major), (0.1, 0.2)),
            Outcome("Hip fracture", to_whom(fracture & (sites == site.index("hip"))), (0.03,)),
        ]


def marks(followed, outcome, added):
    """By replicate, from risks that were learned on the other half of the replicates: AUC without and with what is
    added, calibration slope with it, share of the cases and of the others who are classed better, net."""
    z = (followed.age - 65) / 10
    base = [z, z**2, followed.female, z * followed.female]
    more = [*base, followed.added[added] - followed.added[added].mean()]
    half = followed.replicate % 2 == 0
    without, with_it = (risk_from_other_half(columns, outcome.happened, half) for columns in (base, more))
    values = []
    for replicate in range(followed.replicate.max() + 1):
        at = followed.replicate == replicate
        event = outcome.happened[at]
        if event.all() or not event.any():
            continue
        values.append((auc(without[at], event), auc(with_it[at], event), calibration_slope(with_it[at], event),
                       *net_reclassification(without[at], with_it[at], event, outcome.thresholds)))
    return np.array(values)


def _mean(values, decimals=3, signed=False):
    low, high = np.percentile(values, [2.5, 97.5])
    write = (lambda v: number(v, decimals)) if signed else (lambda v: f"{v:.{decimals}f}".replace("-", "−"))
    return f"{write(values.mean())} ({write(low)} to {write(high)})"


def rows(followed):
    for outcome in followed.outcomes:
        for added in followed.added:
            before, after, slope, cases, others = marks(followed, outcome, added).T
            yield {"outcome": outcome, "added": added, "before": before, "after": after, "gain": after - before, "slope": slope,
                   "cases": cases, "others": others}


def table(followed):
    replicates = followed.replicate.max() + 1
    lines = [[row["outcome"].words, f"{100 * row['outcome'].happened.mean():.1f}",
              ", ".join(f"{100 * t:g} %" for t in row["outcome"].thresholds), row["added"], _mean(row["before"]),
              _mean(row["gain"], 4, True), _mean(row["slope"], 2), _mean(100 * row["cases"], 1, True),
              _mean(100 * row["others"], 1, True), _mean(100 * (row["cases"] + row["others"]), 1, True)] for row in rows(followed)]
    return "\n\n".join([
        "### Ten years on",
        f"{len(followed.age):,} people of {AGES[0]} to {AGES[1]} in {replicates} replicates, followed for {YEARS} years. Mean "
        "of the replicates and, in brackets, 2.5 to 97.5 % of them: what one study of that size would see. The mean itself is "
        f"known {np.sqrt(replicates):.0f} times as well.",
        markdown(["within ten years", "of 100", "classes part at", "added to age and sex", "AUC of age and sex", "gain in AUC",
                  "calibration slope", "cases classed better, %", "others classed better, %", "net reclassification, %"],
                 lines)])
