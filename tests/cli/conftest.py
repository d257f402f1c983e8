"""What the tests of the program share."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from program import built, longer, longer_right, place, right, small, whole  # noqa: E402,F401
