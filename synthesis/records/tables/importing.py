"""A spreadsheet back into the records: first what would change, then all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path as File
from typing import Any

from synthesis.errors import InvalidArgument, InvalidData, NotFound, Problem, Severity, did_you_mean
from synthesis.files import MEGABYTE, inside
from synthesis.records.edit import Path, Value, dotted, new_record, with_scalars
from synthesis.records.folder import KEY, read_records
from synthesis.records.nodes import MappingNode, Node, compose
from synthesis.records.read import read_study
from synthesis.records.review import Review
from synthesis.records.tables.cells import Sameness
from synthesis.records.tables.columns import PARTS
from synthesis.records.tables.comparing import Compared, Sheets, compared
from synthesis.records.tables.grid import Grids, Row
from synthesis.records.tables.plan import Plan, RecordChange, counted
from synthesis.records.tables.rows import Rows, rows_of
from synthesis.records.tables.sheets import Record, like_named, path_of, read_record
from synthesis.records.trees import at
from synthesis.records.writing import write_records

AGAIN = "export the records again, and make your changes in that table"


def plan_import(root: File, grids: Grids, keys: Sequence[str] = (), *, delete: bool = False) -> Plan:
    """What an edited spreadsheet would change in the records.

    Parameters
    ----------
    root : Path
        The review folder.
    grids : Grids
        The cells of the spreadsheet.
    keys : sequence of str, optional
        Studies to which the import is limited; all of the spreadsheet where there are none.
    delete : bool, optional
        Take away the findings, arms and judgements that the spreadsheet no longer has. Files are never removed.

    Raises
    ------
    NoReview, InvalidData
        There is no review, or its review.toml cannot be used.
    NotFound
        The spreadsheet has no row of a study in `keys`.
    """
    review = read_records(root, checks=False).review
    tables = [rows_of(grid) for grid in grids.grids]
    problems = [*grids.notes, *(problem for table in tables for problem in table.problems)]
    studies = _by_study(tables)
    for key in keys:
        if key not in studies:
            raise NotFound(f"the table has no row of {key!r}: {did_you_mean(key, studies)}")
    all_compared = []
    for key in sorted(set(keys) or studies):
        record, found = _base(root, key, studies[key])
        known = record is not None or not found
        each = compared(key, record, studies[key], delete=delete, again=bool(found)) if known else None
        if each is not None and not (found and (each.changes or each.problems)):
            all_compared.append(each)  # also of a record that changed since, to what the spreadsheet says
        else:
            problems += found
    problems += _habits(all_compared)
    records, unchanged = [], 0
    for each in all_compared:
        problems += each.problems
        if not each.changes:
            unchanged += 1
        elif not any(problem.severity is Severity.ERROR for problem in each.problems):
            made, found = _made(each, review)
            problems += found
            records += [made] if made is not None else []
    return Plan(tuple(records), unchanged, tuple(sorted(problems)))


def write_plan(root: File, plan: Plan) -> tuple[str, ...]:
    """Write what a plan would change: all or nothing.

    Raises
    ------
    InvalidArgument
        The plan has errors.
    ChangedSinceError
        A record changed since the plan was made.
    """
    if plan.errors:
        raise InvalidArgument("nothing is written while there are errors")
    return write_records(root, {record.path: (record.old, record.new) for record in plan.records})


def _by_study(tables: Iterable[Rows]) -> dict[str, Sheets]:
    """The rows of each study in every sheet of the file, also in those that have none of it."""
    listed = list(tables)
    keys = dict.fromkeys(row.text("study") for table in listed for row in table.rows)
    keys = {key: None for key in keys if KEY.fullmatch(key)}  # the others are told of where the rows are read
    rows: dict[tuple[str, str], list[Row]] = {}
    for table in listed:
        for row in table.rows:
            rows.setdefault((row.text("study"), table.shape.name), []).append(row)
    return {
        key: {table.shape.name: (table.shape, rows.get((key, table.shape.name), [])) for table in listed}
        for key in keys
    }


def _base(root: File, key: str, sheets: Sheets) -> tuple[Record | None, tuple[Problem, ...]]:
    """The record of a study, if it is still the one of which the spreadsheet was made."""
    rows = [row for _, some in sheets.values() for row in some]
    bases = {row.text("base"): row for row in reversed(rows) if row.text("base")}
    path = path_of(key)
    if not inside(root, root / path).exists():
        told = [row.problem("base", "SY338", f"{path} is no longer there", AGAIN) for row in bases.values()]
        near = like_named(root, key)
        if near:
            what = f"{near} differs from {key} in capitals only"
            told.append(rows[0].problem("study", "SY335", what, "name it in another way; some disks take them for one"))
        return None, tuple(told)
    try:
        record = read_record(root, key)
    except InvalidData as error:
        return None, error.problems
    if not bases:
        what = f"{path} is there already, and the row does not say of which state of it it was made"
        return record, (rows[0].problem("base", "SY339", what, f"{AGAIN}; or name a new study in another way"),)
    stale = [row for base, row in bases.items() if base != record.base]
    what = f"{path} has changed since the table was made of it"
    return record, tuple(row.problem("base", "SY338", what, AGAIN) for row in stale)


def _made(found: Compared, review: Review) -> tuple[RecordChange | None, tuple[Problem, ...]]:
    """The new text of a record, if its reader takes it."""
    path = path_of(found.key)
    try:
        if found.record is None:
            text = new_record({"study": found.key, **_nested(found.values)})
        else:
            text = with_scalars(found.record.text, _grouped(found))
    except InvalidArgument as error:
        row, column = found.place_of(found.changes[0].path)
        return None, (row.problem(column, "SY341", str(error), f"change {path} itself"),)
    _, problems = read_study(text, path, found.key, review)
    if len(text.encode()) > MEGABYTE:
        row, column = found.place_of(())
        return None, (row.problem(column, "SY340", f"{path} would be larger than 1 MB", "split the study"),)
    if problems:
        return None, tuple(_in_sheet(problem, found, text) for problem in problems)
    old = found.record.data if found.record is not None else None
    return RecordChange(path, old, text.encode(), tuple(found.changes)), ()


def _grouped(found: Compared) -> dict[Path, Value | None]:
    """The values that change; those of a new finding, arm or judgement together, so that it is written as one."""
    made: dict[Path, Value | None] = {}
    parts: dict[Path, dict[Path, Value | None]] = {}
    for path, value in found.values.items():
        part = path[:2]
        if path[0] in PARTS and len(path) > 2 and at(found.tree, part) is None:
            parts.setdefault(part, {})[path[2:]] = value
        else:
            made[path] = value
    return {**made, **{part: _nested(values) for part, values in parts.items()}}


def _nested(values: Mapping[Path, Value | None]) -> dict[str, Any]:
    """Values by path as mappings and lists within one another.

    Raises
    ------
    InvalidArgument
        The second number of a pair without the first.
    """
    whole: dict[str, Any] = {}
    for path, value in values.items():
        inner: Any = whole
        for step, following in zip(path, (*path[1:], None), strict=True):
            if isinstance(inner, list) and int(step) > len(inner):
                raise InvalidArgument(f"{dotted(path)}: the one before it is missing")
            below: Any = value if following is None else [] if isinstance(following, int) else {}
            if isinstance(inner, list):
                inner += [below] if step == len(inner) else []
                inner = inner[int(step)]
            else:
                inner = inner.setdefault(step, below)
    return whole


def _in_sheet(problem: Problem, found: Compared, text: str) -> Problem:
    """A problem of a record at the cell that brings it about, with its place in the record behind."""
    path = _path_at(text, problem.line, problem.column)
    row, column = found.place_of(_before_removal(path, found.gone))
    where = f"{problem.path}:{problem.line}:{problem.column}: {problem.code}"
    return row.problem(column, "SY340", f"{problem.what} ({where})", problem.remedy)


def _path_at(text: str, line: int, column: int) -> Path:
    """The path of what stands at a place of a record."""
    node, _ = compose(text, "")
    found: dict[tuple[int, int], Path] = {}
    keys: dict[tuple[int, int], Path] = {}
    todo: list[tuple[Path, Node]] = [((), node)] if node is not None else []
    while todo:
        path, inner = todo.pop()
        found.setdefault((inner.start_mark.line + 1, inner.start_mark.column + 1), path)
        if isinstance(inner, MappingNode):
            for key, value in inner.value:
                keys[key.start_mark.line + 1, key.start_mark.column + 1] = (*path, key.value)
                todo.append(((*path, key.value), value))
        elif isinstance(inner.value, list):
            todo += [((*path, number), item) for number, item in enumerate(inner.value)]
    return found.get((line, column)) or keys.get((line, column), ())


def _before_removal(path: Path, gone: Sequence[Path]) -> Path:
    """The path of a finding by its number before others were taken away."""
    numbers = sorted(place[1] for place in gone if place[0] == "findings" and isinstance(place[1], int))
    if len(path) < 2 or path[0] != "findings" or not isinstance(path[1], int):
        return path
    number = path[1]
    for removed in numbers:
        number += removed <= number
    return ("findings", number, *path[2:])


def _habits(all_compared: Iterable[Compared]) -> Iterator[Problem]:
    """What the spreadsheet wrote in its own way; the records keep theirs."""
    counts: Counter[tuple[str, Sameness]] = Counter()
    for each in all_compared:
        counts.update(each.habits)
    for (path, same), number in sorted(counts.items()):
        if number:
            what = f"{counted(number, 'cell')}: {same}; the records keep what they have"
            yield Problem(path, 1, 1, "SY343", what, "nothing", Severity.NOTE)
