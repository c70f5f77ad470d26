"""The result of a multilevel or multivariate meta-analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from synthesis.effects.columns import check_known, numbers_of
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.check import check_level
from synthesis.pooling.coefficients import (
    Coefficient,
    WaldTest,
    coefficient_dicts,
    coefficient_table,
    coefficients,
    wald_test,
)
from synthesis.pooling.dependent.marginal import marginal
from synthesis.pooling.dependent.multilevel_effects import (
    RandomEffects,
    diagonal_weights,
    random_effects,
    row_weights,
)
from synthesis.pooling.dependent.multilevel_problem import Maximum, Problem
from synthesis.pooling.dependent.multilevel_values import Component, Contrast, FitStatistics, Prediction
from synthesis.pooling.dependent.profile import ProfileInterval, profile_interval
from synthesis.pooling.dependent.variance_components import Name
from synthesis.pooling.intervals import prediction, quantile
from synthesis.pooling.labels import names_of
from synthesis.pooling.likelihood_ratio import LikelihoodRatio, likelihood_ratio
from synthesis.pooling.linear import LinearModel
from synthesis.pooling.moderators.design import INTERCEPT, Design
from synthesis.pooling.pooled import Note, Noted
from synthesis.pooling.tabular import plain_column
from synthesis.text import decimal, p_value, table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Multilevel(Noted):
    """A fitted multilevel or multivariate model; what cannot be given is None, with its reason in `notes`."""

    coefficients: tuple[Coefficient, ...]
    covariance: FloatArray  # (p, p) of the coefficients
    components: tuple[Component, ...]  # variances and correlations, in the order of `random`
    i2: float | None  # percent of the total variance that is not sampling error
    typical_variance: float  # (n - p) / tr P, squared units of yi
    q: float  # generalised Q of the model without random effects
    q_df: int
    q_p_value: float | None
    omnibus: WaldTest  # of all coefficients but the intercept; of the intercept where it is alone
    log_likelihood: float  # restricted for REML, else full; all constants included
    aic: float
    bic: float
    aicc: float
    fit_statistics: tuple[FitStatistics, FitStatistics]  # ML and REML, both at these estimates
    k: int  # effects
    levels: tuple[tuple[str, int], ...]  # how many levels each random factor has
    parameters: int  # how many were estimated
    method: str  # REML or ML
    test: str  # z or t
    dfs: str  # residual or contain
    level: float
    converged: bool
    iterations: int
    maxima: int  # maxima of different height that were seen
    notes: tuple[Note, ...] = ()
    problem: Problem = field(repr=False, kw_only=True)  # what was fitted, for the methods below
    maximum: Maximum = field(repr=False, kw_only=True)
    design: Design = field(repr=False, kw_only=True)
    yi: FloatArray = field(repr=False, kw_only=True)  # (k,)

    def __getitem__(self, name: str) -> Component:
        """One variance or correlation by its name."""
        named = {one.name: one for one in self.components}
        check_known(name, named, "component")
        return named[name]

    @property
    def sigma2(self) -> tuple[float | None, ...]:
        """Variances of the random intercepts, in the order of `random`."""
        return self._estimates("sigma2")

    @property
    def tau2(self) -> tuple[float | None, ...]:
        """Variances of the first term `inner | outer`."""
        return self._estimates("tau2")

    @property
    def rho(self) -> tuple[float | None, ...]:
        """Correlations of the first term `inner | outer`."""
        return self._estimates("rho")

    @property
    def gamma2(self) -> tuple[float | None, ...]:
        """Variances of the second term `inner | outer`."""
        return self._estimates("gamma2")

    @property
    def phi(self) -> tuple[float | None, ...]:
        """Correlations of the second term `inner | outer`."""
        return self._estimates("phi")

    def _estimates(self, letter: str) -> tuple[float | None, ...]:
        return tuple(one.estimate for one in self.components if one.name.split()[0] == letter)

    @property
    def estimate(self) -> FloatArray:
        """The coefficients, shape (p,)."""
        return np.array([one.estimate for one in self.coefficients])

    @property
    def model(self) -> LinearModel:
        """Data, design and marginal covariance, for robust tests; made anew at each call."""
        names = tuple(one.name for one in self.coefficients)
        blocks = marginal(self.problem, self.maximum.working)
        return LinearModel(self.yi, self.design.matrix, names, blocks, self.estimate, self.level)

    @property
    def weights(self) -> tuple[float, ...]:
        """The diagonal of the inverse of the marginal covariance as shares of 1, in the order of the rows."""
        return tuple(diagonal_weights(self.maximum).tolist())

    @property
    def row_weights(self) -> tuple[float, ...] | None:
        """Shares of 1 with which the effects make the estimate; None with more than an intercept."""
        alone = self.design.names == (INTERCEPT,)
        return tuple(row_weights(self.maximum).tolist()) if alone else None

    def random_effects(self) -> tuple[RandomEffects, ...]:
        """Predicted effects of the levels of each random term."""
        return random_effects(self.problem, self.maximum)

    def profile_intervals(self, level: float | None = None) -> tuple[ProfileInterval, ...]:
        """Profile-likelihood intervals of all components that were estimated; several fits for each.

        References
        ----------
        Venzon DJ, Moolgavkar SH (1988). A method for computing profile-likelihood-based confidence intervals.
        Journal of the Royal Statistical Society, Series C 37(1), 87-94.
        """
        chosen = self.level if level is None else level
        check_level(chosen)
        free = [name for name in self.problem.components.names if not self[str(name)].fixed]
        return tuple(self._profile(name, chosen) for name in free)

    def _profile(self, name: Name, level: float) -> ProfileInterval:
        if self[str(name)].estimate is None:
            reason = "the variances to which it belongs are 0"
            return ProfileInterval(str(name), None, None, None, level, (Note("estimate", reason),))
        restricted = self.method == "REML"
        return profile_interval(self.problem, self.maximum, name, restricted=restricted, level=level)

    def contrast(self, combinations: Any, names: Sequence[str] | None = None) -> Contrast:
        """Linear combinations of the coefficients.

        Parameters
        ----------
        combinations : array-like, shape (p,) or (c, p)
            Weights of the p coefficients.
        names : sequence of str, optional
            What the c combinations are called.
        """
        rows = np.atleast_2d(numbers_of(combinations, "combinations"))
        if rows.ndim != 2 or rows.shape[1] != len(self.coefficients) or not np.isfinite(rows).all():
            raise InvalidArgument(f"give finite rows of {len(self.coefficients)} weights, one for each coefficient")
        own = [f"contrast {number + 1}" for number in range(len(rows))]
        called = names_of(own if names is None else names, len(rows), "combinations")
        value, spread, df = rows @ self.estimate, rows @ self.covariance @ rows.T, self._df(rows)
        return Contrast(coefficients(called, value, spread, df, self.level), wald_test(value, spread, float(df.min())))

    def predict(self, new: Any = None, *, inner: str | None = None) -> tuple[Prediction, ...]:
        """Means for rows of the design, with intervals for the mean and for a true effect.

        Parameters
        ----------
        new : data frame, mapping or array-like, optional
            Moderators as the formula names them, or rows of the design matrix, shape (r, p); not needed where the
            model has an intercept alone.
        inner : str, optional
            The inner level whose variance enters, where the levels of `inner | outer` differ in it.
        """
        if new is None and self.design.names != (INTERCEPT,):
            raise InvalidArgument("give the moderators for which to predict")
        x = np.ones((1, 1)) if new is None else self.design.rows_for(new)
        value, df = x @ self.estimate, self._df(x)
        se = np.sqrt(np.einsum("ri,ij,rj->r", x, self.covariance, x))
        reach = quantile(df, self.level) * se
        variance = self._heterogeneity(inner)
        low, high = prediction(value, se, np.full(len(x), np.nan if variance is None else variance), df, self.level)
        columns = (value, se, value - reach, value + reach, low, high, df)
        return tuple(Prediction(*row) for row in zip(*map(plain_column, columns), strict=True))

    def _df(self, rows: FloatArray) -> FloatArray:
        """The least degrees of freedom of the coefficients that take part in each row."""
        own = np.array([np.inf if one.df is None else one.df for one in self.coefficients])
        found: FloatArray = np.where(rows != 0, own, np.inf).min(axis=1)
        return np.where(np.isinf(found), own.min(), found)

    def _heterogeneity(self, inner: str | None) -> float | None:
        """The variance of a true effect about its mean; None where the inner level must be known."""
        parts = self.problem.components.parts
        if inner is not None and all(len(part.variances) == 1 for part in parts):
            raise InvalidArgument("no inner levels differ in their variance: leave inner out")
        total = 0.0
        for part in parts:
            if len(part.variances) == 1:
                chosen = part.variances[0]
            else:
                match = [name for name in part.variances if name.of == inner]
                if inner is not None and not match:
                    raise InvalidArgument(f"no inner level {inner!r}: {did_you_mean(inner, part.term.levels)}")
                if not match:
                    return None
                chosen = match[0]
            total += self[str(chosen)].estimate or 0.0
        return total

    def compare(self, reduced: Multilevel) -> LikelihoodRatio:
        """Likelihood-ratio test of this model against one within it.

        Raises
        ------
        InvalidArgument
            For fits of other effects or by another method, REML fits with another design, whose likelihoods do not
            compare, and a model with no fewer parameters.
        """
        if self.method != reduced.method or not np.array_equal(self.yi, reduced.yi):
            raise InvalidArgument("fit both models to the same effects by the same method")
        if self.method == "REML" and not np.array_equal(self.design.matrix, reduced.design.matrix):
            raise InvalidArgument('restricted likelihoods of different designs do not compare; use method "ML"')
        df = self.parameters - reduced.parameters
        if df < 1:
            raise InvalidArgument(f"the second model has {reduced.parameters} parameters, the first {self.parameters}")
        return likelihood_ratio(self.log_likelihood, reduced.log_likelihood, df)

    def summary(self) -> str:
        """The result as a few lines of text."""
        counts = ", ".join(f"{name} {count}" for name, count in self.levels)
        rows = [(one.name, decimal(one.estimate), decimal(one.i2, 1), _state(one)) for one in self.components]
        head = (
            f"k = {self.k}" + (f"; levels: {counts}" if counts else "") + f" ({self.method}, {self.test}, {self.dfs})"
        )
        q = f"Q {decimal(self.q)} on {self.q_df} df, p {p_value(self.q_p_value)}; I^2 {decimal(self.i2, 1)} %"
        fit = f"log-likelihood {decimal(self.log_likelihood)}, AIC {decimal(self.aic)}, BIC {decimal(self.bic)}"
        middle = table(("", "estimate", "I^2 %", ""), rows, (1, 2)) if rows else ""
        lines = [q, fit, *(f"{note.field}: {note.reason}" for note in self.notes)]
        return f"{head}\n{coefficient_table(self.coefficients)}{middle}" + "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All results as plain values, fit for JSON."""
        left_out = {"problem", "maximum", "design", "yi", "coefficients", "covariance", "components", "notes"}
        plain: dict[str, Any] = {"coefficients": coefficient_dicts(self.coefficients)}
        plain["covariance"] = self.covariance.tolist()
        plain["components"] = [asdict(one) for one in self.components]
        for name in self.__slots__:
            if name not in left_out:
                plain[name] = getattr(self, name)
        plain["omnibus"] = asdict(self.omnibus)
        plain["levels"] = [{"factor": name, "levels": count} for name, count in self.levels]
        plain["fit_statistics"] = [asdict(one) for one in self.fit_statistics]
        plain["notes"] = [note._asdict() for note in self.notes]
        return plain

    def to_frame(self) -> pd.DataFrame:
        """The coefficients as rows of a data frame."""
        import pandas as pd

        return pd.DataFrame(coefficient_dicts(self.coefficients))


def _state(one: Component) -> str:
    return "fixed" if one.fixed else "on its edge" if one.boundary else ""
