"""Variances and correlations of a model: what they are called, which are fixed, and how they are worked with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray
from synthesis.pooling.check import is_number
from synthesis.pooling.dependent.random_terms import Correlated, Intercept, Term, put_first
from synthesis.pooling.dependent.structures import (
    ANGLE,
    CORRELATION,
    DEVIATION,
    VARIANCE,
    Parameter,
    correlation_of,
    parameters_of,
)

NAMES = (("tau2", "rho"), ("gamma2", "phi"))  # of the first and the second `inner | outer`
SMALL = 0.01  # a variance off its bound, in units of the median sampling variance
OFF_BOUND = 0.95  # of a correlation


@dataclass(frozen=True, slots=True)
class Name:
    """Which component: the parameter's letter, and to what it belongs."""

    letter: str  # sigma2, tau2, rho, gamma2, phi
    of: str  # the factor of a sigma2; the inner level, or two of them; nothing where it is one for all

    def __str__(self) -> str:
        return f"{self.letter} {self.of}".strip()


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A term with its names and parameters."""

    term: Term
    variances: tuple[Name, ...]
    correlations: tuple[Name, ...]
    parameters: tuple[Parameter, ...]

    @property
    def names(self) -> tuple[Name, ...]:
        """Of all its components."""
        return self.variances + self.correlations


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """All terms of a model, in the order of their parameters; `fixed` is NaN for what is to be estimated."""

    parts: tuple[Part, ...]
    fixed: FloatArray  # (q,) working values

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What is worked with, one after another."""
        return tuple(one for part in self.parts for one in part.parameters)

    @property
    def names(self) -> tuple[Name, ...]:
        """The components as they are reported."""
        return tuple(name for part in self.parts for name in part.names)

    @property
    def free(self) -> BoolArray:
        """Which working values are to be estimated, shape (q,)."""
        return np.isnan(self.fixed)

    def slices(self) -> tuple[slice, ...]:
        """Where each part's working values stand."""
        ends = np.cumsum([len(part.parameters) for part in self.parts]).tolist()
        return tuple(slice(end - len(part.parameters), end) for end, part in zip(ends, self.parts, strict=True))


def components_of(terms: Sequence[Term]) -> Components:
    """The components of some terms, none of them fixed."""
    parts, letters = [], iter(NAMES)
    for term in terms:
        if isinstance(term, Intercept):
            parts.append(Part(term, (Name("sigma2", term.name),), (), (Parameter(VARIANCE, 0.0, np.inf),)))
        else:
            parts.append(_correlated_part(term, *next(letters)))
    return Components(tuple(parts), np.full(sum(len(part.parameters) for part in parts), np.nan))


def _correlated_part(term: Correlated, variance: str, correlation: str) -> Part:
    levels, structure = term.levels, term.structure
    variances = tuple(Name(variance, level) for level in levels) if structure.each else (Name(variance, ""),)
    count = len(correlation_of(structure, len(levels)).parameters(len(levels)))
    if structure.correlation == "each":
        correlations = tuple(Name(correlation, f"{levels[i]}, {levels[j]}") for i, j in pairs(len(levels)))
    else:
        correlations = (Name(correlation, ""),) * count
    return Part(term, variances, correlations, parameters_of(structure, len(levels)))


def pairs(m: int) -> list[tuple[int, int]]:
    """Pairs of m levels in the order of the columns of a lower triangle: (0, 1), (0, 2), ..., (1, 2), ..."""
    return [(i, j) for i in range(m) for j in range(i + 1, m)]


def bounds_of(part: Part, name: Name) -> tuple[float, float]:
    """The range of a component."""
    if name in part.variances:
        return 0.0, np.inf
    last = part.parameters[-1]
    return (last.low, last.high) if last.kind == CORRELATION else (-1.0, 1.0)


