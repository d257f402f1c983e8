"""What figures and tables share: curves with their bands, people at risk, survival, pooled rates and shares."""

from dataclasses import dataclass

import numpy as np

SEXES = ("female", "male")
_Z95 = 1.6448536269514722  # normal quantile of 0.95: bands run from 5 to 95 %
_HORIZON = 98  # the birthday at which a life is censored

BAND_PEOPLE = "people"
BAND_DRAWS = "draws"
BAND_SIMULATION = "simulation"


@dataclass
class Curve:
    """A measure by age in one scenario and sex: centre, 5 and 95 % where known, and what they spread over."""

    age: np.ndarray
    centre: np.ndarray
    low: np.ndarray = None
    high: np.ndarray = None
    band: str = ""
    units: str = "1"


def point(measure, scenario, sex, **labels):
    """Values by age at the point estimate: draw 0 where there are draws, no draw axis else."""
    part = measure.sel(scenario=scenario, sex=sex, **labels)
    if "draw" in part.dims:
        draws = part.coords["draw"]
        part = part.sel(draw=0 if 0 in draws else draws[0])
    return part


def _over_draws(measure, scenario, sex, **labels):
    """Values of draws 1..N by age, or None where there are none."""
    part = measure.sel(scenario=scenario, sex=sex, **labels)
    if "draw" not in part.dims:
        return None
    values = np.moveaxis(part.values, part.dims.index("draw"), 0)
    values = values[part.coords["draw"] > 0]
    return values if len(values) > 1 and np.isfinite(values).any() else None


def _band(draws):
    """5 and 95 % of draws by age; NaN at ages that nobody reaches in any."""
    reached = np.isfinite(draws).any(axis=0)
    low, high = np.full(draws.shape[1], np.nan), np.full(draws.shape[1], np.nan)
    low[reached], high[reached] = np.nanquantile(draws[:, reached], [0.05, 0.95], axis=0)
    return low, high


def alive(results, scenario, sex):
    """People alive at each birthday, or None."""
    for name in ("alive_n", "person_years_n"):
        if name in results:
            count = point(results[name], scenario, sex).values
            # Where the mean of `alive` runs over everybody who started, its n stays the same.
            if name == "alive_n" and "alive" in results and np.ptp(count) == 0:
                count = count * point(results["alive"], scenario, sex).values
            return count
    return None


def survival(results, scenario, sex):
    """Share of those who entered who are alive at each birthday, as a curve, or None.

    People met at different ages are no survivors of each other.
    """
    if results.kind != "cohort":
        return None
    lived = results.get("lx")
    count = alive(results, scenario, sex)
    if lived is not None:
        part = point(lived, scenario, sex)
        age, share = part.coords["age"], part.values / part.values[0]
    elif count is not None and count[0] > 0:
        age, share = results.labels("age"), count / count[0]
    else:
        return None
    curve = Curve(age, share)
    if count is not None and count[0] > 0:
        error = _Z95 * np.sqrt(share * (1 - share) / count[0])
        curve.low, curve.high = np.clip(share - error, 0, 1), np.clip(share + error, 0, 1)
        curve.band = BAND_SIMULATION
    return curve


def living(results, scenario, sex):
    """Survivors at each birthday, as people where the file counts them, else as shares; or None."""
    count = alive(results, scenario, sex)
    if count is not None:
        return count
    reached = survival(results, scenario, sex)
    return None if reached is None else reached.centre


def person_years(results, scenario, sex):
    """Years lived between each birthday and the next by all who entered, or None.

    Counted where the file has them; else the trapezoid of the survivors, whose last year takes
    the mortality of the year before.
    """
    if "person_years" in results and "person_years_n" in results:
        mean = point(results["person_years"], scenario, sex).values
        number = point(results["person_years_n"], scenario, sex).values
        return np.nan_to_num(mean) * np.nan_to_num(number)
    count = living(results, scenario, sex)
    if count is None:
        return None
    kept = count[-1] / count[-2] if len(count) > 1 and count[-2] > 0 else 0.0
    return (count + np.append(count[1:], count[-1] * kept)) / 2


def curve(results, name, scenario, sex, **labels):
    """The curve of a measure, with the best band that the file allows, or None where it is absent.

    In this order: spread between people (quantiles in the file), between draws of the
    uncertain parameters (1..N), error of a finite number of simulated people.
    """
    measure = results.get(name)
    if measure is None:
        return None
    part = point(measure, scenario, sex, **labels)
    found = Curve(part.coords["age"], part.values, units=measure.units)
    if f"{name}_p05" in results and f"{name}_p95" in results:
        found.low = point(results[f"{name}_p05"], scenario, sex, **labels).values
        found.high = point(results[f"{name}_p95"], scenario, sex, **labels).values
        found.band = BAND_PEOPLE
        return found
    draws = _over_draws(measure, scenario, sex, **labels)
    if draws is not None:
        found.low, found.high = _band(draws)
        found.band = BAND_DRAWS
        return found
    error = _simulation_error(results, name, found, scenario, sex, **labels)
    if error is not None:
        found.low = np.maximum(0, found.centre - _Z95 * error)
        found.high = found.centre + _Z95 * error
        found.band = BAND_SIMULATION
    return found


