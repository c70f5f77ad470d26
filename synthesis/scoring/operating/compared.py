"""What the expressions of a rule compare: the constants at which an effect matters, how far a count must be told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import assert_never

from synthesis.scoring.engine.collapse import value_columns
from synthesis.scoring.language import Expression, Numbers, evaluate
from synthesis.scoring.language.tree import (
    Among,
    Arithmetic,
    Called,
    Compared,
    Joined,
    Name,
    Node,
    Not,
    Stated,
    Written,
)
from synthesis.scoring.rule import Procedure, Rule

EFFECT = "effect"
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
Limits = dict[str, float]  # of a count: from where on no expression tells its values apart; infinite: it tells all


def slimmed(procedure: Procedure) -> Procedure:
    """The same steps with those features only on which the output depends."""
    used = output_names(procedure)
    return replace(procedure, features={name: one for name, one in procedure.features.items() if name in used})


def output_names(procedure: Procedure) -> frozenset[str]:
    """Every name on which the output of a cell depends, through other features too."""
    names: set[str] = set()
    waiting = {name for expression in deciding(procedure) for name in expression.names}
    while waiting:
        name = waiting.pop()
        names.add(name)
        feature = procedure.features.get(name)
        choices = feature.choices if feature is not None else ()
        parts = [part for choice in choices for part in (choice.value, choice.when) if part is not None]
        waiting |= {other for part in parts for other in part.names} - names
    return frozenset(names)


def deciding(procedure: Procedure) -> Iterator[Expression]:
    """The expressions of the clauses and caps."""
    clauses = (*procedure.clauses, *((procedure.blank,) if procedure.blank else ()))
    wanted = (part for clause in clauses for part in (clause.when, clause.number))
    yield from (part for part in wanted if part is not None)
    yield from (cap.when for cap in procedure.caps)


def of_studies(procedure: Procedure) -> Iterator[Expression]:
    """The expressions that speak of findings and of studies."""
    for definitions in (procedure.facts, procedure.derived):
        for choices in definitions.values():
            yield from (part for choice in choices for part in (choice.value, choice.when) if part is not None)
    yield from (line.when for line in procedure.findings if line.when is not None)
    yield from (part for part in (procedure.admit, procedure.count) if part is not None)
    for feature in procedure.features.values():
        yield from (part for part in (feature.when, feature.of) if part is not None)


def effect_constants(procedure: Procedure) -> tuple[float, ...] | None:
    """The constants with which a rule compares the effect of a study, ascending; None where it does more with it."""
    found: set[float] = set()
    for expression in of_studies(procedure):
        if EFFECT in expression.names:
            constants = _constants(expression.tree, procedure)
            if constants is None:
                return None
            found |= constants
    return tuple(sorted(found))


def _constants(node: Node, procedure: Procedure) -> set[float] | None:
    """Where a condition on the effect may change; None for a part that is no comparison of it with a constant."""
    if EFFECT not in _names(node) or isinstance(node, Stated):
        return set()
    if isinstance(node, Compared):
        return _compared_with(node, procedure)
    if isinstance(node, Among) and node.of == Name(EFFECT):
        return {float(value.value) for value in node.values}
    parts = [_constants(part, procedure) for part in _parts(node)] if isinstance(node, (Joined, Not)) else [None]
    known = [part for part in parts if part is not None]
    return set().union(*known) if len(known) == len(parts) else None


def _compared_with(node: Compared, procedure: Procedure) -> set[float] | None:
    """The constant with which the effect is compared, or its size, then with either sign."""
    for side, other in ((node.left, node.right), (node.right, node.left)):
        constant = constant_of(other, procedure)
        if constant is not None and side == Name(EFFECT):
            return {constant}
        if constant is not None and side == Called("abs", (Name(EFFECT),)):
            return {constant, -constant}
    return None


def constant_of(node: Node, procedure: Procedure) -> float | None:
    """The number that a part comes to, where it speaks of nothing but the values of the rule."""
    names = _names(node)
    if not names <= set(procedure.values) or any(isinstance(procedure.values[name], str) for name in names):
        return None
    if isinstance(node, Written) and isinstance(node.value, str):
        return None
    found = evaluate(Expression("", "a number", frozenset(names), node), value_columns(procedure), 1)
    return float(found.low[0]) if isinstance(found, Numbers) else None


def count_limits(procedure: Procedure, counts: Iterable[str]) -> Limits:
    """How far counts must be told apart, that is the largest constant with which each is compared.

    Parameters
    ----------
    procedure : Procedure
        The steps of a rule; no other feature than those on which its output depends.
    counts : iterable of str
        Names that are whole numbers from 0 on.

    Notes
    -----
    `E5 + E4 > 0` is the same whether either is 1 or more, so both need to be told up to 1 there. A count that is
    compared with another one, as in `E5 > N5`, must be told wholly.
    """
    limits: Limits = dict.fromkeys(counts, 0.0)
    trees = [expression.tree for expression in deciding(procedure)]
    for feature in procedure.features.values():
        parts = [part for choice in feature.choices for part in (choice.value, choice.when) if part is not None]
        trees += [part.tree for part in parts]
    for tree in trees:
        _limit(tree, procedure, limits)
    return limits


def _limit(node: Node, procedure: Procedure, limits: Limits) -> None:
    """Raise the limits to what one expression tells apart."""
    if isinstance(node, Name):
        _raise_to(limits, node.name, math.inf)
    elif not _limit_constants(node, procedure, limits):
        for part in _parts(node):
            _limit(part, procedure, limits)


def _limit_constants(node: Node, procedure: Procedure, limits: Limits) -> bool:
    """Whether a part tells counts apart by constants alone; then the limits are raised to them."""
    match node:
        case Compared():
            return _limit_compared(node, procedure, limits)
        case Called("min", _):
            return _limit_least(node, procedure, limits)
        case Among(Name(name), values) if name in limits:
            _raise_to(limits, name, math.floor(max(float(value.value) for value in values)) + 1)
            return True
    return False


def _limit_compared(node: Compared, procedure: Procedure, limits: Limits) -> bool:
    """Whether a comparison is one of counts, added up, with a constant; then the limits are raised to it."""
    for side, other, sign in ((node.left, node.right, node.sign), (node.right, node.left, MIRRORED[node.sign])):
        constant, shares = constant_of(other, procedure), _shares(side, procedure, limits)
        if constant is None or shares is None:
            continue
        for name, share in shares.items():
            reach = constant / share
            _raise_to(limits, name, math.ceil(reach) if sign in (">=", "<") else math.floor(reach) + 1)
        return True
    return False


def _limit_least(node: Called, procedure: Procedure, limits: Limits) -> bool:
    """Whether a part is the lesser of a count and a constant."""
    names = [part.name for part in node.arguments if isinstance(part, Name) and part.name in limits]
    others = [part for part in node.arguments if not (isinstance(part, Name) and part.name in limits)]
    constants = [constant_of(part, procedure) for part in others]
    known = [constant for constant in constants if constant is not None]
    if len(names) != 1 or not known or len(known) != len(constants):
        return False
    _raise_to(limits, names[0], math.ceil(min(known)))
    return True


def _shares(node: Node, procedure: Procedure, limits: Limits) -> Mapping[str, float] | None:
    """How often each count is in a sum of counts, at least 0 times; None where a part is no such sum."""
    if isinstance(node, Name) and node.name in limits:
        return {node.name: 1.0}
    if not isinstance(node, Arithmetic):
        return None
    if node.sign == "+":
        left, right = _shares(node.left, procedure, limits), _shares(node.right, procedure, limits)
        if left is None or right is None:
            return None
        return {name: left.get(name, 0.0) + right.get(name, 0.0) for name in {**left, **right}}
    if node.sign == "*":
        for side, other in ((node.left, node.right), (node.right, node.left)):
            factor, shares = constant_of(other, procedure), _shares(side, procedure, limits)
            if factor is not None and factor > 0 and shares is not None:
                return {name: share * factor for name, share in shares.items()}
    return None


def _raise_to(limits: Limits, name: str, limit: float) -> None:
    if name in limits:
        limits[name] = max(limits[name], limit)


def _parts(node: Node) -> tuple[Node, ...]:
    """The parts of which a part of an expression is made."""
    match node:
        case Not(of) | Stated(of):
            return (of,)
        case Joined(_, parts):
            return parts
        case Compared(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case Among(of, values):
            return (of, *values)
        case Called(_, arguments):
            return arguments
        case Written() | Name():
            return ()
        case _:
            assert_never(node)


def _names(node: Node) -> set[str]:
    """Every name in a part of an expression."""
    if isinstance(node, Name):
        return {node.name}
    return {name for part in _parts(node) for name in _names(part)}


def names_of_studies(procedure: Procedure) -> frozenset[str]:
    """Every name with which the rule speaks of findings and studies."""
    return frozenset(name for expression in of_studies(procedure) for name in expression.names)


def names_told(rule: Rule, procedure: Procedure) -> frozenset[str]:
    """What tells studies of one finding apart: all that the steps speak of, the level, and whether they are hedged."""
    return names_of_studies(procedure) | {table.of for table in rule.tables.values()} | {"level", "limited"}