def natural(components: Components, working: FloatArray) -> dict[Name, float]:
    """Variances and correlations at the working values."""
    found: dict[Name, float] = {}
    for part, place in zip(components.parts, components.slices(), strict=True):
        values = working[place]
        spread = np.array([one.kind in {VARIANCE, DEVIATION} for one in part.parameters], dtype=np.bool_)
        squared = [one.kind == DEVIATION for one in part.parameters[: spread.sum()]]
        variances = np.where(squared, np.square(values[spread]), values[spread])
        found |= dict(zip(part.variances, variances.tolist(), strict=True))
        found |= dict(zip(part.correlations, _correlations(part, values[~spread]), strict=True))
    return found


def _correlations(part: Part, values: FloatArray) -> list[float]:
    if not isinstance(part.term, Correlated):
        return []
    structure, distance = part.term.structure, part.term.distance
    if structure.correlation == "each":
        r = correlation_of(structure, len(distance)).matrix(values, distance)
        return [float(r[pair]) for pair in pairs(len(distance))]
    return [float(value ** (1 / part.term.unit)) if structure.numeric else float(value) for value in values]


def fix(components: Components, name: Name, value: float) -> Components:
    """The same components with one of them fixed.

    Raises
    ------
    InvalidArgument
        For a value outside the range of the component, and for a correlation of an unstructured G in which one
        already is fixed.
    """
    index = next(place for place, part in enumerate(components.parts) if name in part.names)
    part, place = components.parts[index], components.slices()[index]
    fixed = components.fixed.copy()
    if name in part.variances:
        _check_range(name, value, 0.0, np.inf)
        at = place.start + part.variances.index(name)
        fixed[at] = np.sqrt(value) if part.parameters[at - place.start].kind == DEVIATION else value
        return replace(components, fixed=fixed)
    if part.parameters[-1].kind == ANGLE:
        return _fix_pair(components, index, name, value)
    bounds = part.parameters[-1]
    term = part.term
    working = value**term.unit if isinstance(term, Correlated) and term.structure.numeric and value >= 0 else value
    _check_range(name, working, bounds.low, bounds.high)
    fixed[place.stop - 1] = working
    return replace(components, fixed=fixed)


def _check_range(name: Name, value: float, low: float, high: float) -> None:
    if not low <= value <= high or np.isinf(value):
        raise InvalidArgument(f"{name} must be between {low:g} and {high:g}, not {value!r}")


def _fix_pair(components: Components, index: int, name: Name, value: float) -> Components:
    """One correlation of an unstructured G: its two levels are put first, where the first angle is theirs alone."""
    _check_range(name, value, -1.0, 1.0)
    part, place = components.parts[index], components.slices()[index]
    assert isinstance(part.term, Correlated)
    m = len(part.term.levels)
    angles = slice(place.start + m, place.stop)
    if not np.isnan(components.fixed[angles]).all():
        raise InvalidArgument(f"{name}: fix one correlation of an unstructured term, or all of them")
    first = pairs(m)[part.correlations.index(name)]
    order = [*first, *(level for level in range(m) if level not in first)]
    fixed = components.fixed.copy()
    fixed[place.start : place.start + m] = fixed[place.start : place.start + m][order]
    fixed[angles.start] = np.arccos(value)
    known = dict(zip(map(frozenset, pairs(m)), part.correlations, strict=True))
    names = tuple(known[frozenset({order[i], order[j]})] for i, j in pairs(m))
    variances = tuple(part.variances[level] for level in order)
    moved = Part(put_first(part.term, first), variances, names, part.parameters)
    parts = (*components.parts[:index], moved, *components.parts[index + 1 :])
    return Components(parts, fixed)


def fix_given(components: Components, given: Mapping[str, Any]) -> Components:
    """Components with the values fixed that a user gives by letter: a number, or numbers and None for each."""
    for letter, values in given.items():
        if values is None:
            continue
        names = [name for name in components.names if name.letter == letter]
        if not names:
            raise InvalidArgument(f"{letter} is given, but random has no such component")
        row = list(values) if isinstance(values, (list, tuple, np.ndarray)) else [values] * len(names)
        if not all(value is None or is_number(value) for value in row):
            raise InvalidArgument(f"{letter} must be a number, or numbers and None for what is to be estimated")
        if len(row) != len(names):
            known = ", ".join(map(str, names))
            raise InvalidArgument(f"{letter} has {len(row)} values; the model has {len(names)}: {known}")
        for part in [part for part in components.parts if set(names) & set(part.names)]:
            components = _fix_row(components, part, dict(zip(names, row, strict=True)))
    return components


