"""A handful of planted mistakes, each seen by a test; tests/mutation/mutate.py plants as many as one likes."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from mutate import ROOT, Build, Trial, mutations  # noqa: E402

# What is mistaken, where it is looked for in src/processes, and what is put there.
PLANTED = {
    "a sign": (r"\+(?= b->strength_change\[i\])", "-"),
    "a dropped term": (r"per_activity(?= \* b->activity_z)", "0"),
    "an age off by one": (r"(?<=age )>=(?= 85)", ">"),
    "another slot of luck": (r"(?<=SNW_YEAR_LUCK\(luck, )gait(?=\))", "strength"),
    "a digit": (r"(?<=marker_phi = SNW_R\(0\.)9(?=\))", "8"),
    "early for late": (r"(?<=\? c->hip_)early(?= : c->hip_late)", "late"),
}
LABELS = ["unit", "property", "oracle"]


@pytest.fixture(scope="module")
def build():
    folder = ROOT / "build" / "release"
    if not (folder / "build.ninja").is_file():
        pytest.exit(f"{folder} is not built", returncode=3)
    return Build(folder, LABELS)


@pytest.fixture
def trial(build):
    one = Trial(build, jobs=2)
    yield one
    one.close()


def plant(pattern, new):
    """The first file of src/processes with the pattern, and its text with the change."""
    for path in sorted((ROOT / "src" / "processes").glob("*.c")):
        text = path.read_text(encoding="utf-8")
        if re.search(pattern, text):
            return path, re.sub(pattern, new, text, count=1)
    return pytest.fail(f"no longer in the source, choose another: {pattern}")


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_mistake_is_seen(trial, what):
    path, text = plant(*PLANTED[what])
    by = trial.caught_by(path, text)
    print(f"{path.name}: {what} is caught by {by}")
    assert by and by.startswith("test_"), by


def test_what_changes_nothing_is_let_pass(build):
    """Else a broken link would look like a mistake seen."""
    path = ROOT / "src" / "processes" / "menopause.c"
    build_of_units = Build(build.folder, ["unit"])
    one = Trial(build_of_units, jobs=2)
    assert build_of_units.objects(path)
    assert one.caught_by(path, path.read_text(encoding="utf-8") + "/* the end */\n") is None
    one.close()


def test_mistakes_are_planted_in_code_only(tmp_path):
    source = tmp_path / "line.c"
    source.write_text('/* a + b */\nint f(int a)\n{\n    return a + 12; /* a - b */\n}\n', encoding="utf-8")
    texts = [m.text().splitlines()[3] for m in mutations(source)]
    assert texts == ["    return a - 12; /* a - b */", "    return a + 0 * 12; /* a - b */",
                     "    return a + 13; /* a - b */"]
