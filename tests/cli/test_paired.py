"""The same person in two worlds: /paired beside the events and lives of each person, and at the extremes."""

import csv
import io

import h5py
import numpy as np
import pytest
from program import ROOT, SINEW, digest, run, simulate, sinew

PEOPLE = """\
seed: 7
population: {persons: 4000}
reference: {persons: 1000}
output: {events: all, trajectories: {persons: all, fields: [falls, person_years]}}
run: {unit_people: 1024}
scenarios:
  - {name: reference}
  - {name: alendronate, interventions: [alendronate]}
  - {name: slowed, interventions: [muscle_loss_slowed]}
  - {name: everybody, interventions: [idle]}
  - {name: nobody, interventions: [unwanted]}
"""
IDLE = """\
title: For everybody from 50, and without effect
who: age >= 50
uptake: {value: 1, source: "assumption: all take it"}
effects: {fall_rate_ratio: {value: 1, source: "assumption: it does nothing"}}
"""
FRACTURE, DEATH, INJURY = 1, 2, 0
SITES = ["hip", "vertebral", "forearm", "humerus", "leg", "other"]
DRUG, SLOWED, EVERYBODY, NOBODY = range(1, 5)
ALL = 2  # of the labels of sex
DATED = ["fractures", "fall_injuries", "deaths", *(f"fracture_{site}" for site in SITES)]
COUNTS = [*DATED, "falls"]
AMOUNTS = ["treated_years", "life_years", "life_years_discounted", "qalys", "qalys_discounted", "cost", "cost_discounted"]


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("config")
    (folder / "interventions").mkdir()
    (folder / "interventions" / "idle.yaml").write_text(IDLE, encoding="utf-8")
    (folder / "interventions" / "unwanted.yaml").write_text(IDLE.replace("value: 1, source: \"assumption: all",
                                                                         "value: 0, source: \"assumption: none"), encoding="utf-8")
    (folder / "c.yaml").write_text(PEOPLE, encoding="utf-8")
    return folder / "c.yaml"


@pytest.fixture(scope="module")
def result(config):
    return simulate(config, config.parent / "out")


@pytest.fixture(scope="module")
def file(result):
    with h5py.File(result) as opened:
        yield opened


def happened(file, scenario, measure):
    """By person: how often, and the age at the first (infinite where never)."""
    table = {name: file["events"][name][:] for name in ("scenario", "person", "age_yr", "kind", "site")}
    keep = table["scenario"] == scenario
    if measure == "deaths":
        keep &= table["kind"] == DEATH
    elif measure == "fall_injuries":
        keep &= table["kind"] == INJURY
    else:
        keep &= table["kind"] == FRACTURE
        if measure != "fractures":
            keep &= table["site"] == SITES.index(measure.removeprefix("fracture_"))
    n = len(file["trajectories/person_id"])
    count, first = np.zeros(n, int), np.full(n, np.inf)
    np.add.at(count, table["person"][keep], 1)
    np.minimum.at(first, table["person"][keep], table["age_yr"][keep])
    return count, first


def people(file, sex):
    """Which persons are of a sex, the third being all, by number."""
    code = np.empty(len(file["trajectories/sex"]), int)
    code[file["trajectories/person_id"][:]] = file["trajectories/sex"][:]
    return (code == sex) | (sex == ALL)


@pytest.mark.parametrize("measure", DATED)
def test_differences_are_those_of_the_events_joined_by_person(file, measure):
    for scenario in (DRUG, SLOWED, EVERYBODY):
        count, first = happened(file, 0, measure)
        other, later = happened(file, scenario, measure)
        d = other - count
        both = (count > 0) & (other > 0)
        right = {"": d, "_total": other, "_averted": np.maximum(-d, 0), "_caused": np.maximum(d, 0),
                 "_postponed": both & (later > first), "_advanced": both & (later < first)}
        for sex in range(3):
            who = people(file, sex)
            for ending, value in right.items():
                assert file[f"paired/{measure}{ending}"][scenario, 0, sex] == pytest.approx(value[who].mean(), abs=1e-12)
            assert file[f"paired/{measure}_mcse"][scenario, 0, sex] == \
                pytest.approx(d[who].std(ddof=1) / np.sqrt(who.sum()), abs=1e-12)
            assert file[f"paired/{measure}_independent_se"][scenario, 0, sex] == pytest.approx(
                np.sqrt((count[who].var(ddof=1) + other[who].var(ddof=1)) / who.sum()), abs=1e-12)


def test_life_years_are_those_between_20_and_death(file):
    ages = np.fmin(file["trajectories/age_at_death"][:], 98)
    d = np.nan_to_num(ages, nan=98.0) - 20
    for scenario in range(5):
        assert file["paired/life_years_total"][scenario, 0, ALL] == pytest.approx(d[scenario].mean(), abs=1e-5)
        assert file["paired/life_years"][scenario, 0, ALL] == pytest.approx((d[scenario] - d[0]).mean(), abs=1e-5)


