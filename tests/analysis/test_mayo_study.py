"""The analysis of the study of 2012: how it reads results, when a finding counts as repeated, other worlds, ten years on."""

import sys
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis"))

import h5py  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402

from sinew_analysis import pages  # noqa: E402
from sinew_analysis.mayo import __main__ as mayo  # noqa: E402
from sinew_analysis.mayo import draws, figure, follow, worlds  # noqa: E402
from sinew_analysis.mayo import study as st  # noqa: E402
from sinew_analysis.reader import ResultError, Results  # noqa: E402

# The study

REPLICATES, WOMEN, MEN = 6, 40, 30


def write_study(path, seed=1, replicate=None):
    """A made-up study: half of an SD of rASM is in each trait of bone; markers are log-normal."""
    random = np.random.default_rng(seed)
    people = WOMEN + MEN
    n = REPLICATES * people
    with h5py.File(path, "w") as file:
        file.create_group("summary")
        put = file.create_group("study").create_dataset
        put("replicate", data=np.repeat(np.arange(REPLICATES), people) if replicate is None else replicate, dtype="i4")
        put("sex", data=np.tile(np.repeat([0, 1], [WOMEN, MEN]), REPLICATES), dtype="u1")
        age = random.integers(20, 98, n)
        put("age", data=age, dtype="i2")
        muscle = random.standard_normal(n)
        values = {st.MUSCLE: 7 + 0.01 * (60 - age) + muscle, st.ACTIVITY: random.standard_normal(n),
                  "years_since_fmp": age - 52.0}
        for measure in st.BONE:
            sign = -1 if measure == st.SPACING else 1
            values[measure] = 10 + 0.02 * (60 - age) + sign * 0.5 * muscle + random.standard_normal(n)
        for measure in st.MARKERS:
            values[measure] = np.exp((-0.6 if measure == st.IGFBP2 else 0.1) * muscle + random.standard_normal(n))
        for name, column in values.items():
            data = put(name, data=np.round((column + 60) / 0.002).astype("u2"))
            data.attrs.update({"scale_factor": 0.002, "add_offset": -60.0, "_FillValue": np.array([65535], "u2")})
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("study") / "results.h5")


@pytest.fixture(scope="module")
def study(made):
    with Results(made) as results:
        return st.Study(results)


def residual(values, *given):
    design = np.column_stack([np.ones(len(values)), *given])
    return values - design @ np.linalg.lstsq(design, values, rcond=None)[0]


def column_of(path, name, replicate, sex):
    """A reading of a sex in a replicate, unpacked without the reader."""
    with h5py.File(path) as file:
        data = file["study"][name]
        at = (file["study/replicate"][()] == replicate) & (file["study/sex"][()] == sex)
        return data[()][at] * data.attrs.get("scale_factor", 1.0) + data.attrs.get("add_offset", 0.0)


@pytest.mark.parametrize("sex, code, df", [("female", 0, WOMEN - 4), ("male", 1, MEN - 4)])
def test_readings_are_unpacked_markers_logged_and_each_replicate_analysed_by_itself(made, study, sex, code, df):
    for measure in (st.SPINE, st.IGFBP2):
        r, found = study.correlation(sex, measure)
        for replicate in (0, REPLICATES - 1):
            x, y, *given = (column_of(made, name, replicate, code) for name in (st.MUSCLE, measure, "age", st.ACTIVITY))
            y = np.log(y) if measure == st.IGFBP2 else y
            assert r[replicate] == pytest.approx(np.corrcoef(residual(x, *given), residual(y, *given))[0, 1], abs=1e-9)
            assert found[replicate] == df


def test_women_are_parted_by_their_last_period(made, study):
    since = column_of(made, "years_since_fmp", 2, 0)
    for who, kept in (("before", since < -1e-9), ("after", since > -1e-9)):
        r, df = study.correlation("female", st.NECK, (st.AGE,), who)
        x, y, age = (column_of(made, name, 2, 0)[kept] for name in (st.MUSCLE, st.NECK, "age"))
        assert df[2] == kept.sum() - 3
        assert r[2] == pytest.approx(np.corrcoef(residual(x, age), residual(y, age))[0, 1], abs=1e-9)


def test_a_study_with_replicates_of_other_sizes_is_refused(tmp_path):
    replicate = np.repeat(np.arange(REPLICATES), WOMEN + MEN)
    replicate[WOMEN + MEN] = 0
    path = write_study(tmp_path / "r.h5", replicate=replicate)
    with Results(path) as results, pytest.raises(ResultError, match="differ in size"):
        st.Study(results)


