"""Draws of the uncertain parameters: each a world of its own, the same however many there are; what is kept of them."""

import os
import re
import shutil
import signal
import struct
import time

import h5py
import numpy as np
import pytest
from program import (SINEW, digest, ended, goes_on, kernels_here, needs_mpi, refused, run, sets, simulate, sinew, start,
                     units_safe, wait_for)

CONFIG = """\
title: Draws
seed: 7
population:
  persons: 1500
reference:
  persons: 1000
uncertainty:
  draws: 5
  reference_persons: 1000
scenarios:
  - name: reference
  - name: strong
    parameters: {strength: {grip_young: {female: 33}}}
output:
  per_draw: all
run:
  unit_people: 1024
"""
STATISTICS = {"mean": lambda x: np.nanmean(x, axis=1), "sd": lambda x: np.nanstd(x, axis=1, ddof=1),
              "p025": lambda x: np.nanquantile(x, 0.025, axis=1), "p50": lambda x: np.nanquantile(x, 0.5, axis=1),
              "p975": lambda x: np.nanquantile(x, 0.975, axis=1)}


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    path = tmp_path_factory.mktemp("draws") / "draws.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def five(config, tmp_path_factory):
    """The result with five draws, every variable kept for each."""
    return simulate(config, tmp_path_factory.mktemp("five"))


@pytest.fixture(scope="module")
def five_right(five):
    return digest(five)


def along_draws(path):
    """{name: (scenario, draw, ..)} of the variables of /summary that have draws."""
    with h5py.File(path) as file:
        return {name: data[...] for name, data in file["summary"].items()
                if data.ndim > 2 and data.dims[1][0].name.endswith("/draw")}


def same(one, other):
    return np.array_equal(one, other, equal_nan=True)


def test_a_draw_does_not_depend_on_how_many_there_are(config, five, tmp_path):
    more = along_draws(simulate(config, tmp_path, settings={"uncertainty.draws": 7}))
    with h5py.File(five) as file, h5py.File(tmp_path / "results.h5") as other:
        for name, values in along_draws(five).items():
            assert same(more[name][:, :6], values), name
        for name, data in file["parameters"].items():
            if name == "draw" or "draw" in [d[0].name.rsplit("/", 1)[-1] for d in data.dims if len(d)]:
                assert same(other["parameters"][name][:6], data[...]), name


def test_draws_leave_the_point_estimate_as_it_is(config, five, tmp_path):
    keep = {"output.trajectories.persons": 50, "output.events": "all"}
    alone = simulate(config, tmp_path / "alone", settings={**keep, "uncertainty.draws": 0})
    among = simulate(config, tmp_path / "among", settings=keep)
    few = along_draws(alone)
    assert len(few) > 400
    with h5py.File(alone) as a, h5py.File(among) as b:
        for name, values in few.items():
            assert values.shape[1] == 1 and same(b["summary"][name][:, :1], values), name
        for group in ("trajectories", "events", "reference"):
            assert set(a[group]) == set(b[group])
            for name, data in a[group].items():
                assert np.array_equal(data[...], b[group][name][...], equal_nan=data.dtype.kind == "f"), name
        assert set(b["events/draw"][...]) == {0}


def test_every_draw_is_another_world(five):
    values = along_draws(five)["grip_kg"][0, :, 0, 20]
    assert len(set(values)) == 6
    assert np.std(values[1:]) > 0.3  # the median at 20 has an SD of 1 kg


def test_statistics_are_those_of_the_draws(five):
    values = along_draws(five)
    found = 0
    with h5py.File(five) as file, np.errstate(all="ignore"):
        summary = file["summary"]
        for name in [n[:-len("_draws_mean")] for n in summary if n.endswith("_draws_mean")]:
            draws = values[name][:, 1:]
            known = np.isfinite(draws).sum(axis=1)
            scale = 1e-12 * np.max(np.abs(draws[np.isfinite(draws)]), initial=0)
            for kind, function in STATISTICS.items():
                stored = summary[f"{name}_draws_{kind}"]
                where = known > (1 if kind == "sd" else 0)
                assert stored.shape == draws.shape[:1] + draws.shape[2:]
                assert np.isfinite(stored[...])[where].all() and np.isnan(stored[...][~where]).all(), (name, kind)
                right = np.full(stored.shape, np.nan)
                if where.any():
                    right[where] = function(np.where(where[:, None], draws, 0.0))[where]
                np.testing.assert_allclose(stored[...], right, rtol=1e-9, atol=scale, err_msg=f"{name} {kind}")
                assert stored.attrs["units"] == summary[name].attrs["units"]
            found += 1
    assert found > 75


