"""Costs, QALYs and ratios of cost and effect by a second program (accounts.py) from exported lives and events: to rounding the same."""

import csv
import io

import h5py
import numpy as np
import pytest
from accounts import GROUPS, LEDGER_OF, Accounts, discounted
from program import simulate, sinew

CONFIG = """\
title: Accounts
seed: 11
population: {persons: 400}
reference: {persons: 2000}
uncertainty: {draws: 20, sections: [], luck: shared, reference_persons: 2000}
economics: {price_year: 2021, index: cpi_medical}
interventions:
  - name: classes
    title: Classes
    who: age >= 65
    uptake: {value: 0.6, source: "assumption: a test"}
    persistence: {scale_yr: 3, shape: 1, source: "assumption: a test"}
    cost: {usd_per_yr: 210.5, usd_at_start: 99.9, price_year: 2012, source: "assumption: a test"}
    effects:
      fall_rate_ratio: {value: 0.5, source: "assumption: a test"}
scenarios:
  - {name: reference}
  - {name: classes, interventions: [classes]}
output:
  trajectories: {persons: all, fields: [residence, frailty, disabled, sarcopenia_ewgsop2, grip_kg, relative_asm_kg_m2]}
  events: all
  cost_parts: true
  per_draw: [cost, qaly, alive_n]
run: {unit_people: 1024}
"""
LEDGERS = ("event", "frailty", "disability")
NAMES = {"hip": "hip_fracture", "vertebral": "vertebral_fracture", "nhnv": "other_fracture", "injury": "fall_injury",
         "treatment": "interventions"}
