"""sinew decide: its figures worked out again from the result, the draws as R takes them, what is refused."""

import csv
import io
import json
import math
import shutil

import h5py
import numpy as np
import pytest
from program import refused, run, simulate, sinew

CONFIG = """\
title: Decide
seed: 3
population:
  persons: 2000
reference:
  persons: 4000
uncertainty:
  draws: 60
  reference_persons: 1000
scenarios:
  - name: usual_care
  - name: steadier
    parameters: {falls: {frail: 0.1}, economics: {injury: 4000}}
  - name: hip-care
    parameters: {falls: {frail: 0.3}, residence: {after_hip: [0.002, 0.006, 0.012, 0.024, 0.04]}}
output:
  per_draw: [cost, qaly, alive_n]
"""
THRESHOLDS = (50000.0, 100000.0, 150000.0)


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    path = tmp_path_factory.mktemp("decide") / "decide.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def result(config, tmp_path_factory):
    return simulate(config, tmp_path_factory.mktemp("three"))


@pytest.fixture(scope="module")
def noise(config, tmp_path_factory):
    return simulate(config, tmp_path_factory.mktemp("noise"), settings={"uncertainty.sections": "[]"})


@pytest.fixture(scope="module")
def folder(result, noise, tmp_path_factory):
    path = tmp_path_factory.mktemp("out") / "decision"
    done = sinew("decide", result, "--noise", noise, "--population", "1e6", "--years", 5, "-o", path)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def rows(folder):
    with open(folder / "decision.csv", newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def find(rows, **wanted):
    found = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    assert len(found) == 1, (wanted, len(found))
    return float(found[0]["value"]) if found[0]["value"] else None


def totals(path, rate=0.03, first=20, sexes=(0, 1)):
    """(cost, qaly) a person by scenario and draw: written anew, not as the program does it."""
    with h5py.File(path) as file:
        summary = file["summary"]
        alive = np.nan_to_num(summary["alive_n"][:, :, list(sexes), first - 20:])
        years = np.arange(alive.shape[-1])
        weight = np.ones(len(years)) if rate == 0 else (1 + rate) ** -years * (rate / (1 + rate)) / math.log1p(rate)
        found = []
        for name in ("cost", "qaly"):
            flow = np.nan_to_num(summary[name][:, :, list(sexes), first - 20:]) * alive
            found.append((flow * weight).sum(axis=(2, 3)) / alive[..., 0].sum(axis=2))
        return found


def test_totals_are_those_of_another_program(result, rows):
    cost, qaly = totals(result)
    for s, name in enumerate(("usual_care", "steadier", "hip-care")):
        assert find(rows, table="totals", strategy=name, statistic="cost") == pytest.approx(cost[s, 1:].mean(), rel=1e-8)
        assert find(rows, table="totals", strategy=name, statistic="qaly_point_estimate") == \
            pytest.approx(qaly[s, 0], rel=1e-8)
    assert 100000 < cost[0, 0] < 500000 and 20 < qaly[0, 0] < 27


def test_without_discounting_costs_are_those_of_the_people(result):
    done = sinew("decide", result, "--discount", 0, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    with h5py.File(result) as file:
        lived = file["summary/person_years"][0, 0].sum() / file["summary/alive_n"][0, 0, :, 0].sum()
    cost, qaly = totals(result, rate=0)
    assert find(rows, table="totals", strategy="usual_care", statistic="cost") == pytest.approx(cost[0, 1:].mean(), rel=1e-8)
    assert 0.8 * lived < qaly[0, 0] < lived


def test_decision_statistics_are_those_of_another_program(result, rows):
    cost, qaly = (x[:, 1:] for x in totals(result))
    for threshold in THRESHOLDS:
        at = {"threshold": f"{threshold:.9g}"}
        net = threshold * qaly - cost
        best = net.argmax(axis=0)
        chosen = net.mean(axis=1).argmax()
        evpi = net.max(axis=0).mean() - net.mean(axis=1).max()
        assert find(rows, table="information", statistic="evpi", **at) == pytest.approx(evpi, rel=1e-6, abs=1e-4)
        discounted = (1 - 1.03**-5) / math.log(1.03)
        assert find(rows, table="information", statistic="evpi_population", **at) == \
            pytest.approx(evpi * 1e6 * discounted, rel=1e-6, abs=100)
        for s, name in enumerate(("usual_care", "steadier", "hip-care")):
            of = {"table": "acceptability", "strategy": name, **at}
            assert find(rows, statistic="probability", **of) == pytest.approx((best == s).mean())
            assert find(rows, statistic="expected_loss", **of) == \
                pytest.approx((net.max(axis=0) - net[s]).mean(), rel=1e-6, abs=1e-4)
            others = np.delete(net.mean(axis=1), s).max()
            assert find(rows, table="net_benefit", strategy=name, statistic="threshold_price", **at) == \
                pytest.approx(net[s].mean() - others, rel=1e-5, abs=1e-3)
        frontier = [row for row in rows if row["statistic"] == "frontier_probability" and row["table"] == "acceptability" and
                    row["threshold"] == at["threshold"]]
        assert [row["strategy"] for row in frontier] == [("usual_care", "steadier", "hip-care")[chosen]]


def test_increments_name_their_quadrant(result, rows):
    cost, qaly = (x[:, 1:] for x in totals(result))
    for s, name in ((1, "steadier"), (2, "hip-care")):
        c, e = (cost[s] - cost[0]).mean(), (qaly[s] - qaly[0]).mean()
        row = next(row for row in rows if row["table"] == "versus_reference" and row["strategy"] == name and
                   row["statistic"] == "icer")
        assert row["note"].startswith({(1, 1): "north-east", (-1, 1): "south-east", (-1, -1): "south-west",
                                       (1, -1): "north-west"}[int(np.sign(c)), int(np.sign(e))])
        assert row["unit"] == "USD_2019/QALY" and row["versus"] == "usual_care"
        if c * e > 0:
            assert float(row["value"]) == pytest.approx(c / e, rel=1e-6)
        else:
            assert row["value"] == ""


def test_noise_is_taken_out_of_the_value_of_information(result, noise, rows):
    """By the same linear map written anew: of two net benefits x with covariance S = L L', N of it noise, to
    L (1 - L^-1 N L^-T)^1/2 L^-1 x, whose covariance is S - N."""
    before, luck = (np.concatenate([x[1:, 1:] - x[0, 1:] for x in totals(path)]) for path in (result, noise))
    for at, (name, statistic) in enumerate((("steadier", "incremental_cost"), ("hip-care", "incremental_cost"),
                                            ("steadier", "incremental_qaly"), ("hip-care", "incremental_qaly"))):
        assert find(rows, table="noise", strategy=name, statistic=statistic) == \
            pytest.approx(luck[at].var(ddof=1) / before[at].var(ddof=1), rel=1e-6)
    net, by_luck = (100000 * x[2:] - x[:2] for x in (before, luck))
    for at, name in enumerate(("steadier", "hip-care")):
        share = by_luck[at].var(ddof=1) / net[at].var(ddof=1)
        assert find(rows, table="noise", strategy=name, statistic="incremental_nmb") == pytest.approx(share, rel=1e-6)
        wanted = 2000 * share / (1 - share) / 0.05**2 if share < 1 else None
        assert find(rows, table="noise", strategy=name, statistic="people_wanted") == \
            (wanted if wanted is None else pytest.approx(wanted, rel=1e-5))
    for threshold in THRESHOLDS:
        net, by_luck = (threshold * x[2:] - x[:2] for x in (before, luck))
        root = np.linalg.cholesky(np.cov(net))
        share, along = np.linalg.eigh(np.linalg.solve(root, np.linalg.solve(root, np.cov(by_luck)).T))
        there = along @ np.diag(np.sqrt(np.clip(1 - share, 0, None))) @ along.T
        mean = net.mean(axis=1, keepdims=True)
        true = np.vstack([np.zeros(net.shape[1]), mean + root @ there @ np.linalg.solve(root, net - mean)])
        at = {"threshold": f"{threshold:.9g}"}
        evpi = true.max(axis=0).mean() - true.mean(axis=1).max()
        assert find(rows, table="information", statistic="evpi_corrected", **at) == pytest.approx(evpi, rel=1e-5, abs=1e-3)
        for s, name in enumerate(("usual_care", "steadier", "hip-care")):
            assert find(rows, table="acceptability", strategy=name, statistic="probability_corrected", **at) == \
                pytest.approx((true.argmax(axis=0) == s).mean())
        parts = [float(row["value"]) for row in rows if row["statistic"] == "evppi" and row["threshold"] == at["threshold"]
                 and row["value"]]
        most = find(rows, table="information", statistic="evpi_corrected", **at)
        assert len(parts) > 5 and max(parts) <= most  # no part is worth more than the whole
    assert share.max() > 0.01  # there is something to take out


def test_basis_stands_beside_every_figure(folder, rows, result):
    for row in rows:
        assert (row["price_year_unit"], row["ledger"], row["perspective"], row["price_index"], row["discount_costs"],
                row["discount_qalys"], row["from_age"], row["sex"], row["draws"]) == \
            ("USD_2019", "event", "health-care sector", "pce", "0.03", "0.03", "20", "both", "60")
    data = json.loads((folder / "decision.json").read_text(encoding="utf-8"))
    assert len(data) == len(rows) and set(data[0]) == set(rows[0])
    for one, other in zip(data, rows):
        assert {k: "" if v is None else v if isinstance(v, str) else f"{v:.9g}" for k, v in one.items()} == dict(other)
    text = sinew("decide", result, "--discount", "0.015,0", "--sex", "female").stdout
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    assert len(blocks) >= 8
    for block in blocks:
        assert block[1] == "USD_2019, event ledger, health-care sector perspective, discounted by 1.5 % (costs) and 0 % " \
            "(QALYs) a year to age 20; female, 60 draws"


def test_women_are_counted_alone(result):
    rows = list(csv.DictReader(io.StringIO(sinew("decide", result, "--sex", "female", "--format", "csv").stdout)))
    cost, _ = totals(result, sexes=(0,))
    assert find(rows, table="totals", strategy="hip-care", statistic="cost") == pytest.approx(cost[2, 1:].mean(), rel=1e-8)


def test_a_cohort_of_women_alone_is_decided_without_groups(config, tmp_path):
    path = simulate(config, tmp_path, settings={"population.persons": 500, "population.female_share": 1, "uncertainty.draws": 20})
    rows, women = decide(path), decide(path, "--sex", "female")
    assert {row["table"] for row in rows} == {row["table"] for row in women} and "group" not in {row["table"] for row in rows}
    assert [row["value"] for row in rows] == [row["value"] for row in women]


def test_totals_may_begin_later_where_all_are_the_same_until_then(tmp_path):
    """Entry into nursing homes after a hip fracture differs from 85 on only."""
    head, tail = CONFIG.split("  - name: usual_care\n")
    late = """\
  - name: care
  - name: late
    parameters: {residence: {after_hip: {85: 0.02}}}
output:"""
    config = tmp_path / "late.yaml"
    config.write_text(head + late + tail.split("output:")[1], encoding="utf-8")
    path = simulate(config, tmp_path / "run", settings={"uncertainty.draws": 20})
    noise = simulate(config, tmp_path / "noise", settings={"uncertainty.draws": 20, "uncertainty.sections": "[]"})
    rows = decide(path, "--from", 65, "--noise", noise)
    cost, qaly = totals(path, first=65)
    for s, name in enumerate(("care", "late")):
        assert find(rows, table="totals", strategy=name, statistic="cost") == pytest.approx(cost[s, 1:].mean(), rel=1e-8)
        assert find(rows, table="totals", strategy=name, statistic="qaly") == pytest.approx(qaly[s, 1:].mean(), rel=1e-8)
    assert {row["from_age"] for row in rows} == {"65"} and 8 < qaly[0, 0] < 16


def decide(path, *words):
    done = sinew("decide", path, *words, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_the_settings_of_the_result_count_where_options_are_silent(config, tmp_path):
    path = simulate(config, tmp_path, settings={
        "uncertainty.draws": 20, "economics.willingness_to_pay": "20000, 80000", "economics.discount_costs": 0.015,
        "economics.discount_qalys": 0, "economics.decision_persons": 1000, "economics.decision_years": 1})
    rows = decide(path)
    assert {row["threshold"] for row in rows if row["table"] == "net_benefit"} == {"20000", "80000"}
    assert {(row["discount_costs"], row["discount_qalys"], row["from_age"]) for row in rows} == {("0.015", "0", "20")}
    one, everyone = (find(rows, table="information", statistic=s, threshold="80000") for s in ("evpi", "evpi_population"))
    assert everyone == pytest.approx(one * 1000 * (1 - 1 / 1.015) / math.log(1.015), rel=1e-6)
    rows = decide(path, "--wtp", "30000", "--discount", "0.05")
    assert {row["threshold"] for row in rows if row["table"] == "net_benefit"} == {"30000"}
    assert {(row["discount_costs"], row["discount_qalys"]) for row in rows} == {("0.05", "0.05")}


def test_a_config_that_cannot_be_read_leaves_the_defaults(result, tmp_path):
    path = shutil.copy(result, tmp_path / "old.h5")
    with h5py.File(path, "r+") as file:
        del file["config"]
        file["config"] = "another: version"
    done = sinew("decide", path, "--format", "csv")
    assert "its config is of another version and cannot be read" in done.stderr
    assert done.stdout == sinew("decide", result, "--format", "csv").stdout


def test_thresholds_of_a_config_are_checked(config, tmp_path):
    for text, said in (("100000,50000", "out of order"), ("many", "money a QALY is wanted"), ("-5, 10", "negative")):
        done = sinew("run", config, "-o", tmp_path / "x", "--set", f"economics.willingness_to_pay={text}")
        refused(done, 2, "economics.willingness_to_pay", said)


def test_some_strategies_can_be_compared_in_another_order(result):
    rows = decide(result, "--strategies", "hip-care,usual_care")
    cost, _ = totals(result)
    assert list(dict.fromkeys(row["strategy"] for row in rows if row["table"] == "totals")) == ["hip-care", "usual_care"]
    more = find(rows, table="versus_reference", strategy="usual_care", statistic="incremental_cost")
    assert more == pytest.approx((cost[0] - cost[2])[1:].mean(), rel=1e-6)


def test_women_and_men_make_up_both(result, rows):
    """Half are women; what choosing for each is worth follows from the means of net benefit."""
    for threshold in THRESHOLDS:
        at = {"threshold": f"{threshold:.9g}"}
        names = ("usual_care", "steadier", "hip-care")
        net = {sex: [find(rows, table="group", about=sex, statistic="nmb", strategy=name, **at) for name in names]
               for sex in ("women", "men")}
        both = [find(rows, table="net_benefit", statistic="nmb", strategy=name, **at) for name in names]
        for one, women, men in zip(both, net["women"], net["men"]):
            assert one == pytest.approx((women + men) / 2, rel=1e-8)
        worth = (max(net["women"]) + max(net["men"])) / 2 - max(both)
        assert find(rows, table="choice_by_group", statistic="value_of_choosing_by_group", **at) == \
            pytest.approx(worth, abs=0.02)
        chosen = [row["strategy"] for row in rows if row["table"] == "group" and row["about"] == "men" and
                  row["statistic"] == "nmb" and row["threshold"] == at["threshold"] and row["note"].startswith("chosen")]
        assert chosen == [names[net["men"].index(max(net["men"]))]]


def test_weights_of_one_change_nothing(result, rows):
    found = decide(result, "--equity", "1,1")
    for threshold in THRESHOLDS:
        at = {"threshold": f"{threshold:.9g}", "strategy": "steadier"}
        plain = find(found, table="net_benefit", statistic="incremental_nmb", **at)
        assert find(found, table="equity", statistic="weighted_incremental_nmb", **at) == pytest.approx(plain, rel=1e-5)
        equivalent = find(found, table="equity", statistic="incremental_equivalent_health", **at)
        assert equivalent * threshold == pytest.approx(plain, rel=1e-5)
    assert not [row for row in rows if row["table"] == "equity"]


def test_a_trial_is_worth_no_more_than_to_know(result):
    words = ("--trial", "ln:falls.frail:1:10,100000", "--population", 1000, "--years", 1, "--discount", 0, "--trial-cost", "50,3")
    found = decide(result, *words)
    at = {"threshold": "100000"}
    known = find(found, table="information_on_parameter", about="falls.frail", statistic="evppi", **at)
    small, large = (find(found, table="information_of_trial", statistic="evsi",
                         about=f"ln falls.frail by {n} people an arm", **at) for n in (10, 100000))
    assert 0 <= small <= large * (1 + 1e-9) and large == pytest.approx(known, rel=0.1, abs=2)
    of = {"table": "information_of_trial", "about": "ln falls.frail by 10 people an arm", **at}
    assert find(found, statistic="evsi_population", **of) == pytest.approx(1000 * small, rel=1e-6, abs=1e-6)
    assert find(found, statistic="net_benefit_of_trial", **of) == pytest.approx(1000 * small - 50 - 3 * 20, rel=1e-6)


def test_two_parameters_are_shown_together(result):
    found = [row for row in decide(result, "--two-way", "falls.frail,economics.injury") if row["table"] == "two_way"]
    assert len(found) == 2 * 25 and {row["about"] for row in found} == {"falls.frail x economics.injury"}
    assert sum(int(row["note"].split(": ")[1].split()[0]) for row in found[:25]) == 60
    known = [row for row in decide(result) if row["table"] == "two_way"]
    assert len(known) == 50


def test_the_year_of_death_is_as_good_as_whole(config, tmp_path, capsys):
    """Totals discount each year's flow as if it went on to its end; here life by life to the day of death. Prints what
    decision.md says of it: pytest -s -k year_of_death."""
    path = simulate(config, tmp_path, settings={"population.persons": 8000, "uncertainty.draws": 0,
                                                "output.trajectories.persons": "all",
                                                "output.trajectories.fields": "[cost, qaly, person_years]"})
    year, found = math.log(1.03), {}
    with h5py.File(path) as file:
        lives = file["trajectories"]

        def values(name):
            packed, note = lives[name][:].astype(float), lives[name].attrs
            packed[packed == note["_FillValue"]] = np.nan
            return np.nan_to_num(packed * note.get("scale_factor", 1) + note.get("add_offset", 0))

        lived = values("person_years")
        start = 1.03 ** -np.arange(lived.shape[-1])
        whole = start * (1 - 1 / 1.03) / year
        exact = start * np.where(lived > 0, (1 - 1.03**-lived) / (year * np.where(lived > 0, lived, 1)), 0)
        for name in ("cost", "qaly"):
            flow = values(name) * (lived > 0)
            found[name] = [(flow * weight).sum(axis=(1, 2)) for weight in (whole, exact)]
    off = {name: (by_year / by_life - 1)[0] for name, (by_year, by_life) in found.items()}
    more = {name: np.abs((by_year[1:] - by_year[0]) / (by_life[1:] - by_life[0]) - 1).max()
            for name, (by_year, by_life) in found.items()}
    with capsys.disabled():
        print(f"\ntotals by year over totals by life, less 1: cost {off['cost']:.1e}, QALYs {off['qaly']:.1e}; "
              f"increments within {max(more.values()):.1e}")
    assert -1e-4 < off["cost"] < 0 and -1e-4 < off["qaly"] < 0 and max(more.values()) < 1e-3


def test_draws_are_shaped_as_r_packages_read_them(folder, result):
    """BCEA and dampack take matrices of draws by strategies, SAVI the same three files with a row of names, hesim one row
    a draw and strategy: by the manuals of bcea(), make_psa_obj(), SAVI's page of imports and cea()."""
    if not shutil.which("Rscript"):
        pytest.skip("no R")
    script = """
      folder <- commandArgs(TRUE)[1]
      cost <- read.csv(file.path(folder, "psa_costs.csv"))
      effect <- read.csv(file.path(folder, "psa_effects.csv"))
      known <- read.csv(file.path(folder, "psa_parameters.csv"))
      long <- read.csv(file.path(folder, "psa_hesim.csv"))
      strategies <- c("usual_care", "steadier", "hip.care")
      stopifnot(identical(names(cost), strategies), identical(names(effect), strategies))
      for (table in list(cost, effect, known)) {
        stopifnot(is.data.frame(table), nrow(table) == 60, all(sapply(table, is.numeric)), !anyNA(table))
        stopifnot(identical(names(table), make.names(names(table), unique = TRUE)))
      }
      raw <- read.csv(file.path(folder, "psa_parameters.csv"), check.names = FALSE)
      stopifnot(identical(names(raw), names(known)), all(sapply(known, sd) > 0), "falls.frail" %in% names(known))
      stopifnot(is.matrix(as.matrix(effect)), identical(dim(as.matrix(effect)), c(60L, 3L)))
      stopifnot(identical(names(long), c("sample", "strategy", "grp", "cost", "qalys")), nrow(long) == 180)
      stopifnot(is.integer(long$sample), is.character(long$strategy), is.character(long$grp), unique(long$grp) == "all")
      for (s in strategies) {
        one <- long[long$strategy == s, ]
        stopifnot(identical(one$sample, 1:60), identical(one$cost, cost[[s]]), identical(one$qalys, effect[[s]]))
      }
      net <- 1e5 * effect - cost
      cat(mean(do.call(pmax, net)) - max(colMeans(net)), "\\n")
    """
    done = run("Rscript", "--vanilla", "-e", script, folder)
    assert done.returncode == 0, done.stderr
    with open(folder / "decision.csv", newline="", encoding="utf-8") as stream:
        evpi = find(list(csv.DictReader(stream)), table="information", statistic="evpi", threshold="100000")
    assert float(done.stdout) == pytest.approx(evpi, rel=1e-4, abs=1e-3)


def test_parameters_that_move_as_one_are_one(folder, result):
    """All points of a curve that is scaled as a whole are one column; those drawn apart are as many as there are."""
    with open(folder / "psa_parameters.csv", newline="", encoding="utf-8") as stream:
        names = next(csv.reader(stream))
    with h5py.File(result) as file:
        for name in ("bone_loss_women", "falls_rate_women", "falls_frail", "bone_per_muscle"):
            values = file["parameters"][name][1:].reshape(60, -1)
            values = values[:, values.std(axis=0) > 0]
            values = values / values[0]
            apart = []
            for one in values.T:
                if not any(np.allclose(one, other, rtol=1e-6, atol=0) for other in apart):
                    apart.append(one)
            key = file["parameters"][name].attrs["key"]
            key = key.decode() if isinstance(key, bytes) else key
            mine = [n for n in names if n == key or n.startswith(key + ".")]
            assert len(mine) == len(apart) > 0, name


def test_folders_above_the_output_are_made_too(result, tmp_path):
    path = tmp_path / "project" / "decision"
    done = sinew("decide", result, "-o", path)
    assert done.returncode == 0, done.stderr
    assert (path / "decision.csv").is_file()


def test_bad_requests_are_refused_in_words(result, tmp_path):
    for words, said in (
            (("--wtp", "100000,50000"), ("100000,50000: thresholds are out of order",)),
            (("--wtp", "50000,50000"), ("out of order",)),
            (("--wtp", "50k"), ("money a QALY is wanted",)),
            (("--wtp", "-5,10"), ("negative",)),
            (("--wtp", "nan"), ("money a QALY is wanted",)),
            (("--discount", "3"), ("from 0 to 1 is wanted, 0.03 for 3 %",)),
            (("--discount", "0.03,-0.01"), ("from 0 to 1",)),
            (("--from", "19"), ("an age from 20 to 97",)),
            (("--from", "65.5"), ("whole years",)),
            (("--from", "65"), ("people alive", "take --from 20")),
            (("--sex", "all"), ("female, male or both",)),
            (("--strategies", "usual_care"), ("one strategy only, usual_care",)),
            (("--strategies", "usual_care,steady"), ("has no scenario steady",)),
            (("--strategies", "steadier,steadier"), ("steadier is there twice",)),
            (("--trial", "falls.frail:1"), ("people an arm are wanted",)),
            (("--trial", "falls.frail:-1:100"), ("people an arm are wanted",)),
            (("--trial", "falls.fail:1:100"), ("falls.fail does not vary",)),
            (("--trial", "ln:muscle.menopause_loss:1:100"), ("has no logarithm",)),
            (("--trial-cost", "1e6"), ("beside --trial",)),
            (("--two-way", "falls.frail"), ("two different parameters",)),
            (("--two-way", "falls.frail,falls.frail"), ("two different parameters",)),
            (("--equity", "1"), ("of women and of men",)),
            (("--equity", "0,0"), ("not both 0",)),
            (("--population", "0"), ("above 0",)),
            (("--format", "xml"), ("text, csv or json",))):
        refused(sinew("decide", result, *words), 2, *said)
    refused(sinew("decide"), 2, "wants one result")
    refused(sinew("decide", tmp_path / "none.h5"), 4)


def test_results_that_bear_no_decision_are_refused(config, tmp_path):
    cases = {"alone": ({"scenarios": "[]"}, "one strategy only"),
             "undrawn": ({"uncertainty.draws": 0}, "has 0 draws of the uncertain parameters"),
             "few": ({"uncertainty.draws": 5}, "has 5 draws"),
             "not_kept": ({"output.per_draw": "[cost, alive_n]", "uncertainty.draws": 20}, "output.per_draw"),
             "no_qaly": ({"output.measures": "[cost]", "output.per_draw": "[cost, alive_n]", "uncertainty.draws": 20},
                         "has no qaly"),
             "crowd": ({"population.mode": "cross_section", "scenarios": "[]"}, "birth_cohort")}
    for name, (settings, said) in cases.items():
        path = simulate(config, tmp_path / name, settings={"population.persons": 500, **settings})
        refused(sinew("decide", path), 2, said)


def test_ledgers_prices_and_strategies_are_never_mixed(config, result, tmp_path):
    luck = {"uncertainty.sections": "[]", "uncertainty.draws": 20}
    for name, settings, said in (
            ("ledger", {"economics.ledger": "frailty"}, "ledgers are views of the same money and are never mixed"),
            ("view", {"economics.perspective": "societal"}, "is from the society perspective, the result from that of health-care"),
            ("prices", {"economics.price_year": 2015}, "is in USD_2015 by pce, the result in USD_2019"),
            ("people", {"population.persons": 1000}, "has 1000 people in a draw, the result 2000")):
        path = simulate(config, tmp_path / name, settings={**luck, **settings})
        refused(sinew("decide", result, "--noise", path), 2, said)
    refused(sinew("decide", result, "--noise", result), 2, "is not of luck alone")


def test_a_cross_section_that_was_followed_has_a_budget(config, tmp_path):
    path = simulate(config, tmp_path, settings={"population.mode": "cross_section", "population.follow": 6,
                                                "uncertainty.draws": 0})
    rows = list(csv.DictReader(io.StringIO(sinew("decide", path, "--format", "csv").stdout)))
    with h5py.File(path) as file:
        cost = file["summary_by_year/cost_total"][:, 0, :5, 2, 7]
        assert file["summary_by_year/sex"][2] == b"all" and file["summary_by_year/age_group"][7] == b"20-97"
    assert len(rows) == 3 * 5 + 2 * 5
    for y in range(5):
        year = {"table": "budget", "about": f"year {y + 1}"}
        assert find(rows, statistic="cost", strategy="steadier", **year) == pytest.approx(cost[1, y], rel=1e-8)
        assert find(rows, statistic="budget_impact", strategy="steadier", **year) == \
            pytest.approx(cost[1, y] - cost[0, y], rel=1e-4, abs=100)
    assert {row["discount_costs"] for row in rows} == {"0"} and {row["unit"] for row in rows} == {"USD_2019"}


def test_the_answer_is_the_same_each_time(result):
    assert sinew("decide", result).stdout == sinew("decide", result).stdout != ""