def pooled_curve(results, name, scenario, sex, width, **labels):
    """The curve of a rate with `width` years of age taken together round each age, or None."""
    found = curve(results, name, scenario, sex, **labels)
    years = person_years(results, scenario, sex)
    if found is None or years is None:
        return found
    known = np.where(np.isfinite(found.centre), years, 0.0)
    window = np.ones(width)
    pooled_years = np.convolve(known, window, mode="same")
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.convolve(np.nan_to_num(found.centre) * known, window, mode="same") / pooled_years
        if found.band == BAND_DRAWS:
            draws = np.nan_to_num(_over_draws(results[name], scenario, sex, **labels)) * known
            draws = np.array([np.convolve(one, window, mode="same") for one in draws]) / pooled_years
            low, high = _band(draws)
            return Curve(found.age, centre, low, high, BAND_DRAWS, found.units)
        error = _Z95 * np.sqrt(centre * 1000 / pooled_years)
    return Curve(found.age, centre, np.maximum(0, centre - error), centre + error, BAND_SIMULATION, found.units)


def averaged(found, people, width):
    """The curve averaged over `width` years of age round each age, every age weighing by its people.

    Bands of people or draws are averaged too; errors by chance are those of different people, hence
    added in squares.
    """
    window = np.ones(width)

    def mean(values, power=1):
        weights = np.where(np.isfinite(values), np.nan_to_num(people), 0.0)
        summed = np.convolve((weights * np.nan_to_num(values)) ** power, window, mode="same") ** (1 / power)
        with np.errstate(divide="ignore", invalid="ignore"):
            return summed / np.convolve(weights, window, mode="same")

    centre = mean(found.centre)
    if found.low is None:
        return Curve(found.age, centre, units=found.units)
    power = 2 if found.band == BAND_SIMULATION else 1
    low = centre - mean(found.centre - found.low, power)
    high = centre + mean(found.high - found.centre, power)
    return Curve(found.age, centre, low, high, found.band, found.units)


def _simulation_error(results, name, found, scenario, sex, **labels):
    """Standard error of a measure from the number of people simulated, or None."""
    if f"{name}_mcse" in results:
        return point(results[f"{name}_mcse"], scenario, sex, **labels).values
    base = name.removesuffix("_per_py")
    if base != name and f"{base}_mcse" in results:
        years, count = person_years(results, scenario, sex), living(results, scenario, sex)
        if years is None or count is None:
            return None
        # Of the mean per person, over the time each lived: who dies early spreads it, so an upper bound.
        with np.errstate(divide="ignore", invalid="ignore"):
            return point(results[f"{base}_mcse"], scenario, sex, **labels).values * count / years
    if name.endswith("_per_1000_py"):
        years = person_years(results, scenario, sex)
        if years is None:
            return None
        # Events counted in so many years: Poisson. Falls cluster in people, so theirs is a lower bound.
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.sqrt(found.centre * 1000 / years)
    return None


def share(results, name, scenario, sex, level=1):
    """Share of the living by age whose code is at least `level`, over all draws the file has, or None.

    From the shares by level where the file holds them. Without them a yes-or-no code's mean is its
    share, and of three levels (0, 1, 2) mean and standard deviation tell the shares:
    E x = p1 + 2 p2, E x^2 = p1 + 4 p2. Four levels can't be told apart.
    """
    measure = results.get(name)
    if measure is None:
        return None
    by_level = results.get(f"{name}_share")
    if by_level is not None:
        part = by_level.sel(scenario=scenario, sex=sex)
        axis = part.dims.index("level")
        chosen = np.flatnonzero(part.coords["level"] >= level)
        part.values = part.values.take(chosen, axis=axis).sum(axis=axis)
        part.dims = tuple(dim for dim in part.dims if dim != "level")
        return part
    part = measure.sel(scenario=scenario, sex=sex)
    highest = _highest_code(results, name)
    if highest == 1:
        return part
    if highest == 2 and f"{name}_sd" in results:
        square = results[f"{name}_sd"].sel(scenario=scenario, sex=sex).values ** 2 + part.values**2
        both = (square - part.values) / 2
        part.values = np.clip(both if level == 2 else part.values - both, 0, 1)
        return part
    return None


