"""Parts of a run, made apart, merge to the result of one run, bit for bit; what is not all of one run is refused."""

import os
import shutil
import signal

import h5py
import pytest
from program import OFTEN, ROOT, digest, ended, needs_mpi, refused, sets, simulate, sinew, start, wait_for

ALL = {"population.persons": 3000, "output.trajectories.persons": 700, "uncertainty.draws": 5,
       "uncertainty.reference_persons": 1000,
       "scenarios": "[{name: reference}, {name: other, parameters: {muscle: {felt_lag: 0.4}}}]"}
KINDS = {
    "draws": ALL,
    "cross_section": {"population.mode": "cross_section", "population.follow": 10, "population.persons": 3000},
    "study": {"population.mode": "study", "population.sample": "[{name: a, sex: female, age_from: 50, age_to: 79, n: 900},"
                                                               " {name: b, sex: male, age_from: 20, age_to: 97, n: 600}]",
              "population.replicates": 3, "run.unit_people": 256, "run.block_people": 64},
}


def part(config, folder, number, of, *words, settings=None):
    """Makes one part; its path."""
    done = sinew("run", config, "-o", folder, "--part", f"{number}/{of}", "--quiet", *words, *sets(settings or {}))
    assert done.returncode == 0, done.stderr
    return folder / f"part-{number}-of-{of}"


def parts(config, folder, of, settings=None):
    return [part(config, folder, k, of, settings=settings) for k in range(1, of + 1)]


def merge(made, to, *words):
    done = sinew("merge", *made, "-o", to, "--quiet", *words)
    assert done.returncode == 0, done.stderr
    return to


def nothing_left(folder):
    return not any(name.startswith("merged") for name in os.listdir(folder))


@pytest.fixture(scope="module")
def three(small, tmp_path_factory):
    """The parts of the small run."""
    return parts(small, tmp_path_factory.mktemp("three"), 3)


@pytest.mark.parametrize("kind, of", [("draws", 1), ("draws", 2), ("draws", 7), ("cross_section", 2), ("study", 4)])
def test_parts_merge_to_the_result_of_one_run(small, tmp_path, kind, of):
    """Seven parts have more parts than draws: some have people only."""
    whole = simulate(small, tmp_path / "whole", settings=KINDS[kind])
    made = parts(small, tmp_path / "parts", of, KINDS[kind])
    assert sorted(p.name for p in (tmp_path / "parts").iterdir()) == sorted(p.name for p in made)
    merged = merge(reversed(made), tmp_path / "merged.h5")
    assert digest(merged) == digest(whole)
    assert sorted(os.listdir(tmp_path)) == ["merged.h5", "parts", "whole"]


def test_rows_of_a_merged_result_come_in_the_order_of_one_run(small, tmp_path):
    """Beyond what the digest sees, which knows no order of rows."""
    names = {"draws": "events", "study": "study"}
    for kind, group in names.items():
        whole = simulate(small, tmp_path / kind / "whole", settings=KINDS[kind])
        merged = merge(parts(small, tmp_path / kind, 3, KINDS[kind]), tmp_path / kind / "merged.h5")
        with h5py.File(whole) as a, h5py.File(merged) as b:
            assert set(a[group]) == set(b[group])
            for name, data in a[group].items():
                assert (data[()].tobytes() if data.dtype.kind in "iuf" else b"") == \
                    (b[group][name][()].tobytes() if data.dtype.kind in "iuf" else b""), name


@needs_mpi
def test_parts_may_be_made_on_any_ranks_kernels_and_blocks(small, right, tmp_path):
    made = [part(small, tmp_path, 1, 3, "--ranks", 2), part(small, tmp_path, 2, 3, "--kernels", "plain"),
            part(small, tmp_path, 3, 3, "--ranks", 3, settings={"run.block_people": 64, "run.commit_seconds": 0.05})]
    assert digest(merge(made, tmp_path / "merged.h5")) == right


