"""The table of a result's screening pathways: who was tested, positive and treated, and how many it takes."""

from dataclasses import dataclass

import numpy as np

HEAD = ("Scenario", "Step", "Tests", "People tested", "Positive", "Referred", "Treatments begun", "Cost of tests")
NOTE = ("Of all people simulated, point estimate. Fractures averted are the reference's less the scenario's, over whole lives; a "
        "number needed below 0 stands for more fractures.")


@dataclass
class Section:
    """What the report says of screening."""

    head: tuple
    rows: list  # of texts, as long as the head
    answers: list  # a sentence a scenario
    note: str


def section(results):
    """The section, or None where nobody is screened."""
    if not results.has("screening"):
        return None
    names, steps = results.words("screening", "scenario"), results.words("screening", "step")
    point = {name: results.column("screening", name)[:, 0].sum(axis=1)
             for name in ("tested", "people_tested", "people_positive", "referred", "started", "cost")}
    rows = [(names[s], steps[k], *(f"{point[name][s, k]:,.0f}" for name in point))
            for s in range(1, len(names)) for k in range(len(steps)) if point["tested"][s, k] > 0]
    averted = results.column("screening", "fractures_averted")[:, 0].sum(axis=(1, 2))
    screen, treat = (results.column("screening", f"number_needed_to_{what}")[:, 0, -1] for what in ("screen", "treat"))
    answers = [f"{names[s]}: {averted[s]:,.0f} fractures averted; people needed to screen for one {_number(screen[s])}, to treat "
               f"{_number(treat[s])}." for s in range(1, len(names)) if np.isfinite(averted[s]) and point["tested"][s].any()]
    return Section(HEAD, rows, answers, NOTE)


def _number(value):
    return f"{value:,.0f}".replace("-", "−") if np.isfinite(value) else "–"
