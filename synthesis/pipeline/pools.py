"""The pools of a review, under its own options or those that are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.evidence import ATTRIBUTES, Evidence, Options, options_of, pool_evidence
from synthesis.pipeline.loading import Loaded, first_years

if TYPE_CHECKING:
    from synthesis.evidence.moderators import PoolSubgroups
    from synthesis.evidence.other_models import OtherEvidence
    from synthesis.pooling.moderators.asked import Request


def pool_review(loaded: Loaded, asked: Mapping[str, Any] | None = None) -> Evidence:
    """The pools of a review under its own options, or those that are asked for."""
    return pool_evidence(loaded.records.studies, loaded.records.review, options_for(loaded, asked))


def options_for(loaded: Loaded, asked: Mapping[str, Any] | None = None) -> Options:
    """The review's own options, or those that are asked for, with the years of the studies where they speak of them."""
    options = options_of(loaded.records.review, **(asked or {}))
    names = [*options.by, *(condition.name for condition in options.where)]
    if "year" not in names:
        return options
    return options_of(loaded.records.review, **with_years(loaded, asked, names))


def other_model(
    loaded: Loaded,
    asked: Mapping[str, Any],
    *,
    model: str | None,
    dependence: str,
    say: Callable[[str, int], None] = lambda _, __: None,
) -> OtherEvidence:
    """The pools of a review by a model of counts, or with several effects of a study.

    Parameters
    ----------
    loaded : Loaded
        The review.
    asked : mapping
        As for `pool_review`; method and test are those of the model.
    model : str or None
        A key of COUNT_MODELS; None for a pool of dependent effects.
    dependence : str
        A key of DEPENDENCE, where there is no model of counts.
    say : callable, optional
        Called with the name of each pool of dependent effects before it is fitted, and how many there are.
    """
    own = {name: asked.get(name) for name in ("method", "test")}
    if model is not None:
        from synthesis.evidence.other_models import count_pools

        return count_pools(pool_review(loaded, {**asked, "method": None, "test": None}), model, **own)
    from synthesis.evidence.dependence import dependent_pools

    usual = asked if dependence == "aggregate" else {**asked, "method": None, "test": None}
    return dependent_pools(pool_review(loaded, usual), loaded.records.review, dependence, **own, say=say)


def pool_for(loaded: Loaded, request: Request, asked: Mapping[str, Any] | None = None) -> tuple[Evidence, Request]:
    """The pools of a review for `regress_pools`, and what is asked of them with the review's defaults."""
    from synthesis.pooling.moderators.asked import settled

    options = options_of(loaded.records.review, **(asked or {}))
    chosen = settled(replace(request, level=options.level), ATTRIBUTES, method=options.method, test=options.test)
    return pool_review(loaded, with_years(loaded, asked, chosen.names)), chosen


def compare_review(
    loaded: Loaded, group: str, asked: Mapping[str, Any] | None = None, *, tau2: str, not_stated: bool
) -> tuple[Evidence, tuple[PoolSubgroups, ...]]:
    """The pools of a review, and in each of them the kinds of studies that an attribute tells apart, compared."""
    from synthesis.evidence.moderators import compare_kinds

    if group not in ATTRIBUTES:
        raise InvalidArgument(f"no attribute {group!r}: {did_you_mean(group, ATTRIBUTES)}")
    evidence = pool_review(loaded, with_years(loaded, asked, (group,)))
    return evidence, compare_kinds(evidence, group, tau2=tau2, not_stated=not_stated)


def with_years(loaded: Loaded, asked: Mapping[str, Any] | None, names: Iterable[str]) -> dict[str, Any]:
    """What is asked, with the years of the studies where a moderator needs them."""
    years = {"years": first_years(loaded.root, loaded.records.studies)} if "year" in names else {}
    return {**(asked or {}), **years}
