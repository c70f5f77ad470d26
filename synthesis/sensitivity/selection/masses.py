"""How much of a normal distribution is selected: sums and integrals of weights over z = y / s, with derivatives.

For study i, z is normal about m = mu / s with standard deviation c = sqrt(1 + tau2 / v). Where a weight is constant
its share is a difference of normal probabilities; where it varies, the integral is taken by Gauss and Legendre's rule
on panels no wider than 1 on the scale of z.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.sensitivity.selection.functions import Kind, PValues

POINTS = 8  # on each panel
NEAR_0 = np.geomspace(1e-4, 10**-0.25, 16)  # edges of panels where two-sided p-values come near 1
BEYOND = 8.3  # on the scale of z: p-values beyond are 0 or 1 to double precision
FARTHEST = 37.0  # where p-values end to be numbers
ROOT_2PI = np.sqrt(2 * np.pi)


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """The expected weight A of each study, and its derivatives."""

    value: FloatArray  # (n, k)
    by_m: FloatArray  # (n, k)
    by_c: FloatArray  # (n, k)
    by_delta: FloatArray  # (n, k, q)


class Weights(Protocol):
    """A selection function on the studies at hand."""

    def observed(self, delta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The sum of log w over the studies, shape (n,), and its derivatives, (n, q)."""

    def selected(self, m: FloatArray, c: FloatArray, delta: FloatArray) -> Selected:
        """The expected weights."""

    def weight(self, p: FloatArray, delta: FloatArray) -> FloatArray:
        """The weight at p-values, shape (points,), of a study of the least precision."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The normal distribution of each study, cut into regions."""

    t: FloatArray  # (n, k, cuts) deviates of the cuts
    density: FloatArray  # (n, k, cuts) there, on the scale of t
    share: FloatArray  # (n, k, cuts + 1) probability of each region, from below

    def weighed(self, w: FloatArray, c: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The sum of the shares with weights w, shape (n, k or 1, cuts + 1), and its derivatives by m and c."""
        rise = self.density * np.diff(w, axis=-1)
        return (w * self.share).sum(axis=-1), rise.sum(axis=-1) / c, (rise * self.t).sum(axis=-1) / c


def parts(cuts: FloatArray, m: FloatArray, c: FloatArray) -> Parts:
    """The regions between rising cuts, shape (k, cuts), or (1, cuts) where they are those of all studies."""
    t = (cuts - m[..., None]) / c[..., None]
    lower, upper = ndtr(t), ndtr(-t)
    share = np.concatenate([lower[..., :1], np.diff(lower, axis=-1), upper[..., -1:]], axis=-1)
    above = t[..., :-1] > 0  # there upper tails keep the digits that lower ones lose
    share[..., 1:-1] = np.where(above, -np.diff(upper, axis=-1), share[..., 1:-1])
    return Parts(t, np.exp(-0.5 * np.square(t)) / ROOT_2PI, share)


@dataclass(frozen=True, slots=True, eq=False)
class StepWeights:
    """A weight for each of q intervals."""

    cuts: FloatArray  # (k or 1, regions - 1) on the scale of z, rising
    which: IntArray  # (regions,) the interval of each region
    interval: IntArray  # (k,) of each study
    counts: IntArray  # (q,) studies in each interval
    steps: FloatArray  # (q,) upper ends of the intervals, as p-values

    def observed(self, delta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """As `Weights`."""
        some = self.counts > 0
        with np.errstate(divide="ignore"):
            value: FloatArray = np.log(delta[:, some]) @ self.counts[some]
            slope: FloatArray = np.where(some, self.counts / np.where(some, delta, 1.0), 0.0)
        return value, slope

    def selected(self, m: FloatArray, c: FloatArray, delta: FloatArray) -> Selected:
        """As `Weights`."""
        found = parts(self.cuts, m, c)
        of_interval = (self.which[:, None] == np.arange(len(self.counts))).astype(np.float64)
        return Selected(*found.weighed(delta[:, None, self.which], c), found.share @ of_interval)

    def weight(self, p: FloatArray, delta: FloatArray) -> FloatArray:
        """As `Weights`."""
        found: FloatArray = delta[np.searchsorted(self.steps, p, side="left").clip(max=len(delta) - 1)]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class SmoothWeights:
    """A function of the p-value."""

    kind: Kind
    studies: PValues  # (k, 1)
    above: BoolArray  # (k, 1) p-values to which the function applies; the others have weight 1
    cuts: FloatArray  # (1, regions - 1) between the regions where it is constant and those where it varies
    regions: PValues  # (1, regions) at the edges of the constant ones
    share_of: FloatArray  # (regions,) 1 for the constant ones, 0 for the others, over which points are laid
    applies: BoolArray  # (regions,) whether the function applies; weight 1 otherwise
    node: FloatArray  # (points,) on the scale of z
    share: FloatArray  # (points,) of the rule
    points: PValues  # (1, points)
    alpha: float  # at or below which the weight is 1

    def observed(self, delta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """As `Weights`."""
        log_w, slopes = self.kind.function(self.studies, delta)
        sums = [np.broadcast_to(np.where(self.above, one, 0.0), log_w.shape).sum(axis=(1, 2)) for one in slopes]
        return np.where(self.above, log_w, 0.0).sum(axis=(1, 2)), np.stack(sums, axis=-1)

    def selected(self, m: FloatArray, c: FloatArray, delta: FloatArray) -> Selected:
        """As `Weights`."""
        found = parts(self.cuts, m, c)
        log_w, slopes = self.kind.function(self.regions, delta)
        w = self.share_of * np.exp(np.where(self.applies, log_w, 0.0))
        total, total_by_m, total_by_c = found.weighed(w, c)
        by_delta = [(np.where(self.applies, w * one, 0.0) * found.share).sum(axis=-1) for one in slopes]
        log_w, slopes = self.kind.function(self.points, delta)
        x = (self.node - m[..., None]) / c[..., None]
        part = np.exp(log_w - 0.5 * np.square(x)) * (self.share / ROOT_2PI) / c[..., None]
        moment, inside = part * x, part.sum(axis=-1)
        by_delta = [one + (part * slope).sum(axis=-1) for one, slope in zip(by_delta, slopes, strict=True)]
        return Selected(
            total + inside,
            total_by_m + moment.sum(axis=-1) / c,
            total_by_c + ((moment * x).sum(axis=-1) - inside) / c,
            np.stack(by_delta, axis=-1),
        )

    def weight(self, p: FloatArray, delta: FloatArray) -> FloatArray:
        """As `Weights`."""
        at = p_values(p[None], np.ones((1, 1)), self.kind.least_p)
        log_w = self.kind.function(at, delta[None])[0][0, 0]
        return np.where(p > self.alpha, np.exp(log_w), 1.0)


def p_values(p: FloatArray, imprecision: FloatArray, least: float) -> PValues:
    """p-values away from 0 and 1 by at least `least`, with their logarithms."""
    kept = np.clip(p, max(least, np.finfo(np.float64).tiny), 1 - least)
    with np.errstate(divide="ignore"):
        log_q = np.maximum(np.log1p(-kept), -745.0)
    return PValues(kept, np.log(kept), log_q, imprecision)


def of_z(z: FloatArray, imprecision: FloatArray, least: float, *, two_sided: bool) -> PValues:
    """The p-values of normal deviates."""
    log_p = log_ndtr(-np.abs(z)) + np.log(2.0) if two_sided else log_ndtr(-z)
    if least > 0:
        log_p = np.clip(log_p, np.log(least), np.log1p(-least))
    log_p = np.maximum(log_p, -745.0)
    log_q = np.log(np.maximum(-np.expm1(log_p), 1e-300)) if two_sided else _log_q(z, least)
    return PValues(np.exp(log_p), log_p, log_q, imprecision)


def _log_q(z: FloatArray, least: float) -> FloatArray:
    log_q = log_ndtr(z)
    found: FloatArray = np.clip(log_q, np.log(least), np.log1p(-least)) if least > 0 else np.maximum(log_q, -745.0)
    return found


def smooth_weights(
    kind: Kind, z: FloatArray, imprecision: FloatArray, alpha: float | None, *, two_sided: bool
) -> SmoothWeights:
    """A function of the p-value on studies with deviates z, shape (k,); up to `alpha` the weight is 1."""
    column = imprecision[:, None]
    studies = of_z(z[:, None], column, kind.least_p, two_sided=two_sided)
    inner, outer = _range(kind, z, alpha, two_sided=two_sided)
    node, share = _panels(_edges(inner, outer, two_sided=two_sided))
    if two_sided:
        node, share = np.concatenate([-node[::-1], node]), np.concatenate([share[::-1], share])
        cuts, ends = np.array([-outer, -inner, inner, outer]), np.array([outer, outer, inner, outer, outer])
    else:
        cuts, ends = np.array([inner, outer]), np.array([inner, inner, outer])
    constant = np.array([1.0, 0.0, 1.0, 0.0, 1.0])[: len(ends)]  # every second region, beginning with the lowest
    applies = (ends != outer) | (alpha is None)
    return SmoothWeights(
        kind, studies, studies.p > (0.0 if alpha is None else alpha), cuts[None],
        of_z(ends[None], column, kind.least_p, two_sided=two_sided), constant, applies, node, share,
        of_z(node[None], column, kind.least_p, two_sided=two_sided), 0.0 if alpha is None else alpha,
    )  # fmt: skip


def _range(kind: Kind, z: FloatArray, alpha: float | None, *, two_sided: bool) -> tuple[float, float]:
    """Between which deviates the weight varies; two-sided: on each side of 0."""
    tails = 2.0 if two_sided else 1.0
    if alpha is not None:
        outer = -float(ndtri(alpha / tails))
    elif kind.least_p > 0:
        outer = -float(ndtri(kind.least_p / tails))
    else:
        outer = float(min(FARTHEST, max(BEYOND, np.abs(z).max() + BEYOND)))
    if two_sided:
        return -float(ndtri((1 - kind.least_p) / 2)), outer
    return (float(ndtri(kind.least_p)) if kind.least_p > 0 else -BEYOND), outer


def _edges(inner: float, outer: float, *, two_sided: bool) -> FloatArray:
    """Edges of panels; towards 0 they shrink where a two-sided p-value comes near 1, for w may rise steeply there."""
    if two_sided:
        near = [inner, *(place for place in NEAR_0 if inner < place < outer)]
        return np.concatenate([near[:-1], _even(near[-1], outer)])
    return _even(inner, outer)


def _even(low: float, high: float) -> FloatArray:
    return np.linspace(low, high, 1 + int(np.ceil(high - low)))


def _panels(edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Nodes and shares of Gauss and Legendre's rule on each panel."""
    node, share = np.polynomial.legendre.leggauss(POINTS)
    half, middle = np.diff(edges)[:, None] / 2, (edges[1:] + edges[:-1])[:, None] / 2
    return (middle + half * node).ravel(), (half * share).ravel()


def step_weights(z: FloatArray, steps: FloatArray, *, two_sided: bool) -> StepWeights:
    """A weight for each interval of p-values that ends at one of `steps`, the last being 1."""
    tails = 2.0 if two_sided else 1.0
    ends = ndtri(steps[:-1] / tails)  # rising; p-values up to the first step lie beyond the first
    inner = np.arange(len(steps))
    if two_sided:
        cuts, which = np.concatenate([ends, -ends[::-1]]), np.concatenate([inner, inner[-2::-1]])
    else:
        cuts, which = -ends[::-1], inner[::-1]
    p = tails * ndtr(-(np.abs(z) if two_sided else z))
    found = np.searchsorted(steps, p, side="left").clip(max=len(steps) - 1)
    return StepWeights(cuts[None], which, found, np.bincount(found, minlength=len(steps)), steps)


def truncation_weights(z: FloatArray, cut: FloatArray) -> StepWeights:
    """Weight 1 above a cut, shape (k,) on the scale of z, and another at or below it."""
    below = (z <= cut).astype(np.int64)
    return StepWeights(cut[:, None], np.array([1, 0]), below, np.bincount(below, minlength=2), np.array([0.5, 1.0]))
