"""The page's tables on sarcopenia as Markdown, each with its prices, ledger and perspective, and its figures for the CSV."""

import numpy as np

from ..pages import markdown
from . import lives as lv
from . import published as pub
from . import sarcopenia as sc
from .nation import SEXES
from .record import amount, with_interval
from .worlds import Spread, in_nation, spread

RATES = (0, 0.015, 0.03, 0.05)
BANDS = ((60, 69), (70, 79), (80, 97))
INDICES = (("pce", "PCE"), ("cpi_medical", "CPI, medical care"))
_WORD = {"male": "men", "female": "women"}
_ORDER = ("male", "female")


def _percent(rate):
    return f"{100 * rate:g} %"


def label(money, rate=None):
    """The line above a table: what its figures are."""
    discount = "not discounted" if not rate else f"discounted by {_percent(rate)} a year"
    return f"*{money.tag}, {discount}.*"


def _sex(values, sex):
    return values[..., SEXES.index(sex)]


def arithmetic(nation, record):
    """Mode A, a row a step."""
    steps = {sex: pub.steps(pub.BY_SEX[sex], _sex(nation.people(sc.YEAR, sc.FROM_AGE).sum(axis=-1), sex)) for sex in _ORDER}
    bare = {sex: pub.steps(pub.BY_SEX[sex], steps[sex].people, baseline=0) for sex in _ORDER}
    given = pub.BY_SEX
    for sex in _ORDER:
        for figure, value, published in (("cost, bn", steps[sex].cost_bn, given[sex].cost_bn),
                                         ("saved by a tenth less, pool fixed, bn", steps[sex].saved_bn, "")):
            record.put(Spread(value, np.empty(0)), condition=pub.LABEL, view="published arithmetic", figure=figure, sex=sex,
                       ages="60+", year=2000, published=published, unit="USD_2000", ledger="disability",
                       perspective="cost of illness", discount_rate=0)

    def row(words, value, of=steps):
        return [words, *(value(sex, of[sex]) for sex in _ORDER)]

    def total(name):
        return sum(getattr(one, name) for one in steps.values()), sum(getattr(one, name) for one in bare.values())

    saved, true = total("saved_bn"), total("pool_falls_bn")
    table = markdown(["step", *_ORDER], [
        row("1. People of 60 and over, census, m", lambda sex, s: f"{s.people / 1e6:.2f}"),
        row("2. Published cost, bn", lambda sex, s: f"{given[sex].cost_bn:.1f}"),
        row("3. Published dollars per sarcopenic person", lambda sex, s: f"{given[sex].per_person_usd:.0f}"),
        row("4. Sarcopenic people, m: 2 / 3", lambda sex, s: f"{s.sarcopenic / 1e6:.2f}"),
        row("5. Their share: 4 / 1", lambda sex, s: f"{s.share:.3f}"),
        row("6. Share at moderate and high risk by the survey", lambda sex, s: " + ".join(f"{p:g}" for p in given[sex].prevalence)),
        row("7. Odds ratios of disability", lambda sex, s: ", ".join(f"{r:g}" for r in given[sex].odds_ratio)),
        row("8. Disabled in the normal class (inferred)", lambda sex, s: f"{given[sex].baseline:g}"),
        row("9. Relative risks: OR/(1 − 8 + 8 OR)", lambda sex, s: ", ".join(f"{r:.3f}" for r in s.risks)),
        row("10. S = sum of 6 (9 − 1)", lambda sex, s: f"{s.excess:.4f}"),
        row("11. Attributable fraction S/(1 + S)", lambda sex, s: f"{s.fraction:.4f}"),
        row("12. Cost of disability from 60 on, bn (worked back)", lambda sex, s: f"{given[sex].pool_bn:.1f}"),
        row("13. Attributable cost, bn: 11 x 12", lambda sex, s: f"{s.cost_bn:.2f}"),
        row("14. High risk's share of it", lambda sex, s: f"{s.high_share:.3f}"),
        row("15. A tenth less sarcopenia, pool fixed, bn", lambda sex, s: f"{s.saved_bn:.2f}"),
        row("16. The same where the pool falls, bn", lambda sex, s: f"{s.pool_falls_bn:.2f}"),
        row("11 with odds ratios as risks", lambda sex, s: f"{s.fraction:.4f}", bare),
        row("15 with odds ratios as risks, pools 16.7 and 32.8, bn",
            lambda sex, s: f"{s.saved_bn / given[sex].pool_bn * given[sex].cost_bn / s.fraction:.2f}", bare),
    ])
    cost = total("cost_bn")[0]
    odds = sum(bare[sex].saved_bn / given[sex].pool_bn * given[sex].cost_bn / bare[sex].fraction for sex in _ORDER)
    text = (f"Step 13 comes to {cost:.2f} bn, to one decimal the published {pub.TOTAL_BN:g} (men "
            f"{steps['male'].cost_bn:.1f}, women {steps['female'].cost_bn:.1f}). Step 15 comes to {saved[0]:.2f} bn, where "
            f"{pub.SAVED_BN:g} is published ({odds:.2f} if odds ratios are taken for risks: that is how the baselines of step 8 were "
            f"chosen, so step 15 is no test); step 16 to {true[0]:.2f} bn.")
    return "\n\n".join(["*USD_2000, disability ledger, cost of illness perspective, not discounted.*", table, text])


