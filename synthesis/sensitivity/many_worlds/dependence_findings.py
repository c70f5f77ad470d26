"""What a pool over assumed correlations can and cannot tell, by named rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from synthesis.pooling.pooled import Note
from synthesis.text import decimal

if TYPE_CHECKING:
    from synthesis.sensitivity.many_worlds.dependence_assumed import DependenceAssumed

CORRELATED = "correlated"  # the way in which rho bears on tau^2 alone
FEW = 5  # studies below which an interval says little
STEP = 1e-6  # on both sides of a crossing, to see whether the bound jumps there
JUMP = 1e-3  # of the interval's length


class Answer(NamedTuple):
    """The pool at one correlation."""

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    tau2: float

    @property
    def clear(self) -> float:
        """By how much the interval leaves 0 out; below 0 where it holds 0."""
        return max(self.ci_low, -self.ci_high)


def dependence_findings(
    found: DependenceAssumed, several: int, answers: Sequence[Answer], answer: Callable[[float], Answer]
) -> Iterator[Note]:  # fmt: skip
    """What the correlation decides, and what cannot be told."""
    if not several:
        yield Note("no_dependence", "every study has one effect: no correlation is assumed")
        return
    first, last = decimal(float(found.rho[0]), 2), decimal(float(found.rho[-1]), 2)
    holds = "leaves 0 out" if answers[0].clear > 0 else "holds 0"
    if found.tipping_rho is None:
        yield Note("firm", f"the interval {holds} at every correlation from {first} to {last}")
    else:
        where = " and ".join(decimal(one) for one in found.crossings)
        yield Note(
            "tips",
            f"the interval {holds} at rho = {first} and changes at {where}; {decimal(found.assumed, 2)} was assumed",
        )
        if any(_jumps(one, found, answer) for one in found.crossings):
            yield Note("jump", "there it jumps: the estimate of a variance goes from one maximum to another")
    spread = float(np.ptp(found.estimate))
    yield Note("estimate", f"the estimate moves by {decimal(spread)} over these correlations")
    if found.way != CORRELATED and found.tau2[0] > found.tau2[-1]:
        yield Note(
            "absorbed",
            "what a higher correlation adds to the sampling variances it takes from tau^2, so that the interval moves "
            "little while tau^2 is above 0",
        )
    if found.way == CORRELATED:
        yield Note("weights", "in this model rho bears on tau^2 alone, so a firm answer here says less than elsewhere")
    if found.k < FEW:
        yield Note("few", f"{found.k} studies are few: the interval is wide or unsure whatever the correlation")
    yield Note("not_estimated", "the correlation is assumed: these effects do not tell which value is right")


def _jumps(rho: float, found: DependenceAssumed, answer: Callable[[float], Answer]) -> bool:
    """Whether the interval's bound is not near 0 on both sides of a crossing."""
    low, high = max(float(found.rho[0]), rho - STEP), min(float(found.rho[-1]), rho + STEP)
    before, after = answer(low), answer(high)
    return abs(before.clear - after.clear) > JUMP * (before.ci_high - before.ci_low)
