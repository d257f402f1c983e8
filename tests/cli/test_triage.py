"""scripts/triage from end to end on few people: scenarios, the people who are followed, tables and figure."""

import re

from program import ROOT, run, sets


def test_one_command_gives_one_page_with_intervals(place):
    few = {"population.persons": 6000, "reference.persons": 2000, "uncertainty.reference_persons": 1000}
    done = place("triage", "--draws", "20", "--quiet", *sets(few))
    assert done.returncode == 0, done.stderr
    page = done.stdout
    assert page == (place / "output/triage/triage.md").read_text(encoding="utf-8")
    assert (place / "output/triage/triage.png").stat().st_size > 10000
    for words in ("dxa_first", "igfbp2_triage", "risk_score_first", "Needed to screen for one", "Needed to treat for one",
                  "USD 2019 a QALY", "gain in AUC", "sensitivity", "calibration slope"):
        assert words in page, words
    tested = re.search(r"People tested by the first step \| ([\d,]+) \(([\d,]+) to ([\d,]+)\)", page)
    value, low, high = (float(text.replace(",", "")) for text in tested.groups())
    assert 400 < low < value < high < 1000 and "nan" not in page


def test_too_few_draws_are_refused(place):
    done = place("triage", "--draws", "5")
    assert done.returncode == 2 and "--draws takes a number from 20 on" in done.stderr


def test_a_result_without_screening_is_refused(tmp_path, whole):
    done = run("/usr/bin/python3", "-m", "sinew_analysis.triage", whole, "--decision", tmp_path, "--followed", whole,
               env={"PYTHONPATH": str(ROOT / "analysis")})
    assert done.returncode == 1 and "no /screening/scenario" in done.stderr and "Traceback" not in done.stderr
