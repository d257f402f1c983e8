"""A rank that dies or fails takes the others along within seconds, with one message, and no commit is lost."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from program import (ENVIRONMENT, ROOT, SINEW, ended, goes_on, needs_mpi, refused, run, sets, simulate, sinew, start,
                     units_safe, wait_for)

pytestmark = needs_mpi
SOON = 30  # seconds, on a busy machine


def ranks_of(folder):
    """{rank: process id} of the ranks that write to a folder."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() not in (process / "cmdline").read_bytes():
                continue
            for word in (process / "environ").read_bytes().split(b"\0"):
                if word.startswith(b"OMPI_COMM_WORLD_RANK="):
                    found[int(word.split(b"=")[1])] = int(process.name)
        except OSError:
            continue
    return found


def ends_soon(process):
    begun = time.monotonic()
    done = ended(process)
    assert time.monotonic() - begun < SOON
    return done


def all_gone(folder):
    wait_for(lambda: not ranks_of(folder), seconds=SOON)


@pytest.mark.parametrize("ranks, victim, later", [(2, 0, 0), (2, 1, 0.1), (3, 0, 0.05), (3, 2, 0.02)])
def test_a_killed_rank_ends_the_run_with_one_message(longer, longer_right, tmp_path, ranks, victim, later):
    process = start(longer, tmp_path, "--ranks", ranks)
    wait_for((tmp_path / "results.h5.checkpoint").exists, process)
    time.sleep(later)
    os.kill(ranks_of(tmp_path)[victim], signal.SIGKILL)
    done = ends_soon(process)
    lines = refused(done, 1, "a rank was killed by signal 9 (Killed): by hand, or for want of memory")
    assert len(lines) == 2
    if (tmp_path / "results.h5").exists():  # the kill came when only tidying up was left
        assert "--resume tidies up" in done.stderr
    else:
        assert units_safe(done) > 0
    all_gone(tmp_path)
    goes_on(longer, tmp_path, longer_right, *["--ranks", 5 - ranks])


def test_a_rank_killed_before_the_first_commit_says_so(longer, longer_right, tmp_path):
    process = start(longer, tmp_path, "--ranks", 2, settings={"run.commit_seconds": 1000, "population.persons": 2000000})
    wait_for((tmp_path / "results.h5.partial").exists, process)
    os.kill(ranks_of(tmp_path)[1], signal.SIGKILL)
    lines = refused(ends_soon(process), 1, "nothing was committed to", "start anew with --force")
    assert len(lines) == 2
    goes_on(longer, tmp_path, longer_right)


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace")
@pytest.mark.parametrize("call, number", [("fsync", 4), ("rename", 1), ("pwrite64", 400)])
def test_a_writer_killed_at_a_system_call_loses_no_commit(longer, longer_right, tmp_path, call, number):
    """Rank 0 of three."""
    words = [SINEW, "run", longer, "-o", tmp_path, "--quiet"]
    traced = ["strace", "-qq", "-f", "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}"]
    done = run("mpirun", "-n", 1, *traced, *words, ":", "-n", 2, *words)
    assert done.returncode != 0
    goes_on(longer, tmp_path, longer_right, "--ranks", 2)


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace")
@pytest.mark.parametrize("number", range(3, 8))
def test_a_writer_whose_disk_fails_at_the_end_ends_all(small, tmp_path, number):
    """Rank 0 of two. The calls from the fifth on are those of the last commit and of completing the file."""
    rank = [SINEW, "run", small, "-o", tmp_path, "--quiet"]
    traced = ["strace", "-qq", "-f", "-o", os.devnull, "-e", "trace=fsync", "-e", f"inject=fsync:error=EIO:when={number}+"]
    done = run("mpirun", "-q", "-n", 1, *traced, *rank, ":", "-n", 1, *rank, timeout=SOON)
    refused(done, 4, "Input/output error")


def test_ranks_end_when_their_launcher_is_killed(longer, longer_right, tmp_path):
    process = start(longer, tmp_path, "--ranks", 2, settings={"population.persons": 2000000})
    wait_for((tmp_path / "results.h5.checkpoint").exists, process)
    process.kill()
    process.communicate()
    all_gone(tmp_path)
    assert (tmp_path / "results.h5.partial").exists()


