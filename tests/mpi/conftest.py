"""What the tests of several ranks share with those of the program."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))

from program import built, longer, longer_right, right, small, whole  # noqa: E402,F401
