"""The analysis of LeBrasseur et al. 2012 in every replicate of a simulated study, beside what was published.

    python3 -m sinew_analysis.mayo output/mayo_2012/results.h5      writes mayo.md, mayo.csv and mayo.png beside it

scripts/mayo makes the results that it reads. docs/mayo.md says what is done and what came of it.
"""

import argparse
import csv
import sys
from pathlib import Path

from ..pages import command, publish
from ..reader import Results
from . import draws, figure, follow, tables, worlds
from .study import Study


def _page(options):
    folder = options.output or options.results.parent
    with Results(options.results) as results:
        study = Study(results)
    parts = [tables.of_study(study)]
    if options.worlds:
        parts.append(worlds.table(study, worlds.read(options.worlds)))
    if options.draws:
        parts.append(draws.table(study, draws.read(options.draws)))
    if options.followed:
        with Results(options.followed) as results:
            parts.append(follow.table(follow.Followed(results)))
    text = "\n\n".join(parts) + "\n"
    publish(text, lambda: figure.paint(study), folder, "mayo", options.docs)
    with open(folder / "mayo.csv", "w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(tables.csv_rows(study))
    return text


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="sinew_analysis.mayo",
                                     description="The analysis of LeBrasseur et al. 2012 on a simulated study.")
    parser.add_argument("results", type=Path)
    parser.add_argument("-o", "--output", type=Path, help="folder (default: that of the result file)")
    parser.add_argument("--worlds", type=Path, help="folder with the results of other worlds, one folder each")
    parser.add_argument("--draws", type=Path, help="folder of the studies in the worlds of draws, from sinew_analysis.worlds")
    parser.add_argument("--followed", type=Path, help="result file of people followed for ten years")
    parser.add_argument("--docs", type=Path, help="page that the tables are put into, the figure beside it")
    options = parser.parse_args(arguments)
    return command("mayo", lambda: _page(options))


if __name__ == "__main__":
    sys.exit(main())
