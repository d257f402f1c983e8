"""Costs and quality of life in a result: three views of one world, its prices, its books, what is refused."""

import h5py
import numpy as np
import pytest
from program import refused, simulate, sinew

LEDGERS = ("event", "disability", "frailty")


@pytest.fixture(scope="module")
def ledgers(small, tmp_path_factory):
    """The same run by each ledger."""
    return {name: simulate(small, tmp_path_factory.mktemp(name), settings={"economics.ledger": name}) for name in LEDGERS}


def values(file, name):
    """One scenario and draw: (sex, age, ..)."""
    return file[name][0, 0]


def mean_cost(result):
    with h5py.File(result) as file:
        years = values(file, "summary/person_years")
        return (values(file, "summary/cost_per_py") * years).sum() / years.sum()


def test_ledgers_are_views_of_the_same_lives(ledgers):
    files = {name: h5py.File(path) for name, path in ledgers.items()}
    event = files["event"]["summary"]
    for name, file in files.items():
        assert file["summary/cost"].attrs["ledger"] == name
        assert file["trajectories/cost"].attrs["ledger"] == name
        for measure in event:
            if not measure.startswith("cost") and event[measure].dtype != object:
                np.testing.assert_array_equal(event[measure][...], file["summary"][measure][...], measure)
    for file in files.values():
        file.close()


def test_two_ledgers_balance_and_the_third_is_the_cost_of_an_illness(ledgers):
    """Event and frailty ledger differ by who lives, a few per cent in 6,000 people; disability is a small part."""
    event, disability, frailty = (mean_cost(ledgers[name]) for name in LEDGERS)
    assert abs(event / frailty - 1) < 0.03
    assert 0.01 < disability / event < 0.2


def test_costs_name_their_prices(ledgers):
    with h5py.File(ledgers["event"]) as file:
        for name in ("summary/cost", "summary/cost_sd", "summary/cost_mcse", "trajectories/cost"):
            assert file[name].attrs["units"] == "USD_2019", name
        for name in ("summary/cost_per_py", "reference/background_event", "reference/modelled_cost_event_mcse"):
            assert file[name].attrs["units"] == "USD_2019 year-1", name
        assert file["summary/cost_n"].attrs["units"] == "1"
        assert file["summary/cost"].attrs["price_index"] == "pce"
        assert file["parameters/economics_hip_first_year_65"].attrs["units"] == "USD_2014"
        assert file["parameters/economics_hip_first_year_65"][0] == 50508


def test_prices_of_another_year_scale_all_costs_alike(small, ledgers, tmp_path):
    """PCE 73.82 in 2000 and 103.51 in 2019; cents and the steps of a trajectory aside."""
    old = simulate(small, tmp_path, settings={"economics.price_year": 2000})
    with h5py.File(old) as then, h5py.File(ledgers["event"]) as now:
        assert then["summary/cost"].attrs["units"] == "USD_2000"
        ratio = values(then, "summary/cost") / values(now, "summary/cost")
        assert abs(np.nanmax(abs(ratio - 73.82 / 103.51))) < 1e-5
        np.testing.assert_allclose(values(then, "summary/qaly"), values(now, "summary/qaly"), atol=1e-12, equal_nan=True)


def test_the_other_index_makes_old_prices_dearer(small, ledgers, tmp_path):
    medical = simulate(small, tmp_path, settings={"economics.index": "cpi_medical"})
    with h5py.File(medical) as file, h5py.File(ledgers["event"]) as pce:
        assert file["summary/cost"].attrs["price_index"] == "cpi_medical"
        at_70 = (slice(None), 50)
        assert (file["reference/modelled_cost_event"][at_70] > 1.02 * pce["reference/modelled_cost_event"][at_70]).all()