def _fix_row(components: Components, part: Part, row: Mapping[Name, float | None]) -> Components:
    """The values given for the variances, or for the correlations, of one part."""
    chosen = {name: float(value) for name, value in row.items() if name in part.names and value is not None}
    chosen = {name: value for name, value in chosen.items() if not np.isnan(value)}
    angles = part.parameters[-1].kind == ANGLE
    if angles and set(chosen) == set(part.correlations):
        return _fix_matrix(components, components.parts.index(part), list(chosen.values()))
    for name, value in chosen.items():
        components = fix(components, name, value)
    return components


def _fix_matrix(components: Components, index: int, values: Sequence[float]) -> Components:
    """All correlations of an unstructured G, as the angles of their Cholesky factor."""
    part, place = components.parts[index], components.slices()[index]
    m = len(part.variances)
    for name, value in zip(part.correlations, values, strict=True):
        _check_range(name, value, -1.0, 1.0)
    try:
        factor = _cholesky(_symmetric(m, values))
    except np.linalg.LinAlgError:
        raise InvalidArgument(f"{part.correlations[0].letter}: these correlations are not positive definite") from None
    fixed = components.fixed.copy()
    fixed[place.start + m : place.stop] = _all_angles(factor, m)
    return replace(components, fixed=fixed)


def _symmetric(m: int, values: Sequence[float] | FloatArray) -> FloatArray:
    """A correlation matrix from its values by pairs."""
    r = np.eye(m)
    for pair, value in zip(pairs(m), values, strict=True):
        r[pair] = r[pair[::-1]] = value
    return r


def _cholesky(r: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.cholesky(r), dtype=np.float64)


def _all_angles(factor: FloatArray, m: int) -> FloatArray:
    return np.concatenate([_angles(factor[row, : row + 1]) for row in range(1, m)])


def _angles(row: FloatArray) -> FloatArray:
    """The angles of a row of unit length, as `structures` makes rows of them."""
    rest = np.sqrt(np.cumsum(np.square(row)[::-1])[::-1])
    found: FloatArray = np.arccos(np.clip(row[:-1] / rest[:-1], -1.0, 1.0))
    return found


def start(components: Components, variances: Sequence[FloatArray], rho: float) -> FloatArray:
    """Working values to start from, shape (q,): given variances of each part, and correlations near rho."""
    found = np.empty(len(components.fixed))
    for part, place, given in zip(components.parts, components.slices(), variances, strict=True):
        spread = np.sqrt(given) if part.parameters[0].kind == DEVIATION else given
        others = part.parameters[len(given) :]
        rhos = [np.arccos(rho) if one.kind == ANGLE else np.clip(rho, 0.9 * one.low, one.high) for one in others]
        found[place] = np.concatenate([spread, rhos])
    return np.where(components.free, found, components.fixed)


def near(components: Components, values: Mapping[Name, float]) -> FloatArray:
    """Working values close to given variances and correlations, but off the bounds, where a climb could not begin."""
    found = np.empty(len(components.fixed))
    for part, place in zip(components.parts, components.slices(), strict=True):
        variances = np.maximum([values[name] for name in part.variances], SMALL)
        spread = np.sqrt(variances) if part.parameters[0].kind == DEVIATION else variances
        rho = OFF_BOUND * np.array([values[name] for name in part.correlations])
        found[place] = np.concatenate([spread, _working_correlations(part, rho)])
    return np.where(components.free, found, components.fixed)


def _working_correlations(part: Part, rho: FloatArray) -> FloatArray:
    if not isinstance(part.term, Correlated) or not len(rho):
        return rho
    if part.parameters[-1].kind != ANGLE:
        return np.abs(rho) ** part.term.unit if part.term.structure.numeric else rho
    m = len(part.variances)
    return _all_angles(_cholesky(_symmetric(m, rho)), m)
