"""Several effects of one cluster made one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import check_known, looked_up, refuse
from synthesis.effects.combine import RHO
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.pooling.blocks import Blocks, blocks_from_matrix
from synthesis.pooling.check import check_effects, numbers
from synthesis.pooling.dependent.clusters import Clusters, cluster_matrices, clusters_of
from synthesis.pooling.dependent.shared import bounded, covariances
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, table

SAME_VARIANCE = 1e-6  # relative; by how much vi and the diagonal of V may differ


@dataclass(frozen=True, slots=True, eq=False)
class Aggregated(Noted):
    """One effect for each of m clusters, in the order in which these first appear."""

    cluster: tuple[Any, ...]  # their labels
    yi: FloatArray  # (m,) effects
    vi: FloatArray  # (m,) sampling variances
    k: IntArray  # (m,) effects that went in
    struct: str  # a key of SAMPLING_STRUCTURES; "given" where V was
    weighted: bool
    notes: tuple[Note, ...] = ()

    def columns(self) -> dict[str, Any]:
        """The columns by name, as a data frame takes them."""
        return {"cluster": list(self.cluster), "yi": self.yi, "vi": self.vi, "k": self.k}

    def summary(self) -> str:
        """One line for each cluster."""
        cells = [
            (str(label), str(k), decimal(y), decimal(v))
            for label, k, y, v in zip(self.cluster, self.k, self.yi.tolist(), self.vi.tolist(), strict=True)
        ]
        notes = "".join(f"{note.field}: {note.reason}\n" for note in self.notes)
        return table(("cluster", "k", "yi", "vi"), cells, (1, 2, 3)) + notes

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; labels as text."""
        return {
            "cluster": [str(label) for label in self.cluster],
            "yi": self.yi.tolist(),
            "vi": self.vi.tolist(),
            "k": self.k.tolist(),
            "struct": self.struct,
            "weighted": self.weighted,
            "notes": [note._asdict() for note in self.notes],
        }


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What a structure's correlations are made of."""

    rho: float
    phi: float
    time: FloatArray  # (n,)
    obs: IntArray  # (n,)


def _same(values: IntArray, rows: IntArray) -> BoolArray:
    """Whether each two rows of a cluster agree, shape (c, r, r)."""
    same: BoolArray = values[rows[:, :, None]] == values[rows[:, None, :]]
    return same


def _decay(given: Given, rows: IntArray) -> FloatArray:
    """Correlations phi^|t - t'|, shape (c, r, r)."""
    found: FloatArray = given.phi ** np.abs(given.time[rows[:, :, None]] - given.time[rows[:, None, :]])
    return found


@dataclass(frozen=True, slots=True)
class SamplingStructure:
    """Correlations within clusters, and the options that they need."""

    meaning: str
    needs: tuple[str, ...]
    correlations: Callable[[Given, IntArray], FloatArray]  # rows (c, r) to (c, r, r); the diagonal is not used


SAMPLING_STRUCTURES: Mapping[str, SamplingStructure] = {
    "ID": SamplingStructure("independent", (), lambda _, rows: np.zeros((*rows.shape, rows.shape[1]))),
    "CS": SamplingStructure("rho", ("rho",), lambda given, rows: np.full((*rows.shape, rows.shape[1]), given.rho)),
    "CAR": SamplingStructure("phi^|t - t'|", ("phi", "time"), _decay),
    "CS+CAR": SamplingStructure(
        "rho + (1 - rho) phi^|t - t'|",
        ("rho", "phi", "time"),
        lambda given, rows: given.rho + (1 - given.rho) * _decay(given, rows),
    ),
    "CS*CAR": SamplingStructure(
        "rho phi^|t - t'|, rho being 1 for equal obs",
        ("rho", "phi", "time", "obs"),
        lambda given, rows: np.where(_same(given.obs, rows), 1.0, given.rho) * _decay(given, rows),
    ),
}


def aggregate(
    yi: Any,
    vi: Any,
    cluster: Any,
    *,
    struct: str | None = None,
    rho: float | None = None,
    phi: float | None = None,
    time: Any = None,
    obs: Any = None,
    V: Any = None,
    weighted: bool = True,
    data: Any = None,
) -> Aggregated:
    """One effect for each cluster of dependent effects.

    Parameters
    ----------
    yi, vi : array-like, shape (n,)
        Effects and sampling variances; `vi` may be None where `V` is given.
    cluster : array-like, shape (n,)
        Which cluster (study) each effect belongs to.
    struct : str, optional
        A key of SAMPLING_STRUCTURES, how the sampling errors of one cluster correlate: ID not at all; CS (if not given)
        by `rho`; CAR by phi^|t - t'| for `time` t; CS+CAR by rho + (1 - rho) phi^|t - t'|; CS*CAR by phi^|t - t'|,
        times rho for different `obs`.
    rho : float, optional
        0.6 if not given.
    phi : float, optional
        Correlation of measurements one unit of time apart, from 0 to 1.
    time, obs : array-like, shape (n,), optional
        Time and measure of each effect.
    V : Blocks or array-like, shape (n, n), optional
        The sampling covariances themselves, as `vcalc` gives them, in place of a structure.
    weighted : bool
        Whether effects weigh by the inverse of their covariances (the least variance), or all the same.
    data : DataFrame or mapping of columns, optional
        Where the names of columns, given in place of these, are looked up.

    Returns
    -------
    Aggregated
        1' V^-1 y / 1' V^-1 1 with variance 1 / 1' V^-1 1; or the mean, with variance 1' V 1 / k^2.

    Raises
    ------
    InvalidArgument
        As `check_effects`; for an unknown structure, options that are missing or that it does not take, missing
        labels, covariances between clusters, and covariances that are not positive definite.

    Examples
    --------
    >>> one = aggregate([0.1, 0.3, 0.5], [0.04, 0.04, 0.01], ["a", "a", "b"], rho=0.5)
    >>> one.yi.round(4).tolist(), one.vi.round(4).tolist()
    ([0.2, 0.5], [0.03, 0.01])
    """
    yi, vi, cluster, time, obs = (looked_up(one, data) for one in (yi, vi, cluster, time, obs))
    options = {"rho": rho, "phi": phi, "time": time, "obs": obs}
    y, v, known = _effects(yi, vi, V)
    clusters = clusters_of(cluster, len(y))
    code = _struct(struct, options, known)
    if known is not None:
        parts = cluster_matrices(known, clusters, "V")
    else:
        given = _given(code, options, len(y))
        parts = [
            (members, rows, covariances(SAMPLING_STRUCTURES[code].correlations(given, rows), v[rows]))
            for members, rows in clusters.stacks()
        ]
    return _aggregated(y, clusters, parts, code, weighted=weighted)


