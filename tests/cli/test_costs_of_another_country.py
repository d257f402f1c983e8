"""Costs in another currency: a table takes the place of the parameters', all figures say so, and what is mixed or missing is refused."""

import json

import h5py
import pytest
from program import ROOT, refused, simulate, sinew

EXAMPLE = ROOT / "configs/tables/costs_gbp_example.csv"
INDEX = ROOT / "configs/tables/price_index_gb.csv"


@pytest.fixture(scope="module")
def pounds(small, tmp_path_factory):
    """The small config by the tables of the worked example."""
    settings = {"economics.cost_table": EXAMPLE, "economics.price_table": INDEX, "economics.price_year": 2021}
    return simulate(small, tmp_path_factory.mktemp("pounds"), settings=settings)


def test_every_figure_of_money_is_in_the_tables_currency(pounds):
    with h5py.File(pounds) as file:
        money = []
        file.visititems(lambda name, item: money.append(item) if "_2021" in str(item.attrs.get("units", "")) else None)
        assert len(money) > 10
        for item in money:
            assert "GBP_2021" in item.attrs["units"], item.name
            assert {"ledger", "perspective", "price_index", "discounting"} <= set(item.attrs), item.name
        assert not any("USD" in str(item.attrs.get("units", "")) for item in file["summary"].values())
        injury = file["parameters/economics_injury"]
        assert injury[0] == 1800 and injury.attrs["units"] == "GBP_2019"
        assert injury.attrs["source"].startswith("assumption: the figure of the United States")
        assert injury.attrs["origin"].startswith("cost table")
        assert len(file.attrs["cost_table_sha256"]) == 64


def test_costs_are_brought_to_the_price_year_by_the_tables_index(pounds):
    """Women of 20.5 spend 3900 and a 24th of the way to 4700, times 1.11, in pounds of 2019; 107.8 and 111.6 are the index then and in
    2021. Background is what is left of it beside the modelled cost."""
    with h5py.File(pounds) as file:
        reference = file["reference"]
        found = reference["background_event"][0, 0] + reference["modelled_cost_event"][0, 0]
        assert found == pytest.approx((3900 + 800 / 24) * 1.11 * 111.6 / 107.8, rel=1e-6)


def test_described_costs_stand_beside_what_they_come_to():
    """50,508 of 2014 by PCE 97.12 and 103.51; gamma of shape 44.4: 95 per cent within 27 per cent below and 31 above."""
    rows = {row["key"]: row for row in json.loads(sinew("describe", "parameters", "--format", "json").stdout)}
    hip = rows["economics.hip_first_year_65"]
    value, unit, _, index = hip["in prices of"].split()
    assert float(value) == pytest.approx(50508 * 103.51 / 97.12, rel=1e-5) and (unit, index) == ("USD_2019", "pce")
    low, _, high, _ = hip["95 %"].split()
    assert float(low) / float(value) == pytest.approx(0.727, abs=0.002)
    assert float(high) / float(value) == pytest.approx(1.313, abs=0.002)
    assert hip["source"] == "adeyemi2019" and hip["prior"] == "gamma(shape 44.4, scale 1136)"
    assert rows["falls.frail"]["in prices of"] == ""
    example = ROOT / "configs/scenarios/muscle_loss_slowed_gbp.yaml"
    rows = {row["key"]: row for row in json.loads(sinew("describe", "parameters", example, "--format", "json").stdout)}
    value, unit, _, _ = rows["economics.injury"]["in prices of"].split()
    assert float(value) == pytest.approx(1800 * 111.6 / 107.8, rel=1e-5) and unit == "GBP_2021"
    refused(sinew("describe", "parameters", "none.yaml"), 2, "none.yaml: cannot be opened")


