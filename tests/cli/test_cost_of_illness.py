"""scripts/cost_of_illness from end to end on few draws: the published cost of sarcopenia, other conditions, tables and figure."""

import csv

import h5py
import numpy as np
import pytest
from program import PYTHON, ROOT, run

FEW = ("--quiet", "--set", "population.persons=2000", "--set", "reference.persons=2000", "--set",
       "uncertainty.reference_persons=1000")
LABEL = "direct cost attributable to sarcopenia, USA 2000 (Janssen 2004), called frailty in the Mayo press release"


@pytest.fixture(scope="module")
def done(place):
    done = place("cost_of_illness", "--draws", "6", *FEW)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def rows(place, done):
    with (place / "output/cost_of_illness/cost_of_illness.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def find(rows, **wanted):
    found = [float(row["value"]) for row in rows if all(row[key] == value for key, value in wanted.items())]
    assert len(found) == 1, (wanted, found)
    return found[0]


def test_all_of_it_is_said_and_kept(place, done):
    output = place / "output/cost_of_illness"
    assert done == (output / "cost_of_illness.md").read_text(encoding="utf-8") and "nan" not in done
    assert (output / "cost_of_illness.png").stat().st_size > 10000
    assert LABEL in done and "Frailty proper (Fried's definition) is another figure" in done
    assert "Step 13 comes to 18.48 bn, to one decimal the published 18.5 (men 10.8, women 7.7)" in done


def test_every_figure_of_money_has_its_prices_ledger_and_rate(rows):
    for row in rows:
        if "USD" not in row["unit"]:
            assert row["unit"] == "%", row
            continue
        assert row["unit"].removeprefix("bn ").startswith("USD_20") and row["ledger"] and row["perspective"], row
        assert row["discount_rate"] in ("0", "0.015", "0.03", "0.05"), row
    assert {row["ledger"] for row in rows} >= {"disability", "event", "frailty"}


def test_one_factor_makes_the_total_and_the_split_is_left(rows):
    """Of 2,000 people the split has a standard error of about 1 bn."""
    for view in ("counterfactual, one factor a sex", "counterfactual, affine map"):
        mine = {"condition": LABEL, "view": view}
        men, women = find(rows, figure="Men: cost", **mine), find(rows, figure="Women: cost", **mine)
        assert men + women == pytest.approx(18.5, rel=1e-4)
        assert 7 < men < 15
        assert find(rows, figure="Total", **mine) == 18.5


def test_fractions_save_less_than_the_same_people(rows):
    mine = {"view": "arithmetic and counterfactual"}
    tenth = find(rows, figure="A tenth less: every tenth sarcopenic person, whoever, is none", **mine)
    assert tenth == pytest.approx(1.85)
    assert 0.7 < find(rows, figure="A tenth less: fractions, the pool fixed", **mine) < 1.5


def test_what_is_left_without_the_parts_is_the_background(place, rows):
    """As the reference pass made it, weighted by the people of 2019; cents are rounded by part, person and year."""
    people = np.zeros((2, 78))
    with (ROOT / "configs/tables/us_population.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(line for line in stream if not line.startswith("#")):
            if row["year"] == "2019" and int(row["age"]) >= 20:
                people[int(row["sex"] == "male"), min(int(row["age"]), 97) - 20] += float(row["count"])
    with h5py.File(place / "output/cost_of_illness/frailty_cost/results.h5") as file:
        wanted = (file["reference/background_event"][...] * people).sum() * 1e-9
    parts = {row["condition"]: float(row["value"]) for row in rows if row["view"] == "by part"}
    assert parts["Background: all other personal health care"] == pytest.approx(wanted, rel=1e-5)
    assert parts["Nursing homes"] > parts["Hip fractures, five years"] > 0


def test_wrong_numbers_of_draws_are_refused(place):
    for words in (["--draws", "three"], ["--draws", "3"], ["--draws"]):
        done = place("cost_of_illness", *words)
        assert done.returncode == 2 and done.stderr.startswith("cost_of_illness: "), done.stderr


def test_a_result_by_another_ledger_is_refused(place, done):
    output = place / "output/cost_of_illness"
    swapped = place / "swapped"
    swapped.mkdir()
    for name, real in (("janssen", "janssen"), ("janssen_affine", "janssen_affine"), ("frailty_cost", "janssen")):
        (swapped / name).symlink_to(output / real)
    done = run(PYTHON, "-m", "sinew_analysis.illness", swapped, env={"PYTHONPATH": str(place / "analysis")})
    assert done.returncode == 1
    assert "costs are by the disability ledger, not by event, and output.cost_parts was not asked for" in done.stderr
