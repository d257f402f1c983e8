"""Counts the test cases of ctest's and pytest's JUnit reports; last line `N passed, N failed`; exit code 1 on a failure."""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

CMOCKA_CASE = re.compile(r"\[ +(RUN|OK|SKIPPED|FAILED|ERROR) +\] (\S+)$", re.MULTILINE)


def cmocka_counts(text):
    """Passed, failed and skipped cases of one cmocka program's output; none where it is not cmocka's."""
    outcome = {}
    for word, name in CMOCKA_CASE.findall(text):
        if word == "RUN":
            # Until it says otherwise a case that began has failed: the program may have crashed in it.
            outcome[name] = "failed"
        elif name in outcome and word in ("OK", "SKIPPED"):
            outcome[name] = "passed" if word == "OK" else "skipped"
    values = list(outcome.values())
    return [values.count(word) for word in ("passed", "failed", "skipped")]


def report_counts(path):
    """Passed, failed and skipped cases of one JUnit report."""
    total = [0, 0, 0]
    for case in ET.parse(path).getroot().iter("testcase"):
        failed = case.find("failure") is not None or case.find("error") is not None
        skipped = case.find("skipped") is not None
        counts = cmocka_counts(case.findtext("system-out") or "")
        if sum(counts) == 0:
            counts = [int(not failed and not skipped), int(failed), int(skipped and not failed)]
        elif failed and counts[1] == 0:
            # All cases were well, the program was not: a leak, a crash at exit, a time limit.
            counts[1] = 1
        total = [a + b for a, b in zip(total, counts)]
    return total


def main(arguments):
    passed = failed = skipped = 0
    for path, status in zip(arguments[::2], arguments[1::2]):
        counts = report_counts(path) if Path(path).is_file() else [0, 0, 0]
        if int(status) != 0 and counts[1] == 0:
            counts[1] = 1
        passed, failed, skipped = passed + counts[0], failed + counts[1], skipped + counts[2]
    if skipped:
        print(f"{skipped} skipped")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
