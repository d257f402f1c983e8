"""Scenarios that screen: counted, told, resumed and shared over ranks; and what is refused."""

import re

import h5py
import numpy as np
import pytest
from however import HoweverRun
from program import ROOT, digest, refused, simulate, sinew, with_record

PEOPLE = """\
seed: 7
population: {persons: 6000}
reference: {persons: 1000}
output: {events: all, trajectories: {persons: all}}
run: {unit_people: 1024}
"""
SCENARIOS = """\
scenarios:
  - {name: reference}
  - {name: dxa_first, screening: [dxa_at_65]}
  - {name: blood_first, screening: [igfbp2_triage]}
  - {name: both, screening: [risk_score_first, sarc_f_then_grip]}
  - {name: nobody, screening: [nobody]}
"""
NOBODY = """\
title: Nobody comes
who: everyone
ages: [{from: 60, to: 90}]
attendance: {value: 0, source: "assumption: nobody"}
steps:
  - test: dxa
    positive: measured.t_score_femoral_neck < 5
    cost: {value: 40, price_year: 2018, source: "assumption: as it happens"}
    then: alendronate
"""
REFERENCE, DXA, BLOOD, BOTH, UNSEEN = range(5)
START = 4


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("config")
    (folder / "screening").mkdir()
    (folder / "screening" / "nobody.yaml").write_text(NOBODY, encoding="utf-8")
    (folder / "screened.yaml").write_text(PEOPLE + SCENARIOS, encoding="utf-8")
    (folder / "plain.yaml").write_text(PEOPLE, encoding="utf-8")
    return folder / "screened.yaml"


@pytest.fixture(scope="module")
def result(config):
    return simulate(config, config.parent / "out")


def counts(file, name, scenario, pathway, draw=0):
    """By step of a pathway, both sexes."""
    steps = file["screening/step"].asstr()[:]
    mine = [k for k, step in enumerate(steps) if step.split("/")[0] == pathway]
    return file["screening"][name][scenario, draw][:, mine].sum(axis=0)


def test_the_reference_lives_as_without_scenarios(config, result):
    alone = simulate(config.parent / "plain.yaml", config.parent / "alone")
    with h5py.File(result) as file, h5py.File(alone) as right:
        assert "screening" not in right
        for name, lives in right["trajectories"].items():
            if lives.ndim == 3:
                assert np.array_equal(file["trajectories"][name][0], lives[0]), name


def test_who_does_not_come_is_invited_and_no_more(result):
    with h5py.File(result) as file:
        assert counts(file, "invited", UNSEEN, "nobody")[0] > 1000
        assert counts(file, "tested", UNSEEN, "nobody")[0] == 0
        for name, lives in file["trajectories"].items():
            if lives.ndim == 3:
                assert np.array_equal(lives[UNSEEN], lives[REFERENCE]), name


def test_each_step_tests_those_whom_the_one_before_sends(result):
    with h5py.File(result) as file:
        tested, positive = (counts(file, name, BLOOD, "igfbp2_triage") for name in ("tested", "positive"))
        referred, started = (counts(file, name, BLOOD, "igfbp2_triage") for name in ("referred", "started"))
        assert len(tested) == 2 and tested[1] == positive[0] > 0
        assert list(referred) == [0, positive[1]] and 0 < started[1] < referred[1]
        assert counts(file, "tested", DXA, "igfbp2_triage").sum() == 0


def test_who_starts_is_who_was_referred(result):
    """The first course of each person is one that the pathway counts, on one of its birthdays; later ones go on by themselves."""
    with h5py.File(result) as file:
        events = {name: file["events"][name][:] for name in ("scenario", "kind", "age_yr", "person")}
        mine = (events["scenario"] == DXA) & (events["kind"] == START)
        first = {}
        for person, age in zip(events["person"][mine], events["age_yr"][mine]):
            first[person] = min(age, first.get(person, 98))
        ages = list(first.values())
        assert len(ages) == counts(file, "started", DXA, "dxa_at_65").sum() > 50
        assert set(ages) <= {65, 70, 75, 80}


