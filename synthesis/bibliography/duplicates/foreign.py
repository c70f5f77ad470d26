"""Records from a file of any program: a table, BibTeX, or one of the formats of exchange."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from synthesis import files
from synthesis.bibliography.duplicates.record import Record, record_of_entry, record_of_reference
from synthesis.bibliography.duplicates.tables import records_of_table
from synthesis.bibliography.library import LIMIT, read_library
from synthesis.errors import InvalidArgument, Problem

TABLES = (".csv", ".tsv", ".txt")
LARGEST = 4 * LIMIT


@dataclass(frozen=True, slots=True)
class Read:
    """The records of a file, with keys that differ, and what could not be read."""

    records: tuple[Record, ...]
    problems: tuple[Problem, ...] = ()


def records_of_file(path: Path) -> Read:
    """Everything in a file that can be compared; the ending of its name tells the format.

    Raises
    ------
    InvalidArgument
        No format has this ending.
    InvalidData
        A table that is none.
    DiskError
        The file cannot be read.
    """
    ending = path.suffix.lower()
    if ending == ".bib":
        library = read_library(path)
        return Read(_numbered(record_of_entry(entry) for entry in library.entries), library.problems)
    if ending in TABLES:
        return Read(records_of_table(files.read_limited(path, LARGEST), path.name))
    from synthesis.bibliography.formats import FORMATS

    known = next((one for one in FORMATS.values() if ending in one.extensions), None)
    if known is None:
        endings = sorted({*TABLES, ".bib", *(one for found in FORMATS.values() for one in found.extensions)})
        raise InvalidArgument(f"{path.name}: no format has the ending {ending!r}; known are {', '.join(endings)}")
    imported = known.read(files.read_limited(path, LARGEST), path.name)
    return Read(_numbered(map(record_of_reference, imported.references)), imported.problems)


def _numbered(records: Iterable[Record]) -> tuple[Record, ...]:
    """Records whose keys differ: one that has none, or one that another has too, is called by its place."""
    given = list(records)
    counts = Counter(record.key for record in given)
    return tuple(_distinct(given, counts))


def _distinct(records: Iterable[Record], counts: Counter[str]) -> Iterator[Record]:
    for number, record in enumerate(records, 1):
        if record.key and counts[record.key] == 1:
            yield record
        else:
            yield replace(record, key=f"{record.key} {number}".strip())
