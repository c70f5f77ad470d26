"""How far the correlation assumed between the effects of one study must move to change the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from synthesis.effects.columns import check_known, looked_up
from synthesis.effects.combine import RHO
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.blocks import Blocks
from synthesis.pooling.check import check_effects, check_level, is_number, numbers
from synthesis.pooling.dependent.aggregate import aggregate
from synthesis.pooling.dependent.clusters import clusters_of
from synthesis.pooling.dependent.correlated_effects import RobustEffects, correlated_effects
from synthesis.pooling.dependent.dependence import DEPENDENCE, check_dependence, compound, pool_dependent
from synthesis.pooling.pool import pool
from synthesis.pooling.pooled import Note
from synthesis.pooling.tabular import Tabular, plain_column, table_of
from synthesis.sensitivity.findings import told
from synthesis.sensitivity.many_worlds.dependence_findings import CORRELATED, Answer, dependence_findings
from synthesis.text import decimal

WAYS = (*DEPENDENCE, CORRELATED)
POINTS = 21
NEAR_ONE = 0.99  # where covariances must be positive definite, which they are not at 1
Covariance = Callable[[float], Blocks]


@dataclass(frozen=True, slots=True, eq=False)
class DependenceAssumed(Tabular):
    """The pool over assumed correlations, as columns; NaN where a value cannot be given."""

    rho: FloatArray  # (r,) rising
    estimate: FloatArray  # (r,) as all below; on the scale of yi
    se: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    p_value: FloatArray
    tau2: FloatArray
    crossings: tuple[float, ...]  # the correlations at which a bound of the interval crosses 0, rising
    assumed: float
    k: int  # studies
    effects: int
    way: str  # a member of WAYS
    method: str
    test: str
    level: float
    findings: tuple[Note, ...] = ()

    def columns(self) -> dict[str, FloatArray]:
        """All columns by name."""
        names = ("rho", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2")
        return {name: getattr(self, name) for name in names}

    @property
    def tipping_rho(self) -> float | None:
        """The correlation nearest to the assumed one at which the interval begins, or ceases, to hold 0."""
        return min(self.crossings, key=lambda rho: abs(rho - self.assumed), default=None)

    @property
    def verdict(self) -> str:
        """What the correlation decides, and what cannot be told."""
        return told(self.findings)

    def summary(self) -> str:
        """How it was pooled, the pools over rho as text, and the verdict."""
        how = f"{self.way}, {self.method}, {self.test}, {100 * self.level:g} %"
        head = f"{self.effects} effects of {self.k} studies ({how}); tipping rho {decimal(self.tipping_rho)}\n"
        return f"{head}{table_of(self.columns())}{self.verdict}\n"

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, fit for JSON."""
        how = ("way", "method", "test", "level", "assumed", "k", "effects", "tipping_rho")
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        said = {"findings": [note._asdict() for note in self.findings], "verdict": self.verdict}
        return {name: getattr(self, name) for name in how} | {"crossings": list(self.crossings)} | columns | said


def dependence_assumed(
    yi: Any,
    vi: Any,
    cluster: Any,
    *,
    way: str = "aggregate",
    covariance: Covariance | None = None,
    rhos: Any = None,
    assumed: float = RHO,
    method: str | None = None,
    test: str | None = None,
    level: float = 0.95,
    data: Any = None,
) -> DependenceAssumed:
    """The pool over all correlations that could be assumed between the effects of one study.

    Parameters
    ----------
    yi, vi : array-like, shape (n,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    cluster : array-like, shape (n,), or str
        Which study each effect belongs to.
    way : str
        A key of `DEPENDENCE` (aggregate: the mean of each study's effects; multilevel; robust), or "correlated": the
        correlated-effects model, in which rho bears on tau^2 alone.
    covariance : callable, optional
        Takes rho and gives the sampling covariances, as `lambda rho: vcalc(vi, study, obs=outcome, rho=rho)`; without
        it all effects of a study correlate by rho. Not for "correlated".
    rhos : array-like, shape (r,), optional
        Correlations from 0 to 1 to look at; without it 21, up to 1, or to 0.99 where 1 leaves no covariance matrix.
        Between them the interval is taken to cross 0 once at most.
    assumed : float
        The correlation that was, or would have been, assumed.
    method, test : str, optional
        Of the way; its usual ones if not given.
    level : float
        Confidence level.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.

    Returns
    -------
    DependenceAssumed
        `tipping_rho` is a root to 12 digits; None where no correlation changes whether the interval holds 0.

    Raises
    ------
    InvalidArgument
        As for `pool_dependent` and `correlated_effects`; for correlations that are not from 0 to 1, and a single study.

    Examples
    --------
    >>> study = ["a", "a", "b", "b", "c", "c"]
    >>> found = dependence_assumed([0.5, 0.3, 0.2, 0.4, 0.1, 0.5], [0.15] * 6, study, method="EE", test="z")
    >>> round(found.tipping_rho, 4), round(float(found["estimate"][0]), 4)
    (0.157, 0.3333)
    """
    y, v = check_effects(yi, vi, data)
    study = clusters_of(looked_up(cluster, data), len(y))
    check_known(way, WAYS, "way")
    check_level(level)
    if len(study.sizes) < 2:
        raise InvalidArgument("there is one study: its effects make no pool")
    method, test = _asked(way, covariance, method, test)
    if covariance is not None and not callable(covariance):
        raise InvalidArgument("covariance must take rho, as lambda rho: vcalc(vi, study, obs=outcome, rho=rho)")
    if not (is_number(assumed) and 0 <= assumed <= 1):
        raise InvalidArgument(f"assumed must be a correlation from 0 to 1, not {assumed!r}")
    asked = _Asked(y, v, study.codes.tolist(), way, covariance, method, test, level)
    about = Studied(len(study.sizes), len(y), int((study.sizes > 1).sum()), way, method, test, level)
    return over_correlations(asked.answer, _rhos(rhos, way, covariance), float(assumed), about)


