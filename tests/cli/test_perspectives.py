"""Whose costs: the same people with the same luck, paid for by others."""

import h5py
import numpy as np
import pytest
from program import refused, simulate, sinew

CONFIG = """\
title: Perspectives
seed: 5
population:
  persons: 4000
reference:
  persons: 2000
interventions:
  - name: course
    title: A course for everybody at 60 and at 70
    who: age = 60 or age = 70
    uptake: {value: 1, low: 1, high: 1, source: "assumption: everybody comes"}
    cost: {usd_at_start: 1000, price_year: 2019, source: "assumption: a round number"}
    duration_yr: 1
    restart: true
    offer_every_yr: 1
    effects:
      fall_rate_ratio: {value: 1.0001, low: 1.0001, high: 1.0001, source: "assumption: hardly any"}
scenarios:
  - {name: usual_care}
  - {name: course, interventions: [course]}
parameters:
  perspective: {medicare_background: 0.5, medicare_intervention: 0.25}
"""
AT = {age: age - 20 for age in (40, 60, 64, 65, 70, 80)}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("perspectives")
    (folder / "p.yaml").write_text(CONFIG, encoding="utf-8")
    settings = {"sector": {}, "medicare": {"economics.perspective": "medicare"},
                "society": {"economics.perspective": "societal"},
                "bare": {"economics.perspective": "societal", "economics.societal_parts": "[]"},
                "eating": {"economics.perspective": "societal", "economics.societal_parts": "[consumption]"}}
    found = {}
    for name, keys in settings.items():
        with h5py.File(simulate(folder / "p.yaml", folder / name, settings=keys)) as file:
            found[name] = {key: file["summary"][key][:, 0] for key in file["summary"]
                           if file["summary"][key].ndim == 4} | {"perspective": file["summary/cost"].attrs["perspective"]}
    return found


def test_all_but_money_is_the_same_to_the_bit(results):
    money = {key for key in results["sector"] if key.startswith("cost")} | {"perspective"}
    for name in ("medicare", "society", "bare"):
        for key, values in results["sector"].items():
            if key not in money:
                assert np.array_equal(values, results[name][key], equal_nan=True), (name, key)
    assert np.array_equal(results["sector"]["cost"], results["bare"]["cost"], equal_nan=True)


def test_medicare_pays_from_65_and_no_more_than_all(results):
    sector, medicare = results["sector"]["cost"], results["medicare"]["cost"]
    assert np.nanmax(medicare[:, :, :AT[65]]) == 0
    assert np.all(medicare[:, :, AT[65]:AT[80]] < sector[:, :, AT[65]:AT[80]])
    assert np.all(medicare[0, :, AT[65]:AT[80]] > 0.2 * sector[0, :, AT[65]:AT[80]])


def test_medicare_pays_its_share_of_an_intervention(results):
    """Everybody is given the course: 1,000 USD at 60 and at 70, of which a quarter at 70 is Medicare's."""
    for name, at_60, at_70 in (("sector", 1000, 1000), ("medicare", 0, 250), ("society", 1000, 1000)):
        cost = results[name]["cost"]
        for age, expected in ((60, at_60), (70, at_70)):
            assert cost[1, :, AT[age]] - cost[0, :, AT[age]] == pytest.approx([expected] * 2, abs=30), (name, age)


def test_society_adds_what_it_names(results):
    sector, eating, society = (results[name] for name in ("sector", "eating", "society"))
    lived = sector["person_years"] / sector["alive_n"]
    for age, more in ((64, 0), (65, 17000), (80, 17000)):
        assert (eating["cost"] - sector["cost"])[0, :, AT[age]] == pytest.approx(more * lived[0, :, AT[age]], abs=1)
    extra = (society["cost"] - eating["cost"])[0, :, AT[80]]  # informal care, in prices of 2019
    assert np.all(extra < 40000 * sector["disabled"][0, :, AT[80]]) and np.all(extra > 3000 * sector["disabled"][0, :, AT[80]])


def test_every_cost_says_whose_it_is(results, tmp_path):
    assert [results[name]["perspective"] for name in ("sector", "medicare", "society")] == \
        ["health-care sector", "Medicare", "society"]
    config = tmp_path / "p.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    refused(sinew("check", config, "--set", "economics.perspective=payer"), 2, "health_care", "medicare")
    refused(sinew("check", config, "--set", "economics.societal_parts=[time]"), 2, "time is none of informal_care")
