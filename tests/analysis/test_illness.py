"""Cost of illness: the published arithmetic, money that is not mixed, discounting, weighting by the nation, lives compared."""

import sys
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis"))

import numpy as np  # noqa: E402
import pytest  # noqa: E402

from sinew_analysis.illness import conditions as cd  # noqa: E402
from sinew_analysis.illness import lives as lv  # noqa: E402
from sinew_analysis.illness import published as pub  # noqa: E402
from sinew_analysis.illness import sarcopenia as sc  # noqa: E402
from sinew_analysis.illness.nation import Nation  # noqa: E402
from sinew_analysis.illness.record import Record, amount, with_interval  # noqa: E402
from sinew_analysis.illness.worlds import Spread, Worlds, in_nation, present_value, spread  # noqa: E402
from sinew_analysis.money import MixedMoney, Money  # noqa: E402
from sinew_analysis.reader import Measure, ResultError  # noqa: E402


@pytest.fixture(scope="module")
def nation():
    return Nation(ROOT / "configs" / "tables")


# The published arithmetic


def test_odds_ratios_become_relative_risks():
    """OR 3 at a baseline of one half: odds 1 become 3, risk .5 becomes .75."""
    assert pub.relative_risk(3, 0.5) == pytest.approx(1.5)
    assert pub.relative_risk(3, 0) == 3
    assert pub.relative_risk(1, 0.3) == pytest.approx(1)


def test_fractions_are_levins():
    """Half of the people at three times the risk: 1 of 2 cases in excess."""
    assert pub.excess((0.5,), (3,)) == pytest.approx(1)
    assert pub.attributable_fraction(1) == pytest.approx(0.5)


def test_the_published_cost_follows_from_the_stated_inputs(nation):
    """10.8, 7.7 and 18.5 to the digits that were published; 12.56 and 8.25 million people are 64.0 and 31.4 per cent."""
    steps = {sex: pub.steps(pub.BY_SEX[sex], nation.people(2000, 60)[s].sum()) for s, sex in enumerate(("female", "male"))}
    assert [round(steps[sex].cost_bn, 1) for sex in ("male", "female")] == [10.8, 7.7]
    assert round(sum(one.cost_bn for one in steps.values()), 1) == pub.TOTAL_BN
    assert [round(steps[sex].sarcopenic / 1e6, 2) for sex in ("male", "female")] == [12.56, 8.25]
    assert [round(steps[sex].share, 3) for sex in ("male", "female")] == [0.640, 0.314]
    assert steps["male"].risks == pytest.approx((3.65 / 1.1325, 4.71 / 1.1855))
    assert steps["male"].excess == pytest.approx(0.531 * (3.65 / 1.1325 - 1) + 0.112 * (4.71 / 1.1855 - 1))
    assert [round(steps[sex].per_disabled_usd, -1) for sex in ("male", "female")] == [7240, 12390]


def test_a_tenth_less_by_fractions_is_less_than_a_tenth(nation):
    steps = [pub.steps(given, 1) for given in pub.BY_SEX.values()]
    assert round(sum(one.saved_bn for one in steps), 1) == pub.SAVED_BN
    for one in steps:
        assert one.pool_falls_bn == pytest.approx(0.1 * one.cost_bn)
        assert one.saved_bn < one.pool_falls_bn


def test_nobody_is_sarcopenic_and_nothing_is_attributable():
    none = pub.excess((0, 0), (3, 4))
    assert none == 0 and pub.attributable_fraction(none) == 0


# Money


def test_ledgers_are_not_added():
    event, frailty = (Money(1, "USD_2019", ledger) for ledger in ("event", "frailty"))
    with pytest.raises(MixedMoney, match="costs by the ledgers event and frailty are views of the same lives: their sum would count"):
        event + frailty
    with pytest.raises(MixedMoney, match="views of the same lives"):
        event - frailty
    with pytest.raises(MixedMoney, match="views of the same lives"):
        event / frailty
    assert (event + event).value == 2


