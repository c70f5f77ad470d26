"""What a document is, as far as the files of the review state it: a review, a guideline. Nothing is guessed."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from synthesis import files
from synthesis.citations.edges import LIMIT, REVIEWING, Edge

if TYPE_CHECKING:
    from synthesis.bibliography.entry import Entry

REVIEW, GUIDELINE, REPORT, DOCUMENT = "review", "guideline", "report", "document"
ROLES = (GUIDELINE, REVIEW, REPORT, DOCUMENT)  # the first that a document has is its kind
WORDS: Mapping[str, str] = {  # in published tables (design) and in the library (keywords, type, entrysubtype)
    "guideline": GUIDELINE,
    "review": REVIEW,
    "systematic review": REVIEW,
    "meta-analysis": REVIEW,
    "cochrane": REVIEW,
}
STATEMENTS, POOLED = "studies/published/statements.csv", "studies/published/pooled.csv"
COCHRANE = "10.1002/14651858.cd"  # the prefix of every DOI of the Cochrane Database of Systematic Reviews

Stated = dict[str, dict[str, str]]  # key -> role -> where it is stated


def stated_roles(root: Path, entries: Iterable[Entry] = ()) -> Stated:
    """The roles of documents that the library and the published tables state.

    Parameters
    ----------
    root : Path
        The review folder; its published tables are read for documents whose `design` is a guideline, a review or a
        meta-analysis (`statements.csv`) and for documents whose pooled results it prints (`pooled.csv`). What is
        wrong with the tables is for their readers to say.
    entries : iterable of Entry
        The library: one of the words of `WORDS` in `keywords`, `type` or `entrysubtype`, or a DOI of the Cochrane
        Database of Systematic Reviews. Titles are not read: "guideline" in a title may be its subject.

    Returns
    -------
    dict
        By key and role, where it is stated first.
    """
    found: Stated = {}
    for key, role, basis in (*_of_library(entries), *_of_tables(root)):
        found.setdefault(key, {}).setdefault(role, basis)
    return found


def cited_roles(edges: Iterable[Edge], reports: Iterable[str] = ()) -> Stated:
    """The roles that follow from the citations and the records: what reviews others, and what a study names.

    Parameters
    ----------
    edges : iterable of Edge
        The citations; the source of `reviews` or `meta_analyses` is a review.
    reports : iterable of str
        Keys that records name in `cite`.
    """
    found: Stated = {}
    for edge in edges:
        if edge.relation in REVIEWING:
            found.setdefault(edge.source, {}).setdefault(REVIEW, f"{edge.place.path}:{edge.place.line}")
    for key in reports:
        found.setdefault(key, {}).setdefault(REPORT, "a record names it")
    return found


def _of_library(entries: Iterable[Entry]) -> Iterator[tuple[str, str, str]]:
    for entry in entries:
        for name in ("keywords", "type", "entrysubtype"):
            for word in entry.get(name).replace(";", ",").split(","):
                if role := WORDS.get(word.strip().lower()):
                    yield entry.key, role, f"{entry.place} ({name})"
        if entry.doi.lower().startswith(COCHRANE):
            yield entry.key, REVIEW, f"{entry.place} (a DOI of the Cochrane Database of Systematic Reviews)"


def _of_tables(root: Path) -> Iterator[tuple[str, str, str]]:
    for line, row in _rows(root, STATEMENTS):
        if role := WORDS.get(row.get("design", "").strip().lower()):
            yield row.get("document", "").strip(), role, f"{STATEMENTS}:{line} (design)"
    for line, row in _rows(root, POOLED):
        yield row.get("review", "").strip(), REVIEW, f"{POOLED}:{line} (its pooled results)"


def _rows(root: Path, path: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table by column, with their lines; none where there is no such file."""
    if not (root / path).is_file():
        return
    text = files.read_limited(root / path, LIMIT).decode("utf-8-sig", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    with contextlib.suppress(csv.Error):  # the table's own reader reports it
        header = next(reader, [])
        line = reader.line_num + 1
        for row in reader:
            yield line, dict(zip(header, row, strict=False))
            line = reader.line_num + 1
