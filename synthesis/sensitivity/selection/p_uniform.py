"""p-uniform: the effect at which the p-values of significant studies would be uniform among significant ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import gammaincc, log_ndtr, ndtri

from synthesis.effects.columns import check_known
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.check import check_alike, check_effects, check_level, is_number
from synthesis.pooling.pooled import Note, Noted
from synthesis.sensitivity.selection.heterogeneity import i2_of, of_heterogeneity
from synthesis.sensitivity.selection.judged import Judged
from synthesis.sensitivity.selection.rules import FEW, finding
from synthesis.text import decimal, interval, p_value

SIDES = ("greater", "less")
FARTHEST = 1e4  # standard errors from 0, beyond which no effect is sought
PRECISION = 1e-12  # of effects, relative to them and their standard errors


@dataclass(frozen=True, slots=True)
class PUniform(Noted, Judged):
    """p-uniform's estimate; None where it cannot be given, with the reason in `notes`. All on the scale of yi."""

    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None  # one-sided, of no effect
    bias_p_value: float | None  # one-sided, of no selection: at the equal-effects mean of all studies
    equal_effects: float  # that mean
    k: int
    significant: int  # in the chosen direction
    method: str  # a key of SUMS
    alternative: str
    alpha: float
    level: float
    findings: tuple[Note, ...]
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The estimate as text."""
        bounds = interval(self.ci_low, self.ci_high)
        lines = [
            f"p-uniform ({self.method}): {self.significant} of {self.k} studies significant, {self.alternative}",
            f"{decimal(self.estimate)} {bounds}, p {p_value(self.p_value)}; all studies {decimal(self.equal_effects)}",
            f"test of selection p {p_value(self.bias_p_value)}",
            *(f"{note.field}: {note.reason}" for note in self.notes),
            self.verdict,
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON."""
        return asdict(self) | self._said() | {"notes": [note._asdict() for note in self.notes]}


def irwin_hall(x: float, n: int) -> float:
    """P(sum of n uniform numbers <= x), from B-splines, whose recursion adds positive terms only."""
    if x <= 0:
        return 0.0
    if x >= n:
        return 1.0
    at = x - np.arange(n + 1)
    spline = ((at >= 0) & (at < 1)).astype(np.float64)  # of order 1 at x, x - 1, ...
    for order in range(2, n + 2):
        nearer = np.append(spline[1:], 0.0)
        spline = np.maximum((at * spline + (order - at) * nearer) / (order - 1), 0.0)
    return float(min(1.0, spline[at >= 0].sum()))


def fisher(x: float, n: int) -> float:
    """P(sum of n exponential numbers > x)."""
    return float(gammaincc(n, max(x, 0.0)))


Sum = Callable[[FloatArray], float]
Tail = Callable[[float, int], float]


def _of_q(log_q: FloatArray) -> float:
    return float(np.exp(log_q).sum())


def _of_log_q(log_q: FloatArray) -> float:
    return float(-log_q.sum())


SUMS: Mapping[str, tuple[Sum, Tail, float]] = {"P": (_of_q, irwin_hall, 1.0), "LNP": (_of_log_q, fisher, -1.0)}
"""For each method the sum over studies, the probability of sums of as small effects, and whether it grows with them."""


def p_uniform(
    yi: Any, vi: Any, *, data: Any = None, alternative: str = "greater", alpha: float = 0.05, method: str = "P",
    level: float = 0.95,
) -> PUniform:  # fmt: skip
    """p-uniform's estimate of one effect that all studies share, from the significant ones only.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    data : data frame or mapping of columns, optional
        Where names are looked up.
    alternative : str
        The direction of the hypothesis, "greater" or "less": only studies that are significant in it count.
    alpha : float
        Two-sided level at which studies are significant.
    method : str
        "P": the sum of the conditional p-values (Irwin and Hall's distribution); "LNP": of their negative logarithms
        (Fisher's).
    level : float
        Confidence level.

    Returns
    -------
    PUniform
        With q = Phi((d - y) / s) / Phi((d - c) / s) for studies with effect y beyond the critical value c, which are
        uniform at the true effect d: the d at which their sum is its median (for P) or its mean (for LNP).

    Raises
    ------
    InvalidArgument
        For effects or options that cannot be used.

    References
    ----------
    van Assen MALM, van Aert RCM, Wicherts JM (2015). Meta-analysis using effect size distributions of only
    statistically significant studies. Psychological Methods 20(3), 293-309.
    van Aert RCM, Wicherts JM, van Assen MALM (2016). Conducting meta-analyses based on p values: reservations and
    recommendations for applying p-uniform and p-curve. Perspectives on Psychological Science 11(5), 713-729.
    """
    check_level(level)
    check_side(alternative, alpha)
    check_known(method, SUMS, "method", "p-uniform")
    y, v = check_effects(yi, vi, data)
    check_alike(y, v)
    sign = -1.0 if alternative == "less" else 1.0
    s, y = np.sqrt(v), sign * y
    cut = -float(ndtri(alpha / 2)) * s
    chosen = y > cut
    n, mean = int(chosen.sum()), float(np.average(y, weights=1 / v))
    if not n:
        return _without(len(y), sign * mean, (method, alternative, alpha, level))
    score = _Score(y[chosen], s[chosen], cut[chosen], method)
    middle = 0.5 * n if method == "P" else float(n)
    estimate = score.root(lambda at: score.direction * (score.sum(at) - middle))
    low, high = score.effect_at((1 - level) / 2), score.effect_at((1 + level) / 2)
    fields = [field for field, one in (("estimate", estimate), ("ci_low", low), ("ci_high", high)) if one is None]
    notes = [Note(field, "no effect within reach fits: the p-values lie too near to alpha") for field in fields]
    found = tuple(_findings(len(y), n, score.lower(0.0), estimate, i2_of(y, v)))
    return PUniform(
        None if estimate is None else sign * estimate, *_ordered(low, high, sign), score.lower(0.0),
        1 - score.lower(mean), sign * mean, len(y), n, method, alternative, alpha, level, found, tuple(notes),
    )  # fmt: skip


