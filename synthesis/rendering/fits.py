"""One pooled model as text and plain values: the one home of how a pooled effect is written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from synthesis.effects import MEASURES
from synthesis.effects.back_transform import BackTransformed
from synthesis.pooling import Pooled
from synthesis.pooling.model_pooled import ModelPooled
from synthesis.text import ABSENT, decimal, interval, p_value, rounded

AnyPooled = Pooled | ModelPooled
READ = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")  # numbers that are read as ratios, from their logs


def scale_of(measure: str) -> str:
    """The scale of numbers in JSON: logs for ratios, others as they are."""
    return "log" if MEASURES[measure].is_ratio else "as it is"


def natural(value: float | None, *, ratio: bool) -> float | None:
    """A value as it is read: ratios from their logs."""
    if value is None or not ratio:
        return value
    return math.exp(value) if value < 700 else math.inf


def fit_cells(fit: AnyPooled, *, ratio: bool, back: BackTransformed | None = None) -> list[str]:
    """k, estimate, interval, p, tau2 with interval, I2, Q and prediction interval, as text.

    The estimate and its intervals are ratios from their logs, or those of `back` where it is given.
    """
    estimate, low, high, pi_low, pi_high = read(fit, ratio=ratio, back=back)
    places = 2 if back is None else 4
    q = ABSENT if fit.q is None else f"{decimal(fit.q, 2)} ({fit.q_df}, {p_value(fit.q_p_value)})"
    return [
        str(fit.k),
        decimal(estimate, places),
        interval(low, high, places),
        p_value(fit.p_value),
        decimal(fit.tau2, 3),
        interval(fit.tau2_ci_low, fit.tau2_ci_high, 3),
        decimal(fit.i2, 1),
        q,
        interval(pi_low, pi_high, places),
    ]


def read(fit: AnyPooled, *, ratio: bool, back: BackTransformed | None = None) -> list[float | None]:
    """Estimate, interval and prediction interval on the scale that is read."""
    if back is not None:
        return [getattr(back, name) for name in READ]
    return [natural(getattr(fit, name), ratio=ratio) for name in READ]


def model_lines(fit: AnyPooled, name: str) -> list[str]:
    """What the table has no column for: how many effects there are, the variances by level, and how it was judged."""
    if isinstance(fit, Pooled) or fit.k == 1:
        return []
    if fit.estimate is None:
        return [f"{name}: no estimate by {fit.model}: {fit.reason('estimate')}"]
    lines = [f"{name}: {fit.model}, {fit.method}, {fit.test}{_df(fit)}"]
    if "effects" in fit.details:
        lines[0] += f"; {fit.k} studies, {fit.details['effects']} effects"
    for level in fit.details.get("levels", ()):
        bounds = interval(level["ci_low"], level["ci_high"], 3)
        lines.append(
            f"  sigma2 {level['level']} {decimal(level['sigma2'], 3)} {bounds}, I2 {decimal(level['i2'], 1)} %"
        )
    reasons: dict[str, list[str]] = {}
    for note in fit.notes:
        if getattr(fit, note.field, 0) is None:
            continue  # the table shows that it is absent; JSON and CSV say why
        reasons.setdefault(note.reason, []).append(note.field)
    return [*lines, *(f"  {', '.join(fields)}: {reason}" for reason, fields in reasons.items())]


def _df(fit: ModelPooled) -> str:
    return "" if fit.df is None else f" on {fit.df:.4g} df"


def fit_json(fit: AnyPooled) -> dict[str, object]:
    """A model as plain values, rounded to six significant digits."""
    values: dict[str, object] = plain(fit.to_dict())
    for name in ("iterations", "weights"):
        values.pop(name, None)
    return values


def plain(value: Any) -> Any:
    """A value fit for JSON: floats to six significant digits, null for what is not finite."""
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return rounded(value) if isinstance(value, float) else value
