"""What may count one sample twice, as text and as plain values: pools and scores as they are, and counted once."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.crosscheck.counted_twice import CountedOnce
from synthesis.crosscheck.two_ways import CountedTwice, TwoWays, Way
from synthesis.effects import MEASURES
from synthesis.pooling import Pooled
from synthesis.rendering.cells import clause_text, output_text
from synthesis.rendering.fits import natural, scale_of
from synthesis.scoring.rule import BLANK
from synthesis.text import decimal, interval, one_line, rounded


def counted_twice_text(found: CountedTwice) -> str:
    """The pools, then the cells of the matrix: who may be one sample, why, and what counting it once changes."""
    return "".join(f"{one_line(line)}\n" for line in _lines(found))


def _lines(found: CountedTwice) -> Iterator[str]:
    yield f"pools that may count a sample twice: {len(found.pools)}"
    for pool in found.pools:
        yield from (f"    {line}" for line in _pool_lines(pool))
    changing = sum(one.changed for one in found.scores)
    yield f"scores that may count a sample twice: {len(found.scores)}; {changing} differ when it counts once"
    for score in found.scores:
        yield from (f"    {line}" for line in _score_lines(score))


def _pool_lines(one: CountedOnce) -> Iterator[str]:
    yield f"{' '.join(one.key.by)}, {one.key.family}, against {one.key.group}"
    for group in one.groups:
        for each in group.suspicions:
            yield f"    {each.one} and {each.other}: {each.reason}"
        yield f"    kept: {group.kept}"
    yield f"    {_fit_text(one, one.before)} -> {_fit_text(one, one.after)}"
    yield f"    {one.verdict}"


def _fit_text(one: CountedOnce, fit: Pooled) -> str:
    estimate, low, high = (_natural(one, value) for value in (fit.estimate, fit.ci_low, fit.ci_high))
    return f"{one.measure} {decimal(estimate, 2)} {interval(low, high, 2)}, k {fit.k}"


def _natural(one: CountedOnce, value: float | None) -> float | None:
    return natural(value, ratio=MEASURES[one.measure].is_ratio)


def _score_lines(one: TwoWays) -> Iterator[str]:
    before, after = (f"{output_text(score)} ({clause_text(score)})" for score in (one.before, one.after))
    change = f"{before} -> {after}" if before != after else f"{before}, as before"
    yield f"{' '.join(one.cell)} in {one.reading}: {change}{_others(one)}"
    yield from (f"    {_way_text(way)}" for way in one.ways)


def _others(one: TwoWays) -> str:
    """What other choices of what is kept give, where that is something else."""
    others = [output or BLANK for output in one.outputs if output != one.after.output]
    return f"; with others kept {', '.join(others)}" if others else ""


def _way_text(way: Way) -> str:
    return f"{way.kept} and {way.dropped}, {way.kind}: {way.reason}; kept: {way.kept}"


def counted_twice_json(found: CountedTwice) -> dict[str, object]:
    """The same as plain values."""
    return {"pools": [_pool_json(one) for one in found.pools], "scores": [_score_json(one) for one in found.scores]}


def _pool_json(one: CountedOnce) -> dict[str, object]:
    return {
        "by": list(one.key.by),
        "group": one.key.group,
        "family": one.key.family,
        "measure": one.measure,
        "scale": scale_of(one.measure),
        "groups": groups_json(one),
        "before": _fit_json(one.before),
        "after": _fit_json(one.after),
        "lowest": rounded(one.lowest),
        "highest": rounded(one.highest),
        "changed": one.changed,
        "verdict": one.verdict,
    }


def groups_json(one: CountedOnce) -> list[dict[str, object]]:
    """The groups of studies that may be one, each with its reasons, as plain values."""
    return [
        {
            "studies": list(group.studies),
            "kept": group.kept,
            "suspicions": [
                {"studies": [each.one, each.other], "kind": each.kind, "reason": each.reason}
                for each in group.suspicions
            ],
        }
        for group in one.groups
    ]


def _fit_json(fit: Pooled) -> dict[str, object]:
    numbers = {name: rounded(getattr(fit, name)) for name in ("estimate", "ci_low", "ci_high", "tau2")}
    return {"k": fit.k, **numbers}


def _score_json(one: TwoWays) -> dict[str, object]:
    return {
        "cell": list(one.cell),
        "reading": one.reading,
        "before": {"output": one.before.output or None, "clause": one.before.clause},
        "after": {"output": one.after.output or None, "clause": one.after.clause},
        "changed": one.changed,
        "outputs": [output or None for output in one.outputs],
        "ways": [
            {"kept": way.kept, "dropped": way.dropped, "kind": way.kind, "reason": way.reason} for way in one.ways
        ],
    }