def test_a_claim_holds_by_sign_and_level_and_none_by_a_large_p():
    """With 100 degrees of freedom p is .05 at r = .195 and .01 at .254."""
    r = np.array([0.19, 0.20, 0.26, -0.26])
    assert st.Claim("female", st.NECK, 1, 0.05).holds(r, 100).tolist() == [False, True, True, False]
    assert st.Claim("female", st.NECK, 1, 0.01).holds(r, 100).tolist() == [False, False, True, False]
    assert st.Claim("female", st.NECK, -1, 0.05).holds(r, 100).tolist() == [False, False, False, True]
    assert st.Claim("female", st.NECK, 0, 0.05).holds(r, 100).tolist() == [True, False, False, False]


def test_the_smallest_r_that_reaches_a_level_is_that_of_the_tables():
    """By the t of 5 % and 1 % with 268 and 313 degrees of freedom, 1.969 and 2.592."""
    assert figure.least_r(0.05, 268) == pytest.approx(1.969 / np.sqrt(268 + 1.969**2), abs=1e-4)
    assert figure.least_r(0.01, 313) == pytest.approx(2.592 / np.sqrt(313 + 2.592**2), abs=1e-4)


def test_the_place_of_a_value_counts_ties_by_half():
    assert st.place(np.array([1.0, 2, 2, 3]), 2) == 50
    assert st.place(np.array([1.0, 2, 3, 4]), 9) == 100
    assert st.place(np.array([1.0, 2, 3, 4]), 1.5) == 25


def test_every_published_figure_has_its_row(study):
    ranges, claims = list(st.range_rows(study)), list(st.claim_rows(study))
    assert [row["published"] for row in ranges] == ["0.19", "0.32", "0.17", "0.28"]
    cortex = [row for row in claims if row["what"].startswith("CtTh")]
    assert len(cortex) == 8 and {row["published"] for row in cortex} == {"+, p < 0.01"}
    spine = [row for row in claims if row["who"] == "Men" and "spine" in row["what"] and "CtTh" not in row["what"]]
    assert [(row["given"], row["published"]) for row in spine] == [("nothing", "+, p < 0.05"), ("age", "none")]
    found = study.cortex("female")
    assert ranges[1]["place"] == pytest.approx(100 * (found.max(axis=1) < 0.32).mean())


def test_a_bar_is_of_share_and_of_sign(study, monkeypatch):
    """Six replicates: r is set by hand."""
    r = np.array([0.5, 0.5, 0.5, 0.5, 0.01, -0.01])
    monkeypatch.setattr(study, "correlation", lambda *_, **__: (r, np.full(6, 268)))
    row = next(st.claim_rows(study))
    assert row["share"] == pytest.approx(4 / 6) and row["sign"] == pytest.approx(5 / 6) and not row["met"]
    r[5] = 0.01
    assert next(st.claim_rows(study))["met"]


def test_the_whole_abstract_is_repeated_where_all_of_it_is(study, monkeypatch):
    r = {measure: np.array([0.5, 0.5, 0.5]) for measure in st.WORDS}
    r[st.SPACING], r[st.IGFBP2] = -r[st.SPACING], np.array([-0.6, -0.6, -0.4])  # the third: not the first of the markers

    def correlation(sex, measure, given=st.BOTH, *_, **__):
        none = sex == "male" and (measure in (st.BVTV, st.THICKNESS) or (measure == st.SPINE and given))
        values = 0 * r[measure] if none else r[measure].copy()
        if sex == "male" and measure == st.NECK:
            values[0] = 0.1
        return values, np.full(3, 268)

    monkeypatch.setattr(study, "correlation", correlation)
    monkeypatch.setattr(st, "MARKERS", {st.IGFBP2: "", "igf1_ng_ml": ""})
    whole = st.whole_abstract(study)
    assert whole == pytest.approx({"Women": 2 / 3, "Men": 1 / 3, "Both": 1 / 3})
    assert st.whole_abstract(study, 1, st.BONE) == {"Women": 1, "Men": 0, "Both": 0}


