"""Every data set of a multiverse by every method and test: tau^2 is estimated once for all tests and intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import Batch, BoolArray, FloatArray, IntArray, batch_from
from synthesis.pooling.fit import fit, mean_of
from synthesis.pooling.groups import CELLS, buckets
from synthesis.pooling.intervals import TESTS, wald
from synthesis.pooling.prediction import prediction_interval
from synthesis.pooling.tau2 import TAU2
from synthesis.sensitivity.many_worlds.choices import Plan, World

BY_TEST = ("se", "df", "statistic", "p_value", "ci_low", "ci_high")


@dataclass(frozen=True, slots=True, eq=False)
class DataSet:
    """Effects that one or more worlds pool."""

    y: FloatArray  # (k,)
    v: FloatArray  # (k,)
    studies: IntArray  # (k,)


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """b versions of d data sets by m methods, t tests and q prediction intervals; NaN where there is nothing."""

    estimate: FloatArray  # (b, d, m)
    tau2: FloatArray  # (b, d, m)
    converged: BoolArray  # (b, d, m)
    se: FloatArray  # (b, d, m, t), as all to the upper bound
    df: FloatArray
    statistic: FloatArray
    p_value: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    pi_low: FloatArray  # (b, d, m, t, q)
    pi_high: FloatArray


def distinct(worlds: Sequence[World]) -> tuple[tuple[DataSet, ...], IntArray]:
    """The different data sets, and which of them each world pools, shape (worlds,); -1 where it pools none."""
    number: dict[tuple[bytes, bytes, bytes], int] = {}
    sets, which = [], np.full(len(worlds), -1)
    for place, world in enumerate(worlds):
        if world.problem:
            continue
        key = (world.y.tobytes(), world.v.tobytes(), world.studies.tobytes())
        if key not in number:
            number[key] = len(number)
            sets.append(DataSet(world.y, world.v, world.studies))
        which[place] = number[key]
    return tuple(sets), which


def fitted(sets: Sequence[DataSet], plan: Plan, signs: FloatArray, *, predict: bool = True) -> Fits:
    """All models of all data sets.

    Parameters
    ----------
    sets : sequence of DataSet
        d data sets, of at least one study each.
    plan : Plan
        m methods, t tests, q prediction intervals.
    signs : ndarray, shape (b, studies)
        What the effects of each study are multiplied by in each of b versions: 1 for the data themselves.
    predict : bool
        Whether prediction intervals are wanted.
    """
    found = _empty(len(signs), len(sets), plan)
    size = np.array([len(one.y) for one in sets], dtype=np.int64)
    for rows in buckets(size, padding=1 / 8):
        y, v, present, place = _together([sets[row] for row in rows.tolist()])
        for part in _parts(len(signs), present.size):
            turned = signs[part][:, place] * y
            shape = turned.shape
            whole = [np.broadcast_to(one, shape).reshape(-1, shape[-1]) for one in (turned, v, present)]
            batch = batch_from(whole[0], whole[1], whole[2] / whole[1], np.tile(size[rows], shape[0]))
            _fill(found, batch, plan, (part, rows), predict=predict)
    return found


def _empty(b: int, d: int, plan: Plan) -> Fits:
    of_method = (b, d, len(plan.methods))
    of_test = (*of_method, len(plan.tests))
    whole = (*of_test, len(plan.predictions))
    shapes = [of_method, of_method, *[of_test] * len(BY_TEST), whole, whole]
    estimate, tau2, *rest = (np.full(shape, np.nan) for shape in shapes)
    return Fits(estimate, tau2, np.ones(of_method, np.bool_), *rest)


def _together(sets: Sequence[DataSet]) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
    """Effects, variances, presence and study numbers of some data sets, shape (r, k), padded."""
    k = max(len(one.y) for one in sets)
    y, v, present = np.zeros((len(sets), k)), np.ones((len(sets), k)), np.zeros((len(sets), k))
    place = np.zeros((len(sets), k), dtype=np.int64)
    for row, one in enumerate(sets):
        n = len(one.y)
        y[row, :n], v[row, :n], present[row, :n], place[row, :n] = one.y, one.v, 1.0, one.studies
    return y, v, present, place


def _parts(b: int, cells: int) -> Iterator[slice]:
    """A few versions at a time, so that their numbers stay in a processor's cache."""
    step = max(1, CELLS // cells)
    return (slice(begin, min(begin + step, b)) for begin in range(0, b, step))


def _fill(found: Fits, batch: Batch, plan: Plan, at: tuple[slice, IntArray], *, predict: bool) -> None:
    """All models of one batch into their places."""
    part, rows = at
    shape = (part.stop - part.start, len(rows))
    if batch.size.max() == 1:
        lone = fit(batch, method="EE", test="z", level=plan.level)
        found.estimate[part, rows] = lone.estimate.reshape(shape)[..., None]
        for name in BY_TEST:
            getattr(found, name)[part, rows] = getattr(lone, name).reshape(shape)[..., None, None]
        return
    for m, method in enumerate(plan.methods):
        tau2 = TAU2[method](batch)
        mean = mean_of(batch, tau2.value, plan.level)
        found.estimate[part, rows, m] = mean.estimate.reshape(shape)
        found.tau2[part, rows, m] = tau2.value.reshape(shape)
        found.converged[part, rows, m] = tau2.converged.reshape(shape)
        for t, test in enumerate(plan.tests):
            if plan.tests[t] == "kr" and method != "REML":
                continue
            chosen = wald(mean.estimate, *TESTS[test](mean), plan.level)
            numbers = (chosen.se, chosen.df, chosen.statistic, chosen.p_value, chosen.low, chosen.high)
            for name, values in zip(BY_TEST, numbers, strict=True):
                getattr(found, name)[part, rows, m, t] = values.reshape(shape)
            if predict and method != "EE":
                for q, kind in enumerate(plan.predictions):
                    if not plan.problem(m, t, q):
                        low, high = prediction_interval(kind, mean, chosen)
                        found.pi_low[part, rows, m, t, q] = low.reshape(shape)
                        found.pi_high[part, rows, m, t, q] = high.reshape(shape)
