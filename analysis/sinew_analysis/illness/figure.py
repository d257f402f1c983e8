"""The figure: the published cost of sarcopenia beside the simulated one, and what each condition costs by the ledger it is seen in."""

import matplotlib.pyplot as plt
import numpy as np

from ..figures import RC, STYLE
from . import conditions as cd
from . import published as pub
from . import sarcopenia as sc
from .nation import SEXES
from .worlds import spread

_INK, _GREY = "#111418", "#565c63"
_LEDGER = {"disability": "#8a6fb0", "event": "#4c8c7d", "frailty": "#c08a3e"}


def _bars(ax, at, found, colour, label=None):
    low, high = found.interval or (found.point, found.point)
    ax.plot([low, high], [at, at], color=colour, linewidth=3.5, solid_capstyle="butt", label=label, zorder=2)
    ax.plot(found.point, at, "o", color=colour, markerfacecolor="white", markersize=4, zorder=3)


def _published(ax, modes):
    """By sex, by map."""
    at, ticks = 0, []
    for sex, word in (("male", "Men"), ("female", "Women")):
        s = SEXES.index(sex)
        for words, mode in modes:
            _bars(ax, at, spread(mode.cost.value[:, s]), STYLE[sex]["color"])
            ax.plot(pub.BY_SEX[sex].cost_bn, at, "D", color=_INK, markersize=4.5, zorder=4)
            ticks.append((at, f"{word}, {words}"))
            at += 1
    saved = spread(modes[0][1].by_arithmetic()[1].sum(axis=-1))
    _bars(ax, at, saved, _GREY)
    ax.plot(pub.SAVED_BN, at, "D", color=_INK, markersize=4.5, zorder=4, label="Published")
    ticks.append((at, "A tenth less, fractions"))
    at += 1
    _bars(ax, at, spread(0.1 * modes[0][1].cost.value.sum(axis=-1)), _GREY, "Simulated, 95 %")
    ticks.append((at, "A tenth less, same people"))
    ax.set_yticks(*zip(*ticks))
    ax.set_ylim(at + 0.6, -0.6)
    ax.set_xlim(0, None)
    ax.set_xlabel("bn USD_2000 a year")
    ax.set_title("Direct cost attributable to sarcopenia, USA 2000\n(Janssen 2004), called frailty in the Mayo press release")
    ax.legend(frameon=False, fontsize=7, loc="center right")


def _conditions(ax, worlds, mode, nation, year):
    words = {"frailty": "Frailty (Fried):\nthe frail cost more", "frailty_events": "Frailty (Fried):\nevents, homes", "falls": "Falls",
             "fractures": "Fractures from 50", "muscle_loss": "Muscle loss from 60:\nevents, homes",
             "muscle_loss_frail": "Muscle loss from 60:\nmore frail"}
    lines = [("Sarcopenia (Janssen),\nfitted in 2000", "disability",
              next(cost.value.sum(axis=-1) for _, cost, _ in sc.through_the_years(mode, nation, (year,), "pce")))]
    for condition in cd.CONDITIONS:
        cost = cd.cost(worlds[condition.ledger], condition, nation, year)
        lines.append((words[condition.key], condition.ledger, cost.value.sum(axis=-1)))
    seen = set()
    for at, (text, ledger, values) in enumerate(lines):
        _bars(ax, at, spread(values), _LEDGER[ledger], None if ledger in seen else f"{ledger} ledger")
        seen.add(ledger)
    ax.axvline(0, color=_GREY, linewidth=0.6)
    ax.set_yticks(np.arange(len(lines)), [text for text, _, _ in lines])
    ax.set_ylim(len(lines) - 0.4, -0.6)
    ax.set_xlabel(f"bn USD_{year} a year, prices by PCE")
    ax.set_title(f"What is taken away, by ledger, {year}\n(ledgers overlap and are never added)")
    ax.legend(frameon=False, fontsize=7, loc="lower right")


def paint(modes, worlds, nation, year=2019):
    """The sheet; for figures.save()."""
    with plt.rc_context({**RC, "ytick.labelsize": 7}):
        sheet, axes = plt.subplots(1, 2, figsize=(9.6, 3.9))
        _published(axes[0], modes)
        _conditions(axes[1], worlds, modes[0][1], nation, year)
        sheet.tight_layout(w_pad=1.6)
    return sheet
