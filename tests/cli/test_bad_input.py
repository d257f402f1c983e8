"""Wrong commands, configs and tables are refused with their place, value, bound and cure; nothing is run or written."""

import os
import subprocess

import h5py
import numpy as np
import pytest
from program import ROOT, SINEW, refused, simulate, sinew

TABLES = ROOT / "configs" / "tables"


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("seed: 7\nreference: {persons: 1000}\npopulation:\n  persons: 100\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("words, said", [
    (["nonsense"], "there is no command `nonsense`; see `sinew --help`"),
    (["--nonsense"], "--nonsense is no option of `sinew`; see `sinew --help`"),
    (["--version", "7"], "--version is no option of `sinew`"),
    (["run"], "sinew run wants one config, 0 were given"),
    (["run", "--ranks", "2"], "sinew run wants one config, 0 were given"),
    (["run", "a.yaml", "b.yaml"], "sinew run wants one config, 2 were given"),
    (["check"], "sinew check wants one config, 0 were given"),
    (["digest"], "sinew digest wants one result, 0 were given"),
    (["digest", "a.h5", "b.h5"], "sinew digest wants one result, 2 were given"),
    (["export"], "sinew export wants a result and one of summary, summary_by_year, paired, economics, events, study, trajectories, "
     "sweep, sensitivity"),
    (["export", "a.h5", "everything"],
     "everything: summary, summary_by_year, paired, economics, events, study, trajectories, sweep or sensitivity is wanted"),
    (["export", "a.h5", "summary", "--format", "xml"], "--format xml: csv is what there is"),
    (["describe"], "sinew describe wants one of parameters, fields, measures, schedule, channels, "
     "conditions, config, errors"),
    (["describe", "people"], "sinew describe wants one of parameters, fields, measures, schedule, channels, "
     "conditions, config, errors"),
    (["describe", "fields", "measures"], "sinew describe wants one of parameters"),
    (["describe", "fields", "--format", "xml"], "--format xml: text, md, json or yaml is wanted"),
    (["doctor", "please"], "sinew doctor wants nothing more: please"),
    (["run", "a.yaml", "--fast"], "--fast is no option of `sinew run`; see `sinew run --help`"),
    (["check", "a.yaml", "--force"], "--force is no option of `sinew check`; see `sinew check --help`"),
    (["run", "a.yaml", "-o"], "-o wants a value"),
    (["run", "a.yaml", "-o", ""], "-o wants a value"),
    (["run", "a.yaml", "--set"], "--set wants a value"),
    (["run", "a.yaml", "--resume=yes"], "--resume takes no value"),
    (["run", "a.yaml", "--ranks", "0"], "--ranks 0: a whole number from 1 on is wanted"),
    (["run", "a.yaml", "--ranks=-1"], "--ranks -1: a whole number from 1 on is wanted"),
    (["run", "a.yaml", "--ranks", "abc"], "--ranks abc: a whole number from 1 on is wanted"),
    (["run", "a.yaml", "--ranks", "2.5"], "--ranks 2.5: a whole number from 1 on is wanted"),
    (["run", "a.yaml", "--ranks", "99999999999999999999"], "a whole number from 1 on is wanted"),
    (["run", "a.yaml", "--max-walltime", "soon"], "--max-walltime soon: a time such as 90s, 15m, 2h or 1:30:00 is wanted"),
    (["run", "a.yaml", "--max-walltime", "0"], "--max-walltime 0: a time such as"),
    (["run", "a.yaml", "--max-walltime", "inf"], "--max-walltime inf: a time such as"),
    (["run", "a.yaml", "--max-walltime", "5 m"], "--max-walltime 5 m: a time such as"),
    (["run", *map(str, range(9))], "sinew run wants one config, 9 were given"),
    (["run", "a.yaml", *["--set", "seed=1"] * 257], "more than 256 --set"),
], ids=lambda v: " ".join(v)[:40] if isinstance(v, list) else "")
def test_a_wrong_command_says_what_is_wanted(words, said, tmp_path):
    done = sinew(*words)
    assert len(refused(done, 2, said)) == 1
    assert done.stdout == ""


