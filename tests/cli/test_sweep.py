"""Designed experiments: points are worlds or deeds, the same people in all; what is kept, and what is refused."""

import csv
import io
import signal

import h5py
import numpy as np
import pytest
from program import (digest, ended, goes_on, kernels_here, needs_mpi, refused, simulate, sinew, start,
                     wait_for)

BASE = """\
title: Sweep
seed: 7
population:
  persons: 1500
reference:
  persons: 1000
uncertainty:
  reference_persons: 1000
run:
  unit_people: 1024
"""
BELIEF = BASE + """\
sweep:
  as: belief
  design: grid
  measures: [lifetime.person_years, lifetime.fracture_hip, discounted.cost, discounted.qaly, nmb, grip_kg@70, \
fracture_per_1000_py.hip@80-89, frailty_share.2]
  wtp_usd: 50000
  factors:
    - {name: parameters.strength.grip_young.female, values: [31, 35]}
    - {name: parameters.falls.rate_women, low: 0.9, high: 1.2, relative: true}
  levels: 2
"""
DEED = BASE + """\
scenarios:
  - {name: reference}
  - {name: exercise, interventions: [exercise]}
sweep:
  as: deed
  design: saltelli
  points: 4
  measures: [lifetime.falls, nmb]
  factors:
    - {name: interventions.exercise.uptake, low: 0.1, high: 0.9}
    - {name: interventions.exercise.effects.fall_rate_ratio.value, prior: true}
    - {name: parameters.strength.decline.female, low: 0.8, high: 1, relative: true}
"""