def test_monte_carlo_variances_are_those_between_draws_of_one_world(config, tmp_path):
    """Where no section varies luck is all that does: 60 draws of 500 people of a sex, ages 30 to 69.

    The variance between draws over the mean variance within has expectation 1 and an SE of at most sqrt(2/59) = .18, as
    if all ages were one; three of them are .55. A reference pass of 5,000 people of a sex adds a tenth to what it sets."""
    path = simulate(config, tmp_path, settings={
        "uncertainty.draws": 60, "uncertainty.sections": "[]", "uncertainty.reference_persons": 5000,
        "population.persons": 1000, "scenarios": "[]"})
    values = along_draws(path)
    with h5py.File(path) as file:
        for name in ("grip_kg", "falls_per_1000_py", "alive_n", "person_years", "qaly", "frailty_share", "cost_per_py",
                     "death_per_1000_py"):
            within = file[f"summary/{name}_draws_mcvar"][0, :, 10:50]
            between = np.var(values[name][0, 1:, :, 10:50], axis=0, ddof=1)
            ratio = np.mean(between[within > 0] / within[within > 0])
            assert 0.45 < ratio < 1.65, (name, ratio)


def test_fixed_parameters_and_overrides_are_the_same_in_all_draws(config, five):
    with h5py.File(five) as file:
        parameters = file["parameters"]
        fixed = [data for data in parameters.values() if data.attrs.get("prior", b"") != b"" and
                 str(data.attrs["prior"]).startswith("fixed")]
        assert len(fixed) > 20
        for data in fixed:
            assert (data[...] == data[0]).all(), data.name
        drawn = parameters["strength_grip_young"]
        assert len(set(drawn[:, 0])) == 6 and drawn.attrs["origin"] == "default; draws: from the prior"
    # a scenario holds its override in every draw, and follows the draw elsewhere
    values = along_draws(five)["grip_kg"]
    with h5py.File(five) as file:
        median = file["parameters/strength_grip_young"][:, 0]
    ratio = values[1, :, 0, 0] / values[0, :, 0, 0]
    np.testing.assert_allclose(ratio, 33 / median, rtol=0.002)
    assert same(values[1, :, 1], values[0, :, 1])


def test_what_is_known_of_a_parameter_goes_along(five):
    with h5py.File(five) as file:
        data = file["parameters/falls_frail"]
        assert {"key", "units", "default", "low", "high", "prior", "source", "doc", "origin", "long_name"} <= set(data.attrs)
        assert data.attrs["key"] == "falls.frail" and data.attrs["doc"] and data.attrs["prior"]
        assert data.shape == (6,) and file["parameters/bone_per_muscle"].shape == (6, 2, 10)
        assert file["parameters/draw"][...].tolist() == list(range(6))


def test_with_shared_luck_and_nothing_varied_every_draw_is_the_point_estimate(config, tmp_path):
    """Where its reference pass is as large as that of the run: then it is the same."""
    held = {"uncertainty.luck": "shared", "uncertainty.sections": "[]", "uncertainty.draws": 2}
    path = simulate(config, tmp_path / "same", settings=held)
    for name, values in along_draws(path).items():
        for k in [k for k in range(3) if np.isfinite(values[:, k]).any()]:
            assert same(values[:, k], values[:, 0]), name
    with h5py.File(path) as file:
        for name in ("grip_kg", "qaly"):  # a draw's Monte Carlo variance is that of the point estimate
            error = file[f"summary/{name}_mcse"][:, 0]
            np.testing.assert_allclose(file[f"summary/{name}_draws_mcvar"][...], error**2, rtol=1e-12)
            assert not file[f"summary/{name}_draws_sd"][...][np.isfinite(error)].any()
        assert file["summary/grip_kg_draws_mcvar"].attrs["units"] == "(kg)2"
    other = along_draws(simulate(config, tmp_path / "larger", settings={**held, "uncertainty.reference_persons": 2000}))
    assert not same(other["falls_per_1000_py"][:, 1], other["falls_per_1000_py"][:, 0])
    assert same(other["falls_per_1000_py"][:, 1], other["falls_per_1000_py"][:, 2])
    # muscle and bone are relative to nobody: only the means of scores, hence risks, come from the reference pass; so
    # until a death comes earlier or later muscle is the same, and after one in thousands almost
    muscle = other["relative_asm_kg_m2"][..., :20]
    assert same(muscle[:, 1, :, :1], muscle[:, 0, :, :1])
    np.testing.assert_allclose(muscle[:, 1], muscle[:, 0], rtol=1e-3)


