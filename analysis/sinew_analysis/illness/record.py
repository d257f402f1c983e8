"""Figures as words for a page and as rows for a CSV, each with its prices, ledger, perspective and rate beside it."""

import csv

from ..money import Money

CSV_HEAD = ("condition", "view", "figure", "sex", "ages", "year", "value", "low", "high", "published", "unit", "ledger",
            "perspective", "price_index", "discount_rate")


def amount(value, decimals=1):
    """A number with commas and a true minus."""
    text = f"{value:,.{decimals}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) != 0 else text.replace("-", "")


def with_interval(spread, decimals=1):
    """A figure and, in brackets, its interval."""
    if spread.interval is None:
        return amount(spread.point, decimals)
    low, high = spread.interval
    return f"{amount(spread.point, decimals)} ({amount(low, decimals)} to {amount(high, decimals)})"


class Record:
    """All figures of the page, for the CSV."""

    def __init__(self):
        self.rows = []

    def put(self, spread, of=None, **words):
        """One figure; `of` is Money that lends it ledger, perspective and index."""
        row = dict.fromkeys(CSV_HEAD, "")
        row.update(words)
        row["value"] = f"{spread.point:.6g}"
        if spread.interval is not None:
            row["low"], row["high"] = (f"{edge:.6g}" for edge in spread.interval)
        if isinstance(of, Money):
            row.update(ledger=of.ledger, perspective=of.perspective, price_index=of.index)
        self.rows.append(row)
        return spread

    def write(self, path):
        with open(path, "w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, CSV_HEAD)
            writer.writeheader()
            writer.writerows(self.rows)
