"""A fitted selection model."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.likelihood_ratio import LikelihoodRatio
from synthesis.pooling.pooled import Note, Noted
from synthesis.pooling.tabular import plain_column
from synthesis.sensitivity.selection.judged import Judged
from synthesis.sensitivity.selection.masses import Weights
from synthesis.text import decimal, interval, p_value, table


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a model; None where there is nothing to give."""

    name: str
    estimate: float
    se: float | None
    statistic: float | None  # z, against the value without an effect or without selection
    p_value: float | None  # two-sided
    ci_low: float | None  # Wald, not beyond the bounds of the parameter
    ci_high: float | None
    profile_low: float | None  # profile likelihood
    profile_high: float | None
    status: str  # "estimated", "fixed" or "on its bound"


@dataclass(frozen=True, slots=True)
class Maximum:
    """A place where the likelihood is higher than all around."""

    log_likelihood: float
    coefficients: tuple[float, ...]
    tau2: float
    delta: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Unselected:
    """The same model without selection, by maximum likelihood."""

    coefficients: tuple[float, ...]
    se: tuple[float, ...]
    tau2: float
    log_likelihood: float


@dataclass(frozen=True, slots=True, eq=False)
class SelectionModel(Noted, Judged):
    """A random-effects model whose studies were selected by their p-values; effects on the scale of yi."""

    coefficients: tuple[Parameter, ...]  # one, the mean, without moderators
    tau2: Parameter  # squared units of yi
    delta: tuple[Parameter, ...]  # of the selection function; for steps the weights of the intervals, the first 1
    covariance: FloatArray | None  # of coefficients, tau2 and delta; 0 for parameters fixed or on a bound
    log_likelihood: float
    unselected: Unselected
    selection_test: LikelihoodRatio | None  # against the model without selection
    tau2_test: LikelihoodRatio | None  # against tau2 = 0
    k: int
    counts: tuple[int, ...]  # studies in each interval of p-values; empty for functions without steps
    steps: tuple[float, ...]  # ends of the intervals
    type: str  # one of TYPES
    alternative: str
    precision: str | None  # what delta is multiplied by
    method: str  # "ML", or "EE" where tau2 is 0 by assumption
    level: float
    converged: bool
    iterations: int
    starts: int
    maxima: tuple[Maximum, ...]  # the highest first
    weights: Weights  # the selection function
    findings: tuple[Note, ...]  # what the model can and cannot tell here, by rule
    notes: tuple[Note, ...] = ()

    @property
    def estimate(self) -> float:
        """The mean effect before selection, in a model without moderators."""
        return self.mean.estimate

    @property
    def mean(self) -> Parameter:
        """The parameter of the mean effect, in a model without moderators."""
        if len(self.coefficients) > 1:
            raise InvalidArgument(f"there are {len(self.coefficients)} coefficients and no mean: read `coefficients`")
        return self.coefficients[0]

    def weight(self, p: Any) -> FloatArray:
        """How likely a study with these p-values (of the chosen alternative) is to be selected, relative to others.

        For functions that depend on precision, a study of the least precision.
        """
        values = np.atleast_1d(np.asarray(p, dtype=np.float64))
        if not ((values >= 0) & (values <= 1)).all():
            raise InvalidArgument("p-values must lie between 0 and 1")
        return self.weights.weight(values, np.array([one.estimate for one in self.delta]))

    def summary(self) -> str:
        """The model as text."""
        head = f"k = {self.k}: selection model {self.type}, {self.alternative}, {self.method}"
        header = ("", "estimate", "se", "p", "Wald", "profile")
        rows = [_cells(one) for one in (*self.coefficients, self.tau2, *self.delta)]
        before = ", ".join(decimal(one) for one in self.unselected.coefficients)
        return "".join(
            [
                f"{head} ({100 * self.level:g} %)\n",
                table(header, rows, range(1, 4)),
                f"without selection {before}, tau^2 {decimal(self.unselected.tau2)}\n",
                f"test of selection: {_test(self.selection_test)}; of tau^2: {_test(self.tau2_test)}\n",
                *(f"{note.field}: {note.reason}\n" for note in self.notes),
                f"{'usable' if self.usable else 'not usable'}: {self.verdict}\n",
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON."""
        left = ("weights", "covariance", "findings", "notes", "unselected", "selection_test", "tau2_test")
        plain = {name: _plain(getattr(self, name)) for name in self.__slots__ if name not in left}
        tests = {name: getattr(self, name) for name in ("selection_test", "tau2_test")}
        return plain | {
            "covariance": None if self.covariance is None else [plain_column(row) for row in self.covariance],
            "unselected": _plain(self.unselected),
            **{name: None if test is None else test._asdict() for name, test in tests.items()},
            **self._said(),
            "notes": [note._asdict() for note in self.notes],
        }


def _plain(value: Any) -> Any:
    if isinstance(value, (Parameter, Maximum, Unselected)):
        return {name: _plain(one) for name, one in asdict(value).items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _cells(one: Parameter) -> tuple[str, ...]:
    wald = one.status if one.ci_low is None else interval(one.ci_low, one.ci_high)
    profile = interval(one.profile_low, one.profile_high)
    return one.name, decimal(one.estimate), decimal(one.se), p_value(one.p_value), wald, profile


def _test(test: LikelihoodRatio | None) -> str:
    if test is None:
        return "none"
    return f"chi^2 {decimal(test.statistic)} on {test.df} df, p {p_value(test.p_value)}"
