"""The scripts on stand-ins for package manager, CMake and program: what they install, run, count and say."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
sys.path.insert(0, str(ROOT / "tests" / "analysis"))

import count_tests  # noqa: E402
import synthetic  # noqa: E402


def executable(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/bash\n" + text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


class Clone:
    """A small clone with the real scripts; its tools write what they were asked for to a log."""

    def __init__(self, root):
        self.root, self.bin, self.log = root, root / "bin", root / "log"
        shutil.copytree(ROOT / "scripts", root / "scripts")
        (root / "scripts/packages.txt").write_text("# name, class\ngcc run\ncmake run\nvalgrind test\n")
        (root / "analysis").symlink_to(ROOT / "analysis")
        (root / "configs").mkdir()
        (root / "configs/baseline.yaml").write_text("seed: 1\n")
        executable(self.bin / "dpkg-query",
                   f'grep -qx "${{@: -1}}" {root}/installed && echo -n installed || exit 1')
        executable(self.bin / "apt-get",
                   f'echo "apt-get $*" >>{self.log}\n'
                   f'case " $* " in *" $(cat {root}/breaks 2>/dev/null || echo none) "*) echo "E: no network"; exit 100;;'
                   ' esac\n'
                   f'case " $* " in *" install "*) for p; do echo $p; done >>{root}/installed;; esac')
        executable(self.bin / "sudo", 'exec "$@"')
        executable(self.bin / "cmake", f'echo "cmake $*" >>{self.log}')
        executable(self.bin / "nproc", "echo 2")
        executable(root / "build/release/sinew",
                   f'echo "sinew $*" >>{self.log}\n'
                   '[ "$1" != export ] || { echo "sinew: holds none" >&2; exit 4; }\n'
                   f'[ "$1" != decide ] || {{ echo "sinew: undecided" >&2; exit $(cat {root}/decides 2>/dev/null || echo 2); }}\n'
                   f'while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done\n'
                   f'mkdir -p "$out" && cp {root}/made.h5 "$out/results.h5"; exit $(cat {root}/exit 2>/dev/null || echo 0)')
        self.installed("gcc", "cmake", "valgrind")

    def installed(self, *packages):
        (self.root / "installed").write_text("".join(p + "\n" for p in packages))

    def __call__(self, *command, cwd=None):
        environment = {**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}"}
        self.log.write_text("")
        done = subprocess.run(command, cwd=cwd or self.root, env=environment, capture_output=True, text=True,
                              check=False)
        done.log = self.log.read_text().splitlines()
        return done


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


def program(done):
    """Arguments that the program was called with."""
    return next(line for line in done.log if line.startswith("sinew "))


# setup


def test_setup_does_nothing_and_says_nothing_when_all_is_there(clone):
    done = clone("scripts/setup", "test")
    assert (done.returncode, done.stdout, done.stderr, done.log) == (0, "", "", [])


def test_setup_installs_what_is_missing_after_an_update_and_names_it(clone):
    clone.installed("gcc")
    done = clone("scripts/setup", "test")
    assert done.returncode == 0 and "installing 2 packages: cmake valgrind" in done.stderr
    assert [line.split()[-1] for line in done.log] == ["update", "valgrind"]
    assert clone("scripts/setup", "test").log == []


def test_setup_for_running_leaves_out_what_only_tests_need(clone):
    clone.installed("gcc", "cmake")
    assert clone("scripts/setup", "run").log == []


def test_setup_says_in_one_line_why_it_cannot(clone):
    clone.installed("gcc")
    (clone.root / "breaks").write_text("update")
    done = clone("scripts/setup")
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1] == "setup: apt-get update failed: E: no network"


def test_setup_knows_two_words(clone):
    assert clone("scripts/setup", "everything").returncode == 2


# run


@pytest.fixture
def made(clone):
    synthetic.write(clone.root / "made.h5", noise=False)
    return clone


def test_run_goes_from_config_to_report(made):
    done = made("scripts/run")
    assert done.returncode == 0, done.stderr
    assert program(done) == "sinew run configs/baseline.yaml -o output/baseline --ranks 2 --force"
    left = {path.name for path in (made.root / "output/baseline").iterdir()}
    assert left == {"results.h5", "report.html", "summary.csv", "headline.csv"}


@pytest.mark.parametrize("arguments, expected", [
    (["configs/baseline.yaml", "--set", "seed=2"],
     "run configs/baseline.yaml -o output/baseline --ranks 2 --force --set seed=2"),
    (["--ranks", "5"], "run configs/baseline.yaml -o output/baseline --ranks 5 --force"),
    (["--resume", "--quiet"], "run configs/baseline.yaml -o output/baseline --ranks 2 --resume --quiet"),
    (["-o", "here now"], "run configs/baseline.yaml -o here now --ranks 2 --force"),
])
def test_options_of_the_program_say_otherwise(made, arguments, expected):
    done = made("scripts/run", *arguments)
    assert done.returncode == 0, done.stderr
    assert program(done) == "sinew " + expected


def test_run_works_from_another_folder(made, tmp_path_factory):
    done = made(str(made.root / "scripts/run"), cwd=tmp_path_factory.mktemp("elsewhere"))
    assert done.returncode == 0, done.stderr
    assert (made.root / "output/baseline/report.html").is_file()


def test_run_hands_on_the_exit_code_of_the_program(made):
    (made.root / "exit").write_text("5")
    assert made("scripts/run").returncode == 5
    assert not (made.root / "output/baseline/report.html").exists()


def test_run_leaves_a_decision_where_there_is_one(made):
    old = made.root / "output/baseline/decision"
    old.mkdir(parents=True)
    assert made("scripts/run").returncode == 0  # 2 is said of a result that bears none
    assert not old.exists()
    assert "sinew decide output/baseline/results.h5 -o output/baseline/decision" in made.log.read_text().splitlines()


def test_run_says_why_a_decision_failed(made):
    (made.root / "decides").write_text("4")
    done = made("scripts/run")
    assert done.returncode == 4 and "sinew: undecided" in done.stderr


def test_run_refuses_a_config_that_is_not_there_before_it_builds(made):
    done = made("scripts/run", "configs/none.yaml")
    assert done.returncode == 2 and done.log == [] and "configs/none.yaml" in done.stderr


def test_a_missing_python_module_is_answered_with_its_package(clone):
    done = clone("bash", "-c", ". scripts/common.sh; find_python h5py nosuchmodule")
    assert done.returncode == 3
    assert done.stderr == "no Python has the modules needed; cure: apt-get install python3-nosuchmodule\n"


# count_tests


def junit(path, *cases):
    body = "".join(f'<testcase name="t">{case}</testcase>' for case in cases)
    path.write_text(f"<testsuite>{body}</testsuite>")
    return str(path)


CMOCKA = """<system-out>[==========] Running 3 test(s).
[ RUN      ] the_first
[       OK ] the_first
[ RUN      ] the_second
[  FAILED  ] the_second
[ RUN      ] the_third
[       OK ] the_third
[==========] 3 test(s) run.
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] the_second
</system-out>"""


def test_cases_of_a_c_program_are_counted_one_by_one(tmp_path, capsys):
    ctest = junit(tmp_path / "c.xml", CMOCKA + "<failure/>", "")
    pytest_report = junit(tmp_path / "p.xml", "", "", "<skipped/>")
    assert count_tests.main([ctest, "8", pytest_report, "0"]) == 1
    assert capsys.readouterr().out == "1 skipped\n5 passed, 1 failed\n"


def test_a_case_that_never_came_back_has_failed(tmp_path, capsys):
    crashed = "<failure/><system-out>[ RUN      ] the_first\n[       OK ] the_first\n[ RUN      ] the_second\n</system-out>"
    assert count_tests.main([junit(tmp_path / "c.xml", crashed), "8"]) == 1
    assert capsys.readouterr().out == "1 passed, 1 failed\n"


def test_a_program_that_fails_after_its_cases_counts_as_a_failure(tmp_path, capsys):
    leaked = "<failure/><system-out>[ RUN      ] the_first\n[       OK ] the_first\n</system-out>"
    assert count_tests.main([junit(tmp_path / "c.xml", leaked), "8"]) == 1
    assert capsys.readouterr().out == "1 passed, 1 failed\n"


def test_a_runner_that_died_without_a_report_is_a_failure(tmp_path, capsys):
    assert count_tests.main([str(tmp_path / "none.xml"), "139", junit(tmp_path / "p.xml", ""), "0"]) == 1
    assert capsys.readouterr().out == "1 passed, 1 failed\n"


def test_no_tests_at_all_is_not_a_success(tmp_path):
    assert count_tests.main([str(tmp_path / "none.xml"), "0"]) == 1


# README


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    (folder / "output/baseline").mkdir(parents=True)
    synthetic.write(folder / "output/baseline/results.h5", noise=False)
    return folder


def test_the_python_lines_of_the_readme_work(baseline):
    pytest.importorskip("xarray")
    for code in blocks("python"):
        done = subprocess.run([sys.executable, "-c", code], cwd=baseline, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "kg m-2" in done.stdout and "97" in done.stdout


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed")
def test_the_r_lines_of_the_readme_work(baseline):
    for code in blocks("r"):
        done = subprocess.run(["Rscript", "-e", code], cwd=baseline, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert float(done.stdout.split()[-1]) == pytest.approx(synthetic._field_values("grip_kg", 0, 0)[0][50], rel=1e-3)


def test_the_readme_explains_every_module_of_the_source():
    named = re.findall(r"^\| `(\w+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    built = re.findall(r"^snw_module\((\w+)", (ROOT / "src/CMakeLists.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert not set(built) - set(named)
