"""Tests of heterogeneity in models of counts: against the model in which every study has its own effect."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc

from synthesis.pooling.batch import BoolArray, FloatArray
from synthesis.pooling.sparse.counts import Counts
from synthesis.pooling.sparse.families import Binomial, Family, Poisson
from synthesis.pooling.sparse.maximise import Maximum, climb, search
from synthesis.pooling.sparse.quadrature import MixedModel

NO_EXPOSURE = -700.0  # an offset: no event is expected, and none can be


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Whether the studies share one effect: two statistics, chi-squared on k - 1 degrees of freedom."""

    wald: float  # studies without a finite effect have no weight in it
    wald_p_value: float | None
    lrt: float  # twice the difference of the log-likelihoods
    lrt_p_value: float | None
    df: int
    infinite: int  # studies without a finite effect of their own


def heterogeneity(counts: Counts, model: MixedModel, equal: Maximum) -> Heterogeneity:
    """Both tests, for a model of equal effects and its maximum."""
    own_effects = _around_random_studies if model.effects else _closed
    wald, value, infinite = own_effects(counts, model, equal)
    df, lrt = model.k - 1, max(0.0, 2 * (value - equal.value))
    if df == 0:
        return Heterogeneity(0.0, None, 0.0, None, 0, infinite)
    return Heterogeneity(wald, float(chdtrc(df, wald)), lrt, float(chdtrc(df, lrt)), df, infinite)


def _closed(counts: Counts, model: MixedModel, equal: Maximum) -> tuple[float, float, int]:  # noqa: ARG001 - as its sister
    """Wald statistic, log-likelihood and infinite effects where each study is fitted by itself."""
    eta, information, log_density = model.family.saturated
    finite = (information > 0).all(axis=1)
    signs = np.array([1.0, -1.0])[: eta.shape[1]]
    effect = ((eta - model.offset) * signs)[finite].sum(axis=1)
    weight = 1 / (1 / information[finite]).sum(axis=1)
    return _spread(effect, np.diag(weight)), float(log_density.sum()), int((~finite).sum())


def _around_random_studies(counts: Counts, model: MixedModel, equal: Maximum) -> tuple[float, float, int]:
    """The same where the second groups share a normal distribution of their log odds or log rates.

    A study whose first group has no event, or nothing but events, has an infinite effect: at that limit its first
    group is certain, and says no more.
    """
    certain = (counts.events[:, 0] == 0) | counts.full[:, 0]
    own = replace(
        model,
        family=_without(model.family, certain),
        offset=_muted(model, certain),
        design=model.design[..., ::-1],
        own=1,
    )
    start = np.where(certain, 0.0, equal.shared[1])[:, None]
    shared = equal.shared[[0, 2]]
    free = np.array([True, True])
    found = climb(own, start, shared, free) if shared[-1] > 0 else search(own, start, shared, free)
    precision = _precision(found, certain)
    return _spread(found.own[~certain, 0], precision), found.value, int(certain.sum())


def _without(family: Family, certain: BoolArray) -> Family:
    """The counts without those of the first groups that are certain."""
    keep = np.stack([~certain, np.ones_like(certain)], axis=1).astype(np.float64)
    if isinstance(family, Binomial):
        return Binomial(family.x * keep, family.n * keep)
    assert isinstance(family, Poisson), "unconditional models count people or events in time"
    return Poisson(family.x * keep)


def _muted(model: MixedModel, certain: BoolArray) -> FloatArray:
    """Offsets at which a Poisson count that is certain stays 0."""
    offset = model.offset.copy()
    if isinstance(model.family, Poisson):
        offset[certain, 0] = NO_EXPOSURE
    return offset


def _precision(found: Maximum, certain: BoolArray) -> FloatArray:
    """Inverse covariance matrix of the finite effects of studies, alpha and sigma eliminated."""
    own, cross = found.curvature[~certain, 0, 0], found.curvature[~certain, 0, 1:]
    shared = found.curvature[:, 1:, 1:].sum(axis=0)
    if found.shared[-1] == 0:  # sigma on its boundary moves nothing
        cross, shared = cross[:, :1], shared[:1, :1]
    precision: FloatArray = np.diag(own) - cross @ np.linalg.pinv(shared, hermitian=True) @ cross.T
    return precision


def _spread(effect: FloatArray, precision: FloatArray) -> float:
    """Wald statistic of equal effects: their squared distance from their mean, in the metric of `precision`."""
    if len(effect) < 2:
        return 0.0
    weight = precision.sum(axis=0)
    mean = float(weight @ effect / weight.sum())
    return float((effect - mean) @ precision @ (effect - mean))
