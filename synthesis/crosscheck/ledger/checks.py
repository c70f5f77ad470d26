"""The ledger of a review: every modality and outcome with a finding, points or a pool, all judged together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from synthesis.crosscheck.discordance import CrossCheck, Key, Model
from synthesis.crosscheck.ledger.behind import drivers, together
from synthesis.crosscheck.ledger.columns import bounds_of_columns
from synthesis.crosscheck.ledger.given import Given
from synthesis.crosscheck.ledger.models import columns_of, side_by_side
from synthesis.crosscheck.ledger.own_studies import on_pools
from synthesis.crosscheck.ledger.selections import in_smd, points_of, worthwhile_of
from synthesis.crosscheck.published_pools import PublishedPool
from synthesis.crosscheck.statuses import FEW, statuses
from synthesis.evidence import Evidence, Pool
from synthesis.pooling import Pooled
from synthesis.pooling.batch import FloatArray
from synthesis.records.review import Review
from synthesis.scoring.contexts import modality_contexts
from synthesis.scoring.living import by_modality
from synthesis.scoring.matrix import Cell, Matrix
from synthesis.scoring.score import score_cells


def cross_checks(
    review: Review,
    evidence: Evidence,
    matrix: Matrix,
    published: Iterable[PublishedPool] = (),
    *,
    years: Mapping[str, int] | None = None,
) -> tuple[CrossCheck, ...]:
    """Every modality and outcome with a finding, printed points or a headline pool, in the review's order.

    All of them are scored by the review's rule; whether the matrix has a cell for one is a fact of what was printed.

    Parameters
    ----------
    review : Review
        Its modalities, outcomes and smallest worthwhile effects.
    evidence : Evidence
        Pools by modality and outcome.
    matrix : Matrix
        The printed points, the points of the whole cells, and the rule.
    published : iterable of PublishedPool
        What others pooled.
    years : mapping, optional
        Of the first report of each study, where the rule asks for it.
    """
    given = _given(review, evidence, matrix, years)
    pools = [given.pools.get(key) for key in given.keys]
    fits = [None if pool is None else pool.fit for pool in pools]
    beside = [None if pool is None or pool.fit.k > FEW else pool.beside for pool in pools]
    points = points_of([*given.scores.values()])
    printed = points_of_printed([given.placed.get(key) for key in given.keys])
    found = _judged(given, points, pools, fits)
    found_beside = _judged(given, points, pools, beside)
    found_printed = _judged(given, printed, pools, fits)
    models = _models(given, points)
    behind = drivers(given, dict(zip(given.keys, found, strict=True)))
    shown, sized = together(given.pools, evidence.options), in_smd(review, evidence, given.keys)
    surprising = on_pools(given.pools, matrix.rule, given.policy, given.contexts)
    others = tuple(published)
    return tuple(
        CrossCheck(
            modality=review.modalities[key[0]],
            outcome=review.outcomes[key[1]],
            score=given.scores[key],
            cell_points=None if (cell := given.placed.get(key)) is None else cell.scores[matrix.headline].points,
            printed=None if cell is None else cell.printed,
            pool=pools[place],
            published=tuple(one for one in others if (one.modality, one.outcome) == key),
            models=models.get(key, ()),
            status=found[place],
            status_beside="" if beside[place] is None else found_beside[place],
            printed_status="" if np.isnan(printed[place]) else found_printed[place],
            drivers=behind[key],
            together=shown.get(key),
            in_smd=sized.get(key),
            on_pool=surprising.get(key),
        )
        for place, key in enumerate(given.keys)
    )


def _given(review: Review, evidence: Evidence, matrix: Matrix, years: Mapping[str, int] | None) -> Given:
    """The cells with something to compare, and their scores."""
    policy = next(reading.policy for reading in matrix.readings if reading.name == matrix.headline)
    findings = by_modality(evidence, years=years)
    contexts = modality_contexts(evidence, review, matrix.rule)
    every = [(modality, outcome) for modality in review.modalities for outcome in review.outcomes]
    placed = {key: matrix.cell(review.modalities[key[0]].row, key[1]) for key in every if _has_cell(review, key)}
    pools = {key: pool for key in every if (pool := evidence.headline(*key)) is not None}
    told = {key for key, cell in placed.items() if cell.printed.points is not None}
    keys = tuple(key for key in every if key in pools or key in told or findings.get(key))
    cells = {key: findings.get(key, ()) for key in keys}
    scores = score_cells(cells, matrix.rule, policy, {key: contexts.get(key, {}) for key in keys})
    return Given(review, evidence, matrix, findings, contexts, policy, keys, scores, placed, pools)


def _has_cell(review: Review, key: Key) -> bool:
    return bool(review.modalities[key[0]].row and review.outcomes[key[1]].column)


def points_of_printed(cells: Sequence[Cell | None]) -> FloatArray:
    """Printed points as a column; NaN where none were printed."""
    given = [None if cell is None else cell.printed.points for cell in cells]
    return np.array([np.nan if points is None else points for points in given], dtype=float)


def _judged(given: Given, points: FloatArray, pools: Sequence[Pool | None], fits: Sequence[Pooled | None]) -> list[str]:
    """The status of every cell under one model of its pool."""
    bounds = bounds_of_columns(columns_of(pools, fits))
    found: list[str] = statuses(points, bounds, worthwhile_of(given.review, given.keys, pools)).tolist()
    return found


def _models(given: Given, points: FloatArray) -> dict[Key, tuple[Model, ...]]:
    """Every pool by adhoc and by z, each with its status."""
    known = dict(zip(given.keys, points.tolist(), strict=True))
    named = side_by_side(list(given.pools.values()), given.evidence.options)
    rows = [(key, name, fit) for key, fits in zip(given.pools, named, strict=True) for name, fit in fits.items()]
    pools = [given.pools[key] for key, _, _ in rows]
    bounds = bounds_of_columns(columns_of(pools, [fit for _, _, fit in rows]))
    least = worthwhile_of(given.review, [key for key, _, _ in rows], pools)
    found = statuses(np.array([known[key] for key, _, _ in rows], dtype=float), bounds, least).tolist()
    models: dict[Key, tuple[Model, ...]] = {}
    for (key, name, fit), status in zip(rows, found, strict=True):
        models[key] = (*models.get(key, ()), Model(name, fit, status))
    return models
