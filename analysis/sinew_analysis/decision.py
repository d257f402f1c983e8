"""Tables and figures of a decision, from the folder that `sinew decide -o` leaves beside the result."""

from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.ticker import MaxNLocator

from . import decision_more
from .decision_more import money
from .figures import RC, Figure, svg
from .tables import read_csv

FOLDER = "decision"  # beside the result
_COLOURS = ("#565c63", "#b5432a", "#1f5f99", "#2e7d4f", "#8a5a9e", "#b07d12", "#0f7f86", "#7a3220")
_DASHES = ("-", (0, (5, 1.6)), (0, (1, 1.2)), (0, (3, 1, 1, 1)))
_MOST_POINTS = 1000
_MOST_BARS = 12
_CENT = 0.005
_LEAST = 0.01  # of the longest bar: shorter ones are not drawn
NUMBERS = ("threshold", "value", "standard_error", "low", "high")


@dataclass
class Section:
    """What the report says of a decision."""

    basis: str
    answers: list  # sentences, one a threshold
    head: tuple
    rows: list  # of texts, as long as the head
    notes: list
    figures: list
    more: list  # tables of decision_more


def rows_of(results_path):
    """All figures of the decision that lies beside a result; none where none does."""
    path = Path(results_path).parent / FOLDER / "decision.csv"
    return read_csv(path, NUMBERS) if path.is_file() else []


def section(results_path):
    """The section of a decision, or None where none lies beside the result."""
    folder = Path(results_path).parent / FOLDER
    rows = rows_of(results_path)
    if not rows:
        return None
    if any(row["table"] == "budget" for row in rows):
        return _budget(rows)
    figures = [_choice(rows, folder), _information(rows), decision_more.map_of_two(rows)]
    return Section(basis(rows[0]), _answers(rows), HEAD, table(rows), _notes(rows), [f for f in figures if f],
                   decision_more.tables(rows))


def of(rows, **wanted):
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def one(rows, **wanted):
    found = of(rows, **wanted)
    return found[0] if found else None


def _strategies(rows):
    return list(dict.fromkeys(row["strategy"] for row in of(rows, table="totals")))


def basis(row):
    """What stands beside every figure of money."""
    money = f"{row['price_year_unit']}, {row['ledger']} ledger, {row['perspective']} perspective"
    if not row["from_age"]:
        return f"{money}, undiscounted"
    who = {"both": "women and men", "female": "women", "male": "men"}[row["sex"]]
    return (f"{money}, discounted by {100 * float(row['discount_costs']):g} % (costs) and "
            f"{100 * float(row['discount_qalys']):g} % (QALYs) a year to age {row['from_age']}; {who}, "
            f"{int(row['draws']):,} draws of the uncertain parameters")


def _span(row, text):
    return f"{text(row['value'])} ({text(row['low'])} to {text(row['high'])})"


def _qaly(value):
    return f"{value:.4f}".replace("-", "−")


def best(rows, suffix=""):
    """The statistic of a name, corrected for luck within a draw where it was."""
    return suffix + "_corrected" if any(row["statistic"] == suffix + "_corrected" for row in rows) else suffix


def _answers(rows):
    found = []
    unit = rows[0]["price_year_unit"]
    for threshold in dict.fromkeys(row["threshold"] for row in of(rows, table="acceptability")):
        at = of(rows, threshold=threshold)
        chosen = one(at, table="acceptability", statistic="frontier_probability")
        probability = one(at, table="acceptability", statistic=best(at, "frontier_probability"))
        evpi = one(at, table="information", statistic=best(at, "evpi"))
        text = (f"At {money(threshold)} {unit} a QALY choose {chosen['strategy']}; it is best with probability "
                f"{probability['value']:.2f}. Knowing all parameters would be worth {money(evpi['value'])} "
                f"(standard error {money(evpi['standard_error'])}) {unit} a person")
        in_all = one(at, table="information", statistic=best(at, "evpi_population"))
        found.append(text + (f", {in_all['value'] / 1e6:,.1f} million {unit} in all." if in_all else "."))
    return found


HEAD = ("Strategy", "Cost (95 %)", "QALYs (95 %)", "Cost more", "QALYs more", "than", "ICER", "")


def table(rows):
    found = []
    for option in of(rows, table="frontier", statistic="icer"):
        name = option["strategy"]
        cost, qaly = (one(rows, table="totals", strategy=name, statistic=s) for s in ("cost", "qaly"))
        more = [one(rows, table="frontier", strategy=name, statistic=s)["value"]
                for s in ("incremental_cost", "incremental_qaly")]
        found.append((name, _span(cost, money), _span(qaly, lambda value: f"{value:.2f}"), money(more[0]),
                      "–" if more[1] is None else _qaly(more[1]), option["versus"] or "–", money(option["value"]),
                      option["note"]))
    return found


