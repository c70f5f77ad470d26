"""What is asked of a selection model, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import check_known, looked_up, refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.pooling.check import is_number, numbers
from synthesis.sensitivity.missing_evidence.excess_tests import ALTERNATIVES
from synthesis.sensitivity.selection.functions import KINDS, STEPS, TRUNCATED, TYPES, Kind

PRECISIONS = ("sei", "vi", "ninv", "sqrtninv")
METHODS = ("ML", "EE")
LARGEST = 1e10  # upper bound of delta that can be asked for


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The options of a selection model."""

    type: str  # one of TYPES
    steps: FloatArray  # ends of the intervals; the cut of "trunc"; the one p-value of others, or nothing
    alternative: str
    fixed: FloatArray  # (q,) parameters of the selection function; NaN for those that are estimated
    decreasing: bool
    precision: str | None
    sizes: FloatArray | None  # (k,) of the samples
    method: str
    level: float
    largest: float
    rows: IntArray  # (k,) of the data that the model uses, the first 1

    @property
    def two_sided(self) -> bool:
        """Whether p-values are two-sided."""
        return self.alternative == "two-sided"

    @property
    def sign(self) -> float:
        """What effects are multiplied by, so that large ones are selected."""
        return -1.0 if self.alternative == "less" else 1.0

    @property
    def kind(self) -> Kind | None:
        """The function of the p-value; None for steps and cuts."""
        return KINDS.get(self.type)

    @property
    def free(self) -> BoolArray:
        """Which parameters of the selection function are estimated, shape (q,)."""
        found: BoolArray = np.isnan(self.fixed)
        return found


def asked_for(
    *, type: str, steps: Any, alternative: str, delta: Any, decreasing: bool, prec: str | None, ni: Any,  # noqa: A002 - metafor's name
    data: Any, kept: BoolArray, method: str, level: float, largest: float,
) -> Asked:  # fmt: skip
    """The options, or the reason why they cannot be used."""
    check_known(type, TYPES, "selection model")
    check_known(alternative, ALTERNATIVES, "alternative")
    check_known(method, METHODS, "method", "a selection model")
    if not is_number(largest) or not 1 < largest <= LARGEST:
        words = f"a number above 1 and up to {LARGEST:.0e}"
        raise InvalidArgument(f"largest, the upper bound of delta, must be {words}, not {largest!r}")
    if type == TRUNCATED and alternative == "two-sided":
        raise InvalidArgument("'trunc' selects by the size of effects: alternative is 'greater' or 'less'")
    if not isinstance(decreasing, (bool, np.bool_)):
        raise InvalidArgument(f"decreasing must be True or False, not {decreasing!r}")
    if decreasing and type != STEPS:
        raise InvalidArgument("decreasing is for the weights of 'stepfun'; the other functions have their shape")
    ends = _steps(type, steps)
    fixed = _fixed(type, delta, len(ends), largest)
    if decreasing and np.isfinite(fixed[1:]).any():
        raise InvalidArgument("weights that are fixed by delta cannot be made to fall by decreasing: give one of both")
    return Asked(
        type, ends, alternative, fixed, decreasing, prec, _sizes(type, prec, ni, data, kept), method, level, largest,
        np.flatnonzero(kept) + 1,
    )  # fmt: skip


def _steps(kind: str, steps: Any) -> FloatArray:
    """The ends of the intervals in order, the last 1; or what else `steps` means for the type."""
    if kind == "beta" and steps is not None:
        raise InvalidArgument("'beta' takes no steps: it weighs all p-values")
    given = np.zeros(0) if steps is None else np.atleast_1d(numbers([steps] if is_number(steps) else steps, "steps"))
    refuse(~np.isfinite(given), "steps must be finite numbers")
    if kind == TRUNCATED:
        if len(given) > 1:
            raise InvalidArgument("'trunc' takes one cut in steps, on the scale of yi")
        return given if len(given) else np.zeros(1)
    refuse((given <= 0) | (given > 1), "steps must be p-values above 0 and up to 1")
    if kind == STEPS:
        ends = np.unique(np.append(given if len(given) else np.array([0.025]), 1.0))
        if len(ends) < 2:
            raise InvalidArgument("steps must have a p-value below 1, as 0.025")
        return ends
    if len(given) > 1 or (given == 1).any():
        raise InvalidArgument(f"{kind!r} takes one p-value below 1 in steps, up to which all studies are selected")
    return given


def _fixed(kind: str, delta: Any, intervals: int, largest: float) -> FloatArray:
    """The parameters that are given, NaN for the others; the first weight of steps and cuts is 1."""
    q = {STEPS: intervals, TRUNCATED: 1}.get(kind) or len(KINDS[kind].low)
    given = (
        np.full(q, np.nan) if delta is None else np.atleast_1d(numbers([delta] if is_number(delta) else delta, "delta"))
    )
    if len(given) != q:
        raise InvalidArgument(
            f"delta must have {q} entries for this model (None for one to be estimated), not {len(given)}"
        )
    low = np.array(KINDS[kind].low) if kind in KINDS else np.zeros(q)
    refuse((given < low) | (given > largest), f"delta must lie within its bounds, the upper being {largest:g}")
    if kind == TRUNCATED:
        return np.concatenate([[1.0], given])
    if kind == STEPS:
        if np.isfinite(given[0]) and given[0] != 1:
            raise InvalidArgument("the first delta is 1: the weights of the other intervals are relative to it")
        given = np.concatenate([[1.0], given[1:]])
    return given


def _sizes(kind: str, prec: str | None, ni: Any, data: Any, kept: BoolArray) -> FloatArray | None:
    """Sample sizes, where they are needed."""
    if prec is None:
        return None
    check_known(prec, PRECISIONS, "measure of precision")
    if kind not in KINDS or not KINDS[kind].with_precision:
        raise InvalidArgument(f"{kind!r} does not depend on precision: leave out prec")
    if prec in ("sei", "vi"):
        return None
    if ni is None:
        raise InvalidArgument(f"prec {prec!r} needs ni, the sample sizes")
    sizes = numbers(looked_up(ni, data), "ni")
    if len(sizes) != len(kept):
        raise InvalidArgument(f"ni has {len(sizes)} rows and yi has {len(kept)}: they must be of one length")
    refuse(~(np.isfinite(sizes) & (sizes > 0)), "ni must be finite and greater than 0")
    return sizes[kept]
