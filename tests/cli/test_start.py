"""What it takes to begin, in instructions and files opened, not in seconds; and the reference pass kept from run to run."""

import os
import re
import shutil

import h5py
import pytest
from program import SINEW, digest, needs_mpi, run, simulate

needs_valgrind = pytest.mark.skipif(shutil.which("valgrind") is None, reason="no valgrind")


def instructions(folder, *words):
    """Of a command, in millions, with AVX2 kernels at most: valgrind knows no others."""
    done = run("valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", SINEW, *words)
    assert done.returncode == 0, done.stderr
    return int(re.search(r"Collected : (\d+)", done.stderr)[1]) / 1e6


@needs_valgrind
def test_help_takes_few_instructions(tmp_path):
    """10 ms are some 30 million; 19 were counted, nearly all of them to load shared libraries."""
    assert instructions(tmp_path, "--help") < 25


@needs_valgrind
def test_check_takes_few_instructions(small, tmp_path):
    """110 ms were 1,735 million with kernels for AVX2, 507 were counted since, most of them to measure how long the run
    would take."""
    assert instructions(tmp_path, "check", small, "--set", "reference.persons=200000") < 600


def kept(folder):
    return {"SINEW_CACHE": str(folder)}


def made(result):
    with h5py.File(result) as file:
        return file["provenance"].attrs["reference_pass"] == "made"


def test_a_pass_that_was_kept_gives_the_same_result(small, right, tmp_path):
    cache = tmp_path / "cache"
    first = simulate(small, tmp_path / "1", env=kept(cache))
    assert made(first) and digest(first) == right
    second = simulate(small, tmp_path / "2", env=kept(cache))
    assert not made(second) and digest(second) == right
    assert len(os.listdir(cache)) == 1


@needs_mpi
def test_a_kept_pass_reaches_all_ranks(small, right, tmp_path):
    cache = tmp_path / "cache"
    assert made(simulate(small, tmp_path / "1", "--ranks", 2, env=kept(cache)))
    for ranks in (3, 1):
        result = simulate(small, tmp_path / str(ranks), "--ranks", ranks, "--force", env=kept(cache))
        assert not made(result) and digest(result) == right


def test_the_size_of_a_run_needs_no_other_pass(small, tmp_path):
    cache, more = tmp_path / "cache", {"population.persons": 2000, "output.events": "none",
                                       "scenarios": "[{name: reference}, {name: b, parameters: {muscle: {felt_lag: 0.4}}}]"}
    simulate(small, tmp_path / "1", env=kept(cache))
    result = simulate(small, tmp_path / "2", settings=more, env=kept(cache))
    assert not made(result) and digest(result) == digest(simulate(small, tmp_path / "3", settings=more))


@pytest.mark.parametrize("settings", [{"seed": 8}, {"reference.persons": 1100}, {"reference.smoothing": "false"},
                                      {"parameters.muscle.felt_lag": 0.4}, {"population.life_table_year": 2019},
                                      {"economics.price_year": 2020}, {"economics.utility_norms": "condition_free"}], ids=str)
def test_what_a_pass_follows_from_needs_its_own(small, tmp_path, settings):
    cache = tmp_path / "cache"
    simulate(small, tmp_path / "1", env=kept(cache))
    result = simulate(small, tmp_path / "2", settings=settings, env=kept(cache))
    assert made(result) and digest(result) == digest(simulate(small, tmp_path / "3", settings=settings))


def test_other_kernels_make_their_own_pass(small, tmp_path):
    simulate(small, tmp_path / "1", env=kept(tmp_path / "cache"))
    assert made(simulate(small, tmp_path / "2", "--kernels", "plain", env=kept(tmp_path / "cache")))


def changed(text):
    middle = len(text) // 2
    return text[:middle] + bytes([text[middle] ^ 1]) + text[middle + 1:]


@pytest.mark.parametrize("damage", [lambda text: text[:-1], changed, lambda text: b""], ids=["cut", "changed", "empty"])
def test_a_damaged_kept_pass_is_made_anew(small, right, tmp_path, damage):
    cache = tmp_path / "cache"
    simulate(small, tmp_path / "1", env=kept(cache))
    (file,) = cache.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    result = simulate(small, tmp_path / "2", env=kept(cache))
    assert made(result) and digest(result) == right


@pytest.mark.parametrize("place", ["/proc/none", "/dev/null"])
def test_where_nothing_can_be_kept_a_run_goes_on(small, right, tmp_path, place):
    result = simulate(small, tmp_path, env=kept(place))
    assert made(result) and digest(result) == right


def test_passes_are_kept_in_the_users_cache(small, tmp_path):
    without = {"SINEW_CACHE": "", "XDG_CACHE_HOME": str(tmp_path / "x"), "HOME": str(tmp_path / "home")}
    simulate(small, tmp_path / "1", env=without)
    assert len(os.listdir(tmp_path / "x" / "sinew")) == 1
    (tmp_path / "home").mkdir()
    simulate(small, tmp_path / "2", env={**without, "XDG_CACHE_HOME": ""})
    assert len(os.listdir(tmp_path / "home" / ".cache" / "sinew")) == 1
