"""Two calibrations with seeds of their own: by how much their posteriors differ.

    python3 -m sinew_analysis.seeds DIR DIR      of `sinew calibrate`; reads the posterior.csv of each

Medians are compared in units of the posterior's SD, the root mean square of both. Elements of one parameter that move together count
one by one.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .pages import command, markdown
from .reader import ResultError


@dataclass
class Pair:
    """One element of a parameter in two posteriors."""

    name: str
    apart: float  # its medians, in SDs
    spread: float  # SD of the second over that of the first
    inside: bool  # each median in the other's 95 % interval


def read(path):
    """Names and draws, (draws, names), of a posterior.csv."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return lines[0].split(","), np.array([[float(cell) for cell in line.split(",")] for line in lines[1:]])


def _inside(value, draws):
    low, high = np.percentile(draws, [2.5, 97.5])
    return low <= value <= high


def pairs(first, second):
    """Of two posteriors of the same parameters, the farthest apart first; what does not vary is left out."""
    (names, a), (others, b) = first, second
    if names != others:
        raise ResultError("the two posteriors are not of the same parameters")
    found = []
    for k, name in enumerate(names):
        sd_a, sd_b = a[:, k].std(ddof=1), b[:, k].std(ddof=1)
        if sd_a == 0 or sd_b == 0:
            continue
        middle_a, middle_b = np.median(a[:, k]), np.median(b[:, k])
        found.append(Pair(name, float((middle_b - middle_a) / np.sqrt((sd_a**2 + sd_b**2) / 2)), float(sd_b / sd_a),
                          bool(_inside(middle_a, b[:, k]) and _inside(middle_b, a[:, k]))))
    return sorted(found, key=lambda pair: -abs(pair.apart))


def page(found, most=5):
    apart = np.abs([pair.apart for pair in found])
    low, middle, high = np.percentile([pair.spread for pair in found], [2.5, 50, 97.5])
    return "\n".join([
        f"{len(found)} elements of parameters. Their medians lie {np.median(apart):.2f} SDs of the posterior apart in the median, at most "
        f"{np.percentile(apart, 90):.2f} in 90 %, {apart.max():.2f} in one; {sum(pair.inside for pair in found)} of {len(found)} medians lie in "
        f"the other's 95 % interval. Ratio of the SDs: {middle:.2f} ({low:.2f} to {high:.2f}).", "",
        markdown(["the farthest apart", "medians, SDs", "ratio of SDs"],
                 [[f"`{pair.name}`", f"{pair.apart:+.2f}".replace("-", "−"), f"{pair.spread:.2f}"] for pair in found[:most]]), ""])


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="sinew_analysis.seeds", description=__doc__.splitlines()[0])
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    options = parser.parse_args(arguments)
    return command("seeds", lambda: page(pairs(*(read(folder / "posterior.csv") for folder in (options.first, options.second)))))


if __name__ == "__main__":
    sys.exit(main())
