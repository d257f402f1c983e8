"""Headline numbers of a result file, and its summaries as tidy CSV.

    python3 -m sinew_analysis.tables output/baseline/results.h5      writes summary.csv and headline.csv beside it,
                                                                       and paired.csv where scenarios are compared
"""

import argparse
import csv
import itertools
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import estimates as est
from . import paired
from .figures import pretty_unit, site_word
from . import national
from .reader import ResultError, Results

SUMMARY_COLUMNS = ("scenario", "draw", "sex", "age", "site", "measure", "statistic", "value", "unit", "basis")
HEADLINE_COLUMNS = ("scenario", "sex", "measure", "value", "unit", "basis")
PER_1000 = "per 1,000 person-years"


def basis_of(measure):
    """What money is counted by, as `sinew export` says it; nothing of other measures."""
    noted = measure.attrs if measure else {}
    if "perspective" not in noted:
        return ""
    return f"{noted['ledger']} ledger; {noted['perspective']} perspective; prices by {noted['price_index']}; undiscounted"


def read_csv(path, numbers):
    """Rows of a CSV that the program wrote, as dicts; the columns `numbers` as floats (None where empty)."""
    with open(path, newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        for name in numbers:
            row[name] = float(row[name]) if row[name] else None
    return rows


@dataclass
class Headline:
    """One row of the headline table: words, unit, decimals, section, and its value by scenario and sex."""

    section: str
    measure: str
    unit: str
    decimals: int
    values: dict

    def text(self, scenario, sex):
        """The value as printed; a dash where the file does not say."""
        value = self.values[scenario, sex]
        return "–" if value is None else f"{value:,.{self.decimals}f}"


def _definitions(results):
    """(section, words, unit, decimals, function of scenario and sex), in the order of the table."""
    r = results

    def percent_from(name, youngest, level=1):
        def value(scenario, sex):
            found = est.pooled_share(r, name, scenario, sex, youngest, level)
            return None if found is None else 100 * found
        return value

    def rate_from(measure, youngest):
        return lambda scenario, sex: est.pooled_rate(r, measure, scenario, sex, youngest)

    def at(name, age):
        return lambda scenario, sex: est.value_at(r, name, scenario, sex, age)

    def unit(name):
        return pretty_unit(r[name].units) if name in r else ""

    def total(name, age):
        def value(scenario, sex):
            if name not in r or f"{name}_n" not in r or r.kind != "cohort":
                return None
            sums = est.point(r[name], scenario, sex).values * est.point(r[f"{name}_n"], scenario, sex).values
            count, ages = est.living(r, scenario, sex), r.labels("age")
            if count is None or age not in ages or count[ages == age][0] <= 0:
                return None
            return float(np.nan_to_num(sums)[ages >= age].sum() / count[ages == age][0])
        return value

    falls = r.get("falls_per_1000_py")
    yield "Length of life", "Life expectancy at 20, to the 98th birthday", "years", 2, \
        lambda c, s: est.life_expectancy(r, c, s, 20)
    yield "Length of life", "Life expectancy at 65, to the 98th birthday", "years", 2, \
        lambda c, s: est.life_expectancy(r, c, s, 65)
    yield "Length of life", "Alive at 65 who reach the 98th birthday, where lives are cut off", "%", 1, \
        lambda c, s: est.share_cut_off(r, c, s, 65)
    yield "Falls", "Falls at 50 and over", PER_1000, 0, rate_from(falls, 50)
    yield "Falls", "Falls at 65 and over", PER_1000, 0, rate_from(falls, 65)
    for site in ("hip", "vertebral", "forearm", "any"):
        words = "Any fracture" if site == "any" else f"{site_word(site)} fractures"
        yield "Fractures", f"{words} at 50 and over", PER_1000, 2, rate_from(est.fractures(r, site), 50)
    yield "Fractures", "Hip fractures per person who reaches 50", "per person", 3, \
        lambda c, s: est.fractures_from(r, c, s, 50, "hip")
    for name, words, level in (
        ("sarcopenia_ewgsop2", "Sarcopenia (EWGSOP2, confirmed)", 2),
        ("osteoporosis_who", "Osteoporosis (WHO)", 2),
        ("frailty", "Frail", 2),
        ("disabled", "Disabled", 1),
        ("residence", "In a nursing home", 1),
    ):
        yield "Conditions", f"{words} at 65 and over", "%", 1, percent_from(name, 65, level)
    for name, words, decimals in (
        ("relative_asm_kg_m2", "Relative ASM", 2),
        ("grip_kg", "Grip strength", 1),
        ("gait_m_s", "Gait speed", 2),
        ("igfbp2_ng_ml", "IGFBP-2", 0),
        ("abmd_femoral_neck_g_cm2", "Femoral neck aBMD", 3),
    ):
        for age in (30, 70):
            yield "State", f"{words} at {age}", unit(name), decimals, at(name, age)
    yield "Cost and quality", "QALYs from 20 to the 98th birthday, undiscounted", "years", 2, total("qaly", 20)
    yield "Cost and quality", "Cost from 20 to the 98th birthday, undiscounted", unit("cost"), 0, total("cost", 20)


def headlines(results):
    """The rows of the headline table that the file can fill, in order."""
    scenarios = [str(name) for name in results.labels("scenario")]
    rows = []
    for section, measure, unit, decimals, value in _definitions(results):
        values = {(c, s): value(c, s) for c in scenarios for s in est.SEXES}
        if any(found is not None for found in values.values()):
            rows.append(Headline(section, measure, unit, decimals, values))
    return rows


def write_headlines(results, path):
    """Writes the headline table as CSV, values in full."""
    with open(path, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADLINE_COLUMNS)
        for row in headlines(results):
            for (scenario, sex), value in row.values.items():
                writer.writerow([scenario, sex, row.measure, "" if value is None else f"{value:.7g}", row.unit,
                                 basis_of(results.get("cost")) if row.measure.startswith("Cost ") else ""])


def summary_rows(results, all_draws=False):
    """Tidy rows of /summary: one value each. Of a draw axis only draw 0, unless all are asked for."""
    dims = SUMMARY_COLUMNS[:5]
    for name in results.names:
        measure = results[name]
        if not set(measure.dims) <= {*dims, "level"}:
            continue
        base, ending = results.split(name)
        if not all_draws:
            measure = measure.first_draw()
        labels = [measure.coords[dim] for dim in measure.dims]
        for index in itertools.product(*(range(len(one)) for one in labels)):
            row = dict.fromkeys(dims, "")
            row.update({dim: labels[at][index[at]] for at, dim in enumerate(measure.dims)})
            level = row.pop("level", None)
            statistic = ending if level is None else f"{ending}_{level}"
            value = measure.values[index]
            text = "" if np.isnan(value) else f"{value:.7g}"
            yield [row[dim] for dim in dims] + [base, statistic, text, measure.units, basis_of(measure)]


def write_summary(results, path, all_draws=False):
    """Writes /summary as tidy CSV."""
    with open(path, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(SUMMARY_COLUMNS)
        writer.writerows(summary_rows(results, all_draws))


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="sinew_analysis.tables", description="Summary CSVs of a result file.")
    parser.add_argument("results", type=Path)
    parser.add_argument("-o", "--output", type=Path, help="folder (default: that of the result file)")
    parser.add_argument("--all-draws", action="store_true", help="every draw, not the point estimate only")
    options = parser.parse_args(arguments)
    folder = options.output or options.results.parent
    try:
        with Results(options.results) as results:
            folder.mkdir(parents=True, exist_ok=True)
            write_summary(results, folder / "summary.csv", options.all_draws)
            write_headlines(results, folder / "headline.csv")
            compared = paired.write_csv(results, folder / "paired.csv")
            if results.kind == "nation":
                national.write_by_year(results, folder / "by_year.csv")
    except (ResultError, OSError) as error:
        print(f"tables: {error}", file=sys.stderr)
        return 1
    print(f"wrote {folder / 'summary.csv'} and {folder / 'headline.csv'}" + (f", {folder / 'paired.csv'}" if compared else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
