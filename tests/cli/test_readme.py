"""What the README shows can be done as it stands there: its commands, its Python and its R."""

import re
import shlex
import shutil
import subprocess
import sys

import pytest
from program import ENVIRONMENT, ROOT, SINEW, simulate

README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language, holding):
    """The block of a language that holds a word."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    found = [text for name, text in blocks if name == language and holding in text]
    assert len(found) == 1, (language, holding, len(found))
    return found[0]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder as the README's reader has it, with a smaller baseline."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("configs", "analysis", "docs"):
        (folder / name).symlink_to(ROOT / name)
    simulate("configs/baseline.yaml", folder / "output" / "baseline",
             settings={"population.persons": 4000, "reference.persons": 1000})
    return folder


def runs(words, place):
    done = subprocess.run(words, cwd=place, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0 and "arning" not in done.stderr, done.stdout + done.stderr
    return done.stdout


def test_every_command_of_the_list_runs(place, tmp_path):
    """CONFIG, DIR, RESULTS and each word of `describe WHAT` put in."""
    lines = [line for line in block("", "sinew check CONFIG").splitlines() if line.startswith("sinew ")]
    values = {"CONFIG": "configs/baseline.yaml", "DIR": str(tmp_path / "out"), "RESULTS": "output/baseline/results.h5"}
    seen = set()
    for line in lines:
        command, what = re.fullmatch(r"(.*?)(?: {2,}(.*))?", line).groups()
        words = [values.get(word, word) for word in shlex.split(command)]
        words[0] = str(SINEW)
        seen.add(words[1])
        if words[1] in ("run", "check"):
            words += ["--set", "population.persons=1000", "--set", "reference.persons=1000"]
        if words[1] == "decide":
            words[2] = str(simulate("configs/baseline.yaml", tmp_path / "decided", settings={
                "population.persons": 500, "reference.persons": 1000, "uncertainty.draws": 20,
                "uncertainty.reference_persons": 1000, "scenarios": "[{name: care}, {name: same}]"}))
        if words[1] == "describe":
            for topic in what.split(":")[0].replace(" and", ",").split(","):
                assert len(runs([*words[:2], topic.strip()], place)) > 200, topic
        else:
            assert runs(words, place), command
    assert seen >= {"check", "run", "describe", "export", "decide", "digest", "doctor"}


def test_the_python_runs(place):
    printed = runs([sys.executable, "-c", block("python", "xarray")], place)
    assert "kg m-2" in printed and "97" in printed


def test_the_python_of_the_paired_page_joins_events_by_person(place):
    simulate("configs/scenarios/same_people.yaml", place / "output" / "same_people",
             settings={"population.persons": 4000, "reference.persons": 1000})
    page = (ROOT / "docs" / "paired.md").read_text(encoding="utf-8")
    code = re.search(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)[1]
    printed = runs([sys.executable, "-c", code], place)
    assert re.fullmatch(r"\d+ averted, \d+ postponed\n", printed)


@pytest.mark.skipif(not shutil.which("Rscript"), reason="no R")
def test_the_r_runs(place):
    printed = runs(["Rscript", "--vanilla", "-e", block("r", "rhdf5")], place)
    assert 20 < float(printed.split()[-1]) < 35  # mean grip of women of 70, kg


def test_the_picture_can_be_drawn_again(place):
    command = re.search(r"`(PYTHONPATH=analysis .*? -o docs/baseline.png)`", README).group(1)
    words = shlex.split(command.replace("/usr/bin/python3", sys.executable).replace("docs/baseline.png", "again.png"))
    runs(["env", *words], place)
    assert (place / "again.png").stat().st_size < 200_000
    assert (ROOT / "docs" / "baseline.png").stat().st_size < 200_000


def test_a_study_leaves_its_table(place, tmp_path):
    command = re.search(r"`(sinew export RESULTS study [^`]*)`", README).group(1)
    config = re.search(r"A study \(`(.*?)`\)", README).group(1)
    result = simulate(config, tmp_path, settings={"reference.persons": 1000})
    line = command.replace("sinew", str(SINEW)).replace("RESULTS", str(result)).replace("study.csv", str(tmp_path / "s.csv"))
    runs(["sh", "-c", line], place)
    assert (tmp_path / "s.csv").read_text(encoding="utf-8").startswith("person,replicate,person_id,sex,group,age,")


def test_every_file_it_names_is_there():
    for name in re.findall(r"\]\(([^)#:]+)\)", README) + re.findall(r"`((?:configs|scripts|tests|src|docs)/[\w/.]*)`", README):
        assert (ROOT / name).exists(), name
