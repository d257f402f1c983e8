"""The study's people, what was published of the real ones, and how often each finding comes back."""

from dataclasses import dataclass

import numpy as np

from ..correlation import Moments, p_value
from ..reader import ResultError

MUSCLE = "relative_asm_kg_m2"
CORTEX = {
    "ctth_femoral_neck_mm": "CtTh, femoral neck",
    "ctth_lumbar_spine_mm": "CtTh, lumbar spine",
    "ctth_radius_mm": "CtTh, radius",
    "ctth_tibia_mm": "CtTh, tibia",
}
NECK, SPINE = "tb_vbmd_femoral_neck_mg_cm3", "tb_vbmd_lumbar_spine_mg_cm3"
BVTV, NUMBER, THICKNESS, SPACING = "bvtv_radius", "tbn_radius_per_mm", "tbth_radius_mm", "tbsp_radius_mm"
BONE = {
    **CORTEX,
    NECK: "Trabecular vBMD, femoral neck",
    SPINE: "Trabecular vBMD, lumbar spine",
    BVTV: "BV/TV, radius",
    NUMBER: "TbN, radius",
    THICKNESS: "TbTh, radius",
    SPACING: "TbSp, radius",
}
IGFBP2 = "igfbp2_ng_ml"
MARKERS = {
    IGFBP2: "IGFBP-2",
    "igf1_ng_ml": "IGF-I",
    "bio_t_rel": "Bioavailable testosterone",
    "bio_e2_rel": "Bioavailable oestradiol",
}
WORDS = {**BONE, **MARKERS}
AGE, ACTIVITY = "age", "activity_z"
GIVEN = {(): "nothing", (AGE,): "age", (AGE, ACTIVITY): "age, activity"}
BOTH = (AGE, ACTIVITY)
SEXES = {"female": "Women", "male": "Men"}
RANGE = {"female": (0.19, 0.32), "male": (0.17, 0.28)}  # smallest and largest r of the four sites, in print
PLACES = (10, 90)  # percentiles of the replicates between which these two shall lie
LEAST_SHARE, LEAST_SIGN = 0.60, 0.97  # of replicates that repeat a finding, and its sign
LARGER = (1, 2, 4)  # times the study's size, for its power


@dataclass(frozen=True)
class Claim:
    """An association with rASM as published: sign (0: none was found), p below the level, given what; and what the
    model's mean value of it rests on."""

    sex: str
    measure: str
    sign: int
    level: float
    given: tuple = BOTH
    basis: str = "fitted"
    printed: str = "<"

    @property
    def published(self):
        if self.sign == 0:
            return "none"
        if self.measure == IGFBP2:
            return "−, the first"
        return f"{'+' if self.sign > 0 else '−'}, p {self.printed} {self.level:g}"

    def holds(self, r, df):
        """Whether each sample repeats it."""
        if self.sign == 0:
            return p_value(r, df) > self.level
        return (np.sign(r) == self.sign) & (p_value(r, df) < self.level)


# The printed abstract. "Lost after age adjustment", of men's spine, says that there was something before. No p is printed of
# IGFBP-2: .05 is taken.
CLAIMS = [
    *(Claim(sex, measure, 1, 0.01) for sex in SEXES for measure in CORTEX),
    Claim("female", NECK, 1, 0.05),
    Claim("female", SPINE, 1, 0.05),
    Claim("female", BVTV, 1, 0.05, printed="≤"),
    Claim("female", NUMBER, 1, 0.05, printed="≤"),
    Claim("female", THICKNESS, 1, 0.05, basis="follows", printed="≤"),
    Claim("female", SPACING, -1, 0.05, basis="follows", printed="≤"),
    Claim("male", NECK, 1, 0.01),
    Claim("male", SPINE, 1, 0.05, (), basis="follows"),
    Claim("male", SPINE, 0, 0.05, (AGE,)),
    Claim("male", NUMBER, 1, 0.01),
    Claim("male", SPACING, -1, 0.01, basis="follows"),
    Claim("male", BVTV, 0, 0.05),
    Claim("male", THICKNESS, 0, 0.05, basis="follows"),
    Claim("female", IGFBP2, -1, 0.05, basis="assumed"),
    Claim("male", IGFBP2, -1, 0.05, basis="assumed"),
]


