"""An open population: a country's adults from one year on, who joins them, and scenarios that begin in a calendar
year."""

import csv

import h5py
import numpy as np
import pytest
from program import ROOT, digest, refused, simulate, sinew

TABLES = ROOT / "configs" / "tables"
YEARS = np.arange(2019, 2051)
GROUPS = {"20-44": (20, 44), "45-64": (45, 64), "65-74": (65, 74), "75-84": (75, 84), "85-97": (85, 97)}
CONFIG = """\
title: A nation in time
seed: 5
population:
  mode: open
  persons: 20000
  year: 2019
  until: 2050
reference:
  persons: 50000
output:
  events: none
"""
SCENARIOS = """\
scenarios:
  - name: reference
  - {name: at_once, parameters: {strength: {grip_young: {female: 34.1, male: 56.1}}}}
  - {name: later, begins: 2026, parameters: {strength: {grip_young: {female: 34.1, male: 56.1}}}}
  - {name: classes, begins: 2026, interventions: [exercise]}
"""


def table(name, column, year):
    """(sex, age 0 to 99)"""
    values = np.zeros((2, 100))
    with open(TABLES / name, encoding="utf-8") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            if int(row["year"]) == year and int(row["age"]) < 100:
                values[["female", "male"].index(row["sex"]), int(row["age"])] = float(row[column])
    return values


def components(births=None, come=None):
    """People by year, sex and age by the cohort-component method, one age at a time: the table of 2019 moved on with
    the chances of death of 2017; births as many as there were of age 0 in 2019."""
    people, q = table("us_population.csv", "count", 2019), table("us_life_table.csv", "qx", 2017)
    born = people[:, 0] if births is None else births * people[:, 0] / people[:, 0].sum()
    years = [people[:, :98]]
    for _ in YEARS[1:]:
        moved = np.zeros((2, 98))
        moved[:, 1:] = years[-1][:, :97] * (1 - q[:, :97])
        moved[:, 0] = born
        years.append(moved if come is None else moved + come)
    return np.array(years)


def grouped(people):
    """(..., sex, age) to (..., women and men, the five groups that do not overlap)"""
    return np.stack([people[..., low:high + 1].sum(axis=-1) for low, high in GROUPS.values()], axis=-1)


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "nation.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def nation(config, tmp_path_factory):
    return simulate(config, tmp_path_factory.mktemp("nation"))


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "nation.yaml").write_text(CONFIG + SCENARIOS, encoding="utf-8")
    return simulate(folder / "nation.yaml", folder / "out", settings={"population.until": 2030})


def test_the_first_year_is_the_table(nation):
    """Each person stands for the same number of people, so a cell is off by less than two halves of one."""
    count = table("us_population.csv", "count", 2019)[:, 20:98]
    with h5py.File(nation) as file:
        met, weight = file["summary/alive_n"][0, 0], file["summary/weight"][()]
        people = file["summary_by_year/people"][0, 0, 0]
    assert met.sum() == 20000
    assert np.allclose(weight, count.sum() / 20000, rtol=1e-12)
    assert (abs(weight * met - count) <= weight).all()
    assert people[2, -1] == pytest.approx(count.sum(), rel=1e-12)


def test_later_years_are_those_of_the_cohort_component_method(nation):
    """Deaths are draws, so a group's error has a variance of at most weight x people x (1 - share who lived since
    2019) (those of 98 and over are gone in both). Of 310 values, taken every year and strongly correlated, none
    should be off by more than 4.5 standard errors (6.8e-6 each); the total of 2050 by no more than 3."""
    expected = grouped(components()[:, :, :])
    with h5py.File(nation) as file:
        people, weight = file["summary_by_year/people"][0, 0, :, :2, :5], file["summary/weight"][0, 0]
        years = file["summary_by_year/year"][()]
        total = file["summary_by_year/people"][0, 0, :, 2, -1]
    assert (years == YEARS).all()
    q = table("us_life_table.csv", "qx", 2017)
    dead = np.zeros((len(YEARS), 2, 98))  # people who would be there but for deaths since 2019, at 20 and over
    alive = components()
    lived = np.ones((2, 98))
    for k in range(1, len(YEARS)):
        moved = np.ones((2, 98))
        moved[:, 21:] = lived[:, 20:97] * (1 - q[:, 20:97])
        lived = moved
        dead[k] = alive[k] * (1 - lived)
    error = np.sqrt(weight * grouped(dead) + weight ** 2)  # and the rounding to whole persons
    z = (people - expected) / error
    assert abs(z).max() < 4.5, np.round(z, 1)
    assert abs(total[-1] - expected[-1].sum()) < 3 * np.sqrt(weight * grouped(dead)[-1].sum())


