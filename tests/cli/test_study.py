"""A study's sample: one row for each person measured, with the error of the instruments."""

import csv
import io
import json
import subprocess

import h5py
import numpy as np
import pytest
from program import ENVIRONMENT, SINEW, digest, needs_mpi, simulate, sinew

STUDY = """\
title: Three groups
seed: 11
population:
  mode: study
  replicates: 3
  sample:
    - {name: young-women, sex: female, age_from: 20, age_to: 39, n: 100}
    - {name: old-women, sex: female, age_from: 60, age_to: 97, n: 150}
    - {name: men, sex: male, age_from: 50, age_to: 50, n: 70}
reference:
  persons: 1000
run:
  block_people: 128
  unit_people: 128
"""
N = 320


def columns(path):
    """All columns of /study, unpacked; fill values as NaN."""
    with h5py.File(path) as file:
        found = {"group_name": file["study/group_name"].asstr()[()].tolist()}
        for name, data in file["study"].items():
            if name != "group_name":
                found[name] = data[()]
            if "scale_factor" in data.attrs:
                values = data[()].astype(float)
                values[data[()] == data.attrs["_FillValue"][0]] = np.nan
                found[name] = values * data.attrs["scale_factor"] + data.attrs["add_offset"]
        return found


def one_group(folder, people):
    path = folder / "one.yaml"
    path.write_text(f"population: {{mode: study, sample: [{{name: all, {people}}}]}}\nreference: {{persons: 1000}}\n",
                    encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "study.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def result(study, tmp_path_factory):
    return simulate(study, tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def rows(result):
    return columns(result)


def test_there_is_one_row_for_each_person_and_replicate(rows):
    assert rows["person"].tolist() == list(range(3 * N))
    assert rows["replicate"].tolist() == [r for r in range(3) for _ in range(N)]
    assert rows["person_id"].tolist() == 3 * list(range(N))
    assert rows["replicate"].dtype == np.int32


def test_sex_group_and_age_are_those_of_the_sample(rows):
    assert rows["group_name"] == ["young-women", "old-women", "men"]
    assert rows["group_code"].tolist() == 3 * ([0] * 100 + [1] * 150 + [2] * 70)
    assert rows["sex"].tolist() == 3 * ([0] * 250 + [1] * 70)
    low, high = np.array([20, 60, 50])[rows["group_code"]], np.array([39, 97, 50])[rows["group_code"]]
    assert (rows["age"] >= low).all() and (rows["age"] <= high).all()


def test_ages_are_spread_evenly_over_a_group(tmp_path):
    """Chi-square of 38 ages with 200 expected in each; the seeded value stays below the 99.9 % point of 37 df, 69.3."""
    path = simulate(one_group(tmp_path, "sex: female, age_from: 60, age_to: 97, n: 7600"), tmp_path)
    counts = np.bincount(columns(path)["age"] - 60, minlength=38)
    assert counts.sum() == 7600 and ((counts - 200) ** 2 / 200).sum() < 69.3


def test_replicates_are_other_people_and_other_luck(rows):
    """Heights of the 100 young women correlate by 1 where they are the same people, by 0 with an SE of .1 where not."""
    first, second = rows["height_m"][:100], rows["height_m"][N:N + 100]
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.4
    assert (rows["age"][:N] != rows["age"][N:2 * N]).mean() > 0.5


def test_every_state_is_there_as_it_is_packed_in_trajectories(study, rows, tmp_path):
    path = simulate(study, tmp_path, settings={"output.trajectories.persons": "all"})
    known = {measure["measure"]: measure["kind"] for measure in
             json.loads(sinew("describe", "measures", "--format", "json").stdout)}
    read = {name for name, kind in known.items() if kind in ("state", "code") and name != "alive"}
    assert len(read) > 40 and set(known) & set(rows) == read
    with h5py.File(path) as file:
        for name in read:
            here, there = file["study"][name], file["trajectories"][name]
            assert here.dtype == there.dtype == np.uint16
            for key in ("units", "long_name", "scale_factor", "add_offset"):
                assert here.attrs[key] == there.attrs[key]


def test_trajectories_hold_the_truth_and_only_where_they_are_asked_for(study, result, rows, tmp_path):
    with h5py.File(result) as file:
        assert "trajectories" not in file and "events" not in file
    path = simulate(study, tmp_path, settings={"output.trajectories.persons": "all"})
    assert columns(path)["grip_kg"].tolist() == rows["grip_kg"].tolist()
    with h5py.File(path) as file:
        tracks = file["trajectories"]
        assert tracks["person_id"][()].tolist() == rows["person_id"].tolist()
        row = np.arange(3 * N)
        true = {name: tracks[name][0][row, rows["age"] - 20] * tracks[name].attrs["scale_factor"]
                for name in ("grip_kg", "bmi_kg_m2")}
    error = np.log(rows["grip_kg"] / true["grip_kg"])
    assert error.std() == pytest.approx(0.08, abs=5 * 0.08 / np.sqrt(2 * 3 * N))
    assert abs(np.log(rows["bmi_kg_m2"] / true["bmi_kg_m2"])).max() < 5 * 0.0117


def test_what_is_derived_follows_from_what_was_read(rows):
    women = rows["sex"] == 0
    t = (rows["abmd_femoral_neck_g_cm2"] - 0.858) / 0.120
    assert np.allclose(rows["t_score_femoral_neck"], t, atol=5e-4)
    weak = rows["grip_kg"] < np.where(women, 16, 27)
    low = rows["relative_asm_kg_m2"] < np.where(women, 5.5, 7.0)
    slow = rows["gait_m_s"] <= 0.8
    assert rows["sarcopenia_ewgsop2"].tolist() == np.where(weak, 1.0 + low + (low & slow), 0).tolist()
    applies = ~np.isnan(rows["osteoporosis_who"])
    lower = np.minimum(rows["t_score_femoral_neck"], rows["t_score_lumbar_spine"])[applies]
    assert rows["osteoporosis_who"][applies].tolist() == np.where(lower <= -1, 1.0 + (lower <= -2.5), 0).tolist()
    assert np.isnan(rows["years_since_fmp"][~women]).all() and not np.isnan(rows["years_since_fmp"][women]).any()


def test_no_scenario_acts_before_the_visit(study, result, rows, tmp_path):
    config = tmp_path / "two.yaml"
    config.write_text(STUDY + "scenarios:\n  - {name: reference}\n"
                      "  - {name: strong, parameters: {strength: {grip_young: {female: 40, male: 60}}}}\n",
                      encoding="utf-8")
    both = columns(simulate(config, tmp_path / "out"))
    assert both.keys() == rows.keys()
    for name, values in both.items():
        np.testing.assert_array_equal(values, rows[name], name)


def test_each_persons_scenario_begins_at_the_visit(rows, tmp_path):
    """A unit's people are visited at different ages: they can't share blocks then."""
    text = STUDY + ("scenarios:\n  - {name: reference}\n"
                    "  - {name: strong, parameters: {strength: {grip_young: {female: 34.1, male: 56.1}}}}\n")
    config = tmp_path / "two.yaml"
    config.write_text(text, encoding="utf-8")
    settings = {"output.trajectories.persons": "all"}
    path = simulate(config, tmp_path / "a", settings=settings)
    assert digest(simulate(config, tmp_path / "b", settings={**settings, "run.block_people": 64})) == digest(path)
    assert columns(path)["grip_kg"].tolist() == rows["grip_kg"].tolist()
    with h5py.File(path) as file:
        grip = file["trajectories/grip_kg"][()] * 0.002
        row = np.arange(3 * N)
        on_the_day = grip[:, row, rows["age"] - 20]
    assert np.allclose(on_the_day[1], 1.1 * on_the_day[0], atol=0.003)


@pytest.mark.parametrize("settings", [{"run.block_people": 64}, {"run.commit_seconds": 0.05}], ids=str)
def test_blocks_and_commits_change_nothing(study, result, tmp_path, settings):
    assert digest(simulate(study, tmp_path, settings=settings)) == digest(result)


@needs_mpi
def test_any_number_of_ranks_gives_the_same_table(study, result, rows, tmp_path):
    other = simulate(study, tmp_path, "--ranks", 3)
    assert digest(other) == digest(result)
    assert columns(other)["person_id"].tolist() == rows["person_id"].tolist()


def test_an_interrupted_study_goes_on_with_the_same_rows(study, result, tmp_path):
    stops = 0
    while (done := sinew("run", study, "-o", tmp_path, "--quiet", "--max-walltime", "0.001",
                         *["--resume"] * (stops > 0))).returncode == 5:
        stops += 1
    assert done.returncode == 0, done.stderr
    assert stops > 1
    assert digest(tmp_path / "results.h5") == digest(result)


def test_a_long_study_is_written_in_chunks(tmp_path):
    """More rows than one chunk of the table, in the order of replicate and person."""
    config = one_group(tmp_path, "sex: male, age_from: 20, age_to: 21, n: 1000")
    path = simulate(config, tmp_path, settings={"population.replicates": 70})
    rows = columns(path)
    assert rows["person"].tolist() == list(range(70000))
    assert (rows["replicate"] == np.arange(70000) // 1000).all()
    assert np.isfinite(rows["grip_kg"]).all()
    done = sinew("export", path, "study")
    assert done.returncode == 0 and done.stdout.count("\n") == 70001


def test_a_study_is_exported_with_labels_and_values(result, rows):
    done = sinew("export", result, "study", "--format", "csv")
    assert done.returncode == 0, done.stderr
    table = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(table[0])[:6] == ["person", "replicate", "person_id", "sex", "group", "age"]
    assert set(table[0]) == set(rows) - {"group_name", "group_code"} | {"group"}
    assert [line["group"] for line in table] == [rows["group_name"][code] for code in rows["group_code"]]
    assert [line["sex"] for line in table] == [["female", "male"][sex] for sex in rows["sex"]]
    for name in ("age", "grip_kg", "t_score_femoral_neck", "osteoporosis_who", "years_since_fmp"):
        values = np.array([float(line[name] or "nan") for line in table])
        assert np.allclose(values, rows[name], rtol=1e-8, equal_nan=True), name


def test_an_export_to_a_full_disk_fails(result):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([SINEW, "export", result, "study"], stdout=full, stderr=subprocess.PIPE, text=True,
                              env=ENVIRONMENT, check=False)
    assert done.returncode == 4 and "could not be written" in done.stderr


def test_the_study_of_2012_can_be_run(tmp_path):
    path = simulate("configs/studies/mayo_2012.yaml", tmp_path, settings={"population.replicates": 10, "reference.persons": 1000})
    rows = columns(path)
    assert len(rows["person"]) == 10 * (272 + 317)
    assert (rows["sex"] == 0).sum() == 2720
