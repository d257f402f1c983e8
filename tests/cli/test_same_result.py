"""The result is a function of config and seed: not of blocks, kernels, CPU, compiler, commits or packing."""

import shutil

import h5py
import numpy as np
import pytest
from program import ROOT, digest, kernels_here, run, simulate, sinew


@pytest.mark.parametrize("people", [64, 256, 1024])
def test_the_length_of_a_block_changes_nothing(small, right, tmp_path, people):
    assert digest(simulate(small, tmp_path, settings={"run.block_people": people})) == right


@pytest.mark.parametrize("isa", ["plain", "v3", "v4"])
def test_every_vector_width_gives_the_same_bits(small, right, tmp_path, isa):
    if isa not in kernels_here():
        done = sinew("run", small, "-o", tmp_path, "--kernels", isa)
        assert done.returncode == 3 and "this CPU can't run" in done.stderr
        pytest.skip(f"this CPU has no {isa}")
    assert digest(simulate(small, tmp_path, "--kernels", isa)) == right


def test_a_mathematical_library_without_fma_gives_the_same_bits(small, right, tmp_path):
    older = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA_Usable,-AVX2_Usable"}
    assert digest(simulate(small, tmp_path, env=older)) == right


@pytest.mark.parametrize("settings", [{"run.commit_seconds": 0.05}, {"run.commit_mib": 1},
                                      {"output.trajectories.compression": "zlib"},
                                      {"output.trajectories.compression": "none"}], ids=str)
def test_commits_and_packing_change_nothing(small, right, tmp_path, settings):
    assert digest(simulate(small, tmp_path, settings=settings)) == right


def test_another_seed_gives_another_result(small, right, tmp_path):
    assert digest(simulate(small, tmp_path, settings={"seed": 8})) != right


def test_the_config_left_beside_a_result_gives_it_again(small, whole, right, tmp_path):
    assert digest(simulate(whole.parent / "config.yaml", tmp_path)) == right


def test_clang_builds_a_program_that_gives_the_same_bits(small, right, tmp_path):
    if shutil.which("clang") is None:
        pytest.skip("no clang")
    made = run("cmake", "--preset", "clang", timeout=300)
    assert made.returncode == 0, made.stdout + made.stderr
    made = run("cmake", "--build", "build/clang", "--target", "sinew", timeout=900)
    assert made.returncode == 0, made.stdout + made.stderr
    done = run(ROOT / "build" / "clang" / "sinew", "run", small, "-o", tmp_path, "--quiet")
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "results.h5") == right


@pytest.mark.parametrize("kept", [1, 40, 65])
def test_any_number_of_people_can_be_kept(small, tmp_path, kept):
    with h5py.File(simulate(small, tmp_path, settings={"output.trajectories.persons": kept})) as file:
        assert file["trajectories/person"].shape == (kept,)
        assert (file["trajectories/alive"][0, :, 0] == 1).all()


@pytest.mark.parametrize("kept", ["none", "all"])
def test_the_size_of_a_unit_changes_nothing(small, tmp_path, kept):
    """Where some people have trajectories the unit decides who, so none or all are kept."""
    more = {"output.trajectories.persons": kept, "run.block_people": 64}
    found = {digest(simulate(small, tmp_path / str(unit), settings={**more, "run.unit_people": unit}))
             for unit in (64, 4096)}
    assert len(found) == 1


KINDS = {
    "birth_cohort": {},
    "cross_section": {"population.mode": "cross_section", "population.follow": 20},
    "study": {"population.mode": "study", "population.sample": "[{name: a, sex: female, age_from: 50, age_to: 79, n: 900},"
                                                               " {name: b, sex: male, age_from: 20, age_to: 97, n: 600}]"},
}


def life(result, person):
    """All that a result holds of one person: trajectories in all scenarios, events, what a study saw."""
    found = {}
    with h5py.File(result) as file:
        for group, key in (("trajectories", "person_id"), ("events", "person"), ("study", "person_id")):
            if group not in file or key not in file[group]:
                continue
            at = np.flatnonzero(file[group][key][()] == person)
            rows = file[group][key].dims[0][0].name
            for name, data in file[group].items():
                dims = [d[0].name if len(d) else "" for d in data.dims]
                if rows in dims and data.name != rows:  # the number of the row itself is another
                    found[group, name] = np.take(data[()], at, axis=dims.index(rows)).tolist()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_person_alone_lives_the_life_of_the_person_in_the_crowd(small, tmp_path, kind):
    """The only difference is who else is simulated: the very trajectory and events, bit by bit."""
    more = {"population.persons": 1500, "output.trajectories.persons": "all",
            "scenarios": "[{name: reference}, {name: other, parameters: {muscle: {felt_lag: 0.4}}}]", **KINDS[kind]}
    crowd = simulate(small, tmp_path / "crowd", settings=more)
    with h5py.File(crowd) as file:
        n = len(np.unique(file["trajectories/person_id"][()]))
    for person in (0, n // 3, n - 1):
        alone = simulate(small, tmp_path / str(person), settings={**more, "population.only_person": person})
        met, found = life(crowd, person), life(alone, person)
        assert set(met) == set(found) and len(met) > 40
        for key in met:
            np.testing.assert_array_equal(met[key], found[key], err_msg=f"{person} {key}")


def test_a_result_says_its_own_digest(whole):
    with h5py.File(whole) as file:
        assert file.attrs["digest"] == digest(whole)