def test_parts_can_be_moved_and_are_left_as_they_were(three, right, tmp_path):
    moved = [shutil.copy(p, tmp_path / f"{i}.any") for i, p in enumerate(three)]
    before = [p.read_bytes() for p in three]
    assert digest(merge(moved, tmp_path / "merged.h5")) == right
    assert [p.read_bytes() for p in three] == before
    done = sinew("merge", *moved, "-o", "merged.h5", cwd=tmp_path)
    refused(done, 2, "merged.h5 exists")
    assert digest(merge(moved, tmp_path / "merged.h5", "--force")) == right


def test_a_merged_result_says_what_its_parts_have_taken(three, whole, tmp_path):
    merged = merge(three, tmp_path / "merged.h5")
    with h5py.File(merged) as file, h5py.File(whole) as one:
        found, right = dict(file["provenance"].attrs), dict(one["provenance"].attrs)
    for name in ("trajectory_bytes_raw", "trajectory_bytes_stored", "person_years_simulated"):
        assert found[name] == right[name] > 0
    seconds = {name: found[f"seconds_{name}"] for name in ("simulate", "compress", "disk")}
    assert min(seconds.values()) > 0 and sum(seconds.values()) < found["seconds"]
    assert found["bound"] == max(seconds, key=seconds.get)


# ---- parts that are interrupted


@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=needs_mpi)])
def test_a_killed_part_goes_on_where_it_was(longer, longer_right, tmp_path, ranks):
    words = ["--part", "2/2", *["--ranks", ranks] * (ranks > 1)]
    process = start(longer, tmp_path, *words)
    wait_for((tmp_path / "part-2-of-2.checkpoint").exists, process)
    process.send_signal(signal.SIGTERM)
    done = ended(process)
    if done.returncode == 5:  # else it was done sooner
        refused(done, 5, "units are safe in", "part-2-of-2.partial; go on with --resume")
        refused(sinew("merge", tmp_path / "part-2-of-2.partial", "-o", tmp_path / "merged.h5"), 4, "is not finished")
        refused(sinew("run", longer, "-o", tmp_path, *words), 2, "--resume goes on with it")
    made = [part(longer, tmp_path, 1, 2), part(longer, tmp_path, 2, 2, "--resume")]
    assert digest(merge(made, tmp_path / "merged.h5")) == longer_right
    assert sorted(os.listdir(tmp_path)) == ["merged.h5", "part-1-of-2", "part-2-of-2"]


def test_a_time_limit_stops_a_part_safely_as_often_as_it_is_set(small, tmp_path):
    """Draws among its units."""
    whole = simulate(small, tmp_path / "whole", settings=ALL)
    settings, stops = {**ALL, **OFTEN}, 0
    words = ["run", small, "-o", tmp_path, "--part", "1/2", "--quiet", "--max-walltime", "0.01s", *sets(settings)]
    done = sinew(*words)
    while done.returncode == 5 and stops < 20:
        stops += 1
        refused(done, 5, "part-1-of-2.partial; go on with --resume")
        done = sinew(*words, "--resume")
    assert stops >= 2 and done.returncode == 0, done.stderr
    made = [tmp_path / "part-1-of-2", part(small, tmp_path, 2, 2, settings=ALL)]
    assert digest(merge(made, tmp_path / "merged.h5")) == digest(whole)


