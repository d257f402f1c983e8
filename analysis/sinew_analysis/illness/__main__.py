"""What sarcopenia, frailty, falls and fractures cost, beside the published 18.5 billion dollars.

    python3 -m sinew_analysis.illness output/cost_of_illness      writes cost_of_illness.md, .csv and .png into that folder

scripts/cost_of_illness makes the results that it reads. docs/cost_of_illness.md says what is done and what came of it.
"""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from ..pages import command, publish
from ..reader import Results
from . import conditions as cd
from . import figure, overview, tables
from . import published as pub
from .lives import Lives
from .nation import Nation
from .record import Record
from .sarcopenia import ModeB
from .worlds import Worlds

_MAPS = (("one factor a sex", "janssen"), ("affine map", "janssen_affine"))
_CONDITIONS = "frailty_cost"


def _text(results, nation, record):
    """The page's tables; the modes and worlds behind them, for the figure."""
    modes = [(words, ModeB(Worlds(results[name], "disability"), nation)) for words, name in _MAPS]
    worlds = {ledger: Worlds(results[_CONDITIONS], ledger) for ledger in (cd.EVENT, cd.FRAILTY)}
    mode = modes[0][1]
    lives = Lives(results["janssen"], mode.worlds, mode.factor[0])
    parts = [
        f"The 18.5 billion dollars: {pub.LABEL}. Frailty proper (Fried's definition) is another figure: "
        f"{overview.frailty_proper(worlds, nation, cd.YEARS[0])}.",
        "### The published arithmetic, step by step (mode A)", tables.arithmetic(nation, record),
        "### Simulated people (mode B)", tables.beside_published(modes, record),
        "### Fractions and counterfactuals", tables.two_answers(mode, record),
        "### The same question in 2019 and 2024", tables.years(mode, nation, record),
        "### By sex and age, 2000", tables.by_age(mode, nation, record),
        "### A lifetime, and a new case", tables.lifetimes(mode, lives, nation, record),
        "### With and without confounding", tables.confounding(lives, nation, record, mode),
        "### Frailty proper (Fried)", overview.frail(worlds, nation, record),
        "### Sarcopenia, frailty, falls, fractures", overview.nation_by_year(worlds, mode, nation, record),
        "### By sex and age, 2019", overview.by_sex_and_age(worlds, mode, nation, record),
        "### Lifetimes", overview.lifetimes(worlds, mode, nation, record),
        "### What the event ledger is made of, 2019", overview.parts(worlds, nation, record),
    ]
    return "\n\n".join(parts) + "\n", modes, worlds


def _page(options):
    record = Record()
    nation = Nation(options.tables)
    with ExitStack() as stack:
        names = [name for _, name in _MAPS] + [_CONDITIONS]
        results = {name: stack.enter_context(Results(options.folder / name / "results.h5")) for name in names}
        text, modes, worlds = _text(results, nation, record)
    publish(text, lambda: figure.paint(modes, worlds, nation), options.folder, "cost_of_illness", options.docs)
    record.write(options.folder / "cost_of_illness.csv")
    return text


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="sinew_analysis.illness", description="Cost of illness of a nation and a person.")
    parser.add_argument("folder", type=Path, help="with the results of scripts/cost_of_illness, one folder each")
    parser.add_argument("--tables", type=Path, default=Path(__file__).resolve().parents[3] / "configs" / "tables",
                        help="folder of us_population.csv and price_index.csv")
    parser.add_argument("--docs", type=Path, help="page that the tables are put into, the figure beside it")
    options = parser.parse_args(arguments)
    return command("cost_of_illness", lambda: _page(options))


if __name__ == "__main__":
    sys.exit(main())
