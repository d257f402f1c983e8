"""scripts/trials from end to end on few people: every trial finds somebody, and what was put in comes out."""

import csv

import pytest
from program import ROOT, sets

FEW = {"population.persons": 30000, "reference.persons": 2000, "output.trajectories.persons": 15000}


@pytest.fixture(scope="module")
def rows(place):
    """The lines of trials.csv."""
    done = place("trials", *sets(FEW))
    assert done.returncode == 0, done.stderr
    output = place / "output/trials"
    assert (output / "trials.png").stat().st_size > 10000
    assert "nan" not in (output / "trials.md").read_text(encoding="utf-8")
    with (output / "trials.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_finding_has_its_people(rows):
    with (ROOT / "configs/trials/findings.csv").open(encoding="utf-8") as stream:
        findings = list(csv.DictReader(stream))
    assert [(row["trial"], row["quantity"]) for row in rows] == [(row["trial"], row["quantity"]) for row in findings]
    assert all(int(row["people"]) > 10 for row in rows)


def test_what_was_put_in_comes_out_of_falls_and_states(rows):
    """Ratios of falls and states come from thousands of people in pairs: within 4 standard errors, or a
    fiftieth for the mean over a trial's years and what strength, put in as one SD, does to falls as another."""
    checked = 0
    for row in rows:
        if row["role"] == "put in" and row["quantity"].split()[-1] in ("falls", "knee_extensor_nm"):
            near = 4 * float(row["standard_error"]) + 0.02 * float(row["value"])
            assert abs(float(row["simulated"]) - float(row["value"])) < near, row
            checked += 1
    assert checked == 4


def test_those_who_fall_change_less_than_falls(rows):
    for arm in ("cochrane_exercise", "cochrane_tai_chi"):
        falls, fallers = (next(float(row["simulated"]) for row in rows if row["arm"] == arm and row["quantity"] == quantity)
                          for quantity in ("rate falls", "fallers"))
        assert falls < fallers < 1
