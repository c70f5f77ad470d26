"""Several effects of one study in one pool, by the codes of the ways to let them depend on one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import check_known
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.blocks import Blocks, diagonal_blocks
from synthesis.pooling.check import check_effects, numbers
from synthesis.pooling.dependent.aggregate import Aggregated, aggregate
from synthesis.pooling.dependent.clusters import clusters_of
from synthesis.pooling.dependent.multilevel import multilevel
from synthesis.pooling.dependent.multilevel_fit import Multilevel
from synthesis.pooling.dependent.robust import robust
from synthesis.pooling.dependent.shared import exchangeable
from synthesis.pooling.intervals import TESTS, prediction
from synthesis.pooling.model_pooled import NUMBERS, ModelPooled
from synthesis.pooling.pool import pool
from synthesis.pooling.pooled import Note, Pooled
from synthesis.pooling.tau2 import TAU2

ONE_STUDY = "one study: its effects are averaged, nothing is pooled"
NO_INTERVAL = "tau2 is the sum of the variances of both levels; each has an interval of its own"
BETWEEN, WITHIN = "study", "study/effect"  # the two levels of random effects


@dataclass(frozen=True, slots=True)
class Question:
    """How dependent effects are pooled."""

    method: str
    test: str
    level: float
    tau2_interval: str = "QP"  # of the pool of aggregated effects
    prediction: str = "riley"
    profile: bool = True  # whether the variances of the levels get intervals, which take many fits


@dataclass(frozen=True, slots=True)
class Dependence:
    """One way: what it is, where it stands, and what it is asked with; the first of its methods and tests is usual."""

    meaning: str
    source: str
    methods: tuple[str, ...]
    tests: tuple[str, ...]
    function: Callable[[FloatArray, Blocks, Sequence[Any], Question], ModelPooled]


def _aggregated(yi: FloatArray, V: Blocks, cluster: Sequence[Any], asked: Question) -> ModelPooled:
    """The mean of the effects of each cluster, its variance that of their covariances; these pooled as independent."""
    found = aggregate(yi, None, cluster, V=V, weighted=False)
    fit = pool(
        found.yi, found.vi, method=asked.method, test=asked.test, level=asked.level,
        tau2_interval=asked.tau2_interval, prediction=asked.prediction,
    )  # fmt: skip
    return _of_pooled(fit, "aggregate", found)


def _of_pooled(fit: Pooled, model: str, found: Aggregated, notes: Sequence[Note] = ()) -> ModelPooled:
    """A pool of one effect a cluster as one line."""
    shared = {name: getattr(fit, name) for name in (*NUMBERS, "k", "df", "q_df", "method", "test", "level")}
    kinds = {"tau2_interval": fit.tau2_interval, "prediction": fit.prediction}
    effects = {"yi": found.yi.tolist(), "vi": found.vi.tolist(), "weights": list(fit.weights)}
    details = {"effects": int(found.k.sum()), "sizes": found.k.tolist(), **kinds, **effects}
    own = tuple(note for note in fit.notes if note.field in shared)
    return ModelPooled(model=model, **shared, notes=(*found.notes, *notes, *own), details=details)


def _three_levels(yi: FloatArray, V: Blocks, cluster: Sequence[Any], asked: Question) -> ModelPooled:
    """Random effects of clusters, and of effects within them."""
    sizes = _sizes(cluster)
    if len(sizes) == 1:
        return _one_study(yi, V, cluster, asked, "multilevel")
    fit = _fitted(yi, V, cluster, asked)
    mean = fit.coefficients[0]
    numbers = (mean.estimate, mean.se, mean.statistic, mean.df, mean.p_value, mean.ci_low, mean.ci_high)
    return _line("multilevel", fit, sizes, numbers, asked)


def _robust(yi: FloatArray, V: Blocks, cluster: Sequence[Any], asked: Question) -> ModelPooled:
    """The model of three levels as the working model of a cluster-robust test."""
    sizes = _sizes(cluster)
    if len(sizes) == 1:
        return _one_study(yi, V, cluster, asked, "robust")
    fit = _fitted(yi, V, cluster, Question(asked.method, "t", asked.level))
    found = robust(fit, list(cluster), kind=asked.test)
    mean = found.coefficients[0]
    numbers = (mean.estimate, mean.se, mean.statistic, mean.df, mean.p_value, mean.ci_low, mean.ci_high)
    notes = [Note("df", note.reason) for note in found.notes]
    return _line("robust", fit, sizes, numbers, asked, notes=notes)


def _fitted(yi: FloatArray, V: Blocks, cluster: Sequence[Any], asked: Question) -> Multilevel:
    names, labels = [BETWEEN, "effect"], [str(one) for one in cluster]
    data = dict(zip(names, (labels, list(range(len(labels)))), strict=True))
    return multilevel(
        yi, V, random=WITHIN, data=data, method=asked.method, test=asked.test, level=asked.level
    )  # fmt: skip


def _sizes(cluster: Sequence[Any]) -> list[int]:
    sizes: list[int] = clusters_of(list(cluster), len(cluster)).sizes.tolist()
    return sizes


def _one_study(yi: FloatArray, V: Blocks, cluster: Sequence[Any], asked: Question, model: str) -> ModelPooled:
    found = aggregate(yi, None, cluster, V=V, weighted=False)
    fit = pool(found.yi, found.vi, level=asked.level)
    return _of_pooled(fit, model, found, (Note("model", ONE_STUDY),))


Mean = tuple[float, float, float | None, float | None, float | None, float, float]


def _line(
    model: str, fit: Multilevel, sizes: Sequence[int], mean: Mean, asked: Question, *, notes: Sequence[Note] = ()
) -> ModelPooled:
    """A model of three levels as one line: tau2 is the sum of both variances."""
    estimate, se, statistic, df, p_value, ci_low, ci_high = mean
    tau2 = float(sum(one.estimate or 0.0 for one in fit.components))
    low, high = _prediction(estimate, se, tau2, df, asked.level)
    details = {
        "effects": sum(sizes), "sizes": list(sizes), "weights": list(fit.row_weights or ()),
        "levels": _by_level(fit, profile=asked.profile), "log_likelihood": fit.log_likelihood, "aic": fit.aic,
        "bic": fit.bic, "aicc": fit.aicc, "converged": fit.converged, "maxima": fit.maxima,
    }  # fmt: skip
    said = [*fit.notes, *notes, *(Note(name, NO_INTERVAL) for name in ("tau2_ci_low", "tau2_ci_high"))]
    if low is None:
        reason = "a prediction interval takes the degrees of freedom of the test less 1, and fewer than 1 are left"
        said += [Note(name, reason) for name in ("pi_low", "pi_high")]
    return ModelPooled(
        model, len(sizes), estimate, se, statistic, df, p_value, ci_low, ci_high, low, high, tau2, None, None,
        fit.i2, fit.q, fit.q_df, fit.q_p_value, fit.method, asked.test, asked.level, tuple(said), details,
    )  # fmt: skip


def _by_level(fit: Multilevel, *, profile: bool) -> list[dict[str, Any]]:
    """The variances of studies, and of effects within them, with profile-likelihood intervals where estimated."""
    bounds = {one.name: (one.ci_low, one.ci_high) for one in (fit.profile_intervals() if profile else ())}
    return [
        {
            "level": one.name.removeprefix("sigma2 "), "sigma2": one.estimate,
            "ci_low": bounds.get(one.name, (None, None))[0], "ci_high": bounds.get(one.name, (None, None))[1],
            "i2": one.i2, "boundary": one.boundary,
        }
        for one in fit.components
    ]  # fmt: skip


def _prediction(
    estimate: float, se: float, tau2: float, df: float | None, level: float
) -> tuple[float | None, float | None]:
    """Interval for the effect in a new study, with one degree of freedom fewer than the test of the mean."""
    left = np.inf if df is None else df - 1
    low, high = prediction(np.array([estimate]), np.array([se]), np.array([tau2]), np.array([left]), level)
    return (float(low[0]), float(high[0])) if np.isfinite(low[0]) else (None, None)


DEPENDENCE: Mapping[str, Dependence] = {
    "aggregate": Dependence(
        "the mean of each study's effects, with the variance that their covariances give; these are pooled",
        "Borenstein M, Hedges LV, Higgins JPT, Rothstein HR (2009). Introduction to Meta-Analysis, chapter 24. Wiley.",
        ("REML", *(code for code in TAU2 if code not in ("REML", "DLMH", "GENQ", "GENQM"))),
        ("adhoc", *(code for code in TESTS if code != "adhoc")), _aggregated,
    ),
    "multilevel": Dependence(
        "three levels: random effects of studies and of effects within them, t by containment",
        "Konstantopoulos S (2011). Fixed effects and variance components estimation in three-level meta-analysis. "
        "Research Synthesis Methods 2(1), 61-76.",
        ("REML", "ML"), ("t", "z"), _three_levels,
    ),
    "robust": Dependence(
        "that model with cluster-robust tests: CR2 with Satterthwaite's degrees of freedom",
        "Pustejovsky JE, Tipton E (2022). Meta-analysis with robust variance estimation: expanding the range of "
        "working models. Prevention Science 23(3), 425-438.",
        ("REML", "ML"), ("CR2", "CR0", "CR1", "CR1S", "CR3"), _robust,
    ),
}  # fmt: skip


def check_dependence(kind: str, method: str | None = None, test: str | None = None) -> tuple[str, str]:
    """Method and test of a key of `DEPENDENCE`, its usual ones where none is asked for.

    Raises
    ------
    InvalidArgument
        For an unknown key, and a method or test that it does not have; the nearest is suggested.
    """
    check_known(kind, DEPENDENCE, "dependence")
    chosen = DEPENDENCE[kind]
    for what, name, known in (("method", method, chosen.methods), ("test", test, chosen.tests)):
        if name is not None:
            check_known(name, known, what, f"dependence {kind}")
    return method or chosen.methods[0], test or chosen.tests[0]


def pool_dependent(
    kind: str,
    yi: Any,
    V: Blocks,
    cluster: Sequence[Any],
    *,
    method: str | None = None,
    test: str | None = None,
    level: float = 0.95,
    tau2_interval: str = "QP",
    prediction: str = "riley",
    profile: bool = True,
) -> ModelPooled:
    """Effects of which several may come from one study, pooled in one of the ways of `DEPENDENCE`.

    Parameters
    ----------
    kind : str
        A key of `DEPENDENCE`.
    yi : array-like, shape (n,)
        Effects.
    V : Blocks
        Covariances of their sampling errors; those of different clusters are independent.
    cluster : sequence, length n
        The study of each effect.
    method, test : str, optional
        Those of the way chosen; its usual ones if not given.
    level : float
        Confidence level.
    tau2_interval, prediction : str
        Of aggregated effects, as `pool` takes them.
    profile : bool
        Whether the variances of both levels get profile-likelihood intervals, which take many fits.

    Returns
    -------
    ModelPooled
        k counts studies; `details` has the number of effects and, for both `levels` the variances.

    Raises
    ------
    InvalidArgument
        As `check_dependence`, `aggregate`, `multilevel` and `robust`.
    """
    method, test = check_dependence(kind, method, test)
    y, _ = check_effects(yi, V.diagonal())
    asked = Question(method, test, level, tau2_interval, prediction, profile)
    return DEPENDENCE[kind].function(y, V, cluster, asked)


def compound(vi: Any, cluster: Sequence[Any], rho: float) -> Blocks:
    """Covariances of effects that all correlate by rho within their cluster, rho from 0 to below 1.

    Raises
    ------
    InvalidArgument
        For another rho.
    """
    if not 0 <= rho < 1:
        raise InvalidArgument(f"rho must lie between 0 and 1, and below 1, not {rho:g}")
    v = numbers(vi, "vi")
    if rho == 0:
        return diagonal_blocks(v)
    codes = clusters_of(list(cluster), len(v)).codes
    rows = [np.flatnonzero(codes == number) for number in range(int(codes.max()) + 1)]
    return Blocks(tuple(rows), tuple(exchangeable(v[own], rho) for own in rows))
