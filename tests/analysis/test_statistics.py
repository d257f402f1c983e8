"""Partial correlations, p and discrimination on tables worked by hand."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis"))

import numpy as np  # noqa: E402
import pytest  # noqa: E402

from sinew_analysis.correlation import Moments, p_value  # noqa: E402
from sinew_analysis.prediction import auc, calibration_slope, logistic, net_reclassification, risk  # noqa: E402

# Correlations

# z parts the four into two pairs. Less the mean of its pair, x is -.5 .5 -.5 .5 and y is -1 1 0 0: r = 1/sqrt(1 x 2).
X, Y, Z = [1, 2, 3, 4], [1, 3, 2, 2], [1, 1, 2, 2]


def moments(rows, kept=None):
    """Of samples, each a triple of columns x, y, z."""
    x, y, z = np.array(rows, float).swapaxes(0, 1)
    return Moments.of({"x": x, "y": y, "z": z}, np.ones(x.shape, bool) if kept is None else np.array(kept, bool))


def test_a_partial_correlation_is_that_of_what_is_left():
    r, df = moments([(X, Y, Z)]).partial("x", "y", ("z",))
    assert r[0] == pytest.approx(1 / np.sqrt(2)) and df[0] == 1


def test_with_nothing_given_it_is_the_plain_one():
    """Less the means x is -1.5 -.5 .5 1.5 and y is -1 1 0 0: products add to 1, squares to 5 and 2."""
    r, df = moments([(X, Y, Z)]).partial("x", "y")
    assert r[0] == pytest.approx(1 / np.sqrt(10)) and df[0] == 2


def test_each_sample_has_its_own_and_those_left_out_do_not_count():
    kept = [[1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]
    x, y, z = (column + [more] for column, more in zip((X, Y, Z), (99, -7, 5)))
    r, df = moments([(x, y, z), (x, [-value for value in y], z)], kept).partial("x", "y", ("z",))
    assert r[0] == pytest.approx(1 / np.sqrt(2)) and df.tolist() == [1, 2]
    assert r[1] != pytest.approx(-1 / np.sqrt(2))


def test_samples_taken_together_are_one_larger_sample():
    half = [(X[:2], Y[:2], Z[:2]), (X[2:], Y[2:], Z[2:])]
    third = ([0, 0], [0, 0], [0, 0])
    r, df = moments([*half, third]).pooled(2).partial("x", "y", ("z",))
    assert r.tolist() == pytest.approx([1 / np.sqrt(2)]) and df.tolist() == [1]


@pytest.mark.parametrize("t, df, p", [(1, 1, 0.5), (12.706, 1, 0.05), (4.032, 5, 0.01), (2.228, 10, 0.05),
                                      (1.984, 100, 0.05), (2.626, 100, 0.01)])
def test_p_is_that_of_the_tables_of_t(t, df, p):
    """Tables of t give three decimals, which is 4e-4 of p at most."""
    r = t / np.sqrt(df + t**2)
    assert p_value([r, -r], df) == pytest.approx([p, p], rel=1e-3)


def test_no_correlation_has_p_one_and_a_perfect_one_nought():
    assert p_value([0.0, 1.0, -1.0], 268) == pytest.approx([1, 0, 0])


# Discrimination, on six people


def test_auc_counts_pairs_and_halves_ties():
    """Of nine pairs .9 and .6 win three each, .4 wins over .1 and ties with .4."""
    score, event = np.array([0.9, 0.6, 0.4, 0.5, 0.4, 0.1]), np.array([True] * 3 + [False] * 3)
    assert auc(score, event) == pytest.approx(7.5 / 9)
    assert auc(-score, event) == pytest.approx(1.5 / 9)


def test_reclassification_counts_classes_passed_by_each():
    """Two of three cases rise. Of the others two fall and one rises, to a threshold that belongs to the class above."""
    event = np.array([True] * 3 + [False] * 3)
    before, after = np.array([0.05, 0.15, 0.25, 0.15, 0.15, 0.05]), np.array([0.15, 0.25, 0.25, 0.05, 0.05, 0.2])
    assert net_reclassification(before, after, event, (0.1, 0.2)) == pytest.approx((2 / 3, 1 / 3))
    assert net_reclassification(after, before, event, (0.1, 0.2)) == pytest.approx((-2 / 3, -1 / 3))


def test_a_logistic_regression_on_two_groups_gives_their_odds():
    """One in four against three in four: odds of 1/3 and 3."""
    exposed, event = np.repeat([0.0, 1.0], 4), np.array([1, 0, 0, 0, 1, 1, 1, 0], bool)
    beta = logistic([exposed], event)
    assert beta == pytest.approx([np.log(1 / 3), np.log(9)])
    assert risk([exposed], beta)[[0, 4]] == pytest.approx([0.25, 0.75])


def test_risks_spread_twice_too_wide_have_a_slope_of_a_half():
    """Odds of 1/9 and 9 where 1/3 and 3 come true."""
    event = np.array([1, 0, 0, 0, 1, 1, 1, 0], bool)
    assert calibration_slope(np.repeat([0.25, 0.75], 4), event) == pytest.approx(1)
    assert calibration_slope(np.repeat([0.1, 0.9], 4), event) == pytest.approx(0.5)
