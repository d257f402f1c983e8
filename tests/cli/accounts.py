"""Costs, quality-adjusted time and treatment of every person-year worked out a second time: from the lives, events and parameters that a
result holds, by the equations of src/economics/economics.md, in plain Python. It shares nothing with the program but the result file.

Of the reference pass it takes the background and the factor n as they stand in the result; prices are brought to the price year by
configs/tables/price_index.csv, read anew.
"""

import csv
import math
from pathlib import Path

import h5py
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
LEDGER_OF = {"hip": "event", "vertebral": "event", "nhnv": "event", "injury": "event", "nursing_home": "event",
             "background_event": "event", "frailty": "frailty", "background_frailty": "frailty", "disability": "disability"}
GROUPS = {"hip": ("hip",), "vertebral": ("vertebral",), "nhnv": ("forearm", "humerus", "leg", "other")}
WEAK_GRIP_KG, LOW_RASM_KG_M2 = (16, 27), (5.5, 7.0)  # EWGSOP2, women and men
COST_KNOTS, UTILITY_KNOTS = (20, 32, 50, 60, 70, 80, 90, 97), (20, 32, 40, 50, 60, 70, 82, 97)


def cents(usd):
    return math.floor(usd * 100 + 0.5)


def overlap(a, b, c, d):
    """Time that [a, b) and [c, d) share."""
    return max(0.0, min(b, d) - max(a, c))


class Prices:
    """A result's parameters in the prices of its price year."""

    def __init__(self, file, index, year):
        with open(ROOT / "configs" / "tables" / "price_index.csv", encoding="utf-8") as stream:
            rows = csv.DictReader(line for line in stream if not line.startswith("#"))
            self.level = {int(row["year"]): float(row[index]) for row in rows}
        self.file, self.year, self.changed = file, year, {}

    def bring(self, usd, year):
        return usd * self.level[self.year] / self.level[year]

    def __getitem__(self, key):
        name = key.replace(".", "_")
        data = self.file[f"parameters/{name}"]
        value = np.array(self.changed.get(key, data[0]), dtype=float)
        unit = data.attrs["units"]
        return self.bring(value, int(unit[4:8])) if unit.startswith("USD_") else value


