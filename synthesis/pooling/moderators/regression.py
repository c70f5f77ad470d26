"""The result of a meta-regression."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.coefficients import Coefficient, WaldTest, coefficient_dicts, coefficient_table, described
from synthesis.pooling.linear import LinearModel
from synthesis.pooling.moderators.design import Design
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, interval, p_value


class TermTest(NamedTuple):
    """The test that all columns of one term are 0."""

    term: str
    columns: tuple[int, ...]
    test: WaldTest


@dataclass(frozen=True, slots=True, eq=False)
class Regression(Noted):
    """A fitted meta-regression; what cannot be given is None, with its reason in `notes`."""

    coefficients: tuple[Coefficient, ...]
    covariance: FloatArray  # (p, p) of the coefficients, as the chosen test takes it
    omnibus: WaldTest  # that all moderators are 0; all coefficients where there is no intercept
    terms: tuple[TermTest, ...]
    k: int
    p: int  # coefficients
    tau2: float  # what the moderators leave unexplained, squared units of yi
    tau2_se: float | None
    tau2_ci_low: float | None  # Q-profile
    tau2_ci_high: float | None
    i2: float  # percent, of what is unexplained
    i2_ci_low: float | None
    i2_ci_high: float | None
    h2: float
    h2_ci_low: float | None
    h2_ci_high: float | None
    r2: float | None  # percent of the tau2 without moderators that they explain
    q: float  # residual heterogeneity, on k - p degrees of freedom
    q_df: int
    q_p_value: float
    log_likelihood: float  # restricted for REML, else full
    aic: float
    bic: float
    aicc: float
    method: str
    test: str
    level: float
    converged: bool
    iterations: int
    maxima: int  # local maxima of the likelihood that were found; the highest is given
    boundary: bool  # tau2 was estimated and is 0
    design: Design
    model: LinearModel
    vi: FloatArray  # (k,) sampling variances
    root: FloatArray  # (p, p) with root root' = covariance, which keeps more digits of x S x' as the square of x root
    notes: tuple[Note, ...] = ()

    def variances(self, x: FloatArray) -> FloatArray:
        """Variances of x b for the rows x of a design, shape (m, p); as the chosen test takes them, shape (m,)."""
        found: FloatArray = np.square(x @ self.root).sum(axis=1)
        return found

    def summary(self) -> str:
        """The result as text."""
        spread = f"tau^2 {decimal(self.tau2)} {interval(self.tau2_ci_low, self.tau2_ci_high)}"
        rest = f"I^2 {decimal(self.i2, 1)} %, Q {decimal(self.q)} on {self.q_df} df, p {p_value(self.q_p_value)}"
        lines = [
            f"k = {self.k}, {self.p} coefficients ({self.method}, {self.test}, {100 * self.level:g} %)",
            coefficient_table(self.coefficients).rstrip("\n"),
            f"moderators: {described(self.omnibus)}",
            f"unexplained: {spread}, {rest}; explained: R^2 {decimal(self.r2, 1)} %",
            *(f"{note.field}: {note.reason}" for note in self.notes),
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All numbers as plain values, fit for JSON."""
        left = ("design", "model", "vi", "root", "coefficients", "covariance", "omnibus", "terms", "notes")
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in left}
        return plain | {
            "formula": self.design.formula,
            "coefficients": coefficient_dicts(self.coefficients),
            "covariance": self.covariance.tolist(),
            "omnibus": asdict(self.omnibus),
            "terms": [{"term": one.term, "columns": list(one.columns), **asdict(one.test)} for one in self.terms],
            "notes": [note._asdict() for note in self.notes],
        }


def check_regression(fit: Any) -> None:
    """Raise InvalidArgument for anything but a fitted meta-regression."""
    if not isinstance(fit, Regression):
        raise InvalidArgument(f"a fitted meta-regression is needed, as sy.regress gives it, not {type(fit).__name__}")
