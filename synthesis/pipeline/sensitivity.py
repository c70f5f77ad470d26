"""What would change the pools of a review."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.evidence import ATTRIBUTES, Evidence
from synthesis.pipeline.loading import Loaded, citations_of
from synthesis.pipeline.pools import pool_review, with_years

if TYPE_CHECKING:
    from synthesis.crosscheck.cell_sensitivity import CellSensitivity
    from synthesis.crosscheck.discordance import CrossCheck
    from synthesis.evidence import Key
    from synthesis.evidence.sensitivity import PoolSensitivity
    from synthesis.evidence.subjects import PoolSubject
    from synthesis.rendering.sensitivity_assumed import Assumed


def review_subjects(
    loaded: Loaded, asked: Mapping[str, Any] | None = None, names: Sequence[str] = ()
) -> tuple[Evidence, tuple[PoolSubject, ...]]:
    """The pools of a review, and the studies of each as methods of sensitivity take them.

    Parameters
    ----------
    loaded : Loaded
        The review.
    asked : mapping, optional
        As for `pool_review`.
    names : sequence of str
        Attributes that the studies must state; those that do not are left out.

    Raises
    ------
    InvalidArgument
        For options and attributes that there are not.
    """
    from synthesis.evidence.subjects import pool_subjects

    for name in names:
        if name not in ATTRIBUTES:
            raise InvalidArgument(f"no attribute {name!r}: {did_you_mean(name, ATTRIBUTES)}")
    evidence = pool_review(loaded, with_years(loaded, asked, names))
    return evidence, pool_subjects(evidence, names)


def sensitivities_of(
    evidence: Evidence, *, headlines: bool = False, say: Callable[[str], None] = lambda _: None
) -> tuple[PoolSensitivity, ...]:
    """What would change each pool of a review, or each headline pool; `say` is told of each before it is varied."""
    from synthesis.evidence.sensitivity import pool_sensitivity

    found = []
    for pool in evidence.pools:
        if pool.headline or not headlines:
            say(" ".join(pool.key.by))
            found.append(pool_sensitivity(pool, evidence.options))
    return tuple(found)


def assumed_in(loaded: Loaded, evidence: Evidence) -> Assumed:
    """Which pools may count a trial twice, and which rest on an assumed correlation.

    Parameters
    ----------
    loaded : Loaded
        The review, whose citation graph says which studies one review lists side by side.
    evidence : Evidence
        Its pools.

    Raises
    ------
    InvalidData
        Everything wrong with the citations.
    """
    from synthesis.crosscheck.counted_twice import counted_once, twins
    from synthesis.evidence.dependence_assumed import correlation_assumed
    from synthesis.pipeline.deduplicating import same_documents
    from synthesis.rendering.sensitivity_assumed import Assumed

    same = twins(loaded.records.studies, same_documents(loaded.root))
    over = ((one.key, correlation_assumed(one, loaded.records.review, evidence.options)) for one in evidence.pools)
    return Assumed(
        {one.key: one for one in counted_once(evidence, citations_of(loaded), same)},
        {key: found for key, found in over if found is not None},
    )


def cell_sensitivities(checks: Iterable[CrossCheck]) -> dict[Key, CellSensitivity]:
    """The sensitivity of each cell that has one, by its pool."""
    return {one.of_pool.pool.key: one for check in checks if (one := check.sensitivity) is not None}
