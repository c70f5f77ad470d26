"""What all measures of means, correlations and coefficients do row by row, and over all studies of a set."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from synthesis.effects.columns import BoolArray, FloatArray
from synthesis.effects.effect import Effect, Effects, RowNote, effects, note_rows

Reason = tuple[BoolArray, str]  # the rows of which it is true, and the words


def explained(
    measure: str,
    effect: Effect,
    needed: Iterable[FloatArray | None],
    reasons: Iterable[Reason] = (),
) -> Effects:
    """Effects, each row without one with its reason.

    Parameters
    ----------
    measure : str
        A key of MEASURES.
    effect : tuple of ndarray
        Effects and variances of one shape; NaN or infinite where there is none.
    needed : iterable of ndarray
        The columns without which there is no effect; one that was not given (None) is missing in no row.
    reasons : iterable of (rows, reason)
        Why a row has no effect although nothing is missing, the first that is true of it.
    """
    yi, vi = effect
    without = ~(np.isfinite(yi) & np.isfinite(vi))
    missing = np.isnan(np.sum([column for column in needed if column is not None], axis=0))
    notes: list[RowNote] = []
    for where, reason in ((missing, "a number is missing"), *reasons):
        notes += note_rows(without & where, reason, dropped=True)
        without = without & ~where
    notes += note_rows((vi == 0) & np.isfinite(yi), "the variance is 0", dropped=False)
    return effects(measure, yi, vi, notes)


def first_known(*candidates: FloatArray) -> FloatArray:
    """Row by row, the first of the candidates that is a number."""
    found = candidates[0]
    for other in candidates[1:]:
        found = np.where(np.isnan(found), other, found)
    return found


def set_mean(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted mean of a set of studies, along the last axis and kept as one; rows without a number are left out."""
    w = np.where(np.isfinite(values) & np.isfinite(weights), weights, 0.0)
    total = w.sum(axis=-1, keepdims=True)
    summed = (w * np.where(w > 0, values, 0.0)).sum(axis=-1, keepdims=True)
    mean: FloatArray = np.divide(summed, total, out=np.full_like(total, np.nan), where=total > 0)
    return mean
