"""What a retraction changes, as text and as plain values."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.citations.edges import Edge
from synthesis.crosscheck.retraction import ANY, SOLE, Leaving, PoolChange, Retraction
from synthesis.evidence import Pool
from synthesis.rendering.beside import compared_json, compared_lines
from synthesis.rendering.crosscheck.values import published_json
from synthesis.rendering.crosscheck.words import effect_text, published_text
from synthesis.rendering.fits import fit_json, scale_of
from synthesis.text import one_line

READINGS = {
    ANY: "a study leaves whole with any of its reports",
    SOLE: "a study leaves whole only with its last report",
}


def retraction_text(found: Retraction) -> str:
    """The studies that leave, what changes, and what rests on the document elsewhere."""
    return "".join(f"{one_line(line)}\n" for line in _lines(found))


def _lines(found: Retraction) -> Iterator[str]:
    yield f"without {', '.join(found.gone) or 'nothing'}: {READINGS[found.reports]}"
    losing = [one for one in found.leaving if one.findings]
    yield f"studies that lose findings: {len(losing)}, findings: {sum(one.findings for one in losing)}"
    yield from (f"    {line}" for one in found.leaving for line in _leaving_lines(one))
    if found.spared:
        yield f"these keep findings under --reports sole: {', '.join(found.spared)}"
    if found.statements:
        keys = ", ".join(one.key for one in found.statements)
        yield f"statements that count no longer: {len(found.statements)} ({keys})"
    if found.still_counting:
        keys = ", ".join(f"{one.key} of {one.document}" for one in found.still_counting)
        yield f"statements of documents that rest on it, which a generous reading counts as before: {keys}"
    yield f"pools that change: {len(found.pools)}"
    yield from (f"    {_pool_line(one)}" for one in found.pools)
    yield from compared_lines(found.before, found.after)
    yield from _resting_lines(found)


def _leaving_lines(one: Leaving) -> Iterator[str]:
    yield f"{one.study}: {one.findings} of {one.of} findings; {one.reason}"
    if one.other_reports:
        yield f"    other reports: {', '.join(one.other_reports)}"
    if one.also_read:
        yield f"    also read there, and left as it is: {', '.join(one.also_read)}"


def _pool_line(one: PoolChange) -> str:
    pool = one.before or one.after
    assert pool is not None
    name = f"{' '.join(pool.key.by)}, {pool.key.family}, against {pool.key.group}"
    same = " (other findings of the same studies)" if _studies(one.before) == _studies(one.after) else ""
    return f"{name}: {_pool_text(one.before)} -> {_pool_text(one.after)}{same}"


def _studies(pool: Pool | None) -> list[str]:
    return [entry.study.key for entry in pool.entries] if pool else []


def _pool_text(pool: Pool | None) -> str:
    return f"{effect_text(pool, pool.fit)}, k {pool.fit.k}" if pool else "no pool"


def _resting_lines(found: Retraction) -> Iterator[str]:
    """What others made of it: told, since their numbers cannot be computed again from here."""
    yield f"documents that rest on it, or cite it: {len({edge.source for edge in found.resting})}"
    yield from (f"    {_edge_text(edge)}" for edge in found.resting)
    yield f"published results in it or in one of these, which are not computed again: {len(found.published)}"
    yield from (f"    {published_text(one)}" for one in found.published)


def _edge_text(edge: Edge) -> str:
    where = f" ({edge.locator})" if edge.locator else ""
    return f"{edge.source} {edge.relation.replace('_', '-')} {edge.target}{where}"


def retraction_json(found: Retraction) -> dict[str, object]:
    """The same as plain values."""
    return {
        "gone": list(found.gone),
        "reports": found.reports,
        "studies": [_leaving_json(one) for one in found.leaving],
        "spared_under_sole": list(found.spared),
        "statements": [one.key for one in found.statements],
        "still_counting": [{"statement": one.key, "document": one.document} for one in found.still_counting],
        "pools": [_pool_json(one) for one in found.pools],
        **compared_json(found.before, found.after),
        "resting": [
            {"source": edge.source, "relation": edge.relation, "target": edge.target, "locator": edge.locator}
            for edge in found.resting
        ],
        "published": [published_json(one) for one in found.published],
    }


def _leaving_json(one: Leaving) -> dict[str, object]:
    return {
        "study": one.study,
        "findings": one.findings,
        "of": one.of,
        "reason": one.reason,
        "other_reports": list(one.other_reports),
        "also_read": list(one.also_read),
    }


def _pool_json(one: PoolChange) -> dict[str, object]:
    key = one.key
    return {
        "by": list(key.by),
        "group": key.group,
        "family": key.family,
        "before": _fit(one.before),
        "after": _fit(one.after),
    }


def _fit(pool: Pool | None) -> dict[str, object] | None:
    if pool is None:
        return None
    return {"measure": pool.measure, "scale": scale_of(pool.measure), **fit_json(pool.fit)}