def test_prices_of_different_years_and_indices_are_not_added():
    now = Money(1, "USD_2019", "event")
    with pytest.raises(MixedMoney, match="USD_2019 by pce is not added to USD_2000 by pce"):
        now + Money(1, "USD_2000", "event")
    with pytest.raises(MixedMoney, match="USD_2019 by pce is not added to USD_2019 by cpi_medical"):
        now + Money(1, "USD_2019", "event", "cpi_medical")
    with pytest.raises(MixedMoney, match="USD_2019 by pce is not added to USD_2019 year-1 by pce"):
        now + Money(1, "USD_2019 year-1", "event")
    with pytest.raises(MixedMoney, match="money without a price year: 'USD'"):
        Money(1, "USD", "event")
    with pytest.raises(MixedMoney, match="costs from the health-care sector perspective are not added to those from the society one"):
        now + Money(1, "USD_2019", "event", perspective="society")
    with pytest.raises(MixedMoney, match="money is added to money only"):
        now + 1


def test_money_is_brought_to_another_year(nation):
    """PCE 73.82 in 2000 and 103.51 in 2019; medical care 260.75 and 498.40."""
    old = Money(100, "USD_2000 year-1", "event")
    new = old.in_prices(2019, nation)
    assert new.value == pytest.approx(100 * 103.51 / 73.82) and new.unit == "USD_2019 year-1"
    medical = old.in_prices(2019, nation, "cpi_medical")
    assert medical.value == pytest.approx(100 * 498.40 / 260.75) and medical.index == "cpi_medical"
    assert new.tag == "USD_2019 year-1, event ledger, health-care sector perspective, prices by pce"
    assert Money(1, "USD_2000", "disability").perspective == "cost of illness"


# The nation


def test_the_nation_is_that_of_the_census(nation):
    assert nation.people(2000, 60).sum(axis=1) == pytest.approx([26311357, 19621340])
    assert nation.people(2019, 60).sum(axis=1) == pytest.approx([40698389, 33931020])
    assert nation.people(2019, 60)[:, :40].sum() == 0
    with pytest.raises(ResultError, match="the table of people has no 2003; it has 2000, 2010"):
        nation.people(2003)
    with pytest.raises(ResultError, match="the price table has no ppi of 2000"):
        nation.price("ppi", 2000)


# Discounting


def test_discounting_is_continuous():
    """At 100 % a year v(t) = 2^-t: the first year is worth (1 - 1/2)/ln 2, each next one half of it. Not (1 - r)^t, which is 0."""
    assert present_value(1, [0, 1, 2]) == pytest.approx(np.array([1, 0.5, 0.25]) * 0.5 / np.log(2))
    assert present_value(0, [0, 40]) == pytest.approx([1, 1])
    many = np.linspace(7, 8, 100001)
    assert present_value(0.03, [7])[0] == pytest.approx(((1.03 ** -many)[1:] + (1.03 ** -many)[:-1]).mean() / 2, rel=1e-9)
    assert present_value(0.03, [7])[0] != pytest.approx(0.97**7, rel=1e-3)


# Worlds of made-up results


def results(costs, alive=None, ledger="disability", draws=1):
    """Results with one value a scenario, the same at all ages and in both sexes."""
    names = np.array(list(costs), dtype=object)
    shape = (len(costs), draws, 2, 78)
    dims = ("scenario", "draw", "sex", "age")

    def measure(values, name, units="1"):
        values = np.asarray(values, float)
        full = np.broadcast_to(values.reshape(len(costs), 1, 1, -1), shape)
        return Measure(name, full, dims, {}, units, name, {"ledger": ledger, "price_index": "pce"})

    held = {"cost": measure(list(costs.values()), "cost", "USD_2000"),
            "alive_n": measure(alive or [10] * len(costs), "alive_n"),
            "person_years": measure(alive or [10] * len(costs), "person_years")}

    class Made(dict):
        kind, path = "cohort", "made.h5"

        def labels(self, dim):
            return names if dim == "scenario" else np.arange(draws) if dim == "draw" else []

    return Made(held)


def test_what_is_attributable_is_the_difference_of_two_worlds(nation):
    worlds = Worlds(results({"reference": 500, "without_sarcopenia": 200}))
    found = in_nation(worlds.attributable("without_sarcopenia"), nation.people(2000, 60))
    assert found.value[0] == pytest.approx(300 * np.array([26311357, 19621340]))
    assert (found.unit, found.ledger) == ("USD_2000", "disability")
    with pytest.raises(ResultError, match="made.h5: no scenario without_falls"):
        worlds.attributable("without_falls")


