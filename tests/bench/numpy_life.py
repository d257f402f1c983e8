"""The same life as the engine's in numpy, as a good user of numpy would write it: how fast is it?

    /usr/bin/python3 tests/bench/numpy_life.py [PERSONS] [--world PROGRAM] [--chunk PEOPLE]
                                          [--normals ziggurat|box-muller] [--save FILE.npz]

A chunk of people of one sex lives year by year; every variable is a row of single precision, a person a column.
The dead give their column to the last who lives. What few people need is worked out for those few. The numbers
of the model come as JSON from the program bench_world, made from the parameters and the same reference pass as
those of the other benchmarks. Names are those of the engine; equations stand beside its processes.
"""

import argparse
import os
import resource
import sys
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import numpy as np  # noqa: E402
from numpy_events import (attribute, break_without_fall, breaks_by_time, change_frailty, enter_home,  # noqa: E402
                          fall, live_or_die, settle)
from numpy_money import account, steady_utility  # noqa: E402
from numpy_people import People, be_born, classify, look, record_state  # noqa: E402
from numpy_world import FEMALE, FIRST_AGE, MALE, N_AGES, N_VARYING, ROOT, ROW, STATE_ROWS, Sums, World  # noqa: E402

WORLD = ROOT / "build" / "release" / "tests" / "bench_world"
CHUNK = 50000  # people that live together: fewer cost more calls each, more leave the caches


def late_loss(y):
    """Integral of 1 - (y - 2) / 8 from 2 to y, y held within 2 and 10."""
    t = np.clip(y - 2, 0, 8)
    return t - t * t * 0.0625


def advance(p, c, s, dead, rng):
    """One year on; the dead leave."""
    if p.first_fmp - 2 < c.age < p.last_fmp + 10:
        since = c.age - p.fmp
        bare = np.maximum(1 - c.weight_shield * c.bmi_z_scale * (p.bmi_base + p.bmi_change), 0)
        p.menopause_early += bare * (np.clip(since + 1, -1, 2) - np.clip(since, -1, 2))
        p.menopause_late += bare * (late_loss(since + 1) - late_loss(since))
    if c.igfbp2_feedback != 0:
        p.trait_base += c.trait_feedback * s.igfbp2_z
    p.muscle_felt += c.felt_lag * (s.muscle - p.muscle_felt)
    by_activity = c.muscle_per_activity * p.activity
    varying = p.state[:N_VARYING, :p.n]
    varying *= c.varying_phi
    p.muscle_change += by_activity
    if len(dead):
        p.bury(dead)
    z = p.normals(rng, N_VARYING)
    muscle, bmi, bone = (STATE_ROWS[name] for name in ("muscle_change", "bmi_change", "bone_change"))
    z[bmi] = c.bmi_r * z[muscle] + c.bmi_own * z[bmi]
    z[bone] = c.bone_r * z[muscle] + c.bone_own * z[bone]
    z *= c.varying_sd
    p.state[:N_VARYING, :p.n] += z


def live_year(p, c, e, sex, world, cell, rng):
    s = look(p, c, sex)
    classify(p, c, sex, s, cell)
    record_state(p, c, sex, s, cell, world.n_bins)
    falls = fall(p, c, s, world, rng)
    breaks = breaks_by_time(falls, *break_without_fall(p, c, s, world, rng))
    dead, lived = live_or_die(p, c, s, breaks, rng)
    year = settle(p, c, s, falls, breaks, dead, lived, cell)
    if len(dead):
        attribute(p, c, s, dead, lived, cell, rng)
    account(p, c, e, s, year, cell)
    opening = p.frailty.copy()
    change_frailty(p, c, s, year.hip, rng)
    enter_home(p, c, opening, year, dead, cell, rng)
    advance(p, c, s, dead, rng)


def live(world, persons, sums, people, rng):
    """Lives `persons` lives, women first, in chunks of equal size."""
    for sex, n in ((FEMALE, (persons + 1) // 2), (MALE, persons // 2)):
        chunks = -(-n // people.size)
        for k in range(chunks):
            be_born(people, world.birth[sex], sex, (n * (k + 1)) // chunks - (n * k) // chunks, rng)
            for i in range(N_AGES):
                if people.n == 0:
                    break
                sums.person_years += people.n
                live_year(people, world.year[sex][i], world.economy[sex][i], sex, world, sums.cell(sex, i), rng)


def print_model(sums):
    def at(name, sex, age):
        return sums.mean_and_sd(name)[0][sex, age - FIRST_AGE]

    years = sums.count[:, :, sums.world.counts.index("person_years")].sum(axis=1) / sums.n[:, 0]
    hips = 1000 * at("fracture_hip", FEMALE, 80) / at("person_years", FEMALE, 80)
    print(f"  e20 F {years[FEMALE]:.2f} M {years[MALE]:.2f} years; falls at 75 F {at('falls', FEMALE, 75):.3f} "
          f"M {at('falls', MALE, 75):.3f}; hip fractures at 80 F {hips:.2f} per 1000 person-years; "
          f"grip at 60 F {at('grip_kg', FEMALE, 60):.2f} kg; cost at 75 F {at('cost', FEMALE, 75):.0f} USD; "
          f"QALYs at 75 F {at('qaly', FEMALE, 75):.4f}")


def save(sums, path):
    """Mean, SD and number of every measure, its histogram and where that begins, by sex and age."""
    found = {"cause": sums.cause}
    for name, k in ROW.items():
        found[name + "_histogram"] = sums.histogram[:, :, k]
        found[name + "_low"] = sums.world.bin_low[:, :, k]
        found[name + "_bins_per_unit"] = sums.world.bins_per_unit[:, :, k]
    for name in sums.world.measures:
        found[name], found[name + "_sd"], found[name + "_n"] = sums.mean_and_sd(name)
    np.savez(path, **found)


def user_s():
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def main():
    parser = argparse.ArgumentParser(description="The life of the engine in numpy, timed.")
    parser.add_argument("persons", nargs="?", type=int, default=100000)
    parser.add_argument("--world", default=WORLD, help="the program bench_world")
    parser.add_argument("--chunk", type=int, default=CHUNK, help="people that live together")
    parser.add_argument("--normals", choices=("ziggurat", "box-muller"), default="ziggurat",
                        help="numpy's own, or sines and cosines: these it vectorises")
    parser.add_argument("--save", help="means, SDs, numbers and histograms, .npz")
    options = parser.parse_args()
    if options.persons < 2 or options.chunk < 1:
        parser.error("at least 2 persons, and chunks of at least 1")
    if not Path(options.world).exists():
        sys.exit(f"numpy_life: no {options.world}: scripts/setup test, then build")
    world = World(options.world)
    for e in (e for ages in world.economy for e in ages):
        e.steady = steady_utility(e)
    people = People(min(options.chunk, (options.persons + 1) // 2), options.normals == "box-muller")
    rng = np.random.Generator(np.random.SFC64(1))
    live(world, options.persons // 20 + 2, Sums(world), people, rng)  # pages touched, caches warm
    sums = Sums(world)
    begin = user_s()
    live(world, options.persons, sums, people, rng)
    seconds = user_s() - begin
    years = sums.person_years
    print(f"numpy {options.normals}: {options.persons} persons, {years} person-years, {seconds:.3f} s, "
          f"{years / seconds:.4g} person-years/s ({1e9 * seconds / years:.1f} ns each)")
    print_model(sums)
    if options.save:
        save(sums, options.save)


if __name__ == "__main__":
    main()
