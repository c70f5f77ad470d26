"""Every defensible way to pool the same studies, in one pass: the multiverse, and the specification curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.effects.columns import check_known
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.pooling.check import check_effects, check_level
from synthesis.pooling.pooled import Note
from synthesis.pooling.tabular import Tabular, plain_column, table_of
from synthesis.sensitivity.findings import side_of_zero, told
from synthesis.sensitivity.many_worlds.choices import (
    METHODS,
    NUMBERS,
    USUAL_TESTS,
    Family,
    Plan,
    World,
    check_size,
    checked_plan,
    families_of,
    worlds_of,
)
from synthesis.sensitivity.many_worlds.families import DIRECTIONS, FamilyEffect, effects_of_families, grid_of
from synthesis.sensitivity.many_worlds.fit import BY_TEST, DataSet, distinct, fitted
from synthesis.sensitivity.many_worlds.told import findings_of
from synthesis.text import decimal, percent, table

BETTER = ("higher", "lower")
SHOWN = ("k", "estimate", "ci_low", "ci_high", "p_value", "direction")


@dataclass(frozen=True, slots=True)
class Unpooled:
    """Specifications that make no pool, and why."""

    choices: Mapping[str, str]  # family -> choice; families that are not named: all of their choices
    reason: str
    specifications: int


@dataclass(frozen=True, slots=True, eq=False)
class Multiverse(Tabular):
    """n specifications as columns, in the order of their choices; NaN where a value cannot be given.

    `multiverse["estimate"]` is a column, `multiverse["level"]` the choice of a family of that name; `order` sorts them
    to the specification curve.
    """

    families: tuple[Family, ...]  # inclusion choices first, then method, test and prediction
    choice: IntArray  # (n, families) which choice of each family
    data_set: IntArray  # (n,) which of `sets`
    k: IntArray  # (n,) studies
    estimate: FloatArray  # (n,) as all below; on the scale of the effects
    se: FloatArray
    df: FloatArray  # infinity where the normal distribution is used
    statistic: FloatArray
    p_value: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    pi_low: FloatArray
    pi_high: FloatArray
    tau2: FloatArray  # NaN where k = 1
    converged: BoolArray
    measure: NDArray[Any]  # text; empty where all worlds have one scale
    direction: NDArray[Any]  # a member of DIRECTIONS: benefit or harm where the interval leaves 0 out
    compared: str  # the measure whose estimates `moved_by` compares, the analyst's own; empty where all have one
    moved_by: tuple[FamilyEffect, ...]  # what each family that offers a choice changes
    unpooled: tuple[Unpooled, ...]
    sets: tuple[DataSet, ...]  # the different data sets
    plan: Plan
    better: str  # higher or lower: which estimates are a benefit
    findings: tuple[Note, ...] = ()

    def columns(self) -> dict[str, NDArray[Any]]:
        """Choices and numbers by name."""
        chosen = {
            family.name: np.array(family.choices)[self.choice[:, place]] for place, family in enumerate(self.families)
        }
        measure = {"measure": self.measure} if any(self.measure.tolist()) else {}
        return {**chosen, **measure, **{name: getattr(self, name) for name in NUMBERS}}

    def __len__(self) -> int:
        """How many specifications there are."""
        return len(self.estimate)

    @property
    def level(self) -> float:
        """Confidence level of the intervals."""
        return self.plan.level

    @property
    def significant(self) -> BoolArray:
        """Which intervals leave 0 out, shape (n,)."""
        found: BoolArray = self.direction != "none"
        return found

    @property
    def order(self) -> IntArray:
        """The specification curve: the rows by their estimates, lowest first, equal ones as they stand."""
        return np.argsort(self.estimate, kind="stable")

    @property
    def own(self) -> int | None:
        """The row of the analyst's own specification, the first choice of each family; None where it makes no pool."""
        found = np.flatnonzero((self.choice == 0).all(axis=1))
        return int(found[0]) if len(found) else None

    @property
    def shares(self) -> dict[str, float]:
        """The share of the specifications that conclude benefit, harm, and neither."""
        return {name: float((self.direction == name).mean()) for name in ("benefit", "harm", "none")}

    @property
    def verdict(self) -> str:
        """What the specifications together can and cannot tell."""
        return told(self.findings)

    def summary(self) -> str:
        """The range of the estimates, what moves them, the verdict, and the curve's first rows as text."""
        low, middle, high = (decimal(one) for one in np.quantile(self.estimate, (0, 0.5, 1)))
        shares = ", ".join(f"{name} {percent(share)} %" for name, share in self.shares.items())
        head = f"{len(self)} specifications: estimates {low} to {high}, median {middle}; {shares}\n"
        rows = [
            [one.name, decimal(one.range), percent(one.share_changed), str(one.pairs), str(one.reversed)]
            for one in self.moved_by
        ]
        moved = table(["family", "range", "changed %", "pairs", "reversed"], rows, (1, 2, 3, 4)) if rows else ""
        columns = {name: column[self.order] for name, column in self.columns().items()}
        several = [family.name for family in self.families if len(family.choices) > 1]
        return f"{head}{moved}{self.verdict}\n{table_of(columns, (*several, *SHOWN))}"

    def to_dict(self) -> dict[str, Any]:
        """Everything but the data as plain values, fit for JSON; `order` and `own` are row numbers from 1."""
        return {
            "level": self.level,
            "better": self.better,
            "families": [asdict(family) for family in self.families],
            "specifications": {name: plain_column(column) for name, column in self.columns().items()},
            "order": (self.order + 1).tolist(),
            "own": None if self.own is None else self.own + 1,
            "shares": self.shares,
            "compared": self.compared,
            "moved_by": [asdict(one) | {"share_changed": one.share_changed} for one in self.moved_by],
            "unpooled": [asdict(one) | {"choices": dict(one.choices)} for one in self.unpooled],
            "findings": [note._asdict() for note in self.findings],
            "verdict": self.verdict,
        }


