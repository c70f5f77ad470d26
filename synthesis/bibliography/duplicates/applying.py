"""Merges as changes of the text of the library: pure functions, nothing is written here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from synthesis.bibliography.blocks import Block
from synthesis.bibliography.duplicates.archive import AROUND, Change, Merged
from synthesis.bibliography.duplicates.merging import Merge, Taken
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import Library, read_library
from synthesis.bibliography.scan import Scan
from synthesis.bibliography.splices import ChangedMoreError, Splice, encoded, spliced
from synthesis.bibliography.style import Style, field_text, style_of, style_of_blocks

FEW = 2  # fields from which on an entry has a layout of its own


@dataclass(frozen=True, slots=True)
class Applied:
    """New texts of the files that change, by their place among the files, and what was done."""

    texts: Mapping[int, str]
    merged: tuple[Merged, ...]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A splice of one merge."""

    splice: Splice
    merge: int  # its place among the merges
    key: str


def applied(libraries: Sequence[Library], merges: Sequence[Merge], run: int) -> Applied:
    """All merges at once.

    Raises
    ------
    ChangedMoreError
        Something would change that no merge asks for.
    """
    cuts = {
        shelf: [*_filled(library, shelf, merges), *_taken_out(library, shelf, merges)]
        for shelf, library in enumerate(libraries)
    }
    texts = {
        shelf: spliced(libraries[shelf].text, (cut.splice for cut in found)) for shelf, found in cuts.items() if found
    }
    for shelf, text in texts.items():
        _verify(libraries[shelf], shelf, text, merges)
    changes: dict[int, list[Change]] = defaultdict(list)
    for shelf, text in texts.items():
        for number, change in _changes(libraries[shelf], text, cuts[shelf]):
            changes[number].append(change)
    merged = tuple(
        Merged(
            run,
            merge.kept.entry.key,
            tuple(one.entry.key for one in merge.removed),
            merge.because,
            tuple(changes[number]),
        )
        for number, merge in enumerate(merges)
    )
    return Applied(texts, merged)


def entry_blocks(library: Library) -> list[int]:
    """The places of the blocks that are entries, in the order of the entries."""
    return [place for place, block in enumerate(library.blocks) if block.kind == "entry"]


def _taken_out(library: Library, shelf: int, merges: Sequence[Merge]) -> Iterator[_Cut]:
    """The removed entries with the white space after them, or before them at the end of the file."""
    blocks = entry_blocks(library)
    gone = {
        blocks[one.number]: (number, one)
        for number, merge in enumerate(merges)
        for one in merge.removed
        if one.library == shelf
    }
    last = len(library.blocks)
    while last - 1 in gone:
        last -= 1
    for place in sorted(gone):
        number, one = gone[place]
        yield _Cut(Splice(*_extent(library.blocks, place, ending=place >= last), ""), number, one.entry.key)


def _extent(blocks: Sequence[Block], place: int, *, ending: bool) -> tuple[int, int]:
    block = blocks[place]
    if ending:
        return (blocks[place - 1].end if place else block.start), block.end
    return block.start, blocks[place + 1].start


def _filled(library: Library, shelf: int, merges: Sequence[Merge]) -> Iterator[_Cut]:
    """The fields that entries take over: in place of a poorer one, or after the last field."""
    taking = [(number, merge) for number, merge in enumerate(merges) if merge.taken and merge.kept.library == shelf]
    if not taking:
        return
    style, blocks = style_of(library), entry_blocks(library)
    for number, merge in taking:
        block = library.blocks[blocks[merge.kept.number]]
        scan = block.scan
        assert scan is not None
        own = style_of_blocks(library.text, [block], style) if len(scan.fields) >= FEW else style
        for splice in (*_replaced(scan, merge.taken), *_added(scan, merge.taken, own)):
            yield _Cut(splice, number, merge.kept.entry.key)


def _replaced(scan: Scan, taken: Sequence[Taken]) -> Iterator[Splice]:
    written = {one.name: one.written for one in taken if one.instead}
    for raw in scan.fields:
        if raw.name.lower() in written:
            yield Splice(raw.value_start, raw.value_end, written.pop(raw.name.lower()))


def _added(scan: Scan, taken: Sequence[Taken], style: Style) -> Iterator[Splice]:
    new = [one for one in taken if not one.instead]
    if not new:
        return
    names = [raw.name for raw in scan.fields] + [one.name for one in new]
    width = max(map(len, names)) + 1 if style.aligned == "entry" else style.column
    text = "".join(
        style.separator.replace("\n", style.newline) + field_text(one.name, one.written, style, width) for one in new
    )
    yield Splice(scan.fields[-1].value_end, scan.fields[-1].value_end, text)


def _changes(library: Library, text: str, cuts: Iterable[_Cut]) -> Iterator[tuple[int, Change]]:
    shift = 0
    for cut in sorted(cuts, key=lambda one: one.splice):
        splice = cut.splice
        start = splice.start + shift
        end = start + len(splice.text)
        shift += len(splice.text) - (splice.end - splice.start)
        yield (
            cut.merge,
            Change(
                path=library.path,
                key=cut.key,
                was=splice.start,
                start=start,
                before=library.text[splice.start : splice.end],
                after=splice.text,
                lead=text[max(0, start - AROUND) : start],
                trail=text[end : end + AROUND],
            ),
        )


def _verify(library: Library, shelf: int, text: str, merges: Sequence[Merge]) -> None:
    """Refuse unless every entry that stays reads as before, with what it takes over and nothing else."""
    read = read_library(encoded(library, text), library.path, library.strings)
    gone = {one.number for merge in merges for one in merge.removed if one.library == shelf}
    taken = {merge.kept.number: merge.taken for merge in merges if merge.kept.library == shelf}
    stay = [(number, entry) for number, entry in enumerate(library.entries) if number not in gone]
    if len(stay) != len(read.entries):
        raise ChangedMoreError(f"{library.path} would have {len(read.entries)} entries, not {len(stay)}")
    for (number, old), new in zip(stay, read.entries, strict=True):
        if not _as_meant(old, new, taken.get(number, ())):
            raise ChangedMoreError(f"{old.place}: more of {old.key!r} would change than was meant")


def _as_meant(old: Entry, new: Entry, taken: Sequence[Taken]) -> bool:
    if not taken:
        return old.raw == new.raw
    instead = {one.name for one in taken if one.instead}
    names = [field.name for field in old.fields] + [one.name for one in taken if not one.instead]
    kept = [field for field in old.fields if field.name not in instead]
    same = [field for field in new.fields if field.name not in {one.name for one in taken}]
    return (
        (old.key, old.type, names) == (new.key, new.type, [field.name for field in new.fields])
        and [(field.name, field.written) for field in kept] == [(field.name, field.written) for field in same]
        and all((field := new.field(one.name)) is not None and field.written == one.written for one in taken)
    )


def line_changes(path: str, key: str, before: str, after: str) -> Iterator[Change]:
    """The lines of a text that differ from those of another one with as many lines."""
    was = start = 0
    for old, new in zip(before.splitlines(keepends=True), after.splitlines(keepends=True), strict=True):
        if old != new:
            end = start + len(new)
            yield Change(
                path, key, was, start, old, new, after[max(0, start - AROUND) : start], after[end : end + AROUND]
            )
        was, start = was + len(old), start + len(new)
