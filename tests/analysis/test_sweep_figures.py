"""Figures of a sweep, of made-up groups of the documented layout."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis"))

import h5py  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402

from sinew_analysis import sweep  # noqa: E402

FACTORS = ["interventions.walking.uptake", "parameters.falls.phi"]


def written(path, design, points, outcome, indices=()):
    """Two scenarios; the second has `outcome` of the points more than the first, which has 10."""
    with h5py.File(path, "w", track_order=True) as file:
        group = file.create_group("sweep", track_order=True)
        group.attrs["design"], group.attrs["as"] = design, "deed"
        text = h5py.string_dtype()
        for name, labels in (("scenario", ["reference", "walking"]), ("factor", FACTORS), ("factor_unit", ["1", "1"])):
            group.create_dataset(name, data=labels, dtype=text)
        group["design"] = np.array(points, float)
        values = np.full((len(points), 2, 3), 10.0)
        values[:, 1] += np.array(outcome, float)[:, None]
        for name in ("falls", "falls_mcse"):
            group[name] = values
            group[name].attrs["units"] = "1"
        for name, of_factors in dict(indices).items():
            group[name] = np.broadcast_to(np.array(of_factors, float)[:, None, None], (2, 2, 3))
    return path


ONE_WAY = [(0.25, 0.97), (0.1, 0.97), (0.5, 0.97), (0.25, 0.95), (0.25, 0.99)]
GRID = [(0.25, 0.97), (0.1, 0.95), (0.1, 0.99), (0.5, 0.95), (0.5, 0.99)]


def drawn(path, monkeypatch):
    """The axes of the figure that is drawn."""
    axes = []
    monkeypatch.setattr(sweep, "svg", lambda drawing: axes.extend(drawing.axes) or "data:")
    (figure,) = sweep.section(path)
    return figure, axes


def test_a_tornado_has_the_widest_bar_on_top_and_starts_from_the_config(tmp_path, monkeypatch):
    path = written(tmp_path / "r.h5", "one_way", ONE_WAY, [3, 2, 5, 3.5, 2])
    figure, axes = drawn(path, monkeypatch)
    labels = [label.get_text() for label in axes[0].get_yticklabels()]
    assert labels == ["uptake\n0.1 to 0.5", "falls.phi\n0.95 to 0.99"]
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes[0].patches]
    assert bars == [(3, 2), (3, 5), (3, 3.5), (3, 2)]
    assert "what walking gains on reference" in figure.caption


def test_a_heat_map_has_the_first_factor_across(tmp_path, monkeypatch):
    path = written(tmp_path / "r.h5", "grid", GRID, [0, 1, 2, 3, 4])
    _, axes = drawn(path, monkeypatch)
    np.testing.assert_array_equal(axes[0].images[0].get_array(), [[1, 3], [2, 4]])
    assert [label.get_text() for label in axes[0].get_xticklabels()] == ["0.1", "0.5"]


@pytest.mark.parametrize("design,names", [("saltelli", ("first", "total")), ("morris", ("mu_star",))])
def test_indices_are_those_of_the_gain_and_the_largest_comes_first(tmp_path, monkeypatch, design, names):
    indices = {f"falls_gain_{name}{end}": (0.2, 0.6) for name in names for end in ("", "_low", "_high")}
    indices["falls_gain_sigma"] = (0.1, 0.3)
    path = written(tmp_path / "r.h5", design, GRID, [0, 1, 2, 3, 4], indices)
    _, axes = drawn(path, monkeypatch)
    assert [label.get_text() for label in axes[0].get_yticklabels()] == ["falls.phi", "uptake"]
    np.testing.assert_allclose(axes[0].lines[0].get_xdata(), [0.6, 0.2])


def test_a_sequence_is_drawn_along_each_factor_without_point_0(tmp_path, monkeypatch):
    path = written(tmp_path / "r.h5", "sobol", GRID, [9, 1, 2, 3, 4])
    _, axes = drawn(path, monkeypatch)
    np.testing.assert_array_equal(axes[0].lines[0].get_ydata(), [1, 2, 3, 4])
    np.testing.assert_array_equal(axes[1].lines[0].get_xdata(), [0.95, 0.99, 0.95, 0.99])


def test_a_result_without_a_sweep_has_no_figure(tmp_path):
    with h5py.File(tmp_path / "r.h5", "w"):
        pass
    assert sweep.section(tmp_path / "r.h5") is None
