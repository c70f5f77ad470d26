"""Tests over several 2x2 tables: of no association, and of one odds ratio in all of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from synthesis.effects.columns import FloatArray
from synthesis.effects.tables import from_odds_ratio
from synthesis.effects.two_by_two import peto_odds_ratio
from synthesis.pooling.pooled import Note
from synthesis.pooling.sparse.columns import Four
from synthesis.pooling.sparse.common_effect import chi_squared

CORRECTION = 0.5  # taken off an excess of whole events: half the step between two of its values
Test = tuple[float | None, float | None]  # a statistic and its p-value
NO_VARIANCE = "no table has both events and non-events, or both groups"


@dataclass(frozen=True, slots=True)
class TableTests:
    """Tests over the tables; None where there is none, with the reason in `notes`."""

    cochran: float | None = None
    cochran_p_value: float | None = None
    mantel_haenszel: float | None = None
    mantel_haenszel_p_value: float | None = None
    breslow_day: float | None = None
    breslow_day_p_value: float | None = None
    tarone: float | None = None
    tarone_p_value: float | None = None
    k_informative: int | None = None
    notes: list[Note] = field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        """All but the notes, by name."""
        found = asdict(self)
        del found["notes"]
        return found


def informative(four: Four) -> Four:
    """The tables with both events and non-events, which alone say something about the odds ratio."""
    a, b, c, d = four
    which = (a + c > 0) & (b + d > 0)
    return a[which], b[which], c[which], d[which]


def excess_and_variance(four: Four) -> tuple[FloatArray, FloatArray]:
    """Events of the first group less those expected without association, and their hypergeometric variance.

    The tables are informative ones, shape (k,).
    """
    y, v = peto_odds_ratio(*four)
    return y / v, 1 / v


def table_tests(four: Four, log_odds_ratio: float | None, *, correct: bool) -> TableTests:
    """Cochran's and Mantel and Haenszel's test of no association, Breslow and Day's and Tarone's of one odds ratio.

    Parameters
    ----------
    four : tuple of ndarray, shape (k,) each
        The cells a, b, c, d.
    log_odds_ratio : float or None
        The Mantel-Haenszel estimate, at which the odds ratios are said to be equal.
    correct : bool
        Whether 1/2 is taken off the absolute excess of events before it is squared. As in metafor, the whole half is
        taken off even where the excess is smaller than that, which moves the statistic up; a note says so.

    References
    ----------
    Cochran WG (1954). Some methods for strengthening the common chi-squared tests. Biometrics 10(4), 417-451.
    Mantel N, Haenszel W (1959). Statistical aspects of the analysis of data from retrospective studies of disease.
    Journal of the National Cancer Institute 22(4), 719-748.
    """
    kept = informative(four)
    k = len(kept[0])
    if not k:
        names = ("cochran", "mantel_haenszel", "breslow_day", "tarone")
        return TableTests(k_informative=0, notes=[Note(name, NO_VARIANCE) for name in names])
    a, b, c, d = kept
    excess, variance = excess_and_variance(kept)
    n = a + b + c + d
    of_cochran, of_mantel_haenszel = (
        association(excess, v, correct=correct) for v in (variance * (n - 1) / n, variance)
    )
    breslow_day, tarone, notes = _one_odds_ratio(kept, log_odds_ratio)
    notes += overcorrected(excess, ("cochran", "mantel_haenszel")) if correct else []
    return TableTests(*of_cochran, *of_mantel_haenszel, *breslow_day, *tarone, k, notes)


def association(excess: FloatArray, variance: FloatArray, *, correct: bool) -> Test:
    """Chi-squared on 1 degree of freedom that no excess is expected, with its p-value."""
    gap = abs(float(np.sum(excess))) - (CORRECTION if correct else 0.0)
    total = float(np.sum(variance))
    return chi_squared(gap**2 / total, 1) if total > 0 else (None, None)


def overcorrected(excess: FloatArray, names: tuple[str, ...]) -> list[Note]:
    """A note where the continuity correction is more than twice what it corrects."""
    if abs(float(np.sum(excess))) >= CORRECTION / 2:
        return []
    why = "the excess of events is below 1/4, so that the continuity correction of 1/2 makes the statistic larger"
    return [Note(name, why) for name in names]


def _one_odds_ratio(four: Four, log_odds_ratio: float | None) -> tuple[Test, Test, list[Note]]:
    """Breslow and Day's test and Tarone's, on k - 1 degrees of freedom.

    The sum of (a - A)^2 / V, where A has the table's margins and the given odds ratio, and V = 1 / (1/A + 1/B + 1/C +
    1/D); Tarone takes off (sum of (a - A))^2 / (sum of V).

    References
    ----------
    Breslow NE, Day NE (1980). Statistical methods in cancer research, volume 1, section 4.4. Lyon: IARC.
    Tarone RE (1985). On heterogeneity tests based on efficient scores. Biometrika 72(1), 91-95.
    """
    k = len(four[0])
    if log_odds_ratio is None or k < 2:
        why = "there is no estimate" if log_odds_ratio is None else "fewer than two tables have events and non-events"
        return (None, None), (None, None), [Note(name, why) for name in ("breslow_day", "tarone")]
    a, b, c, d = four
    expected = from_odds_ratio(np.full(k, np.exp(log_odds_ratio)), (a + b + c + d, a + b, a + c))
    others = (a + b - expected, a + c - expected, d - a + expected)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = 1 / (1 / expected + sum(1 / cell for cell in others))
        gap = a - expected
        statistic = float(np.sum(gap**2 / variance))
        less = float(np.sum(gap)) ** 2 / float(np.sum(variance))
    return chi_squared(statistic, k - 1), chi_squared(statistic - less, k - 1), []
