"""Partial correlations of many samples at once, and what a t-test says of them."""

import math
from dataclasses import dataclass

import numpy as np

_MOST_TERMS = 500  # of the continued fraction; it needs some square root of half the degrees of freedom
_TINY = 1e-300


@dataclass
class Moments:
    """Counts, sums and sums of products of some variables in each of many samples, about one common centre."""

    names: tuple
    count: np.ndarray  # (samples,)
    total: np.ndarray  # (samples, variables)
    product: np.ndarray  # (samples, variables, variables)

    @classmethod
    def of(cls, columns, kept):
        """Of `columns`, {name: (samples, people)}, those people who are `kept`, (samples, people)."""
        values = np.stack([np.asarray(column, float) for column in columns.values()], axis=-1)
        values = np.where(kept[..., None], values - values[kept].mean(axis=0), 0.0)
        return cls(tuple(columns), kept.sum(axis=1), values.sum(axis=1), values.transpose(0, 2, 1) @ values)

    def pooled(self, size):
        """Samples of `size` times the people: each takes `size` samples that follow one another, none twice."""
        samples = len(self.count) // size

        def together(values):
            return values[: samples * size].reshape(samples, size, *values.shape[1:]).sum(axis=1)

        return Moments(self.names, together(self.count), together(self.total), together(self.product))

    def partial(self, x, y, given=()):
        """Partial correlation of x and y given some others, and its degrees of freedom, in each sample."""
        at = [self.names.index(name) for name in (x, y, *given)]
        total = self.total[:, at]
        spread = self.product[:, at][:, :, at] - total[:, :, None] * total[:, None, :] / self.count[:, None, None]
        inverse = np.linalg.inv(spread)
        r = -inverse[:, 0, 1] / np.sqrt(inverse[:, 0, 0] * inverse[:, 1, 1])
        return r, self.count - 2 - len(given)


def p_value(r, df):
    """Two-sided p of a correlation with `df` degrees of freedom: t = r sqrt(df/(1 - r^2)) under Student's law."""
    r, df = np.broadcast_arrays(np.asarray(r, float), np.asarray(df, float))
    return _beta_below(1 - r**2, df / 2)


def _beta_below(x, a):
    """Regularised incomplete beta function I_x(a, 1/2).

    By the continued fraction of Abramowitz and Stegun 26.5.8, from that end of (0, 1) where it converges fast.
    """
    b = np.full_like(a, 0.5)
    turned = x > (a + 1) / (a + b + 2)
    first, second, at = np.where(turned, b, a), np.where(turned, a, b), np.where(turned, 1 - x, x)
    beta = _ln_gamma(a) + math.lgamma(0.5) - _ln_gamma(a + 0.5)
    with np.errstate(divide="ignore"):
        front = np.exp(first * np.log(at) + second * np.log1p(-at) - beta) / first
    tail = front / _fraction(at, first, second)
    return np.where(turned, 1 - tail, tail)


def _fraction(x, a, b):
    """1 + d1 x/(1 + d2 x/(1 + ...)) by the method of Lentz."""
    value = np.ones_like(x)
    upper, lower = np.ones_like(x), np.zeros_like(x)
    for term in range(1, _MOST_TERMS):
        m = term // 2
        if term % 2:
            d = -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1)) * x
        else:
            d = m * (b - m) / ((a + 2 * m - 1) * (a + 2 * m)) * x
        lower = 1 / _off_nought(1 + d * lower)
        upper = _off_nought(1 + d / upper)
        value = value * (upper * lower)
        if np.all(np.abs(upper * lower - 1) < 1e-14):
            break
    return value


def _off_nought(values):
    return np.where(np.abs(values) < _TINY, _TINY, values)


def _ln_gamma(values):
    found, where = np.unique(values, return_inverse=True)
    return np.array([math.lgamma(value) for value in found])[where].reshape(np.shape(values))