def _ordered(low: float | None, high: float | None, sign: float) -> tuple[float | None, float | None]:
    """The bounds on the scale of the user."""
    ends = [None if one is None else sign * one for one in (low, high)]
    return (ends[0], ends[1]) if sign > 0 else (ends[1], ends[0])


def check_side(alternative: Any, alpha: Any) -> None:
    """Raise InvalidArgument for a direction that is not known, and a level that is not between 0 and 1."""
    check_known(alternative, SIDES, "alternative")
    if not is_number(alpha) or not 0 < alpha < 1:
        raise InvalidArgument(f"alpha must be between 0 and 1, as 0.05, not {alpha!r}")


class _Score:
    """The sum of the conditional p-values as a function of the effect."""

    def __init__(self, y: FloatArray, s: FloatArray, cut: FloatArray, method: str) -> None:
        self.y, self.s, self.cut = y, s, cut
        self.total, self.tail, self.direction = SUMS[method]

    def sum(self, effect: float) -> float:
        """The sum, which for P grows with the effect."""
        return self.total(log_ndtr((effect - self.y) / self.s) - log_ndtr((effect - self.cut) / self.s))

    def lower(self, effect: float) -> float:
        """The probability of effects as small as these were `effect` the true one; it grows with `effect`."""
        return self.tail(self.sum(effect), len(self.y))

    def effect_at(self, tail: float) -> float | None:
        """The effect at which the lower tail is `tail`."""
        return self.root(lambda at: self.lower(at) - tail)

    def root(self, function: Callable[[float], float]) -> float | None:
        """Where a function that grows is 0; None where that is out of reach."""
        step, start = float(self.s.max()), float(self.y.mean())
        low, high, farthest = start - step, start + step, FARTHEST * step
        while function(high) < 0 and high < start + farthest:
            high = start + 2 * (high - start)
        while function(low) > 0 and low > start - farthest:
            low = start - 2 * (start - low)
        if function(high) < 0 or function(low) > 0:
            return None
        while high - low > PRECISION * (step + abs(low)):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if function(middle) < 0 else (low, middle)
        return 0.5 * (low + high)


def _without(k: int, mean: float, asked: tuple[str, str, float, float]) -> PUniform:
    """No estimate."""
    reason = "no study is significant in the chosen direction"
    notes = tuple(Note(field, reason) for field in ("estimate", "ci_low", "ci_high", "p_value", "bias_p_value"))
    found = (finding("no_p_value", f"{reason}: p-uniform has nothing to go by"),)
    return PUniform(None, None, None, None, None, mean, k, 0, *asked, found, notes)


def _findings(k: int, n: int, p: float, estimate: float | None, i2: float) -> Iterator[Note]:
    """What the estimate can and cannot tell."""
    if n < FEW:
        studies = "one significant study" if n == 1 else f"{n} significant studies"
        yield finding("few_significant", f"{studies}: the interval says how little they fix")
    if estimate is None:
        yield finding("not_converged", "the p-values lie too near to alpha for an estimate")
    elif estimate < 0:
        words = "the p-values lie nearer to alpha than without any effect: take the estimate for 0"
        yield finding("p_near_alpha", words)
    if n < k:
        yield finding("only_significant", f"{k - n} studies that are not significant in this direction are left out")
    yield from of_heterogeneity(i2, "one true effect is assumed: where effects differ the estimate is too large")
    yield finding("assumption", f"of no effect p {p_value(p)}: studies are taken as selected for significance alone")
