"""Holds the source to its rules: layers, library owners, sizes, headers, format, kernel objects, words.

    python3 tests/lint/lint.py [ROOT] [--build DIR] [--only RULE]...     a line per breach; exit code 1 if there is one
"""

import argparse
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

MOST_LINES_FILE = 500
MOST_LINES_FUNCTION = 60
OWNERS = {
    # header pattern: modules of src that may include it
    r"mpi\.h": {"parallel"},
    r"hdf5(_hl)?\.h|H5\w+\.h": {"store"},
    r"zlib\.h|isa-l\.h|isa-l/.*|igzip_lib\.h": {"store"},
    r"yaml\.h": {"config"},
    r"gsl/.*": {"numerics", "random", "sweep", "calibration", "decision"},
}
# The second and third are put together here, so that this file does not break its own rule.
WORDS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b|(?<!\w)/wo" + r"rk/")
# Rounded exactly by every C library, hence the same bits everywhere.
EXACT_MATHS = {
    name + suffix
    for suffix in ("", "f")
    for name in ("sqrt", "floor", "ceil", "trunc", "rint", "nearbyint", "round", "fabs", "fma", "fmin", "fmax",
                 "copysign", "ldexp", "scalbn", "frexp", "modf", "fmod", "lrint", "llrint", "lround", "llround")
}
ISAS = ("plain", "v3", "v4")
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.MULTILINE)


class Tree:
    """The source tree that is looked at, and where it was built."""

    def __init__(self, root, build=None):
        self.root = Path(root).resolve()
        self.build = Path(build).resolve() if build else self.root / "build" / "release"
        self.src = self.root / "src"

    def name(self, path):
        return path.relative_to(self.root).as_posix()

    def sources(self, *folders, endings=(".c", ".h")):
        """C files below the folders, sorted."""
        return sorted(p for f in folders for p in (self.root / f).rglob("*") if p.suffix in endings)


def read(path):
    return path.read_text(encoding="utf-8")


def file_length(tree):
    """No file of src is over 500 lines. Tables of one row a line are exempt."""
    for path in tree.sources("src"):
        lines = len(read(path).splitlines())
        if lines > MOST_LINES_FILE:
            yield f"{tree.name(path)}: {lines} lines (at most {MOST_LINES_FILE})"


def functions(text):
    """(name, first line, lines) of each function: the format gives its braces lines of their own."""
    lines = text.splitlines()
    begin = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            begin = number
        elif line.startswith("}") and begin is not None:
            if line == "}":
                yield _function_name(lines, begin), begin, number - begin + 1
            begin = None


def _function_name(lines, brace):
    """The word before the first bracket of the signature that ends above the brace."""
    at = brace - 2
    while at > 0 and (lines[at].startswith((" ", "\t")) or not lines[at]):
        at -= 1
    found = re.search(r"(\w+)\s*\(", lines[at])
    return found.group(1) if found else lines[at].strip()


def function_length(tree):
    """No function is over 60 lines."""
    for path in tree.sources("src"):
        for name, line, length in functions(read(path)):
            if length > MOST_LINES_FUNCTION:
                yield f"{tree.name(path)}:{line}: {name} has {length} lines (at most {MOST_LINES_FUNCTION})"


def modules(tree):
    """{module: modules it names in DEPENDS}, in the order of src/CMakeLists.txt."""
    text = re.sub(r"#.*", "", read(tree.src / "CMakeLists.txt"))
    found = {}
    for body in re.findall(r"\bsnw_module\s*\(([^)]*)\)", text):
        words = body.split()
        part, depends = "", []
        for word in words[1:]:
            if word in ("SOURCES", "KERNELS", "DEPENDS", "LIBRARIES", "FLOAT_ONLY"):
                part = word
            elif part == "DEPENDS":
                depends.append(word)
        found[words[0]] = depends
    return found


def closure(module, depends):
    """A module and all that it reaches."""
    reached, left = set(), [module]
    while left:
        one = left.pop()
        if one not in reached:
            reached.add(one)
            left.extend(depends.get(one, []))
    return reached


