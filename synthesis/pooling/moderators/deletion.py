"""A meta-regression without some of its studies: what residuals, influence and leaving out have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.moderators.design_batch import DesignBatch, design_batch
from synthesis.pooling.moderators.linear_fit import LinearFit, linear_fit

ALONE = 1e-10  # 1 - leverage below which a study alone determines a coefficient
CELLS = 1_000_000  # numbers worked on at a time


@dataclass(frozen=True, slots=True, eq=False)
class Deletions:
    """The same model fitted to m selections of the studies."""

    rows: IntArray  # (m,) which study is left out
    batch: DesignBatch
    fit: LinearFit


def refitted(
    y: FloatArray, v: FloatArray, x: FloatArray, present: FloatArray, *, method: str, test: str
) -> tuple[DesignBatch, LinearFit]:
    """The model with effects y, variances v and design x on m selections of k studies.

    Parameters
    ----------
    y, v : ndarray, shape (k,)
        Effects and sampling variances.
    x : ndarray, shape (k, p)
        The design; it must have full rank over each selection, which must leave a degree of freedom.
    present : ndarray, shape (m, k)
        1 for the studies that take part, else 0.
    method, test : str
        As for `linear_fit`.
    """
    ys, vs, xs = (np.broadcast_to(one, (len(present), *one.shape)) for one in (y, v, x))
    batch = design_batch(ys, vs, xs, present)
    return batch, linear_fit(batch, method, test)


def spare_leverages(x: FloatArray) -> FloatArray:
    """1 less the unweighted leverages, shape (k,): 0 where the others do not determine all coefficients."""
    q = np.linalg.qr(x / np.abs(x).max(axis=0))[0]
    spare: FloatArray = 1 - np.square(q).sum(axis=1)
    return spare


def without_each(y: FloatArray, v: FloatArray, x: FloatArray, method: str, test: str) -> Iterator[Deletions]:
    """The model without each study without which it can be fitted, in parts; with nothing, where k - 1 <= p."""
    k, p = x.shape
    if k - 1 <= p:
        return
    rows = np.flatnonzero(spare_leverages(x) > ALONE)
    step = max(1, CELLS // (k * p))
    for begin in range(0, len(rows), step):
        part = rows[begin : begin + step]
        present = np.ones((len(part), k))
        present[np.arange(len(part)), part] = 0.0
        yield Deletions(part, *refitted(y, v, x, present, method=method, test=test))