def changed(tmp_path, *pairs):
    """The example with texts replaced, each there once."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "costs.csv"
    path.write_text(text, encoding="utf-8")
    return path


SOURCE = "assumption: the figure of the United States by purchasing power"


@pytest.mark.parametrize("old, new, words", [
    ("injury,1800,GBP,2019", "injury,1800,GBP,", ": a cost without a price year: economics.injury"),
    ("injury,1800,GBP,2019", "injury,1800,GBP,19", ": price_year is no year: 19"),
    ("injury,1800,GBP,2019", "injury,1800,EUR,2019", ": mixed currencies: EUR after GBP"),
    ("injury,1800,GBP,2019", "injury,1800,pounds,2019", ": currency is none of three capitals, such as GBP: pounds"),
    ("injury,1800,GBP,2019", "injury,-1800,GBP,2019", ": economics.injury = -1800 is not within 0 and 1e+06"),
    ("injury,1800,GBP,2019", "injury,much,GBP,2019", ": value is no number: much"),
    ("injury,1800,GBP,2019", "injuries,1800,GBP,2019", ": economics.injuries is no cost; the nearest is economics.injury"),
    ("economics.injury,1800", "falls.frail,1800", ": falls.frail is no cost"),
    ("disabled.male,6900,GBP,2019", "disabled.male,6900,GBP,2018", ": price years are mixed within one parameter"),
    (f"economics.injury,1800,GBP,2019,{SOURCE}\n", "",
     ": no row for economics.injury: it would be in USD, and currencies mixed"),
    (f"injury,1800,GBP,2019,{SOURCE}", "injury,1800,GBP,2019,", ": a cost needs a source"),
    ("economics.frail_men,", "economics.frail_women,", ": a second row for economics.frail_women"),
    (f"injury,1800,GBP,2019,{SOURCE}", "injury,1800,GBP,2019", ": fewer fields than columns"),
    ("parameter,value,currency,price_year,source", "parameter,value,money,price_year,source", ": no column currency"),
])
def test_a_bad_table_is_refused_in_words(small, tmp_path, old, new, words):
    path = changed(tmp_path, (old, new))
    refused(sinew("check", small, "--set", f"economics.cost_table={path}"), 2, "costs.csv", words)


def test_a_table_that_is_not_there_or_empty_is_refused(small, tmp_path):
    refused(sinew("check", small, "--set", "economics.cost_table=none.csv"), 2, "economics.cost_table = none.csv: no such file")
    path = tmp_path / "empty.csv"
    path.write_text("# nothing\n", encoding="utf-8")
    refused(sinew("check", small, "--set", f"economics.cost_table={path}"), 2, "empty.csv: is empty")


def test_interventions_that_cost_dollars_are_not_mixed_with_pounds():
    done = sinew("check", ROOT / "configs/scenarios/training_from_65.yaml", "--set", f"economics.cost_table={EXAMPLE}",
                 "--set", f"economics.price_table={INDEX}")
    refused(done, 2, "mixed currencies: costs of economics.cost_table are in GBP, those of the intervention tai_chi in USD")
    done = sinew("check", ROOT / "configs/scenarios/sarcopenia_screening.yaml", "--set", f"economics.cost_table={EXAMPLE}",
                 "--set", f"economics.price_table={INDEX}")
    refused(done, 2, "those of the screening sarc_f_then_grip in USD")


def test_the_index_must_reach_back_to_the_tables_prices(small, tmp_path):
    path = tmp_path / "index.csv"
    path.write_text("year,pce\n2020,100\n2021,101\n", encoding="utf-8")
    done = sinew("run", small, "-o", tmp_path / "x", "--set", f"economics.cost_table={EXAMPLE}", "--set",
                 f"economics.price_table={path}", "--set", "economics.price_year=2021")
    refused(done, 2, "economics.injury is in prices of 2019, which the price index lacks")


@pytest.mark.parametrize("setting, words", [
    ("parameters.economics.injury=-5", "economics.injury = -5 is below 0 (USD_2015)"),
    ("parameters.economics.disabled=[1,-2]", "economics.disabled[1] = -2 is below 0 (USD_2000 year-1)"),
    ("economics.ledger=event+frailty", "economics.ledger = event+frailty: expected event, disability or frailty"),
    ("economics.ledger=[event, frailty]", "economics.ledger: expected event, disability or frailty, found a list"),
    ("parameters.utility.hip_later=1.2", "utility.hip_later = 1.2 is above 1"),
    ("parameters.utility.frail=0.2", "utility.frail = 0.2 is above 0"),
])
def test_what_no_cost_or_quality_can_be_is_refused(small, setting, words):
    refused(sinew("check", small, "--set", setting), 2, words)
