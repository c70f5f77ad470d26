"""How rules agree with each other and with pooled effects across cells, and how far that hangs on the studies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from synthesis.crosscheck.agreement import VerdictAgreement, confusion, kappa, proportion, verdict_agreement
from synthesis.crosscheck.discordance import Key
from synthesis.crosscheck.ledger.redrawn import NO_COLOUR, Judged, colours, judged
from synthesis.crosscheck.resampling import Redrawn, redraw
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.scoring.report import Cells
from synthesis.scoring.rule import COLOURS, Rule
from synthesis.scoring.states import Context

DRAWS, SEED = 500, 2009
WEIGHTS = "linear"  # a verdict two colours away disagrees twice as much as one beside it


@dataclass(frozen=True, slots=True)
class Compared:
    """One rule that takes part."""

    rule: str
    policy: str
    colours: Mapping[str, int]  # how many cells have each colour; every one of COLOURS
    outside: int  # cells with findings in which it gives none of them


@dataclass(frozen=True, slots=True)
class PairOfRules:
    """Two rules on the same cells."""

    first: str
    second: str
    agreement: VerdictAgreement
    kappa: Redrawn  # with linear weights
    same: Redrawn  # the share of cells of the same colour


@dataclass(frozen=True, slots=True)
class RuleAgreement:
    """All pairs of rules that can be compared, and why the others cannot."""

    cells: int
    samples: int
    draws: int
    seed: int
    compared: tuple[Compared, ...]
    pairs: tuple[PairOfRules, ...]
    left_out: tuple[tuple[str, str], ...]  # rule and reason
    placed: int = 0  # cells that the matrix has too
    with_pools: Mapping[str, Redrawn] = field(default_factory=dict)  # of points with the pools' lower bounds


@dataclass(frozen=True, slots=True)
class Taking:
    """A rule, and what is known of each cell beside its studies."""

    rule: Rule
    policies: tuple[str, ...]  # tried in this order: the first under which a cell has a colour
    contexts: Mapping[Key, Context]


def rule_agreement(cells: Cells, rules: Iterable[Taking], *, draws: int = DRAWS, seed: int = SEED) -> RuleAgreement:
    """Agreement of every pair of rules on the five colours, and its range over draws of the studies.

    Parameters
    ----------
    cells : mapping
        Findings by modality and outcome, the same for every rule, which admits what it admits.
    rules : iterable of Taking
        Rules with their policies.
    draws, seed : int
        How often the studies are drawn, and from which seed.

    Notes
    -----
    A study is in a draw or it is not: one trial is one study, and a rule that counts would give more to a trial that
    counted twice. What is known beside the studies (judgements, facts of the pool) stays as it is.
    """
    samples = sorted({finding.study for found in cells.values() for finding in found})
    left: list[tuple[str, str]] = []
    ready: dict[str, Judged] = {}
    compared = []
    for one in rules:
        reason = _no_colours(one.rule)
        for policy in () if reason else one.policies:
            held = judged(cells, one.rule, policy, one.contexts, samples)
            codes = colours(held, np.ones((1, len(samples)), dtype=bool))[0]
            if (codes != NO_COLOUR).any():
                ready[one.rule.key] = held
                compared.append(_compared(one.rule.key, policy, codes))
                break
        if one.rule.key not in ready:
            left.append((one.rule.key, reason or _unasked(one.rule)))
    pairs = _pairs(ready, len(samples), draws, seed) if len(ready) > 1 else ()
    return RuleAgreement(len(cells), len(samples), draws, seed, tuple(compared), pairs, tuple(left))


def _no_colours(rule: Rule) -> str:
    """Why a rule has no verdicts that could be compared; empty where it has."""
    if rule.grades == "study":
        return "it grades single studies"
    if not any(output.colour in COLOURS for output in rule.outputs.values()):
        return "it grades something else than effects, so that its outputs have no colours"
    return ""


def _unasked(rule: Rule) -> str:
    """Why no cell has a colour under a rule that has colours."""
    asked = ", ".join(sorted(rule.asks))
    return f"no cell has a colour; it needs what people judge: {asked}" if asked else "no cell has a colour"


def _compared(name: str, policy: str, codes: IntArray) -> Compared:
    counts = {colour: int((codes == place).sum()) for place, colour in enumerate(COLOURS)}
    return Compared(name, policy, counts, int((codes == NO_COLOUR).sum()))


def _pairs(ready: Mapping[str, Judged], samples: int, draws: int, seed: int) -> tuple[PairOfRules, ...]:
    names = list(combinations(ready, 2))

    def statistics(drawn: BoolArray) -> dict[str, FloatArray]:
        codes = {name: colours(held, drawn) for name, held in ready.items()}
        found = {}
        for first, second in names:
            table = confusion(codes[first], codes[second], len(COLOURS))
            found[f"kappa {first} {second}"], found[f"same {first} {second}"] = kappa(table, WEIGHTS), proportion(table)
        return found

    middle = redraw(statistics, samples, generator=np.random.default_rng(seed), draws=draws)
    whole = {name: _words(colours(held, np.ones((1, samples), dtype=bool))[0]) for name, held in ready.items()}
    return tuple(
        PairOfRules(
            first,
            second,
            verdict_agreement(whole[first], whole[second], COLOURS),
            middle[f"kappa {first} {second}"],
            middle[f"same {first} {second}"],
        )
        for first, second in names
    )


def _words(codes: IntArray) -> Sequence[str | None]:
    return [None if code == NO_COLOUR else COLOURS[code] for code in codes.tolist()]