def multiverse(
    yi: Any,
    vi: Any,
    inclusion: Any = None,
    *,
    data: Any = None,
    methods: Any = METHODS,
    tests: Any = USUAL_TESTS,
    predictions: Any = ("riley",),
    level: float = 0.95,
    better: str = "higher",
) -> Multiverse:
    """Pools of the same studies by every combination of choices that could be defended.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    inclusion : mapping, optional
        Which rows are kept: family -> {choice: column of truths, shape (k,)}; a specification keeps the rows that one
        choice of each family keeps. A family given as one column stands for all rows and, beside it, those only.
        Put the choices first that you would have made yourself.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    methods, tests, predictions : sequence of str
        Keys of `TAU2` (without DLMH, GENQ and GENQM), `TESTS` and `PREDICTION`. A test is an interval of the mean too.
    level : float
        Confidence level of all intervals.
    better : str
        Whether "higher" or "lower" estimates are a benefit.

    Returns
    -------
    Multiverse
        Numbers equal to those of `pool` on the rows that a specification keeps. With one study: its own effect with
        the z interval, whatever the method and test.

    Raises
    ------
    InvalidArgument
        As for `pool`; for columns that are not truths, unknown or repeated names, families called as a column of the
        result, more than a million specifications, and where no specification leaves a study.

    References
    ----------
    Steegen S, Tuerlinckx F, Gelman A, Vanpaemel W (2016). Increasing transparency through a multiverse analysis.
    Perspectives on Psychological Science 11(5), 702-712.
    Voracek M, Kossmeier M, Tran US (2019). Which data to meta-analyze, and how? A specification-curve and
    multiverse-analysis approach to meta-analysis. Zeitschrift fur Psychologie 227(1), 64-82.

    Examples
    --------
    >>> randomised = {"all": [True] * 4, "only": [True, True, False, False]}
    >>> found = multiverse([0.5, 0.6, 0.1, 0.2], [0.04, 0.05, 0.04, 0.05], {"randomised": randomised}, methods=["DL"])
    >>> len(found), found.moved_by[0].name, round(found.moved_by[0].range, 2)
    (6, 'randomised', 0.2)
    """
    check_level(level)
    check_known(better, BETTER, "direction")
    plan = checked_plan(methods, tests, predictions, level)
    y, v = check_effects(yi, vi, data)
    families, kept = families_of(inclusion, len(y), data)
    check_size((*families, *plan.families))
    return universe(families, worlds_of(y, v, kept), plan, better)


