"""The entries of a library as records, each with the entry it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from synthesis.bibliography.duplicates.record import Record, record_of_entry
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import Library

NO_DOCUMENTS = frozenset(("xdata", "set", "control", "comment"))  # types of biblatex that stand for no document


@dataclass(frozen=True, slots=True)
class Held:
    """An entry of the library as a record."""

    record: Record
    entry: Entry
    library: int  # its place among the files
    number: int  # its place among the entries of the file


def held_in(libraries: Sequence[Library]) -> Mapping[str, Held]:
    """All entries of a library by the key of their record.

    That is the key of the entry; of a repeated key the second one has its place behind it, so that copies of an entry
    are found too.
    """
    found: dict[str, Held] = {}
    for shelf, library in enumerate(libraries):
        for number, entry in enumerate(library.entries):
            if entry.type in NO_DOCUMENTS or not entry.key:
                continue
            record = record_of_entry(entry)
            if entry.key in found:
                record = replace(record, key=f"{entry.key} at {entry.place}")
            found[record.key] = Held(record, entry, shelf, number)
    return found
