"""A study in other worlds: its config with other parameters, a file for each world."""

import argparse
from pathlib import Path

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
