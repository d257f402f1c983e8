"""Real results of `sinew run` opened by xarray, netCDF4, h5py, ncdump and R: a birth cohort, a nation, a study, draws, a
decision."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import pytest
import xarray

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))

from program import simulate  # noqa: E402

HERE = Path(__file__).parent
ENGINES = ["netcdf4", "h5netcdf"]
REFERENCE = "reference: {persons: 1000}\n"
CONFIGS = {
    "cohort": "title: Cohort\nseed: 4\npopulation: {persons: 3000}\n" + REFERENCE +
              "scenarios: [{name: reference}, {name: strong, parameters: {strength: {grip_young: {female: 35}}}}]\n"
              "output: {trajectories: {persons: 40}, events: all}\n",
    "nation": "title: Nation\nseed: 4\npopulation: {mode: cross_section, persons: 1000, year: 2010, follow: 5}\n" +
              REFERENCE + "output: {trajectories: {persons: 30}}\n",
    "study": "title: Study\nseed: 4\npopulation:\n  mode: study\n  replicates: 2\n  sample:\n"
             "    - {name: women, sex: female, age_from: 20, age_to: 97, n: 60}\n"
             "    - {name: old-men, sex: male, age_from: 65, age_to: 97, n: 40}\n" + REFERENCE,
    "draws": "title: Draws\nseed: 4\npopulation: {persons: 1000}\n" + REFERENCE +
             "uncertainty: {draws: 3, reference_persons: 1000}\n"
             "scenarios: [{name: reference}, {name: strong, parameters: {strength: {grip_young: {female: 35}}}}]\n",
    "decision": "title: Decision\nseed: 4\npopulation: {persons: 400}\n" + REFERENCE +
                "uncertainty: {draws: 20, reference_persons: 1000}\noutput: {measures: [cost, qaly], cost_parts: true}\n"
                "scenarios: [{name: reference}, {name: drug, interventions: [alendronate]}]\n",
}
GROUPS = {"cohort": {"summary", "paired", "economics", "trajectories", "events"},
          "nation": {"summary", "summary_by_year", "trajectories", "events"},
          "study": {"summary", "study"}, "draws": {"summary", "paired", "economics"},
          "decision": {"summary", "paired", "economics"}}
ALWAYS = {"parameters", "reference", "provenance"}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    found = {}
    for kind, text in CONFIGS.items():
        folder = tmp_path_factory.mktemp(kind)
        (folder / "config.yaml").write_text(text, encoding="utf-8")
        found[kind] = simulate(folder / "config.yaml", folder / "out")
    return found


@pytest.fixture(params=CONFIGS)
def kind(request):
    return request.param


@pytest.fixture
def path(results, kind):
    return results[kind]


@pytest.fixture
def cohort(results):
    return results["cohort"]


def datasets(path):
    """Every dataset that holds values: not netCDF's dimensions without labels."""
    with h5py.File(path) as file:
        names = []
        file.visititems(lambda name, x: names.append(name) if isinstance(x, h5py.Dataset) and not str(
            x.attrs.get("NAME", b"")).startswith("b'This is a netCDF dimension") else None)
        return names


def test_a_result_holds_the_groups_of_its_kind(path, kind):
    with h5py.File(path) as file:
        assert {name for name, x in file.items() if isinstance(x, h5py.Group)} == GROUPS[kind] | ALWAYS


def test_every_type_is_one_that_all_readers_know(path):
    with h5py.File(path) as file:
        assert {str(file[name].dtype) for name in datasets(path)} <= {"int16", "int32", "uint8", "uint16", "float64",
                                                                      "object"}
        for name in datasets(path):
            if file[name].dtype == object:
                assert h5py.check_string_dtype(file[name].dtype).length is None, name


def test_every_number_has_a_unit_and_a_sentence(path):
    with h5py.File(path) as file:
        for name in datasets(path):
            if file[name].dtype != object:
                assert file[name].attrs["units"], name
                assert file[name].attrs["long_name"], name


@pytest.mark.parametrize("engine", ENGINES)
def test_every_group_opens_alone_with_its_coordinates(path, kind, engine):
    with xarray.open_dataset(path, engine=engine) as root:
        assert str(root.config.values).startswith("title:")
        assert root.attrs["status"] == "complete" and root.attrs["seed"] == 4
    names = datasets(path)
    for group in sorted(GROUPS[kind] | ALWAYS):
        with h5py.File(path) as file:
            bare = {name for name in file[group] if f"{group}/{name}" not in names}
        with xarray.open_dataset(path, group=group, engine=engine) as ds:
            ds.load()
            assert set(ds.variables) == {name.split("/")[1] for name in names if name.startswith(group + "/")}
            for name in ds.dims:
                assert (name in ds.coords) == (name not in bare), (group, name)


