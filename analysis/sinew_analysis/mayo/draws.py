"""What the study finds in the worlds of draws of the uncertain parameters."""

import numpy as np

from ..pages import markdown
from ..reader import ResultError, Results
from . import study as st
from .study import Study
from .tables import interval, percent


def read(folder):
    """The study in the world of each draw."""
    paths = sorted(folder.glob("draw_*/results.h5"))
    if not paths:
        raise ResultError(f"{folder}: no studies of draws, draw_1/results.h5 and so on")
    studies = []
    for path in paths:
        with Results(path) as results:
            studies.append(Study(results))
    return studies


def _span(shares):
    """Median and, in brackets, 5 to 95 % of the draws, in per cent."""
    low, middle, high = st.spread(np.array(shares))
    return f"{percent(middle)} ({percent(low)} to {percent(high)})"


def table(study, draws):
    """How often each finding comes back at the point estimate, and over the draws."""
    at_point = list(st.claim_rows(study))
    of_draws = [list(st.claim_rows(draw)) for draw in draws]
    found = []
    for k, row in enumerate(at_point):
        mine = [rows[k] for rows in of_draws]
        r = interval(st.spread(np.array([each["r"][1] for each in mine])))
        found.append([row["who"], row["what"], row["given"], row["published"], r, percent(row["share"]),
                      _span([each["share"] for each in mine]), percent(np.mean([each["met"] for each in mine]))])
    whole = [st.whole_abstract(draw) for draw in draws]
    n = min(draw.replicates for draw in draws)
    spans = ", ".join(f"{who.lower()} {_span([each[who] for each in whole])} %" for who in whole[0])
    return "\n\n".join([
        "### Over the draws of the parameters",
        f"{len(draws)} draws of {n} replicates each. r: of the draws' medians the median and, in brackets, 5 to 95 %; so of the "
        f"shares, which by the chance of so many replicates alone have a standard error of up to {50 / np.sqrt(n):.0f} %.",
        markdown(["who", "rASM and", "given", "published", "r", "as published at the point estimate, %", "as published, %",
                  "draws in which the bar is met, %"], found),
        f"All of it in one replicate: {spans}."])
