"""The cross-check for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthesis.crosscheck.discordance import CrossCheck
from synthesis.crosscheck.ledger.across import MEASURED, Across, Counted, across
from synthesis.crosscheck.ledger.rules import RuleAgreement
from synthesis.crosscheck.statuses import MEANING, STATUSES
from synthesis.rendering.crosscheck.drivers import driven_by
from synthesis.rendering.crosscheck.rules import agreement_text
from synthesis.rendering.crosscheck.words import (
    NONE,
    NOTHING_POOLED,
    effect_text,
    points_of,
    prediction_text,
    printed_of,
)
from synthesis.text import ABSENT, decimal, one_line, percent, table

HEADER = [
    "modality",
    "outcome",
    "row",
    "points",
    "of studies",
    "printed",
    "k",
    "effect",
    "prediction",
    "published",
    "evidence",
    "status",
]
NUMERIC = (3, 4, 5, 6, 9)


def crosscheck_table(checks: Sequence[CrossCheck], agreement: RuleAgreement | None = None) -> str:
    """All cross-checks for a terminal: the table, what drives each status, the cells together, what the words mean."""
    if not checks:
        return "nothing to compare: no cell has points, and nothing is pooled\n"
    drives = [f"{name_of(check)}\n{_indented(lines)}" for check in checks if (lines := [*driven_by(check)])]
    used = {name for check in checks for name in (check.status, check.status_beside, check.printed_status)}
    meaning = [f"{name}: {STATUSES[name]}" for name in STATUSES if name in used]
    kinds = {check.kind for check in checks}
    evidence = [f"{kind}: {words}" for kind, words in MEANING.items() if kind in kinds]
    parts = [
        table(HEADER, map(row, checks), NUMERIC),
        "\nwhat drives it\n",
        *drives,
        "\nacross cells\n",
        _indented([*across_lines(across(checks))]),
        "\nk 1 is the study's own effect, not pooled\n\nstatus\n",
        _indented(meaning),
        "\nevidence\n",
        _indented(evidence),
    ]
    if agreement is not None:
        parts += ["\nrules on the same cells\n", agreement_text(agreement)]
    return "".join(parts)


def row(check: CrossCheck) -> list[str]:
    """A cross-check as cells under HEADER; nothing is only a dash where it matters why it is absent."""
    pool = check.pool
    return [
        check.modality.key,
        check.outcome.key,
        check.modality.row or ABSENT,
        points_of(check),
        NONE if check.studies is None else str(check.studies),
        printed_of(check),
        NONE if pool is None else str(pool.fit.k),
        NOTHING_POOLED if pool is None else effect_text(pool, pool.fit),
        NOTHING_POOLED if pool is None else _prediction(check),
        str(len(check.published)),
        check.kind,
        check.status + (" (few studies)" if check.few else ""),
    ]


def _prediction(check: CrossCheck) -> str:
    assert check.pool is not None
    found = prediction_text(check.pool, check.pool.fit)
    return "too few studies" if found == ABSENT and check.few else found


def across_lines(found: Across) -> Iterator[str]:
    """The cells together, line by line."""
    yield f"modalities by outcomes: {found.cells}, all scored by the rule; {found.placed} have a cell in the matrix"
    yield f"points of the living evidence: {counted_text(found.living)}"
    if found.printed.compared:
        yield f"printed points: {counted_text(found.printed)}"
    for name, one in found.ordered.items():
        why = "".join(f"; {note.reason}" for note in one.notes[:1])
        yield f"points and {name}: tau-b {decimal(one.tau_b, 2)}, gamma {decimal(one.gamma, 2)} ({one.n} cells{why})"
    yield from (f"{name}: {words}" for name, words in MEASURED.items())


def counted_text(found: Counted) -> str:
    """How many cells are compared, and how many of them disagree."""
    if found.rate is None:
        return "no cell has both points and a pooled effect"
    firm = "none of them with more than three studies"
    if found.firm_rate is not None:
        firm = f"with more than three studies {found.firm_disagree} of {found.firm} ({percent(found.firm_rate, 0)} %)"
    return f"{found.disagree} of {found.compared} cells disagree ({percent(found.rate, 0)} %), {firm}"


def name_of(check: CrossCheck) -> str:
    """A cell by modality, outcome and row."""
    placed = f" (row {check.modality.row})" if check.modality.row else ""
    return f"{check.modality.key}, {check.outcome.key}{placed}"


def _indented(lines: Sequence[str]) -> str:
    return "".join(f"    {one_line(line)}\n" for line in lines)
