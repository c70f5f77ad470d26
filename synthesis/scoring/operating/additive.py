"""The features of a cell as sums over its studies: which are, what a study adds, and what a sum comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.scoring.engine.collapse import StudyRows, chosen, value_columns
from synthesis.scoring.engine.decide import decide, output_of
from synthesis.scoring.engine.features import context_columns, features_of
from synthesis.scoring.fields import OF_A_POOL
from synthesis.scoring.language import BoolArray, Column, Columns, Declared, FloatArray, IntArray, Numbers
from synthesis.scoring.language.tree import Name
from synthesis.scoring.operating.compared import count_limits, output_names, slimmed
from synthesis.scoring.rule import BLANK, Procedure, Rule, is_numeric, procedure_of
from synthesis.scoring.states import Fact

STUDIES = "studies"
UNTOLD = 2**40  # beyond every sum: told apart wholly
OF_EFFECTS = frozenset({"i2", "estimate", "ci_low", "ci_high", "pi_low", "pi_high", "upper", "egger_p"})  # of a pool


class NotAdditive(InvalidArgument):
    """The output does not depend on the studies through sums alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """A rule under one policy, cut down to what decides its output, with what is known beside the studies."""

    rule: Rule
    procedure: Procedure
    context: Columns  # each of shape (1,)
    sums: tuple[str, ...]  # the features that are sums over studies
    limits: tuple[float, ...]  # up to where each is told apart
    names: frozenset[str]  # all on which the output depends


def running(rule: Rule, policy: str | None, context: Mapping[str, Fact] | None) -> Running:
    """A rule made ready.

    Raises
    ------
    InvalidArgument
        It grades single studies, or has no such policy; a name in `context` is not one of its own.
    """
    if rule.grades == "study":
        raise InvalidArgument(f"rule {rule.key} grades single studies: it has no distribution over studies")
    check_context(rule, context or {})
    procedure = slimmed(procedure_of(rule, policy))
    kinds = {name: feature.kind for name, feature in procedure.features.items()}
    sums = [name for name, kind in kinds.items() if kind != "value"]
    names = output_names(procedure)
    sums += [STUDIES] if STUDIES in names else []
    counts = [name for name in sums if kinds.get(name, "count") in ("count", "distinct")]
    limits = count_limits(procedure, counts) | {name: 1.0 for name in sums if kinds.get(name) == "any"}
    columns = context_columns(rule, [dict(context or {})])
    return Running(rule, procedure, columns, tuple(sums), tuple(limits.get(name, np.inf) for name in sums), names)


def check_context(rule: Rule, context: Mapping[str, Fact]) -> None:
    """Raise InvalidArgument for what is neither asked of the intervention nor a fact of a pool."""
    known = known_beside(rule)
    for name in context:
        if name not in known:
            raise InvalidArgument(f"{name!r} is nothing that rule {rule.key} asks: {did_you_mean(name, known)}")


def known_beside(rule: Rule) -> dict[str, Declared]:
    """What may be known beside the studies."""
    return {**rule.asked("intervention"), **OF_A_POOL}


def not_additive(run: Running, context: Mapping[str, Fact]) -> Iterator[str]:
    """Why the output does not depend on the studies through sums alone; nothing where it does."""
    for name, feature in run.procedure.features.items():
        if feature.kind in ("highest", "lowest"):
            yield f"the feature {name} is the {feature.kind} of the studies, and no sum over them"
        elif feature.kind == "distinct" and (feature.of is None or feature.of.tree != Name("study")):
            yield f"the feature {name} counts different values, and is no sum over studies"
    for name in sorted(run.names & OF_EFFECTS - set(context)):
        yield f"a clause depends on {name} of the pool, which the studies' effects decide together"


