"""Draws the figures of the report: curves by sex and age with their bands, as SVG."""

import base64
import io
import re
from dataclasses import dataclass

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402  (the backend must be chosen first)
import numpy as np  # noqa: E402
from matplotlib.lines import Line2D  # noqa: E402
from matplotlib.patches import Patch  # noqa: E402

from . import estimates as est  # noqa: E402

# Told apart in colour, by the colour-blind, and on a black-and-white print by the dashes.
STYLE = {
    "female": {"color": "#b5432a", "linestyle": "-", "label": "Women"},
    "male": {"color": "#1f5f99", "linestyle": (0, (5, 1.6)), "label": "Men"},
}
_OTHERS = [
    {"linestyle": (0, (1, 1.2)), "linewidth": 1.6},
    {"linestyle": (0, (3, 1, 1, 1)), "linewidth": 1.2},
]
MOST_OTHERS = len(_OTHERS)
FEWEST_PEOPLE = 30
YEARS_OF_A_STUDY = 5  # of age, taken together in the figures: a study has few people of each age
_INK, _FAINT = "#22262b", "#c9ced4"
RC = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 8,
    "axes.edgecolor": "#8a9199",
    "axes.labelcolor": _INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": "#565c63",
    "ytick.color": "#565c63",
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "text.color": _INK,
    "svg.fonttype": "path",
    "svg.hashsalt": "sinew",  # same results, same bytes
}
BAND_WORDS = {
    est.BAND_PEOPLE: "band: 5 to 95 % of people",
    est.BAND_DRAWS: "band: 5 to 95 % of the draws of the uncertain parameters",
    est.BAND_SIMULATION: "band: 5 to 95 % by chance, for the number of people simulated",
}


@dataclass
class Panel:
    """One pair of axes: a title, a unit, and what draws its curve for a scenario and sex."""

    title: str
    unit: str
    curve: callable
    from_zero: bool = False
    percent: bool = False
    youngest: int = 0
    pooled: bool = False


@dataclass
class Figure:
    """A drawn figure: SVG as a data address, caption, words for those who cannot see it."""

    key: str
    title: str
    caption: str
    source: str
    wide: bool = True


_MONEY = re.compile(r"^USD_([0-9]{4})$")
_POWER = re.compile(r"^([A-Za-z]+)(-?[1-9])$")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def pretty_unit(units):
    """udunits spelling as it is printed: `mg cm-3` is mg cm⁻³, `1` is empty, `USD_2019` is USD (2019)."""
    if units in ("", "1"):
        return ""
    return " ".join(
        _MONEY.sub(r"USD (\1)", _POWER.sub(lambda m: m[1] + m[2].translate(_SUPERSCRIPT), word))
        for word in units.split()
    )


def _field(results, name, title, **options):
    """Panel of a field's mean and its spread between people."""
    measure = results.get(name)
    if measure is None:
        return None
    return Panel(
        title,
        pretty_unit(measure.units),
        lambda scenario, sex: est.curve(results, name, scenario, sex),
        **options,
    )


def _share(results, name, title, level=1, unit="% of the living", youngest=0):
    if est.share(results, name, results.labels("scenario")[0], est.SEXES[0], level) is None:
        return None
    return Panel(
        title,
        unit,
        lambda scenario, sex: est.share_curve(results, name, scenario, sex, level),
        from_zero=True,
        percent=True,
        youngest=youngest,
    )


def _rate(results, name, title, smooth=0, **labels):
    """Panel of a rate; `smooth` years of age are pooled, where single years hold few events."""
    if name not in results:
        return None

    def curve(scenario, sex):
        if smooth:
            return est.pooled_curve(results, name, scenario, sex, smooth, **labels)
        return est.curve(results, name, scenario, sex, **labels)

    return Panel(title, "per 1,000 person-years", curve, from_zero=True, pooled=smooth > 0)


def _survival(results):
    if est.survival(results, results.labels("scenario")[0], "female") is None:
        return None
    return Panel(
        "Survival",
        "% of those who entered",
        lambda scenario, sex: est.survival(results, scenario, sex),
        from_zero=True,
        percent=True,
    )


def _ledger_words(results):
    """Which of the overlapping ledgers the costs are of, and their prices."""
    measure = results.get("cost_per_py")
    ledger = measure.attrs.get("ledger") if measure else None
    named = (f"Costs are those of the {ledger} ledger, {measure.attrs.get('perspective', '')} perspective, prices by "
             f"{measure.attrs.get('price_index', '')}, undiscounted; ledgers overlap and are never added. ") if ledger else ""
    return f"{named}Utility is EQ-5D, 1 in full health."


