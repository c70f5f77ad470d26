"""What regressions and comparisons of groups have in common when they are shown: what they are of, and who is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from synthesis.effects import MEASURES
from synthesis.evidence.moderators import Unstated
from synthesis.evidence.pools import Evidence, Pool
from synthesis.plain.effects import PlainLeftOut
from synthesis.rendering.fits import natural
from synthesis.rendering.pools import about_json, left_out_json
from synthesis.rendering.tables import Cell
from synthesis.text import decimal, interval, one_line


@dataclass(frozen=True, slots=True)
class About:
    """What a result is of."""

    title: str
    columns: Mapping[str, Cell]  # the same for a table
    json: Mapping[str, object]  # and for JSON
    ratio: bool  # whether effects are logs of ratios


def about_pool(pool: Pool, evidence: Evidence) -> About:
    """A pool of a review."""
    key, label = pool.key, MEASURES[pool.measure].label
    columns: dict[str, Cell] = {
        "group": " ".join(key.by), "outcome": key.outcome, "comparators": key.group, "family": key.family,
        "measure": pool.measure,
    }  # fmt: skip
    title = one_line(f"{' '.join(key.by)} against {key.group}, {label}")
    return About(title, columns, about_json(pool, evidence.options), pool.is_ratio)


def about_group(group: str, measure: str) -> About:
    """A group of a plain table."""
    ratio = measure in MEASURES and MEASURES[measure].is_ratio
    columns: dict[str, Cell] = {"group": group, "measure": measure}
    return About(
        one_line(f"{group or 'all'}, {measure}"), columns, {**columns, "scale": "log" if ratio else "as it is"}, ratio
    )  # fmt: skip


def unstated_text(left: Iterable[Unstated]) -> str:
    """The studies of a pool that do not state a moderator, by what they lack."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for one in left:
        by_reason[one.reason].append(one.study)
    lines = [
        f"  left out, {one_line(reason)} ({len(studies)}): {', '.join(map(one_line, studies))}\n"
        for reason, studies in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    return "".join(lines)


def rows_left_text(left: Iterable[PlainLeftOut]) -> str:
    """The rows of a table that are left out."""
    return "".join(f"{one}\n" for one in left)


def not_done_text(problems: Sequence[tuple[str, str, str]], what: str) -> str:
    """One line for each pool without a result, with its reason, and below it the studies that it left out."""
    if not problems:
        return ""
    lines = [f"{one_line(title)}: {one_line(problem)}\n{left}" for title, problem, left in problems]
    return f"{what} ({len(problems)}):\n{''.join(lines)}"


def evidence_json(evidence: Evidence) -> dict[str, object]:
    """How a review was pooled before it was asked, and what it left out."""
    return {
        "by": list(evidence.options.by),
        "left_out": [left_out_json(one) for one in evidence.left_out],
        "not_asked_for": evidence.unasked,
    }


def rows_left_json(left: Iterable[PlainLeftOut]) -> list[dict[str, object]]:
    """The rows of a table that are left out, as plain values."""
    return [asdict(one) for one in left]


def effect_cells(ratio: bool, estimate: float, *bounds: tuple[float | None, float | None]) -> list[str]:
    """An effect and its intervals as they are read: ratios from their logs."""
    ends = [tuple(natural(end, ratio=ratio) for end in pair) for pair in bounds]
    return [decimal(natural(estimate, ratio=ratio), 2), *(interval(low, high, 2) for low, high in ends)]
