"""The source keeps its rules, and each rule catches a planted breach."""

import json
import shlex
import subprocess
from pathlib import Path

import lint
import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = """\
snw_module(core SOURCES core/a.c)
snw_module(random KERNELS random/k.c DEPENDS core)
snw_module(people SOURCES people/p.c
           DEPENDS random)
snw_module(store SOURCES store/s.c DEPENDS core LIBRARIES hdf5)
"""


@pytest.mark.parametrize("rule", list(lint.RULES))
def test_the_source_keeps_the_rule(rule):
    breaches = list(lint.RULES[rule](lint.Tree(ROOT)))
    assert not breaches, "\n" + "\n".join(breaches)


@pytest.fixture
def plant(tmp_path):
    """Writes files into a small tree and gives the breaches of a rule in it."""

    def planted(rule, files):
        files = {"src/CMakeLists.txt": MODULES, **files}
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return list(lint.RULES[rule](lint.Tree(tmp_path)))

    return planted


def function(lines):
    """A function of so many lines, braces included."""
    return "static int\nlong_one(int a,\n         int b)\n{\n" + "    a += b;\n" * (lines - 2) + "}\n"


def test_a_file_of_501_lines_is_too_long(plant):
    assert plant("file_length", {"src/core/a.c": "\n" * 500}) == []
    assert plant("file_length", {"src/core/a.c": "\n" * 501, "src/core/b.def": "\n" * 900}) == [
        "src/core/a.c: 501 lines (at most 500)"]


def test_a_function_of_61_lines_is_too_long(plant):
    assert plant("function_length", {"src/core/a.c": function(60)}) == []
    found = plant("function_length", {"src/core/a.c": "struct s {\n    int a;\n};\n" + function(61)})
    assert found == ["src/core/a.c:7: long_one has 61 lines (at most 60)"]


def test_a_module_reaches_what_its_dependencies_reach_and_no_more(plant):
    headers = {f"src/{m}/{m}.h": "" for m in ("core", "random", "people", "store")}
    fine = {"src/people/p.c": '#include "people/people.h"\n#include "core/core.h"\n#include "random/random.h"\n',
            "src/main.c": '#include "store/store.h"\n'}
    assert plant("layers", {**headers, **fine}) == []
    found = plant("layers", {**headers, "src/core/a.c": '#include "people/people.h"\n',
                             "src/store/s.c": '#  include "random/random.h"\n'})
    assert found == ["src/core/a.c: core must not use people (people/people.h)",
                     "src/store/s.c: store must not use random (random/random.h)"]


def test_an_include_that_names_no_module_is_refused(plant):
    assert len(plant("layers", {"src/core/a.c": '#include "a.h"\n', "src/core/a.h": ""})) == 1


def test_a_folder_without_a_line_in_the_architecture_is_refused(plant):
    assert plant("layers", {"src/new/n.c": ""}) == ["src/new/n.c: no line for module new in src/CMakeLists.txt"]


def test_modules_are_listed_bottom_up(plant):
    found = plant("layers", {"src/CMakeLists.txt": "snw_module(core DEPENDS random)\nsnw_module(random)\n"})
    assert found == ["src/CMakeLists.txt: core depends on random, which is not listed before it"]


@pytest.mark.parametrize("header, owner", [
    ("mpi.h", "parallel"), ("hdf5.h", "store"), ("H5DSpublic.h", "store"), ("hdf5_hl.h", "store"),
    ("zlib.h", "store"), ("isa-l/igzip_lib.h", "store"), ("yaml.h", "config"), ("gsl/gsl_spline.h", "numerics"),
    ("gsl/gsl_qrng.h", "random"), ("gsl/gsl_multimin.h", "calibration"), ("gsl/gsl_statistics.h", "decision"),
])
def test_a_library_is_used_by_its_owner_only(plant, header, owner):
    line = f"#include <{header}>\n"
    assert plant("library_owners", {f"src/{owner}/x.c": line}) == []
    assert len(plant("library_owners", {"src/people/x.c": line, "src/main.c": line})) == 2


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "X" * 3, "/wo" + "rk/x"])
def test_a_word_that_puts_off_is_found(plant, word):
    assert len(plant("words", {"notes.md": f"fine\nand {word} here\n"})) == 1


def test_words_that_only_look_alike_are_left(plant):
    assert plant("words", {"a.c": "mkstemp(\"/tmp/x" + "X" * 6 + "\"); /* framework/work is fine */ todos\n"}) == []


def test_a_header_that_needs_another_is_found(plant):
    fine = "#ifndef A_H\n#define A_H\n#include <stdint.h>\nstatic inline uint8_t one(void)\n{\n    return 1;\n}\n#endif\n"
    assert plant("headers", {"src/core/a.h": fine}) == []
    found = plant("headers", {"src/core/b.h": "uint8_t f(void);\n"})
    assert len(found) == 1 and "b.h" in found[0] and "uint8_t" in found[0]


def test_a_header_without_a_guard_is_found(plant):
    assert len(plant("headers", {"src/core/b.h": "struct snw_b {\n    int a;\n};\n"})) == 1


