"""What each study does to the pools of all subsets: where those with it lie, and where those without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from synthesis.errors import rows_text
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.pooling.pooled import Note
from synthesis.pooling.tabular import Tabular
from synthesis.sensitivity.findings import FEW
from synthesis.text import decimal

ALPHA = 0.05  # how often the most deviating of k alike studies may be called a split
ROUNDING = 1e-12  # standard deviation, as a share of the largest value, up to which all results are equal
NOT_RARE = " (so does some study in up to one of four reviews without any outlier)"  # tests/sensitivity/test_gosh.py
NO_HETEROGENEITY = Note("no_heterogeneity", "I^2 is 0 in nearly all subsets: there is no heterogeneity to explain")
SAMPLED = Note("sampled", "the subsets are a sample of all, nearly all of them of about half of the studies")
NO_I2 = 0.95  # share of subsets with I^2 = 0 from which on there is nothing to split


@dataclass(frozen=True, slots=True, eq=False)
class SubsetStudies(Tabular):
    """What k studies do, the one that does most first; over the subsets of two studies or more.

    NaN where no subset of two is without the study, or all results are equal.
    """

    row: IntArray  # (k,) the study, the first 1
    estimate_with: FloatArray  # (k,) median over the subsets that have it
    estimate_without: FloatArray  # (k,) median over those that do not
    estimate_share: FloatArray  # (k,) share of the variance of the estimates that its presence accounts for, of 1
    estimate_separation: FloatArray  # (k,) -1 to 1: P(with > without) - P(with < without); 0 where they lie mixed
    i2_with: FloatArray  # (k,) the same for I^2, in percent
    i2_without: FloatArray
    i2_share: FloatArray
    i2_separation: FloatArray


def subset_studies(
    k: int, has: Callable[[int], BoolArray], size: NDArray[np.uint16], estimate: FloatArray, i2: FloatArray
) -> SubsetStudies:
    """What each study does to the estimates and I^2 of n subsets.

    Parameters
    ----------
    k : int
        How many studies there are.
    has : callable
        Which subsets have a study, shape (n,).
    size, estimate, i2 : ndarray, shape (n,)
        Size and results of the subsets.

    Returns
    -------
    SubsetStudies
        The shares are Sobol's indices of the first order of the studies' presences, which over all subsets are as
        independent as throws of a coin: those of effects that add up make 1 together.

    References
    ----------
    Sobol IM (1993). Sensitivity estimates for nonlinear mathematical models. Mathematical Modelling and Computational
    Experiments 1(4), 407-414.
    Cliff N (1993). Dominance statistics: ordinal analyses to answer ordinal questions. Psychological Bulletin 114(3),
    494-509.
    """
    several = size > 1
    present = [has(study)[several] for study in range(k)]
    of_estimate, of_i2 = (_split(values[several], present) for values in (estimate, i2))
    most = np.maximum(np.nan_to_num(of_estimate[2]), np.nan_to_num(of_i2[2]))
    by = np.argsort(-most, kind="stable")
    return SubsetStudies(by + 1, *(column[by] for column in (*of_estimate, *of_i2)))


def _split(values: FloatArray, present: list[BoolArray]) -> list[FloatArray]:
    """Medians with and without each study, its share of the variance, and how far both kinds lie apart."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    centred, ranks = ordered - ordered.mean() if len(ordered) else ordered, _ranks(ordered)
    variance = float(np.square(centred).mean()) if len(ordered) else 0.0
    if len(ordered) and np.sqrt(variance) <= ROUNDING * np.abs(ordered).max():
        variance = 0.0
    rows = [_one_split(ordered, centred, ranks, variance, one[order]) for one in present]
    return list(np.array(rows).T)


def _one_split(
    ordered: FloatArray, centred: FloatArray, ranks: FloatArray, variance: float, own: BoolArray
) -> tuple[float, float, float, float]:  # fmt: skip
    """The same for one study, from sorted values."""
    inside, outside = np.flatnonzero(own), np.flatnonzero(~own)
    m, n = len(inside), len(own)
    middles = _middle(ordered, inside), _middle(ordered, outside)
    if m in (0, n):
        return (*middles, np.nan, np.nan)
    weights = own.astype(np.float64)
    mean = float(np.einsum("i,i->", centred, weights)) / m  # the others' is - m mean / (n - m)
    share = mean**2 * m / (n - m) / variance if variance > 0 else np.nan
    separation = 2 * (float(np.einsum("i,i->", ranks, weights)) - m * (n + 1) / 2) / (m * (n - m))
    return (*middles, share, separation)