def test_falls_are_those_of_the_lives(file):
    falls = file["trajectories/falls"][:].astype(float)
    falls[falls == 65535] = 0
    d = falls[SLOWED].sum(1) - falls[0].sum(1)
    assert file["paired/falls"][SLOWED, 0, ALL] == pytest.approx(d.mean(), abs=1e-12)
    assert file["paired/falls_mcse"][SLOWED, 0, ALL] == pytest.approx(d.std(ddof=1) / np.sqrt(len(d)), abs=1e-12)


def test_discounted_amounts_are_worth_less_from_20_on(file):
    """A year at 20 + t is worth the mean of 1.03^-s over it; so of every life, by its whole years."""
    worth = np.diff(-1.03 ** -np.arange(79.0)) / np.log(1.03)
    lived = file["trajectories/person_years"][0].astype(float) * 2e-5
    lived[file["trajectories/person_years"][0] == 65535] = 0
    assert file["paired/life_years_discounted_total"][0, 0, ALL] == pytest.approx((lived @ worth).mean(), abs=2e-6)
    for name in ("qalys", "cost"):
        whole, now = (file[f"paired/{name}{ending}_total"][0, 0, ALL] for ending in ("", "_discounted"))
        assert 0 < now < whole
        assert file[f"paired/{name}_discounted"].attrs["discount_rate"] == 0.03


def test_without_a_rate_nothing_is_discounted(config, tmp_path):
    rates = {"economics.discount_costs": 0, "economics.discount_qalys": 0, "population.persons": 500}
    with h5py.File(simulate(config, tmp_path, settings=rates)) as file:
        for name in ("life_years", "qalys", "cost"):
            np.testing.assert_allclose(file[f"paired/{name}_discounted_total"][:], file[f"paired/{name}_total"][:],
                                       rtol=1e-9)


def test_what_has_no_effect_or_no_taker_differs_in_nothing(file):
    for measure in COUNTS + AMOUNTS:
        for scenario in (EVERYBODY, NOBODY):
            if (measure, scenario) == ("treated_years", EVERYBODY):
                continue
            assert (file[f"paired/{measure}"][scenario] == 0).all() and (file[f"paired/{measure}_mcse"][scenario] == 0).all()
            assert np.array_equal(file[f"paired/{measure}_total"][scenario], file[f"paired/{measure}_total"][0])


def test_everybody_is_treated_from_50_to_death(file):
    death = np.nan_to_num(file["trajectories/age_at_death"][EVERYBODY], nan=98.0)
    assert file["paired/treated_years"][EVERYBODY, 0, ALL] == pytest.approx(np.maximum(death - 50, 0).mean(), abs=1e-5)
    assert file["paired/treated_years_more"][EVERYBODY, 0, ALL] == pytest.approx((death > 50).mean())


def test_the_reference_differs_from_itself_in_nothing(file):
    assert file["paired/people"][:].tolist() == [2000, 2000, 4000]
    for measure in COUNTS + AMOUNTS:
        assert (file[f"paired/{measure}"][0] == 0).all()


def test_a_single_scenario_has_nobody_to_be_paired_with(tmp_path):
    plain = tmp_path / "plain.yaml"
    plain.write_text(PEOPLE.split("scenarios:")[0], encoding="utf-8")
    alone = simulate(plain, tmp_path / "plain", settings={"population.persons": 200})
    with h5py.File(alone) as file:
        assert "paired" not in file
    done = sinew("export", alone, "paired")
    assert done.returncode == 4 and "holds no paired" in done.stderr


def test_the_export_holds_every_value(result, file):
    done = sinew("export", result, "paired")
    assert done.returncode == 0
    rows = {(r["scenario"], r["sex"], r["variable"]): r for r in csv.DictReader(io.StringIO(done.stdout))}
    assert len(rows) == sum(d.size for d in file["paired"].values() if d.ndim == 3)
    row = rows["slowed", "male", "cost_mcse"]
    assert float(row["value"]) == pytest.approx(file["paired/cost_mcse"][SLOWED, 0, 1], rel=1e-8)
    assert row["unit"] == "USD_2019" and row["draw"] == "0"


def test_parts_merge_to_the_same_differences(config, result, tmp_path):
    for k in (1, 2, 3):
        done = sinew("run", config, "-o", tmp_path, "--quiet", "--part", f"{k}/3")
        assert done.returncode == 0, done.stderr
    done = run(SINEW, "merge", *(tmp_path / f"part-{k}-of-3" for k in (1, 2, 3)), "-o", tmp_path / "all.h5", "--quiet")
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / "all.h5") == digest(result)


