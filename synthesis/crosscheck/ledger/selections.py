"""The same cells on other selections: whether a disagreement is one of what is admitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from synthesis.crosscheck.discordance import InSmd, Key, Subset, standing_of
from synthesis.crosscheck.ledger.columns import bounds_of_columns
from synthesis.crosscheck.ledger.models import columns_of
from synthesis.crosscheck.statuses import statuses
from synthesis.evidence import INACTIVE, Evidence, Pool, pool_evidence
from synthesis.evidence.options import CONVERTED, Options
from synthesis.pooling.batch import FloatArray
from synthesis.records.review import Review
from synthesis.records.study import Study
from synthesis.scoring.contexts import modality_contexts
from synthesis.scoring.living import EVERY_LEVEL, by_modality
from synthesis.scoring.rule import Rule
from synthesis.scoring.score import Score, score_cells

FOLLOW_UPS = ("end", "longest")
SMD = CONVERTED[0]


def studies_of(evidence: Evidence) -> tuple[Study, ...]:
    """Every study that the options look at, in their order."""
    found = {one.study.key: one.study for one in evidence.selection.contrasts}
    found |= {one.study.key: one.study for one in evidence.selection.left_out}
    return tuple(found[key] for key in sorted(found))


def subsets(
    review: Review, evidence: Evidence, rule: Rule, policy: str, keys: Sequence[Key]
) -> Mapping[Key, tuple[Subset, ...]]:
    """Cells at the review's own levels and at all, at the end of treatment and at the longest follow-up.

    Points and pool of a subset are of the same contrasts: the rule takes the follow-up of the pool within each detail.
    Its own floor of levels holds in all of them.
    """
    selections = [
        (_following(rule, policy, follow_up), replace(evidence.options, maryland=levels, follow_up=follow_up))
        for levels in dict.fromkeys((evidence.options.maryland, EVERY_LEVEL))
        for follow_up in FOLLOW_UPS
    ]
    found = [_subset(review, evidence, (following, policy), options, keys) for following, options in selections]
    return {key: tuple(each[place] for each in found) for place, key in enumerate(keys)}


def _following(rule: Rule, policy: str, follow_up: str) -> Rule:
    """The rule, taking one follow-up under the policy."""
    return replace(rule, policies={**rule.policies, policy: replace(rule.policies[policy], follow_up=follow_up)})


def _subset(
    review: Review, evidence: Evidence, read: tuple[Rule, str], options: Options, keys: Sequence[Key]
) -> list[Subset]:
    """Every cell of one selection, by a rule under a policy."""
    (rule, policy), other = read, pool_evidence(studies_of(evidence), review, options)
    findings = by_modality(other)
    contexts = modality_contexts(other, review, rule)
    scores = score_cells({key: findings.get(key, ()) for key in keys}, rule, policy, contexts)
    pools = [other.headline(*key) for key in keys]
    bounds = bounds_of_columns(columns_of(pools, [None if pool is None else pool.fit for pool in pools]))
    found = statuses(points_of([scores[key] for key in keys]), bounds, worthwhile_of(review, keys, pools)).tolist()
    return [
        Subset(options.maryland, options.follow_up, scores[key].output, 0 if pool is None else pool.fit.k, status)
        for key, pool, status in zip(keys, pools, found, strict=True)
    ]


def points_of(scores: Sequence[Score]) -> FloatArray:
    """The points that statuses speak of, as a column; NaN where there are none."""
    given = [standing_of(score) for score in scores]
    return np.array([np.nan if points is None else points for points in given], dtype=float)


def worthwhile_of(review: Review, keys: Sequence[Key], pools: Sequence[Pool | None]) -> FloatArray:
    """The smallest worthwhile benefit of each cell in the measure of its pool; NaN where none is declared."""
    declared = [
        None if pool is None else review.outcomes[outcome].smallest_worthwhile.get(pool.measure)
        for (_, outcome), pool in zip(keys, pools, strict=True)
    ]
    return np.array([np.nan if value is None else value for value in declared], dtype=float)


def in_smd(review: Review, evidence: Evidence, keys: Sequence[Key]) -> Mapping[Key, InSmd]:
    """The pools of which every study can be brought to a standardised mean difference, in that measure.

    Counts go by way of their odds ratio; printed ratios of risks and hazards cannot be brought to it.
    """
    joined = pool_evidence(studies_of(evidence), review, replace(evidence.options, convert=SMD))
    of_measure = {pool.key.by: pool for pool in joined.pools if pool.measure == SMD and pool.key.group == INACTIVE}
    found = {}
    for key in keys:
        own, other = evidence.headline(*key), of_measure.get(key)
        if own is not None and other is not None and _studies(own) <= _studies(other):
            columns = columns_of([other], [other.fit])
            found[key] = InSmd(float(columns["estimate"][0]), float(columns["ci_low"][0]), other.fit.k)
    return found


def _studies(pool: Pool) -> set[str]:
    return {entry.study.key for entry in pool.entries}
