"""Pooled effects under selection of assumed strength."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.effects.columns import check_known, refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.check import check_effects, numbers
from synthesis.pooling.intervals import half_width
from synthesis.pooling.pooled import Note
from synthesis.pooling.tabular import Tabular, plain_column, table_of
from synthesis.sensitivity.findings import side_of_zero
from synthesis.sensitivity.selection.judged import Judged
from synthesis.sensitivity.selection.model import selection_model
from synthesis.sensitivity.selection.rules import finding

STEPS = (0.005, 0.01, 0.05, 0.10, 0.25, 0.35, 0.50, 0.65, 0.75, 0.90, 0.95, 0.99, 0.995, 1.0)
SELECTIONS: Mapping[str, tuple[float, ...]] = {
    "none": (1.0,) * 14,
    "moderate, one-tailed": (1, 0.99, 0.95, 0.80, 0.75, 0.65, 0.60, 0.55, 0.50, 0.50, 0.50, 0.50, 0.50, 0.50),
    "severe, one-tailed": (1, 0.99, 0.90, 0.75, 0.60, 0.50, 0.40, 0.35, 0.30, 0.25, 0.10, 0.10, 0.10, 0.10),
    "moderate, two-tailed": (1, 0.99, 0.95, 0.90, 0.80, 0.75, 0.60, 0.60, 0.75, 0.80, 0.90, 0.95, 0.99, 1),
    "severe, two-tailed": (1, 0.99, 0.90, 0.75, 0.60, 0.50, 0.25, 0.25, 0.50, 0.60, 0.75, 0.90, 0.99, 1),
}
"""Weights of Table 1 of Vevea and Woods, for the intervals of one-tailed p-values that end at STEPS."""
SIDES = ("greater", "less")


@dataclass(frozen=True, slots=True, eq=False)
class AssumedSelection(Tabular, Judged):
    """Pooled effects by maximum likelihood under selections of assumed strength, in their order."""

    selection: NDArray[Any]
    estimate: FloatArray  # on the scale of yi, as the bounds
    se: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    tau2: FloatArray  # squared units of yi
    log_likelihood: FloatArray
    k: int
    alternative: str
    level: float
    findings: tuple[Note, ...]

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        names = ("selection", "estimate", "se", "ci_low", "ci_high", "tau2", "log_likelihood")
        return {name: getattr(self, name) for name in names}

    def summary(self) -> str:
        """The rows as text, and the verdict."""
        head = f"k = {self.k}: assumed selection, {self.alternative} ({100 * self.level:g} %)\n"
        return f"{head}{table_of(self.columns())}{self.verdict}\n"

    def to_dict(self) -> dict[str, Any]:
        """All columns as plain values, fit for JSON, with the verdict."""
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        asked = {name: getattr(self, name) for name in ("k", "alternative", "level")}
        return columns | asked | self._said()


def assumed_selection(
    yi: Any,
    vi: Any,
    *,
    data: Any = None,
    alternative: str = "greater",
    selections: Mapping[str, Sequence[float]] = SELECTIONS,
    steps: Sequence[float] = STEPS,
    method: str = "ML",
    level: float = 0.95,
) -> AssumedSelection:
    """Pooled effects as they would be were studies selected with given weights: a sensitivity analysis.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    data : data frame or mapping of columns, optional
        Where names are looked up.
    alternative : str
        Whether effects "greater" or "less" than 0 are favoured: p-values are one-tailed for them.
    selections : mapping
        Names of selections, and the weight of each interval of p-values, the first 1; by default those of Vevea and
        Woods and none.
    steps : sequence
        The ends of the intervals.
    method : str
        "ML", or "EE" for tau2 = 0.
    level : float
        Confidence level.

    Returns
    -------
    AssumedSelection
        Nothing about selection is estimated, so that few studies do; the two-tailed selections favour significant
        effects of either direction.

    Raises
    ------
    InvalidArgument
        For effects or options that cannot be used.

    References
    ----------
    Vevea JL, Woods CM (2005). Publication bias in research synthesis: sensitivity analysis using a priori weight
    functions. Psychological Methods 10(4), 428-443.
    """
    check_known(alternative, SIDES, "alternative")
    y, v = check_effects(yi, vi, data)
    fits = [
        selection_model(
            y,
            v,
            steps=steps,
            delta=delta,
            alternative=alternative,
            method=method,
            level=level,
            profile=False,
        )
        for delta in _checked(selections)
    ]
    estimate, se = np.array([fit.estimate for fit in fits]), np.array([fit.mean.se or np.nan for fit in fits])
    reach = half_width(None, level) * se
    return AssumedSelection(
        np.array(list(selections)), estimate, se, estimate - reach, estimate + reach,
        np.array([fit.tau2.estimate for fit in fits]), np.array([fit.log_likelihood for fit in fits]),
        len(y), alternative, level, tuple(_findings(estimate, estimate - reach, estimate + reach)),
    )  # fmt: skip


def _checked(selections: Any) -> list[list[float]]:
    """The weights of each selection; they are assumed, so that none may be left open."""
    if not isinstance(selections, Mapping):
        raise InvalidArgument("selections must be a mapping of names to weights, as {'severe': (1, 0.5)}")
    if not selections:
        raise InvalidArgument("selections is empty: give at least one, as {'severe': (1, 0.5)} with steps (0.025, 1)")
    weights = [numbers(given, f"selection {name!r}") for name, given in selections.items()]
    for name, given in zip(selections, weights, strict=True):
        refuse(np.isnan(given), f"selection {name!r} must have a weight for each interval")
    return [given.tolist() for given in weights]


def _findings(estimate: FloatArray, low: FloatArray, high: FloatArray) -> list[Note]:
    """What the rows say together."""
    found = [finding("weights_assumed", "the selections are assumed, not estimated: no row is the answer")]
    sides = set(side_of_zero(low, high).tolist())
    if sides == {0.0}:
        words = "the interval holds 0 under all of them"
    elif len(sides) == 1:
        words = "the interval stays on one side of 0 under all of them"
    elif 0.0 not in sides:
        words = "the interval lies on one side of 0 or on the other, as the selection is assumed"
    else:
        words = "whether the interval holds 0 depends on the selection assumed"
    found.append(
        finding("weights_assumed", f"the mean runs from {estimate.min():.4g} to {estimate.max():.4g}; {words}")
    )
    return found