def layers(tree):
    """Modules are listed bottom-up, and include only what their line in src/CMakeLists.txt allows."""
    depends = modules(tree)
    above = set(depends)
    for module, names in depends.items():
        for name in names:
            if name in above:
                yield f"src/CMakeLists.txt: {module} depends on {name}, which is not listed before it"
        above.discard(module)
    for path in tree.sources("src", endings=(".c", ".h", ".def")):
        parts = path.relative_to(tree.src).parts
        if len(parts) == 1:
            allowed = set(depends)  # main.c stands above all modules
        elif parts[0] in depends:
            allowed = closure(parts[0], depends)
        else:
            yield f"{tree.name(path)}: no line for module {parts[0]} in src/CMakeLists.txt"
            continue
        for kind, name in INCLUDE.findall(read(path)):
            if kind != '"':
                continue
            module, slash, _ = name.partition("/")
            if not slash or not (tree.src / name).is_file():
                yield f'{tree.name(path)}: "{name}" is not written from src/ (module/file.h)'
            elif module not in allowed:
                yield f"{tree.name(path)}: {parts[0]} must not use {module} ({name})"


def library_owners(tree):
    """Every library has one owner: MPI in parallel, HDF5 in store, YAML in config, GSL in four modules."""
    for path in tree.sources("src", endings=(".c", ".h", ".def")):
        module = path.relative_to(tree.src).parts[0]
        for _, name in INCLUDE.findall(read(path)):
            for pattern, owners in OWNERS.items():
                if re.fullmatch(pattern, name) and module not in owners:
                    yield f"{tree.name(path)}: <{name}> belongs to {', '.join(sorted(owners))}"


def text_files(tree):
    """Files under version control that hold text; without git, all but what is built or made."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(tree.root), "ls-files", "-z", "-co", "--exclude-standard"],
        capture_output=True, check=False,
    ) if shutil.which("git") else None
    if listed and listed.returncode == 0 and listed.stdout:
        paths = [tree.root / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [p for p in tree.root.rglob("*")
                 if not {".git", "build", "output", "__pycache__"} & set(p.relative_to(tree.root).parts)]
    for path in sorted(paths):
        if path.is_file():
            try:
                yield path, read(path)
            except UnicodeDecodeError:
                continue


def words(tree):
    """Nothing is left for later, and no path of one machine is written down."""
    for path, text in text_files(tree):
        for number, line in enumerate(text.splitlines(), 1):
            found = WORDS.search(line)
            if found:
                yield f"{tree.name(path)}:{number}: {found.group(0)}"


def include_options(tree):
    """-I and -isystem options of the build, so that library headers are found."""
    database = tree.build / "compile_commands.json"
    options = []
    if database.is_file():
        for entry in json.loads(read(database)):
            found = shlex.split(entry["command"])
            for at, word in enumerate(found):
                if word == "-isystem":
                    options.append(("-isystem", found[at + 1]))
                elif word.startswith("-I"):
                    options.append((word,))
    return [word for pair in dict.fromkeys(options) for word in pair]


def headers(tree):
    """Each header compiles alone."""
    options = include_options(tree)
    for path in tree.sources("src", endings=(".h",)):
        name = path.relative_to(tree.src).as_posix()
        done = subprocess.run(
            ["gcc", "-std=c17", "-fsyntax-only", "-Wall", "-Wextra", f"-I{tree.src}", *options, "-x", "c", "-"],
            input=f'#include "{name}"\n#include "{name}"\n', capture_output=True, text=True, check=False,
        )
        if done.returncode != 0 or done.stderr:
            first = next((line for line in done.stderr.splitlines() if "error" in line or "warning" in line), "fails")
            yield f"{tree.name(path)}: does not compile alone: {first.replace(str(tree.root) + '/', '')}"


def formatting(tree):
    """clang-format changes nothing."""
    if not shutil.which("clang-format"):
        yield "clang-format is missing: scripts/setup test"
        return
    paths = tree.sources("src", "tests")
    if not paths:
        return
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", "--ferror-limit=1", *map(str, paths)],
                          capture_output=True, text=True, check=False)
    seen = set()
    for line in done.stderr.splitlines():
        found = re.match(r"(.+?):(\d+):\d+: error: ", line)
        if found and found.group(1) not in seen:
            seen.add(found.group(1))
            yield f"{tree.name(Path(found.group(1)))}:{found.group(2)}: not as clang-format would write it"
    if done.returncode != 0 and not seen:
        yield f"clang-format failed: {done.stderr.strip()[:200]}"


def kernel_objects(tree):
    """Object files of the kernels, one of each instruction set."""
    folder = tree.build / "src" / "CMakeFiles"
    return sorted(p for isa in ISAS for p in folder.glob(f"*_{isa}.dir/**/*.o"))


def symbols(path):
    """(letter, name) of each symbol of an object file."""
    done = subprocess.run(["nm", str(path)], capture_output=True, text=True, check=True)
    return [tuple(line.split()[-2:]) for line in done.stdout.splitlines() if line.strip()]


def kernel_symbols(tree):
    """Kernels share no weak or common symbol: the linker might keep the widest copy for every CPU."""
    objects = kernel_objects(tree)
    if "KERNELS" in read(tree.src / "CMakeLists.txt") and not objects:
        yield f"no kernel objects below {tree.build.name}: build the release preset first"
    for path in objects:
        for letter, name in symbols(path):
            if letter in "WwVvCcu":
                yield f"{path.name} of {kernel_target(path)}: {name} is weak or common ({letter})"


def kernel_target(path):
    """The CMake target that an object file belongs to."""
    return next((part[:-4] for part in path.parts if part.endswith(".dir")), "?")


def maths_names():
    """Names of the C library's maths functions whose last bits may differ from machine to machine."""
    library = subprocess.run(["gcc", "-print-file-name=libm.so.6"], capture_output=True, text=True, check=True)
    table = subprocess.run(["nm", "-D", "--defined-only", library.stdout.strip()],
                           capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1].split("@")[0] for line in table.splitlines() if line.strip()}
    return {name for name in names if not name.startswith("_")} - EXACT_MATHS


