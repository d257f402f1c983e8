"""A nation by calendar year: the report's figure of it, and its numbers as CSV."""

import csv
import itertools
from dataclasses import dataclass

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from .figures import RC, Figure, svg

GROUP = "summary_by_year"
COLUMNS = ["scenario", "year", "sex", "age_group", "quantity", "statistic", "value", "unit"]
_STATISTICS = ["added_draws_mean", "added_draws_sd", "added_draws_p025", "added_draws_p50", "added_draws_p975",
               "draws_mean", "draws_sd", "draws_p025", "draws_p50", "draws_p975", "mcse"]
_ALL, _OLD = "20-97", "65-97"
_COLOURS = ["#22262b", "#b5432a", "#1f5f99", "#4f7d3a", "#8a5fa8", "#c98a1b"]
_DASHES = ["-", (0, (5, 1.6)), (0, (1, 1.2)), (0, (3, 1, 1, 1)), (0, (6, 1, 1, 1, 1, 1)), (0, (2, 2))]
_WITHIN_90 = 1.645  # standard errors
_FAINT, _SOFT = "#c9ced4", "#565c63"


@dataclass
class Series:
    """A quantity of one scenario by year, with a band or without."""

    values: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None


class Nation:
    """/summary_by_year of an open result; draw 0 of what has draws."""

    def __init__(self, results):
        self._results = results
        self.scenarios = results.words(GROUP, "scenario")
        self.years = results.column(GROUP, "year").astype(int)
        self.sexes, self.age_groups = (results.words(GROUP, name) for name in ("sex", "age_group"))

    def names(self):
        """Names of all variables, coordinates aside."""
        return sorted(name for name in self._results.variables(GROUP)
                      if name not in ("scenario", "draw", "year", "sex", "age_group"))

    def values(self, name):
        """(scenario, year, sex, age group); None where the file does not hold it."""
        if name not in self._results.variables(GROUP):
            return None
        values = self._results.column(GROUP, name)
        return values[:, 0] if values.ndim == 5 else values

    def series(self, name, group, scenario, added=False):
        """A quantity of all people of an age group; what a scenario adds to the reference. The band is 95 % of the
        draws, or 90 % by chance; none around a difference without draws, whose scenarios share their luck."""
        g, all_people = list(self.age_groups).index(group), len(self.sexes) - 1
        values = self.values(name)
        if values is None:
            return None
        values = values[:, :, all_people, g]
        stem = f"{name}_added" if added else name
        low, high, error = (self.values(n) for n in (f"{stem}_draws_p025", f"{stem}_draws_p975", f"{name}_mcse"))
        shown = values[scenario] - values[0] if added else values[scenario]
        if low is not None:
            return Series(shown, low[scenario, :, all_people, g], high[scenario, :, all_people, g])
        if error is None or added:
            return Series(shown)
        wide = _WITHIN_90 * error[scenario, :, all_people, g]
        return Series(shown, shown - wide, shown + wide)


def _parts(name):
    """`fracture_hip_total_mcse` is (`fracture_hip_total`, `mcse`)."""
    for ending in _STATISTICS:
        if name.endswith(f"_{ending}"):
            return name[: -len(ending) - 1], ending
    return name, "value"


