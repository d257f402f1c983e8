"""The memory of a run does not grow with its people."""

import h5py
import pytest
from program import needs_mpi, simulate

SUMS = {"output.trajectories.persons": "none", "output.events": "none"}
MIB = 1 << 20


def memory(result):
    """The most that any rank has held."""
    with h5py.File(result) as file:
        return file["provenance"].attrs["memory_bytes"]


def test_memory_does_not_grow_with_the_people(small, tmp_path):
    """Twenty times the people; half a MiB is what two runs of the same size may differ by."""
    few, many = (memory(simulate(small, tmp_path / str(n), settings={**SUMS, "population.persons": n}))
                 for n in (20000, 400000))
    assert many < few + MIB / 2


@pytest.mark.parametrize("words", [[], pytest.param(["--ranks", 3], marks=needs_mpi)], ids=str)
def test_a_rank_needs_less_than_200_mib(small, tmp_path, words):
    """With a reference pass of the usual size."""
    usual = {**SUMS, "reference.persons": 200000}
    assert memory(simulate(small, tmp_path, *words, settings=usual)) < 200 * MIB
