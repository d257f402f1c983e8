"""sinew validate: published figures beside a small run, as text and CSV, and what it says when it can't."""

import csv
import io

import h5py
import numpy as np
import pytest
from program import ROOT, refused, simulate, sinew

TARGETS = ROOT / "configs" / "calibration" / "targets.csv"


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def validate(result, *words):
    done = sinew("validate", result, "--targets", TARGETS, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def table(whole):
    return rows(validate(whole, "--format", "csv"))


def listed():
    """Ids of the table, in order."""
    lines = [line for line in TARGETS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [row["id"] for row in csv.DictReader(lines)]


def test_no_row_is_dropped(table):
    assert [row["id"] for row in table] == listed()
    for row in table:
        assert bool(row["model"]) != bool(row["reason"]), row


def test_numbers_of_a_row_agree_with_each_other(table):
    compared = [row for row in table if row["model"]]
    assert len(compared) > 400
    for row in compared:
        model, value = float(row["model"]), float(row["value"])
        low, high = (float(row[end]) if row[end] else None for end in ("low", "high"))
        within = (low is None or model >= low) and (high is None or model <= high)
        assert row["within"] == ("yes" if within else "no") or min(
            abs(model - end) for end in (low, high) if end is not None) < 1e-4 * abs(model), row
        assert row["inside"] == ("yes" if abs(float(row["z"])) <= 1.96 else "no"), row
        if low is not None and high is not None and row["interval"] == "15 %":
            assert high - low == pytest.approx(0.3 * abs(value), rel=1e-4), row


def test_what_the_model_was_made_to_meet_is_met(table):
    by_id = {row["id"]: row for row in table}
    # 150 men of 300 lives and 3,000 of the whole population: means of heights are known to 2 mm
    assert float(by_id["MI146"]["model"]) == pytest.approx(178, abs=1)
    assert by_id["MI146"]["from"] == "cells"
    # one year of the life table is lived by 6,000 people: an SD of 16 years, 4 standard errors
    assert float(by_id["MOR001_f"]["model"]) == pytest.approx(61.49, abs=4 * 16 / 3000**0.5)
    assert float(by_id["MI065"]["model"]) < -4
    assert by_id["MI065"]["from"] == "people"


def test_values_from_lives_agree_with_those_taken_from_the_file_by_hand(whole, table):
    by_id = {row["id"]: row for row in table}
    with h5py.File(whole) as file:
        lives, summary = file["trajectories"], file["summary"]
        men = lives["sex"][...] == 1
        alive = lives["alive"][0] == 1
        stored = lives["height_m"]
        height = stored[0] * float(np.ravel(stored.attrs["scale_factor"])[0])
        reach_70 = men & alive[:, 70 - 20]
        lost = 100 * np.mean(height[reach_70, 50] - height[reach_70, 10])
        assert float(by_id["MI138"]["model"]) == pytest.approx(lost, rel=1e-4)

        # deaths in the year after the first hip fracture of women, over those expected at their ages
        hazard = summary["death"][0, 0, 0] * summary["death_n"][0, 0, 0] / summary["person_years"][0, 0, 0]
        ids, ends = lives["person_id"][...], lives["age_at_death"][0]
        events = file["events"]
        hips = (events["kind"][...] == 1) & (events["site"][...] == 0)
        first = {}
        for person, age in zip(events["person"][...][hips], events["age_yr"][...][hips]):
            first.setdefault(person, age)
        died = expected = 0
        for row in np.flatnonzero(~men):
            at = first.get(ids[row])
            if at is None or at < 50:
                continue
            end = min(at + 1, 98, ends[row] if np.isfinite(ends[row]) else 99)
            died += ends[row] <= at + 1
            expected += sum(hazard[a - 20] * max(0, min(end, a + 1) - max(at, a)) for a in range(50, 98))
    assert died > 0
    assert float(by_id["MOR004"]["model"]) == pytest.approx(died / expected, rel=1e-4)


def test_filters_choose_rows(whole, table):
    chosen = rows(validate(whole, "--format", "csv", "--group", "lifetime_change", "--status", "checked"))
    assert [row["id"] for row in chosen] == [
        row["id"] for row in table if row["group"] == "lifetime_change" and row["status"] == "checked"]
    assert chosen[0]["model"] == table[0]["model"]
    chosen = rows(validate(whole, "--format", "csv", "--stage", "height"))
    assert {row["stage"] for row in chosen} == {"height"}


def test_the_text_lists_shares_misses_and_what_is_not_compared(whole, table):
    text = validate(whole)
    compared = [row for row in table if row["model"]]
    within = sum(row["within"] == "yes" for row in compared)
    assert f"in the interval: {within} of {len(compared)} (" in text
    misses, not_compared = text.split("\nOutside the interval\n")[1].split("\nNot compared\n")
    assert misses.count("\n") == len(compared) - within
    for row in table:
        if row["reason"]:
            assert f"{row['id']} " in not_compared


def test_two_runs_print_the_same(whole, table):
    assert rows(validate(whole, "--format", "csv")) == table


def test_output_goes_to_a_file(whole, tmp_path):
    assert validate(whole, "--format", "csv", "-o", tmp_path / "v.csv", "--stage", "height") == ""
    assert (tmp_path / "v.csv").read_text(encoding="utf-8") == validate(
        whole, "--format", "csv", "--stage", "height")
    done = sinew("validate", whole, "--targets", TARGETS, "-o", tmp_path / "none" / "v.csv")
    refused(done, 4, "none/v.csv: No such file or directory")


def test_without_lives_the_summaries_are_compared_and_the_rest_says_why(small, tmp_path):
    result = simulate(small, tmp_path, settings={"output.trajectories.persons": "none", "output.events": "none"})
    found = {row["id"]: row for row in rows(validate(result, "--format", "csv"))}
    assert found["MI146"]["from"] == "cells" and float(found["MI146"]["monte_carlo_error"]) > 0
    assert found["MI108"]["reason"] == "needs trajectories, with alive among their fields"
    assert sum(bool(row["model"]) for row in found.values()) > 100


def test_a_study_has_no_second_look_and_says_so(tmp_path):
    study = simulate(ROOT / "configs" / "studies" / "mayo_2012.yaml", tmp_path,
                     settings={"population.replicates": 1, "reference.persons": 1000,
                               "output.trajectories.persons": "all"})
    found = {row["id"]: row for row in rows(validate(study, "--format", "csv"))}
    assert float(found["MI003_neck"]["monte_carlo_error"]) == pytest.approx(0.06, abs=0.03)
    assert found["MI108"]["reason"] == "too few people or events in the result"


def test_wrong_commands_and_tables_are_refused(whole, tmp_path):
    refused(sinew("validate", whole), 2, "--targets CSV")
    refused(sinew("validate", "--targets", TARGETS), 2, "wants a result")
    refused(sinew("validate", whole, "--targets", tmp_path / "none.csv"), 2, "cannot be opened")
    refused(sinew("validate", tmp_path / "none.h5", "--targets", TARGETS), 4, "none.h5")
    refused(sinew("validate", whole, "--targets", TARGETS, "--format", "xml"), 2, "text or csv is wanted")
    refused(sinew("validate", whole, "--targets", TARGETS, "--group", "lifetime_chance"), 2,
            "no row", "group lifetime_chance")
    bad = tmp_path / "bad.csv"
    bad.write_text(TARGETS.read_text(encoding="utf-8").replace("percent_change", "percent_chance", 2),
                   encoding="utf-8")
    own = refused(sinew("validate", whole, "--targets", bad), 2, "bad.csv:4: operator: unknown operator percent_chance")
    assert len(own) == 2


def test_help_names_the_options():
    done = sinew("validate", "--help")
    assert done.returncode == 0 and "--targets CSV" in done.stdout and "--group" in done.stdout