def test_who_leaves_a_year_has_died_or_turned_98(nation):
    """People of a year, less the dead and those of 97 who live on, and those who turn 20, are those of the next."""
    with h5py.File(nation) as file:
        people, deaths = (file[f"summary_by_year/{n}"][0, 0, :, 2, -1] for n in ("people", "death_total"))
        weight = file["summary/weight"][0, 0]
    young = components()[:, :, 20].sum(axis=1)
    left = people[:-1] - deaths[:-1] + young[1:] - people[1:]  # those who turned 98
    expected = (components()[:-1, :, 97] * (1 - table("us_life_table.csv", "qx", 2017)[:, 97])).sum(axis=1)
    assert abs(left.sum() - expected.sum()) < 4 * np.sqrt(weight * expected.sum())  # a count of independent persons
    assert abs(left / weight - np.round(left / weight)).max() < 1.01  # whole persons, entries rounded to one


def test_births_are_those_asked_for(config, tmp_path):
    """The first whom it touches turn 20 in 2040."""
    path = simulate(config, tmp_path, settings={"population.births": 2_000_000, "reference.persons": 1000})
    with h5py.File(path) as file:
        people, weight = file["summary_by_year/people"][0, 0, :, 2, 0], file["summary/weight"][0, 0]
    with_births = grouped(components(births=2e6))[:, :, 0].sum(axis=1)
    without = grouped(components())[:, :, 0].sum(axis=1)
    assert (with_births == without)[:21].all() and with_births[-1] < 0.9 * without[-1]
    assert abs(people - with_births).max() < 5 * np.sqrt(weight * 0.05 * with_births[0])  # 5 % die from 20 to 44


def test_who_comes_from_abroad_is_added(config, tmp_path):
    """A million a year by the table, which goes into the cohort-component method as they come."""
    path = simulate(config, tmp_path, settings={"population.migration": "tables/us_migration.csv"})
    come = table("us_migration.csv", "count", 2019)[:, :98]
    assert come.sum() == pytest.approx(1e6, rel=1e-3)
    expected, without = grouped(components(come=come)), grouped(components())
    with h5py.File(path) as file:
        people, weight = file["summary_by_year/people"][0, 0, :, :2, :5], file["summary/weight"][0, 0]
        assert file.attrs["migration_table_sha256"]
    # deaths of those there in the first year at most, as a bound of the variance; 310 values, 4.5 errors
    error = np.sqrt(weight * np.maximum(expected, without[0]) * [0.1, 0.3, 0.6, 0.9, 1] + weight ** 2)
    assert (abs(people - expected) < 4.5 * error).all()
    assert (expected - without)[-1].sum() > 8 * np.sqrt((error[-1] ** 2).sum())


def test_the_weight_is_said(config):
    done = sinew("check", config)
    assert "Each person stands for 12318.5 people of the nation." in done.stdout  # 246,370,511 / 20,000


def test_a_later_last_year_adds_years_and_changes_none(config, nation, tmp_path):
    short = simulate(config, tmp_path, settings={"population.until": 2030})
    with h5py.File(short) as a, h5py.File(nation) as b:
        for name in ("people", "fracture_hip_total", "cost_total", "frail_people"):
            np.testing.assert_array_equal(a[f"summary_by_year/{name}"][:],
                                          b[f"summary_by_year/{name}"][:, :, :12], name)