def additions(run: Running, rows: StudyRows, cells: int) -> IntArray:
    """What each cell of one study adds to the sums, first surely and then perhaps, shape (cells, 2 f).

    Raises
    ------
    NotAdditive
        A sum is of numbers that are not whole, or not known.
    """
    columns = features_of(run.procedure, rows, run.context, cells)
    found = np.zeros((2, len(run.sums), cells))
    for place, name in enumerate(run.sums):
        column = columns[name]
        assert isinstance(column, Numbers)
        found[0, place], found[1, place] = column.low, column.high
        if not _whole(found[:, place]):
            raise NotAdditive(f"the feature {name} adds up numbers that are not whole, or not known of every study")
    whole: IntArray = found.reshape(2 * len(run.sums), cells).T.astype(np.int64)
    return whole


def _whole(values: FloatArray) -> bool:
    """Whether all numbers are whole and finite."""
    return bool(np.isfinite(values).all() and (values == np.floor(values)).all())


def limits_of(run: Running) -> IntArray:
    """Up to where each part of a sum is told apart, shape (2 f,)."""
    limits = [UNTOLD if limit == np.inf else int(limit) for limit in run.limits]
    return np.array(2 * limits, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """What a rule gives for many sets of features."""

    names: tuple[str, ...]  # different outputs, from worst to best, BLANK first
    which: IntArray  # of each set, a place in `names`, shape (n,)
    open: BoolArray  # whether what is not stated leaves another output open, shape (n,)


def outputs_of_sums(run: Running, sums: IntArray) -> Outputs:
    """What the rule gives for sums over studies, as `additions` has them, shape (n, 2 f)."""
    size, half = len(sums), len(run.sums)
    values = sums.astype(float)
    found: dict[str, Column] = {**run.context, **value_columns(run.procedure)}
    found |= {name: Numbers(values[:, place], values[:, half + place]) for place, name in enumerate(run.sums)}
    for name, feature in run.procedure.features.items():
        if feature.kind == "value":
            found[name] = chosen(feature.choices, found, size)
    return outputs_of_cells(run, found, size)


def outputs_of_cells(run: Running, columns: Columns, size: int) -> Outputs:
    """What the rule gives for the features of cells, as `features_of` has them."""
    decided = decide(run.procedure, columns, size)
    texts, codes = _texts(run, decided.numbers)
    fired = codes[np.arange(size), decided.clause]
    other = (decided.open & (codes != fired[:, None])).any(axis=1)
    names = ordered(run.rule, (texts[code] for code in np.unique(fired)))
    place = np.array([names.index(text) if text in names else -1 for text in texts], dtype=np.intp)
    return Outputs(names, place[fired], other)


def _texts(run: Running, given: FloatArray) -> tuple[list[str], IntArray]:
    """The outputs that clauses give, and which of them each clause gives in each cell, shape (cells, clauses)."""
    procedure = run.procedure
    clauses = (*((procedure.blank,) if procedure.blank else ()), *procedure.clauses)
    texts: dict[str, int] = {}
    codes = np.empty(given.shape, dtype=np.intp)
    for place, clause in enumerate(clauses):
        values, inverse = np.unique(given[:, place], return_inverse=True)
        names = [output_of(clause, float(value)) or BLANK for value in values]
        codes[:, place] = np.array([texts.setdefault(name, len(texts)) for name in names])[inverse]
    return list(texts), codes


def ordered(rule: Rule, outputs: Iterable[str]) -> tuple[str, ...]:
    """Outputs from worst to best: blank, those that the rule lists in its order, then other numbers by size."""
    listed = {name: place for place, name in enumerate(rule.outputs)}
    numeric = all(map(is_numeric, listed))

    def place(name: str) -> tuple[int, float]:
        if name == BLANK:
            return (0, 0.0)
        if numeric and is_numeric(name):
            return (1, float(name))
        return (1, listed[name]) if name in listed else (2, float(name))

    return tuple(sorted(set(outputs), key=place))


def relevant(run: Running, context: Mapping[str, Fact]) -> tuple[tuple[str, Fact], ...]:
    """What is known beside the studies, so far as the output depends on it, sorted."""
    check_context(run.rule, context)
    return tuple(sorted((name, value) for name, value in context.items() if name in run.names))
