"""Kills and full disks at chosen system calls: what was committed is there, and a run goes on."""

import os
import re
import shutil
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WRITER = os.path.join(ROOT, "build", "release", "tests", "write_example")
CALLS = ["pwrite64", "fsync", "ftruncate", "rename", "unlink"]

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="no strace")


def run(*arguments, inject=None):
    command = [WRITER, *map(str, arguments)]
    if inject:
        command = ["strace", "-qq", "-f", "-o", os.devnull, "-e", f"trace={inject.split(':')[0]}",
                   "-e", f"inject={inject}", *command]
    return subprocess.run(command, capture_output=True, text=True)


def last_commit(done):
    lines = done.stdout.split()
    return int(lines[-1]) if lines and lines[-1] != "made" else -1


@pytest.fixture(scope="module")
def points(tmp_path_factory):
    """(call, number of its use) since the first commit, but for chunks themselves; the digest."""
    folder = tmp_path_factory.mktemp("whole")
    path, trace = folder / "results.h5", folder / "trace"
    subprocess.run(["strace", "-f", "-s", "2", "-o", trace, "-e", "trace=write," + ",".join(CALLS),
                    WRITER, path, "commit"], check=True, capture_output=True)
    count, found, made = dict.fromkeys(CALLS, 0), [], False
    for line in trace.read_text().splitlines():
        made = made or "write(1" in line
        call = re.search(r"\b(\w+)\(", line)
        if not call or call[1] not in count:
            continue
        count[call[1]] += 1
        if made and (call[1] != "pwrite64" or r'"x\1' not in line):
            found.append((call[1], count[call[1]]))
    return found, run(path, "digest").stdout


def clear(folder):
    for name in os.listdir(folder):
        os.unlink(folder / name)


def test_a_kill_at_any_call_loses_no_commit(points, tmp_path):
    found, digest = points
    path = tmp_path / "results.h5"
    for i, (call, n) in enumerate(found):
        clear(tmp_path)
        killed = run(path, "commit", inject=f"{call}:signal=KILL:when={n}")
        if path.exists():
            assert run(path, "digest").stdout == digest
            continue
        assert "made" in killed.stdout
        checked = run(path, "check", last_commit(killed))
        assert checked.returncode == 0, (call, n, checked.stderr)
        if i % 8 == 0:
            assert run(path, "resume").returncode == 0
            assert run(path, "digest").stdout == digest, (call, n)
    assert len(found) > 30


@pytest.mark.parametrize("call", ["pwrite64", "fsync", "ftruncate"])
def test_a_disk_that_is_full_from_some_call_on_loses_no_commit(points, tmp_path, call):
    found, digest = points
    path = tmp_path / "results.h5"
    numbers = [n for name, n in found if name == call]
    for n in numbers[1::max(1, len(numbers) // 6)]:
        clear(tmp_path)
        full = run(path, "commit", inject=f"{call}:error=ENOSPC:when={n}+")
        if path.exists():
            continue
        assert full.returncode == 4, (n, full.stdout, full.stderr)
        assert "No space left on device" in full.stderr and "bytes free" in full.stderr
        checked = run(path, "check", last_commit(full))
        assert checked.returncode == 0, (call, n, checked.stderr)
        assert run(path, "resume").returncode == 0
        assert run(path, "digest").stdout == digest, (call, n)
