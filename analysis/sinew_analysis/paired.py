"""The same person in two worlds: differences of whole lives to the reference, and how sure they are.

    python3 -m sinew_analysis.paired RESULTS [--docs PAGE]      prints a table of paired and independent errors, as Markdown
"""

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .figures import pretty_unit
from .pages import command, put_between_marks
from .reader import ResultError, Results

GROUP = "paired"
SEXES = ("female", "male", "all")
STATISTICS = ("mcse", "independent_se", "total", "averted", "caused", "postponed", "advanced", "less", "more")
CSV_COLUMNS = ("scenario", "sex", "measure", "statistic", "value", "unit", "basis")
ALLOWED = 1.3  # of the floor
WANTED = 5  # times smaller than independent runs
PER = 1000  # people
WIDE = 1.96  # standard errors, 95 %

# measure, words; in the order of the tables
WORDS = {
    "fractures": "Fractures", "fracture_hip": "Hip fractures", "fracture_vertebral": "Vertebral fractures",
    "fracture_forearm": "Forearm fractures", "fracture_humerus": "Humerus fractures", "fracture_leg": "Leg fractures",
    "fracture_other": "Other fractures", "falls": "Falls", "fall_injuries": "Falls that injured without a fracture",
    "deaths": "Deaths before 98", "treated_years": "Years on treatment", "life_years": "Years of life",
    "life_years_discounted": "Years of life, discounted", "qalys": "QALYs", "qalys_discounted": "QALYs, discounted",
    "cost": "Cost", "cost_discounted": "Cost, discounted",
}


@dataclass
class Difference:
    """A measure of one scenario and sex: the difference per person, and its other statistics by name (None: not told)."""

    scenario: str
    sex: str
    measure: str
    unit: str
    people: float
    value: float
    statistics: dict

    @property
    def floor(self):
        """The least standard error that n whole-number differences of this mean size can have; None of amounts."""
        if self.statistics["averted"] is None:
            return None
        return np.sqrt((self.statistics["averted"] + self.statistics["caused"]) / self.people)


def read(results):
    """All differences of the point estimate, the reference left out; empty where the file has one scenario."""
    if not results.has(GROUP):
        return []
    scenarios = results.words(GROUP, "scenario")
    people = results.column(GROUP, "people")
    found = []
    for s, scenario in enumerate(scenarios):
        for x, sex in enumerate(SEXES):
            for measure in WORDS:
                def one(name):
                    return float(results.column(GROUP, name)[s, 0, x])
                statistics = {k: one(f"{measure}_{k}") if results.has(GROUP, f"{measure}_{k}") else None for k in STATISTICS}
                found.append(Difference(scenario, sex, measure, results.unit(GROUP, measure), people[x], one(measure), statistics))
    return [d for d in found if d.scenario != scenarios[0]]


def write_csv(results, path):
    """All statistics of all sexes, one a row; nothing where there is one scenario. @return whether it was written."""
    rows = read(results)
    if not rows:
        path.unlink(missing_ok=True)
        return False
    shares = ("postponed", "advanced", "less", "more")
    with open(path, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(CSV_COLUMNS)
        for d in rows:
            for name, value in {"difference": d.value, **d.statistics}.items():
                if value is not None:
                    unit, basis = ("1", "") if name in shares else (d.unit, basis_of(results, d.measure))
                    writer.writerow([d.scenario, d.sex, d.measure, name, "" if np.isnan(value) else f"{value:.9g}", unit, basis])
    return True


def _number(value, unit):
    """Per so many people, with as many digits as its size bears."""
    value *= PER
    decimals = 0 if unit.startswith("USD") or abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{decimals}f}".replace("-", "−")


def basis_of(results, measure):
    """What money of a measure is counted by; nothing of others."""
    noted = {key: results.attribute(f"{GROUP}/{measure}", key) for key in ("ledger", "perspective", "price_index", "discount_rate")}
    if noted["perspective"] is None:
        return ""
    rate = noted["discount_rate"]
    return f"{noted['ledger']} ledger; {noted['perspective']} perspective; prices by {noted['price_index']}; " + \
        ("undiscounted" if rate is None else f"discounted by {100 * float(rate):g} % a year")