def test_a_summary_is_the_mean_of_the_lives(small, tmp_path):
    """All lives kept: a trajectory is rounded to 10 USD and .001 of a year, the sums are exact."""
    result = simulate(small, tmp_path, settings={"output.trajectories.persons": "all", "population.persons": 2000})
    with h5py.File(result) as file:
        sex, alive = file["trajectories/sex"][...], file["trajectories/alive"][0] == 1
        for name, step in (("cost", 10), ("qaly", 0.001)):
            track = file[f"trajectories/{name}"]
            lives = track[0] * track.attrs["scale_factor"] + track.attrs.get("add_offset", 0)
            assert track.attrs["scale_factor"] == step
            assert abs(lives[~alive]).max() < 1e-9, "the dead cost nothing"
            for s in (0, 1):
                here = (sex == s)[:, None] & alive
                mean = np.where(here, lives, 0).sum(axis=0) / here.sum(axis=0)
                assert np.nanmax(abs(mean - values(file, f"summary/{name}")[s])) < step / 2
                sd = np.sqrt(np.where(here, (lives - mean) ** 2, 0).sum(axis=0) / (here.sum(axis=0) - 1))
                assert np.nanmax(abs(sd - values(file, f"summary/{name}_sd")[s])) < step / 2


def test_qualities_stay_within_full_health_and_worse_than_death(ledgers):
    with h5py.File(ledgers["event"]) as file:
        qaly, years = values(file, "summary/qaly_per_py"), values(file, "summary/person_years")
        assert np.nanmax(qaly) < 1 and np.nanmin(qaly[years > 100]) > 0.7


def test_a_result_says_where_its_books_do_not_balance(small, tmp_path):
    dear = {"parameters.economics.nursing_home": 400000}
    done = sinew("run", small, "-o", tmp_path, "--quiet", *[w for k, v in dear.items() for w in ("--set", f"{k}={v}")])
    assert done.returncode == 0
    assert "sinew: warning: event ledger" in done.stderr and "97" in done.stderr
    with h5py.File(tmp_path / "results.h5") as file:
        reference = file["reference"]
        assert reference.attrs["excess_over_2_percent_event"].startswith("female ")
        assert reference.attrs["excess_over_2_percent_frailty"] == ""
        assert "97" in reference.attrs["utility_held_at_1"]
        excess, background = reference["background_excess_event"][...], reference["background_event"][...]
        assert excess[0, 77] > 1000 and excess[0, 0] == 0
        assert background[0, 77] == pytest.approx(0.5 * 46000 * 1.03)


def test_a_second_pass_is_more_at_the_hip(small, tmp_path):
    once = simulate(small, tmp_path / "once")
    twice = simulate(small, tmp_path / "twice", settings={"reference.second_pass": "true"})
    with h5py.File(once) as first, h5py.File(twice) as second:
        met = [file["reference/fractures_met_hip"][:, 70:75].mean() for file in (first, second)]
        assert met[0] < 0.985 and abs(met[1] - 1) < 0.005


@pytest.mark.parametrize("key, value, words", [
    ("economics.price_year", 1998, "economics.price_year = 1998: the price index has 1999 to 2024"),
    ("economics.price_year", 12, "economics.price_year = 12 is below 1900 (year)"),
    ("economics.index", "ppi", "economics.index = ppi: expected pce or cpi_medical"),
    ("economics.ledger", "all", "economics.ledger = all: expected event, disability or frailty"),
    ("economics.perspective", "payer", "economics.perspective = payer: expected health_care, medicare or societal"),
    ("economics.utility_norms", "mean", "expected population or condition_free"),
    ("economics.price_table", "none.csv", "economics.price_table = none.csv: no such file"),
    ("reference.second_pass", "maybe", "reference.second_pass = maybe: expected true or false"),
])
def test_a_wrong_setting_is_refused_in_words(small, tmp_path, key, value, words):
    refused(sinew("check", small, "--set", f"{key}={value}"), 2, words)
    refused(sinew("run", small, "-o", tmp_path / "x", "--set", f"{key}={value}"), 2, words)
    assert not (tmp_path / "x" / "results.h5").exists()
