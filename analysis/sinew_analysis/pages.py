"""Pages of the documentation that hold what a run has measured."""

import re

from .reader import ResultError


def put_between_marks(path, text):
    """Puts the tables where the page keeps them."""
    page, found = re.subn(r"(?s)(<!-- measured: -->\n).*?(\n<!-- end -->)", lambda m: m[1] + text + m[2],
                          path.read_text(encoding="utf-8"))
    if found != 1:
        raise ResultError(f"{path}: no place for the tables")
    path.write_text(page, encoding="utf-8")
