"""What can't be paid for is refused before it begins, with the reason and what helps; what it would cost is said."""

import os
import re
import resource
import subprocess

import h5py
import pytest
from program import ENVIRONMENT, ROOT, SINEW, refused, sets, simulate, sinew

UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
STUDY = {"population.mode": "study", "population.sample": "[{name: a, sex: male, age_from: 20, age_to: 97, n: 3000}]"}
NATION = {"population.mode": "cross_section", "population.follow": 10}
OPEN = {"population.mode": "open", "population.until": 2030}
KINDS = {"cohort": {}, "study": STUDY, "nation": NATION, "open": OPEN}


def cost(config, settings=None, *words):
    """What `sinew check` prints, by the words at the head of its lines."""
    done = sinew("check", config, *words, *sets(settings or {}))
    assert done.returncode == 0, done.stderr
    lines = [re.split(r" {2,}", line) for line in done.stdout.splitlines() if "  " in line]
    return {head: text for head, text in lines}


def in_bytes(text):
    number, unit = text.split()
    return float(number) * UNITS[unit]


def peak_memory(config, folder, settings):
    """The most memory that a run held, in bytes."""
    with h5py.File(simulate(config, folder, settings=settings)) as file:
        return file["provenance"].attrs["memory_bytes"]


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "plain.yaml"
    path.write_text("seed: 3\npopulation: {persons: 20000}\nreference: {persons: 2000}\n", encoding="utf-8")
    return path


