"""The cross-check as a table, a page and plain values."""

from __future__ import annotations

from collections.abc import Sequence

from synthesis.crosscheck.discordance import CrossCheck
from synthesis.crosscheck.ledger.rules import RuleAgreement
from synthesis.rendering.crosscheck.page import page
from synthesis.rendering.crosscheck.text import crosscheck_table
from synthesis.rendering.crosscheck.values import COLUMNS, crosscheck_json, csv_rows
from synthesis.rendering.crosscheck.words import benefit_of, effect_text, pool_lines, prediction_text
from synthesis.rendering.tables import csv_bytes, json_bytes

__all__ = [
    "COLUMNS",
    "NAME",
    "benefit_of",
    "crosscheck_files",
    "crosscheck_json",
    "crosscheck_table",
    "csv_rows",
    "effect_text",
    "pool_lines",
    "prediction_text",
]
NAME = "crosscheck"


def crosscheck_files(
    checks: Sequence[CrossCheck], title: str, agreement: RuleAgreement | None = None
) -> dict[str, bytes]:
    """`crosscheck.csv`, `crosscheck.json` and `crosscheck.md` by name, with how rules agree where that is given."""
    return {
        f"{NAME}.csv": csv_bytes(COLUMNS, csv_rows(checks)),
        f"{NAME}.json": json_bytes(crosscheck_json(checks, agreement)),
        f"{NAME}.md": page(checks, title, agreement).encode("utf-8"),
    }
