"""Sampling covariances of effects of one study, from what the effects share: people, measures, times, groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import refuse
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.pooling.blocks import Blocks
from synthesis.pooling.check import numbers
from synthesis.pooling.dependent.clusters import Clusters, clusters_of
from synthesis.pooling.dependent.nearest import SINGULAR, nearest_correlation
from synthesis.pooling.pooled import Note
from synthesis.text import decimal, table


@dataclass(frozen=True, slots=True, eq=False)
class SamplingCovariance(Blocks):
    """The blocks of V, one for each cluster, with what must be known about them.

    It goes wherever a matrix V does (`multilevel`, `aggregate`); `dense()` is the whole matrix.
    """

    labels: tuple[str, ...] = ()  # the cluster of each block, in the order in which they first appear
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """How many effects and blocks, and the range of the correlations."""
        off = [_correlations(matrix)[np.triu_indices(len(matrix), 1)] for matrix in self.matrices]
        low, high = min(map(_least, off)), max(map(_greatest, off))
        many = sum(len(rows) > 1 for rows in self.rows)
        rows = [("effects", str(len(self))), ("clusters", str(len(self.rows))), ("with several effects", str(many))]
        rows.append(("correlations", f"{decimal(low)} to {decimal(high)}" if many else "-"))
        return table(("", ""), rows, (1,)) + "".join(f"{note.field}: {note.reason}\n" for note in self.notes)

    def to_dict(self) -> dict[str, Any]:
        """Blocks as plain values, fit for JSON: label, rows (the first is 1) and matrix."""
        return {
            "blocks": [
                {"cluster": label, "rows": (rows + 1).tolist(), "matrix": matrix.tolist()}
                for label, (rows, matrix) in zip(self.labels, self, strict=True)
            ],
            "notes": [note._asdict() for note in self.notes],
        }


def _correlations(matrix: FloatArray) -> FloatArray:
    sd = np.sqrt(np.diag(matrix))
    found: FloatArray = matrix / np.outer(sd, sd)
    return found


def _least(values: FloatArray) -> float:
    return float(values.min(initial=np.inf))


def _greatest(values: FloatArray) -> float:
    return float(values.max(initial=-np.inf))


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


def vcalc(
    vi: Any,
    cluster: Any,
    *,
    subgroup: Any = None,
    obs: Any = None,
    type: Any = None,  # noqa: A002 - metafor's name
    time1: Any = None,
    time2: Any = None,
    grp1: Any = None,
    grp2: Any = None,
    w1: Any = None,
    w2: Any = None,
    rho: Any = None,
    phi: float | None = None,
    nearest: bool = False,
) -> SamplingCovariance:
    """Sampling covariances of effects that share people.

    Parameters
    ----------
    vi : array-like, shape (n,)
        Sampling variances, in squared units of the effects.
    cluster, subgroup : array-like, shape (n,)
        Rows of one cluster (study) may covary; those of different clusters, or of different subgroups (samples) in
        one, do not.
    obs : array-like, shape (n,), optional
        Which measure of its construct an effect comes from; needs `rho`.
    type : array-like, shape (n,), optional
        Which construct; needs `rho`.
    time1, time2 : array-like, shape (n,), optional
        When the first and the second group were measured (`time2`: as the first if not given); needs `phi`.
    grp1, grp2 : array-like, shape (n,), optional
        Which two groups of the study each effect compares. Effects that have a group in common covary.
    w1, w2 : array-like, shape (n,), optional
        Sizes of these groups; all equal if not given, `w2` equal to `w1`.
    rho : number, mapping, or pair of these
        The correlation of two measures (`obs`) or of two constructs (`type`); for both a pair, within and between
        constructs. In place of one number a mapping of pairs of labels to numbers, as {("bdi", "hdrs"): 0.7}.
    phi : number
        The correlation of measurements one unit of time apart; d units apart it is phi^d.
    nearest : bool
        Replace correlations that no data can have (a matrix that is not positive definite) by the nearest that they
        can, with a note, rather than refuse them.

    Returns
    -------
    SamplingCovariance
        One block for each cluster and subgroup.

    Raises
    ------
    InvalidArgument
        For columns of different lengths, missing labels and numbers, variances and sizes not above 0, correlations
        beyond -1 and 1, options that lack what they need, and correlations that are not positive definite.

    Notes
    -----
    Rows i and j correlate by r (a_1 - a_2 - a_3 + a_4) / sqrt(s_i s_j): r the correlation of their measures or
    constructs; each a, for one group of i and one of j, phi^d / sqrt(w w') if these are the same and else 0; s the
    same sum of a row with itself. Without groups that is r phi^d.

    References
    ----------
    Gleser LJ, Olkin I (2009). Stochastically dependent effect sizes. In: Cooper H, Hedges LV, Valentine JC (eds.),
    The Handbook of Research Synthesis and Meta-Analysis, 2nd edition, 357-376.
    """
    v = numbers(vi, "vi")
    n = len(v)
    refuse(~(np.isfinite(v) & (v > 0)), "vi, a sampling variance, must be finite and greater than 0")
    clusters = _samples(cluster, subgroup, n)
    _needs(grp1, grp2, "grp1 and grp2 come together: the two groups that an effect compares")
    for given, name in ((time2, "time2"), (w1, "w1"), (w2, "w2")):
        _only_with(given, grp1, f"{name} is of the groups that are compared: it needs grp1 and grp2")
    _only_with(time2, time1, "time2 needs time1")
    _only_with(w2, w1, "w2 needs w1")
    within, between = _correlation_rule(rho, obs, type)
    measure, within_matrix = _labelled(obs, within, n, "obs")
    construct, between_matrix = _labelled(type, between, n, "type")
    shared = Shared(
        measure, construct, within_matrix, between_matrix, _groups(grp1, grp2, n), _times(time1, time2, n),
        _sizes(w1, w2, n), _phi(phi, time1),
    )  # fmt: skip
    return _covariance(v, clusters, shared, nearest=nearest)


def _covariance(v: FloatArray, clusters: Clusters, shared: Shared, *, nearest: bool) -> SamplingCovariance:
    """The blocks: correlations times standard deviations."""
    rows_of: dict[int, IntArray] = {}
    matrices: dict[int, FloatArray] = {}
    wrong: list[int] = []
    for members, rows in clusters.stacks():
        r = correlations(shared, rows)
        bad = np.linalg.eigvalsh(r)[:, 0] < SINGULAR
        wrong.extend(members[bad].tolist())
        if nearest:
            r[bad] = [nearest_correlation(one) for one in r[bad]]
        sd = np.sqrt(v[rows])
        found = r * sd[:, :, None] * sd[:, None, :]
        diagonal = np.arange(rows.shape[1])
        found[:, diagonal, diagonal] = v[rows]
        rows_of |= zip(members.tolist(), rows, strict=True)
        matrices |= zip(members.tolist(), found, strict=True)
    shown = ", ".join(_name(clusters.labels[j]) for j in sorted(wrong)[:10]) + (", ..." if len(wrong) > 10 else "")
    if wrong and not nearest:
        raise InvalidArgument(
            f"the correlations are not positive definite in cluster {shown}: two rows that share all need another "
            "obs, type, time or group; or else take nearest=True"
        )
    notes = (Note("matrices", f"nearest positive definite correlations in cluster {shown}"),) if wrong else ()
    order = range(len(clusters.sizes))
    return SamplingCovariance(
        tuple(rows_of[j] for j in order), tuple(matrices[j] for j in order),
        tuple(map(_name, clusters.labels)), notes,
    )  # fmt: skip


def correlations(shared: Shared, rows: IntArray) -> FloatArray:
    """Correlations of the rows of each of c clusters with one another, shape (c, r, r), for rows of shape (c, r)."""
    i, j = rows[:, :, None], rows[:, None, :]
    measure, construct = shared.measure, shared.construct
    same = shared.within[measure[i], measure[j]]
    r = np.where(construct[i] == construct[j], same, shared.between[construct[i], construct[j]])
    own = np.sqrt(_overlap(shared, rows, rows))
    r = r * _overlap(shared, i, j) / (own[:, :, None] * own[:, None, :])
    diagonal = np.arange(rows.shape[1])
    r[:, diagonal, diagonal] = 1.0
    return r


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


def _samples(cluster: Any, subgroup: Any, n: int) -> Clusters:
    """The clusters, or the subgroups within them."""
    outer = clusters_of(cluster, n)
    if subgroup is None:
        return outer
    inner = clusters_of(subgroup, n, "subgroup")
    pairs = [(outer.labels[a], inner.labels[b]) for a, b in zip(outer.codes, inner.codes, strict=True)]
    number: dict[Any, int] = {}
    codes = np.array([number.setdefault(pair, len(number)) for pair in pairs], dtype=np.int64)
    return Clusters(tuple(number), codes, np.bincount(codes).astype(np.int64))


def _name(label: Any) -> str:
    return " ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def _needs(one: Any, other: Any, message: str) -> None:
    if (one is None) != (other is None):
        raise InvalidArgument(message)


def _only_with(given: Any, needed: Any, message: str) -> None:
    if given is not None and needed is None:
        raise InvalidArgument(message)


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
        matrix[~np.eye(len(known), dtype=np.bool_)] = _bounded(rule, "rho")
    return found.codes, matrix


def _fill(matrix: FloatArray, rule: Mapping[tuple[Any, Any], float], known: tuple[Any, ...], name: str) -> None:
    """The correlations of a mapping in both halves of a matrix; every two labels must have one."""
    place = {label: i for i, label in enumerate(known)}
    given: BoolArray = np.eye(len(known), dtype=np.bool_)
    for pair, value in rule.items():
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise InvalidArgument(f"rho must map pairs of labels of {name} to numbers, not {pair!r}")
        for label in pair:
            if label not in place:
                raise InvalidArgument(f"{name} has no {label!r}: {did_you_mean(str(label), map(str, known))}")
        i, j = place[pair[0]], place[pair[1]]
        matrix[i, j] = matrix[j, i] = _bounded(value, f"rho of {pair!r}")
        given[i, j] = given[j, i] = True
    if not given.all():
        i, j = np.argwhere(~given)[0].tolist()
        raise InvalidArgument(f"rho lacks the correlation of {known[i]!r} and {known[j]!r} of {name}")


def _bounded(value: Any, name: str, low: float = -1.0) -> float:
    if isinstance(value, (bool, str)) or not np.isscalar(value) or not low <= float(value) <= 1:  # type: ignore[arg-type] # np.isscalar is no guard
        raise InvalidArgument(f"{name} must be a number between {low:g} and 1, not {value!r}")
    return float(value)  # type: ignore[arg-type] # as above


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
    return _bounded(phi, "phi", 0.0)
