"""Writes report.html: the headline table and the figures of a result file, in one file that needs no network.

    python3 -m sinew_analysis.report output/baseline/results.h5      writes report.html beside it
"""

import argparse
import itertools
import sys
from pathlib import Path

import jinja2
import numpy as np

from . import estimates as est
from . import decision, national, paired, reporting, screening, sweep, validation
from .figures import FEWEST_PEOPLE, MOST_OTHERS, YEARS_OF_A_STUDY, figures
from .reader import ResultError, Results
from .tables import basis_of, headlines

CURRENT_CARE = (
    "The reference arm is current care: the US rates that the model is calibrated to already contain "
    "the effect of today's treatments, which are not simulated person by person."
)

_SCENARIOS_A_TABLE = 3  # what a printed page is wide enough for


def _facts(results):
    """(name, value) pairs that say which run this is, for the foot of the first page."""
    attrs, provenance = results.attrs, results.provenance
    scenarios = results.labels("scenario")
    draws = results.labels("draw")
    facts = [
        ("Program", attrs.get("source")),
        ("Seed", None if attrs.get("seed") is None else int(attrs["seed"])),
        ("People simulated", _people(results)),
        ("Scenarios", ", ".join(str(name) for name in scenarios)),
        ("Draws of the uncertain parameters", max(0, len(draws) - 1) or "none (point estimate)"),
        ("Status", attrs.get("status")),
        ("Digest", attrs.get("digest")),
        ("Config, SHA-256", attrs.get("config_sha256")),
        ("Command", provenance.get("command_line")),
    ]
    return [(name, value) for name, value in facts if value not in (None, "")]


def _people(results):
    """How many women and men were simulated, in words; None where it is not counted."""
    first = results.labels("scenario")[0]
    counts = [est.alive(results, first, sex) for sex in est.SEXES]
    if any(count is None for count in counts):
        return None
    if results.kind != "cohort":
        women, men = (int(np.nansum(count)) for count in counts)
        met = f"met in {results.year}" if results.kind == "nation" else "measured, over all replicates"
        return f"{women:,} women and {men:,} men {met}"
    women, men = (int(count[0]) for count in counts)
    age = results.labels("age")[0]
    return f"{women:,} women and {men:,} men at {age} in each scenario"


_WHOSE_AGES = {
    "cohort": "Ages are completed years; a life is followed from the 20th to the 98th birthday.",
    "nation": "By sex and age: completed years of different people, all of them as they are in the first year. Later "
    "years are in /summary_by_year and by_year.csv.",
    "study": "Ages are completed years of different people, all of them as they truly are on the day they are measured. "
    f"What was measured is in /study. {YEARS_OF_A_STUDY} years of age are averaged in the figures, centred.",
}


def _notes(results, rows):
    """Sentences that keep a reader from reading too much into the figures."""
    notes = [
        f"Ages at which fewer than {FEWEST_PEOPLE} people of a sex are alive are not drawn.",
        "Rates and shares at an age and over are those of the people simulated: each age weighs by "
        "the years lived in it, or by the people alive at it.",
        _WHOSE_AGES[results.kind],
    ]
    others = len(results.labels("scenario")) - 1
    if others > MOST_OTHERS:
        notes.append(f"The figures show the reference and the first {MOST_OTHERS} other scenarios of {others}.")
    if len(results.labels("draw")) > 1:
        notes.append("The table gives the point estimate (draw 0).")
    if not rows:
        notes.append("The file holds none of the measures of the headline table.")
    return notes


def render(results):
    """The report as HTML text."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("sinew_analysis", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    rows = headlines(results)
    scenarios = [str(name) for name in results.labels("scenario")]
    return environment.get_template("report.html.j2").render(
        title=results.attrs.get("title") or "Sinew run",
        current_care=CURRENT_CARE,
        facts=_facts(results),
        notes=_notes(results, rows),
        scenario_groups=[scenarios[at : at + _SCENARIOS_A_TABLE] for at in range(0, len(scenarios), _SCENARIOS_A_TABLE)],
        sections=[(name, list(group)) for name, group in itertools.groupby(rows, lambda row: row.section)],
        basis=basis_of(results.get("cost")) if any(row.measure.startswith("Cost ") for row in rows) else "",
        sexes=est.SEXES,
        figures=figures(results),
        nation=national.figure(results),
        published=validation.figure(results.path),
        screened=screening.section(results),
        pairs=paired.section(results),
        decided=decision.section(results.path),
        swept=sweep.section(results.path),
        checklists=reporting.checklists(results),
    )


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="sinew_analysis.report", description="HTML report of a result file.")
    parser.add_argument("results", type=Path)
    parser.add_argument("-o", "--output", type=Path, help="file (default: report.html beside the result file)")
    options = parser.parse_args(arguments)
    path = options.output or options.results.parent / "report.html"
    try:
        with Results(options.results) as results:
            text = render(results)
        path.write_text(text, encoding="utf-8")
    except (ResultError, OSError) as error:
        print(f"report: {error}", file=sys.stderr)
        return 1
    print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
