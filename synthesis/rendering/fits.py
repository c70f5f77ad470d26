"""One pooled model as text and plain values: the one home of how a pooled effect is written."""

from __future__ import annotations

import math

from synthesis.pooling import Pooled
from synthesis.text import ABSENT, decimal, interval, p_value, rounded


def natural(value: float | None, *, ratio: bool) -> float | None:
    """A value as it is read: ratios from their logs."""
    if value is None or not ratio:
        return value
    return math.exp(value) if value < 700 else math.inf


def fit_cells(fit: Pooled, *, ratio: bool) -> list[str]:
    """k, estimate, interval, p, tau2 with interval, I2, Q and prediction interval, as text."""
    low, high = natural(fit.ci_low, ratio=ratio), natural(fit.ci_high, ratio=ratio)
    q = ABSENT if fit.q is None else f"{decimal(fit.q, 2)} ({fit.q_df}, {p_value(fit.q_p_value)})"
    return [
        str(fit.k),
        decimal(natural(fit.estimate, ratio=ratio), 2),
        interval(low, high, 2),
        p_value(fit.p_value),
        decimal(fit.tau2, 3),
        interval(fit.tau2_ci_low, fit.tau2_ci_high, 3),
        decimal(fit.i2, 1),
        q,
        interval(natural(fit.pi_low, ratio=ratio), natural(fit.pi_high, ratio=ratio), 2),
    ]


def fit_json(fit: Pooled) -> dict[str, object]:
    """A model as plain values, rounded to six significant digits."""
    values = plain(fit.to_dict())
    del values["iterations"], values["weights"]
    return values


def plain(values: dict[str, object]) -> dict[str, object]:
    """Values with every float rounded to six significant digits."""
    return {name: rounded(value) if isinstance(value, float) else value for name, value in values.items()}
