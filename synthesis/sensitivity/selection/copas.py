"""Copas selection model: how a pooled effect changes the more small studies are taken to be unpublished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from synthesis.effects.columns import check_known, refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray
from synthesis.pooling.check import check_alike, check_effects, check_level, numbers
from synthesis.pooling.pooled import Note
from synthesis.pooling.tabular import Tabular, plain_column, table_of
from synthesis.sensitivity.missing_evidence.excess_tests import ALTERNATIVES
from synthesis.sensitivity.selection.copas_fits import RHO_BOUND, Contour, Fits, line
from synthesis.sensitivity.selection.judged import Judged
from synthesis.sensitivity.selection.rules import FEW, finding
from synthesis.text import decimal, p_value

PROBABILITIES = (0.99, 0.95, 0.90, 0.80, 0.70, 0.60, 0.50, 0.40, 0.30, 0.20, 0.10)
RESIDUAL = 0.10  # level at which the asymmetry that is left is judged, as in metasens
ALIKE = 1.05  # ratio of standard errors below which selection by size has nothing to work on


@dataclass(frozen=True, slots=True, eq=False)
class CopasModel(Tabular, Judged):
    """Fits along a line of ever stronger selection; effects on the scale of yi; NaN where there is no number."""

    probability: FloatArray  # of publication of the study with the largest standard error
    gamma0: FloatArray
    gamma1: FloatArray  # in units of yi
    estimate: FloatArray
    se: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    p_value: FloatArray  # two-sided, of no effect
    tau2: FloatArray  # squared units of yi
    rho: FloatArray  # correlation of publication and effect
    residual_p: FloatArray  # of no asymmetry beyond what this selection explains
    unpublished: FloatArray  # expected number
    log_likelihood: FloatArray
    converged: BoolArray
    adjusted: int | None  # the row of the weakest selection that explains the asymmetry; the first is 0
    unselected: float  # the mean by maximum likelihood without selection
    contour: Contour
    k: int
    alternative: str
    level: float
    findings: tuple[Note, ...]

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        left = ("adjusted", "unselected", "contour", "k", "alternative", "level", "findings")
        return {name: getattr(self, name) for name in self.__slots__ if name not in left}

    def summary(self) -> str:
        """The rows as text, and the verdict."""
        shown = ("probability", "estimate", "ci_low", "ci_high", "p_value", "rho", "residual_p", "unpublished")
        head = f"k = {self.k}: Copas selection model ({100 * self.level:g} %)\n"
        return f"{head}{table_of(self.columns(), shown)}{self.verdict}\n"

    def to_dict(self) -> dict[str, Any]:
        """All columns and the contour as plain values, fit for JSON, with the verdict."""
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        names = ("gamma0", "gamma1", "estimate", "probability")
        grid = {name: _nested(getattr(self.contour, name)) for name in names}
        single = {name: getattr(self, name) for name in ("adjusted", "unselected", "k", "alternative", "level")}
        return columns | single | {"contour": grid} | self._said()


def _nested(values: FloatArray) -> list[Any]:
    return plain_column(values) if values.ndim == 1 else [plain_column(row) for row in values]


def copas(
    yi: Any, vi: Any, *, data: Any = None, alternative: str | None = None,
    probabilities: Sequence[float] = PROBABILITIES, grid: int = 12, level: float = 0.95,
) -> CopasModel:  # fmt: skip
    """Sensitivity analysis by the selection model of Copas and Shi.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    data : data frame or mapping of columns, optional
        Where names are looked up.
    alternative : str
        Which effects are favoured: "greater" (rho not below 0), "less", or "two-sided" (rho of either sign, which may
        change from row to row). By default the side to which the effects of small studies lean.
    probabilities : sequence of float
        Probabilities of publication of the study with the largest standard error, for the rows.
    grid : int
        Points of the contour in each direction.
    level : float
        Confidence level.

    Returns
    -------
    CopasModel
        gamma0 and gamma1 cannot be estimated: the rows show what follows from ever stronger selection. They lie on a
        line from the weakest selection of the grid across the contours of the estimate, gamma0 (from -1.3 to 2) and
        gamma1 (from 0 to the largest standard error) each taken as a share of its range. `adjusted` is the first row
        whose `residual_p` exceeds 0.1.

    Raises
    ------
    InvalidArgument
        For effects or options that cannot be used.

    Notes
    -----
    Intervals are of the profile likelihood, and p-values of likelihood-ratio tests; those of `residual_p` are of a
    slope of effects on standard errors beside the selection. Standard errors are Wald's; there is none where the
    correlation lies on its bound.

    References
    ----------
    Copas J, Shi JQ (2000). Meta-analysis, funnel plots and sensitivity analysis. Biostatistics 1(3), 247-262.
    Copas JB, Shi JQ (2001). A sensitivity analysis for publication bias in systematic reviews. Statistical Methods in
    Medical Research 10(4), 251-265.
    Carpenter JR, Schwarzer G, Rucker G, Kunstler R (2009). Empirical evaluation showed that the Copas selection model
    provided a useful summary in 80% of meta-analyses. Journal of Clinical Epidemiology 62(6), 624-631.
    """
    check_level(level)
    if alternative is not None:
        check_known(alternative, ALTERNATIVES, "alternative")
    wanted = _checked(probabilities, grid)
    y, v = check_effects(yi, vi, data)
    check_alike(y, v)
    if len(y) < 3:
        raise InvalidArgument(f"the model of Copas needs three studies or more, not {len(y)}")
    scale = float(np.sqrt(np.median(v)))
    fits = Fits(y / scale, np.sqrt(v) / scale, alternative)
    contour, direction = fits.contour(grid)
    gamma0, a = line(direction, ndtri(wanted))
    rows = fits.rows(gamma0, a, level)
    return _assembled(fits, contour, rows | {"gamma0": gamma0, "gamma1": fits.s.max() * a}, scale=scale, level=level)


def _checked(probabilities: Any, grid: Any) -> FloatArray:
    """The probabilities from the largest to the smallest."""
    wanted = numbers(probabilities, "probabilities")
    refuse(~((wanted > 0) & (wanted < 1)), "probabilities must lie between 0 and 1")
    if not len(wanted):
        raise InvalidArgument("probabilities is empty: give at least one, as 0.8")
    if not isinstance(grid, int) or isinstance(grid, bool) or not 3 <= grid <= 100:
        raise InvalidArgument(f"grid must be a whole number from 3 to 100, not {grid!r}")
    return np.sort(wanted)[::-1]


def _assembled(fits: Fits, contour: Contour, rows: dict[str, Any], *, scale: float, level: float) -> CopasModel:
    """The result in the units of the user."""
    rows = rows | {name: scale * rows[name] for name in ("estimate", "se", "ci_low", "ci_high", "gamma1")}
    rows["tau2"] = scale**2 * rows["tau2"]
    rows["log_likelihood"] = rows["log_likelihood"] - len(fits.y) * np.log(scale)
    explained = np.flatnonzero(rows["residual_p"] > RESIDUAL)
    adjusted = int(explained[0]) if len(explained) else None
    largest = scale * float(fits.s.max())
    grid = Contour(contour.gamma0, largest * contour.gamma1, scale * contour.estimate, contour.probability)
    return CopasModel(
        **rows, adjusted=adjusted, unselected=scale * fits.mean, contour=grid, k=len(fits.y),
        alternative=fits.alternative, level=level, findings=tuple(_findings(fits, rows, adjusted)),
    )  # fmt: skip


def _findings(fits: Fits, rows: dict[str, Any], adjusted: int | None) -> Iterator[Note]:
    """What the rows can and cannot tell."""
    k, probability = len(fits.y), rows["probability"]
    if k < FEW:
        yield finding("few", f"{k} studies: below {FEW} there is hardly an asymmetry to see")
    if fits.s.max() < ALIKE * fits.s.min():
        yield finding("alike_errors", "the standard errors are alike: selection by size has nothing to work on")
    if not rows["converged"].all():
        yield finding("some_failed", f"{(~rows['converged']).sum()} of {len(probability)} fits did not end")
    if adjusted == 0:
        words = (
            f"p {p_value(float(rows['residual_p'][0]))}: no asymmetry to explain; the other rows are what would be if"
        )
        yield finding("no_asymmetry", words)
    elif adjusted is None:
        yield finding("asymmetry_left", "none of these selections explains the asymmetry")
    else:
        share, count = decimal(float(probability[adjusted]), 2), decimal(float(rows["unpublished"][adjusted]), 0)
        words = f"publication of the least precise study with probability {share} ({count} studies unpublished)"
        yield finding("not_identified", f"the asymmetry is explained by {words}")
    if (np.abs(rows["rho"]) >= RHO_BOUND).any():
        yield finding(
            "correlation_on_bound",
            "the correlation is at its bound in some rows: the mean there hangs on a few studies",
        )
    yield finding("not_identified", "how strong selection is cannot be estimated: the rows are a range, not an answer")
