"""The names that a formula takes from its data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from synthesis.errors import InvalidArgument

QUOTED = re.compile(r"`([^`]*)`")  # how a formula names a column that is no word of Python


class UnusableFormula(InvalidArgument):
    """A formula that was read, and fails on these values."""


def variables(formula: str) -> tuple[str, ...]:
    """The columns that a formula needs, sorted.

    formulaic's own list leaves out what stands inside center(), scale(), poly() and bs().

    Parameters
    ----------
    formula : str
        The right-hand side, with or without its "~".

    Raises
    ------
    InvalidArgument
        For a formula that cannot be read, has a left-hand side or parts divided by "|", or has no term at all.
    """
    import formulaic

    right = formula.strip().removeprefix("~").strip() or "1"
    try:
        read = formulaic.Formula(right)
    except Exception as wrong:  # its parser has many errors of its own
        first_line = str(wrong).partition("\n")[0]
        raise InvalidArgument(f"the formula {formula!r} cannot be read: {first_line}") from wrong
    if not isinstance(read, formulaic.SimpleFormula):
        raise InvalidArgument(f"the formula {formula!r} is more than one: write its moderators, as '~ year + setting'")
    if not len(read):
        raise InvalidArgument(f"the formula {formula!r} has no term: write its moderators, as '~ year + setting'")
    factors = [factor for term in read for factor in term.factors]
    return tuple(sorted({name for factor in factors for name in _names(factor.expr, factor.eval_method.value)}))


def _names(expression: str, kind: str) -> Iterator[str]:
    """The columns of one factor: itself, or the names of an expression that are not formulaic's own functions."""
    from formulaic.transforms import TRANSFORMS

    if kind == "lookup":
        yield expression
        return

    quoted: dict[str, str] = {}
    plain = QUOTED.sub(lambda found: quoted.setdefault(found[1], f"quoted_{len(quoted)}_"), expression)
    meant = {stand_in: name for name, stand_in in quoted.items()}
    try:
        tree = ast.parse(plain.strip(), mode="eval")
    except SyntaxError:
        raise InvalidArgument(f"{expression!r} in the formula cannot be read") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in TRANSFORMS:
            yield meant.get(node.id, node.id)


def as_factor(formula: str, name: str) -> bool:
    """Whether a formula takes a column as names and not as numbers, by C(name)."""
    return re.search(rf"\bC\(\s*`?{re.escape(name)}`?\s*[,)]", formula) is not None
