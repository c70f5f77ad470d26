"""Every key of the library that a review uses, with the places that use it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from synthesis import files
from synthesis.citations.edges import LIMIT, Edge
from synthesis.records.study import Place

if TYPE_CHECKING:
    from synthesis.records.study import Source, Study

FOLDER = "studies/published"
COLUMNS = ("document", "review")  # of published tables, that hold a key of the library

Cited = dict[str, tuple[Place, ...]]


def cited_keys(root: Path, studies: Iterable[Study]) -> Cited:
    """Keys that the records and the published tables use.

    Records use the reports of a study (`cite`) and the documents that facts were read in; published tables the
    columns `document` and `review`. What is wrong with the tables themselves is for their readers to say.

    Parameters
    ----------
    root : Path
        The review folder.
    studies : iterable of Study
        Its records.
    """
    return _by_key([*_of_studies(studies), *_of_tables(root)])


def keys_of_edges(edges: Iterable[Edge]) -> Cited:
    """Keys that the citations use, as source or target."""
    return _by_key((key, edge.place) for edge in edges for key in (edge.source, edge.target))


def merged(*several: Cited) -> Cited:
    """All places of each key, in order and without repeats."""
    return _by_key((key, place) for one in several for key, places in one.items() for place in places)


def _by_key(found: Iterable[tuple[str, Place]]) -> Cited:
    places: dict[str, dict[Place, None]] = {}
    for key, place in found:
        places.setdefault(key, {})[place] = None
    return {key: tuple(places[key]) for key in sorted(places)}


def _of_studies(studies: Iterable[Study]) -> Iterator[tuple[str, Place]]:
    for study in studies:
        yield from ((key, study.place) for key in study.cite)
        of_bias, judged = (source for _, _, source in study.risk_of_bias), (one.source for one in study.judgements)
        yield from _read_in(study.place, study.maryland.source, *of_bias, *judged)
        for finding in study.findings:
            yield from _read_in(finding.place, finding.source, finding.level.source if finding.level else None)


def _read_in(place: Place, *sources: Source | None) -> Iterator[tuple[str, Place]]:
    return ((source.document, place) for source in sources if source is not None and source.document)


def _of_tables(root: Path) -> Iterator[tuple[str, Place]]:
    for path in sorted((root / FOLDER).glob("*.csv")):
        text = files.read_limited(path, LIMIT).decode("utf-8-sig", errors="replace")
        yield from _of_table(text, f"{FOLDER}/{path.name}")


def _of_table(text: str, path: str) -> Iterator[tuple[str, Place]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    columns = [header.index(name) for name in COLUMNS if name in header]
    line = reader.line_num + 1
    for row in reader:
        for column in columns:
            if len(row) > column and (key := row[column].strip()):
                yield key, Place(path, line, column + 1)
        line = reader.line_num + 1


def with_readings(edges: Iterable[Edge], studies: Iterable[Study]) -> tuple[Edge, ...]:
    """The citations, and those that the records imply: what a finding was read in extracts a report of its study.

    Parameters
    ----------
    edges : iterable of Edge
        Of `citations.csv`; a document that includes a study by one of them gets no second one.
    studies : iterable of Study
        The records.
    """
    known = tuple(edges)
    including = {(edge.source, edge.target) for edge in known if edge.relation != "cites"}
    implied: dict[tuple[str, str], Edge] = {}
    for study in studies:
        for finding in study.findings:
            source = finding.source
            told = source.document in study.cite or any((source.document, key) in including for key in study.cite)
            if study.cite and not told:
                edge = Edge(source.document, study.cite[0], "extracts", source.at, finding.place)
                implied.setdefault((edge.source, edge.target), edge)
    return (*known, *implied.values())
