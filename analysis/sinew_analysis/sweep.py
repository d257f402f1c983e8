"""Figures of a sweep: tornado, heat map, sensitivity indices, or what was met along each factor."""

import textwrap
from dataclasses import dataclass

import h5py
import matplotlib.pyplot as plt
import numpy as np

from .figures import RC, Figure, svg

_MOST_MEASURES = 4
_MOST_BARS = 15
_MOST_CLOUDS = 6
_LOW, _HIGH, _GREY = "#1f5f99", "#b5432a", "#8a9199"


@dataclass
class Sweep:
    """Group /sweep, of one scenario and both sexes together."""

    design: str
    meaning: str
    factors: list
    units: list
    points: np.ndarray  # (points, factors)
    measures: dict  # {name: (values (points,), unit, indices {name: (factors,)})}
    whose: str


def section(results_path):
    """The figures of a sweep; None where the result has none."""
    with h5py.File(results_path) as file:
        if "sweep" not in file:
            return None
        sweep = _read(file["sweep"])
    draw = {"one_way": _tornado, "grid": _grid, "saltelli": _sobol, "morris": _morris}.get(sweep.design, _clouds)
    with plt.rc_context(RC):
        return [draw(sweep)]


def _words(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def _read(group):
    """Where there are scenarios beside the reference, of the last: what it gains on the reference."""
    scenarios = [_words(name) for name in group["scenario"][()]]
    gains, last, both = len(scenarios) > 1, len(scenarios) - 1, 2
    measures = {}
    for name in group:
        if f"{name}_mcse" not in group or len(measures) == _MOST_MEASURES:
            continue
        values = group[name][:, last, both] - (group[name][:, 0, both] if gains else 0)
        stem = f"{name}_gain_" if gains else f"{name}_"
        indices = {key[len(stem):]: group[key][:, last, both] for key in group
                   if key.startswith(stem) and group[key].shape[0] == len(group["factor"])}
        measures[name] = values, _words(group[name].attrs["units"]), indices
    whose = f"what {scenarios[last]} gains on {scenarios[0]}" if gains else scenarios[0]
    factors = [_words(name) for name in group["factor"][()]]
    return Sweep(_words(group.attrs["design"]), _words(group.attrs["as"]), [_short(name, factors) for name in factors],
                 [_words(unit) for unit in group["factor_unit"][()]], group["design"][()], measures, whose)


def _short(name, names):
    """A factor without what stands before all of them."""
    words = name.split(".")
    drop = 2 if words[0] == "interventions" and len({n.split(".")[1] for n in names if n.startswith("inter")}) == 1 else 1
    return ".".join(word for word in words[drop:] if word != "effects")


def _number(value, _=None):
    return f"{value:,.4g}".replace("-", "−")


def _unit(unit):
    return "" if unit == "1" else f", {unit}"


def _panels(sweep, height, columns=2):
    n = len(sweep.measures)
    rows = -(-n // columns)
    drawing, axes = plt.subplots(rows, columns, figsize=(7.3, height * rows), squeeze=False)
    for ax in axes.flat[n:]:
        ax.set_visible(False)
    return drawing, axes.flat


def _figure(sweep, drawing, title, caption):
    drawing.tight_layout(w_pad=1.5)
    meaning = {"belief": "Each point is a world of its own, with a reference pass of its own",
               "deed": "Each point is an act in one world, measured against its frozen reference"}[sweep.meaning]
    return Figure("sweep", title, f"{caption} Shown: {sweep.whose}, women and men together. {meaning}; the people and "
                  "their luck are the same at all points. All numbers: sweep.csv.", svg(drawing))


def _bars(ax, labels, name, unit):
    ax.set_yticks(range(len(labels)), labels, fontsize=6.5)
    ax.invert_yaxis()
    ax.set_title(name)
    ax.set_xlabel((name + unit) if unit else name)
    ax.xaxis.set_major_formatter(_number)
    ax.tick_params(axis="x", labelsize=7)
    ax.locator_params(axis="x", nbins=4)


def _tornado(sweep):
    drawing, axes = _panels(sweep, 0.9 + 0.2 * min(len(sweep.factors), _MOST_BARS))
    for ax, (name, (values, unit, _)) in zip(axes, sweep.measures.items()):
        ends = []
        for k in range(len(sweep.factors)):
            moved = [p for p in range(1, len(values)) if sweep.points[p, k] != sweep.points[0, k]
                     and (np.delete(sweep.points[p], k) == np.delete(sweep.points[0], k)).all()] or [0]
            low, high = min(moved, key=lambda p: sweep.points[p, k]), max(moved, key=lambda p: sweep.points[p, k])
            ends.append((values[low], values[high], sweep.points[low, k], sweep.points[high, k]))
        order = sorted(range(len(ends)), key=lambda k: -abs(ends[k][1] - ends[k][0]))[:_MOST_BARS]
        for row, k in enumerate(order):
            low, high, *_ = ends[k]
            ax.barh(row, low - values[0], left=values[0], color=_LOW, height=0.7)
            ax.barh(row, high - values[0], left=values[0], color=_HIGH, height=0.7)
        ax.axvline(values[0], color=_GREY, linewidth=0.8)
        _bars(ax, [f"{sweep.factors[k]}\n{_number(ends[k][2])} to {_number(ends[k][3])}" for k in order], name, _unit(unit))
    return _figure(sweep, drawing, "One factor at a time", "Each factor at its lowest (blue) and highest (red), the others "
                   "where the config has them (line).")


def _grid(sweep):
    if len(sweep.factors) == 1:
        return _clouds(sweep)
    x, y = (np.unique(sweep.points[1:, k]) for k in (0, 1))
    drawing, axes = _panels(sweep, 2.6)
    for ax, (name, (values, unit, _)) in zip(axes, sweep.measures.items()):
        table = np.array([[values[1:][(sweep.points[1:, 0] == a) & (sweep.points[1:, 1] == b)].mean() for a in x] for b in y])
        image = ax.imshow(table, origin="lower", aspect="auto", cmap="cividis")
        middle = (table.min() + table.max()) / 2
        for j, i in np.ndindex(table.shape):
            if table.size <= 49:
                ax.text(i, j, f"{table[j, i]:,.3g}".replace("-", "−"), ha="center", va="center", fontsize=6,
                        color="white" if table[j, i] < middle else "black")
        ax.set_xticks(range(len(x)), [_number(v) for v in x])
        ax.set_yticks(range(len(y)), [_number(v) for v in y])
        ax.set_xlabel(sweep.factors[0] + _unit(sweep.units[0]))
        ax.set_ylabel("\n".join(textwrap.wrap(sweep.factors[1] + _unit(sweep.units[1]), 28)))
        ax.set_title(name + _unit(unit))
        bar = drawing.colorbar(image, ax=ax)
        bar.ax.yaxis.set_major_formatter(_number)
        bar.ax.tick_params(labelsize=6.5)
    more = f" Mean over the other {len(sweep.factors) - 2} factors." if len(sweep.factors) > 2 else ""
    return _figure(sweep, drawing, "Two-way table", f"Outcome by {sweep.factors[0]} and {sweep.factors[1]}.{more}")


def _intervals(ax, index, name, order, place, colour, label):
    value, low, high = (index[name + end][order] for end in ("", "_low", "_high"))
    ax.errorbar(value, np.arange(len(order)) + place, xerr=[value - low, high - value], fmt="o", markersize=3.2,
                color=colour, elinewidth=1, label=label)


def _sobol(sweep):
    drawing, axes = _panels(sweep, 0.9 + 0.24 * min(len(sweep.factors), _MOST_BARS))
    for ax, (name, (_, _, index)) in zip(axes, sweep.measures.items()):
        order = np.argsort(-np.nan_to_num(index["total"]))[:_MOST_BARS]
        _intervals(ax, index, "first", order, -0.15, _LOW, "first order")
        _intervals(ax, index, "total", order, 0.15, _HIGH, "total")
        ax.axvline(0, color=_GREY, linewidth=0.6)
        _bars(ax, [sweep.factors[k] for k in order], name, "")
        ax.set_xlabel("share of variance")
    axes[0].legend(frameon=False, fontsize=6.5)
    return _figure(sweep, drawing, "Sobol' indices", "Share of the variance over the design that a factor accounts for by "
                   "itself and with all it takes part in, with 95 % intervals; the largest first.")


def _morris(sweep):
    drawing, axes = _panels(sweep, 0.9 + 0.17 * min(len(sweep.factors), _MOST_BARS))
    for ax, (name, (_, unit, index)) in zip(axes, sweep.measures.items()):
        order = np.argsort(-np.nan_to_num(index["mu_star"]))[:_MOST_BARS]
        _intervals(ax, index, "mu_star", order, 0, _LOW, "mean size (μ*)")
        ax.plot(index["sigma"][order], np.arange(len(order)), "|", color=_HIGH, markersize=7, label="SD (σ)")
        ax.axvline(0, color=_GREY, linewidth=0.6)
        _bars(ax, [sweep.factors[k] for k in order], name, "")
        ax.set_xlabel(f"effect{_unit(unit)}")
    axes[0].legend(frameon=False, fontsize=6.5, loc="lower right")
    return _figure(sweep, drawing, "Elementary effects", "What the outcome gains as a factor goes from end to end: mean size "
                   "over the trajectories with its 95 % interval, and SD, which is large where the effect depends on the "
                   f"other factors or is no straight line. The largest {_MOST_BARS} at most.")


def _clouds(sweep):
    name, (values, unit, _) = next(iter(sweep.measures.items()))
    k = min(len(sweep.factors), _MOST_CLOUDS)
    columns = min(k, 3)
    drawing, axes = plt.subplots(-(-k // columns), columns, figsize=(7.3, 2.2 * -(-k // columns)), squeeze=False, sharey=True)
    for i, ax in enumerate(axes.flat):
        if i >= k:
            ax.set_visible(False)
            continue
        ax.plot(sweep.points[1:, i], values[1:], ".", markersize=3, color=_LOW, alpha=0.6)
        ax.set_xlabel(sweep.factors[i] + _unit(sweep.units[i]), fontsize=6.5)
        ax.yaxis.set_major_formatter(_number)
        if i % columns == 0:
            ax.set_ylabel(name + _unit(unit))
    return _figure(sweep, drawing, "Along the factors", f"{name} at all points of the design.")
