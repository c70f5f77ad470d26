"""Two treatments, or two times, in the same people or in matched pairs: a yes-or-no outcome."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthesis.effects.columns import BoolArray, FloatArray, refuse
from synthesis.effects.effect import Effect, Effects, RowNote, effects, note_rows
from synthesis.effects.two_by_two import odds_ratio
from synthesis.effects.zeros import which_corrected

ROUNDING = 1e-12  # of a proportion, by which one at the edge of what its margins allow may lie beyond it


def marginal_risk_difference(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:
    """Difference of the two risks, (b - c) / n, with variance (b + c - (b - c)^2 / n) / n^2.

    Pairs: a with the event under both treatments, b under the first only, c under the second only, d under neither.

    References
    ----------
    Newcombe RG (1998). Improved confidence intervals for the difference between binomial proportions based on paired
    data. Statistics in Medicine 17(22), 2635-2650.
    """
    n = a + b + c + d
    return (b - c) / n, (b + c - (b - c) ** 2 / n) / n**2


def marginal_risk_ratio(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:  # noqa: ARG001 - all four
    """Log of (a + b) / (a + c), with variance (b + c) / ((a + b) (a + c)).

    References
    ----------
    Zou GY (2007). One relative risk versus two odds ratios: implications for meta-analyses involving paired and
    unpaired binary data. Clinical Trials 4(1), 25-31.
    """
    return np.log((a + b) / (a + c)), (b + c) / ((a + b) * (a + c))


def marginal_odds_ratio(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:
    """Log odds ratio of the two margins, whose covariance is that of two binary variables with the correlation phi.

    References
    ----------
    Elbourne DR, Altman DG, Higgins JPT, Curtin F, Worthington HV, Vail A (2002). Meta-analyses involving cross-over
    trials: methodological issues. International Journal of Epidemiology 31(1), 140-149.
    """
    margins = (a + b, c + d, a + c, b + d)
    phi = (a * d - b * c) / np.sqrt(margins[0] * margins[1] * margins[2] * margins[3])
    return _odds_of_margins(margins, phi)


def _odds_of_margins(margins: tuple[FloatArray, FloatArray, FloatArray, FloatArray], phi: FloatArray) -> Effect:
    """Log odds ratio of (a, b, c, d), both rows about the same pairs, less twice the covariance phi n / sqrt(abcd)."""
    a, b, c, d = margins
    yi, vi = odds_ratio(*margins)
    return yi, vi - 2 * phi * (a + b) / np.sqrt(a * b * c * d)


def conditional_odds_ratio(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:  # noqa: ARG001 - same
    """Log of b / c, with variance 1 / b + 1 / c.

    References
    ----------
    Curtin F, Elbourne D, Altman DG (2002). Meta-analysis combining parallel and cross-over clinical trials. II:
    Binary outcomes. Statistics in Medicine 21(15), 2145-2159.
    """
    return np.log(b / c), 1 / b + 1 / c


def conditional_peto(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:  # noqa: ARG001 - same
    """Peto's conditional log odds ratio: (b - (b + c) / 2) over V = (b + c) / 4, with variance 1 / V."""
    return 2 * (b - c) / (b + c), 4 / (b + c)


def from_pairs(
    measure: str,
    formula: Callable[[FloatArray, FloatArray, FloatArray, FloatArray], Effect],
    *,
    ai: FloatArray,
    bi: FloatArray,
    ci: FloatArray,
    di: FloatArray,
    add: float,
    to: str,
) -> Effects:
    """A measure of a table of pairs; `add` is added to each of the four cells in the studies that `to` names."""
    refuse((ai < 0) | (bi < 0) | (ci < 0) | (di < 0), "counts must not be below 0")
    refuse(ai + bi + ci + di == 0, "a table has no pairs in it")
    extra, notes = _corrected((ai, bi, ci, di), add=add, to=to)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = formula(ai + extra, bi + extra, ci + extra, di + extra)
    return effects(measure, yi, vi, notes)


def _corrected(four: tuple[FloatArray, ...], *, add: float, to: str) -> tuple[FloatArray, list[RowNote]]:
    """What is added to each cell, and the notes that say so."""
    missing = np.isnan(sum(four))
    where = which_corrected(np.any([cell == 0 for cell in four], axis=0), add=add, to=to) & ~missing
    notes = note_rows(where, f"{add:g} added to each of the four cells", dropped=False)
    notes += note_rows(missing, "a count is missing", dropped=True)
    return np.where(where, add, 0.0), notes


def from_margins(
    *,
    ai: FloatArray,
    bi: FloatArray,
    ci: FloatArray,
    di: FloatArray,
    ri: FloatArray | None = None,
    pi: FloatArray | None = None,
    add: float,
    to: str,
) -> Effects:
    """Marginal log odds ratio of pairs of which only the margins are known.

    Parameters
    ----------
    ai, bi, ci, di : ndarray
        Events and non-events under the first treatment, and under the second; both rows are about the same pairs.
    ri : ndarray, optional
        Correlation (phi) of the two outcomes of a pair; or else
    pi : ndarray, optional
        proportion of the pairs that had the event under both treatments.
    add, to
        As in `from_pairs`; the correlation is that of the counts as given.

    Returns
    -------
    Effects
        A correlation that the margins do not allow gives no effect, with a note.

    Raises
    ------
    InvalidArgument
        For counts below 0, rows that differ in their number of pairs, and ri or pi out of range, with the rows.
    """
    refuse((ai < 0) | (bi < 0) | (ci < 0) | (di < 0), "counts must not be below 0")
    refuse(np.abs(ai + bi - ci - di) > 0, "both treatments must have the same number of pairs")
    refuse(ai + bi == 0, "a table has no pairs in it")
    phi, possible = _correlation(ai / (ai + bi), ci / (ci + di), ri, pi)
    extra, notes = _corrected((ai, bi, ci, di), add=add, to=to)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = _odds_of_margins((ai + extra, bi + extra, ci + extra, di + extra), phi)
    notes += note_rows(~possible, "the margins do not allow this correlation", dropped=True)
    return effects("MPORM", yi, np.where(possible, vi, np.nan), notes)


def _correlation(
    p1: FloatArray, p2: FloatArray, ri: FloatArray | None, pi: FloatArray | None
) -> tuple[FloatArray, BoolArray]:
    """The correlation of two binary variables with these risks, and whether there can be such a table."""
    spread, none = np.sqrt(p1 * (1 - p1) * p2 * (1 - p2)), np.full(p1.shape, np.nan)
    r, both = none if ri is None else ri, none if pi is None else pi
    refuse(np.abs(r) > 1, "ri must lie between -1 and 1")
    refuse((both < 0) | (both > 1), "pi must lie between 0 and 1")
    with np.errstate(divide="ignore", invalid="ignore"):
        phi = np.where(np.isnan(r), (both - p1 * p2) / spread, r)
    shared = phi * spread + p1 * p2
    least, most = np.maximum(0.0, p1 + p2 - 1), np.minimum(p1, p2)
    return phi, ~((shared < least - ROUNDING) | (shared > most + ROUNDING))
