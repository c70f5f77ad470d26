"""What the rule gives for the studies of a pool and their effects alone, and how often it would give that."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from synthesis.crosscheck.discordance import Key, OnPool
from synthesis.evidence import Entry, Pool
from synthesis.scoring.facts import facts_of
from synthesis.scoring.operating.designs import READ
from synthesis.scoring.operating.surprise import ScoredCell, surprise_many
from synthesis.scoring.rule import Rule
from synthesis.scoring.score import score_cells
from synthesis.scoring.states import Context, Fact, ScoredFinding

TO_SMD = {"SMD": 1.0, "OR": math.sqrt(3) / math.pi}  # what a benefit is multiplied with to be one of an SMD


def on_pools(
    pools: Mapping[Key, Pool], rule: Rule, policy: str, contexts: Mapping[Key, Context]
) -> Mapping[Key, OnPool]:
    """Scores of pools, each of its own studies with one effect each, and how surprising they are.

    A score of a cell counts findings in words and several follow-ups too; only of what has a variance can it be told
    how often the rule gives it.
    """
    cells = {key: [_finding(entry, pool) for entry in pool.entries] for key, pool in pools.items()}
    own = {key: contexts.get(key, {}) for key in pools}
    scores = score_cells(cells, rule, policy, own)
    scored = {key: _scored(pool, cells[key], rule, scores[key].output) for key, pool in pools.items()}
    found = surprise_many(rule, scored, policy=policy, contexts=own)
    return {key: OnPool(scores[key].output, found[key]) for key in pools}


def _finding(entry: Entry, pool: Pool) -> ScoredFinding:
    """A study of a pool as one finding with its direction by the two-sided test of its effect at .05."""
    first = entry.effects[0]
    whole = replace(first, yi=entry.yi, vi=entry.vi)
    direction, significant = whole.direction
    facts = facts_of(entry.study, first.contrast.finding)
    scale = TO_SMD.get(pool.measure)
    return ScoredFinding(
        study=entry.study.key,
        level=entry.level,
        outcome=first.contrast.finding.outcome,
        detail=first.contrast.finding.detail,
        direction=direction,
        significant=significant,
        limited=any(bool(one.contrast.finding.limited) for one in entry.effects),
        direction_basis="computed",
        facts=facts if scale is None else (*facts, ("effect", scale * whole.benefit)),
    )


def _scored(pool: Pool, findings: list[ScoredFinding], rule: Rule, output: str) -> ScoredCell:
    """A pool with what its studies' designs are, as far as the rule asks."""
    names = [name for name in rule.fields if name not in READ and name != "level"]
    known: list[Mapping[str, Fact]] = [
        {"trial_level": one.level or 0, **dict(one.facts), "limited": one.limited, "detail": one.detail}
        for one in findings
    ]
    estimate, _ = pool.benefit(pool.fit.estimate, pool.fit.estimate)
    return ScoredCell(
        output=output,
        variances=[entry.vi for entry in pool.entries],
        theta=estimate,
        tau2=pool.fit.tau2 or 0.0,
        levels=[entry.level for entry in pool.entries],
        facts={name: [one.get(name) for one in known] for name in names},
        scale=TO_SMD.get(pool.measure),
    )
