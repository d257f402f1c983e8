"""Any number of ranks gives the same result."""

import pytest
from program import SINEW, digest, kernels_here, needs_mpi, run, sets, simulate

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


@pytest.mark.parametrize("ranks", [2, 3])
def test_draws_do_not_depend_on_ranks(small, tmp_path, ranks):
    """Five draws on two ranks leave one idle at the end; rows and statistics come in the order of the draws."""
    draws = {"population.persons": 1500, "uncertainty.draws": 5, "uncertainty.reference_persons": 1000,
             "output.per_draw": "all"}
    one = digest(simulate(small, tmp_path / "one", settings=draws))
    assert digest(simulate(small, tmp_path / "many", "--ranks", ranks, settings=draws)) == one


def test_more_ranks_than_draws_do_no_harm(small, tmp_path):
    draws = {"population.persons": 200, "uncertainty.draws": 1, "uncertainty.reference_persons": 1000}
    one = digest(simulate(small, tmp_path / "one", settings=draws))
    assert digest(simulate(small, tmp_path / "four", "--ranks", 4, settings=draws)) == one


def test_few_draws_are_shared_by_all_ranks(small, tmp_path):
    """One draw on three ranks: its people are spread over them, and so are those of three on two."""
    for n in (1, 3):
        draws = {"population.persons": 4000, "uncertainty.draws": n, "uncertainty.reference_persons": 1000,
                 "run.block_people": 64, "run.unit_people": 256, "output.per_draw": "all"}
        one = digest(simulate(small, tmp_path / f"{n}", settings=draws))
        assert digest(simulate(small, tmp_path / f"{n} shared", "--ranks", 3 if n == 1 else 2, settings=draws)) == one


def test_sixty_four_ranks_give_the_same_result(small, tmp_path):
    """On any machine, many more than its cores; a unit for each, and a few over."""
    few = {"population.persons": 6000, "run.block_people": 64, "run.unit_people": 64,
           "output.trajectories.persons": "all", "output.trajectories.fields": "[grip_kg]"}
    one = simulate(small, tmp_path / "one", settings=few)
    done = run("mpirun", "-q", "--oversubscribe", "-n", 64, SINEW, "run", small, "-o", tmp_path / "many", "--quiet", *sets(few))
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "many" / "results.h5") == digest(one)
