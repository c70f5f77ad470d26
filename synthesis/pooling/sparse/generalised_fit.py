"""Fitting a generalised linear mixed model: where the climb begins, and what its end says of precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.sparse.columns import NoEstimate
from synthesis.pooling.sparse.counts import Counts
from synthesis.pooling.sparse.generalised import Glmm
from synthesis.pooling.sparse.maximise import LARGEST_SCALE, Maximum, climb, search
from synthesis.pooling.sparse.quadrature import MixedModel

SCALE_START = 0.5  # standard deviation of log odds or log rates; the search tries others
LEAST_INFORMATION = 1e-14  # in any direction, relative to the greatest: less is rounding


@dataclass(frozen=True, slots=True)
class GlmmOptions:
    """What is asked for; see `glmm`."""

    measure: str
    model: str  # a key of GLMMS
    method: str
    test: str
    level: float
    coding: float
    points: int


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A model and its maximum; p shared parameters, the effect among them."""

    kind: Glmm
    model: MixedModel
    maximum: Maximum
    variance: FloatArray  # (p,) of the shared parameters
    regular: bool  # whether the whole information is positive; if not, the variances are taken as known

    @property
    def effect(self) -> int:
        """Where the effect stands: after the mean of the studies, if there is one."""
        return 1 if self.kind.studies == "random" else 0


def fit_equal(kind: Glmm, found: Counts, options: GlmmOptions) -> Fitted:
    """The model in which all studies have one effect."""
    model = kind.build(found, options.coding, options.points, False)
    return _fitted(kind, model, *_beginning(kind, model, found))


def fit_different(kind: Glmm, found: Counts, options: GlmmOptions, equal: Fitted) -> Fitted:
    """The model in which effects have a variance, begun at the fit of equal effects."""
    model = kind.build(found, options.coding, options.points, True)
    shared = equal.maximum.shared.copy()
    if kind.studies == "random":  # at 0 the likelihood is level in sigma, and the climb would not leave it
        shared[-1] = max(shared[-1], SCALE_START)
    return _fitted(kind, model, equal.maximum.own, np.append(shared, SCALE_START))


def _beginning(kind: Glmm, model: MixedModel, found: Counts) -> tuple[FloatArray, FloatArray]:
    """Where the climb begins: at no effect, and at the mean log odds or log rates."""
    events, size = found.events.sum(axis=1) + 0.5, found.size.sum(axis=1) + (1.0 if found.people else 0.0)
    level = np.log(events) - np.log(size - events if found.people else size)
    if kind.studies == "fixed":
        return level[:, None], np.zeros(1)
    none = np.empty((model.k, 0))
    if kind.studies == "random":
        return none, np.array([level.mean(), 0.0, SCALE_START])
    return none, np.array([level.mean() if kind.studies == "none" else 0.0])


def _fitted(kind: Glmm, model: MixedModel, own: FloatArray, shared: FloatArray) -> Fitted:
    """The maximum reached from a start, with the variances of its parameters."""
    highest = search if model.effects else climb
    maximum = highest(model, own, shared, np.ones(len(shared), dtype=np.bool_))
    if maximum.shared[len(shared) - model.effects :].max(initial=0.0) > LARGEST_SCALE:
        raise NoEstimate(
            f"no sensible variance is the most likely: the likelihood rises beyond a standard deviation of "
            f"{LARGEST_SCALE:g} of log odds or log rates, as where every study lies at one extreme or the other; "
            "take method EE, or a model with fixed study effects"
        )
    return Fitted(kind, model, maximum, *_variance(model, maximum))


def _variance(model: MixedModel, maximum: Maximum) -> tuple[FloatArray, bool]:
    """Variances of the shared parameters; with known standard deviations, where the information is not all positive."""
    p = len(maximum.shared)
    scale = np.arange(p) >= p - model.effects
    whole = ~scale | (maximum.shared > 0)  # a standard deviation on its boundary moves nothing
    size, direction = np.linalg.eigh(maximum.information[np.ix_(whole, whole)])
    regular = bool(size[0] > LEAST_INFORMATION * np.abs(size).max())
    if not regular:
        whole = ~scale
        size, direction = np.linalg.eigh(maximum.information[np.ix_(whole, whole)])
    variance = np.zeros(p)
    variance[whole] = (np.square(direction) / np.abs(size)).sum(axis=1)
    return variance, regular
