"""A country's adults of one year: weighted to the census, followed as long as asked, scenarios from that year on."""

import csv

import h5py
import numpy as np
import pytest
from program import ROOT, digest, simulate, sinew

CENSUS = ROOT / "configs" / "tables" / "us_population.csv"
AGES = np.arange(20, 98)
CONFIG = """\
title: A nation
seed: 5
population:
  mode: cross_section
  persons: 4000
  year: 2019
reference:
  persons: 1000
output:
  events: none
"""
SCENARIOS = """\
parameters: {strength: {decline: {female: 4e-4, male: 4e-4}}}
scenarios:
  - {name: reference}
  - {name: same}
  - {name: strong, parameters: {strength: {grip_young: {female: 34.1, male: 56.1}}}}
  - {name: steady, parameters: {strength: {decline: {female: 0, male: 0}}}}
  - {name: deadly, parameters: {mortality: {frail: 3}}}
"""


def census(year):
    """People by sex and age 20 to 97, and those above."""
    count, above = np.zeros((2, 78)), 0
    with open(CENSUS, encoding="utf-8") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            if int(row["year"]) == year and 20 <= int(row["age"]) <= 97:
                count[["female", "male"].index(row["sex"]), int(row["age"]) - 20] = float(row["count"])
            elif int(row["year"]) == year and int(row["age"]) > 97:
                above += float(row["count"])
    return count, above


@pytest.fixture(scope="module")
def nation(tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "nation.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory):
    """The same nation under five scenarios, followed for three years, everybody kept."""
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "nation.yaml").write_text(CONFIG + SCENARIOS, encoding="utf-8")
    return simulate(folder / "nation.yaml", folder / "out", settings={
        "population.follow": 3, "population.persons": 2000, "output.trajectories.persons": "all"})


def test_the_census_table_is_the_one_expected():
    """Two numbers read off the table by eye."""
    count, above = census(2019)
    assert (count[0, 77], above) == (84358, 62607 + 42528 + 76850 + 23543 + 14596 + 23472)


@pytest.mark.parametrize("year", [2000, 2010, 2019, 2024])
def test_weights_times_people_met_are_the_census_by_sex_and_age(nation, tmp_path, year):
    path = simulate(nation, tmp_path, settings={"population.year": year})
    count, above = census(year)
    with h5py.File(path) as file:
        met = file["summary/alive_n"][0, 0]
        assert met.sum() == 4000
        assert (met > 0).all()
        assert np.allclose(file["summary/weight"][()] * met, count, rtol=1e-12)
        years = file["summary_by_year"]
        assert years["year"][()].tolist() == [year]
        people = years["people"][0, 0, 0]
        groups = years["age_group"].asstr()[()].tolist()
        for g, group in enumerate(groups):
            low, high = (int(age) for age in group.split("-"))
            inside = (AGES >= low) & (AGES <= high)
            assert people[0, g] == pytest.approx(count[0, inside].sum(), rel=1e-12)
            assert people[1, g] == pytest.approx(count[1, inside].sum(), rel=1e-12)
            assert people[2, g] == pytest.approx(count[:, inside].sum(), rel=1e-12)
        assert years.attrs["people_above_97"] == above


def test_each_cell_has_its_share_of_the_people_simulated(nation, tmp_path):
    path = simulate(nation, tmp_path, settings={"population.persons": 50000})
    count, _ = census(2019)
    with h5py.File(path) as file:
        met = file["summary/alive_n"][0, 0]
    assert met.sum() == 50000
    assert abs(met - 50000 * count / count.sum()).max() <= 1


def test_those_above_97_are_said_to_be_left_out(nation, tmp_path):
    done = sinew("run", nation, "-o", tmp_path)
    assert done.returncode == 0, done.stderr
    _, above = census(2019)
    assert f"{above:.0f} people of 98 and over" in done.stdout
    checked = sinew("check", nation)
    assert f"{above:.0f} people of 98 and over" in checked.stdout


def test_who_is_not_followed_is_met_and_left(nation, tmp_path):
    path = simulate(nation, tmp_path, settings={"output.trajectories.persons": "all"})
    with h5py.File(path) as file:
        lived = file["trajectories/alive"][0] != 65535
        age = 2019 - file["trajectories/birth_year"][()]
        dies = ~np.isnan(file["trajectories/age_at_death"][0])
    assert (lived.argmax(axis=1) + 20 == age).all()
    assert (lived[~dies].sum(axis=1) == 1).all()


def test_who_is_followed_is_seen_so_long(scenarios):
    """Three years after the first: four ages, or until the 98th birthday."""
    with h5py.File(scenarios) as file:
        alive = file["trajectories/alive"][0]
        age = 2019 - file["trajectories/birth_year"][()]
        dies = ~np.isnan(file["trajectories/age_at_death"][0])
        assert file["summary_by_year/year"][()].tolist() == [2019, 2020, 2021, 2022]
    seen = (alive != 65535).sum(axis=1)
    assert (seen[~dies] == np.minimum(4, 98 - age)[~dies]).all()
    assert 20 < dies.sum() < 300


