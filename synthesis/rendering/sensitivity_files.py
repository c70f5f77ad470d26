"""What would change each pool of a review, as files and as the line of a cell in the cross-check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from synthesis.crosscheck.cell_sensitivity import CellSensitivity
from synthesis.effects import MEASURES
from synthesis.evidence import Key
from synthesis.evidence.sensitivity import KINDS, LEAVE_OUT, LEVEL, SELECTION, SMALL_STUDY, PoolSensitivity, Variant
from synthesis.rendering.fits import fit_cells, natural, plain
from synthesis.rendering.pools import pool_cells, pool_title
from synthesis.rendering.sensitivity_assumed import Assumed, assumed_json, assumed_sections
from synthesis.rendering.tables import Cell, csv_bytes, json_bytes, markdown_table, markdown_text
from synthesis.text import ABSENT, decimal, interval

NAME = "sensitivity"
NOTHING_ASSUMED = Assumed()
NOT_USABLE, SOME_USABLE = " (not usable)", " (usable in part)"
COLUMNS = (
    "group", "outcome", "comparators", "family", "measure", "headline", "k", "estimate", "ci_low", "ci_high",
    "conclusion", "variant", "kind", "variant_k", "variant_estimate", "variant_ci_low", "variant_ci_high",
    "variant_conclusion", "variant_status", "differs", "usable", "caution",
)  # fmt: skip
HEADER = ["", "pool", "against", "", "k", "effect", "concludes", *KINDS, "otherwise"]
INTRODUCTION = (
    "Each pool of two studies or more without each of its studies, at Maryland level 5 alone and 4 and 5 where that is "
    "another pool, under a selection model (a step function at a one-sided p of .025, and at .05, of benefits), and "
    "adjusted for small-study effects (PET-PEESE; trim and fill, L0). A conclusion is a benefit or a harm where the "
    "interval lies on one side of no effect. Ratios are shown as ratios. `*` marks the headline pool. A variant by a "
    "method that is not usable with these studies (`not usable`; `usable in part` where another one of its kind is) is "
    "counted and named as such: it shows how little is known.\n"
)


def sensitivity_files(
    found: Sequence[PoolSensitivity],
    cells: Mapping[Key, CellSensitivity],
    title: str,
    assumed: Assumed = NOTHING_ASSUMED,
) -> dict[str, bytes]:
    """`sensitivity.csv`, `.json` and `.md` by name.

    Parameters
    ----------
    found : sequence of PoolSensitivity
        Every pool of a review.
    cells : mapping
        Of the pools of the cross-check, by what they are of: the statuses.
    title : str
        Of the review.
    assumed : Assumed, optional
        The pools with suspected duplicates, and those that rest on an assumed correlation.
    """
    return {
        f"{NAME}.csv": csv_bytes(COLUMNS, _rows(found, cells)),
        f"{NAME}.json": json_bytes(sensitivity_json(found, cells, assumed)),
        f"{NAME}.md": _page(found, cells, title, assumed).encode("utf-8"),
    }


def _rows(found: Sequence[PoolSensitivity], cells: Mapping[Key, CellSensitivity]) -> Iterator[list[Cell]]:
    for one in found:
        pool, ratio = one.pool, one.pool.is_ratio
        key, fit = pool.key, pool.fit
        own = [natural(value, ratio=ratio) for value in (fit.estimate, fit.ci_low, fit.ci_high)]
        about: list[Cell] = [" ".join(key.by), key.outcome, key.group, key.family, pool.measure, pool.headline, fit.k]
        for number, variant in enumerate(one.variants):
            numbers = [natural(value, ratio=ratio) for value in (variant.estimate, variant.ci_low, variant.ci_high)]
            status = cells[key].statuses[number] if key in cells else ""
            yield [
                *about, *own, one.direction, variant.name, variant.kind, variant.k, *numbers, variant.direction, status,
                variant in one.changing, not variant.caution, variant.caution,
            ]  # fmt: skip


def sensitivity_json(
    found: Sequence[PoolSensitivity], cells: Mapping[Key, CellSensitivity], assumed: Assumed = NOTHING_ASSUMED
) -> dict[str, object]:
    """Every pool with its variants as plain values, on the scale of its measure, logs for ratios."""
    return {"pools": [_json(one, cells.get(one.pool.key), assumed) for one in found]}


def _json(one: PoolSensitivity, cell: CellSensitivity | None, assumed: Assumed) -> dict[str, object]:
    pool, ranges = one.pool, {kind: one.range(kind) for kind in KINDS}
    values = {
        "by": list(pool.key.by), "outcome": pool.key.outcome, "comparators": pool.key.group, "family": pool.key.family,
        "measure": pool.measure, "scale": "log" if pool.is_ratio else "as it is", "better": pool.better,
        "headline": pool.headline, "k": pool.fit.k, "estimate": pool.fit.estimate, "ci_low": pool.fit.ci_low,
        "ci_high": pool.fit.ci_high, "conclusion": one.direction, "verdict": one.verdict,
        "ranges": {kind: None if ends is None else list(ends) for kind, ends in ranges.items()},
        "status": None if cell is None else cell.status,
        "status_otherwise": [] if cell is None else [
            {"variant": variant.name, "status": status} for variant, status in cell.changing
        ],
        "variants": [_variant_json(variant) for variant in one.variants],
        "left_out": [{"variant": name, "reason": reason} for name, reason in one.left_out],
        **assumed_json(pool, assumed),
    }  # fmt: skip
    rounded: dict[str, object] = plain(values)
    return rounded


def _variant_json(one: Variant) -> dict[str, object]:
    names = ("name", "kind", "k", "estimate", "se", "df", "ci_low", "ci_high", "pi_low", "pi_high")
    said = {"conclusion": one.direction or None, "usable": not one.caution, "caution": one.caution or None}
    return {name: getattr(one, name) for name in names} | said


def _page(
    found: Sequence[PoolSensitivity], cells: Mapping[Key, CellSensitivity], title: str, assumed: Assumed
) -> str:  # fmt: skip
    rows = [_row(one) for one in found if one.variants]
    changing = [one for one in found if one.changing]
    parts = [
        f"# What would change it: {markdown_text(title)}\n",
        INTRODUCTION,
        _counted(found) if rows else "No pool has two studies.\n",
        *((markdown_table(HEADER, rows, (4,)),) if rows else ()),
        "## Where the conclusion changes\n",
        *((_section(one, cells.get(one.pool.key)) for one in changing) if changing else ("Nowhere.\n",)),
        *assumed_sections([one.pool for one in found], assumed),
    ]
    return "\n".join(parts)


def _counted(found: Sequence[PoolSensitivity]) -> str:
    """In how many pools something changes the conclusion."""
    several = [one for one in found if one.variants]
    changing = [one for one in several if one.changing]
    firm = [one for one in changing if not all(variant.caution for variant in one.changing)]
    return (
        f"Pools of two studies or more: {len(several)}. The conclusion is another in some variant of {len(changing)} "
        f"of them, in {len(firm)} by leaving out a study, at another level, or by a method that is usable with these "
        "studies.\n"
    )


def _row(one: PoolSensitivity) -> list[Cell]:
    pool = one.pool
    k, estimate, bounds = fit_cells(pool.fit, ratio=pool.is_ratio)[:3]
    kinds = [_range_text(one, kind) for kind in KINDS]
    count = str(len(one.changing)) if one.changing else "never"
    return [*pool_cells(pool), k, f"{estimate} {bounds}", one.direction, *kinds, count]


def _range_text(one: PoolSensitivity, kind: str) -> str:
    """The lowest and the highest estimate of a kind of variants; `-` where there is none."""
    ends = one.range(kind)
    if ends is None:
        return ABSENT
    low, high = (decimal(natural(end, ratio=one.pool.is_ratio), 2) for end in ends)
    span = low if low == high else f"{low} to {high}"
    unusable = [variant for variant in one.of(kind) if variant.caution]
    return f"{span}{NOT_USABLE if len(unusable) == len(one.of(kind)) else SOME_USABLE if unusable else ''}"


def _section(one: PoolSensitivity, cell: CellSensitivity | None) -> str:
    title = f"{pool_title(one.pool)}: {one.direction}"
    statuses = {} if cell is None else {variant.name: status for variant, status in cell.changing}
    lines = [_variant_text(one, variant, statuses.get(variant.name, "")) for variant in one.changing]
    return f"**{markdown_text(title)}.**\n\n" + "".join(f"- {markdown_text(line)}\n" for line in lines)


def _variant_text(one: PoolSensitivity, variant: Variant, status: str = "") -> str:
    ratio = one.pool.is_ratio
    estimate, low, high = (natural(value, ratio=ratio) for value in (variant.estimate, variant.ci_low, variant.ci_high))
    said = f"{variant.name}: {one.pool.measure} {decimal(estimate, 2)} {interval(low, high, 2)}, {variant.direction}"
    weak = f"; not usable with these studies: {variant.caution}" if variant.caution else ""
    return f"{said}{f', {status}' if status else ''}{weak}"


NAMED: Mapping[str, str] = {
    LEAVE_OUT: "leaving out one study", LEVEL: "other levels", SELECTION: "selection models",
    SMALL_STUDY: "small-study effects",
}  # fmt: skip


def cell_lines(found: CellSensitivity) -> Iterator[str]:
    """What the status of a cell rests on: the range of each kind of variants, and where the status is another."""
    one = found.of_pool
    label = MEASURES[one.pool.measure].label
    kinds = [
        f"{NAMED[kind]} {_range_text(one, kind)} ({', '.join(statuses)})" for kind, statuses in found.by_kind.items()
    ]
    if not kinds:
        return
    yield f"sensitivity, {label}: {'; '.join(kinds)}"
    if not found.changing:
        yield f"sensitivity: the status holds in all {len(found.judged)} variants"
        return
    others = [_changed(variant, status) for variant, status in found.changing if variant.kind != LEAVE_OUT]
    left_out = len(found.changing) - len(others)
    said = [f"{left_out} by leaving out one study"] if left_out else []
    yield f"sensitivity: the status changes in {len(found.changing)} of {len(found.judged)} variants: " + "; ".join(
        [*said, *others]
    )


def _changed(variant: Variant, status: str) -> str:
    return f"{variant.name} {status}{' (not usable with these studies)' if variant.caution else ''}"
