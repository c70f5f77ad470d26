"""Fields of one entry set and taken out: only the bytes of their values change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from synthesis import files
from synthesis.bibliography.blocks import LINE_END, Block
from synthesis.bibliography.editing.edited import Change, Edited
from synthesis.bibliography.editing.manner import fits_in_quotes
from synthesis.bibliography.editing.refused import RefusedError, at
from synthesis.bibliography.editing.shelf import all_locked, entry_block, files_of, find_entry, held, not_utf8
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import CONTROL, Library
from synthesis.bibliography.macros import MONTHS, one_blank
from synthesis.bibliography.scan import NAME, RawField, Scan, scan_entry
from synthesis.bibliography.splices import Splice, encoded, respliced
from synthesis.bibliography.style import Style, field_text, style_of, style_of_blocks
from synthesis.errors import InvalidArgument, NotFound, Problem, did_you_mean

CLOSED_BY = {"{": "}", '"': '"', "": ""}
FEW = 2  # fields from which on an entry has a layout of its own


def set_fields(
    folder: Path, key: str, values: Mapping[str, str], unset: Collection[str] = (), *, dry_run: bool = False
) -> Edited:
    r"""Values of one entry changed, in whichever file of a folder it is.

    Parameters
    ----------
    folder : Path
        Of the library.
    key : str
        Of the entry.
    values : mapping
        By name of the field, what stands between its delimiters, in BibTeX: `{DNA}` and `\&` are written as given.
        A field that the entry has keeps its delimiters, but for quotes around a value with a quote in it; where a
        number or a macro stands without any, a number or a known macro stays without. A new field is put where other
        entries of the file have it, in the layout of the entry.
    unset : collection of str, optional
        Names of fields that go, all of that name.
    dry_run : bool, optional
        Everything is checked, nothing is written.

    Returns
    -------
    Edited
        No changes where the values were so already.

    Raises
    ------
    NotFound
        There is no such entry, or no such field to unset.
    InvalidArgument
        A name or value cannot be written.
    RefusedError
        The entry has a field to set twice, or is there twice.
    ChangedMoreError
        The file would read differently in other places.
    """
    _check(values, unset)
    with all_locked(files_of(folder), writing=not dry_run):
        home, number = find_entry(held(folder), key)
        if not "".join((*values, *values.values())).isascii() and (wrong := not_utf8(home.library)):
            raise RefusedError(wrong)
        values = _with_line_ends(home.library, values)
        touched = {number: {name.lower() for name in (*values, *unset)}}
        cuts, gone = _without(home.library, number, unset)
        after = respliced(home.library, cuts, touched) if cuts else home.library
        come = list(_edits(after, number, values))
        after = respliced(after, [splice for splice, _ in come], touched) if come else after
        _as_meant(after, number, values, unset)
        if after is not home.library and not dry_run:
            files.write_atomic(home.path, encoded(home.library, after.text))
    return Edited(home.library.path, key, (*gone, *(change for _, change in come)))


def _with_line_ends(library: Library, values: Mapping[str, str]) -> Mapping[str, str]:
    """Values whose lines end as those of the file."""
    if not any(LINE_END.search(value) for value in values.values()):
        return values
    newline = style_of(library).newline
    return {name: LINE_END.sub(lambda _: newline, value) for name, value in values.items()}


def _check(values: Mapping[str, str], unset: Collection[str]) -> None:
    """Raise InvalidArgument unless every name and value can stand in an entry."""
    low = [name.lower() for name in (*values, *unset)]
    if doubled := [name for name, count in Counter(low).items() if count > 1]:
        raise InvalidArgument(f"{', '.join(doubled)} given twice: say once what it shall be")
    for name in (*values, *unset):
        if not NAME.fullmatch(name):
            raise InvalidArgument(f"{name!r} is no name of a field: write it without blanks and signs, as in journal")
    for name, value in values.items():
        check_value(name, value)


def check_value(name: str, value: str) -> None:
    """Raise InvalidArgument unless a value can stand between braces, for BibTeX too."""
    if not value.strip():
        raise InvalidArgument(f"{name} would be empty: take the field out with --unset {name}")
    if CONTROL.search(value):
        raise InvalidArgument(f"the value of {name} holds a control character: take it out")
    entry = f"@a{{k,n={{{value}}}}}"
    for every_brace in (False, True):
        scan = scan_entry(entry, 0, len(entry), every_brace=every_brace)
        whole = scan is not None and scan.end == len(entry) and not scan.faults and len(scan.fields) == 1
        if not whole or scan is None or scan.fields[0].parts[0].text != value:
            raise InvalidArgument(f"the braces of the value of {name} do not balance: {value!r}")


def _edits(library: Library, number: int, values: Mapping[str, str]) -> Iterator[tuple[Splice, Change]]:
    """What puts the values in place: those of fields that are there, and new fields by the place where they go."""
    block, entry = entry_block(library, number), library.entries[number]
    scan = block.scan
    assert scan is not None
    new: dict[int, list[str]] = {}
    for name, value in values.items():
        there = [field for field in scan.fields if field.name.lower() == name.lower()]
        if len(there) > 1:
            what = f"{entry.key!r} has {name} {len(there)} times"
            raise RefusedError([at(entry, "SY432", what, f"take out both with --unset {name}, then set it")])
        if there:
            yield from _replaced(library, scan, there[0], value)
        else:
            new.setdefault(_place_of(name.lower(), entry, library.entries), []).append(name)
    for place, names in new.items():
        yield _inserted(library, block, scan, place, {name: values[name] for name in names})


def _replaced(library: Library, scan: Scan, field: RawField, value: str) -> Iterator[tuple[Splice, Change]]:
    """The new value between the delimiters of the old one."""
    before = library.text[field.value_start : field.value_end]
    after = _delimited(library, scan, field, value)
    if before != after:
        change = Change(field.name, f"{field.name} = {before}", f"{field.name} = {after}")
        yield Splice(field.value_start, field.value_end, after), change


def _delimited(library: Library, scan: Scan, field: RawField | None, value: str, name: str = "") -> str:
    """A value between the delimiters of a field, or for a new one of most fields of its entry."""
    only = field.parts[0] if field and len(field.parts) == 1 else None
    known = value.isdecimal() or value.lower() in library.strings or value.lower() in MONTHS
    if (only and not only.delimiter and known) or (name.lower() == "month" and value.lower() in MONTHS):
        return value
    delimiter = only.delimiter if only and only.delimiter else _usual_delimiter(scan)
    if delimiter == '"' and not fits_in_quotes(value):
        delimiter = "{"
    return delimiter + value + CLOSED_BY[delimiter]


def _usual_delimiter(scan: Scan) -> str:
    counted = Counter(part.delimiter for field in scan.fields for part in field.parts if part.delimiter)
    return counted.most_common(1)[0][0] if counted else "{"


def _without(library: Library, number: int, names: Collection[str]) -> tuple[list[Splice], list[Change]]:
    """All fields of some names cut out, each with what parts it from the one before it, or at first after it."""
    entry, scan = library.entries[number], entry_block(library, number).scan
    assert scan is not None
    for name in names:
        if entry.field(name.lower()) is None:
            known = [one.name for one in entry.fields]
            raise NotFound(f"{entry.key!r} has no field {name!r}: {did_you_mean(name, known)}")
    low = {name.lower() for name in names}
    gone = [field for field in scan.fields if field.name.lower() in low]
    changes = [Change(field.name, library.text[field.start : field.value_end], "") for field in gone]
    return list(_cuts(scan, {field.start for field in gone})), changes


def _cuts(scan: Scan, gone: Collection[int]) -> Iterator[Splice]:
    """What is cut out for fields that begin at some offsets: neighbours together."""
    kept = [number for number, field in enumerate(scan.fields) if field.start not in gone]
    if not kept and gone:
        yield Splice(scan.key_end, scan.fields[-1].value_end, "")
    elif kept and kept[0]:
        yield Splice(scan.fields[0].start, scan.fields[kept[0]].start, "")
    for one, two in pairwise([*kept, len(scan.fields)] if kept else []):
        if two > one + 1:
            yield Splice(scan.fields[one].value_end, scan.fields[two - 1].value_end, "")


def _place_of(name: str, entry: Entry, entries: Sequence[Entry]) -> int:
    """The number of the field after which a new one is put, -1 for the beginning.

    After the last field that stands before it in most entries of the type that have both; at the end where no entry
    of the file has it.
    """
    having = [one for one in entries if one.field(name) is not None]
    same = [one for one in having if one.type == entry.type] or having
    votes: Counter[str] = Counter()
    for one in same:
        names = [field.name for field in one.fields]
        own = names.index(name)
        votes.update(names[:own])
        votes.subtract(names[own + 1 :])
    if not same:
        return len(entry.fields) - 1
    return max((number for number, field in enumerate(entry.fields) if votes[field.name] > 0), default=-1)


def _inserted(
    library: Library, block: Block, scan: Scan, place: int, values: Mapping[str, str]
) -> tuple[Splice, Change]:
    """New fields after the field with a number, laid out as the others of the entry."""
    style = _own_style(library, block, scan)
    width = max((len(field.name) for field in scan.fields), default=0) + 1 if style.aligned == "entry" else style.column
    given = {name: _delimited(library, scan, None, value, name) for name, value in values.items()}
    written = [field_text(name, value, style, width) for name, value in given.items()]
    separator, first = (part.replace("\n", style.newline) for part in (style.separator, style.first))
    text = separator.join(written)
    change = Change(", ".join(values), "", text.replace(style.newline, "\n"))
    if place >= 0:
        end = scan.fields[place].value_end
        return Splice(end, end, separator + text), change
    if scan.fields:
        start = scan.fields[0].start
        return Splice(start, start, text + separator), change
    return Splice(scan.key_end, scan.key_end, first + text), change


def _own_style(library: Library, block: Block, scan: Scan) -> Style:
    """The layout of an entry; that of the file for what it does not show."""
    style = style_of(library)
    return style_of_blocks(library.text, [block], style) if len(scan.fields) >= FEW else style


def _as_meant(after: Library, number: int, values: Mapping[str, str], unset: Collection[str]) -> None:
    """Raise RefusedError unless the new fields read as they were given."""
    entry = after.entries[number]
    for name, value in values.items():
        field = entry.field(name.lower())
        meant = field is not None and (field.macros == (value,) or field.value == one_blank(value))
        if not meant:
            raise RefusedError([_not_meant(entry, name)])
    for name in unset:
        if entry.field(name.lower()) is not None:
            raise RefusedError([_not_meant(entry, name)])


def _not_meant(entry: Entry, name: str) -> Problem:
    what = f"{name} of {entry.key!r} would not read as it was given"
    return at(entry, "SY463", what, "change this entry by hand; `synth bib lint` says what is wrong with it")
