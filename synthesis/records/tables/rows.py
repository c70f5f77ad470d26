"""The rows of a sheet under their header; what is wrong with either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from synthesis.errors import Problem, Severity, did_you_mean
from synthesis.records.folder import KEY
from synthesis.records.tables.columns import SHAPES, Shape
from synthesis.records.tables.grid import Cell, Grid, Row

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


def _header_problems(grid: Grid, shape: Shape, header: Mapping[int, Cell]) -> Iterator[Problem]:
    known = [cell.text.strip() for cell in header.values()]
    missing = [name for name in shape.header if name not in known]
    for column, cell in header.items():
        name = cell.text.strip()
        if cell.fault:
            yield _problem(grid, (cell.row, column), cell.fault, cell.what, cell.remedy)
        elif known.count(name) > 1:
            yield _problem(grid, (cell.row, column), "SY331", f"two columns {name!r}", "keep one of them")
        elif name not in shape.header:
            near = did_you_mean(name, missing) if missing else ""
            if near.startswith("did you"):
                yield _problem(grid, (cell.row, column), "SY331", f"no column {name!r} in a record", near)
            else:
                what = f"the column {name!r} is none of the sheet {shape.name!r}: it is not read"
                problem = _problem(grid, (cell.row, column), "SY342", what, "nothing, if it is your own")
                yield replace(problem, severity=Severity.NOTE)
    for name in ("study", shape.key):
        if name and name in missing:
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