_BONE = [
    ("ctth_femoral_neck_mm", "Femoral neck, cortical thickness"),
    ("ctth_lumbar_spine_mm", "Lumbar spine, cortical thickness"),
    ("ctth_radius_mm", "Radius, cortical thickness"),
    ("ctth_tibia_mm", "Tibia, cortical thickness"),
    ("tb_vbmd_femoral_neck_mg_cm3", "Femoral neck, trabecular vBMD"),
    ("tb_vbmd_lumbar_spine_mg_cm3", "Lumbar spine, trabecular vBMD"),
    ("bvtv_radius", "Radius, trabecular BV/TV"),
    ("tb_vbmd_tibia_mg_cm3", "Tibia, trabecular vBMD"),
]
_BONE_MORE = [
    ("tbn_radius_per_mm", "Radius, trabecular number"),
    ("tbth_radius_mm", "Radius, trabecular thickness"),
    ("tbsp_radius_mm", "Radius, trabecular spacing"),
    ("ct_vbmd_mg_cm3", "Cortical vBMD, all sites"),
    ("abmd_femoral_neck_g_cm2", "Femoral neck aBMD (DXA)"),
    ("abmd_lumbar_spine_g_cm2", "Lumbar spine aBMD (DXA)"),
]
_SITE_WORDS = {
    "hip": "Hip",
    "vertebral": "Vertebral (clinical)",
    "forearm": "Forearm",
    "humerus": "Humerus",
    "leg": "Ankle and lower leg",
    "other": "Other",
}


def site_word(site):
    """A fracture site as it is printed."""
    return _SITE_WORDS.get(site, str(site).capitalize())


def overview(results):
    """The panels of the one picture that a README has room for."""
    panels = [
        _field(results, "relative_asm_kg_m2", "Muscle, relative ASM"),
        _field(results, "igfbp2_ng_ml", "IGFBP-2", from_zero=True),
        _field(results, "ctth_femoral_neck_mm", "Femoral neck, cortical thickness"),
        _field(results, "tb_vbmd_lumbar_spine_mg_cm3", "Lumbar spine, trabecular vBMD"),
        _rate(results, "falls_per_1000_py", "Falls"),
        _rate(results, "fracture_per_1000_py", "Hip fractures", smooth=5, site="hip"),
    ]
    return [panel for panel in panels if panel is not None]


def figures(results):
    """All figures that the file has the measures for, in the order of the report."""
    plan = [
        ("rasm", "Muscle mass", "Appendicular skeletal muscle mass over height squared (rASM).",
         [_field(results, "relative_asm_kg_m2", "Relative ASM")], 1),
        ("igfbp2", "IGFBP-2", "A negative marker of muscle; log-normal, hence the uneven band.",
         [_field(results, "igfbp2_ng_ml", "IGFBP-2", from_zero=True)], 1),
        ("function", "Strength and gait", "Grip strength and usual gait speed.",
         [_field(results, "grip_kg", "Grip strength", from_zero=True),
          _field(results, "gait_m_s", "Gait speed", from_zero=True)], 2),
        ("bone", "Bone by site and compartment",
         "Upper row: cortex. Lower row: trabecular bone, at the radius as bone volume fraction.",
         [_field(results, name, title) for name, title in _BONE], 4),
        ("bone_more", "Trabecular microstructure, cortical density, DXA",
         "Microstructure is that of the ultradistal radius.",
         [_field(results, name, title) for name, title in _BONE_MORE], 3),
        ("falls", "Falls", "All falls, whether injurious or not.",
         [_rate(results, "falls_per_1000_py", "Falls")], 1),
        ("survival", "Survival", "People alive at each birthday.", [_survival(results)], 1),
        ("fractures", "Fractures by site",
         "Scales differ from site to site. Five years of age are pooled, centred.",
         [_rate(results, "fracture_per_1000_py", site_word(site), smooth=5, site=site)
          for site in est.fracture_sites(results)], 3),
        ("conditions", "Sarcopenia, osteoporosis, frailty, disability",
         "Sarcopenia: EWGSOP2, confirmed (low grip and low rASM). Osteoporosis: WHO, lower T-score of femoral neck and "
         "spine, from 50 on, women after menopause.",
         [_share(results, "sarcopenia_ewgsop2", "Sarcopenia", level=2),
          _share(results, "osteoporosis_who", "Osteoporosis", level=2, unit="% from 50", youngest=50),
          _share(results, "frailty", "Frail", level=2),
          _share(results, "disabled", "Disabled")], 4),
        ("economics", "Cost and quality of life", _ledger_words(results),
         [_field(results, "cost_per_py", "Cost of a year lived", from_zero=True),
          _field(results, "qaly_per_py", "Quality of a year lived (utility)")], 2),
    ]
    drawn = []
    for key, title, caption, panels, columns in plan:
        panels = [panel for panel in panels if panel is not None]
        if panels:
            drawn.append(_draw(results, key, title, caption, panels, columns))
    return drawn


def _draw(results, key, title, caption, panels, columns):
    """One figure of some panels; the bands' meaning is added to the caption from what was drawn."""
    figure, bands = paint(results, panels, columns)
    source = svg(figure)
    words = "; ".join(BAND_WORDS[band] for band in dict.fromkeys(bands))
    caption = f"{caption} Line: mean; {words}." if words else f"{caption} Line: mean."
    return Figure(key, title, caption, source, wide=len(panels) > 1)


