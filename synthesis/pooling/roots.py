"""Roots of many functions at once, each inside a bracket that it cannot leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import Batch, BoolArray, FloatArray, IntArray

MOST_ITERATIONS = 200
NEWTON_ITERATIONS = 25  # after so many, every second step halves the bracket
NEGLIGIBLE_STEP = 1e-7  # relative; the error after a Newton step so short is of the order of its square

Evaluate = Callable[[Batch, IntArray, FloatArray], tuple[FloatArray, FloatArray, FloatArray]]


@dataclass(frozen=True, slots=True)
class Roots:
    """One root for each function, shape (n,)."""

    value: FloatArray
    iterations: IntArray
    converged: BoolArray


def bracketed_roots(evaluate: Evaluate, batch: Batch, low: FloatArray, high: FloatArray, start: FloatArray) -> Roots:
    """Roots of n functions of tau^2, each positive left of its root and negative right of it.

    Parameters
    ----------
    evaluate : callable
        Takes the meta-analyses still at work, their numbers and a point for each; gives the value there, the
        Newton step, and the size of value that is rounding error.
    batch : Batch
        n meta-analyses, one for each function.
    low, high : ndarray, shape (n,)
        A bracket for each root.
    start : ndarray, shape (n,)
        Where to begin, inside the bracket.

    Returns
    -------
    Roots
        Newton's iteration, with bisection wherever a step would leave the bracket; all tolerances are relative.
    """
    n = len(start)
    value, iterations = start.copy(), np.full(n, MOST_ITERATIONS, dtype=np.int64)
    converged = np.zeros(n, dtype=np.bool_)
    active, here, low, high = np.arange(n), start, low.copy(), high.copy()
    for count in range(1, MOST_ITERATIONS + 1 if n else 1):
        height, step, noise = evaluate(batch, active, here)
        np.copyto(low, here, where=height > 0)
        np.copyto(high, here, where=height < 0)
        following, newton = _next_point(here, step, low, high, halve=count > NEWTON_ITERATIONS and count % 2 == 0)
        at_root = np.abs(height) <= noise
        np.copyto(following, here, where=at_root)
        done = at_root | (newton & (np.abs(following - here) <= NEGLIGIBLE_STEP * following))
        if count > NEWTON_ITERATIONS:
            done |= high - low <= 4 * np.finfo(float).eps * high
        here = following
        finished = np.count_nonzero(done)
        if finished:
            ended = active[done]
            value[ended], iterations[ended], converged[ended] = here[done], count, True
            if finished == len(done):
                return Roots(value, iterations, converged)
            left = np.flatnonzero(~done)
            batch, active = batch.take(left), active[left]
            low, high, here = low[left], high[left], here[left]
    value[active] = here
    return Roots(value, iterations, converged)


def _next_point(
    here: FloatArray, step: FloatArray, low: FloatArray, high: FloatArray, *, halve: bool
) -> tuple[FloatArray, BoolArray]:
    """The point after a Newton step where that stays in the bracket, else the middle; and where it was Newton's."""
    following = here + step
    newton = (following > low) & (following < high)
    if halve:
        newton[:] = False
    if np.count_nonzero(newton) < len(newton):
        np.copyto(following, 0.5 * (low + high), where=~newton)
    return following, newton
