"""How rules agree on the same cells, as text, Markdown and plain values."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.crosscheck.ledger.rules import Compared, PairOfRules, RuleAgreement
from synthesis.crosscheck.resampling import MEANING, Redrawn
from synthesis.rendering.fits import plain
from synthesis.rendering.tables import markdown_table, markdown_text
from synthesis.scoring.rule import COLOURS
from synthesis.text import decimal, interval, percent, table

OF_DRAWS = "95 % of draws"
RULES = ["rule", "policy", *COLOURS, "no colour"]
PAIRS = ["rule", "and", "cells", "same colour %", "kappa", OF_DRAWS]
ONE_COLOUR = "one colour only"


def agreement_text(found: RuleAgreement) -> str:
    """Rules, pairs and what is left out, for a terminal."""
    parts = [
        f"    {how(found)}\n",
        table(RULES, map(_rule, found.compared), range(2, len(RULES))),
        "\n",
        table(PAIRS, pairs(found), (2, 3, 4, 5)),
        *(f"    {line}\n" for line in with_pools(found)),
        *(f"    left out: {rule}: {reason}\n" for rule, reason in found.left_out),
    ]
    return "".join(parts)


def how(found: RuleAgreement) -> str:
    """What is compared, and what is drawn."""
    return (
        f"{found.cells} cells, {found.placed} of them in the matrix, of {found.samples} studies; kappa with linear "
        f"weights over the five colours, from red to green, of the cells in which both rules have one; {OF_DRAWS}: the "
        f"studies drawn anew {found.draws} times (seed {found.seed}), all cells recomputed; {MEANING}"
    )


def with_pools(found: RuleAgreement) -> Iterator[str]:
    """The points of the review's rule with the lower bounds of the pools, both of the studies drawn."""
    for name, one in found.with_pools.items():
        bounds = interval(one.low, one.high, 2)
        why = "".join(f"; {note.reason}" for note in one.notes)
        yield f"points and lower bound: {name} {decimal(one.estimate, 2)}, {OF_DRAWS} {bounds}{why}"


def _rule(one: Compared) -> list[str]:
    return [one.rule, one.policy, *(str(one.colours[colour]) for colour in COLOURS), str(one.outside)]


def pairs(found: RuleAgreement) -> Iterator[list[str]]:
    """One line for each pair of rules."""
    single = {one.rule for one in found.compared if sum(count > 0 for count in one.colours.values()) == 1}
    for pair in found.pairs:
        without = {pair.first, pair.second} & single
        yield [
            pair.first,
            pair.second,
            str(pair.agreement.n),
            percent(pair.agreement.proportion, 0),
            f"not meaningful: {' and '.join(sorted(without))} with {ONE_COLOUR}" if without else _kappa(pair),
            "" if without else interval(pair.kappa.low, pair.kappa.high, 2),
        ]


def _kappa(pair: PairOfRules) -> str:
    value = pair.agreement.kappa_linear
    return decimal(value, 2) if value is not None else pair.agreement.reason("kappa_linear")


def agreement_page(found: RuleAgreement) -> Iterator[str]:
    """Rules, pairs and what is left out, as parts of a page."""
    yield "## Rules on the same cells\n"
    yield f"{markdown_text(how(found))}.\n"
    yield markdown_table(RULES, map(_rule, found.compared), range(2, len(RULES)))
    yield markdown_table(PAIRS, pairs(found), (2, 3, 4, 5))
    yield "".join(f"- {markdown_text(line)}\n" for line in with_pools(found))
    yield "".join(f"- left out: {markdown_text(rule)}: {markdown_text(why)}\n" for rule, why in found.left_out)


def agreement_json(found: RuleAgreement) -> dict[str, object]:
    """The same as plain values."""
    return {
        "cells": found.cells,
        "cells_in_the_matrix": found.placed,
        "studies": found.samples,
        "draws": found.draws,
        "seed": found.seed,
        "low_and_high": f"{OF_DRAWS}: {MEANING}",
        "weights": "linear",
        "rules": [
            {"rule": one.rule, "policy": one.policy, "colours": dict(one.colours), "no_colour": one.outside}
            for one in found.compared
        ],
        "pairs": [_pair_json(pair) for pair in found.pairs],
        "points_with_lower_bound": {name: _redrawn_json(one) for name, one in found.with_pools.items()},
        "left_out": [{"rule": rule, "reason": reason} for rule, reason in found.left_out],
    }


def _pair_json(pair: PairOfRules) -> dict[str, object]:
    return {
        "rules": [pair.first, pair.second],
        "cells": pair.agreement.n,
        "table": [list(row) for row in pair.agreement.table],
        "kappa": _redrawn_json(pair.kappa),
        "same_colour": _redrawn_json(pair.same),
    }


def _redrawn_json(found: Redrawn) -> dict[str, object]:
    names = ("estimate", "low", "high", "undefined")
    values = {name: plain(getattr(found, name)) for name in names}
    return values | {"because": found.notes[0].reason if found.notes else None}
