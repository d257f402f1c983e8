"""The whole table of speeds: yardsticks, kernels, ranks, trajectories, scenarios, draws; medians of interleaved rounds.

    scripts/bench [--quick] [--rounds N] [--docs]
    scripts/bench --count | --record

Called by scripts/bench, which builds first. The table goes to the screen, and as Markdown and CSV to build/release/bench.
"""

import argparse
import csv
import os
import re
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import instructions
from bench_rows import BUILD, ROOT, in_memory, of_program

PAGE = ROOT / "docs" / "speed.md"
BEGIN, END = "<!-- measured: -->\n", "<!-- :measured -->\n"
SHM = Path("/dev/shm")
MIB = 1048576
SIZE, QUICK = 400000, 40000  # persons of the largest run
COLUMNS = ["what", "cores", "person-years", "ns a person-year", "million/s a core", "by wall", "spread", "x scalar",
           "x numpy", "peak MiB", "written MiB"]


def ns(row, seconds=None):
    """Nanoseconds of CPU a person-year, all cores together."""
    return 1e9 * (statistics.median(row.cpu) if seconds is None else seconds) / row.person_years


def fastest(row):
    """Seconds by wall of the fastest round: other people's load only ever adds."""
    return min(row.wall)


def speed_by_wall(row):
    """Million person-years a second and core."""
    return 1e-6 * row.person_years / statistics.median(row.wall) / row.cores


def cells(row, scalar, numpy):
    """The row of the table, as texts."""
    one = ns(row)
    return [row.name, str(row.cores), f"{row.person_years:.3g}", f"{one:.1f}", f"{1e3 / one:.2f}",
            f"{speed_by_wall(row):.2f}" if row.wall else "", f"{ns(row, min(row.cpu)):.0f}-{ns(row, max(row.cpu)):.0f}",
            f"{scalar / one:.2f}", f"{numpy / one:.2f}", f"{statistics.median(row.memory) / MIB:.0f}",
            f"{statistics.median(row.written) / MIB:.1f}" if row.written else ""]


def markdown(table):
    head, *lines = table
    return ["| " + " | ".join(line) + " |" for line in [head, ["---"] + ["--:"] * (len(head) - 1), *lines]]


def claims(rows, bare, busy):
    """What is asked of the ratios: (what, found, wanted, whether less is better, whether it can be told)."""
    at = {name: ns(row) for name, row in rows.items()}
    cpu = {name: statistics.median(row.cpu) for name, row in rows.items()}
    wall = {name: fastest(row) for name, row in rows.items() if row.wall}
    found = [("scalar life over as many bare draws and exponentials", bare, 2, True, True)]
    for isa, times in (("v4", 10), ("v3", 6)):
        if f"kernel {isa} 1024" in at:
            for yardstick in ("scalar", "numpy ziggurat"):
                ratio = at[yardstick] / at[f"kernel {isa} 1024"]
                found.append((f"kernel {isa} beside {yardstick}", ratio, times, False, True))
    for kind in ("few", "all"):
        for n, times in ((4, 2.5), (8, 4.5)):
            found.append((f"{n} scenarios in one pass ({kind}), cost of one",
                          cpu[f"scenarios {kind} {n}"] / cpu[f"scenarios {kind} 1"], times, True, True))
    best = next(name for name in wall if name.endswith("1 rank"))
    two = best.replace("1 rank", "2 ranks")
    found.append(("2 ranks beside 1, fastest rounds by wall", wall[best] / wall[two], 1.9, False, not busy))
    found.append(("2 ranks beside 1, by CPU time were no core shared", 2 * at[best] / at[two], 1.9, False, not busy))
    kept = "run, trajectories to memory, none, 1 rank"
    if kept in at:
        found.append(("all trajectories to memory, not packed, beside summaries only, by CPU time",
                      at[kept] / at["run, an eighth of the people"], 1.6, True, True))
    return found


