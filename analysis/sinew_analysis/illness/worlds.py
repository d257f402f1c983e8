"""Money of a result by scenario, draw, sex and age, and what is attributable: a world less the same people's world without it."""

from dataclasses import dataclass

import numpy as np

from ..money import Money
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
    """The scenarios of a result that was made from a birth cohort, by one ledger. Arrays are (draw, sex, age).

    The ledger is that of the measure `cost`, or another one of a result with `output: {cost_parts: true}`."""

    def __init__(self, results, ledger=None):
        if results.kind != "cohort":
            raise ResultError(f"{results.path}: no birth cohort")
        self.results = results
        self.names = list(results.labels("scenario"))
        self.n_draws = len(results.labels("draw"))
        if ledger and "cost_by_ledger" in results:
            measure = self._whole("cost_by_ledger").sel(ledger=ledger)
        else:
            measure = self._whole("cost")
            if ledger and ledger != measure.attrs["ledger"]:
                raise ResultError(f"{results.path}: costs are by the {measure.attrs['ledger']} ledger, not by {ledger}, "
                                  "and output.cost_parts was not asked for")
        if measure.values.shape[-1] != N_AGES:
            raise ResultError(f"{results.path}: ages are not {AGE_FIRST} to {AGE_FIRST + N_AGES - 1}")
        self.ledger = ledger or measure.attrs["ledger"]
        self.unit, self.index = measure.units, measure.attrs["price_index"]
        said = measure.attrs.get("perspective", "")
        self.perspective = "" if said == "as labelled" else said  # that of the ledger
        self.cost = np.nan_to_num(measure.values)  # a person alive at the birthday

    def _whole(self, name):
        """A measure with all of the run's draws."""
        measure = self.results[name]
        if measure.values.shape[1] != self.n_draws:
            raise ResultError(f"{self.results.path}: {name} was not kept by draw: output.per_draw must name it")
        return measure

    def scenario(self, name):
        if name not in self.names:
            raise ResultError(f"{self.results.path}: no scenario {name}")
        return self.names.index(name)

    def values(self, measure, name="reference"):
        """A measure in a scenario; 0 where nobody lives."""
        return np.nan_to_num(self._whole(measure).values[self.scenario(name)])

    def money(self, value, per_year=False):
        """An amount in the prices and by the ledger of these worlds."""
        return Money(value, f"{self.unit} year-1" if per_year else self.unit, self.ledger, self.index, self.perspective)

    def _lived(self, cost, name):
        """Of a cost a person alive at the birthday, that of a person-year lived."""
        years = self.values("person_years", name)
        return self.money(np.divide(cost * self.values("alive_n", name), years, out=np.zeros_like(years), where=years > 0), True)

    def per_year(self, name="reference"):
        """Cost per person-year lived."""
        return self._lived(self.cost[self.scenario(name)], name)

    def part(self, name):
        """The same of one part of the cost in the reference; the part must be one of the ledger."""
        measure = self._whole("cost_by_part")
        if f"{name}: {self.ledger}" not in measure.attrs["ledger_of_part"].split("; "):
            raise ResultError(f"{self.results.path}: {name} is no part of the {self.ledger} ledger")
        return self._lived(np.nan_to_num(measure.sel(part=name).values[0]), "reference")

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
            flow = self.cost[self.scenario(name)] * alive
            sums.append((flow[..., at:] * weight).sum(axis=-1) / alive[..., at])
        return self.money(sums[0] - sums[1])

    def share(self, measure, levels, people, name="reference"):
        """Share of the nation's `people`, (sex, age), at some levels of a code: (draw, sex)."""
        shares = self.values(f"{measure}_share", name)[..., list(levels)].sum(axis=-1)
        return (shares * people).sum(axis=-1) / people.sum(axis=-1)


def in_nation(per_year, people):
    """The nation's cost of a year by sex: (draw, sex)."""
    return (per_year * people).sum(axis=-1).over_years()