def test_nobody_lives_on_after_the_last_year(config, tmp_path):
    path = simulate(config, tmp_path, settings={"population.until": 2022, "population.persons": 2000,
                                                "reference.persons": 1000, "output.trajectories.persons": "all"})
    with h5py.File(path) as file:
        seen = file["trajectories/alive"][0] != 65535
        born = file["trajectories/birth_year"][()]
        dies = ~np.isnan(file["trajectories/age_at_death"][0])
    first, last = seen.argmax(axis=1) + 20, 97 - seen[:, ::-1].argmax(axis=1)
    assert (first == np.maximum(20, 2019 - born)).all()
    assert (last[~dies] == np.minimum(97, 2022 - born[~dies])).all()
    assert (born[-40:] > 1999).all() and first[-1] == 20


def test_a_scenario_is_the_reference_until_the_year_in_which_it_begins(scenarios):
    with h5py.File(scenarios) as file:
        for name, data in file["summary_by_year"].items():
            if data.ndim == 5:
                np.testing.assert_array_equal(data[2, :, :7], data[0, :, :7], name)
                np.testing.assert_array_equal(data[3, :, :7], data[0, :, :7], name)
        grip = file["summary_by_year/grip_kg"][:, 0, :, 2]
        falls = file["summary_by_year/falls_total"][:, 0, :, 2, -1]
    assert (grip[2, 7:] > 1.08 * grip[0, 7:]).all()  # all ages at once, and those who turn 20 later
    assert (falls[1] < falls[0]).all()
    assert (falls[2:, 7:] < falls[0, 7:]).all()


@pytest.mark.parametrize(("scenario", "year"), [("{name: at_once}", 2019), ("{name: later, begins: 2021}", 2021)])
def test_costs_are_discounted_to_the_year_in_which_the_first_scenario_begins(tmp_path, scenario, year):
    path = tmp_path / "nation.yaml"
    path.write_text(f"{CONFIG}scenarios: [{{name: reference}}, {{name: last, begins: 2022, interventions: [exercise]}}, {scenario}]\n",
                    encoding="utf-8")
    path = simulate(path, tmp_path, settings={"population.until": 2023, "population.persons": 500,
                                              "reference.persons": 1000, "economics.discount_costs": 0.02,
                                              "economics.discount_qalys": 0.05})
    with h5py.File(path) as file:
        years = file["summary_by_year"]
        factor = years["cost_total_discounted"][0, 0, :, 2, -1] / years["cost_total"][0, 0, :, 2, -1]
        worth = years["qaly_total_discounted"][0, 0, :, 2, -1] / years["qaly_total"][0, 0, :, 2, -1]
        spent = years["cost_interventions_total"][1, 0, 3:, 2, -1]
        spent_now = years["cost_interventions_total_discounted"][1, 0, 3:, 2, -1]
        assert (years.attrs["decision_year"], years.attrs["discount_costs"], years.attrs["discount_qalys"]) == \
            (year, 0.02, 0.05)
    assert factor == pytest.approx(1.02 ** (year - np.arange(2019.0, 2024)), rel=1e-12)
    assert (spent > 0).all() and spent_now / spent == pytest.approx(factor[3:], rel=1e-12)
    assert worth == pytest.approx(1.05 ** (year - np.arange(2019.0, 2024)), rel=1e-12)


def test_ranks_blocks_and_a_resumed_run_give_the_same_bits(tmp_path):
    (tmp_path / "nation.yaml").write_text(CONFIG + SCENARIOS, encoding="utf-8")
    settings = {"population.until": 2028, "reference.persons": 1000, "run.unit_people": 1024}
    one = simulate(tmp_path / "nation.yaml", tmp_path / "a", settings=settings)
    two = simulate(tmp_path / "nation.yaml", tmp_path / "b", "--ranks", 2, settings={**settings, "run.block_people": 64})
    stopped = sinew("run", tmp_path / "nation.yaml", "-o", tmp_path / "c", "--quiet", "--max-walltime", "0.3s",
                    *[w for k, v in {**settings, "run.commit_seconds": 0.05}.items()
                      for w in ("--set", f"{k}={v}")])
    assert stopped.returncode in (0, 5), stopped.stderr
    if stopped.returncode == 5:
        again = sinew("run", tmp_path / "nation.yaml", "-o", tmp_path / "c", "--quiet", "--resume",
                      *[w for k, v in {**settings, "run.commit_seconds": 0.05}.items() for w in ("--set", f"{k}={v}")])
        assert again.returncode == 0, again.stderr
    assert digest(one) == digest(two) == digest(tmp_path / "c" / "results.h5")