class Studied(NamedTuple):
    """What is pooled, and how."""

    k: int  # studies
    effects: int
    several: int  # studies with several effects
    way: str
    method: str
    test: str
    level: float


def over_correlations(
    answer: Callable[[float], Answer], rho: FloatArray, assumed: float, about: Studied
) -> DependenceAssumed:
    """The result for whatever gives a pool at a correlation.

    Parameters
    ----------
    answer : callable
        Takes a correlation and gives the pool.
    rho : ndarray, shape (r,)
        Correlations to look at, rising.
    assumed : float
        The one that is assumed.
    about : Studied
        What is pooled.
    """
    answers = [answer(one) for one in rho.tolist()]
    columns: dict[str, Any] = {name: np.array([getattr(one, name) for one in answers]) for name in Answer._fields}
    found = DependenceAssumed(
        rho=rho, **columns, crossings=tuple(_crossings(rho, answers, answer)), assumed=assumed, k=about.k,
        effects=about.effects, way=about.way, method=about.method, test=about.test, level=about.level,
    )  # fmt: skip
    return replace(found, findings=tuple(dependence_findings(found, about.several, answers, answer)))


def _asked(way: str, covariance: Covariance | None, method: str | None, test: str | None) -> tuple[str, str]:
    """Method and test of a way, its usual ones where none is asked for."""
    if way != CORRELATED:
        return check_dependence(way, method, test)
    for name, value, only in (("method", method, "moments"), ("test", test, "CR2")):
        if value not in (None, only):
            raise InvalidArgument(f"the way {way!r} has the {name} {only} alone, not {value!r}")
    if covariance is not None:
        raise InvalidArgument(f"the way {way!r} takes no covariance: rho is one number in it")
    return "moments", "CR2"


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """The effects, and how they are pooled."""

    y: FloatArray  # (n,)
    v: FloatArray  # (n,)
    study: list[int]
    way: str
    covariance: Covariance | None
    method: str
    test: str
    level: float

    def answer(self, rho: float) -> Answer:
        """The pool at a correlation."""
        how = {"method": self.method, "test": self.test}
        if self.way == CORRELATED:
            return _of_correlated(correlated_effects(self.y, self.v, self.study, rho=rho, level=self.level))
        if self.way == "aggregate" and self.covariance is None:
            one = aggregate(self.y, self.v, self.study, rho=rho, weighted=False)
            return answer_of(pool(one.yi, one.vi, level=self.level, method=self.method, test=self.test))
        blocks = compound(self.v, self.study, rho) if self.covariance is None else self.covariance(rho)
        return answer_of(pool_dependent(self.way, self.y, blocks, self.study, level=self.level, profile=False, **how))


def _of_correlated(fit: RobustEffects) -> Answer:
    mean = fit.coefficients[0]
    p = np.nan if mean.p_value is None else mean.p_value
    return Answer(mean.estimate, mean.se, mean.ci_low, mean.ci_high, p, fit.tau2)


def answer_of(fit: Any) -> Answer:
    """The numbers of a pool at a correlation; NaN for None."""
    return Answer(*(np.nan if (value := getattr(fit, name)) is None else float(value) for name in Answer._fields))


def _rhos(rhos: Any, way: str, covariance: Covariance | None) -> FloatArray:
    """The correlations to look at, rising."""
    if rhos is None:
        to_one = way == CORRELATED or (way == "aggregate" and covariance is None)
        return np.linspace(0.0, 1.0 if to_one else NEAR_ONE, POINTS)
    given = numbers(rhos, "rhos")
    if not len(given) or not ((given >= 0) & (given <= 1)).all():
        raise InvalidArgument("rhos must be correlations from 0 to 1")
    return np.unique(given)


def _crossings(rho: FloatArray, answers: Sequence[Answer], answer: Callable[[float], Answer]) -> Iterator[float]:
    """Where a bound of the interval crosses 0: one root between two correlations of which one interval holds 0."""
    from scipy.optimize import brentq

    clear = [one.clear for one in answers]
    for place in range(len(rho) - 1):
        first, second = clear[place], clear[place + 1]
        if (first > 0) != (second > 0):
            ends = float(rho[place]), float(rho[place + 1])
            yield (
                float(brentq(lambda at: answer(at).clear, *ends, xtol=1e-12)) if first and second else ends[second == 0]
            )
