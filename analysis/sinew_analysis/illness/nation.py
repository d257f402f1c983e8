"""The nation's people by year, sex and age, and its prices: from the tables that runs are made with."""

import csv
from pathlib import Path

import numpy as np

from ..reader import ResultError

SEXES = ("female", "male")
AGE_FIRST, AGE_LAST = 20, 97
N_AGES = AGE_LAST - AGE_FIRST + 1


def _rows(path):
    try:
        with open(path, newline="", encoding="utf-8") as stream:
            yield from csv.DictReader(line for line in stream if not line.startswith("#"))
    except OSError as error:
        raise ResultError(f"{path}: {error.strerror}") from None


class Nation:
    """People of configs/tables/us_population.csv, those above 97 at 97, and indices of price_index.csv."""

    def __init__(self, tables):
        tables = Path(tables)
        self._people, self._prices = {}, {}
        for row in _rows(tables / "us_population.csv"):
            age = min(int(row["age"]), AGE_LAST)
            if age >= AGE_FIRST:
                people = self._people.setdefault(int(row["year"]), np.zeros((2, N_AGES)))
                people[SEXES.index(row["sex"]), age - AGE_FIRST] += float(row["count"])
        for row in _rows(tables / "price_index.csv"):
            self._prices[int(row["year"])] = {name: float(value) for name, value in row.items() if name != "year"}

    def people(self, year, from_age=AGE_FIRST):
        """(sex, age) people on 1 July, none below from_age."""
        if year not in self._people:
            raise ResultError(f"the table of people has no {year}; it has {', '.join(map(str, sorted(self._people)))}")
        people = self._people[year].copy()
        people[:, : from_age - AGE_FIRST] = 0
        return people

    def price(self, index, year):
        """An index in a year."""
        try:
            return self._prices[year][index]
        except KeyError:
            raise ResultError(f"the price table has no {index} of {year}") from None
