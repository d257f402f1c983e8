"""A study in other worlds: its config with other parameters, a file for each world.

    python3 -m sinew_analysis.worlds RESULTS --study CONFIG --draws 12 -o DIR

writes DIR/draw_N.yaml, N from 1 to 12: the study in the world of each draw of the uncertain parameters of a result.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from .pages import command
from .reader import Results


def config(study, title, sections):
    """The study with the parameters of `sections`, {section: {parameter: value as YAML}}."""
    lines = [f"extends: {study}", f"title: '{title}'", "parameters:"]
    for section, values in sections.items():
        lines += [f"  {section}:", *(f"    {parameter}: {text}" for parameter, text in values.items())]
    return "\n".join(lines) + "\n"


def flow(values, labels, digits=17):
    """A value as YAML in one line, {label: value, ..} along each dimension. @param labels (dimensions,) lists of labels."""
    if not labels:
        return f"{float(values):.{digits}g}"
    return "{" + ", ".join(f"{label}: {flow(value, labels[1:], digits)}" for label, value in zip(labels[0], values)) + "}"


def write_all(program, description, configs, add=lambda parser: None, arguments=None):
    """The command that writes them: NAME.yaml into a folder for each of `configs(results, options)`, {NAME: text}, and prints the paths.
    @param add adds options of its own to the parser. @return the exit code."""
    parser = argparse.ArgumentParser(prog=program, description=description)
    parser.add_argument("results", type=Path)
    parser.add_argument("--study", type=lambda path: Path(path).resolve(), required=True, help="config that each world extends")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the configs")
    add(parser)
    options = parser.parse_args(arguments)
    return command("worlds", lambda: _write(configs, options))


def _write(configs, options):
    options.output.mkdir(parents=True, exist_ok=True)
    paths = []
    with Results(options.results) as results:
        for name, text in configs(results, options).items():
            paths.append(options.output / f"{name}.yaml")
            paths[-1].write_text(text, encoding="utf-8")
    return "".join(f"{path}\n" for path in paths)


def of_draw(results, study, draw):
    """The study in the world of one draw: every parameter that differs from the point estimate."""
    sections = {}
    for name in results.variables("parameters"):
        key = results.attribute(f"parameters/{name}", "key")
        values = results.column("parameters", name) if key else None
        if key is None or key.count(".") != 1 or np.array_equal(values[draw], values[0]):
            continue  # with two dots it is a figure of an intervention or of a screening, not a parameter
        section, parameter = key.split(".")
        labels = [results.words("parameters", axis) for axis in results.dimensions("parameters", name)[1:]]
        sections.setdefault(section, {})[parameter] = flow(values[draw], labels)
    return config(study, f"Draw {draw}", sections)


def main(arguments=None):
    def configs(results, options):
        return {f"draw_{draw}": of_draw(results, options.study, draw) for draw in range(1, options.draws + 1)}

    return write_all("sinew_analysis.worlds", "Draws of a result as configs of a study.", configs,
                     lambda parser: parser.add_argument("--draws", type=int, required=True), arguments)


if __name__ == "__main__":
    sys.exit(main())