@pytest.mark.parametrize(("settings", "words"), [
    ({"population.until": 2018}, ["population.until = 2018 is before population.year = 2019"]),
    ({"population.until": 2097}, ["population.until = 2097: the last year that can be is 2096"]),
    ({"population.year": 2018}, ["population.year", "2018", "2019"]),
    ({"population.mode": "birth_cohort", "population.births": 3000000},
     ["population.births: is used with population.mode: open only"]),
    ({"population.migration": "nowhere.csv"}, ["population.migration = nowhere.csv: no such file"]),
])
def test_what_cannot_be_is_refused(config, settings, words):
    done = sinew("check", config, *[w for k, v in settings.items() for w in ("--set", f"{k}={v}")])
    refused(done, 2, *words)


@pytest.mark.parametrize(("scenario", "words"), [
    ("{name: late, begins: 2051}", ["scenarios.begins = 2051: the years simulated are 2019 to 2050"]),
    ("{name: early, begins: 2018}", ["scenarios.begins = 2018: the years simulated are 2019 to 2050"]),
    ("{name: never, begins: soon}", ["scenarios.begins"]),
    ("{name: other, begin: 2030}", ["unknown key begin", "begins"]),
])
def test_a_scenario_begins_in_a_year_that_is_simulated(tmp_path, scenario, words):
    path = tmp_path / "nation.yaml"
    path.write_text(f"{CONFIG}scenarios:\n  - name: reference\n  - {scenario}\n", encoding="utf-8")
    refused(sinew("check", path), 2, *words)


def test_who_can_be_offered_something_in_a_later_year_is_no_warning(tmp_path):
    """Who is 40 in 2019 is 42 in 2021, and nobody is met at that age then; after 2021 nobody is followed."""
    text = """population: {mode: open, year: 2019, until: 2021, persons: 2000}
reference: {persons: 1000}
interventions:
  - {name: own, title: Own, who: age >= 42 and year = 2021, uptake: {value: 0.5, source: test}}
scenarios: [{name: a}, {name: b, interventions: [own]}]
"""
    for year, warned in ((2021, False), (2022, True)):
        path = tmp_path / f"{year}.yaml"
        path.write_text(text.replace("year = 2021", f"year = {year}"), encoding="utf-8")
        done = sinew("check", path)
        assert done.returncode == 0 and ("can never hold" in done.stderr) == warned, done.stderr


def test_the_reference_never_begins_nor_does_a_birth_cohorts_scenario(tmp_path):
    path = tmp_path / "nation.yaml"
    path.write_text(CONFIG + "scenarios: [{name: reference, begins: 2020}]\n", encoding="utf-8")
    refused(sinew("check", path), 2, "hence the reference, and never begins")
    path.write_text("scenarios: [{name: reference}, {name: a, begins: 2020}]\n", encoding="utf-8")
    refused(sinew("check", path), 2, "scenarios.begins: is used with population.mode: cross_section or open only")


TREND = '{{field: {}, per_decade: {}, from: 1999, to: 2030, source: "assumption: a test"}}'


@pytest.fixture(scope="module")
def trends(tmp_path_factory):
    """Cohorts born from 1999 on are taller, heavier and more active by the decade, and reach the menopause later:
    the population's own trend of height, and a scenario from 2022 on with all four."""
    folder = tmp_path_factory.mktemp("trends")
    (folder / "nation.yaml").write_text(
        f"{CONFIG}scenarios:\n  - name: reference\n  - name: changed\n    begins: 2022\n    trends:\n" + "".join(
            f"      - {TREND.format(*each)}\n" for each in
            (("height", 2), ("activity", 1), ("bmi", 10), ("menopause", 2))), encoding="utf-8")
    settings = {"population.until": 2027, "population.persons": 8000, "output.trajectories.persons": "all",
                "reference.persons": 1000}
    result = {}
    for name, own in (("without", "[]"), ("with", f"[{TREND.format('height', 3)}]")):
        result[name] = simulate(folder / "nation.yaml", folder / name, settings={**settings, "population.trends": own})
    return result