def test_the_cost_of_tests_is_in_the_cost_to_the_cent(config, tmp_path):
    """A test that leads nowhere but to a drug that nobody takes: lives are the same, cost differs by the tests."""
    (tmp_path / "interventions").mkdir()
    (tmp_path / "interventions" / "idle.yaml").write_text(
        'title: Idle\nwho: everyone\nuptake: {value: 0, source: "assumption: nobody"}\n', encoding="utf-8")
    text = NOBODY.replace("attendance: {value: 0", "attendance: {value: 0.5").replace("alendronate", "idle")
    with h5py.File(simulate(with_record(tmp_path, "screening", "idle", text, PEOPLE), tmp_path / "out")) as file:
        alive = file["summary/alive_n"][:, 0]
        cost = np.nan_to_num(file["summary/cost"][:, 0]) * alive
        tests = file["screening/cost"][1, 0].sum()
        tested = file["screening/tested"][1, 0].sum()
        assert np.array_equal(alive[0], alive[1])
        assert tests == pytest.approx(tested * 40 * 1.0147, rel=0.01)  # prices of 2018 to 2019, to the nearest cent each
        assert (cost[1] - cost[0]).sum() == pytest.approx(tests, rel=1e-6)


def test_people_needed_are_those_tested_over_fractures_averted(result):
    with h5py.File(result) as file:
        group = file["screening"]
        averted = group["fractures_averted"][DXA, 0].sum()
        tested = counts(file, "people_tested", DXA, "dxa_at_65")[0]
        started = counts(file, "started", DXA, "dxa_at_65").sum()
        assert group["number_needed_to_screen"][DXA, 0, -1] == pytest.approx(tested / averted)
        assert group["number_needed_to_treat"][DXA, 0, -1] == pytest.approx(started / averted)
        assert np.isnan(group["number_needed_to_screen"][REFERENCE, 0]).all()
        rate, years = file["summary/fracture_per_1000_py"][:, 0], file["summary/person_years"][:, 0]
        fractures = np.nansum(rate * years[..., None], axis=(1, 2, 3)) / 1000
        assert averted == pytest.approx(fractures[REFERENCE] - fractures[DXA], abs=1e-6)


def test_the_result_names_the_pathways_and_what_nobody_can_know(result, tmp_path):
    with h5py.File(result) as file:
        assert file["screening"].attrs["pathways"] == \
            "dxa_at_65, igfbp2_triage, risk_score_first, sarc_f_then_grip, nobody"
    config = with_record(tmp_path, "screening", "oracle",
                         NOBODY.replace("who: everyone", "hypothetical: true\nwho: true.t_score_femoral_neck < -2"))
    few = {"population.persons": 200, "reference.persons": 1000}
    with h5py.File(simulate(config, tmp_path / "out", settings=few)) as file:
        assert file["screening"].attrs["pathways"] == "oracle (hypothetical)"


def test_every_step_of_every_pathway_has_its_place(tmp_path):
    """44 pathways of 6 steps, four to a scenario."""
    steps = ", ".join(f"{{name: s{k}, test: dxa, positive: measured.t_score_femoral_neck < 5, "
                      "cost: {value: 0, price_year: 2019, source: test}, then: "
                      f"{f's{k + 1}' if k < 5 else 'alendronate'}}}" for k in range(6))
    pathways = "".join(f"  - {{name: p{p}, title: P, who: everyone, ages: [{{from: 60, to: 90}}], "
                       f"attendance: {{value: 0, source: test}}, steps: [{steps}]}}\n" for p in range(44))
    scenarios = "".join(f"  - {{name: of_{p}, screening: [p{p}, p{p + 1}, p{p + 2}, p{p + 3}]}}\n" for p in range(0, 44, 4))
    (tmp_path / "many.yaml").write_text("population: {persons: 100}\nreference: {persons: 1000}\n"
                                        f"screening:\n{pathways}scenarios:\n  - {{name: reference}}\n{scenarios}", encoding="utf-8")
    with h5py.File(simulate(tmp_path / "many.yaml", tmp_path / "out")) as file:
        assert list(file["screening/step"].asstr()[-6:]) == [f"p43/s{k}" for k in range(6)]
        assert file["screening/invited"].shape[-1] == 44 * 6
        assert file["screening/invited"][1, 0, 0, 0] > 0 and file["screening/invited"][11, 0, 0, -6] > 0


