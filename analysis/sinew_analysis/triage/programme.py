"""What the scenarios of a result did: tests, treatment, fractures, cost and QALYs, by draw of the parameters."""

import csv
from dataclasses import dataclass, field

import numpy as np

from ..reader import ResultError

WTP = 100_000
START = 65  # the first invitation


@dataclass
class Scenario:
    """By draw, the point estimate first; numbers a thousand people alive at 65."""

    name: str
    pathways: list
    tests: dict = field(default_factory=dict)  # {step: tested}
    positive: np.ndarray = None  # people, at the end of a pathway
    screened: np.ndarray = None  # people, by the first step
    started: np.ndarray = None
    averted: dict = field(default_factory=dict)  # {site or "any": fractures}
    test_cost: np.ndarray = None
    cost: np.ndarray = None  # a person, discounted to 65, of the draws alone
    qaly: np.ndarray = None


def interval(values):
    """Mean and 2.5 and 97.5 % of draws."""
    return values.mean(), *np.percentile(values, [2.5, 97.5])


def needed(people, averted):
    """People for a fracture averted: of the means, then the ends of the interval; None where the interval of what is
    averted holds nought."""
    mean, low, high = interval(averted / people)
    return 1 / mean if mean > 0 else None, 1 / high if high > 0 else None, 1 / low if low > 0 else None


def read(results, decision):
    """The scenarios but the reference, in the order of the result."""
    group = lambda name: results.column("screening", name).sum(axis=2)  # noqa: E731  over sexes
    names, steps = results.words("screening", "scenario"), results.words("screening", "step")
    sites = results.words("screening", "site")
    alive = results["alive_n"]
    per = 1000 / np.nansum(alive.sel(scenario=names[0], age=START).values, axis=-1)
    if len(per) < 21:
        raise ResultError(f"{results.path}: at least 20 draws are wanted, with alive_n among output.per_draw")
    invited, tested, started = (group(name) for name in ("invited", "tested", "started"))
    people, found, referred = (group(name) for name in ("people_tested", "people_positive", "referred"))
    averted, cost = group("fractures_averted"), group("cost")
    money, health = _money(decision / "psa_costs.csv"), _money(decision / "psa_effects.csv")
    for s, name in enumerate(names[1:], 1):
        mine = [k for k in range(len(steps)) if invited[s, 0, k] + tested[s, 0, k] > 0]
        first, last = ([k for k in mine if counts[s, 0, k] > 0] for counts in (invited, referred))
        scenario = Scenario(name, list(dict.fromkeys(steps[k].split("/")[0] for k in mine)))
        scenario.tests = {steps[k].split("/")[1]: per * tested[s, :, k] for k in mine}
        scenario.screened = per * people[s][:, first].sum(axis=1)
        scenario.positive = per * found[s][:, last].sum(axis=1)
        scenario.started = per * started[s][:, mine].sum(axis=1)
        scenario.test_cost = per * cost[s][:, mine].sum(axis=1)
        scenario.averted = {site: per * averted[s, :, at] for at, site in enumerate(sites)}
        scenario.averted["any"] = per * averted[s].sum(axis=1)
        scenario.cost, scenario.qaly = money[name] - money[names[0]], health[name] - health[names[0]]
        yield scenario


def _money(path):
    with open(path, newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    return dict(zip(rows[0], np.array(rows[1:], float).T))
