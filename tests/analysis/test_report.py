"""The report, the CSVs and the reader on a made-up result file of the documented layout."""

import base64
import csv
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis"))
sys.path.insert(0, str(Path(__file__).parent))

import h5py  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
import synthetic  # noqa: E402

import sinew_analysis  # noqa: E402
from sinew_analysis import estimates as est  # noqa: E402
from sinew_analysis import decision, figures, overview, report, tables, validation  # noqa: E402
from sinew_analysis.reader import ResultError, Results  # noqa: E402


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    return synthetic.write(tmp_path_factory.mktemp("one") / "results.h5", noise=False)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    path = tmp_path_factory.mktemp("many") / "results.h5"
    return synthetic.write(path, scenarios=("reference", "exercise", "drug", "both"), draws=range(6))


@pytest.fixture(scope="module")
def page(one):
    with Results(one) as results:
        return report.render(results)


def small_file(path, measures, ages=(20, 21, 22)):
    """A file with one scenario and the measures {name: (female values, male values)}, dims scenario, sex, age."""
    with h5py.File(path, "w") as file:
        dims = {"scenario": ["reference"], "sex": synthetic.SEXES, "age": np.array(ages, np.int16)}
        writer = synthetic.Writer(file, "summary", dims)
        for name, values in measures.items():
            writer.put(name, np.array([values], float), ("scenario", "sex", "age"), "1", name)
    return path


# Reader


def test_packed_values_come_back_within_half_a_step(one):
    with Results(one) as results:
        value = results["grip_kg"].sel(scenario="reference", draw=0, sex="male", age=25).values
        step = results["grip_kg"].attrs["scale_factor"]
    assert abs(float(value) - 51) <= step / 2 + 1e-9


def test_the_fill_value_is_read_as_missing(tmp_path):
    path = tmp_path / "fill.h5"
    with h5py.File(path, "w") as file:
        dims = {"scenario": ["reference"], "sex": synthetic.SEXES, "age": np.array([20, 21])}
        writer = synthetic.Writer(file, "summary", dims)
        writer.put("x", np.array([[[1.0, np.nan], [2.0, 3.0]]]), ("scenario", "sex", "age"), "1", "x", packed=True)
    with Results(path) as results:
        values = results["x"].sel(scenario="reference", sex="female").values
    assert values[0] == pytest.approx(1.0) and np.isnan(values[1])


def test_a_label_that_is_not_there_is_named_with_those_that_are(one):
    with Results(one) as results, pytest.raises(KeyError, match="exercise.*reference"):
        results["grip_kg"].sel(scenario="exercise")


def test_newton_at_the_end_of_a_name_is_a_unit_and_not_a_count(one):
    with Results(one) as results:
        assert results.split("strength_femur_n") == ("strength_femur_n", "mean")
        assert results.split("strength_femur_n_n") == ("strength_femur_n", "n")
        assert results.split("strength_femur_n_p05") == ("strength_femur_n", "p05")
        assert results.split("falls_per_1000_py") == ("falls_per_1000_py", "rate")


def file_with_draws(path):
    """Draws 1 to 3 are kept of one rate, of another measure only what they come to."""
    with h5py.File(path, "w") as file:
        dims = {"scenario": ["reference"], "draw": np.arange(4), "sex": synthetic.SEXES, "age": np.arange(20, 23)}
        writer = synthetic.Writer(file, "summary", dims)
        names, shape = ("scenario", "draw", "sex", "age"), (1, 4, 2, 3)
        values = np.arange(4.0)[None, :, None, None] + np.zeros(shape)
        values[0, 1:, :, 2] = np.nan  # nobody gets there
        writer.put("falls_per_1000_py", values, names, "year-1", "falls")
        alone = file["summary"].create_dataset("gait_m_s", shape, chunks=(1, 1, 2, 3), fillvalue=np.nan)
        for axis, dim in enumerate(names):
            alone.dims[axis].attach_scale(file["summary"][dim])
        alone[:, 0] = 1.25
        writer.put("gait_m_s_draws_p50", np.full((1, 2, 3), 1.5), ("scenario", "sex", "age"), "m s-1", "median of draws")
    return path


