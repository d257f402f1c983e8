"""Money of a result by scenario, draw, sex and age, and what is attributable: a world less the same people's world without it."""

from dataclasses import dataclass

import numpy as np

from ..money import Money, of_measure
from ..reader import ResultError
from .nation import AGE_FIRST, N_AGES


def present_value(rate, years):
    """Of a flow of 1 a year from each of `years` to the next, discounted to year 0: the integral of (1 + rate)^-t."""
    years = np.asarray(years, dtype=float)
    if rate == 0:
        return np.ones_like(years)
    force = np.log1p(rate)
    return (np.exp(-force * years) - np.exp(-force * (years + 1))) / force


@dataclass(frozen=True)
class Spread:
    """A figure: that of the point estimate, and of each draw."""

    point: float
    draws: np.ndarray

    @property
    def interval(self):
        """2.5 and 97.5 per cent of the draws; None where there are none."""
        return tuple(np.percentile(self.draws, [2.5, 97.5])) if self.draws.size else None


def spread(values):
    """Of one value a draw, the point estimate first."""
    values = np.asarray(values, dtype=float)
    return Spread(float(values[0]), values[1:])


class Worlds:
    """The scenarios of a result that was made from a birth cohort. Arrays are (draw, sex, age)."""

    def __init__(self, results):
        if results.kind != "cohort":
            raise ResultError(f"{results.path}: no birth cohort")
        self.results = results
        self.names = list(results.labels("scenario"))
        measure = results["cost_per_py"]
        if measure.values.shape[-1] != N_AGES:
            raise ResultError(f"{results.path}: ages are not {AGE_FIRST} to {AGE_FIRST + N_AGES - 1}")
        self.money = of_measure(measure)
        self.ledger = self.money.ledger
        self.n_draws = measure.values.shape[1]

    def scenario(self, name):
        if name not in self.names:
            raise ResultError(f"{self.results.path}: no scenario {name}")
        return self.names.index(name)

    def values(self, measure, name="reference"):
        """A measure in a scenario; 0 where nobody lives."""
        return np.nan_to_num(self.results[measure].values[self.scenario(name)])

    def per_year(self, name="reference"):
        """Cost per person-year lived."""
        return Money(np.nan_to_num(self.money.value[self.scenario(name)]), self.money.unit, self.ledger, self.money.index)

    def attributable(self, without, of="reference"):
        """Cost per person-year in one world less that in another."""
        return self.per_year(of) - self.per_year(without)

    def lifetime(self, without, rate, from_age, of="reference", counted_from=AGE_FIRST):
        """What a person alive at from_age is to cost more than in the other world from an age on, discounted: (draw, sex)."""
        at = from_age - AGE_FIRST
        weight = present_value(rate, np.arange(N_AGES - at))
        weight[: max(0, counted_from - from_age)] = 0
        sums = []
        for name in (of, without):
            alive = self.values("alive_n", name)
            flow = self.values("cost", name) * alive
            sums.append((flow[..., at:] * weight).sum(axis=-1) / alive[..., at])
        unit = self.money.unit.removesuffix(" year-1")
        return Money(sums[0] - sums[1], unit, self.ledger, self.money.index)

    def share(self, measure, levels, people, name="reference"):
        """Share of the nation's `people`, (sex, age), at some levels of a code: (draw, sex)."""
        shares = self.values(f"{measure}_share", name)[..., list(levels)].sum(axis=-1)
        return (shares * people).sum(axis=-1) / people.sum(axis=-1)


def in_nation(per_year, people):
    """The nation's cost of a year by sex: (draw, sex)."""
    return (per_year * people).sum(axis=-1).over_years()
