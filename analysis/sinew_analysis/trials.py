"""What trials found that are made again in a simulation, beside what they find there.

    python3 -m sinew_analysis.trials output/trials/results.h5 --findings configs/trials/findings.csv

writes trials.md, trials.csv and trials.png beside the result. scripts/trials makes the result; docs/trials.md says what is done.
A trial's people are those who start on the day they are met; the same people in the other scenario are its controls.
"""

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from .pages import publish
from .reader import ResultError, Results

YEARS = 7  # of a field that are known, from the day people are met
GROUPS = 20  # of people, each left out once for the standard error
SITES = {"hip": ("hip",), "vertebral": ("vertebral",), "other": ("forearm", "humerus", "leg", "other"),
         "any": ("hip", "vertebral", "forearm", "humerus", "leg", "other")}
WORDS = {"rate": "rate ratio", "fallers": "ratio of those who fall", "versus": "% against controls",
         "change": "% against the start", "gain": "gain against controls"}
NAMES = {"other": "other fractures", "any": "any fracture", "hip": "hip fracture", "vertebral": "vertebral fracture",
         "injury": "injuries by falls", "abmd_femoral_neck_g_cm2": "density of the neck",
         "abmd_lumbar_spine_g_cm2": "density of the spine", "tb_vbmd_lumbar_spine_mg_cm3": "trabecular density of the spine",
         "asm_kg": "limb muscle, kg", "knee_extensor_nm": "knee extension"}
DRUGS = (("fit", "alendronate"), ("horizon", "zoledronate"), ("freedom", "denosumab"), ("neer", "teriparatide, two years, then alendronate"),
         ("arch", "romosozumab, one year, then alendronate"), ("whi", "oestrogen and progestogen"))
SPINE, NECK = "abmd_lumbar_spine_g_cm2", "abmd_femoral_neck_g_cm2"


@dataclass
class Finding:
    """A line of the table of findings; value, low and high are None where the trial's figure is not known."""

    trial: str
    arm: str
    against: str
    quantity: str
    years: float
    value: float
    low: float
    high: float
    role: str
    source: str


