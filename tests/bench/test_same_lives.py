"""The lives that the engine is measured against, in numpy and in scalar C, are the engine's lives: only then does their
time say anything. Same parameters, same reference pass; every mean, SD, level, count, cost and utility by sex and age."""

import json
import re

import h5py
import numpy as np
import pytest
from program import PYTHON, ROOT, run, simulate

LIFE = ROOT / "tests" / "bench" / "numpy_life.py"
SCALAR = ROOT / "build" / "release" / "tests" / "bench_scalar"
PERSONS = 100000
AGES = np.array([20, 35, 50, 60, 70, 80, 90]) - 20
# Of some 750 comparisons, many of them correlated, one beyond 5 standard errors has a chance below 4e-4.
WORST = 5
# The reference pass of the benchmarks: seed and size are those of tests/bench/world.c.
CONFIG = f"""\
title: Beside numpy
seed: 1
population:
  persons: {PERSONS}
  life_table: {ROOT}/configs/tables/us_life_table.csv
  life_table_year: 2017
reference:
  persons: 5000
output:
  trajectories:
    persons: 1000
"""


def live(*words):
    done = run(PYTHON, "-W", "error", LIFE, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """The summary of the engine."""
    folder = tmp_path_factory.mktemp("engine")
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    with h5py.File(simulate(folder / "config.yaml", folder / "out"), "r") as file:
        return {name: values[0, 0] for name, values in file["summary"].items() if values.ndim >= 4}


def read_scalar(path):
    """What bench_scalar saves (scalar_save.c), as numpy_life.py saves it."""
    lives, shape = {"cause": np.zeros((2, 78, 6))}, (2, 78)
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, *words = line.split()
        name = words.pop(0) if kind != "cause" else "cause"
        at = int(words[0]), int(words[1])
        values = np.array(words[2:], dtype=float)
        if kind == "cause":
            lives["cause"][at] = values
            continue
        endings = ("_n", "", "_sd") if kind == "mean" else ("_low", "_bins_per_unit")
        for ending, value in zip(endings, values):
            lives.setdefault(name + ending, np.zeros(shape))[at] = value
        if kind == "histogram":
            lives.setdefault(name + "_histogram", np.zeros((*shape, 256)))[at] = values[2:]
    return lives


@pytest.fixture(scope="module", params=["ziggurat", "box-muller", "scalar"])
def lives(request, tmp_path_factory):
    """What the numpy life found, with each way of drawing normals, and the scalar life."""
    path = tmp_path_factory.mktemp("lives") / "lives.npz"
    if request.param == "scalar":
        done = run(SCALAR, PERSONS, path)
        assert done.returncode == 0, done.stderr
        return read_scalar(path)
    live(PERSONS, "--normals", request.param, "--save", path)
    return dict(np.load(path))


def measures(lives):
    return [name[:-3] for name in lives if name.endswith("_sd")]


def test_a_few_lives_in_small_chunks_are_timed_and_last_as_long_as_the_life_table_says():
    said = live(2000, "--chunk", 300)
    line = r"numpy ziggurat: 2000 persons, \d+ person-years, [\d.]+ s, \S+ person-years/s \([\d.]+ ns each\)\n"
    assert re.match(line, said)
    women, men = map(float, re.search(r"e20 F ([\d.]+) M ([\d.]+) years", said).groups())
    # SD 14.5 years, 1,000 of each sex: 4 standard errors are 1.83; the reference pass adds .3
    assert abs(women - 61.49) < 2.1 and abs(men - 56.80) < 2.1


def test_no_lives_and_a_missing_world_are_refused(tmp_path):
    assert run(PYTHON, LIFE, 0).returncode == 2
    done = run(PYTHON, LIFE, 10, "--world", tmp_path / "none")
    assert done.returncode == 1 and "numpy_life: no " in done.stderr


def test_no_measure_and_no_bin_of_the_engine_is_left_out(lives):
    known = json.loads(run(ROOT / "build" / "release" / "sinew", "describe", "measures", "--format", "json").stdout)
    assert {measure["measure"] for measure in known} == set(measures(lives))
    states = {measure["measure"] for measure in known if measure["kind"] == "state"}
    assert states == {name[:-10] for name in lives if name.endswith("_histogram")}
    assert all(lives[name + "_histogram"].shape[-1] == 256 for name in states)


def test_every_measure_has_the_mean_of_the_engine(engine, lives):
    compared = 0
    for name in sorted(set(measures(lives)) - {"alive", "person_years"}):
        mean, sd, n = engine[name][:, AGES], engine[name + "_sd"][:, AGES], engine[name + "_n"][:, AGES]
        ours, our_n = lives[name][:, AGES], lives[name + "_n"][:, AGES]
        # the normal law needs some of both kinds where few have it
        rare = mean * n < 20 if name + "_histogram" not in lives else n < 100
        with np.errstate(invalid="ignore", divide="ignore"):
            z = (ours - mean) / (sd * np.sqrt(1 / n + 1 / our_n))
        z = z[~rare & (sd > 0)]
        assert np.all(np.abs(z) < WORST), (name, z)
        compared += z.size
    assert compared > 600


def test_fractures_and_nursing_home_entries_after_fifty_number_as_many_as_the_engine_s(engine, lives):
    """Over all ages, where one age has too few to tell."""
    old = slice(50 - 20, None)
    for name in ["nursing_home_entry"] + [name for name in measures(lives) if name.startswith("fracture_")]:
        mean, sd, n = (engine[name + ending][:, old] for ending in ("", "_sd", "_n"))
        ours = (lives[name] * lives[name + "_n"])[:, old].sum(axis=1)
        # 1.2: a person's years are not independent; with m = .03 to .5 a life and a CV of 1 the variance of the total
        # is 1 + m times that of independent years
        error = 1.2 * np.sqrt(2 * (n * sd**2).sum(axis=1))
        z = (ours - (mean * n).sum(axis=1)) / error
        assert np.all(np.abs(z) < 4), (name, z)


def test_as_many_live_as_in_the_engine(engine, lives):
    for sex in (0, 1):
        share, ours = (n / n[0] for n in (engine["alive_n"][sex], lives["alive_n"][sex]))
        error = np.sqrt(2 * share * (1 - share) / (PERSONS / 2))
        assert np.all(np.abs(ours - share)[1:] < WORST * error[1:])


def test_every_state_has_the_sd_of_the_engine(engine, lives):
    for name in measures(lives):
        if name + "_histogram" in lives:
            sd, n = engine[name + "_sd"][:, AGES], np.minimum(engine[name + "_n"], lives[name + "_n"])[:, AGES]
            ratio = (lives[name + "_sd"][:, AGES] / sd)[n > 1000]
            # SE of ln SD is sqrt((kurtosis - 1) / 4n) each, kurtosis at most 9 (log-normal, log-SD .5)
            assert np.all(np.abs(np.log(ratio)) < WORST * np.sqrt(2 * 2 / n[n > 1000])), (name, ratio)


def test_histograms_count_everyone_in_the_bin_of_his_value(lives):
    for name in measures(lives):
        if name + "_histogram" not in lives:
            continue
        count, n = lives[name + "_histogram"], lives[name + "_n"]
        assert np.array_equal(count.sum(axis=2), n), name
        # The middles of the bins give the mean, but for those beyond the ends: fewer than 1 % here.
        enough = n > 1000
        middle = (count @ (np.arange(256) + 0.5))[enough] / n[enough]
        mean = ((lives[name] - lives[name + "_low"]) * lives[name + "_bins_per_unit"])[enough]
        assert np.all(np.abs(middle - mean) < 0.3), name


def test_deaths_have_the_causes_that_the_engine_finds(engine, lives):
    theirs, ours = (deaths.sum(axis=1) for deaths in (engine["death_attributed_n"], lives["cause"]))
    share, share_ours = theirs / theirs.sum(axis=1, keepdims=True), ours / ours.sum(axis=1, keepdims=True)
    error = np.sqrt(share * (1 - share) * 2 / theirs.sum(axis=1, keepdims=True))
    assert np.all(np.abs(share_ours - share) < WORST * error)
