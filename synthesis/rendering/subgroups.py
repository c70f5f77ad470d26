"""Compared kinds of studies as text, rows and plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from synthesis.evidence.moderators import PoolSubgroups, Unstated
from synthesis.evidence.pools import Evidence
from synthesis.plain.effects import PlainLeftOut
from synthesis.plain.moderators import PlainSubgroups
from synthesis.pooling.coefficients import described
from synthesis.pooling.moderators.subgroups import Subgroup, Subgroups
from synthesis.rendering.fits import natural, plain
from synthesis.rendering.moderated import (
    About,
    about_group,
    about_pool,
    effect_cells,
    evidence_json,
    not_done_text,
    rows_left_json,
    unstated_text,
)
from synthesis.rendering.tables import Cell
from synthesis.text import ABSENT, decimal, one_line, p_value, table

HEADER = ["", "k", "estimate", "CI", "p", "tau2", "I2 %", "Q (df, p)"]
COLUMNS = (
    "kind", "k", "estimate", "ci_low", "ci_high", "se", "p", "tau2", "i2", "q", "q_df", "q_p", "between", "between_df",
    "between_df2", "between_p", "tau2_model", "method", "test", "notes",
)  # fmt: skip
LEGEND = "tau2 is on the log scale for ratios\n"


@dataclass(frozen=True, slots=True)
class Shown:
    """The compared kinds of one pool, or of a group of a table."""

    about: About
    studies: Mapping[str, tuple[str, ...]]
    left_out: tuple[Unstated, ...]
    found: Subgroups | None
    problem: str


def of_pools(compared: Iterable[PoolSubgroups], evidence: Evidence) -> tuple[Shown, ...]:
    """The comparisons of a review."""
    return tuple(
        Shown(about_pool(one.pool, evidence), one.studies, one.left_out, one.found, one.problem) for one in compared
    )


def of_groups(compared: Iterable[PlainSubgroups]) -> tuple[Shown, ...]:
    """The comparisons of a table; the rows that it left out are listed once, under all of them."""
    return tuple(
        Shown(about_group(one.group, one.measure), one.studies, (), one.found, one.problem) for one in compared
    )


def text(shown: Sequence[Shown]) -> str:
    """Each comparison with its kinds; then one line for each pool in which nothing can be compared."""
    done = [one for one in shown if one.found is not None]
    parts = ["\n".join(_section(one) for one in done)]
    if any(one.about.ratio for one in done):
        parts.append(LEGEND)
    others = [(one.about.title, one.problem, unstated_text(one.left_out)) for one in shown if one.found is None]
    parts.append(not_done_text(others, "not compared"))
    return "\n".join(part for part in parts if part) or "no study can be pooled\n"


def _section(one: Shown) -> str:
    found = one.found
    assert found is not None
    kind = f"{found.tau2_model} tau2, {found.method}, {found.test}, {100 * found.level:g} % intervals"
    rows = [_row(group, ratio=one.about.ratio) for group in found.groups]
    explained = "" if found.r2 is None else f"; explained: R2 {decimal(found.r2, 1)} % of tau2"
    lines = [
        f"{one.about.title}\n{kind}\n{table(HEADER, rows, (1, 2, 4, 5, 6))}",
        f"between: {described(found.between)}{explained}\n",
        *(f"note: {one_line(note.reason)}\n" for note in dict.fromkeys(found.notes)),
        unstated_text(one.left_out),
    ]
    return "".join(lines)


def _row(group: Subgroup, *, ratio: bool) -> list[str]:
    q = ABSENT if group.q is None else f"{decimal(group.q, 2)} ({group.q_df}, {p_value(group.q_p_value)})"
    return [
        group.name, str(group.k), *effect_cells(ratio, group.estimate, (group.ci_low, group.ci_high)),
        p_value(group.p_value), decimal(group.tau2, 3), decimal(group.i2, 1), q,
    ]  # fmt: skip


def csv_table(shown: Sequence[Shown]) -> tuple[list[str], Iterator[list[Cell]]]:
    """Header and rows, one a kind; a pool in which nothing is compared has one row with the reason."""
    about = list(shown[0].about.columns) if shown else ["group"]
    return [*about, *COLUMNS], _rows(shown)


def _rows(shown: Sequence[Shown]) -> Iterator[list[Cell]]:
    for one in shown:
        about: list[Cell] = list(one.about.columns.values())
        found = one.found
        if found is None:
            yield [*about, *[None] * (len(COLUMNS) - 1), one.problem]
            continue
        between, notes = found.between, "; ".join(dict.fromkeys(note.reason for note in found.notes))
        for group in found.groups:
            mean = [natural(value, ratio=one.about.ratio) for value in (group.estimate, group.ci_low, group.ci_high)]
            yield [
                *about, group.name, group.k, *mean, group.se, group.p_value, group.tau2, group.i2, group.q, group.q_df,
                group.q_p_value, between.statistic, between.df, between.df_denominator, between.p_value,
                found.tau2_model, found.method, found.test, notes,
            ]  # fmt: skip


def review_json(shown: Sequence[Shown], group: str, evidence: Evidence) -> dict[str, object]:
    """The comparisons of a review as plain values, on the scale of each measure, logs for ratios."""
    return {"group": group, **evidence_json(evidence), "comparisons": [_json(one) for one in shown]}


def table_json(shown: Sequence[Shown], group: str, left: Iterable[PlainLeftOut]) -> dict[str, object]:
    """The comparisons of a table as plain values."""
    return {"group": group, "comparisons": [_json(one) for one in shown], "left_out": rows_left_json(left)}


def _json(one: Shown) -> dict[str, object]:
    values = {
        **one.about.json,
        "model": None if one.found is None else one.found.to_dict(),
        "reason": one.problem or None,
        "studies": {kind: list(studies) for kind, studies in one.studies.items()},
        "left_out": [asdict(left) for left in one.left_out],
    }
    rounded: dict[str, object] = plain(values)
    return rounded