def field(path, name):
    """(scenario, person, age) with what is missing as NaN"""
    with h5py.File(path) as file:
        data = file[f"trajectories/{name}"]
        raw, scale = data[()], np.ravel(data.attrs["scale_factor"])[0]
        offset = np.ravel(data.attrs.get("add_offset", 0))[0]
    return np.where(raw == 65535, np.nan, raw * scale + offset)


def test_a_trend_of_the_population_is_there_from_birth(trends):
    """3 cm a decade of birth after 1999; height is kept to .02 mm."""
    with h5py.File(trends["without"]) as file:
        born = file["trajectories/birth_year"][()]
    taller = field(trends["with"], "height_m")[0] - field(trends["without"], "height_m")[0]
    expected = np.broadcast_to(0.003 * np.maximum(0, born - 1999)[:, None], taller.shape)
    seen = ~np.isnan(taller)
    assert seen[born > 1999].any(axis=1).all()
    assert abs(taller - expected)[seen].max() < 5e-5


def test_a_scenarios_trend_changes_what_is_still_to_come(trends):
    """Height of those who turn 20 from 2022 on alone. Activity of these at once (1 SD a decade), of who was 20 before
    by 1 - .9^t after t years; body mass likewise. The menopause of all born after 1999, two years a decade."""
    path = trends["without"]
    with h5py.File(path) as file:
        born, sex = file["trajectories/birth_year"][()], file["trajectories/sex"][()]
        fmp = file["trajectories/age_at_fmp"][()]
    decades = np.maximum(0, born - 1999) / 10
    women = sex == 0
    assert fmp[1, women] - fmp[0, women] == pytest.approx(2 * decades[women], abs=1e-4)
    alive, height, activity, bmi = (field(path, name) for name in ("alive", "height_m", "activity_z", "bmi_kg_m2"))
    person = np.arange(len(born))
    for year in range(2019, 2028):
        there = (born <= year - 20) & (year - born <= 97)
        age = np.clip(year - born, 20, 97) - 20
        there &= (alive[:, person, age] == 1).all(axis=0)
        late = born + 20 >= 2022
        gained = (activity[1] - activity[0])[person, age]
        since = np.where(late, np.inf, np.maximum(0, year - 2022))
        assert (height[1] - height[0])[person, age][there] == pytest.approx(
            np.where(late & (year >= 2022), 0.02 * decades, 0)[there], abs=5e-5)
        assert gained[there] == pytest.approx((decades * (1 - 0.9 ** since))[there], abs=6e-4)
        heavier = np.log(bmi[1] / bmi[0])[person, age]
        assert heavier[there & late] == pytest.approx(0.1 * decades[there & late], abs=3e-4)
        assert (heavier[there & ~late & (born <= 1999)] == 0).all()
    assert (born + 20 >= 2022).sum() > 200 and ((born > 1999) & (born + 20 < 2022)).sum() > 50


@pytest.mark.parametrize(("trend", "words"), [
    ("{field: weight, per_decade: 1, from: 1950, to: 2000, source: x}", ["trends.field", "height|activity|bmi|menopause"]),
    ("{field: height, per_decade: 40, from: 1950, to: 2000, source: x}", ["trends.per_decade = 40 is above 10 (cm)"]),
    ("{field: height, per_decade: 1, from: 2000, to: 1950, source: x}", ["trends.to = 1950 is before from = 2000"]),
    ("{field: height, per_decade: 1, from: 1950, to: 2000}", ["an item without `source`"]),
    ("{field: height, per_decade: 1, from: 1950, to: 2000, source: x, sex: some}", ["trends.sex"]),
    ("{field: height, per_year: 1, from: 1950, to: 2000, source: x}", ["unknown key per_year", "per_decade"]),
])
def test_a_trend_says_what_it_is(tmp_path, trend, words):
    path = tmp_path / "nation.yaml"
    path.write_text(f"{CONFIG}scenarios:\n  - name: reference\n  - name: a\n    trends: [{trend}]\n", encoding="utf-8")
    refused(sinew("check", path), 2, *words)


