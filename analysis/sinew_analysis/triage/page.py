"""The page of answer: sentences and tables as Markdown."""

from dataclasses import dataclass, field

import numpy as np

from ..pages import markdown, number
from . import diagnostics
from .people import HORIZONS, OUTCOMES
from .programme import START, WTP, interval, needed

_HARDLY = 0.15  # of those who are found, above the share of whom a scan is made


def _span(three, decimals=0):
    value, low, high = (f"{each:,.{decimals}f}".replace("-", "−") for each in three)
    return f"{value} ({low} to {high})"


def _needed(three):
    value, low, high = three
    if value is None:
        return "–"
    write = lambda each: f"{each:,.0f}"  # noqa: E731
    return f"{write(value)} ({write(low)} {'and up' if high is None else 'to ' + write(high)})"


def _ratio(scenario):
    """Cost a QALY of the means, never bare: words where it is no price of health, and the ends of the draws."""
    cost, qaly = scenario.cost.mean(), scenario.qaly.mean()
    low, high = np.percentile(scenario.qaly, [2.5, 97.5])
    unclear = "; effect not distinguishable from none" if low <= 0 <= high else ""
    each = np.where(scenario.cost > 0, np.inf, -np.inf)  # where a draw gains nothing: at no price, or for the money saved
    np.divide(scenario.cost, scenario.qaly, out=each, where=(scenario.qaly > 0) & (scenario.cost > 0))
    each[(scenario.qaly > 0) & (scenario.cost <= 0)] = -np.inf
    ends = np.percentile(each, [2.5, 97.5], method="nearest")
    low, high = ("saves money" if end == -np.inf else "none at any price" if end == np.inf else f"{end:,.0f}" for end in ends)
    if qaly > 0:
        found = f"{cost / qaly:,.0f}" if cost > 0 else "costs less, does more"
    else:
        found = "does less, costs more" if cost > 0 else "does less, costs less"
    return found + (f" ({low} to {high})" if low != high else "") + unclear


def _worth(scenario):
    return (WTP * scenario.qaly - scenario.cost > 0).mean()


def programme_table(scenarios, unit):
    rows = [("People tested by the first step", lambda s: _span(interval(s.screened))),
            ("Tests made", lambda s: "; ".join(f"{step} {_span(interval(n))}" for step, n in s.tests.items())),
            ("People positive at the end", lambda s: _span(interval(s.positive))),
            ("People treated", lambda s: _span(interval(s.started))),
            ("Hip fractures averted", lambda s: _span(interval(s.averted["hip"]), 1)),
            ("Vertebral fractures averted", lambda s: _span(interval(s.averted["vertebral"]), 1)),
            ("Fractures averted, any", lambda s: _span(interval(s.averted["any"]), 1)),
            ("Needed to screen for one", lambda s: _needed(needed(s.screened, s.averted["any"]))),
            ("Needed to treat for one", lambda s: _needed(needed(s.started, s.averted["any"]))),
            (f"Cost of tests, {unit}", lambda s: _span(interval(s.test_cost))),
            (f"Cost more, {unit}", lambda s: _span(interval(1000 * s.cost))),
            ("QALYs more", lambda s: _span(interval(1000 * s.qaly), 2)),
            (f"{unit} a QALY", _ratio),
            (f"Worth it at {WTP:,} a QALY, probability", lambda s: f"{_worth(s):.2f}")]
    head = [f"Of 1,000 women alive at {START}, against no screening", *(s.name for s in scenarios)]
    return markdown(head, [[words, *(write(s) for s in scenarios)] for words, write in rows])


def _difference(a, b, of):
    return interval(of(a) - of(b))


def answer(scenarios, adds):
    """The first sentences: what the program says to the question."""
    by = {s.name: s for s in scenarios}
    blood, dxa = by["igfbp2_triage"], by["dxa_first"]
    any_ = lambda s: s.averted["any"]  # noqa: E731
    scans = {s.name: s.tests["dxa"].mean() for s in scenarios}
    best = max(scenarios, key=lambda s: (WTP * s.qaly - s.cost).mean())
    net = (WTP * best.qaly - best.cost).mean()
    choice = best.name if net > 0 else "no screening"
    gain = adds["Any fracture", 10][1]
    fewer = any_(blood).mean() < any_(dxa).mean()
    passed = scans["igfbp2_triage"] / blood.tests["igfbp2"].mean()
    found = blood.positive.mean() / dxa.positive.mean()
    return "\n".join([
        f"- **Triage by IGFBP-2 saves scans and {'averts fewer' if fewer else 'averts no fewer'} fractures.** Of 1,000 women it makes {scans['igfbp2_triage']:,.0f} bone scans "
        f"instead of {scans['dxa_first']:,.0f}, for {blood.tests['igfbp2'].mean():,.0f} blood tests, and averts "
        f"{any_(blood).mean():.1f} fractures instead of {any_(dxa).mean():.1f} (difference "
        f"{_span(_difference(blood, dxa, any_), 1)}). Its tests cost {_span(_difference(blood, dxa, lambda s: s.test_cost))} more.",
        f"- **It finds {'hardly more than chance would' if found < passed + _HARDLY else 'more than chance would'}.** "
        f"{100 * passed:.0f} % of blood tests lead to a scan, and {100 * found:.0f} % of those whom DXA for all finds are found (some of "
        f"them at a later visit). To age, sex, bone density and grip it adds {number(gain.value, 4)} ({number(gain.low, 4)} to "
        f"{number(gain.high, 4)}) to the area under the curve for any fracture in ten years.",
        f"- **At {WTP:,} a QALY the highest mean net benefit is that of {choice}**; probability that a strategy is worth it "
        "against no screening: " + ", ".join(f"{s.name} {_worth(s):.2f}" for s in scenarios) + "."])


