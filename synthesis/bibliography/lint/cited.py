"""What the records cite against what the library has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import Library
from synthesis.errors import Problem, Severity, did_you_mean


class PlaceLike(Protocol):
    """Where something is cited: a file of the review, a line and a column, from 1."""

    @property
    def path(self) -> str:
        """Relative to the review folder."""

    @property
    def line(self) -> int:
        """The first is 1."""

    @property
    def column(self) -> int:
        """The first is 1."""


def check_cited(
    libraries: Library | Sequence[Library], cited: Mapping[str, PlaceLike | Sequence[PlaceLike]]
) -> tuple[Problem, ...]:
    """Cited keys that no entry has (SY450, at every citing place) and entries that nothing cites (SY451, a note).

    Parameters
    ----------
    libraries : Library or sequence of Library
        All files of the library: see `read_folder`.
    cited : mapping
        Each cited key with the place, or places, that cite it.
    """
    files = (libraries,) if isinstance(libraries, Library) else tuple(libraries)
    entries = {entry.key: entry for library in files for entry in library.entries}
    missing = (
        problem for key, places in cited.items() if key not in entries for problem in _missing(key, places, entries)
    )
    used = {*cited, *(key for entry in entries.values() for key in _inherited(entry))}
    unused = (_unused(entry) for entry in entries.values() if entry.key not in used)
    return tuple(sorted([*missing, *unused]))


def _missing(key: str, places: PlaceLike | Sequence[PlaceLike], entries: Mapping[str, Entry]) -> Iterator[Problem]:
    where = places if isinstance(places, Sequence) else (places,)
    remedy = f"add the entry with `synth bib add`; {did_you_mean(key, entries)}"
    for place in where:
        yield Problem(place.path, place.line, place.column, "SY450", f"{key!r} is not in the library", remedy)


def _inherited(entry: Entry) -> Iterator[str]:
    """Keys of the entries that an entry takes fields from, or consists of."""
    for name in ("crossref", "xref", "xdata", "entryset"):
        yield from (key.strip() for key in entry.get(name).split(",") if key.strip())


def _unused(entry: Entry) -> Problem:
    what = f"nothing cites {entry.key!r}"
    remedy = "cite it in a study record or in citations.csv, or take it out"
    return Problem(entry.path, entry.line, entry.column, "SY451", what, remedy, Severity.NOTE)
