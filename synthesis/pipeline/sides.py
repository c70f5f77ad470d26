"""One side of a comparison: a review as it is, or as it would be, and what it comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from synthesis.evidence import Evidence
from synthesis.pipeline.loading import Loaded
from synthesis.pipeline.pools import pool_review
from synthesis.pipeline.scores import matrix_of, rule_of, years_for

if TYPE_CHECKING:
    from synthesis.crosscheck.snapshot import Key, Seen, Snapshot
    from synthesis.records.review import Review
    from synthesis.records.study import Study
    from synthesis.scoring.report import Cells
    from synthesis.scoring.rule import Rule
    from synthesis.scoring.score import Score


@dataclass(frozen=True, slots=True)
class Side:
    """The part of a review that a change can touch."""

    loaded: Loaded
    evidence: Evidence
    findings: Cells  # of the modalities that it can touch


def with_studies(loaded: Loaded, studies: Iterable[Study]) -> Loaded:
    """The review with other records."""
    return replace(loaded, records=replace(loaded.records, studies=tuple(studies)))


def side_of(loaded: Loaded, modalities: Collection[str], rules: Sequence[Rule]) -> Side:
    """A review as far as some modalities go."""
    from synthesis.scoring.living import by_modality

    evidence = pool_review(loaded)
    found = by_modality(evidence, years=years_for(loaded, [rule_of(loaded), *rules]))
    return Side(loaded, evidence, {key: findings for key, findings in found.items() if key[0] in modalities})


def snapshots(sides: Sequence[Side], rules: Sequence[Rule]) -> list[Snapshot]:
    """Each side with the modalities and outcomes that any of them has, its matrix rows and every other rule."""
    keys = tuple(dict.fromkeys(key for side in sides for key in side.findings))
    return [_snapshot(side, keys, rules) for side in sides]


def _snapshot(side: Side, keys: Sequence[Key], rules: Sequence[Rule]) -> Snapshot:
    from synthesis.crosscheck.snapshot import Snapshot
    from synthesis.scoring.contexts import modality_contexts
    from synthesis.scoring.many_rules import run_rules

    loaded, evidence = side.loaded, side.evidence
    review, rule = loaded.records.review, rule_of(loaded)
    cells = {key: side.findings.get(key, ()) for key in keys}
    contexts = modality_contexts(evidence, review, rule, *rules)
    scores = run_rules(cells, [rule], contexts, review.policy or None)[rule.key]
    others = {
        (other, *key): score
        for other, by_cell in run_rules(cells, [one for one in rules if one.key != rule.key], contexts).items()
        for key, score in by_cell.items()
    }
    matrix = matrix_of(loaded, evidence)
    rows = {(cell.row, cell.outcome, name): score for cell in matrix.cells for name, score in cell.scores.items()}
    return Snapshot(_seen(evidence, review, scores), rows, others)


def _seen(evidence: Evidence, review: Review, scores: Mapping[Key, Score]) -> dict[Key, Seen]:
    """Cells with their pools and the statuses of the two, as the cross-check has them."""
    from synthesis.crosscheck.ledger.columns import bounds_of_columns
    from synthesis.crosscheck.ledger.models import columns_of
    from synthesis.crosscheck.ledger.selections import points_of, worthwhile_of
    from synthesis.crosscheck.snapshot import Seen
    from synthesis.crosscheck.statuses import statuses

    pools = [evidence.headline(*key) for key in scores]
    bounds = bounds_of_columns(columns_of(pools, [None if pool is None else pool.fit for pool in pools]))
    found = statuses(points_of([*scores.values()]), bounds, worthwhile_of(review, [*scores], pools)).tolist()
    return {
        key: Seen(score, pool, status)
        for (key, score), pool, status in zip(scores.items(), pools, found, strict=True)
    }  # fmt: skip
