"""The analysis of LeBrasseur et al. 2012 in every replicate of a simulated study, beside what was published.

    python3 -m sinew_analysis.mayo output/mayo_2012/results.h5      writes mayo.md, mayo.csv and mayo.png beside it

scripts/mayo makes the results that it reads. docs/mayo.md says what is done and what came of it.
"""

import argparse
import csv
import sys
from pathlib import Path

from ..figures import save
from ..pages import put_between_marks
from ..reader import ResultError, Results
from . import figure, follow, tables, worlds
from .study import Study

_DOTS_PER_INCH = 140


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="sinew_analysis.mayo",
                                     description="The analysis of LeBrasseur et al. 2012 on a simulated study.")
    parser.add_argument("results", type=Path)
    parser.add_argument("-o", "--output", type=Path, help="folder (default: that of the result file)")
    parser.add_argument("--worlds", type=Path, help="folder with the results of other worlds, one folder each")
    parser.add_argument("--followed", type=Path, help="result file of people followed for ten years")
    parser.add_argument("--docs", type=Path, help="page that the tables are put into, the figure beside it")
    options = parser.parse_args(arguments)
    folder = options.output or options.results.parent
    try:
        with Results(options.results) as results:
            study = Study(results)
        parts = [tables.of_study(study)]
        if options.worlds:
            parts.append(worlds.table(study, worlds.read(options.worlds)))
        if options.followed:
            with Results(options.followed) as results:
                parts.append(follow.table(follow.Followed(results)))
        text = "\n\n".join(parts) + "\n"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mayo.md").write_text(text, encoding="utf-8")
        with open(folder / "mayo.csv", "w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(tables.csv_rows(study))
        pictures = [folder / "mayo.png"]
        if options.docs:
            put_between_marks(options.docs, text)
            pictures.append(options.docs.with_name("mayo.png"))
        for picture in pictures:
            save(figure.paint(study), picture, dpi=_DOTS_PER_INCH, metadata={"Software": None})
    except (ResultError, OSError) as error:
        print(f"mayo: {error}", file=sys.stderr)
        return 1
    print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
