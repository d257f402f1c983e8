"""Draws the model's values beside published ones, from the CSV that `sinew validate` leaves by a result."""

from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .figures import RC, STYLE, Figure, svg
from .tables import read_csv

FILE = "validation.csv"  # beside the result
GROUP = "lifetime_change"
_LEFT, _RIGHT = 0.4, 1.6  # of model over published; what lies beyond is drawn at the edge
_ROW_INCHES = 0.125
_LONGEST = 62
_STAGE_WORDS = {"igfbp2": "IGFBP-2 and hormones"}
_BOTH = "#4b5563"
_NUMBERS = ("value", "standard_error", "low", "high", "model", "monte_carlo_error", "z")


def figure(results_path):
    """The forest of the rows on change over life, or None where no validation lies beside the result."""
    path = Path(results_path).parent / FILE
    if not path.is_file():
        return None
    compared = [row for row in read_csv(path, _NUMBERS) if row["model"] is not None]
    group = [row for row in compared if row["group"] == GROUP] or compared
    drawn = [row for row in group if _drawable(row)]
    if not drawn:
        return None
    return Figure("validation", "Beside published figures", _caption(compared, group, drawn), _draw(drawn))


def _drawable(row):
    """Whether a ratio to the published value has a meaning: a value other than nought, no bound."""
    return row["value"] != 0 and row["low"] is not None and row["high"] is not None


def _caption(compared, group, drawn):
    inside = sum(row["within"] == "yes" for row in group)
    of_all = sum(row["inside"] == "yes" for row in compared)
    text = ("Change over life: the model's value over the published one. Bar: the 95 % interval of the estimate, "
            "15 % on both sides where the source gives none. Filled: inside. "
            f"{inside} of {len(group)} lie inside; of all {len(compared)} figures compared, {of_all} have |z| ≤ 1.96.")
    left_out = len(group) - len(drawn)
    if left_out:
        text += f" {left_out} with a published value of nought, or a bound, are not drawn."
    return text


def _lines(rows):
    """What is written from top to bottom: (stage, None) for a heading, (stage, row) for a row."""
    for stage in dict.fromkeys(row["stage"] for row in rows):
        yield stage, None
        for row in rows:
            if row["stage"] == stage:
                yield stage, row


def _draw(rows):
    lines = list(_lines(rows))
    half = len(lines) // 2 + 1 if len(lines) > 20 else len(lines)
    if lines[half - 1][1] is None:
        half -= 1  # no heading without its rows
    columns = [part for part in (lines[:half], lines[half:]) if part]
    if len(columns) == 2 and columns[1][0][1] is not None:
        columns[1].insert(0, (columns[1][0][0], None))
    most = max(len(part) for part in columns)
    with plt.rc_context(RC):
        drawing, axes = plt.subplots(1, len(columns), figsize=(7.3, most * _ROW_INCHES + 0.75), squeeze=False)
        for ax, part in zip(axes[0], columns):
            _fill(ax, part, most)
        drawing.tight_layout(rect=(0, 0, 1, 1 - 0.3 / (most * _ROW_INCHES + 0.75)), w_pad=0.6)
        drawing.legend(handles=_legend(), loc="upper left", ncol=4, frameon=False, fontsize=7.5,
                       bbox_to_anchor=(0.0, 1.0), borderaxespad=0.1)
        source = svg(drawing)
    return source


def _fill(ax, lines, most):
    for at, (stage, row) in enumerate(lines):
        if row is None:
            ax.text(-0.02, at, _STAGE_WORDS.get(stage, stage.capitalize()), transform=ax.get_yaxis_transform(), ha="right", va="center",
                    fontsize=6, fontweight="bold")
            continue
        ends = sorted(row[end] / row["value"] for end in ("low", "high"))
        ax.plot([max(_LEFT, ends[0]), min(_RIGHT, ends[1])], [at, at], color="#b9c0c8", linewidth=3.2,
                solid_capstyle="butt", zorder=1)
        ratio = row["model"] / row["value"]
        seen = min(max(ratio, _LEFT), _RIGHT)
        marker = "o" if seen == ratio else "<" if ratio < _LEFT else ">"
        colour = _colour(row)
        ax.plot(seen, at, marker, markersize=3.2, color=colour, zorder=3, clip_on=False,
                markerfacecolor=colour if row["within"] == "yes" else "white", markeredgewidth=0.8)
        ax.text(-0.02, at, _label(row), transform=ax.get_yaxis_transform(), ha="right", va="center", fontsize=4.6)
    ax.axvline(1, color="#565c63", linewidth=0.6, zorder=2)
    ax.set_xlim(_LEFT, _RIGHT)
    ax.set_ylim(most - 0.5, -0.8)
    ax.set_yticks([])
    ax.set_xticks([0.5, 0.75, 1, 1.25, 1.5])
    ax.spines["left"].set_visible(False)
    ax.tick_params(length=2.5, width=0.6, labelsize=6.5)
    ax.set_xlabel("Model over published", fontsize=7)


def _sex(row):
    return {"women": "female", "men": "male"}.get(row["whom"].split(" ", 1)[0])


def _colour(row):
    sex = _sex(row)
    return STYLE[sex]["color"] if sex else _BOTH


def _label(row):
    for text in (f"{row['what']}, {row['whom'].split(',')[0]}", row["what"]):
        if len(text) <= _LONGEST:
            return text
    return text[: _LONGEST - 1] + "…"


def _legend():
    dots = [Line2D([], [], marker="o", linestyle="", markersize=4, color=style["color"], label=style["label"])
            for style in STYLE.values()]
    dots.append(Line2D([], [], marker="o", linestyle="", markersize=4, color=_BOTH, label="Both"))
    return [*dots, Patch(facecolor="#b9c0c8", label="Published interval")]
