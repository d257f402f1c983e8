"""How well tests tell those to whom something happens: areas under the curve, what IGFBP-2 adds, calibration, net benefit."""

from dataclasses import dataclass

import numpy as np

from ..prediction import auc, calibration_slope, net_reclassification, risk_from_other_half
from . import conditions
from .people import HORIZONS, OUTCOMES, PARTS

# What each test alone ranks people by: higher is worse
TESTS = {
    "IGFBP-2": lambda c: c["measured.igfbp2_ng_ml"],
    "DXA, femoral neck": lambda c: -c["measured.t_score_femoral_neck"],
    "Grip, of the sex's limit": lambda c: -c["measured.grip_kg"] / np.where(c["female"], 16, 27),
    "Gait speed": lambda c: -c["measured.gait_m_s"],
    "SARC-F": lambda c: c["measured.sarc_f"],
    "Risk score without density": lambda c: c["score.without_bmd"],
    "Risk score with density": lambda c: c["measured.fracture_risk"],
}
FEWEST = 5  # events in each part of the people, else models are not fitted
THRESHOLDS = {"Two falls or more in a year": (0.4, 0.6), "Hip fracture": (0.03,), "Any fracture": (0.1, 0.2)}


@dataclass
class Figure:
    """A value and its standard error over people: that of its mean over PARTS parts of them."""

    value: float
    error: float

    @classmethod
    def over_parts(cls, people, of):
        values = np.array([of(people.part == part) for part in range(PARTS)])
        return cls(values.mean(), values.std(ddof=1) / np.sqrt(PARTS))

    @property
    def low(self):
        return self.value - 1.96 * self.error

    @property
    def high(self):
        return self.value + 1.96 * self.error


def areas(people):
    """{(test, outcome, years): Figure} of tests alone."""
    found = {}
    for name, rank in TESTS.items():
        values = rank(people.columns)
        for outcome in OUTCOMES:
            for years in HORIZONS:
                happened = people.outcomes[outcome, years]
                found[name, outcome, years] = Figure.over_parts(people, lambda at, e=happened: auc(values[at], e[at]))
    return found


def accuracy(people, pathway, happened, women=True):
    """Sensitivity, specificity, positive and negative predictive value of a pathway's end, (4,) Figures."""
    found = conditions.positive(pathway, people.columns)
    among = people.female if women else np.ones(people.n, bool)

    def share(part, of, hit):
        at = among & part & of
        return hit[at].mean()

    return [Figure.over_parts(people, lambda part, of=of, hit=hit: share(part, of, hit))
            for of, hit in ((happened, found), (~happened, ~found), (found, happened), (~found, ~happened))]


def models(people, outcome, years):
    """Risks by age, sex, neck T-score and grip, without and with the log of IGFBP-2: each half learned on the other."""
    c, z = people.columns, (people.age - 70) / 10
    base = [z, z**2, people.female, z * people.female, c["measured.t_score_femoral_neck"], np.log(c["measured.grip_kg"]) - 3.3]
    more = [*base, np.log(c["measured.igfbp2_ng_ml"]) - 5.7]
    happened, half = people.outcomes[outcome, years], people.part % 2 == 0
    return [risk_from_other_half(columns, happened, half) for columns in (base, more)]


def added(people, outcome, years):
    """What IGFBP-2 adds: (AUC without, gain, reclassified cases, others, slope with it), Figures; None of too few people."""
    if min(np.bincount(people.part, people.outcomes[outcome, years], PARTS)) < FEWEST:
        return None
    before, after = models(people, outcome, years)
    happened, edges = people.outcomes[outcome, years], THRESHOLDS[outcome]
    over = lambda of: Figure.over_parts(people, of)  # noqa: E731
    moved = lambda at: net_reclassification(before[at], after[at], happened[at], edges)  # noqa: E731
    return (over(lambda at: auc(before[at], happened[at])),
            over(lambda at: auc(after[at], happened[at]) - auc(before[at], happened[at])),
            over(lambda at: moved(at)[0]), over(lambda at: moved(at)[1]),
            over(lambda at: calibration_slope(after[at], happened[at])))


def calibration(predicted, happened, groups=10):
    """Mean predicted risk and share with the event by tenths of predicted risk, (groups, 2)."""
    order = np.argsort(predicted, kind="stable")
    return np.array([(predicted[at].mean(), happened[at].mean()) for at in np.array_split(order, groups)])


def net_benefit(predicted, happened, thresholds):
    """Of treating those at or above each threshold: true less false positives, at the threshold's odds, a person."""
    return np.array([(happened & (predicted >= t)).mean() - (~happened & (predicted >= t)).mean() * t / (1 - t)
                     for t in thresholds])


def curve(score, happened):
    """False and true positive rates from the highest score down."""
    hit = happened[np.argsort(-score, kind="stable")]
    return np.cumsum(~hit) / (~hit).sum(), np.cumsum(hit) / hit.sum()