def _aggregated(
    y: FloatArray,
    clusters: Clusters,
    parts: list[tuple[IntArray, IntArray, FloatArray]],
    code: str,
    *,
    weighted: bool,
) -> Aggregated:
    """The effects of each cluster combined."""
    m = len(clusters.sizes)
    effect, variance, negative = np.empty(m), np.empty(m), np.zeros(m, np.bool_)
    for members, rows, matrices in parts:
        shares = _shares(matrices, members, clusters) if weighted else np.full(rows.shape, 1 / rows.shape[1])
        effect[members] = (shares * y[rows]).sum(axis=1)
        variance[members] = np.einsum("ci,cij,cj->c", shares, matrices, shares)
        negative[members] = (shares < 0).any(axis=1)
    _refuse_clusters(~(variance > 0), clusters, "the covariances give the mean no variance above 0")
    notes: tuple[Note, ...] = ()
    if negative.any():
        reason = "an effect has a weight below 0, as correlation and unequal variances demand, in cluster "
        notes = (Note("yi", reason + clusters.shown(negative) + "; weighted=False takes the plain mean"),)
    return Aggregated(clusters.labels, effect, variance, clusters.sizes, code, weighted, notes)


def _shares(matrices: FloatArray, members: IntArray, clusters: Clusters) -> FloatArray:
    """Shares of 1 that are proportional to V^-1 1, shape (c, r)."""
    sd = np.sqrt(np.diagonal(matrices, axis1=1, axis2=2))
    least = np.linalg.eigvalsh(matrices / (sd[:, :, None] * sd[:, None, :]))[:, 0]
    wrong = np.zeros(len(clusters.sizes), np.bool_)
    wrong[members] = ~(least > np.finfo(float).eps * matrices.shape[1])
    _refuse_clusters(wrong, clusters, "the covariances are not positive definite (weighted=False does not need it)")
    w = np.linalg.solve(matrices, np.ones((*matrices.shape[:2], 1)))[:, :, 0]
    shares: FloatArray = w / w.sum(axis=1, keepdims=True)
    return shares


def _effects(yi: Any, vi: Any, V: Any) -> tuple[FloatArray, FloatArray, Blocks | None]:
    """Effects, variances, and the covariances where these are known."""
    if V is None:
        return *check_effects(yi, vi), None
    known = V if isinstance(V, Blocks) else blocks_from_matrix(V)
    y, v = check_effects(yi, known.diagonal())
    if vi is not None:
        stated = numbers(vi, "vi")
        if len(stated) != len(v):
            raise InvalidArgument(f"vi has {len(stated)} rows and V has {len(v)}: they must be of one length")
        refuse(~(np.abs(stated - v) <= SAME_VARIANCE * v), "vi is not the diagonal of V")
    return y, v, known


def _struct(struct: str | None, options: Mapping[str, Any], known: Blocks | None) -> str:
    """The structure's code, once its options are all there and no others; "given" with V."""
    if known is not None:
        needless = [name for name, value in options.items() if value is not None] + ["struct"] * (struct is not None)
        if needless:
            raise InvalidArgument(f"V holds the covariances already: leave out {', '.join(needless)}")
        return "given"
    code = "CS" if struct is None else struct
    check_known(code, SAMPLING_STRUCTURES, "struct")
    needs = SAMPLING_STRUCTURES[code].needs
    for name, value in options.items():
        if value is None and name in needs and name != "rho":
            raise InvalidArgument(f"struct {code!r} needs {name}")
        if value is not None and name not in needs:
            raise InvalidArgument(f"struct {code!r} takes no {name}")
    return code


def _given(code: str, options: Mapping[str, Any], n: int) -> Given:
    """The options of a structure, checked; what it does not need has no effect."""
    needs = SAMPLING_STRUCTURES[code].needs
    rho = bounded(RHO if options["rho"] is None else options["rho"], "rho")
    phi = bounded(options["phi"], "phi", 0.0) if "phi" in needs else 1.0
    time = numbers(options["time"], "time") if "time" in needs else np.zeros(n)
    if len(time) != n:
        raise InvalidArgument(f"time has {len(time)} rows and yi has {n}: they must be of one length")
    refuse(~np.isfinite(time), "time must be finite")
    obs = clusters_of(options["obs"], n, "obs").codes if "obs" in needs else np.zeros(n, np.int64)
    return Given(rho, phi, time, obs)


def _refuse_clusters(wrong: BoolArray, clusters: Clusters, message: str) -> None:
    """Raise InvalidArgument with the labels of the wrong clusters, if there are any."""
    if wrong.any():
        raise InvalidArgument(f"{message}: cluster {clusters.shown(wrong)}")
