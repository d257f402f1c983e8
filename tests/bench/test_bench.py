"""The table of speeds from rows made by hand: what is worked out, what is judged, what is measured of a program."""

import sys

import bench
import bench_rows
import pytest


def row(name, years, cpu, **more):
    return bench_rows.Row(name, person_years=years, cpu=cpu, memory=[2 * bench.MIB], **more)


def test_a_row_is_the_median_of_its_rounds_and_its_ratio_to_both_yardsticks():
    one = row("x", 1000000, [0.1, 0.5, 0.2], cores=2, wall=[0.25, 0.5, 0.1], written=[3 * bench.MIB])
    # 0.2 s for a million: 200 ns, 5 million a second; by wall 4 million a second on two cores
    assert bench.cells(one, 400, 100) == ["x", "2", "1e+06", "200.0", "5.00", "2.00", "100-500", "2.00", "0.50", "2",
                                          "3.0"]


def test_a_program_that_times_itself_has_no_wall_and_writes_nothing():
    assert bench.cells(row("x", 10, [1e-8]), 1, 1)[5] == ""
    assert bench.cells(row("x", 10, [1e-8]), 1, 1)[10] == ""


def test_what_is_asked_is_missed_on_the_wrong_side_only():
    lines = bench.verdicts([("a", 2.0, 2, True, True), ("b", 2.1, 2, True, True), ("c", 1.9, 1.9, False, True),
                            ("d", 1.8, 1.9, False, True), ("e", 1.8, 1.9, False, False)])
    assert [line[3] for line in lines[1:]] == ["", "missed", "", "missed", "no telling, others ran"]


def test_the_lines_of_all_programs_are_read():
    text = ("scalar: 5 persons, 300 person-years, 0.001 s, 2e+06 person-years/s (500.5 ns each)\n"
            "numpy box-muller: 5 persons, 300 person-years, 0.001 s, 2e+06 person-years/s (400.0 ns each)\n"
            "kernel plain 64: 300 person-years, 0.001 s, 2e+06 person-years/s (60.0 ns each)\n"
            "kernel v4 64: not on this CPU\n"
            "scenarios few 8: 300 person-years, 0.001 s, 2e+06 person-years/s (50.0 ns each), 4.00 times one\n")
    assert bench_rows.LINE.findall(text) == [
        ("scalar", "300", "500.5"), ("numpy box-muller", "300", "400.0"), ("kernel plain 64", "300", "60.0"),
        ("scenarios few 8", "300", "50.0")]


def test_a_program_s_time_memory_and_bytes_are_those_of_itself_and_its_children(tmp_path):
    work = (f"import os; held = bytearray(200 << 20); open({str(tmp_path / 'x')!r}, 'wb').write(held[:5 << 20]); "
            "[k * k for k in range(10**6)]")
    text, cpu, wall, memory, written = bench_rows.measured(["sh", "-c", f'{sys.executable} -c "{work}"; echo done'])
    assert text == "done\n"
    assert 0.01 < cpu and 0.01 < wall
    assert 200 << 20 <= memory < 300 << 20
    if written is not None:
        assert 5 << 20 <= written < 6 << 20


def test_a_program_that_fails_ends_the_bench():
    with pytest.raises(SystemExit, match="oh dear"):
        bench_rows.measured(["sh", "-c", "echo oh dear >&2; exit 3"])


def test_eight_scenarios_differ_from_each_other():
    assert bench_rows.scenarios(1) == ""
    lines = bench_rows.scenarios(8).splitlines()
    assert len(lines) == 9 and len({line.split("parameters")[-1] for line in lines}) == 9
