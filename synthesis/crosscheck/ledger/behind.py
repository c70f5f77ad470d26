"""What stands behind a status: the studies of the score, the studies of the pool, and what was selected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from synthesis.crosscheck.discordance import Drivers, Key, Together, standing_of
from synthesis.crosscheck.ledger.columns import bounds_of_columns
from synthesis.crosscheck.ledger.given import Given
from synthesis.crosscheck.ledger.models import columns_of, without_each
from synthesis.crosscheck.ledger.selections import points_of, studies_of, subsets, worthwhile_of
from synthesis.crosscheck.ledger.strength import strength
from synthesis.crosscheck.statuses import statuses
from synthesis.evidence import Pool
from synthesis.evidence.options import Options
from synthesis.scoring.living import by_modality, reported
from synthesis.scoring.operating.fragility import Fragility, fragility_many
from synthesis.scoring.score import score_cells


def drivers(given: Given, found: Mapping[Key, str]) -> dict[Key, Drivers]:
    """What stands behind the status of every cell."""
    scores, rule = given.scores, given.matrix.rule
    contexts = {key: given.contexts.get(key, {}) for key in scores}
    fragile = fragility_many({key: given.findings.get(key, ()) for key in scores}, rule, given.policy, contexts)
    told = by_modality(given.evidence, reported)
    said = score_cells({key: told.get(key, ()) for key in scores}, rule, given.policy, contexts)
    selected = subsets(given.review, given.evidence, rule, given.policy, tuple(scores))
    cited = {study.key: study.cite for study in studies_of(given.evidence)}
    turning = _turning(given, found)
    behind = {}
    for key in given.keys:
        pool, score = given.pools.get(key), scores[key]
        behind[key] = Drivers(
            decisive=_decisive(fragile[key]),
            fragility=fragile[key],
            reports=len({report for study in score.studies for report in cited[study.study]}),
            reported=said[key] if said[key].output != score.output else None,
            levels=_levels(pool),
            heaviest=_heaviest(pool),
            turning=turning.get(key, ()),
            subsets=selected[key],
        )
    return behind


def _decisive(found: Fragility) -> tuple[tuple[str, str], ...]:
    """The studies without which the output would be another, and that output."""
    return tuple((one.study, one.output) for one in found.without if one.output != found.output)


def _levels(pool: Pool | None) -> tuple[tuple[int, float], ...]:
    """The share of weight of each Maryland level, the highest first."""
    shares: dict[int, float] = defaultdict(float)
    if pool is not None:
        for entry, weight in zip(pool.entries, pool.fit.weights, strict=True):
            shares[entry.level] += weight
    return tuple(sorted(shares.items(), reverse=True))


def _heaviest(pool: Pool | None) -> tuple[str, float] | None:
    """The study with most weight; of equals the first by name."""
    if pool is None or len(pool.entries) < 2:
        return None
    weights = pool.fit.weights
    place = max(range(len(weights)), key=lambda i: weights[i])
    return pool.entries[place].study.key, weights[place]


def _turning(given: Given, found: Mapping[Key, str]) -> dict[Key, tuple[tuple[str, str], ...]]:
    """The studies whose removal from the pool changes the status of the same points, and the status then."""
    turning = {}
    for key, pool in given.pools.items():
        columns, score = without_each(pool, given.evidence.options), given.scores[key]
        if columns is None or standing_of(score) is None:
            continue
        size = len(pool.entries)
        least = np.repeat(worthwhile_of(given.review, [key], [pool]), size)
        others = statuses(np.repeat(points_of([score]), size), bounds_of_columns(columns), least).tolist()
        names = [entry.study.key for entry in pool.entries]
        turning[key] = tuple((name, other) for name, other in zip(names, others, strict=True) if other != found[key])
    return turning


def together(pools: Mapping[Key, Pool], options: Options) -> dict[Key, Together]:
    """What the studies of every pool of two or more show together."""
    several = {key: pool for key, pool in pools.items() if pool.fit.k > 1}
    if not several:
        return {}
    entries = [(place, pool, entry) for place, pool in enumerate(several.values()) for entry in pool.entries]
    y = np.array([entry.yi if pool.better == "higher" else -entry.yi for _, pool, entry in entries])
    v, cell = np.array([entry.vi for _, _, entry in entries]), np.array([place for place, _, _ in entries])
    fitted = columns_of(several.values(), [pool.fit for pool in several.values()])
    shown = strength(y, v, cell, fitted["estimate"], fitted["tau2"], level=options.level)
    columns = {name: column.tolist() for name, column in shown.columns().items() if name not in ("k", "heaviest")}
    found = {}
    for place, (key, pool) in enumerate(several.items()):
        low = without_each(pool, options)
        assert low is not None
        bounds = float(low["ci_low"].min()), float(low["ci_low"].max())
        found[key] = Together(**{name: column[place] for name, column in columns.items()}, low_without=bounds)
    return found
