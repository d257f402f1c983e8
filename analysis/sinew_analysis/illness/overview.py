"""The page's tables on frailty, falls, fractures and the loss of muscle beside sarcopenia."""

import numpy as np

from ..pages import markdown
from . import conditions as cd
from .nation import AGE_FIRST, SEXES
from .record import amount, with_interval
from .worlds import in_nation, spread

BANDS = ((20, 49), (50, 64), (65, 79), (80, 97))
_ORDER = ("male", "female")
_RATES = (0, 0.03)


def _sex(values, sex):
    return values[..., SEXES.index(sex)]


def _age_words(low, high):
    return f"{low} to {high}" if high < 97 else f"{low} and over"


def _all(worlds, mode):
    """(condition, its worlds, factor by draw): sarcopenia of the study of 2000 first."""
    yield cd.SARCOPENIA, mode.worlds, mode.factor
    for condition in cd.CONDITIONS:
        yield condition, worlds[condition.ledger], np.ones(1)


def frailty_proper(worlds, nation, year):
    """What the frail cost more, in words."""
    condition = cd.CONDITIONS[0]
    cost = cd.cost(worlds[condition.ledger], condition, nation, year)
    return f"what the frail cost more comes to {with_interval(spread(cost.value.sum(axis=-1)))} bn in {year} ({cost.tag})"


def nation_by_year(worlds, mode, nation, record):
    """bn a year in 2000, 2019 and 2024, and a person."""
    lines = []
    for condition, of, factor in _all(worlds, mode):
        line = [condition.words, condition.ledger]
        for year in cd.YEARS:
            cost = cd.cost(of, condition, nation, year) * factor[:, None]
            for sex in _ORDER:
                record.put(spread(_sex(cost.value, sex)), cost, condition=condition.key, view="counterfactual", figure="cost, bn",
                           sex=sex, ages=f"{condition.from_age}+", year=year, unit=f"bn {cost.unit}", discount_rate=0)
            total = record.put(spread(cost.value.sum(axis=-1)), cost, condition=condition.key, view="counterfactual",
                               figure="cost, bn", ages=f"{condition.from_age}+", year=year, unit=f"bn {cost.unit}",
                               discount_rate=0)
            line.append(with_interval(total))
        lines.append([*line, amount(1e9 * total.point / nation.people(cd.YEARS[-1], 65).sum(), 0)])
    head = ["what is taken away", "ledger", *(f"{year}, bn USD_{year}" for year in cd.YEARS), "2024, USD a person of 65 and over"]
    return "\n\n".join([_note(worlds, "not discounted"), markdown(head, lines)])


def _note(worlds, discount):
    return (f"*Ledger as said in each row, rows of different ledgers are never added; disability: cost of illness perspective, event and "
            f"frailty: health-care sector perspective; prices by {worlds[cd.EVENT].index}, {discount}.*")


def by_sex_and_age(worlds, mode, nation, record, shown=2019):
    """bn in a year by sex and age; all years go to the CSV."""
    for year in cd.YEARS:
        lines = _lines_by_age(worlds, mode, nation, record, year)
        if year == shown:
            kept = lines
    head = ["what is taken away", "ledger", "who", *(_age_words(*band) for band in BANDS)]
    return "\n\n".join([f"bn USD_{shown} a year and, in brackets, USD a person of the age. {_note(worlds, 'not discounted')}",
                        markdown(head, kept)])


def _lines_by_age(worlds, mode, nation, record, year):
    lines = []
    for condition, of, factor in _all(worlds, mode):
        for sex in _ORDER:
            line = [condition.words, condition.ledger, {"male": "men", "female": "women"}[sex]]
            for (low, high), cost, people in cd.by_age(of, condition, nation, year, BANDS):
                cost = cost * factor[:, None]
                ages = _age_words(max(low, condition.from_age), high)
                if high < condition.from_age:
                    line.append("")
                    continue
                found = record.put(spread(_sex(cost.value, sex)), cost, condition=condition.key, view="counterfactual",
                                   figure="cost, bn", sex=sex, ages=ages, year=year, unit=f"bn {cost.unit}", discount_rate=0)
                line.append(f"{amount(found.point, 2)} ({amount(1e9 * found.point / _sex(people, sex), 0)})")
            lines.append(line)
    return lines


def lifetimes(worlds, mode, nation, record):
    """A person of 20: as long a life as it is, and with longer lives and all they cost."""
    lines = []
    for condition, of, factor in _all(worlds, mode):
        line = [condition.words, condition.ledger, of.unit]
        for rate in _RATES:
            for view, money in (("lifetime, lives as they are", cd.same_lives(of, condition, rate)),
                                ("lifetime, longer lives included",
                                 of.lifetime(condition.without, rate, AGE_FIRST, counted_from=condition.from_age))):
                money = money * factor[:, None]
                found = [record.put(spread(_sex(money.value, sex)), money, condition=condition.key, view=view, figure="a person of 20",
                                    sex=sex, ages="20+", unit=money.unit, discount_rate=rate) for sex in _ORDER]
                line.append(", ".join(amount(each.point, 0) for each in found))
        lines.append(line)
    head = ["what is taken away", "ledger", "unit", "lives as they are, 0 %", "longer lives included, 0 %", "lives as they are, 3 %",
            "longer lives included, 3 %"]
    return "\n\n".join([f"A person of 20, man, woman. {_note(worlds, 'discounted by 0 and by 3 % a year to age 20')}",
                        markdown(head, lines)])


def parts(worlds, nation, record, year=2019):
    """What the event ledger is made of."""
    event = worlds[cd.EVENT]
    people = nation.people(year)
    whole = (in_nation(event.per_year(), people) * 1e-9).in_prices(year, nation)
    lines = []
    for words, name in cd.PARTS:
        lines.append(_part_line(words, (in_nation(event.part(name), people) * 1e-9).in_prices(year, nation), record, year))
    lines.append(_part_line("Together", whole, record, year))
    return "\n\n".join([f"*{whole.tag}, not discounted.*", markdown(["part", "men, bn", "women, bn", "total, bn"], lines)])


def _part_line(words, cost, record, year):
    total = record.put(spread(cost.value.sum(axis=-1)), cost, condition=words, view="by part", figure="cost, bn", ages="20+", year=year,
                       unit=f"bn {cost.unit}", discount_rate=0)
    return [words, *(with_interval(spread(_sex(cost.value, sex))) for sex in _ORDER), with_interval(total)]


def frail(worlds, nation, record, year=2024):
    """Who is frail by Fried's definition, and what a frail year costs."""
    of = worlds[cd.FRAILTY]
    people = nation.people(year, 65)
    share = of.share("frailty", (2,), people)
    count = share * people.sum(axis=-1)
    cost = (in_nation(of.attributable("without_frailty"), people)).in_prices(year, nation)
    lines = []
    for sex in _ORDER:
        lines.append([{"male": "men", "female": "women"}[sex], with_interval(spread(100 * _sex(share, sex))),
                      with_interval(spread(_sex(count, sex) * 1e-6), 2), with_interval(spread(_sex(cost.value / count, sex)), 0),
                      with_interval(spread(_sex(cost.value, sex) * 1e-9))])
        record.put(spread(100 * _sex(share, sex)), condition="frailty", view="prevalence", figure="frail, %", sex=sex, ages="65+",
                   year=year, unit="%")
    return "\n\n".join([f"*{cost.tag}, not discounted, people of 65 and over in {year}.*", markdown(
        ["who", "frail, %", "frail, m", "USD a frail person", "bn a year"], lines)])
