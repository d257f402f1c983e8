"""Checklists and what the report tells of a decision, on a result of the program."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis"))
sys.path.insert(0, str(ROOT / "tests" / "cli"))

import pytest  # noqa: E402
from program import simulate, sinew  # noqa: E402

from sinew_analysis import decision, decision_more, report, reporting  # noqa: E402
from sinew_analysis.reader import Results  # noqa: E402
from sinew_analysis.settings import Settings  # noqa: E402

CONFIG = """\
title: An evaluation of tai chi
seed: 3
population: {persons: 600, life_table_year: 2017}
reference: {persons: 1000}
uncertainty: {draws: 20, reference_persons: 1000}
economics: {perspective: societal, societal_parts: [informal_care], discount_from: 65, discount_qalys: 0.015}
scenarios:
  - name: usual_care
  - {name: classes, interventions: [tai_chi]}
output: {per_draw: [cost, qaly, alive_n]}
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reporting")
    (folder / "c.yaml").write_text(CONFIG, encoding="utf-8")
    path = simulate(folder / "c.yaml", folder / "run")
    done = sinew("decide", path, "--equity", "1,1.2,1", "--population", "1e6", "--trial",
                 "ln:interventions.tai_chi.fall_rate_ratio:1:100", "-o", path.parent / "decision")
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def lists(path):
    with Results(path) as results:
        return {one.key: one for one in reporting.checklists(results)}


def test_a_resolved_config_is_read_by_key():
    found = Settings('title: "A run"\nseed: 3\n\neconomics:\n  ledger: event\noutput:\n  trajectories:\n    persons: none\n'
                     "parameters:\n  falls:\n    ledger: 3\ninterventions:\n  - name: pill\n    title: \"A pill\"\n"
                     "    cost:\n      source: me\n    uptake:\n      source: you\nscenarios:\n  - name: care\n"
                     "  - name: pills\n    interventions: [pill]\n")
    assert (found.get("title"), found.get("seed"), found.get("economics.ledger")) == ("A run", "3", "event")
    assert found.get("output.trajectories.persons") == "none" and found.get("falls.ledger") == ""
    assert found.interventions == {"pill": {"title": "A pill", "cost": "", "cost.source": "me", "uptake": "",
                                            "uptake.source": "you"}}
    assert found.scenarios == {"care": {}, "pills": {"interventions": "[pill]"}}


def test_cheers_has_its_28_items_and_marks_what_only_authors_know(lists):
    items = {item.number: item for item in lists["cheers"].items}
    assert list(items) == [str(k) for k in range(1, 29)]
    assert items["1"].said == "An evaluation of tai chi"
    assert items["5"].said.startswith("600 people of a birth cohort followed from 20, 50 % women")
    assert items["7"].said == "usual_care: current care, as the rates of the country contain it; classes: Tai chi classes"
    assert items["5"].said.endswith("life table us_life_table.csv of 2017") and items["6"].said.endswith("prices in USD_2019")
    assert items["8"].said == "society" and items["9"].said.startswith("to the 98th birthday")
    assert items["10"].said == "costs 3 %, QALYs 1.5 % a year, to age 65"
    assert items["15"].said == "USD_2019, by the index pce"
    assert items["20"].said.startswith("20 draws of ") and not items["20"].left
    assert "choose" in items["23"].said and not items["23"].left
    for number in ("2", "3", "21", "25", "27", "28"):
        assert items[number].left == reporting.WRITE and not items[number].said
    for item in items.values():
        assert item.said or item.left, item.number


def test_the_inventory_says_what_this_perspective_counts(lists):
    said = {item.asked: item.said for item in lists["inventory"].items}
    assert said["Time of unpaid carers of the disabled"] == "counted"
    assert said["Work lost after fractures below 65"] == "not counted"
    assert said["Consumption of added years from 65 on, health care aside"] == "not counted"
    assert said["Costs paid out of pocket"] == "counted"


def test_what_was_not_done_is_left_to_the_authors(lists):
    assert {item.number for item in lists["advishe"].items} >= {"A1", "B2", "C4", "D4", "E"}
    assert next(item for item in lists["advishe"].items if item.number == "D4").left == "run sinew validate"
    assert next(item for item in lists["practices"].items if item.number == "4").left == "give --noise"


def test_a_budget_is_not_discounted(path, tmp_path):
    (tmp_path / "c.yaml").write_text(CONFIG, encoding="utf-8")
    nation = simulate(tmp_path / "c.yaml", tmp_path / "run", settings={
        "population.mode": "cross_section", "population.follow": 5, "uncertainty.draws": 0})
    assert sinew("decide", nation, "-o", nation.parent / "decision").returncode == 0
    with Results(nation) as results:
        cheers = {item.number: item for item in reporting.checklists(results)[0].items}
    assert cheers["10"].said.startswith("none: budget impact") and cheers["20"].left == "run with draws"
    assert "adults of one year" in cheers["5"].said


def test_an_open_population_is_called_one(tmp_path):
    (tmp_path / "c.yaml").write_text(CONFIG, encoding="utf-8")
    nation = simulate(tmp_path / "c.yaml", tmp_path / "run", settings={
        "population.mode": "open", "population.until": 2020, "uncertainty.draws": 0})
    with Results(nation) as results:
        cheers = {item.number: item for item in reporting.checklists(results)[0].items}
    assert cheers["5"].said.startswith("600 people of the adults of a nation in 2019, and those who join them until 2020; life table")


def test_one_strategy_has_no_checklists(path, tmp_path):
    (tmp_path / "c.yaml").write_text(CONFIG, encoding="utf-8")
    alone = simulate(tmp_path / "c.yaml", tmp_path / "run", settings={"scenarios": "[]", "uncertainty.draws": 0})
    with Results(alone) as results:
        assert reporting.checklists(results) == []
        assert "Checklists" not in report.render(results)


def test_the_page_tells_of_sexes_equity_the_trial_and_two_parameters(path):
    rows = decision.rows_of(path)
    groups, equity, trial = decision_more.tables(rows)
    assert [row[:2] for row in groups.rows] == [("women", "classes"), ("men", "classes")]
    assert len(equity.rows) == 3 and len(trial.rows) == 3 and "100 people an arm" in trial.rows[0][0]
    figure = decision_more.map_of_two(rows)
    assert figure.key == "decision_two_way" and "fifth of the draws" in figure.caption
    with Results(path) as results:
        page = report.render(results)
    for text in ("CHEERS 2022: 28 items", "Impact inventory", "What a trial is worth", "Two parameters at a time",
                 "society perspective"):
        assert text in page, text
