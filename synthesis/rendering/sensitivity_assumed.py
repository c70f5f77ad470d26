"""What each pool of a review takes for granted: that no trial is counted twice, and how averaged effects correlate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from synthesis.crosscheck.counted_twice import CountedOnce, Group
from synthesis.evidence import Key, Pool
from synthesis.evidence.sensitivity import direction_of
from synthesis.pooling import Pooled
from synthesis.rendering.double_counting import groups_json
from synthesis.rendering.fits import fit_cells, natural
from synthesis.rendering.pools import pool_cells, pool_title
from synthesis.rendering.tables import Cell, markdown_table, markdown_text
from synthesis.sensitivity.many_worlds.dependence_assumed import DependenceAssumed
from synthesis.text import ABSENT, decimal

COUNTED_HEADER = [
    "", "pool", "against", "", "k", "effect", "concludes", "k once", "effect once", "concludes once",
    "whichever study is kept",
]  # fmt: skip
COUNTED_WORDS = (
    "Pools in which two studies may be one trial: as they are, and with each such group reduced to one study, that of "
    "the highest level, of these the most precise; and the range of the estimates whichever study of each group is "
    "kept. Sentences about 0 are of logs of ratios.\n"
)
RHO_WORDS = (
    "Pools in which effects of one study were averaged under an assumed correlation, over all correlations. Sentences "
    "about 0 and by how much the estimate moves are of logs of ratios.\n"
)


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed in the pools of a review, by what they are of."""

    counted: Mapping[Key, CountedOnce] = field(default_factory=dict)  # those with suspected duplicates
    over_rho: Mapping[Key, DependenceAssumed] = field(default_factory=dict)  # those that rest on a correlation


def assumed_json(pool: Pool, assumed: Assumed) -> dict[str, object]:
    """Both assumptions of a pool as plain values, on the scale of its measure; None where it does not make them."""
    counted, over = assumed.counted.get(pool.key), assumed.over_rho.get(pool.key)
    return {
        "counted_twice": None if counted is None else _counted_json(pool, counted),
        "correlation_assumed": None if over is None else over.to_dict(),
    }


def _counted_json(pool: Pool, one: CountedOnce) -> dict[str, object]:
    return {
        "groups": groups_json(one), "before": _fit_json(pool, one.before), "after": _fit_json(pool, one.after),
        "lowest": one.lowest, "highest": one.highest, "always": one.always, "verdict": one.verdict,
    }  # fmt: skip


def _fit_json(pool: Pool, fit: Pooled) -> dict[str, object]:
    numbers = {name: getattr(fit, name) for name in ("k", "estimate", "ci_low", "ci_high")}
    return {**numbers, "conclusion": direction_of(pool, fit.ci_low, fit.ci_high)}


def assumed_sections(pools: Sequence[Pool], assumed: Assumed) -> Iterator[str]:
    """The parts of a page on both assumptions; none for one that no pool makes."""
    counted = [(pool, assumed.counted[pool.key]) for pool in pools if pool.key in assumed.counted]
    if counted:
        yield "## Counted twice\n"
        yield COUNTED_WORDS
        yield markdown_table(COUNTED_HEADER, [_counted_row(*one) for one in counted], (4, 7))
        yield from (_counted_text(*one) for one in counted)
    over = [(pool, assumed.over_rho[pool.key]) for pool in pools if pool.key in assumed.over_rho]
    if over:
        yield "## Correlations assumed\n"
        yield RHO_WORDS
        yield "".join(f"- {markdown_text(_rho_line(*one))}\n" for one in over)


def _counted_row(pool: Pool, one: CountedOnce) -> list[Cell]:
    fits = (*_fit_cells(pool, one.before), *_fit_cells(pool, one.after))
    return [*pool_cells(pool), *fits, _span(pool, one.lowest, one.highest)]


def _fit_cells(pool: Pool, fit: Pooled) -> list[Cell]:
    k, estimate, bounds = fit_cells(fit, ratio=pool.is_ratio)[:3]
    return [k, f"{estimate} {bounds}", direction_of(pool, fit.ci_low, fit.ci_high)]


def _span(pool: Pool, low: float | None, high: float | None) -> str:
    """From one effect to another as they are read; `-` where there is none."""
    if low is None or high is None:
        return ABSENT
    first, last = (decimal(natural(end, ratio=pool.is_ratio), 2) for end in (low, high))
    return first if first == last else f"{first} to {last}"


def _counted_text(pool: Pool, one: CountedOnce) -> str:
    """Who is suspected and why, and the verdict."""
    lines = [*map(_group_text, one.groups), one.verdict]
    return f"**{markdown_text(pool_title(pool))}.**\n\n" + "".join(f"- {markdown_text(line)}\n" for line in lines)


def _group_text(group: Group) -> str:
    reasons = "; ".join(f"{one.one} and {one.other}: {one.reason}" for one in group.suspicions)
    return f"{reasons}. Kept: {group.kept}."


def _rho_line(pool: Pool, one: DependenceAssumed) -> str:
    """A pool over all correlations in one line."""
    ends = _span(pool, float(np.min(one.estimate)), float(np.max(one.estimate)))
    return f"{pool_title(pool)}: {ends} over correlations from {one.rho[0]:g} to {one.rho[-1]:g}. {one.verdict}"