def verdicts(found):
    table = [["asked", "found", "wanted", ""]]
    for what, value, wanted, less, told in found:
        met = value <= wanted if less else value >= wanted
        verdict = "" if met else "missed" if told else "no telling, others ran"
        table.append([what, f"{value:.2f}", f"{'at most' if less else 'at least'} {wanted:g}", verdict])
    return table


def cpu_name():
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return "unknown CPU"
    found = re.search(r"^model name\s*: *(.*)$", text, re.MULTILINE)
    return found.group(1) if found else "unknown CPU"


def lived(programs):
    """What each kind of program printed of its lives, so that one sees it is one model."""
    said = {}
    for program in programs:
        name = next(iter(program.rows), "").split(" ")[0]
        for line in program.text.splitlines():
            if line.startswith("  e20") and name not in said:
                said[name] = f"- {name}: {line.strip()}"
    return list(said.values())


def run(options):
    """All rounds: rows by name, the scalar life over its bare calls, and lines on the lives."""
    size = QUICK if options.quick else SIZE
    memory = Path(tempfile.mkdtemp(prefix="sinew-bench-", dir=SHM)) if SHM.is_dir() else None
    (BUILD / "bench").mkdir(exist_ok=True)
    disk = Path(tempfile.mkdtemp(prefix="run-", dir=BUILD / "bench"))
    bare = []
    try:
        programs = in_memory(size, not options.quick) + of_program(size, disk, memory)
        for k in range(options.rounds):
            print(f"round {k + 1} of {options.rounds}", file=sys.stderr)
            for program in programs[::-1] if k % 2 else programs:  # so that no row always comes after the same
                program.round()
                bare += map(float, re.findall(r"loop takes ([\d.]+) times", program.text))
    finally:
        for folder in filter(None, (memory, disk)):
            shutil.rmtree(folder, ignore_errors=True)
    rows = {name: row for program in programs for name, row in program.rows.items()}
    return rows, statistics.median(bare), lived(programs)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Speeds and instruction counts of the program.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the people, one round")
    parser.add_argument("--rounds", type=int, help="interleaved rounds (3)")
    parser.add_argument("--docs", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)} too")
    parser.add_argument("--count", action="store_true", help="only count instructions, beside the record")
    parser.add_argument("--record", action="store_true", help="only count instructions, and record them")
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 3)
    if options.rounds < 1 or (options.docs and options.quick):
        parser.error("at least one round, and for the page all the people")
    load = os.getloadavg()[1]
    if (options.count or options.record) and not shutil.which("valgrind"):
        sys.exit("bench: no valgrind: scripts/setup test")
    key, counts = instructions.built_with(), instructions.measure() if shutil.which("valgrind") else []
    counted = [f"Instructions by callgrind ({key}):", "", *instructions.table(counts, instructions.recorded(key))]
    if options.count or options.record:
        print("\n".join(counted))
    if options.record:
        instructions.record(key, counts)
        print(f"\nrecorded in {instructions.RECORD.relative_to(ROOT)}; commit it, and say why the counts changed")
    if options.count or options.record:
        return
    rows, bare, same = run(options)
    scalar, numpy = ns(rows["scalar"]), ns(rows["numpy ziggurat"])
    table = [COLUMNS] + [cells(row, scalar, numpy) for row in rows.values()]
    text = "\n".join([f"{cpu_name()}, {os.cpu_count()} cores, load average {load:.1f} before and {os.getloadavg()[1]:.1f} "
                      f"after; medians of {options.rounds} interleaved round{'s'[:options.rounds - 1]}.", "",
                      *markdown(table), "", *markdown(verdicts(claims(rows, bare, load > 0.5))), "", *counted, "",
                      "The same lives:", "", *same, ""])
    print(text)
    with open(BUILD / "bench" / "bench.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(table)
    (BUILD / "bench" / "bench.md").write_text(text, encoding="utf-8")
    if options.docs:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(before + BEGIN + text + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
