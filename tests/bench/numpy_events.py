"""What happens to the people of the numpy life in a year: falls, fractures, death, frailty, nursing homes."""

from types import SimpleNamespace

import numpy as np
from numpy_world import HIP, N_CAUSES, OTHER, SITE_CLASS, SITES, VERTEBRAL


def which_site(per, relative, at):
    """The site whose stretch of the cumulated chances holds `at`. per (sites,), relative (3, k), at (k,)."""
    cumulated = np.cumsum(per[:, None] * relative[SITE_CLASS], axis=0)
    return np.minimum((at >= cumulated).sum(axis=0), OTHER)


def happen(rate, most, rng):
    """Events of Poisson processes at these rates in a year: lanes that have any; lane of each event as a place in
    that list; times. The first comes after an exponential time, the rest at any time after."""
    u = rng.random(len(rate), dtype=np.float32)
    lane = np.flatnonzero(u < rate)  # 1 - exp(-rate) < rate
    rate = rate[lane]
    first = -np.log1p(-u[lane])
    first /= rate
    early = first < 1
    lane, rate, first = lane[early], rate[early], first[early]
    more = np.minimum(rng.poisson(rate * (1 - first)), most - 1)
    of = np.repeat(np.arange(len(lane)), more)
    later = 1 - (1 - first[of]) * rng.random(len(of), dtype=np.float32)
    return lane, np.concatenate([np.arange(len(lane)), of]), np.concatenate([first, later])


def fall(p, c, s, world, rng):
    """True falls of the year: fallers, whose each is, when, which broke what, which injured, were reported."""
    at = np.clip(p.fall_prone, -6.6, 6.5999)
    at += 6.6
    at *= world.prone_steps / 13.2
    step = at.astype(np.intp)
    at -= step
    prone = world.prone_at.take(step)
    prone += world.prone_slope.take(step) * at
    rate = c.fall_rate_ln + prone
    rate -= c.fall_per_weakness * s.strength_z
    rate += c.fall_frail * s.frail
    rate += c.fall_home * p.resident
    if c.fall_per_igfbp2 != 0:
        rate += c.fall_per_igfbp2 * s.igfbp2_z
    np.exp(rate, out=rate)
    rate *= c.fall_variance
    rate *= rng.standard_gamma(1 / c.fall_variance, p.n, dtype=np.float32)
    faller, of, time = happen(rate, world.falls_max, rng)
    base = p.log_prior_risk[faller] - c.mild_falls * prone[faller]
    neck, spine = s.neck_z[faller], s.spine_z[faller]
    relative = np.exp([base - c.grad_hip * neck, base - c.grad_spine * spine, base - c.grad_other * neck])
    chance = c.per_fall[HIP] * relative[0] + c.per_fall[VERTEBRAL] * relative[1] + c.other_per_fall * relative[2]
    site_luck, injury_luck, report_luck = rng.random((3, len(of)), dtype=np.float32)
    broken = site_luck < np.minimum(chance, 0.95)[of]
    injured = ~broken & (injury_luck < c.p_injury)
    reported = report_luck < np.where(broken | injured, c.p_report_injury, c.p_report_harmless)
    which = np.flatnonzero(broken)
    faller_of = of[which]
    luck = site_luck[which] * np.maximum(1, chance[faller_of] / 0.95)
    return SimpleNamespace(faller=faller, of=of, time=time, broken=which, injured=injured, reported=reported,
                           site=which_site(c.per_fall, relative[:, faller_of], luck))


def break_without_fall(p, c, s, world, rng):
    """Other fractures: lane, time, site."""
    relative = np.stack([c.trauma_hip * s.neck_z, c.trauma_spine * s.spine_z, c.trauma_other * s.neck_z])
    np.subtract(p.log_prior_risk, relative, out=relative)
    np.exp(relative, out=relative)
    hazard = c.per_year[HIP] * relative[0] + c.per_year[VERTEBRAL] * relative[1] + c.other_per_year * relative[2]
    lane, of, time = happen(hazard, world.non_fall_max, rng)
    lane = lane[of]
    luck = hazard[lane] * rng.random(len(lane), dtype=np.float32)
    return lane, time, which_site(c.per_year, relative[:, lane], luck)


def breaks_by_time(falls, lane, time, site):
    """All fractures of the year, those of falls and others, by time."""
    n_falls = len(falls.broken)
    lane = np.concatenate([falls.faller[falls.of[falls.broken]], lane])
    time, site = np.concatenate([falls.time[falls.broken], time]), np.concatenate([falls.site, site])
    order = np.argsort(time)
    return SimpleNamespace(lane=lane[order], time=time[order], site=site[order], fell=order < n_falls)


