"""Pools of a plain table: one for each group of its rows, by inverse variance, from counts, or of dependent effects."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from synthesis.effects import MEASURES
from synthesis.effects.combine import RHO
from synthesis.errors import InvalidArgument, InvalidData
from synthesis.plain.effects import PlainLeftOut, Reading, TableEffects, by_line, effects_of
from synthesis.plain.table import Table
from synthesis.pooling import Pooled, companion, few_studies, pool, pool_groups
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.model_pooled import ModelPooled


@dataclass(frozen=True, slots=True)
class PlainPool:
    """One group of a table."""

    group: str
    measure: str  # a key of MEASURES, or GENERIC
    studies: tuple[str, ...]  # of the effects below
    yi: tuple[float, ...]
    vi: tuple[float, ...]
    fit: Pooled | ModelPooled
    beside: tuple[Pooled, ...]  # what stands beside a pool of two to four studies
    sizes: Mapping[str, tuple[float, ...]]  # what a transformation back may need: people `n`, or `person_time`


@dataclass(frozen=True, slots=True)
class Plan:
    """How the groups of a table are pooled; what is None is as usual."""

    by: tuple[str, ...] = ()  # columns whose values make the groups
    method: str | None = None
    test: str | None = None
    level: float = 0.95
    weights: str | None = None  # a column
    tau2: float | None = None  # known from elsewhere
    tau2_interval: str | None = None
    prediction: str | None = None


PlainPools = tuple[tuple[PlainPool, ...], tuple[PlainLeftOut, ...]]
USUAL = {"method": "REML", "test": "adhoc", "tau2_interval": "QP", "prediction": "riley"}


def pool_table_of(table: Table, given: Mapping[str, str], reading: Reading, plan: Plan | None = None) -> PlainPools:
    """One pool for each group of a table, in the order in which the groups first appear, and the rows left out.

    Parameters
    ----------
    table : Table
        Its columns.
    given : mapping
        What a column is to `escalc` (yi, vi, sei, ai, m1i, estimate, ...) -> the column's name.
    reading : Reading
        The measure, and how effects come from the columns.
    plan : Plan, optional
        The groups, and how they are pooled.

    Raises
    ------
    InvalidData
        Every cell that is no number, with line and column; else every row whose numbers cannot be used.
    InvalidArgument
        For columns or options that cannot be used.
    """
    chosen, found = plan or Plan(), effects_of(table, given, reading)
    groups = found.groups(chosen.by)
    models = _models(found, list(groups.values()), chosen)
    pools = tuple(
        _plain_pool(found, group, rows, fit, beside)
        for (group, rows), (fit, beside) in zip(groups.items(), models, strict=True)
    )
    return pools, found.left_out


def _models(found: TableEffects, groups: Sequence[list[int]], plan: Plan) -> list[tuple[Pooled, tuple[Pooled, ...]]]:
    """The model of each group, and what stands beside it."""
    asked: dict[str, Any] = {name: getattr(plan, name) or usual for name, usual in USUAL.items()}
    asked["level"] = plan.level
    columns = [(found.effects.yi[rows], found.effects.vi[rows]) for rows in groups]
    weights = _weights(found, groups, plan)
    centres = _centres(found, groups) if asked["method"] == "DLMH" else [None] * len(groups)
    if plan.tau2 is None:
        together = {"weights": None if plan.weights is None else weights, "mantel_haenszel": centres, **asked}
        fits = pool_groups(columns, **together)
    else:
        fits = tuple(
            pool(*column, tau2=plan.tau2, weights=own, **asked) for column, own in zip(columns, weights, strict=True)
        )
    beside = [
        _beside(column, fit, plan.tau2, weights=own, mantel_haenszel=centre)
        for column, fit, own, centre in zip(columns, fits, weights, centres, strict=True)
    ]
    return list(zip(fits, beside, strict=True))


def _beside(column: tuple[FloatArray, FloatArray], fit: Pooled, tau2: float | None, **given: Any) -> tuple[Pooled, ...]:
    """What stands beside a pool of two to four studies."""
    if fit.k not in (2, 3, 4):
        return ()
    if tau2 is None:
        return few_studies(*column, method=fit.method, test=fit.test, level=fit.level, **given)
    if fit.k == 2:
        return (companion(*column, level=fit.level),)
    z = pool(*column, test="z", level=fit.level, tau2=tau2, weights=given["weights"])
    return () if fit.test == "z" else (z,)


def _weights(found: TableEffects, groups: Sequence[list[int]], plan: Plan) -> list[FloatArray | None]:
    """Weights of the user's own for each group."""
    if plan.weights is None:
        return [None] * len(groups)
    given = np.array(found.table.numbers({"weights": plan.weights})["weights"])
    _refuse_weights(found, given, plan.weights)
    return [given[rows] for rows in groups]


def _refuse_weights(found: TableEffects, weights: FloatArray, column: str) -> None:
    """Raise InvalidData for rows with an effect and without a weight that can be."""
    wrong = [row for row in found.usable if not weights[row] >= 0]
    if wrong:
        raise InvalidData(found.table.problems(column, wrong, "SY184", "is no weight", "write a number not below 0"))


def _plain_pool(
    found: TableEffects,
    group: str,
    rows: Sequence[int],
    fit: Pooled | ModelPooled,
    beside: tuple[Pooled, ...] = (),
) -> PlainPool:
    effects = found.effects
    return PlainPool(
        group, effects.measure, tuple(found.studies[row] for row in rows), tuple(effects.yi[rows].tolist()),
        tuple(effects.vi[rows].tolist()), fit, beside, _sizes(found, rows),
    )  # fmt: skip