def test_a_line_that_clang_format_would_change_is_found(plant):
    style = (ROOT / ".clang-format").read_text()
    assert plant("formatting", {".clang-format": style, "src/core/a.c": "int a;\n"}) == []
    assert len(plant("formatting", {".clang-format": style, "src/core/a.c": "int   a;\nint   b;\n"})) == 1


@pytest.fixture
def kernel(tmp_path, plant):
    """Compiles a kernel into the place where the build leaves it, and gives the breaches of a rule."""

    def compiled(rule, text):
        path = tmp_path / "build/release/src/CMakeFiles/snw_random_v4.dir/random/k.c.o"
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["gcc", "-O2", "-fno-math-errno", "-c", "-x", "c", "-o", str(path), "-"],
                       input=text, text=True, check=True)
        return plant(rule, {})

    return compiled


def test_a_weak_symbol_in_a_kernel_is_found(kernel):
    assert kernel("kernel_symbols", "static inline int one(void) { return 1; }\nint k(void) { return one(); }") == []
    found = kernel("kernel_symbols", "__attribute__((weak)) int helper(void) { return 1; }")
    assert found == ["k.c.o of snw_random_v4: helper is weak or common (W)"]


def test_a_common_symbol_in_a_kernel_is_found(kernel):
    assert len(kernel("kernel_symbols", "__attribute__((common)) int shared;")) == 1


def test_a_call_of_the_maths_library_in_a_kernel_is_found(kernel):
    assert kernel("kernel_maths", "double floor(double); double sqrt(double);\n"
                                  "double k(double x) { return floor(sqrt(x)); }") == []
    found = kernel("kernel_maths", "float expf(float); double pow(double, double);\n"
                                   "double k(float x) { return pow(expf(x), 1.5); }")
    assert found == ["k.c.o of snw_random_v4: calls expf", "k.c.o of snw_random_v4: calls pow"]


def test_an_array_read_beyond_its_end_is_found(plant):
    assert plant("static_analysis", {"src/core/a.c": "int f(void);\nint f(void)\n{\n    return 1;\n}\n"}) == []
    found = plant("static_analysis", {"src/core/a.c": "int f(void);\nint f(void)\n{\n    int a[2] = {1, 2};\n    return a[2];\n}\n"})
    assert len(found) == 1 and found[0].startswith("src/core/a.c:5: ")


def test_a_name_without_the_prefix_is_found(kernel, plant):
    assert kernel("exported_names", "static int helper(void) { return 1; }\nint snw_k(void) { return helper(); }") == []
    found = kernel("exported_names", "int helper(void) { return 1; }")
    assert found == ["k.c.o of snw_random_v4: helper does not begin with snw_"]
    assert plant("exported_names", {"src/core/a.h": "#define SIZE 3\n#define SNW_SIZE 4\n"})[-1] == (
        "src/core/a.h: SIZE does not begin with SNW_")


@pytest.fixture
def rebuilt(tmp_path):
    """Compiles a kernel source of this tree, changed, as the release preset does, and gives the breaches in its loops."""

    def compiled(source, isa, old, new):
        database = json.loads((ROOT / "build/release/compile_commands.json").read_text())
        entry = next(e for e in database if e["file"].endswith(f"/src/{source}") and f"_processes_{isa}.dir" in e["command"])
        text = (ROOT / "src" / source).read_text()
        assert text.count(old) == 1
        changed = tmp_path / "src" / source
        changed.parent.mkdir(parents=True, exist_ok=True)
        changed.write_text(text.replace(old, new))
        (tmp_path / "src/CMakeLists.txt").write_text("snw_module(processes KERNELS x.c)\n")
        made = tmp_path / f"build/release/src/CMakeFiles/snw_processes_{isa}.dir" / f"{source}.o"
        made.parent.mkdir(parents=True, exist_ok=True)
        words = shlex.split(entry["command"])
        words[words.index("-o") + 1] = str(made)
        words[-1] = str(changed)
        subprocess.run(words, cwd=entry["directory"], check=True)
        return list(lint.kernel_loops(lint.Tree(tmp_path)))

    return compiled


@pytest.mark.parametrize("isa", ["v3", "v4"])
def test_a_lane_that_waits_for_another_is_found(rebuilt, isa):
    line = "        b->muscle_ln[i] = m;\n"
    assert rebuilt("processes/muscle.c", isa, line, line) == []
    found = rebuilt("processes/muscle.c", isa, line, "        m += i ? b->muscle_ln[i - 1] : SNW_R(0);\n" + line)
    assert any("snw_muscle_look" in breach and "lane by lane" in breach for breach in found), found
    assert f"processes/muscle.c of snw_processes_{isa}: 1 vector loops, 2 are wanted" in found


@pytest.mark.parametrize("isa", ["v3", "v4"])
def test_a_call_in_a_kernel_that_walks_lists_too_is_found(rebuilt, isa):
    """There only the number of vector loops tells."""
    line = "    for (size_t j = 0; j < snw_whole_vectors(n); j++) {\n"
    assert rebuilt("processes/happenings.c", isa, line, line) == []
    found = rebuilt("processes/happenings.c", isa, line, line + "        __asm__ volatile(\"\");\n")
    assert found and "vector loops" in found[0]


def test_kernels_that_were_not_built_are_not_passed_over(plant):
    assert len(plant("kernel_symbols", {})) == 1
