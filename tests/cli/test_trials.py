"""scripts/trials from end to end on few people: every trial finds somebody, and what was put in comes out."""

import csv
import os
import subprocess

import pytest
from program import ENVIRONMENT, ROOT, SINEW

TOOLS = {"cmake": "exit 0", "dpkg-query": "echo -n installed", "nproc": "echo 1"}


def executable(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """The real scripts, configs and program beside stand-ins for building and installing; the lines of trials.csv."""
    folder = tmp_path_factory.mktemp("trials")
    for name in ("scripts", "configs", "analysis"):
        (folder / name).symlink_to(ROOT / name)
    for name, text in TOOLS.items():
        executable(folder / "bin" / name, text)
    executable(folder / "build/release/sinew", f'exec {SINEW} "$@"')
    environment = {**ENVIRONMENT, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    few = ["--set", "population.persons=30000", "--set", "reference.persons=2000", "--set",
           "output.trajectories.persons=15000"]
    done = subprocess.run([folder / "scripts/trials", *few], cwd=folder, env=environment, capture_output=True, text=True,
                          check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    output = folder / "output/trials"
    assert (output / "trials.png").stat().st_size > 10000
    assert "nan" not in (output / "trials.md").read_text(encoding="utf-8")
    with (output / "trials.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_at_least_six_trials_are_made_again(rows):
    assert len({row["trial"] for row in rows}) >= 10
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
