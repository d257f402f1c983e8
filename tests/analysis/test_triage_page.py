"""Pathways at work on arrays, numbers needed, discrimination and net benefit, worked by hand; and the report's table."""

import sys
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis"))

import h5py  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402

from sinew_analysis import screening  # noqa: E402
from sinew_analysis.reader import ResultError, Results  # noqa: E402
from sinew_analysis.triage import conditions, diagnostics, page, programme  # noqa: E402

COLUMNS = {
    "age": np.array([65, 70, 75, 80.0]),
    "female": np.array([True, True, False, True]),
    "male": np.array([False, False, True, False]),
    "measured.grip_kg": np.array([15, 20, 25, 10.0]),
    "measured.t_score_femoral_neck": np.array([-3, -1, -3, -3.0]),
    "history.years_since_dxa": np.array([np.nan, 1, 2, 3]),
}
CONFIG = """\
seed: 1
interventions:
  - name: drug
    who: "everyone"
screening:
  - name: path
    title: "A title"
    who: "female"
    ages: [{from: 65, to: 80, every_yr: 5}]
    steps:
      - name: grip
        test: grip
        occasions: 2
        positive: "(female and measured.grip_kg < 16) or male"
        then: scan
        otherwise: drug
      - name: scan
        test: dxa
        occasions: 1
        positive: "measured.t_score_femoral_neck <= -2.5"
        then: drug
scenarios:
  - name: reference
"""


@pytest.mark.parametrize("condition, right", [
    ("age >= 75", [0, 0, 1, 1]),
    ("female and not age = 70", [1, 0, 0, 1]),
    ("age < 70 or male and measured.grip_kg > 24", [1, 0, 1, 0]),
    ("measured.t_score_femoral_neck <= -2.5", [1, 0, 1, 1]),
    ("history.years_since_dxa < 3", [0, 1, 1, 0]),  # no comparison holds without a scan
    ("not history.years_since_dxa < 3", [1, 0, 0, 1]),
    ("age != 65", [0, 1, 1, 1]),
])
def test_a_condition_holds_as_in_the_program(condition, right):
    assert conditions.holds(condition, COLUMNS).tolist() == [bool(x) for x in right]


def test_a_condition_on_what_is_not_known_says_so():
    with pytest.raises(ResultError, match="measured.gait_m_s"):
        conditions.holds("measured.gait_m_s < 1", COLUMNS)


def test_pathways_are_read_from_the_config_of_a_result():
    path = conditions.pathways(CONFIG)["path"]
    assert path.who == "female" and [step.test for step in path.steps] == ["grip", "dxa"]
    assert path.steps[0].occasions == 2 and (path.steps[0].then, path.steps[0].otherwise) == ("scan", "drug")
    assert path.steps[1].positive == "measured.t_score_femoral_neck <= -2.5" and path.steps[1].otherwise == ""


def test_people_go_the_ways_of_a_pathway():
    """Weak or male: 65, 75, 80, all with thin bones; the woman of 70 is not, and goes to the drug at once."""
    path = conditions.pathways(CONFIG)["path"]
    assert conditions.positive(path, COLUMNS).tolist() == [True] * 4
    path.steps[0].otherwise = ""
    assert conditions.positive(path, COLUMNS).tolist() == [True, False, True, True]


def test_numbers_needed_are_those_of_the_mean_and_of_the_ends():
    """A share of 2 % on average, from 1 % to 3 %."""
    share = np.linspace(0.0095, 0.0305, 2001)
    value, low, high = programme.needed(np.full(2001, 500.0), 500 * share)
    assert value == pytest.approx(50) and low == pytest.approx(1 / np.percentile(share, 97.5))
    assert high == pytest.approx(1 / np.percentile(share, 2.5))


def test_where_nothing_may_be_averted_no_number_is_the_most():
    value, low, high = programme.needed(np.full(101, 100.0), np.linspace(-1, 3, 101))
    assert value == pytest.approx(100) and low is not None and high is None
    assert "and up" in page._needed((value, low, high))
    assert programme.needed(np.full(101, 100.0), np.linspace(-3, 1, 101))[0] is None


