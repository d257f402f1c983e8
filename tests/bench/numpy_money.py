"""Cost and quality of life of a year of the numpy life, by the event ledger. Equations: economics.md."""

import numpy as np
from numpy_events import Stretches
from numpy_world import HIP

N_GROUPS = 3  # fractures as costs and utilities know them: hip, vertebral, elsewhere
INJURY = N_GROUPS  # beside them
UTILITY = (-0.1, 1)


def utility(e, m, resident, frail, sarcopenic, hurt):
    """m: the three multipliers of fractures; all else yes or no."""
    home = np.where(resident, e.home_multiplier, 1)
    low, high = np.minimum(m[0], m[1]), np.maximum(m[0], m[1])
    low2, high2 = np.minimum(m[2], home), np.maximum(m[2], home)
    # the product of the two smallest: the smallest, and the next among what is left
    worst = np.minimum(low, low2) * np.minimum(np.maximum(low, low2), np.minimum(high, high2))
    change = np.minimum(frail * e.frail_change, sarcopenic * e.sarcopenic_change)
    return np.clip(e.utility_factor * (e.norm * worst + change + hurt * e.injury_change), *UTILITY)


def steady_utility(e):
    """(hurt, states) of those in whom nothing changes; bits of a state: groups that ever broke, resident, frail,
    sarcopenic."""
    bit = np.arange(64) >> np.arange(6).reshape(-1, 1) & 1
    m = [np.where(bit[g], e.multiplier[2 * g + 1], 1) for g in range(N_GROUPS)]
    table = [utility(e, m, bit[3], bit[4], bit[5], hurt) for hurt in (0, 1)]
    return np.array(table, dtype=np.float32)


def group_of(site):
    return np.minimum(site, N_GROUPS - 1)  # the sites begin with hip and vertebral


def fracture_tails(p, c, e, cost):
    """Adds the cost of fractures a year old or more: the share of the first year's cost is s2 in the second year and
    half as much in each year after, so a year of age has a mixture of two, linear in the time since."""
    for g in range(N_GROUPS):
        lane = np.flatnonzero(p.fracture_age[g] > c.age - 5)
        at = p.fracture_age[g, lane]
        since = c.age - at
        part = np.maximum(np.maximum(1.5 - 0.5 * since, 1 - 0.25 * since), np.maximum(0.625 - 0.125 * since, 0))
        cost[lane] += np.where(at < 65, e.first_year[2 * g], e.first_year[2 * g + 1]) * (e.share[5 * g + 1] * part)


def sore_time(p, c, e, lane, time):
    """Part of the year in which each is hurt, given injuries in the order of lane and time."""
    sore = np.maximum(p.injury_age + (e.injury_years - c.age), 0)
    end = time + e.injury_years
    before = sore[lane]  # an earlier injury hurts until then
    again = np.flatnonzero(lane[1:] == lane[:-1]) + 1
    before[again] = np.maximum(before[again], end[again - 1])
    more = np.minimum(end, 1) - np.maximum(time, before)
    return sore + np.bincount(lane, weights=np.maximum(more, 0), minlength=p.n)


def changing(p, c, e, s, year, lane):
    """Costs without injuries, and quality-adjusted time, of lanes in whom something changes: stretch by stretch."""
    n, cut = len(lane), Stretches.CUT
    place = np.full(p.n, -1)
    place[lane] = everyone = np.arange(n)
    clock, sore = p.fracture_age[:, lane] - c.age, p.injury_age[lane] - c.age
    who, hurts = place[year.lane], place[year.injured]
    injured_time = year.injured_time[hurts >= 0]
    hurts = hurts[hurts >= 0]
    cuts = [(cut, everyone, sore + e.injury_years), (INJURY, hurts, injured_time),
            (cut, hurts, injured_time + e.injury_years)]
    group = group_of(year.site)
    for g in range(N_GROUPS):
        recent = np.flatnonzero(clock[g] > -5)
        cuts.append((cut, recent, clock[g, recent] - np.floor(clock[g, recent])))
        cuts.append((g, who[group == g], year.time[group == g]))
    part = Stretches(n, cuts)
    t, at = part.middle, lane[part.who]
    resident = p.resident[at]
    m, rate = [], np.full(len(t), e.background[0])
    for g in range(N_GROUPS):
        last = part.latest(g, clock[g])
        since = t - last
        m.append(np.where(since < 1, e.multiplier[2 * g], np.where(since < 500, e.multiplier[2 * g + 1], 1)))
        share = np.append(e.share[5 * g:5 * g + 5], 0).take(np.minimum(since, 5).astype(np.intp))
        rate += np.where(last < 65 - c.age, e.first_year[2 * g], e.first_year[2 * g + 1]) * share
        if g == HIP:  # its first year holds the care in a facility
            rate += e.nursing_home * (resident & (since >= 1))
    hurt = t - part.latest(INJURY, sore) < e.injury_years
    quality = utility(e, m, resident, s.frail[at], s.sarcopenic[at], hurt)
    width = np.maximum(np.minimum(part.end, year.until[at]) - part.begin, 0)
    return np.add.reduceat(rate * width, part.first), np.add.reduceat(quality * width, part.first)


def account(p, c, e, s, year, cell):
    """Adds the accounts of the year; then the clocks move. All first as if nothing changed, then the few in whom
    something does."""
    cost = np.full(p.n, e.background[0], np.float32)
    cost[p.resident] += e.nursing_home
    fracture_tails(p, c, e, cost)
    state = (p.fracture_age[0] > 0).view(np.int8) + 2 * (p.fracture_age[1] > 0).view(np.int8)
    state += 4 * (p.fracture_age[2] > 0).view(np.int8)
    state += 8 * p.resident.view(np.int8)
    state += 16 * s.frail.view(np.int8)
    state += 32 * s.sarcopenic.view(np.int8)
    qaly = e.steady[0].take(state)
    order = np.argsort(year.injured + year.injured_time)
    injured, injured_time = year.injured[order], year.injured_time[order]
    sore = sore_time(p, c, e, injured, injured_time)
    lane = np.flatnonzero(sore)
    qaly[lane] += sore[lane] * (e.steady[1] - e.steady[0]).take(state[lane])
    changes = p.fracture_age.max(axis=0) > c.age - 1
    changes |= year.until < 1
    changes[year.lane] = True
    lane = np.flatnonzero(changes)
    cost[lane], qaly[lane] = changing(p, c, e, s, year, lane)
    cost += np.float32(e.injury) * np.bincount(year.injured, minlength=p.n)
    for name, values in (("cost", cost), ("qaly", qaly)):
        k = cell.count[name]
        cell.sum[k] += values.sum(dtype=np.float64)
        cell.squares[k] += np.square(values, dtype=np.float64).sum()
    # of each lane the latest is written last
    p.fracture_age[group_of(year.site), year.lane] = c.age + year.time
    p.injury_age[injured] = c.age + injured_time
