"""What pooling takes: the one place where effects and options are checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthesis.effects.columns import FloatArray, check_known, column, looked_up, refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.intervals import TESTS
from synthesis.pooling.prediction import PREDICTION
from synthesis.pooling.tau2 import TAU2
from synthesis.pooling.tau2_intervals import TAU2_INTERVALS

NEEDS_CENTRE = "method DLMH needs mantel_haenszel, the Mantel-Haenszel estimate on the scale of yi"
NEGLIGIBLE = 1e-100  # of the largest weight; less is no weight
RATIO = 1e12  # of variances, and of effects to standard errors, up to which coefficients keep some digits
LARGEST = 1e90  # beyond it, and for variances below 1 / LARGEST, cubes of precisions leave double precision


def numbers(values: Any, name: str) -> FloatArray:
    """A column of numbers, shape (k,): from a list, an array or a column of a data frame; None becomes NaN."""
    found = column(values, name)
    if found.ndim != 1:
        raise InvalidArgument(f"{name} must be a column of numbers, not a single number")
    return found


def check_effects(yi: Any, vi: Any, data: Any = None) -> tuple[FloatArray, FloatArray]:
    """Effects and sampling variances as arrays of shape (k,), or the reason why they cannot be pooled.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects, and their sampling variances (not standard errors) in squared units of the effects; or the names of
        their columns in `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.

    Raises
    ------
    InvalidArgument
        For unknown names, text, missing or infinite values, variances that are not above 0, columns of different
        lengths and empty ones; the message names the rows, the first being 1.
    """
    y, v = numbers(looked_up(yi, data), "yi"), numbers(looked_up(vi, data), "vi")
    if len(y) != len(v):
        raise InvalidArgument(f"yi has {len(y)} rows and vi has {len(v)}: they must be of one length")
    if not len(y):
        raise InvalidArgument("yi and vi are empty: there is no study to pool")
    if not ((np.abs(y) <= LARGEST) & (v >= 1 / LARGEST) & (v <= LARGEST)).all():
        _refuse_effects(y, v)
    return y, v


def check_alike(y: FloatArray, v: FloatArray) -> None:
    """Raise InvalidArgument for effects or variances so unlike that a model with coefficients cannot be solved.

    A plain pool has no such limit.
    """
    if v.max() > RATIO * v.min():
        refuse(v == v.min(), f"vi must not differ by more than {RATIO:.0e} between studies here; the smallest is in")
    if np.square(np.ptp(y)) > RATIO**2 * v.min():
        raise InvalidArgument(f"yi must not differ by more than {RATIO:.0e} standard errors between studies here")


def _refuse_effects(y: FloatArray, v: FloatArray) -> None:
    """Raise InvalidArgument with the first thing that is wrong, and all its rows."""
    for name, values in (("yi", y), ("vi", v)):
        refuse(np.isnan(values), f"{name} is missing or not a number; leave such rows out")
        refuse(np.isinf(values), f"{name} must be finite")
    refuse(v <= 0, "vi, a sampling variance, must be greater than 0")
    extreme = (np.abs(y) > LARGEST) | (v > LARGEST) | (v < 1 / LARGEST)
    refuse(extreme, f"yi and vi must lie within {1 / LARGEST:.0e} and {LARGEST:.0e}; change their unit")


def check_options(method: str, test: str, level: float, *, weighted: bool = False, given: bool = False) -> None:
    """Raise InvalidArgument for names that are unknown or do not go together, and for a level not between 0 and 1.

    `weighted` says whether there are weights of the user's own, `given` whether tau^2 is known from elsewhere.
    """
    check_known(method, TAU2, "method")
    check_known(test, TESTS, "test")
    if method in ("GENQ", "GENQM") and not weighted:
        raise InvalidArgument(f"method {method} needs weights: give one for each study, 1 / sqrt(vi) for instance")
    if test == "kr" and (method != "REML" or weighted or given):
        raise InvalidArgument("test 'kr' (Kenward-Roger) goes with a REML estimate and its own weights: try 'adhoc'")
    check_level(level)


def check_intervals(
    tau2_interval: str, prediction: str, method: str, *, weighted: bool = False, given: bool = False
) -> None:
    """Raise InvalidArgument for kinds of interval that are unknown, or that the method does not have.

    Parameters
    ----------
    tau2_interval, prediction : str
        Keys of `TAU2_INTERVALS` and `PREDICTION`.
    method : str
        A key of `TAU2`.
    weighted, given : bool
        Whether there are weights of the user's own, and whether tau^2 is known from elsewhere.
    """
    check_known(tau2_interval, TAU2_INTERVALS, "interval of tau2")
    check_known(prediction, PREDICTION, "prediction interval")
    if tau2_interval == "PL" and method not in ("ML", "REML"):
        raise InvalidArgument(f"a profile-likelihood interval (PL) goes with ML or REML, not with {method}: try 'QP'")
    if tau2_interval == "GENQ" and not weighted:
        raise InvalidArgument("the interval GENQ of tau2 needs weights: try 'J', which takes 1 / sqrt(vi)")
    if prediction in ("KR", "KR-PR") and (method != "REML" or weighted or given):
        raise InvalidArgument(f"the prediction interval {prediction} goes with a REML estimate and its own weights")


def is_number(value: Any) -> bool:
    """Whether a value is one real number; truth values are none."""
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    """Whether a value is one whole number; truth values are none."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def check_level(level: float) -> None:
    """Raise InvalidArgument for a confidence level that is not between 0 and 1."""
    if not is_number(level) or not 0 < level < 1:
        raise InvalidArgument(f"level must be between 0 and 1, as 0.95, not {level!r}")


def check_centre(mantel_haenszel: Any, k: int, where: str = "") -> None:
    """Raise InvalidArgument where the method DLMH lacks the estimate about which it takes Q; one study needs none."""
    if k > 1 and (not is_number(mantel_haenszel) or not np.isfinite(mantel_haenszel)):
        raise InvalidArgument(f"{where}{NEEDS_CENTRE}")


def check_weights(weights: Any, k: int, method: str, where: str = "") -> FloatArray:
    """Weights of the user's own as shares of 1, shape (k,); GENQ and GENQM want two that are not 0."""
    given = numbers(weights, "weights")
    if len(given) != k:
        raise InvalidArgument(f"{where}weights has {len(given)} rows and yi has {k}: they must be of one length")
    refuse(~(np.isfinite(given) & (given >= 0)), f"{where}weights must be finite and not below 0")
    largest = given.max()
    if largest == 0:
        raise InvalidArgument(f"{where}weights must not all be 0")
    if method in ("GENQ", "GENQM") and k > 1 and np.count_nonzero(given > NEGLIGIBLE * largest) < 2:
        raise InvalidArgument(f"{where}method {method} needs at least two weights above 0")
    scaled = given / largest
    shares: FloatArray = scaled / scaled.sum()
    return shares
