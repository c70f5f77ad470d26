"""Whether small studies find other effects than large ones."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.check import check_effects, check_level
from synthesis.pooling.intervals import half_width, two_sided
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, interval, p_value

FEW = 10  # below so many studies the test has too little power to tell chance from asymmetry
SAME_SE = 1e-10  # relative spread of the standard errors below which no line can be laid through them


@dataclass(frozen=True, slots=True)
class EggerTest(Noted):
    """Egger's regression test; what cannot be given is None, with its reason in `notes`."""

    bias: float | None  # change of effect per unit of standard error: 0 where the funnel is symmetric
    bias_se: float | None
    statistic: float | None  # t
    df: int  # k - 2
    p_value: float | None  # two-sided
    limit_estimate: float | None  # effect at a standard error of 0
    limit_ci_low: float | None
    limit_ci_high: float | None
    k: int
    level: float
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """One line of text, and one for each note."""
        slope = f"bias {decimal(self.bias)}, t {decimal(self.statistic)} on {self.df} df, p {p_value(self.p_value)}"
        limit = f"{decimal(self.limit_estimate)} {interval(self.limit_ci_low, self.limit_ci_high)}"
        lines = [
            f"Egger's test: {slope}; at standard error 0: {limit}",
            *(f"{note.field}: {note.reason}" for note in self.notes),
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values; notes as objects of `field` and `reason`."""
        return {**asdict(self), "notes": [note._asdict() for note in self.notes]}


def egger(yi: Any, vi: Any, *, data: Any = None, level: float = 0.95) -> EggerTest:
    """Egger's regression test for small-study effects, in its classical form.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    level : float
        Confidence level of the interval of the limit estimate.

    Returns
    -------
    EggerTest
        From the regression of yi on sqrt(vi) with weights 1 / vi and a residual variance that is estimated, so
        that the test is a t test with k - 2 degrees of freedom (metafor: `regtest(model = "lm")`; `bias` is the
        intercept of the regression of yi / sqrt(vi) on 1 / sqrt(vi) in the paper). Below ten studies a note warns.

    Raises
    ------
    InvalidArgument
        For effects or a level that cannot be used.

    References
    ----------
    Egger M, Davey Smith G, Schneider M, Minder C (1997). Bias in meta-analysis detected by a simple, graphical
    test. BMJ 315(7109), 629-634.
    """
    check_level(level)
    y, v = check_effects(yi, vi, data)
    k = len(y)
    notes = []
    if k < FEW:
        notes.append(Note("p_value", f"{k} studies: below {FEW} the test can hardly tell asymmetry from chance"))
    x = np.sqrt(v)
    alike = np.ptp(x) <= SAME_SE * x.max()
    if k < 3 or alike:
        reason = "the standard errors are all alike" if k >= 3 else "the test needs at least three studies"
        return _untested(k, level, [Note("bias", reason), *notes])
    return _tested(y, x, level, notes)


def _untested(k: int, level: float, notes: list[Note]) -> EggerTest:
    """No test, and why."""
    return EggerTest(None, None, None, max(k - 2, 0), None, None, None, None, k, level, tuple(notes))


def _tested(y: FloatArray, se: FloatArray, level: float, notes: list[Note]) -> EggerTest:
    """The regression of y on its standard errors, these taken from their weighted mean."""
    w = 1.0 / se**2
    centre = float(np.sum(w * se) / np.sum(w))
    x = se - centre
    df = len(y) - 2
    total, spread = float(w.sum()), float(np.sum(w * x * x))
    mean, bias = float(np.sum(w * y)) / total, float(np.sum(w * x * y)) / spread
    residual = float(np.sum(w * (y - mean - bias * x) ** 2)) / df
    bias_se, limit = float(np.sqrt(residual / spread)), mean - bias * centre
    reach = half_width(df, level) * float(np.sqrt(residual * (1 / total + centre**2 / spread)))
    statistic = bias / bias_se if bias_se > 0 else None
    if statistic is None:
        notes = [Note("statistic", "the effects lie on one line: there is no residual to judge the bias by"), *notes]
    p = None if statistic is None else float(two_sided(np.array([statistic]), np.array([df]))[0])
    return EggerTest(bias, bias_se, statistic, df, p, limit, limit - reach, limit + reach, len(y), level, tuple(notes))
