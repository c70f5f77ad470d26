"""Records from a table (CSV or TSV) of references, as databases and other programs export them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from synthesis.bibliography.duplicates.record import Record, record_of_row
from synthesis.errors import InvalidData, Problem, did_you_mean

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "key": ("key", "record_id", "id", "citekey", "recordid", "accession", "accession number", "ut", "rayyan_id"),
    "author": ("author", "authors", "au", "author names", "author full names"),
    "title": ("title", "ti", "article title", "document title", "primary title"),
    "year": ("year", "py", "publication year", "date", "publication date"),
    "journal": ("journal", "source title", "so", "secondary title", "secondary_title",
                "publication title", "jo", "source"),
    "doi": ("doi", "di", "digital object identifier"),
    "volume": ("volume", "vl", "vol"),
    "number": ("number", "issue", "is"),
    "pages": ("pages", "page", "pp", "start page", "sp", "bp"),
    "pmid": ("pmid", "pubmed id", "pubmed_id", "pm"),
    "isbn": ("isbn",),
    "issn": ("issn", "isbn/issn", "sn"),
    "type": ("type", "document type", "dt", "reference type"),
    "url": ("url", "link"),
    "abstract": ("abstract", "ab"),
}  # fmt: skip
ABSENT = frozenset(("NA", "N/A", "NULL", "nan", "None"))
DELIMITERS = (",", "\t", ";")
LONGEST = 10_000_000  # characters of one cell


def records_of_table(data: bytes, path: str) -> tuple[Record, ...]:
    """Every row of a table that has a title or a DOI.

    Parameters
    ----------
    data : bytes
        UTF-8, or Windows-1252 where it is not UTF-8; parted by commas, tabs or semicolons.
    path : str
        The file's name in messages.

    Raises
    ------
    InvalidData
        It is no table, or has neither a column of titles nor one of DOIs.
    """
    text = _decoded(data)
    csv.field_size_limit(LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = next(reader, [])
        places = _places(header, path)
        rows = [(place, row) for place, row in enumerate(reader, 2) if any(row)]
    except csv.Error as error:
        remedy = "save it as CSV with quoted cells"
        raise InvalidData([Problem(path, reader.line_num or 1, 1, "SY550", f"no table: {error}", remedy)]) from error
    return tuple(_records(rows, places, path))


def _records(rows: Sequence[tuple[int, list[str]]], places: Mapping[str, int], path: str) -> Iterator[Record]:
    named = [(number, {name: _cell(row, place) for name, place in places.items()}) for number, row in rows]
    counts = Counter(row.get("key", "") for _, row in named)
    for number, row in named:
        given = row.pop("key", "")
        key = given if given and counts[given] == 1 else f"{given} row {number}".strip()
        yield record_of_row(key, f"{path}: row {number}", row)


def _cell(row: Sequence[str], place: int) -> str:
    text = row[place].strip() if place < len(row) else ""
    return "" if text in ABSENT else text


def _places(header: Sequence[str], path: str) -> dict[str, int]:
    """The column of each field; `source` is a journal only where no other column is."""
    names = [name.strip().lower().strip('"') for name in header]
    places = {field: names.index(found) for field, known in COLUMNS.items() if (found := _first(known, names))}
    if "title" not in places and "doi" not in places:
        remedy = f"name the columns as BibTeX names fields; {did_you_mean('title', names)}"
        raise InvalidData([Problem(path, 1, 1, "SY551", "no column of titles or DOIs", remedy)])
    return places


def _first(known: Sequence[str], names: Sequence[str]) -> str:
    return next((name for name in known if name in names), "")


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(DELIMITERS, key=lambda sign: (first.count(sign), -DELIMITERS.index(sign)))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
