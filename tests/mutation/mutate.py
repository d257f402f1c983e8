"""Plants small mistakes in the source, one at a time, and asks whether a test sees each.

    python3 tests/mutation/mutate.py [--sample N] [--seed N] [--labels unit,property,oracle] [FILE...]

A mutation changes a sign, an operator, a digit, a comparison, a slot of random numbers or a name beside another, or drops
a term. The mutated file is compiled apart, at -O1, for every instruction set and both number types, and linked in front of
the build's archives with the tests of the labels; neither source nor build is touched. A mutation is caught by the first
test that fails; those that no test sees are listed at the end, and the exit code is 1 if there are any.
"""

import argparse
import json
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60  # a test that takes as long hangs: caught
KERNELS = ["src/processes/*.c", "src/recorders/readout.c", "src/recorders/accumulate.c", "src/random/luck.c"]


class Mutation:
    """One change: `old` at column `at` of line `line` becomes `new`."""

    def __init__(self, path, line, at, old, new):
        self.path, self.line, self.at, self.old, self.new = path, line, at, old, new

    def text(self):
        lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        row = lines[self.line - 1]
        assert row[self.at:self.at + len(self.old)] == self.old
        lines[self.line - 1] = row[:self.at] + self.new + row[self.at + len(self.old):]
        return "".join(lines)

    def __str__(self):
        row = self.path.read_text(encoding="utf-8").splitlines()[self.line - 1]
        shown = f"{row[:self.at]}[{self.old} -> {self.new}]{row[self.at + len(self.old):]}".strip()
        return f"{self.path.relative_to(ROOT)}:{self.line}: {shown}"


def next_digit(found):
    """The last digit one higher, 9 one lower: a number nearby, of the same length."""
    digits = found.group(0)
    return digits[:-1] + ("8" if digits[-1] == "9" else str(int(digits[-1]) + 1))


OPERATORS = [
    (r"(?<= )\+(?= )", lambda m: "-"),
    (r"(?<= )-(?= )", lambda m: "+"),
    (r"(?<= )\+=(?= )", lambda m: "-="),
    (r"(?<= )\*(?= (?!restrict|const))", lambda m: "/"),
    (r"(?<= )/(?= )", lambda m: "*"),
    (r"(?<= )<=?(?= )", lambda m: ">"),
    (r"(?<= )>=?(?= )", lambda m: "<"),
    (r"(?<=[(,= ])-(?=[\w(])", lambda m: ""),
    (r"(?<=\+ )(?=\w)", lambda m: "0 * "),
    (r"(?<=- )(?=\w)", lambda m: "0 * "),
    (r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.])", next_digit),
]
# Names that stand for each other's mistake: words of the same slot, sites, scores, halves of a pair.
SWAPS = [
    ("luck, muscle)", "luck, activity)"), ("luck, activity)", "luck, bmi)"), ("luck, bmi)", "luck, bone_shared)"),
    ("luck, bone_shared)", "luck, muscle)"), ("luck, strength)", "luck, gait)"), ("luck, gait)", "luck, strength)"),
    ("luck, igfbp2)", "luck, igf1)"), ("luck, igf1)", "luck, igfbp2)"), ("luck, fall_prone)", "luck, disability)"),
    ("luck, disability)", "luck, fall_prone)"), ("luck, bio_t)", "luck, bio_e2)"), ("luck, bio_e2)", "luck, bio_t)"),
    ("luck, falls)", "luck, non_fall)"), ("luck, non_fall)", "luck, death)"), ("luck, death)", "luck, frailty)"),
    ("luck, frailty)", "luck, falls)"), ("luck, residence)", "luck, cause)"), ("luck, trait_0)", "luck, trait_1)"),
    ("born, bmi_base)", "born, muscle_base)"), ("born, muscle_base)", "born, bmi_base)"),
    ("born, bone_slope)", "born, bone_base)"), ("born, bone_base)", "born, bone_slope)"),
    ("born, muscle_slope)", "born, strength_base)"), ("born, strength_base)", "born, bone_slope)"),
    ("born, height_peak)", "born, height_loss)"), ("born, height_loss)", "born, height_peak)"),
    ("born, trait_base_0)", "born, trait_base_1)"), ("born, trait_base_6)", "born, trait_base_8)"),
    ("born, igfbp2_base)", "born, igf1_base)"), ("born, bio_t_base)", "born, bio_e2_base)"),
    ("born, smoker)", "born, menopause_kind)"), ("born, menopause_kind)", "born, menopause_age)"),
    ("SNW_HIP", "SNW_VERTEBRAL"), ("SNW_VERTEBRAL", "SNW_HIP"), ("SNW_FEMALE", "SNW_MALE"), ("SNW_MALE", "SNW_FEMALE"),
    ("abmd_neck_z", "abmd_spine_z"), ("abmd_spine_z", "abmd_neck_z"), ("strength_z", "gait_z"), ("gait_z", "strength_z"),
    ("hip_early", "hip_late"), ("hip_late", "hip_early"), ("early", "late"), ("late", "early"),
    ("up_robust", "up_prefrail"), ("down_prefrail", "down_frail"), ("bmi_base", "bmi_change"),
    ("bmi_change", "bmi_base"), ("muscle_felt", "muscle_ln"), ("strength_base", "strength_change"),
    ("height_cm", "height_peak_cm"), ("grip", "gait"), ("neck", "spine"), ("spine", "neck"), ("phi", "sd"),
    ("&&", "||"), ("||", "&&"), ("break_other", "break_spine"), ("trauma_hip", "break_hip"),
]