def test_a_second_signal_ends_all_at_once(longer, tmp_path):
    process = start(longer, tmp_path, "--ranks", 2, settings={"population.persons": 20000000})
    wait_for((tmp_path / "results.h5.checkpoint").exists, process)
    for rank in ranks_of(tmp_path).values():
        os.kill(rank, signal.SIGSTOP)  # so that they can't stop by themselves
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    done = ends_soon(process)
    refused(done, 5, "stopped")
    units_safe(done)
    all_gone(tmp_path)


@pytest.mark.parametrize("victim", [0, 1])
def test_a_rank_killed_under_mpirun_loses_no_commit(longer, longer_right, tmp_path, victim):
    process = subprocess.Popen(["mpirun", "-n", "2", SINEW, "run", longer, "-o", tmp_path, "--quiet"], cwd=ROOT,
                               env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    wait_for((tmp_path / "results.h5.checkpoint").exists, process)
    os.kill(ranks_of(tmp_path)[victim], signal.SIGKILL)
    assert ends_soon(process).returncode != 0
    goes_on(longer, tmp_path, longer_right, "--ranks", 2)


def test_a_signal_to_one_rank_stops_all(longer, longer_right, tmp_path):
    """As a batch system may send it to one node only."""
    process = subprocess.Popen(["mpirun", "-q", "-n", "2", SINEW, "run", longer, "-o", tmp_path, "--quiet"], cwd=ROOT,
                               env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    wait_for((tmp_path / "results.h5.checkpoint").exists, process)
    os.kill(ranks_of(tmp_path)[1], signal.SIGTERM)
    done = ends_soon(process)
    refused(done, 5, "stopped: ")
    goes_on(longer, tmp_path, longer_right)


def test_one_ranks_failure_ends_all_with_its_message(longer, tmp_path):
    """The second rank gets too little memory for the people of its units."""
    words = ["run", longer, "-o", tmp_path, "--quiet", *sets({"run.unit_people": 65536, "output.events": "none",
                                                               "output.trajectories.persons": "all",
                                                               "population.persons": 65536})]
    rest = " ".join(map(str, words))
    done = run("mpirun", "-q", "-n", 1, "bash", "-c", f"exec {SINEW} {rest}", ":", "-n", 1, "bash", "-c",
               f"ulimit -v 600000; exec {SINEW} {rest}")
    lines = refused(done, 3, "rank 1: no memory")
    assert len(lines) <= 2


def test_a_launcher_of_another_mpi_is_refused(small, tmp_path):
    """Its size variable says 4, and each of its processes is the only one of ours."""
    for name in ("PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS"):
        done = sinew("run", small, "-o", tmp_path / name, env={name: "4"})
        refused(done, 3, "the launcher started 4 processes, MPI sees 1", "start with `sinew run --ranks 4`")
        assert not (tmp_path / name).exists()


def test_ranks_asked_for_twice_must_agree(small, tmp_path):
    done = run("mpirun", "-q", "-n", 2, SINEW, "run", small, "-o", tmp_path, "--ranks", 3)
    refused(done, 2, "--ranks 3, but the launcher started 2 processes: leave --ranks out")
    done = run("mpirun", "-q", "-n", 2, SINEW, "run", small, "-o", tmp_path, "--quiet", "--ranks", 2)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("run_of", range(5))
def test_what_refuses_many_ranks_is_heard(small, tmp_path, run_of):
    """mpirun drops the last words of processes that leave in a hurry: a few tries must all be heard."""
    done = sinew("run", small, "-o", tmp_path, "--ranks", 2, "--set", "seed=-1")
    assert refused(done, 2, "seed") and len(done.stderr.splitlines()) == 1


def test_more_ranks_than_a_machine_can_bear_are_refused(small, tmp_path):
    refused(sinew("run", small, "-o", tmp_path, "--ranks", 100000), 2, "--ranks 100000: this machine has ", " cores, at most ")


def test_without_mpirun_many_ranks_are_refused(small, tmp_path):
    done = sinew("run", small, "-o", tmp_path, "--ranks", 2, env={"PATH": str(tmp_path)})
    refused(done, 3, "mpirun could not be started: No such file or directory", "leave --ranks out")


def test_an_mpirun_that_does_not_work_is_not_silent(small, tmp_path):
    done = sinew("run", small, "-o", tmp_path, "--ranks", 2, env={"OMPI_MCA_rmaps": "none_such"})
    assert done.returncode == 1 and "`mpirun -n 2 true` tells it" in done.stderr


def test_one_rank_needs_no_mpirun(small, tmp_path):
    simulate(small, tmp_path, "--ranks", 1, env={"PATH": str(tmp_path)})