class Study:
    """What was measured: of each sex (replicates, people), and the moments that all correlations need."""

    def __init__(self, results):
        replicate = results.column("study", "replicate")
        self.replicates = int(replicate.max()) + 1
        if (np.bincount(replicate.astype(int), minlength=1) * self.replicates != len(replicate)).any():
            raise ResultError(f"{results.path}: replicates of the study differ in size")
        sex = results.column("study", "sex").reshape(self.replicates, -1)
        at = {name: np.flatnonzero(sex[0] == code) for code, name in enumerate(SEXES)}
        if (sex != sex[0]).any() or not all(len(rows) for rows in at.values()):
            raise ResultError(f"{results.path}: not the same women and men in the rows of each replicate")

        def read(name):
            values = results.column("study", name)
            return (np.log(values) if name in MARKERS else values).reshape(self.replicates, -1)

        self._columns = {name: {} for name in SEXES}
        for name in (MUSCLE, *WORDS, AGE, ACTIVITY):
            values = read(name)
            for one, rows in at.items():
                self._columns[one][name] = values[:, rows]
        self._since_fmp = read("years_since_fmp")[:, at["female"]]
        self._moments = {}

    def people(self, sex):
        return self._columns[sex][AGE].shape[1]

    def moments(self, sex, who="all"):
        """Of all of a sex, or of women `before` or `after` their final menstrual period."""
        if (sex, who) not in self._moments:
            if who == "all":
                kept = np.ones((self.replicates, self.people(sex)), bool)
            else:
                kept = (self._since_fmp < 0) == (who == "before")
            self._moments[sex, who] = Moments.of(self._columns[sex], kept)
        return self._moments[sex, who]

    def correlation(self, sex, measure, given=BOTH, who="all", size=1):
        """r of rASM and a measure with its degrees of freedom, by replicate; `size` replicates taken together."""
        return self.moments(sex, who).pooled(size).partial(MUSCLE, measure, given)

    def cortex(self, sex):
        """(replicates, 4) adjusted r of the four sites."""
        return np.column_stack([self.correlation(sex, measure)[0] for measure in CORTEX])


def place(values, published):
    """Per cent of values below a published one; a tie counts half."""
    return 50 * ((values < published).mean() + (values <= published).mean())


def spread(values):
    """5, 50 and 95 % of the replicates."""
    return np.percentile(values, [5, 50, 95])


def range_rows(study):
    """Smallest and largest r of the four sites beside the distribution of each."""
    for sex, ends in RANGE.items():
        found = study.cortex(sex)
        for word, values, published in zip(("smallest", "largest"), (found.min(axis=1), found.max(axis=1)), ends):
            at = place(values, published)
            yield {"who": SEXES[sex], "what": f"CtTh, {word} of four sites", "given": GIVEN[BOTH],
                   "published": f"{published:.2f}", "basis": "fitted", "r": spread(values), "place": at,
                   "met": PLACES[0] <= at <= PLACES[1]}


def claim_rows(study):
    """Each published association: how often it is found again."""
    for claim in CLAIMS:
        r, df = study.correlation(claim.sex, claim.measure, claim.given)
        share = claim.holds(r, df).mean()
        sign = (np.sign(r) == claim.sign).mean() if claim.sign else None
        yield {"who": SEXES[claim.sex], "what": WORDS[claim.measure], "given": GIVEN[claim.given],
               "published": claim.published, "basis": claim.basis, "r": spread(r), "sign": sign, "share": share,
               "met": share >= LEAST_SHARE and (sign is None or sign >= LEAST_SIGN)}


def first_of_markers(study, sex, who="all", given=BOTH):
    """Which marker has the largest |r| with rASM in each replicate, by its place in MARKERS."""
    return np.abs([study.correlation(sex, marker, given, who)[0] for marker in MARKERS]).argmax(axis=0)


def whole_abstract(study, replicates=None, measures=WORDS):
    """Share of the (first) replicates that repeat every claim on these measures: of women, of men, of both. Among the
    markers IGFBP-2 must be the first, too."""
    held = {}
    for sex in SEXES:
        found = [claim.holds(*study.correlation(sex, claim.measure, claim.given))
                 for claim in CLAIMS if claim.sex == sex and claim.measure in measures]
        if IGFBP2 in measures:
            found.append(first_of_markers(study, sex) == 0)
        held[sex] = np.all(found, axis=0)[:replicates]
    return {"Women": held["female"].mean(), "Men": held["male"].mean(), "Both": (held["female"] & held["male"]).mean()}


def group_rows(study):
    """What was not printed: women before and after menopause."""
    for measure, word in WORDS.items():
        row = {"what": word}
        for who in ("before", "after"):
            r, df = study.correlation("female", measure, BOTH, who)
            row[who], row[f"{who}_share"] = spread(r), (p_value(r, df) < 0.05).mean()
        yield row


def marker_rows(study):
    """The circulating markers: r with rASM, p < .05, and how often each is the first."""
    groups = (("female", "all", "Women"), ("male", "all", "Men"), ("female", "before", "Women before menopause"),
              ("female", "after", "Women after menopause"))
    for sex, who, words in groups:
        first = first_of_markers(study, sex, who)
        for at, (marker, word) in enumerate(MARKERS.items()):
            r, df = study.correlation(sex, marker, BOTH, who)
            bare = study.correlation(sex, marker, (), who)[0]
            yield {"who": words, "what": word, "bare": np.median(bare), "r": spread(r),
                   "share": (p_value(r, df) < 0.05).mean(), "first": (first == at).mean()}


def power_rows(study):
    """Share of studies that find each association at its level, at the study's size and at multiples of it."""
    for claim in CLAIMS:
        row = {"who": SEXES[claim.sex], "what": WORDS[claim.measure], "given": GIVEN[claim.given],
               "level": claim.level}
        for size in LARGER:
            r, df = study.correlation(claim.sex, claim.measure, claim.given, size=size)
            row[size] = (p_value(r, df) < claim.level).mean()
        yield row
