"""Vote counting by direction of effect, where studies give no more than that (Cochrane Handbook 12.2.1.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

import numpy as np
from scipy.special import betaincinv, ndtri

from synthesis.effects.columns import FloatArray, check_known, looked_up, refuse
from synthesis.errors import InvalidArgument, rows_text
from synthesis.pooling.check import check_level, numbers
from synthesis.pooling.log_tails import beta_tail
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, interval, p_value

Bounds = tuple[float, float]
ALTERNATIVES = ("two-sided", "greater", "less")
DIRECTIONS: Mapping[str, float] = {"positive": 1.0, "negative": -1.0, "undetermined": 0.0}


@dataclass(frozen=True, slots=True)
class VoteCount(Noted):
    """How many effects are positive, and whether that is more or less than half; None with its reason in `notes`."""

    positive: int
    negative: int
    undetermined: int  # an effect of 0, or a direction that is not known; in no proportion
    proportion: float | None  # positive / (positive + negative)
    ci_low: float | None
    ci_high: float | None
    p_value: float | None  # sign test that the proportion is 1/2, exact
    k: int  # positive and negative
    alternative: str  # a member of ALTERNATIVES; a one-sided interval reaches to 0 or 1
    interval: str  # a key of PROPORTION_INTERVALS
    level: float
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text."""
        bounds = f"{interval(self.ci_low, self.ci_high)} ({self.interval}, {100 * self.level:g} %)"
        test = f"sign test p {p_value(self.p_value)} ({self.alternative})"
        lines = [f"{self.positive} of {self.k} positive: {decimal(self.proportion)} {bounds}, {test}"]
        lines += [f"{note.field}: {note.reason}" for note in self.notes]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        return asdict(self) | {"notes": [note._asdict() for note in self.notes]}


def wilson(x: int, n: int, tails: Bounds) -> Bounds:
    """Wilson's score interval of a proportion x / n; `tails` are the probabilities left out below and above.

    References
    ----------
    Wilson EB (1927). Probable inference, the law of succession, and statistical inference. Journal of the American
    Statistical Association 22(158), 209-212.
    Brown LD, Cai TT, DasGupta A (2001). Interval estimation for a binomial proportion. Statistical Science 16(2),
    101-133.
    """
    return (_score_bound(x, n, tails[0]) if x else 0.0), (1 - _score_bound(n - x, n, tails[1]) if x < n else 1.0)


def _score_bound(x: int, n: int, tail: float) -> float:
    """The q below x / n with x / n - q = z sqrt(q (1 - q) / n), in which nothing cancels; 0 for no tail; x above 0."""
    if tail == 0:
        return 0.0
    z = -float(ndtri(tail))
    middle, reach = x + z**2 / 2, z * sqrt(x * (n - x) / n + z**2 / 4)
    return x**2 / n / (middle + reach)


def clopper_pearson(x: int, n: int, tails: Bounds) -> Bounds:
    """Clopper and Pearson's exact interval of a proportion x / n; `tails` as of `wilson`.

    References
    ----------
    Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in the case of the binomial.
    Biometrika 26(4), 404-413.
    """
    low = float(betaincinv(x, n - x + 1, tails[0])) if x else 0.0
    high = 1 - float(betaincinv(n - x, x + 1, tails[1])) if x < n else 1.0
    return low, high


PROPORTION_INTERVALS: Mapping[str, Callable[[int, int, Bounds], Bounds]] = {
    "wilson": wilson,
    "exact": clopper_pearson,
}


def vote_count(
    direction: Any, *, data: Any = None, alternative: str = "two-sided", interval: str = "wilson", level: float = 0.95
) -> VoteCount:
    """Vote counting by direction of effect, without regard to size or significance.

    Parameters
    ----------
    direction : array-like, shape (k,), or str
        Effects, of which only the sign counts, or 1, -1 and 0; NaN or None where the direction is not known. Or the
        words "positive", "negative" and "undetermined".
    data : mapping or data frame, optional
        Where the column is looked up, if it is given by name.
    alternative : str
        What the sign test asks: "two-sided", whether positive effects are not half of all; "greater", whether they are
        more; "less", whether they are fewer. The interval is of the same kind.
    interval : str
        "wilson", as the Handbook names it, or "exact" (Clopper and Pearson).
    level : float
        Confidence level.

    Returns
    -------
    VoteCount
        With the exact binomial test. Effects of 0 and unknown directions are left out, with a note.

    Raises
    ------
    InvalidArgument
        For an empty column, infinite numbers and unknown words, with the rows; for an unknown option.

    References
    ----------
    McKenzie JE, Brennan SE (2019). Synthesizing and presenting findings using other methods. In the Cochrane Handbook
    for Systematic Reviews of Interventions, 12.2.1.3.
    Bushman BJ, Wang MC (2009). Vote-counting procedures in meta-analysis. In Cooper H, Hedges LV, Valentine JC (eds),
    The handbook of research synthesis and meta-analysis (2nd ed.), 207-220. New York: Russell Sage.

    Examples
    --------
    >>> found = vote_count([0.3, 0.1, -0.2, 0.5, 0.0])
    >>> found.positive, found.negative, found.undetermined, found.p_value
    (3, 1, 1, 0.625)
    """
    check_known(alternative, ALTERNATIVES, "alternative")
    check_known(interval, PROPORTION_INTERVALS, "interval")
    check_level(level)
    sign = _signs(looked_up(direction, data))
    positive, negative = int(np.sum(sign > 0)), int(np.sum(sign < 0))
    k = positive + negative
    notes = _left_out(sign)
    if not k:
        why = "no study has a known direction"
        notes += [Note(name, why) for name in ("proportion", "ci_low", "ci_high", "p_value")]
        return VoteCount(0, 0, len(sign), None, None, None, None, 0, alternative, interval, level, tuple(notes))
    outside = 1 - level
    tails = {"two-sided": (outside / 2, outside / 2), "greater": (outside, 0.0), "less": (0.0, outside)}[alternative]
    low, high = PROPORTION_INTERVALS[interval](positive, k, tails)
    p = sign_test(positive, negative, alternative)
    return VoteCount(
        positive, negative, len(sign) - k, positive / k, low, high, p, k, alternative, interval, level, tuple(notes)
    )


def sign_test(positive: int, negative: int, alternative: str) -> float:
    """Exact p-value that positive and negative effects are equally likely."""
    more = beta_tail(positive, negative + 1, 0.5).p if positive else 1.0
    fewer = beta_tail(negative, positive + 1, 0.5).p if negative else 1.0
    return {"greater": more, "less": fewer, "two-sided": min(1.0, 2 * min(more, fewer))}[alternative]


def _signs(direction: Any) -> FloatArray:
    """The directions as numbers, NaN for what is not known, shape (k,)."""
    given = np.asarray(direction)
    worded = given.ndim == 1 and any(isinstance(one, str) for one in given.tolist())
    if worded:
        direction = [DIRECTIONS.get(one, np.inf) if isinstance(one, str) else one for one in given.tolist()]
    found = numbers(direction, "direction")
    refuse(np.isinf(found), f"direction must be finite, or one of {', '.join(DIRECTIONS)}")
    if not len(found):
        raise InvalidArgument("direction is empty: there is nothing to count")
    return found


def _left_out(sign: FloatArray) -> list[Note]:
    """A note on the rows that are not counted."""
    rows = (np.flatnonzero(~(np.abs(sign) > 0)) + 1).tolist()
    reason = "an effect of 0, or of no known direction; left out"
    return [Note("undetermined", f"{rows_text(rows)}: {reason}")] if rows else []
