"""Studies as they are planned: what is known of each before its effect, and what its effect can then say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from synthesis.effects.columns import FloatArray
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.pooling.check import is_number, numbers
from synthesis.scoring.fields import FIELDS
from synthesis.scoring.language import Declared, IntArray
from synthesis.scoring.rule import Rule
from synthesis.scoring.states import Fact, Facts, ScoredFinding

Z = -float(ndtri(0.025))  # product.md: two-sided at .05
# what the effect itself says, or the place
READ = ("direction", "significant", "effect", "favours", "basis", "study", "outcome")
COMPUTED, FAVOURABLE = "computed", "favourable"
READINGS = (COMPUTED, FAVOURABLE)


@dataclass(frozen=True, slots=True)
class Says:
    """What an effect within some bounds says."""

    direction: str
    significant: str
    low: float  # in standard errors of the study
    high: float

    @property
    def favours(self) -> str:
        """The side of 0 on which these effects are."""
        return "benefit" if self.low >= 0 else "harm"

    @property
    def result(self) -> str:
        """What the test says, however the direction is read."""
        return self.direction if self.significant == "yes" else "ineffective"


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """k studies that have no effects yet."""

    variances: FloatArray  # shape (k,)
    designs: tuple[Facts, ...]  # each different one once
    design: IntArray  # of each study, a place in `designs`, shape (k,)


@dataclass(frozen=True, slots=True)
class Category:
    """Effects for which a rule cannot tell one from another."""

    says: Says
    low: float  # of the effect, on the scale of the rule
    high: float

    @property
    def effect(self) -> float:
        """An effect between the bounds."""
        low, high = self.low, self.high
        if low == -np.inf:
            return 0.0 if high == np.inf else high - 1
        return low + 1 if high == np.inf else (low + high) / 2


def planned(rule: Rule, variances: Any, facts: Mapping[str, Any], told: frozenset[str]) -> Planned:
    """Studies with their variances and what is known of them.

    Parameters
    ----------
    rule : Rule
        What it asks of studies may be among the facts.
    variances : array-like, shape (k,)
        Sampling variances, above 0.
    facts : mapping
        Values by name, for all studies or one for each: `{"level": [5, 4], "comparator": "none"}`.
    told : frozenset of str
        The names by which the rule can tell studies apart; facts of other names make no design of their own.

    Raises
    ------
    InvalidArgument
        For variances that are not above 0, names that a rule does not know or that the effect decides, and facts for
        another number of studies.
    """
    v = numbers(variances, "variances") if np.ndim(variances) == 0 or len(variances) else np.zeros(0)
    wrong = np.flatnonzero(~(np.isfinite(v) & (v > 0)))
    if len(wrong):
        raise InvalidArgument("variances must be finite and greater than 0", [int(row) + 1 for row in wrong])
    known = known_facts(rule)
    for name in facts:
        if name not in known:
            raise InvalidArgument(f"{name!r} is no fact of a planned study: {did_you_mean(name, known)}")
    columns = {name: _of_each(name, value, len(v)) for name, value in facts.items()}
    names = [name for name in columns if name in told]
    places: dict[tuple[Any, ...], int] = {}
    rows = zip(*(columns[name] for name in names), strict=True) if names else [()] * len(v)
    design = np.array([places.setdefault(row, len(places)) for row in rows], dtype=np.intp)
    return Planned(v, tuple(_facts(names, row) for row in places), design)


def known_facts(rule: Rule) -> dict[str, Declared]:
    """What may be known of a study before its effect."""
    return {**{name: declared for name, declared in FIELDS.items() if name not in READ}, **rule.asked("study")}


def check_values(names: Mapping[str, Declared], values: Mapping[str, Any]) -> None:
    """Raise InvalidArgument for a value, or one of several, that its name never has; unknown names are left alone.

    Records are not checked so: what they state wrongly is unknown to a rule.
    """
    for name, value in values.items():
        if name in names:
            several = [value] if value is None or isinstance(value, str) or np.ndim(value) == 0 else list(value)
            for one in several:
                _check_value(name, one, names[name])


def _check_value(name: str, value: Any, declared: Declared) -> None:
    if value is None:
        return
    right = {
        "a number": is_number(value) and np.isfinite(value),
        "a condition": isinstance(value, (bool, np.bool_)),
        "a text": isinstance(value, str),
    }[declared.kind]
    if not right:
        hint = ": write true or false" if declared.kind == "a condition" else ""
        raise InvalidArgument(f"{name} is {declared.kind}, not {value!r}{hint}")
    if declared.kind == "a number" and not declared.least <= value <= declared.most:
        raise InvalidArgument(f"{name} lies between {declared.least:g} and {declared.most:g}, not at {value:g}")
    if declared.words and value not in declared.words:
        raise InvalidArgument(f"{name} is never {value!r}: {did_you_mean(str(value), declared.words)}")


def _of_each(name: str, value: Any, k: int) -> list[Any]:
    """One value for each study."""
    if value is None or isinstance(value, str) or np.ndim(value) == 0:
        return [value] * k
    values = list(value)
    if len(values) != k:
        raise InvalidArgument(f"{name} is given for {len(values)} studies, and there are {k} variances")
    return values


def _facts(names: Sequence[str], values: Sequence[Any]) -> Facts:
    """What is stated, in plain values."""
    return tuple((name, _plain(value)) for name, value in zip(names, values, strict=True) if value is not None)


def _plain(value: Any) -> Fact:
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    return value if isinstance(value, str) else float(value)


def says_of(reading: str) -> tuple[Says, ...]:
    """What effects say, from the most harmful on; under `favourable` one in favour without significance is effective.

    Raises
    ------
    InvalidArgument
        For another reading than those of READINGS.
    """
    if reading not in READINGS:
        raise InvalidArgument(f"no reading {reading!r}: {did_you_mean(reading, READINGS)}")
    in_favour = "ineffective" if reading == COMPUTED else "effective"
    return (
        Says("contrary", "yes", -np.inf, -Z),
        Says("ineffective", "no", -Z, 0.0),
        Says(in_favour, "no", 0.0, Z),
        Says("effective", "yes", Z, np.inf),
    )


def categories_of(constants: Sequence[float], reading: str) -> tuple[Category, ...]:
    """Every combination of what an effect says and where it lies among the constants of a rule."""
    edges = (-np.inf, *constants, np.inf)
    return tuple(Category(says, low, high) for says in says_of(reading) for low, high in itertools.pairwise(edges))


def category_chances(
    categories: Sequence[Category], v: FloatArray, theta: FloatArray, tau2: FloatArray, scale: float = 1.0
) -> FloatArray:
    """The probability that a study's effect is in each category.

    Parameters
    ----------
    categories : sequence of Category
        c of them.
    v : ndarray
        Sampling variances, of any shape.
    theta, tau2 : ndarray
        True mean effect, benefit above 0, and its variance between studies; of a shape that goes with that of `v`.
    scale : float
        What an effect is multiplied with to be on the scale of the rule.

    Returns
    -------
    ndarray, shape (c, *v.shape)
        y ~ N(theta, v + tau2), and `direction` by the test of y against its own v.
    """
    error, spread = np.sqrt(v), np.sqrt(v + tau2)
    found = []
    for one in categories:
        low = np.maximum(one.says.low * error, one.low / scale)
        high = np.minimum(one.says.high * error, one.high / scale)
        found.append(_between((low - theta) / spread, (high - theta) / spread))
    return np.array(found)


def _between(low: FloatArray, high: FloatArray) -> FloatArray:
    """The standard normal probability between two bounds, from the nearer tail; 0 where they are in the wrong order."""
    right = low > 0
    upper, lower = np.where(right, -low, high), np.where(right, -high, low)
    found: FloatArray = np.where(high > low, ndtr(upper) - ndtr(lower), 0.0)
    return found


def findings_of(designs: Sequence[Facts], categories: Sequence[Category], *, sized: bool) -> Iterator[ScoredFinding]:
    """One finding for each design and category, design by design; `sized` says whether the rule may see effects."""
    for number, design in enumerate(designs):
        known = dict(design)
        for place, category in enumerate(categories):
            read: Facts = (("basis", "computed"), ("favours", category.says.favours))
            facts = (*design, *read, *((("effect", category.effect),) if sized else ()))
            yield ScoredFinding(
                study=f"{number:06d}-{place:03d}",
                level=_level(known.get("level")),
                outcome="",
                detail=str(known.get("detail", "")),
                direction=category.says.direction,
                significant=category.says.significant,
                limited=bool(known.get("limited", False)),
                direction_basis="computed",
                facts=facts,
            )


def _level(stated: Fact | None) -> int | None:
    """A level where it is stated; the level of the trial too, where that is not."""
    return int(stated) if isinstance(stated, float) else None
