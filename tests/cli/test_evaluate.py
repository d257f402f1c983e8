"""scripts/evaluate from end to end on few draws: result, luck, decisions, report and page; each evaluation's config holds."""

import csv
import re
import sys

import pytest
from program import ROOT, sinew

sys.path.insert(0, str(ROOT / "analysis"))

from sinew_analysis.pages import put_between_marks  # noqa: E402
from sinew_analysis.reader import ResultError  # noqa: E402

FEW = ("--quiet", "--set", "population.persons=600", "--set", "reference.persons=1000", "--set",
       "uncertainty.reference_persons=1000")
NAMES = sorted(path.stem for path in (ROOT / "configs/evaluations").glob("*.yaml"))


@pytest.fixture(scope="module")
def place(place):
    """With a document that an answer can be put into."""
    (place / "docs").mkdir()
    (place / "docs/evaluations.md").write_text("# Before\n<!-- exercise: -->\nold\n<!-- end exercise -->\nafter\n", encoding="utf-8")
    return place


def test_one_command_leads_from_a_name_to_an_answer(place):
    done = place("evaluate", "exercise", "--draws", "20", "--docs", *FEW)
    assert done.returncode == 0, done.stderr
    output = place / "output/exercise"
    page = (output / "exercise.md").read_text(encoding="utf-8")
    with (output / "decision/decision.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    chosen = [row["strategy"] for row in rows if row["statistic"] == "frontier_probability" and row["table"] == "acceptability"]
    assert re.findall(r"\| (?:50|100|150),000 \| \*\*(\w+)\*\*", page)[:3] == chosen
    assert {row["from_age"] for row in rows} == {"65"} and any(row["statistic"] == "evpi_corrected" for row in rows)
    assert "20 draws of 600 people each" in page and "#### At 75" in page and "people an arm" in page
    whole = (place / "docs/evaluations.md").read_text(encoding="utf-8")
    assert whole == f"# Before\n<!-- exercise: -->\n{page}<!-- end exercise -->\nafter\n"
    assert "CHEERS 2022" in (output / "report.html").read_text(encoding="utf-8")


def test_what_is_not_there_is_said_with_what_is(place):
    for words in ((), ("swimming",)):
        done = place("evaluate", *words)
        assert done.returncode == 2 and "which one?" in done.stderr and " ".join(NAMES) in done.stderr
    done = place("evaluate", "exercise", "--draws", "5")
    assert done.returncode == 2 and "from 20 on" in done.stderr
    assert " ".join(NAMES) in place("evaluate", "--help").stdout


@pytest.mark.parametrize("name", NAMES)
def test_each_evaluation_has_its_config_its_decision_and_its_place(name):
    done = sinew("check", ROOT / f"configs/evaluations/{name}.yaml")
    assert done.returncode == 0 and "1000 draws" in done.stdout, done.stderr
    lines = (ROOT / f"configs/evaluations/{name}.decide").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("decision ") for line in lines)
    document = (ROOT / "docs/evaluations.md").read_text(encoding="utf-8")
    found = re.search(rf"(?s)<!-- {name}: -->\n(.*?)<!-- end {name} -->", document)
    assert found and f"scripts/evaluate {name}" in found[1]


def test_a_document_without_a_place_is_refused(tmp_path):
    document = tmp_path / "d.md"
    document.write_text("nothing here\n", encoding="utf-8")
    with pytest.raises(ResultError, match="no place for exercise"):
        put_between_marks(document, "text", "exercise")
