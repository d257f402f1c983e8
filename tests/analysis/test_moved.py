"""Which parameters move a result, from made-up draws whose answer is known."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "analysis"))

import numpy as np  # noqa: E402

from sinew_analysis import moved  # noqa: E402


def test_a_share_is_that_of_a_sum_of_independent_terms():
    """y = 3 x + 4 w of two standard normal values: x explains 9 of 25, give or take 1/sqrt(n) (n 20,000)."""
    rng = np.random.default_rng(7)
    x, w = rng.standard_normal((2, 20000))
    found = moved.mover("x", x, 3 * x + 4 * w)
    assert abs(found.share - 9 / 25) < 0.02
    # between the 10th and the 90th percentile of x, 2 x 1.2816 SD; slope 3 with an SE of 4/sqrt(20,000)
    assert abs(found.at_ninetieth - found.at_tenth - 3 * 2 * 1.2816) < 0.2


def test_a_square_is_explained_whole():
    x = np.linspace(-1, 2, 50)
    found = moved.mover("x", x, 5 * x * x)
    assert abs(found.share - 1) < 1e-12
    assert abs(found.at_tenth - 5 * np.percentile(x, 10) ** 2) < 1e-9


def test_what_has_nothing_to_do_with_it_explains_next_to_nothing():
    """Adjusted for two coefficients, so that chance gives nought on average: SD about 2/n of 1,000."""
    rng = np.random.default_rng(8)
    shares = [moved.mover("x", *rng.standard_normal((2, 1000))).share for _ in range(50)]
    assert np.mean(shares) < 0.002
