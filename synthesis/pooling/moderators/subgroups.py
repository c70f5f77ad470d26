"""Subgroups: the effect in each kind of study, and whether the kinds differ."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from synthesis.effects.columns import check_known, looked_up
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray, batch_of_one
from synthesis.pooling.check import check_effects, check_options
from synthesis.pooling.coefficients import Coefficient, WaldTest, described, wald_test
from synthesis.pooling.groups import pool_groups
from synthesis.pooling.heterogeneity import cochran_q, i2_and_h2, i2_and_h2_from_q, typical_variance
from synthesis.pooling.labels import labels_of
from synthesis.pooling.moderators.linear_fit import check_test
from synthesis.pooling.moderators.regress import check_method, regress
from synthesis.pooling.pooled import Note, Noted, Pooled
from synthesis.text import decimal, interval, p_value, table

if TYPE_CHECKING:
    import pandas as pd

TAU2_MODELS = ("separate", "common")


@dataclass(frozen=True, slots=True)
class Subgroup:
    """The pooled effect of one group of studies; what cannot be given is None."""

    name: str
    k: int
    estimate: float
    se: float
    statistic: float | None
    df: float | None  # None for the normal distribution
    p_value: float | None  # two-sided
    ci_low: float
    ci_high: float
    tau2: float | None  # None for one study with tau2 of its own
    i2: float | None  # percent
    q: float | None  # Cochran's Q within the group
    q_df: int
    q_p_value: float | None


@dataclass(frozen=True, slots=True)
class Subgroups(Noted):
    """Groups of studies, and the test between them."""

    groups: tuple[Subgroup, ...]  # in the order of their names
    between: WaldTest  # whether the groups' effects are equal
    combined: float  # the groups' effects weighted by their inverse variances
    combined_se: float
    q_within: float  # sum of the groups' Q
    q_within_df: int
    q_total: float  # Q of all studies about one mean; q_total - q_within is the test between the groups for EE
    tau2_model: str  # separate or common
    r2: float | None  # percent of tau2 that a common tau2 leaves explained by the groups
    method: str
    test: str
    level: float
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as text."""
        header = ("", "k", "estimate", "interval", "p", "tau^2", "I^2", "Q")
        rows = [
            (
                one.name, str(one.k), decimal(one.estimate), interval(one.ci_low, one.ci_high), p_value(one.p_value),
                decimal(one.tau2), decimal(one.i2, 1), decimal(one.q),
            )
            for one in self.groups
        ]  # fmt: skip
        lines = [
            f"{len(self.groups)} groups, {self.tau2_model} tau^2 ({self.method}, {self.test}, {100 * self.level:g} %)",
            table(header, rows, range(1, len(header))).rstrip("\n"),
            f"between groups: {described(self.between)}",
            *(f"{note.field}: {note.reason}" for note in self.notes),
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON."""
        return {**asdict(self), "notes": [note._asdict() for note in self.notes]}

    def to_frame(self) -> pd.DataFrame:
        """One row for each group."""
        import pandas as pd

        return pd.DataFrame([asdict(one) for one in self.groups])


def subgroups(
    yi: Any,
    vi: Any,
    group: Any,
    *,
    data: Any = None,
    tau2: str = "separate",
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
) -> Subgroups:
    """Pooled effects by group and the test of whether they differ.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    group : array-like, shape (k,), or str
        The group of each study.
    tau2 : str
        "separate": each group has its own tau2, and is pooled by itself; the test between the groups is chi-squared on
        the inverse variances of their estimates. "common": one tau2 for all, from the residuals about the groups'
        effects (with method DL: (sum Q - sum df) / sum C); a meta-regression on the groups, with its chi-squared or F.
    method, test, level
        As for `pool`.

    Raises
    ------
    InvalidArgument
        As `pool`; and for missing groups, fewer than two groups, or no more studies than groups with a common tau2.

    References
    ----------
    Borenstein M, Hedges LV, Higgins JPT, Rothstein HR (2009). Introduction to Meta-Analysis, chapter 19. Wiley.
    """
    check_comparison(tau2, method, test, level)
    y, v = check_effects(yi, vi, data)
    studies = _Studies(y, v, *_groups(looked_up(group, data), len(y)))
    made = (_separate if tau2 == "separate" else _common)(studies, method=method, test=test, level=level)
    precision = 1 / np.maximum(np.square(made.se), np.finfo(float).tiny)
    return Subgroups(
        groups=made.rows, between=made.between, combined=float(precision @ made.estimate / precision.sum()),
        combined_se=float(1 / np.sqrt(precision.sum())), q_within=sum(one.q or 0.0 for one in made.rows),
        q_within_df=sum(one.q_df for one in made.rows), q_total=float(cochran_q(batch_of_one(y, v))[0][0]),
        tau2_model=tau2, r2=made.r2, method=method, test=test, level=level, notes=made.notes,
    )  # fmt: skip


def check_comparison(tau2: str, method: str, test: str, level: float) -> None:
    """Raise InvalidArgument for options that `subgroups` does not take, whatever the studies."""
    check_known(tau2, TAU2_MODELS, "tau2")
    check_method(method)
    check_options(method, test, level)
    if tau2 == "common":
        check_test(test)


class _Studies(NamedTuple):
    """Effects, variances and the groups that they are in."""

    y: FloatArray
    v: FloatArray
    names: list[str]
    codes: IntArray

    def of(self, code: int) -> tuple[FloatArray, FloatArray]:
        """Effects and variances of one group."""
        return self.y[self.codes == code], self.v[self.codes == code]


class _Made(NamedTuple):
    """What separate and common tau2 make in different ways."""

    rows: tuple[Subgroup, ...]
    estimate: FloatArray
    se: FloatArray
    between: WaldTest
    r2: float | None
    notes: tuple[Note, ...]


def _groups(group: Any, k: int) -> tuple[list[str], IntArray]:
    """The sorted names of the groups, and which one each study is in."""
    names, codes = np.unique(labels_of(group, k, "group").astype(str), return_inverse=True)
    if len(names) < 2:
        raise InvalidArgument(f"there is one group only, {names[0]!r}: nothing can be compared")
    return names.tolist(), codes


def _separate(studies: _Studies, *, method: str, test: str, level: float) -> _Made:
    """Each group by itself."""
    parts = [studies.of(code) for code in range(len(studies.names))]
    pools = pool_groups(parts, method=method, test=test, level=level)
    rows = tuple(_row(name, pooled) for name, pooled in zip(studies.names, pools, strict=True))
    estimate, se = np.array([one.estimate for one in rows]), np.array([one.se for one in rows])
    notes = tuple(
        Note("groups", f"{one.name}: one study, its own effect with a z interval") for one in rows if one.k == 1
    )
    if (se <= 0).any():
        between = WaldTest(None, len(rows) - 1, None, None)
        notes += (Note("between", "a group's standard error is 0: its studies agree to the last digit"),)
    else:
        between = _contrasted(estimate, np.diag(np.square(se)), np.inf)
    return _Made(rows, estimate, se, between, None, notes)


def _row(name: str, pooled: Pooled) -> Subgroup:
    """A group that was pooled by itself."""
    return Subgroup(
        name, pooled.k, pooled.estimate, pooled.se, pooled.statistic, pooled.df, pooled.p_value, pooled.ci_low,
        pooled.ci_high, pooled.tau2, pooled.i2, pooled.q, pooled.q_df, pooled.q_p_value,
    )  # fmt: skip


def _contrasted(estimate: FloatArray, covariance: FloatArray, df: float) -> WaldTest:
    """The test that estimates are equal."""
    contrast = np.column_stack([-np.ones(len(estimate) - 1), np.eye(len(estimate) - 1)])
    return wald_test(contrast @ estimate, contrast @ covariance @ contrast.T, df)


def _common(studies: _Studies, *, method: str, test: str, level: float) -> _Made:
    """A meta-regression with one coefficient for each group."""
    member = (studies.codes[:, None] == np.arange(len(studies.names))).astype(np.float64)
    fit = regress(studies.y, studies.v, member, names=studies.names, method=method, test=test, level=level)
    rows = tuple(_member(one, studies.of(code), fit.tau2, method) for code, one in enumerate(fit.coefficients))
    df = fit.coefficients[0].df
    between = _contrasted(fit.model.estimate, fit.covariance, np.inf if df is None else df)
    notes = tuple(note for note in fit.notes if note.field in ("tau2", "r2", "converged"))
    return _Made(rows, fit.model.estimate, np.sqrt(np.diag(fit.covariance)), between, fit.r2, notes)


def _member(one: Coefficient, studies: tuple[FloatArray, FloatArray], tau2: float, method: str) -> Subgroup:
    """A group with the tau2 of all, and the Q of its own studies."""
    part, df = batch_of_one(*studies), len(studies[0]) - 1
    q, q_p, i2 = None, None, None
    if df:
        q, q_p = (float(found[0]) for found in cochran_q(part))
        spread = (
            i2_and_h2_from_q(np.array([q]), part.df)
            if method == "EE"
            else i2_and_h2(np.array([tau2]), typical_variance(part))
        )
        i2 = float(spread[0][0])
    return Subgroup(
        one.name, df + 1, one.estimate, one.se, one.statistic, one.df, one.p_value, one.ci_low, one.ci_high,
        tau2, i2, q, df, q_p,
    )  # fmt: skip