def test_draws_that_were_not_kept_are_not_read(tmp_path):
    with Results(file_with_draws(tmp_path / "r.h5")) as results:
        assert results["gait_m_s"].coords["draw"].tolist() == [0] and (results["gait_m_s"].values == 1.25).all()
        assert results["falls_per_1000_py"].coords["draw"].tolist() == [0, 1, 2, 3]
        assert results.split("gait_m_s_draws_p50") == ("gait_m_s", "draws_p50")
        rows = list(tables.summary_rows(results))
        assert ["reference", 0, "male", 21, "", "gait_m_s", "mean", "1.25", "1", ""] in rows
        assert ["reference", "", "male", 21, "", "gait_m_s", "draws_p50", "1.5", "m s-1", ""] in rows
        assert {row[1] for row in rows} == {0, ""}
        assert {row[1] for row in tables.summary_rows(results, all_draws=True)} == {0, 1, 2, 3, ""}


@pytest.mark.filterwarnings("error")
def test_a_band_of_draws_ends_where_no_draw_has_anybody(tmp_path):
    with Results(file_with_draws(tmp_path / "r.h5")) as results:
        found = est.curve(results, "falls_per_1000_py", "reference", "male")
        assert found.band == est.BAND_DRAWS and found.centre.tolist() == [0, 0, 0]
        np.testing.assert_allclose(found.low, [1.1, 1.1, np.nan])
        np.testing.assert_allclose(found.high, [2.9, 2.9, np.nan])
        assert est.curve(results, "gait_m_s", "reference", "male").band == ""


def test_dimensions_are_known_without_a_list_of_their_users(one, tmp_path):
    # The program leaves that list out: it would be rewritten for every variable.
    path = tmp_path / "short.h5"
    shutil.copy(one, path)
    with h5py.File(path, "r+") as file:
        for dim in ("scenario", "draw", "sex", "age", "site", "level"):
            del file["summary"][dim].attrs["REFERENCE_LIST"]
    with Results(path) as results:
        assert results["fracture_per_1000_py"].dims == ("scenario", "draw", "sex", "age", "site")


def test_dimensions_without_scales_are_told_by_their_lengths(tmp_path):
    path = tmp_path / "plain.h5"
    with h5py.File(path, "w") as file:
        group = file.create_group("summary")
        group.create_dataset("scenario", data=["reference"], dtype=h5py.string_dtype())
        group.create_dataset("sex", data=["female", "male"], dtype=h5py.string_dtype())
        group.create_dataset("age", data=np.arange(20, 25))
        group.create_dataset("grip_kg", data=np.ones((1, 2, 5), np.float32))
    with Results(path) as results:
        assert results["grip_kg"].dims == ("scenario", "sex", "age")
        assert results.names == ["grip_kg"]


