"""Another key for an entry: where it is written in the library, and the bytes of these places alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis.bibliography.editing.refused import RefusedError, at
from synthesis.bibliography.editing.removing import KEY_FIELDS, citing_fields, keys_in
from synthesis.bibliography.editing.shelf import Held, find_entry, not_utf8
from synthesis.bibliography.entry import Entry, Field
from synthesis.bibliography.library import Library, read_library
from synthesis.bibliography.lint.repeated_keys import clash
from synthesis.bibliography.splices import Splice, encoded, spliced
from synthesis.errors import InvalidArgument

KEY = re.compile(r"[^\s,={}()\"'#%~\\]+")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The new bytes of a file, and how many places of it change."""

    path: Path
    label: str
    data: bytes
    places: int


def check_key(key: str) -> None:
    """Raise InvalidArgument unless a text can be a key."""
    if unseen := invisible_in(key):
        raise InvalidArgument(f"{key!r} is no key: write it without {unseen}, which nobody sees")
    if not KEY.fullmatch(key):
        raise InvalidArgument(f"{key!r} is no key: write it without blanks and without , = {{ }} ( ) \" ' # % ~ \\")


def invisible_in(key: str) -> str:
    """The first sign of a key that nobody sees, by its number; nothing where there is none."""
    return next((f"U+{ord(char):04X}" for char in key if not char.isprintable()), "")


def rekeyed(shelf: Sequence[Held], old: str, new: str) -> list[Rewritten]:
    """The files of the library that change when a key does, that of the entry itself last.

    Raises
    ------
    NotFound
        There is no entry `old`.
    InvalidArgument
        `new` is no key.
    RefusedError
        `new` is taken, or a place cannot be rewritten: nothing may be written.
    """
    check_key(new)
    home, number = find_entry(shelf, old)
    if not new.isascii() and (wrong := [one for held in shelf for one in not_utf8(held.library)]):
        raise RefusedError(wrong)
    entry = home.library.entries[number]
    taken = [
        one for held in shelf for one in held.library.entries if one.key.lower() == new.lower() and one is not entry
    ]
    if taken:
        raise RefusedError([clash(_named(entry, new), one) for one in taken], taken)
    files = {held.path: list(_cited(held.library, old, new)) for held in shelf}
    files[home.path].append(_own(home.library, number, new))
    by_path = {held.path: held.library for held in shelf}
    order = [*(path for path in files if path != home.path), home.path]
    return [_rewritten(path, by_path[path], files[path], old, new) for path in order if files[path]]


def _named(entry: Entry, key: str) -> Entry:
    return Entry(
        key, entry.type, entry.fields, entry.path, entry.line, entry.column, entry.text, entry.start, entry.end
    )


def _own(library: Library, number: int, new: str) -> Splice:
    entry = library.entries[number]
    blocks = [block for block in library.blocks if block.kind == "entry"]
    scan = blocks[number].scan
    assert scan is not None
    start = scan.key_end - len(entry.key)
    return Splice(start, scan.key_end, new)


def _cited(library: Library, old: str, new: str) -> Iterator[Splice]:
    """The places where fields of a file name the key."""
    blocks = [block for block in library.blocks if block.kind == "entry"]
    whole = re.compile(rf"(?<![^\s,{{}}\"]){re.escape(old)}(?![^\s,{{}}\"])", re.IGNORECASE)
    numbers = {id(entry): number for number, entry in enumerate(library.entries)}
    for entry in dict.fromkeys(id(one) for one, _ in citing_fields([Held(Path(), library)], old)):
        number = numbers[entry]
        scan = blocks[number].scan
        for raw in scan.fields if scan else ():
            if raw.name.lower() in KEY_FIELDS:
                for found in whole.finditer(library.text, raw.value_start, raw.value_end):
                    yield Splice(found.start(), found.end(), new)


def _rewritten(path: Path, library: Library, splices: Sequence[Splice], old: str, new: str) -> Rewritten:
    """The file after the splices, refused unless every entry reads as before but for the key."""
    data = encoded(library, spliced(library.text, splices))
    after = read_library(data, library.path, library.strings)
    meant = [_renamed(entry, old, new) for entry in library.entries]
    faults = after.faults() - library.faults()
    if faults or [_renamed(entry, new, new) for entry in after.entries] != meant:
        wrong = next((entry for entry in library.entries if _cites(entry, old)), library.entries[0])
        remedy = "write the key out in its fields, without macros and #, or rename it by hand"
        raise RefusedError([at(wrong, "SY463", f"{old!r} cannot be renamed here without changing more", remedy)])
    return Rewritten(path, library.path, data, len(splices))


def _cites(entry: Entry, key: str) -> bool:
    return entry.key == key or any(field.name in KEY_FIELDS and key in field.value for field in entry.fields)


def _renamed(entry: Entry, old: str, new: str) -> tuple[str, str, tuple[tuple[str, object], ...]]:
    """What an entry says, with a key replaced."""
    fields = tuple(
        (field.name, _keys(field, old, new) if field.name in KEY_FIELDS else field.value) for field in entry.fields
    )
    return entry.type, new if entry.key == old else entry.key, fields


def _keys(field: Field, old: str, new: str) -> tuple[str, ...]:
    return tuple(new if key.lower() == old.lower() else key for key in keys_in(field.name, field.value))