def code_lines(path):
    """(number, text) of the lines of code inside functions, comments and loops' heads left out."""
    comment = False
    depth = 0
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        inside = depth > 0
        depth += row.count("{") - row.count("}")
        text = re.sub(r"/\*.*?\*/", lambda m: " " * len(m.group(0)), row)
        if comment:
            if "*/" not in text:
                continue
            text = " " * (text.index("*/") + 2) + text[text.index("*/") + 2:]
            comment = False
        if "/*" in text:
            text = text[:text.index("/*")]
            comment = True
        text = re.sub(r'"[^"]*"', lambda m: " " * len(m.group(0)), text)
        if inside and text.strip() and not re.match(r"\s*(for \(|#|EACH\s*$|\w+ SNW_KERNEL)", text):
            yield number, text


def mutations(path):
    """All mutations of a file, in order."""
    found = []
    for number, text in code_lines(path):
        for pattern, change in OPERATORS:
            for m in re.finditer(pattern, text):
                found.append(Mutation(path, number, m.start(), m.group(0), change(m)))
        for old, new in SWAPS:
            for m in re.finditer(r"(?<!\w)" + re.escape(old) + r"(?!\w)", text):
                found.append(Mutation(path, number, m.start(), old, new))
    return found


class Build:
    """A finished build: how its objects were compiled and its tests linked."""

    def __init__(self, folder, labels):
        self.folder = Path(folder).resolve()
        self.compile = {}
        for entry in json.loads((self.folder / "compile_commands.json").read_text(encoding="utf-8")):
            words = shlex.split(entry["command"])
            self.compile[words[words.index("-o") + 1]] = words
        self.users = {}  # source or header: objects made from it
        current = None
        for row in self._run("ninja", "-t", "deps").splitlines():
            if row.startswith("    "):
                self.users.setdefault(Path(row.strip()), []).append(current)
            elif row:
                current = row.split(":")[0]
        self.tests = [t for t in self._tests(labels) if t.startswith("test_")]
        self.links = {t: self._link(t) for t in self.tests}

    def _run(self, *words):
        return subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=True).stdout

    def _tests(self, labels):
        """Names of the tests of the labels, the quick ones first."""
        listed = json.loads(self._run("ctest", "--show-only=json-v1", "-L", "|".join(f"^{n}$" for n in labels)))
        times = {}
        log = self.folder / "Testing" / "Temporary" / "CTestCostData.txt"
        for row in log.read_text(encoding="utf-8").splitlines() if log.is_file() else []:
            words = row.split()
            if len(words) == 3:
                times[words[0]] = float(words[2])
        return sorted((t["name"] for t in listed["tests"]), key=lambda name: times.get(name, 1))

    def _link(self, test):
        """The words of the command that links a test."""
        last = [c for c in self._run("ninja", "-t", "commands", test).splitlines() if f"-o tests/{test} " in c][-1]
        return shlex.split(last.replace(": && ", "").replace(" && :", ""))

    def objects(self, path):
        """Objects below src/ that a file is part of."""
        return [o for o in self.users.get(path, []) if o.startswith("src/CMakeFiles/snw_")]


