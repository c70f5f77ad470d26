"""Labels of rows, which say what the rows belong to: numbers or text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.effects.columns import BoolArray, refuse
from synthesis.errors import InvalidArgument


def labels_of(values: Any, n: int, name: str) -> NDArray[Any]:
    """One label for each of n rows, as an array of numbers or of text.

    Raises
    ------
    InvalidArgument
        For another number of labels than rows, for tables, and for missing labels (None, NaN, empty text).
    """
    found = as_array(values, name)
    if isinstance(values, np.ma.MaskedArray):
        found = found.astype(object)
        found[np.ma.getmaskarray(values)] = None
    if found.shape != (n,):
        raise InvalidArgument(f"{name} must have {n} rows, as yi, not shape {found.shape}")
    refuse(missing(found), f"{name} is missing; leave such rows out")
    return found.astype(str) if found.dtype.kind == "O" else found


def as_array(values: Any, name: str) -> NDArray[Any]:
    """Labels as an array of any shape; raises InvalidArgument for rows of uneven lengths."""
    try:
        return np.asarray(values)
    except ValueError:
        raise InvalidArgument(f"{name} must be one column of labels") from None


def names_of(names: Any, count: int, what: str) -> tuple[str, ...]:
    """A name for each of `count` things, which the message of InvalidArgument calls `what`."""
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise InvalidArgument(f"names must be a list of {count} names, one for each of the {what}")
    found = tuple(map(str, names))
    if len(found) != count:
        raise InvalidArgument(f"there are {len(found)} names for {count} {what}")
    return found


def missing(labels: NDArray[Any]) -> BoolArray:
    """Where a column has no label, shape (n,)."""
    kind = labels.dtype.kind
    if kind == "f":
        absent: BoolArray = np.isnan(labels)
        return absent
    if kind in "OU":
        return np.array([is_missing(one) for one in labels.tolist()], dtype=np.bool_)
    return np.zeros(len(labels), np.bool_)


def is_missing(label: Any) -> bool:
    """Whether a label says nothing: None, NaN or its kin of pandas, or text without a character to see."""
    if label is None or type(label).__name__ in ("NAType", "NaTType"):
        return True
    return not label.strip() if isinstance(label, str) else bool(label != label)  # noqa: PLR0124 - so NaN is known
