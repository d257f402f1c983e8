"""Two calibrations beside each other: by how much medians differ, and which lie outside of the other's interval."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "analysis"))
from sinew_analysis import seeds  # noqa: E402
from sinew_analysis.reader import ResultError  # noqa: E402

DRAWS = np.linspace(-1, 1, 101)  # median 0; SD of 0, .02 .. 1 on both sides: .586


def write(folder, text):
    folder.mkdir()
    (folder / "posterior.csv").write_text(text, encoding="utf-8")
    return folder


def test_medians_are_compared_in_sds_and_the_farthest_stands_first():
    sd = DRAWS.std(ddof=1)
    found = seeds.pairs((["a", "b", "fixed"], np.column_stack([DRAWS, DRAWS, np.ones(101)])),
                        (["a", "b", "fixed"], np.column_stack([DRAWS + 0.1 * sd, 2 * DRAWS - 3 * sd, np.ones(101)])))
    assert [pair.name for pair in found] == ["b", "a"]  # what is fixed says nothing
    assert found[1].apart == pytest.approx(0.1) and found[1].spread == pytest.approx(1) and found[1].inside
    assert found[0].apart == pytest.approx(-3 / np.sqrt(2.5)) and found[0].spread == pytest.approx(2)
    assert not found[0].inside  # 3 x .586 = 1.76 is outside of -1 to 1


def test_the_command_tells_it_in_a_line_and_a_table(tmp_path, capsys):
    first = write(tmp_path / "a", "# a comment\nx.y,x.z\n" + "".join(f"{v},{v}\n" for v in DRAWS))
    second = write(tmp_path / "b", "x.y,x.z\n" + "".join(f"{v + 0.0586},{v}\n" for v in DRAWS))
    assert seeds.main([str(first), str(second)]) == 0
    said = capsys.readouterr().out
    assert "2 elements of parameters" in said and "2 of 2 medians" in said and "| `x.y` | +0.10 | 1.00 |" in said


def test_posteriors_of_other_parameters_are_refused(tmp_path, capsys):
    first, second = write(tmp_path / "a", "x.y\n1\n2\n"), write(tmp_path / "b", "x.z\n1\n2\n")
    assert seeds.main([str(first), str(second)]) == 1
    assert "not of the same parameters" in capsys.readouterr().err
    with pytest.raises(ResultError):
        seeds.pairs((["a"], DRAWS[:, None]), (["b"], DRAWS[:, None]))