def _figure(figure, decimals=3):
    return f"{figure.value:.{decimals}f}"


def areas_table(found):
    tests = list(diagnostics.TESTS)
    head = ["Area under the curve", *(f"{outcome}, {years} years" for outcome in OUTCOMES for years in HORIZONS)]
    rows = [[test, *(f"{found[test, o, y].value:.3f} ({found[test, o, y].low:.3f} to {found[test, o, y].high:.3f})"
                     for o in OUTCOMES for y in HORIZONS)] for test in tests]
    return markdown(head, rows)


def accuracy_table(people, pathways):
    """Of women, by the end of each pathway that they can be sent through."""
    head = ["Pathway", "finds", "sensitivity", "specificity", "positive predictive value", "negative predictive value"]
    wanted = [("osteoporosis without error", people.osteoporosis), ("a hip fracture in 10 years", people.outcomes["Hip fracture", 10]),
              ("any fracture in 5 years", people.outcomes["Any fracture", 5]),
              ("any fracture in 10 years", people.outcomes["Any fracture", 10])]
    rows = []
    for pathway in pathways:
        for words, happened in wanted:
            rows.append([pathway.name, words, *(f"{f.value:.2f} ({f.low:.2f} to {f.high:.2f})"
                                                for f in diagnostics.accuracy(people, pathway, happened))])
    return markdown(head, rows)


@dataclass
class Beside:
    """What stands beside the people who are followed: those of a world in which IGFBP-2 has a link of its own with falls, and
    what it adds in draws of the parameters."""

    linked: object = None
    worlds: list = field(default_factory=list)


def adds(people):
    """What IGFBP-2 adds, {(outcome, years): Figures}, but for outcomes that too few meet."""
    found = {(o, y): diagnostics.added(people, o, y) for o in OUTCOMES for y in HORIZONS}
    return {key: figures for key, figures in found.items() if figures}


def _least_and_most(worlds, key, at, decimals):
    values = [world[key][at].value for world in worlds if key in world]
    return f"{number(min(values), decimals)} to {number(max(values), decimals)}" if values else "–"


def added_table(adds, linked, worlds):
    head = ["To age, sex, bone density and grip IGFBP-2 adds, for", "AUC without", "gain in AUC",
            "cases classed better, %", "others classed better, %", "calibration slope", f"gain, least and most of {len(worlds)} draws of the parameters",
            "gain if IGFBP-2 had a link of its own with falls"]
    rows = []
    for (outcome, years), (before, gain, cases, others, slope) in adds.items():
        percent = lambda f: f"{number(100 * f.value, 1)} ({number(100 * f.low, 1)} to {number(100 * f.high, 1)})"  # noqa: E731
        own = linked.get((outcome, years)) if linked else None
        rows.append([f"{outcome}, {years} years", _figure(before),
                     f"{number(gain.value, 4)} ({number(gain.low, 4)} to {number(gain.high, 4)})", percent(cases), percent(others),
                     _figure(slope, 2), _least_and_most(worlds, (outcome, years), 1, 4),
                     f"{number(own[1].value, 4)} ({number(own[1].low, 4)} to {number(own[1].high, 4)})" if own else "–"])
    return markdown(head, rows)


def calibration_line(people):
    happened = people.outcomes["Major osteoporotic fracture", 10]
    predicted = people.columns["measured.fracture_risk"]
    slope = diagnostics.Figure.over_parts(people, lambda at: diagnostics.calibration_slope(predicted[at], happened[at]))
    ratio = diagnostics.Figure.over_parts(people, lambda at: happened[at].mean() / predicted[at].mean())
    return (f"The risk score foresees {100 * predicted.mean():.1f} % with a major osteoporotic fracture in ten years, "
            f"{100 * happened.mean():.1f} % had one (ratio {ratio.value:.2f}, {ratio.low:.2f} to {ratio.high:.2f}); calibration slope "
            f"{slope.value:.2f} ({slope.low:.2f} to {slope.high:.2f}).")


def text(scenarios, people, pathways, beside, draws, unit):
    added = adds(people)
    linked = adds(beside.linked) if beside.linked else None
    return "\n\n".join([
        answer(scenarios, added),
        programme_table(scenarios, unit),
        f"Mean of {draws} draws of the uncertain parameters and, in brackets, 2.5 to 97.5 % of them, which luck within a draw "
        f"makes somewhat wider; all ages to 98. Cost and QALYs are discounted by 3 % to {START}. \"And up\": that none is averted lies "
        "within the interval.",
        "### How well each test tells, and what IGFBP-2 adds",
        areas_table(diagnostics.areas(people)),
        added_table(added, linked, beside.worlds),
        accuracy_table(people, pathways),
        f"{people.n:,} people of 65, 70, 75 or 80, each once, followed at the point estimate; in brackets 95 % by chance of a "
        "cohort of that size. Who dies first is without the event. Models were learned on one half and judged on the other. "
        "Pathways: women, all of whom come. " + calibration_line(people)])
