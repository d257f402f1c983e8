"""The page of an evaluation: what to choose, how sure, what further research is worth, from the decisions beside a result.

    python3 -m sinew_analysis.evaluation output/exercise --name exercise      writes exercise.md there
"""

import argparse
import sys
from pathlib import Path

from . import decision, decision_more
from .pages import command, put_between_marks
from .reader import ResultError, Results
from .tables import read_csv

_MOST = 5


def _markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---" if at < 1 else "--:" for at in range(len(head))) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _value(row):
    return f"{decision.money(row['value'])} ({decision.money(row['standard_error'])})" if row else "–"


def _choices(rows):
    """One line a threshold."""
    found = []
    for threshold in dict.fromkeys(row["threshold"] for row in decision.of(rows, table="acceptability")):
        at = decision.of(rows, threshold=threshold)
        chosen = decision.one(at, table="acceptability", statistic="frontier_probability")
        probability = decision.one(at, table="acceptability", statistic=decision.best(at, "frontier_probability"))
        gain = decision.one(at, table="net_benefit", statistic="incremental_nmb", strategy=chosen["strategy"])
        price = decision.one(at, table="net_benefit", statistic="threshold_price", strategy=chosen["strategy"])
        evpi = decision.one(at, table="information", statistic=decision.best(at, "evpi"))
        everyone = decision.one(at, table="information", statistic=decision.best(at, "evpi_population"))
        found.append((decision.money(threshold), f"**{chosen['strategy']}**", f"{probability['value']:.2f}",
                      f"{decision.money(gain['value'])} ({decision.money(gain['low'])} to {decision.money(gain['high'])})"
                      if gain else "–", decision.money(price["value"]), _value(evpi),
                      f"{everyone['value'] / 1e6:,.0f}" if everyone else "–"))
    return _markdown(("A QALY at", "choose", "probability that it is best", "net benefit above the reference (95 %)",
                      "may cost more by", "all knowledge, a person (SE)", "in all, million"), found)


def _knowledge(rows):
    """What single parameters and sections are worth at the middle threshold, where that is more than twice its error."""
    threshold = decision.middle_threshold(rows)
    known = [row for table in ("information_on_section", "information_on_parameter")
             for row in decision.of(rows, table=table, threshold=threshold)
             if (row["value"] or 0) > max(2 * (row["standard_error"] or 0), 0.5)]
    if not known:
        return f"No section and no single parameter is worth more to know than twice the error of that, at " \
               f"{decision.money(threshold)} a QALY."
    known.sort(key=lambda row: -row["value"])
    return _markdown((f"What is worth most to know, at {decision.money(threshold)}", "a person (SE)"),
                     [(row["about"] + (", all" if row["table"].endswith("section") else ""), _value(row)) for row in known[:_MOST]])


def _luck(rows):
    shares = decision.of(rows, table="noise", statistic="incremental_nmb")
    if not shares:
        return ""
    text = ", ".join(f"{row['strategy']} {100 * row['value']:.0f} %" for row in shares)
    return f"Luck's share of the variance of net benefit between draws, taken out of probabilities and values above: {text}."


def _section(folder):
    rows = read_csv(folder / "decision.csv", decision.NUMBERS)
    parts = [f"*{decision.basis(rows[0])}.*", _choices(rows),
             _markdown(decision.HEAD, [tuple(text or " " for text in row) for row in decision.table(rows)]), _knowledge(rows)]
    for table in decision_more.tables(rows):
        parts.append(f"{table.title}:\n\n" + _markdown(tuple(text or " " for text in table.head), table.rows) +
                     (f"\n\n{table.note}" if table.note else ""))
    return "\n\n".join(part for part in [*parts, _luck(rows)] if part)


def page(output, name):
    """The text on one evaluation."""
    with Results(output / "results.h5") as results:
        draws = len(results.labels("draw")) - 1
        people = int(results["alive_n"].sel(scenario=results.labels("scenario")[0], age=20).first_draw().values.sum())
        title = str(results.attrs.get("title", name))
    folders = sorted((path.parent for path in output.glob("*/decision.csv")), key=lambda path: path.name != decision.FOLDER)
    if not folders:
        raise ResultError(f"{output}: no decision lies beside the result")
    parts = [f"### {title}", f"`scripts/evaluate {name}`; {draws:,} draws of {people:,} people each, followed from 20."]
    for folder in folders:
        if folder.name != decision.FOLDER:
            parts.append(f"#### {folder.name.replace('_', ' ').capitalize()}")
        parts.append(_section(folder))
    return "\n\n".join(parts)


def _write(options):
    text = page(options.output, options.name)
    path = options.output / f"{options.name}.md"
    path.write_text(text + "\n", encoding="utf-8")
    if options.docs:
        put_between_marks(options.docs, text, options.name)
    return f"wrote {path}\n"


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="sinew_analysis.evaluation", description="The page of an evaluation.")
    parser.add_argument("output", type=Path)
    parser.add_argument("--name", required=True)
    parser.add_argument("--docs", type=Path, help="a document with marks for it")
    options = parser.parse_args(arguments)
    return command("evaluation", lambda: _write(options))


if __name__ == "__main__":
    sys.exit(main())
