"""Partial conjunctions: p-values of the hypothesis that fewer than u of k studies have an effect.

Were fewer than u effects real, the k - u + 1 largest p-values could all be of studies without one: they are combined.
Each function takes one-sided p-values sorted along the studies, shape (m, k), and gives the p-value for every u at
once: column u - 1 is that of u.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import gammaincc, gammaln, xlog1py

from synthesis.effects.columns import FloatArray, check_known, numbers_of, refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.check import is_number, is_whole
from synthesis.pooling.p_values import ALPHA


def bonferroni(p: FloatArray) -> FloatArray:
    """(k - u + 1) p_(u)."""
    found: FloatArray = np.minimum(1.0, np.arange(p.shape[-1], 0, -1) * p)
    return found


def fisher(p: FloatArray) -> FloatArray:
    """-2 sum(log p_(i), i >= u), chi-squared on 2 (k - u + 1) degrees of freedom."""
    half = np.cumsum(-_log(p)[:, ::-1], axis=-1)[:, ::-1]
    found: FloatArray = gammaincc(np.arange(p.shape[-1], 0, -1), half)
    return found


def simes(p: FloatArray) -> FloatArray:
    """The smallest of (k - u + 1) p_(u + j - 1) / j over j = 1, ..., k - u + 1."""
    k = p.shape[-1]
    parts = [((k - u) * p[:, u:] / np.arange(1, k - u + 1)).min(axis=-1) for u in range(k)]
    return np.stack(parts, axis=-1)


def truncated(p: FloatArray, tau: float) -> FloatArray:
    """The product W of those of p_(u), ..., p_(k) that do not exceed tau, by its distribution; tau 1 is `fisher`.

    With n = k - u + 1, P = sum over j of Binomial(j; n, tau) P(G_j >= j log(tau) - log(W)), G_j of the gamma
    distribution with shape j; 1 where no p-value is so small.
    """
    kept = np.where(p <= tau, -_log(p), 0.0)
    w = np.cumsum(kept[:, ::-1], axis=-1)[:, ::-1]
    found = np.ones(p.shape)
    for u in range(p.shape[-1]):
        n = p.shape[-1] - u
        j = np.arange(1, n + 1)
        share = np.exp(gammaln(n + 1) - gammaln(j + 1) - gammaln(n - j + 1) + j * np.log(tau) + xlog1py(n - j, -tau))
        tails = gammaincc(j, np.maximum(0.0, w[:, u, None] + j * np.log(tau)))
        np.copyto(found[:, u], np.minimum(1.0, tails @ share), where=p[:, u] <= tau)
    return found


def _log(p: FloatArray) -> FloatArray:
    """Natural logarithms, of a p too small for a number that of the smallest there is."""
    return np.log(np.maximum(p, np.finfo(np.float64).smallest_subnormal))


@dataclass(frozen=True, slots=True)
class Conjunction:
    """One way to combine the k - u + 1 largest p-values: what it is, where it stands, and what it takes."""

    meaning: str
    source: str
    function: Callable[..., FloatArray]
    options: tuple[str, ...] = ()


CONJUNCTIONS: Mapping[str, Conjunction] = {
    "fisher": Conjunction(
        "sum of logs of the k - u + 1 largest p", "Benjamini Y, Heller R (2008), Biometrics 64, 1215-1222", fisher
    ),
    "truncated": Conjunction(
        "product of those of the k - u + 1 largest p that are up to tau (truncated Pearson)",
        "Jaljuli I et al. (2022), Statistics in Biopharmaceutical Research 15, 372-385; Zaykin DV et al. (2002)",
        truncated,
        ("tau",),
    ),
    "bonferroni": Conjunction(
        "k - u + 1 times the u-th smallest p; the studies may depend on each other",
        "Benjamini Y, Heller R (2008), Biometrics 64, 1215-1222",
        bonferroni,
    ),
    "simes": Conjunction(
        "Simes' test of the k - u + 1 largest p", "Benjamini Y, Heller R (2008), Biometrics 64, 1215-1222", simes
    ),
}


def partial_conjunction(p: Any, *, u: int = 2, combine: str = "fisher", tau: float | None = None) -> FloatArray:
    """P-values of the hypothesis that fewer than u of k studies have an effect.

    Parameters
    ----------
    p : array-like, shape (..., k)
        One-sided p-values of k independent studies along the last axis, all of the same direction.
    u : int
        How many studies must have an effect, from 1 to k.
    combine : str
        A key of CONJUNCTIONS.
    tau : float, optional
        Of "truncated": the largest p-value that enters the product, 0.05 where not given.

    Returns
    -------
    ndarray, shape (...)
        A small one says that at least u studies have an effect in that direction.

    Raises
    ------
    InvalidArgument
        For p-values outside 0 to 1, u beyond 1 to k, an unknown combination, or a tau that it does not take.

    References
    ----------
    Benjamini Y, Heller R (2008). Screening for partial conjunction hypotheses. Biometrics 64(4), 1215-1222.

    Examples
    --------
    >>> round(float(partial_conjunction([0.003, 0.012, 0.20, 0.41, 0.74])), 4)
    0.0708
    """
    given = numbers_of(p, "p")
    if not given.ndim or not given.shape[-1]:
        raise InvalidArgument("p must be a column of p-values, one for each study")
    refuse(~((given >= 0) & (given <= 1)).ravel(), "p must lie between 0 and 1")
    if check_count(u) > given.shape[-1]:
        raise InvalidArgument(f"u is {u} and there is a p-value for {given.shape[-1]}: it must not exceed their number")
    options = check_combination(combine, tau)
    rows = np.sort(given.reshape(-1, given.shape[-1]), axis=-1)
    found: FloatArray = CONJUNCTIONS[combine].function(rows, **options)[:, u - 1]
    return found.reshape(given.shape[:-1])


def check_count(u: Any) -> int:
    """The number of studies that must have an effect; raises InvalidArgument where it is none."""
    if not is_whole(u) or u < 1:
        raise InvalidArgument(f"u must be a number of studies, 1 or more, not {u!r}")
    return int(u)


def check_combination(combine: Any, tau: Any) -> dict[str, float]:
    """The options of a combination; raises InvalidArgument for an unknown one, and for a tau that it cannot take."""
    check_known(combine, CONJUNCTIONS, "combination")
    if "tau" not in CONJUNCTIONS[combine].options:
        if tau is not None:
            raise InvalidArgument(f"the combination {combine} takes no tau; 'truncated' does")
        return {}
    limit = ALPHA if tau is None else tau
    if not is_number(limit) or not 0 < limit <= 1:
        raise InvalidArgument(f"tau must be above 0 and at most 1, not {limit!r}")
    return {"tau": float(limit)}
