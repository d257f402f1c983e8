"""Instructions that fixed small runs execute, counted by callgrind: what a change costs, on however noisy a machine.

Valgrind shows every program one and the same CPU, which has AVX2 and no AVX-512: kernels and the C library choose
alike everywhere, and a count depends on the compiler and on the libraries alone. Counts are kept by what the program
was built with, in instructions.csv.
"""

import csv
import platform
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "release"
RECORD = Path(__file__).with_name("instructions.csv")
ALLOWED = 0.05  # of a recorded count
CHECK = ["sinew", "check", "configs/baseline.yaml", "--set", "reference.persons=1000", "--set", "run.unit_people=1024"]
PILOT = 1000  # persons of each sex in the reference pass
FUNCTIONS = ["snw_pilot", "snw_live", "snw_cost_seconds"]

# Persons are one block of each sex.
RUNS = {
    "kernel": ["tests/bench_kernel", 2048, "v3", 1024, PILOT],
    "scenarios": ["tests/bench_scenarios", 2048, "few", 4, PILOT],
    "help": ["sinew", "--help"],
    "check": CHECK,
}


def built_with():
    """Compiler and C library."""
    done = subprocess.run([BUILD / "sinew", "doctor"], cwd=ROOT, capture_output=True, text=True, check=False)
    found = re.search(r"^compiler\s+(\S+ \S+)", done.stdout, re.MULTILINE)
    compiler = found.group(1) if found else "unknown"
    return f"{compiler}, {' '.join(platform.libc_ver())}"


def inclusive(profile):
    """The instructions of each of FUNCTIONS with all that it calls, and of the whole program. In the profile, a line
    `cfn=` names who is called, one `calls=` follows, and the next ends with what the calls cost; a name is written
    out once, as `(7) name`, and then as `(7)`."""
    names, cost, whole, called = {}, dict.fromkeys(FUNCTIONS, 0), 0, None
    with open(profile, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(("fn=", "cfn=")):
                number, _, name = line.split("=", 1)[1].strip().partition(" ")
                names[number] = name or names[number]
                if line.startswith("cfn="):
                    called = names[number]
            elif line.startswith("calls="):
                spent = int(next(lines).split()[-1])
                if called in cost:
                    cost[called] += spent
            elif line.startswith(("summary:", "totals:")):
                whole = int(line.split()[1])
    return cost, whole


def profile(words):
    """Runs a program of the build: instructions by function, of the whole, and what the program printed."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "profile"
        done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", BUILD / words[0],
                               *map(str, words[1:])], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"instructions: {' '.join(map(str, words))} failed:\n{done.stderr[-2000:]}")
        return (*inclusive(out), done.stdout)


def person_years(text):
    return int(re.search(r"(\d+) person-years", text).group(1))


def measure():
    """[(what, instructions)], two programs at a time."""
    with ThreadPoolExecutor(2) as pool:
        runs = {name: pool.submit(profile, words) for name, words in RUNS.items()}
    (kernel, _, one), (beside, _, four) = runs["kernel"].result(), runs["scenarios"].result()
    (_, help_all, _), (check, check_all, _) = runs["help"].result(), runs["check"].result()
    return [
        ("person-year", kernel["snw_live"] // person_years(one)),
        ("person-year of 4 scenarios", beside["snw_live"] // person_years(four)),
        ("person of the reference pass", kernel["snw_pilot"] // (2 * PILOT)),
        ("sinew --help", help_all),
        ("sinew check without its trial run", check_all - check["snw_cost_seconds"]),
    ]


def recorded(key):
    """{what: instructions} for what was built so; empty where nothing is recorded."""
    with open(RECORD, encoding="utf-8", newline="") as file:
        return {row["what"]: int(row["instructions"]) for row in csv.DictReader(file) if row["built_with"] == key}


def record(key, counts):
    """Puts the counts in the place of those of the same compiler and C library."""
    with open(RECORD, encoding="utf-8", newline="") as file:
        others = [row for row in csv.DictReader(file) if row["built_with"] != key]
    rows = others + [{"built_with": key, "what": what, "instructions": count} for what, count in counts]
    with open(RECORD, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["built_with", "what", "instructions"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def outside(counts, known):
    """What has left its record by more than is allowed, a sentence each."""
    far = [(what, count, known.get(what, 0)) for what, count in counts
           if abs(count - known.get(what, 0)) > ALLOWED * known.get(what, 0)]
    return [f"{what}: {count:,} instructions, " +
            (f"{100 * (count / was - 1):+.1f} % from the recorded {was:,}" if was else "none recorded")
            for what, count, was in far]


def table(counts, known):
    """Lines of a Markdown table."""
    lines = ["| instructions, AVX2 | found | recorded | change |", "|---|--:|--:|--:|"]
    for what, count in counts:
        was = known.get(what)
        beside = f"{was:,} | {100 * (count / was - 1):+.1f} %" if was else "none | new"
        lines.append(f"| {what} | {count:,} | {beside} |")
    return lines
