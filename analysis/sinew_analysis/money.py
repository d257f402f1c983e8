"""Sums of money that know their prices, their ledger and their perspective, and refuse to be added to others."""

from dataclasses import dataclass, replace

import numpy as np

from .reader import ResultError


class MixedMoney(ResultError):
    """Two sums that can't be added; the text is one line for the user."""


@dataclass(frozen=True)
class Money:
    """An amount (any shape) in `unit`, `USD_2000` or `USD_2000 year-1`, as one ledger counts it."""

    value: np.ndarray
    unit: str
    ledger: str
    index: str = "pce"
    perspective: str = ""  # by default that of the ledger

    def __post_init__(self):
        object.__setattr__(self, "value", np.asarray(self.value, dtype=float))
        if not self.perspective:
            object.__setattr__(self, "perspective", "cost of illness" if self.ledger == "disability" else "health-care sector")
        if not self.unit.startswith("USD_") or not self.unit[4:8].isdigit():
            raise MixedMoney(f"money without a price year: {self.unit!r}, where USD_2019 is one")

    @property
    def price_year(self):
        return int(self.unit[4:8])

    @property
    def tag(self):
        """What stands beside every figure."""
        return f"{self.unit}, {self.ledger} ledger, {self.perspective} perspective, prices by {self.index}"

    def _check(self, other):
        if not isinstance(other, Money):
            raise MixedMoney("money is added to money only")
        if other.ledger != self.ledger:
            raise MixedMoney(f"costs by the ledgers {self.ledger} and {other.ledger} are views of the same lives: "
                             "their sum would count them twice")
        if (other.unit, other.index) != (self.unit, self.index):
            raise MixedMoney(f"{self.unit} by {self.index} is not added to {other.unit} by {other.index}")
        if other.perspective != self.perspective:
            raise MixedMoney(f"costs from the {self.perspective} perspective are not added to those from the {other.perspective} one")

    def __add__(self, other):
        self._check(other)
        return replace(self, value=self.value + other.value)

    def __sub__(self, other):
        self._check(other)
        return replace(self, value=self.value - other.value)

    def __mul__(self, factor):
        if isinstance(factor, Money):
            raise MixedMoney("money is not multiplied with money")
        return replace(self, value=self.value * factor)

    __rmul__ = __mul__

    def __truediv__(self, other):
        """A ratio of two sums of one kind, or a part."""
        if isinstance(other, Money):
            self._check(other)
            return self.value / other.value
        return replace(self, value=self.value / other)

    def __getitem__(self, at):
        return replace(self, value=self.value[at])

    def sum(self, axis=None):
        return replace(self, value=self.value.sum(axis=axis))

    def over_years(self):
        """The same for a year: of a rate what one year of it comes to."""
        return replace(self, unit=self.unit.removesuffix(" year-1"))

    def in_prices(self, year, nation, index=None):
        """In prices of another year, by an index of the nation's table."""
        index = index or self.index
        factor = nation.price(index, year) / nation.price(index, self.price_year)
        return replace(self, value=self.value * factor, unit=f"USD_{year}{self.unit[8:]}", index=index)

