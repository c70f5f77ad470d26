"""Whether the status of each cell holds when its pool is varied: all variants of all cells judged together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from synthesis.crosscheck.cell_sensitivity import CellSensitivity
from synthesis.crosscheck.discordance import CrossCheck
from synthesis.crosscheck.ledger.columns import Columns, bounds_of_columns
from synthesis.crosscheck.ledger.models import with_benefit
from synthesis.crosscheck.ledger.selections import points_of, worthwhile_of
from synthesis.crosscheck.statuses import statuses
from synthesis.evidence.sensitivity import PoolSensitivity, Variant
from synthesis.records.review import Review

BOUNDS = ("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high")


def with_sensitivity(
    checks: Sequence[CrossCheck], review: Review, sensitivities: Iterable[PoolSensitivity]
) -> tuple[CrossCheck, ...]:
    """Cross-checks with the sensitivity of their headline pools, where these are among those that were varied.

    A variant that has no prediction interval is compared with the pool as if that had none either: a status does not
    change for want of one.
    """
    varied = {one.pool.key: one for one in sensitivities}
    own = {place: varied.get(check.pool.key) for place, check in enumerate(checks) if check.pool is not None}
    cells = {place: one for place, one in own.items() if one is not None}
    rows = [(place, variant) for place, one in cells.items() for variant in (_itself(one), *one.variants)]
    judged = iter(_judged(checks, review, rows))
    made = list(checks)
    for place, one in cells.items():
        without, status = next(judged), checks[place].status
        told = [next(judged) for _ in one.variants]
        of_each = [
            status if variant.pi_low is None and found == without else found
            for variant, found in zip(one.variants, told, strict=True)
        ]
        known = tuple(found if variant.direction else "" for variant, found in zip(one.variants, of_each, strict=True))
        made[place] = replace(checks[place], sensitivity=CellSensitivity(one, status, known))
    return tuple(made)


def _itself(one: PoolSensitivity) -> Variant:
    """The pool, without its prediction interval."""
    fit = one.pool.fit
    return Variant(
        "", "", fit.k, fit.estimate, fit.se, fit.df, fit.ci_low, fit.ci_high, None, None, one.direction, ""
    )  # fmt: skip


def _judged(checks: Sequence[CrossCheck], review: Review, rows: Sequence[tuple[int, Variant]]) -> list[str]:
    """The status of the cell of each row with the variant in place of its pool."""
    if not rows:
        return []
    cells = [checks[place] for place, _ in rows]
    pools = [check.pool for check in cells]
    higher = [pool is not None and pool.better == "higher" for pool in pools]
    bounds = bounds_of_columns(_columns([variant for _, variant in rows], higher))
    least = worthwhile_of(review, [(check.modality.key, check.outcome.key) for check in cells], pools)
    found: list[str] = statuses(points_of([check.score for check in cells]), bounds, least).tolist()
    return found


def _columns(variants: Sequence[Variant], higher: Sequence[bool]) -> Columns:
    """Variants as columns with benefit above 0; NaN for what is not given."""
    columns = {name: np.array([getattr(one, name) for one in variants], dtype=float) for name in BOUNDS}
    df = np.array([np.inf if one.df is None else one.df for one in variants], dtype=float)
    return with_benefit({**columns, "df": df, "tau2": np.zeros(len(variants))}, np.array(higher, dtype=bool))
