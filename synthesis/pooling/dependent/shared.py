"""What effects of one study share, and how far it makes them correlate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import refuse
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.check import is_number, numbers
from synthesis.pooling.dependent.clusters import clusters_of


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What n effects share with one another, as columns of n."""

    measure: IntArray  # the instrument, `obs`
    construct: IntArray  # `type`
    within: FloatArray  # correlations between measures of one construct
    between: FloatArray  # correlations between constructs
    group: tuple[IntArray, IntArray]  # the two groups that are compared
    time: tuple[FloatArray, FloatArray]  # when each was measured
    weight: tuple[FloatArray, FloatArray]  # their sizes
    phi: float


def correlations(shared: Shared, rows: IntArray) -> FloatArray:
    """Correlations of the rows of each of c clusters with one another, shape (c, r, r), for rows of shape (c, r)."""
    i, j = rows[:, :, None], rows[:, None, :]
    measure, construct = shared.measure, shared.construct
    same = shared.within[measure[i], measure[j]]
    r = np.where(construct[i] == construct[j], same, shared.between[construct[i], construct[j]])
    own = _overlap(shared, rows, rows)
    r = r * _overlap(shared, i, j) / np.sqrt(own[:, :, None] * own[:, None, :])
    diagonal = np.arange(rows.shape[1])
    r[:, diagonal, diagonal] = 1.0
    return r


def covariances(r: FloatArray, v: FloatArray) -> FloatArray:
    """Correlations times standard deviations, shape (c, r, r); the variances v, shape (c, r), on the diagonals."""
    sd = np.sqrt(v)
    found: FloatArray = r * sd[:, :, None] * sd[:, None, :]
    diagonal = np.arange(v.shape[1])
    found[:, diagonal, diagonal] = v
    return found


def exchangeable(v: FloatArray, rho: float) -> FloatArray:
    """Covariances of r effects with variances v, shape (r,), that all correlate by rho; shape (r, r)."""
    sd = np.sqrt(v)
    found: FloatArray = np.outer(sd, sd) * (rho + (1 - rho) * np.eye(len(v)))
    return found


def _overlap(shared: Shared, i: IntArray, j: IntArray) -> FloatArray:
    """Covariance of two differences between groups, each measurement with variance 1 / w."""
    total = np.zeros(np.broadcast_shapes(i.shape, j.shape))
    for a, sign_a in ((0, 1), (1, -1)):
        for b, sign_b in ((0, 1), (1, -1)):
            common = shared.group[a][i] == shared.group[b][j]
            decay = shared.phi ** np.abs(shared.time[a][i] - shared.time[b][j])
            size = np.sqrt(shared.weight[a][i] * shared.weight[b][j])
            total += sign_a * sign_b * np.where(common, decay, 0.0) / size
    return total


def shared_between(
    n: int,
    *,
    obs: Any,
    construct: Any,
    times: tuple[Any, Any],
    groups: tuple[Any, Any],
    sizes: tuple[Any, Any],
    rho: Any,
    phi: Any,
) -> Shared:
    """What n effects share, from the arguments of `vcalc`; raises InvalidArgument for what it cannot take."""
    _complete(times, groups, sizes)
    within, between = _correlation_rule(rho, obs, construct)
    measure, within_matrix = _labelled(obs, within, n, "obs")
    kind, between_matrix = _labelled(construct, between, n, "type")
    found = Shared(
        measure, kind, within_matrix, between_matrix, _groups(*groups, n), _times(*times, n), _sizes(*sizes, n),
        _phi(phi, times[0]),
    )  # fmt: skip
    same = found.group[0] == found.group[1]
    still = found.phi ** np.abs(found.time[0] - found.time[1]) == 1
    refuse(same & still, "grp1 and grp2 are one group at one time, which is no comparison")
    return found


def _complete(times: tuple[Any, Any], groups: tuple[Any, Any], sizes: tuple[Any, Any]) -> None:
    """Raise InvalidArgument for a column that needs another which is not there."""
    if (groups[0] is None) != (groups[1] is None):
        raise InvalidArgument("grp1 and grp2 come together: the two groups that an effect compares")
    for given, name in ((times[1], "time2"), (sizes[0], "w1"), (sizes[1], "w2")):
        if given is not None and groups[0] is None:
            raise InvalidArgument(f"{name} is of groups that are compared: it needs grp1 and grp2")
    for (first, second), name in ((times, "time"), (sizes, "w")):
        if second is not None and first is None:
            raise InvalidArgument(f"{name}2 needs {name}1")


Rule = float | Mapping[tuple[Any, Any], float]