def section(results):
    """What the report tells: a table for each scenario, all people; None where there is nothing to compare."""
    rows = [d for d in read(results) if d.sex == "all"]
    if not rows:
        return None
    tables = {}
    for d in rows:
        if d.measure == "treated_years" and d.value == 0:
            continue
        told = [d.statistics[name] for name in ("averted", "caused", "postponed")]
        tables.setdefault(d.scenario, []).append(
            [WORDS[d.measure], _number(d.statistics["total"] - d.value, d.unit), _number(d.value, d.unit),
             _number(WIDE * d.statistics["mcse"], d.unit), *("" if x is None else _number(x, "1") for x in told),
             "" if d.unit == "1" else pretty_unit(d.unit)])
    return {
        "head": ["Measure", "Reference", "Difference", "±", "Averted", "Caused", "Postponed", "Unit"],
        "tables": list(tables.items()),
        "notes": [
            f"Per {PER:,} people, from the day they are met to death or the 98th birthday. Each person is compared with "
            "herself or himself in the reference, under the same luck.",
            f"± is {WIDE} Monte Carlo standard errors of these pairs: what another {int(rows[0].people):,} people would change. It "
            "says nothing of how sure the model's parameters are.",
            "Averted and caused: events fewer and more than in the reference, person by person. Postponed: people who have some in "
            "both worlds, the first later.",
            *(f"{words}: {basis}." for measure, words in WORDS.items() if (basis := basis_of(results, measure))),
        ],
    }


def _share(value):
    return "" if value is None or not np.isfinite(value) else f"{value:.2f}"


def judge(d):
    """What a difference lacks, in words; empty where it does as well as asked for."""
    error, independent = d.statistics["mcse"], d.statistics["independent_se"]
    lacks = []
    if d.measure == "treated_years" or error == 0:
        return ""  # none in the reference: nothing to pair; no difference: nothing to be sure of
    if d.floor is not None and error > ALLOWED * d.floor:
        lacks.append(f"{error / d.floor:.2f} x floor")
    if independent < WANTED * error and (d.floor is None or independent >= WANTED * d.floor):
        lacks.append(f"{independent / error:.1f} x smaller")
    return "; ".join(lacks)


def markdown(results):
    """The table of errors, all people, and how many differences do as well as asked for."""
    rows = [d for d in read(results) if d.sex == "all"]
    lines, missed, floors, held = [], 0, 0, 0
    for scenario in dict.fromkeys(d.scenario for d in rows):
        mine = [d for d in rows if d.scenario == scenario]
        lines += [f"**{scenario}**, {int(mine[0].people):,} people, per {PER:,}", "",
                  "| | difference | paired SE | independent SE | times smaller | floor | SE / floor | missed |",
                  "|---|--:|--:|--:|--:|--:|--:|---|"]
        for d in mine:
            error, independent, floor = d.statistics["mcse"], d.statistics["independent_se"], d.floor
            lacks = judge(d)
            missed += bool(lacks)
            floors += floor is not None and floor > 0
            held += floor is not None and floor > 0 and error <= ALLOWED * floor
            unit = "" if d.unit == "1" else f", {d.unit.replace('_', ' ')}"
            lines.append(f"| {WORDS[d.measure]}{unit} | {PER * d.value:,.4g} | {PER * error:,.3g} | {PER * independent:,.3g} | "
                         f"{_share(independent / error if error else None)} | {'' if not floor else f'{PER * floor:,.3g}'} | "
                         f"{_share(error / floor if floor else None)} | {lacks} |")
        lines.append("")
    lines.append(f"Of {len(rows)} differences {missed} miss what was asked for; of {floors} with a floor {held} are within "
                 f"{ALLOWED} times it.")
    return "\n".join(lines) + "\n"


def _page(options):
    with Results(options.results) as results:
        if not results.has(GROUP):
            raise ResultError(f"{options.results}: one scenario, nothing to compare")
        text = markdown(results)
        write_csv(results, options.results.with_name("paired.csv"))
    options.results.with_name("paired.md").write_text(text, encoding="utf-8")
    if options.docs:
        put_between_marks(options.docs, text)
    return text


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="sinew_analysis.paired", description="Paired and independent errors of a result.")
    parser.add_argument("results", type=Path)
    parser.add_argument("--docs", type=Path, help="page that the table is put into")
    options = parser.parse_args(arguments)
    return command("paired", lambda: _page(options))


if __name__ == "__main__":
    sys.exit(main())
