"""The Slurm example on stand-ins for srun and scontrol: parts that are stopped go on, and merge to the right result."""

import os
from pathlib import Path

import pytest
from program import OFTEN, ROOT, SINEW, digest, run, sets

PART, MERGE = ROOT / "scripts/slurm/part.sbatch", ROOT / "scripts/slurm/merge.sbatch"


@pytest.fixture
def cluster(small, tmp_path):
    """A part of two as Slurm would start it: srun gives the program a time limit where there is a file `limit`."""
    for name, text in (("srun", f'exec "$@" {" ".join(sets(OFTEN))} --quiet $(cat {tmp_path}/limit 2>/dev/null)'),
                       ("scontrol", f'echo "$*" >>{tmp_path}/requeued')):
        stand_in = tmp_path / "bin" / name
        stand_in.parent.mkdir(exist_ok=True)
        stand_in.write_text(f"#!/bin/bash\n{text}\n")
        stand_in.chmod(0o755)

    def part(number):
        environment = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "SINEW": str(SINEW), "SLURM_ARRAY_TASK_ID": str(number),
                       "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_JOB_ID": "77"}
        return run(PART, small, tmp_path / "parts", env=environment)
    return part


def test_a_part_stopped_by_its_time_limit_is_queued_again_and_goes_on(cluster, right, tmp_path):
    limit, requeued = tmp_path / "limit", tmp_path / "requeued"
    limit.write_text("--max-walltime 0.01s")
    done = cluster(1)
    assert done.returncode == 5 and requeued.read_text() == "requeue 77_1\n", done.stderr
    limit.unlink()
    assert cluster(1).returncode == 0 and cluster(2).returncode == 0
    done = run(MERGE, tmp_path / "parts", tmp_path / "results.h5", env={"SINEW": str(SINEW)})
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "results.h5") == right


def test_a_part_that_was_killed_before_its_first_commit_begins_anew(cluster, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/part-1-of-2.partial").write_bytes(b"SNWPART\n")
    assert cluster(1).returncode == 0
    assert cluster(1).returncode == 0  # finished already
    assert os.listdir(tmp_path / "parts") == ["part-1-of-2"] and not (tmp_path / "requeued").exists()


def test_a_wrong_config_is_not_queued_again(cluster, small, tmp_path):
    Path(tmp_path / "limit").write_text("--set seed=-1")
    assert cluster(1).returncode == 2 and not (tmp_path / "requeued").exists()
