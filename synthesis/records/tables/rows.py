"""The rows of a sheet under their header; what is wrong with either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from synthesis.errors import Problem, Severity, did_you_mean
from synthesis.records.folder import KEY
from synthesis.records.tables.columns import SHAPES, Shape
from synthesis.records.tables.grid import Cell, Grid, Row

FIRST_ROWS = 20  # of a sheet, among which the names of the columns are looked for
ENOUGH = 2  # names of columns in a row that must be their header
NAMED = "letters, digits, `-`, `_` and `.`"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one sheet."""

    shape: Shape
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]  # errors and notes


def rows_of(grid: Grid) -> Rows:
    """The rows of a sheet; none under a wrong header."""
    shape = SHAPES[grid.name]
    lines = grid.rows()
    if not lines:
        return Rows(shape, (), (_problem(grid, (1, 1), "SY331", "the sheet is empty", _header_remedy(shape)),))
    header, *rest = lines
    if below := _header_below(shape, lines):
        what = f"the names of the columns are not in the first row, but in row {below}"
        return Rows(shape, (), (_problem(grid, (below, 1), "SY331", what, "take out the rows above them"),))
    problems = [*_header_problems(grid, shape, header)]
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Rows(shape, (), tuple(problems))
    names = {cell.text.strip(): column for column, cell in header.items() if cell.text.strip() in shape.header}
    rows = []
    for line in rest:
        problems += _cell_problems(grid, line, header)
        number = next(iter(line.values())).row
        row = Row(grid, number, {name: line.get(at, Cell("", number, at)) for name, at in names.items()})
        if any(row.text(name) for name in names):
            rows.append(row)
    problems += _study_problems(rows)
    return Rows(shape, tuple(rows), tuple(problems))


def _header_below(shape: Shape, lines: Sequence[Mapping[int, Cell]]) -> int:
    """The number of the row that has the names of the columns, where it is not the first; else 0."""
    known = [names_in((cell.text for cell in line.values()), shape) for line in lines[:FIRST_ROWS]]
    best = known.index(max(known))
    return next(iter(lines[best].values())).row if known[best] > max(1, known[0]) and known[0] < ENOUGH else 0


def names_in(cells: Iterable[str], shape: Shape) -> int:
    """How many cells are names of columns of a sheet, in whatever case."""
    return len({cell.strip().lower() for cell in cells} & set(shape.header))


def _header_problems(grid: Grid, shape: Shape, header: Mapping[int, Cell]) -> Iterator[Problem]:
    known = [cell.text.strip() for cell in header.values()]
    missing = [name for name in shape.header if name not in known]
    for column, cell in header.items():
        name = cell.text.strip()
        if cell.fault:
            yield _problem(grid, (cell.row, column), cell.fault, cell.what, cell.remedy)
        elif known.count(name) > 1:
            yield _problem(grid, (cell.row, column), "SY331", f"two columns {name!r}", "keep one of them")
        elif name.lower() in missing:
            what = f"no column {name!r} in a record: the names of columns are in small letters"
            yield _problem(grid, (cell.row, column), "SY331", what, f"write {name.lower()!r}")
        elif name not in shape.header:
            near = did_you_mean(name, missing) if missing else ""
            if near.startswith("did you"):
                yield _problem(grid, (cell.row, column), "SY331", f"no column {name!r} in a record", near)
            else:
                what = f"the column {name!r} is none of the sheet {shape.name!r}: it is not read"
                problem = _problem(grid, (cell.row, column), "SY342", what, "nothing, if it is your own")
                yield replace(problem, severity=Severity.NOTE)
    small = [name.lower() for name in known]
    for name in ("study", shape.key):
        if name and name in missing and name not in small:
            yield _problem(grid, (1, 1), "SY331", f"no column {name!r}", "export the records again, and keep it")


def _cell_problems(grid: Grid, line: Mapping[int, Cell], header: Mapping[int, Cell]) -> Iterator[Problem]:
    """What cannot be taken as text, and what stands beside the table."""
    for column, cell in line.items():
        if cell.fault:
            yield _problem(grid, (cell.row, column), cell.fault, f"cell {cell.name}: {cell.what}", cell.remedy)
        elif column not in header:
            what = f"cell {cell.name}: {cell.text.strip()[:40]!r} stands under no name of a column"
            yield _problem(grid, (cell.row, column), "SY332", what, "quote cells with commas, or remove what is beside")


def _study_problems(rows: list[Row]) -> Iterator[Problem]:
    for row in rows:
        key = row.text("study")
        if not key:
            yield row.problem("study", "SY335", "no study in this row", "write the name of its file, without .yaml")
        elif not KEY.fullmatch(key):
            yield row.problem("study", "SY335", f"{key!r} cannot be the name of a file", f"take {NAMED}")


def _header_remedy(shape: Shape) -> str:
    return f"begin the table with {', '.join(shape.header[:4])}, ...: see `synth study export`"


def _problem(grid: Grid, place: tuple[int, int], code: str, what: str, remedy: str) -> Problem:
    return Problem(grid.path, *place, code, what, remedy)
