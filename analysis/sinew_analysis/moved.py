"""Which parameters move a result: of the spread of what a scenario changes over draws, the share that each explains.

    python3 -m sinew_analysis.moved RESULTS [--measures LIST] [--parameters LIST] [--most N] [--docs PAGE]

RESULTS has draws of the parameters and several scenarios. A measure of /paired, all people, is regressed on each element of a
parameter that differs between draws, with its square; the share explained is adjusted for the two coefficients. Shares of
parameters that are drawn together overlap. Luck within a draw is told beside them: what no parameter can explain.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .pages import command, put_between_marks
from .reader import ResultError, Results

MEASURES = ("fracture_hip", "fractures", "life_years", "qalys")
FEWEST_DRAWS = 20
TENTH, NINETIETH = 10, 90  # percentiles between which the change is told


@dataclass
class Mover:
    """An element of a parameter and what it does to a measure."""

    name: str
    share: float  # of the variance over draws, adjusted
    at_tenth: float  # the fitted measure where the element is at its 10th percentile of the draws, and its 90th
    at_ninetieth: float


def mover(name, x, y):
    """The regression of y on x and its square, both (draws,)."""
    z = (x - x.mean()) / x.std()
    design = np.column_stack([np.ones_like(z), z, z * z])
    coefficients, *_ = np.linalg.lstsq(design, y, rcond=None)
    n, p = design.shape
    left = ((y - design @ coefficients) ** 2).sum() / (n - p)
    ends = (np.percentile(x, [TENTH, NINETIETH]) - x.mean()) / x.std()
    at = [float(np.dot(coefficients, (1, z, z * z))) for z in ends]
    return Mover(name, max(0.0, 1 - left / y.var(ddof=1)), *at)


def elements(results):
    """Name and values over draws, (draws,), of every element of a parameter that differs between them; draw 0 left out."""
    found = {}
    for variable in results.variables("parameters"):
        key = results.attribute(f"parameters/{variable}", "key")
        if key is None:
            continue  # a dimension
        values = results.column("parameters", variable)[1:]
        labels = [results.words("parameters", dim) for dim in results.dimensions("parameters", variable)[1:]]
        for place in np.ndindex(values.shape[1:]):
            one = values[(slice(None), *place)]
            if one.std() > 0:
                found[".".join([key, *(str(labels[k][i]) for k, i in enumerate(place))])] = one
    return found


def changes(results, measure, scenario):
    """What the scenario changes, (draws,), and the mean variance by luck within a draw; draw 0 left out."""
    if not results.has("paired", measure):
        raise ResultError(f"{results.path}: no /paired/{measure}")
    values = results.column("paired", measure)
    sexes = list(results.words("paired", "sex"))
    if values.ndim != 3 or values.shape[1] <= FEWEST_DRAWS:
        raise ResultError(f"{results.path}: {FEWEST_DRAWS} draws at least are wanted (uncertainty.draws)")
    luck = results.column("paired", f"{measure}_draws_mcvar") if results.has("paired", f"{measure}_draws_mcvar") else None
    all_people = sexes.index("all")
    return values[scenario, 1:, all_people], None if luck is None else luck[scenario, all_people]


def page(results, measures, only, most):
    """Markdown: for each scenario and measure, who moves it most, and those asked for."""
    found = elements(results)
    unknown = [name for name in only if name not in found]
    if unknown:
        raise ResultError(f"{results.path}: no parameter that differs between draws is called {', '.join(unknown)}")
    names = list(results.words("paired", "scenario"))
    text = []
    for scenario in range(1, len(names)):
        for measure in measures:
            y, luck = changes(results, measure, scenario)
            unit = results.unit("paired", measure)
            movers = sorted((mover(name, x, y) for name, x in found.items()), key=lambda one: -one.share)
            shown = movers[:most] + [one for one in movers[most:] if one.name in only]
            noise = "" if luck is None else f"; luck within a draw {100 * luck / y.var(ddof=1):.0f} % of the variance"
            text += [f"**{names[scenario]}, {measure}** ({unit} a person): mean {y.mean():.3g}, SD over {y.size} draws "
                     f"{y.std(ddof=1):.2g}{noise}", "", "|parameter|share of the variance, %|at its 10th percentile|at its 90th|",
                     "|-|--:|--:|--:|"]
            text += [f"|`{one.name}`|{100 * one.share:.0f}|{one.at_tenth:.3g}|{one.at_ninetieth:.3g}|" for one in shown]
            text.append("")
    return "\n".join(text).rstrip()


def _page(options):
    with Results(options.results) as results:
        only = [name for name in options.parameters.split(",") if name]
        text = page(results, options.measures.split(","), only, options.most)
    if options.docs:
        put_between_marks(options.docs, text)
    return text + "\n"


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("--measures", default=",".join(MEASURES))
    parser.add_argument("--parameters", default="", help="shown whatever they explain")
    parser.add_argument("--most", type=int, default=5)
    parser.add_argument("--docs", type=Path)
    options = parser.parse_args(arguments)
    return command("moved", lambda: _page(options))


if __name__ == "__main__":
    sys.exit(main())
