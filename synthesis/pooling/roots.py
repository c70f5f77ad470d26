"""Roots of many functions at once, each inside a bracket that it cannot leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray

MOST_ITERATIONS = 200
NEWTON_ITERATIONS = 25  # after so many, every second step halves the bracket
NEGLIGIBLE_STEP = 1e-10  # relative; the error after a Newton step so short is of the order of its square

Evaluate = Callable[[IntArray, FloatArray], tuple[FloatArray, FloatArray, FloatArray]]


@dataclass(frozen=True, slots=True)
class Roots:
    """One root for each function, shape (n,)."""

    value: FloatArray
    iterations: IntArray
    converged: BoolArray


def bracketed_roots(evaluate: Evaluate, low: FloatArray, high: FloatArray, start: FloatArray) -> Roots:
    """Roots of n functions, each positive left of its root and negative right of it.

    Parameters
    ----------
    evaluate : callable
        Takes the numbers of the functions still at work and a point for each; gives the value there, the
        Newton step, and the size of value that is rounding error.
    low, high : ndarray, shape (n,)
        A bracket for each root.
    start : ndarray, shape (n,)
        Where to begin, inside the bracket.

    Returns
    -------
    Roots
        Newton's iteration, with bisection wherever a step would leave the bracket; all tolerances are relative.
    """
    low, high, value = low.copy(), high.copy(), start.copy()
    iterations = np.zeros(len(value), dtype=np.int64)
    converged = np.zeros(len(value), dtype=np.bool_)
    active = np.arange(len(value))
    for count in range(1, MOST_ITERATIONS + 1):
        if not active.size:
            break
        here = value[active]
        height, step, noise = evaluate(active, here)
        below, above = _narrowed(low[active], high[active], here, height)
        low[active], high[active] = below, above
        following, newton = _next_point(here, step, below, above, halve=count > NEWTON_ITERATIONS and count % 2 == 0)
        at_root = np.abs(height) <= noise
        short = np.abs(following - here) <= NEGLIGIBLE_STEP * following
        closed = above - below <= 4 * np.finfo(float).eps * above
        done = at_root | (short & newton) | closed
        value[active] = np.where(at_root, here, following)
        iterations[active] = count
        converged[active[done]] = True
        active = active[~done]
    return Roots(value, iterations, converged)


def _narrowed(low: FloatArray, high: FloatArray, here: FloatArray, height: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The bracket with one of its ends moved to the point just looked at."""
    return np.where(height > 0, here, low), np.where(height < 0, here, high)


def _next_point(
    here: FloatArray, step: FloatArray, low: FloatArray, high: FloatArray, *, halve: bool
) -> tuple[FloatArray, BoolArray]:
    """The point after a Newton step where that stays in the bracket, else the middle; and where it was Newton's."""
    following = here + step
    newton = (following > low) & (following < high) & (not halve)
    return np.where(newton, following, 0.5 * (low + high)), newton
