"""`bibliography/citations.csv`: who cites, reviews, meta-analyses or extracts whom."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from synthesis import files
from synthesis.errors import Problem, did_you_mean
from synthesis.records.study import Place

PATH = "bibliography/citations.csv"
LIMIT = 50 * files.MEGABYTE
COLUMNS = ("source", "target", "relation", "locator")
RELATIONS: Mapping[str, str] = {
    "cites": "the source names the target",
    "reviews": "the target is one of the studies that the source reviews",
    "meta_analyses": "the target is one of the studies that the source pools",
    "extracts": "an effect of the target was read in the source",
}


@dataclass(frozen=True, slots=True)
class Edge:
    """One citation; source and target are keys of the library."""

    source: str
    target: str
    relation: str  # a key of RELATIONS
    locator: str  # where in the source, or nothing
    place: Place


@dataclass(frozen=True, slots=True)
class Citations:
    """The citations of a review that can be used, in file order, and what is wrong with the others."""

    edges: tuple[Edge, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_citations(source: Path | str, path: str = PATH) -> Citations:
    """The citations of a review.

    Parameters
    ----------
    source : Path or str
        The review folder, or the text of a `citations.csv`. A folder without the file has no citations.
    path : str, optional
        The file's name in messages, relative to the review folder.

    Returns
    -------
    Citations
        With SY500 to SY506 as problems; rows that have one are not among the edges.
    """
    if isinstance(source, str):
        return _Reader(source, path).citations()
    file = source / path
    if not file.is_file():
        return Citations()
    try:
        text = files.read_limited(file, LIMIT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return Citations(problems=(Problem(path, line, 1, "SY500", "this is not UTF-8", "save the file as UTF-8"),))
    return _Reader(text, path).citations()


class _Reader:
    """The text of one file on its way to Citations."""

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.first: dict[tuple[str, str, str], int] = {}
        self.rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)

    def citations(self) -> Citations:
        edges = tuple(self._edges())
        return Citations(edges, tuple(sorted(self.problems)))

    def _fault(self, line: int, column: int, code: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.path, line, column, code, what, remedy))

    def _edges(self) -> Iterator[Edge]:
        rows = self._numbered()
        _, header = next(rows, (1, []))
        if not self._has_columns(header):
            return
        for line, row in rows:
            if not any(row):
                continue
            if len(row) != len(header):
                what = f"{len(row)} fields under {len(header)} columns"
                self._fault(line, 1, "SY502", what, "write one field per column; quote a field that holds a comma")
            elif edge := self._edge(line, header, row):
                yield edge

    def _numbered(self) -> Iterator[tuple[int, list[str]]]:
        """Every row with the number of its first line."""
        line = 1
        try:
            for row in self.rows:
                yield line, row
                line = self.rows.line_num + 1
        except csv.Error as error:
            self._fault(line, 1, "SY500", f"not CSV: {error}", "quote fields with commas, quotes or line ends")

    def _has_columns(self, header: list[str]) -> bool:
        for name in COLUMNS:
            if header.count(name) != 1:
                what = f"{'no column' if name not in header else 'more than one column'} {name!r}"
                self._fault(1, 1, "SY501", what, f"begin the table with {','.join(COLUMNS)}")
        return not self.problems

    def _edge(self, line: int, header: list[str], row: list[str]) -> Edge | None:
        source, target, relation, locator = (row[header.index(name)].strip() for name in COLUMNS)
        known = len(self.problems)
        for name, value in zip(COLUMNS, (source, target, relation), strict=False):
            if not value:
                self._fault(line, header.index(name) + 1, "SY503", f"{name} is empty", "fill it in")
        if relation and relation not in RELATIONS:
            column = header.index("relation") + 1
            self._fault(line, column, "SY504", f"no relation {relation!r}", did_you_mean(relation, RELATIONS))
        if source and source == target:
            what = f"{source!r} cites itself"
            self._fault(line, header.index("target") + 1, "SY506", what, "name the other document, or take the row out")
        first = self.first.setdefault((source, target, relation), line)
        if first != line and len(self.problems) == known:
            what = f"this citation stands in line {first} already"
            self._fault(line, 1, "SY505", what, "keep one of the two, with both locators")
        return (
            Edge(source, target, relation, locator, Place(self.path, line, 1)) if len(self.problems) == known else None
        )
