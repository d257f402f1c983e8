"""/economics: what `sinew decide` says of a birth cohort, what /paired says of people who are followed, and the decision
statistics written anew."""

import csv
import io
import json

import h5py
import numpy as np
import pytest
from program import digest, kernels_here, needs_mpi, refused, sets, simulate, sinew
from test_merge import merge, parts

CONFIG = """\
seed: 3
population: {persons: 1500}
reference: {persons: 1000}
uncertainty: {draws: 24, reference_persons: 1000}
economics: {discount_costs: 0.05, discount_qalys: 0.01, willingness_to_pay: "20000, 90000"}
scenarios:
  - name: usual_care
  - name: steadier
    parameters: {falls: {frail: 0.1}, economics: {injury: 4000}}
  - name: drug
    interventions: [alendronate]
  - name: hip-care
    parameters: {falls: {frail: 0.3}, residence: {after_hip: [0.002, 0.006, 0.012, 0.024, 0.04]}}
output:
  per_draw: [cost, qaly, alive_n]
  cost_parts: true
"""
NAMES = ["usual_care", "steadier", "drug", "hip-care"]
SEXES = ["female", "male", "all"]
WHO = {"female": "female", "male": "male", "all": "both"}
THRESHOLDS = [20000.0, 90000.0]
FOLLOWED = {"population.mode": "cross_section", "population.follow": 12}
TOTALS = ["cost", "qalys", "life_years", "cost_interventions"]


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "c.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def result(config, tmp_path_factory):
    return simulate(config, tmp_path_factory.mktemp("cohort"))


@pytest.fixture(scope="module")
def followed(config, tmp_path_factory):
    return simulate(config, tmp_path_factory.mktemp("followed"), settings=FOLLOWED)


def economics(path):
    """All of the group, texts as texts."""
    with h5py.File(path) as file:
        return {name: data.asstr()[()] if data.dtype == object else data[()] for name, data in file["economics"].items()}


def axes_of(data):
    return [axis[0].name.split("/")[-1] if len(axis) else "" for axis in data.dims]


