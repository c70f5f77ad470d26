"""Pooling sparse counts by generalised linear mixed models: no correction of zeros, no normal approximation."""

from __future__ import annotations

from typing import Any

from synthesis.effects.columns import check_known, given_columns
from synthesis.errors import InvalidArgument
from synthesis.pooling.check import check_level, is_whole
from synthesis.pooling.sparse.columns import NoEstimate
from synthesis.pooling.sparse.counts import READERS, Counts, counts
from synthesis.pooling.sparse.generalised import CODINGS, GLMMS
from synthesis.pooling.sparse.generalised_fit import GlmmOptions, fit_different, fit_equal
from synthesis.pooling.sparse.generalised_pooled import GeneralisedPooled
from synthesis.pooling.sparse.generalised_result import one_study, pooled
from synthesis.pooling.sparse.saturated import heterogeneity

METHODS = ("EE", "ML")
TESTS_OF_GLMM = ("z", "t")
MOST_POINTS = 100  # of the quadrature; more change no digit


def glmm(
    measure: str,
    *,
    data: Any = None,
    model: str | None = None,
    method: str = "ML",
    test: str = "z",
    coding: float = 0.5,
    nAGQ: int = 7,
    level: float = 0.95,
    drop00: bool = True,
    **given: Any,
) -> GeneralisedPooled:
    """Pool counts by a generalised linear mixed model.

    Parameters
    ----------
    measure : str
        "OR" (ai, ci with bi, di or n1i, n2i), "IRR" (x1i, t1i, x2i, t2i), "PLO" (xi with mi or ni) or
        "IRLN" (xi, ti).
    data : mapping or data frame, optional
        Where columns are looked up that are given by name.
    model : str, optional
        A key of `GLMMS` that takes the measure. Default: UM.FS for two groups; BN for PLO, PN for IRLN.
    method : str
        "ML" for effects that differ, with variance tau2; "EE" for equal effects.
    test : str
        "z", or "t" with k - 1 degrees of freedom.
    coding : float
        Which group carries the random effect of UM.FS and UM.RS: 0.5 (half each), 1 (the first) or 0 (the second).
    nAGQ : int
        Points of the adaptive Gauss-Hermite quadrature for each random effect; 1 is the approximation of Laplace.
    level : float
        Confidence level of the intervals.
    drop00 : bool
        Whether studies without any event, or with nothing but events, in both groups are left out. Only UM.RS can
        learn from them; the other models leave them out anyhow.
    **given : array-like, shape (k,), or str
        Events, people without, and people, in the first group (ai, bi, n1i) and the second (ci, di, n2i); events and
        person-time of two groups (x1i, t1i, x2i, t2i); events, people without, people and person-time of one group
        (xi, mi, ni, ti).

    Returns
    -------
    GeneralisedPooled
        Where tau2 is 0, `boundary`; the likelihood is searched on [0, inf), 0 included.

    Raises
    ------
    InvalidArgument
        For unknown options, impossible counts, and where the likelihood rises without end, as when one group has no
        event in any study: then no finite effect is the most likely.

    Notes
    -----
    metafor fits UM.RS with method ML by Laplace only (nAGQ=1 gives its numbers); here the quadrature has two
    dimensions. Its log-likelihoods of ML fits of UM.FS, CM.AL, BN, PN, and CM.EL of rates, are the
    `conditional_log_likelihood` given here, which is no likelihood of the model and must not be compared. Its
    Wald test of CM.EL takes numerical second derivatives, which can be far off (268.6 for the BCG trials, where
    the exact ones give 163.1).

    References
    ----------
    Stijnen T, Hamza TH, Ozdemir P (2010). Random effects meta-analysis of event outcome in the framework of the
    generalized linear mixed model with applications in sparse data. Statistics in Medicine 29(29), 3046-3067.
    """
    options = _checked(GlmmOptions(measure, model or _usual_model(measure), method, test, level, coding, nAGQ))
    kind = GLMMS[options.model]
    found = counts(measure, given_columns(given, data), drop00=drop00 or kind.studies != "random")
    if not kind.finite(found):
        raise NoEstimate(_no_maximum(found))
    equal = fit_equal(kind, found, options)
    spread = heterogeneity(found, equal.model, equal.maximum)
    if len(found.events) == 1:
        return one_study(found, equal, spread, options)
    fitted = equal if method == "EE" else fit_different(kind, found, options, equal)
    return pooled(found, fitted, spread, options)


def _usual_model(measure: str) -> str:
    """The first model of GLMMS that takes a measure."""
    check_known(measure, READERS, "generalised linear mixed model of")
    return _models_of(measure)[0]


def _models_of(measure: str) -> list[str]:
    """The keys of GLMMS that take a measure."""
    return [code for code, one in GLMMS.items() if measure in one.measures]


def _checked(options: GlmmOptions) -> GlmmOptions:
    """The options, if all are known."""
    _usual_model(options.measure)
    points = options.points
    check_known(options.model, _models_of(options.measure), "model", options.measure)
    check_known(options.method, METHODS, "method", "these models")
    check_known(options.test, TESTS_OF_GLMM, "test", "these models")
    if options.coding not in CODINGS:
        raise InvalidArgument(f"coding must be 0.5, 1 or 0, not {options.coding!r}")
    if not is_whole(points) or not 1 <= points <= MOST_POINTS:
        raise InvalidArgument(f"nAGQ must be a whole number from 1 to {MOST_POINTS}, not {points!r}")
    check_level(options.level)
    return options


def _no_maximum(found: Counts) -> str:
    """Why there is no estimate, and what to do."""
    effect = {"OR": "odds ratio", "IRR": "rate ratio", "PLO": "odds", "IRLN": "rate"}[found.measure]
    if found.events.shape[1] == 1:
        return f"no finite log {effect} is the most likely: no study has an event, or none has anybody without one"
    return (
        f"no finite log {effect} is the most likely: over all studies, a group has no events, or nothing but events, "
        "or all tables lie at one end of what their margins allow; take the risk difference, or a correction of zeros"
    )
