"""The same study in other worlds: with what makes muscle and bone go together taken apart.

    python3 -m sinew_analysis.mayo.worlds RESULTS --study CONFIG -o DIR     writes DIR/NAME.yaml for each world

A trait x of bone is x = ... + psi kappa m* + (1 - psi) kappa b_m: muscle as bone feels it acts by the share psi, the rest is an
origin in common with the lasting level of muscle. Muscle's innovations and slopes also go with those of all bone (rho, r_S).
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from ..reader import ResultError, Results
from . import study as st
from .tables import markdown, number, percent

NO_CAUSE, NO_ORIGIN, ALL_CAUSE, ALL_ORIGIN = "no_cause", "no_origin", "all_cause", "all_origin"
_SEXES = tuple(st.SEXES)


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


def config(study_config, name, bone, traits):
    """A world as a config that extends the study's."""
    lines = [f"extends: {study_config}", f"title: 'World {name}'", "parameters:", "  bone:"]
    for key, value in bone.items():
        if key != "per_muscle":
            lines.append(f"    {key}: {value:g}")
            continue
        lines.append("    per_muscle:")
        for sex, row in zip(_SEXES, value):
            lines.append(f"      {sex}: {{" + ", ".join(f"{trait}: {each:.9g}" for trait, each in zip(traits, row)) + "}")
    return "\n".join(lines) + "\n"


def write(results, study_config, folder):
    """Writes the config of each world of a result's parameters; their paths."""
    kappa = results.column("parameters", "bone_per_muscle")[0]
    psi = results.column("parameters", "bone_causal_share")[0]
    traits = results.words("parameters", "TRAIT")
    folder.mkdir(parents=True, exist_ok=True)
    for name, bone in overrides(kappa, psi).items():
        path = folder / f"{name}.yaml"
        path.write_text(config(study_config.resolve(), name, bone, traits), encoding="utf-8")
        yield path


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
    parser = argparse.ArgumentParser(prog="sinew_analysis.mayo.worlds", description="Configs of the study in other worlds.")
    parser.add_argument("results", type=Path)
    parser.add_argument("--study", type=Path, required=True, help="config that the worlds extend")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the configs")
    options = parser.parse_args(arguments)
    try:
        with Results(options.results) as results:
            for path in write(results, options.study, options.output):
                print(path)
    except (ResultError, OSError) as error:
        print(f"worlds: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
