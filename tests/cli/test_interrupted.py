"""Nothing committed is lost: kills at any instant, signals, time limits, full disks; and what is said and done then."""

import os
import re
import resource
import shutil
import signal
import subprocess
import time

import pytest
from program import (OFTEN, ROOT, SINEW, digest, ended, goes_on, needs_mpi, refused, run, sets, simulate, sinew, start,
                     units_safe, wait_for)

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="no strace")


@pytest.mark.parametrize("instant", [0.02, 0.06, 0.1, 0.2, 0.35, 0.5, 0.7])
def test_a_kill_at_any_instant_loses_no_commit(longer, longer_right, tmp_path, instant):
    process = start(longer, tmp_path)
    time.sleep(instant)
    process.kill()
    process.communicate()
    goes_on(longer, tmp_path, longer_right)


@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=needs_mpi)])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1], ids=lambda n: n.name)
def test_a_signal_stops_safely(longer, longer_right, tmp_path, ranks, number):
    process = start(longer, tmp_path, *["--ranks", ranks] * (ranks > 1), settings={"population.persons": 2000000})
    wait_for((tmp_path / "results.h5.checkpoint").exists, process)
    process.send_signal(number)
    done = ended(process)
    assert len(refused(done, 5)) == 1
    units_safe(done)
    shorter = start(longer, tmp_path, "--force")
    wait_for((tmp_path / "results.h5.checkpoint").exists, shorter)
    shorter.send_signal(number)
    if ended(shorter).returncode == 5:
        goes_on(longer, tmp_path, longer_right, *["--ranks", 3 - ranks] * (ranks < 2))


def test_a_signal_is_heeded_soon_however_rare_the_commits(longer, tmp_path):
    process = start(longer, tmp_path, settings={"population.persons": 20000000, "run.commit_seconds": 3600})
    wait_for((tmp_path / "results.h5.partial").exists, process)
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    done = ended(process)
    assert time.monotonic() - begun < 10
    refused(done, 5)
    assert units_safe(done) > 1


def test_a_time_limit_stops_safely_as_often_as_it_is_set(longer, longer_right, tmp_path):
    done = sinew("run", longer, "-o", tmp_path, "--quiet", "--max-walltime", "0.2s")
    safe = [0]
    while done.returncode == 5 and len(safe) < 4:
        assert len(refused(done, 5)) == 1
        safe.append(units_safe(done))
        assert safe[-1] > safe[-2]
        done = sinew("run", longer, "-o", tmp_path, "--quiet", "--resume", "--max-walltime", "0.2s")
    assert len(safe) > 1
    goes_on(longer, tmp_path, longer_right)


def stop_early(config, folder, settings=None):
    """A run stopped after its first commit."""
    done = sinew("run", config, "-o", folder, "--quiet", "--max-walltime", "0.01s", *sets({**OFTEN, **(settings or {})}))
    assert done.returncode == 5, done.stderr
    return units_safe(done)


@pytest.mark.parametrize("settings", [{"run.block_people": 64}, {"run.commit_seconds": 1}, {"run.commit_mib": 1}], ids=str)
def test_what_changes_no_result_may_change_between_two_parts_of_a_run(small, right, tmp_path, settings):
    stop_early(small, tmp_path)
    goes_on(small, tmp_path, right, "--kernels", "plain", settings=settings)


# ---- system calls that kill, and disks that fail


def traced(config, folder, inject, *words, settings=None):
    """A run with a fault at a system call; `write` goes to many places, of which only the checkpoint is meant."""
    call = inject.split(":")[0]
    only = ["-P", folder / "results.h5.checkpoint.tmp"] if call == "write" else []
    return run("strace", "-qq", "-f", *only, "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={inject}",
               SINEW, "run", config, "-o", folder, "--quiet", *words, *sets(settings or {}))


@pytest.fixture(scope="module")
def calls(small, right, tmp_path_factory):
    """How often a run uses each call that changes what is on disk."""
    if shutil.which("strace") is None:
        pytest.skip("no strace")
    folder = tmp_path_factory.mktemp("calls")
    names = ["pwrite64", "write", "fsync", "rename", "unlink", "ftruncate"]
    (folder / "run").mkdir()
    done = run("strace", "-qq", "-f", "-o", folder / "trace", "-e", "trace=" + ",".join(names), SINEW, "run", small,
               "-o", folder / "run", "--quiet", *sets(OFTEN))
    assert done.returncode == 0, done.stderr
    made = re.findall(r"^\d+ +(\w+)\(", (folder / "trace").read_text(errors="replace"), re.MULTILINE)
    return {name: made.count(name) for name in names}