def test_a_larger_study_finds_more(study):
    row = next(row for row in st.power_rows(study) if row["what"] == st.WORDS[st.NECK])
    _, df = study.correlation("female", st.NECK, size=2)
    assert df.tolist() == [2 * WOMEN - 4] * (REPLICATES // 2)
    assert 0 < row[1] <= row[2] <= row[4] == 1


def test_the_command_leaves_tables_and_a_figure_and_fills_the_page(made, tmp_path, capsys):
    docs = tmp_path / "docs.md"
    docs.write_text("before\n<!-- measured: -->\nold\n<!-- end -->\nafter\n", encoding="utf-8")
    assert mayo.main([str(made), "-o", str(tmp_path / "out"), "--docs", str(docs)]) == 0
    text = (tmp_path / "out/mayo.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == text
    assert f"{REPLICATES} replicates of {WOMEN} women and {MEN} men" in text and "nan" not in text
    assert docs.read_text(encoding="utf-8") == f"before\n<!-- measured: -->\n{text}\n<!-- end -->\nafter\n"
    lines = (tmp_path / "out/mayo.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 4 + len(st.CLAIMS)
    for name in ("out/mayo.png", "mayo.png"):
        assert (tmp_path / name).read_bytes()[:4] == b"\x89PNG"


def test_what_is_no_study_is_refused_in_one_line(tmp_path, capsys):
    with h5py.File(tmp_path / "r.h5", "w") as file:
        file.create_group("summary")
    assert mayo.main([str(tmp_path / "r.h5")]) == 1
    assert capsys.readouterr().err == f"mayo: {tmp_path / 'r.h5'}: no /study/replicate\n"


def test_figures_stand_to_the_right_and_words_to_the_left():
    assert pages.markdown(["a", "b"], [["x", "+0.20 (−0.10 to +0.30)"], ["y", "**no**"]]).splitlines()[1] == "| --- | --: |"


# Other worlds


def test_a_world_takes_away_cause_or_origin_and_leaves_the_other_as_it_is():
    """x = psi kappa m* + (1 - psi) kappa b_m: of kappa .4 and psi .25 it is .1 by cause and .3 shared."""
    found = worlds.overrides(np.array([[0.4, 0.0], [0.2, 0.8]]), 0.25)
    assert found["no_cause"]["causal_share"] == 0
    assert found["no_cause"]["per_muscle"] == pytest.approx(np.array([[0.3, 0], [0.15, 0.6]]))
    assert found["no_origin"]["causal_share"] == 1 and found["no_origin"]["r_muscle_change"] == 0
    assert found["no_origin"]["per_muscle"] == pytest.approx(np.array([[0.1, 0], [0.05, 0.2]]))
    assert found["all_cause"] == {"causal_share": 1} and found["all_origin"] == {"causal_share": 0}


def test_the_causal_part_is_what_goes_replicate_by_replicate():
    """Differences of .1 and .3: mean .2, SD .1 sqrt(2), standard error .1; a third replicate has no fellow."""
    def world(*r):
        return SimpleNamespace(replicates=len(r), correlation=lambda *_: (np.array(r), None))

    other = {"no_cause": world(0.1, 0.2), "no_origin": world(0.5, 0.7)}
    row = next(worlds.rows(world(0.2, 0.5, 0.9), other))
    assert row["causal"] == pytest.approx(0.2) and row["error"] == pytest.approx(0.1)
    assert [row[name] for name in ("whole", "no_cause", "no_origin")] == pytest.approx([0.35, 0.15, 0.6])


def test_the_causal_share_is_of_traits_published_as_related():
    """.1 and .05 of .2 and .3, the sign no matter: .15 of .5. Men's BV/TV was not related."""
    def row(who, measure, whole, causal, cause):
        return {"who": who, "what": st.WORDS[measure], "whole": whole, "causal": causal, "all_cause": cause, "all_origin": 0.2}

    found = [row("Women", st.NECK, 0.2, 0.1, 0.25), row("Men", st.SPACING, -0.3, -0.05, 0.1), row("Men", st.BVTV, 0.4, 0.4, 0.28)]
    assert worlds.summed_up(found) == pytest.approx((0.3, 0.1))


# Draws of the parameters


def test_over_draws_a_share_has_its_median_and_the_bar_is_met_in_some(study, tmp_path):
    """Of three draws: two find women's TbTh in all of six studies, one whose muscle and bone are strangers in none."""
    for draw in (1, 2, 3):
        (tmp_path / f"draw_{draw}").mkdir()
        write_study(tmp_path / f"draw_{draw}" / "results.h5", seed=draw + 1)
    with h5py.File(tmp_path / "draw_3" / "results.h5", "r+") as file:
        file[f"study/{st.THICKNESS}"][()] = np.random.default_rng(9).permutation(file[f"study/{st.THICKNESS}"][()])
    found = draws.read(tmp_path)
    shares = [next(row["share"] for row in st.claim_rows(draw) if (row["who"], row["what"]) == ("Women", "TbTh, radius"))
              for draw in found]
    assert shares[0] > 0.6 and shares[1] > 0.6 and shares[2] < 0.4
    text = draws.table(study, found)
    row = next(line for line in text.splitlines() if line.startswith("| Women | TbTh, radius |")).split(" | ")
    assert row[6].startswith(f"{100 * sorted(shares)[1]:.1f} (") and row[7] == "66.7 |"
    assert "3 draws of 6 replicates each" in text and "error of up to 20 %" in text  # 50/sqrt(6)


def test_a_folder_without_draws_is_refused(tmp_path):
    with pytest.raises(ResultError, match="no studies of draws"):
        draws.read(tmp_path)


# Ten years on

PEOPLE = [  # replicate, person_id, birth year, sex; met in 2019
    (0, 0, 1969, 0), (0, 1, 1959, 1), (0, 2, 1970, 0), (1, 0, 1969, 0), (1, 1, 1932, 1), (1, 2, 1931, 1),
]
EVENTS = [  # replicate, person, age, kind, site
    (0, 0, 59.99, 1, 0),   # within ten years of 50: a hip
    (0, 1, 70.01, 1, 0),   # after ten years of 60
    (0, 1, 65.0, 1, 5),    # another site: no major one
    (0, 2, 55.0, 1, 0),    # aged 49 at the visit: not of them
    (1, 0, 52.0, 0, 255),  # an injury, of the other replicate's person 0
    (1, 1, 90.0, 2, 255),  # a death
]


def write_followed(path):
    replicate, person, born, sex = np.array(PEOPLE).T
    with h5py.File(path, "w") as file:
        file.create_group("summary")
        file["summary_by_year/year"] = np.array([2019, 2020])
        for name in ("assay", "grip", "dxa"):
            file[f"parameters/measurement_{name}_cv"] = np.array([0.0])
        tracks = file.create_group("trajectories")
        for name, values in (("replicate", replicate), ("person_id", person), ("birth_year", born), ("sex", sex),
                             ("age", np.arange(20, 98))):
            tracks[name] = values
        seen = np.full((1, len(PEOPLE), 78), 65535, "u2")
        for row, year in enumerate(born):
            seen[0, row, 2019 - year - 20:][:11] = 0
        falls = seen.copy()
        falls[0, 0, 30], falls[0, 0, 31] = 1, 1    # one at 50, one at 51
        falls[0, 1, 49], falls[0, 1, 50] = 2, 9    # two at 69; at 70 ten years are over
        falls[0, 3, 40] = 9                        # at 60, ten years after 50
        reading = np.where(seen == 0, np.arange(78, dtype="u2") + 20, seen)
        for name, values in (("falls", falls), *((field, reading) for _, field, _ in follow.ADDED)):
            data = tracks.create_dataset(name, data=values)
            data.attrs["_FillValue"] = np.array([65535], "u2")
        events = file.create_group("events")
        for name, values in zip(("replicate", "person", "age_yr", "kind", "site"), np.array(EVENTS).T):
            events[name] = values
        events["kind"].attrs["flag_meanings"] = "fall_injury fracture death"
        events["site"].attrs["flag_meanings"] = "hip vertebral forearm humerus leg other"
    return path


def test_outcomes_are_those_of_ten_years_from_the_visit_and_of_the_right_person(tmp_path):
    with Results(write_followed(tmp_path / "r.h5")) as results:
        followed = follow.Followed(results)
    assert followed.age.tolist() == [50, 60, 50, 87] and followed.female.tolist() == [True, False, True, False]
    happened = {outcome.words: outcome.happened.tolist() for outcome in followed.outcomes}
    assert happened == {
        "Two falls or more in one year": [False, True, False, False],
        "A fall with injury, or a fracture": [True, True, True, False],
        "Major osteoporotic fracture": [True, False, False, False],
        "Hip fracture": [True, False, False, False],
    }
    assert followed.added["Grip"] == pytest.approx(np.log([50, 60, 50, 87]))


def test_events_of_people_without_a_trajectory_are_refused(tmp_path):
    path = write_followed(tmp_path / "r.h5")
    with h5py.File(path, "r+") as file:
        file["events/person"][3] = 77
    with Results(path) as results, pytest.raises(ResultError, match="persons: all"):
        follow.Followed(results)


def test_what_tells_who_falls_adds_and_what_does_not_adds_nothing():
    """Twenty replicates of 500; one SD of the marker triples the odds, of the other it does nothing. The gain in AUC
    from about .5 to about .75 has a standard error of .005."""
    random = np.random.default_rng(3)
    n = 10000
    followed = object.__new__(follow.Followed)
    followed.age, followed.female = random.uniform(50, 87, n), random.random(n) < 0.5
    followed.replicate = np.repeat(np.arange(20), 500)
    followed.added = {"tells": random.standard_normal(n), "tells nothing": random.standard_normal(n)}
    happened = random.random(n) < 1 / (1 + np.exp(1 - np.log(3) * followed.added["tells"]))
    outcome = follow.Outcome("it", happened, (0.3,))
    before, after, slope, cases, others = follow.marks(followed, outcome, "tells").T
    assert len(before) == 20 and (after - before).mean() == pytest.approx(0.26, abs=0.03)
    assert slope.mean() == pytest.approx(1, abs=0.1)
    assert (cases + others).mean() > 0.2
    before, after, *_ = follow.marks(followed, outcome, "tells nothing").T
    assert (after - before).mean() == pytest.approx(0, abs=0.01)
