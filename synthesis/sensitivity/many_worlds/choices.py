"""The choices of a multiverse: families of alternatives, and the data that each combination of them leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from synthesis.effects.columns import BoolArray, check_known, looked_up, refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.check import numbers
from synthesis.pooling.intervals import TESTS
from synthesis.pooling.prediction import PREDICTION
from synthesis.pooling.tau2 import TAU2

METHODS = ("REML", "PM", "DL", "EE")  # the usual estimators; the first of every family is the analyst's own choice
USUAL_TESTS = ("adhoc", "knha", "z")
OWN_FAMILIES = ("method", "test", "prediction")
NUMBERS = (
    "k", "estimate", "se", "df", "statistic", "p_value", "ci_low", "ci_high", "pi_low", "pi_high", "tau2", "direction",
)  # fmt: skip
COLUMNS = ("measure", *NUMBERS)  # of every specification, beside its choices
NEEDS_MORE = {"GENQ": "weights", "GENQM": "weights", "DLMH": "counts"}
MOST = 1_000_000  # specifications
NONE_LEFT = "no study is left"
YES_NO = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}


@dataclass(frozen=True, slots=True)
class Family:
    """Alternatives of which a specification takes one; the first is the analyst's own."""

    name: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One combination of the choices that decide the data, and what it leaves to pool."""

    choices: tuple[int, ...]  # a place in each family
    y: FloatArray  # (k,) effects
    v: FloatArray  # (k,) sampling variances
    studies: IntArray  # (k,) numbers of the studies, the same in every world, the first 0
    problem: str = ""  # why there is nothing to pool
    measure: str = ""  # of the effects, where worlds may differ in it


@dataclass(frozen=True, slots=True)
class Plan:
    """How the data of every world are pooled: all methods by all tests by all prediction intervals."""

    methods: tuple[str, ...]
    tests: tuple[str, ...]
    predictions: tuple[str, ...]
    level: float

    @property
    def families(self) -> tuple[Family, ...]:
        """The choices of how to pool."""
        return tuple(map(Family, OWN_FAMILIES, (self.methods, self.tests, self.predictions)))

    def problem(self, method: int, test: int, prediction: int) -> str:
        """Why a combination is no model; empty where it is one."""
        restricted = self.methods[method] == "REML"
        if self.tests[test] == "kr" and not restricted:
            return "test kr (Kenward-Roger) goes with REML alone"
        if self.predictions[prediction] in ("KR", "KR-PR") and not restricted:
            return f"prediction interval {self.predictions[prediction]} goes with REML alone"
        return ""


def checked_plan(methods: Any, tests: Any, predictions: Any, level: float) -> Plan:
    """The ways to pool, once they can be used.

    Raises
    ------
    InvalidArgument
        For no names, unknown names, one name twice, and a method that needs more than effects and variances.
    """
    plan = Plan(
        _names(methods, TAU2, "method"), _names(tests, TESTS, "test"),
        _names(predictions, PREDICTION, "prediction interval"), level,
    )  # fmt: skip
    for method in plan.methods:
        if method in NEEDS_MORE:
            raise InvalidArgument(f"method {method} needs {NEEDS_MORE[method]}, which a multiverse does not have")
    return plan


def _names(given: Any, known: Iterable[str], kind: str) -> tuple[str, ...]:
    if not isinstance(given, Iterable):
        raise InvalidArgument(f"each {kind} is given by its name, or several in a list, not {given!r}")
    names = (given,) if isinstance(given, str) else tuple(given)
    if not names:
        raise InvalidArgument(f"name at least one {kind}")
    for name in names:
        check_known(name, known, kind)
    if len(set(names)) < len(names):
        raise InvalidArgument(f"each {kind} once: {', '.join(names)}")
    return names


def families_of(inclusion: Any, k: int, data: Any) -> tuple[tuple[Family, ...], tuple[BoolArray, ...]]:
    """The families of inclusion choices, and for each the rows that its choices keep, shape (choices, k).

    Parameters
    ----------
    inclusion : mapping, or None
        Family -> {choice: column}; or family -> one column, which stands for all rows and, beside it, those only.
    k : int
        Rows.
    data : DataFrame or mapping of columns, or None
        Where columns given by name are looked up.
    """
    if inclusion is None:
        return (), ()
    if not isinstance(inclusion, Mapping):
        raise InvalidArgument("inclusion must map each family to its choices, and these to the rows that they keep")
    _check_texts(inclusion, "two families")
    families, kept = [], []
    for name, given in inclusion.items():
        if str(name) in OWN_FAMILIES:
            raise InvalidArgument(f"a family of inclusion choices cannot be called {name}: that is a way to pool")
        if str(name) in COLUMNS:
            raise InvalidArgument(f"a family of inclusion choices cannot be called {name}: a column of the result is")
        choices = given if isinstance(given, Mapping) else {"all": np.ones(k, np.bool_), f"{name} only": given}
        if not choices:
            raise InvalidArgument(f"the family {name} has no choice")
        _check_texts(choices, f"two choices of the family {name}")
        columns = [_kept(looked_up(column, data), k, f"{name}: {choice}") for choice, column in choices.items()]
        families.append(Family(str(name), tuple(map(str, choices))))
        kept.append(np.array(columns))
    return tuple(families), tuple(kept)


def _check_texts(names: Iterable[Any], what: str) -> None:
    """Raise InvalidArgument for names that are one text, as 1 and "1" are."""
    texts = [str(name) for name in names]
    for text in texts:
        if texts.count(text) > 1:
            raise InvalidArgument(f"{what} have the name {text}: give each another")


def _kept(values: Any, k: int, name: str) -> BoolArray:
    """A column of truths: truth values, 0 and 1, or yes and no."""
    found = np.asarray(values)
    if found.dtype.kind in "OU":
        words = [YES_NO.get(str(one).strip().lower()) for one in found.ravel()]
        refuse(np.array([word is None for word in words], dtype=np.bool_), f"{name} must be yes or no")
        found = np.array(words, dtype=np.bool_).reshape(found.shape)
    if found.dtype.kind != "b":
        found = numbers(values, name)
        refuse(~((found == 0) | (found == 1)), f"{name} must be yes or no, 1 or 0")
    if found.shape != (k,):
        raise InvalidArgument(f"{name} must have {k} rows, as yi, not shape {found.shape}")
    return found.astype(np.bool_)


def worlds_of(y: FloatArray, v: FloatArray, kept: Sequence[BoolArray]) -> tuple[World, ...]:
    """Every combination of the inclusion choices: the rows that all of its choices keep."""
    worlds = []
    for places in product(*(range(len(columns)) for columns in kept)):
        rows = np.ones(len(y), np.bool_)
        for place, columns in zip(places, kept, strict=True):
            rows = rows & columns[place]
        studies = np.flatnonzero(rows)
        worlds.append(World(places, y[rows], v[rows], studies, "" if len(studies) else NONE_LEFT))
    return tuple(worlds)


def check_size(families: Iterable[Family]) -> None:
    """Raise InvalidArgument for more combinations than can be looked at."""
    number, said = 1, []
    for family in families:
        number *= len(family.choices)
        said.append(f"{family.name} {len(family.choices)}")
    if number > MOST:
        raise InvalidArgument(
            f"{number:,} specifications are more than {MOST:,}: offer fewer choices ({', '.join(said)})"
        )