def _unit(row):
    return f"{row.unit}" if row.unit == "%" else f"{row.unit}_2000" if row.unit == "USD" else "bn USD_2000"


def beside_published(modes, record):
    """Mode B: (words, ModeB) of each map, the default one first."""
    lines = []
    for rows in zip(*(list(mode.rows()) for _, mode in modes)):
        first = rows[0]
        decimals = 0 if first.unit == "USD" else 1
        verdict = "fitted" if first.fitted and first.words == "Total" else "target" if first.fitted else \
            {True: "inside", False: "**outside**", None: ""}[first.inside]
        lines.append([first.words, _unit(first), amount(first.published, decimals),
                      *(with_interval(row.model, decimals) for row in rows), verdict])
        for (words, mode), row in zip(modes, rows):
            record.put(row.model, mode.cost, condition=pub.LABEL, view=f"counterfactual, {words}", figure=row.words, ages="60+",
                       year=2000, published=row.published, unit=_unit(row), discount_rate=0)
    head = ["figure", "unit", "published", *(words for words, _ in modes), "published in the interval"]
    mode = modes[0][1]
    before = "; ".join(f"{with_interval(each.total_unfitted())} bn by {words}, the factor {with_interval(each.pool_factor(), 2)}"
                       for words, each in modes)
    text = (f"Before the fit the total is {before}. Interval: 2.5 to 97.5 % of {mode.worlds.n_draws - 1} draws of all "
            "parameters, the factor fitted anew in each.")
    return "\n\n".join([label(mode.cost), markdown(head, lines), text])


def two_answers(mode, record):
    """A tenth less sarcopenia: by fractions and by counterfactuals."""
    arithmetic_cost, arithmetic_saved = (spread(x.sum(axis=-1)) for x in mode.by_arithmetic())
    margin, gone = (spread(x) for x in mode.fewer())
    tenth = spread(0.1 * mode.cost.value.sum(axis=-1))
    rows = [("Attributable: fractions of the simulated classes and pools", arithmetic_cost),
            ("Attributable: the same people without sarcopenia (fitted)", spread(mode.cost.value.sum(axis=-1))),
            ("A tenth less: fractions, the pool fixed", arithmetic_saved),
            ("A tenth less: every tenth sarcopenic person, whoever, is none", tenth),
            ("A tenth less: those next to the cuts are none", margin)]
    for words, found in rows:
        record.put(found, mode.cost, condition="sarcopenia", view="arithmetic and counterfactual", figure=words, ages="60+",
                   year=2000, unit="bn USD_2000", discount_rate=0)
    table = markdown(["figure", "bn USD_2000"], [[words, with_interval(found, 2)] for words, found in rows])
    return "\n\n".join([label(mode.cost), table,
                        f"Next to the cuts: cuts that leave {amount(100 * gone.point, 1)} % fewer, brought to a tenth."])


def years(mode, nation, record):
    """2000, 2019, 2024."""
    lines = []
    for index, words in INDICES:
        for year, cost, people in sc.through_the_years(mode, nation, (2000, 2019, 2024), index):
            total = record.put(spread(cost.value.sum(axis=-1)), cost, condition="sarcopenia", view="counterfactual",
                               figure="cost, bn", ages="60+", year=year, unit=f"bn {cost.unit}", discount_rate=0)
            grown = sc.by_growth(nation, year, index)
            lines.append([str(year), words, f"bn {cost.unit}", f"{people.sum() / 1e6:.1f}",
                          *(with_interval(spread(_sex(cost.value, sex))) for sex in _ORDER), with_interval(total),
                          amount(1e9 * total.point / people.sum(), 0), amount(sum(grown.values()))])
    head = ["year", "prices by", "unit", "people of 60 and over, m", "men", "women", "total", "USD a person of 60 and over",
            "18.5 bn by prices and people alone"]
    return "\n\n".join([f"*Disability ledger, cost of illness perspective, not discounted, {mode.worlds.unit} brought to the "
                        "year's prices.*", markdown(head, lines)])


