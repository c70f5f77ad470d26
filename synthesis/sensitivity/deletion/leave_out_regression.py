"""What each single study does to a meta-regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.pooling.batch import BoolArray, FloatArray
from synthesis.pooling.heterogeneity import cochran_q, i2_and_h2, i2_and_h2_from_q, typical_variance
from synthesis.pooling.intervals import wald
from synthesis.pooling.moderators.deletion import Deletions, without_each
from synthesis.pooling.moderators.regress import regress
from synthesis.pooling.moderators.regression import Regression
from synthesis.pooling.tabular import Tabular, plain_column, table_of

OF_COEFFICIENTS = ("estimate", "se", "statistic", "p_value", "ci_low", "ci_high")
OF_MODEL = ("tau2", "i2", "h2", "q", "q_p_value", "df", "converged")


@dataclass(frozen=True, slots=True, eq=False)
class RegressionsWithout(Tabular):
    """Meta-regressions without one study each: row i of every array is the model without study i.

    NaN where the others do not determine all coefficients, or leave no degree of freedom. The columns of a
    coefficient bear its name, as `without["estimate[year]"]`.
    """

    names: tuple[str, ...]  # of the p coefficients
    estimate: FloatArray  # (k, p)
    se: FloatArray
    statistic: FloatArray
    p_value: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    tau2: FloatArray  # (k,)
    i2: FloatArray  # percent
    h2: FloatArray
    q: FloatArray
    q_p_value: FloatArray
    df: FloatArray  # of t; infinity for the normal distribution
    converged: BoolArray
    method: str
    test: str
    level: float

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        of_each = {
            f"{kind}[{name}]": getattr(self, kind)[:, number]
            for number, name in enumerate(self.names)
            for kind in OF_COEFFICIENTS
        }
        return of_each | {name: getattr(self, name) for name in OF_MODEL}

    def summary(self) -> str:
        """How they were fitted, and the coefficients without each of the first studies as text."""
        head = f"without each of {len(self)} studies ({self.method}, {self.test}, {100 * self.level:g} %)\n"
        return head + table_of(self.columns(), (*(f"estimate[{name}]" for name in self.names), "tau2", "i2", "q"))

    def to_dict(self) -> dict[str, Any]:
        """How they were fitted, and all columns, as plain values, fit for JSON."""
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        return {name: getattr(self, name) for name in ("method", "test", "level")} | columns


def regressions_without(
    yi: Any, vi: Any, mods: Any, *, data: Any = None, method: str = "REML", test: str = "adhoc", level: float = 0.95
) -> RegressionsWithout:
    """The meta-regression without each study in turn; see `leave_one_out`."""
    fit = regress(yi, vi, mods, data=data, method=method, test=test, level=level)
    shape = dict.fromkeys(OF_COEFFICIENTS, (fit.k, fit.p)) | dict.fromkeys(OF_MODEL, (fit.k,))
    whole: dict[str, Any] = {name: np.full(one, np.nan) for name, one in shape.items()}
    for part in without_each(fit.model.yi, fit.vi, fit.model.design, method, test):
        for name, values in _columns(part, fit).items():
            whole[name][part.rows] = values
    converged = whole.pop("converged") == 1
    return RegressionsWithout(fit.model.names, **whole, converged=converged, method=method, test=test, level=level)


def _columns(part: Deletions, fit: Regression) -> dict[str, FloatArray]:
    """All numbers of some of the models."""
    found, q_and_p = part.fit, cochran_q(part.batch)
    m, p = found.estimate.shape
    se = np.sqrt(np.square(found.root).sum(axis=-1))
    tested = wald(found.estimate.ravel(), se.ravel(), np.repeat(found.df, p), fit.level)
    of_each = (found.estimate.ravel(), se.ravel(), tested.statistic, tested.p_value, tested.low, tested.high)
    if fit.method == "EE":
        i2, h2 = i2_and_h2_from_q(q_and_p[0], part.batch.df)
    else:
        i2, h2 = i2_and_h2(found.tau2.value, typical_variance(part.batch))
    of_model = (found.tau2.value, i2, h2, *q_and_p, found.df, found.tau2.converged.astype(np.float64))
    columns = {kind: values.reshape(m, p) for kind, values in zip(OF_COEFFICIENTS, of_each, strict=True)}
    return columns | dict(zip(OF_MODEL, of_model, strict=True))
