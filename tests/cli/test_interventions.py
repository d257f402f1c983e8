"""Scenarios with interventions: what they change and leave alone, told, resumed and shared over ranks."""

import json
import re

import h5py
import numpy as np
import pytest
from however import HoweverRun
from program import ROOT, refused, simulate, sinew, with_record

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
  - {name: alendronate, interventions: [alendronate]}
  - {name: exercise, interventions: [exercise]}
  - {name: both, interventions: [exercise, alendronate]}
  - {name: slowed, interventions: [muscle_loss_slowed]}
  - {name: unwanted, interventions: [unwanted]}
"""
UNWANTED = """\
title: Offered to everybody, wanted by nobody
who: age >= 50
uptake: {value: 0, source: "assumption: nobody wants it"}
effects: {fall_rate_ratio: {value: 0.1, source: "assumption: it would work"}}
"""


def neutral():
    """Everybody is on it from 20 to death, and each of its channels does nothing: a second with those that may not
    stand beside the first's."""
    channels = re.findall(r"(?m)^SNW_CHANNEL\((\w+), (\w+),", (ROOT / "src/interventions/channels.def").read_text())
    apart = ("abmd_femoral_neck_ratio", "abmd_lumbar_spine_ratio", "activity_change", "hormone_therapy",
             "menopause_later_yr")
    texts = []
    for part in (False, True):
        text = ("title: Does nothing\nwho: everyone\nuptake: {value: 1, source: \"assumption: all\"}\n"
                "contraindicated: not everyone\nadverse_events: [{name: none, per_yr: 1, source: \"assumption: no harm\"}]\n"
                "effects:\n")
        for kind, name in channels:
            if (name in apart) == part:
                value = 1 if name.endswith("_ratio") else 0
                share = ", share_elsewhere: 0.5" if kind == "RATE" else ""
                text += f"  {name}: {{value: {value}, source: \"assumption: none\"{share}}}\n"
        texts.append(text)
    return texts


RENEWED = """\
title: For four years, and again whenever it is over
who: age >= 50
uptake: {value: 0.8, source: "assumption: most want it"}
offer_every_yr: 1
restart: true
duration_yr: 4
effects: {fall_rate_ratio: {value: 0.9, source: "assumption: it works"}}
"""
REFERENCE, DRUG, EXERCISE, BOTH, SLOWED, UNTREATED = range(6)
START, STOP = 4, 5


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("config")
    (folder / "interventions").mkdir()
    (folder / "interventions" / "unwanted.yaml").write_text(UNWANTED, encoding="utf-8")
    (folder / "tried.yaml").write_text(PEOPLE + SCENARIOS, encoding="utf-8")
    (folder / "plain.yaml").write_text(PEOPLE, encoding="utf-8")
    return folder / "tried.yaml"


@pytest.fixture(scope="module")
def result(config):
    return simulate(config, config.parent / "out")


def events(file, scenario, kinds=None):
    """(n, 4) person, age, kind, site, in order."""
    table = {name: file["events"][name][:] for name in ("scenario", "person", "age_yr", "kind", "site")}
    keep = table["scenario"] == scenario
    if kinds is not None:
        keep &= np.isin(table["kind"], kinds)
    rows = np.column_stack([table[name][keep] for name in ("person", "age_yr", "kind", "site")])
    return rows[np.lexsort(rows.T[::-1])]


def fields(file):
    return [name for name, d in file["trajectories"].items() if d.ndim == 3]


def test_the_reference_lives_as_without_scenarios(config, result):
    alone = simulate(config.parent / "plain.yaml", config.parent / "alone")
    with h5py.File(result) as file, h5py.File(alone) as right:
        for name in fields(right):
            assert np.array_equal(file["trajectories"][name][0], right["trajectories"][name][0]), name
        assert np.array_equal(events(file, 0), events(right, 0))


def test_what_nobody_takes_changes_nothing(result):
    with h5py.File(result) as file:
        for name in fields(file):
            lives = file["trajectories"][name]
            assert np.array_equal(lives[UNTREATED], lives[REFERENCE]), name
        assert np.array_equal(events(file, UNTREATED), events(file, REFERENCE))


