"""The same study in other worlds: with what makes muscle and bone go together taken apart.

    python3 -m sinew_analysis.mayo.worlds RESULTS --study CONFIG -o DIR     writes DIR/NAME.yaml for each world

A trait x of bone is x = ... + psi kappa m* + (1 - psi) kappa b_m: muscle as bone feels it acts by the share psi, the rest is an
origin in common with the lasting level of muscle. Muscle's innovations and slopes also go with those of all bone (rho, r_S).
"""

import sys
from pathlib import Path

import numpy as np

from ..pages import markdown, number
from ..reader import Results
from ..worlds import config, flow, write_all
from . import study as st
from .tables import percent

NO_CAUSE, NO_ORIGIN, ALL_CAUSE, ALL_ORIGIN = "no_cause", "no_origin", "all_cause", "all_origin"


def overrides(kappa, psi):
    """Parameters of section `bone` that each world has otherwise, of kappa, (2, traits), and psi.

    no_cause: muscle moves no bone, what is shared stays as it is. no_origin: the other way round. all_cause,
    all_origin: kappa as it is, but all of it by cause or all of it shared."""
    return {
        NO_CAUSE: {"causal_share": 0, "per_muscle": (1 - psi) * kappa},
        NO_ORIGIN: {"causal_share": 1, "per_muscle": psi * kappa, "r_muscle_change": 0, "r_slopes": 0},
        ALL_CAUSE: {"causal_share": 1},
        ALL_ORIGIN: {"causal_share": 0},
    }


def configs(results, study):
    """{world: its config} of a result's parameters."""
    kappa = results.column("parameters", "bone_per_muscle")[0]
    psi = results.column("parameters", "bone_causal_share")[0]
    labels = [results.words("parameters", axis) for axis in results.dimensions("parameters", "bone_per_muscle")[1:]]
    return {name: config(study, f"World {name}", {"bone": {key: flow(value, labels, 9) if key == "per_muscle" else f"{value:g}"
                                                           for key, value in bone.items()}})
            for name, bone in overrides(kappa, psi).items()}


def read(folder):
    """The studies of the worlds whose results lie in DIR/NAME/results.h5."""
    found = {}
    for name in (NO_CAUSE, NO_ORIGIN, ALL_CAUSE, ALL_ORIGIN):
        with Results(Path(folder) / name / "results.h5") as results:
            found[name] = st.Study(results)
    return found


def rows(study, worlds):
    """Mean r given age and activity in each world, and what of it goes with the causal paths. People and luck are the
    same in all worlds, so that replicates are compared one by one."""
    least = min(study.replicates, *(world.replicates for world in worlds.values()))
    for sex, word in st.SEXES.items():
        for measure, what in st.BONE.items():
            whole = study.correlation(sex, measure)[0][:least]
            found = {name: world.correlation(sex, measure)[0][:least] for name, world in worlds.items()}
            causal = whole - found[NO_CAUSE]
            yield {"who": word, "what": what, "whole": whole.mean(), "causal": causal.mean(),
                   "error": causal.std(ddof=1) / np.sqrt(least), **{name: r.mean() for name, r in found.items()}}


def summed_up(found):
    """Of rows(): the share of r that goes with the causal paths, over those traits that were published as related, and
    the widest distance between all cause and no cause."""
    related = {(st.SEXES[claim.sex], st.WORDS[claim.measure]) for claim in st.CLAIMS if claim.sign and claim.given == st.BOTH}
    kept = [row for row in found if (row["who"], row["what"]) in related]
    share = sum(abs(row["causal"]) for row in kept) / sum(abs(row["whole"]) for row in kept)
    return share, max(abs(row[ALL_CAUSE] - row[ALL_ORIGIN]) for row in found)


def table(study, worlds):
    """The worlds beside the one of the study."""
    least = min(study.replicates, *(world.replicates for world in worlds.values()))
    lines = list(rows(study, worlds))
    share, widest = summed_up(lines)
    found = markdown(
        ["who", "rASM and", "r", "without cause", "causal part (SE)", "without shared origin", "all by cause",
         "all by shared origin"],
        [[row["who"], row["what"], number(row["whole"]), number(row[NO_CAUSE]),
          f"{number(row['causal'], 3)} ({row['error']:.3f})", number(row[NO_ORIGIN]), number(row[ALL_CAUSE]),
          number(row[ALL_ORIGIN])] for row in lines])
    shares = {word: st.whole_abstract(world, least, st.BONE) for word, world in (
        ("in the model", study), ("all by cause", worlds[ALL_CAUSE]), ("all by shared origin", worlds[ALL_ORIGIN]))}
    repeated = "; ".join(f"{word} {percent(share['Women'])} % of women's and {percent(share['Men'])} % of men's"
                         for word, share in shares.items())
    return "\n\n".join([
        "### Cause and shared origin", f"Mean r given age and activity over {least} replicates.", found,
        f"Of r with the traits that were published as related, {100 * share:.0f} % goes with the causal paths. Between all by "
        f"cause and all by shared origin r differs by {widest:.2f} at most.",
        f"Replicates in which all findings on bone come back: {repeated}."])


def main(arguments=None):
    return write_all("sinew_analysis.mayo.worlds", "Configs of the study in other worlds.",
                     lambda results, options: configs(results, options.study), arguments=arguments)


if __name__ == "__main__":
    sys.exit(main())
