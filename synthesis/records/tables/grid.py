"""The cells of a spreadsheet, whatever file they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synthesis.errors import Problem


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, and where it stands, the first row and column being 1."""

    text: str
    row: int
    column: int
    fault: str = ""  # a code, where no text can be had of it
    what: str = ""
    remedy: str = ""

    @property
    def name(self) -> str:
        """As a spreadsheet names it: B7."""
        letters, number = "", self.column
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return f"{letters}{self.row}"


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet."""

    name: str  # of `SHAPES`
    path: str  # for messages: the file, and the sheet where the file has several
    cells: tuple[Cell, ...]  # row by row
    latin: bool = False  # it was read as Windows-1252

    def rows(self) -> list[dict[int, Cell]]:
        """The cells of every row that has some, by column."""
        rows: dict[int, dict[int, Cell]] = {}
        for cell in self.cells:
            if cell.fault or cell.text.strip():
                rows.setdefault(cell.row, {})[cell.column] = cell
        return [rows[number] for number in sorted(rows)]


@dataclass(frozen=True, slots=True)
class Grids:
    """All sheets of a file, or of a folder, and what is to be told of how they were read."""

    grids: tuple[Grid, ...]
    notes: tuple[Problem, ...] = ()  # notes and errors


@dataclass(frozen=True, slots=True)
class Row:
    """One row by the names of its columns."""

    grid: Grid
    number: int
    cells: Mapping[str, Cell]  # every column that the sheet has, an empty one too

    def text(self, name: str) -> str:
        """The text of a column without white space around it; nothing where the sheet lacks it."""
        cell = self.cells.get(name)
        return cell.text.strip() if cell is not None else ""

    def problem(self, name: str, code: str, what: str, remedy: str) -> Problem:
        """Something wrong with one cell, or with the row where the sheet lacks the column."""
        cell = self.cells.get(name, next(iter(self.cells.values())))
        return Problem(self.grid.path, cell.row, cell.column, code, f"cell {cell.name}, {name}: {what}", remedy)
