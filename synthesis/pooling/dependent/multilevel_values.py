"""What a fitted multilevel model is made of and gives: components, criteria, predictions, contrasts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from synthesis.pooling.coefficients import Coefficient, WaldTest, coefficient_dicts, coefficient_table, described


@dataclass(frozen=True, slots=True)
class Component:
    """One variance (squared units of yi) or correlation of the random effects."""

    name: str  # as "sigma2 district", "tau2 AL", "rho AL, PD"
    estimate: float | None  # None for a correlation that the likelihood does not depend on
    i2: float | None  # percent of the total variance; None for correlations, and where levels differ in it
    fixed: bool  # given, not estimated
    boundary: bool  # estimated on the edge of its range


@dataclass(frozen=True, slots=True)
class FitStatistics:
    """Log-likelihood and criteria of one kind, at the estimates of the chosen method."""

    kind: str  # ML or REML
    log_likelihood: float  # all constants included; for REML also log|X'X| / 2
    deviance: float  # ML: against a model with an effect for each row; REML: -2 log-likelihood
    aic: float
    bic: float
    aicc: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """The mean for one row of a design, with its interval and that of a true effect."""

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    pi_low: float | None
    pi_high: float | None
    df: float | None  # None for the normal distribution


@dataclass(frozen=True, slots=True)
class Contrast:
    """Linear combinations of coefficients: each by itself, and all together."""

    rows: tuple[Coefficient, ...]
    test: WaldTest

    def summary(self) -> str:
        """The combinations and their joint test as text."""
        return f"{coefficient_table(self.rows)}together: {described(self.test)}\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON."""
        return {"rows": coefficient_dicts(self.rows), "test": asdict(self.test)}
