"""The result is a function of config and seed: not of blocks, kernels, CPU, compiler, commits or packing."""

import shutil

import h5py
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


def test_a_person_alone_is_the_one_of_the_whole_population(small, whole, tmp_path):
    with h5py.File(whole) as file:
        row = 137
        person = int(file["trajectories/person_id"][row])
        lives = {name: data[0, row].tolist() for name, data in file["trajectories"].items() if data.ndim == 3}
    with h5py.File(simulate(small, tmp_path, settings={"population.only_person": person})) as file:
        assert file["trajectories/person_id"][()].tolist() == [person]
        for name, life in lives.items():
            assert file["trajectories"][name][0, 0].tolist() == life, name
        assert set(file["events/person"][()]) == {person}