# Ages at fractures are kept by the program in single precision, 2^-18 of a year at 64 and over: a fracture of 60,000 USD then costs
# up to a quarter of a dollar more or less in its first year, and other cents are rounded the other way.
CENTS = 30


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The same lives by each ledger."""
    folder = tmp_path_factory.mktemp("accounts")
    config = folder / "accounts.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    return {ledger: simulate(config, folder / ledger, settings={"economics.ledger": ledger}) for ledger in LEDGERS}


def usd_2012(accounts, usd):
    return accounts.p.bring(usd, 2012)


@pytest.fixture(scope="module")
def second(results):
    """(part -> cents, QALYs in millionths and by how many they may differ for those on a limit of sarcopenia, cents of treatment) of
    every year of the first two scenarios, by the second program."""
    found = []
    with h5py.File(results["event"]) as file:
        for scenario in (0, 1):
            accounts = Accounts(file, scenario)
            accounts.treatment = (usd_2012(accounts, 210.5), usd_2012(accounts, 99.9)) if scenario else None
            shape = (2, 78)
            sums = {part: np.zeros(shape) for part in (*LEDGER_OF, "qaly", "open", "on_limit", "treatment", "n", "events")}
            for row, age in accounts.years():
                at = int(accounts.sex[row]), age - 20
                for part, value in accounts.parts(row, age).items():
                    sums[part][at] += value
                said, other = accounts.qaly(row, age)
                sums["qaly"][at] += said
                sums["open"][at] += abs(other - said)
                sums["on_limit"][at] += other != said
                sums["treatment"][at] += accounts.treated(row, age)
                sums["n"][at] += 1
            for row in range(len(accounts.sex)):
                for when in [at for group in GROUPS for at in accounts.fractures[row][group]]:
                    sums["events"][int(accounts.sex[row]), int(when) - 20:][:6] += 1
            found.append(sums)
    return found


def first(results, ledger, scenario, measure="cost", label=None):
    """Totals of a measure by sex and age in the result: cents, or millionths of a year."""
    with h5py.File(results[ledger]) as file:
        summary = file["summary"]
        mean, alive = summary[measure][scenario, 0], summary["alive_n"][scenario, 0]
        if label:
            along = "part" if measure == "cost_by_part" else "ledger"
            mean = mean[..., list(summary[along].asstr()[...]).index(label)]
        return np.nan_to_num(mean) * alive * (1e6 if measure == "qaly" else 100)


def within(found, wanted, sums):
    """To rounding: 30 cents for each fracture that still costs in the year."""
    assert (abs(found - wanted) <= 0.5 + CENTS * sums["events"]).all(), abs(found - wanted).max()


def test_there_is_something_to_account(second):
    sums = second[0]
    assert all(sums[part].sum() > 0 for part in LEDGER_OF)
    assert second[1]["treatment"].sum() > 0 and sums["treatment"].sum() == 0
    assert sums["on_limit"].sum() < sums["n"].sum() / 1000  # two steps are less than a thousandth of the SD between people


@pytest.mark.parametrize("ledger", LEDGERS)
@pytest.mark.parametrize("scenario", [0, 1])
def test_each_ledger_is_the_sum_of_its_parts(results, second, ledger, scenario):
    sums = second[scenario]
    wanted = sum(sums[part] for part, of in LEDGER_OF.items() if of == ledger) + sums["treatment"]
    within(first(results, ledger, scenario), wanted, sums)


@pytest.mark.parametrize("part", [*LEDGER_OF, "treatment"])
@pytest.mark.parametrize("scenario", [0, 1])
def test_each_part_is_the_same(results, second, part, scenario):
    sums = second[scenario]
    within(first(results, "event", scenario, "cost_by_part", NAMES.get(part, part)), sums[part], sums)


@pytest.mark.parametrize("ledger", LEDGERS)
@pytest.mark.parametrize("scenario", [0, 1])
def test_one_run_keeps_all_ledgers(results, ledger, scenario):
    """A ledger is what a run of its own says, to the cent."""
    kept = first(results, "event", scenario, "cost_by_ledger", ledger)
    np.testing.assert_allclose(kept, first(results, ledger, scenario), rtol=1e-12)
    with h5py.File(results["event"]) as file:
        of = dict(pair.split(": ") for pair in file["summary/cost_by_part"].attrs["ledger_of_part"].split("; "))
        assert {name: of[NAMES.get(name, name)] for name in LEDGER_OF} == LEDGER_OF
        assert file["summary/cost_by_ledger"].attrs["ledger"] == "as labelled"
        assert file["summary/cost_by_ledger"].attrs["units"] == "USD_2021"


@pytest.mark.parametrize("scenario", [0, 1])
def test_quality_adjusted_time_is_the_same(results, second, scenario):
    """A millionth of a year for each person, and what those on a limit of sarcopenia may differ by."""
    sums = second[scenario]
    found = first(results, "event", scenario, "qaly")
    assert (abs(found - sums["qaly"]) <= 1 + 2 * sums["n"] + sums["open"]).all(), abs(found - sums["qaly"]).max()


@pytest.mark.parametrize("ledger", LEDGERS)
@pytest.mark.parametrize("rates", [(0, 0), (0.03, 0.03), (0.015, 0.05)])
def test_totals_and_ratios_of_cost_and_effect_are_the_same(results, second, ledger, rates):
    """The draws are worlds like the point estimate. Costs and QALYs have their own rates."""
    total, left_open = {}, {}
    for scenario, sums in enumerate(second):
        cost = sum(sums[part] for part, of in LEDGER_OF.items() if of == ledger) + sums["treatment"]
        people = sums["n"][:, 0].sum()
        total[scenario] = (discounted(cost.sum(axis=0), rates[0]) / people / 100,
                           discounted(sums["qaly"].sum(axis=0), rates[1]) / people / 1e6)
        left_open[scenario] = discounted(sums["open"].sum(axis=0), rates[1]) / people / 1e6
    done = sinew("decide", results[ledger], "--discount", f"{rates[0]},{rates[1]}", "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))

    def find(**wanted):
        return next(row for row in rows if all(row[key] == value for key, value in wanted.items()))

    for scenario, name in enumerate(("reference", "classes")):
        of = {"table": "totals", "strategy": name}
        assert float(find(statistic="cost", **of)["value"]) == pytest.approx(total[scenario][0], rel=2e-6)
        assert float(find(statistic="qaly", **of)["value"]) == \
            pytest.approx(total[scenario][1], rel=0, abs=2e-7 * total[scenario][1] + left_open[scenario])
    more, gained = total[1][0] - total[0][0], total[1][1] - total[0][1]
    row = find(table="versus_reference", strategy="classes", statistic="icer")
    assert gained > 0 and row["unit"] == "USD_2021/QALY" and row["ledger"] == ledger
    if more > 0:
        assert float(row["value"]) == pytest.approx(more / gained, rel=1e-3 + sum(left_open.values()) / gained)
    else:
        assert row["value"] == "" and row["note"].startswith("south-east")