def test_a_damaged_unfinished_part_is_not_gone_on_with(small, tmp_path):
    words = ["run", small, "-o", tmp_path, "--part", "1/2", "--quiet", *sets(OFTEN)]
    assert sinew(*words, "--max-walltime", "0.01s").returncode == 5
    unfinished = tmp_path / "part-1-of-2.partial"
    text = bytearray(unfinished.read_bytes())
    text[len(text) // 2] ^= 1
    unfinished.write_bytes(text)
    refused(sinew(*words, "--resume"), 4, "is damaged", "start anew with --force")
    assert sinew(*words, "--force").returncode == 0


def test_a_finished_part_is_resumed_by_doing_nothing(small, three, tmp_path):
    shutil.copy(three[0], tmp_path)
    (tmp_path / "part-1-of-3.checkpoint").write_text("left over")
    done = sinew("run", small, "-o", tmp_path, "--part", "1/3", "--resume")
    assert done.returncode == 0 and "is finished already" in done.stderr, done.stderr
    assert os.listdir(tmp_path) == ["part-1-of-3"]
    done = sinew("run", small, "-o", tmp_path, "--part", "1/3", "--resume", "--set", "seed=8")
    refused(done, 2, "seed is 8", "is finished, and of another run")
    refused(sinew("run", small, "-o", tmp_path, "--part", "1/3"), 2, "part-1-of-3 exists")


# ---- what may not be merged


def test_missing_and_doubled_parts_are_named(three, tmp_path):
    to = tmp_path / "merged.h5"
    refused(sinew("merge", three[1], "-o", to), 2, "the run has 3 parts, missing are 1, 3")
    refused(sinew("merge", *three[:2], three[0], "-o", to), 2, "are both part 1 of 3", "missing are 3")
    refused(sinew("merge", *three, three[2], "-o", to), 2, "are both part 3 of 3")
    assert nothing_left(tmp_path)


@pytest.mark.parametrize("settings, line", [
    ({"seed": 8}, "seed is 8, "), ({"population.persons": 6001}, "population.persons is 6001, "),
    ({"output.trajectories.compression": "none"}, "packing is none, "),
    ({"parameters.muscle.felt_lag": 0.4}, "parameters.muscle.felt_lag is 0.4, "),
], ids=str)
def test_parts_of_different_runs_are_refused(small, three, tmp_path, settings, line):
    other = part(small, tmp_path, 2, 3, settings=settings)
    done = sinew("merge", three[0], other, three[2], "-o", tmp_path / "merged.h5")
    refused(done, 2, line, f"{three[0]} and {other} are parts of different runs")
    assert nothing_left(tmp_path)


def test_parts_of_different_cuts_are_refused(small, three, tmp_path):
    other = part(small, tmp_path, 2, 2)
    refused(sinew("merge", three[0], other, "-o", tmp_path / "merged.h5"), 2, "one of 3 parts", "one of 2: they cut the run differently")


def test_a_changed_or_lost_table_is_refused(small, tmp_path):
    table = tmp_path / "life.csv"
    shutil.copy(ROOT / "configs/tables/us_life_table.csv", table)
    made = parts(small, tmp_path, 2, {"population.life_table": table})
    text = table.read_text()
    table.write_text(text.replace("0.0", "0.00", 1))
    refused(sinew("merge", *made, "-o", tmp_path / "merged.h5"), 2, "sha256.life_table is ", "only as they were made")
    table.unlink()
    refused(sinew("merge", *made, "-o", tmp_path / "merged.h5"), 2, "life.csv is gone")
    table.write_text(text)
    merge(made, tmp_path / "merged.h5")


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9, 0.9999])
def test_a_damaged_part_is_refused(three, tmp_path, share):
    """A bit is changed or the end is missing."""
    damaged = tmp_path / "part"
    text = bytearray(three[1].read_bytes())
    at = int(share * len(text))
    damaged.write_bytes(text[:at])
    refused(sinew("merge", three[0], damaged, three[2], "-o", tmp_path / "merged.h5"), 4, f"{damaged}")
    text[at] ^= 16
    damaged.write_bytes(text)
    done = sinew("merge", three[0], damaged, three[2], "-o", tmp_path / "merged.h5")
    refused(done, 4, f"{damaged}: is ", "damaged")
    assert os.listdir(tmp_path) == ["part"]


def test_what_is_no_part_is_refused(small, three, whole, tmp_path):
    to = tmp_path / "merged.h5"
    refused(sinew("merge", three[0], whole, "-o", to), 4, f"{whole} is not a part of a run")
    refused(sinew("merge", tmp_path / "none", "-o", to), 4, "No such file or directory")
    refused(sinew("merge", "-o", to), 2, "wants parts, none was given")
    refused(sinew("merge", *three), 2, "wants -o FILE")
    refused(sinew("digest", three[0]), 4)


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/", "/3", "1/3x", "-1/3", "1/3/3", "1/10001", "1 /3"])
def test_a_wrong_part_is_refused(small, tmp_path, text):
    refused(sinew("run", small, "-o", tmp_path, "--part", text), 2, "a part such as 2/8 is wanted")
