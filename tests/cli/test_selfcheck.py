"""sinew selfcheck: any user sees that the result does not depend on how it is made."""

import os
import re
import subprocess

import pytest
from program import ENVIRONMENT, ROOT, SINEW, needs_mpi, refused, sinew

DIGEST = re.compile(r"^(\S.*?) +([0-9a-f]{32})(?:  (equal|NOT EQUAL))?$", re.MULTILINE)
pytestmark = needs_mpi


def test_every_way_of_running_is_shown_with_its_digest(small, tmp_path):
    done = sinew("selfcheck", small, env={"TMPDIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    found = DIGEST.findall(done.stdout)
    ways, outcomes = found[:6], found[6:]
    assert [way for way, _, _ in ways] == ["1 rank", "2 ranks", "4 ranks", "1 rank, plain instructions",
                                           "stopped and gone on with", "killed and gone on with"]
    assert [way for way, _, _ in outcomes][0] == "no intervention" and len(outcomes) == 3
    for group in (ways, outcomes):
        assert len({digest for _, digest, _ in group}) == 1
        assert [said for _, _, said in group] == [""] + ["equal"] * (len(group) - 1)
    assert done.stdout.endswith("\nall equal\n")
    assert os.listdir(tmp_path) == []  # nothing is left


def test_a_run_that_differs_is_told_and_ends_with_1(small, tmp_path):
    """The seed is changed under its feet once the first digest is there."""
    config = tmp_path / "c.yaml"
    config.write_text(small.read_text(encoding="utf-8"), encoding="utf-8")
    with subprocess.Popen([SINEW, "selfcheck", config, "-o", tmp_path / "kept"], env=ENVIRONMENT, cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        said = process.stdout.readline() + process.stdout.readline()
        assert DIGEST.search(said)[1] == "1 rank"
        config.write_text(small.read_text(encoding="utf-8").replace("seed: 7", "seed: 8"), encoding="utf-8")
        rest, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert DIGEST.findall(rest)[1][2] == "NOT EQUAL" and "all equal" not in rest
    assert "of the results differ from what they should equal" in errors
    assert (tmp_path / "kept" / "results.h5").exists()


@pytest.mark.parametrize("words, code, said", [
    (["no.yaml"], 2, "no.yaml"),
    (["a.yaml", "b.yaml"], 2, "sinew selfcheck wants one config, 2 were given"),
    (["--set", "population.persons=-1"], 2, "population.persons"),
])
def test_what_cannot_be_run_is_refused(words, code, said):
    refused(sinew("selfcheck", *words), code, said)