def _sizes(found: TableEffects, rows: Sequence[int]) -> dict[str, tuple[float, ...]]:
    """People or person-time of one-group measures."""
    numbers = found.numbers
    sizes = {}
    if "ni" in numbers or {"xi", "mi"} <= numbers.keys():
        people = numbers["ni"] if "ni" in numbers else np.add(numbers["xi"], numbers["mi"]).tolist()
        sizes["n"] = tuple(people[row] for row in rows)
    if "ti" in numbers:
        sizes["person_time"] = tuple(numbers["ti"][row] for row in rows)
    return sizes


def _centres(found: TableEffects, groups: Sequence[list[int]]) -> list[float | None]:
    """The Mantel-Haenszel estimates that DLMH needs."""
    from synthesis.pooling.sparse import mantel_haenszel_estimate

    numbers = found.numbers
    if not {"ai", "ci"} <= numbers.keys():
        raise InvalidArgument("the method DLMH needs counts: ai, ci with bi, di or n1i, n2i")
    a, c = np.array(numbers["ai"]), np.array(numbers["ci"])
    n1 = np.array(numbers["n1i"]) if "n1i" in numbers else a + np.array(numbers["bi"])
    n2 = np.array(numbers["n2i"]) if "n2i" in numbers else c + np.array(numbers["di"])
    measure = found.effects.measure
    return [
        mantel_haenszel_estimate(measure, a[rows], n1[rows], c[rows], n2[rows], add=0.5) if len(rows) > 1 else None
        for rows in groups
    ]


def pool_table_counts(table: Table, given: Mapping[str, str], reading: Reading, plan: Plan, model: str) -> PlainPools:
    """One pool for each group of a table of counts, by a model of `COUNT_MODELS`, and the rows left out.

    Parameters and errors are those of `pool_table_of`; `model` is a key of `COUNT_MODELS`.
    """
    from synthesis.pooling.sparse.models import check_model, pool_counts

    if reading.measure is None:
        raise InvalidArgument(f"the model {model} needs the measure of its counts: --measure OR, for instance")
    check_model(model, reading.measure, plan.method, plan.test)
    if not set(given) <= set(MEASURES[reading.measure].columns):
        raise InvalidArgument(f"the model {model} pools counts, not effects that are given")
    found = effects_of(table, given, Reading(reading.measure, reading.study, drop00=_keeps_all(reading)))
    missing = {row for row in range(len(found.studies)) if any(math.isnan(one[row]) for one in found.numbers.values())}
    whole = [row for row in range(len(found.studies)) if row not in missing]
    left = [one for one in found.left_out if one.line in {table.lines[row] for row in missing}]
    pool_of = partial(
        pool_counts, model, reading.measure, method=plan.method, test=plan.test, level=plan.level,
        drop00=reading.drop00,
    )  # fmt: skip
    pools = []
    for group, rows in found.groups(plan.by, whole).items():
        counts = {name: [values[row] for row in rows] for name, values in found.numbers.items()}
        try:
            fit, notes = pool_of(counts)
        except InvalidArgument as error:
            raise by_line(error, table, found.numbers, pool_of) from error
        out = {note.row for note in notes}
        left += [found.leave_out(rows[note.row], note.reason) for note in notes]
        pools.append(_plain_pool(found, group, [row for place, row in enumerate(rows) if place not in out], fit))
    return tuple(pools), tuple(sorted(left, key=lambda one: one.line))


def _keeps_all(reading: Reading) -> bool | None:
    """No study is dropped for its zeros before the model has seen it."""
    return False if reading.measure in MEASURES and "drop00" in MEASURES[str(reading.measure)].options else None


def pool_table_dependent(
    table: Table,
    given: Mapping[str, str],
    reading: Reading,
    plan: Plan,
    *,
    dependence: str,
    cluster: str,
    rho: float | None = None,
) -> PlainPools:
    """One pool for each group of a table whose rows of one cluster depend on one another, and the rows left out.

    Parameters
    ----------
    table, given, reading, plan
        As for `pool_table_of`.
    dependence : str
        A key of `DEPENDENCE`.
    cluster : str
        The column that names the study of each row.
    rho : float, optional
        Correlation of the sampling errors of one study's effects, 0.6 if not given.
    """
    from synthesis.pooling.dependent.dependence import check_dependence, compound, pool_dependent

    check_dependence(dependence, plan.method, plan.test)
    if dependence != "aggregate":
        for name in ("tau2_interval", "prediction"):
            if getattr(plan, name) is not None:
                raise InvalidArgument(f"--{name.replace('_', '-')} goes with --dependence aggregate")
    found = effects_of(table, given, reading)
    labels = table.text(cluster)
    unnamed = [found.leave_out(row, f"its {cluster} is missing") for row in found.usable if not labels[row]]
    rows_of = found.groups(plan.by, [row for row in found.usable if labels[row]])
    pools = []
    for group, rows in rows_of.items():
        studies = [labels[row] for row in rows]
        fit = pool_dependent(
            dependence, found.effects.yi[rows],
            compound(found.effects.vi[rows], studies, RHO if rho is None else rho), studies,
            method=plan.method, test=plan.test, level=plan.level,
            tau2_interval=plan.tau2_interval or "QP", prediction=plan.prediction or "riley",
        )  # fmt: skip
        pools.append(_plain_pool(found, group, rows, fit, _beside_aggregated(fit)))
    return tuple(pools), tuple(sorted([*found.left_out, *unnamed], key=lambda one: one.line))


def _beside_aggregated(fit: ModelPooled) -> tuple[Pooled, ...]:
    """What stands beside a pool of few aggregated studies."""
    if fit.model != "aggregate" or fit.k == 1:
        return ()
    return few_studies(fit.details["yi"], fit.details["vi"], method=fit.method, test=fit.test, level=fit.level)
