"""The figure and the table of a nation by calendar year, of a small open population."""

import base64
import csv
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis"))
sys.path.insert(0, str(ROOT / "tests" / "cli"))

import h5py  # noqa: E402
import pytest  # noqa: E402
from program import simulate  # noqa: E402
from sinew_analysis import national, report, tables  # noqa: E402
from sinew_analysis.reader import Results  # noqa: E402

CONFIG = """\
title: A nation in time
population: {mode: open, persons: 2000, until: 2022}
reference: {persons: 1000}
output: {events: none}
scenarios:
  - name: reference
  - {name: strong, begins: 2021, parameters: {strength: {grip_young: {female: 34.1, male: 56.1}}}}
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nation")
    (folder / "nation.yaml").write_text(CONFIG, encoding="utf-8")
    return simulate(folder / "nation.yaml", folder)


def test_the_figure_says_what_each_scenario_adds(path):
    with Results(path) as results:
        figure = national.figure(results)
        nation = national.Nation(results)
        hips = nation.series("fracture_hip_total", "20-97", 1, added=True)
    with h5py.File(path) as file:
        hip, every = (file[f"summary_by_year/{n}"][:, 0, :, 2, -1] for n in ("fracture_hip_total", "fractures_total"))
    assert (hips.values == hip[1] - hip[0]).all() and hips.low is None
    assert ET.fromstring(base64.b64decode(figure.source.split(",", 1)[1])) is not None
    assert f"{hip[0, 0] / 1e3:,.0f} thousand in 2019, {hip[0, -1] / 1e3:,.0f} thousand in 2022" in figure.caption
    with h5py.File(path) as file:  # the error of the difference of the same people, as a nation's
        people, weight = file["paired/people"][-1], file["summary_by_year"].attrs["weight"]
        chance = [1.645 * file[f"paired/{n}_mcse"][1, 0, -1] * people * weight / 1e3 for n in ("fracture_hip", "fractures")]
        assert file["paired/fractures"][1, 0, -1] * people * weight == pytest.approx((every[1] - every[0]).sum())
    assert f"strong: {(hip[1] - hip[0]).sum() / 1e3:+,.0f} (± {chance[0]:,.0f} by chance) thousand hip fractures and " \
           f"{(every[1] - every[0]).sum() / 1e3:+,.0f} (± {chance[1]:,.0f} by chance) thousand of any site from 2019 " \
           "to 2022." in figure.caption


def test_the_band_is_90_per_cent_by_chance(path):
    with Results(path) as results:
        series = national.Nation(results).series("falls_total", "65-97", 0)
    with h5py.File(path) as file:
        error = file["summary_by_year/falls_total_mcse"][0, 0, :, 2, 6]
    assert series.high - series.values == pytest.approx(1.645 * error)
    assert series.values - series.low == pytest.approx(1.645 * error)


def test_the_report_shows_it_before_the_ages(path):
    with Results(path) as results:
        page = report.render(results)
    assert 0 < page.index('<figure id="nation"') < page.index("By sex and age")


def test_counts_and_totals_are_a_table(path, tmp_path):
    assert tables.main([str(path), "-o", str(tmp_path)]) == 0
    with open(tmp_path / "by_year.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert {r["quantity"] for r in rows} >= {"people", "frail_people", "fracture_hip_total", "fractures_total",
                                             "death_total", "cost_total", "cost_total_discounted", "qaly_total"}
    assert not [r for r in rows if r["quantity"] == "grip_kg"]
    at = dict(scenario="strong", year="2022", sex="female", age_group="65-74", quantity="falls_total")
    found = {r["statistic"]: float(r["value"]) for r in rows if all(r[k] == v for k, v in at.items())}
    with h5py.File(path) as file:
        value, error = (file[f"summary_by_year/{n}"][1, 0, 3, 0, 2] for n in ("falls_total", "falls_total_mcse"))
    assert found == pytest.approx({"value": value, "mcse": error}, rel=1e-6)


def test_one_year_is_no_course_of_time(path, tmp_path):
    (tmp_path / "nation.yaml").write_text(CONFIG.replace("2022", "2019").replace("2021", "2019"), encoding="utf-8")
    with Results(simulate(tmp_path / "nation.yaml", tmp_path)) as results:
        assert national.figure(results) is None