def decided(path, *words):
    done = sinew("decide", path, *words, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def one(rows, **wanted):
    found = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    assert len(found) == 1, (wanted, len(found))
    return found[0]["value"]


def printed(value):
    """A number as JSON tells it: nine digits, nothing for none."""
    return None if np.isnan(value) else float(f"{value:.9g}")


@pytest.mark.parametrize("sex", SEXES)
def test_a_cohort_has_the_figures_of_sinew_decide(result, sex):
    """To the last digit that is printed."""
    group, rows, at = economics(result), decided(result, "--sex", WHO[sex]), (SEXES.index(sex), 0)
    for s, name in enumerate(NAMES):
        of = {"strategy": name}
        for total, statistic in (("cost_discounted", "cost"), ("qalys_discounted", "qaly")):
            draws = group[total][(s, slice(None), *at)]
            assert printed(draws[0]) == one(rows, table="totals", statistic=f"{statistic}_point_estimate", **of)
            assert one(rows, table="totals", statistic=statistic, **of) == pytest.approx(draws[1:].mean(), rel=1e-8)
        for ours, theirs in (("incremental_cost_frontier", "incremental_cost"),
                             ("incremental_qalys_frontier", "incremental_qaly"), ("icer_frontier", "icer")):
            assert printed(group[ours][(s, *at)]) == one(rows, table="frontier", statistic=theirs, **of)
        if s > 0:
            for ours, theirs in (("incremental_cost", "incremental_cost"), ("incremental_qalys", "incremental_qaly"),
                                 ("icer", "icer")):
                assert printed(group[ours][(s, *at)]) == one(rows, table="versus_reference", statistic=theirs, **of)
        for t, threshold in enumerate(THRESHOLDS):
            of["threshold"] = threshold
            assert printed(group["nmb"][(s, t, *at)]) == one(rows, table="net_benefit", statistic="nmb", **of)
            assert printed(group["ceac"][(s, t, *at)]) == one(rows, table="acceptability", statistic="probability", **of)
            assert printed(group["expected_loss"][(s, t, *at)]) == \
                one(rows, table="acceptability", statistic="expected_loss", **of)
    for t, threshold in enumerate(THRESHOLDS):
        best = NAMES[group["optimal"][(t, *at)]]
        assert printed(group["ceaf"][(t, *at)]) == \
            one(rows, table="acceptability", statistic="frontier_probability", strategy=best, threshold=threshold)
        evpi = [row for row in rows if row["table"] == "information" and row["threshold"] == threshold]
        assert [printed(group[name][(t, *at)]) for name in ("evpi", "evpi_se")] == \
            [evpi[0]["value"], evpi[0]["standard_error"]]


def test_words_of_codes_are_those_of_sinew_decide(result):
    group, rows = economics(result), decided(result)
    with h5py.File(result) as file:
        quadrants, standings = (file[f"economics/{name}"].attrs["flag_meanings"].split() for name in ("quadrant", "dominance"))
    assert (group["quadrant"][0] == quadrants.index("on_axis")).all()
    for s, name in enumerate(NAMES):
        notes = {row["table"]: row["note"] for row in rows if row["strategy"] == name and row["statistic"] == "icer"}
        assert notes["frontier"] == standings[group["dominance"][s, 2, 0]].replace("_", " ")
        if s > 0:
            assert notes["versus_reference"].split(":")[0] == quadrants[group["quadrant"][s, 2, 0]].replace("_", "-")
        versus = one([{**row, "value": row["versus"]} for row in rows], table="frontier", strategy=name, statistic="icer")
        at = group["versus_frontier"][s, 2, 0]
        assert versus == (NAMES[at] if at >= 0 else None)


def test_totals_from_20_on_are_those_of_whole_lives(result):
    """Added up by age here; in /paired life by life, a cost rounded to a cent, each year's QALYs to a millionth of a year."""
    group = economics(result)
    with h5py.File(result) as file:
        for name in [*TOTALS, *(f"{name}_discounted" for name in TOTALS)]:
            np.testing.assert_allclose(group[name][..., 0], file[f"paired/{name}_total"][()], rtol=1e-12,
                                       atol=0.005 if name.startswith("cost") else 78 * 0.5e-6, err_msg=name)


def test_ledgers_and_parts_are_the_cost(result):
    group = economics(result)
    home = {"event": ("hip_fracture", "vertebral_fracture", "other_fracture", "fall_injury", "nursing_home", "background_event",
                      "informal_care", "interventions", "tests")}
    parts_of = [list(group["part"]).index(name) for name in home["event"]]
    for end in ("", "_discounted"):
        event = group[f"cost_by_ledger{end}"][..., list(group["ledger"]).index("event")]
        np.testing.assert_allclose(event, group[f"cost{end}"], rtol=1e-12)
        np.testing.assert_allclose(group[f"cost_by_part{end}"][..., parts_of].sum(-1), event, rtol=1e-12)
        np.testing.assert_allclose(group[f"cost_by_part{end}"][..., list(group["part"]).index("interventions")],
                                   group[f"cost_interventions{end}"], rtol=1e-12)
    with h5py.File(result) as file:
        assert file["economics/cost_by_part"].attrs["ledger_of_part"] == file["summary/cost_by_part"].attrs["ledger_of_part"]
        assert file["economics/cost_by_ledger"].attrs["ledger"] == "as labelled"


def test_money_says_what_it_is(result):
    with h5py.File(result) as file:
        group, costs = file["economics"], file["summary/cost"].attrs
        for name, discounting in (("cost", "none"), ("cost_discounted", "discounted"), ("incremental_cost", "discounted"),
                                  ("incremental_cost_draws_sd", "discounted"), ("icer", "discounted"), ("nmb", "discounted"),
                                  ("expected_loss", "discounted"), ("evpi", "discounted")):
            said = group[name].attrs
            assert said["discounting"] == discounting and said["units"].startswith("USD_2019")
            assert all(said[key] == costs[key] for key in ("ledger", "perspective", "price_index"))
        assert group["cost_discounted"].attrs["discount_rate"] == 0.05 and group["qalys_discounted"].attrs["discount_rate"] == 0.01
        assert group["icer"].attrs["units"] == group["threshold"].attrs["units"] == "USD_2019 year-1"


def test_people_who_are_followed_have_the_totals_of_paired(followed):
    group = economics(followed)
    with h5py.File(followed) as file:
        for name in [*TOTALS, *(f"{name}_discounted" for name in TOTALS)]:
            np.testing.assert_array_equal(group[name][..., 0], file[f"paired/{name}_total"][()])
    assert "cost_by_part" not in group  # kept of the first year alone


def test_decisions_are_those_of_another_program(followed):
    group = economics(followed)
    cost, qalys = (group[f"{name}_discounted"][:, 1:, :, 0] for name in ("cost", "qalys"))
    for name, values in (("cost", cost), ("qalys", qalys)):
        more = values - values[0]
        for end, right in (("", more.mean(1)), ("_draws_mean", more.mean(1)), ("_draws_sd", more.std(1, ddof=1)),
                           ("_draws_p025", np.quantile(more, 0.025, axis=1)), ("_draws_p50", np.median(more, axis=1)),
                           ("_draws_p975", np.quantile(more, 0.975, axis=1))):
            np.testing.assert_allclose(group[f"incremental_{name}{end}"][..., 0], right, rtol=1e-9, atol=1e-9, err_msg=name + end)
    more, gain = group["incremental_cost"], group["incremental_qalys"]
    meant = more * gain > 0
    np.testing.assert_allclose(group["icer"][meant], (more[meant] / gain[meant]), rtol=1e-12)
    assert np.isnan(group["icer"][~meant]).all() and 0 < meant.sum() < meant.size
    assert list(group["threshold"]) == THRESHOLDS
    for t, threshold in enumerate(THRESHOLDS):
        net = threshold * qalys - cost
        mean, best = net.mean(1), net.max(0)
        np.testing.assert_allclose(group["nmb"][:, t, :, 0], mean, rtol=1e-9)
        np.testing.assert_allclose(group["expected_loss"][:, t, :, 0], (best - net).mean(1), rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(group["evpi"][t, :, 0], best.mean(0) - mean.max(0), rtol=1e-6, atol=1e-6)
        for sex in range(3):
            share = [(net[:, :, sex].argmax(0) == s).mean() for s in range(len(NAMES))]
            np.testing.assert_allclose(group["ceac"][:, t, sex, 0], share, atol=1e-12)
            assert group["optimal"][t, sex, 0] == mean[:, sex].argmax()
            assert group["ceaf"][t, sex, 0] == pytest.approx(share[mean[:, sex].argmax()], abs=1e-12)


def test_without_draws_the_point_estimate_decides(config, tmp_path):
    group = economics(simulate(config, tmp_path, settings={"uncertainty.draws": 0}))
    for name in ("cost", "qalys"):
        totals = group[f"{name}_discounted"]
        assert totals.shape == (4, 1, 3, 1)
        np.testing.assert_allclose(group[f"incremental_{name}"], totals[:, 0] - totals[0, 0], rtol=1e-12)
    assert (group["dominance"][:, 2, 0] == 0).any()
    assert not {name for name in group if "_draws_" in name} | {"threshold", "nmb", "ceac", "evpi", "optimal"} & set(group)


def test_few_draws_have_means_and_no_probabilities(config, tmp_path):
    group = economics(simulate(config, tmp_path, settings={"uncertainty.draws": 3, "population.persons": 300}))
    more = group["cost_discounted"][:, 1:] - group["cost_discounted"][0, 1:]
    np.testing.assert_allclose(group["incremental_cost"], more.mean(1), rtol=1e-9)
    assert "incremental_cost_draws_sd" in group and "ceac" not in group and "threshold" not in group


def test_one_scenario_has_totals_alone(config, tmp_path):
    path = simulate(config, tmp_path, settings={"scenarios": "[]", "uncertainty.draws": 20, "population.persons": 300})
    group = economics(path)
    axes = {"scenario", "draw", "sex", "subgroup", "part", "ledger"}
    assert set(group) - axes == {name + end for name in [*TOTALS, "cost_by_part", "cost_by_ledger"] for end in ("", "_discounted")}
    assert group["cost"].shape == (1, 21, 3, 1) and np.isfinite(group["cost"]).all()


@pytest.mark.parametrize("share, nobody", [(0, "female"), (1, "male")])
def test_of_a_sex_that_nobody_is_of_nothing_is_told(config, tmp_path, share, nobody):
    settings = {"population.female_share": share, "population.persons": 500, "uncertainty.draws": 20}
    codes = {"versus_frontier": -1, "optimal": -1, "quadrant": 255, "dominance": 255}
    with h5py.File(simulate(config, tmp_path, settings=settings)) as file:
        of_sexes = [data for data in file["economics"].values() if "sex" in axes_of(data)]
        assert len(of_sexes) > 25
        for data in of_sexes:
            name, values = data.name.split("/")[-1], np.moveaxis(data[()], axes_of(data).index("sex"), 0)
            none, fill = values[SEXES.index(nobody)], codes.get(name)
            assert np.isnan(none).all() if fill is None else (none == fill).all(), name
            np.testing.assert_array_equal(values[2], values[1 - SEXES.index(nobody)], err_msg=name)
        assert np.isfinite(file["economics/evpi"][:, 2]).all()


LATE = """\
scenarios:
  - name: care
  - name: late
    parameters: {residence: {after_hip: {85: 0.02}}}
"""


def test_totals_begin_where_the_config_says(config, tmp_path):
    """Entry into nursing homes after a hip fracture differs from 85 on only."""
    path = tmp_path / "late.yaml"
    path.write_text(CONFIG.split("scenarios:")[0] + LATE + "output:" + CONFIG.split("output:")[1], encoding="utf-8")
    made = simulate(path, tmp_path / "out", settings={"economics.discount_from": 65})
    group, rows = economics(made), decided(made)
    for s, name in enumerate(("care", "late")):
        for total, statistic in (("cost_discounted", "cost"), ("qalys_discounted", "qaly")):
            assert printed(group[total][s, 0, 2, 0]) == \
                one(rows, table="totals", statistic=f"{statistic}_point_estimate", strategy=name)
    assert printed(group["incremental_cost"][1, 2, 0]) == \
        one(rows, table="versus_reference", statistic="incremental_cost", strategy="late")
    assert 15 < group["life_years"][0, 0, 2, 0] < 22
    with h5py.File(made) as file:
        assert file["economics"].attrs["comment"].startswith("From the birthday 65, to which")


@pytest.mark.parametrize("said, age", [("65", 65), ("{age: 65}", 65), ("birth_cohort_start", 20)])
def test_the_day_of_decision_is_an_age_or_a_word(config, tmp_path, said, age):
    settings = {"economics.discount_from": said, "uncertainty.draws": 0, "population.persons": 300}
    with h5py.File(simulate(config, tmp_path, settings=settings)) as file:
        assert file["economics"].attrs["comment"].startswith(f"From the birthday {age},")
        assert f"discount_from: {65 if age == 65 else said}" in file["config"].asstr()[()]


def test_a_birth_cohort_has_no_date_of_decision(config):
    refused(sinew("check", config, "--set", "economics.discount_from=decision_date"), 2,
            "economics.discount_from = decision_date: a birth cohort has none", "{age: 65}")
    refused(sinew("check", config, "--set", "economics.discount_from={year: 65}"), 2, "economics.discount_from")
    refused(sinew("check", config, "--set", "economics.discount_from=98"), 2, "economics.discount_from = 98 is above 97")


def test_people_who_differ_when_totals_begin_are_not_compared(config, tmp_path):
    settings = {"economics.discount_from": 85, "uncertainty.draws": 20, "population.persons": 1000}
    path = simulate(config, tmp_path, settings=settings)
    refused(sinew("decide", path), 2, "people alive")
    with h5py.File(path) as file:
        group = file["economics"]
        assert "other people alive than usual_care: nothing is compared" in group.attrs["not_compared"]
        assert "icer" not in group and np.isfinite(group["cost_discounted"][()]).all()


def test_what_is_not_measured_is_not_told(config, tmp_path):
    settings = {"output.measures": "[cost]", "output.per_draw": "[cost]", "uncertainty.draws": 0, "population.persons": 300}
    group = economics(simulate(config, tmp_path, settings=settings))
    assert "cost" in group and "life_years" in group and "qalys" not in group and "icer" not in group


@pytest.mark.parametrize("settings", [
    {"population.mode": "cross_section"},
    {"population.mode": "cross_section", "population.follow": 5, "scenarios": "[]"},
    {"population.mode": "study", "population.sample": "[{name: a, sex: female, age_from: 50, age_to: 79, n: 90}]"},
    {"population.mode": "open", "population.year": 2019, "population.until": 2021},
    {"sweep": "{as: belief, design: grid, measures: [nmb], factors: [{name: parameters.falls.frail, values: [0.1, 0.2]}]}"}],
    ids=["met", "one_scenario", "study", "open", "sweep"])
def test_other_kinds_of_result_have_no_such_group(config, tmp_path, settings):
    more = {"uncertainty.draws": 0, "population.persons": 400, "output.cost_parts": "false", "output.per_draw": "[cost]"}
    with h5py.File(simulate(config, tmp_path, settings={**more, **settings})) as file:
        assert "economics" not in file and "summary" in file


@pytest.mark.parametrize("mode", [{}, FOLLOWED], ids=["cohort", "followed"])
def test_ranks_parts_and_interruptions_change_no_figure(config, tmp_path, mode):
    settings = {"uncertainty.draws": 20, "population.persons": 1000, "run.unit_people": 256, "run.block_people": 64, **mode}
    whole = simulate(config, tmp_path / "whole", settings=settings)
    merged = merge(parts(config, tmp_path / "parts", 3, settings), tmp_path / "merged.h5")
    folder, stops = tmp_path / "stopped", 0
    done = sinew("run", config, "-o", folder, "--quiet", "--max-walltime", "0.2s", *sets(settings))
    while done.returncode == 5 and stops < 2:
        stops += 1
        done = sinew("run", config, "-o", folder, "--quiet", "--resume", "--max-walltime", "0.2s", *sets(settings))
    assert stops > 0
    resumed = folder / "results.h5" if done.returncode == 0 else simulate(config, folder, "--resume", settings=settings)
    narrow = simulate(config, tmp_path / "narrow", "--kernels", kernels_here()[min(1, len(kernels_here()) - 1)],
                      settings=settings)
    right = economics(whole)
    for path in (merged, resumed, narrow):
        assert digest(path) == digest(whole)
        for name, values in economics(path).items():
            np.testing.assert_array_equal(values, right[name], err_msg=name)


@needs_mpi
@pytest.mark.parametrize("ranks", [2, 4])
def test_the_number_of_ranks_changes_no_figure(config, result, tmp_path, ranks):
    assert digest(simulate(config, tmp_path, "--ranks", ranks)) == digest(result)


def test_the_digest_knows_the_group(config, result, tmp_path):
    """Another threshold changes this group alone, and the config."""
    other = simulate(config, tmp_path, settings={"economics.willingness_to_pay": "20000, 90001"})
    assert digest(other) != digest(result)
    assert (economics(other)["nmb"][:, 1] != economics(result)["nmb"][:, 1]).all()


def test_the_table_holds_every_value(followed):
    done = sinew("export", followed, "economics", "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    group = economics(followed)
    of = {}
    for row in rows:
        of.setdefault(row["variable"], []).append(row)
    with h5py.File(followed) as file:
        for name, data in file["economics"].items():
            if name in ("scenario", "draw", "threshold", "sex", "subgroup"):
                continue
            fill = data.attrs["_FillValue"][0]
            mine = [None if value == fill or np.isnan(value) else float(f"{value:.9g}") for value in data[()].ravel()]
            assert [float(row["value"]) if row["value"] else None for row in of[name]] == mine, name
            assert {row["unit"] for row in of[name]} == {data.attrs["units"]}
    row = next(row for row in of["nmb"] if (row["scenario"], row["threshold"], row["sex"]) == ("drug", "90000", "male"))
    assert float(row["value"]) == pytest.approx(group["nmb"][2, 1, 1, 0], rel=1e-8) and row["draw"] == row["part"] == ""
    assert row["basis"] == "event ledger; health-care sector perspective; prices by pce; discounted"
    assert of["quadrant"][0]["basis"] == "north_east south_east south_west north_west on_axis"


def test_check_tells_the_bytes_of_the_group(config, result, tmp_path):
    """Within a half of what the values and their index take."""
    done = sinew("check", config)
    said = next(line for line in done.stdout.splitlines() if line.startswith("/economics"))
    value, unit = said.split()[1:3]
    with h5py.File(result) as file, h5py.File(tmp_path / "alone.h5", "w") as alone:
        file.copy("economics", alone)
    size = (tmp_path / "alone.h5").stat().st_size
    assert float(value) * {"KiB": 1024, "MiB": 1048576}[unit] == pytest.approx(size, rel=0.5)
