"""`bibliography/duplicates.csv`: what somebody decided about pairs of entries, so that a queue is worked off in git."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthesis import files
from synthesis.bibliography.duplicates.clusters import Decisions, Pair, pair_of
from synthesis.errors import InvalidData, Problem, Severity, did_you_mean

PATH = "bibliography/duplicates.csv"
LIMIT = 5 * files.MEGABYTE
COLUMNS = ("one", "other", "verdict", "because")
VERDICTS = ("duplicate", "versions", "distinct")


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the file."""

    one: str
    other: str
    verdict: str  # one of VERDICTS
    because: str
    line: int = 0
    last: int = 0  # line

    @property
    def pair(self) -> Pair:
        """The two keys in order."""
        return pair_of(self.one, self.other)


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions of a review."""

    rows: tuple[Decision, ...] = ()
    problems: tuple[Problem, ...] = ()

    def decisions(self) -> Decisions:
        """As the search for duplicates takes them."""
        accepted = {row.pair for row in self.rows if row.verdict == "duplicate"}
        rejected = {row.pair for row in self.rows} - accepted
        return Decisions(frozenset(accepted), frozenset(rejected), {row.pair: row.because for row in self.rows})

    def unknown(self, keys: Collection[str]) -> Iterator[Problem]:
        """Notes on rows whose keys are not among the known ones."""
        for row in self.rows:
            for key in (row.one, row.other):
                if key not in keys:
                    what = f"no entry {key!r}, and none that was merged"
                    yield _problem(row.line, "SY555", what, f"take the row out; {did_you_mean(key, keys)}", note=True)


def read_decisions(root: Path) -> Decided:
    """The decisions of a review folder; none where there is no file."""
    try:
        return decisions_of(_text(root / PATH))
    except InvalidData as error:
        return Decided(problems=error.problems)


def decisions_of(text: str) -> Decided:
    """The decisions in the text of a file."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, list(COLUMNS))]
        missing = [name for name in COLUMNS[:3] if name not in header]
        if missing:
            what, remedy = f"no column {', '.join(missing)}", f"begin the file with {','.join(COLUMNS)}"
            return Decided(problems=(_problem(1, "SY551", what, remedy),))
        rows = list(_lines(reader, header))
    except csv.Error as error:
        remedy = "quote cells that hold commas or quotes"
        return Decided(problems=(_problem(reader.line_num or 1, "SY550", f"this is no CSV: {error}", remedy),))
    problems: list[Problem] = []
    decided = tuple(_rows(rows, problems))
    return Decided(decided, tuple(sorted(problems)))


def decide(root: Path, decisions: Iterable[Decision]) -> Path:
    """Write decisions into the file of a review; rows of other pairs keep their bytes, an older row of a pair goes.

    Raises
    ------
    InvalidData
        The file that is there cannot be read; nothing is written.
    """
    path = files.inside(root, root / PATH)
    new = tuple(decisions)
    with files.locked(path):
        text = _text(path)
        known = decisions_of(text)
        if known.problems:
            raise InvalidData(known.problems)
        data = _with_rows(text, known, new)
        files.write_atomic(path, data.encode())
    return path


def _text(path: Path) -> str:
    """The text of the file; nothing where there is none."""
    if not path.is_file():
        return ""
    try:
        return files.read_limited(path, LIMIT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidData([_problem(1, "SY550", "this is not UTF-8", "save the file as UTF-8")]) from error


def _with_rows(text: str, known: Decided, new: Iterable[Decision]) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    rows = {decision.pair: decision for decision in new}
    gone = {line for row in known.rows if row.pair in rows for line in range(row.line, row.last + 1)}
    header = next(csv.reader(io.StringIO(text)), None) or list(COLUMNS)
    lines = text.splitlines(keepends=True) or [",".join(COLUMNS) + end]
    kept = [line for number, line in enumerate(lines, 1) if number not in gone]
    if not kept[-1].endswith(("\n", "\r")):
        kept[-1] += end
    return "".join([*kept, *(_line(rows[pair], header, end) for pair in sorted(rows))])


def _line(decision: Decision, header: Iterable[str], end: str) -> str:
    cells = {"one": decision.one, "other": decision.other, "verdict": decision.verdict, "because": decision.because}
    out = io.StringIO()
    one_line = (" ".join(cells.get(name.strip(), "").split()) for name in header)
    csv.writer(out, lineterminator=end).writerow(one_line)
    return out.getvalue()


def _lines(reader: Any, header: list[str]) -> Iterator[tuple[int, int, dict[str, str]]]:
    """First line, last line and cells of every row."""
    first = reader.line_num + 1
    for row in reader:
        if any(row):
            yield first, reader.line_num, dict(zip(header, map(str.strip, row), strict=False))
        first = reader.line_num + 1


def _rows(rows: Iterable[tuple[int, int, dict[str, str]]], problems: list[Problem]) -> Iterator[Decision]:
    seen: dict[Pair, Decision] = {}
    for line, last, row in rows:
        one, other, verdict = (row.get(name, "") for name in COLUMNS[:3])
        if not one or not other or one == other:
            problems.append(_problem(line, "SY553", "a decision needs two keys", "write both, or take the row out"))
        elif verdict not in VERDICTS:
            problems.append(_problem(line, "SY552", f"no verdict {verdict!r}", did_you_mean(verdict, VERDICTS)))
        elif pair_of(one, other) in seen:
            what = f"{one} and {other} are decided in line {seen[pair_of(one, other)].line} already"
            problems.append(_problem(line, "SY554", what, "keep one of the two rows"))
        else:
            decision = Decision(one, other, verdict, row.get("because", ""), line, last)
            seen[decision.pair] = decision
            yield decision


def _problem(line: int, code: str, what: str, remedy: str, *, note: bool = False) -> Problem:
    return Problem(PATH, line, 1, code, what, remedy, Severity.NOTE if note else Severity.ERROR)
