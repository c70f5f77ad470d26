"""How two yes-or-no variables go together, and what their table says about quantities behind them."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from synthesis.effects.columns import FloatArray
from synthesis.effects.convert import log_odds_ratio_to_smd
from synthesis.effects.correlations import to_z
from synthesis.effects.effect import Effect
from synthesis.effects.two_by_two import odds_ratio


def phi(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, *, vtype: str) -> Effect:
    """Phi coefficient, the correlation of two variables of 0 and 1.

    Parameters
    ----------
    a, b, c, d : ndarray
        Cells of the table, row by row.
    vtype : str
        "ST": the sizes of the rows were fixed by the design (stratified); "CS": only the total was (cross-sectional);
        "LS": as "CS".

    Notes
    -----
    phi = (a d - b c) / sqrt(product of the four margins). Both variances are first-order: of phi as a function of the
    two binomial proportions with their rows fixed, and of the four multinomial proportions (Bishop et al., equation
    11.3-12).

    References
    ----------
    Bishop YMM, Fienberg SE, Holland PW (1975). Discrete Multivariate Analysis, section 11.3. MIT Press.
    """
    n1, n2, m1, m2 = a + b, c + d, a + c, b + d
    yi = (a * d - b * c) / np.sqrt(n1 * n2 * m1 * m2)
    return yi, _stratified(a, b, c, d) if vtype == "ST" else _cross_sectional(yi, n1, n2, m1, m2)


def _stratified(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> FloatArray:
    """Variance of phi = sqrt(n1 n2 / (m1 m2)) (p1 - p2) through p1 and p2."""
    n1, n2, m1, m2 = a + b, c + d, a + c, b + d
    p1, p2 = a / n1, c / n2
    tilt = (p1 - p2) * (m2 - m1) / (2 * m1 * m2)
    variance: FloatArray = (
        n1 * n2 / (m1 * m2) * ((1 - n1 * tilt) ** 2 * p1 * (1 - p1) / n1 + (1 + n2 * tilt) ** 2 * p2 * (1 - p2) / n2)
    )
    return variance


def _cross_sectional(yi: FloatArray, n1: FloatArray, n2: FloatArray, m1: FloatArray, m2: FloatArray) -> FloatArray:
    """Variance of phi through the four proportions."""
    rows, cols = (n1 - n2) / np.sqrt(n1 * n2), (m1 - m2) / np.sqrt(m1 * m2)
    variance: FloatArray = (1 - yi**2 + yi * (1 + yi**2 / 2) * rows * cols - 3 / 4 * yi**2 * (rows**2 + cols**2)) / (
        n1 + n2
    )
    return variance


def phi_z(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, *, vtype: str) -> Effect:
    """Fisher's z of phi."""
    return to_z(*phi(a, b, c, d, vtype=vtype))


def yule_q(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:
    """Yule's Q = (OR - 1) / (OR + 1), with variance (1 - Q^2)^2 / 4 times that of the log odds ratio.

    References
    ----------
    Yule GU (1912). On the methods of measuring association between two attributes. Journal of the Royal Statistical
    Society 75(6), 579-652.
    """
    q = (a * d - b * c) / (a * d + b * c)
    return _with_variance(q, (1 - q**2) ** 2 / 4 * odds_ratio(a, b, c, d)[1])


def yule_y(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:
    """Yule's Y = (sqrt(OR) - 1) / (sqrt(OR) + 1), with variance (1 - Y^2)^2 / 16 times that of the log odds ratio."""
    one, other = np.sqrt(a * d), np.sqrt(b * c)
    y = (one - other) / (one + other)
    return _with_variance(y, (1 - y**2) ** 2 / 16 * odds_ratio(a, b, c, d)[1])


def _with_variance(yi: FloatArray, vi: FloatArray) -> Effect:
    """Only the effects that have a variance: tables with an empty cell have none, as in metafor."""
    return np.where(np.isfinite(vi), yi, np.nan), vi


def probit_difference(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:
    """Difference of the normal quantiles of two risks: the SMD behind a cut through normal distributions.

    References
    ----------
    Sánchez-Meca J, Marín-Martínez F, Chacón-Moscoso S (2003). Effect-size indices for dichotomized outcomes in
    meta-analysis. Psychological Methods 8(4), 448-467.
    """
    one, other = probit(a, a + b), probit(c, c + d)
    return one[0] - other[0], one[1] + other[1]


def probit(x: FloatArray, n: FloatArray) -> Effect:
    """Normal quantile z of a proportion p = x / n, with the variance 2 pi exp(z^2) p (1 - p) / n."""
    p = x / n
    z = ndtri(p)
    return z, 2 * np.pi * np.exp(z**2) * p * (1 - p) / n


def smd_from_odds_logistic(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, *, vtype: str = "LS") -> Effect:
    """SMD from a log odds ratio, times sqrt(3) / pi: a cut through logistic distributions; vtype as for OR."""
    return log_odds_ratio_to_smd(*odds_ratio(a, b, c, d, vtype=vtype), form="logistic")


def smd_from_odds_normal(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, *, vtype: str = "LS") -> Effect:
    """SMD from a log odds ratio, divided by 1.65: a cut through normal distributions; vtype as for OR."""
    return log_odds_ratio_to_smd(*odds_ratio(a, b, c, d, vtype=vtype), form="normal")