def spread(n, most):
    """At most so many numbers of 1..n, the first and the last among them."""
    return sorted({1 + (n - 1) * i // max(1, most - 1) for i in range(most)}) if n else []


@pytest.mark.parametrize("call, most", [("pwrite64", 6), ("write", 2), ("fsync", 8), ("rename", 4), ("unlink", 2),
                                        ("ftruncate", 1)])
def test_a_kill_at_a_system_call_loses_no_commit(small, right, calls, tmp_path, call, most):
    killed = 0
    for n in spread(calls[call], most):
        shutil.rmtree(tmp_path, ignore_errors=True)
        tmp_path.mkdir()
        done = traced(small, tmp_path, f"{call}:signal=KILL:when={n}", settings=OFTEN)
        if done.returncode == 0:
            assert digest(tmp_path / "results.h5") == right  # a run has not always the same commits
        else:
            assert done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
            killed += 1
            goes_on(small, tmp_path, right)
    assert killed >= max(1, len(spread(calls[call], most)) // 2)


@pytest.mark.parametrize("call, most, error, reason", [
    ("pwrite64", 4, "ENOSPC", "No space left on device"), ("write", 2, "ENOSPC", "No space left on device"),
    ("fsync", 5, "EIO", "Input/output error"), ("rename", 2, "EIO", "Input/output error")])
def test_a_disk_that_fails_loses_no_commit(small, right, calls, tmp_path, call, most, error, reason):
    failures = 0
    for n in spread(calls[call], most):
        shutil.rmtree(tmp_path, ignore_errors=True)
        tmp_path.mkdir()
        failed = traced(small, tmp_path, f"{call}:error={error}:when={n}+", settings=OFTEN)
        if failed.returncode == 0:
            assert digest(tmp_path / "results.h5") == right
            continue
        failures += 1
        refused(failed, 4, reason, str(tmp_path))
        if (tmp_path / "results.h5").exists():
            assert "all is in" in failed.stderr and "--resume tidies up" in failed.stderr
        elif (tmp_path / "results.h5.checkpoint").exists():
            units_safe(failed)
        elif "cannot create" not in failed.stderr:
            assert "nothing was committed to" in failed.stderr and "start anew with --force" in failed.stderr
        goes_on(small, tmp_path, right)
    assert failures >= max(1, len(spread(calls[call], most)) // 2)


def test_a_limit_of_file_sizes_loses_no_commit(longer, tmp_path):
    more = {"output.trajectories.persons": 20000, "population.persons": 20000}  # 30 MB; a checkpoint has 16 MB
    done = sinew("run", longer, "-o", tmp_path, "--quiet", *sets(more),
                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20 << 20, 20 << 20)))
    refused(done, 4, "File too large (the limit of `ulimit -f`)")
    assert units_safe(done) > 1
    assert simulate(longer, tmp_path, "--resume", settings=more).stat().st_size > 20 << 20


@pytest.fixture
def tiny_disk(tmp_path):
    """A disk that holds a checkpoint of 16 MB and its draft, but not much more."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", folder],
                                           capture_output=True, check=False).returncode != 0:
        pytest.skip("no right to mount a disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_disk_that_fills_up_loses_no_commit(longer, tiny_disk, tmp_path):
    more = {"output.trajectories.persons": 20000, "population.persons": 20000, "run.resources": "ignore"}
    right = digest(simulate(longer, tmp_path / "right", settings=more))
    folder = tiny_disk / "run"
    done = sinew("run", longer, "-o", folder, "--quiet", *sets(more))
    refused(done, 4, "No space left on device", "bytes free")
    safe = units_safe(done)
    again = sinew("run", longer, "-o", folder, "--quiet", "--resume", *sets(more))
    refused(again, 4, "No space left on device")
    assert units_safe(again) >= safe
    subprocess.run(["mount", "-o", "remount,size=400m", tiny_disk], check=True)
    goes_on(longer, folder, right, settings=more)


# ---- what may not be gone on with


def test_there_is_nothing_to_resume_in_an_empty_folder(small, tmp_path):
    refused(sinew("run", small, "-o", tmp_path / "new", "--resume"), 2, "leave --resume out")


def test_a_finished_run_is_resumed_by_doing_nothing(small, right, tmp_path):
    result = simulate(small, tmp_path)
    (tmp_path / "config.yaml").unlink()
    for name in ("results.h5.checkpoint", "results.h5.partial.journal"):  # killed between its name and tidying up
        (tmp_path / name).write_text("left over")
    made = result.stat().st_mtime_ns
    done = sinew("run", small, "-o", tmp_path, "--resume")
    assert done.returncode == 0 and "is finished already" in done.stderr, done.stderr
    assert result.stat().st_mtime_ns == made
    assert sorted(os.listdir(tmp_path)) == ["config.yaml", "results.h5"]
    done = sinew("run", small, "-o", tmp_path, "--resume", "--set", "seed=8")
    refused(done, 2, "is finished, and of another config", "--force")


def test_a_result_and_an_interrupted_run_are_not_overwritten(small, right, tmp_path):
    stop_early(small, tmp_path)
    refused(sinew("run", small, "-o", tmp_path), 2, "is of an interrupted run: --resume goes on with it, --force starts anew")
    goes_on(small, tmp_path, right)
    refused(sinew("run", small, "-o", tmp_path), 2, "exists: choose another folder with -o, or replace it with --force")
    assert digest(simulate(small, tmp_path, "--force", settings={"seed": 8})) != right


@pytest.mark.parametrize("settings, line", [
    ({"population.persons": 7000}, "population.persons is 7000, the interrupted run had 6000"),
    ({"seed": 8}, "seed is 8, the interrupted run had 7"),
    ({"output.events": "none"}, "output.events is none, the interrupted run had all"),
    ({"output.trajectories.compression": "none"}, "packing is none, the interrupted run had igzip"),
    ({"parameters.muscle.felt_lag": 0.4}, "parameters.muscle.felt_lag is 0.4, the interrupted run had 0.3"),
    ({"scenarios": "[{name: reference}, {name: other, parameters: {muscle: {felt_lag: 0.4}}}]"},
     "scenarios.other.parameters.muscle.felt_lag is 0.4, the interrupted run had none"),
], ids=str)
def test_a_changed_config_is_named_and_refused(small, right, tmp_path, settings, line):
    stop_early(small, tmp_path)
    done = sinew("run", small, "-o", tmp_path, "--resume", *sets(settings))
    refused(done, 2, line, "results.h5.partial is of another run: go on with its config, or start anew with --force")
    goes_on(small, tmp_path, right)


def test_a_changed_table_is_named_and_refused(small, tmp_path):
    table = tmp_path / "life.csv"
    shutil.copy(ROOT / "configs/tables/us_life_table.csv", table)
    folder = tmp_path / "run"
    stop_early(small, folder, settings={"population.life_table": table})
    table.write_text(table.read_text().replace("0.0", "0.00", 1))
    done = sinew("run", small, "-o", folder, "--resume", *sets({"population.life_table": table}))
    refused(done, 2, "sha256.life_table is ")


@needs_strace
def test_an_earlier_checkpoint_is_not_taken_for_that_of_a_new_run(small, tmp_path):
    """A new run killed before its first commit, in the folder of an interrupted one."""
    stop_early(small, tmp_path, settings={"output.events": "none"})
    killed = traced(small, tmp_path, "rename:signal=KILL:when=1", "--force",
                    settings={**OFTEN, "output.events": "none"})
    assert killed.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    refused(sinew("run", small, "-o", tmp_path, "--resume", "--set", "output.events=none"), 2,
            "stopped before its first commit")


def test_of_two_runs_into_one_folder_the_second_is_refused(longer, tmp_path):
    first = start(longer, tmp_path, settings={"population.persons": 2000000})
    wait_for((tmp_path / "results.h5.checkpoint").exists, first)
    for words in ([], ["--resume"], ["--force"]):
        refused(sinew("run", longer, "-o", tmp_path, *words), 4, "another run is writing it")
    first.send_signal(signal.SIGTERM)
    assert ended(first).returncode == 5


@pytest.mark.parametrize("words", [[], ["--force"]], ids=str)
def test_of_runs_that_start_together_one_goes_on(small, right, tmp_path, words):
    done = [ended(p) for p in [start(small, tmp_path, *words) for _ in range(6)]]
    codes = [d.returncode for d in done]
    assert 0 in codes and set(codes) <= {0, 2, 4}, [d.stderr for d in done]
    for d in done:
        if d.returncode:
            assert "another run is writing it" in d.stderr or "exists: choose" in d.stderr or "--force starts" in d.stderr
    assert digest(tmp_path / "results.h5") == right
