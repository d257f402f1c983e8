"""Opens a result file and hands out its measures decoded, with named dimensions and labels."""

from dataclasses import dataclass, field
from pathlib import Path

import h5py
import numpy as np

OVER_DRAWS = ("draws_mean", "draws_sd", "draws_p025", "draws_p50", "draws_p975", "draws_mcvar")
STATISTICS = ("share", "mcse", "sd", "n", "p05", "p25", "p50", "p75", "p95")
_DIMENSIONS = ("scenario", "draw", "year", "sex", "age_group", "age", "site", "level")


class ResultError(Exception):
    """A file that is not a complete Sinew result; the text is one line for the user."""


@dataclass
class Measure:
    """One variable: decoded values, its dimensions in order, their labels, its attributes."""

    name: str
    values: np.ndarray
    dims: tuple
    coords: dict
    units: str = "1"
    long_name: str = ""
    attrs: dict = field(default_factory=dict)

    def sel(self, **labels):
        """The part with these labels (`sex="female"`); a dimension the measure lacks is passed over."""
        values, dims, coords = self.values, list(self.dims), dict(self.coords)
        for dim, label in labels.items():
            if dim not in dims:
                continue
            at = np.flatnonzero(coords[dim] == label)
            if at.size == 0:
                raise KeyError(f"{self.name} has no {dim} {label!r}; it has {list(coords[dim])}")
            values = values.take(at[0], axis=dims.index(dim))
            dims.remove(dim)
            del coords[dim]
        return Measure(self.name, values, tuple(dims), coords, self.units, self.long_name, self.attrs)

    def first_draw(self):
        """The part of the point estimate, draw 0, the dimension kept."""
        if "draw" not in self.dims:
            return self
        at = np.flatnonzero(self.coords["draw"] == 0)
        values = self.values.take(at, axis=self.dims.index("draw"))
        coords = {**self.coords, "draw": self.coords["draw"][at]}
        return Measure(self.name, values, self.dims, coords, self.units, self.long_name, self.attrs)


class Results:
    """A result file, open for reading; use it in a `with` statement."""

    def __init__(self, path):
        self.path = Path(path)
        if not self.path.is_file():
            raise ResultError(f"{path}: no such file")
        try:
            self._file = h5py.File(self.path, "r")
        except OSError as error:
            raise ResultError(f"{path}: not readable as HDF5 ({error})") from None
        if "summary" not in self._file:
            self._file.close()
            raise ResultError(f"{path}: no group /summary; not a Sinew result")
        self._cache = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    @property
    def attrs(self):
        """Attributes of the file as Python values."""
        return {name: _plain(value) for name, value in self._file.attrs.items()}

    @property
    def provenance(self):
        """What may differ between identical results: attributes and single values of /provenance."""
        if "provenance" not in self._file:
            return {}
        group = self._file["provenance"]
        found = {name: _plain(value) for name, value in group.attrs.items()}
        for name, item in group.items():
            if isinstance(item, h5py.Dataset) and item.size == 1 and not h5py.h5ds.is_scale(item.id):
                found[name] = _plain(item[()])
        return found

    @property
    def config(self):
        """The resolved config, a text; empty where the file holds none."""
        return _plain(self._file["config"][()]) if "config" in self._file else ""

    @property
    def varying_parameters(self):
        """How many parameters differ between draws, curves counted as one."""
        group = self._file["parameters"] if "parameters" in self._file else {}
        return sum("key" in group[name].attrs and group[name].shape[0] > 2 and bool(np.ptp(group[name][1:], axis=0).any())
                   for name in group)

    @property
    def kind(self):
        """Whose ages the summaries run over: of a `cohort` that grows old together, else of people who are met
        at different ages: those of a `nation` in one year, or of a `study`."""
        return "study" if "study" in self._file else "nation" if "summary_by_year" in self._file else "cohort"

    @property
    def year(self):
        """The calendar year in which a nation's people are met, else None."""
        return int(self._file["summary_by_year/year"][0]) if self.kind == "nation" else None

    @property
    def names(self):
        """Names of all variables of /summary that are not dimensions, sorted."""
        group = self._file["summary"]
        return sorted(
            name
            for name, item in group.items()
            if isinstance(item, h5py.Dataset) and not h5py.h5ds.is_scale(item.id) and name not in _DIMENSIONS
        )

    def __contains__(self, name):
        group = self._file["summary"]
        return name in group and isinstance(group[name], h5py.Dataset)

    def get(self, name):
        """The measure, or None where the file does not hold it."""
        return self[name] if name in self else None

    def __getitem__(self, name):
        if name not in self._cache:
            if name not in self:
                raise KeyError(f"{self.path}: /summary holds no {name}")
            self._cache[name] = _read(self._file["summary"], name)
        return self._cache[name]

    def labels(self, dim):
        """Labels of a dimension of /summary, or an empty array."""
        group = self._file["summary"]
        return _labels(group[dim]) if dim in group else np.array([])

    def column(self, group, name):
        """All values of a variable of another group, decoded: a reading of `study`, a field of `trajectories`, ..."""
        return _decode(self._variable(group, name), ())

    def lives(self, name, scenario):
        """A field of /trajectories in one scenario, by its place: persons x ages, decoded."""
        return _decode(self._variable("trajectories", name), (scenario,))

    def row_of_events(self):
        """The row of /trajectories of the person of each event."""
        def key(group, person):
            return self.column(group, "replicate").astype(int) << 32 | self.column(group, person).astype(int)

        people, wanted = key("trajectories", "person_id"), key("events", "person")
        order = np.argsort(people)
        row = order[np.minimum(np.searchsorted(people, wanted, sorter=order), len(people) - 1)]
        if (people[row] != wanted).any():
            raise ResultError(f"{self.path}: events of people without a trajectory; it takes output.trajectories.persons: all")
        return row

    def words(self, group, name):
        """Labels of a dimension of another group, or the meanings of a code's values."""
        dataset = self._variable(group, name)
        if "flag_meanings" in dataset.attrs:
            return _plain(dataset.attrs["flag_meanings"]).split()
        return list(_labels(dataset))

    def has(self, group, name=None):
        """Whether the file holds a group, or a variable of it."""
        return group in self._file and (name is None or name in self._file[group])

    def variables(self, group):
        """Names of all that another group holds."""
        return list(self._file[group]) if group in self._file else []

    def dimensions(self, group, name):
        """Names of its dimensions, in order."""
        return _dims(self._file[group], self._variable(group, name))

    def unit(self, group, name):
        """The unit of a variable of another group."""
        return str(_plain(self._variable(group, name).attrs.get("units", "1")))

    def attribute(self, group, name):
        """An attribute of a group, or of its variable `group/variable`; None without."""
        return _plain(self._file[group].attrs[name]) if name in self._file[group].attrs else None

    def _variable(self, group, name):
        if group not in self._file or name not in self._file[group]:
            raise ResultError(f"{self.path}: no /{group}/{name}")
        return self._file[group][name]

    def split(self, name):
        """A variable's measure and statistic: `gait_m_s_p05` is (`gait_m_s`, `p05`).

        Units end in letters too (`strength_femur_n` is in newton), so an ending counts as a
        statistic only where the file holds the measure without it.
        """
        for ending in OVER_DRAWS:
            if name.endswith(f"_{ending}") and name[: -len(ending) - 1] in self:
                return name[: -len(ending) - 1], ending
        base, _, ending = name.rpartition("_")
        if ending in STATISTICS and base in self:
            return base, ending
        return name, "rate" if name.endswith("_per_1000_py") else "mean"


