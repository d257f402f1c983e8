"""IGFBP-2 triage beside DXA first, a risk score first and no screening: one page of answer, and its figure.

    python3 -m sinew_analysis.triage RESULTS --decision DIR --followed RESULTS      writes triage.md and triage.png beside it

scripts/triage makes what it reads. docs/triage.md says what is done and what came of it.
"""

import argparse
import sys
from pathlib import Path

from ..pages import command, publish
from ..reader import Results
from . import conditions, figure, page, programme
from .people import People

_DOTS_PER_INCH = 130


def _read(path, score):
    with Results(path) as results:
        return People(results, score)


def _page(options):
    with Results(options.results) as results:
        scenarios = list(programme.read(results, options.decision))
        score = results.column("screening", "risk_coefficient")
        named = {name for scenario in scenarios for name in scenario.pathways}
        pathways = [p for p in conditions.pathways(results.config).values() if p.name in named]
        draws = len(scenarios[0].cost)
        unit = results["cost"].units.split(" ")[0].replace("_", " ")
    people = _read(options.followed, score)
    linked = _read(options.linked, score) if options.linked else None
    worlds = [page.adds(_read(path, score)) for path in sorted(options.worlds.glob("draw_*/results.h5"))] if options.worlds else []
    text = page.text(scenarios, people, pathways, page.Beside(linked, worlds), draws, unit) + "\n"
    publish(text, lambda: figure.paint(scenarios, people), options.results.parent, "triage", options.docs, _DOTS_PER_INCH)
    return text


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="sinew_analysis.triage", description="Screening pathways compared on one page.")
    parser.add_argument("results", type=Path, help="of configs/scenarios/igfbp2_triage.yaml, with draws")
    parser.add_argument("--decision", type=Path, required=True, help="folder that `sinew decide -o` left")
    parser.add_argument("--followed", type=Path, required=True, help="result of configs/studies/screened_followed.yaml")
    parser.add_argument("--linked", type=Path, help="the same where IGFBP-2 has a link of its own with falls")
    parser.add_argument("--worlds", type=Path, help="folder with the same in draws of the parameters, DIR/draw_N/results.h5")
    parser.add_argument("--docs", type=Path, help="page that the text is put into, the figure beside it")
    options = parser.parse_args(arguments)
    return command("triage", lambda: _page(options))


if __name__ == "__main__":
    sys.exit(main())