def archive(obj):
    """The archive that holds an object: those of all instruction sets lie in one."""
    target = re.match(r"src/CMakeFiles/(snw_\w+?)(_plain|_v3|_v4)?\.dir/", obj).group(1)
    return f"src/lib{target}.a"


class Trial:
    """Room for one mutation."""

    def __init__(self, build, jobs):
        self.build, self.jobs = build, jobs
        self.room = Path(tempfile.mkdtemp(prefix="mutation-"))

    def close(self):
        shutil.rmtree(self.room)

    def _compile(self, obj, path, text):
        """An object of the mutated file, or of one that includes it."""
        words = list(self.build.compile[obj])
        source = Path(words[-1])
        copy = self.room / "src" / path.relative_to(ROOT / "src")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
        words[-1] = str(copy if source == path else source)
        out = self.room / obj
        out.parent.mkdir(parents=True, exist_ok=True)
        words[words.index("-o") + 1] = str(out)
        words = [w for w in words if not w.startswith("-W") and w != "-O3"]
        words[1:1] = ["-O1", "-w", f"-I{self.room}/src"]
        return subprocess.run(words, cwd=self.build.folder, capture_output=True, check=False).returncode == 0, out

    def _passes(self, test, objects):
        """Links a test with the objects in front of the archives, and runs it."""
        words = list(self.build.links[test])
        program = self.room / test
        words[words.index("-o") + 1] = str(program)
        first = next(i for i, w in enumerate(words) if w.endswith(".a"))
        words[first:first] = [str(out) for out in objects]
        subprocess.run(words, cwd=self.build.folder, capture_output=True, check=True)
        try:
            done = subprocess.run([program], cwd=ROOT, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return False
        finally:
            program.unlink()
        return done.returncode == 0

    def caught_by(self, path, text):
        """The first test that fails with the file as given; None if all pass, "nobody: .." if it can't be asked."""
        made = {}
        tests = {t: {a for a in self.build.links[t] if a.endswith(".a")} for t in self.build.tests}
        for number in ("", "_double"):  # the quick tests are of floats: doubles are made for what passes them
            objects = [o for o in self.build.objects(path) if archive(o).endswith("_double.a") == bool(number)]
            with ThreadPoolExecutor(self.jobs) as pool:
                for obj, (good, out) in zip(objects, pool.map(lambda o: self._compile(o, path, text), objects)):
                    if not good:
                        return "nobody: it does not compile"
                    made[obj] = out
            for test, archives in tests.items():
                mine = [out for obj, out in made.items() if archive(obj) in archives]
                of_double = any(a.endswith("_double.a") for a in archives)
                if mine and of_double == bool(number) and not self._passes(test, mine):
                    return test
        return None


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Plants mistakes and asks whether a test sees them.")
    parser.add_argument("files", nargs="*", help="files to change (default: the kernels)")
    parser.add_argument("--build", default=ROOT / "build" / "release", help="a finished build of this tree")
    parser.add_argument("--labels", default="unit,property,oracle", help="labels of the tests asked")
    parser.add_argument("--sample", type=int, help="so many, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="only say what would be planted")
    options = parser.parse_args(arguments)
    paths = [Path(f).resolve() for f in options.files] or sorted(p for k in KERNELS for p in ROOT.glob(k))
    planted = [m for path in paths for m in mutations(path)]
    if options.sample and options.sample < len(planted):
        planted = sorted(random.Random(options.seed).sample(planted, options.sample), key=planted.index)
    if options.list:
        print(*planted, sep="\n")
        return 0
    build = Build(options.build, options.labels.split(","))
    counts, survivors = {}, []
    for mutation in planted:
        trial = Trial(build, options.jobs)
        by = trial.caught_by(mutation.path, mutation.text())
        trial.close()
        counts[by] = counts.get(by, 0) + 1
        if by is None:
            survivors.append(mutation)
        print(f"{by or 'SURVIVES'}: {mutation}", flush=True)
    for by, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"{count:5} {by or 'survive'}")
    print(*(f"survives: {mutation}" for mutation in survivors), sep="\n")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