def _middle(ordered: FloatArray, places: IntArray) -> float:
    """Median of some of the sorted values; NaN of none."""
    n = len(places)
    return 0.5 * float(ordered[places[(n - 1) // 2]] + ordered[places[n // 2]]) if n else np.nan


def _ranks(ordered: FloatArray) -> FloatArray:
    """Ranks of sorted values from 1; those of equal ones are their mean."""
    starts = np.flatnonzero(np.diff(ordered, prepend=np.nan) != 0)
    count = np.diff(starts, append=len(ordered))
    found: FloatArray = np.repeat(starts + (count + 1) / 2, count)
    return found


def largest_share(k: int) -> float:
    """The share of the variance that the most deviating of k alike studies exceeds 1 time in 20.

    Grubbs' critical value G of the largest deviation from the mean, in standard deviations, as G^2 / (k - 1): exact
    for effects of equal variance and estimates that are their means.

    References
    ----------
    Grubbs FE (1950). Sample criteria for testing outlying observations. Annals of Mathematical Statistics 21(1), 27-58.
    """
    t2 = float(stdtrit(k - 2, ALPHA / (2 * k))) ** 2
    return (k - 1) / k * t2 / (k - 2 + t2)


def subset_findings(studies: SubsetStudies, i2: FloatArray, *, exact: bool, unfinished: int) -> tuple[Note, ...]:
    """What the subsets can and cannot tell, by named rules."""
    k = len(studies)
    if k < 3:
        return (Note("too_few", f"{k} studies have no subsets that could be compared"),)
    known = i2[np.isfinite(i2)]
    flat = [NO_HETEROGENEITY] if np.mean(known == 0) >= NO_I2 else []
    sampled = [] if exact else [SAMPLED]
    if unfinished:
        sampled.append(Note("unfinished", f"tau^2 of {unfinished} subsets stopped at the limit of its iteration"))
    if k < FEW:
        words = f"{k} studies have too few subsets: every study shifts them, and none can be told from chance"
        return (Note("few", words), *flat, *sampled)
    splits = [*_splits(studies, "estimate", "estimates", 4), *_splits(studies, "i2", "I^2", 1)]
    return (*(splits or [_unsplit(studies)]), *flat, *sampled)


def _splits(studies: SubsetStudies, name: str, called: str, places: int) -> list[Note]:
    """The study that splits the subsets, if its share is more than chance gives the largest of k."""
    share, separation = studies[f"{name}_share"], studies[f"{name}_separation"]
    if np.isnan(share).all():
        return []
    top = int(np.nanargmax(share))
    if not share[top] > largest_share(len(studies)):
        return []
    with_, without = (decimal(float(studies[f"{name}_{end}"][top]), places) for end in ("with", "without"))
    words = (
        f"row {studies.row[top]} splits the {called} in two: median {with_} with it and {without} without it, "
        f"{decimal(100 * share[top], 0)} % of their variance, separation {decimal(separation[top], 2)}"
        f"{NOT_RARE if name == 'i2' else ''}"
    )
    return [Note(f"split_{name}", words)]


def _unsplit(studies: SubsetStudies) -> Note:
    """That no study stands out, and what that does not say."""
    share = studies.estimate_share
    if np.isnan(share).all():
        return Note("unsplit", "all subsets give the same estimate")
    first, second = np.argsort(-np.nan_to_num(share), kind="stable")[:2]
    named = rows_text(sorted(studies.row[[first, second]].tolist()))
    together = decimal(100 * float(share[first] + share[second]), 0)
    return Note(
        "unsplit",
        f"no single study splits the subsets ({named} matter most, {together} % of the variance of the estimates "
        "together). That does not exclude two outliers alike, or two groups of studies: these leave one cloud, not two",
    )
