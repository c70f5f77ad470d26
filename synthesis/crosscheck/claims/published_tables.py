"""Verdicts, an outcomes framework, its themes and praise of matrix rows, as others printed them; read strictly."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from synthesis.records.csv_table import Line, Table
from synthesis.records.study import Place
from synthesis.scoring.published import PUBLISHED, TOTAL

VERDICTS = ("reasonable evidence", "mixed evidence", "no evaluations")
MAPPINGS = ("exact", "partial", "weak", "none")
ALL_ROWS = "all"  # every row of the matrix, in a list of rows

VERDICT_COLUMNS = ("intervention", "verdict", "rows", "mapping", "document", "also", "also_words")
FRAMEWORK_COLUMNS = (
    "sub_outcome", "primary_code", "primary_outcome", "label", "rows", "other_evidence", "service_user_themes",
    "document",
)  # fmt: skip
THEME_COLUMNS = ("theme", "section", "words", "sub_outcomes", "document")
NAMED_COLUMNS = ("document", "at", "outcome", "rows", "words")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody concluded of an intervention, and the matrix rows that it speaks of."""

    intervention: str
    verdict: str  # one of VERDICTS
    rows: tuple[str, ...]
    mapping: str  # how well the rows fit, one of MAPPINGS
    document: str  # a key of the library
    also: str  # where another document prints it again, or nothing
    also_words: str  # the intervention as that other document prints it
    totals: tuple[str, ...]  # printed totals of the rows as the table has them, or nothing
    place: Place


@dataclass(frozen=True, slots=True)
class SubOutcome:
    """One line of an outcomes framework: what is wanted, and the evidence that is named for it."""

    key: str
    domain: str  # the code of its primary outcome
    primary: str  # the words of its primary outcome
    label: str
    rows: tuple[str, ...]
    everything: bool  # whether it names the whole matrix
    other_evidence: tuple[str, ...]
    themes: tuple[str, ...]
    document: str
    place: Place


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of a consultation, and the sub-outcomes that use it."""

    key: str
    section: str
    words: str
    sub_outcomes: tuple[str, ...]
    document: str
    place: Place


@dataclass(frozen=True, slots=True)
class NamedRows:
    """A passage that names matrix rows as those with most support, over all or for one outcome."""

    document: str
    at: str
    outcome: str  # a scored outcome, or TOTAL
    rows: tuple[str, ...]
    words: str
    place: Place


def read_verdicts(text: str, path: str, rows: Collection[str]) -> tuple[Verdict, ...]:
    """The verdicts from the text of `verdicts.csv`, in file order.

    Parameters
    ----------
    text, path : str
        The file's text, and its name in messages.
    rows : collection of str
        The row codes that there are.

    Raises
    ------
    InvalidData
        Everything wrong with it: SY600 to SY606.
    """
    table = Table(text, path, VERDICT_COLUMNS, PUBLISHED)
    found = tuple(_verdict(line, rows) for line in table.lines())
    table.stop()
    return found


def _verdict(line: Line, rows: Collection[str]) -> Verdict:
    intervention, document = line.required("intervention"), line.required("document")
    line.once("SY606", f"the verdict on {intervention}", (document, intervention))
    return Verdict(
        intervention=intervention,
        verdict=line.one_of("verdict", VERDICTS),
        rows=line.several("rows", rows),
        mapping=line.one_of("mapping", MAPPINGS),
        document=document,
        also=line.text("also"),
        also_words=line.text("also_words"),
        totals=line.several("matrix_totals"),
        place=line.place(),
    )


def read_framework(text: str, path: str, rows: Collection[str]) -> tuple[SubOutcome, ...]:
    """The sub-outcomes from the text of `outcomes_framework.csv`, in file order.

    Raises
    ------
    InvalidData
        Everything wrong with it: SY600 to SY606.
    """
    table = Table(text, path, FRAMEWORK_COLUMNS, PUBLISHED)
    found = tuple(_sub_outcome(line, rows) for line in table.lines())
    table.stop()
    return found


def _sub_outcome(line: Line, rows: Collection[str]) -> SubOutcome:
    key = line.required("sub_outcome")
    line.once("SY606", f"sub-outcome {key}", (key,))
    everything = line.text("rows") == ALL_ROWS
    return SubOutcome(
        key=key,
        domain=line.required("primary_code"),
        primary=line.required("primary_outcome"),
        label=line.required("label"),
        rows=tuple(rows) if everything else line.several("rows", rows),
        everything=everything,
        other_evidence=line.several("other_evidence"),
        themes=line.several("service_user_themes"),
        document=line.required("document"),
        place=line.place(),
    )


def read_themes(text: str, path: str) -> tuple[Theme, ...]:
    """The themes from the text of `service_user_themes.csv`, in file order.

    Raises
    ------
    InvalidData
        Everything wrong with it: SY600 to SY606.
    """
    table = Table(text, path, THEME_COLUMNS, PUBLISHED)
    found = []
    for line in table.lines():
        key = line.required("theme")
        line.once("SY606", f"theme {key}", (key,))
        words = line.text("section"), line.required("words")
        found.append(Theme(key, *words, line.several("sub_outcomes"), line.required("document"), line.place()))
    table.stop()
    return tuple(found)


def read_named_rows(text: str, path: str, rows: Collection[str], outcomes: Collection[str]) -> tuple[NamedRows, ...]:
    """The passages from the text of `named_rows.csv`, in file order.

    Raises
    ------
    InvalidData
        Everything wrong with it: SY600 to SY606.
    """
    table = Table(text, path, NAMED_COLUMNS, PUBLISHED)
    found = tuple(
        NamedRows(
            document=line.required("document"),
            at=line.required("at"),
            outcome=line.one_of("outcome", (*outcomes, TOTAL)),
            rows=line.several("rows", rows),
            words=line.required("words"),
            place=line.place(),
        )
        for line in table.lines()
    )
    table.stop()
    return found
