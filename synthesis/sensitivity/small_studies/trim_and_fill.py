"""Trim and fill: studies that a symmetric funnel would have beside those that are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from synthesis.effects.columns import FloatArray, check_known
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import batch_of_one
from synthesis.pooling.check import check_alike, check_effects, check_options
from synthesis.pooling.fit import fit
from synthesis.pooling.moderators.regress import check_method
from synthesis.pooling.pool import pool
from synthesis.pooling.pooled import Note, Pooled
from synthesis.sensitivity.cautions import Verdict, WithVerdict, verdict
from synthesis.sensitivity.small_studies.asymmetry import Line, laid
from synthesis.text import decimal, interval, p_value

SIDES = ("left", "right")
TELLS = "how the pooled effect would be if the funnel were made symmetric"
CANNOT_TELL = (
    "whether studies are missing, or how many: it takes every asymmetry for missing studies, and finds some where "
    "effects differ (Terrin N, Schmid CH, Lau J, Olkin I 2003, Statistics in Medicine 22(13), 2113-2126)"
)
RULES = (
    "few studies", "like precision", "heterogeneity", "none significant", "all significant", "one study far away",
)  # fmt: skip


class Missing(NamedTuple):
    """How many studies are missing, before it is rounded; NaN where an estimator has no value."""

    k0: float
    se: float


@dataclass(frozen=True, slots=True)
class TrimAndFill(WithVerdict):
    """The pool of the studies and their filled-in mirror images; what cannot be given is None, with its reason."""

    k0: int | None  # studies that are filled in
    k0_se: float | None
    k0_p_value: float | None  # that none is missing; of R0 only
    side: str  # where they are missing: a member of SIDES
    side_given: bool
    estimator: str  # a key of MISSING
    filled_yi: tuple[float, ...]  # of the studies filled in
    filled_vi: tuple[float, ...]
    filled: Pooled | None  # of all, the filled ones included
    observed: Pooled  # of the studies as they are
    converged: bool
    iterations: int
    verdict: Verdict
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text, with the verdict."""
        count = "-" if self.k0 is None else str(self.k0)
        head = f"{count} studies filled in on the {self.side} ({self.estimator}, se {decimal(self.k0_se, 2)})"
        return f"{head}: {_line(self.filled)}; observed {_line(self.observed)}\n{self.caveats()}"


def _line(pooled: Pooled | None) -> str:
    """A pool in a few words."""
    if pooled is None:
        return "-"
    bounds = interval(pooled.ci_low, pooled.ci_high)
    return f"{decimal(pooled.estimate)} {bounds}, p {p_value(pooled.p_value)}, k = {pooled.k}"


def linear(k: int, signed: FloatArray) -> Missing:
    """L0 = (4 T - k (k + 1)) / (2k - 1), T the sum of the ranks of the studies on the full side."""
    k0 = (4 * float(signed[signed > 0].sum()) - k * (k + 1)) / (2 * k - 1)
    return Missing(k0, 4 * _root(_variance(k, k0)) / (2 * k - 1))


def quadratic(k: int, signed: FloatArray) -> Missing:
    """Q0 = k - 1/2 - sqrt(2 k^2 - 4 T + 1/4); NaN where the root has no value, as many studies are missing."""
    k0 = k - 0.5 - _root(2 * k**2 - 4 * float(signed[signed > 0].sum()) + 0.25)
    below = _root((k - 0.5) ** 2 - k0 * (2 * k - k0 - 1))
    return Missing(k0, 2 * _root(_variance(k, k0)) / below if below > 0 else np.nan)


def rightmost(k: int, signed: FloatArray) -> Missing:
    """R0: the run of the largest ranks that all lie on the full side, less 1."""
    other = signed[signed < 0]
    k0 = k - float(-other.min() if len(other) else 0.0) - 1
    return Missing(k0, _root(2 * max(0.0, k0) + 2))


def _variance(k: int, k0: float) -> float:
    """Variance of T where k0 studies are missing (Duval and Tweedie 2000)."""
    full = k * (k + 1) * (2 * k + 1) + 10 * k0**3 + 27 * k0**2 + 17 * k0
    return (full - 18 * k * k0**2 - 18 * k * k0 + 6 * k**2 * k0) / 24


def _root(square: float) -> float:
    """The square root; NaN of numbers below 0."""
    return float(np.sqrt(square)) if square >= 0 else float("nan")


MISSING: Mapping[str, Callable[[int, FloatArray], Missing]] = {"L0": linear, "R0": rightmost, "Q0": quadratic}


