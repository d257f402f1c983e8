"""The figure: each published finding beside its distribution over the replicates, women and men."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..correlation import p_value
from ..figures import RC, STYLE
from . import study as st

_PUBLISHED = "#d9c27a"
_LEFT, _RIGHT = -0.5, 0.5


def least_r(level, df):
    """Smallest |r| with p below the level, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if p_value(middle, df) > level else (low, middle)
    return high


def _lines(study, sex):
    """(words, r by replicate, published as (low, high) or one value, share as published or None) from top to bottom."""
    cortex = study.cortex(sex)
    for word, values, value in zip(("smallest", "largest"), (cortex.min(axis=1), cortex.max(axis=1)), st.RANGE[sex]):
        yield f"CtTh, {word} of four", values, value, None
    claims = [claim for claim in st.CLAIMS if claim.sex == sex]
    for measure, words in st.WORDS.items():
        mine = [claim for claim in claims if claim.measure == measure]
        for claim in mine or [None]:
            r, df = study.correlation(sex, measure, claim.given if claim else st.BOTH)
            if claim is None:
                yield words, r, None, None
                continue
            edge = least_r(claim.level, df[0])
            published = (-edge, edge) if claim.sign == 0 else (edge, 1) if claim.sign > 0 else (-1, -edge)
            given = "" if claim.given == st.BOTH else f" | {st.GIVEN[claim.given]}"
            yield words + given, r, published, claim.holds(r, df).mean()


def paint(study):
    """The sheet; for figures.save()."""
    with plt.rc_context(RC):
        sheet, axes = plt.subplots(1, 2, figsize=(9.6, 4.9))
        for ax, (sex, title) in zip(axes, st.SEXES.items()):
            _fill(ax, list(_lines(study, sex)), sex, f"{title}, n = {study.people(sex)}")
        sheet.tight_layout(rect=(0, 0, 1, 0.94), w_pad=1.2)
        sheet.legend(handles=_legend(), loc="upper left", ncol=4, frameon=False, fontsize=8, bbox_to_anchor=(0.0, 1.0),
                     borderaxespad=0.3)
    return sheet


def _fill(ax, lines, sex, title):
    colour = STYLE[sex]["color"]
    for at, (words, r, published, share) in enumerate(lines):
        if isinstance(published, tuple):
            low, high = np.clip(published, _LEFT, _RIGHT)
            ax.barh(at, high - low, left=low, height=0.78, color=_PUBLISHED, alpha=0.45, linewidth=0, zorder=1)
        five, quarter, middle, three, most = np.percentile(r, [5, 25, 50, 75, 95])
        ax.plot([five, most], [at, at], color=colour, linewidth=1, zorder=3)
        ax.plot([quarter, three], [at, at], color=colour, linewidth=4.5, solid_capstyle="butt", zorder=3)
        ax.plot(middle, at, "o", color=colour, markerfacecolor="white", markersize=3.4, markeredgewidth=0.7, zorder=4)
        if isinstance(published, float):
            ax.plot(published, at, "D", color="#111418", markersize=4.5, zorder=5)
        ax.text(-0.02, at, words, transform=ax.get_yaxis_transform(), ha="right", va="center", fontsize=7.2)
        if share is not None:
            ax.text(1.02, at, f"{100 * share:.0f} %", transform=ax.get_yaxis_transform(), ha="left", va="center",
                    fontsize=7, color="#565c63")
    ax.axvline(0, color="#565c63", linewidth=0.6, zorder=2)
    ax.axhline(1.5, color="#c9ced4", linewidth=0.6)
    ax.set_xlim(_LEFT, _RIGHT)
    ax.set_ylim(len(lines) - 0.5, -0.5)
    ax.set_yticks([])
    ax.set_xticks([-0.4, -0.2, 0, 0.2, 0.4], ["−0.4", "−0.2", "0", "0.2", "0.4"])
    ax.spines["left"].set_visible(False)
    ax.tick_params(length=2.5, width=0.6)
    ax.set_xlabel("r with rASM, given age and activity unless said")
    ax.set_title(title)


def _legend():
    grey = "#565c63"
    return [Line2D([], [], color=grey, linewidth=1, label="5 to 95 % of replicates"),
            Line2D([], [], color=grey, linewidth=4.5, label="25 to 75 %, median"),
            Line2D([], [], color="#111418", marker="D", linestyle="", markersize=4.5, label="Published r"),
            Patch(facecolor=_PUBLISHED, alpha=0.45, label="As published: sign and p; right: share of replicates")]
