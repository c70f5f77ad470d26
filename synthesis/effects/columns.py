"""Columns of numbers from whatever holds them, and the refusal of rows that cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.errors import InvalidArgument, did_you_mean

BEYOND = int(np.finfo(np.float64).max)  # whole numbers of Python have no end
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def column(values: Any, name: str) -> FloatArray:
    """One column of numbers, shape (k,), or a single number, shape (): None and masked values become NaN.

    Raises
    ------
    InvalidArgument
        For text, truth values and tables of more than one column; the message names the column and its rows.
    """
    found = numbers_of(values, name)
    if found.ndim > 1:
        raise InvalidArgument(f"{name} must be one column of numbers, not of shape {found.shape}")
    return found


def numbers_of(values: Any, name: str) -> FloatArray:
    """Numbers of any shape, as floats: None, pandas' NA and masked values become NaN.

    Raises
    ------
    InvalidArgument
        For text, truth values and lists of uneven lengths; the message names the column and its rows.
    """
    try:
        raw = np.asarray(values)
    except ValueError:
        raise InvalidArgument(f"{name} must be numbers in rows of one length") from None
    if raw.dtype.kind == "O":
        refuse(np.array([not _is_number(one) for one in raw.ravel()], dtype=np.bool_), f"{name} must be numbers")
        known = [np.nan if _is_absent(one) else one for one in raw.ravel()]
        refuse(np.array([abs(one) > BEYOND for one in known], dtype=np.bool_), f"{name} is too large for a number")
        raw = np.array(known, dtype=np.float64).reshape(raw.shape)
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
    return _is_absent(value) or isinstance(value, (int, float, np.integer, np.floating))


def _is_absent(value: Any) -> bool:
    """Whether an entry of a mixed column stands for nothing; pandas is not imported to ask it for its NA."""
    return value is None or type(value).__name__ == "NAType"


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


def broadcast(**given: Any) -> dict[str, FloatArray]:
    """Columns as arrays of one shape with at least one axis, the studies along the last.

    Columns of one axis must be of one length, single numbers are repeated, and arrays of more axes broadcast as
    those of numpy do. Only single numbers: one study, shape (1,).

    Raises
    ------
    InvalidArgument
        As `numbers_of`; and for columns of different lengths or shapes that do not fit.
    """
    arrays = {name: numbers_of(values, name) for name, values in given.items()}
    if len({array.size for array in arrays.values() if array.ndim == 1}) > 1:
        sizes = ", ".join(f"{name} {array.size}" for name, array in arrays.items() if array.ndim)
        raise InvalidArgument(f"columns must be of one length: {sizes}")
    try:
        shape = np.broadcast_shapes((1,), *(array.shape for array in arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise InvalidArgument(f"the shapes of the columns do not fit together: {shapes}") from None
    return {name: np.broadcast_to(array, shape).copy() for name, array in arrays.items()}


def refuse(wrong: BoolArray, message: str) -> None:
    """Raise InvalidArgument with the numbers of the wrong rows, the first being 1, if there are any.

    Rows of an array of more than one axis are counted through, the last axis fastest.
    """
    rows = (np.flatnonzero(wrong) + 1).tolist()
    if rows:
        raise InvalidArgument(message, rows)


def check_known(name: Any, known: Iterable[str], kind: str, of: str = "") -> None:
    """Raise InvalidArgument for a name that is not among the known ones of its kind, with the nearest.

    The message begins with `no KIND 'NAME'`, or `no KIND 'NAME' of OF`.
    """
    names = list(known)
    if name not in names:
        whose = f" of {of}" if of else ""
        raise InvalidArgument(f"no {kind} {name!r}{whose}: {did_you_mean(str(name), names)}")


def check_columns(given: Iterable[str], known: Iterable[str], taker: str, also: Iterable[str] = ()) -> None:
    """Raise InvalidArgument for a column that `taker`, such as a measure, does not take, with the nearest name.

    `also` are names that are no columns of it, but may have been meant: options.
    """
    from difflib import get_close_matches

    names = tuple(known)
    for name in given:
        if name not in names:
            near = get_close_matches(name, (*names, *also), n=1)
            raise InvalidArgument(f"{taker} takes no {name!r}: {did_you_mean(name, near or names)}")


def looked_up(value: Any, data: Any) -> Any:
    """A column of `data` by its name; anything but text as it is."""
    if not isinstance(value, str):
        return value
    if data is None:
        raise InvalidArgument(f"the column {value!r} is given by name, and there is no data to look it up in")
    if not (isinstance(data, Mapping) or hasattr(data, "columns")):
        raise InvalidArgument(f"data must be a data frame or a mapping of columns, not {type(data).__name__}")
    names = [str(name) for name in getattr(data, "columns", data)]
    if value not in names:
        raise InvalidArgument(f"no column {value!r} in data: {did_you_mean(value, names)}")
    if names.count(value) > 1:
        raise InvalidArgument(f"data has more than one column {value!r}: give them different names")
    return data[value]


def given_columns(columns: Mapping[str, Any], data: Any) -> dict[str, Any]:
    """The columns that were given, those named by text from `data`."""
    return {name: looked_up(values, data) for name, values in columns.items() if values is not None}
