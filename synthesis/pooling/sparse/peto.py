"""Peto's one-step common odds ratio."""

from __future__ import annotations

from math import isfinite, sqrt
from typing import Any

import numpy as np

from synthesis.effects.columns import given_columns
from synthesis.pooling.check import check_level
from synthesis.pooling.pooled import Note
from synthesis.pooling.sparse.association import NO_VARIANCE, TableTests, excess_and_variance, informative
from synthesis.pooling.sparse.common_effect import CommonEffect, judged, spread_about
from synthesis.pooling.sparse.strata import Zeros, pooled_tables, two_by_two


def peto(
    *,
    data: Any = None,
    add: float = 0.0,
    to: str = "only0",
    drop00: bool = False,
    level: float = 0.95,
    **counts: Any,
) -> CommonEffect:
    """Peto's estimate of an odds ratio common to k studies, from their counts.

    Parameters
    ----------
    data : mapping or data frame, optional
        Where columns are looked up that are given by name.
    add, to, drop00
        What is done about zeros; as in `escalc`. The method needs nothing added, so nothing is. (The same values of
        metafor's rma.peto change the studies' effects that it shows, not the estimate, and not Q.)
    level : float
        Confidence level.
    **counts : array-like, shape (k,), or str
        ai, ci (events) with bi, di (non-events) or n1i, n2i (group sizes). Studies with a missing count are left out,
        with a note.

    Returns
    -------
    CommonEffect
        log OR = sum of (O - E) / sum of V with variance 1 / sum of V; O - E are the events of the first group less
        those expected without association, V their hypergeometric variance. Q is the sum of (O - E - V log OR)^2 / V
        over the tables with events and non-events. z^2 is Mantel and Haenszel's test of no association without
        continuity correction.

    Raises
    ------
    InvalidArgument
        For counts that cannot be, unknown columns, and where no study has all its counts.

    Notes
    -----
    Biased where effects are large or the groups of very different sizes (Cochrane Handbook 10.4.2).

    References
    ----------
    Yusuf S, Peto R, Lewis J, Collins R, Sleight P (1985). Beta blockade during and after myocardial infarction: an
    overview of the randomized trials. Progress in Cardiovascular Diseases 27(5), 335-371.

    Examples
    --------
    >>> fit = peto(ai=[4, 6], n1i=[123, 306], ci=[11, 29], n2i=[139, 303])
    >>> round(fit.estimate, 4)
    -1.2401
    """
    check_level(level)
    strata = two_by_two(given_columns(counts, data), "OR")
    four, notes = pooled_tables(strata, Zeros(add, to, drop00))
    excess, variance = excess_and_variance(informative(four))
    information = float(np.sum(variance))
    found = information > 0 and isfinite(information)
    estimate = float(np.sum(excess)) / information if found else None
    se = 1 / sqrt(information) if found else None
    wald, untested = judged(estimate, se, level)
    spread, unspread = spread_about(estimate, excess / variance, 1 / variance)
    why = [] if found else [Note(name, NO_VARIANCE) for name in ("estimate", "se")]
    return CommonEffect(
        "OR", "Peto", estimate, se, *wald, 0.0, spread.i2, spread.h2, spread.q, spread.df, spread.p_value,
        **TableTests(k_informative=spread.k).fields(),
        k=len(four[0]), k_effects=spread.k, level=level, notes=(*why, *notes, *untested, *unspread),
    )  # fmt: skip