def test_luck_is_shared_or_each_draws_own(config, tmp_path):
    held = {"uncertainty.sections": "[]", "uncertainty.draws": 2, "uncertainty.luck": "independent"}
    values = along_draws(simulate(config, tmp_path, settings=held))["grip_kg"][0, :, 0, 20]
    assert len(set(values)) == 3


def test_only_the_named_sections_vary(config, tmp_path):
    path = simulate(config, tmp_path, settings={"uncertainty.sections": "[falls]", "uncertainty.draws": 2})
    with h5py.File(path) as file:
        assert len(set(file["parameters/falls_frail"][...])) == 3
        assert len(set(file["parameters/strength_per_muscle"][...])) == 1
        assert file["parameters/strength_per_muscle"].attrs["origin"] == \
            "default; draws: held, of a section that does not vary"


def test_a_posterior_takes_the_place_of_priors(config, tmp_path):
    (tmp_path / "posterior.csv").write_text("# from somewhere\nfalls.frail,strength.grip_young.male\n0.4,50\n0.6,52\n")
    path = simulate(config, tmp_path / "run", settings={"uncertainty.posterior": tmp_path / "posterior.csv",
                                                        "uncertainty.draws": 3})
    with h5py.File(path) as file:
        assert file["parameters/falls_frail"][1:].tolist() == [0.4, 0.6, 0.4]
        grip = file["parameters/strength_grip_young"]
        assert grip[1:, 1].tolist() == [50, 52, 50] and len(set(grip[:, 0])) == 4
        assert file["parameters/falls_frail"].attrs["origin"] == "default; draws: from the posterior"


def test_what_a_config_sets_moves_its_posterior_along(config, tmp_path):
    """Rows of median .5 about a value set to .9 become rows of median .9; what is not set stays, and bounds hold: at most 3."""
    (tmp_path / "posterior.csv").write_text("falls.frail,mortality.frail,falls.per_igfbp2\n0.4,0.4,0.1\n0.5,0.5,0.2\n2.9,0.6,0.3\n")
    path = simulate(config, tmp_path / "run", settings={"uncertainty.posterior": tmp_path / "posterior.csv", "uncertainty.draws": 3,
                                                        "parameters.falls.frail": 0.9})
    with h5py.File(path) as file:
        frail = file["parameters/falls_frail"]
        np.testing.assert_allclose(frail[:], [0.9, 0.8, 0.9, 3], rtol=1e-12)
        assert frail.attrs["origin"] == "config; draws: from the posterior, moved to it"
        assert file["parameters/mortality_frail"][1:].tolist() == [0.4, 0.5, 0.6]


def test_draws_are_kept_of_the_variables_asked_for(config, tmp_path):
    path = simulate(config, tmp_path, settings={"output.per_draw": "[grip_kg, fracture_per_1000_py, frailty_share]"})
    with h5py.File(path) as file:
        summary = file["summary"]
        for name, values in along_draws(path).items():
            kept = name in ("grip_kg", "fracture_per_1000_py", "frailty_share")
            assert np.isfinite(values[:, 1:]).any() == kept, name
        assert summary["frailty_share_draws_p50"].shape == (2, 2, 78, 4)
        assert summary["fracture_per_1000_py_draws_sd"].shape == (2, 2, 78, 6)
        assert summary["draw"][...].tolist() == list(range(6))


def test_ten_variables_are_kept_by_default(config, tmp_path):
    text = config.read_text(encoding="utf-8").replace("output:\n  per_draw: all\n", "")
    (tmp_path / "default.yaml").write_text(text, encoding="utf-8")
    kept = [name for name, values in along_draws(simulate(tmp_path / "default.yaml", tmp_path)).items()
            if np.isfinite(values[:, 1:]).any()]
    assert sorted(kept) == ["alive_n", "cost", "disabled", "falls_per_1000_py", "fracture_per_1000_py", "frailty_share",
                            "grip_kg", "qaly", "relative_asm_kg_m2", "residence"]


@pytest.mark.parametrize("settings", [{"run.block_people": 64}, {"run.unit_people": 4096}, {"run.commit_seconds": 0.05}],
                         ids=str)