class Stretches:
    """The years of some people cut into stretches in which nothing changes, by person and time.

    cuts: (kind, who, time) of events, kind >= 0, and of other instants, kind CUT; those not in the year are dropped.
    """

    START, CUT = -2, -1

    def __init__(self, n, cuts):
        who = np.concatenate([np.arange(n)] + [who for _, who, _ in cuts])
        time = np.concatenate([np.zeros(n)] + [time for _, _, time in cuts])
        kind = np.repeat([self.START] + [kind for kind, _, _ in cuts], [n] + [len(who) for _, who, _ in cuts])
        inside = np.flatnonzero((time >= 0) & (time < 1))
        order = inside[np.argsort((who + time)[inside], kind="stable")]
        self.who, self.begin, self.kind = who[order], time[order], kind[order]
        self.first = np.flatnonzero(self.kind == self.START)
        self.end = np.append(self.begin[1:], 1)
        self.end[self.first[1:] - 1] = 1
        self.middle = 0.5 * (self.begin + self.end)

    def latest(self, kind, before):
        """Time of the latest event of a kind in each stretch; `before` (n,) until there is one."""
        time = np.where(self.kind == kind, self.begin, before[self.who])
        known = (self.kind == kind) | (self.kind == self.START)
        return time[np.maximum.accumulate(np.where(known, np.arange(len(time)), 0))]


def outlive(p, c, lane, hazard, threshold, breaks):
    """Time lived by lanes whose hazard changes in the year, at each hip or vertebral fracture, half a year after one
    of the hip and five years after one of a vertebra; 1 for survivors. breaks: lane, time and site."""
    everyone = np.arange(len(lane))
    hip, spine = p.hip_age[lane] - c.age, p.vertebral_age[lane] - c.age
    cuts = [(Stretches.CUT, everyone, hip + 0.5), (Stretches.CUT, everyone, spine + 5)]
    for site in (HIP, VERTEBRAL):
        here = np.flatnonzero(breaks.site == site)
        who, time = np.searchsorted(lane, breaks.lane[here]), breaks.time[here]
        cuts.append((site, who, time))
        if site == HIP:
            cuts.append((Stretches.CUT, who, time + 0.5))
    year = Stretches(len(lane), cuts)
    hip, spine = year.latest(HIP, hip), year.latest(VERTEBRAL, spine)
    ratio = np.where(year.middle - hip < 0.5, c.hip_early, np.where(hip > -500, c.hip_late, 1))
    rate = hazard[year.who] * np.where(year.middle - spine < 5, c.vertebral_rr * ratio, ratio)
    more = rate * (year.end - year.begin)
    exposure = np.cumsum(more)
    exposure -= (exposure - more)[year.first][year.who]
    over = exposure - threshold[year.who]
    past = np.flatnonzero(over > 0)
    dies, at = np.unique(year.who[past], return_index=True)
    last = past[at]
    lived = np.ones(len(lane))
    lived[dies] = np.minimum(year.end[last] - over[last] / rate[last], 0.9999999)
    return lived


def live_or_die(p, c, s, breaks, rng):
    """The dead of the year and the time they lived. Where the hazard is one all year, one comparison decides for
    nearly all: 1 - exp(-h) < h."""
    hazard = -c.death_per_weakness * s.strength_z
    hazard += c.death_per_igfbp2 * s.igfbp2_z
    hazard += c.death_frail * s.frail
    np.exp(hazard, out=hazard)
    hazard *= c.death_hazard
    since_spine = c.age - p.vertebral_age
    changes = (p.hip_age > c.age - 0.5) | ((since_spine > 4) & (since_spine < 5))
    changes[breaks.lane[breaks.site <= VERTEBRAL]] = True
    ratio = np.where(s.had_hip, np.float32(c.hip_late), np.float32(1))
    ratio[since_spine < 5] *= c.vertebral_rr
    ratio *= hazard
    u = rng.random(p.n, dtype=np.float32)
    may_die = np.flatnonzero((u < ratio) & ~changes)
    lived = -np.log1p(-u[may_die]) / ratio[may_die]
    dead, lived = may_die[lived < 1], lived[lived < 1]
    lane = np.flatnonzero(changes)
    if len(lane):
        other = outlive(p, c, lane, hazard[lane], -np.log1p(-u[lane].astype(np.float64)), breaks)
        dead = np.concatenate([dead, lane[other < 1]])
        lived = np.concatenate([lived, other[other < 1]])
        order = np.argsort(dead)
        dead, lived = dead[order], lived[order]
    return dead, lived