def test_a_lifetime_counts_from_an_age_and_is_discounted_to_it():
    worlds = Worlds(results({"reference": 500, "without": 200}))
    assert worlds.lifetime("without", 0, 60).value[0] == pytest.approx([300 * 38] * 2)
    discounted = worlds.lifetime("without", 0.03, 60)
    assert discounted.value[0] == pytest.approx([300 * (1 - 1.03**-38) / np.log(1.03)] * 2)
    assert discounted.unit == "USD_2000"
    late = worlds.lifetime("without", 0.03, 20, counted_from=60)
    assert late.value[0] == pytest.approx([300 * (1.03**-40 - 1.03**-78) / np.log(1.03)] * 2)


def test_longer_lives_cost_more_and_lives_as_they_are_do_not():
    """Half of 20 die at 60 at 300 a year, none without it at 200: for each of 20, 150 a year or 200; of lives as they are 50 less."""
    condition = cd.Condition("x", "X", "event", "without", 60)
    half = [20] * 40 + [10] * 38
    worlds = Worlds(results({"reference": 300, "without": 200}, alive=[half, [20] * 78], ledger="event"))
    assert cd.same_lives(worlds, condition, 0).value[0] == pytest.approx([50 * 38] * 2)
    assert worlds.lifetime("without", 0, 20, counted_from=60).value[0] == pytest.approx([-50 * 38] * 2)


def test_a_ledger_is_taken_from_those_kept_beside_the_runs_own():
    """Costs of 500 and 200 by the run's ledger, of 50 and 20 by the other; 30 of the 50 are frailty's."""
    made = results({"reference": 500, "without": 200}, ledger="event")
    with pytest.raises(ResultError, match="made.h5: costs are by the event ledger, not by frailty, and output.cost_parts was not"):
        Worlds(made, "frailty")
    shape = (2, 1, 2, 78, 2)
    dims = ("scenario", "draw", "sex", "age")
    attrs = {"ledger": "as labelled", "price_index": "pce"}
    by_ledger = np.stack([np.full(shape[:-1], 500.0), np.full(shape[:-1], 50.0)], axis=-1)
    by_ledger[1] = [200, 20]
    made["cost_by_ledger"] = Measure("cost_by_ledger", by_ledger, (*dims, "ledger"), {"ledger": np.array(["event", "frailty"])},
                                     "USD_2000", "", attrs)
    by_part = np.broadcast_to([30.0, 7.0], shape)
    made["cost_by_part"] = Measure("cost_by_part", by_part, (*dims, "part"), {"part": np.array(["frailty", "fall_injury"])}, "USD_2000",
                                   "", {**attrs, "ledger_of_part": "frailty: frailty; fall_injury: event"})
    worlds = Worlds(made, "frailty")
    assert worlds.attributable("without").value == pytest.approx(np.full((1, 2, 78), 30))
    assert worlds.attributable("without").ledger == "frailty"
    assert worlds.part("frailty").value == pytest.approx(np.full((1, 2, 78), 30))
    with pytest.raises(ResultError, match="fall_injury is no part of the frailty ledger"):
        worlds.part("fall_injury")
    assert Worlds(made, "event").per_year().value == pytest.approx(np.full((1, 2, 78), 500))


def test_draws_that_were_not_kept_are_not_taken_for_the_point_estimate():
    made = results({"reference": 500, "without": 200}, draws=3)
    made["alive_n"].values = made["alive_n"].values[:, :1]
    with pytest.raises(ResultError, match="made.h5: alive_n was not kept by draw: output.per_draw must name it"):
        Worlds(made).per_year()


def test_a_cross_section_is_refused():
    made = results({"reference": 1})
    made.kind = "nation"
    with pytest.raises(ResultError, match="no birth cohort"):
        Worlds(made)


def test_the_years_after_follow_people_and_prices(nation):
    worlds = Worlds(results({"reference": 500, "without_sarcopenia": 200}))
    mode = SimpleNamespace(worlds=worlds, factor=np.array([2.0]))
    (_, cost, people), = sc.through_the_years(mode, nation, (2019,), "pce")
    assert people == pytest.approx([40698389, 33931020])
    assert cost.value[0] == pytest.approx(2 * 300 * people * 1e-9 * 103.51 / 73.82)
    grown = sc.by_growth(nation, 2019, "cpi_medical")
    assert sum(grown.values()) == pytest.approx(498.40 / 260.75 * (10.8 * 33931020 / 19621340 + 7.7 * 40698389 / 26311357))
    assert sum(grown.values()) == pytest.approx(58.5, abs=0.05)