def kernel_maths(tree):
    """Kernels call nothing of the C library's maths, whose last bits depend on library and CPU."""
    objects = kernel_objects(tree)
    forbidden = maths_names() if objects else set()
    for path in objects:
        for letter, name in symbols(path):
            if letter == "U" and name in forbidden:
                yield f"{path.name} of {kernel_target(path)}: calls {name}"


# Kernel sources that also walk lists of the few: the vector loops that they must have, for v3 and v4.
WALKERS = {
    "random/normal.c": (1, 1),  # words far in the tail, within the vector loop
    "processes/happenings.c": (3, 3),  # falls, fractures and deaths, one by one
    "engine/pilot_sums.c": (13, 13),  # what is left where a number of people is no whole vector
    "economics/account.c": (11, 11),  # lanes in which something happened
    "interventions/effects.c": (33, 33),  # loops kept in a scalar form too
    "recorders/readout.c": (64, 66),  # loops kept in a scalar form too, for arrays that might overlap
}
LANE_LOOP = re.compile(r"for \(size_t i = 0; i < n; i\+\+\)")
PACKED = re.compile(r"v\w+p[sd]|vp(add|sub|mul|mull|and|or|xor|cmp|blend|sll|srl|sra|min|max|ternlog)\w*")
SCALAR = re.compile(r"v?u?comis[sd]|v?cvt(t?s[sd]2si|si2s[sd])\w*|v?(add|sub|mul|div|sqrt|min|max|cmp\w*|fn?m(add|sub)\d+)s[sd]")
WIDE = re.compile(r"%[yz]mm")


def machine_code(path):
    """{function: [(address, instruction, operands)]} of an object file."""
    done = subprocess.run(["objdump", "-dr", "--no-show-raw-insn", str(path)], capture_output=True, text=True, check=True)
    found, code = {}, []
    for line in done.stdout.splitlines():
        head = re.match(r"[0-9a-f]+ <([^>]+)>:$", line)
        if head:
            code = found.setdefault(head.group(1), [])
            continue
        step = re.match(r"\s*([0-9a-f]+):\s+(\S+)\s*(.*)$", line)
        if step:
            code.append((int(step.group(1), 16), step.group(2), step.group(3)))
    return found


def loops(code):
    """The instructions of each loop, a jump backwards being its end, and whether it holds no other loop."""
    index = {address: at for at, (address, _, _) in enumerate(code)}
    spans = set()
    for at, (address, name, operands) in enumerate(code):
        target = re.match(r"([0-9a-f]+)\b", operands) if name.startswith("j") else None
        if target and int(target.group(1), 16) <= address and int(target.group(1), 16) in index:
            spans.add((index[int(target.group(1), 16)], at))
    for first, last in sorted(spans):
        inner = not any((a, b) != (first, last) and a >= first and b <= last for a, b in spans)
        yield code[first:last + 1], inner


