"""Records as sheets: every value in one cell, as its own text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File

from synthesis.errors import InvalidArgument, InvalidData, NotFound, Problem, did_you_mean
from synthesis.files import MEGABYTE, inside, read_limited
from synthesis.records.edit import Path
from synthesis.records.folder import ENDING, STUDIES, read_records
from synthesis.records.nodes import compose
from synthesis.records.tables.cells import cell_of
from synthesis.records.tables.columns import SHAPES, Column, Shape
from synthesis.records.trees import Leaf, Tree, at, tree


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it lies on the disk, and what it says."""

    key: str
    data: bytes
    tree: Tree

    @property
    def path(self) -> str:
        """Relative to the review folder."""
        return path_of(self.key)

    @property
    def base(self) -> str:
        """What tells this state of the file from any other: SHA-256 of its bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text(self) -> str:
        """The file as text, with its line ends and byte order mark."""
        return self.data.decode()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, as text."""

    shape: Shape
    rows: tuple[tuple[str, ...], ...]  # each as long as the header


def path_of(key: str) -> str:
    """The path of the record of a study."""
    return f"{STUDIES}/{key}{ENDING}"


def like_named(root: File, key: str) -> str:
    """A record whose name differs from a key in capitals only; nothing where there is none."""
    names = (file.name for file in (root / STUDIES).glob(f"*{ENDING}"))
    return next((name for name in names if name != f"{key}{ENDING}" and name.lower() == f"{key}{ENDING}".lower()), "")


def read_record(root: File, key: str) -> Record:
    """One record, whatever its mistakes.

    Raises
    ------
    InvalidData
        It is no YAML of a record at all.
    """
    data = read_limited(inside(root, root / path_of(key)), MEGABYTE)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise InvalidData([Problem(path_of(key), 1, 1, "SY100", "this is not UTF-8", "save it as UTF-8")]) from error
    node, problems = compose(text, path_of(key))
    if node is None or problems:
        raise InvalidData(problems)
    return Record(key, data, tree(node))


def chosen_records(root: File, keys: Sequence[str] = (), *, skip_invalid: bool = False) -> tuple[Record, ...]:
    """The records of a review, or some of them, sorted by key.

    Parameters
    ----------
    root : Path
        The review folder.
    keys : sequence of str, optional
        Studies; all where there are none.
    skip_invalid : bool, optional
        Leave out the records that have errors.

    Raises
    ------
    InvalidData
        A record has errors: all of them.
    NotFound
        There is no such study.
    """
    records = read_records(root, checks=False)
    names = [study.key for study in records.studies]
    broken = [File(path).name.removesuffix(ENDING) for path in records.broken]
    for key in keys:
        if key not in (*names, *broken):
            raise NotFound(f"no study {key!r} in {STUDIES}/: {did_you_mean(key, [*names, *broken])}")
    wanted = set(keys) or {*names, *broken}
    if not skip_invalid and wanted & set(broken):
        raise InvalidData(p for p in records.problems if p.path in {path_of(key) for key in wanted})
    return tuple(read_record(root, key) for key in names if key in wanted)


def sheets_of(records: Iterable[Record], names: Sequence[str]) -> tuple[Sheet, ...]:
    """The sheets of some records.

    Parameters
    ----------
    records : iterable of Record
        In the order of the rows.
    names : sequence of str
        Of `SHAPES`.

    Raises
    ------
    InvalidArgument
        There is no sheet of that name.
    """
    for name in names:
        if name not in SHAPES:
            raise InvalidArgument(f"no sheet {name!r}: {did_you_mean(name, SHAPES)}")
    several = tuple(records)
    return tuple(Sheet(SHAPES[name], tuple(_rows(several, SHAPES[name]))) for name in names)


def _rows(records: Sequence[Record], shape: Shape) -> Iterator[tuple[str, ...]]:
    for record in records:
        base = record.base
        for key, place in parts_of(record.tree, shape).items():
            cells = (cell_at(record.tree, place, column) for column in shape.columns)
            yield (record.key, *((key,) if shape.key else ()), *cells, base)


def parts_of(whole: Tree, shape: Shape) -> Mapping[str, Path]:
    """The rows that a record has in a sheet: the key of each, and the path of what it tells."""
    if not shape.part:
        return {"": ()}
    parts = at(whole, (shape.part,))
    if isinstance(parts, list):
        rows: dict[str, Path] = {str(number + 1): (shape.part, number) for number in range(len(parts))}
    else:
        rows = {key: (shape.part, key) for key in parts} if isinstance(parts, dict) else {}
    return rows or ({"": ()} if any(column.of_study for column in shape.columns) else {})


def cell_at(whole: Tree, place: Path, column: Column) -> str:
    """The cell of a column for the part of a record at a place; a study without findings has none of theirs."""
    if not place and column.of_part:
        return ""
    return cell_of(at(whole, path_in(whole, place, column)), column.field)


def path_in(whole: Tree, place: Path, column: Column) -> Path:
    """Where the value of a column stands: a risk of bias may be its judgement alone."""
    if column.of_study:
        return column.path
    if place and place[0] == "risk_of_bias" and column.path == ("judgement",) and isinstance(at(whole, place), Leaf):
        return place
    return (*place, *column.path)
