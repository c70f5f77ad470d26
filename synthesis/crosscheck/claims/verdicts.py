"""Published verdicts beside the matrix: a conclusion in words, the points printed, and the points computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from synthesis.crosscheck.claims.material import listing, note
from synthesis.crosscheck.claims.published_tables import Verdict
from synthesis.crosscheck.discordance import CrossCheck
from synthesis.errors import Problem
from synthesis.scoring.matrix import Matrix

CODES: Mapping[str, str] = {
    "SY801": "reasonable evidence in a verdict, and no points in a row that it speaks of",
    "SY802": "no evaluations in a verdict, and points in a row that it speaks of",
    "SY803": "mixed evidence in a verdict, and a pooled benefit that agrees with high points",
    "SY804": "reasonable evidence in a verdict, and a pooled effect that is harm",
    "SY805": "a verdict whose intervention another document words differently",
    "SY806": "totals typed beside a verdict that are not those of the printed matrix",
}
HARM = ("reversal", "agree_harm")  # statuses of the cross-check
BOTH_STAND = "nothing needs to be done: verdict and score may answer different questions"


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One matrix row that a verdict speaks of."""

    row: str
    printed_total: int | None
    points: tuple[tuple[str, int | None], ...]  # by scored outcome, computed: the matrix' headline reading
    statuses: tuple[tuple[str, str, str], ...]  # modality, outcome, status of the cross-check, on scored outcomes

    @property
    def total(self) -> int | None:
        """The computed points of all outcomes; None where no cell has any."""
        given = [points for _, points in self.points if points is not None]
        return sum(given) if given else None


@dataclass(frozen=True, slots=True)
class VerdictCheck:
    """One published verdict beside its rows."""

    verdict: Verdict
    rows: tuple[VerdictRow, ...]


def verdict_checks(
    verdicts: Iterable[Verdict], matrix: Matrix, checks: Iterable[CrossCheck] = ()
) -> tuple[VerdictCheck, ...]:
    """Each verdict beside the rows that it speaks of.

    Parameters
    ----------
    verdicts : iterable of Verdict
        In any order, which is kept.
    matrix : Matrix
        Printed totals, and the points of its headline reading.
    checks : iterable of CrossCheck
        Pooled statuses; those on scored outcomes are shown.
    """
    held = tuple(checks)
    return tuple(VerdictCheck(each, tuple(_row(row, matrix, held) for row in each.rows)) for each in verdicts)


def _row(code: str, matrix: Matrix, checks: tuple[CrossCheck, ...]) -> VerdictRow:
    row = next(each for each in matrix.rows if each.row.code == code)
    return VerdictRow(
        row=code,
        printed_total=row.printed_total,
        points=tuple((cell.outcome, cell.scores[matrix.headline].points) for cell in row.cells if cell.scores),
        statuses=tuple(
            (check.modality.key, check.outcome.key, check.status)
            for check in checks
            if check.modality.row == code and check.outcome.column
        ),
    )


def verdict_notes(checks: Iterable[VerdictCheck]) -> Iterator[Problem]:
    """SY801 to SY806: where verdict, points and pooled effect do not say the same; one note a verdict and code."""
    for check in checks:
        judged = check.verdict.verdict
        says = {code: words for code, words in _disagreements(check) if words}
        for code, words in says.items():
            fit = f"{check.verdict.mapping} match" if check.verdict.mapping != "none" else "no row"
            what = f"{check.verdict.intervention}: {judged} in {check.verdict.document} ({fit}); {listing(words)}"
            yield note(check.verdict.place, code, what, BOTH_STAND)
        yield from _wording(check.verdict)
        yield from _typed_totals(check)


def _disagreements(check: VerdictCheck) -> Iterator[tuple[str, list[str]]]:
    """What the rows say against the verdict, by code."""
    judged, rows = check.verdict.verdict, check.rows
    if judged == "reasonable evidence":
        yield "SY801", [_told(row) for row in rows if not row.printed_total or not row.total]
        yield "SY804", [_told(row) for row in rows if any(status in HARM for _, _, status in row.statuses)]
    elif judged == "no evaluations":
        yield "SY802", [_told(row) for row in rows if row.printed_total or row.total]
    else:
        agreed = "agree_benefit"
        yield "SY803", [_told(row) for row in rows if any(status == agreed for _, _, status in row.statuses)]


def _told(row: VerdictRow) -> str:
    """One row in words: what was printed, what is computed, what is pooled."""
    statuses = ", ".join(f"{modality} {outcome} {status}" for modality, outcome, status in row.statuses)
    pooled = f" ({statuses})" if statuses else ""
    return f"row {row.row} has {_number(row.printed_total)} printed and {_number(row.total)} computed{pooled}"


def _number(points: int | None) -> str:
    return "none" if points is None else str(points)


def _wording(verdict: Verdict) -> Iterator[Problem]:
    """SY805: another document that prints the verdict in other words."""
    other = verdict.also_words
    if verdict.also and other and other.casefold() != verdict.intervention.casefold():
        what = f"{verdict.document} says {verdict.intervention!r}, {verdict.also} prints {other!r}"
        yield note(verdict.place, "SY805", what, "read the verdict in the document that gave it")


def _typed_totals(check: VerdictCheck) -> Iterator[Problem]:
    """SY806: a copy of the printed totals that is not one."""
    typed = check.verdict.totals
    printed = tuple(_number(row.printed_total) for row in check.rows)
    if typed and typed != printed:
        what = f"{check.verdict.intervention}: totals {listing(typed)} are typed, the matrix prints {listing(printed)}"
        yield note(check.verdict.place, "SY806", what, "correct the totals, or leave them out")