@pytest.fixture
def small_disk(config, tmp_path):
    """A disk with three quarters of the room that the plain config needs; its size in MiB in the name."""
    size = int(0.75 * in_bytes(cost(config)["disk at most, about"]) / 2**20)
    folder = tmp_path / f"disk_of_{size}"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("no right to mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("kind", KINDS)
def test_person_years_are_those_that_the_run_then_lives(config, tmp_path, kind):
    """Expected by the life table, within 3 %: 5 standard errors of 20,000 lives are below 1 %, the rest is the model's."""
    said = float(cost(config, KINDS[kind])["person-years"].split(",")[0])
    with h5py.File(simulate(config, tmp_path, settings=KINDS[kind])) as file:
        assert file["provenance"].attrs["person_years_simulated"] == pytest.approx(said, rel=0.03)


@pytest.mark.parametrize("settings", [
    {}, STUDY, NATION, OPEN, {**OPEN, "uncertainty.draws": 2, "uncertainty.reference_persons": 1000},
    {"output.events": "all"}, {"output.trajectories.persons": 500},
    {"output.trajectories.persons": "all", "population.persons": 2000},
    {"output.trajectories.persons": 2000, "output.trajectories.fields": "[grip_kg, falls]"},
    {"output.trajectories.persons": 300, "output.trajectories.compression": "none"}], ids=str)
def test_the_size_of_the_result_is_said_within_a_fifth(config, tmp_path, settings):
    said = cost(config, settings)
    result = simulate(config, tmp_path, settings=settings)
    assert os.path.getsize(result) == pytest.approx(in_bytes(said["result, about"]), rel=0.2)
    with h5py.File(result) as file:
        for group in ("summary", "summary_by_year", "trajectories", "events", "study"):
            assert (group in file) == (f"/{group}" in said), group


@pytest.mark.parametrize("settings", [{}, {"reference.persons": 120000}, NATION,
                                      {"output.trajectories.persons": "all"}], ids=str)
def test_memory_is_said_within_a_third(config, tmp_path, settings):
    said = in_bytes(cost(config, settings)["memory a rank, about"])
    assert peak_memory(config, tmp_path, settings) == pytest.approx(said, rel=0.33)


def test_a_time_is_said(config):
    assert re.fullmatch(r"\d+ s without writing", cost(config)["time, about"])


def test_memory_does_not_grow_with_the_number_of_people(config, tmp_path):
    """Totals, histograms and events are sums: 25 times the people need no more."""
    few, many = (peak_memory(config, tmp_path / persons, {"population.persons": persons, "output.events": "none"})
                 for persons in ("20000", "500000"))
    assert many == pytest.approx(few, rel=0.1)


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("persons, reason", [("0", "nobody would be simulated"), ("1", "at least 2"),
                                             ("1e12", "above 2000000000"), ("1e5.5", "whole number")])
def test_numbers_of_people_out_of_bounds_are_refused(config, tmp_path, command, persons, reason):
    words = ["-o", tmp_path] if command == "run" else []
    done = sinew(command, config, *words, "--set", f"population.persons={persons}")
    refused(done, 2, "population.persons", reason)


def test_two_people_are_enough(config, tmp_path):
    simulate(config, tmp_path, settings={"population.persons": 2})


def test_more_people_than_ids_are_refused(config):
    done = sinew("check", config, *sets({**STUDY, "population.replicates": 1000000}))
    refused(done, 2, "rows")


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_disk_that_is_too_small_is_refused(config, small_disk, command):
    done = sinew(command, config, "-o", small_disk / "out", "--set", "output.trajectories.persons=20000")
    line = refused(done, 4, "of disk", "choose another disk with -o", "run.resources=ignore")[0]
    needed, free = (int(number) for number in re.findall(r"(\d+) MiB", line))
    assert needed > free and free <= int(small_disk.name.split("_")[-1])
    assert list(small_disk.glob("out/*")) == []


def test_a_disk_that_is_too_small_can_be_tried_all_the_same(config, small_disk):
    """The estimate holds room for two checkpoints; so short a run makes one."""
    refused(sinew("run", config, "-o", small_disk), 4, "of disk")
    simulate(config, small_disk, settings={"run.resources": "ignore"})


def test_a_part_needs_its_share_of_the_disk(config, small_disk):
    """40 MiB: sums and two checkpoints of them take 18, the lives that are kept 60 in all."""
    subprocess.run(["mount", "-o", "remount,size=40m", small_disk], check=True)
    more = ["--set", "output.trajectories.persons=20000"]
    refused(sinew("run", config, "-o", small_disk, *more), 4, "of disk")
    refused(sinew("run", config, "-o", small_disk, *more, "--part", "1/2"), 4, "of disk")
    done = sinew("run", config, "-o", small_disk, *more, "--part", "1/100", "--quiet")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_memory_that_is_too_small_is_refused(config, tmp_path, command):
    """400 MiB of address space; a reference pass of a million women needs 530."""
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))
    words = [SINEW, command, config, "-o", tmp_path / "out", "--set", "reference.persons=1000000"]
    done = subprocess.run([str(word) for word in words], env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True,
                          check=False, preexec_fn=limit)
    refused(done, 3, "of memory", "reference.persons", "run.resources=ignore")


def test_what_may_be_ignored_is_no_part_of_the_result(config, tmp_path):
    one = simulate(config, tmp_path / "a")
    other = simulate(config, tmp_path / "b", settings={"run.resources": "ignore"})
    with h5py.File(one) as a, h5py.File(other) as b:
        assert a.attrs["config_sha256"] == b.attrs["config_sha256"]


def test_an_existing_result_is_not_overwritten(config, tmp_path):
    result = simulate(config, tmp_path)
    before = result.read_bytes()
    refused(sinew("run", config, "-o", tmp_path), 2, str(result), "--force")
    assert result.read_bytes() == before
    simulate(config, tmp_path, "--force", settings={"seed": 4})
    assert result.read_bytes() != before


@pytest.mark.parametrize("folder", ["/proc/sinew", "file/out"])
def test_a_folder_that_cannot_be_written_is_refused(config, tmp_path, folder):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    refused(sinew("run", config, "-o", tmp_path / folder), 4, folder.split("/")[-2] or "proc")


def test_a_disk_that_is_read_only_is_refused(config, small_disk):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    refused(sinew("run", config, "-o", small_disk), 4, str(small_disk), "Read-only")
