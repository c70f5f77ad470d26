"""Effects, intervals and pooled results on another scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol, overload, runtime_checkable

import numpy as np

from synthesis.effects import scales
from synthesis.effects.columns import FloatArray, numbers_of, refuse
from synthesis.effects.transform import ARGUMENTS, BY_METAFOR, POLE, RISES, TRANSFORMS, VALLEY, Transform
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.text import decimal, interval


@runtime_checkable
class HasInterval(Protocol):
    """A result with an estimate and its interval, as `Pooled`."""

    @property
    def estimate(self) -> float:
        """The pooled effect."""

    @property
    def ci_low(self) -> float:
        """The lower bound of its interval."""

    @property
    def ci_high(self) -> float:
        """The upper bound of its interval."""


@dataclass(frozen=True, slots=True)
class BackTransformed:
    """An estimate and its bounds on another scale; what cannot be given is None, with its reason in `notes`."""

    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    pi_low: float | None  # prediction interval
    pi_high: float | None
    name: str  # a key of TRANSFORMS
    label: str
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text."""
        first = f"{self.label}: {decimal(self.estimate)} {interval(self.ci_low, self.ci_high)}"
        second = f"prediction interval {interval(self.pi_low, self.pi_high)}"
        return "\n".join([first, second, *self.notes]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON."""
        return {**asdict(self), "notes": list(self.notes)}


def find_transform(name: str) -> str:
    """The key of TRANSFORMS for a name: ours, or metafor's with or without `transf.`."""
    known = BY_METAFOR.get(str(name).removeprefix("transf."), name)
    if known not in TRANSFORMS:
        raise InvalidArgument(f"no transform {name!r}: {did_you_mean(str(name), [*TRANSFORMS, *BY_METAFOR])}")
    return known


def transform(values: Any, name: str, **targs: Any) -> FloatArray:
    """Numbers on another scale.

    Parameters
    ----------
    values : array-like
        Numbers of any shape; what is absent stays NaN.
    name : str
        A key of TRANSFORMS, or metafor's name for it (`transf.ilogit` or `ilogit`).
    **targs : float or array-like
        What the transformation needs or takes, keys of ARGUMENTS; of the shape of the values, or a single number.

    Returns
    -------
    ndarray
        Of the broadcast shape of values and arguments.

    Raises
    ------
    InvalidArgument
        For an unknown name or argument, a missing one, and numbers that lie outside the domain, with their rows.

    Examples
    --------
    >>> transform([-0.7, 0.4], "inverse_logit").round(4).tolist()
    [0.3318, 0.5987]
    """
    found = TRANSFORMS[find_transform(name)]
    x, given = numbers_of(values, "values"), _arguments(found, name, targs)
    low, high = found.domain
    refuse((x < low) | (x > high), f"{name} takes numbers between {low:g} and {high:g}")
    shape = x.shape
    if found.function is not scales.inverse_freeman_tukey_harmonic:
        shape = _shape({"values": x, **given})
    with np.errstate(divide="ignore", over="ignore"):
        result: FloatArray = np.asarray(found.function(x, **given), dtype=np.float64).reshape(shape)
    return result


def _shape(given: Mapping[str, FloatArray]) -> tuple[int, ...]:
    """The shape that some arrays have together."""
    try:
        return np.broadcast_shapes(*(one.shape for one in given.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {one.shape}" for name, one in given.items())
        raise InvalidArgument(f"the shapes do not fit together: {shapes}") from None


def _arguments(found: Transform, name: str, targs: Mapping[str, Any]) -> dict[str, FloatArray]:
    """The arguments of a transformation as arrays, checked."""
    known = (*found.needs, *found.takes)
    for one in targs:
        if one not in known:
            raise InvalidArgument(f"{name} takes no {one!r}: {did_you_mean(one, known)}")
    given = {one: value for one, value in targs.items() if value is not None}
    absent = [one for one in found.needs if one not in given]
    if absent:
        raise InvalidArgument(f"{name} needs {absent[0]}, {ARGUMENTS[absent[0]].label}")
    return {one: _checked(one, value) for one, value in given.items()}


def _checked(name: str, value: Any) -> FloatArray:
    array, (label, low, high, includes) = numbers_of(value, name), ARGUMENTS[name]
    outside = (array < low) | (array > high) if includes else (array <= low) | (array >= high)
    limits = f"greater than {low:g}" if math.isinf(high) else f"between {low:g} and {high:g}"
    limits = "not below 0" if includes else limits
    refuse(outside | np.isinf(array), f"{name}, {label}, must be finite and {limits}")
    return array


def transform_interval(low: Any, high: Any, name: str, **targs: Any) -> tuple[FloatArray, FloatArray]:
    """Bounds of the images of intervals, the lower first; arrays of any shape.

    Where a transformation falls, as a number needed to treat does, the bounds change places. Over 0, the turning
    point of U1 and of the overlapping coefficient, the image begins or ends there; a number needed to treat has no
    interval over 0: NaN.

    Parameters
    ----------
    low, high : array-like
        Bounds of intervals.
    name : str
        A key of TRANSFORMS, or metafor's name for it.
    **targs
        As for `transform`.

    Raises
    ------
    InvalidArgument
        As `transform`; for bounds whose shapes do not fit together, and low ones above high ones, with their rows.
    """
    found = TRANSFORMS[find_transform(name)]
    bounds = {"low": numbers_of(low, "low"), "high": numbers_of(high, "high")}
    below, above = (np.broadcast_to(bound, _shape(bounds)) for bound in bounds.values())
    refuse(below > above, "the low bound must not be above the high one")
    first, last = transform(below, name, **targs), transform(above, name, **targs)
    least, most = np.minimum(first, last), np.maximum(first, last)
    if found.shape == RISES:
        return least, most
    over = np.broadcast_to((below <= 0) & (above >= 0), least.shape)
    if found.shape == POLE:
        return np.where(over, np.nan, least), np.where(over, np.nan, most)
    turning = transform(np.zeros(least.shape), name, **targs)
    if found.shape == VALLEY:
        return np.where(over, turning, least), most
    return least, np.where(over, turning, most)


@overload
def back_transform(result: HasInterval, name: str, **targs: Any) -> BackTransformed: ...
@overload
def back_transform(result: Any, name: str, **targs: Any) -> Any: ...
def back_transform(result: Any, name: str, **targs: Any) -> Any:
    """A pooled effect on another scale: its estimate, its interval and its prediction interval.

    Parameters
    ----------
    result : Pooled, or any result with an estimate, ci_low and ci_high; or array-like
        Of an array every number is transformed, as `transform` does.
    name : str
        A key of TRANSFORMS, or metafor's name for it (`transf.ilogit` or `ilogit`).
    **targs : float
        What the transformation needs or takes, keys of ARGUMENTS. `tau2` of an integral or mode is that of the
        result where it is not given.

    Returns
    -------
    BackTransformed or ndarray
        Bounds are the ends of the image of the interval, see `transform_interval`.

    Raises
    ------
    InvalidArgument
        As `transform`.

    Notes
    -----
    A transformed estimate is not the mean of the transformed effects, but for `exponential_integral`,
    `inverse_logit_integral` and `z_to_r_integral`, which give that mean.
    """
    if not isinstance(result, HasInterval):
        return transform(result, name, **targs)
    key = find_transform(name)
    if "tau2" in TRANSFORMS[key].needs:
        targs.setdefault("tau2", getattr(result, "tau2", None))
    estimate = _single(transform(result.estimate, key, **targs))
    ci = _bounds(result.ci_low, result.ci_high, key, targs)
    pi = _bounds(getattr(result, "pi_low", None), getattr(result, "pi_high", None), key, targs)
    notes = _reasons(result, estimate, ci, pi)
    return BackTransformed(estimate, *ci, *pi, key, TRANSFORMS[key].label, notes)


def _single(array: FloatArray) -> float | None:
    """One finite number, or None."""
    if array.size != 1:
        raise InvalidArgument(
            f"one result and single numbers as arguments, not {array.size} of them; "
            "`transform` and `transform_interval` take arrays"
        )
    number = float(array.item())
    return number if math.isfinite(number) else None


def _bounds(low: float | None, high: float | None, key: str, targs: Any) -> tuple[float | None, float | None]:
    if low is None or high is None:
        return None, None
    first, last = transform_interval(low, high, key, **targs)
    return _single(first), _single(last)


def _reasons(
    result: Any, estimate: float | None, ci: tuple[float | None, ...], pi: tuple[float | None, ...]
) -> tuple[str, ...]:
    """Why a part of a result is None."""
    notes = [] if estimate is not None else ["no estimate: it has no finite image"]
    over = "it reaches 0, or beyond what can be transformed"
    if None in ci:
        notes.append(f"no finite interval: {over}")
    if getattr(result, "pi_low", None) is not None and None in pi:
        notes.append(f"no finite prediction interval: {over}")
    return tuple(notes)