def _highest_code(results, name):
    """The highest level of a code: as the file says, else as its means and quantiles show."""
    measure = results[name]
    flags = measure.attrs.get("flag_values")
    if flags is not None:
        return max(np.atleast_1d(flags))
    seen = [measure.values] + [results[f"{name}_{q}"].values for q in ("p75", "p95") if f"{name}_{q}" in results]
    finite = [values[np.isfinite(values)] for values in seen]
    return max(1, *(int(np.ceil(values.max())) for values in finite if values.size))


def share_curve(results, name, scenario, sex, level=1):
    """The curve of the share of the living whose code is at least `level`, with its band; or None."""
    part = share(results, name, scenario, sex, level)
    if part is None:
        return None
    draws = _over_draws(part, scenario, sex)
    central = point(part, scenario, sex)
    found = Curve(central.coords["age"], central.values)
    number = _number(results, name, scenario, sex)
    if draws is not None:
        found.low, found.high = _band(draws)
        found.band = BAND_DRAWS
    elif number is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            error = _Z95 * np.sqrt(found.centre * (1 - found.centre) / number)
        found.low = np.clip(found.centre - error, 0, 1)
        found.high = np.clip(found.centre + error, 0, 1)
        found.band = BAND_SIMULATION
    return found


def _number(results, name, scenario, sex):
    """People behind each age's mean, or None."""
    if f"{name}_n" in results:
        return point(results[f"{name}_n"], scenario, sex).values
    return alive(results, scenario, sex)


def _pool(values, weights, ages, youngest):
    use = (ages >= youngest) & np.isfinite(values) & (weights > 0)
    if not use.any():
        return None
    return float(np.average(values[use], weights=weights[use]))


def pooled_rate(results, measure, scenario, sex, youngest):
    """Events per 1,000 person-years from `youngest` on, or None."""
    years = person_years(results, scenario, sex)
    if measure is None or years is None:
        return None
    part = point(measure, scenario, sex)
    return _pool(part.values, years, part.coords["age"], youngest)


def pooled_share(results, name, scenario, sex, youngest, level=1):
    """Share of the living from `youngest` on whose code is at least `level`, or None."""
    part, number = share(results, name, scenario, sex, level), _number(results, name, scenario, sex)
    if part is None or number is None:
        return None
    part = point(part, scenario, sex)
    return _pool(part.values, np.nan_to_num(number), part.coords["age"], youngest)


def value_at(results, name, scenario, sex, age):
    """Mean at one age, or None."""
    measure = results.get(name)
    if measure is None or age not in measure.coords["age"]:
        return None
    value = float(point(measure, scenario, sex).sel(age=age).values)
    return value if np.isfinite(value) else None


def life_expectancy(results, scenario, sex, age):
    """Years still lived from a birthday to the 98th, or None."""
    ages = results.labels("age")
    if len(ages) == 0 or ages[-1] != _HORIZON - 1:
        return None
    return per_survivor(results, np.ones(len(ages)), scenario, sex, age)


def share_cut_off(results, scenario, sex, age):
    """Per cent of a cohort alive at a birthday who reach the 98th, where lives are cut off, or None."""
    ages, deaths = results.labels("age"), results.get("death_per_1000_py")
    years, count = person_years(results, scenario, sex), living(results, scenario, sex)
    if results.kind != "cohort" or deaths is None or years is None or count is None or ages[-1] != _HORIZON - 1 \
            or not count[ages == age].any():
        return None
    dead = np.nan_to_num(point(deaths, scenario, sex).values)[-1] / 1000 * years[-1]
    return float(100 * (count[-1] - dead) / count[ages == age][0])


def per_survivor(results, rate, scenario, sex, age):
    """Sum of a rate per person-year from a birthday on, per person of a cohort who reaches it, or None."""
    if results.kind != "cohort":
        return None
    years, count = person_years(results, scenario, sex), living(results, scenario, sex)
    ages = results.labels("age")
    if years is None or count is None or age not in ages:
        return None
    entered = count[ages == age][0]
    return float((np.nan_to_num(rate) * years)[ages >= age].sum() / entered) if entered > 0 else None


def fractures_from(results, scenario, sex, age, site):
    """Fractures of a site from a birthday to the last, per person who reaches it, or None."""
    measure = fractures(results, site)
    if measure is None:
        return None
    return per_survivor(results, point(measure, scenario, sex).values / 1000, scenario, sex, age)


def fracture_sites(results):
    """Labels of the fracture sites in the file's order."""
    measure = results.get("fracture_per_1000_py")
    return [] if measure is None else list(measure.coords.get("site", []))


def fractures(results, site):
    """Fractures per 1,000 person-years of one site, or of all together (`any`); or None."""
    measure = results.get("fracture_per_1000_py")
    if measure is None:
        return None
    if "site" not in measure.dims or site in measure.coords["site"]:
        return measure.sel(site=site)
    if site != "any":
        return None
    axis = measure.dims.index("site")
    total = measure.sel(site=measure.coords["site"][0])
    total.values = measure.values.sum(axis=axis)
    return total
