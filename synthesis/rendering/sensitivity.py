"""What all results of sensitivity have in common when they are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from synthesis.evidence.moderators import Unstated
from synthesis.evidence.pools import Evidence
from synthesis.plain.effects import PlainLeftOut
from synthesis.rendering.fits import natural, plain
from synthesis.rendering.moderated import About, evidence_json, rows_left_json, unstated_text
from synthesis.rendering.tables import Cell
from synthesis.sensitivity.overview.subject import Subject
from synthesis.text import one_line

LOGS = "the verdict, tau2 and Q are of logs of ratios\n"


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What a method made of one pool of a review, or of a group of a table."""

    about: About
    subject: Subject | None
    found: Any
    problem: str  # why there is nothing
    left_out: tuple[Unstated, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The studies."""
        return () if self.subject is None else self.subject.names

    def read(self, value: float | None) -> float | None:
        """An effect as it is read: ratios from their logs."""
        return natural(value, ratio=self.about.ratio)


@dataclass(frozen=True, slots=True)
class Words:
    """How the results of one method are written."""

    section: Callable[[Shown], str]  # as text, with its verdict
    columns: Callable[[Sequence[Shown]], Sequence[str]]  # of CSV
    rows: Callable[[Shown, Sequence[str]], Iterable[Sequence[Cell]]]  # under these columns
    json: Callable[[Shown], dict[str, object]]
    what: str = "not done"  # over the pools without a result


def text(shown: Sequence[Shown], words: Words) -> str:
    """Each result as a section; then the pools without one, by their reason."""
    done = "\n".join(_section(one, words) for one in shown if one.found is not None)
    parts = [done, _not_done([one for one in shown if one.found is None], words.what)]
    return "\n".join(part for part in parts if part) or "no study can be pooled\n"


def _not_done(others: Sequence[Shown], what: str) -> str:
    """The pools without a result by their reason, and what each of them left out."""
    by_reason: dict[str, list[Shown]] = defaultdict(list)
    for one in others:
        by_reason[one.problem].append(one)
    lines = [f"{what} ({len(others)}):\n"] if others else []
    for reason, pools in by_reason.items():
        lines.append(f"  {one_line(reason)} ({len(pools)}): {'; '.join(one.about.title for one in pools)}\n")
        lines += [f"  {one.about.title}\n{unstated_text(one.left_out)}" for one in pools if one.left_out]
    return "".join(lines)


def _section(one: Shown, words: Words) -> str:
    logs = LOGS if one.about.ratio else ""
    return f"{one.about.title}\n{words.section(one)}{logs}{unstated_text(one.left_out)}"


def csv_table(shown: Sequence[Shown], words: Words) -> tuple[list[str], Iterator[list[Cell]]]:
    """Header and rows; a pool without a result has one row with the reason."""
    about = list(shown[0].about.columns) if shown else ["group"]
    columns = list(words.columns([one for one in shown if one.found is not None]))
    return [*about, *columns, "reason"], _rows(shown, words, columns)


def _rows(shown: Sequence[Shown], words: Words, columns: Sequence[str]) -> Iterator[list[Cell]]:
    for one in shown:
        about = list(one.about.columns.values())
        if one.found is None:
            yield [*about, *[None] * len(columns), one.problem]
            continue
        for row in words.rows(one, columns):
            yield [*about, *row, None]


def review_json(shown: Sequence[Shown], words: Words, evidence: Evidence) -> dict[str, object]:
    """The results of a review as plain values, on the scale of each measure, logs for ratios."""
    return {**evidence_json(evidence), "results": [_json(one, words) for one in shown]}


def table_json(shown: Sequence[Shown], words: Words, left: Iterable[PlainLeftOut]) -> dict[str, object]:
    """The results of a table as plain values."""
    return {"results": [_json(one, words) for one in shown], "left_out": rows_left_json(left)}


def _json(one: Shown, words: Words) -> dict[str, object]:
    how = {} if one.subject is None else {name: getattr(one.subject, name) for name in ("method", "test", "level")}
    values = {
        **one.about.json, **how,
        "studies": list(one.names),
        "result": None if one.found is None else words.json(one),
        "reason": one.problem or None,
        "left_out": [asdict(left) for left in one.left_out],
    }  # fmt: skip
    rounded: dict[str, object] = plain(values)
    return rounded
