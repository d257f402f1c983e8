"""Sanitizers, valgrind and a short run of the fuzzer find nothing."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not shutil.which("valgrind") or not shutil.which("clang"), reason="no valgrind or clang")
def test_sanitizers_find_nothing():
    done = subprocess.run([ROOT / "scripts" / "sanitize", "quick"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
