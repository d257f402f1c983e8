"""Tables of paired differences from a made-up file of round numbers."""

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis"))
sys.path.insert(0, str(Path(__file__).parent))

import h5py  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
import synthetic  # noqa: E402

from sinew_analysis import paired, report, tables  # noqa: E402
from sinew_analysis.reader import Results  # noqa: E402

PEOPLE = 10000
# in the second scenario, per person: difference, its error, the independent one, and the other statistics
FALLS = {"": -0.03, "mcse": 0.003, "independent_se": 0.03, "total": 2.97, "averted": 0.05, "caused": 0.02}
HIPS = {"": -0.0002, "mcse": 0.0002, "independent_se": 0.0009, "total": 0.1, "averted": 0.0003, "caused": 0.0001,
        "postponed": 0.004, "advanced": 0}
MONEY = {"": 1234.5678, "mcse": 10, "independent_se": 400, "total": 800000, "less": 0.2, "more": 0.7}
UNTOLD = {"": 0, "mcse": 0, "independent_se": 0, "total": 0}


def put(file, name, unit, values):
    group = file["paired"]
    for ending, value in values.items():
        full = f"{name}_{ending}" if ending else name
        data = np.zeros((2, 1, 3))
        data[1] = value
        group.create_dataset(full, data=data).attrs["units"] = unit


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = synthetic.write(tmp_path_factory.mktemp("made") / "results.h5", scenarios=("reference", "exercise"), noise=False)
    with h5py.File(path, "a") as file:
        group = file.create_group("paired")
        group.create_dataset("scenario", data=["reference", "exercise"], dtype=h5py.string_dtype("utf-8"))
        group.create_dataset("people", data=np.array([4000.0, 6000.0, PEOPLE]))
        for measure in paired.WORDS:
            known = {"falls": FALLS, "fracture_hip": HIPS, "cost": MONEY}.get(measure, UNTOLD)
            put(file, measure, "USD_2019" if "cost" in measure else "1", known)
        for measure in ("cost", "cost_discounted"):
            file[f"paired/{measure}"].attrs.update({"ledger": "event", "perspective": "Medicare", "price_index": "pce"})
        file["paired/cost_discounted"].attrs["discount_rate"] = 0.03
    return path


def of(results, measure):
    return next(d for d in paired.read(results) if d.measure == measure and d.sex == "all")


def test_the_reference_is_left_out_and_every_sex_told(made):
    with Results(made) as results:
        rows = paired.read(results)
    assert len(rows) == 3 * len(paired.WORDS) and {d.scenario for d in rows} == {"exercise"}
    assert {d.sex: d.people for d in rows} == {"female": 4000, "male": 6000, "all": PEOPLE}


def test_the_floor_is_the_root_of_the_mean_change_over_people(made):
    with Results(made) as results:
        assert of(results, "falls").floor == pytest.approx(np.sqrt(0.07 / PEOPLE))  # 0.00265
        assert of(results, "cost").floor is None


def test_what_misses_is_said(made):
    """Falls: .003 is 1.13 floors and a tenth of .03. Hips: .0002 is the floor, which allows 4.5 times. Cost: 40 times."""
    with Results(made) as results:
        assert [paired.judge(of(results, m)) for m in ("falls", "fracture_hip", "cost")] == ["", "", ""]
        worse = of(results, "falls")
        worse.statistics["mcse"] = 0.0065
        assert paired.judge(worse) == "2.46 x floor; 4.6 x smaller"
        worse = of(results, "cost")
        worse.statistics["mcse"] = 100
        assert paired.judge(worse) == "4.0 x smaller"


def test_the_page_has_a_row_for_each_measure(made):
    with Results(made) as results:
        text = paired.markdown(results)
    assert "| Falls | -30 | 3 | 30 | 10.00 | 2.65 | 1.13 |  |" in text
    assert "| Cost, USD 2019 | 1.235e+06 | 1e+04 | 4e+05 | 40.00 |  |  |  |" in text
    assert text.count("\n| ") == len(paired.WORDS) + 1
    assert text.endswith("Of 17 differences 0 miss what was asked for; of 2 with a floor 2 are within 1.3 times it.\n")


def test_the_csv_holds_what_the_file_holds(made, tmp_path):
    assert tables.main([str(made), "-o", str(tmp_path)]) == 0
    with open(tmp_path / "paired.csv", encoding="utf-8") as stream:
        rows = {(r["sex"], r["measure"], r["statistic"]): r for r in csv.DictReader(stream)}
    assert rows["all", "cost", "difference"]["value"] == "1234.5678" and rows["all", "cost", "difference"]["unit"] == "USD_2019"
    assert rows["male", "cost", "more"] == {"scenario": "exercise", "sex": "male", "measure": "cost", "statistic": "more",
                                            "value": "0.7", "unit": "1", "basis": ""}
    by = "event ledger; Medicare perspective; prices by pce"
    assert rows["all", "cost", "mcse"]["basis"] == f"{by}; undiscounted"
    assert rows["all", "cost_discounted", "difference"]["basis"] == f"{by}; discounted by 3 % a year"
    assert rows["all", "falls", "difference"]["basis"] == ""
    assert ("all", "cost", "averted") not in rows and ("all", "falls", "postponed") not in rows


def test_the_report_tells_a_thousand_people(made):
    with Results(made) as results:
        page = report.render(results)
    assert "The same people in two worlds" in page
    row = page.split("<td>Hip fractures</td>")[1].split("</tr>")[0]
    numbers = [cell.split(">")[1] for cell in row.split("</td>") if ">" in cell]
    assert numbers[:6] == ["100.2", "−0.20", "0.39", "0.30", "0.10", "4.00"]
    assert "1,234,568" in page
    by = "event ledger; Medicare perspective; prices by pce"
    assert f"Cost: {by}; undiscounted." in page and f"Cost, discounted: {by}; discounted by 3 % a year." in page


def test_one_scenario_has_no_such_table(tmp_path):
    path = synthetic.write(tmp_path / "results.h5", noise=False)
    (tmp_path / "paired.csv").write_text("of an earlier run", encoding="utf-8")
    with Results(path) as results:
        assert paired.section(results) is None and "in two worlds" not in report.render(results)
    assert tables.main([str(path)]) == 0 and not (tmp_path / "paired.csv").exists()
    assert paired.main([str(path)]) == 1