@pytest.mark.parametrize("cost, qaly, said", [
    ([100, 200, 300], [0.01, 0.01, 0.01], "20,000 (10,000 to 30,000)"),
    ([-1, -2, -3], [0.01, 0.01, 0.01], "costs less, does more"),
    ([100, 100, 100], [-0.01, -0.01, -0.01], "does less, costs more"),
    ([100, 100, 100], [0.02, 0.02, -0.01], "10,000 (5,000 to none at any price); effect not distinguishable from none"),
])
def test_a_ratio_is_never_bare(cost, qaly, said):
    assert page._ratio(SimpleNamespace(cost=np.array(cost, float), qaly=np.array(qaly))) == said


def test_net_benefit_is_true_less_false_at_the_odds():
    """Of five treated from .2 on two have the event: 2/10 - 3/10 x .25; from .5 on one of one has: .1."""
    predicted = np.array([0.6, 0.3, 0.3, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1])
    happened = np.array([1, 1, 0, 0, 0, 1, 0, 0, 0, 0], bool)
    assert diagnostics.net_benefit(predicted, happened, [0.2, 0.5]) == pytest.approx([0.2 - 0.3 * 0.25, 0.1])


def test_calibration_is_by_groups_of_risk():
    predicted = np.array([0.1, 0.3, 0.2, 0.4])
    happened = np.array([0, 1, 0, 0], bool)
    assert diagnostics.calibration(predicted, happened, 2) == pytest.approx(np.array([[0.15, 0], [0.35, 0.5]]))


def test_a_curve_rises_by_those_with_the_event():
    false, true = diagnostics.curve(np.array([4, 3, 2, 1.0]), np.array([1, 0, 1, 0], bool))
    assert true == pytest.approx([0.5, 0.5, 1, 1]) and false == pytest.approx([0, 0.5, 0.5, 1])


def test_a_figure_is_the_mean_of_its_parts():
    """Parts 0 .. 9 with values 0 .. 9: mean 4.5, SE sqrt(55/6/10)."""
    people = SimpleNamespace(part=np.arange(10))
    figure = diagnostics.Figure.over_parts(people, lambda at: np.flatnonzero(at)[0])
    assert figure.value == 4.5 and figure.error == pytest.approx(np.sqrt(55 / 60))


def test_accuracy_counts_the_four_kinds():
    """In each part the same: one found with the event, one found without, one missed, one neither: all .5."""
    n = diagnostics.PARTS
    columns = {"age": np.full(4 * n, 70.0), "measured.grip_kg": np.tile([1, 1, 9, 9.0], n)}
    people = SimpleNamespace(n=4 * n, part=np.repeat(np.arange(n), 4), columns=columns, female=np.ones(4 * n, bool))
    path = conditions.Pathway("p", steps=[conditions.Step("grip", "grip", positive="measured.grip_kg < 5", then="drug")])
    figures = diagnostics.accuracy(people, path, np.tile([True, False, True, False], n))
    assert [figure.value for figure in figures] == [0.5] * 4 and [figure.error for figure in figures] == [0] * 4


def test_too_few_events_are_not_modelled():
    n = 20 * diagnostics.PARTS
    people = SimpleNamespace(part=np.arange(n) % diagnostics.PARTS, outcomes={("Hip fracture", 5): np.arange(n) < 40})
    assert diagnostics.added(people, "Hip fracture", 5) is None


def test_the_report_tells_of_screening_where_there_is_some(tmp_path):
    with h5py.File(tmp_path / "r.h5", "w") as file:
        file.create_group("summary")
    with Results(tmp_path / "r.h5") as results:
        assert screening.section(results) is None
    with h5py.File(tmp_path / "r.h5", "a") as file:
        group = file.create_group("screening")
        group["scenario"], group["step"] = ["reference", "screened"], ["path/dxa"]
        for name in ("tested", "people_tested", "people_positive", "referred", "started", "cost"):
            group[name] = np.array([[[[0.0], [0]]], [[[1500], [0]]]])  # scenario, draw, sex, step
        group["fractures_averted"] = np.array([[[[0.0], [0]]], [[[30], [0]]]])
        group["number_needed_to_screen"] = np.array([[[np.nan]], [[50.0]]])
        group["number_needed_to_treat"] = np.array([[[np.nan]], [[-20.0]]])
    with Results(tmp_path / "r.h5") as results:
        found = screening.section(results)
    assert found.rows == [("screened", "path/dxa", *["1,500"] * 6)]
    assert found.answers == ["screened: 30 fractures averted; people needed to screen for one 50, to treat −20."]