def _notes(rows):
    notes = ["Strategies by rising mean cost. Dominated ones have no ratio: another does no less for no more, or a mixture of "
             "two others does as much for less."]
    for row in of(rows, table="versus_reference", statistic="icer"):
        ratio = "" if row["value"] is None else f", {money(row['value'])} {row['unit']}"
        notes.append(f"{row['strategy']} against {row['versus']}: {row['note']}{ratio}.")
    if any(row["statistic"] == "evpi_corrected" for row in rows):
        notes.append("Probabilities and values of information are those without luck within a draw; raw ones are in "
                     "decision.csv.")
    else:
        notes.append("Luck within a draw is part of the uncertainty shown: probabilities are nearer to each other, and values "
                     "of information larger, than the parameters alone make them. `sinew decide --noise` takes it out.")
    return notes


def _colour(names):
    return {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(names)}


def _choice(rows, folder):
    names, unit = _strategies(rows), rows[0]["price_year_unit"]
    colour = _colour(names)
    with plt.rc_context(RC):
        drawing, (plane, curve) = plt.subplots(1, 2, figsize=(7.3, 3.1))
        _plane(plane, folder, names, colour, rows, unit)
        _acceptability(curve, rows, names, colour, unit)
        drawing.tight_layout(w_pad=2)
        source = svg(drawing)
    return Figure("decision_choice", "Plane and acceptability",
                  f"Left: each draw's difference from {names[0]}; cross: their mean; line: the threshold in the middle. Right: "
                  "share of draws in which each strategy has the highest net benefit; thick where it is the one to choose, "
                  f"of the highest mean. {basis(rows[0])}.", source)


def _draws(folder):
    """{strategy as R writes it: [(cost, qalys)]} of the draws."""
    found = {}
    for row in read_csv(folder / "psa_hesim.csv", ("cost", "qalys")):
        found.setdefault(row["strategy"], []).append((row["cost"], row["qalys"]))
    return found


