"""scripts/mayo from end to end on few replicates: the study, other worlds, draws, ten years on, tables and figure."""

import csv
import re

import pytest


@pytest.fixture(scope="module")
def done(place):
    done = place("mayo", "--replicates", "8", "--quiet", "--set", "reference.persons=2000")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_of_it_is_said_and_kept(place, done):
    output = place / "output/mayo_2012"
    assert "8 replicates of 272 women and 317 men" in done and "Mean r given age and activity over 4 replicates" in done
    assert "4 draws of 4 replicates each" in done
    assert done == (output / "mayo.md").read_text(encoding="utf-8") and "nan" not in done
    assert (output / "mayo.png").stat().st_size > 10000
    rows = list(csv.DictReader((output / "mayo.csv").open(encoding="utf-8")))
    assert len(rows) == 27 and {row["met"] for row in rows} <= {"yes", "no"}


def test_muscle_and_cortex_go_together_and_igfbp2_the_other_way(place, done):
    """Means of r over eight studies are .23 and -.32 with a standard error of .02: five of them on both sides."""
    with (place / "output/mayo_2012/mayo.csv").open(encoding="utf-8") as stream:
        middle = {(row["who"], row["with_rasm"]): float(row["r_p50"]) for row in csv.DictReader(stream)}
    for who in ("Women", "Men"):
        assert 0.1 < middle[who, "CtTh, tibia"] < 0.4
        assert -0.45 < middle[who, "IGFBP-2"] < -0.2


def test_without_cause_less_is_left_and_more_where_all_is_cause(done):
    """The same people with the same luck: what differs is the link alone."""
    rows = [line.split(" | ") for line in done.splitlines() if re.match(r"\| (Women|Men) \| CtTh, \w+ ?\w* \| \+\S+ \| ", line)]
    rows = [[float(cell.split()[0].replace("−", "-")) for cell in row[2:]] for row in rows if len(row) == 8]
    assert len(rows) == 8
    for whole, no_cause, causal, no_origin, all_cause, all_origin in rows:
        assert no_cause < whole and no_origin < whole and all_origin < all_cause
        assert causal == pytest.approx(whole - no_cause, abs=0.011)


def test_wrong_numbers_of_replicates_are_refused(place):
    for words in (["--replicates", "three"], ["--replicates", "3"], ["--replicates"]):
        done = place("mayo", *words)
        assert done.returncode == 2 and done.stderr.startswith("mayo: "), done.stderr