def is_wide(steps):
    return any(PACKED.fullmatch(name) and WIDE.search(operands) for _, name, operands in steps)


def kernel_loops(tree):
    """Loops over lanes compute many at a time: packed instructions in the loops of the objects for v3 and v4."""
    for path in kernel_objects(tree):
        target = kernel_target(path)
        source = path.as_posix().split(".dir/", 1)[1].removesuffix(".o")
        if target.endswith("_plain") or "_double" in target:
            continue
        wide = 0
        for function, code in machine_code(path).items():
            found = list(loops(code))
            wide += sum(is_wide(steps) and (inner or source == "random/normal.c") for steps, inner in found)
            slow = [steps for steps, inner in found if inner and not is_wide(steps)
                    and any(SCALAR.fullmatch(name) for _, name, _ in steps)]
            if slow and source not in WALKERS:
                yield f"{source} of {target}: {function} has a loop that computes lane by lane"
        text = read(tree.src / source) if (tree.src / source).is_file() else ""
        lanes = len(LANE_LOOP.findall(text)) if source.startswith("processes/") else 0
        # A loop that clears an array becomes a call.
        lanes -= sum("memset" in operands for code in machine_code(path).values() for _, _, operands in code)
        least = WALKERS.get(source, (lanes, lanes))[target.endswith("_v4")]
        if wide < least:
            yield f"{source} of {target}: {wide} vector loops, {least} are wanted"


def static_analysis(tree):
    """cppcheck finds nothing. It can't see that years and ages have a least one, and shifts of negative numbers are gcc's."""
    if not shutil.which("cppcheck"):
        yield "cppcheck is missing: scripts/setup test"
        return
    done = subprocess.run(
        ["cppcheck", "-q", "-j2", "--std=c11", "--enable=warning,performance,portability", "--suppress=negativeIndex",
         "--suppress=shiftTooManyBitsSigned", "--suppress=shiftNegativeLHS", "--template={file}:{line}: {message}", "-DSNW_ISA_SUFFIX=_plain",
         f"-I{tree.src}", str(tree.src)], capture_output=True, text=True, check=False)
    for line in done.stderr.splitlines():
        if re.match(r".+:\d+: ", line):
            yield line.replace(str(tree.root) + "/", "")


def exported_names(tree):
    """What the linker sees begins with snw_, as what a header defines begins with SNW_."""
    objects = sorted((tree.build / "src").rglob("*.o"))
    done = subprocess.run(["nm", "-Ag", "--defined-only", *map(str, objects)], capture_output=True, text=True,
                          check=False)
    for line in done.stdout.splitlines():
        name = line.split()[-1]
        if objects and not name.startswith("snw_") and name != "main":
            path = Path(line.split(":")[0])
            yield f"{path.name} of {kernel_target(path)}: {name} does not begin with snw_"
    for path in tree.sources("src", endings=(".h",)):
        for name in re.findall(r"^\s*#\s*define\s+(\w+)", read(path), re.MULTILINE):
            if not name.startswith(("SNW_", "snw_")):  # small where it stands for a function
                yield f"{tree.name(path)}: {name} does not begin with SNW_"


RULES = {
    rule.__name__: rule
    for rule in (file_length, function_length, layers, library_owners, words, headers, formatting,
                 kernel_symbols, kernel_maths, kernel_loops, static_analysis, exported_names)
}


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Holds the source to its rules.")
    parser.add_argument("root", nargs="?", default=Path(__file__).resolve().parents[2])
    parser.add_argument("--build", help="build folder (default: ROOT/build/release)")
    parser.add_argument("--only", action="append", choices=sorted(RULES), help="this rule only; may be repeated")
    options = parser.parse_args(arguments)
    tree = Tree(options.root, options.build)
    breaches = 0
    for name, rule in RULES.items():
        if options.only and name not in options.only:
            continue
        for breach in rule(tree):
            print(f"{name}: {breach}")
            breaches += 1
    print(f"lint: {breaches} breaches" if breaches else "lint: nothing to say")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
