"""Any number of ranks gives the same result."""

import pytest
from program import SINEW, digest, kernels_here, needs_mpi, run, simulate

pytestmark = needs_mpi


@pytest.mark.parametrize("ranks", [2, 3, 7])
def test_any_number_of_ranks_gives_the_same_result(small, right, tmp_path, ranks):
    assert digest(simulate(small, tmp_path, "--ranks", ranks)) == right


def test_ranks_started_by_mpirun_give_the_same_result(small, right, tmp_path):
    done = run("mpirun", "-n", 2, SINEW, "run", small, "-o", tmp_path, "--quiet")
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "results.h5") == right


def test_ranks_without_work_do_no_harm(small, tmp_path):
    few = {"population.persons": 2, "output.trajectories.persons": "all"}
    one = digest(simulate(small, tmp_path / "one", settings=few))
    assert digest(simulate(small, tmp_path / "five", "--ranks", 5, settings=few)) == one


def test_ranks_on_unlike_machines_give_the_same_result(small, right, tmp_path):
    """Each rank with the kernels of another CPU."""
    part = ["-n", 1, SINEW, "run", small, "-o", tmp_path, "--quiet", "--kernels"]
    words = [word for isa in kernels_here() for word in (":", *part, isa)]
    done = run("mpirun", *words[1:])
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "results.h5") == right