def test_who_is_followed_for_life_dies_or_reaches_98(nation, tmp_path):
    path = simulate(nation, tmp_path, settings={"population.follow": "lifetime", "population.persons": 1000,
                                                "output.trajectories.persons": "all"})
    with h5py.File(path) as file:
        last = file["trajectories/alive"][0, :, 77]
        death = file["trajectories/age_at_death"][0]
        assert file["summary_by_year/year"].shape == (78,)
        people = file["summary_by_year/people"][0, 0, :, 2, -1]
    assert ((last == 1) == (np.isnan(death) | (death >= 97))).all()
    assert (np.diff(people) <= 0).all() and people[40] < 0.5 * people[0]


def test_the_followed_are_the_weighted_survivors(scenarios):
    """People and deaths of each year add up: who dies or turns 98 in a year is not there in the next."""
    with h5py.File(scenarios) as file:
        years = file["summary_by_year"]
        people, deaths = years["people"][0, 0, :, 2, -1], years["death_total"][0, 0, :, 2, -1]
        weight, sex = file["summary/weight"][()], file["trajectories/sex"][()]
        age = 2019 - file["trajectories/birth_year"][()]
        leaves = (age == 97) & np.isnan(file["trajectories/age_at_death"][0])
    assert people[0] == pytest.approx(census(2019)[0].sum(), rel=1e-12)
    assert people[1] == pytest.approx(people[0] - deaths[0] - weight[sex, age - 20][leaves].sum(), rel=1e-9)


def test_no_scenario_acts_before_its_date(scenarios):
    """The same people are met under all scenarios, and what the past has left in them is the same to the last bit."""
    states = ["relative_asm_kg_m2", "gait_m_s", "igfbp2_ng_ml", "ctth_femoral_neck_mm", "frailty", "residence"]
    with h5py.File(scenarios) as file:
        met = file["summary/alive_n"][:, 0]
        tracks = file["trajectories"]
        row, age = np.arange(2000), 2019 - tracks["birth_year"][()]
        first = {name: tracks[name][()][:, row, age - 20] for name in [*states, "grip_kg"]}
        fmp = tracks["age_at_fmp"][()]
    for s in range(1, 5):
        assert (met[s] == met[0]).all()
        assert np.array_equal(fmp[s], fmp[0], equal_nan=True)
        for name in states:
            if (s, name) != (2, "gait_m_s"):  # strong people walk faster
                assert (first[name][s] == first[name][0]).all(), (s, name)
    assert (first["grip_kg"][3] == first["grip_kg"][0]).all()


def test_a_level_acts_at_once_and_a_rate_from_the_date_on(scenarios):
    """Grip x 1.1 from the date on; without decline (D1 = .0004 a year and year) grip is exp(.0002 x (y^2 + 2 y (a - 40)))
    times the reference's y years after the date. Tolerance: rounding to .002 kg."""
    with h5py.File(scenarios) as file:
        grip, age = file["trajectories/grip_kg"], 2019 - file["trajectories/birth_year"][()]
        grip = grip[()] * 0.002
        alive = file["trajectories/alive"][()] == 1
    row = np.arange(2000)
    for years in range(4):
        there = (age + years <= 97) & (age >= 40)
        at = np.minimum(age + years, 97) - 20
        there &= alive[0, row, at] & alive[3, row, at] & alive[2, row, at]
        reference, strong, steady = (grip[s, row, at][there] for s in (0, 2, 3))
        assert abs(strong - 1.1 * reference).max() < 0.003
        gained = np.exp(0.0002 * (years ** 2 + 2 * years * (age[there] - 40)))
        assert abs(steady - gained * reference).max() < 0.004


def test_a_scenario_that_changes_nothing_is_the_reference(scenarios):
    with h5py.File(scenarios) as file:
        for group in ("summary", "summary_by_year", "trajectories"):
            for data in file[group].values():
                if isinstance(data, h5py.Dataset) and data.ndim > 1 and data.dims[0][0].name.endswith("/scenario"):
                    np.testing.assert_array_equal(data[1], data[0], data.name)


def test_hazards_act_in_the_first_year(scenarios):
    with h5py.File(scenarios) as file:
        deaths = file["summary_by_year/death_total"][:, 0, 0, 2, -1]
    assert deaths[4] > 1.1 * deaths[0]


def test_blocks_change_nothing(nation, tmp_path):
    settings = {"population.follow": 2, "output.trajectories.persons": 500}
    one = simulate(nation, tmp_path / "a", settings=settings)
    other = simulate(nation, tmp_path / "b", settings={**settings, "run.block_people": 64})
    assert digest(one) == digest(other)
