"""The pathways of a result as its config holds them, and their conditions at work on arrays."""

import ast
import operator
import re
from dataclasses import dataclass, field

import numpy as np

from ..reader import ResultError

_COMPARE = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
            ast.NotEq: operator.ne}


@dataclass
class Step:
    name: str
    test: str = ""
    occasions: int = 1
    positive: str = ""
    then: str = ""
    otherwise: str = ""


@dataclass
class Pathway:
    name: str
    who: str = ""
    steps: list = field(default_factory=list)


def pathways(config):
    """{name: Pathway} of a resolved config, as the program writes it."""
    found, inside = {}, False
    for line in config.splitlines():
        if not line.startswith(" "):
            inside = line.startswith("screening:")
            continue
        match = re.match(r'( +)(- )?(\w+): "?(.*?)"?$', line) if inside else None
        if not match:
            continue
        indent, key, value = len(match[1] + (match[2] or "")), match[3], match[4]
        if indent == 4 and key == "name":
            here = found.setdefault(value, Pathway(value))
        elif indent == 4 and key == "who":
            here.who = value
        elif indent == 8 and key == "name":
            here.steps.append(Step(value))
        elif indent == 8 and key in ("test", "positive", "then", "otherwise"):
            setattr(here.steps[-1], key, value)
        elif indent == 8 and key == "occasions":
            here.steps[-1].occasions = int(value)
    return found


def holds(condition, columns):
    """For whom a condition holds. @columns {name: array}, such as `measured.grip_kg`."""
    text = re.sub(r"(?<![<>!=])=(?!=)", "==", condition.replace("\\n", " "))
    tree = ast.parse(" ".join(text.split()), mode="eval").body
    return np.broadcast_to(_evaluate(tree, columns), len(columns["age"])).astype(bool)


def _evaluate(node, columns):
    if isinstance(node, ast.BoolOp):
        parts = [_evaluate(part, columns) for part in node.values]
        return np.logical_and.reduce(parts) if isinstance(node.op, ast.And) else np.logical_or.reduce(parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ~_evaluate(node.operand, columns)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_evaluate(node.operand, columns)
    if isinstance(node, ast.Compare):
        with np.errstate(invalid="ignore"):
            return _COMPARE[type(node.ops[0])](_evaluate(node.left, columns), _evaluate(node.comparators[0], columns))
    if isinstance(node, ast.Constant):
        return np.full(len(columns["age"]), node.value)
    name = ast.unparse(node)
    if name not in columns:
        raise ResultError(f"a condition asks for {name}, which is not known of the people who were followed")
    return columns[name]


def positive(pathway, columns):
    """Who reaches an intervention by a pathway, of those whom all its tests could be made on."""
    n = len(columns["age"])
    at, end = {pathway.steps[0].name: np.ones(n, bool)}, np.zeros(n, bool)
    for step in pathway.steps:
        here = at.get(step.name, np.zeros(n, bool))
        found = holds(step.positive, columns)
        for route, who in ((step.then, here & found), (step.otherwise, here & ~found)):
            if route in [other.name for other in pathway.steps]:
                at[route] = at.get(route, np.zeros(n, bool)) | who
            elif route:
                end |= who
    return end
