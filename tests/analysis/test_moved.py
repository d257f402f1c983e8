"""Which parameters move a result, from made-up draws whose answer is known, and of a result of the program."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis"))
sys.path.insert(0, str(ROOT / "tests" / "cli"))

import h5py  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
from program import simulate  # noqa: E402

from sinew_analysis import moved  # noqa: E402

CONFIG = """\
title: Moved
population: {persons: 200}
reference: {persons: 1000}
uncertainty: {draws: 20, reference_persons: 1000}
scenarios:
  - {name: usual_care}
  - {name: slowed, interventions: [muscle_loss_slowed]}
"""


def test_a_share_is_that_of_a_sum_of_independent_terms():
    """y = 3 x + 4 w of two standard normal values: x explains 9 of 25, give or take 1/sqrt(n) (n 20,000)."""
    rng = np.random.default_rng(7)
    x, w = rng.standard_normal((2, 20000))
    found = moved.mover("x", x, 3 * x + 4 * w)
    assert abs(found.share - 9 / 25) < 0.02
    # between the 10th and the 90th percentile of x, 2 x 1.2816 SD; slope 3 with an SE of 4/sqrt(20,000)
    assert abs(found.at_ninetieth - found.at_tenth - 3 * 2 * 1.2816) < 0.2


def test_a_square_is_explained_whole():
    x = np.linspace(-1, 2, 50)
    found = moved.mover("x", x, 5 * x * x)
    assert abs(found.share - 1) < 1e-12
    assert abs(found.at_tenth - 5 * np.percentile(x, 10) ** 2) < 1e-9


def test_what_has_nothing_to_do_with_it_explains_next_to_nothing():
    """Adjusted for two coefficients, so that chance gives nought on average: SD about 2/n of 1,000."""
    rng = np.random.default_rng(8)
    shares = [moved.mover("x", *rng.standard_normal((2, 1000))).share for _ in range(50)]
    assert np.mean(shares) < 0.002


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("moved")
    (folder / "c.yaml").write_text(CONFIG, encoding="utf-8")
    return simulate(folder / "c.yaml", folder / "out")


def test_the_page_tells_what_was_asked_for_of_the_draws(path, tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("<!-- measured: -->\n<!-- end -->\n", encoding="utf-8")
    assert moved.main([str(path), "--measures", "life_years", "--parameters", "falls.frail", "--most", "3", "--docs", str(page)]) == 0
    said = capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == f"<!-- measured: -->\n{said}<!-- end -->\n"
    with h5py.File(path) as file:
        gained = file["paired/life_years"][1, 1:, -1]
    assert f"**slowed, life_years** (year a person): mean {gained.mean():.3g}, SD over 20 draws {gained.std(ddof=1):.2g}" in said
    rows = [line.split("|")[1:-1] for line in said.splitlines() if line.startswith("|`")]
    shares = [float(share) for _, share, *_ in rows]
    assert 3 <= len(rows) <= 4 and "`falls.frail`" in [name for name, *_ in rows] and shares[:3] == sorted(shares[:3], reverse=True)


@pytest.mark.parametrize("words, said", [
    (["--docs", "none.md"], "none.md"),
    (["--measures", "luck"], "no /paired/luck"),
    (["--parameters", "falls.fail"], "no parameter that differs between draws is called falls.fail"),
])
def test_what_cannot_be_told_is_said_in_one_line(path, capsys, words, said):
    assert moved.main([str(path), *words]) == 1
    error = capsys.readouterr().err
    assert error.startswith("moved: ") and said in error and error.count("\n") == 1
