"""Lines of src/ that the tests have run, from gcov's notes in a build folder; exit code 1 below the least share.

    python3 scripts/line_coverage.py BUILD [LEAST_PERCENT] [FILE]...     lines not run of each FILE named

A line counts as run if any of its copies was: kernels are compiled for each instruction set, in float and in double.
"""

import collections
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def lines_of(notes):
    """(file, line, times run) of one object's notes."""
    done = subprocess.run(["gcov", "--stdout", "--json-format", str(notes)], capture_output=True, check=True,
                          cwd=notes.parent)
    found = []
    for document in done.stdout.splitlines():
        unit = json.loads(document)
        for file in unit["files"]:
            path = (Path(unit["current_working_directory"]) / file["file"]).resolve()
            if path.is_relative_to(ROOT / "src"):
                found += [(path.relative_to(ROOT).as_posix(), line["line_number"], line["count"]) for line in file["lines"]]
    return found


def coverage(build):
    """{file: {line: times run}}; objects that no test has run count too."""
    run = collections.defaultdict(lambda: collections.defaultdict(int))
    with ThreadPoolExecutor() as pool:
        for found in pool.map(lines_of, sorted(Path(build).resolve().rglob("*.gcno"))):
            for file, line, count in found:
                run[file][line] += count
    return run


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    least = float(arguments[1]) if len(arguments) > 1 else 90.0
    run = coverage(arguments[0])
    total = hit = 0
    print(f"{'file':<44}{'lines':>7}{'run':>7}{'share':>9}")
    for file in sorted(run):
        lines, done = len(run[file]), sum(count > 0 for count in run[file].values())
        total, hit = total + lines, hit + done
        print(f"{file:<44}{lines:>7}{done:>7}{100 * done / lines:>8.1f}%")
        if file in arguments[2:]:
            print("    not run: " + " ".join(str(line) for line, count in sorted(run[file].items()) if count == 0))
    share = 100 * hit / total if total else 0
    print(f"{'all':<44}{total:>7}{hit:>7}{share:>8.1f}%")
    if share < least:
        print(f"coverage: {share:.1f} % of lines is below {least:g} %", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
