"""The published estimate of the cost of sarcopenia, and its arithmetic step by step (mode A).

Janssen and others 2004 (J Am Geriatr Soc 52:80) give the cost, by sex, and the dollars per sarcopenic person; the survey behind it
(Am J Epidemiol 159:413) the classes of skeletal muscle index, their prevalence and the odds ratios of disability. The table of the
cost of disability was not read: its two pools are worked back, and so is the baseline at which odds ratios become relative risks.
"""

from dataclasses import dataclass

LABEL = "direct cost attributable to sarcopenia, USA 2000 (Janssen 2004), called frailty in the Mayo press release"
TOTAL_BN = 18.5
SAVED_BN = 1.1  # by a tenth less sarcopenia
UNIT = "USD_2000"


@dataclass(frozen=True)
class Published:
    """One sex. Classes: moderate and high risk."""

    cost_bn: float
    per_person_usd: float
    prevalence: tuple
    odds_ratio: tuple
    baseline: float  # share disabled in the normal class: chosen so that a tenth less sarcopenia saves the published 1.1
    pool_bn: float  # cost of disability from 60 on: worked back
    disabled: float  # share from 60 on


BY_SEX = {
    "male": Published(10.8, 860, (0.531, 0.112), (3.65, 4.71), 0.05, 17.9, 0.126),
    "female": Published(7.7, 933, (0.219, 0.094), (1.41, 3.31), 0.10, 40.3, 0.1236),
}


def relative_risk(odds_ratio, baseline):
    """Of an odds ratio, where the baseline risk is known."""
    return odds_ratio / (1 - baseline + baseline * odds_ratio)


def excess(prevalence, risks):
    """S, the sum of p (RR - 1) over classes."""
    return sum(p * (rr - 1) for p, rr in zip(prevalence, risks))


def attributable_fraction(s):
    """Levin's population-attributable fraction of several classes."""
    return s / (1 + s)


@dataclass(frozen=True)
class Steps:
    """The arithmetic for one sex, a step a number."""

    people: float
    sarcopenic: float  # implied by cost and dollars per person
    share: float
    risks: tuple
    excess: float
    fraction: float
    cost_bn: float  # pool times fraction
    high_share: float  # of the cost, by the class at high risk
    saved_bn: float  # by a tenth less sarcopenia with the pool as it is
    pool_falls_bn: float  # the same where the pool falls with its disabled
    per_disabled_usd: float


def steps(given, people, prevalence=None, baseline=None):
    """Mode A for one sex with the published prevalence, or another; with baseline 0 the odds ratios stand for risks."""
    prevalence = given.prevalence if prevalence is None else prevalence
    baseline = given.baseline if baseline is None else baseline
    risks = tuple(relative_risk(ratio, baseline) for ratio in given.odds_ratio)
    s = excess(prevalence, risks)
    less = 0.9 * s
    sarcopenic = 1e9 * given.cost_bn / given.per_person_usd
    return Steps(
        people=people, sarcopenic=sarcopenic, share=sarcopenic / people, risks=risks, excess=s, fraction=attributable_fraction(s),
        cost_bn=given.pool_bn * attributable_fraction(s), high_share=prevalence[1] * (risks[1] - 1) / s,
        saved_bn=given.pool_bn * (attributable_fraction(s) - attributable_fraction(less)),
        pool_falls_bn=given.pool_bn * (s - less) / (1 + s),
        per_disabled_usd=1e9 * given.pool_bn / (people * given.disabled))