def read_findings(path):
    with open(path, newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row["years"] = float(row["years"])
        for name in ("value", "low", "high"):
            row[name] = float(row[name]) if row[name] else None
    return [Finding(**row) for row in rows]


class Trials:
    """The people of each trial, what happened to them, and how they were year by year."""

    def __init__(self, results):
        self._results = results
        self._scenarios = list(results.labels("scenario"))
        events = {name: results.column("events", name) for name in ("scenario", "person", "age_yr", "kind", "site")}
        kinds, sites = results.words("events", "kind"), results.words("events", "site")
        self._kind = {word: number for number, word in enumerate(kinds)}
        self._site = {word: number for number, word in enumerate(sites)}
        events["person"] = events["person"].astype(np.int64)
        self._events = [{name: values[events["scenario"] == s] for name, values in events.items()}
                        for s in range(len(self._scenarios))]
        self._sampled = results.column("trajectories", "person_id").astype(np.int64)
        alive = results.lives("alive", 0) == 1
        met = np.argmax(alive, axis=1)[:, None] + np.arange(YEARS)
        self._columns = np.minimum(met, alive.shape[1] - 1)
        self._recorded = (met < alive.shape[1]) & alive.any(axis=1)[:, None]
        self._fields = {}

    def _field(self, name, scenario):
        """A field by years since people are met, not a number where it is not known."""
        if (name, scenario) not in self._fields:
            lives = self._results.lives(name, self._index(scenario))
            since = np.take_along_axis(lives, self._columns, axis=1)
            self._fields[name, scenario] = np.where(self._recorded, since, np.nan)
        return self._fields[name, scenario]

    def _index(self, scenario):
        return self._scenarios.index(scenario)

    def members(self, arm):
        """Ids of who is treated from the start, sorted, and the ages at which they are met."""
        events = self._events[self._index(arm)]
        starts = events["kind"] == self._kind["treatment_start"]
        person, first = np.unique(events["person"][starts], return_index=True)
        return person, events["age_yr"][starts][first]

    def _count(self, scenario, members, ages, years, wanted):
        """Events and years lived of each member in the first years."""
        events = self._events[self._index(scenario)]
        at = np.searchsorted(members, events["person"])
        at[at == members.size] = 0
        ours = members[at] == events["person"]
        since = np.where(ours, events["age_yr"] - ages[at], np.inf)
        died = ours & (events["kind"] == self._kind["death"])
        lived = np.full(members.size, float(years))
        lived[at[died]] = np.minimum(years, since[died])
        number = np.zeros(members.size)
        np.add.at(number, at[ours & wanted(events) & (since >= 0) & (since < years)], 1)
        return number, lived

    def _wanted(self, what):
        fracture, injury = self._kind["fracture"], self._kind["fall_injury"]
        if what == "injury":
            return lambda e: (e["kind"] == injury) | (e["kind"] == fracture)
        sites = [self._site[word] for word in SITES[what]]
        return lambda e: (e["kind"] == fracture) & np.isin(e["site"], sites)

    def _events_of(self, finding, name):
        members, ages = self.members(finding.arm)
        parts = [self._count(arm, members, ages, finding.years, self._wanted(name))
                 for arm in (finding.arm, finding.against)]
        return members, np.column_stack([column for part in parts for column in part])

    def _falls_of(self, finding, rows):
        """Falls and years lived in whole years; or whether any is reported, and one for each person."""
        any_fall, years, columns = finding.quantity == "fallers", slice(0, int(finding.years)), []
        for arm in (finding.arm, finding.against):
            falls = np.nansum(self._field("falls_reported" if any_fall else "falls", arm)[rows, years], axis=1)
            lived = np.nansum(self._field("alive", arm)[rows, years], axis=1)
            columns += [falls > 0, np.ones(rows.size)] if any_fall else [falls, lived]
        return self._sampled[rows], np.column_stack(columns)

    def _states_of(self, finding, rows, word, name):
        year = int(finding.years)
        there = np.all([self._field("alive", arm)[rows, year] == 1 for arm in (finding.arm, finding.against)], axis=0)
        rows = rows[there]
        after = self._field(name, finding.arm)[rows, year]
        before = (self._field(name, finding.arm)[rows, 0] if word == "change"
                  else self._field(name, finding.against)[rows, year])
        one = np.ones(rows.size)
        return self._sampled[rows], np.column_stack([after, one, before, one])

    def _sums(self, finding):
        """Four sums a person, and the ids: the finding is a function of their totals."""
        word, _, name = finding.quantity.partition(" ")
        if word == "rate" and name != "falls":
            return self._events_of(finding, name)
        rows = np.flatnonzero(np.isin(self._sampled, self.members(finding.arm)[0]))
        if word in ("rate", "fallers"):
            return self._falls_of(finding, rows)
        return self._states_of(finding, rows, word, name)

    def measure(self, finding):
        """The simulated figure, its standard error, and the number of people."""
        ids, sums = self._sums(finding)
        if ids.size == 0:
            raise ResultError(f"{finding.arm}: nobody is in the trial")
        whole = sums.sum(axis=0)
        group = ids % GROUPS
        without = np.array([value(finding.quantity, whole - sums[group == g].sum(axis=0)) for g in range(GROUPS)])
        error = np.sqrt((GROUPS - 1) / GROUPS * np.sum((without - without.mean()) ** 2))
        return value(finding.quantity, whole), error, ids.size

    def course(self, arm, against, name, years):
        """Mean difference from the controls in per cent, year by year."""
        quantity = f"versus {name}"
        return [self.measure(Finding("", arm, against, quantity, y, None, None, None, "", ""))[0] for y in years]


def value(quantity, sums):
    """A finding of totals: of one arm and its denominator, of the other and its."""
    word = quantity.split(" ")[0]
    mine, other = sums[0] / sums[1], sums[2] / sums[3]
    if word in ("rate", "fallers"):
        return mine / other
    return mine - other if word == "gain" else 100 * (mine / other - 1)


def judge(finding, simulated, error):
    """How the two agree: by the trial's interval, widened by twice the simulation's error; without one by how much they
    differ."""
    if finding.value is None:
        return "no figure"
    if finding.low is None:
        return f"{simulated - finding.value:+.1f}"
    if finding.low <= simulated <= finding.high:
        return "inside"
    return "within error" if finding.low - 2 * error <= simulated <= finding.high + 2 * error else "outside"


def number(x, quantity):
    return f"{x:.2f}" if quantity.split(" ")[0] in ("rate", "fallers", "gain") else f"{x:+.1f}"


def what(quantity):
    word, _, name = quantity.partition(" ")
    name = NAMES.get(name, name)
    return f"{name}, {WORDS[word]}" if name else WORDS[word]


def table(rows):
    text = ["|trial|people|what|years|the trial|simulated (SE)|agreement|role|", "|-|-|-|-|-|-|-|-|"]
    for f, simulated, error, people in rows:
        trial = "-" if f.value is None else number(f.value, f.quantity)
        if f.low is not None:
            trial += f" ({number(f.low, f.quantity)} to {number(f.high, f.quantity)})"
        name = f.trial if f.against == "reference" else f"{f.trial}, against {f.against.split('_')[-1]}"
        text.append(f"|{name}|{people:,}|{what(f.quantity)}|{f.years:g}|{trial}|{number(simulated, f.quantity)} "
                    f"({error:.2g})|{judge(f, simulated, error)}|{f.role}|")
    return "\n".join(text) + "\n"


def courses(trials):
    """Density against controls after 1, 2 and 5 years, as a table."""
    text = ["|density against controls, %|spine, 1|2|5 years|neck, 1|2|5 years|", "|-|-|-|-|-|-|-|"]
    for arm, drug in DRUGS:
        cells = [f"{x:+.1f}" for name in (SPINE, NECK) for x in trials.course(arm, "reference", name, (1, 2, 5))]
        text.append("|".join(["", drug, *cells, ""]))
    return "\n".join(text) + "\n"


def paint(trials, rows):
    """Ratios on the left; density year by year on the right."""
    figure = Figure(figsize=(11, 6.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    ratios = [(f, x, e) for f, x, e, _ in rows if f.quantity.split(" ")[0] in ("rate", "fallers") and f.value]
    for y, (f, x, e) in enumerate(reversed(ratios)):
        left.plot([f.low, f.high], [y, y], color="0.7", lw=5, solid_capstyle="butt",
                  label="the trial, 95 % interval" if y == 0 else None)
        left.plot(f.value, y, "|", color="0.3", ms=9)
        left.errorbar(x, y, xerr=2 * e, fmt="o", ms=4, color="C3" if f.role == "follows" else "C0", lw=1)
    left.plot([], [], "o", color="C0", ms=4, label="simulated: put in")
    left.plot([], [], "o", color="C3", ms=4, label="simulated: follows")
    left.set_yticks(range(len(ratios)), [f"{f.trial}: {what(f.quantity).replace(', rate ratio', '')}"
                                         for f, _, _ in reversed(ratios)], fontsize=7)
    left.set_xscale("log")
    left.set_xticks([0.2, 0.3, 0.5, 0.7, 1], ["0.2", "0.3", "0.5", "0.7", "1"])
    left.minorticks_off()
    left.axvline(1, color="0.8", lw=0.8, zorder=0)
    left.set_xlabel("ratio to controls")
    left.legend(fontsize=7, loc="lower left")
    years = range(6)
    for color, (arm, label) in enumerate(DRUGS):
        for name, style in ((SPINE, "-"), (NECK, "--")):
            right.plot(years, trials.course(arm, "reference", name, years), style, color=f"C{color}",
                       label=label if style == "-" else None)
            for f, *_ in rows:
                if f.arm == arm and f.against == "reference" and f.quantity == f"versus {name}" and f.value is not None:
                    right.plot(f.years, f.value, "o" if style == "-" else "s", color=f"C{color}", ms=6)
    right.plot([], [], "ko", ms=5, label="the trial: spine")
    right.plot([], [], "ks", ms=5, label="the trial: hip or neck")
    right.set_xlabel("years since the start")
    right.set_ylabel("areal density against controls, %  (spine solid, neck dashed)")
    right.set_ylim(top=1.45 * right.get_ylim()[1])  # room for the legend
    right.legend(fontsize=7, loc="upper left")
    return figure


def write(options, trials, rows):
    folder = options.output or options.results.parent
    publish(table(rows) + "\n" + courses(trials), lambda: paint(trials, rows), folder, "trials", options.docs)
    with open(folder / "trials.csv", "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["trial", "arm", "against", "quantity", "years", "value", "low", "high", "role", "source", "people",
                         "simulated", "standard_error", "agreement"])
        for f, simulated, error, people in rows:
            writer.writerow([f.trial, f.arm, f.against, f.quantity, f.years, f.value, f.low, f.high, f.role, f.source, people,
                             f"{simulated:.6g}", f"{error:.3g}", judge(f, simulated, error)])


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="sinew_analysis.trials", description="Trials made again, beside what they found.")
    parser.add_argument("results", type=Path)
    parser.add_argument("--findings", type=Path, required=True, help="table of what the trials found")
    parser.add_argument("-o", "--output", type=Path, help="folder (default: that of the result file)")
    parser.add_argument("--docs", type=Path, help="page that the table is put into, the figure beside it")
    options = parser.parse_args(arguments)
    try:
        with Results(options.results) as results:
            trials = Trials(results)
            rows = [(f, *trials.measure(f)) for f in read_findings(options.findings)]
            write(options, trials, rows)
    except (OSError, ResultError) as error:
        print(f"trials: {error}", file=sys.stderr)
        return 2
    print((options.output or options.results.parent) / "trials.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