def _plain(value):
    """An attribute or a single value as str, number or list."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
    elif isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _labels(dataset):
    """Labels of a dimension: text as str objects, numbers as they are."""
    if h5py.check_string_dtype(dataset.dtype):
        return np.asarray(dataset.asstr()[...], dtype=object)
    return dataset[...]


def _kept(dataset, dims):
    """What to read of a dataset: all of it, or draw 0 where no other draw was written."""
    parts = [slice(None)] * len(dims)
    if "draw" in dims and dataset.chunks is not None:
        axis = dims.index("draw")
        if dataset.chunks[axis] == 1 and dataset.shape[axis] > 1 and dataset.id.get_num_chunks() == 1:
            parts[axis] = slice(0, 1)
    return tuple(parts)


def _decode(dataset, parts):
    """Values with scale_factor and add_offset applied and _FillValue as NaN."""
    raw = dataset[parts]
    attrs = dataset.attrs
    values = raw.astype(np.float64)
    if "_FillValue" in attrs:
        values[raw == np.asarray(attrs["_FillValue"]).ravel()[0]] = np.nan
    scale = np.asarray(attrs.get("scale_factor", 1.0)).ravel()[0]
    offset = np.asarray(attrs.get("add_offset", 0.0)).ravel()[0]
    return values * scale + offset


def _dims(group, dataset):
    """Names of a dataset's dimensions: from the attached scales, else from the lengths."""
    names = []
    for axis, dim in enumerate(dataset.dims):
        if len(dim) > 0:
            # HDF5 may name the same object by another path: only the last part is the dimension.
            names.append(dim[0].name.rsplit("/", 1)[-1])
        elif dim.label:
            names.append(dim.label)
        else:
            length = dataset.shape[axis]
            fits = [n for n in _DIMENSIONS if n in group and group[n].shape == (length,)]
            fits = [n for n in fits if n not in names]
            if not fits:
                raise ResultError(f"{dataset.name}: dimension {axis} has no name")
            names.append(fits[0])
    return tuple(names)


def _read(group, name):
    dataset = group[name]
    dims = _dims(group, dataset)
    attrs = {
        key: _plain(value)
        for key, value in dataset.attrs.items()
        if key not in ("DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME")
    }
    parts = _kept(dataset, dims)
    return Measure(
        name=name,
        values=_decode(dataset, parts),
        dims=dims,
        coords={dim: _labels(group[dim])[part] for dim, part in zip(dims, parts)},
        units=str(attrs.get("units", "1")),
        long_name=str(attrs.get("long_name", name)),
        attrs=attrs,
    )
