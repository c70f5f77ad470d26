"""Sampling covariances of effects of one study, from what the effects share: people, measures, times, groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import looked_up, refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.blocks import Blocks
from synthesis.pooling.check import numbers
from synthesis.pooling.dependent.clusters import Clusters, clusters_of, label_text
from synthesis.pooling.dependent.nearest import SINGULAR, nearest_correlation
from synthesis.pooling.dependent.shared import Shared, correlations, covariances, shared_between
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal


@dataclass(frozen=True, slots=True, eq=False)
class SamplingCovariance(Blocks, Noted):
    """The blocks of V, one for each cluster, with what must be known about them.

    It goes wherever a matrix V does (`multilevel`, `aggregate`); `dense()` is the whole matrix.
    """

    labels: tuple[str, ...] = ()  # the cluster of each block, in the order in which they first appear
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """How many effects and blocks, and the range of the correlations."""
        several = [matrix for matrix in self.matrices if len(matrix) > 1]
        lines = [f"{len(self)} effects in {len(self.rows)} clusters, {len(several)} of them with several effects"]
        if several:
            r = np.concatenate([_correlations(matrix) for matrix in several])
            lines.append(f"correlations from {decimal(r.min())} to {decimal(r.max())}")
        lines.extend(f"{note.field}: {note.reason}" for note in self.notes)
        return "\n".join(lines) + "\n"

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
    """Those of every two rows, as a column."""
    sd = np.sqrt(np.diag(matrix))
    found: FloatArray = (matrix / np.outer(sd, sd))[np.triu_indices(len(matrix), 1)]
    return found


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
    data: Any = None,
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
    data : DataFrame or mapping of columns, optional
        Where the names of columns, given in place of these, are looked up.

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

    Examples
    --------
    >>> V = vcalc([0.04, 0.09, 0.01], ["a", "a", "b"], obs=["bdi", "hdrs", "bdi"], rho=0.5)
    >>> V.dense().round(2).tolist()
    [[0.04, 0.03, 0.0], [0.03, 0.09, 0.0], [0.0, 0.0, 0.01]]
    """
    vi, cluster, subgroup, obs, type = (looked_up(one, data) for one in (vi, cluster, subgroup, obs, type))  # noqa: A001 - metafor's name
    time1, time2, grp1, grp2, w1, w2 = (looked_up(one, data) for one in (time1, time2, grp1, grp2, w1, w2))
    v = numbers(vi, "vi")
    n = len(v)
    if not n:
        raise InvalidArgument("vi is empty: there is no effect")
    refuse(~(np.isfinite(v) & (v > 0)), "vi, a sampling variance, must be finite and greater than 0")
    clusters = _samples(cluster, subgroup, n)
    shared = shared_between(
        n, obs=obs, construct=type, times=(time1, time2), groups=(grp1, grp2), sizes=(w1, w2), rho=rho, phi=phi
    )
    return _covariance(v, clusters, shared, nearest=nearest)


def _covariance(v: FloatArray, clusters: Clusters, shared: Shared, *, nearest: bool) -> SamplingCovariance:
    """The blocks: correlations times standard deviations."""
    parts: dict[int, tuple[IntArray, FloatArray]] = {}
    wrong = np.zeros(len(clusters.sizes), np.bool_)
    for members, rows in clusters.stacks():
        r = correlations(shared, rows)
        bad = np.linalg.eigvalsh(r)[:, 0] < SINGULAR
        wrong[members] = bad
        for place in np.flatnonzero(bad) if nearest else ():
            r[place] = nearest_correlation(r[place])
        parts |= zip(members.tolist(), zip(rows, covariances(r, v[rows]), strict=True), strict=True)
    if wrong.any() and not nearest:
        raise InvalidArgument(
            f"the correlations are not positive definite in cluster {clusters.shown(wrong)}: two rows that share all "
            "need another obs, type, time or group; or else take nearest=True"
        )
    reason = f"nearest positive definite correlations in cluster {clusters.shown(wrong)}"
    notes = (Note("matrices", reason),) if wrong.any() else ()
    rows_of, matrices = zip(*(parts[j] for j in range(len(parts))), strict=True)
    return SamplingCovariance(rows_of, matrices, tuple(map(label_text, clusters.labels)), notes)


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
