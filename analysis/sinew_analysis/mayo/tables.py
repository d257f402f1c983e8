"""The tables of the analysis as Markdown, which is also what the terminal shows, and the first of them as CSV."""

import numpy as np

from ..pages import markdown, number
from . import study as st

CSV_HEAD = ("who", "with_rasm", "given", "published", "rests_on", "r_p05", "r_p50", "r_p95", "percentile", "share_sign",
            "share_as_published", "met")


def interval(values, decimals=2):
    """The middle one of three, and the outer ones in brackets."""
    low, middle, high = (number(value, decimals) for value in values)
    return f"{middle} ({low} to {high})"


def percent(share):
    """A share in per cent; nothing where there is none."""
    return "" if share is None else f"{100 * share:.1f}"


def _yes(met):
    return "yes" if met else "**no**"


def of_study(study):
    """All that the study alone says."""
    whole = ", ".join(f"{who.lower()} {100 * share:.1f} %" for who, share in st.whole_abstract(study).items())
    return "\n\n".join([
        f"{study.replicates:,} replicates of {study.people('female')} women and {study.people('male')} men. r: median of the "
        "replicates and, in brackets, 5 to 95 % of them.",
        "### The abstract, and the model", _ranges(study), _claims(study), _missed(study),
        f"All of it in one replicate, IGFBP-2 the first of the markers too: {whole}.",
        "### Circulating markers", _markers(study),
        "### Women before and after menopause", _groups(study),
        "### Power of the design", _power(study),
    ])


def _ranges(study):
    return markdown(
        ["who", "r of rASM with", "published", "r", "percentile of the published", "within 10 to 90"],
        [[row["who"], row["what"], row["published"], interval(row["r"]), f"{row['place']:.1f}", _yes(row["met"])]
         for row in st.range_rows(study)])


def _claims(study):
    return markdown(
        ["who", "rASM and", "given", "published", "r", "right sign, %", "as published, %", "rests on", "bar met"],
        [[row["who"], row["what"], row["given"], row["published"], interval(row["r"]), percent(row["sign"]),
          percent(row["share"]), row["basis"], _yes(row["met"])] for row in st.claim_rows(study)])


def _missed(study):
    """The bars, and which rows stay below theirs."""
    missed = [f"{row['who'].lower()}, {row['what']}" for row in (*st.range_rows(study), *st.claim_rows(study)) if not row["met"]]
    return (f"Bars: the published smallest and largest r lie between the {st.PLACES[0]}th and {st.PLACES[1]}th percentile; "
            f"{100 * st.LEAST_SHARE:g} % of replicates find what was published, {100 * st.LEAST_SIGN:g} % the right sign. "
            f"Missed: {'; '.join(missed) or 'none'}.")


def _markers(study):
    return markdown(
        ["who", "rASM and", "r, nothing given", "r given age, activity", "p < 0.05, %", "first of four, %"],
        [[row["who"], row["what"], number(row["bare"]), interval(row["r"]), percent(row["share"]), percent(row["first"])]
         for row in st.marker_rows(study)])


def _groups(study):
    before, after = (np.median(study.moments("female", who).count) for who in ("before", "after"))
    return markdown(
        ["rASM and", f"before, n {before:.0f}: r given age, activity", "p < 0.05, %", f"after, n {after:.0f}", "p < 0.05, %"],
        [[row["what"], interval(row["before"]), percent(row["before_share"]), interval(row["after"]),
          percent(row["after_share"])] for row in st.group_rows(study)])


def _power(study):
    return markdown(
        ["who", "rASM and", "given", "p below", "as it was, %", *(f"{size} times as large, %" for size in st.LARGER[1:])],
        [[row["who"], row["what"], row["given"], f"{row['level']:g}", *(percent(row[size]) for size in st.LARGER)]
         for row in st.power_rows(study)])


def csv_rows(study):
    """The first two tables in one, its head first."""
    yield CSV_HEAD
    for row in (*st.range_rows(study), *st.claim_rows(study)):
        yield [row["who"], row["what"], row["given"], row["published"], row["basis"], *(f"{value:.4f}" for value in row["r"]),
               *("" if row.get(name) is None else f"{row[name]:.4f}" for name in ("place", "sign", "share")),
               "yes" if row["met"] else "no"]
