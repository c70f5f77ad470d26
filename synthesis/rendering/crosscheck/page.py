"""The cross-check as a page."""

from __future__ import annotations

from collections.abc import Sequence

from synthesis.crosscheck.discordance import CrossCheck
from synthesis.crosscheck.ledger.across import across
from synthesis.crosscheck.ledger.rules import RuleAgreement
from synthesis.crosscheck.statuses import KINDS, MEANING, STATUSES
from synthesis.rendering.crosscheck.drivers import driven_by
from synthesis.rendering.crosscheck.rules import agreement_page
from synthesis.rendering.crosscheck.text import HEADER, NUMERIC, across_lines, name_of, row
from synthesis.rendering.tables import Cell, markdown_table, markdown_text

INTRODUCTION = (
    "Points count studies; a pool measures their effect. Both admit contrasts by the same rules (level, comparator, "
    "population), and are not of the same studies: points (`of studies`) also count findings in words, every follow-up "
    "and other families of measures; a pool (`k`) takes one effect of each study that has numbers. `few studies`: at "
    "most three, and every statement about them is weak. A ratio below 1 or a difference below 0 means less of the "
    "outcome's event or score under treatment; k 1 is the study's own effect, not pooled. A verdict in words stands "
    "for points by its colour: green 3, yellow 2, blue 1, grey and red 0.\n"
)


def page(checks: Sequence[CrossCheck], title: str, agreement: RuleAgreement | None = None) -> str:
    """The whole cross-check: statuses, the cells together, the comparison, what drives it, how rules agree."""
    together = across(checks)
    living, printed = together.living.statuses, together.printed.statuses
    rows: list[list[Cell]] = [[name, KINDS[name], STATUSES[name], living[name], printed[name]] for name in STATUSES]
    parts = [
        f"# Points against pooled effects: {markdown_text(title)}\n",
        INTRODUCTION,
        markdown_table(
            ["Status", "Evidence", "Means", "Points of the living evidence", "Printed points"], rows, [3, 4]
        ),
        "".join(f"- {markdown_text(kind)}: {markdown_text(words)}\n" for kind, words in MEANING.items()),
        "## Across cells\n",
        "".join(f"- {markdown_text(line)}\n" for line in across_lines(together)),
        "## The comparison\n",
        markdown_table(HEADER, map(row, checks), NUMERIC),
        "## What drives it\n",
        *(_section(check) for check in checks if [*driven_by(check)]),
        *(() if agreement is None else agreement_page(agreement)),
    ]
    return "\n".join(parts)


def _section(check: CrossCheck) -> str:
    items = "".join(f"- {markdown_text(line)}\n" for line in driven_by(check))
    return f"**{markdown_text(name_of(check))}.**\n\n{items}"