def test_without_a_command_the_commands_are_listed_as_an_error():
    done = sinew()
    assert done.returncode == 2 and done.stdout == "" and done.stderr.startswith("usage: sinew COMMAND")


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["nonsense", "-h"]], ids=str)
def test_help_is_no_error(words):
    done = sinew(*words)
    assert done.returncode == 0 and done.stdout.startswith("usage: sinew") and done.stderr == ""


def test_an_output_that_cannot_be_written_is_an_error():
    with open("/dev/full", "w", encoding="utf-8") as full:
        for words in (["describe", "parameters"], ["describe", "config"], ["doctor"]):
            done = subprocess.run([SINEW, *words], stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
            assert done.returncode == 4 and "No space left on device" in done.stderr, (words, done.stderr)


@pytest.mark.parametrize("text, said", [
    ("", "{}: is empty"),
    ("seed: 1\n---\nseed: 2\n", "{}:2:1: a second document; a file holds one"),
    ("\tseed: 1\n", "{}:1:1: a tab; indent and separate with spaces"),
    ("sede: 1\n", "{}:1:1: unknown key sede; the nearest is seed"),
    ("population:\n  person: 5\n", "{}:2:3: unknown key population.person; the nearest is population.persons"),
    ("seed: 1\nseed: 2\n", "{}:2:1: duplicate key seed, first at line 1"),
    ("seed: 1.0abc\n", "{}:1:7: seed = 1.0abc: expected a whole number, found text"),
    ("seed: .nan\n", "{}:1:7: seed = .nan: expected a whole number, found text"),
    ("seed: [1]\n", "{}:1:7: seed: expected a whole number, found a list"),
    ("population: {female_share: .inf}\n", "{}:1:28: population.female_share = .inf: expected a number, found text"),
    ("population: {female_share: 1.5}\n", "{}:1:28: population.female_share = 1.5 is above 1"),
    ("parameters:\n  muscle:\n    felt_lag: 99\n", "{}:3:15: muscle.felt_lag = 99 is above 1 (year-1)"),
    ("population: {life_table: none.csv}\n",
     "{}:1:26: population.life_table = none.csv: no such file beside the config or in configs/"),
    ("extends: a.yaml\n", "{}:1:10: extends goes in a circle"),
    ("extends: none.yaml\n", "none.yaml: No such file or directory"),
    ("title: \"a\n", "not YAML"),
    ("a: " + "[" * 3000, "nested deeper than 32"),
    ("a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)), "aliases within aliases"),
    ("title: " + "x" * (17 << 20), "{}: has 17825799 bytes, at most 16777216 (16 MiB) are read"),
    ("output: {measures: [grip_k]}\n", "output.measures: there is no measure grip_k; the nearest is grip_kg"),
    ("output: {trajectories: {fields: [years]}}\n", "output.trajectories.fields: there is no measure years; see "),
    ("run: {block_people: 100}\n", "{}:1:21: run.block_people = 100 is no multiple of 16"),
], ids=lambda v: v[:30] if len(v) < 3000 else f"{len(v)} bytes")
def test_a_wrong_config_names_its_place(tmp_path, text, said):
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    for words in (["check", path], ["run", path, "-o", tmp_path / "out"]):
        refused(sinew(*words), 2, said.format(path))
    assert not (tmp_path / "out" / "results.h5.partial").exists()


@pytest.mark.parametrize("content, said", [
    (b"title: \"\xff\xfe\"\n", "{}:1:9: not UTF-8"), (os.urandom(100000), "{}:"), (b"\x00\x01\x02", "{}:1:1: ")],
    ids=["latin", "noise", "zeros"])
def test_what_is_no_text_is_refused(tmp_path, content, said):
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    refused(sinew("check", path), 2, said.format(path))


@pytest.mark.parametrize("content", ["\ufeffseed: 7\n", "seed: 7\r\npopulation:\r\n  persons: 10\r\n", "{seed: 7}"],
                         ids=["mark", "crlf", "flow"])
def test_byte_order_marks_and_line_ends_of_others_are_read(tmp_path, content):
    path = tmp_path / "a.yaml"
    path.write_bytes(content.encode())
    done = sinew("check", path)
    assert done.returncode == 0 and f"{path}: no errors" in done.stdout, done.stderr


def test_all_errors_are_said_at_once_and_twenty_are_shown(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("".join(f"wrong_{i}: 1\n" for i in range(30)), encoding="utf-8")
    lines = refused(sinew("check", path), 2)
    assert len(lines) == 21 and lines[-1] == "sinew: and 10 more"
    assert f"{path}:20:1: unknown key wrong_19" in lines[19]


def test_what_is_no_file_is_refused(tmp_path):
    refused(sinew("check", tmp_path), 2, f"{tmp_path}: is not a regular file")
    refused(sinew("check", tmp_path / "none.yaml"), 2, "none.yaml: cannot be opened: No such file or directory")
    os.mkfifo(tmp_path / "pipe.yaml")
    refused(sinew("check", tmp_path / "pipe.yaml"), 2, "pipe.yaml: is not a regular file")


@pytest.mark.parametrize("setting, said", [
    ("seed", "--set: seed: expected key=value"),
    ("=5", "--set: =5: expected key=value"),
    ("population.person=7", "--set population.person: unknown key population.person; the nearest is population.persons"),
    ("population.persons=", "--set population.persons: is empty"),
    ("seed=1.0abc", "--set seed: seed = 1.0abc: expected a whole number, found text"),
    ("population.persons=2.5", "--set population.persons: population.persons = 2.5: expected a whole number"),
    ("population=5", "--set population: population = 5: expected a map of settings, found text"),
    ("scenarios=[", "--set scenarios: not YAML"),
    ("extends=b.yaml", "--set extends: only a file can extend another"),
    ("population.only_person=100", "population.only_person = 100: the persons are 0 to 99"),
])
def test_a_wrong_override_names_itself(config, setting, said):
    refused(sinew("check", config, "--set", setting), 2, said)


def test_numbers_are_read_whole(config, tmp_path):
    assert "simulated                       100000 lives" in sinew("check", config, "--set", "population.persons=1e5").stdout


@pytest.fixture(scope="module")
def life_line():
    """Line (from 1) of a woman's age of 50 in 2017, its columns."""
    lines = (TABLES / "us_life_table.csv").read_text(encoding="utf-8").splitlines()
    header = next(i for i, line in enumerate(lines) if line.startswith("year"))
    columns = lines[header].split(",")
    at = next(i for i, line in enumerate(lines) if i > header and line.split(",")[columns.index("year")] == "2017"
              and line.split(",")[columns.index("sex")] == "female" and line.split(",")[columns.index("age")] == "50")
    return at, columns


@pytest.mark.parametrize("what, value, said", [
    ("q", "1.5", "a.csv:{line}:"), ("q", "-0.1", "a.csv:{line}:"), ("q", "nan", "a.csv:{line}:"),
    ("q", "", "a.csv:{line}:"), ("q", "0.01abc", "a.csv:{line}:"), ("age", "150", "a.csv"), ("age", "49", "a.csv"),
    ("age", "51", "a.csv"), ("sex", "woman", "a.csv:{line}:")])
def test_a_wrong_row_of_a_life_table_is_named(config, tmp_path, life_line, what, value, said):
    at, columns = life_line
    path = tmp_path / "a.csv"
    lines = (TABLES / "us_life_table.csv").read_text(encoding="utf-8").splitlines()
    row = lines[at].split(",")
    row[next(i for i, name in enumerate(columns) if name.startswith(what))] = value
    path.write_text("\n".join([*lines[:at], ",".join(row), *lines[at + 1:]]) + "\n", encoding="utf-8")
    refused(sinew("check", config, "--set", f"population.life_table={path}"), 2, said.format(line=at + 1))


def test_a_life_table_with_a_hole_or_in_disorder_is_refused(config, tmp_path, life_line):
    at, _ = life_line
    path = tmp_path / "a.csv"
    lines = (TABLES / "us_life_table.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:at] + lines[at + 1:]), encoding="utf-8")
    refused(sinew("check", config, "--set", f"population.life_table={path}"), 2, "a.csv", "50")
    path.write_text("".join([*lines[:at], lines[at + 1], lines[at], *lines[at + 2:]]), encoding="utf-8")
    refused(sinew("check", config, "--set", f"population.life_table={path}"), 2, f"a.csv:{at + 2}: ages out of order: female of 50")
    path.write_text("", encoding="utf-8")
    refused(sinew("check", config, "--set", f"population.life_table={path}"), 2, "a.csv")
    refused(sinew("check", config, "--set", f"population.life_table={tmp_path}"), 2, str(tmp_path))


def test_a_year_that_a_table_lacks_is_refused(config):
    refused(sinew("check", config, "--set", "population.life_table_year=1901"), 2, "us_life_table.csv", "1901", "2017")


def test_kernels_that_are_unknown_are_refused(config, tmp_path):
    refused(sinew("run", config, "-o", tmp_path / "out", "--kernels", "v9"), 3,
            "this CPU can't run the kernels `v9`: choose plain, v3 (AVX2) or v4 (AVX-512)")


def test_a_path_that_is_too_long_is_refused(config):
    refused(sinew("run", config, "-o", "/tmp/" + "x/" * 3000), 4, "the path of the result is too long")


def test_more_ranks_than_people_do_no_harm(config, tmp_path):
    simulate(config, tmp_path / "out", "--ranks", 3, settings={"population.persons": 2})


def test_a_config_may_be_run_from_anywhere(tmp_path):
    """With the tables that came with the program, unless others of their name lie beside it."""
    (tmp_path / "a.yaml").write_text("reference: {persons: 1000}\npopulation:\n  persons: 100\n", encoding="utf-8")
    assert sinew("check", "a.yaml", cwd=tmp_path).returncode == 0
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "us_life_table.csv").write_text("year,sex,age,qx,source\n", encoding="utf-8")
    refused(sinew("check", "a.yaml", cwd=tmp_path), 2, "tables/us_life_table.csv: no year 2017; it has no rows")


def test_an_override_that_nobody_feels_is_a_warning(tmp_path):
    """What the frozen reference pass has met, and what no instrument of the scenario reads; links and errors that are read are
    felt."""
    (tmp_path / "a.yaml").write_text("""population: {persons: 200}
reference: {persons: 1000}
output: {trajectories: {persons: none}}
scenarios:
  - {name: reference}
  - {name: idle, parameters: {falls: {rate_women: {70: 2}}, fractures: {rate_men: {hip: {82: 900}}}, measurement: {grip_cv: 0.1}}}
  - {name: felt, parameters: {falls: {rate_women: {70: 2}, frail: 0.3}}}
  - {name: measured, interventions: [alendronate], parameters: {measurement: {dxa_cv: 0.1}}}
  - {name: held, parameters: {strength: {decline: {female: 0.0003778, male: 0.000398}}}}
""", encoding="utf-8")
    idle = [f"warning: scenario {scenario}: parameters.{name} changes nothing" for scenario, name in (
        ("idle", "falls.rate_women"), ("idle", "fractures.rate_men"), ("idle", "measurement.grip_cv"), ("felt", "falls.rate_women"))]
    for words in (("check",), ("run", "-o", tmp_path / "out", "--quiet")):
        done = sinew(words[0], tmp_path / "a.yaml", *words[1:])
        assert done.returncode == 0 and done.stderr.count("changes nothing") == len(idle), done.stderr
        assert all(warning in done.stderr for warning in idle), done.stderr
    with h5py.File(tmp_path / "out" / "results.h5") as file:
        falls = file["summary/falls_per_1000_py"][:, 0]
        assert np.array_equal(falls[0], falls[1], equal_nan=True) and not np.array_equal(falls[0], falls[2], equal_nan=True)
