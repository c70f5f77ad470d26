"""Tables as a formula can read them."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from synthesis.errors import InvalidArgument

if TYPE_CHECKING:
    import pandas as pd


def frame_of(data: Any) -> pd.DataFrame:
    """A data frame from a data frame or a mapping of columns, its rows in their order and counted from 0.

    Single values of a mapping stand in every row. Columns of numbers become floats, whatever holds them (pandas'
    nullable types, objects, decimals), what is missing NaN; pandas' strings become objects.

    Raises
    ------
    InvalidArgument
        For anything else, and for columns of different lengths.
    """
    import pandas as pd

    if not isinstance(data, pd.DataFrame):
        if not hasattr(data, "keys"):
            raise InvalidArgument(f"data must be a data frame or a mapping of columns, not {type(data).__name__}")
        data = pd.DataFrame(_columns({name: data[name] for name in data.keys()}))  # noqa: SIM118 - any mapping
    if not data.columns.is_unique:
        raise InvalidArgument(
            f"data has columns of one name: {', '.join(map(str, data.columns[data.columns.duplicated()]))}"
        )
    found = data.reset_index(drop=True)
    return pd.DataFrame({name: _plain(found[name]) for name in found.columns}, index=found.index)


def levels_in_use(table: pd.DataFrame) -> pd.DataFrame:
    """The table without the categories that no row has."""
    used: pd.DataFrame = table.apply(lambda one: one.cat.remove_unused_categories() if hasattr(one, "cat") else one)
    return used


def _columns(given: Mapping[Any, Any]) -> dict[Any, Any]:
    """Columns of one length, without an index of their own, by which pandas would sort them; single values repeated."""
    single = {name for name, column in given.items() if column is None or np.isscalar(column)}
    lengths = {str(name): len(column) for name, column in given.items() if name not in single}
    if len(set(lengths.values())) > 1:
        sizes = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise InvalidArgument(f"columns of data must be of one length: {sizes}")
    n = next(iter(lengths.values()), 1)
    return {name: [one] * n if name in single else getattr(one, "array", one) for name, one in given.items()}


def _plain(column: pd.Series[Any]) -> pd.Series[Any]:
    """One column as numpy holds it."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column
    if pd.api.types.is_numeric_dtype(column.dtype) or _all_numbers(column):
        return pd.Series(column.to_numpy(dtype=np.float64, na_value=np.nan), index=column.index)
    return column.astype(object)


def _all_numbers(column: pd.Series[Any]) -> bool:
    """Whether a column of objects holds numbers, and nothing else but what is missing."""
    known = column.dropna().tolist()
    return bool(known) and all(isinstance(one, (numbers.Real, Decimal)) and not isinstance(one, bool) for one in known)
