"""Whether small studies find other effects than large ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import FloatArray, check_known, looked_up
from synthesis.errors import InvalidArgument
from synthesis.pooling.check import check_alike, check_effects, check_level
from synthesis.pooling.moderators.linear_fit import check_test
from synthesis.pooling.moderators.regress import check_method
from synthesis.pooling.pooled import Note, Noted
from synthesis.sensitivity.cautions import FEW
from synthesis.sensitivity.small_studies.asymmetry import Line, laid
from synthesis.sensitivity.small_studies.columns import checked, sizes, unfit
from synthesis.sensitivity.small_studies.methods import EFFECTS, SMALL_STUDY_TESTS, Ranks
from synthesis.sensitivity.small_studies.result import SmallStudyTest, ranked, regressed, tested
from synthesis.text import decimal, interval, p_value

PREDICTORS: Mapping[str, tuple[bool, Callable[[FloatArray], FloatArray]]] = {
    # whether it is of vi, else of ni; what of it
    "sei": (True, np.sqrt),
    "vi": (True, np.array),
    "ni": (False, np.array),
    "ninv": (False, np.reciprocal),
    "sqrtni": (False, np.sqrt),
    "sqrtninv": (False, lambda n: 1 / np.sqrt(n)),
}
GROWING = ("ni", "sqrtni")  # predictors that are not 0 for a study without error


def small_study_test(
    name: str,
    yi: Any = None,
    vi: Any = None,
    *,
    ai: Any = None,
    n1i: Any = None,
    ci: Any = None,
    n2i: Any = None,
    data: Any = None,
    measure: str | None = None,
    level: float = 0.95,
) -> SmallStudyTest:
    """One of the tests for small-study effects.

    Parameters
    ----------
    name : str
        A key of SMALL_STUDY_TESTS, which has formula, source and needed columns of each.
    yi, vi : array-like, shape (k,), or str, optional
        Effects and sampling variances, or the names of their columns in `data`; harbord and schwarzer need none.
    ai, n1i, ci, n2i : array-like, shape (k,), or str, optional
        Events and people in the first group, and in the second (for deeks people with and without the disease).
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    measure : str, optional
        What the effects are, a key of MEASURES: the verdict then says where the test is not made for it.
    level : float
        Confidence level of the interval of the limit estimate.

    Returns
    -------
    SmallStudyTest
        Studies without events, or with nothing but events, are left out where counts are used, with a note. With
        effects of the measure "AS" begg, egger and thompson-sharp are the arcsine tests of Rucker and others (2008).

    Raises
    ------
    InvalidArgument
        For an unknown test, columns that it needs and lacks, and columns that cannot be used.

    References
    ----------
    Those in SMALL_STUDY_TESTS. Page MJ, Higgins JPT, Sterne JAC (2023). Cochrane Handbook for Systematic Reviews of
    Interventions, chapter 13, section 13.3.5.4.
    Rucker G, Schwarzer G, Carpenter J (2008). Arcsine test for publication bias in meta-analyses with binary outcomes.
    Statistics in Medicine 27(5), 746-763.
    """
    check_level(level)
    columns = {"yi": yi, "vi": vi, "ai": ai, "n1i": n1i, "ci": ci, "n2i": n2i}
    method, given, notes = checked(name, columns, data)
    built = method.build(given)
    more = unfit(name, method, measure)
    if isinstance(built, Ranks):
        return ranked(name, built, level, more, notes)
    return regressed(name, built, level, more, notes, limit=method.at_zero, added=built.method != "EE")


def small_study_tests(
    yi: Any = None,
    vi: Any = None,
    *,
    ai: Any = None,
    n1i: Any = None,
    ci: Any = None,
    n2i: Any = None,
    data: Any = None,
    measure: str | None = None,
    level: float = 0.95,
) -> tuple[SmallStudyTest, ...]:
    """All tests of SMALL_STUDY_TESTS for which the columns are given, and that are made for the measure if one is.

    Parameters, errors: as of `small_study_test`; columns that fit no test are refused. Many tests of one thing find
    something by chance alone: choose one before looking.
    """
    columns = {"yi": yi, "vi": vi, "ai": ai, "n1i": n1i, "ci": ci, "n2i": n2i}
    present = [name for name, values in columns.items() if values is not None]
    if len(set(EFFECTS) & set(present)) == 1:
        raise InvalidArgument("yi and vi go together: give both, or none of them")
    chosen = [
        name
        for name, method in SMALL_STUDY_TESTS.items()
        if set(present) >= set(method.needs) and (measure is None or not method.measures or measure in method.measures)
    ]
    if not chosen:
        named, of = ", ".join(present) or "none", "" if measure is None else f" and the measure {measure}"
        raise InvalidArgument(f"no test fits the columns {named}{of}: give yi and vi, or ai, n1i, ci and n2i")
    options: dict[str, Any] = {**columns, "data": data, "measure": measure, "level": level}
    return tuple(small_study_test(name, **options) for name in chosen)


def regression_test(
    yi: Any,
    vi: Any,
    *,
    ni: Any = None,
    data: Any = None,
    predictor: str = "sei",
    model: str = "rma",
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
) -> SmallStudyTest:
    """Regression test for funnel-plot asymmetry with a predictor and a model of one's choice, as metafor's `regtest`.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    ni : array-like, shape (k,), or str, optional
        Sizes of the studies, for the predictors that are of them.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    predictor : str
        "sei", "vi", "ni", "ninv" (1 / ni), "sqrtni" or "sqrtninv".
    model : str
        "rma": tau^2 is added to the sampling variances; "lm": the residual variance multiplies them.
    method, test : str
        Of the model "rma": a key of TAU2, and z, t, knha or adhoc.
    level : float
        Confidence level of the interval of the limit estimate.

    Returns
    -------
    SmallStudyTest
        With a limit estimate for the predictors that are 0 in a study without error.

    Raises
    ------
    InvalidArgument
        For columns and options that cannot be used.

    References
    ----------
    Sterne JAC, Egger M (2005). Regression methods to detect publication and other bias in meta-analysis. In:
    Rothstein HR, Sutton AJ, Borenstein M (eds.), Publication bias in meta-analysis, 99-110. Chichester: Wiley.
    """
    check_level(level)
    check_known(predictor, PREDICTORS, "predictor")
    check_known(model, ("rma", "lm"), "model")
    check_method(method)
    check_test(test)
    y, v = check_effects(yi, vi, data)
    check_alike(y, v)
    of_variances, transform = PREDICTORS[predictor]
    x = transform(v if of_variances else sizes(looked_up(ni, data), len(y), "ni"))
    line = Line(y, x, v) if model == "lm" else Line(y, x, v, method, test)
    return regressed("regression", line, level, (), [], limit=predictor not in GROWING, added=model == "rma")


@dataclass(frozen=True, slots=True)
class EggerTest(Noted):
    """Egger's regression test; what cannot be given is None, with its reason in `notes`."""

    bias: float | None  # change of effect per unit of standard error: 0 where the funnel is symmetric
    bias_se: float | None
    statistic: float | None  # t
    df: int  # k - 2
    p_value: float | None  # two-sided
    limit_estimate: float | None  # effect at a standard error of 0
    limit_ci_low: float | None
    limit_ci_high: float | None
    k: int
    level: float
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """One line of text, and one for each note."""
        slope = f"bias {decimal(self.bias)}, t {decimal(self.statistic)} on {self.df} df, p {p_value(self.p_value)}"
        limit = f"{decimal(self.limit_estimate)} {interval(self.limit_ci_low, self.limit_ci_high)}"
        lines = [
            f"Egger's test: {slope}; at standard error 0: {limit}",
            *(f"{note.field}: {note.reason}" for note in self.notes),
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values; notes as objects of `field` and `reason`."""
        return {**asdict(self), "notes": [note._asdict() for note in self.notes]}


def egger(yi: Any, vi: Any, *, data: Any = None, level: float = 0.95) -> EggerTest:
    """Egger's regression test for small-study effects, in its classical form.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    level : float
        Confidence level of the interval of the limit estimate.

    Returns
    -------
    EggerTest
        From the regression of yi on sqrt(vi) with weights 1 / vi and a residual variance that is estimated, so
        that the test is a t test with k - 2 degrees of freedom (metafor: `regtest(model = "lm")`; `bias` is the
        intercept of the regression of yi / sqrt(vi) on 1 / sqrt(vi) in the paper). Below ten studies a note warns.

    Raises
    ------
    InvalidArgument
        For effects or a level that cannot be used.

    References
    ----------
    Egger M, Davey Smith G, Schneider M, Minder C (1997). Bias in meta-analysis detected by a simple, graphical
    test. BMJ 315(7109), 629-634.
    """
    check_level(level)
    y, v = check_effects(yi, vi, data)
    check_alike(y, v)
    k = len(y)
    notes = []
    if k < FEW:
        notes.append(Note("p_value", f"{k} studies: below {FEW} the test can hardly tell asymmetry from chance"))
    line = Line(y, np.sqrt(v), v)
    if line.why_not:
        reason = "the standard errors are all alike" if k >= 3 else line.why_not
        return EggerTest(
            None, None, None, max(k - 2, 0), None, None, None, None, k, level, (Note("bias", reason), *notes)
        )  # fmt: skip
    found = laid(line, level=level)
    statistic, p, unjudged = tested(found)
    limit, low, high = (float(one[0]) for one in (found.at_zero_estimate, found.at_zero.low, found.at_zero.high))
    bias, bias_se = float(found.slope_estimate[0]), float(found.slope.se[0])
    return EggerTest(bias, bias_se, statistic, k - 2, p, limit, low, high, k, level, (*unjudged, *notes))
