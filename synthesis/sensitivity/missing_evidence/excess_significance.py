"""Whether more studies are significant than their power lets expect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.effects.columns import check_known, looked_up, refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.check import check_effects, is_number, numbers
from synthesis.pooling.groups import same_size
from synthesis.pooling.pooled import Note, Noted
from synthesis.pooling.tabular import Tabular, plain_column, table_of
from synthesis.sensitivity.missing_evidence.excess_tests import (
    ALTERNATIVES,
    EXCESS_TESTS,
    chi2_statistic,
    power_at,
    significant,
)
from synthesis.text import decimal, p_value

LIMIT_LEVEL = 0.10  # of the excess test, as in the paper: it has little power
PRECISION = 4 * np.finfo(np.float64).eps  # relative, of the limit estimate


@dataclass(frozen=True, slots=True)
class ExcessSignificance(Noted):
    """Observed against expected significant studies; what cannot be given is None, with its reason in `notes`."""

    observed: int  # O: significant studies
    expected: float  # E: the sum of their power
    ratio: float | None  # O / E
    p_value: float  # of the test; one-sided, small where O exceeds E
    statistic: float | None  # A of "chi2"
    limit_estimate: float | None  # the theta at which p_value is 0.10, on the scale of yi
    power: tuple[float, ...]  # of each study, at theta and tau2
    theta: float
    tau2: float  # squared units of yi
    k: int
    test: str  # a key of EXCESS_TESTS
    alternative: str  # a member of ALTERNATIVES: which results count as significant
    alpha: float  # at which they do
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text."""
        counts = f"{self.observed} of {self.k} studies significant, {decimal(self.expected, 2)} expected"
        lines = [
            f"{counts}: p {p_value(self.p_value)} ({self.test}; {self.alternative} at {self.alpha:g})",
            f"power at {decimal(self.theta)}, tau^2 {decimal(self.tau2)}; limit {decimal(self.limit_estimate)}",
            *(f"{note.field}: {note.reason}" for note in self.notes),
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        return asdict(self) | {"power": list(self.power), "notes": [note._asdict() for note in self.notes]}


@dataclass(frozen=True, slots=True, eq=False)
class ManyExcess(Tabular):
    """The same for m groups of studies, as columns of length m in the order of the sorted groups, without limits."""

    group: NDArray[Any]
    observed: IntArray
    expected: FloatArray
    p_value: FloatArray
    theta: FloatArray
    tau2: FloatArray
    k: IntArray
    test: str
    alternative: str
    alpha: float

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        names = [field.name for field in fields(self) if field.name not in ("test", "alternative", "alpha")]
        return {name: getattr(self, name) for name in names}

    def summary(self) -> str:
        """How they were tested, and the first groups as text."""
        head = f"{len(self)} groups: {self.test}; {self.alternative} at {self.alpha:g}\n"
        return head + table_of(self.columns())

    def to_dict(self) -> dict[str, Any]:
        """How they were tested, and all columns, as plain values, fit for JSON."""
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        return {name: getattr(self, name) for name in ("test", "alternative", "alpha")} | columns


def excess_significance(
    yi: Any,
    vi: Any,
    *,
    data: Any = None,
    theta: float | None = None,
    tau2: float = 0.0,
    test: str = "exact",
    alternative: str = "two-sided",
    alpha: float = 0.05,
) -> ExcessSignificance:
    """Test of an excess of significant findings.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    theta : float, optional
        The effect at which power is judged, best a pooled estimate; without it the mean of yi weighted by
        1 / (vi + tau2).
    tau2 : float
        Variance of the true effects, in squared units of yi: power is then the mean power over them.
    test : str
        A key of EXCESS_TESTS: "exact" (Poisson-binomial), "binomial" with the mean power, or "chi2" as in the paper.
    alternative : str
        Which results count: "two-sided", or those "greater" or "less" than 0 only.
    alpha : float
        Level of significance of the studies; with alternative "greater", 0.025 counts the benefits of two-sided tests.

    Returns
    -------
    ExcessSignificance
        The limit estimate is sought on the side of theta (of the alternative, if that has one): the effect that
        would have to be true for the excess to be just not significant at 0.10.

    Raises
    ------
    InvalidArgument
        For effects that cannot be used, and for other options out of range.

    Notes
    -----
    An excess can come from unpublished studies, from results chosen because they are significant, or from effects
    that differ more than tau2 says. The test has little power with few studies, and no excess is no proof of none.

    References
    ----------
    Ioannidis JPA, Trikalinos TA (2007). An exploratory test for an excess of significant findings. Clinical Trials
    4(3), 245-253.
    """
    _check(test, alternative, alpha)
    y, v = check_effects(yi, vi, data)
    y, v = y[None, :], v[None, :]
    spread = _of_groups(tau2, np.ones(1, np.int64), "tau2")
    centre = _means(y, v, spread) if theta is None else _of_groups(theta, np.ones(1, np.int64), "theta")
    observed = significant(y, v, alternative, alpha).sum(axis=-1)
    power = power_at(centre, spread, v, alternative, alpha)

    def p_at(effect: float) -> float:
        return float(EXCESS_TESTS[test](observed, power_at(np.array([effect]), spread, v, alternative, alpha))[0])

    expected, p = float(power.sum()), p_at(float(centre[0]))
    below = alternative == "less" or (alternative == "two-sided" and centre[0] < 0)
    limit = _limit(p_at, float(np.sqrt(v.max() + spread[0])) * (-1 if below else 1))
    statistic = float(chi2_statistic(observed, power)[0]) if test == "chi2" else None
    ratio = int(observed[0]) / expected if expected > 0 else None
    notes = [Note("ratio", "no study has any power")] if ratio is None else []
    if limit is None:
        notes.append(Note("limit_estimate", f"even without an effect p is above {LIMIT_LEVEL:g}"))
    found = int(observed[0]), expected, ratio, p, statistic, limit, tuple(power[0].tolist()), float(centre[0])
    return ExcessSignificance(*found, float(spread[0]), y.shape[-1], test, alternative, alpha, tuple(notes))


def excess_significance_many(
    yi: Any,
    vi: Any,
    group: Any,
    *,
    data: Any = None,
    theta: Any = None,
    tau2: Any = 0.0,
    test: str = "exact",
    alternative: str = "two-sided",
    alpha: float = 0.05,
) -> ManyExcess:
    """`excess_significance` of many groups at once, each of the rows that share a group.

    Parameters
    ----------
    yi, vi : array-like, shape (n,), or str
        Effects and sampling variances of all studies of all groups.
    group : array-like, shape (n,), or str
        Which group each row belongs to: numbers or text; the rows may stand in any order.
    theta, tau2 : float or array-like, shape (m,), optional
        As for `excess_significance`, one for each of the sorted groups: the columns of `pool_many` fit.
    data, test, alternative, alpha
        As for `excess_significance`.

    Returns
    -------
    ManyExcess
        Numbers equal to those of `excess_significance` on each group.

    Raises
    ------
    InvalidArgument
        As for `excess_significance`; and for columns of another length.
    """
    _check(test, alternative, alpha)
    y, v = check_effects(yi, vi, data)
    names, parts = same_size(looked_up(group, data), len(y))
    size = np.zeros(len(names), dtype=np.int64)
    for which, rows in parts:
        size[which] = rows.shape[-1]
    spread = _of_groups(tau2, size, "tau2")
    centre = np.empty(len(names)) if theta is None else _of_groups(theta, size, "theta")
    observed, expected, p = np.zeros_like(size), np.empty(len(names)), np.empty(len(names))
    for which, rows in parts:
        if theta is None:
            centre[which] = _means(y[rows], v[rows], spread[which])
        power = power_at(centre[which], spread[which], v[rows], alternative, alpha)
        observed[which], expected[which] = significant(y[rows], v[rows], alternative, alpha).sum(-1), power.sum(-1)
        p[which] = EXCESS_TESTS[test](observed[which], power)
    return ManyExcess(names, observed, expected, p, centre, spread, size, test, alternative, alpha)


def _means(y: FloatArray, v: FloatArray, tau2: FloatArray) -> FloatArray:
    """The mean of each group with weights 1 / (v + tau2), shape (m,)."""
    found: FloatArray = np.average(y, axis=-1, weights=1 / (v + tau2[:, None]))
    return found


def _limit(p_at: Callable[[float], float], scale: float) -> float | None:
    """The effect in the direction of `scale` at which p is LIMIT_LEVEL; p rises with the size of the effect."""
    if p_at(0.0) > LIMIT_LEVEL:
        return None
    low, high = 0.0, scale
    while p_at(high) <= LIMIT_LEVEL:
        low, high = high, 2 * high
    while abs(high - low) > PRECISION * abs(high):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if p_at(middle) <= LIMIT_LEVEL else (low, middle)
    return high


def _check(test: Any, alternative: Any, alpha: Any) -> None:
    """Raise InvalidArgument for names that are not known, and for a level that is not between 0 and 1."""
    check_known(test, EXCESS_TESTS, "test of excess")
    check_known(alternative, ALTERNATIVES, "alternative")
    if not is_number(alpha) or not 0 < alpha < 1:
        raise InvalidArgument(f"alpha must be between 0 and 1, as 0.05, not {alpha!r}")


def _of_groups(value: Any, size: IntArray, name: str) -> FloatArray:
    """One number for each group; a tau^2 that is not known of a single study is 0."""
    given = np.repeat(numbers([value], name), len(size)) if is_number(value) else numbers(value, name).copy()
    if len(given) != len(size):
        rows = "1 row" if len(size) == 1 else f"{len(size)} rows"
        raise InvalidArgument(f"{name} must have {rows}, one for each group, not {len(given)}")
    if name == "tau2":
        given[np.isnan(given) & (size == 1)] = 0.0
        refuse(given < 0, "tau2, a variance, must not be below 0")
    refuse(~np.isfinite(given), f"{name} must be a finite number for each group, in their order")
    return given
