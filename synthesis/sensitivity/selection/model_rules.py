"""What a fitted selection model can and cannot tell."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtr

from synthesis.errors import SHOWN_ROWS, rows_text
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.pooled import Note
from synthesis.sensitivity.selection.asked import Asked
from synthesis.sensitivity.selection.fitting import Fitting
from synthesis.sensitivity.selection.functions import STEPS
from synthesis.sensitivity.selection.result import SelectionModel
from synthesis.sensitivity.selection.rules import FEW, SPARSE, finding
from synthesis.sensitivity.small_studies.named_tests import egger
from synthesis.text import decimal, p_value

ALPHA = 0.05  # two-sided: which studies count as significant; and level of the tests that are spoken of
FAR = 3.5  # standard deviations from the mean without selection, beyond which a study is outlying
LOOSE = 100.0  # ratio of the ends of a weight's interval, beyond which the weight is hardly known


def model_findings(result: SelectionModel, fitting: Fitting, asked: Asked) -> Iterator[Note]:
    """The rules that apply."""
    yield from of_data(result.k, fitting.problem.y, fitting.problem.v, two_sided=asked.two_sided)
    if result.counts:
        yield from _of_intervals(result, asked)
    yield from _of_search(result)
    yield from _of_means(fitting, asked)
    yield from _of_parameters(result, fitting, asked)
    yield from _of_test(result)


def of_data(k: int, y: FloatArray, v: FloatArray, *, two_sided: bool) -> Iterator[Note]:
    """What the number of studies and their p-values allow."""
    if k < FEW:
        yield finding("few", f"{k} studies: below {FEW} a selection model is hardly more than a guess")
    z = y / np.sqrt(v)
    significant = int((ndtr(-(np.abs(z) if two_sided else z)) <= ALPHA / 2).sum())
    if significant == k:
        words = "all studies are significant: nothing shows how likely others were to be left out"
        yield finding("all_significant", words)
    elif significant == 0:
        yield finding(
            "none_significant", "no study is significant: there is no sign of selection for significance to model"
        )


def _of_intervals(result: SelectionModel, asked: Asked) -> Iterator[Note]:
    """Intervals without studies, or with few."""
    estimated = [one.status != "fixed" for one in result.delta]
    for number, count in enumerate(result.counts):
        matters = estimated[number] or (number == 0 and any(estimated))
        name = _interval(result, asked, number)
        if count == 0 and matters:
            drift = "the other weights drift to infinity" if number == 0 else "its weight drifts to 0"
            yield finding("empty_interval", f"no study in {name}: {drift}; join intervals")
        elif count < SPARSE and matters:
            studies = "one study" if count == 1 else f"{count} studies"
            yield finding("sparse_interval", f"only {studies} in {name}: its weight rests on them")


def _interval(result: SelectionModel, asked: Asked, number: int) -> str:
    if asked.type != STEPS:
        return "the part above the cut" if number == 0 else "the part at or below the cut"
    low = 0.0 if number == 0 else result.steps[number - 1]
    return f"{low:g} < p <= {result.steps[number]:g}"


def _of_search(result: SelectionModel) -> Iterator[Note]:
    """How the search ended."""
    if not result.converged:
        yield finding("not_converged", "the search for the maximum did not end")
    if len(result.maxima) > 1:
        places = "; ".join(
            f"{', '.join(decimal(b) for b in one.coefficients)} (log-likelihood {decimal(one.log_likelihood, 3)})"
            for one in result.maxima
        )
        yield finding("several_maxima", f"the likelihood has several maxima, at {places}: the highest is given")
    if result.covariance is None:
        yield finding("no_curvature", "the likelihood is flat in some direction: the data do not fix all parameters")


def _of_means(fitting: Fitting, asked: Asked) -> Iterator[Note]:
    """Means beyond all effects; and what looks like selection and need not be."""
    y, v, x, p = fitting.problem.y, fitting.problem.v, fitting.problem.x, fitting.problem.p
    means = x @ fitting.found.place[:p]
    if ((means < y.min()) | (means > y.max())).all():
        words = "the means before selection lie beyond the effects of all studies: that is extrapolated, not estimated"
        yield finding("extrapolated", words)
    b, _, tau2, _ = fitting.plain
    far = np.abs(y - x @ b) > FAR * np.sqrt(v + tau2)
    if far.any():
        which = rows_text(asked.rows[far].tolist(), SHOWN_ROWS)
        yield finding(
            "outlying", f"{which} far from the rest: the model takes effects for normal, and long tails for selection"
        )
    if p == 1 and len(y) >= FEW:
        slope = egger(y, v).p_value
        if slope is not None and slope < ALPHA:
            words = f"small studies find other effects than large ones (Egger's test p {p_value(slope)})"
            yield finding(
                "small_studies", f"{words}: selection is one reason, and other populations or methods are others"
            )


def _of_parameters(result: SelectionModel, fitting: Fitting, asked: Asked) -> Iterator[Note]:
    """Parameters on bounds, and weights that say something odd."""
    p = fitting.problem.p
    if fitting.found.bound[:p].any():
        yield finding("parameter_on_bound", "the mean drifts off without an end: selection alone explains the effects")
    if fitting.found.bound[p]:
        words = (
            "tau^2 is estimated as 0: standard errors take it for known, and heterogeneity may be hidden by selection"
        )
        yield finding("tau2_on_bound", words)
    stuck = [one for one in result.delta if one.status == "on its bound"]
    null = () if asked.kind is None else asked.kind.null
    for one in stuck:
        if asked.decreasing:
            yield finding("hardly_known", f"{one.name} is held at the weight before it, for weights may only fall")
        elif one.estimate in null:
            yield finding("hardly_known", f"{one.name} is at its bound {one.estimate:g}, which is no selection")
        else:
            yield finding(
                "parameter_on_bound", f"{one.name} is at its bound {one.estimate:g}: it is not estimated but cut off"
            )
    for one in result.delta:
        low, high = one.profile_low, one.profile_high
        if asked.kind is None and low is not None and high is not None and high > LOOSE * low:
            yield finding("hardly_known", f"{one.name}: any weight from {low:.3g} to {high:.3g} fits the data")
    above = [one for one in result.delta if one.status == "estimated" and asked.kind is None and one.estimate > 1]
    if above:
        names = ", ".join(one.name for one in above)
        yield finding(
            "reversed", f"weights above 1, of studies said to be selected more than significant ones: {names}"
        )


def _of_test(result: SelectionModel) -> Iterator[Note]:
    """What the test of selection says."""
    test = result.selection_test
    if test is None:
        yield finding("weights_assumed", "the selection function is assumed: read the estimate as what would be if")
        return
    said = f"test of selection p {p_value(test.p_value)}"
    if test.p_value > ALPHA:
        yield finding("assumption", f"{said}: no proof that there is none, for with so many studies the test is weak")
    else:
        yield finding("assumption", f"{said}: the corrected estimate holds as far as selection works as the model says")
