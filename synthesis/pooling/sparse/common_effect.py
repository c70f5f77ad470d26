"""The result of the methods that pool counts as one common effect, and the tests that they share."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from scipy.special import chdtrc

from synthesis.effects.columns import FloatArray
from synthesis.pooling.heterogeneity import i2_and_h2_from_q
from synthesis.pooling.intervals import wald
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, interval, p_value


@dataclass(frozen=True, slots=True)
class CommonEffect(Noted):
    """One effect common to all studies, from their counts; what cannot be given is None, with its reason in `notes`.

    Estimate, standard error and bounds are on the log scale for OR, RR and IRR; I^2 is in percent.
    """

    measure: str
    method: str  # "MH" or "Peto"
    estimate: float | None
    se: float | None
    statistic: float | None  # z
    p_value: float | None  # two-sided
    ci_low: float | None
    ci_high: float | None
    tau2: float  # 0: the method assumes one effect
    i2: float | None  # from Q, as H^2
    h2: float | None
    q: float | None  # of the studies' own effects about the estimate
    q_df: int
    q_p_value: float | None
    cochran: float | None  # Cochran's test of no association: binomial variance, chi-squared on 1 df; OR
    cochran_p_value: float | None
    mantel_haenszel: float | None  # Mantel and Haenszel's: hypergeometric variance; OR, and IRR (binomial)
    mantel_haenszel_p_value: float | None
    breslow_day: float | None  # test of one odds ratio in all tables, chi-squared on k_informative - 1 df; OR
    breslow_day_p_value: float | None
    tarone: float | None  # the same after Tarone's correction
    tarone_p_value: float | None
    k: int  # studies that are pooled
    k_effects: int  # studies whose own effects enter Q
    k_informative: int | None  # tables with both events and non-events; of OR only
    level: float
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text."""
        label = f"{self.measure} ({self.method}, z, {100 * self.level:g} %)"
        bounds = interval(self.ci_low, self.ci_high)
        lines = [
            f"k = {self.k}: {decimal(self.estimate)} {bounds}, p {p_value(self.p_value)}, {label}",
            f"Q {decimal(self.q)} on {self.q_df} df, p {p_value(self.q_p_value)}, I^2 {decimal(self.i2, 1)} %",
        ]
        tests = {
            "Cochran": (self.cochran, self.cochran_p_value),
            "Mantel-Haenszel": (self.mantel_haenszel, self.mantel_haenszel_p_value),
            "Tarone": (self.tarone, self.tarone_p_value),
        }
        given = [f"{name} {decimal(value)}, p {p_value(p)}" for name, (value, p) in tests.items() if value is not None]
        lines += ["; ".join(given)] if given else []
        lines += [f"{note.field}: {note.reason}" for note in self.notes]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        return asdict(self) | {"notes": [note._asdict() for note in self.notes]}


class Spread(NamedTuple):
    """Heterogeneity of the studies' own effects about an estimate."""

    q: float | None
    df: int
    p_value: float | None
    i2: float | None
    h2: float | None
    k: int


def spread_about(estimate: float | None, yi: FloatArray, vi: FloatArray) -> tuple[Spread, list[Note]]:
    """Q = sum of (y - estimate)^2 / v on k - 1 degrees of freedom, with I^2 and H^2 from it; effects of shape (k,)."""
    k = len(yi)
    df = max(0, k - 1)
    if estimate is None or k < 2:
        why = "there is no estimate" if estimate is None else "fewer than two studies have an effect of their own"
        return Spread(None, df, None, None, None, k), [Note(name, why) for name in ("q", "i2", "h2")]
    q = float(np.sum(np.square(yi - estimate) / vi))
    i2, h2 = i2_and_h2_from_q(np.array([q]), np.array([float(df)]))
    return Spread(q, df, float(chdtrc(df, q)), float(i2[0]), float(h2[0]), k), []


class Judged(NamedTuple):
    """An estimate's z test and interval; None without a standard error."""

    statistic: float | None
    p_value: float | None
    low: float | None
    high: float | None


def judged(estimate: float | None, se: float | None, level: float) -> tuple[Judged, list[Note]]:
    """The z test and interval of an estimate, or why there are none."""
    if estimate is None or not se:
        names = ("statistic", "p_value", "ci_low", "ci_high")
        why = "there is no estimate" if estimate is None else "the standard error is 0"
        return Judged(None, None, None, None), [Note(name, why) for name in names]
    found = wald(np.array([estimate]), np.array([se]), np.array([np.inf]), level)
    return Judged(*(float(x[0]) for x in (found.statistic, found.p_value, found.low, found.high))), []


def chi_squared(statistic: float, df: int) -> tuple[float | None, float | None]:
    """A chi-squared statistic with its p-value; None for both where a variance of 0 leaves none."""
    return (statistic, float(chdtrc(df, statistic))) if isfinite(statistic) else (None, None)