def _correlation_rule(rho: Any, obs: Any, kind: Any) -> tuple[Rule, Rule]:
    """The rules within and between constructs."""
    asked = [name for name, given in (("obs", obs), ("type", kind)) if given is not None]
    if not asked:
        if rho is not None:
            raise InvalidArgument("rho needs obs or type: which effects it lies between")
        return 1.0, 1.0
    if rho is None:
        raise InvalidArgument(f"{' and '.join(asked)} needs rho, the correlation between two of them")
    pair = isinstance(rho, Sequence) or (isinstance(rho, np.ndarray) and rho.ndim == 1)
    if len(asked) == 2:
        if not pair or len(rho) != 2:
            raise InvalidArgument("obs and type together need two rho: within and between constructs")
        return rho[0], rho[1]
    if pair:
        raise InvalidArgument(f"{asked[0]} alone needs one rho: a number or a mapping of pairs of labels")
    return (rho, 1.0) if obs is not None else (1.0, rho)


def _labelled(labels: Any, rule: Rule, n: int, name: str) -> tuple[IntArray, FloatArray]:
    """The codes of a column of labels, and the correlation of every two labels."""
    if labels is None:
        return np.zeros(n, np.int64), np.ones((1, 1))
    found = clusters_of(labels, n, name)
    known = found.labels
    matrix = np.eye(len(known))
    if isinstance(rule, Mapping):
        _fill(matrix, rule, known, name)
    else:
        matrix[~np.eye(len(known), dtype=np.bool_)] = bounded(rule, "rho")
    return found.codes, matrix


def _fill(matrix: FloatArray, rule: Mapping[tuple[Any, Any], float], known: tuple[Any, ...], name: str) -> None:
    """The correlations of a mapping in both halves of a matrix; every two labels must have one."""
    place = {label: i for i, label in enumerate(known)}
    given = np.eye(len(known), dtype=np.bool_)
    for pair, value in rule.items():
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise InvalidArgument(f"rho must map pairs of labels of {name} to numbers, not {pair!r}")
        for label in pair:
            if label not in place:
                raise InvalidArgument(f"{name} has no {label!r}: {did_you_mean(str(label), map(str, known))}")
        i, j = place[pair[0]], place[pair[1]]
        matrix[i, j] = matrix[j, i] = bounded(value, f"rho of {pair!r}")
        given[i, j] = given[j, i] = True
    if not given.all():
        i, j = np.argwhere(~given)[0].tolist()
        raise InvalidArgument(f"rho lacks the correlation of {known[i]!r} and {known[j]!r} of {name}")


def bounded(value: Any, name: str, low: float = -1.0) -> float:
    """A correlation that lies between `low` and 1; raises InvalidArgument for anything else."""
    if not is_number(value) or not low <= value <= 1:
        raise InvalidArgument(f"{name} must be a number between {low:g} and 1, not {value!r}")
    return float(value)


def _groups(grp1: Any, grp2: Any, n: int) -> tuple[IntArray, IntArray]:
    """The groups of both columns numbered together; without them all rows compare the same two."""
    if grp1 is None:
        return np.zeros(n, np.int64), np.ones(n, np.int64)
    first, second = clusters_of(grp1, n, "grp1"), clusters_of(grp2, n, "grp2")
    number = {label: i for i, label in enumerate(dict.fromkeys(first.labels + second.labels))}
    one, two = (np.array([number[label] for label in side.labels])[side.codes] for side in (first, second))
    return one, two


def _times(time1: Any, time2: Any, n: int) -> tuple[FloatArray, FloatArray]:
    first = np.zeros(n) if time1 is None else _finite(time1, n, "time1")
    return first, first if time2 is None else _finite(time2, n, "time2")


def _sizes(w1: Any, w2: Any, n: int) -> tuple[FloatArray, FloatArray]:
    first = np.ones(n) if w1 is None else _finite(w1, n, "w1")
    second = first if w2 is None else _finite(w2, n, "w2")
    for values, name in ((first, "w1"), (second, "w2")):
        refuse(values <= 0, f"{name}, the size of a group, must be greater than 0")
    return first, second


def _finite(values: Any, n: int, name: str) -> FloatArray:
    found = numbers(values, name)
    if len(found) != n:
        raise InvalidArgument(f"{name} has {len(found)} rows and vi has {n}: they must be of one length")
    refuse(~np.isfinite(found), f"{name} must be finite")
    return found


def _phi(phi: Any, time1: Any) -> float:
    if time1 is None:
        if phi is not None:
            raise InvalidArgument("phi needs time1: the times between which it lies")
        return 1.0
    if phi is None:
        raise InvalidArgument("time1 needs phi, the correlation of measurements one unit of time apart")
    return bounded(phi, "phi", 0.0)
