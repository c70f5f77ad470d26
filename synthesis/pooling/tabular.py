"""Results that are tables: columns of one length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from synthesis.effects.columns import check_known
from synthesis.text import decimal, table

if TYPE_CHECKING:
    import pandas as pd

SHOWN_ROWS = 20  # in a summary; `to_frame` has all


class Tabular:
    """A result of columns of one length; what cannot be given is NaN in them, and None in `to_dict`."""

    __slots__: tuple[str, ...] = ()

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __getitem__(self, name: str) -> NDArray[Any]:
        """One column by its name."""
        columns = self.columns()
        check_known(name, columns, "column")
        return columns[name]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns().values())))

    def summary(self) -> str:
        """The first rows as text."""
        return table_of(self.columns())

    def to_dict(self) -> dict[str, Any]:
        """All columns as plain values, fit for JSON."""
        return {name: plain_column(column) for name, column in self.columns().items()}

    def to_frame(self) -> pd.DataFrame:
        """A data frame with all rows."""
        import pandas as pd

        return pd.DataFrame(self.columns())


def plain_column(values: NDArray[Any]) -> list[Any]:
    """The values of a column, shape (m,); None where a number is not finite, and text for what JSON has no word for."""
    return [_plain(one) for one in values.tolist()]


def _plain(value: Any) -> Any:
    """One value, fit for JSON."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def table_of(columns: Mapping[str, NDArray[Any]], names: Sequence[str] = ()) -> str:
    """The first rows of some columns (of all, if none is named) as text, numbered from 1."""
    chosen = {name: columns[name] for name in names} if names else columns
    count = len(next(iter(chosen.values())))
    rows = [
        [str(row + 1), *(_cell(column[row]) for column in chosen.values())] for row in range(min(count, SHOWN_ROWS))
    ]
    more = f"and {count - SHOWN_ROWS} more\n" if count > SHOWN_ROWS else ""
    return table(["", *chosen], rows, range(len(chosen) + 1)) + more


def _cell(value: Any) -> str:
    return decimal(value) if isinstance(value, float) else str(value)
