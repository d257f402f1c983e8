"""Draws the README's picture from a result file.

    python3 -m sinew_analysis.overview output/baseline/results.h5 -o docs/baseline.png
"""

import argparse
import sys
from pathlib import Path

from .figures import overview, paint, save
from .reader import ResultError, Results

_COLUMNS, _DOTS_PER_INCH = 3, 140


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="sinew_analysis.overview", description="One picture of a result file.")
    parser.add_argument("results", type=Path)
    parser.add_argument("-o", "--output", type=Path, help="PNG file (default: overview.png beside the result file)")
    options = parser.parse_args(arguments)
    path = options.output or options.results.parent / "overview.png"
    try:
        with Results(options.results) as results:
            panels = overview(results)
            if not panels:
                raise ResultError(f"{options.results}: holds none of the measures of the picture")
            figure, _ = paint(results, panels, _COLUMNS)
            save(figure, path, dpi=_DOTS_PER_INCH, metadata={"Software": None})
    except (ResultError, OSError) as error:
        print(f"overview: {error}", file=sys.stderr)
        return 1
    print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