def test_what_does_nothing_changes_nothing_in_those_on_it(tmp_path):
    (tmp_path / "interventions").mkdir()
    for name, text in zip(("first", "second"), neutral()):
        (tmp_path / "interventions" / f"{name}.yaml").write_text(text, encoding="utf-8")
    config = tmp_path / "c.yaml"
    config.write_text(PEOPLE + "scenarios:\n  - {name: reference}\n  - {name: idle, interventions: [first, second]}\n",
                      encoding="utf-8")
    with h5py.File(simulate(config, tmp_path / "out", settings={"population.persons": 1500})) as file:
        for name in set(fields(file)) - {"on_treatment"}:
            lives = file["trajectories"][name]
            assert np.array_equal(lives[1], lives[0]), name
        alive = file["trajectories/alive"][1] == 1
        assert (file["trajectories/on_treatment"][1][alive] == 1).all()
        lived = [kind for kind in range(7) if kind not in (START, STOP)]
        assert np.array_equal(events(file, 1, lived), events(file, 0, lived))


def test_what_interventions_cost_is_a_part_of_its_own(tmp_path):
    """Everybody from 50 on pays 100 USD a year for what does nothing: 10,000 cents of those who live the whole year."""
    text = UNWANTED.replace("value: 0,", "value: 1,").replace("value: 0.1,", "value: 1,")
    text += "cost: {usd_per_yr: 100, price_year: 2019, source: \"assumption: round\"}\n"
    config = with_record(tmp_path, "interventions", "idle", text, PEOPLE)
    with h5py.File(simulate(config, tmp_path / "out", settings={"population.persons": 2000})) as file:
        cost, own = file["summary/cost"][:, 0], file["summary/cost_interventions"][:, 0]
        alive = np.isfinite(cost[0])
        assert (own[0][alive] == 0).all() and (own[1, :, :30][alive[:, :30]] == 0).all()
        np.testing.assert_allclose((cost[1] - own[1])[alive], cost[0][alive], rtol=1e-12)
        per_year = file["summary/cost_interventions_per_py"][1, 0]
        np.testing.assert_allclose(per_year[:, 30:60], 100, rtol=1e-4)  # rounded to cents for who dies
        assert file["summary/cost_interventions"].attrs["units"] == "USD_2019"
        lives = file["trajectories/cost_interventions"][1]
        assert set(np.unique(lives[file["trajectories/alive"][1] == 1])) <= set(range(11))  # tens of dollars


def test_no_life_differs_before_the_person_starts(result):
    """Person by person: all fields up to the birthday of the start, but that it shows who is on treatment."""
    with h5py.File(result) as file:
        for scenario in (DRUG, EXERCISE, SLOWED):
            starts = {int(p): a for p, a, *_ in events(file, scenario, [START])[::-1]}  # the first of several
            assert len(starts) > 30
            first = np.array([starts.get(int(p), 1000) for p in file["trajectories/person_id"][:]])
            before = np.arange(20, 98)[None, :] < first[:, None]
            for name in fields(file):
                lives = file["trajectories"][name]
                assert np.array_equal(lives[scenario][before], lives[REFERENCE][before]), name


def test_nothing_else_happens_to_a_person_before_the_start(result):
    with h5py.File(result) as file:
        for scenario in (DRUG, EXERCISE, BOTH, SLOWED):
            starts = {}
            for person, age, *_ in events(file, scenario, [START]):
                starts.setdefault(person, age)

            def before(rows):
                return [tuple(row) for row in rows if row[1] < starts.get(row[0], 1000)]
            assert before(events(file, scenario)) == before(events(file, REFERENCE))


