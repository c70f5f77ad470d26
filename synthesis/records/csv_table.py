"""A CSV table read strictly: every value has its place, every fault a code, and one fault does not stop the rest."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis.errors import InvalidData, Problem, did_you_mean
from synthesis.files import read_limited
from synthesis.records.study import Place


@dataclass(frozen=True, slots=True)
class TableCodes:
    """The codes by which a kind of table tells its faults."""

    unreadable: str  # not UTF-8, or not CSV
    columns: str  # a column is missing, or there twice
    fields: str  # a row has more or fewer fields than the header
    empty: str  # a value is missing
    unknown: str  # a value is not one of those allowed
    whole: str = ""  # a value is not a whole number, where the table has such


def table_text(file: Path, path: str, code: str, limit: int) -> str:
    """The text of a table's file.

    Parameters
    ----------
    file : Path
        The file.
    path, code : str
        Its name in messages, and the code of a text that is not UTF-8.
    limit : int
        The most bytes that are read.

    Raises
    ------
    InvalidData
        The file is not UTF-8; the line is named.
    """
    try:
        return read_limited(file, limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InvalidData([Problem(path, line, 1, code, "this is not UTF-8", "save the file as UTF-8")]) from error


class Table:
    """The lines of a CSV text under a checked header; problems are collected."""

    def __init__(self, text: str, path: str, columns: Sequence[str], codes: TableCodes) -> None:
        self.path = path
        self.columns = tuple(columns)
        self.codes = codes
        self.problems: list[Problem] = []
        self.seen: dict[tuple[str, ...], int] = {}
        self.reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)

    def lines(self) -> Iterator[Line]:
        """Every row that has as many fields as the header; none under a wrong header."""
        rows = self._rows()
        _, header = next(rows, (1, []))
        if not self.problems:
            self._check_header(header)
        if self.problems:
            return
        for number, row in rows:
            if not any(row):
                continue
            if len(row) != len(header):
                what = f"{len(row)} fields under {len(header)} columns"
                remedy = "write one field per column; quote a field that holds a comma"
                self.fault(number, 1, self.codes.fields, what, remedy)
            else:
                yield Line(self, number, dict(zip(header, row, strict=True)))

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row with the number of its first line."""
        number = 1
        try:
            for row in self.reader:
                yield number, row
                number = self.reader.line_num + 1
        except csv.Error as error:
            remedy = "quote fields with commas, quotes or line ends"
            self.fault(number, 1, self.codes.unreadable, f"not CSV: {error}", remedy)

    def _check_header(self, header: list[str]) -> None:
        remedy = f"begin the table with {','.join(self.columns)}"
        if not header:
            self.fault(1, 1, self.codes.columns, "the table is empty", remedy)
            return
        for name in self.columns:
            if header.count(name) != 1:
                often = "no column" if name not in header else "more than one column"
                self.fault(1, 1, self.codes.columns, f"{often} {name!r}", remedy)

    def fault(self, line: int, column: int, code: str, what: str, remedy: str) -> None:
        """A problem at a place of the file."""
        self.problems.append(Problem(self.path, line, column, code, what, remedy))

    def stop(self) -> None:
        """Raise InvalidData with every problem so far, if there is one."""
        if self.problems:
            raise InvalidData(self.problems)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table by column name."""

    table: Table
    number: int
    values: Mapping[str, str]

    def place(self) -> Place:
        """Where the row begins."""
        return Place(self.table.path, self.number, 1)

    def text(self, name: str) -> str:
        """A field without white space around it; nothing where the table lacks the column."""
        return self.values.get(name, "").strip()

    def required(self, name: str) -> str:
        """A field that must not be empty."""
        text = self.text(name)
        if not text:
            self.fault(name, self.table.codes.empty, f"{name} is empty", "fill it in")
        return text

    def one_of(self, name: str, known: Collection[str], empty: str = "") -> str:
        """A field with one of a few values, `empty` where it is blank."""
        text = self.text(name) or empty
        if not text:
            return self.required(name)
        self.check(name, text, known)
        return text

    def several(self, name: str, known: Collection[str] | None = None) -> tuple[str, ...]:
        """A field of values between semicolons, each of them known."""
        found = tuple(part.strip() for part in self.text(name).split(";") if part.strip())
        for part in found if known is not None else ():
            self.check(name, part, known or ())
        return found

    def check(self, name: str, text: str, known: Collection[str]) -> None:
        """A problem unless the text is known."""
        if text not in known:
            self.fault(name, self.table.codes.unknown, f"{name} {text!r} is not known", did_you_mean(text, known))

    def points(self, name: str) -> int | None:
        """A whole number of points, None where the field is blank."""
        return self.whole(name, self.table.codes.whole, "write a number, or nothing for blank")

    def whole(self, name: str, code: str, remedy: str = "write a number, or nothing") -> int | None:
        """A whole number, None where the field is blank or holds something else."""
        text = self.text(name)
        if text and not (text.isascii() and text.isdecimal()):
            self.fault(name, code, f"{name} {text!r} is not a whole number", remedy)
            return None
        return int(text) if text else None

    def number_of(self, name: str, code: str) -> float | None:
        """A finite number, None where the field is blank or holds something else."""
        text = self.text(name)
        value = finite(text)
        if text and value is None:
            self.fault(name, code, f"{name} {text!r} is not a number", "write it as 0.85, or leave it out")
        return value

    def once(self, code: str, what: str, key: tuple[str, ...]) -> None:
        """A problem if the key was seen in an earlier row."""
        if self.first(key) != self.number:
            self.fault(next(iter(self.values)), code, f"{what} is given twice", "keep one of them")

    def first(self, key: tuple[str, ...]) -> int:
        """The number of the first row with this key; that of this row where there was none."""
        return self.table.seen.setdefault(key, self.number)

    def fault(self, name: str, code: str, what: str, remedy: str) -> None:
        """A problem at a field; the column counts fields from 1, as a spreadsheet does."""
        self.table.fault(self.number, list(self.values).index(name) + 1, code, what, remedy)


def finite(text: str) -> float | None:
    """The text as a number; None where it is none, or not a finite one."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
