"""Pools of any plain table: columns in, one pool for each group out."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from synthesis import files
from synthesis.effects import MEASURES, Effects, escalc
from synthesis.effects.measures import REVIEWED
from synthesis.errors import InvalidArgument, InvalidData, Problem, did_you_mean
from synthesis.pooling import Pooled, mantel_haenszel_estimate, pool_groups
from synthesis.pooling.check import LARGEST

CODES: Mapping[str, str] = {
    "SY180": "a plain table that is not UTF-8 or not CSV",
    "SY181": "a plain table without a header, or with one name twice",
    "SY182": "a row with more or fewer fields than the header",
    "SY183": "a cell that is no number",
    "SY184": "a row whose numbers cannot be right together, or are out of all range",
}
LIMIT = 50_000_000  # bytes of a table
MISSING = ("", "NA", "NaN", "nan", ".")
GENERIC = "effect"  # the measure of a table that gives yi and vi themselves
OTHER_SIGNS = {";": "semicolons", "\t": "tabs"}  # what other programs put between fields
ROWS = re.compile(r": rows? [0-9, .]+$")  # where `escalc` names the rows that it refuses


@dataclass(frozen=True, slots=True)
class PlainPool:
    """One group of a table."""

    group: str
    measure: str  # a key of MEASURES, or GENERIC
    studies: tuple[str, ...]
    yi: tuple[float, ...]
    vi: tuple[float, ...]
    fit: Pooled


@dataclass(frozen=True, slots=True)
class PlainLeftOut:
    """A row that no pool took, and why."""

    study: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of a CSV table, as text, with the line on which each row begins."""

    path: str
    columns: Mapping[str, Sequence[str]]
    lines: Sequence[int]

    def text(self, name: str) -> Sequence[str]:
        """One column.

        Raises
        ------
        InvalidArgument
            There is none of that name; the nearest is suggested.
        """
        if name not in self.columns:
            raise InvalidArgument(f"{self.path} has no column {name!r}: {did_you_mean(name, self.columns)}")
        return self.columns[name]


