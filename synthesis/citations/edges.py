"""`bibliography/citations.csv`: who cites, reviews, meta-analyses or extracts whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from synthesis import files
from synthesis.errors import InvalidData, Problem, did_you_mean
from synthesis.records.csv_table import Line, Table, TableCodes, table_text
from synthesis.records.study import Place

PATH = "bibliography/citations.csv"
LIMIT = 50 * files.MEGABYTE
TABLE = TableCodes("SY500", "SY501", "SY502", "SY503", "SY504")
COLUMNS = ("source", "target", "relation", "locator")
RELATIONS: Mapping[str, str] = {
    "cites": "the source names the target",
    "reviews": "the target is one of the studies that the source reviews",
    "meta_analyses": "the target is one of the studies that the source pools",
    "extracts": "an effect of the target was read in the source",
}
REVIEWING = ("reviews", "meta_analyses")  # what makes the source a review; reading one effect in it does not
INCLUDING = (*REVIEWING, "extracts")  # by which the source takes a study in


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
        return _citations(source, path)
    file = source / path
    if not file.is_file():
        return Citations()
    try:
        return _citations(table_text(file, path, TABLE.unreadable, LIMIT), path)
    except InvalidData as error:
        return Citations(problems=error.problems)


def _citations(text: str, path: str) -> Citations:
    table = Table(text, path, COLUMNS, TABLE)
    edges = tuple(edge for line in table.lines() if (edge := _edge(line)))
    return Citations(edges, tuple(sorted(table.problems)))


def _edge(line: Line) -> Edge | None:
    """The citation of one row; None where something is wrong with it."""
    known = len(line.table.problems)
    source, target, relation = (line.required(name) for name in COLUMNS[:3])
    if relation and relation not in RELATIONS:
        line.fault("relation", TABLE.unknown, f"no relation {relation!r}", did_you_mean(relation, RELATIONS))
    if source and source == target:
        line.fault("target", "SY506", f"{source!r} cites itself", "name the other document, or take the row out")
    first = line.first((source, target, relation))
    if first != line.number and len(line.table.problems) == known:
        what = f"this citation stands in line {first} already"
        line.table.fault(line.number, 1, "SY505", what, "keep one of the two, with both locators")
    if len(line.table.problems) > known:
        return None
    return Edge(source, target, relation, line.text("locator"), line.place())
