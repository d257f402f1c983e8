"""What only whole lives can tell of the cost of sarcopenia: who is sarcopenic for how long (incidence), and how far those who are
sarcopenic differ in age and illness from those who are not (confounding). Lives of the point estimate."""

from dataclasses import dataclass

import numpy as np

from ..reader import ResultError
from .nation import AGE_FIRST, N_AGES, SEXES
from .sarcopenia import FROM_AGE, WITHOUT, YEAR
from .worlds import present_value

_AGES = np.arange(AGE_FIRST, AGE_FIRST + N_AGES)
_FRAIL = 2


class Lives:
    """Sex, and at each birthday class, frailty, earlier hip fracture and cost with and without sarcopenia, times the pool factor."""

    def __init__(self, results, worlds, factor):
        column = lambda name: results.column("trajectories", name)  # noqa: E731
        self.sex = column("sex").astype(int)
        death = np.nan_to_num(column("age_at_death")[0], nan=np.inf)
        self.alive = _AGES[None, :] <= death[:, None]
        without = column("age_at_death")[worlds.scenario(WITHOUT)]
        if not np.array_equal(np.nan_to_num(without, nan=np.inf), death):
            raise ResultError(f"{results.path}: people die at other ages without sarcopenia, which costs disability alone")
        self.sarcopenic = (column("smi_class")[0] >= 1) & self.alive
        self.frail = (column("frailty")[0] >= _FRAIL) & self.alive
        cost = column("cost")
        self.cost = factor * np.where(self.alive, cost[0], 0)
        self.caused = factor * np.where(self.alive, cost[0] - cost[worlds.scenario(WITHOUT)], 0)
        self.broke_hip = self._broke_hip(results)

    def _broke_hip(self, results):
        kind, site = results.words("events", "kind"), results.words("events", "site")
        column = lambda name: results.column("events", name)  # noqa: E731
        hip = (column("scenario") == 0) & (column("kind") == kind.index("fracture")) & (column("site") == site.index("hip"))
        first = np.full(len(self.sex), np.inf)
        row = {int(person): at for at, person in enumerate(results.column("trajectories", "person_id"))}
        np.minimum.at(first, [row[int(person)] for person in column("person")[hip]], column("age_yr")[hip])
        return first[:, None] < _AGES[None, :]


@dataclass(frozen=True)
class Excess:
    """Excess cost of the sarcopenic by sex, bn: whatever differs; at the same age; also with the same illness; caused."""

    crude: np.ndarray
    age: np.ndarray
    illness: np.ndarray
    caused: np.ndarray


def _at_same(lives, here, strata, weight):
    """Sum over the sarcopenic of cost less the mean of those in the same stratum who are not. Where nobody is left to compare
    with, or nobody to be compared, the stratum says nothing."""
    code = strata[here]
    n = code.max() + 1 if code.size else 0
    w, sick, cost = weight[here], lives.sarcopenic[here], lives.cost[here]
    count = [np.bincount(code, w * which, n) for which in (sick, ~sick)]
    total = [np.bincount(code, w * which * cost, n) for which in (sick, ~sick)]
    both = (count[0] > 0) & (count[1] > 0)
    if not both.any():
        return 0.0
    return (total[0][both] - total[1][both] / count[1][both] * count[0][both]).sum() / count[0][both].sum() * count[0].sum()


def excess(lives, nation):
    """Weighted by the nation's people of 60 and over."""
    people = nation.people(YEAR, FROM_AGE)
    ages = np.broadcast_to(_AGES - AGE_FIRST, lives.alive.shape)
    found = {name: np.zeros(2) for name in ("crude", "age", "illness", "caused")}
    for s in range(len(SEXES)):
        here = lives.alive & (lives.sex == s)[:, None] & (ages >= FROM_AGE - AGE_FIRST)
        weight = np.broadcast_to(people[s] / np.maximum(here.sum(axis=0), 1), here.shape) * 1e-9
        found["crude"][s] = _at_same(lives, here, np.zeros_like(ages), weight)
        found["age"][s] = _at_same(lives, here, ages, weight)
        found["illness"][s] = _at_same(lives, here, ages * 4 + 2 * lives.frail + lives.broke_hip, weight)
        found["caused"][s] = (weight * lives.caused)[here].sum()
    return Excess(**found)


@dataclass(frozen=True)
class Incidence:
    """Of those who become sarcopenic in a year, by sex: people, and what each is to cost, discounted to the onset."""

    new_people: np.ndarray
    at_60: np.ndarray  # the part of them who are sarcopenic when they come to be 60
    years: np.ndarray  # lived sarcopenic
    usd: dict  # by discount rate


def incidence(lives, nation, year, rates):
    """First onset from 60 on, the nation's people of a year at each age."""
    people = nation.people(year, FROM_AGE)
    first_age = FROM_AGE - AGE_FIRST
    late = lives.sarcopenic[:, first_age:]
    ever, onset = late.any(axis=1), late.argmax(axis=1) + first_age
    new, at_60, years = np.zeros(2), np.zeros(2), np.zeros(2)
    usd = {rate: np.zeros(2) for rate in rates}
    for s in range(len(SEXES)):
        mine = lives.sex == s
        alive = lives.alive[mine].sum(axis=0)
        who = np.flatnonzero(mine & ever)
        weight = people[s, onset[who]] / alive[onset[who]]  # how many of the nation this one stands for
        new[s] = weight.sum()
        if who.size == 0:
            continue
        at_60[s] = weight[onset[who] == first_age].sum()
        after = np.arange(N_AGES)[None, :] >= onset[who][:, None]
        years[s] = (weight * (lives.sarcopenic[who] & after).sum(axis=1)).sum() / new[s]
        since = np.where(after, np.arange(N_AGES)[None, :] - onset[who][:, None], 0)
        for rate in rates:
            value = (np.where(after, lives.caused[who], 0) * present_value(rate, since)).sum(axis=1)
            usd[rate][s] = (weight * value).sum() / new[s]
    return Incidence(new, at_60, years, usd)
