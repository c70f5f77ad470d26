"""Combined p-values and votes as text, rows and plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from synthesis.plain.effects import PlainLeftOut
from synthesis.plain.p_values import Synthesis
from synthesis.pooling.p_values import CombinedP
from synthesis.rendering.fits import plain
from synthesis.rendering.tables import Cell
from synthesis.text import decimal, interval, p_value, table

P_HEADER = ["group", "k", "p", "statistic", "df", "method"]
P_COLUMNS = ("group", "k", "p", "log_p", "statistic", "distribution", "df", "method", "notes")
VOTE_HEADER = ["group", "positive", "negative", "undetermined", "share positive", "CI", "p"]
VOTE_COLUMNS = (
    "group", "positive", "negative", "undetermined", "k", "proportion", "ci_low", "ci_high", "p", "alternative",
    "interval", "notes",
)  # fmt: skip
NOT_SIZE = "a small p says that at least one study has an effect, not how large or how common it is\n"
NOT_SIGNIFICANCE = "directions are counted without regard to size or significance; undetermined ones are in no share\n"


def synthesis_table(found: Sequence[Synthesis], left: Sequence[PlainLeftOut]) -> str:
    """All groups as a table, with what it cannot say, the notes, and the rows left out."""
    if not found:
        return "nothing to combine\n"
    combined = isinstance(found[0].found, CombinedP)
    header, numeric = (P_HEADER, (1, 2, 3, 4)) if combined else (VOTE_HEADER, (1, 2, 3, 4, 6))
    text = table(header, [_row(one) for one in found], numeric) + (NOT_SIZE if combined else NOT_SIGNIFICANCE)
    notes = [f"{one.group or 'all'}: {note.field}: {note.reason}\n" for one in found for note in one.found.notes]
    return text + "".join([*notes, *(f"{one}\n" for one in left)])


def _row(one: Synthesis) -> list[str]:
    found, group = one.found, one.group or "all"
    if isinstance(found, CombinedP):
        df = "" if found.df is None else f"{found.df:g}"
        return [group, str(found.k), p_value(found.p_value), decimal(found.statistic), df, found.method]
    counts = [str(found.positive), str(found.negative), str(found.undetermined)]
    bounds = interval(found.ci_low, found.ci_high, 3)
    return [group, *counts, decimal(found.proportion, 3), bounds, p_value(found.p_value)]


def synthesis_rows(found: Sequence[Synthesis]) -> Iterator[list[Cell]]:
    """One row a group, under P_COLUMNS or VOTE_COLUMNS."""
    for one in found:
        each = one.found
        notes = "; ".join(dict.fromkeys(note.reason for note in each.notes))
        if isinstance(each, CombinedP):
            numbers: list[Cell] = [each.k, each.p_value, each.log_p_value, each.statistic]
            yield [one.group, *numbers, each.distribution, each.df, each.method, notes]
        else:
            counts: list[Cell] = [each.positive, each.negative, each.undetermined, each.k]
            bounds: list[Cell] = [each.proportion, each.ci_low, each.ci_high, each.p_value]
            yield [one.group, *counts, *bounds, each.alternative, each.interval, notes]


def synthesis_json(found: Sequence[Synthesis], left: Sequence[PlainLeftOut]) -> dict[str, object]:
    """All groups as plain values."""
    return {
        "groups": [{"group": one.group, **plain(one.found.to_dict()), "studies": list(one.studies)} for one in found],
        "left_out": [asdict(one) for one in left],
    }