class Accounts:
    """One scenario of a result; `changed` are the parameters that the scenario has otherwise."""

    def __init__(self, file, scenario, changed=None, treatment=None):
        unit = file["summary/cost"].attrs["units"]
        self.p = p = Prices(file, file["summary/cost"].attrs["price_index"], int(unit[4:8]))
        p.changed = changed or {}
        self.treatment = treatment
        factor = float(p["economics.later_years_factor"])
        self.first, self.share = {}, {}
        for g, (name, second) in enumerate(zip(GROUPS, p["economics.second_year_share"])):
            self.first[name] = (float(p[f"economics.{name}_first_year_under_65"]), float(p[f"economics.{name}_first_year_65"]))
            self.share[name] = [1.0] + [second * factor / 2**k for k in range(4)]
        self.file, self.scenario = file, scenario
        self.background = {name: file[f"reference/background_{name}"][...] for name in ("event", "frailty")}
        self.n = file["reference/utility_factor"][...]
        self.worth = {name: (float(p[f"utility.{name}_first_year"]), float(p[f"utility.{name}_later"])) for name in GROUPS}
        self.at_home, self.frail_change = float(p["utility.nursing_home"]), float(p["utility.frail"])
        self.weak_change, self.hurt_change = float(p["utility.sarcopenic"]), float(p["utility.injury"])
        self.hurt_years = float(p["utility.injury_duration"])
        self._read_lives()
        self._read_events()

    def _read_lives(self):
        lives = self.file["trajectories"]
        take = lambda name: lives[name][self.scenario]  # noqa: E731
        self.sex = lives["sex"][...]
        self.death = np.nan_to_num(take("age_at_death"), nan=98.0)
        self.resident, self.frail = take("residence") == 1, take("frailty") == 2
        self.disabled, self.sarcopenic = take("disabled") == 1, take("sarcopenia_ewgsop2") >= 2
        self.on_limit = self._on_limit(lives)
        self.row = {int(person): at for at, person in enumerate(lives["person_id"][...])}

    def _on_limit(self, lives):
        """Whose sarcopenia the readings leave open: one of them is within the step to which it is stored of its limit, the other below
        its own or as near."""
        surely, perhaps = True, True
        for name, limits in (("grip_kg", WEAK_GRIP_KG), ("relative_asm_kg_m2", LOW_RASM_KG_M2)):
            step = float(np.ravel(lives[name].attrs["scale_factor"])[0])
            above = lives[name][self.scenario] * step - np.array(limits)[self.sex][:, None]
            surely, perhaps = surely & (above < -step), perhaps & (above <= step)
        return perhaps & ~surely

    def _read_events(self):
        events = self.file["events"]
        kinds, sites = events["kind"].attrs["flag_meanings"].split(), events["site"].attrs["flag_meanings"].split()
        group_of = {sites.index(site): group for group, members in GROUPS.items() for site in members}
        n = len(self.sex)
        self.fractures = [{group: [] for group in GROUPS} for _ in range(n)]
        self.injuries, self.starts, self.stops = ([[] for _ in range(n)] for _ in range(3))
        other = {kinds.index("fall_injury"): self.injuries, kinds.index("treatment_start"): self.starts,
                 kinds.index("treatment_stop"): self.stops}
        here = np.flatnonzero(events["scenario"][...] == self.scenario)
        person, age, kind, site = (events[name][...][here] for name in ("person", "age_yr", "kind", "site"))
        for at in np.argsort(age, kind="stable"):
            row, when = self.row[int(person[at])], float(age[at])
            if kind[at] == kinds.index("fracture"):
                self.fractures[row][group_of[int(site[at])]].append(when)
            elif kind[at] in other:
                other[kind[at]][row].append(when)

    def fracture_cost(self, row, group, start, end):
        """Of one group between two ages: each fracture pays until the next one of its group."""
        total, all_of_them = 0.0, self.fractures[row][group]
        for at, when in enumerate(all_of_them):
            until = all_of_them[at + 1] if at + 1 < len(all_of_them) else math.inf
            price = self.first[group][int(when) >= 65]
            for k, share in enumerate(self.share[group]):
                total += price * share * overlap(max(start, when), min(end, until), when + k, when + k + 1)
        return total

    def away_from_home(self, row, start, end):
        """Time within a year after a hip fracture: its first year holds the facility care."""
        hips, total = self.fractures[row]["hip"], 0.0
        for at, when in enumerate(hips):
            until = min(when + 1, hips[at + 1] if at + 1 < len(hips) else math.inf)
            total += overlap(start, end, when, until)
        return total

    def parts(self, row, age):
        """Cost of the year by part, whole cents."""
        start, end, i, s = age, min(age + 1.0, self.death[row]), age - 20, int(self.sex[row])
        lived = end - start
        usd = {group: self.fracture_cost(row, group, start, end) for group in GROUPS}
        usd["injury"] = float(self.p["economics.injury"]) * sum(start <= when < end for when in self.injuries[row])
        home = lived - self.away_from_home(row, start, end) if self.resident[row, i] else 0
        usd["nursing_home"] = float(self.p["economics.nursing_home"]) * home
        usd["frailty"] = float(self.p["economics.frail_men" if s else "economics.frail_women"]) * lived * self.frail[row, i]
        usd["disability"] = self.p["economics.disabled"][s] * lived * self.disabled[row, i]
        for name, curve in self.background.items():
            usd[f"background_{name}"] = curve[s, i] * lived
        return {name: cents(value) for name, value in usd.items()}

    def treated(self, row, age):
        """Cost of treatment in the year: while it lasts, and at its start, whole cents."""
        if not self.treatment:
            return 0
        end, per_year, at_start = min(age + 1.0, self.death[row]), *self.treatment
        total = 0.0
        for at, start in enumerate(self.starts[row]):
            stop = self.stops[row][at] if at < len(self.stops[row]) else math.inf
            total += at_start * (age <= start < end) + per_year * overlap(age, end, start, stop)
        return cents(total)

    def utility(self, row, when, age, sarcopenic):
        """At an exact age, in the state of the birthday before it."""
        i, s = age - 20, int(self.sex[row])
        multipliers = [self.at_home if self.resident[row, i] else 1.0]
        for group, (first, later) in self.worth.items():
            past = [at for at in self.fractures[row][group] if at <= when]
            multipliers.append(1.0 if not past else first if when - past[-1] < 1 else later)
        multipliers.sort()
        norm = np.interp(age + 0.5, UTILITY_KNOTS, self.p["utility.norm_men" if s else "utility.norm_women"])
        change = min(self.frail_change * self.frail[row, i], self.weak_change * sarcopenic)
        sore = any(at <= when < at + self.hurt_years for at in self.injuries[row])
        raw = norm * multipliers[0] * multipliers[1] + change + self.hurt_change * sore
        return min(max(self.n[s, i] * raw, -0.1), 1.0)

    def qaly(self, row, age):
        """Quality-adjusted time of the year in millionths, and what it would be with the other answer to whether the person is sarcopenic
        where readings leave it open: the program goes by exact ones, its stored code by them as they are stored."""
        sarcopenic = self.sarcopenic[row, age - 20]
        said = self._qaly(row, age, sarcopenic)
        return said, self._qaly(row, age, not sarcopenic) if self.on_limit[row, age - 20] else said

    def _qaly(self, row, age, sarcopenic):
        end = min(age + 1.0, self.death[row])
        cuts = {float(age), end}
        for times, until in [*((self.fractures[row][group], 1.0) for group in GROUPS), (self.injuries[row], self.hurt_years)]:
            cuts.update(at for when in times for at in (when, when + until) if age < at < end)
        cuts = sorted(cuts)
        total = sum((b - a) * self.utility(row, (a + b) / 2, age, sarcopenic) for a, b in zip(cuts, cuts[1:]))
        return math.floor(total * 1e6 + 0.5)

    def alive(self, row, age):
        return self.death[row] >= age

    def years(self):
        """(row, age) of every year begun."""
        return [(row, age) for row in range(len(self.sex)) for age in range(20, 98) if self.alive(row, age)]


def discounted(flow, rate, first=20):
    """Present value at an age of yearly flows, each even over its year: v(t) = (1 + rate)^-t in continuous time."""
    total = 0.0
    for k, x in enumerate(flow):
        total += x if rate == 0 else x * ((1 + rate) ** -k - (1 + rate) ** -(k + 1)) / math.log(1 + rate)
    return total
