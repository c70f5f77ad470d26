"""Columns of numbers from whatever holds them, and the refusal of rows that cannot be."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.errors import InvalidArgument

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
SHOWN_ROWS = 10


def column(values: Any, name: str) -> FloatArray:
    """One column of numbers, shape (k,), or a single number, shape (): None and masked values become NaN.

    Raises
    ------
    InvalidArgument
        For text, truth values and tables of more than one column; the message names the column and its rows.
    """
    raw = np.asarray(values)
    if raw.ndim > 1:
        raise InvalidArgument(f"{name} must be one column of numbers, not of shape {raw.shape}")
    if raw.dtype.kind == "O":
        refuse(np.array([not _is_number(one) for one in raw.ravel()], dtype=np.bool_), f"{name} must be numbers")
    elif raw.dtype.kind not in "iuf":
        raise InvalidArgument(f"{name} must be numbers, not {_kind(raw)}")
    found: FloatArray = raw.astype(np.float64)
    if isinstance(values, np.ma.MaskedArray):
        found[np.ma.getmaskarray(values)] = np.nan
    return found


def _is_number(value: Any) -> bool:
    """Whether an entry of a mixed column is a real number or absent."""
    if isinstance(value, (bool, np.bool_, complex)):
        return False
    return value is None or isinstance(value, (int, float, np.integer, np.floating))


def _kind(raw: NDArray[Any]) -> str:
    return {"U": "text", "S": "text", "b": "truth values"}.get(raw.dtype.kind, str(raw.dtype))


def columns(**given: Any) -> tuple[FloatArray, ...]:
    """Columns of one length, shape (k,) each; single numbers are repeated.

    Raises
    ------
    InvalidArgument
        As `column`; and for columns of different lengths.
    """
    arrays = {name: column(values, name) for name, values in given.items()}
    lengths = {array.size for array in arrays.values() if array.ndim}
    if len(lengths) > 1:
        sizes = ", ".join(f"{name} {array.size}" for name, array in arrays.items() if array.ndim)
        raise InvalidArgument(f"columns must be of one length: {sizes}")
    k = lengths.pop() if lengths else 1
    return tuple(array if array.ndim else np.full(k, float(array)) for array in arrays.values())


def refuse(wrong: BoolArray, message: str) -> None:
    """Raise InvalidArgument with the numbers of the wrong rows, the first row being 1, if there are any."""
    rows = (np.flatnonzero(wrong) + 1).tolist()
    if rows:
        shown = ", ".join(map(str, rows[:SHOWN_ROWS])) + (", ..." if len(rows) > SHOWN_ROWS else "")
        raise InvalidArgument(f"{message}: row{'s' if len(rows) > 1 else ''} {shown}")
