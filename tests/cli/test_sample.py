"""Whose lives are kept: both sexes in proportion, however many of the population are asked for."""

import h5py
import numpy as np
import pytest
from program import simulate


@pytest.mark.parametrize("rows", [300, 1000, 3000])
def test_sampled_lives_are_of_both_sexes_in_proportion(small, tmp_path, rows):
    result = simulate(small, tmp_path, settings={"output.trajectories.persons": rows})
    with h5py.File(result) as file:
        women = int(np.sum(file["trajectories/sex"][...] == 0))
    # 6,000 people in six units of work, half of them women: each unit may be half a person off
    assert abs(women - rows / 2) <= 3