class TestHowever(HoweverRun):
    pass


def test_draws_have_counts_of_their_own(config, tmp_path):
    drawn = {"uncertainty.draws": 4, "uncertainty.reference_persons": 1000, "population.persons": 2000}
    with h5py.File(simulate(config, tmp_path / "a", settings=drawn)) as file:
        tested = file["screening/tested"][DXA, :, 0, 0]
        cost = file["screening/cost"][DXA, :, 0, 0] / tested
        assert len(tested) == 5 and len(set(tested)) == 5 and (tested > 0).all()
        assert len(set(np.round(cost, 2))) == 5 and cost[0] == pytest.approx(42.2, abs=0.3)
        assert np.isfinite(file["screening/fractures_averted"][:]).all()
        paid = file["parameters/screening_dxa_at_65_dxa_cost"]
        assert paid.attrs["units"] == "USD_2018" and paid[:5] / paid[0] == pytest.approx(cost / cost[0], rel=1e-3)
    one, two = tmp_path / "a" / "results.h5", simulate(config, tmp_path / "b", "--ranks", 2, settings=drawn)
    assert digest(one) == digest(two)


def test_they_begin_on_the_day_people_are_met(config, tmp_path):
    nation = {"population.mode": "cross_section", "population.follow": 5, "population.persons": 3000}
    with h5py.File(simulate(config, tmp_path, settings=nation)) as file:
        met = np.argmax(file["trajectories/alive"][0] == 1, axis=1) + 20
        person = list(file["trajectories/person_id"][:])
        events = {name: file["events"][name][:] for name in ("scenario", "kind", "age_yr", "person")}
        mine = (events["scenario"] == DXA) & (events["kind"] == START)
        assert mine.sum() > 5
        assert all(age >= met[person.index(p)] for p, age in zip(events["person"][mine], events["age_yr"][mine]))


@pytest.mark.parametrize("name, text, said", [
    ("unknown", NOBODY.replace("test: dxa", "test: dexa"), "unknown.yaml:6:11: unknown.steps[1].test = dexa: unknown test; the nearest is dxa"),
    ("number", NOBODY.replace(" < 5", ""), "number.steps[1].positive: a number is neither true nor false"),
    ("dead", NOBODY.replace("    then: alendronate\n", ""), "dead.dxa: a dead end"),
    ("cycle", NOBODY.replace("then: alendronate", "then: dxa"), "cycle.dxa.then = dxa: leads back, a cycle"),
    ("lost", NOBODY.replace("then: alendronate", "then: alendronat"), "neither a step of this pathway nor an intervention"),
    ("old", NOBODY.replace("to: 90", "to: 99"), "old.ages.to = 99 is above 97"),
    ("twice", NOBODY.replace("{from: 60, to: 90}", "{from: 60, to: 90}, {from: 80}"), "overlaps 60 to 90"),
])
def test_a_wrong_pathway_is_refused_where_it_stands(tmp_path, name, text, said):
    refused(sinew("check", with_record(tmp_path, "screening", name, text)), 2, said)


def test_all_pathways_of_the_library_can_be_named(tmp_path):
    names = sorted(path.stem for path in (ROOT / "configs" / "screening").glob("*.yaml"))
    assert len(names) >= 5
    lines = "".join(f"  - {{name: {name}, screening: [{name}]}}\n" for name in names)
    (tmp_path / "c.yaml").write_text("scenarios:\n  - {name: reference}\n" + lines, encoding="utf-8")
    done = sinew("check", tmp_path / "c.yaml")
    assert done.returncode == 0, done.stderr