def test_draws_have_differences_of_their_own(config, tmp_path):
    drawn = {"uncertainty.draws": 4, "uncertainty.reference_persons": 1000, "population.persons": 1500,
             "output.trajectories.persons": "none"}
    with h5py.File(simulate(config, tmp_path, settings=drawn)) as file:
        values = file["paired/life_years"][SLOWED, :, ALL]
        assert len(values) == 5 and len(set(values)) == 5
        assert file["paired/life_years_draws_mean"][SLOWED, ALL] == pytest.approx(values[1:].mean())
        assert file["paired/life_years_draws_sd"][SLOWED, ALL] == pytest.approx(values[1:].std(ddof=1))
        assert file["paired/life_years_draws_p50"][SLOWED, ALL] == pytest.approx(np.median(values[1:]))
        error = file["paired/life_years_mcse"][SLOWED, :, ALL]
        assert np.isfinite(error[0]) and np.isnan(error[1:]).all()
        # of four worlds much like the point estimate
        assert 0.2 < file["paired/life_years_draws_mcvar"][SLOWED, ALL] / error[0] ** 2 < 5
        assert (file["paired/fractures"][NOBODY] == 0).all()
        money = [item.attrs for item in file["paired"].values() if "USD" in str(item.attrs.get("units", ""))]
        assert len(money) > 10
        for attributes in money:
            assert {"ledger", "perspective", "price_index", "discounting"} <= set(attributes), attributes["long_name"]


@pytest.mark.parametrize("mode", [{"population.mode": "cross_section", "population.follow": 10},
                                  {"population.mode": "cross_section", "population.follow": "lifetime"}], ids=str)
def test_lives_of_a_nation_begin_on_the_day_people_are_met(config, tmp_path, mode):
    with h5py.File(simulate(config, tmp_path, settings=mode)) as file:
        lived = file["trajectories/person_years"][:].astype(float) * 2e-5
        lived[file["trajectories/person_years"][:] == 65535] = 0
        for scenario in (0, SLOWED):
            assert file["paired/life_years_total"][scenario, 0, ALL] == pytest.approx(lived[scenario].sum(1).mean(), abs=1e-9)


def table_of(folder, q):
    """A life table with one probability of death at all ages."""
    rows = (ROOT / "configs/tables/us_life_table.csv").read_text(encoding="utf-8").splitlines()
    table = folder / "table.csv"
    table.write_text("\n".join(row if row.startswith(("#", "year")) else ",".join(
        str(q) if k == 3 else word for k, word in enumerate(row.split(","))) for row in rows) + "\n", encoding="utf-8")
    return {"population.life_table": table, "population.persons": 500}


def test_the_immortal_gain_no_years_and_end_at_98(config, tmp_path):
    with h5py.File(simulate(config, tmp_path / "out", settings=table_of(tmp_path, 0))) as file:
        assert (file["paired/life_years_total"][:] == pytest.approx(78))
        assert (file["paired/deaths_total"][:] == 0).all() and (file["paired/life_years"][:] == 0).all()
        assert file["paired/treated_years"][EVERYBODY, 0, ALL] == pytest.approx(48)


def test_who_all_die_at_20_live_less_than_a_year(config, tmp_path):
    with h5py.File(simulate(config, tmp_path / "out", settings=table_of(tmp_path, 1))) as file:
        years = file["paired/life_years_total"][:]
        assert (years > 0).all() and (years < 1).all()
        assert (file["paired/deaths_total"][:] == 1).all() and (file["paired/treated_years_total"][:] == 0).all()
        assert file["summary/alive_n"][0, 0].sum(axis=1).tolist() == [250, 250]  # at 20 and never again


def test_a_population_that_dies_out_is_gone_long_before_50(config, tmp_path):
    """Of 500 nine in ten die each year: 50 are left at 21, standard error 6.7, and 5e-11 at 33."""
    with h5py.File(simulate(config, tmp_path / "out", settings=table_of(tmp_path, 0.9))) as file:
        alive = file["summary/alive_n"][0, 0].sum(axis=0)
        assert alive[0] == 500 and abs(alive[1] - 50) < 4 * 6.7 and (alive[13:] == 0).all()
        assert (file["paired/deaths_total"][:] == 1).all() and (file["paired/treated_years_total"][:] == 0).all()


def test_errors_are_those_that_other_luck_shows(config, tmp_path):
    """The spread of 24 runs with seeds of their own. 23 s^2/sigma^2 is chi-squared of 23 degrees: from 7.5 to 49.7 but for
    2 in 1,000, for each of four."""
    found = {name: [] for name in ("life_years", "falls")}
    for seed in range(24):
        more = {"seed": 100 + seed, "population.persons": 600, "output.trajectories.persons": "none", "output.events": "none"}
        with h5py.File(simulate(config, tmp_path / str(seed), settings=more)) as file:
            for name, rows in found.items():
                rows.append([file[f"paired/{name}{ending}"][SLOWED, 0, ALL] for ending in ("", "_mcse", "_independent_se")] +
                            [file[f"paired/{name}_total"][k, 0, ALL] for k in (0, SLOWED)])
    for name, rows in found.items():
        rows = np.array(rows)
        unpaired = rows[:, 4] - np.roll(rows[:, 3], 1)  # each scenario against the reference of the next seed
        for values, error in ((rows[:, 0], rows[:, 1]), (unpaired, rows[:, 2])):
            assert 7.5 < 23 * values.var(ddof=1) / (error ** 2).mean() < 49.7, name