@pytest.mark.parametrize("engine", ENGINES)
def test_summaries_are_selected_by_label(cohort, engine):
    with xarray.open_dataset(cohort, group="summary", engine=engine) as ds, h5py.File(cohort) as file:
        one = ds.sel(scenario="strong", sex="male", age=70, draw=0)
        assert ds.grip_kg.dims == ("scenario", "draw", "sex", "age") and ds.grip_kg.attrs["units"] == "kg"
        assert float(one.grip_kg) == file["summary/grip_kg"][1, 0, 1, 50]
        assert float(one.fracture_per_1000_py.sel(site="hip")) == file["summary/fracture_per_1000_py"][1, 0, 1, 50, 0]
        assert ds.age.attrs["units"] == "year" and list(ds.sex.values) == ["female", "male"]


@pytest.mark.parametrize("engine", ENGINES)
def test_trajectories_are_unpacked(cohort, engine):
    with xarray.open_dataset(cohort, group="trajectories", engine=engine) as ds, h5py.File(cohort) as file:
        values = ds.grip_kg.sel(scenario="reference", person=7).values
        packed = file["trajectories/grip_kg"][0, 7].astype(float)
        packed[packed == 65535] = np.nan
        np.testing.assert_allclose(values, 0.002 * packed, rtol=1e-6)
        assert ds.grip_kg.dims == ("scenario", "person", "age")
        assert ds.sex.attrs["flag_meanings"] == "female male"
        assert ds.person_id.dtype == np.int32


@pytest.mark.parametrize("engine", ENGINES)
def test_draws_are_selected_by_their_number(results, engine):
    with xarray.open_dataset(results["draws"], group="summary", engine=engine) as ds:
        women = ds.sel(scenario="strong", sex="female", age=30)
        assert list(ds.draw.values) == [0, 1, 2, 3]
        assert len(set(women.grip_kg.values)) == 4 and women.gait_m_s.isnull().values.tolist() == [False] + [True] * 3
        kept = women.grip_kg.sel(draw=slice(1, 3))
        assert float(women.grip_kg_draws_mean) == pytest.approx(float(kept.mean()), rel=1e-12)
        assert float(women.grip_kg_draws_sd) == pytest.approx(float(kept.std(ddof=1)), rel=1e-9)
        assert float(women.gait_m_s_draws_sd) > 0
    with xarray.open_dataset(results["draws"], group="parameters", engine=engine) as ds:
        grip = ds.strength_grip_young
        assert grip.dims == ("draw", "SEX") and grip.sel(draw=0, SEX="male") == 51
        assert grip.attrs["prior"] == "normal, sd 1" and grip.attrs["key"] == "strength.grip_young"


@pytest.mark.parametrize("engine", ENGINES)
def test_decisions_are_selected_by_threshold(results, engine):
    with xarray.open_dataset(results["decision"], group="economics", engine=engine) as ds:
        assert ds.cost.dims == ("scenario", "draw", "sex", "subgroup") and ds.cost.sizes["draw"] == 21
        assert list(ds.sex.values) == ["female", "male", "all"] and list(ds.subgroup.values) == ["all"]
        one = ds.sel(threshold=100000, sex="all", subgroup="all")
        assert float(one.ceac.sum()) == pytest.approx(1) and one.evpi.dims == ()
        draws = ds.cost_discounted.sel(draw=slice(1, 20), sex="all", subgroup="all")
        more = draws.sel(scenario="drug") - draws.sel(scenario="reference")
        assert float(one.incremental_cost.sel(scenario="drug")) == pytest.approx(float(more.mean()), rel=1e-9)
        assert float(ds.cost_by_ledger.sel(scenario="drug", ledger="event", draw=0, sex="male", subgroup="all")) == \
            pytest.approx(float(ds.cost.sel(scenario="drug", draw=0, sex="male", subgroup="all")), rel=1e-12)
        assert ds.quadrant.attrs["flag_meanings"].split()[int(one.quadrant.sel(scenario="reference"))] == "on_axis"


@pytest.mark.parametrize("engine", ENGINES)
def test_events_are_a_table(cohort, engine):
    with xarray.open_dataset(cohort, group="events", engine=engine) as ds:
        table = ds.to_dataframe()
        kinds = ds.kind.attrs["flag_meanings"].split()
        deaths = table[(table.kind == kinds.index("death")) & (table.scenario == 0)]
        assert 2500 < len(deaths) < 3000 and deaths.age_yr.between(20, 98).all()
        assert list(ds.kind.attrs["flag_values"]) == list(range(len(kinds)))
        assert table.site[table.kind == kinds.index("menopause")].isna().all()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_nation_is_selected_by_year_and_age_group(results, engine):
    with xarray.open_dataset(results["nation"], group="summary_by_year", engine=engine) as ds:
        people = ds.people.sel(scenario="reference", draw=0, sex="all", age_group="65-97")
        assert list(people.year.values) == [2010, 2011, 2012, 2013, 2014, 2015]
        assert 39e6 < float(people.sel(year=2010)) < 42e6  # Census 2010: 40 million of 65 and over


