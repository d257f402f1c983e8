"""Files that are damaged, cut short or of something else are refused in words; never a crash, never another result.

The number of damages tried of each kind is SINEW_DAMAGES; SINEW_PROGRAM may name a build with sanitizers.
"""

import os
import random
import shutil

import pytest
from program import digest, refused, sinew

TRIES = int(os.environ.get("SINEW_DAMAGES", "6"))
FRESH = "the interrupted run can't be gone on with: start anew with --force"


@pytest.fixture(scope="module")
def interrupted(longer, tmp_path_factory):
    """A run stopped after a few commits."""
    folder = tmp_path_factory.mktemp("interrupted")
    journal, words = folder / "results.h5.partial.journal", []
    while not journal.exists() or journal.stat().st_size == 0:
        done = sinew("run", longer, "-o", folder, "--quiet", "--max-walltime", "0.1s", *words)
        assert done.returncode == 5, done.stderr
        words = ["--resume"]
    return folder


def damage(path, rng, kind):
    data = bytearray(path.read_bytes())
    if kind == "cut":
        data = data[:rng.randrange(len(data))]
    else:
        for _ in range(rng.choice([1, 1, 2, 8])):
            # Half of the damage goes to the beginning, where the structure is.
            at = rng.randrange(len(data) if rng.random() < 0.5 else min(len(data), 90000))
            data[at] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


def copy(folder, to):
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to


@pytest.mark.parametrize("kind", ["cut", "flipped"])
@pytest.mark.parametrize("name", ["results.h5.checkpoint", "results.h5.partial", "results.h5.partial.journal"])
def test_a_damaged_part_of_an_interrupted_run_is_refused_or_mended(longer, longer_right, interrupted, tmp_path, name, kind):
    rng = random.Random(f"{name} {kind}")
    for _ in range(TRIES if "journal" not in name else 1 + TRIES // 6):  # these runs go on to their end
        folder = copy(interrupted, tmp_path / "run")
        damage(folder / name, rng, kind)
        done = sinew("run", longer, "-o", folder, "--quiet", "--resume", "--set", "run.commit_seconds=2")
        if done.returncode == 0:  # the journal mends what it rewrites, and needs itself to be whole after a kill only
            assert name != "results.h5.checkpoint"
            assert digest(folder / "results.h5") == longer_right
        else:
            refused(done, 4, str(folder), FRESH)


def test_parts_of_two_runs_do_not_pass_for_one(longer, interrupted, tmp_path):
    folder = copy(interrupted, tmp_path / "run")
    other = tmp_path / "other"
    done = sinew("run", longer, "-o", other, "--quiet", "--max-walltime", "0.1s", "--set", "seed=8")
    assert done.returncode == 5, done.stderr
    shutil.copy(other / "results.h5.partial", folder)
    (folder / "results.h5.partial.journal").unlink()
    refused(sinew("run", longer, "-o", folder, "--quiet", "--resume"), 4, FRESH)


def test_a_damaged_result_is_refused_or_read(whole, tmp_path):
    rng = random.Random("result")
    path = tmp_path / "results.h5"
    for i in range(2 * TRIES):
        shutil.copy(whole, path)
        damage(path, rng, ["cut", "flipped"][i % 2])
        words = rng.choice([["digest", path], ["export", path, "summary"], ["export", path, "trajectories"]])
        done = sinew(*words, errors="replace")
        if done.returncode:
            assert done.returncode in (3, 4), (done.returncode, done.stderr)  # 3: a size that no memory holds
            refused(done, done.returncode, str(path) if done.returncode == 4 else "no memory")


@pytest.mark.parametrize("words", [["digest"], ["export", "summary"]], ids=str)
@pytest.mark.parametrize("content", [b"", b"age,grip_kg\n20,31\n", b"\x89HDF\r\n\x1a\n", bytes(5000)], ids=range(4))
def test_a_file_of_something_else_is_no_result(tmp_path, words, content):
    path = tmp_path / "some.h5"
    path.write_bytes(content)
    refused(sinew(words[0], path, *words[1:]), 4, f"{path}: not a result file, or a damaged one")


def test_an_hdf5_file_of_another_program_is_no_result(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "other.h5"
    with h5py.File(path, "w") as file:
        file["values"] = [1, 2, 3]
    for words in (["digest", path], ["export", path, "summary"]):
        refused(sinew(*words), 4, f"{path} is not a result of sinew")


def test_what_is_missing_a_folder_or_locked_is_named(whole, tmp_path):
    refused(sinew("digest", tmp_path / "none.h5"), 4, "none.h5: cannot open: No such file or directory")
    refused(sinew("digest", tmp_path), 4, f"{tmp_path}: ")
    if os.geteuid() != 0:
        secret = shutil.copy(whole, tmp_path / "secret.h5")
        secret.chmod(0)
        refused(sinew("digest", secret), 4, "Permission denied")


def test_an_interrupted_run_is_not_taken_for_a_result(interrupted):
    for words in (["digest"], ["export", "summary"]):
        refused(sinew(words[0], interrupted / "results.h5.partial", *words[1:]), 4, "is of a run that is not finished")
