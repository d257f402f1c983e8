"""Starting many ranks: one of them reads the inputs; and work goes to the ranks that are quick."""

import os
import re
import shutil
import signal
import time

import h5py
import pytest
from program import SINEW, digest, ended, needs_mpi, run, simulate, start, wait_for
from test_killed import ranks_of

pytestmark = needs_mpi


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace")
def test_one_rank_reads_the_inputs_for_all(small, right, tmp_path):
    """By the files that each of three ranks opens: the config and the tables."""
    config = tmp_path / "extends.yaml"
    config.write_text(f"extends: {small}\n", encoding="utf-8")
    traced = ["strace", "-qq", "-f", "-e", "trace=open,openat", "-o"]
    part = [SINEW, "run", config, "-o", tmp_path / "run", "--quiet"]
    done = run("mpirun", "-n", 1, *traced, tmp_path / "0", *part, ":", "-n", 1, *traced, tmp_path / "1", *part, ":",
               "-n", 1, *traced, tmp_path / "2", *part)
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "run" / "results.h5") == right
    names = ("extends.yaml", small.name, "us_life_table.csv", "us_population.csv", "price_index.csv")
    for rank in range(3):
        opened = re.findall(r'open(?:at)?\(.*?"([^"]*)".* = \d', (tmp_path / str(rank)).read_text())
        found = {name: sum(path.endswith("/" + name) for path in opened) for name in names}
        assert all((n > 0) == (rank == 0) for n in found.values()), (rank, found)


@pytest.mark.parametrize("settings", [{"population.persons": 400000},
                                      {"population.persons": 10000, "uncertainty.draws": 30},
                                      {"population.persons": 100000, "uncertainty.draws": 3}], ids=str)
def test_a_slow_rank_does_less(small, tmp_path, settings):
    """The second is halted for 19 parts of 20 of the time: what it does not do the first one does."""
    settings = {**settings, "output.trajectories.persons": "none", "output.events": "none",
                "uncertainty.reference_persons": 1000}
    one = digest(simulate(small, tmp_path / "one", settings=settings))
    process = start(small, tmp_path, "--ranks", 2, settings=settings)
    wait_for((tmp_path / "results.h5.partial").exists, process)
    slow = ranks_of(tmp_path)[1]
    try:
        while process.poll() is None:
            os.kill(slow, signal.SIGSTOP)
            time.sleep(0.095)
            os.kill(slow, signal.SIGCONT)
            time.sleep(0.005)
    except ProcessLookupError:
        pass
    assert ended(process).returncode == 0
    assert digest(tmp_path / "results.h5") == one
    with h5py.File(tmp_path / "results.h5") as file:
        least, most = file["provenance"].attrs["units_of_ranks"]
    assert least < most / 2
