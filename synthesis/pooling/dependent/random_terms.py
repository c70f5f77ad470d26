"""Random effects as users write them: nested and crossed intercepts, and correlated effects of `inner | outer`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.effects.columns import refuse
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.pooling.dependent.structures import STRUCTURES, Structure
from synthesis.pooling.labels import as_array, missing

MOST_CORRELATED = 2  # terms `inner | outer`, whose components are called tau2 and rho, gamma2 and phi


@dataclass(frozen=True, slots=True, eq=False)
class Intercept:
    """Rows of one level share one random effect."""

    name: str  # as "district/school"
    level: IntArray  # (n,) the number of each row's level, the first 0
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Correlated:
    """Rows of one outer level share a vector of random effects, one for each inner level, with covariance G."""

    name: str  # as "outcome | study"
    code: str  # a key of STRUCTURES
    inner: IntArray  # (n,)
    outer: IntArray  # (n,)
    levels: tuple[str, ...]  # of the inner factor
    outer_levels: tuple[str, ...]
    distance: FloatArray  # (m, m) between inner levels: steps, or times in units of the shortest time between two
    unit: float  # that shortest time; 1 for steps

    @property
    def structure(self) -> Structure:
        """What its code stands for."""
        return STRUCTURES[self.code]


Term = Intercept | Correlated


def random_terms(random: Any, struct: Any, data: Any, kept: BoolArray) -> tuple[Term, ...]:
    """The terms of a model: all intercepts, then the correlated ones.

    Parameters
    ----------
    random : str, array-like or sequence of them
        "district/school" for nested intercepts, "lab" for a further (crossed) one, "outcome | study" for correlated
        effects; or a column of levels in place of a name.
    struct : str or sequence of str
        Keys of `STRUCTURES`, one for each "inner | outer".
    data : mapping of columns or DataFrame
        Where the names are looked up.
    kept : ndarray, shape (n,)
        Which of the n rows the model has.

    Raises
    ------
    InvalidArgument
        For unknown names and structures, columns of another length and missing levels.
    """
    intercepts: list[Term] = []
    pairs: list[tuple[str, str]] = []
    for place, one in enumerate(_items(random)):
        if not isinstance(one, str):
            intercepts.append(_intercept(f"random {place + 1}", [(f"random {place + 1}", one)], kept))
            continue
        inner, bar, outer = one.strip().removeprefix("~").rpartition("|")
        if bar and inner.strip() != "1":
            pairs.append((inner.strip(), outer.strip()))
        else:
            intercepts.extend(_nested(outer, data, kept))
    _once([term.name for term in intercepts] + [f"{inner} | {outer}" for inner, outer in pairs])
    if len(pairs) > MOST_CORRELATED:
        raise InvalidArgument(f"random has {len(pairs)} terms `inner | outer`; give {MOST_CORRELATED} at most")
    codes = _structures(struct, len(pairs))
    correlated = [
        _correlated(inner, outer, code, data, kept) for (inner, outer), code in zip(pairs, codes, strict=True)
    ]
    return (*intercepts, *correlated)


def _once(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidArgument(f'random has {twice[0]!r} twice; "a/b" stands for a and for b within a')


def _items(random: Any) -> list[Any]:
    """The single terms: a text or a column of levels is one; a list that holds such is several."""
    if random is None:
        return []
    if isinstance(random, str):
        return [random]
    if isinstance(random, (list, tuple)) and any(isinstance(one, Sequence) or np.ndim(one) for one in random):
        return list(random)
    return [random]


def _structures(struct: Any, count: int) -> list[str]:
    if not isinstance(struct, (str, Sequence)):
        raise InvalidArgument(f"struct must be a name or a list of names, not {struct!r}")
    codes = [struct] * max(count, 1) if isinstance(struct, str) else list(struct)
    for code in codes:
        if not isinstance(code, str) or code not in STRUCTURES:
            raise InvalidArgument(f"no struct {code!r}: {did_you_mean(str(code).upper(), STRUCTURES)}")
    if not isinstance(struct, str) and len(codes) != count:
        raise InvalidArgument(f"struct has {len(codes)} entries and random has {count} terms `inner | outer`")
    return codes[:count]


def _nested(path: str, data: Any, kept: BoolArray) -> list[Intercept]:
    """An intercept for each step of a path as "district/school"."""
    names = [part.strip() for part in path.split("/")]
    columns = [(name, _column(name, data)) for name in names]
    return [_intercept("/".join(names[: depth + 1]), columns[: depth + 1], kept) for depth in range(len(names))]


def _intercept(name: str, columns: Sequence[tuple[str, Any]], kept: BoolArray) -> Intercept:
    level, levels = _levels(columns[0][1], columns[0][0], kept)
    for inner_name, values in columns[1:]:
        inner, inner_levels = _levels(values, inner_name, kept)
        met, level = np.unique(level * len(inner_levels) + inner, return_inverse=True)
        over, under = np.divmod(met, len(inner_levels))
        levels = [f"{levels[a]}/{inner_levels[b]}" for a, b in zip(over.tolist(), under.tolist(), strict=True)]
    return Intercept(name, level, tuple(map(str, levels)))


def _correlated(inner: str, outer: str, code: str, data: Any, kept: BoolArray) -> Correlated:
    place, levels = _levels(_column(inner, data), inner, kept)
    group, outer_levels = _levels(_column(outer, data), outer, kept)
    if STRUCTURES[code].numeric:
        distance, unit = _times(levels, inner, code)
    else:
        if STRUCTURES[code].correlation == "by steps":
            _refuse_numbers_as_text(levels, inner)
        distance, unit = _between(np.arange(len(levels), dtype=np.float64)), 1.0
    name = f"{inner} | {outer}"
    return Correlated(name, code, place, group, tuple(map(str, levels)), tuple(map(str, outer_levels)), distance, unit)


def _between(points: FloatArray) -> FloatArray:
    found: FloatArray = np.abs(points[:, None] - points)
    return found


def _times(levels: Sequence[Any], name: str, code: str) -> tuple[FloatArray, float]:
    """Times between levels in units of the shortest, and that unit."""
    if not all(isinstance(level, (int, float)) for level in levels):
        raise InvalidArgument(f"{name} must be numbers, the times, for struct {code!r}")
    distance = _between(np.asarray(levels, dtype=np.float64))
    unit = float(distance[distance > 0].min()) if len(levels) > 1 else 1.0
    return distance / unit, unit


def _refuse_numbers_as_text(levels: Sequence[Any], name: str) -> None:
    """As text "10" comes before "2", and the steps between levels would be wrong."""
    if len(levels) > 1 and all(isinstance(level, str) and level.strip().isdecimal() for level in levels):
        raise InvalidArgument(f"{name} holds numbers as text, which have another order: give numbers")


def _column(name: str, data: Any) -> Any:
    known = [] if data is None else list(data)
    if name not in known:
        raise InvalidArgument(f"random: data has no column {name!r}: {did_you_mean(name, map(str, known))}")
    return data[name]


def _levels(values: Any, name: str, kept: BoolArray) -> tuple[IntArray, list[Any]]:
    """The number of each kept row's level, and the levels: in ascending order, or in that of pandas' categories."""
    categories = getattr(getattr(values, "cat", values), "categories", None)
    column = as_array(values, name)
    if column.shape != kept.shape:
        raise InvalidArgument(f"{name} must be a column of {len(kept)} levels, not of shape {column.shape}")
    refuse(missing(column) & kept, f"{name} is missing; leave such rows out or name their level")
    column = column[kept]
    if categories is not None:
        place = {category: number for number, category in enumerate(categories)}
        used, number = np.unique([place[one] for one in column.tolist()], return_inverse=True)
        return number, [categories[one] for one in used.tolist()]
    if column.dtype.kind == "O":
        column = _plain(column)
    levels, number = np.unique(column, return_inverse=True)
    return number, levels.tolist()


def _plain(column: NDArray[Any]) -> NDArray[Any]:
    """A column of Python values as numbers if all are, else as texts."""
    values = column.tolist()
    if all(isinstance(one, (int, float)) for one in values):
        return np.asarray(values, dtype=np.float64 if any(isinstance(one, float) for one in values) else None)
    return np.asarray([str(one) for one in values])


def put_first(term: Correlated, first: Sequence[int]) -> Correlated:
    """The same term with some inner levels before the others."""
    order = [*first, *(place for place in range(len(term.levels)) if place not in first)]
    number = np.argsort(order)
    distance = term.distance[np.ix_(order, order)]
    return replace(term, inner=number[term.inner], levels=tuple(term.levels[i] for i in order), distance=distance)