def write_by_year(results, path):
    """Writes counts and totals by year as tidy CSV; means are left to the result file."""
    nation = Nation(results)
    with open(path, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for name in nation.names():
            quantity, statistic = _parts(name)
            if not quantity.endswith(("people", "_total", "_discounted", "person_years")):
                continue
            values, unit = nation.values(name), results.unit(GROUP, name)
            for at in itertools.product(*(range(n) for n in values.shape)):
                labels = [nation.scenarios[at[0]], nation.years[at[1]], nation.sexes[at[2]], nation.age_groups[at[3]]]
                writer.writerow([*labels, quantity, statistic, f"{values[at]:.7g}", unit])


_PANELS = [("fracture_hip_total", _ALL, 1e3, "Hip fractures a year", "thousands", False),
           ("fractures_total", _ALL, 1e6, "Fractures of any site a year", "millions", False),
           ("people", _OLD, 1e6, "People of 65 to 97", "millions", False),
           ("fractures_total", _ALL, 1e3, "Fractures a year added", "thousands, against the reference", True),
           ("nursing_home_people", _ALL, 1e6, "Residents of nursing homes", "millions", False)]


def _fill(ax, nation, panel, banded):
    name, group, scale, title, unit, added = panel
    shown = range(1 if added else 0, min(len(nation.scenarios), len(_COLOURS)))
    for s in shown:
        series = nation.series(name, group, s, added)
        style = {"color": _COLOURS[s], "linestyle": _DASHES[s]}
        if series.low is not None and (s == 0 or added):
            ax.fill_between(nation.years, series.low / scale, series.high / scale, color=style["color"], alpha=0.12,
                            linewidth=0)
            banded.append(True)
        ax.plot(nation.years, series.values / scale, linewidth=1.5, **style)
    ax.set_xlim(nation.years[0], nation.years[-1])
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 5, 10]))
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.grid(axis="y", color=_FAINT, linewidth=0.5, alpha=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(length=2.5, width=0.6)
    ax.set_title(title, pad=14, fontsize=8.2)
    ax.annotate(unit, (0, 1), (0, 3), xycoords="axes fraction", textcoords="offset points", fontsize=7, color=_SOFT,
                ha="left", va="bottom")
    if added:
        ax.axhline(0, color=_SOFT, linewidth=0.6)
    elif name != "people":
        ax.set_ylim(bottom=0)


def _by_chance(results, name, scenario):
    """Half of the 90 % interval of what a scenario adds over all years: people are paired with themselves."""
    if "paired" not in results.variables("/"):
        return ""
    error = results.column("paired", f"{name}_mcse")[scenario, 0, -1]
    people, weight = results.column("paired", "people")[-1], results.attribute(GROUP, "weight")
    return "" if weight is None else f" (± {_WITHIN_90 * error * people * weight / 1e3:,.0f} by chance)"


def answer(results, nation):
    """What the figure says, in sentences."""
    first, last = nation.years[0], nation.years[-1]
    hips = [nation.series("fracture_hip_total", _ALL, s).values for s in range(len(nation.scenarios))]
    change = 100 * (hips[0][-1] / hips[0][0] - 1)
    said = [f"Hip fractures a year in the reference: {hips[0][0] / 1e3:,.0f} thousand in {first}, "
            f"{hips[0][-1] / 1e3:,.0f} thousand in {last} ({change:+.0f} %)."]
    for s, name in enumerate(nation.scenarios[1:], 1):
        hip, every = (nation.series(n, _ALL, s, added=True).values.sum() / 1e3 for n in ("fracture_hip_total",
                                                                                         "fractures_total"))
        said.append(f"{name}: {hip:+,.0f}{_by_chance(results, 'fracture_hip', s)} thousand hip fractures and "
                    f"{every:+,.0f}{_by_chance(results, 'fractures', s)} thousand of any site from {first} to {last}.")
    return " ".join(said)


def figure(results):
    """The nation year by year; None where there is no nation, or one year of it."""
    if results.kind != "nation" or "fractures_total" not in results.variables(GROUP):
        return None
    nation = Nation(results)
    if len(nation.years) < 2:
        return None
    several = len(nation.scenarios) > 1
    panels = [panel for panel in _PANELS if panel[5] == several or not panel[5]][:4]
    banded = []
    with plt.rc_context(RC):
        sheet, axes = plt.subplots(2, 2, figsize=(7.3, 4.9))
        for ax, panel in zip(axes.flat, panels):
            _fill(ax, nation, panel, banded)
        handles = [Line2D([], [], color=_COLOURS[s], linestyle=_DASHES[s], linewidth=1.5, label=str(name))
                   for s, name in enumerate(nation.scenarios[: len(_COLOURS)])]
        draws = nation.values("fracture_hip_total_draws_p025") is not None
        words = "95 % of the draws of the parameters" if draws else "90 % by chance, for the people simulated"
        if banded:
            handles.append(Patch(facecolor="#6b7280", alpha=0.25, linewidth=0, label=words))
        sheet.tight_layout(rect=(0, 0, 1, 0.93), h_pad=1.4, w_pad=1.2)
        sheet.legend(handles=handles, loc="upper left", ncol=4, frameon=False, fontsize=8, bbox_to_anchor=(0.0, 1.0))
    caption = f"{answer(results, nation)} People of 20 to 97. Band: {words}."
    return Figure("nation", "The nation, year by year", caption, svg(sheet))
