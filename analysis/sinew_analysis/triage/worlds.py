"""Other worlds to follow people in: draws of the uncertain parameters of a result, each as a config.

    python3 -m sinew_analysis.triage.worlds RESULTS --study CONFIG --draws 12 -o DIR      writes DIR/draw_N.yaml, draws 1 to N
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from ..reader import ResultError, Results


def config(results, study, draw):
    """The study in the world of one draw: every parameter that differs from the point estimate."""
    lines = [f"extends: {study}", f"title: 'Draw {draw}'", "parameters:"]
    sections = {}
    for name in results.variables("parameters"):
        key = results.attribute(f"parameters/{name}", "key")
        values = results.column("parameters", name) if key else None
        if key is None or key.count(".") != 1 or np.array_equal(values[draw], values[0]):
            continue  # with two dots it is a figure of an intervention or of a screening, not a parameter
        section, parameter = key.split(".")
        labels = [results.words("parameters", axis) for axis in results.dimensions("parameters", name)[1:]]
        sections.setdefault(section, []).append(f"    {parameter}: {_value(values[draw], labels)}")
    for section, rows in sections.items():
        lines += [f"  {section}:", *rows]
    return "\n".join(lines) + "\n"


def _value(values, labels):
    if not labels:
        return f"{float(values):.17g}"
    return "{" + ", ".join(f"{label}: {_value(value, labels[1:])}" for label, value in zip(labels[0], values)) + "}"


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="sinew_analysis.triage.worlds", description="Draws of a result as configs of a study.")
    parser.add_argument("results", type=Path)
    parser.add_argument("--study", type=Path, required=True, help="config that each extends")
    parser.add_argument("--draws", type=int, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the configs")
    options = parser.parse_args(arguments)
    try:
        with Results(options.results) as results:
            options.output.mkdir(parents=True, exist_ok=True)
            for draw in range(1, options.draws + 1):
                path = options.output / f"draw_{draw}.yaml"
                path.write_text(config(results, options.study.resolve(), draw), encoding="utf-8")
                print(path)
    except (ResultError, OSError) as error:
        print(f"worlds: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