def test_blocks_units_and_commits_change_no_draw(config, five_right, tmp_path, settings):
    assert digest(simulate(config, tmp_path, settings=settings)) == five_right


@pytest.mark.parametrize("isa", ["plain", "v3"])
def test_every_vector_width_gives_the_same_draws(config, five_right, tmp_path, isa):
    if isa not in kernels_here():
        pytest.skip(f"this CPU has no {isa}")
    assert digest(simulate(config, tmp_path, "--kernels", isa)) == five_right


def test_a_nation_and_a_study_have_draws_too(config, tmp_path):
    few = {"scenarios": "[]", "uncertainty.draws": 2, "population.persons": 500}
    nation = along_draws(simulate(config, tmp_path / "nation", settings={
        **few, "population.mode": "cross_section", "population.follow": 3}))
    assert np.isfinite(nation["grip_kg"][0, :, :, :60]).all() and len(set(nation["grip_kg"][0, :, 0, 20])) == 3
    assert (nation["alive_n"][0, 0] == nation["alive_n"][0, 1]).all()  # as many are met as were asked for
    study = simulate(config, tmp_path / "study", settings={
        **few, "population.mode": "study",
        "population.sample": "[{name: a, sex: female, age_from: 60, age_to: 69, n: 300}]"})
    values = along_draws(study)["grip_kg"]
    assert np.isfinite(values[0, :, 0, 40:50]).all()
    with h5py.File(study) as file:
        assert file["study/grip_kg"].shape == (300,)  # those of the point estimate


def test_the_check_counts_draws(config):
    with_draws = sinew("check", config)
    without = sinew("check", config, "--set", "uncertainty.draws=0")
    assert with_draws.returncode == without.returncode == 0
    assert "the point estimate and 5 draws" in with_draws.stdout
    assert "point estimate" not in without.stdout and "of draws" not in without.stdout

    def number(text, what):
        return float(re.search(rf"^{what} +([\d.e+]+)", text, re.MULTILINE).group(1))
    each = number(without.stdout, "person-years")
    assert number(with_draws.stdout, "person-years of draws") == pytest.approx(5 * each, rel=1e-3)
    assert "put aside meanwhile" in with_draws.stdout


def test_progress_and_export_know_draws(config, five, tmp_path):
    done = sinew("run", config, "-o", tmp_path)
    assert done.returncode == 0 and "100.0 %  5 of 5 draws, " in done.stderr
    rows = sinew("export", five, "summary").stdout.splitlines()
    values = along_draws(five)["grip_kg"]
    of_draw = [row for row in rows if row.startswith("strong,4,male,50,,,grip_kg,")]
    assert len(of_draw) == 1 and float(of_draw[0].split(",")[7]) == pytest.approx(values[1, 4, 1, 30], rel=1e-8)
    assert len([row for row in rows if row.startswith("strong,,male,50,,,grip_kg_draws_mean,")]) == 1
    assert not [row for row in rows if ",grip_kg_sd," in row and row.split(",")[1] not in ("0",)]


@pytest.mark.parametrize("settings, code, words", [
    ({"uncertainty.draws": -1}, 2, ["uncertainty.draws = -1 is below 0"]),
    ({"uncertainty.draws": "many"}, 2, ["uncertainty.draws = many"]),
    ({"uncertainty.reference_persons": 10}, 2, ["uncertainty.reference_persons = 10 is below 1000"]),
    ({"uncertainty.luck": "sharde"}, 2, ["uncertainty.luck = sharde", "the nearest is shared"]),
    ({"uncertainty.sections": "[fals]"}, 2, ["uncertainty.sections: fals is no section", "the nearest is falls"]),
    ({"output.per_draw": "[grip]"}, 2, ["output.per_draw: /summary has no grip"]),
    ({"output.per_draw": "[grip_k]"}, 2, ["output.per_draw: /summary has no grip_k; the nearest is grip_kg"]),
    ({"output.per_draw": 5}, 2, ["output.per_draw"]),
    ({"uncertainty.posterior": "nowhere.csv"}, 2, ["uncertainty.posterior = nowhere.csv: no such file"]),
], ids=str)
def test_wrong_settings_are_refused(config, tmp_path, settings, code, words):
    refused(sinew("run", config, "-o", tmp_path / "out", *sets(settings)), code, *words)
    assert not (tmp_path / "out").exists() or os.listdir(tmp_path / "out") == []
    refused(sinew("check", config, *sets(settings)), code, *words)