def test_starts_and_stops_agree_with_who_is_on_treatment(result):
    with h5py.File(result) as file:
        person = file["trajectories/person_id"][:]
        ages = np.arange(20, 98)
        for scenario in (DRUG, EXERCISE):
            on = file["trajectories/on_treatment"][scenario] == 1
            alive = file["trajectories/alive"][scenario] == 1
            stops = {}
            for p, a, *_ in events(file, scenario, [STOP]):
                stops.setdefault(int(p), []).append(a)
            wanted = np.zeros_like(on)
            for p, age, *_ in events(file, scenario, [START]):  # in order: the n-th course ends with the n-th stop
                end = stops[int(p)].pop(0) if stops.get(int(p)) else 1000
                wanted[person == p] |= (ages >= age) & (ages < end)
            assert np.array_equal(on & alive, wanted & alive)


def test_every_course_ends_before_the_next_begins(tmp_path):
    """Also where it ends on the birthday on which it is begun anew."""
    renewed = with_record(tmp_path, "interventions", "renewed", RENEWED, PEOPLE)
    with h5py.File(simulate(renewed, tmp_path / "out", settings={"population.persons": 1000})) as file:
        courses = {}
        for person, age, kind, _ in events(file, 1, [START, STOP]):
            courses.setdefault(person, []).append((age, -kind))  # on one day the end comes first
        courses = [sorted(course) for course in courses.values()]
    assert sum(len(course) > 2 and course[1][0] == course[2][0] for course in courses) > 100
    for course in courses:
        assert [-kind for _, kind in course] == ([START, STOP] * len(course))[:len(course)]


def test_a_person_has_the_same_luck_with_an_intervention_beside_another(result):
    """Nobody is on the drug first where exercise comes first, so those who start to exercise are the same."""
    with h5py.File(result) as file:
        alone, beside = events(file, EXERCISE, [START]), events(file, BOTH, [START])
        assert {tuple(row) for row in alone} <= {tuple(row) for row in beside}


def test_what_they_do_shows_where_it_should(result):
    with h5py.File(result) as file:
        def mean(name, scenario, age):
            return file["summary"][name][scenario, 0, 0, age - 20]
        assert mean("abmd_femoral_neck_g_cm2", DRUG, 70) > mean("abmd_femoral_neck_g_cm2", REFERENCE, 70)
        assert mean("grip_kg", EXERCISE, 66) > mean("grip_kg", REFERENCE, 66)
        assert mean("relative_asm_kg_m2", SLOWED, 75) > mean("relative_asm_kg_m2", REFERENCE, 75)
        assert mean("relative_asm_kg_m2", SLOWED, 40) == mean("relative_asm_kg_m2", REFERENCE, 40)


def test_the_result_names_them_and_says_against_what(config, result, tmp_path):
    with h5py.File(result) as file:
        assert file.attrs["interventions"] == \
            "alendronate, exercise, muscle_loss_slowed (hypothetical), unwanted"
    done = sinew("run", config, "-o", tmp_path)
    assert "muscle_loss_slowed (hypothetical)" in done.stdout and "reference arm is current care" in done.stdout


class TestHowever(HoweverRun):
    pass


def test_they_begin_on_the_day_people_are_met(config, tmp_path):
    nation = {"population.mode": "cross_section", "population.follow": 5, "population.persons": 3000}
    with h5py.File(simulate(config, tmp_path, settings=nation)) as file:
        met = np.argmax(file["trajectories/alive"][0] == 1, axis=1) + 20
        first = {int(p): a for p, a, *_ in events(file, EXERCISE, [START])}
        person = file["trajectories/person_id"][:]
        assert len(first) > 50
        assert all(first[int(p)] >= a for p, a in zip(person, met) if int(p) in first)


def test_draws_have_them_too(config, tmp_path):
    drawn = {"uncertainty.draws": 3, "uncertainty.reference_persons": 1000, "population.persons": 2000}
    with h5py.File(simulate(config, tmp_path, settings=drawn)) as file:
        assert file.attrs["interventions"].startswith("alendronate")
        rate = file["summary/falls_per_1000_py"][:, 1:, 0, 45:60]
        assert np.isfinite(rate).all()
        assert np.array_equal(rate[UNTREATED], rate[REFERENCE]) and not np.array_equal(rate[EXERCISE], rate[REFERENCE])


