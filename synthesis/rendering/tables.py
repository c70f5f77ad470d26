"""Tables and values as the bytes of CSV, JSON and Markdown: the one home of their escaping."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence

from synthesis.csv_guard import guarded
from synthesis.text import one_line

Cell = str | int | float | None
MARKUP = "|*_`[]#~$"  # signs that Markdown, or GitHub's reading of it, gives a meaning inside a cell


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    r"""A CSV table in UTF-8, its lines ended by \n.

    Parameters
    ----------
    header : sequence of str
        Names of the columns.
    rows : iterable of sequences
        Cells, as many as the header has. Text is guarded against being run as a formula; numbers have at most
        six significant digits; None and numbers that are not finite are empty.

    Raises
    ------
    ValueError
        If a row has more or fewer cells than the header.
    """
    lines = [_csv_line(header), *(_csv_line(_as_wide(row, header)) for row in rows)]
    return "".join(lines).encode("utf-8", "replace")


def json_bytes(value: object) -> bytes:
    r"""A value as indented JSON in UTF-8, keys in the order they were put in, with a final \n.

    Raises
    ------
    ValueError
        If a number in it is not finite: JSON has null for that, and a reason beside it.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode("utf-8", "replace")


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[Cell]], numeric: Iterable[int] = ()) -> str:
    """A Markdown table whose cells are shown as they are; the columns named in `numeric` are set right.

    Raises
    ------
    ValueError
        If a row has more or fewer cells than the header.
    """
    right = set(numeric)
    rule = ["---:" if place in right else "---" for place in range(len(header))]
    body = [[markdown_text(_text(cell)) for cell in _as_wide(row, header)] for row in rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [[*map(markdown_text, header)], rule, *body])


def markdown_text(text: str) -> str:
    """Text for one Markdown cell or phrase: on one line, without markup or HTML of its own."""
    plain = one_line(text).replace("\\", "\\\\")
    for sign in MARKUP:
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _as_wide(row: Sequence[Cell], header: Sequence[str]) -> Sequence[Cell]:
    if len(row) != len(header):
        raise ValueError(f"a row has {len(row)} cells, its header {len(header)}: {list(row)!r}")
    return row


def _csv_line(cells: Sequence[Cell]) -> str:
    line = ",".join(_csv_cell(cell) for cell in cells)
    return f"{line}\n" if line or not cells else '""\n'  # an empty line would be read as no row


def _csv_cell(cell: Cell) -> str:
    text = guarded(cell) if isinstance(cell, str) else _text(cell)
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text


def _text(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell + 0.0:.6g}" if isinstance(cell, float) else str(cell)
