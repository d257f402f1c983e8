"""Of a decision: women and men apart, equity, a trial, and two parameters at a time."""

import re
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np

from .figures import RC, Figure, svg

_CELL = re.compile(r"(\S+) to (\S+) x (\S+) to (\S+): (\d+) draws")


@dataclass
class Table:
    title: str
    head: tuple
    rows: list  # of texts, as long as the head
    note: str = ""


def money(value):
    """In whole units; of what is below ten two digits, and less than half a cent is none."""
    if value is None:
        return "–"
    small = 0.005 <= abs(value) < 9.95
    return (f"{value:.2g}" if small else f"{value if abs(value) > 1 else 0:,.0f}").replace("-", "−")


def _with_error(row):
    return f"{money(row['value'])} ({money(row['standard_error'])})"


def tables(rows):
    """What there is of them."""
    return [table for table in (_groups(rows), _equity(rows), _trial(rows)) if table]


def _find(rows, **wanted):
    return next((row for row in rows if all(row[key] == value for key, value in wanted.items())), None)


def _groups(rows):
    of = [row for row in rows if row["table"] == "group"]
    if not of:
        return None
    thresholds = list(dict.fromkeys(row["threshold"] for row in of if row["threshold"]))
    found = []
    for group in dict.fromkeys(row["about"] for row in of):
        for name in dict.fromkeys(row["strategy"] for row in of if row["statistic"] == "incremental_cost"):
            one = {"about": group, "strategy": name}
            cost, qaly, icer = (_find(of, statistic=s, **one) for s in ("incremental_cost", "incremental_qaly", "icer"))
            best = [_find(of, statistic="probability", threshold=t, **one)["value"] for t in thresholds]
            found.append((group, name, money(cost["value"]), f"{qaly['value']:.4f}".replace("-", "−"),
                          money(icer["value"]) if icer["value"] is not None else icer["note"].split(":")[0],
                          *(f"{p:.2f}" for p in best)))
    worth = [f"{money(row['value'])} at {money(row['threshold'])}" for row in rows if row["table"] == "choice_by_group"]
    return Table("By sex", ("", "Strategy", "Cost more", "QALYs more", "ICER", *(f"best at {money(t)}" for t in thresholds)),
                 found, f"What the best for each sex is worth a person above one choice for both: {', '.join(worth)}.")


def _equity(rows):
    of = [row for row in rows if row["table"] == "equity"]
    if not of:
        return None
    found = []
    for row in of:
        if row["statistic"] == "weighted_incremental_nmb":
            health = _find(of, statistic="incremental_equivalent_health", strategy=row["strategy"], threshold=row["threshold"])
            found.append((row["strategy"], money(row["threshold"]),
                          f"{money(row['value'])} ({money(row['low'])} to {money(row['high'])})",
                          f"{health['value']:.4f}".replace("-", "−") if health else "–"))
    return Table("With weights of equity", ("Strategy", "at", "Weighted net benefit (95 %)", "Equivalent health, QALYs"), found)


def _trial(rows):
    of = [row for row in rows if row["table"] == "information_of_trial"]
    if not of:
        return None
    found = []
    for row in of:
        if row["statistic"] == "evsi":
            same = {"about": row["about"], "threshold": row["threshold"]}
            everyone, net = (_find(of, statistic=s, **same) for s in ("evsi_population", "net_benefit_of_trial"))
            found.append((row["about"], money(row["threshold"]), _with_error(row),
                          f"{everyone['value'] / 1e6:,.1f}" if everyone else "–",
                          f"{net['value'] / 1e6:,.1f}".replace("-", "−") if net else "–"))
    return Table("What a trial is worth", ("Trial", "at", "A person (standard error)", "All, million", "less its cost"), found)


def map_of_two(rows):
    """Heat maps of incremental net benefit over two parameters, a strategy each; None where there are none."""
    of = [row for row in rows if row["table"] == "two_way" and row["value"] is not None]
    if not of:
        return None
    names = list(dict.fromkeys(row["strategy"] for row in of))[:3]
    first, second = of[0]["about"].split(" x ")
    most = max(abs(row["value"]) for row in of if row["strategy"] in names) or 1
    with plt.rc_context(RC):
        drawing, axes = plt.subplots(1, len(names), figsize=(7.3, 3.0), squeeze=False)
        for ax, name in zip(axes[0], names):
            _heat(ax, [row for row in of if row["strategy"] == name], name, most)
            ax.set_xlabel(second, fontsize=7)
        axes[0][0].set_ylabel(first, fontsize=7)
        drawing.tight_layout(w_pad=1)
        source = svg(drawing)
    return Figure("decision_two_way", "Two parameters at a time",
                  f"Incremental net benefit against {of[0]['versus']}, {of[0]['price_year_unit']} a person at "
                  f"{money(of[0]['threshold'])} a QALY, in cells of a fifth of the draws by either parameter, by regression on "
                  "both and their product; blue where the strategy is worth it. Empty: no draw.", source)


def _heat(ax, rows, name, most):
    cells = {}
    for row in rows:
        low_a, high_a, low_b, high_b, _ = _CELL.match(row["note"]).groups()
        cells[(float(low_a), float(high_a)), (float(low_b), float(high_b))] = row["value"]
    down, across = (sorted({cell[k] for cell in cells}) for k in (0, 1))
    grid = np.array([[cells.get((a, b), np.nan) for b in across] for a in down])
    ax.imshow(grid, origin="lower", cmap="RdBu", vmin=-most, vmax=most, aspect="auto")
    for i, j in np.argwhere(np.isfinite(grid)):
        ax.text(j, i, money(grid[i, j]), ha="center", va="center", fontsize=6,
                color="white" if abs(grid[i, j]) > 0.6 * most else "#22262b")
    ax.set_xticks(range(len(across)), [f"{(a + b) / 2:.3g}" for a, b in across], fontsize=6.5)
    ax.set_yticks(range(len(down)), [f"{(a + b) / 2:.3g}" for a, b in down], fontsize=6.5)
    ax.set_title(name)
