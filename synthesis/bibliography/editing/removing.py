"""An entry taken out of the library with its own white space, so that the gaps between the others stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from synthesis import files
from synthesis.bibliography.blocks import Block, Lines
from synthesis.bibliography.editing.edited import Change, Edited
from synthesis.bibliography.editing.refused import RefusedError, at
from synthesis.bibliography.editing.shelf import Held, all_locked, entry_block, files_of, find_entry, held
from synthesis.bibliography.entry import Entry, Field
from synthesis.bibliography.library import Library, read_library
from synthesis.bibliography.splices import Splice, encoded, spliced
from synthesis.errors import Problem

ONE_KEY = ("crossref", "xref")
SEVERAL_KEYS = ("xdata", "entryset", "related", "ids")
KEY_FIELDS = (*ONE_KEY, *SEVERAL_KEYS)  # of BibTeX and biblatex (manual, 2.2.3): their values are keys


def remove(
    folder: Path,
    key: str,
    cited: Callable[[], Iterable[Problem]] = tuple,
    *,
    with_locks: Iterable[Path] = (),
    dry_run: bool = False,
) -> Edited:
    """An entry taken out, in whichever file of a folder it is; every other byte stays.

    Parameters
    ----------
    folder : Path
        Of the library.
    key : str
        Of the entry.
    cited : callable, optional
        Gives the places outside the library that cite it; asked when all locks are held.
    with_locks : iterable of Path, optional
        Further files and folders that are locked meanwhile.
    dry_run : bool, optional
        Everything is checked, nothing is written.

    Raises
    ------
    RefusedError
        Something cites the entry: all places, SY464. Or the file would read differently in other places.
    NotFound
        There is no such entry.
    """
    with all_locked([*files_of(folder), *with_locks], writing=not dry_run):
        shelf = held(folder)
        home, number = find_entry(shelf, key)
        entry = home.library.entries[number]
        if citing := [*cited(), *_citing(shelf, entry), *_perhaps_citing(shelf, key)]:
            raise RefusedError(citing)
        text = spliced(home.library.text, [Splice(*_own_space(home.library, entry_block(home.library, number)), "")])
        _verify(home, number, text)
        if not dry_run:
            files.write_atomic(home.path, encoded(home.library, text))
    return Edited(home.library.path, key, (Change(key, entry.raw, ""),))


def citing_fields(shelf: Sequence[Held], key: str) -> Iterator[tuple[Entry, Field]]:
    """Fields of entries that name a key, in whatever case: BibTeX compares without regard to it."""
    for one in shelf:
        for entry in one.library.entries:
            for field in entry.fields:
                if field.name in KEY_FIELDS and key.lower() in keys_in(field.name, field.value.lower()):
                    yield entry, field


def keys_in(name: str, value: str) -> list[str]:
    """The keys that a field names."""
    return [part.strip() for part in (value.split(",") if name in SEVERAL_KEYS else [value])]


def cited_at(path: str, line: int, column: int, key: str, what: str) -> Problem:
    """A place that keeps an entry from being removed."""
    return Problem(
        path, line, column, "SY464", f"{what} cites {key!r}", "let it cite another entry, or take it out first"
    )


def _citing(shelf: Sequence[Held], gone: Entry) -> Iterator[Problem]:
    for entry, field in citing_fields(shelf, gone.key):
        if entry is not gone:
            yield cited_at(entry.path, field.line, field.column, gone.key, f"{field.name} of {entry.key!r}")


def _perhaps_citing(shelf: Sequence[Held], key: str) -> Iterator[Problem]:
    """Mentions in blocks that cannot be read, of which nobody knows what they cite; fields that belong to no entry."""
    word = re.compile(rf"(?<!\w){re.escape(key)}(?!\w)", re.IGNORECASE)
    field = re.compile(rf"\b(?:{'|'.join(KEY_FIELDS)})\s*=.*{word.pattern}", re.IGNORECASE)
    for one in shelf:
        text, lines = one.library.text, None
        for block in one.library.blocks:
            pattern = {"unreadable": word, "text": field}.get(block.kind)
            for found in pattern.finditer(text, block.start, block.end) if pattern else ():
                lines = lines or Lines.of(text)
                yield cited_at(one.library.path, *lines.place(found.start()), key, "this cannot be read, and perhaps")


def _own_space(library: Library, block: Block) -> tuple[int, int]:
    """From where to where an entry is cut out: with the gap after it; the last one with the gap before it."""
    place = library.blocks.index(block)
    if place + 1 < len(library.blocks):
        return block.start, library.blocks[place + 1].start
    if place:
        return library.blocks[place - 1].end, block.end
    return block.start, len(library.text)


def _verify(home: Held, number: int, text: str) -> None:
    """Refuse unless all other entries are as they were and no fault is new."""
    before = home.library
    after = read_library(encoded(before, text), before.path, before.strings)
    entry = before.entries[number]
    rest = [one.raw for place, one in enumerate(before.entries) if place != number]
    new = after.faults() - before.faults()
    if [one.raw for one in after.entries] != rest or new:
        what = f"without {entry.key!r} the rest of the file would read differently"
        raise RefusedError([at(entry, "SY463", what, "mend what is wrong around it first; see `synth bib lint`")])