def test_a_wrong_posterior_is_refused_line_by_line(config, tmp_path):
    (tmp_path / "p.csv").write_text("falls.frail\n0.4\nx\n99\n")
    done = sinew("run", config, "-o", tmp_path / "out", *sets({"uncertainty.posterior": tmp_path / "p.csv"}))
    assert len(refused(done, 2, "p.csv:3: falls.frail = x is no number", "p.csv:4: falls.frail = 99 is not within")) == 2


# ---- interruptions


@pytest.fixture(scope="module")
def slow(config, tmp_path_factory):
    """Forty draws of some 30 ms each, committed often, and the digest they must end with."""
    path = config.parent / "slow.yaml"
    path.write_text("extends: draws.yaml\nuncertainty: {draws: 40}\nrun: {commit_seconds: 0.05}\n"
                    "output: {per_draw: [grip_kg]}\n", encoding="utf-8")
    return path, digest(simulate(path, tmp_path_factory.mktemp("slow")))


def draws_safe(folder):
    aside = folder / "results.h5.aside"
    return aside.exists() and aside.stat().st_size > 0 and (folder / "results.h5.checkpoint").exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda n: n.name)
@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=needs_mpi)])
def test_draws_go_on_where_they_were_stopped(slow, tmp_path, ranks, number):
    path, right = slow
    process = start(path, tmp_path, *["--ranks", ranks] * (ranks > 1))
    wait_for(lambda: draws_safe(tmp_path), process)
    process.send_signal(number)
    done = ended(process)
    if number == signal.SIGTERM and done.returncode == 5:
        refused(done, 5, "stopped: ")
        assert units_safe(done) >= 2  # those of the point estimate
    goes_on(path, tmp_path, right, *(["--ranks", 3] if ranks > 1 else []))


def test_draws_are_stopped_as_often_as_a_time_limit_says(slow, tmp_path):
    path, right = slow
    done = sinew("run", path, "-o", tmp_path, "--quiet", "--max-walltime", "0.5s")
    stops = 0
    while done.returncode == 5 and stops < 3:
        stops += 1
        done = sinew("run", path, "-o", tmp_path, "--quiet", "--resume", "--max-walltime", "0.5s")
    assert stops > 1
    goes_on(path, tmp_path, right)


def units_committed(folder):
    """What the checkpoint's head says."""
    try:
        head = (folder / "results.h5.checkpoint").read_bytes()[:40]
    except OSError:
        return 0
    return struct.unpack("<8sIIQQQ", head)[4] if len(head) == 40 else 0


def test_a_signal_does_not_wait_for_the_end_of_a_draw(config, tmp_path):
    """A draw of 200,000 people takes a second or two; had it been waited for, the run would be whole."""
    process = start(config, tmp_path, settings={"population.persons": 204800, "uncertainty.draws": 1,
                                                "output.per_draw": "[grip_kg]", "run.commit_seconds": 0.05})
    wait_for(lambda: units_committed(tmp_path) == 200, process)
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    done = ended(process)
    refused(done, 5, "stopped: ")
    assert units_safe(done) == 200


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace")
@pytest.mark.parametrize("error, call", [("ENOSPC", "pwrite64"), ("EIO", "fdatasync")])
def test_a_disk_that_fails_loses_no_commit(slow, tmp_path, error, call):
    path, right = slow
    done = run("strace", "-qq", "-f", "-P", tmp_path / "results.h5.aside", "-o", os.devnull, "-e", f"trace={call}",
               "-e", f"inject={call}:error={error}:when=12", SINEW, "run", path, "-o", tmp_path,
               "--quiet")
    refused(done, 4, "results.h5.aside: cannot ")
    goes_on(path, tmp_path, right)


def test_damaged_rows_are_found(slow, tmp_path):
    path, _ = slow
    process = start(path, tmp_path)
    wait_for(lambda: draws_safe(tmp_path), process)
    process.send_signal(signal.SIGTERM)
    done = ended(process)
    assert done.returncode == 5 and units_safe(done) > 2  # two units of the point estimate, and a draw
    with open(tmp_path / "results.h5.aside", "r+b") as file:
        file.seek(100)
        byte = file.read(1)
        file.seek(100)
        file.write(bytes([byte[0] ^ 1]))
    refused(sinew("run", path, "-o", tmp_path, "--resume"), 4, "results.h5.aside: is damaged", "start anew with --force")