def universe(families: Sequence[Family], worlds: Sequence[World], plan: Plan, better: str) -> Multiverse:
    """The multiverse of worlds whose data are known.

    Parameters
    ----------
    families : sequence of Family
        The choices that decide the data.
    worlds : sequence of World
        Their combinations, each once.
    plan : Plan
        The ways to pool.
    better : str
        higher or lower.

    Raises
    ------
    InvalidArgument
        No world has a study.
    """
    sets, which = distinct(worlds)
    if not sets:
        raise InvalidArgument(f"no specification can be pooled: {worlds[0].problem if worlds else 'there is none'}")
    ways = list(product(*(range(len(family.choices)) for family in plan.families)))
    models = np.array([way for way in ways if not plan.problem(*way)])
    pooled = np.flatnonzero(which >= 0)
    placed = np.array([worlds[place].choices for place in pooled.tolist()], dtype=np.int64).reshape(len(pooled), -1)
    choice = np.hstack([np.repeat(placed, len(models), axis=0), np.tile(models, (len(pooled), 1))])
    measure = np.repeat(np.array([worlds[place].measure for place in pooled.tolist()]), len(models))
    every = (*families, *plan.families)
    numbers = _numbers(sets, np.repeat(which[pooled], len(models)), choice, plan)
    side = side_of_zero(numbers["ci_low"], numbers["ci_high"]).astype(np.int64)
    conclusion = side if better == "higher" else -side
    compared = _compared(choice, measure)
    estimate = np.where(measure == compared, numbers["estimate"], np.nan)
    grid = grid_of(every, choice, conclusion=conclusion, estimate=estimate, data_set=numbers["data_set"])
    unpooled = (*_worlds_unpooled(families, worlds, len(ways)), *_models_unpooled(plan, ways, len(pooled)))
    found = Multiverse(
        families=every, choice=choice, measure=measure, direction=np.array(DIRECTIONS)[conclusion + 1],
        compared=compared, moved_by=effects_of_families(every, grid), unpooled=unpooled, sets=sets, plan=plan,
        better=better, **numbers,
    )  # fmt: skip
    return replace(found, findings=tuple(findings_of(found)))


def _numbers(sets: Sequence[DataSet], d: IntArray, choice: IntArray, plan: Plan) -> dict[str, Any]:
    """The numbers of n specifications: of the data sets d, shape (n,), pooled as the last three choices say."""
    fits = fitted(sets, plan, np.ones((1, 1 + max(int(one.studies.max()) for one in sets))))
    m, t, q = choice[:, -3:].T
    return {
        "data_set": d,
        "k": np.array([len(one.y) for one in sets])[d],
        **{name: getattr(fits, name)[0, d, m] for name in ("estimate", "tau2", "converged")},
        **{name: getattr(fits, name)[0, d, m, t] for name in BY_TEST},
        **{name: getattr(fits, name)[0, d, m, t, q] for name in ("pi_low", "pi_high")},
    }


def _compared(choice: IntArray, measure: NDArray[Any]) -> str:
    """The measure of the analyst's own choices, or of most specifications where these make no pool."""
    own = np.flatnonzero((choice == 0).all(axis=1))
    if len(own):
        return str(measure[own[0]])
    names, count = np.unique(measure, return_counts=True)
    return str(names[count.argmax()])


def _worlds_unpooled(families: Sequence[Family], worlds: Sequence[World], ways: int) -> list[Unpooled]:
    return [
        Unpooled(
            {family.name: family.choices[place] for family, place in zip(families, world.choices, strict=True)},
            world.problem, ways,
        )
        for world in worlds
        if world.problem
    ]  # fmt: skip


def _models_unpooled(plan: Plan, ways: Sequence[tuple[int, ...]], worlds: int) -> list[Unpooled]:
    return [
        Unpooled(
            {family.name: family.choices[place] for family, place in zip(plan.families, way, strict=True)},
            reason, worlds,
        )
        for way in ways
        if (reason := plan.problem(*way))
    ]  # fmt: skip
