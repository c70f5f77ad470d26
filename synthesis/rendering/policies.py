"""Every cell under every policy of a rule, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from synthesis.rendering.cells import mark_text, output_text, unseen, ways_text
from synthesis.rendering.tables import Cell, markdown_table, markdown_text
from synthesis.scoring.rule import BLANK, Rule
from synthesis.scoring.steadiness import Steadiness
from synthesis.text import ABSENT, one_line, table

SAME = "."  # as under the policy that is asked for
STEADY = ("over_policies", "moved_by", "fragility", "without_one_study", "decisive_studies")
Cells = Mapping[tuple[str, str], Steadiness]


def policies_table(rule: Rule, cells: Cells, first: str) -> str:
    """All cells for a terminal, a column for each policy, and beneath them what each policy says and moves."""
    if not cells:
        return "no finding\n"
    header = [first, "outcome", "asked", "range", "fragility", "without one", *map(str, _numbers(rule))]
    rows = [[*key, *_row(found)] for key, found in cells.items()]
    legend = "".join(f"{one_line(line)}\n" for line in _legend(rule, cells))
    return f"{table(header, rows)}\n`{SAME}` is the same as asked.\n{legend}"


def policies_markdown(rule: Rule, cells: Cells, labels: Mapping[tuple[str, str], tuple[str, str]]) -> str:
    """The same as a part of a page; rows are named by `labels`."""
    header = ["Treatment", "Outcome", "Points", "Range", "Fragility", "Without one study", *map(str, _numbers(rule))]
    rows = [[*labels[key], *_row(found)] for key, found in cells.items()]
    legend = "".join(f"- {markdown_text(line)}\n" for line in _legend(rule, cells))
    return f"{markdown_table(header, rows)}\n`{SAME}` is the same as in the column of points.\n\n{legend}"


def _numbers(rule: Rule) -> range:
    return range(1, len(rule.policies) + 1)


def _row(found: Steadiness) -> Iterator[str]:
    yield output_text(found.score)
    yield found.over_policies
    yield fragility_text(found)
    yield found.without_one
    for score in found.by_policy.values():
        yield SAME if score.output == found.score.output else output_text(score)


def fragility_text(found: Steadiness) -> str:
    """The fewest studies whose state must flip; a dash where no flips change the output."""
    return ABSENT if found.fragile.flips is None else str(found.fragile.flips)


def flips_text(found: Steadiness) -> str:
    """The same with one smallest set of flips and what it leads to, or why there is none."""
    fragile = found.fragile
    if fragile.flips is None:
        return f"{ABSENT} ({fragile.reason})"
    return f"{fragile.flips} (becomes {fragile.becomes} with {ways_text(fragile)})"


def _legend(rule: Rule, cells: Cells) -> Iterator[str]:
    """What each policy says, and how many cells it moves; which clauses were not seen in their source."""
    for number, (name, procedure) in enumerate(rule.policies.items(), 1):
        moved = sum(name in found.moved_by for found in cells.values())
        because = f" ({procedure.because})" if procedure.because else ""
        yield f"{number} {name}: {procedure.says}{because}; moves {moved}{_beyond(rule, name)}"
    scores = [score for found in cells.values() for score in found.by_policy.values() if score.output]
    yield from unseen(scores)


def _beyond(rule: Rule, name: str) -> str:
    """What a policy speaks of that the cells shown do not hold."""
    own, base = rule.policies[name], rule.policies[rule.base]
    if (own.admit, own.facts) != (base.admit, base.facts):
        return " (it speaks of contrasts that the pools leave out: `--every` has them)"
    if own.blank != base.blank:
        return " (it speaks of cells without a finding, which are not shown)"
    return ""


def policies_columns(rule: Rule, first: str) -> tuple[str, ...]:
    """The columns of the CSV table."""
    return (first, "outcome", "asked", *STEADY, *rule.policies, "not_seen_in_its_source")


def policies_rows(cells: Cells) -> Iterator[list[Cell]]:
    """One line for each cell, under `policies_columns`; blank is empty."""
    for key, found in cells.items():
        given: list[Cell] = [*key, found.score.output, *steady_fields(found)]
        yield [*given, *(score.output for score in found.by_policy.values()), _not_seen(found)]


def _not_seen(found: Steadiness) -> str:
    """The policies under which a clause decides that was not seen in its source, with how far it was."""
    scores = found.by_policy.items()
    return "; ".join(f"{name}: {score.verified}" for name, score in scores if mark_text(score))


def steady_fields(found: Steadiness | None) -> list[Cell]:
    """The fields of STEADY; all empty for a cell without a finding."""
    if found is None:
        return [""] * len(STEADY)
    decisive = "; ".join(f"{study}: {found.without[study].output or BLANK} without" for study in found.decisive)
    return [found.over_policies, "; ".join(found.moved_by), found.fragile.flips, found.without_one, decisive]


def policies_json(rule: Rule, cells: Cells, first: str) -> dict[str, object]:
    """All cells as plain values."""
    return {
        "rule": rule.key,
        "policies": {name: {"says": one.says, "because": one.because} for name, one in rule.policies.items()},
        "cells": [
            {first: key[0], "outcome": key[1], "asked": found.score.output or None, **steady_json(found)}
            for key, found in cells.items()
        ],
    }


def steady_json(found: Steadiness) -> dict[str, object]:
    """How far a cell hangs on a reading of the rule, and on single studies."""
    return {
        "over_policies": found.over_policies,
        "moved_by": list(found.moved_by),
        "fragility": found.fragile.flips,
        "flips": [{"study": one.study, "state": one.state, "becomes": one.becomes} for one in found.fragile.example],
        "flips_lead_to": found.fragile.becomes or None,
        "no_flips_because": found.fragile.reason or None,
        "without_one_study": found.without_one,
        "without": {study: score.output or None for study, score in found.without.items()},
        "decisive_studies": list(found.decisive),
        "policies": {
            name: {"output": score.output or None, "clause": score.clause, "verified": score.verified}
            for name, score in found.by_policy.items()
        },
    }


def moved_lines(rule: Rule, found: Steadiness) -> Sequence[str]:
    """The policies that move a cell, each with what it gives and what it says."""
    return [
        f"{name}: {score.output or BLANK} (clause {score.clause}{mark_text(score)}); {rule.policies[name].says}"
        for name, score in found.by_policy.items()
        if name in found.moved_by
    ]
