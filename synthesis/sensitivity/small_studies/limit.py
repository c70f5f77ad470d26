"""Limit meta-analysis: the effect that infinitely precise studies would have, with or without small-study effects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.special import chdtrc

from synthesis.effects.columns import FloatArray
from synthesis.errors import InvalidArgument
from synthesis.pooling.check import check_alike, check_effects, check_options
from synthesis.pooling.intervals import wald
from synthesis.pooling.moderators.regress import check_method
from synthesis.pooling.pool import pool
from synthesis.pooling.pooled import Note, Pooled
from synthesis.sensitivity.cautions import Verdict, WithVerdict, verdict
from synthesis.sensitivity.small_studies.asymmetry import EXACT, Line
from synthesis.text import decimal, interval, p_value

TELLS = "the effect of studies without error, if effects go with standard errors as the line through them says"
CANNOT_TELL = "whether that is bias; its interval takes tau^2 and the size of the small-study effect as known"
RULES = (
    "few studies", "like precision", "tau2 is 0", "none significant", "all significant", "one study far away",
)  # fmt: skip
FIELDS = (
    "expectation", "with_bias", "without_bias", "bias", "slope", "q_small", "q_small_p_value", "q_residual",
    "q_residual_p_value", "g2",
)  # fmt: skip


class LimitEstimate(NamedTuple):
    """One adjusted estimate, with z test and interval."""

    estimate: float
    se: float
    statistic: float
    p_value: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True, slots=True)
class LimitMeta(WithVerdict):
    """Limit meta-analysis; what cannot be given is None, with its reason in `notes`."""

    expectation: LimitEstimate | None  # beta + tau alpha: what a study without error is expected to find (beta0)
    with_bias: LimitEstimate | None  # from the shrunken effects, with a bias parameter (beta-lim)
    without_bias: LimitEstimate | None  # from the shrunken effects, without one (mu-lim)
    bias: float | None  # alpha: shift of a standardised effect in a study of no precision
    slope: float | None  # beta
    shrunken: tuple[float, ...]  # effects of the studies with their precision grown without end
    q: float  # Cochran's Q = q_small + q_residual
    q_small: float | None  # of small-study effects, 1 df
    q_small_p_value: float | None
    q_residual: float | None  # beyond these, k - 2 df
    q_residual_p_value: float | None
    g2: float | None  # percent: heterogeneity that is left when small-study effects are accounted for
    tau2: float
    observed: Pooled  # the unadjusted pool
    k: int
    level: float
    verdict: Verdict
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text, with the verdict."""
        named = (
            ("expectation", self.expectation), ("with bias parameter", self.with_bias),
            ("without", self.without_bias), ("unadjusted", self.observed),
        )  # fmt: skip
        lines = [
            f"{name}: {decimal(one.estimate)} {interval(one.ci_low, one.ci_high)}, p {p_value(one.p_value)}"
            for name, one in named
            if one is not None
        ]
        small = f"small-study effects: Q {decimal(self.q_small)} on 1 df, p {p_value(self.q_small_p_value)}"
        lines.append(f"{small}; residual Q {decimal(self.q_residual)}, p {p_value(self.q_residual_p_value)}")
        lines.append(f"G^2 {decimal(self.g2, 1)} %, tau^2 {decimal(self.tau2)}, k = {self.k}")
        return "\n".join(lines) + f"\n{self.caveats()}"