@pytest.mark.parametrize("content", [None, b"not HDF5", "empty"])
def test_what_is_not_a_result_gives_one_line(tmp_path, capsys, content):
    path = tmp_path / "results.h5"
    if content == "empty":
        h5py.File(path, "w").close()
    elif content:
        path.write_bytes(content)
    assert report.main([str(path)]) == 1
    assert tables.main([str(path)]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2 and all(str(path) in line for line in lines)
    with pytest.raises(ResultError):
        Results(path)


def test_a_missing_module_is_answered_with_its_package():
    def refuse(name):
        if name == "h5py":
            raise ImportError(name)

    assert sinew_analysis.missing_packages(refuse) == ["python3-h5py"]
    assert "apt-get install python3-h5py" in sinew_analysis.cure(["python3-h5py"])
    assert "\n" not in sinew_analysis.cure(["python3-h5py"])


@pytest.mark.parametrize("engine", ["h5netcdf", "netcdf4"])
def test_xarray_opens_the_made_up_file_like_a_real_one(one, engine):
    xarray = pytest.importorskip("xarray")
    with xarray.open_dataset(one, group="summary", engine=engine) as data:
        part = data.sel(sex="female", scenario="reference", draw=0)
        assert float(part["grip_kg"].sel(age=30)) == pytest.approx(31, rel=1e-3)


# Estimates, by hand


def test_life_expectancy_is_the_years_lived_by_those_who_entered(tmp_path):
    # 100 women: 50 die halfway through the year at 96, the other 50 reach the 98th birthday.
    path = small_file(
        tmp_path / "e.h5",
        {"person_years": ([0.75, 1.0], [1, 1]), "person_years_n": ([100, 50], [10, 10]),
         "alive": ([1, 1], [1, 1]), "alive_n": ([100, 50], [10, 10])},
        ages=(96, 97),
    )
    with Results(path) as results:
        assert est.life_expectancy(results, "reference", "female", 96) == pytest.approx((75 + 50) / 100)
        assert est.life_expectancy(results, "reference", "male", 96) == pytest.approx(2)


def test_survival_is_the_mean_of_alive_where_its_count_never_falls(tmp_path):
    path = small_file(tmp_path / "s.h5", {"alive": ([1, 0.9, 0.6], [1, 1, 1]), "alive_n": ([50] * 3, [50] * 3)})
    with Results(path) as results:
        assert est.survival(results, "reference", "female").centre == pytest.approx([1, 0.9, 0.6])


def test_survival_can_come_from_a_life_table_column(tmp_path):
    path = small_file(tmp_path / "l.h5", {"lx": ([1000, 900, 450], [1000, 1000, 1000])})
    with Results(path) as results:
        curve = est.survival(results, "reference", "female")
        assert curve.centre == pytest.approx([1, 0.9, 0.45]) and curve.low is None
        # Trapezoid; the last year keeps as many as the year before: .95 + .675 + (.45 + .225)/2.
        assert est.person_years(results, "reference", "female").sum() == pytest.approx(1.9625)


def test_a_pooled_rate_weighs_ages_by_the_years_lived_in_them(tmp_path):
    path = small_file(
        tmp_path / "r.h5",
        {"falls_per_1000_py": ([7, 100, 400], [0, 0, 0]), "person_years": ([1, 1, 1], [1, 1, 1]),
         "person_years_n": ([500, 300, 100], [1, 1, 1])},
        ages=(49, 50, 51),
    )
    with Results(path) as results:
        falls = results["falls_per_1000_py"]
        assert est.pooled_rate(results, falls, "reference", "female", 50) == pytest.approx(175)
        assert est.pooled_rate(results, falls, "reference", "female", 60) is None


def test_a_pooled_share_weighs_ages_by_the_living_and_passes_over_missing_ones(tmp_path):
    path = small_file(
        tmp_path / "p.h5",
        {"disabled": ([0.1, 0.4, np.nan], [0, 0, 0]), "disabled_n": ([200, 100, 50], [1, 1, 1])},
        ages=(65, 66, 67),
    )
    with Results(path) as results:
        assert est.pooled_share(results, "disabled", "reference", "female", 65) == pytest.approx(0.2)


def test_a_share_is_that_of_the_levels_at_or_above(one):
    # Women of 90: 20 % probable, 12 % confirmed, 10 % severe.
    with Results(one) as results:
        at_90 = [float(est.share(results, "sarcopenia_ewgsop2", "reference", "female", level).sel(age=90, draw=0).values)
                 for level in (1, 2, 3)]
    assert at_90 == pytest.approx([0.42, 0.22, 0.10])


def test_shares_of_three_levels_follow_from_mean_and_spread(tmp_path):
    # Of ten people 5 are at 0, 2 at 1, 3 at 2: mean 0.8, mean square 1.4, sd sqrt(0.76).
    path = small_file(tmp_path / "o.h5", {
        "osteoporosis_who": ([0.8] * 2, [0, 1.2]), "osteoporosis_who_sd": ([0.76**0.5] * 2, [0, 0.5]),
    }, ages=(65, 66))
    with Results(path) as results:
        for level, expected in ((1, 0.5), (2, 0.3)):
            found = est.share(results, "osteoporosis_who", "reference", "female", level).values
            assert found == pytest.approx([expected] * 2)


def test_shares_of_four_levels_are_not_guessed(tmp_path):
    path = small_file(tmp_path / "q.h5", {
        "sarcopenia_ewgsop2": ([0.8] * 2, [0] * 2), "sarcopenia_ewgsop2_sd": ([1] * 2, [1] * 2),
        "sarcopenia_ewgsop2_p95": ([3] * 2, [0] * 2), "sarcopenia_ewgsop2_n": ([100] * 2, [100] * 2),
    }, ages=(65, 66))
    with Results(path) as results:
        assert est.share(results, "sarcopenia_ewgsop2", "reference", "female", 2) is None
        assert "Sarcopenia" not in report.render(results)


def test_any_fracture_is_the_sum_over_sites(one):
    with Results(one) as results:
        sites = est.fracture_sites(results)
        single = sum(est.pooled_rate(results, est.fractures(results, s), "reference", "female", 50) for s in sites)
        whole = est.pooled_rate(results, est.fractures(results, "any"), "reference", "female", 50)
    assert sites == synthetic.SITES and whole == pytest.approx(single)


def test_the_band_is_that_of_people_then_of_draws_then_of_chance(one, many):
    with Results(one) as results:
        grip = est.curve(results, "grip_kg", "reference", "female")
        falls = est.curve(results, "falls_per_1000_py", "reference", "female")
        years = est.person_years(results, "reference", "female")
    assert grip.band == est.BAND_PEOPLE and np.all(grip.low < grip.centre) and np.all(grip.centre < grip.high)
    assert falls.band == est.BAND_SIMULATION
    error = np.sqrt(falls.centre[30] * 1000 / years[30])
    assert falls.high[30] - falls.centre[30] == pytest.approx(1.6449 * error, rel=1e-3)
    with Results(many) as results:
        assert est.curve(results, "falls_per_1000_py", "reference", "female").band == est.BAND_DRAWS


def test_draw_0_is_the_centre_and_not_part_of_the_band(tmp_path):
    path = tmp_path / "d.h5"
    with h5py.File(path, "w") as file:
        dims = {"scenario": ["reference"], "draw": np.arange(4), "sex": synthetic.SEXES, "age": np.array([20])}
        writer = synthetic.Writer(file, "summary", dims)
        values = np.array([99.0, 1.0, 2.0, 3.0])[None, :, None, None] * np.ones((1, 4, 2, 1))
        writer.put("falls_per_1000_py", values, ("scenario", "draw", "sex", "age"), "year-1", "falls")
    with Results(path) as results:
        curve = est.curve(results, "falls_per_1000_py", "reference", "male")
    assert (curve.centre[0], curve.low[0], curve.high[0]) == pytest.approx((99, 1.1, 2.9))


def test_pooled_ages_keep_events_over_years(one):
    with Results(one) as results:
        years = est.person_years(results, "reference", "male")
        raw = est.curve(results, "fracture_per_1000_py", "reference", "male", site="hip").centre
        pooled = est.pooled_curve(results, "fracture_per_1000_py", "reference", "male", 5, site="hip").centre
    assert pooled[40] == pytest.approx((raw * years)[38:43].sum() / years[38:43].sum())


# Tables


def test_an_averaged_curve_weighs_ages_by_their_people():
    """Centres 1, 2, 6 of 10, 30, 10 people: (10 + 60 + 60) / 50 = 2.6. Bands of 1 either side stay so between people;
    by chance they become sqrt(10^2 + 30^2 + 10^2) / 50 = .6633."""
    curve = est.Curve(np.arange(3), np.array([1.0, 2, 6]), np.array([0.0, 1, 5]), np.array([2.0, 3, 7]),
                      est.BAND_SIMULATION)
    found = est.averaged(curve, np.array([10.0, 30, 10]), 3)
    assert found.centre[1] == pytest.approx(2.6)
    assert found.centre[0] == pytest.approx(70 / 40)  # 10 and 30 people
    assert found.low[1] == pytest.approx(2.6 - np.sqrt(1100) / 50) and found.high[1] == pytest.approx(
        2.6 + np.sqrt(1100) / 50)
    curve.band = est.BAND_PEOPLE
    assert est.averaged(curve, np.array([10.0, 30, 10]), 3).high[1] == pytest.approx(3.6)


def test_money_of_the_headlines_says_what_it_is_counted_by(one):
    with Results(one) as results:
        assert "<p>Cost: event ledger; health-care sector perspective; prices by pce; undiscounted.</p>" in report.render(results)


def test_headlines_agree_with_the_lives_the_file_was_made_of(one):
    with Results(one) as results:
        rows = {row.measure: row for row in tables.headlines(results)}
    alive, years = synthetic.lives(0)
    expected = years.sum() / alive[0]
    assert rows["Life expectancy at 20, to the 98th birthday"].values["reference", "female"] == pytest.approx(expected)
    last = alive[-1] * np.exp(-synthetic.hazard(0)[-1])  # who reach 98
    assert rows["Alive at 65 who reach the 98th birthday, where lives are cut off"].values["reference", "female"] == \
        pytest.approx(100 * last / alive[45])
    falls = 230 * np.exp(0.028 * np.maximum(synthetic.AGES - 45.0, 0))
    older = synthetic.AGES >= 50
    expected = np.average(falls[older], weights=years[older])
    assert rows["Falls at 50 and over"].values["reference", "female"] == pytest.approx(expected, rel=1e-6)
    older = synthetic.AGES >= 65
    share = 0.26 * np.clip((synthetic.AGES - 55) / 35, 0, 1.1) ** 2
    expected = 100 * np.average(share[older], weights=synthetic.lives(1)[0][older])
    found = rows["Sarcopenia (EWGSOP2, confirmed) at 65 and over"].values["reference", "male"]
    assert found == pytest.approx(expected, rel=1e-5)


def test_a_headline_that_the_file_cannot_fill_is_left_out(tmp_path):
    path = small_file(tmp_path / "few.h5", {"grip_kg": ([30, 30], [50, 50])}, ages=(30, 31))
    with Results(path) as results:
        assert [row.measure for row in tables.headlines(results)] == ["Grip strength at 30"]
        assert "Grip strength at 30" in report.render(results)


def test_the_summary_csv_is_tidy_and_holds_every_value_once(one, tmp_path):
    assert tables.main([str(one), "-o", str(tmp_path)]) == 0
    with open(tmp_path / "summary.csv", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == tables.SUMMARY_COLUMNS
    keys = [tuple(row[k] for k in tables.SUMMARY_COLUMNS[:7]) for row in rows]
    assert len(set(keys)) == len(keys)
    with Results(one) as results:
        assert len(rows) == sum(results[name].values.size for name in results.names)
    hip = [r for r in rows if r["measure"] == "fracture_per_1000_py" and r["site"] == "hip"
           and r["sex"] == "female" and r["age"] == "50"]
    assert len(hip) == 1 and float(hip[0]["value"]) == pytest.approx(0.3) and hip[0]["statistic"] == "rate"


def test_the_summary_csv_holds_the_point_estimate_unless_all_draws_are_asked_for(many):
    with Results(many) as results:
        first = next(tables.summary_rows(results))
        assert {row[1] for row in tables.summary_rows(results)} == {0}
        rows = tables.summary_rows(results, all_draws=True)
        assert {next(rows)[1] for _ in range(1000)} == {0, 1, 2, 3, 4, 5}
    assert first[0] == "reference"


# Report


def test_the_report_is_one_file_that_asks_nothing_of_the_network(page):
    assert not re.search(r"""(src|href)\s*=\s*["'](?!data:)""", page)
    assert "@import" not in page and "<script" not in page and "url(" not in page


def test_the_report_says_which_run_it_is_and_what_the_reference_is(page):
    for words in ("Made-up lives", "20260101", "sinew 0.1.0", "The reference arm is current care",
                  "20,000 women", "5f1d0c9a77e3b248"):
        assert words in page, words


def test_the_report_shows_every_figure_with_its_band_explained(page):
    sources = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert len(sources) == 10
    for source in sources:
        assert ET.fromstring(base64.b64decode(source)).tag.endswith("svg")
    keys = re.findall(r'<figure id="(\w+)"', page)
    assert keys == ["rasm", "igfbp2", "function", "bone", "bone_more", "falls", "survival", "fractures", "conditions",
                    "economics"]
    assert page.count("5 to 95 %") >= 9


def test_the_same_results_give_the_same_bytes(one, page):
    with Results(one) as results:
        same = report.render(results) == page
    assert same  # the texts are too long to be shown


@pytest.mark.parametrize("kind, words", [("nation", "met in 2010"), ("study", "over all replicates")])
def test_people_met_at_different_ages_are_no_survivors_of_each_other(one, tmp_path, kind, words):
    """Life expectancy, fractures per survivor and survival need a cohort; rates, shares and states do not."""
    path = tmp_path / "r.h5"
    shutil.copy(one, path)
    with h5py.File(path, "a") as file:
        if kind == "nation":
            file["summary_by_year/year"] = [2010, 2011]
        else:
            file.create_group("study")
    with Results(path) as results:
        rows = [row.measure for row in tables.headlines(results)]
        text = report.render(results)
    assert not [row for row in rows if "expectancy" in row or "who reaches" in row or "birthday" in row]
    assert "Hip fractures at 50 and over" in rows and "Grip strength at 70" in rows
    assert re.findall(r'<figure id="(\w+)"', text) == ["rasm", "igfbp2", "function", "bone", "bone_more", "falls",
                                                       "fractures", "conditions", "economics"]
    assert words in text and "different people" in text


def test_the_picture_of_the_readme_is_small_and_the_same_each_time(one, tmp_path):
    for name in ("a.png", "b.png"):
        assert overview.main([str(one), "-o", str(tmp_path / name)]) == 0
    first = (tmp_path / "a.png").read_bytes()
    assert first.startswith(b"\x89PNG") and 20_000 < len(first) < 200_000
    assert first == (tmp_path / "b.png").read_bytes()


def test_several_scenarios_and_draws_are_reported_side_by_side(many):
    with Results(many) as results:
        text = report.render(results)
    assert text.count("<table>") == 2  # three scenarios to a table
    for words in ("exercise", "drug", "both", "point estimate (draw 0)", "first 2 other scenarios of 3"):
        assert words in text, words


def test_a_title_from_a_config_cannot_inject_markup(tmp_path):
    path = synthetic.write(tmp_path / "x.h5", title="<b>Bold</b> & co", noise=False)
    with Results(path) as results:
        text = report.render(results)
    assert "<b>Bold" not in text and "&lt;b&gt;Bold" in text


def test_ages_with_few_people_are_not_drawn(tmp_path):
    path = small_file(tmp_path / "n.h5", {"alive": ([1] * 3, [1] * 3), "alive_n": ([100, 30, 29], [9, 9, 9])})
    with Results(path) as results:
        seen = figures._enough(results, "reference", "female", results.labels("age"))
    assert list(seen) == [True, True, False]


@pytest.mark.parametrize("units, printed", [
    ("kg m-2", "kg m⁻²"), ("1", ""), ("", ""), ("year-1", "year⁻¹"), ("USD_2019", "USD (2019)"),
    ("USD_2019 year-1", "USD (2019) year⁻¹"), ("m2", "m²"),
])
def test_units_are_printed_with_raised_exponents(units, printed):
    assert figures.pretty_unit(units) == printed


def test_the_command_writes_beside_the_result_unless_told(one, tmp_path, capsys):
    assert report.main([str(one)]) == 0
    assert (Path(one).parent / "report.html").stat().st_size > 100_000
    assert report.main([str(one), "-o", str(tmp_path / "r.html")]) == 0
    assert (tmp_path / "r.html").is_file()
    assert "r.html" in capsys.readouterr().out


# Beside published figures

VALIDATION = """\
id,group,stage,what,whom,unit,value,standard_error,low,high,interval,model,monte_carlo_error,from,z,inside,within,status,fitted,source,conflict,note,reason
A,lifetime_change,bone,"loss, one","women 20-90",%,-20,2,-23,-17,15 %,-19,0.1,cells,0.4,yes,yes,checked,no,a1990,,"",""
B,lifetime_change,bone,loss two,"men 20-90",%,-20,2,-23,-17,15 %,-40,0.1,people,-7,no,no,checked,no,a1990,,"",""
C,lifetime_change,bone,no loss,"both 20-90",%,0,2,-4,4,estimate,1,0.1,people,0.5,yes,yes,checked,no,a1990,,"",""
D,lifetime_change,bone,not there,"both 20-90",%,5,2,-4,4,estimate,,,,,,,checked,no,a1990,,"","no measure"
E,events,falls,falls,"both 65-97",1,0.3,0.03,0.255,0.345,15 %,0.31,0.01,people,0.2,yes,yes,checked,no,a1990,,"",""
"""


def test_without_a_validation_beside_it_the_report_has_no_such_section(page):
    assert "Beside published figures" not in page


def test_a_validation_beside_the_result_is_drawn_and_counted(one, tmp_path):
    shutil.copy(one, tmp_path / "results.h5")
    (tmp_path / validation.FILE).write_text(VALIDATION, encoding="utf-8")
    with Results(tmp_path / "results.h5") as results:
        text = report.render(results)
    assert "Beside published figures" in text
    # of three rows on change over life A and C are inside; C, of nought, has no ratio; of all four compared three
    assert "2 of 3 lie inside" in text
    assert "of all 4 figures compared, 3 have |z| ≤ 1.96" in text
    assert "1 with a published value of nought, or a bound, are not drawn" in text
    assert ET.fromstring(base64.b64decode(validation.figure(tmp_path / "results.h5").source.split(",", 1)[1])) is not None


def test_an_empty_validation_is_no_figure(one, tmp_path):
    (tmp_path / validation.FILE).write_text(VALIDATION.splitlines()[0] + "\n", encoding="utf-8")
    assert validation.figure(tmp_path / "results.h5") is None


# A decision


def decision_rows(**basis):
    """A made-up decision of two strategies at two thresholds: the second costs 1,000 more for .02 QALYs."""
    common = {"price_year_unit": "USD_2019", "ledger": "event", "perspective": "health-care sector", "price_index": "pce",
              "discount_costs": "0.03", "discount_qalys": "0.03", "from_age": "20", "sex": "both", "draws": "4", **basis}
    rows = []

    def put(table, statistic, value, strategy="", versus="", about="", threshold="", se="", low="", high="", note=""):
        rows.append({"table": table, "strategy": strategy, "versus": versus, "about": about, "statistic": statistic,
                     "threshold": threshold, "value": value, "standard_error": se, "low": low, "high": high,
                     "unit": "USD_2019", "note": note, **common})

    for name, cost, qaly in (("care", 100, 10), ("more-care", 1100, 10.02)):
        put("totals", "cost", cost, name, low=cost - 50, high=cost + 50)
        put("totals", "qaly", qaly, name, low=qaly - 1, high=qaly + 1)
    put("versus_reference", "icer", 50000, "more-care", "care", note="north-east: dearer, more effective")
    for name, versus, cost, qaly, icer in (("care", "", "", "", ""), ("more-care", "care", 1000, 0.02, 50000)):
        put("frontier", "icer", icer, name, versus, note="efficient")
        put("frontier", "incremental_cost", cost, name, versus)
        put("frontier", "incremental_qaly", qaly, name, versus)
    for threshold in (20000, 100000):
        best = "care" if threshold < 50000 else "more-care"
        for table in ("acceptability", "curve"):
            for name in ("care", "more-care"):
                put(table, "probability", 0.75 if name == best else 0.25, name, threshold=threshold)
            put(table, "frontier_probability", 0.75, best, threshold=threshold)
            put("information" if table == "acceptability" else table, "evpi", 120, threshold=threshold, se=30)
        put("net_benefit", "nmb", 1, "care", threshold=threshold)
        put("information_on_section", "evppi", 80, about="falls", threshold=threshold, se=9)
        put("information_on_parameter", "evppi", 40, about="falls.frail", threshold=threshold, se=9)
    put("one_way", "incremental_nmb", "", "more-care", "care", "falls.frail", 20000, low=-2000, high=1000)
    return rows


def decided(one, folder, rows):
    shutil.copy(one, folder / "results.h5")
    (folder / decision.FOLDER).mkdir()
    with open(folder / decision.FOLDER / "decision.csv", "w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (folder / decision.FOLDER / "psa_hesim.csv").write_text(
        "sample,strategy,grp,cost,qalys\n" + "".join(f"{k},{name},all,{100 * k + more},{10 + k / 100}\n"
                                                    for name, more in (("care", 0), ("more.care", 1000))
                                                    for k in range(1, 5)), encoding="utf-8")
    return folder / "results.h5"


def test_without_a_decision_beside_it_the_report_has_no_such_section(page):
    assert "What to choose" not in page


def test_a_decision_beside_the_result_is_told_with_its_basis(one, tmp_path):
    path = decided(one, tmp_path, decision_rows())
    with Results(path) as results:
        text = report.render(results)
    basis = ("USD_2019, event ledger, health-care sector perspective, discounted by 3 % (costs) and 3 % (QALYs) a year to age "
             "20; women and men, 4 draws of the uncertain parameters")
    assert text.count(basis) >= 3  # under the heading and both figures
    assert "At 20,000 USD_2019 a QALY choose care; it is best with probability 0.75." in text
    assert "At 100,000 USD_2019 a QALY choose more-care;" in text
    assert "would be worth 120 (standard error 30) USD_2019 a person." in text
    found = decision.section(path)
    assert found.rows[1] == ("more-care", "1,100 (1,050 to 1,150)", "10.02 (9.02 to 11.02)", "1,000", "0.0200", "care", "50,000",
                             "efficient")
    assert any("Luck within a draw is part of" in note for note in found.notes)
    for figure in found.figures:
        assert ET.fromstring(base64.b64decode(figure.source.split(",", 1)[1])) is not None


def test_what_was_corrected_for_luck_is_told_so(one, tmp_path):
    rows = decision_rows()
    more = [dict(row, statistic=row["statistic"] + "_corrected", value=0.9 if "prob" in row["statistic"] else 70)
            for row in rows if row["statistic"] in ("probability", "frontier_probability", "evpi")]
    found = decision.section(decided(one, tmp_path, rows + more))
    assert "with probability 0.90. Knowing all parameters would be worth 70 " in found.answers[0]
    assert any("without luck within a draw" in note for note in found.notes)


def test_a_budget_is_a_table_by_year(one, tmp_path):
    rows = []
    for name, versus, statistic, values in (("care", "", "cost", (5e9, 6e9)), ("more", "", "cost", (5.2e9, 6.1e9)),
                                            ("more", "care", "budget_impact", (2e8, 1e8))):
        rows += [dict(decision_rows(from_age="")[0], table="budget", strategy=name, versus=versus, statistic=statistic,
                      about=f"year {y + 1}", value=value, threshold="", low="", high="") for y, value in enumerate(values)]
    found = decision.section(decided(one, tmp_path, rows))
    assert found.basis == "USD_2019, event ledger, health-care sector perspective, undiscounted"
    assert found.head == ("Strategy", "year 1", "year 2")
    assert found.rows == [("care", "reference", "reference"), ("more", "200", "100")]