def written(folder, text, name="sweep.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


SPENT = DEED.replace("saltelli\n  points: 4", "one_way").replace(
    "lifetime.falls, nmb", "lifetime.cost_interventions, discounted.cost_interventions")


@pytest.fixture(scope="module")
def belief(tmp_path_factory):
    folder = tmp_path_factory.mktemp("belief")
    return simulate(written(folder, BELIEF), folder / "out")


@pytest.fixture(scope="module")
def deed_config(tmp_path_factory):
    return written(tmp_path_factory.mktemp("deed"), DEED)


@pytest.fixture(scope="module")
def deed(deed_config, tmp_path_factory):
    return simulate(deed_config, tmp_path_factory.mktemp("deed_out"))


def sweep_of(path):
    """{name: values} of the group."""
    with h5py.File(path) as file:
        return {name: dataset[()] for name, dataset in file["sweep"].items()}


def summary_of(path, name):
    with h5py.File(path) as file:
        return file["summary"][name][()]


def exported(path, what):
    done = sinew("export", path, what, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


# what a point is

def test_a_belief_is_the_world_of_a_config_that_says_so(belief, tmp_path):
    """Point 4: grip 35, falls x 1.2; its config by itself, luck and reference pass and all."""
    found = sweep_of(belief)
    np.testing.assert_allclose(found["design"], [[31, 1], [31, 0.9], [31, 1.2], [35, 0.9], [35, 1.2]])
    with h5py.File(belief) as file:
        rate = file["parameters/falls_rate_women"][0]
    text = BASE + "parameters:\n  strength: {grip_young: {female: 35}}\n  falls: {rate_women: [%s]}\n" % ", ".join(
        repr(float(x)) for x in rate * 1.2)
    by_itself = simulate(written(tmp_path, text), tmp_path / "out")
    grip = summary_of(by_itself, "grip_kg")[0, 0, :, 50]
    np.testing.assert_array_equal(found["grip_kg_at_70"][4, 0, :2], grip)
    assert abs(found["grip_kg_at_70"][2, 0, 0] - grip[0]) > 2


def test_a_deed_is_the_scenario_of_a_config_that_says_so(deed, tmp_path):
    found = sweep_of(deed)
    point = 7
    uptake, ratio, decline = found["design"][point]
    with h5py.File(deed) as file:
        base = file["parameters/strength_decline"][0, 0]
    text = BASE + f"""\
interventions:
  - name: exercise
    title: Exercise
    who: age >= 65 and not history.nursing_home and not on_treatment
    uptake: {{value: {uptake!r}, source: test}}
    persistence: {{scale_yr: 1.4427, shape: 1, source: test}}
    cost: {{usd_at_start: 339, price_year: 2012, source: test}}
    effects:
      fall_rate_ratio: {{value: {ratio!r}, share_elsewhere: 0.5, offset: half_life, offset_yr: 1, source: test}}
      strength_ratio: {{value: 1.10, half_life_yr: 0.15, offset: half_life, offset_yr: 1, source: test}}
scenarios:
  - {{name: reference}}
  - {{name: exercise, interventions: [exercise], parameters: {{strength: {{decline: {{female: {base * decline!r}}}}}}}}}
"""
    by_itself = simulate(written(tmp_path, text), tmp_path / "out")
    falls, years = summary_of(by_itself, "falls_per_1000_py")[1, 0], summary_of(by_itself, "person_years")[1, 0]
    alive = summary_of(by_itself, "alive_n")[1, 0, :, 0]
    np.testing.assert_allclose(found["lifetime_falls"][point, 1, :2], np.nansum(falls * years, axis=1) / 1000 / alive,
                               rtol=1e-12)


def test_the_reference_of_a_deed_stands_still(deed):
    found = sweep_of(deed)
    for name in ("lifetime_falls", "nmb"):
        assert np.ptp(found[name][:, 0], axis=0).max() == 0
        assert np.ptp(found[name][1:, 1, 0]) > 0


def test_with_nothing_moved_every_point_is_the_point_estimate(tmp_path):
    """The same people with the same luck at all points: what differs is due to the factors alone."""
    text = BASE + ("sweep: {as: belief, design: one_way, factors: ["
                   "{name: parameters.falls.per_weakness, values: [1, 1], relative: true}]}\n")
    found = sweep_of(simulate(written(tmp_path, text), tmp_path / "out"))
    for name in ("lifetime_person_years", "lifetime_falls", "discounted_cost", "nmb"):
        assert (found[name] == found[name][0]).all()


# what is kept

def test_measures_are_those_of_the_summary(belief):
    """Over ages and both sexes by hand, from point 0."""
    found, at = sweep_of(belief), {name: summary_of(belief, name)[0, 0] for name in (
        "alive_n", "person_years", "cost", "qaly", "fracture_per_1000_py", "frailty_share")}
    alive, years = at["alive_n"], at["person_years"]
    np.testing.assert_allclose(found["lifetime_person_years"][0, 0],
                               [*(years.sum(axis=1) / alive[:, 0]), years.sum() / alive[:, 0].sum()], rtol=1e-12)
    hip = at["fracture_per_1000_py"][..., 0] * years / 1000
    np.testing.assert_allclose(found["lifetime_fracture_hip"][0, 0, 2], np.nansum(hip) / alive[:, 0].sum(), rtol=1e-12)
    np.testing.assert_allclose(found["fracture_per_1000_py_hip_at_80_to_89"][0, 0, 1],
                               1000 * hip[1, 60:70].sum() / years[1, 60:70].sum(), rtol=1e-12)
    np.testing.assert_allclose(found["frailty_share_2"][0, 0, 0],
                               np.nansum(at["frailty_share"][0, :, 2] * alive[0]) / alive[0].sum(), rtol=1e-12)
    weight = (1.03 ** -np.arange(78) - 1.03 ** -np.arange(1, 79)) / np.log(1.03)
    totals = {m: np.nansum(at[m] * alive * weight, axis=1) / alive[:, 0] for m in ("cost", "qaly")}
    np.testing.assert_allclose(found["discounted_cost"][0, 0, :2], totals["cost"], rtol=1e-9)
    np.testing.assert_allclose(found["nmb"][0, 0, :2], 50000 * totals["qaly"] - totals["cost"], rtol=1e-9)


def test_every_variable_says_what_it_is(deed):
    with h5py.File(deed) as file:
        group = file["sweep"]
        assert (group.attrs["design"], group.attrs["as"]) == (b"saltelli", b"deed") or (
            group.attrs["design"], group.attrs["as"]) == ("saltelli", "deed")
        for name, dataset in group.items():
            assert "long_name" in dataset.attrs, name
            assert dataset.dtype.kind == "O" or "units" in dataset.attrs or name == "design"
        assert file["sweep/nmb"].attrs["units"] in (b"USD_2019", "USD_2019")
        assert [x.decode() for x in group["factor_unit"][()]] == ["1", "1", "1"]


def test_discounted_money_says_so(belief, deed):
    with h5py.File(belief) as of_belief, h5py.File(deed) as of_deed:
        for name in ("sweep/discounted_cost", "sweep/discounted_cost_mcse", "sweep/nmb", "sweep/nmb_mcse"):
            assert of_belief[name].attrs["discounting"] == "discounted"
        assert of_deed["sweep/nmb"].attrs["discounting"] == "discounted"
        assert of_belief["summary/cost"].attrs["discounting"] == "none"


def test_csv_has_a_row_for_each_point_and_measure(deed):
    rows, found = exported(deed, "sweep"), sweep_of(deed)
    assert len(rows) == 21 * 2 * 2 * 3
    assert list(rows[0]) == ["point", "interventions.exercise.uptake",
                             "interventions.exercise.effects.fall_rate_ratio.value",
                             "parameters.strength.decline.female", "scenario", "sex", "measure", "value", "mcse", "gain",
                             "gain_mcse", "unit", "basis"]
    money = "event ledger; health-care sector perspective; prices by pce; discounted"
    assert {(row["measure"], row["basis"]) for row in rows} == {("lifetime_falls", ""), ("nmb", money)}
    for row in rows:
        cell = int(row["point"]), ["reference", "exercise"].index(row["scenario"]), ["female", "male", "both"].index(
            row["sex"])
        assert float(row["value"]) == pytest.approx(found[row["measure"]][cell], rel=1e-8)
        assert float(row["mcse"]) == pytest.approx(found[row["measure"] + "_mcse"][cell], rel=1e-8)
        gain = found[row["measure"]][cell] - found[row["measure"]][cell[0], 0, cell[2]]
        assert float(row["gain"]) == pytest.approx(gain, rel=1e-8)
        assert bool(row["gain_mcse"]) == (row["measure"] == "lifetime_falls" and row["scenario"] == "exercise")
        assert float(row["interventions.exercise.uptake"]) == pytest.approx(found["design"][cell[0], 0], rel=1e-8)


def test_errors_of_whole_lives_are_those_of_paired_lives(deed):
    found = sweep_of(deed)
    with h5py.File(deed) as file:
        paired = file["paired"]
        difference, error = paired["falls"][1, 0], paired["falls_mcse"][1, 0]
        independent = paired["falls_independent_se"][1, 0]
    falls = found["lifetime_falls"][0]
    np.testing.assert_allclose(falls[1] - falls[0], difference, rtol=1e-9)
    np.testing.assert_allclose(found["lifetime_falls_gain_mcse"][0, 1], error, rtol=1e-9)
    np.testing.assert_allclose((found["lifetime_falls_mcse"][0] ** 2).sum(axis=0), independent ** 2, rtol=1e-9)
    assert (error < independent / 3).all()  # the same people: that is what common random numbers are for


def test_what_interventions_cost_is_compared_person_by_person_too(tmp_path):
    path = simulate(written(tmp_path, SPENT), tmp_path / "out")
    found = sweep_of(path)
    with h5py.File(path) as file:
        for name, paired in (("lifetime_cost_interventions", "cost_interventions"),
                             ("discounted_cost_interventions", "cost_interventions_discounted")):
            np.testing.assert_allclose(found[f"{name}_gain_mcse"][0, 1], file[f"paired/{paired}_mcse"][1, 0], rtol=1e-9)


def test_what_interventions_cost_is_discounted_as_money(tmp_path):
    rates = {"economics.discount_costs": 0.05, "economics.discount_qalys": 0}
    path = simulate(written(tmp_path, SPENT), tmp_path / "out", settings=rates)
    alive, cost = (summary_of(path, name)[1, 0] for name in ("alive_n", "cost_interventions"))
    worth = (1.05 ** -np.arange(78) - 1.05 ** -np.arange(1, 79)) / np.log(1.05)
    np.testing.assert_allclose(sweep_of(path)["discounted_cost_interventions"][0, 1, :2],
                               np.nansum(cost * alive * worth, axis=1) / alive[:, 0], rtol=1e-9)


def test_sensitivity_is_by_the_formulas(deed):
    """Saltelli 2010 and Jansen 1999, written out once more in numpy, of NMB gained by women."""
    found = sweep_of(deed)
    y = (found["nmb"][1:, 1, 0] - found["nmb"][1:, 0, 0]).reshape(4, 5)
    y = y - y[:, :2].mean()
    variance = (y[:, :2] ** 2).mean()
    rows = {(r["measure"], r["scenario"], r["sex"], r["factor"], r["index"]): r for r in exported(deed, "sensitivity")}
    for i, factor in enumerate(["interventions.exercise.uptake", "interventions.exercise.effects.fall_rate_ratio.value",
                                "parameters.strength.decline.female"]):
        first = (y[:, 1] * (y[:, 2 + i] - y[:, 0])).mean() / variance
        total = ((y[:, 0] - y[:, 2 + i]) ** 2).mean() / 2 / variance
        for index, right in (("first", first), ("total", total)):
            row = rows["nmb_gain", "exercise", "female", factor, index]
            assert float(row["value"]) == pytest.approx(right, rel=1e-6, abs=1e-9)
            assert float(row["low"]) <= float(row["value"]) <= float(row["high"])
    assert rows["nmb", "reference", "male", factor, "first"]["value"] == ""  # it stands still
    assert {row["basis"] for row in rows.values()} == {""}  # shares of a variance are no money


def test_morris_ranks_by_elementary_effects(tmp_path):
    text = BASE + """\
sweep:
  as: belief
  design: morris
  points: 3
  measures: [grip_kg@40]
  factors:
    - {name: parameters.strength.grip_young.female, low: 28, high: 34}
    - {name: parameters.falls.per_igfbp2, prior: true}
"""
    rows = exported(simulate(written(tmp_path, text), tmp_path / "out"), "sensitivity")
    value = {(r["factor"][11:], r["sex"], r["index"]): float(r["value"]) for r in rows}
    # medians go with the parameter: from 28 to 34 women of 40 gain 6 kg, less what is lost by 40 and the mean's part
    assert value["strength.grip_young.female", "female", "mu_star"] == pytest.approx(6, abs=0.4)
    assert value["strength.grip_young.female", "male", "mu_star"] == 0
    assert value["falls.per_igfbp2", "female", "mu_star"] == 0


def test_designs_without_indices_say_so(belief):
    refused(sinew("export", belief, "sensitivity"), 4, "a design grid gives no sensitivity indices")


# however it is run

def test_ranks_kernels_and_blocks_change_nothing(deed_config, deed, tmp_path):
    right = digest(deed)
    for kernels in kernels_here():
        made = simulate(deed_config, tmp_path / kernels, "--kernels", kernels, settings={"run.block_people": 256})
        assert digest(made) == right


@needs_mpi
@pytest.mark.parametrize("ranks", [2, 3])
def test_several_ranks_leave_the_same_result(deed_config, deed, tmp_path, ranks):
    assert digest(simulate(deed_config, tmp_path / "out", "--ranks", ranks)) == digest(deed)


@needs_mpi
def test_few_points_are_shared_by_all_ranks(belief, tmp_path):
    assert digest(simulate(written(tmp_path, BELIEF), tmp_path / "out", "--ranks", 3)) == digest(belief)


def test_an_interrupted_design_goes_on(deed_config, deed, tmp_path):
    folder, often = tmp_path / "out", {"run.commit_seconds": 0.05}
    process = start(deed_config, folder, settings=often)
    wait_for(lambda: (folder / "results.h5.checkpoint").exists() or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    ended(process)
    goes_on(deed_config, folder, digest(deed), settings=often)


def test_parts_are_joined_to_the_same_result(deed_config, deed, tmp_path):
    for part in (1, 2, 3):
        done = sinew("run", deed_config, "-o", tmp_path, "--quiet", "--part", f"{part}/3")
        assert done.returncode == 0, done.stderr
    parts = [tmp_path / f"part-{k}-of-3" for k in (1, 2, 3)]
    done = sinew("merge", *parts, "-o", tmp_path / "all.h5", "--quiet")
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "all.h5") == digest(deed)


def test_a_resolved_config_runs_the_same_sweep(deed, tmp_path):
    assert digest(simulate(deed.parent / "config.yaml", tmp_path / "out")) == digest(deed)


def test_check_says_how_many_points_and_what_they_take(deed_config):
    done = sinew("check", deed_config)
    assert done.returncode == 0, done.stderr
    assert "as they are and at 20 points of 3 factors" in done.stdout
    assert "person-years of the design" in done.stdout and "0 in reference passes" in done.stdout
    assert "/sweep" in done.stdout and "time, about" in done.stdout


# what is refused

ONE = "{name: parameters.falls.per_weakness, low: 0.1, high: 0.5}"
EXERCISE = "scenarios: [{name: reference}, {name: exercise, interventions: [exercise]}]\n"


def sweep(text="", factors=ONE, say="as: belief, design: sobol", more=""):
    return f"{BASE}{more}sweep: {{{say}{text}, factors: [{factors}]}}\n"


WRONG = {
    "no as": (sweep(say="design: sobol"), ":11:1: sweep: does not say `as`, and there is no default: belief"),
    "as": (sweep(say="as: beleif, design: sobol"), "sweep.as = beleif: expected belief|deed; the nearest is belief"),
    "lonely deed": (sweep(say="as: deed, design: sobol"), "give at least one under `scenarios:`"),
    "no design": (sweep(say="as: belief"), "sweep: has no `design`: one_way|grid"),
    "design": (sweep(say="as: belief, design: salteli"), "the nearest is saltelli"),
    "unknown key": (sweep(", ponts: 7"), "unknown key sweep.ponts; the nearest is points"),
    "no factors": (BASE + "sweep: {as: belief, design: sobol}\n", "sweep: has no `factors`"),
    "unknown parameter": (sweep(factors="{name: parameters.fals.per_weaknes, low: 0, high: 1}"),
                          "there is no parameter parameters.fals.per_weaknes; the nearest is "
                          "parameters.falls.per_weakness"),
    "unknown label": (sweep(factors="{name: parameters.strength.decline.femal, low: 0, high: 0.001}"),
                      "the nearest is parameters.strength.decline.female"),
    "unknown field": (sweep(factors="{name: interventions.exercise.uptak, low: 0, high: 1}", more=EXERCISE),
                      "there is no number of an intervention interventions.exercise.uptak; the nearest is "
                      "interventions.exercise.uptake"),
    "bounds": (sweep(factors="{name: parameters.falls.phi, low: 0.9, high: 1.7}"),
               "parameters.falls.phi = 1.7 is above 0.999"),
    "bounds of a field": (sweep(factors="{name: interventions.exercise.uptake, low: -0.1, high: 1}", more=EXERCISE),
                          "interventions.exercise.uptake = -0.1 is below 0"),
    "bounds by ratio": (sweep(factors="{name: parameters.falls.phi, low: 0.9, high: 1.7, relative: true}"),
                        "1.7 times the config's value is 1.649, not within 0 to 0.999"),
    "order": (sweep(factors="{name: parameters.falls.phi, low: 0.95, high: 0.9}"), "high = 0.9 is not above low = 0.95"),
    "no range": (sweep(factors="{name: parameters.falls.phi}"), "says no range: give `low` and `high`, `values`, or"),
    "two ranges": (sweep(factors="{name: parameters.falls.phi, low: 0.1, high: 0.2, prior: true}"), "range twice"),
    "no prior": (sweep(factors="{name: parameters.strength.shift_sd, prior: true}"), "has no prior (a lever)"),
    "no prior of a field": (sweep(factors="{name: interventions.exercise.duration_yr, prior: true}", more=EXERCISE),
                            "only uptake and the values of effects have an interval"),
    "unit": (sweep(factors="{name: parameters.strength.grip_young, low: 20, high: 40, unit: N}"),
             "unit = N, but its values are in kg"),
    "unit of a ratio": (sweep(factors="{name: parameters.falls.phi, low: 0.9, high: 1, relative: true, unit: year}"),
                        "but its values are in 1 (ratios"),
    "overlap": (sweep(factors="{name: parameters.falls.rate_women, prior: true}, "
                      "{name: parameters.falls.rate_women.80, prior: true}"),
                "parameters.falls.rate_women and parameters.falls.rate_women.80 overlap"),
    "too many": (sweep(factors=", ".join(f"{{name: parameters.{name}, prior: true}}" for name in (
        "falls.rate_women.20", "falls.rate_women.45", "falls.rate_women.60", "falls.rate_women.70",
        "falls.rate_women.80")), say="as: belief, design: grid, levels: 11"), "more than 100000 points"),
    "too many points": (sweep(", points: 100001"), "sweep.points = 100001 is above 100000"),
    "too many dimensions": (sweep(factors=", ".join(f"{{name: parameters.{name}, prior: true}}" for name in (
        f"falls.rate_{sex}.{age}" for sex in ("women", "men") for age in (20, 45, 60, 70, 80, 90, 97))) + ", " +
        ", ".join(f"{{name: parameters.falls.{name}, prior: true}}" for name in (
            "per_weakness", "frail", "nursing_home", "per_igfbp2", "variance_lasting", "variance_yearly", "phi")),
        say="as: belief, design: saltelli, points: 8"), "sweep.factors: 21 are more than 20"),
    "odd levels": (sweep(say="as: belief, design: morris, levels: 5"), "give an even number"),
    "points of a grid": (sweep(say="as: belief, design: grid, points: 5"), "sweep.points: has no meaning here"),
    "levels of a sequence": (sweep(", levels: 5"), "sweep.levels: this design has no levels"),
    "draws": (BASE.replace("uncertainty:\n", "uncertainty:\n  draws: 3\n") + sweep()[len(BASE):],
              "not possible together with uncertainty.draws = 3"),
    "unused": (sweep(factors="{name: interventions.own.uptake, low: 0, high: 1}", more=EXERCISE + """\
interventions:
  - {name: own, title: Own, who: age >= 70, uptake: {value: 0.5, source: test}}
"""), "no scenario has the intervention own"),
    "no cost": (sweep(factors="{name: interventions.own.cost.usd_per_yr, low: 0, high: 1}", more="""\
interventions:
  - {name: own, title: Own, who: age >= 70, uptake: {value: 0.5, source: test}}
scenarios: [{name: reference}, {name: own, interventions: [own]}]
"""), "the intervention has no `cost`"),
    "idle deed": (sweep(factors="{name: parameters.falls.rate_women, low: 0.9, high: 1.1, relative: true}",
                        say="as: deed, design: grid", more=EXERCISE),
                  "as a deed parameters.falls.rate_women changes nothing: it says what the reference pass meets"),
    "measure": (sweep(", measures: [grip_kgg]"), "sweep.measures: grip_kgg: /summary has no such variable"),
    "lifetime measure": (sweep(", measures: [lifetime.fals]"), "the nearest is lifetime.falls"),
    "lifetime state": (sweep(", measures: [lifetime.grip_kg]"), "no measure of the year"),
    "site": (sweep(", measures: [fracture_per_1000_py]"), "needs a site after a dot, `.hip`"),
    "ages": (sweep(", measures: [grip_kg@80-70]"), "within 20 to 97, the lower first"),
    "people": (sweep(", measures: [alive_n]"), "depends on how many are simulated"),
    "parts": (sweep(", measures: [cost_by_part.1]", more="output: {cost_parts: true}\n"),
              "sweep.measures: cost_by_part.1: the error of parts is not known: take cost, by the config's ledger"),
    "twice": (sweep(", measures: [nmb, nmb]"), "is there twice"),
    "no cohort": (sweep(", measures: [nmb]").replace("population:\n", "population:\n  mode: cross_section\n"),
                  "whole lives are those of a birth cohort"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_sweep_is_refused_with_what_to_do(name, tmp_path):
    text, words = WRONG[name]
    refused(sinew("check", written(tmp_path, text)), 2, words)


def test_all_errors_of_a_sweep_are_said_at_once(tmp_path):
    text = sweep(say="design: sobol", factors=ONE + ", {name: parameters.falls.fall, prior: true}, "
                 "{name: parameters.falls.phi, low: 2, high: 3}")
    done = sinew("check", written(tmp_path, text))
    own = refused(done, 2, "does not say `as`", "no parameter parameters.falls.fall", "falls.phi = 2 is above")
    assert len(own) >= 4
