"""The example result file opened by h5py, xarray, netCDF4, ncdump, h5dump and R."""

import os
import shutil
import subprocess

import h5py
import netCDF4
import numpy as np
import pytest
import xarray

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WRITER = os.path.join(ROOT, "build", "release", "tests", "write_example")
ENGINES = ["netcdf4", "h5netcdf"]


def grip(scenario, draw, sex, age):
    return 50.0 - 0.25 * age + 10.0 * sex + scenario + 0.5 * draw


def asm(scenario, person, age):
    return 20000 + 100 * scenario + 7 * person - 50 * age


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    name = str(tmp_path_factory.mktemp("store") / "results.h5")
    subprocess.run([WRITER, name], check=True)
    return name


@pytest.mark.parametrize("engine", ENGINES)
def test_a_summary_is_selected_by_label(path, engine):
    with xarray.open_dataset(path, group="summary", engine=engine) as ds:
        one = ds.sel(sex="female", scenario="reference", draw=0)
        assert ds.grip_kg.dims == ("scenario", "draw", "sex", "age")
        assert one.grip_kg.attrs["units"] == "kg"
        assert float(one.grip_kg.sel(age=40)) == 45.0
        assert list(ds.scenario.values) == ["reference", "exercise"]
        assert list(ds.age.values) == list(range(20, 98))
        assert ds.age.attrs["units"] == "year"
        ages = np.arange(78)
        np.testing.assert_array_equal(
            ds.grip_kg.sel(sex="male", scenario="exercise", draw=1), grip(1, 1, 1, ages))
        assert np.isnan(float(one.hip_per_1000_py.sel(age=20)))
        assert float(one.hip_per_1000_py.sel(age=21)) == 1.0


@pytest.mark.parametrize("engine", ENGINES)
def test_packed_trajectories_are_unpacked(path, engine):
    with xarray.open_dataset(path, group="trajectories", engine=engine) as ds:
        values = ds.asm_kg.sel(scenario="exercise", person=2990, age=97)
        assert float(values) == pytest.approx(0.001 * asm(1, 299, 77) + 2.0, abs=1e-6)
        assert ds.asm_kg.attrs["units"] == "kg"
        meanings = ds.person_sex.attrs["flag_meanings"].split()
        assert meanings == ["female", "male"]
        assert list(ds.person_sex.attrs["flag_values"]) == [0, 1]
        assert int(ds.person_sex.sel(person=10)) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_events_are_columns_along_one_dimension(path, engine):
    with xarray.open_dataset(path, group="events", engine=engine) as ds:
        assert dict(ds.sizes) == {"event": 1000}
        assert ds.to_dataframe().shape == (1000, 3)
        assert float(ds.age_yr[999]) == 20.5 + 0.0625 * 999
        assert ds.kind.attrs["flag_meanings"] == "fall_injury fracture death"


@pytest.mark.parametrize("engine", ENGINES)
def test_the_root_holds_the_config(path, engine):
    with xarray.open_dataset(path, engine=engine) as ds:
        assert str(ds.config.values) == "title: an example\nseed: 7\n"
        assert ds.attrs["title"] == "Größe"
        assert ds.attrs["seed"] == 7
    with xarray.open_dataset(path, group="parameters", engine=engine) as ds:
        assert list(ds.origin.values) == ["default", "prior", "config: größer"]
        assert ds.muscle_loss_per_yr.attrs["key"] == "muscle.loss_per_yr"


def test_netcdf4_sees_names_and_nothing_phony(path):
    with netCDF4.Dataset(path) as ds:
        group = ds["trajectories"]
        assert group["asm_kg"].dimensions == ("scenario", "person", "age")
        assert group["asm_kg"].chunking() == [1, 64, 78]
        assert ds["events"].dimensions["event"].isunlimited()
        group["asm_kg"].set_auto_maskandscale(False)
        expected = asm(*np.meshgrid(range(2), range(300), range(78), indexing="ij"))
        np.testing.assert_array_equal(group["asm_kg"][:], expected)


def test_h5py_reads_values_and_dimensions(path):
    with h5py.File(path) as f:
        asm_kg = f["trajectories/asm_kg"]
        assert asm_kg.dtype == np.uint16 and asm_kg.shuffle and asm_kg.compression == "gzip"
        assert asm_kg[1, 299, 77] == asm(1, 299, 77)
        assert asm_kg.dims[1][0].name == "/trajectories/person"
        assert f["summary/sex"].asstr()[0] == "female"
        assert f["config"].asstr()[()].startswith("title")
        assert f.attrs["Conventions"] == "CF-1.10"


def test_every_type_is_one_that_all_readers_know(path):
    allowed = {"int8", "int16", "int32", "uint8", "uint16", "float32", "float64", "object"}
    seen = set()
    with h5py.File(path) as f:
        f.visititems(lambda _, x: seen.add(str(x.dtype)) if isinstance(x, h5py.Dataset) else None)
    assert seen <= allowed


def test_ncdump_shows_names(path):
    text = subprocess.run(["ncdump", "-h", path], check=True, capture_output=True, text=True).stdout
    assert "float grip_kg(scenario, draw, sex, age)" in text
    assert "string scenario(scenario)" in text
    assert "phony" not in text


def test_h5dump_reads_every_byte(path):
    subprocess.run(["h5dump", "-o", os.devnull, path], check=True, capture_output=True)


@pytest.mark.skipif(not shutil.which("Rscript"), reason="no R")
def test_r_reads_it_with_rhdf5_and_ncdf4(path):
    done = subprocess.run(["Rscript", "--vanilla", os.path.join(HERE, "test_open.R"), path],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all of R's checks passed" in done.stdout
