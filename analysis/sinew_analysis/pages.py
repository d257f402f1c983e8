"""Pages of the documentation that hold what a run has measured: tables as Markdown, put where a page keeps them, a figure beside it."""

import re
import sys

from .figures import save
from .reader import ResultError

_FIGURE = re.compile(r"[−+]?[\d.,]*( %)?( \(.*\))?|(\*\*)?(yes|no)(\*\*)?")


def number(value, decimals=2):
    """With its sign, which is a minus and no hyphen."""
    return f"{value:+.{decimals}f}".replace("-", "−")


def markdown(head, rows):
    """A table; columns that hold figures only are set to the right."""
    rows = [[str(cell) for cell in row] for row in rows]
    figures = [all(_FIGURE.fullmatch(row[at]) for row in rows) for at in range(len(head))]
    lines = [head, ["--:" if figure else "---" for figure in figures], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def put_between_marks(path, text, name=None):
    """Puts a text where the page keeps it: between the marks of a name, or those of what was measured."""
    begin, end = (f"{name}:", f"end {name}") if name else ("measured:", "end")
    page, found = re.subn(rf"(?s)(<!-- {begin} -->\n).*?(<!-- {end} -->)", lambda m: f"{m[1]}{text}\n{m[2]}",
                          path.read_text(encoding="utf-8"))
    if found != 1:
        raise ResultError(f"{path}: no place for {name or 'the tables'}")
    path.write_text(page, encoding="utf-8")


def publish(text, paint, folder, name, docs, dots_per_inch=140):
    """Leaves NAME.md and the figure that `paint()` makes, NAME.png, in a folder; and on the page `docs` and beside it, unless None."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    pictures = [folder / f"{name}.png"]
    if docs:
        put_between_marks(docs, text)
        pictures.append(docs.with_name(f"{name}.png"))
    for picture in pictures:
        save(paint(), picture, dpi=dots_per_inch, metadata={"Software": None})


def command(name, work):
    """Ends a command: prints the text that `work()` returns, or in one line why there is none. @return the exit code."""
    try:
        text = work()
    except (ResultError, OSError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    print(text, end="")
    return 0
