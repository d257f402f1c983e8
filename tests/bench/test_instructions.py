"""What fixed runs cost in instructions stays within 5 % of what is recorded for this compiler and C library."""

import shutil

import instructions
import pytest

# main calls f (10 + 200 instructions, 200 of them in g), then g twice (400), as callgrind writes it; names once each.
PROFILE = """\
events: Ir
fn=(1) main
4 7
cfn=(2) snw_live
calls=1 10
5 210
cfn=(3) snw_pilot
calls=2 20
6 400
fn=(2)
10 10
cfn=(3)
calls=1 20
11 200
fn=(3)
20 600
totals: 617
"""


def test_a_run_costs_what_is_recorded_or_the_record_says_why_not():
    if not shutil.which("valgrind"):
        pytest.fail("no valgrind: scripts/setup test")
    key = instructions.built_with()
    known = instructions.recorded(key)
    if not known:
        pytest.skip(f"no counts are recorded for {key}: scripts/bench --record")
    found = instructions.outside(instructions.measure(), known)
    assert not found, "\n".join([*found, "meant? scripts/bench --record, and say why in the commit"])


def test_a_count_is_out_of_bounds_beyond_a_twentieth_either_way():
    known = {"a": 1000, "b": 1000, "c": 1000, "d": 1000}
    found = instructions.outside([("a", 1050), ("b", 950), ("c", 1051), ("d", 949), ("e", 7)], known)
    assert found == ["c: 1,051 instructions, +5.1 % from the recorded 1,000",
                     "d: 949 instructions, -5.1 % from the recorded 1,000", "e: 7 instructions, none recorded"]


def test_a_function_is_counted_with_all_that_it_calls_wherever_it_is_called(tmp_path):
    path = tmp_path / "profile"
    path.write_text(PROFILE, encoding="utf-8")
    cost, whole = instructions.inclusive(path)
    assert cost == {"snw_live": 210, "snw_pilot": 600, "snw_cost_seconds": 0}
    assert whole == 617


def test_a_record_replaces_its_own_compiler_s_counts_and_no_other_s(tmp_path, monkeypatch):
    monkeypatch.setattr(instructions, "RECORD", tmp_path / "instructions.csv")
    (tmp_path / "instructions.csv").write_text("built_with,what,instructions\nx 1,a,5\ny 2,a,6\n", encoding="utf-8")
    instructions.record("x 1", [("a", 7), ("b", 8)])
    assert instructions.recorded("x 1") == {"a": 7, "b": 8}
    assert instructions.recorded("y 2") == {"a": 6}
    assert instructions.recorded("z 3") == {}