def test_trends_and_improvement_are_of_calendar_time(tmp_path):
    path = tmp_path / "cohort.yaml"
    path.write_text(f"population: {{trends: [{TREND.format('height', 1)}]}}\n", encoding="utf-8")
    refused(sinew("check", path), 2, "trends: are used with population.mode: cross_section or open only")
    path.write_text("parameters: {mortality: {improvement: {20: 1}}}\n", encoding="utf-8")
    refused(sinew("check", path), 2, "mortality.improvement: is used with population.mode: cross_section or open only")
    path.write_text(f"{CONFIG}scenarios: [{{name: reference, trends: [{TREND.format('height', 1)}]}}]\n",
                    encoding="utf-8")
    refused(sinew("check", path), 2, "put its trends under population.trends")


def test_mortality_improves_year_by_year(config, tmp_path):
    """The cohort-component method with hazards that fall by 2 % a year from 65 on, at 50 to 64 by 1 %. People of 65 and
    over in 2050: within four standard errors (7e-5) of their number."""
    path = simulate(config, tmp_path, settings={
        "parameters.mortality.improvement": "{20: 0, 50: 1, 65: 2, 85: 2}"})
    people, q = table("us_population.csv", "count", 2019), table("us_life_table.csv", "qx", 2017)
    born, age = people[:, 0], np.arange(98)
    fall = np.where(age >= 65, 0.02, np.where(age >= 50, 0.01, 0))
    alive, lived = people[:, :98], np.ones((2, 98))
    for k in range(len(YEARS) - 1):
        stays = (1 - q[:, :98]) ** ((1 - fall) ** k)
        moved, through = np.zeros((2, 98)), np.ones((2, 98))
        moved[:, 1:], moved[:, 0] = alive[:, :97] * stays[:, :97], born
        through[:, 21:] = lived[:, 20:97] * stays[:, 20:97]
        alive, lived = moved, through
    with h5py.File(path) as file:
        found, weight = file["summary_by_year/people"][0, 0, -1, 2, 6], file["summary/weight"][0, 0]
    old = alive[:, 65:].sum()
    error = np.sqrt(weight * (alive * (1 - lived))[:, 65:].sum())
    assert abs(found - old) < 4 * error
    assert old - grouped(components())[-1, :, 2:].sum() > 8 * error  # without improvement it would be seen


def knots(labels, values, at):
    """Logarithms joined by straight lines between the knots, constant beyond them."""
    return np.exp(np.interp(at, labels, np.log(values)))


def test_hip_fractures_of_the_first_year_are_the_tables_rates_times_the_people(config, tmp_path):
    """Rate x people x time lived, each by sex and age, and the share of the table's rate that the reference pass says
    its people meet. Events are rare, hence Poisson: within 3.3 standard errors (one in a thousand), here 3 % each."""
    path = simulate(config, tmp_path, settings={"population.until": 2019, "population.persons": 800000})
    age, q = np.arange(20, 98), table("us_life_table.csv", "qx", 2017)[:, 20:98]
    people = table("us_population.csv", "count", 2019)[:, 20:98]
    with h5py.File(path) as file:
        rate = np.array([knots(KNOTS, file[f"parameters/fractures_rate_{sex}"][0, 0], age + 0.5)
                         for sex in ("women", "men")]) * 1e-5
        definition, trend = (file[f"parameters/fractures_{n}"][0] for n in ("hip_definition", "hip_trend"))
        met = file["reference/fractures_met_hip"][()]
        found, weight = file["summary_by_year/fracture_hip_total"][0, 0, 0, 2, -1], file["summary/weight"][0, 0]
        error = file["summary_by_year/fracture_hip_total_mcse"][0, 0, 0, 2, -1]
    rate *= definition * np.exp(trend * (2012 - 2003))  # as registered, and fallen until 2012
    lived = q / -np.log(1 - q)  # in the year, where hazard is constant within it
    expected = (people * lived * rate * met).sum()
    # the variance of counts is above Poisson's by twice the share of those who break both hips in a year, two or three in a hundred
    assert 1 < error ** 2 / (weight * found) < 1.1
    assert abs(found - expected) < 3.3 * np.sqrt(weight * expected)


