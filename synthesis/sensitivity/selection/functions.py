"""Selection functions: how likely a study is to be selected, given its p-value, relative to others.

A function takes p-values with their logarithms and the parameters delta, and gives log w and its derivatives by delta.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray

LEAST_P = 1e-5  # p-values nearer to 0 or 1 are moved there where w would be infinite or 0 at the end (metafor does so)

LEAST_POWER = 0.05  # of delta2, where p^(1 / delta2) is p^20 and w falls near p = 1 only


@dataclass(frozen=True, slots=True, eq=False)
class PValues:
    """p-values, and what the functions need of them; all of shapes that broadcast with (n, k, points)."""

    p: FloatArray
    log_p: FloatArray
    log_q: FloatArray  # log(1 - p)
    imprecision: FloatArray  # what delta is multiplied by: 1 where selection does not depend on precision


LogWeight = tuple[FloatArray, tuple[FloatArray, ...]]
Function = Callable[[PValues, FloatArray], LogWeight]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of selection function of the p-value; `prec` in the formulas is `PValues.imprecision`."""

    function: Function
    low: tuple[float, ...]  # bounds of the parameters below; those above are an option
    null: tuple[float, ...]  # where it is 1 everywhere
    starts: tuple[tuple[float, ...], ...]  # where the search begins, beside the null
    least_p: float = 0.0
    with_precision: bool = True


def _beta(at: PValues, delta: FloatArray) -> LogWeight:
    """p^(delta1 - 1) (1 - p)^(delta2 - 1)."""
    first, second = delta[..., 0, None, None], delta[..., 1, None, None]
    log_w = (first - 1) * at.log_p + (second - 1) * at.log_q
    return log_w, (np.broadcast_to(at.log_p, log_w.shape), np.broadcast_to(at.log_q, log_w.shape))


def _half_normal(at: PValues, delta: FloatArray) -> LogWeight:
    """exp(-delta prec p^2)."""
    slope = -at.imprecision * np.square(at.p)
    return delta[..., 0, None, None] * slope, (slope[None],)


def _negative_exponential(at: PValues, delta: FloatArray) -> LogWeight:
    """exp(-delta prec p)."""
    slope = -at.imprecision * at.p
    return delta[..., 0, None, None] * slope, (slope[None],)


def _logistic(at: PValues, delta: FloatArray) -> LogWeight:
    """2 exp(-delta prec p) / (1 + exp(-delta prec p))."""
    u = at.imprecision * at.p
    x = delta[..., 0, None, None] * u
    small = np.exp(-x)
    return np.log(2.0) - x - np.log1p(small), (-u / (1 + small),)


def _power(at: PValues, delta: FloatArray) -> LogWeight:
    """(1 - p)^(delta prec)."""
    slope = at.imprecision * at.log_q
    return delta[..., 0, None, None] * slope, (slope[None],)


def _negative_exponential_power(at: PValues, delta: FloatArray) -> LogWeight:
    """exp(-delta1 prec p^(1 / delta2))."""
    first, second = delta[..., 0, None, None], delta[..., 1, None, None]
    slope = -at.imprecision * np.exp(np.maximum(at.log_p / second, -700.0))
    return first * slope, (slope, -first * slope * at.log_p / np.square(second))


KINDS: Mapping[str, Kind] = {
    "beta": Kind(
        _beta, (1e-5, 1e-5), (1.0, 1.0), ((0.5, 2.0), (0.3, 5.0), (1.5, 1.0), (1e-3, 3.0)), LEAST_P,
        with_precision=False,
    ),
    "halfnorm": Kind(_half_normal, (0.0,), (0.0,), ((1.0,), (4.0,), (20.0,))),
    "negexp": Kind(_negative_exponential, (0.0,), (0.0,), ((1.0,), (4.0,), (20.0,))),
    "logistic": Kind(_logistic, (0.0,), (0.0,), ((1.0,), (4.0,), (20.0,))),
    "power": Kind(_power, (0.0,), (0.0,), ((0.5,), (2.0,), (10.0,)), LEAST_P),
    "negexppow": Kind(
        _negative_exponential_power, (0.0, LEAST_POWER), (0.0, 1.0), ((1.0, 1.0), (4.0, 0.5), (4.0, 2.0), (2.0, 5.0))
    ),
}  # fmt: skip
STEPS = "stepfun"
TRUNCATED = "trunc"
TYPES = (STEPS, *KINDS, TRUNCATED)
