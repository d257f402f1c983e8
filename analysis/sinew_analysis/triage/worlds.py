"""Other worlds to follow people in: draws of the uncertain parameters of a result, each as a config.

    python3 -m sinew_analysis.triage.worlds RESULTS --study CONFIG --draws 12 -o DIR      writes DIR/draw_N.yaml, draws 1 to N
"""

import sys

import numpy as np

from .. import worlds


def config(results, study, draw):
    """The study in the world of one draw: every parameter that differs from the point estimate."""
    sections = {}
    for name in results.variables("parameters"):
        key = results.attribute(f"parameters/{name}", "key")
        values = results.column("parameters", name) if key else None
        if key is None or key.count(".") != 1 or np.array_equal(values[draw], values[0]):
            continue  # with two dots it is a figure of an intervention or of a screening, not a parameter
        section, parameter = key.split(".")
        labels = [results.words("parameters", axis) for axis in results.dimensions("parameters", name)[1:]]
        sections.setdefault(section, {})[parameter] = worlds.flow(values[draw], labels)
    return worlds.config(study, f"Draw {draw}", sections)


def main(arguments=None):
    def configs(results, options):
        return {f"draw_{draw}": config(results, options.study, draw) for draw in range(1, options.draws + 1)}

    return worlds.write_all("sinew_analysis.triage.worlds", "Draws of a result as configs of a study.", configs,
                            lambda parser: parser.add_argument("--draws", type=int, required=True), arguments)


if __name__ == "__main__":
    sys.exit(main())
