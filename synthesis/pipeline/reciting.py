"""A key of the library replaced in the text of a record or of a table, each place only by the bytes of the key."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from synthesis.bibliography.duplicates.decisions import PATH as DECISIONS
from synthesis.bibliography.editing import RefusedError
from synthesis.bibliography.retractions import PATH as RETRACTIONS
from synthesis.bibliography.splices import Splice, spliced
from synthesis.citations.cited import COLUMNS as KEY_COLUMNS
from synthesis.citations.edges import PATH as CITATIONS
from synthesis.errors import InvalidArgument, Problem
from synthesis.records.folder import ENDING

COLUMNS_OF: Mapping[str, tuple[str, ...]] = {  # by the path of a table: its columns that hold keys, all of them needed
    CITATIONS: ("source", "target"),
    RETRACTIONS: ("document",),
    DECISIONS: ("one", "other"),
}
PARTED = {";": "semicolons", "\t": "tabs"}
FIELD = re.compile(r'"[^"]*+(?:""[^"]*+)*+"|[^,"\r\n]*+')  # of a CSV line


def recited(label: str, text: str, old: str, new: str) -> str:
    """A record, or a table, with a key replaced wherever it is one.

    Parameters
    ----------
    label : str
        The path of the file, relative to the review folder.
    text : str
        What it holds.
    old, new : str
        The keys.

    Raises
    ------
    RefusedError
        The file cannot be read with certainty.
    """
    return (_record if label.endswith(ENDING) else _table)(label, text, old, new)


def unfit(label: str, text: str) -> str:
    """Why the keys in a table cannot be found; nothing where they can."""
    try:
        header = [name.strip() for name in next(iter(_cells(text)), [])]
    except csv.Error as error:
        return f"it is no CSV: {error}"
    needed = COLUMNS_OF.get(label, ())
    lacking = [name for name in needed if name not in header]
    first = text.removeprefix("\ufeff").partition("\n")[0]
    for sign, words in PARTED.items():
        parted = {name.strip(' \r"') for name in first.split(sign)}
        if not parted.isdisjoint(lacking if needed else KEY_COLUMNS) and parted.isdisjoint(header):
            return f"its cells are parted by {words}, not by commas"
    return f"it has no column {lacking[0]!r}" if lacking else ""


def words_of(text: str, key: str) -> int:
    """How often a text names a key, as a word of its own."""
    return len(re.findall(rf"(?<!\w){re.escape(key)}(?!\w)", text)) if key in text else 0


def refusal(label: str, old: str, why: str) -> Problem:
    """A file that keeps a key from being renamed."""
    what = f"this file names {old!r}, and cannot be changed: {why}"
    return Problem(label, 1, 1, "SY463", what, "mend the file first; nothing was written")


def _record(label: str, text: str, old: str, new: str) -> str:
    from synthesis.records.edit import renamed_citations

    try:
        return renamed_citations(text, old, new)
    except InvalidArgument as error:
        raise RefusedError([refusal(label, old, str(error))]) from error


def _table(label: str, text: str, old: str, new: str) -> str:
    """A table with the key replaced in the columns that hold keys."""
    if not words_of(text, old):
        return text
    if why := unfit(label, text):
        raise RefusedError([refusal(label, old, why)])
    names = COLUMNS_OF.get(label, KEY_COLUMNS)
    columns = [number for number, name in enumerate(_cells(text)[0]) if name.strip() in names]
    after = spliced(text, _splices(text, columns, old, new))
    cells = _meant(_cells(text), columns, old, new)
    if _cells(after) != cells:
        raise RefusedError([refusal(label, old, "its rows cannot be read with certainty")])
    if label == DECISIONS and any(_names_twice(row, columns, new) for row in cells[1:]):
        raise RefusedError([refusal(label, old, f"a row of it would name {new!r} twice; take the row out")])
    return after


def _splices(text: str, columns: Collection[int], old: str, new: str) -> list[Splice]:
    mark = len(text) - len(text.removeprefix("\ufeff"))
    rows = list(_fields(text[mark:]))
    places = [row[column] for row in rows[1:] for column in columns if column < len(row)]
    return [
        Splice(start + mark, end + mark, text[start + mark : end + mark].replace(old, new))
        for start, end in places
        if _value(text[start + mark : end + mark]).strip() == old
    ]


def _names_twice(row: Sequence[str], columns: Sequence[int], key: str) -> bool:
    return [row[column].strip() for column in columns if column < len(row)].count(key) > 1


def _fields(text: str) -> Iterator[list[tuple[int, int]]]:
    """Where the fields of every row of a CSV text stand."""
    position, row = 0, []
    while position < len(text):
        found = FIELD.match(text, position)
        assert found is not None
        row.append(found.span())
        position = found.end()
        after = text[position : position + 1]
        if after == ",":
            position += 1
            continue
        if after not in {"\r", "\n", ""}:
            row[-1] = (row[-1][0], position := _line_end(text, position))
        yield row
        position, row = _next_line(text, position), []


def _line_end(text: str, position: int) -> int:
    found = re.compile(r"[\r\n]").search(text, position)
    return found.start() if found else len(text)


def _next_line(text: str, position: int) -> int:
    return position + (2 if text.startswith("\r\n", position) else 1)


def _value(field: str) -> str:
    return field[1:-1].replace('""', '"') if field.startswith('"') and field.endswith('"') and len(field) > 1 else field


def _cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def _meant(cells: list[list[str]], columns: Collection[int], old: str, new: str) -> list[list[str]]:
    """The cells of a table with the key replaced under some columns."""
    head, rows = cells[:1], cells[1:]
    return head + [
        [
            cell.replace(old, new) if number in columns and cell.strip() == old else cell
            for number, cell in enumerate(row)
        ]
        for row in rows
    ]
