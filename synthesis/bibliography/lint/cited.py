"""What the records cite against what the library has."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import Library
from synthesis.bibliography.lint.rule import Rule
from synthesis.bibliography.lint.shelf import PlaceLike, Shelf
from synthesis.errors import Problem, Severity, did_you_mean

MOST = 20  # missing keys for which the nearest one is looked for


def check(shelf: Shelf) -> tuple[Problem, ...]:
    """What `check_cited` finds, where somebody has looked what is cited."""
    return () if shelf.cited is None else check_cited(shelf.libraries, shelf.cited)


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
    lost = [key for key in cited if key not in entries]
    missing = (
        problem
        for number, key in enumerate(lost)
        for problem in _missing(key, cited[key], entries if number < MOST else ())
    )
    used = {*cited, *(key for entry in entries.values() for key in _inherited(entry))}
    unused = (_unused(entry) for entry in entries.values() if entry.key not in used)
    return tuple(sorted([*missing, *unused]))


def _missing(key: str, places: PlaceLike | Sequence[PlaceLike], keys: Collection[str]) -> Iterator[Problem]:
    where = places if isinstance(places, Sequence) else (places,)
    nearest = f"; {did_you_mean(key, keys)}" if keys else ""
    remedy = f"add the entry with `synth bib add`{nearest}"
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


RULE = Rule(
    name="cited",
    codes=("SY450", "SY451"),
    says="what records and tables cite has an entry, and every entry is cited",
    check=check,
    severity=Severity.ERROR,
)
