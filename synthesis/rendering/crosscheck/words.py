"""The words of the cross-check: effects, what is absent and why, published results."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.crosscheck.discordance import CrossCheck, Subset
from synthesis.crosscheck.published_pools import PublishedPool
from synthesis.evidence import Pool
from synthesis.pooling import Pooled
from synthesis.rendering.fits import natural
from synthesis.rendering.pools import data_text, models
from synthesis.scoring.rule import BLANK
from synthesis.text import ABSENT, decimal, interval, percent

NO_CELL, NOTHING_POOLED, NONE = "no cell", "nothing pooled", "none"


def effect_text(pool: Pool, fit: Pooled) -> str:
    """A pooled effect with its interval on the scale that is read: `RR 0.75 [0.60, 0.94]`."""
    values = (natural(value, ratio=pool.is_ratio) for value in (fit.estimate, fit.ci_low, fit.ci_high))
    estimate, low, high = values
    return f"{pool.measure} {decimal(estimate, 2)} {interval(low, high, 2)}"


def prediction_text(pool: Pool, fit: Pooled) -> str:
    """A prediction interval on the scale that is read."""
    return interval(natural(fit.pi_low, ratio=pool.is_ratio), natural(fit.pi_high, ratio=pool.is_ratio), 2)


def benefit_of(pool: Pool, fit: Pooled) -> list[float | None]:
    """Estimate, interval and prediction interval with benefit above 0, ratios as logs."""
    low, high = pool.benefit(fit.ci_low, fit.ci_high)
    ends: list[float | None] = [None, None]
    if fit.pi_low is not None and fit.pi_high is not None:
        ends = [*pool.benefit(fit.pi_low, fit.pi_high)]
    return [pool.benefit(fit.estimate, fit.estimate)[0], low, high, *ends]


def points_of(check: CrossCheck) -> str:
    """The points or the verdict; `blank` without an admissible finding."""
    return check.score.output or BLANK


def printed_of(check: CrossCheck) -> str:
    """The printed points; `blank` for a cell without, `no cell` where the matrix has none."""
    if check.printed is None:
        return NO_CELL
    return BLANK if check.printed.points is None else str(check.printed.points)


def rests(check: CrossCheck) -> str:
    """The studies that the points rest on."""
    return ", ".join(f"{output} without {study}" for study, output in check.drivers.decisive)


def placement(check: CrossCheck) -> str:
    """That the column of the printed points was inferred, or is ambiguous."""
    printed = check.printed
    return f" (the column of the printed points is {printed.placement})" if printed and printed.doubtful else ""


def beside_name(check: CrossCheck) -> str:
    """The model that stands beside a pool of few studies."""
    beside = None if check.pool is None else check.pool.beside
    return "" if beside is None else "equal effects, z" if beside.method == "EE" else "z"


def subset_text(one: Subset) -> str:
    """A selection in words: `levels 4-5, follow-up longest`."""
    first, last = min(one.levels), max(one.levels)
    levels = f"level {first}" if first == last else f"levels {first}-{last}"
    return f"{levels}, follow-up {one.follow_up}"


def published_text(one: PublishedPool) -> str:
    """A published pooled result with its source, as text."""
    studies = "" if one.k is None else f", k {one.k}"
    effect = ABSENT if one.estimate is None else f"{one.estimate:g}"
    bounds = "" if one.ci_low is None or one.ci_high is None else f" [{one.ci_low:g}, {one.ci_high:g}]"
    about = f", {one.detail}" if one.detail else ""
    where = f", {one.locator}" if one.locator else ""
    return f"{one.review}: {one.measure} {effect}{bounds} ({one.better} is better{studies}{about}{where})"


def pool_lines(pool: Pool) -> Iterator[str]:
    """A pool as lines: every model, and every study with its numbers and weight."""
    head = "headline, " if pool.headline else ""
    yield f"{' '.join(pool.key.by)} ({head}{pool.key.family}, against {pool.key.group} comparators)"
    for name, fit in models(pool):
        label = "the study's own effect, not pooled" if fit.k == 1 and name == "main" else name
        yield f"    {label}: k {fit.k}, {effect_text(pool, fit)}, prediction {prediction_text(pool, fit)}"
    for entry, weight in zip(pool.entries, pool.fit.weights, strict=True):
        notes = f"; {'; '.join(entry.notes)}" if entry.notes else ""
        yield f"    {entry.study.key}: {data_text(entry)}, weight {percent(weight)} %{notes}"
