"""Selection models of the p-value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from synthesis.pooling.check import check_alike, check_effects, check_level
from synthesis.pooling.moderators.design import design
from synthesis.sensitivity.selection.asked import asked_for
from synthesis.sensitivity.selection.assembled import assembled
from synthesis.sensitivity.selection.fitting import fitted
from synthesis.sensitivity.selection.result import SelectionModel


def selection_model(
    yi: Any,
    vi: Any,
    type: str = "stepfun",  # noqa: A002 - metafor's name
    *,
    data: Any = None,
    steps: Sequence[float] | float | None = None,
    alternative: str = "greater",
    delta: Sequence[float | None] | None = None,
    decreasing: bool = False,
    prec: str | None = None,
    ni: Any = None,
    mods: Any = None,
    names: Sequence[str] | None = None,
    method: str = "ML",
    level: float = 0.95,
    profile: bool = True,
    largest: float = 100.0,
) -> SelectionModel:
    """A random-effects model or meta-regression of studies that were selected by their p-values.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    type : str
        The selection function, as in metafor: "stepfun" (one weight for each interval of p-values), "beta",
        "halfnorm", "negexp", "logistic", "power", "negexppow", or "trunc" (one weight for effects at or below a cut).
    data : data frame or mapping of columns, optional
        Where names are looked up.
    steps : float or sequence, optional
        For "stepfun" the ends of the intervals, 1 being added; default 0.025. For "trunc" the cut on the scale of yi,
        default 0. For the others but "beta" a p-value up to which all studies are selected alike.
    alternative : str
        Which p-values: one-sided for effects "greater" or "less" than 0, or "two-sided". Selection for effects above 0
        that are significant in two-sided tests at 0.05 is "greater" with steps 0.025.
    delta : sequence, optional
        Parameters of the selection function that are fixed; None for those that are estimated. For "stepfun" one for
        each interval, the first 1.
    decreasing : bool
        Whether the weights of "stepfun" may only fall from interval to interval.
    prec : str, optional
        What delta is multiplied by: the standard error ("sei"), "vi", "ninv" or "sqrtninv" (1 / n, 1 / sqrt(n)), each
        as a share of its largest value; by default nothing. Not for "stepfun", "beta" and "trunc".
    ni : array-like, shape (k,), or str, optional
        Sample sizes, for "ninv" and "sqrtninv".
    mods : str or array-like, optional
        A formula or a design matrix, as for `regress`.
    names : sequence of str, optional
        Names of the columns of a design matrix.
    method : str
        "ML", or "EE" for a model with tau2 = 0.
    level : float
        Confidence level.
    profile : bool
        Whether to find profile-likelihood intervals.
    largest : float
        The upper bound of the parameters of the selection function.

    Returns
    -------
    SelectionModel
        By maximum likelihood from a dozen starts, tau2 on [0, infinity), all maxima that were found in `maxima`. Read
        `usable` and `verdict` first: with few studies, or none in an interval, the estimates are worth little.

    Raises
    ------
    InvalidArgument
        For effects, moderators or options that cannot be used.

    Notes
    -----
    Wald intervals are from the information, as far as no parameter is on a bound; those on a bound are taken as known.
    Profile intervals hold the values whose likelihood, highest over all other parameters, is not too far below the
    highest. The test of selection compares the model with the one without; where that lies on the bound (delta = 0) it
    is conservative.

    References
    ----------
    Hedges LV (1992). Modeling publication selection effects in meta-analysis. Statistical Science 7(2), 246-255.
    Vevea JL, Hedges LV (1995). A general linear model for estimating effect size in the presence of publication bias.
    Psychometrika 60(3), 419-435.
    Citkowicz M, Vevea JL (2017). A parsimonious weight function for modeling publication bias. Psychological Methods
    22(1), 28-41.
    Preston C, Ashby D, Smyth R (2004). Adjusting for publication bias: modelling the selection process. Journal of
    Evaluation in Clinical Practice 10(2), 313-322.

    Examples
    --------
    >>> y = [0.62, 0.55, 0.48, 0.71, 0.35, 0.42, 0.12, 0.30, 0.51, 0.05, 0.66, 0.39]
    >>> v = [0.06, 0.05, 0.04, 0.09, 0.02, 0.03, 0.01, 0.02, 0.05, 0.01, 0.08, 0.03]
    >>> fit = selection_model(y, v, steps=0.025, profile=False)
    >>> round(fit.unselected.coefficients[0], 2) > round(fit.estimate, 2)
    True
    """
    check_level(level)
    y, v = check_effects(yi, vi, data)
    found = design(mods, data, len(y), names)
    y, v = y[found.kept], v[found.kept]
    check_alike(y, v)
    asked = asked_for(
        type=type, steps=steps, alternative=alternative, delta=delta, decreasing=decreasing, prec=prec, ni=ni,
        data=data, kept=found.kept, method=method, level=level, largest=largest,
    )  # fmt: skip
    fitting = fitted(y, v, found.matrix, asked, profile=profile)
    return assembled(fitting, asked, found.names, found.notes)
