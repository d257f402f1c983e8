"""Runs the built program as its users do: small configs, its exit code, what it says and what it leaves."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SINEW = Path(os.environ.get("SINEW_PROGRAM", ROOT / "build" / "release" / "sinew"))
OPEN_MPI = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
            "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_btl_vader_single_copy_mechanism": "none"}
NOTHING_KEPT = {"SINEW_CACHE": "none"}  # each run makes its own reference pass
ENVIRONMENT = {**os.environ, **OPEN_MPI, **NOTHING_KEPT}
OFTEN = {"run.commit_seconds": 0.05}
SAFE = re.compile(r"(\d+) of (\d+) units are safe in (\S+)\.partial; go on with --resume$")
LONG = 120  # seconds after which a run counts as hanging

SMALL = """\
title: Small
seed: 7
population:
  persons: 6000
reference:
  persons: 1000
output:
  trajectories:
    persons: 300
  events: all
run:
  unit_people: 1024
"""


def run(*words, env=None, cwd=ROOT, timeout=LONG, **options):
    """Runs a command line to its end; a Path or number is as good as a text."""
    return subprocess.run([str(w) for w in words], env={**ENVIRONMENT, **(env or {})}, cwd=cwd, timeout=timeout,
                          capture_output=True, text=True, check=False, **options)


def sinew(*words, **options):
    return run(SINEW, *words, **options)


def sets(settings):
    """`--set key=value` of each pair."""
    return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]


def simulate(config, folder, *words, settings=None, **options):
    """A run that must end well; its result file."""
    done = sinew("run", config, "-o", folder, "--quiet", *words, *sets(settings or {}), **options)
    assert done.returncode == 0, done.stderr
    return Path(folder) / "results.h5"


def digest(result):
    done = sinew("digest", result)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"[0-9a-f]{32}\n", done.stdout)
    return done.stdout.strip()


def refused(done, code, *words):
    """Ended with this exit code, every word in what it said, and every line of that its own."""
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    for word in words:
        assert word in done.stderr, (word, done.stderr)
    own = [line for line in done.stderr.splitlines() if line.strip()]
    assert own and all(line.startswith("sinew: ") for line in own), done.stderr
    return own


def with_record(folder, kind, name, text, head=""):
    """A config whose second scenario has a record of its own: an intervention or a screening, by `kind`."""
    (folder / kind).mkdir()
    (folder / kind / f"{name}.yaml").write_text(text, encoding="utf-8")
    path = folder / "c.yaml"
    path.write_text(f"{head}scenarios:\n  - {{name: reference}}\n  - {{name: {name}, {kind}: [{name}]}}\n", encoding="utf-8")
    return path


def wait_for(condition, process=None, seconds=LONG):
    """Until the condition holds, or the process has ended: then fails."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        assert process is None or process.poll() is None, "ended too early"
        time.sleep(0.005)


def start(config, folder, *words, settings=None, **options):
    return subprocess.Popen([str(w) for w in (SINEW, "run", config, "-o", folder, "--quiet", *words,
                                              *sets(settings or {}))],
                            env=ENVIRONMENT, cwd=ROOT, stderr=subprocess.PIPE, text=True, **options)


def ended(process):
    _, said = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, "", said)


def units_safe(done):
    """The number of units that the last line says are safe."""
    found = SAFE.search(done.stderr.rstrip("\n"))
    assert found, done.stderr
    assert 0 < int(found[1]) < int(found[2])
    return int(found[1])


def goes_on(config, folder, right, *words, settings=None):
    """What was interrupted ends with the right digest; what had no commit says what to do, and is begun anew."""
    settings = {"run.commit_seconds": 2, **(settings or {})}
    if (folder / "results.h5.checkpoint").exists() or (folder / "results.h5").exists():
        result = simulate(config, folder, "--resume", *words, settings=settings)
    else:
        done = sinew("run", config, "-o", folder, "--resume", *words, *sets(settings))
        refused(done, 2)
        if (folder / "results.h5.partial").exists():
            assert "stopped before its first commit" in done.stderr and "--force starts anew" in done.stderr
        else:
            assert "no interrupted run to go on with: leave --resume out" in done.stderr
        result = simulate(config, folder, "--force", *words, settings=settings)
    assert digest(result) == right
    assert sorted(os.listdir(folder)) == ["config.yaml", "results.h5"]


def has_mpirun():
    return shutil.which("mpirun") is not None


needs_mpi = pytest.mark.skipif(not has_mpirun(), reason="no mpirun")


STAND_INS = {"bin/cmake": "exit 0", "bin/dpkg-query": "echo -n installed", "bin/nproc": "echo 1",
             "build/release/sinew": f'exec {SINEW} "$@"'}


class Place:
    """The real scripts, configs and analysis in a folder, with the built program and stand-ins for what installs and builds."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("scripts", "configs", "analysis"):
            (folder / name).symlink_to(ROOT / name)
        for name, text in STAND_INS.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
            path.chmod(0o755)

    def __call__(self, script, *words):
        """Runs a script to its end, on one core."""
        return run(self.folder / "scripts" / script, *words, cwd=self.folder, timeout=300,
                   env={"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"})

    def __truediv__(self, name):
        return self.folder / name


def cpu_flags():
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return set()
    found = re.search(r"^flags\s*:(.*)$", text, re.MULTILINE)
    return set(found.group(1).split()) if found else set()


def kernels_here():
    flags = cpu_flags()
    v3 = {"avx2", "fma", "bmi1", "bmi2"} <= flags
    v4 = v3 and {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"} <= flags
    return ["plain"] + ["v3"] * v3 + ["v4"] * v4


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The small config."""
    path = tmp_path_factory.mktemp("small") / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def whole(small, tmp_path_factory):
    """Its result, on one rank and uninterrupted."""
    return simulate(small, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="session")
def right(whole):
    """The digest that every way of running the small config must give."""
    return digest(whole)


@pytest.fixture(scope="session")
def longer(small):
    """The small config with seven times its people: about a second, and ten commits."""
    path = small.parent / "longer.yaml"
    path.write_text("extends: small.yaml\npopulation:\n  persons: 40000\nrun:\n  commit_seconds: 0.05\n",
                    encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def longer_right(longer, tmp_path_factory):
    return digest(simulate(longer, tmp_path_factory.mktemp("longer")))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where a module runs scripts."""
    return Place(tmp_path_factory.mktemp("place"))


@pytest.fixture(autouse=True, scope="session")
def built():
    if not SINEW.exists():
        pytest.exit(f"{SINEW} is not built", returncode=3)


PYTHON = sys.executable