def trim_and_fill(
    yi: Any,
    vi: Any,
    *,
    data: Any = None,
    side: str | None = None,
    estimator: str = "L0",
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
) -> TrimAndFill:
    """Trim and fill.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    side : str, optional
        Where studies are missing, "left" (small effects) or "right"; without it the side that the regression of the
        effects on their standard errors (with the same method) tells.
    estimator : str
        Of their number, a key of MISSING: "L0", "R0" or "Q0".
    method, test, level
        As for `pool`; the method also centres the funnel. Not DLMH, GENQ, GENQM.

    Returns
    -------
    TrimAndFill
        Where the numbers run in a circle, that of the last step, and `converged` is False.

    Raises
    ------
    InvalidArgument
        As for `pool`; for fewer than three studies, an unknown side or estimator.

    Notes
    -----
    The most extreme k0 studies are trimmed off, the rest is pooled, the ranks of all distances from that centre give
    the next k0, until it stays; then the trimmed studies are put back with their mirror images.

    References
    ----------
    Duval S, Tweedie R (2000). A nonparametric "trim and fill" method of accounting for publication bias in
    meta-analysis. Journal of the American Statistical Association 95(449), 89-98.
    Duval S, Tweedie R (2000). Trim and fill: a simple funnel-plot-based method of testing and adjusting for
    publication bias in meta-analysis. Biometrics 56(2), 455-463.
    """
    check_method(method)
    check_options(method, test, level)
    check_known(estimator, MISSING, "estimator of missing studies")
    if side is not None:
        check_known(side, SIDES, "side")
    y, v = check_effects(yi, vi, data)
    check_alike(y, v)
    if len(y) < 3:
        raise InvalidArgument(f"trim and fill needs at least three studies, not {len(y)}")
    chosen = _side(y, v, method) if side is None else side
    sign = -1.0 if chosen == "right" else 1.0
    order = np.argsort(sign * y, kind="stable")
    trimmed = _trimmed(sign * y[order], v[order], estimator, method)
    options: dict[str, Any] = {"method": method, "test": test, "level": level}
    observed, filled, k0 = pool(y, v, **options), None, trimmed.k0
    mirrored: tuple[FloatArray, FloatArray] = (np.empty(0), np.empty(0))
    if k0 is not None:
        mirrored = sign * (2 * trimmed.centre - sign * y[order][len(y) - k0 :]), v[order][len(y) - k0 :]
        filled = pool(np.concatenate([y, mirrored[0]]), np.concatenate([v, mirrored[1]]), **options)
    se = trimmed.se if np.isfinite(trimmed.se) else None
    p = None if estimator != "R0" or k0 is None else 0.5 ** (k0 + 1)
    return TrimAndFill(
        k0, se, p, chosen, side is not None, estimator, tuple(mirrored[0].tolist()), tuple(mirrored[1].tolist()),
        filled, observed, trimmed.converged, trimmed.iterations,
        verdict(
            y, v, rules=RULES, against=("few studies",), tells=TELLS, cannot_tell=CANNOT_TELL, usable=k0 is not None
        ),
        _notes(trimmed, estimator),
    )  # fmt: skip


class _Trimmed(NamedTuple):
    """Where the trimming came to rest."""

    k0: int | None
    se: float
    centre: float  # of the studies that are left
    converged: bool
    iterations: int


def _side(y: FloatArray, v: FloatArray, method: str) -> str:
    """The side where small studies are missing, from the sign of the line through effects and standard errors."""
    line = Line(y, np.sqrt(v), v, method, "z")
    return "right" if not line.why_not and float(laid(line).slope_estimate[0]) < 0 else "left"


def _trimmed(y: FloatArray, v: FloatArray, estimator: str, method: str) -> _Trimmed:
    """The iteration on effects in rising order, of which the largest are trimmed off."""
    k, k0, seen = len(y), 0, set[int]()
    while True:  # which ends: no number of 0 to k - 1 comes twice
        seen.add(k0)
        iteration = len(seen)
        kept = max(k - k0, 1)
        centre = float(fit(batch_of_one(y[:kept], v[:kept]), method=method, test="z", level=0.95).estimate[0])
        found = MISSING[estimator](k, _signed_ranks(y - centre))
        if not np.isfinite(found.k0):
            return _Trimmed(None, np.nan, centre, converged=False, iterations=iteration)
        following = min(max(0, round(found.k0)), k - 1)
        if following == k0:
            return _Trimmed(k0, found.se, centre, converged=True, iterations=iteration)
        if following in seen:
            return _Trimmed(k0, found.se, centre, converged=False, iterations=iteration)
        k0 = following


def _signed_ranks(away: FloatArray) -> FloatArray:
    """Ranks of the distances, in order of place where they are alike, with the signs of the distances."""
    ranks = np.empty(len(away))
    ranks[np.argsort(np.abs(away), kind="stable")] = np.arange(1, len(away) + 1)
    return ranks * np.sign(away)


def _notes(trimmed: _Trimmed, estimator: str) -> tuple[Note, ...]:
    """What could not be given."""
    if trimmed.k0 is None:
        why = f"{estimator} has no value here: too many ranks lie on one side; try L0"
        return tuple(Note(field, why) for field in ("k0", "k0_se", "filled"))
    notes = []
    if not np.isfinite(trimmed.se):
        notes.append(Note("k0_se", "its variance comes out below 0 for so few missing studies"))
    if not trimmed.converged:
        notes.append(
            Note("converged", "the number of missing studies runs in a circle; that of the last step is given")
        )
    if estimator != "R0":
        notes.append(Note("k0_p_value", "only R0 has a test that no study is missing"))
    return tuple(notes)
