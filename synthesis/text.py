"""Numbers and tables as plain text: the one home of digits, widths and dashes.

Committed outputs hold rounded decimals made here, never `repr`, because the last bits of a float
differ between processors.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

ABSENT = "-"  # a value that could not be given, in a table


def decimal(value: float | None, places: int = 4) -> str:
    """A number with so many decimals; `-` for None or a value that is not finite; never `-0`."""
    if value is None or not math.isfinite(value):
        return ABSENT
    text = f"{value:.{places}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def rounded(value: float | None, digits: int = 6) -> float | None:
    """A number for JSON, to so many significant digits; None where there is no finite value."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{digits}g}") + 0.0


def p_value(p: float | None) -> str:
    """A p-value: three decimals, `<0.001` below that."""
    if p is None or not math.isfinite(p):
        return ABSENT
    return "<0.001" if p < 0.0005 else f"{p:.3f}"


def interval(low: float | None, high: float | None, places: int = 4) -> str:
    """`[low, high]`, or `-` where either bound is missing."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ABSENT
    return f"[{decimal(low, places)}, {decimal(high, places)}]"


def percent(share: float | None, places: int = 1) -> str:
    """A share of 1 as a percentage without its sign."""
    return ABSENT if share is None else decimal(100 * share, places)


def table(header: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[int] = ()) -> str:
    """Columns padded with spaces, two apart; the columns named in `numeric` are set right."""
    body = [[one_line(cell) for cell in row] for row in rows]
    right = set(numeric)
    widths = [max(map(len, column)) for column in zip(header, *body, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    rule = ["-" * width for width in widths]
    return "\n".join(map(line, [list(header), rule, *body])) + "\n"


def one_line(text: str) -> str:
    """Text fit for one cell of a terminal: control characters and line ends become spaces."""
    return "".join(char if char.isprintable() else " " for char in text)