def by_age(mode, nation, record):
    """By sex and age in 2000."""
    per_year = mode.worlds.attributable(sc.WITHOUT) * mode.factor[:, None, None]
    lines = []
    for low, high in BANDS:
        people = mode.people.copy()
        people[:, : low - 20], people[:, high + 1 - 20:] = 0, 0
        cost = in_nation(per_year, people) * 1e-9
        ages = f"{low} to {high}" if high < 97 else f"{low} and over"
        line = [ages]
        for sex in _ORDER:
            found = record.put(spread(_sex(cost.value, sex)), cost, condition="sarcopenia", view="counterfactual",
                               figure="cost, bn", sex=sex, ages=ages, year=2000, unit="bn USD_2000", discount_rate=0)
            line += [with_interval(found, 2), amount(1e9 * found.point / _sex(people.sum(axis=-1), sex), 0)]
        lines.append(line)
    return "\n\n".join([label(mode.cost), markdown(
        ["age", "men, bn", "USD a man of the age", "women, bn", "USD a woman of the age"], lines)])


def lifetimes(mode, lives, nation, record):
    """Per person from 60 on, and per new case."""
    lines = []
    found = lv.incidence(lives, nation, sc.YEAR, RATES)
    for rate in RATES:
        person = mode.worlds.lifetime(sc.WITHOUT, rate, sc.FROM_AGE) * mode.factor[:, None]
        line = [_percent(rate)]
        for sex in _ORDER:
            words = {"condition": "sarcopenia", "sex": sex, "year": 2000, "unit": "USD_2000", "discount_rate": rate}
            whole = record.put(spread(_sex(person.value, sex)), person, view="lifetime", figure="a person alive at 60", ages="60+",
                               **words)
            case = Spread(_sex(found.usd[rate], sex), np.empty(0))
            record.put(case, person, view="incidence", figure="a new case, from its onset", ages="60+", **words)
            line += [with_interval(whole, 0), amount(case.point, 0)]
        total = sum(_sex(found.usd[rate], sex) * _sex(found.new_people, sex) for sex in _ORDER) * 1e-9
        record.put(Spread(total, np.empty(0)), person, condition="sarcopenia", view="incidence", figure="all new cases, bn",
                   ages="60+", year=2000, unit="bn USD_2000", discount_rate=rate)
        lines.append([*line, amount(total)])
    table = markdown(["discount rate", "a man alive at 60, USD", "a new case, man, USD", "a woman alive at 60, USD",
                      "a new case, woman, USD", "all new cases of 2000, bn"], lines)
    cases = "; ".join(
        f"{_word}: {_sex(found.new_people, sex) / 1e3:,.0f} thousand new cases, {100 * _sex(found.at_60 / found.new_people, sex):.0f} % of them "
        f"sarcopenic when they turn 60, {_sex(found.years, sex):.1f} years sarcopenic" for sex, _word in _WORD.items())
    return "\n\n".join([f"*USD_2000, disability ledger, cost of illness perspective, discounted as said to 60 or to the onset.*", table,
                        f"{cases[0].upper()}{cases[1:]}."])


def confounding(lives, nation, record, mode):
    """What the sarcopenic cost more, with less and less else that differs."""
    found = lv.excess(lives, nation)
    rows = (("whatever else differs", found.crude), ("of the same age and sex", found.age),
            ("of the same age, sex, frailty and past hip fracture", found.illness), ("the same people without sarcopenia", found.caused))
    for words, values in rows:
        for sex in _ORDER:
            record.put(Spread(_sex(values, sex), np.empty(0)), mode.cost, condition="sarcopenia", view="confounding", figure=words,
                       sex=sex, ages="60+", year=2000, unit="bn USD_2000", discount_rate=0)
    table = markdown(["the sarcopenic against", "men, bn", "women, bn", "total, bn"],
                     [[words, *(amount(_sex(values, sex)) for sex in _ORDER), amount(values.sum())] for words, values in rows])
    return "\n\n".join([label(mode.cost), table, f"{len(lives.sex):,} lives of the point estimate."])