def middle_threshold(rows):
    thresholds = list(dict.fromkeys(row["threshold"] for row in of(rows, table="net_benefit")))
    return thresholds[(len(thresholds) - 1) // 2]


def _plane(ax, folder, names, colour, rows, unit):
    draws = _draws(folder)
    reference = draws[names[0].replace("-", ".")]
    threshold = middle_threshold(rows)
    for name in names[1:]:
        points = [(e - e0, c - c0) for (c, e), (c0, e0) in zip(draws[name.replace("-", ".")], reference)]
        shown = points[:_MOST_POINTS]
        ax.plot(*zip(*shown), ".", markersize=2.2, color=colour[name], alpha=0.45, markeredgewidth=0)
        x, y = (sum(values) / len(points) for values in zip(*points))
        ax.plot(x, y, "+", markersize=10, markeredgewidth=3.2, color="white", zorder=4)
        ax.plot(x, y, "+", markersize=9, markeredgewidth=1.6, color=colour[name], label=name, zorder=5)
    low, high = ax.get_ylim()
    left, right = ax.get_xlim()
    ax.axhline(0, color="#8a9199", linewidth=0.6, zorder=0)
    ax.axvline(0, color="#8a9199", linewidth=0.6, zorder=0)
    ax.plot([left, right], [threshold * left, threshold * right], color="#8a9199", linewidth=0.8, linestyle=(0, (4, 2)))
    ax.set_xlim(left, right)
    ax.set_ylim(low, high)
    ax.yaxis.set_major_formatter(lambda value, _: money(value))
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.set_xlabel("QALYs more, a person")
    ax.set_ylabel(f"Cost more, {unit} a person")
    ax.set_title("Cost-effectiveness plane")
    ax.legend(frameon=False, fontsize=7.5)


def _acceptability(ax, rows, names, colour, unit):
    curve = of(rows, table="curve")
    statistic = best(curve, "probability")
    for i, name in enumerate(names):
        points = [(row["threshold"] / 1000, row["value"]) for row in of(curve, strategy=name, statistic=statistic)]
        chosen = {row["threshold"] / 1000 for row in of(curve, strategy=name, statistic="frontier_probability")}
        ax.plot(*zip(*points), color=colour[name], linewidth=1.1, linestyle=_DASHES[i % len(_DASHES)], label=name)
        ax.plot([x for x, _ in points], [y if x in chosen else float("nan") for x, y in points], color=colour[name],
                linewidth=3.2, alpha=0.5, solid_capstyle="butt")
    ax.set_ylim(0, 1)
    ax.set_xlim(0, None)
    ax.set_xlabel(f"Thousand {unit} a QALY")
    ax.set_ylabel("Probability of being best")
    ax.set_title("Acceptability and its frontier")
    ax.legend(frameon=False, fontsize=7.5)


def _information(rows):
    unit, threshold = rows[0]["price_year_unit"], middle_threshold(rows)
    with plt.rc_context(RC):
        drawing = plt.figure(figsize=(7.3, 5.6))
        grid = drawing.add_gridspec(2, 2, width_ratios=(1, 1.25), height_ratios=(1, 1.15))
        _evpi(drawing.add_subplot(grid[0, 0]), rows, unit)
        _bars(drawing.add_subplot(grid[0, 1]), rows, threshold, unit)
        _tornado(drawing.add_subplot(grid[1, :]), rows, threshold, unit)
        drawing.tight_layout(w_pad=1.5, h_pad=1.5)
        source = svg(drawing)
    return Figure("decision_information", "What more knowledge is worth",
                  "Above: expected value of perfect information a person, on all parameters by threshold, and on sections and "
                  f"single parameters at {money(threshold)} {unit} a QALY (bars: standard error). Among hundreds of parameters "
                  "some stand out by chance: one whose bar of error reaches nought is none that matters for sure. Below: mean "
                  "incremental net benefit where a parameter is at its 2.5th (open) and 97.5th (filled) percentile. "
                  f"{basis(rows[0])}.", source)


def _evpi(ax, rows, unit):
    curve = of(rows, table="curve")
    for statistic, label, style in (("evpi", "raw", (0, (2, 1.5))), ("evpi_corrected", "without luck", "-")):
        points = [(row["threshold"] / 1000, row["value"]) for row in of(curve, statistic=statistic)]
        if points:
            ax.plot(*zip(*points), color=_COLOURS[2], linewidth=1.2, linestyle=style, label=label)
    ax.set_ylim(0, None)
    ax.set_xlim(0, None)
    ax.set_xlabel(f"Thousand {unit} a QALY")
    ax.set_ylabel(f"{unit} a person")
    ax.set_title("All parameters")
    if len(ax.lines) > 1:
        ax.legend(frameon=False, fontsize=7.5)


def _bars(ax, rows, threshold, unit):
    found = [(row["about"], row["value"], row["standard_error"], table)
             for table in ("information_on_section", "information_on_parameter")
             for row in of(rows, table=table, threshold=threshold) if (row["value"] or 0) > _CENT]
    most = max((bar[1] for bar in found), default=0)
    found = [bar for bar in found if bar[1] > _LEAST * most]
    sections = [bar for bar in found if bar[3] == "information_on_section"][: _MOST_BARS // 2]
    single = [bar for bar in found if bar[3] == "information_on_parameter"][: _MOST_BARS - len(sections)]
    bars = sections + single
    for at, (_, value, error, table) in enumerate(bars):
        ax.barh(at, value, color=_COLOURS[2] if table == "information_on_section" else "#9db8d2", height=0.65,
                xerr=error, error_kw={"linewidth": 0.7, "ecolor": "#565c63"})
    ax.set_yticks(range(len(bars)), [bar[0] + (", all" if bar[3] == "information_on_section" else "") for bar in bars],
                  fontsize=6.2)
    ax.invert_yaxis()
    ax.set_xlim(0, None)
    ax.set_xlabel(f"{unit} a person")
    ax.set_title("Some of them")


def _tornado(ax, rows, threshold, unit):
    chosen = one(of(rows, threshold=threshold), table="acceptability", statistic="frontier_probability")["strategy"]
    swings = of(rows, table="one_way")
    strategy = chosen if of(swings, strategy=chosen) else (swings[0]["strategy"] if swings else None)
    bars = of(swings, strategy=strategy)[:_MOST_BARS]
    for at, row in enumerate(bars):
        ax.plot([row["low"], row["high"]], [at, at], color="#9db8d2", linewidth=6, solid_capstyle="butt", zorder=1)
        ax.plot(row["low"], at, "o", markersize=4, color=_COLOURS[2], markerfacecolor="white", zorder=2)
        ax.plot(row["high"], at, "o", markersize=4, color=_COLOURS[2], zorder=2)
    ax.axvline(0, color="#8a9199", linewidth=0.7, zorder=0)
    ax.set_yticks(range(len(bars)), [row["about"] for row in bars], fontsize=6.5)
    ax.invert_yaxis()
    ax.xaxis.set_major_formatter(lambda value, _: money(value))
    reference = bars[0]["versus"] if bars else ""
    ax.set_xlabel(f"Incremental net benefit, {unit} a person at {money(threshold)} a QALY")
    ax.set_title(f"One parameter at a time: {strategy} against {reference}")


def _budget(rows):
    head = ("Strategy", *dict.fromkeys(row["about"] for row in rows))
    found = []
    for name in dict.fromkeys(row["strategy"] for row in rows):
        impact = of(rows, strategy=name, statistic="budget_impact")
        found.append((name, *((money(row["value"] / 1e6) for row in impact) if impact else ["reference"] * (len(head) - 1))))
    return Section(basis(rows[0]), [f"Budget impact: cost above the reference, million {rows[0]['price_year_unit']} a year."],
                   head, found, [f"Whose cost: {rows[0].get('note') or 'the nation'}. Year 1 is that in which the first strategy begins. "
                                "Point estimate."], [], [])
