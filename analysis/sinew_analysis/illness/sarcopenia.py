"""The cost of sarcopenia in 2000 from simulated people (mode B), beside the published one, and what of it could have failed."""

from dataclasses import dataclass

import numpy as np

from . import published as pub
from .nation import SEXES
from .worlds import in_nation, spread

FROM_AGE = 60
YEAR = 2000
WITHOUT, WITHOUT_HIGH, FEWER = "without_sarcopenia", "without_high_risk", "tenth_fewer"
LOW, HIGH = (1, 2), (2,)  # levels of smi_class


@dataclass(frozen=True)
class Row:
    """A figure beside the published one: (words, unit, published, Spread, whether it was fitted)."""

    words: str
    unit: str
    published: float
    model: object
    fitted: bool = False

    @property
    def inside(self):
        """Whether the interval holds the published figure; None where it says nothing."""
        interval = self.model.interval
        return None if self.fitted or interval is None else interval[0] <= self.published <= interval[1]


class ModeB:
    """Attributable costs of a run with the disability ledger."""

    def __init__(self, worlds, nation):
        self.worlds, self.nation = worlds, nation
        self.people = nation.people(YEAR, FROM_AGE)
        self.before = in_nation(worlds.attributable(WITHOUT), self.people) * 1e-9  # (draw, sex), bn
        self.factor = pub.TOTAL_BN / self.before.value.sum(axis=-1)  # one for both sexes, in each draw
        self.cost = self.before * self.factor[:, None]
        self.pool = in_nation(worlds.per_year(), self.people) * 1e-9 * self.factor[:, None]
        self.high = in_nation(worlds.attributable(WITHOUT_HIGH), self.people) * 1e-9 * self.factor[:, None]
        self.sarcopenic = worlds.share("smi_class", LOW, self.people)  # (draw, sex)
        self.in_high = worlds.share("smi_class", HIGH, self.people)

    def total_unfitted(self):
        return spread(self.before.value.sum(axis=-1))

    def pool_factor(self):
        return spread(self.factor)

    def by_arithmetic(self):
        """Mode A with the simulated prevalences and pools: (cost, saving by a tenth less) in bn, (draw, sex)."""
        cost, saved = np.zeros_like(self.cost.value), np.zeros_like(self.cost.value)
        for s, sex in enumerate(SEXES):
            given = pub.BY_SEX[sex]
            for draw in range(len(cost)):
                high = self.in_high[draw, s]
                step = pub.steps(given, 1, (self.sarcopenic[draw, s] - high, high))
                cost[draw, s] = self.pool.value[draw, s] * step.fraction
                saved[draw, s] = self.pool.value[draw, s] * step.saved_bn / given.pool_bn
        return cost, saved

    def fewer(self):
        """What is saved where the cuts leave a tenth fewer: (bn for a tenth, share by which there are fewer)."""
        saved = in_nation(self.worlds.attributable(FEWER), self.people) * 1e-9 * self.factor[:, None]
        left = self.worlds.share("smi_class", LOW, self.people, FEWER)
        count = self.people.sum(axis=-1)
        gone = 1 - (left * count).sum(axis=-1) / (self.sarcopenic * count).sum(axis=-1)
        return saved.value.sum(axis=-1) * 0.1 / gone, gone

    def rows(self):
        """What is published beside the model's, fitted by one factor."""
        yield Row("Total", "bn", pub.TOTAL_BN, spread(self.cost.value.sum(axis=-1)), fitted=True)
        per_person = self.cost.value * 1e9 / (self.sarcopenic * self.people.sum(axis=-1))
        for s, sex in reversed(list(enumerate(SEXES))):
            given, step = pub.BY_SEX[sex], pub.steps(pub.BY_SEX[sex], 1)
            word = {"female": "Women", "male": "Men"}[sex]
            yield Row(f"{word}: cost", "bn", given.cost_bn, spread(self.cost.value[:, s]))
            yield Row(f"{word}: dollars per sarcopenic person", "USD", given.per_person_usd, spread(per_person[:, s]))
            yield Row(f"{word}: sarcopenic, % of 60 and over", "%", 100 * sum(given.prevalence),
                      spread(100 * self.sarcopenic[:, s]), fitted=True)
            yield Row(f"{word}: at high risk, % of 60 and over", "%", 100 * given.prevalence[1], spread(100 * self.in_high[:, s]))
            yield Row(f"{word}: high risk's share of the cost, %", "%", 100 * step.high_share,
                      spread(100 * self.high.value[:, s] / self.cost.value[:, s]))
        arithmetic = self.by_arithmetic()[1].sum(axis=-1)
        yield Row("A tenth less sarcopenia saves, by fractions, pool fixed", "bn", pub.SAVED_BN, spread(arithmetic))


def through_the_years(mode, nation, years, index):
    """The same question in other years: (year, Money by sex, people from 60 on by sex) with prices by an index."""
    fitted = mode.worlds.attributable(WITHOUT) * mode.factor[:, None, None]
    for year in years:
        people = nation.people(year, FROM_AGE)
        yield year, (in_nation(fitted, people) * 1e-9).in_prices(year, nation, index), people.sum(axis=-1)


def by_growth(nation, year, index):
    """The published figure carried on by prices and the number of people of 60 and over: bn by sex."""
    then, now = nation.people(YEAR, FROM_AGE).sum(axis=-1), nation.people(year, FROM_AGE).sum(axis=-1)
    price = nation.price(index, year) / nation.price(index, YEAR)
    return {sex: pub.BY_SEX[sex].cost_bn * price * now[s] / then[s] for s, sex in enumerate(SEXES)}
