"""What frailty, falls, fractures and the loss of muscle cost: worlds without each of them, by the ledgers of events and frailty."""

from dataclasses import dataclass

import numpy as np

from . import sarcopenia as sc
from .nation import AGE_FIRST, N_AGES
from .worlds import in_nation, present_value

EVENT, FRAILTY = "event", "frailty"
YEARS = (2000, 2019, 2024)


@dataclass(frozen=True)
class Condition:
    """What is taken away, by which ledger it is counted, in which scenario."""

    key: str
    words: str
    ledger: str
    without: str
    from_age: int = AGE_FIRST  # people below are left out


SARCOPENIA = Condition("sarcopenia", "Sarcopenia (Janssen) from 60 on: disabled years it brings about, fitted in 2000", "disability",
                       sc.WITHOUT, sc.FROM_AGE)
CONDITIONS = (
    Condition("frailty", "Frailty (Fried): what the frail cost more", FRAILTY, "without_frailty"),
    Condition("frailty_events", "Frailty (Fried): falls, fractures and nursing homes it brings about", EVENT, "without_frailty"),
    Condition("falls", "Falls: injuries, the fractures and nursing homes that follow", EVENT, "without_falls"),
    Condition("fractures", "Fractures from 50 on, and what follows", EVENT, "without_fractures"),
    Condition("muscle_loss", "Muscle loss from 60 on: falls, fractures, nursing homes", EVENT, "without_muscle_loss"),
    Condition("muscle_loss_frail", "Muscle loss from 60 on: more who are frail", FRAILTY, "without_muscle_loss"),
)

PARTS = (("Hip fractures, five years", "hip_fracture"), ("Vertebral fractures, five years", "vertebral_fracture"),
         ("Other fractures, five years", "other_fracture"), ("Falls that injure without a fracture", "fall_injury"),
         ("Nursing homes", "nursing_home"), ("Background: all other personal health care", "background_event"))


def cost(worlds, condition, nation, year):
    """The nation's cost of one year, bn in that year's prices: Money, (draw, sex)."""
    found = in_nation(worlds.attributable(condition.without), nation.people(year, condition.from_age)) * 1e-9
    return found.in_prices(year, nation)


def by_age(worlds, condition, nation, year, bands):
    """(bands, draw, sex): bn of a year."""
    for low, high in bands:
        people = nation.people(year, max(low, condition.from_age))
        people[:, high + 1 - AGE_FIRST:] = 0
        found = in_nation(worlds.attributable(condition.without), people) * 1e-9
        yield (low, high), found.in_prices(year, nation), people.sum(axis=-1)


def same_lives(worlds, condition, rate):
    """What a person of 20 costs more in a life as long as it is, with the other world's costs a year: (draw, sex)."""
    lived = worlds.values("person_years") / worlds.values("alive_n")[..., :1]
    more = worlds.attributable(condition.without).value
    weight = np.where(np.arange(N_AGES) < condition.from_age - AGE_FIRST, 0, present_value(rate, np.arange(N_AGES)))
    return worlds.money((more * lived * weight).sum(axis=-1))

