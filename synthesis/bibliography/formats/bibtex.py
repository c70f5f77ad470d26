"""BibTeX as a format of exchange: files of other people in, a file that stands by itself out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.formats.faults import faulty_in
from synthesis.bibliography.formats.reference import Imported, Reference, bibtex_of, by_lower_key, reference_of
from synthesis.bibliography.library import Library, read_library
from synthesis.bibliography.macros import MONTHS
from synthesis.errors import Problem, Severity

BESIDE = {"comment": "comments", "preamble": "preambles", "text": "text between entries"}
PARENTS = ("crossref", "xdata", "xref")


def read_bibtex(data: bytes, path: str) -> Imported:
    """Every entry of a file of BibTeX, with macros and crossref filled in; see `Format`."""
    library = read_library(data, path)
    parents = by_lower_key(library.entries)
    references = tuple(reference_of(entry, parents) for entry in library.entries)
    problems = [*library.problems, *_not_taken(library), *_repeated(library)]
    return Imported(references, tuple(sorted(problems)), faulty_in(library))


def _not_taken(library: Library) -> Iterator[Problem]:
    """A note on what of a file is no entry: a reference has no place for it."""
    counts = Counter(block.kind for block in library.blocks if block.kind in BESIDE)
    if counts:
        words = ", ".join(f"{BESIDE[kind]} ({count})" for kind, count in sorted(counts.items()))
        what = f"no entries, and not taken over: {words}"
        yield Problem(library.path, 1, 1, "SY545", what, "nothing, or copy them by hand", Severity.NOTE)


def _repeated(library: Library) -> Iterator[Problem]:
    for entry in library.entries:
        seen: set[str] = set()
        for field in entry.fields:
            if field.name in seen:
                what = f"the field {field.name!r} of {entry.key!r} is given twice; the first is read"
                remedy = "take one of the two out"
                yield Problem(library.path, field.line, field.column, "SY432", what, remedy, Severity.WARNING)
            seen.add(field.name)


def write_bibtex(references: Iterable[Reference]) -> str:
    """The entries, one empty line between them."""
    return "\n".join(bibtex_of(reference) for reference in references)


def extract(libraries: Sequence[Library], chosen: Sequence[Entry]) -> str:
    """Entries of a library as they stand in their files, with all that they need.

    The macros that they use come first, resolved; the parents that `crossref`, `xref` and `xdata` name come last, as
    BibTeX asks for it.

    Parameters
    ----------
    libraries : sequence of Library
        As `read_folder` gives them.
    chosen : sequence of Entry
        The entries to take, in this order.
    """
    known = by_lower_key([entry for library in libraries for entry in library.entries])
    parents = _parents(chosen, known)
    taken = [*(entry for entry in chosen if entry not in parents), *parents]
    strings = {name: text for library in libraries for name, text in library.strings.items()}
    return "\n".join([*_strings(taken, strings), *(f"{entry.raw}\n" for entry in taken)])


def _parents(entries: Sequence[Entry], known: Mapping[str, Entry]) -> list[Entry]:
    """The parents of some entries, and theirs, children before parents."""
    found: dict[str, Entry] = {}
    waiting = list(entries)
    for _ in range(len(known)):
        waiting = [parent for entry in waiting for parent in _named(entry, known) if parent.key not in found]
        if not waiting:
            break
        found.update((parent.key, parent) for parent in waiting)
    return list(found.values())


def _named(entry: Entry, known: Mapping[str, Entry]) -> Iterator[Entry]:
    for name in PARENTS:
        for key in filter(None, (part.strip().lower() for part in entry.get(name).split(","))):
            if key in known:
                yield known[key]


def _strings(entries: Iterable[Entry], strings: Mapping[str, str]) -> list[str]:
    """The macros that entries use, as @string; months are BibTeX's own."""
    used = {macro.lower() for entry in entries for field in entry.fields for macro in field.macros}
    lines = [f"@string{{{name} = {{{strings[name]}}}}}\n" for name in sorted(used & strings.keys() - MONTHS.keys())]
    return ["".join(lines)] if lines else []
