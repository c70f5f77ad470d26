"""The sensitivity of a cell as cells of CSV and as plain values."""

from __future__ import annotations

from synthesis.crosscheck.cell_sensitivity import CellSensitivity
from synthesis.evidence.sensitivity import KINDS
from synthesis.rendering.fits import natural, plain
from synthesis.rendering.tables import Cell

COLUMNS = (
    "without_one_least", "without_one_most", "levels_least", "levels_most", "selection_least", "selection_most",
    "small_study_least", "small_study_most", "variants", "status_changes_in", "status_otherwise",
)  # fmt: skip


def sensitivity_fields(found: CellSensitivity | None) -> list[Cell]:
    """The range of the estimate over each kind of variants, and where the status is another; under COLUMNS."""
    if found is None:
        return [None] * len(COLUMNS)
    one, ends = found.of_pool, []
    for kind in KINDS:
        least, most = one.range(kind) or (None, None)
        ends += [natural(least, ratio=one.pool.is_ratio), natural(most, ratio=one.pool.is_ratio)]
    others = "; ".join(f"{variant.name}: {status}" for variant, status in found.changing)
    return [*ends, len(found.judged), len(found.changing), others]


def sensitivity_json(found: CellSensitivity | None) -> dict[str, object] | None:
    """The same as plain values; ratios as logs."""
    if found is None:
        return None
    one = found.of_pool
    values: dict[str, object] = plain(
        {
            "ranges": {kind: None if (ends := one.range(kind)) is None else list(ends) for kind in KINDS},
            "statuses": {kind: list(statuses) for kind, statuses in found.by_kind.items()},
            "variants": len(found.judged),
            "status_otherwise": [
                {"variant": variant.name, "status": status, "usable": not variant.caution}
                for variant, status in found.changing
            ],
        }
    )
    return values