def limit_meta(
    yi: Any, vi: Any, *, data: Any = None, method: str = "REML", test: str = "adhoc", level: float = 0.95
) -> LimitMeta:
    """Limit meta-analysis.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances of at least two studies, or the names of their columns in `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    method, test, level
        As for `pool`, of the unadjusted pool, whose tau^2 the limit takes; its own tests are by z.

    Returns
    -------
    LimitMeta

    Raises
    ------
    InvalidArgument
        For effects or options that cannot be used, and a single study.

    Notes
    -----
    The model is y_i = beta + sqrt(v_i + tau2) (alpha + e_i): a line through y / s against 1 / s, s^2 = v + tau2, with
    intercept alpha and slope beta. Where v is 0 it expects beta + tau alpha. Precision growing without end leaves of
    each effect beta + sqrt(tau2 / (v + tau2)) (y - beta); the common effect of these, and their line through y / se
    against 1 / se, are the other two estimates; G^2 is what that line leaves unexplained, 1 - R^2.

    References
    ----------
    Rucker G, Schwarzer G, Carpenter JR, Binder H, Schumacher M (2011). Treatment-effect estimates adjusted for
    small-study effects via a limit meta-analysis. Biostatistics 12(1), 122-142.
    Rucker G, Carpenter JR, Schwarzer G (2011). Detecting and adjusting for small-study effects in meta-analysis.
    Biometrical Journal 53(2), 351-368.
    """
    check_method(method)
    check_options(method, test, level)
    y, v = check_effects(yi, vi, data)
    check_alike(y, v)
    if len(y) < 2:
        raise InvalidArgument("a limit meta-analysis needs more than one study")
    observed = pool(y, v, method=method, test=test, level=level)
    why_not = Line(y, np.sqrt(v), v).why_not
    judged = verdict(
        y, v, rules=RULES, against=("few studies", "like precision"), tells=TELLS, cannot_tell=CANNOT_TELL,
        usable=not why_not,
    )  # fmt: skip
    if why_not:
        notes = tuple(Note(field, why_not) for field in FIELDS)
        nothing: dict[str, Any] = dict.fromkeys(FIELDS)
        tau2, q = float(observed.tau2 or 0.0), float(observed.q or 0.0)
        return LimitMeta(
            **nothing, shrunken=(), q=q, tau2=tau2, observed=observed, k=len(y), level=level, verdict=judged,
            notes=notes,
        )  # fmt: skip
    return _limit(y, v, observed, level, judged)


class _Radial(NamedTuple):
    """A line through y / s against 1 / s."""

    intercept: float
    slope: float
    slope_se: float  # with residual variance 1
    residual: float  # sum of squares
    total: float  # sum of squares about the mean


def _radial(y: FloatArray, s: FloatArray) -> _Radial:
    """Least squares on the (generalised) radial plot."""
    x, z = 1 / s, y / s
    along, up = x - x.mean(), z - z.mean()
    spread = float(along @ along)
    slope = float(along @ up) / spread
    rest = up - slope * along
    rest[np.abs(rest) <= EXACT * np.abs(z).max()] = 0.0
    return _Radial(float(z.mean() - slope * x.mean()), slope, spread**-0.5, float(rest @ rest), float(up @ up))


def _limit(y: FloatArray, v: FloatArray, observed: Pooled, level: float, judged: Verdict) -> LimitMeta:
    """The limit of studies through which a line can be laid."""
    tau2, q, se, k = float(observed.tau2 or 0.0), float(observed.q or 0.0), np.sqrt(v), len(y)
    own, general = _radial(y, se), _radial(y, np.sqrt(v + tau2))
    beta, alpha = general.slope, general.intercept
    shrunken = beta + np.sqrt(tau2 / (v + tau2)) * (y - beta)
    line, w = _radial(shrunken, se), 1 / v
    small = max(0.0, q - own.residual)
    notes = [] if line.total > 0 else [Note("g2", "the shrunken effects over their standard errors are all the same")]
    return LimitMeta(
        _tested(beta + float(np.sqrt(tau2)) * alpha, own.slope_se, level),
        _tested(line.slope, own.slope_se, level),
        _tested(float(np.average(shrunken, weights=w)), float(w.sum()) ** -0.5, level),
        alpha, beta, tuple(shrunken.tolist()), q, small, float(chdtrc(1, small)),
        own.residual, float(chdtrc(k - 2, own.residual)),
        100 * min(1.0, line.residual / line.total) if line.total > 0 else None,
        tau2, observed, k, level, judged, tuple(notes),
    )  # fmt: skip


def _tested(estimate: float, se: float, level: float) -> LimitEstimate:
    """An estimate with its z test."""
    found = wald(np.array([estimate]), np.array([se]), np.array([np.inf]), level)
    numbers = (found.statistic, found.p_value, found.low, found.high)
    return LimitEstimate(estimate, se, *(float(one[0]) for one in numbers))