def paint(results, panels, columns):
    """The panels on one sheet with one legend, and the kinds of band that were drawn; for save()."""
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    small = len(panels) == 1
    size = (3.5, 2.7) if small else (7.3, {2: 2.6, 3: 2.0, 4: 1.95}[columns] * rows + 0.35)
    with plt.rc_context(RC):
        figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False, sharex=True)
        bands = []
        for ax, panel in zip(axes.flat, panels):
            _fill(ax, results, panel, bands)
        for ax in axes.flat[len(panels) :]:
            ax.set_visible(False)
        for ax in axes[-1]:
            ax.set_xlabel("Age (years)")
        if small:
            axes[0, 0].set_title("")
        handles = _legend(results, bool(bands), longest_name=14 if small else 24)
        words_a_row = 3 if small else 5
        legend_inches = 0.06 + 0.18 * -(-len(handles) // words_a_row)
        figure.tight_layout(rect=(0, 0, 1, 1 - legend_inches / size[1]), h_pad=1.1, w_pad=0.9)
        figure.legend(
            handles=handles, loc="upper left", ncol=min(words_a_row, len(handles)), frameon=False, fontsize=8,
            bbox_to_anchor=(0.0, 1.0), borderaxespad=0.1, handlelength=2.2, columnspacing=1.4,
        )
    return figure, bands


def _fill(ax, results, panel, bands):
    """Draws the curves of one panel and notes which kinds of band were drawn."""
    scenarios = list(results.labels("scenario"))
    factor = 100 if panel.percent else 1
    for sex in est.SEXES:
        style = STYLE[sex]
        for at, scenario in enumerate(scenarios[: 1 + MOST_OTHERS]):
            curve = panel.curve(scenario, sex)
            if curve is None:
                continue
            if results.kind == "study" and not panel.pooled:
                curve = est.averaged(curve, est.alive(results, scenario, sex), YEARS_OF_A_STUDY)
            seen = _enough(results, scenario, sex, curve.age) & (curve.age >= panel.youngest)
            centre = np.where(seen, curve.centre, np.nan) * factor
            if at > 0:
                ax.plot(curve.age, centre, color=style["color"], alpha=0.8, **_OTHERS[at - 1])
                continue
            if curve.low is not None:
                low, high = np.where(seen, [curve.low, curve.high], np.nan) * factor
                ax.fill_between(curve.age, low, high, color=style["color"], alpha=0.14, linewidth=0)
                bands.append(curve.band)
            ax.plot(curve.age, centre, color=style["color"], linestyle=style["linestyle"], linewidth=1.6)
    ages = results.labels("age")
    ax.set_xlim(ages[0], ages[-1])
    ax.set_xticks([a for a in range(20, 101, 20) if ages[0] <= a <= ages[-1]])
    ax.grid(axis="y", color=_FAINT, linewidth=0.5, alpha=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(length=2.5, width=0.6)
    ax.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5))
    title = panel.title.replace(", ", "\n", 1)
    ax.set_title(title, pad=14, fontsize=8.2, linespacing=1.15)
    if panel.unit:
        ax.annotate(panel.unit, (0, 1), (0, 3), xycoords="axes fraction", textcoords="offset points",
                    fontsize=7, color="#565c63", ha="left", va="bottom")
    if panel.from_zero:
        ax.set_ylim(bottom=0)


def _enough(results, scenario, sex, ages):
    """Ages at which enough people live for their mean to be shown."""
    count = est.alive(results, scenario, sex)
    if count is not None and results.kind == "study":
        count = np.convolve(np.nan_to_num(count), np.ones(YEARS_OF_A_STUDY), mode="same")
    return np.ones(len(ages), bool) if count is None else count >= FEWEST_PEOPLE


def _legend(results, banded, longest_name):
    handles = [
        Line2D([], [], color=s["color"], linestyle=s["linestyle"], linewidth=1.6, label=s["label"])
        for s in STYLE.values()
    ]
    if banded:
        handles.append(Patch(facecolor="#6b7280", alpha=0.25, linewidth=0, label="5 to 95 %"))
    for name, style in zip(results.labels("scenario")[1:], _OTHERS):
        handles.append(Line2D([], [], color="#565c63", label=_short(str(name), longest_name), **style))
    return handles


def _short(name, most):
    return name if len(name) <= most else name[: most - 1] + "…"


def save(figure, target, **options):
    """Writes a sheet with the settings that it was painted with, and closes it."""
    with plt.rc_context(RC):
        figure.savefig(target, **options)
    plt.close(figure)


def svg(figure):
    """The figure as a data address, so that the report is one file."""
    stream = io.StringIO()
    save(figure, stream, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(stream.getvalue().encode()).decode()