KNOTS = [20, 27, 42, 52, 57, 62, 67, 72, 77, 82, 90, 97]


@pytest.fixture(scope="module")
def draws(tmp_path_factory):
    """Draws of what costs alone depend on, with the luck and the pass of the point estimate."""
    folder = tmp_path_factory.mktemp("draws")
    (folder / "nation.yaml").write_text(
        CONFIG + "scenarios: [{name: reference}, {name: deadly, begins: 2020, parameters: {mortality: {frail: 3}}}]\n"
        "uncertainty: {draws: 4, sections: [economics], luck: shared, reference_persons: 1000}\n", encoding="utf-8")
    settings = {"population.until": 2021, "population.persons": 3000, "reference.persons": 1000,
                "reference.smoothing": "false", "run.unit_people": 1024}
    return {n: simulate(folder / "nation.yaml", folder / str(n), "--ranks", n, settings=settings) for n in (1, 2)}


def test_draws_are_summed_up_by_year(draws):
    """People and fractures do not hang on costs: each draw is the point estimate. Costs do, and within each draw a
    scenario adds nothing before it begins."""
    with h5py.File(draws[1]) as file:
        years = file["summary_by_year"]
        for name in ("people", "fractures_total", "frail_people", "person_years"):
            for statistic in ("mean", "p025", "p50", "p975"):
                np.testing.assert_allclose(years[f"{name}_draws_{statistic}"][()], years[name][:, 0], rtol=1e-12)
            assert (years[f"{name}_draws_sd"][()] <= 1e-9 * years[name][:, 0]).all()
            assert years[f"{name}_added_draws_mean"][1] == pytest.approx((years[name][1] - years[name][0])[0], rel=1e-9)
        low, mean, high = (years[f"cost_total_draws_{n}"][:, :, 2, -1] for n in ("p025", "mean", "p975"))
        assert (low < mean).all() and (mean < high).all()
        added = years["cost_total_added_draws_mean"][:, :, 2, -1]
        assert (added[0] == 0).all() and added[1, 0] == 0 and (added[1, 1:] != 0).all()


def test_draws_by_year_are_the_same_on_two_ranks(draws):
    assert digest(draws[1]) == digest(draws[2])


def test_years_are_exported_one_value_a_row(scenarios):
    done = sinew("export", scenarios, "summary_by_year", "--format", "csv")
    rows = list(csv.DictReader(done.stdout.splitlines()))
    found = {(r["scenario"], r["year"], r["sex"], r["age_group"]): float(r["value"]) for r in rows
             if r["variable"] == "cost_total_discounted"}
    with h5py.File(scenarios) as file:
        cost = file["summary_by_year/cost_total_discounted"][:, 0]
    basis = {r["variable"]: r["basis"] for r in rows}
    assert basis["cost_total"] == "event ledger; health-care sector perspective; prices by pce; undiscounted"
    assert basis["cost_total_discounted"].endswith("; discounted") and basis["people"] == ""
    assert len(found) == cost.size and {r["unit"] for r in rows if r["variable"] == "cost_total"} == {"USD_2019"}
    assert found["later", "2028", "male", "75-84"] == pytest.approx(cost[2, 9, 1, 3], rel=1e-8)


def test_a_budget_begins_with_the_first_scenario(tmp_path):
    path = tmp_path / "nation.yaml"
    path.write_text(CONFIG + "scenarios: [{name: reference}, {name: deadly, begins: 2021, parameters: "
                    "{mortality: {frail: 3}}}]\n", encoding="utf-8")
    path = simulate(path, tmp_path, settings={"population.until": 2023, "population.persons": 2000,
                                              "reference.persons": 1000})
    rows = list(csv.DictReader(sinew("decide", path, "--format", "csv").stdout.splitlines()))
    with h5py.File(path) as file:
        cost = file["summary_by_year/cost_total"][:, 0, :, 2, -1]
    added = [float(r["value"]) for r in rows if r["statistic"] == "budget_impact"]
    assert added == pytest.approx(list((cost[1] - cost[0])[2:]), rel=1e-5)
    assert {r["note"] for r in rows} == {"nation and who joins it, undiscounted"}
