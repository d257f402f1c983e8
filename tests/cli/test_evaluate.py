"""scripts/evaluate from end to end on few draws: result, luck, decisions, report and page; each evaluation's config holds."""

import csv
import os
import re
import subprocess
import sys

import pytest
from program import ENVIRONMENT, ROOT, SINEW, sinew

sys.path.insert(0, str(ROOT / "analysis"))

from sinew_analysis import evaluation  # noqa: E402
from sinew_analysis.reader import ResultError  # noqa: E402

TOOLS = {"cmake": "exit 0", "dpkg-query": "echo -n installed", "nproc": "echo 1"}
FEW = ("--quiet", "--set", "population.persons=600", "--set", "reference.persons=1000", "--set",
       "uncertainty.reference_persons=1000")
NAMES = sorted(path.stem for path in (ROOT / "configs/evaluations").glob("*.yaml"))


def executable(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The real scripts, configs and program beside stand-ins for building and installing."""
    folder = tmp_path_factory.mktemp("evaluate")
    for name in ("scripts", "configs", "analysis"):
        (folder / name).symlink_to(ROOT / name)
    for name, text in TOOLS.items():
        executable(folder / "bin" / name, text)
    executable(folder / "build/release/sinew", f'exec {SINEW} "$@"')
    (folder / "docs").mkdir()
    (folder / "docs/evaluations.md").write_text("# Before\n<!-- exercise: -->\nold\n<!-- end exercise -->\nafter\n", encoding="utf-8")
    return folder


def evaluate(place, *words):
    environment = {**ENVIRONMENT, "PATH": f"{place / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run([place / "scripts/evaluate", *words], cwd=place, env=environment, capture_output=True, text=True,
                          check=False, timeout=300)


def test_one_command_leads_from_a_name_to_an_answer(place):
    done = evaluate(place, "exercise", "--draws", "20", "--docs", *FEW)
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
        done = evaluate(place, *words)
        assert done.returncode == 2 and "which one?" in done.stderr and " ".join(NAMES) in done.stderr
    done = evaluate(place, "exercise", "--draws", "5")
    assert done.returncode == 2 and "from 20 on" in done.stderr
    assert " ".join(NAMES) in evaluate(place, "--help").stdout


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
        evaluation.put("text", "exercise", document)
