"""The figure: money and effect, ROC curves, calibration of the score, net benefit."""

import matplotlib.pyplot as plt
import numpy as np

from ..figures import RC
from ..prediction import risk_from_other_half
from . import diagnostics
from .people import OUTCOMES
from .programme import WTP

COLOURS = ("#b5432a", "#1f5f99", "#2e7d4f", "#8a5a9e", "#b07d12", "#0f7f86", "#565c63")
_THRESHOLDS = np.linspace(0.02, 0.5, 49)


def paint(scenarios, people):
    """The sheet; for figures.save()."""
    with plt.rc_context(RC):
        sheet, axes = plt.subplots(2, 2, figsize=(9.6, 7.6))
        _plane(axes[0, 0], scenarios)
        _roc(axes[0, 1], people)
        _calibration(axes[1, 0], people)
        _benefit(axes[1, 1], people)
        sheet.tight_layout(h_pad=1.6, w_pad=1.6)
    return sheet


def _plane(ax, scenarios):
    for scenario, colour in zip(scenarios, COLOURS):
        ax.plot(1000 * scenario.qaly, scenario.cost, ".", color=colour, markersize=3, alpha=0.35, zorder=2)
        ax.plot(1000 * scenario.qaly.mean(), scenario.cost.mean(), "o", color=colour, markersize=7, markeredgecolor="white",
                label=scenario.name.replace("_", " "), zorder=3)
    ends, height = np.array(ax.get_xlim()), ax.get_ylim()
    ax.plot(ends, ends * WTP / 1000, "--", color="#8a9199", linewidth=0.9, label=f"{WTP:,} a QALY", zorder=1)
    ax.set_xlim(ends)
    ax.set_ylim(height)
    ax.axhline(0, color="#565c63", linewidth=0.6)
    ax.axvline(0, color="#565c63", linewidth=0.6)
    ax.set_xlabel("QALYs more, of 1,000 women of 65")
    ax.set_ylabel("Cost more, USD a woman")
    ax.set_title("Against no screening: draws and means")
    ax.legend(frameon=False, fontsize=7)


def _roc(ax, people):
    happened = people.outcomes["Hip fracture", 10]
    for (name, rank), colour in zip(diagnostics.TESTS.items(), COLOURS):
        false, true = diagnostics.curve(rank(people.columns), happened)
        every = max(1, len(false) // 400)
        ax.plot(false[::every], true[::every], color=colour, linewidth=1.1, label=name)
    ax.plot([0, 1], [0, 1], ":", color="#8a9199", linewidth=0.9)
    ax.set_xlabel("1 − specificity")
    ax.set_ylabel("Sensitivity")
    ax.set_title("Hip fracture in ten years, women and men")
    ax.legend(frameon=False, fontsize=7)


def _calibration(ax, people):
    happened = people.outcomes["Major osteoporotic fracture", 10]
    for name, column, colour in (("with density", "measured.fracture_risk", COLOURS[1]),
                                 ("without density", "score.without_bmd", COLOURS[0])):
        points = 100 * diagnostics.calibration(people.columns[column], happened)
        ax.plot(points[:, 0], points[:, 1], "o-", color=colour, markersize=3.6, linewidth=0.9, label=name)
    ends = [0, ax.get_xlim()[1]]
    ax.plot(ends, ends, ":", color="#8a9199", linewidth=0.9)
    ax.set_xlabel("Risk by the score, tenths of people, %")
    ax.set_ylabel("Major osteoporotic fracture in ten years, %")
    ax.set_title("Calibration of the risk score")
    ax.legend(frameon=False, fontsize=7)


def _benefit(ax, people):
    outcome = OUTCOMES[2], 10
    happened = people.outcomes[outcome]
    base, more = diagnostics.models(people, *outcome)
    lines = (("treat everybody", np.ones(people.n), COLOURS[6], ":"),
             ("age, sex, density, grip", base, COLOURS[1], "-"),
             ("the same and IGFBP-2", more, COLOURS[0], (0, (4, 2))),
             ("age and sex alone", _by_age(people, happened), COLOURS[2], "-"))
    for name, predicted, colour, dash in lines:
        ax.plot(100 * _THRESHOLDS, 1000 * diagnostics.net_benefit(predicted, happened, _THRESHOLDS), color=colour, linestyle=dash,
                linewidth=1.2, label=name)
    ax.axhline(0, color="#565c63", linewidth=0.6)
    ax.set_ylim(bottom=-20)
    ax.set_xlabel("Risk of any fracture in ten years from which one would treat, %")
    ax.set_ylabel("Net true positives of 1,000 people")
    ax.set_title("Net benefit (decision curves)")
    ax.legend(frameon=False, fontsize=7)


def _by_age(people, happened):
    z = (people.age - 70) / 10
    columns = [z, z**2, people.female, z * people.female]
    return risk_from_other_half(columns, happened, people.part % 2 == 0)