# Whole lives


def made_lives(sex, alive, sarcopenic, cost, caused, frail=None, broke_hip=None):
    """Lives from 60 on; nobody is sarcopenic or costs anything before."""
    def whole(years, kind=float):
        years = np.asarray(years, kind)
        full = np.zeros((len(sex), 78), kind)
        full[:, 40:40 + years.shape[1]] = years
        return full

    made = lv.Lives.__new__(lv.Lives)
    made.sex, made.alive = np.array(sex), whole(alive, bool)
    made.alive[:, :40] = True
    made.sarcopenic, made.cost, made.caused = whole(sarcopenic, bool), whole(cost), whole(caused)
    made.frail = whole(frail, bool) if frail is not None else np.zeros_like(made.alive)
    made.broke_hip = whole(broke_hip, bool) if broke_hip is not None else np.zeros_like(made.alive)
    return made


def some_nation(by_age):
    people = np.zeros((2, 78))
    people[0, 40:40 + len(by_age)] = by_age
    return SimpleNamespace(people=lambda year, from_age: people)


def test_the_sarcopenic_are_compared_with_those_of_their_age():
    """Women of 60 cost 100, with it 130; of 61 they cost 300, with it 330, and more of them have it."""
    rows = [(0, 0, 100, 300), (0, 1, 100, 330), (0, 1, 100, 330), (1, 1, 130, 330)]
    sarcopenic = [[a, b] for a, b, _, _ in rows]
    cost = [[c, d] for _, _, c, d in rows]
    caused = [[20 * a, 20 * b] for a, b, _, _ in rows]
    found = lv.excess(made_lives([0] * 4, [[1, 1]] * 4, sarcopenic, cost, caused), some_nation([4e9, 4e9]))
    assert found.age[0] == pytest.approx(4 * 30)
    assert found.crude[0] == pytest.approx(130 + 3 * 330 - 4 * (3 * 100 + 300) / 4)
    assert found.caused[0] == pytest.approx(4 * 20)
    assert found.age[1] == 0 and found.crude[1] == 0


def test_illness_that_goes_with_it_is_taken_out():
    """Of 60: the frail cost 100 more, the sarcopenic 30; both sarcopenic ones but one of the others are frail."""
    made = made_lives([0] * 4, [[1]] * 4, [[1], [1], [0], [0]], [[230], [230], [200], [100]], [[0]] * 4,
                      frail=[[1], [1], [1], [0]])
    found = lv.excess(made, some_nation([4e9]))
    assert found.age[0] == pytest.approx(2 * (230 - 150))
    assert found.illness[0] == pytest.approx(2 * 30)


def test_a_new_case_costs_from_its_onset_on():
    """Two women, one million of each age: one sarcopenic from 61 to 62, one never. 50 a year while it lasts."""
    made = made_lives([0, 0], [[1, 1, 1, 0], [1, 1, 1, 0]], [[0, 1, 1, 0], [0, 0, 0, 0]], np.zeros((2, 4)),
                      [[0, 50, 50, 0], [0, 0, 0, 0]])
    found = lv.incidence(made, some_nation([1e6, 1e6, 1e6]), 2000, (0, 1))
    assert found.new_people[0] == pytest.approx(0.5e6) and found.at_60[0] == 0
    assert found.years[0] == pytest.approx(2)
    assert found.usd[0][0] == pytest.approx(100)
    assert found.usd[1][0] == pytest.approx(50 * 1.5 * 0.5 / np.log(2))


# Words


def test_figures_keep_their_interval_and_labels(tmp_path):
    found = spread([3, 1, 2, 3, 4, 5])
    assert found.interval == pytest.approx((1.1, 4.9))
    assert with_interval(found) == "3.0 (1.1 to 4.9)" and with_interval(Spread(-1.25, np.empty(0)), 2) == "−1.25"
    assert amount(-0.01) == "0.0" and amount(12345.6, 0) == "12,346"
    record = Record()
    record.put(found, Money(1, "USD_2000", "disability"), condition="x", unit="bn USD_2000", discount_rate=0.03)
    record.write(tmp_path / "x.csv")
    head, row = (tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()
    assert row == "x,,,,,,3,1.1,4.9,,bn USD_2000,disability,cost of illness,pce,0.03" and head.startswith("condition,view,figure")