@pytest.mark.parametrize("engine", ENGINES)
def test_a_study_is_a_table_of_persons(results, engine):
    with xarray.open_dataset(results["study"], group="study", engine=engine) as ds:
        table = ds.drop_dims("group_name").to_dataframe()
        assert len(table) == 200 and list(table.index) == list(range(200))
        assert table.groupby(["replicate", "group_code"]).size().tolist() == [60, 40, 60, 40]
        assert [str(name) for name in ds.group_name.values] == ["women", "old-men"]
        assert table.grip_kg.between(5, 90).all() and ds.grip_kg.attrs["units"] == "kg"
        assert table.years_since_fmp.isna().tolist() == (table.sex == 1).tolist()


def test_netcdf4_sees_names_and_nothing_phony(path, kind):
    with netCDF4.Dataset(path) as ds:
        for group in GROUPS[kind] | ALWAYS:
            assert not [name for name in ds[group].dimensions if name.startswith("phony")], group
            for name, variable in ds[group].variables.items():
                variable[:]
                assert set(variable.dimensions) <= set(ds[group].dimensions), name


def test_ncdump_shows_names_units_and_labels(path, kind):
    text = subprocess.run(["ncdump", "-h", path], check=True, capture_output=True, text=True).stdout
    assert "phony" not in text
    expected = {"cohort": ["double grip_kg(scenario, draw, sex, age)", "ushort grip_kg(scenario, person, age)",
                           "string scenario(scenario)", 'grip_kg:units = "kg"', "ubyte kind(event)"],
                "nation": ["double people(scenario, draw, year, sex, age_group)", "string age_group(age_group)"],
                "study": ["ushort grip_kg(person)", "int person(person)", "string group_name(group_name)"],
                "draws": ["double grip_kg(scenario, draw, sex, age)", "draw = 4 ;",
                          "double grip_kg_draws_p975(scenario, sex, age)",
                          "double fracture_per_1000_py_draws_sd(scenario, sex, age, site)",
                          "double bone_per_muscle(draw, SEX, TRAIT)"],
                "decision": ["double cost_discounted(scenario, draw, sex, subgroup)", "ubyte quadrant(scenario, sex, subgroup)",
                             "double cost_by_part(scenario, draw, sex, subgroup, part)",
                             "double nmb(scenario, threshold, sex, subgroup)", "int optimal(threshold, sex, subgroup)",
                             'nmb:discounting = "discounted"', "string subgroup(subgroup)", "threshold = 3 ;"]}
    for line in expected[kind]:
        assert line in text, line


def test_h5dump_reads_every_byte(path):
    subprocess.run(["h5dump", "-o", os.devnull, path], check=True, capture_output=True)


def probes(path):
    """Names, R's one-based index in reversed order, stored and unpacked value, unit, of some values of each dataset."""
    lines = []
    with h5py.File(path) as file:
        for name in datasets(path):
            data = file[name]
            if data.ndim == 0 or data.size == 0 or name.startswith("provenance"):
                continue
            for at in {tuple(0 for _ in data.shape), tuple(n - 1 for n in data.shape), tuple(n // 2 for n in data.shape)}:
                index = ",".join(str(i + 1) for i in reversed(at))
                if data.dtype == object:
                    lines.append([name, index, "text", data.asstr()[at], ""])
                    continue
                fill = "_FillValue" in data.attrs and data[at] == data.attrs["_FillValue"][0]
                value = float("nan") if fill else data[at] * data.attrs.get("scale_factor", 1.0) + data.attrs.get(
                    "add_offset", 0.0)
                lines.append([name, index, repr(float(data[at])), repr(float(value)), data.attrs["units"]])
    return "\n".join("\t".join(line) for line in lines) + "\n"


@pytest.mark.skipif(not shutil.which("Rscript"), reason="no R")
def test_r_reads_the_same_values_with_rhdf5_and_ncdf4(path, tmp_path):
    (tmp_path / "probes.tsv").write_text(probes(path), encoding="utf-8")
    done = subprocess.run(["Rscript", "--vanilla", HERE / "test_open_result.R", path, tmp_path / "probes.tsv"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all of R's checks passed" in done.stdout
