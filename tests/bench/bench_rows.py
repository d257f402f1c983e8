"""What is timed: programs that live lives in memory and time themselves, and `sinew run` as its users call it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "release"
SINEW = BUILD / "sinew"
LINE = re.compile(r"^(scalar|numpy \S+|kernel \S+ \d+|scenarios \S+ \d+): .*?(\d+) person-years, .*\(([\d.]+) ns each\)",
                  re.MULTILINE)
ISAS = ["v4", "v3", "plain"]
REFERENCE = 5000  # persons of each sex in the reference pass, as in the other programs
CONFIG = f"""\
title: Bench
seed: 1
population:
  life_table: {ROOT}/configs/tables/us_life_table.csv
  life_table_year: 2017
reference:
  persons: {REFERENCE}
economics:
  price_table: {ROOT}/configs/tables/price_index.csv
run:
  resources: ignore
"""
# Each changes strength, falls, fractures, frailty or death, and leaves muscle and bone as they are.
SCENARIOS = ["strength: {shift_sd: 0.5}", "falls: {per_weakness: 0.3}", "fractures: {prior_rr: 1.5}",
             "frailty: {per_weakness: 0.2}", "mortality: {frail: 0.4}", "strength: {shift_sd: 0.25}",
             "falls: {frail: 0.4}"]


@dataclass
class Row:
    """One line of the table, with a value a round. Seconds are of all cores together where they are CPU time."""

    name: str
    cores: int = 1
    person_years: int = 0
    cpu: list = field(default_factory=list)
    wall: list = field(default_factory=list)  # empty where a program times itself
    memory: list = field(default_factory=list)  # bytes, of the largest process
    written: list = field(default_factory=list)  # bytes; empty where nothing is


def bytes_written():
    """By this process and those it has waited for; None where the system does not say."""
    try:
        text = Path("/proc/self/io").read_text(encoding="ascii")
    except OSError:
        return None
    return int(re.search(r"^wchar: (\d+)$", text, re.MULTILINE).group(1))


def measured(words):
    """Runs a program: its output, seconds of CPU and wall, bytes of memory and written."""
    before, begin = bytes_written(), time.monotonic()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen([str(word) for word in words], cwd=ROOT, stdout=out, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall, after = time.monotonic() - begin, bytes_written()
        out.seek(0)
        said.seek(0)
        if process.returncode != 0:
            raise SystemExit(f"bench: {' '.join(map(str, words))} failed:\n{said.read()[-2000:]}")
        written = None if before is None else after - before
        return out.read(), usage.ru_utime + usage.ru_stime, wall, 1024 * usage.ru_maxrss, written


class Own:
    """A program that times itself: a row for each line it prints."""

    def __init__(self, *words, keep=lambda name: True):
        self.words, self.keep, self.rows, self.text = words, keep, {}, ""

    def round(self):
        self.text, _, _, memory, _ = measured(self.words)
        for name, years, ns in LINE.findall(self.text):
            if not self.keep(name):
                continue
            row = self.rows.setdefault(name, Row(name))
            row.person_years = int(years)
            row.cpu.append(1e-9 * float(ns) * int(years))
            row.memory.append(memory)


def person_years(result):
    """Of all scenarios and draws: those alive at each birthday. By another process, as what this one holds when it
    starts a program is the least memory that the system reports of it."""
    code = "import h5py, sys; print(int(h5py.File(sys.argv[1])['summary/alive_n'][:].sum()))"
    return int(subprocess.run([sys.executable, "-c", code, str(result)], capture_output=True, check=True).stdout)


class Run:
    """`sinew run`, from start to end, with what it writes."""

    def __init__(self, name, config, settings, folder, isa, ranks=1):
        self.row, self.folder = Row(name, ranks), folder
        (folder / "configs").mkdir(exist_ok=True)
        path = folder / "configs" / (re.sub(r"\W+", "_", name) + ".yaml")
        path.write_text(CONFIG + config, encoding="utf-8")
        sets = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        many = ["--ranks", ranks] if ranks > 1 else []
        self.words = [SINEW, "run", path, "-o", folder / "out", "--quiet", "--kernels", isa, *many, *sets]
        self.rows, self.text = {name: self.row}, ""

    def round(self):
        _, cpu, wall, memory, written = measured(self.words)
        row = self.row
        row.person_years = row.person_years or person_years(self.folder / "out" / "results.h5")
        shutil.rmtree(self.folder / "out")
        row.cpu.append(cpu)
        row.wall.append(wall)
        row.memory.append(memory)
        if written is not None:
            row.written.append(written)


def scenarios(n):
    """The reference and n - 1 others, as a part of a config."""
    others = [f"  - {{name: s{k}, parameters: {{{SCENARIOS[k - 1]}}}}}\n" for k in range(1, n)]
    return "scenarios:\n  - {name: reference}\n" + "".join(others) if n > 1 else ""


def isas_here():
    """Instruction sets that this CPU runs, the best first."""
    said = subprocess.run([SINEW, "doctor"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return ISAS[ISAS.index(re.search(r"this CPU runs (\w+)", said).group(1)):]


def of_program(size, disk, memory):
    """The rows of `sinew run`: kernels, ranks, trajectories, scenarios, draws."""
    isas, runs = isas_here(), []
    best = isas[0]
    for isa in isas:
        persons = {"population.persons": size if isa != "plain" else size // 10}
        for ranks in (1, 2):
            runs.append(Run(f"run {isa}, {ranks} rank{'s'[:ranks - 1]}", "", persons, disk, isa, ranks))
    few = {"population.persons": size // 8}
    runs.append(Run("run, an eighth of the people", "", few, disk, best))
    for place, folder in (("memory", memory), ("disk", disk)):
        for packed in ("none", "igzip") if folder else ():
            for ranks in (1, 2):
                kept = {**few, "output.trajectories.persons": "all", "output.trajectories.compression": packed}
                runs.append(Run(f"run, trajectories to {place}, {packed}, {ranks} rank{'s'[:ranks - 1]}", "", kept,
                                folder, best, ranks))
    for n in (2, 4, 8):
        runs.append(Run(f"run, {n} scenarios", scenarios(n), {"population.persons": size // 4}, disk, best))
    for draws in (1, 100):
        # a reference pass of as many people beside those of a draw as by default with 100,000
        each = {"population.persons": size // 40, "uncertainty.draws": draws,
                "uncertainty.reference_persons": max(1000, size // 40 // 5)}
        runs.append(Run(f"run, {draws} draw{'s'[:draws - 1]}", "", each, disk, best))
    return runs


def in_memory(size, all_lengths):
    """Yardsticks and engine, summaries only, no files."""
    programs = BUILD / "tests"
    numpy = [Own(sys.executable, ROOT / "tests/bench/numpy_life.py", max(size // 4, 20000), "--normals", normals)
             for normals in ("ziggurat", "box-muller")]
    return [Own(programs / "bench_scalar", size // 8), *numpy,
            Own(programs / "bench_kernel", size // 8,
                keep=lambda name: all_lengths or name.endswith(" 1024")),
            Own(programs / "bench_scenarios", size // 8)]
