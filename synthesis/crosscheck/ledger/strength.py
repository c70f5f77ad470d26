"""What the studies of a pool show together, beside their mean: replication, and significant results against chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.replicability import replicability_many
from synthesis.pooling.tabular import Tabular
from synthesis.sensitivity.missing_evidence.excess_significance import excess_significance_many

DIRECTIONS = {"greater": "benefit", "less": "harm", "": ""}
ONE_SIDED = 0.025  # a significant benefit of a two-sided test at .05


@dataclass(frozen=True, slots=True, eq=False)
class Strength(Tabular):
    """Columns of shape (m,), one place for each cell; NaN, or 0 of a count, where it has no or too few studies."""

    k: IntArray  # studies with an effect
    r_fisher: FloatArray  # r-value: at least u studies have an effect in one direction; Fisher
    r_bonferroni: FloatArray
    direction: NDArray[np.str_]  # benefit, harm, or empty: where there is more evidence
    least_benefit: IntArray  # at least so many studies have a benefit, with the confidence of the intervals,
    least_harm: IntArray  # and so many a harm
    observed: IntArray  # O: studies with a significant benefit
    expected: FloatArray  # E: how many the pooled model lets expect
    excess_p: FloatArray  # one-sided, small where O exceeds E
    heaviest: FloatArray  # the largest weight of one study, a share of 1


def strength(
    y: FloatArray,
    v: FloatArray,
    cell: IntArray,
    theta: FloatArray,
    tau2: FloatArray,
    *,
    u: int = 2,
    level: float = 0.95,
) -> Strength:
    """What the studies of many cells show together.

    Parameters
    ----------
    y, v : ndarray, shape (n,)
        Effects with benefit above 0, and their sampling variances.
    cell : ndarray, shape (n,)
        The cell of each, from 0 to m - 1.
    theta, tau2 : ndarray, shape (m,)
        The pooled effect of each cell and the variance of true effects; NaN where there is none.
    u : int
        How many studies must show the effect.
    level : float
        Confidence level of the two lower bounds together.
    """
    cells = len(theta)
    k = np.bincount(cell, minlength=cells).astype(np.int64)
    if not len(y):
        return _nothing(k)
    fisher = replicability_many(y, v, cell, u=u, level=level)
    bonferroni = replicability_many(y, v, cell, u=u, combine="bonferroni", level=level)
    there = np.unique(cell)
    spread = np.nan_to_num(tau2)
    excess = excess_significance_many(
        y, v, cell, theta=theta[there], tau2=spread[there], alternative="greater", alpha=ONE_SIDED
    )

    def spread_out(values: NDArray[np.generic], nothing: float) -> NDArray[np.float64]:
        column = np.full(cells, nothing)
        column[there] = values
        return column

    direction = np.full(cells, "", dtype="<U7")
    direction[there] = [DIRECTIONS[one] for one in fisher.direction.tolist()]
    return Strength(
        k=k,
        r_fisher=spread_out(fisher.r_value, np.nan),
        r_bonferroni=spread_out(bonferroni.r_value, np.nan),
        direction=direction,
        least_benefit=spread_out(fisher.least_greater, 0).astype(np.int64),
        least_harm=spread_out(fisher.least_less, 0).astype(np.int64),
        observed=spread_out(excess.observed, 0).astype(np.int64),
        expected=spread_out(excess.expected, np.nan),
        excess_p=spread_out(excess.p_value, np.nan),
        heaviest=heaviest(v, cell, spread),
    )


def heaviest(v: FloatArray, cell: IntArray, tau2: FloatArray) -> FloatArray:
    """The largest share of one study in the weights 1 / (v + tau2) of its cell, shape (m,); NaN without a study."""
    w = 1 / (v + tau2[cell])
    whole, most = np.bincount(cell, w, minlength=len(tau2)), np.zeros(len(tau2))
    np.maximum.at(most, cell, w)
    share: FloatArray = np.divide(most, whole, out=np.full(len(tau2), np.nan), where=whole > 0)
    return share


def _nothing(k: IntArray) -> Strength:
    """Of cells without any effect."""
    none, zero = np.full(len(k), np.nan), np.zeros_like(k)
    return Strength(k, none, none, np.full(len(k), "", dtype="<U7"), zero, zero, zero, none, none, none)
