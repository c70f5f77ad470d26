"""Estimated coefficients with their tests, as every model with several of them gives them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

import numpy as np
from scipy.special import chdtrc, fdtrc

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.intervals import wald
from synthesis.pooling.tabular import plain_column
from synthesis.text import decimal, interval, p_value, table


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient; on the scale of yi, per unit of its column of the design."""

    name: str
    estimate: float
    se: float
    statistic: float | None  # t where df is a number, else z; None where the standard error is 0
    df: float | None  # None for the normal distribution
    p_value: float | None  # two-sided
    ci_low: float
    ci_high: float


@dataclass(frozen=True, slots=True)
class WaldTest:
    """Whether several coefficients are all 0: chi-squared, or F where `df_denominator` is a number."""

    statistic: float | None
    df: int
    df_denominator: float | None
    p_value: float | None


def coefficients(
    names: Sequence[str], estimate: FloatArray, covariance: FloatArray, df: float | FloatArray, level: float
) -> tuple[Coefficient, ...]:
    """Rows for p coefficients.

    Parameters
    ----------
    names : sequence of str
        Their p names.
    estimate : ndarray, shape (p,)
        The coefficients.
    covariance : ndarray, shape (p, p)
        Their covariance matrix, as the chosen test takes it.
    df : float or ndarray, shape (p,)
        Degrees of freedom of t; infinity for the normal distribution.
    level : float
        Confidence level of the intervals.
    """
    se = np.sqrt(np.diag(covariance))
    found = wald(estimate, se, np.broadcast_to(np.asarray(df, dtype=np.float64), se.shape), level)
    columns = (estimate, se, found.statistic, found.df, found.p_value, found.low, found.high)
    return tuple(Coefficient(name, *values) for name, *values in zip(names, *map(plain_column, columns), strict=True))


def wald_test(estimate: FloatArray, covariance: FloatArray, df: float) -> WaldTest:
    """Wald test that all of p coefficients are 0.

    Parameters
    ----------
    estimate, covariance : ndarray, shapes (p,) and (p, p)
        The coefficients and their covariance matrix.
    df : float
        Denominator degrees of freedom of F; infinity for chi-squared.

    Returns
    -------
    WaldTest
        b' S^-1 b on p degrees of freedom, or that divided by p on (p, df); without statistic where S is singular.
    """
    p = len(estimate)
    denominator = df if isfinite(df) else None
    if np.linalg.matrix_rank(covariance) < p:
        return WaldTest(None, p, denominator, None)
    chi2 = float(estimate @ np.linalg.solve(covariance, estimate))
    if denominator is None:
        return WaldTest(chi2, p, None, float(chdtrc(p, chi2)))
    return WaldTest(chi2 / p, p, df, float(fdtrc(p, df, chi2 / p)))


def described(test: WaldTest) -> str:
    """A Wald test in words."""
    if test.df_denominator is None:
        return f"chi^2 {decimal(test.statistic)} on {test.df} df, p {p_value(test.p_value)}"
    return (
        f"F {decimal(test.statistic)} on {test.df} and {decimal(test.df_denominator, 1)} df, p {p_value(test.p_value)}"
    )


def coefficient_table(rows: Iterable[Coefficient]) -> str:
    """Coefficients as lines of text."""
    header = ("", "estimate", "se", "statistic", "df", "p", "interval")
    cells = [
        (
            one.name, decimal(one.estimate), decimal(one.se), decimal(one.statistic), decimal(one.df, 2),
            p_value(one.p_value), interval(one.ci_low, one.ci_high),
        )
        for one in rows
    ]  # fmt: skip
    return table(header, cells, range(1, 6))


def coefficient_dicts(rows: Iterable[Coefficient]) -> list[dict[str, Any]]:
    """Coefficients as plain values, fit for JSON."""
    return [asdict(one) for one in rows]