@pytest.mark.parametrize("name, text, said", [
    ("circle", "extends: circle.yaml\n", "extends"),
    ("wide", UNWANTED.replace("value: 0.1", "value: 0.01"), "wide.effects.fall_rate_ratio.value = 0.01 is below 0.1"),
    ("guess", UNWANTED.replace("age >= 50", "ages >= 50"), "guess.yaml:2:6: guess.who: unknown name ages; the nearest is age"),
])
def test_a_wrong_record_is_refused_where_it_stands(tmp_path, name, text, said):
    refused(sinew("check", with_record(tmp_path, "interventions", name, text)), 2, said)


@pytest.mark.parametrize("who, population", [
    ("age > 50 and year > 2400", "{persons: 200}"),
    ("female and male", "{mode: cross_section, persons: 200}"),
    ("female", "{persons: 200, female_share: 0}"),
    ("age < 60", "{mode: study, sample: [{name: old, sex: male, age_from: 60, age_to: 70, n: 100}]}"),
], ids=["never", "cross_section", "no_women", "all_older"])
def test_what_nobody_can_be_offered_is_a_warning(tmp_path, who, population):
    config = with_record(tmp_path, "interventions", "never", UNWANTED.replace("age >= 50", who),
                         f"population: {population}\nreference: {{persons: 1000}}\n")
    warning = f"warning: scenario never: never.who = {who}: can never hold for anybody simulated"
    for command in (("check",), ("run", "-o", tmp_path / "out", "--quiet")):
        done = sinew(command[0], config, *command[1:])
        assert done.returncode == 0 and done.stderr.count("warning") == 1 and warning in done.stderr, done.stderr
    with h5py.File(tmp_path / "out" / "results.h5") as file:
        falls = file["summary/falls"][:]
        assert np.array_equal(falls[0], falls[1], equal_nan=True)


def test_channels_and_conditions_are_described():
    channels, conditions = (json.loads(sinew("describe", what, "--format", "json").stdout)
                            for what in ("channels", "conditions"))
    assert {row["kind"] for row in channels} == {"rate", "state", "yearly"} and len(channels) > 20
    assert {"measured.bio_t_rel", "history.years_since_fmp", "true.sarcopenic"} <= {row["name"] for row in conditions}
    fields = json.loads(sinew("describe", "fields", "--format", "json").stdout)
    assert {row["field"]: row["kind"] for row in fields}["trait_treated"] == "treated"


def test_the_whole_library_runs_and_each_of_it_reaches_somebody(tmp_path):
    names = sorted(path.stem for path in (ROOT / "configs" / "interventions").glob("*.yaml"))
    scenarios = "".join(f"  - {{name: {name}, interventions: [{name}]}}\n" for name in names)
    (tmp_path / "all.yaml").write_text(f"scenarios:\n  - {{name: reference}}\n{scenarios}", encoding="utf-8")
    few = {"population.persons": 4000, "reference.persons": 1000, "output.trajectories.persons": 100}
    with h5py.File(simulate(tmp_path / "all.yaml", tmp_path / "out", settings=few)) as file:
        on = np.nanmax(file["summary/on_treatment_share"][:, 0, :, :, 1], axis=(1, 2))
        assert on[0] == 0 and (on[1:] > 0.01).all(), dict(zip(names, on[1:]))


@pytest.mark.parametrize("path", sorted((ROOT / "configs" / "scenarios").glob("*.yaml")), ids=lambda p: p.stem)
def test_a_ready_experiment_asks_a_question_and_runs(path, tmp_path):
    text = path.read_text(encoding="utf-8")
    question = text.splitlines()[0]
    assert question.startswith("# ") and question.endswith("?")
    small = {"population.persons": 500, "reference.persons": 1000, "output.trajectories.persons": 100,
             "uncertainty.reference_persons": 1000}
    if "\n  points:" in text:
        small["sweep.points"] = 2
    with h5py.File(simulate(path, tmp_path, settings=small)) as file:
        given = "interventions: [" in text or "screening: [" in text
        assert ("interventions" in file.attrs) == given and len(file["summary/scenario"]) > 1
