"""Everybody stronger by half an SD, told by a config: fall rates change by exp(-.5 bS), not by nothing."""

import math

import pytest
import xarray as xr
from program import simulate

FACTOR = math.exp(-0.5 * 0.26)  # .8781, bS = .26
AGES = [(20, 39), (40, 59), (60, 74), (75, 97)]

CONFIG = """\
title: Stronger
seed: 11
population:
  persons: 20000
reference:
  persons: 4000
output:
  measures: [falls, person_years, grip_kg]
  events: none
parameters:
  falls:
    per_weakness: 0.26
{rest}
scenarios:
  - name: reference
  - name: stronger
    parameters:
      strength:
        shift_sd: 0.5
"""

# Falls see neither frailty nor residence; death sees neither, nor strength, nor what falls break.
NO_FEEDBACK = """\
    frail: 0
    nursing_home: 0
  mortality:
    per_weakness: 0
    frail: 0
    hip_early_rr: [1, 1]
    hip_late_rr: 1
    vertebral_smr: [1, 1]
"""


def lives(folder, rest=""):
    """The summary of both scenarios."""
    config = folder / "stronger.yaml"
    config.write_text(CONFIG.format(rest=rest), encoding="utf-8")
    result = simulate(config, folder / "out")
    return xr.open_dataset(result, group="summary", engine="h5netcdf").sel(draw=0)


def rate_ratio(summary, first, last):
    """Falls per person-year of the stronger over those of the others, ages first to last of both sexes."""
    some = summary.sel(age=slice(first, last))
    falls = (some["falls_per_1000_py"] / 1000 * some["person_years"]).sum(["sex", "age"])
    rate = falls / some["person_years"].sum(["sex", "age"])
    print(f"{first} to {last}: {falls.sel(scenario='reference').item():.0f} falls, "
          f"rate x {(rate.sel(scenario='stronger') / rate.sel(scenario='reference')).item():.4f}")
    return (rate.sel(scenario="stronger") / rate.sel(scenario="reference")).item()


@pytest.fixture(scope="module")
def with_feedback(tmp_path_factory):
    return lives(tmp_path_factory.mktemp("feedback"))


def test_strength_alone_changes_the_rate_of_falls_by_its_factor(tmp_path):
    """The same people with the same luck in both: of counts that differ by an eighth the ratio has an SE of .4/sqrt(n),
    .001 for the 70,000 falls or more of a band, doubled for lasting proneness; 4 of these."""
    summary = lives(tmp_path, NO_FEEDBACK)
    for first, last in AGES:
        assert rate_ratio(summary, first, last) == pytest.approx(FACTOR, abs=0.008)
    alive = summary["alive_n"]
    assert (alive.sel(scenario="stronger") == alive.sel(scenario="reference")).all()


def test_frailty_spared_adds_to_it_with_age(with_feedback):
    """The young are not frail, so have the factor alone. Later fewer are, who fall 1.8 times as often: at 60 the rate is
    x .868, at 75 x .845 where nobody dies (tests/statistical/test_shift.c). Beyond, more of the frail live on."""
    assert rate_ratio(with_feedback, 20, 39) == pytest.approx(FACTOR, abs=0.008)
    assert 0.845 < rate_ratio(with_feedback, 60, 74) < 0.868


def test_grip_rises_by_half_the_sd_of_the_reference(with_feedback):
    """ln grip has an SD of .19 at 20: each grip is e^(.095) = 1.0997 times as strong; 1 % for the SD's own error."""
    grip = with_feedback["grip_kg"].sel(age=20)
    ratio = grip.sel(scenario="stronger") / grip.sel(scenario="reference")
    for sex in ("female", "male"):
        assert ratio.sel(sex=sex).item() == pytest.approx(math.exp(0.5 * 0.19), rel=0.01)
