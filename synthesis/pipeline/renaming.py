"""A key of the library renamed, or an entry removed, with all that cites it: records, citations, published tables.

A rename is checked in every file before the first is written, and the file of the entry is written last. One that is
cut short therefore leaves the old key in the library: `synth check` reports the new one as unknown (SY450), and the
same command, given again, changes what is left.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis import files
from synthesis.bibliography.editing import Edited, RefusedError
from synthesis.bibliography.editing.rekeying import Rewritten, rekeyed
from synthesis.bibliography.editing.removing import cited_at
from synthesis.bibliography.editing.removing import remove as remove_entry
from synthesis.bibliography.editing.shelf import all_locked, files_of, held
from synthesis.bibliography.library import FOLDER, LIMIT
from synthesis.bibliography.splices import Splice, spliced
from synthesis.citations.cited import COLUMNS as KEY_COLUMNS
from synthesis.citations.cited import FOLDER as PUBLISHED
from synthesis.citations.cited import cited_keys, keys_of_edges
from synthesis.citations.edges import PATH as CITATIONS
from synthesis.citations.edges import read_citations
from synthesis.errors import InvalidArgument, Problem, SynthesisError
from synthesis.records import read_records
from synthesis.records.folder import ENDING, STUDIES

EDGE_COLUMNS = ("source", "target")
FIELD = re.compile(r'"[^"]*+(?:""[^"]*+)*+"|[^,"\r\n]*+')  # of a CSV line


@dataclass(frozen=True, slots=True)
class Renamed:
    """The files in which a key was renamed, with the number of places in each, and where it is still mentioned."""

    old: str
    new: str
    places: tuple[tuple[str, int], ...]
    mentions: tuple[str, ...] = ()  # `file:line` where the old key still stands, in words that no column or field marks

    def summary(self) -> str:
        """One line a file."""
        return "".join(f"{path}: {number} place{'' if number == 1 else 's'}\n" for path, number in self.places)

    def to_dict(self) -> dict[str, object]:
        """Both keys, places by file, and mentions."""
        return {"old": self.old, "new": self.new, "places": dict(self.places), "mentions": list(self.mentions)}


def rename(root: Path, old: str, new: str, *, dry_run: bool = False) -> Renamed:
    """Another key for an entry, in every place of a review that names it; each place only by the bytes of the key.

    Parameters
    ----------
    root : Path
        The review folder.
    old, new : str
        The keys.
    dry_run : bool, optional
        Everything is checked, nothing is written.

    Raises
    ------
    NotFound
        There is no entry `old`.
    InvalidArgument
        `new` cannot be a key.
    RefusedError
        `new` is taken, or a file cannot be rewritten: nothing was written.
    SynthesisError
        The disk refused after some files were written: give the same command again.
    """
    if old == new:
        raise InvalidArgument(f"{old!r} is its key already")
    with all_locked([*files_of(root / FOLDER), *_cited_from(root)]):
        library = rekeyed(held(root / FOLDER), old, new)
        changed = [*_outside(root, old, new), *library]
        if not dry_run:
            _write(changed, old, new)
    mentions = () if dry_run else tuple(_mentions(root, old))
    return Renamed(old, new, tuple((one.label, one.places) for one in changed), mentions)


def remove(root: Path, key: str, *, dry_run: bool = False) -> Edited:
    """An entry taken out of the library, if nothing in the review cites it.

    Raises
    ------
    RefusedError
        Something does: every place is named, SY464.
    NotFound
        There is no such entry.
    """

    def cited() -> list[Problem]:
        return list(_uses(root, key))

    return remove_entry(root / FOLDER, key, cited, with_locks=_cited_from(root), dry_run=dry_run)


def _cited_from(root: Path) -> list[Path]:
    """What is locked while keys change: the folders of records and of published tables, and the citations."""
    return [*(folder for folder in (root / STUDIES, root / PUBLISHED) if folder.is_dir()), root / CITATIONS]


def _uses(root: Path, key: str) -> Iterator[Problem]:
    """Every place outside the library that cites a key; a record that cannot be read and names it is one."""
    records = read_records(root, checks=False)
    citing = cited_keys(root, records.studies).get(key, ())
    for place in (*citing, *keys_of_edges(read_citations(root).edges).get(key, ())):
        yield cited_at(place.path, place.line, place.column, key, "this")
    broken = [*records.broken, *(one.path for one in read_citations(root).problems)]
    for path in dict.fromkeys(broken):
        for line in _lines_with(root / path, key):
            yield cited_at(path, line, 1, key, "this file has errors and perhaps")


def citing_files(root: Path, key: str) -> list[Path]:
    """The files outside the library that could name a key in a place that counts."""
    records, tables = root / STUDIES, root / PUBLISHED
    paths = [*records.glob(f"*{ENDING}"), *tables.glob("*.csv"), root / CITATIONS]
    return sorted(path for path in paths if path.is_file() and key.encode() in _bytes(root, path))


def _outside(root: Path, old: str, new: str) -> Iterator[Rewritten]:
    """The records and tables that change, each checked."""
    for path in citing_files(root, old):
        label, data = path.relative_to(root).as_posix(), _bytes(root, path)
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise RefusedError([_refusal(label, old, "is not UTF-8")]) from error
        after = recited(label, text, old, new)
        if after != text:
            yield Rewritten(path, label, after.encode(), _places(text, after, old))


def recited(label: str, text: str, old: str, new: str) -> str:
    """A record, or a table, with a key replaced wherever it is one.

    Raises
    ------
    RefusedError
        The file cannot be read with certainty.
    """
    return (_record if label.endswith(ENDING) else _table)(label, text, old, new)


def _record(label: str, text: str, old: str, new: str) -> str:
    from synthesis.records.edit import renamed_citations

    try:
        return renamed_citations(text, old, new)
    except InvalidArgument as error:
        raise RefusedError([_refusal(label, old, str(error))]) from error


def _refusal(label: str, old: str, why: str) -> Problem:
    what = f"this file names {old!r}, and cannot be changed: {why}"
    return Problem(label, 1, 1, "SY463", what, "mend the file first; nothing was written")


def _places(before: str, after: str, old: str) -> int:
    """How many places of a text changed."""
    return _words(before, old) - _words(after, old)


def _words(text: str, key: str) -> int:
    return len(re.findall(rf"(?<!\w){re.escape(key)}(?!\w)", text))


def _table(label: str, text: str, old: str, new: str) -> str:
    """A table with the key replaced in the columns that hold keys."""
    names = EDGE_COLUMNS if label == CITATIONS else KEY_COLUMNS
    rows = list(_fields(text.removeprefix("\ufeff")))
    shift = len(text) - len(text.removeprefix("\ufeff"))
    header = [_value(text[start + shift : end + shift]) for start, end in rows[0]] if rows else []
    columns = [number for number, name in enumerate(header) if name in names]
    places = [
        (row[column][0] + shift, row[column][1] + shift) for row in rows[1:] for column in columns if column < len(row)
    ]
    splices = [
        Splice(start, end, text[start:end].replace(old, new))
        for start, end in places
        if _value(text[start:end]).strip() == old
    ]
    after = spliced(text, splices)
    if _cells(after) != _meant(_cells(text), columns, old, new):
        raise RefusedError([_refusal(label, old, "its rows cannot be read with certainty")])
    return after


def _fields(text: str) -> Iterator[list[tuple[int, int]]]:
    """Where the fields of every row of a CSV text stand."""
    position, row = 0, []
    while position < len(text):
        found = FIELD.match(text, position)
        assert found is not None
        row.append(found.span())
        position = found.end()
        after = text[position : position + 1]
        if after == ",":
            position += 1
            continue
        if after not in {"\r", "\n", ""}:
            row[-1] = (row[-1][0], position := _line_end(text, position))
        yield row
        position, row = _next_line(text, position), []


def _line_end(text: str, position: int) -> int:
    found = re.compile(r"[\r\n]").search(text, position)
    return found.start() if found else len(text)


def _next_line(text: str, position: int) -> int:
    return position + (2 if text.startswith("\r\n", position) else 1)


def _value(field: str) -> str:
    return field[1:-1].replace('""', '"') if field.startswith('"') and field.endswith('"') and len(field) > 1 else field


def _cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def _meant(cells: list[list[str]], columns: Collection[int], old: str, new: str) -> list[list[str]]:
    """The cells of a table with the key replaced under some columns."""
    head, rows = cells[:1], cells[1:]
    return head + [
        [
            cell.replace(old, new) if number in columns and cell.strip() == old else cell
            for number, cell in enumerate(row)
        ]
        for row in rows
    ]


def _write(changed: Sequence[Rewritten], old: str, new: str) -> None:
    for number, one in enumerate(changed):
        try:
            files.write_atomic(one.path, one.data)
        except SynthesisError as error:
            if not number:
                raise
            again = (
                f"{number} of {len(changed)} files are written; `synth bib rename {old} {new}` again changes the rest"
            )
            raise SynthesisError(f"{error}\n{again}") from error


def _mentions(root: Path, key: str) -> Iterator[str]:
    """Lines of records and tables in which a key is still mentioned in words."""
    for path in citing_files(root, key):
        for line in _lines_with(path, key):
            yield f"{path.relative_to(root).as_posix()}:{line}"


def _lines_with(path: Path, key: str) -> Iterator[int]:
    text = files.read_limited(path, LIMIT).decode(errors="replace")
    return (number for number, line in enumerate(text.split("\n"), 1) if _words(line, key))


def _bytes(root: Path, path: Path) -> bytes:
    return files.read_limited(files.inside(root, path), LIMIT)