def attribute(p, c, s, dead, lived, cell, rng):
    """Adds the dead to the causes, in proportion to the parts of the hazard at death."""
    age = c.age + lived
    since_hip = age - p.hip_age[dead]
    part = np.zeros((N_CAUSES, len(dead)))
    part[0] = 1
    part[1] = np.where(since_hip > 500, 0, np.where(since_hip < 0.5, c.hip_early, c.hip_late) - 1)
    part[2] = np.where(age - p.vertebral_age[dead] < 5, c.vertebral_rr - 1, 0)
    part[3] = np.where(s.frail[dead], np.exp(c.death_frail) - 1, 0)
    part[4] = np.exp(-c.death_per_weakness * s.strength_z[dead]) - 1
    part[5] = np.exp(c.death_per_igfbp2 * s.igfbp2_z[dead]) - 1
    cumulated = np.cumsum(np.maximum(part, 0), axis=0)
    cause = (cumulated[-1] * rng.random(len(dead)) >= cumulated).sum(axis=0)
    cell.cause += np.bincount(np.minimum(cause, N_CAUSES - 1), minlength=N_CAUSES)


def add_count(cell, name, values):
    """Adds what some people have of an outcome; the others have none."""
    k = cell.count[name]
    cell.sum[k] += values.sum()
    cell.squares[k] += (values * values).sum()


def add_share(cell, name, number):
    k = cell.count[name]
    cell.sum[k] += number
    cell.squares[k] += number


def settle(p, c, s, falls, breaks, dead, lived, cell):
    """Counts what came before death, and leaves its marks on people. Returns the year as it was: the time that each
    lived, fractures, injuries without, and who was hurt by a fall that broke no hip."""
    until = np.ones(p.n, np.float32)
    until[dead] = lived
    hurt = np.zeros(p.n, bool)
    before = falls.time < until[falls.faller][falls.of]
    n_fallers = len(falls.faller)
    injured = falls.injured & before
    reported = np.bincount(falls.of[falls.reported & before], minlength=n_fallers)
    add_count(cell, "falls", np.bincount(falls.of[before], minlength=n_fallers))
    add_count(cell, "falls_reported", reported)
    add_share(cell, "faller", np.count_nonzero(reported))
    add_share(cell, "recurrent_faller", np.count_nonzero(reported > 1))
    add_count(cell, "fall_injuries", np.bincount(falls.of[injured], minlength=n_fallers))
    lane_injured = falls.faller[falls.of[injured]]
    hurt[lane_injured] = True
    kept = breaks.time < until[breaks.lane]
    lane, time, site = breaks.lane[kept], breaks.time[kept], breaks.site[kept]
    hip, spine = site == HIP, site == VERTEBRAL
    hurt[lane[breaks.fell[kept] & ~hip]] = True
    which, number = np.unique(len(SITES) * lane + site, return_counts=True)
    for k, name in enumerate(SITES):
        add_count(cell, "fracture_" + name, number[which % len(SITES) == k])
    # the latest is written last
    p.hip_age[lane[hip]] = c.age + time[hip]
    p.vertebral_age[lane[spine]] = c.age + time[spine]
    np.add.at(p.n_vertebral, lane[spine], 1)
    p.log_prior_risk *= c.prior_decay
    p.log_prior_risk[lane] = c.prior_ln * np.exp((time - 1.5) * c.prior_rate)
    add_share(cell, "death", len(dead))
    add_count(cell, "person_years", lived)
    add_share(cell, "person_years", p.n - len(dead))
    if p.first_fmp < c.age + 1 and p.last_fmp >= c.age:
        add_share(cell, "menopause", np.count_nonzero((p.fmp >= c.age) & (p.fmp < c.age + until)))
    return SimpleNamespace(until=until, hurt=hurt, lane=lane, time=time, site=site, hip=lane[hip],
                           injured=lane_injured, injured_time=falls.time[injured])


def change_frailty(p, c, s, hip, rng):
    shift = s.strength_z + s.gait_z
    shift *= -c.frailty_weakness
    shift[hip] += c.frailty_hip
    up = 1 / (1 + np.exp(-(c.up_logit.take(p.frailty) + shift)))
    down = 1 / (1 + np.exp(shift - c.down_logit.take(p.frailty)))
    both = up + down
    over = np.flatnonzero((both > 0.95) & (p.frailty == 1))
    for chance in (up, down):
        chance[over] *= 0.95 / both[over]
    u = rng.random(p.n, dtype=np.float32)
    p.frailty += u < up
    p.frailty -= u >= np.maximum(1 - down, up)


def enter_home(p, c, opening, year, dead, cell, rng):
    if c.enter_home <= 0 and len(year.hip) == 0:
        return
    u = rng.random(p.n, dtype=np.float32)
    hazard = c.home_hazard.take(opening)
    hazard[year.hurt] *= c.home_injury
    enters = u < hazard
    enters &= u < 1 - np.exp(-hazard)
    enters[year.hip] = u[year.hip] < c.home_after_hip
    enters &= ~p.resident
    enters[dead] = False
    p.resident |= enters
    add_share(cell, "nursing_home_entry", np.count_nonzero(enters))
