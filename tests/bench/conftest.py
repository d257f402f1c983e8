"""What the tests of the benchmarks share with those of the program."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))

from program import built  # noqa: E402,F401