def read_table(path: Path) -> Table:
    """A CSV table with a header, from a file of at most 50 MB.

    Raises
    ------
    InvalidData
        Every row whose number of fields differs from the header's, with its line; a repeated or absent header.
    SynthesisError
        The file is not there, too large, or not UTF-8.
    """
    data = files.read_limited(path, LIMIT)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InvalidData([_problem(path, line, "SY180", "this is not UTF-8", "save the file as UTF-8")]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    begin = 1
    try:
        for row in reader:
            if row:
                rows.append((begin, row))
            begin = reader.line_num + 1
    except csv.Error as error:
        remedy = "quote fields that hold commas, quotes or line ends"
        raise InvalidData([_problem(path, begin, "SY180", f"not CSV: {error}", remedy)]) from None
    return _table(path, rows)


def _table(path: Path, rows: Sequence[tuple[int, list[str]]]) -> Table:
    if not rows:
        raise InvalidData([_problem(path, 1, "SY181", "the table is empty", "begin it with the names of its columns")])
    header = [name.strip() for name in rows[0][1]]
    sign = next((sign for sign in OTHER_SIGNS if len(header) == 1 and sign in header[0]), None)
    if sign:
        remedy = "save it as CSV with commas between the fields, and with decimal points"
        raise InvalidData([_problem(path, 1, "SY181", f"fields parted by {OTHER_SIGNS[sign]}, not commas", remedy)])
    problems = [
        _problem(path, 1, "SY181", f"the column {name!r} stands twice", "give each column a name of its own")
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    problems += [
        _problem(
            path, line, "SY182", f"{len(row)} fields under {len(header)} columns", "write one field for each column"
        )
        for line, row in rows[1:]
        if len(row) != len(header)
    ]
    if problems:
        raise InvalidData(problems)
    columns = {name: [row[place].strip() for _, row in rows[1:]] for place, name in enumerate(header)}
    return Table(str(path), columns, [line for line, _ in rows[1:]])


def pool_table_of(
    table: Table,
    given: Mapping[str, str],
    *,
    measure: str | None,
    by: Sequence[str] = (),
    study: str | None = None,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
) -> tuple[tuple[PlainPool, ...], tuple[PlainLeftOut, ...]]:
    """One pool for each group of a table, in the order in which the groups first appear, and the rows left out.

    Parameters
    ----------
    table : Table
        Its columns.
    given : mapping
        What a column is to `escalc` (yi, vi, sei, ai, m1i, estimate, ...) -> the column's name.
    measure : str, optional
        A key of MEASURES; not needed for yi with vi or sei.
    by : sequence of str
        Columns whose values make the groups; none for one pool.
    study : str, optional
        The column of the studies' names.

    Raises
    ------
    InvalidData
        Every cell that is no number, with line and column; else every row whose numbers cannot be used.
    InvalidArgument
        For columns or options that cannot be used.
    """
    numbers = _numbers(table, given)
    try:
        effects = _effects(numbers, measure)
    except InvalidArgument as error:
        raise _by_line(error, table, numbers, measure) from error
    _refuse_extreme(table, effects)
    names = table.text(study) if study else [f"row {number}" for number in range(1, len(table.lines) + 1)]
    labels = (
        [" ".join(parts) for parts in zip(*(table.text(name) for name in by), strict=True)] if by else [""] * len(names)
    )
    left = [
        PlainLeftOut(names[row], table.lines[row], _reason(effects, row))
        for row in np.flatnonzero(~effects.usable).tolist()
    ]
    groups: dict[str, list[int]] = {}
    for row in np.flatnonzero(effects.usable).tolist():
        groups.setdefault(labels[row], []).append(row)
    columns = [(effects.yi[rows], effects.vi[rows]) for rows in groups.values()]
    centres = _centres(table, given, effects.measure, list(groups.values())) if method == "DLMH" else None
    fits = pool_groups(columns, method=method, test=test, level=level, mantel_haenszel=centres)
    pools = tuple(
        PlainPool(
            group, effects.measure, tuple(names[row] for row in rows),
            tuple(effects.yi[rows].tolist()), tuple(effects.vi[rows].tolist()), fit,
        )
        for (group, rows), fit in zip(groups.items(), fits, strict=True)
    )  # fmt: skip
    return pools, tuple(left)


def _numbers(table: Table, given: Mapping[str, str]) -> dict[str, list[float]]:
    """The columns as numbers; a missing cell is NaN."""
    problems: list[Problem] = []
    found: dict[str, list[float]] = {}
    header = list(table.columns)
    for role, name in given.items():
        found[role] = []
        for line, cell in zip(table.lines, table.text(name), strict=True):
            value = _number(cell)
            if value is None:
                remedy = "write a number with a decimal point, or leave the cell empty"
                what = f"{name} {cell!r} is no number"
                problems.append(Problem(table.path, line, header.index(name) + 1, "SY183", what, remedy))
            found[role].append(math.nan if value is None else value)
    if problems:
        raise InvalidData(problems)
    return found


def _number(cell: str) -> float | None:
    """A finite number, NaN where it is missing, None where the cell is neither."""
    if cell in MISSING:
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in cell else None


def _effects(numbers: dict[str, list[float]], measure: str | None) -> Effects:
    if "yi" in numbers:
        if "vi" not in numbers and "sei" not in numbers:
            raise InvalidArgument("yi needs vi, its sampling variance, or sei, its standard error")
        vi = numbers["vi"] if "vi" in numbers else [value * value for value in numbers["sei"]]
        return Effects(np.array(numbers["yi"]), np.array(vi), measure or GENERIC)
    if measure is None:
        raise InvalidArgument(f"name the measure of these columns: --measure, such as {', '.join(REVIEWED)}")
    ratio = measure in MEASURES and MEASURES[measure].is_ratio and MEASURES[measure].family == "binary"
    columns: dict[str, Any] = dict(numbers)
    return escalc(measure, drop00=ratio and "estimate" not in numbers, **columns)


def _by_line(
    error: InvalidArgument, table: Table, numbers: Mapping[str, list[float]], measure: str | None
) -> InvalidArgument | InvalidData:
    """Every refused row at its line, where the error is about rows; else the error itself."""
    if not ROWS.search(str(error)):
        return error
    problems = []
    for row, line in enumerate(table.lines):
        try:
            _effects({role: [values[row]] for role, values in numbers.items()}, measure)
        except InvalidArgument as wrong:
            problems.append(_unusable(table, line, ROWS.sub("", str(wrong))))
    return InvalidData(problems)


def _refuse_extreme(table: Table, effects: Effects) -> None:
    """Raise InvalidData for effects beyond what can be pooled."""
    tiny = effects.vi < 1 / LARGEST
    wrong = effects.usable & ((np.abs(effects.yi) > LARGEST) | (effects.vi > LARGEST) | tiny)
    what = f"the effect or its variance is not within {1 / LARGEST:.0e} and {LARGEST:.0e}"
    if wrong.any():
        raise InvalidData(_unusable(table, table.lines[row], what) for row in np.flatnonzero(wrong).tolist())


def _unusable(table: Table, line: int, what: str) -> Problem:
    return Problem(table.path, line, 1, "SY184", what, "correct the row, or leave its cells empty")


def _reason(effects: Effects, row: int) -> str:
    found = [note.reason for note in effects.notes if note.row == row and note.dropped]
    return "; ".join(found) or "a number is missing, or the variance is not above 0"


def _centres(table: Table, given: Mapping[str, str], measure: str, groups: Sequence[list[int]]) -> list[float | None]:
    """The Mantel-Haenszel estimates that DLMH needs."""
    numbers = _numbers(table, given)
    if not {"ai", "ci"} <= numbers.keys():
        raise InvalidArgument("the method DLMH needs counts: ai, ci with bi, di or n1i, n2i")
    a, c = np.array(numbers["ai"]), np.array(numbers["ci"])
    n1 = np.array(numbers["n1i"]) if "n1i" in numbers else a + np.array(numbers["bi"])
    n2 = np.array(numbers["n2i"]) if "n2i" in numbers else c + np.array(numbers["di"])
    return [
        mantel_haenszel_estimate(measure, a[rows], n1[rows], c[rows], n2[rows], add=0.5) if len(rows) > 1 else None
        for rows in groups
    ]


def _problem(path: Path, line: int, code: str, what: str, remedy: str) -> Problem:
    return Problem(str(path), line, 1, code, what, remedy)
