"""What a run says of its trajectories and of its time, and that the digest it leaves is that of the file."""

import re

import h5py
import pytest
from program import OFTEN, digest, needs_mpi, sets, simulate, sinew

LINE = re.compile(r"^trajectories: ([\d.]+) bytes a person-year, ([\d.]+) in the file; time: simulate (\d+) %, "
                  r"compress (\d+) %, disk (\d+) %; bound: (simulate|compress|disk)$", re.MULTILINE)
TWO_FIELDS = {"output.trajectories.fields": "[grip_kg, falls]", "output.trajectories.compression": "none"}
# 300 people x 78 ages x 2 fields x 2 bytes; in the file they are five chunks a field of 64 people each
RAW, STORED = 300 * 78 * 2 * 2, 5 * 64 * 78 * 2 * 2


def provenance(result):
    with h5py.File(result) as file:
        return dict(file["provenance"].attrs)


def left(result):
    with h5py.File(result) as file:
        return file.attrs["digest"]


def test_bytes_are_said_by_the_person_year(small, tmp_path):
    done = sinew("run", small, "-o", tmp_path, *sets(TWO_FIELDS))
    assert done.returncode == 0, done.stderr
    said = LINE.search(done.stderr)
    assert said, done.stderr
    found = provenance(tmp_path / "results.h5")
    years = found["person_years_simulated"]
    assert (found["trajectory_bytes_raw"], found["trajectory_bytes_stored"]) == (RAW, STORED)
    assert float(said[1]) == pytest.approx(RAW / years, abs=0.051)
    assert float(said[2]) == pytest.approx(STORED / years, abs=0.051)
    assert sum(int(said[i]) for i in (3, 4, 5)) == pytest.approx(100, abs=1.5)
    seconds = {name: found[f"seconds_{name}"] for name in ("simulate", "compress", "disk")}
    assert said[6] == found["bound"] == max(seconds, key=seconds.get)
    assert 0 < sum(seconds.values()) < found["seconds"]


def test_nothing_is_said_of_trajectories_where_there_are_none(small, tmp_path):
    done = sinew("run", small, "-o", tmp_path, "--set", "output.trajectories.persons=none")
    assert re.search(r"^time: simulate \d+ %, compress 0 %, disk \d+ %; bound: \w+$", done.stderr, re.MULTILINE)
    assert "trajectories" not in done.stderr


def test_a_quiet_run_says_nothing(small, tmp_path):
    assert sinew("run", small, "-o", tmp_path, "--quiet").stderr == ""


@pytest.mark.parametrize("settings", [
    {}, {"output.trajectories.compression": "none"}, {"output.trajectories.compression": "zlib"},
    {"output.trajectories.persons": "all", "population.persons": 1500}, {"population.only_person": 5},
    {"output.trajectories.persons": "none"}], ids=str)
def test_the_digest_that_a_run_leaves_is_that_of_the_file(small, tmp_path, settings):
    result = simulate(small, tmp_path, settings=settings)
    assert left(result) == digest(result)


@needs_mpi
def test_two_ranks_leave_the_same_digest_and_bytes(small, tmp_path):
    one, two = simulate(small, tmp_path / "1"), simulate(small, tmp_path / "2", "--ranks", 2)
    assert left(one) == left(two) == digest(two)
    for name in ("trajectory_bytes_raw", "trajectory_bytes_stored"):
        assert provenance(one)[name] == provenance(two)[name]


def test_a_run_gone_on_with_counts_what_it_had(longer, longer_right, tmp_path):
    done = sinew("run", longer, "-o", tmp_path, "--quiet", "--max-walltime", "0.01s", *sets(OFTEN))
    assert done.returncode == 5, done.stderr
    result = simulate(longer, tmp_path, "--resume")
    found = provenance(result)
    with h5py.File(result) as file:
        fields = [d for d in file["trajectories"].values() if d.ndim == 3]
        assert found["trajectory_bytes_raw"] == sum(2 * d.size for d in fields)
        assert found["trajectory_bytes_stored"] == sum(d.id.get_storage_size() for d in fields)
    assert left(result) == digest(result) == longer_right
