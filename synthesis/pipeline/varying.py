"""A review's pools under every combination of the choices that could have been made in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from synthesis.evidence import Options
from synthesis.pipeline.loading import Loaded
from synthesis.pipeline.pools import options_for

if TYPE_CHECKING:
    from synthesis.evidence.multiverse import ReviewMultiverse
    from synthesis.evidence.multiverse_choices import ReviewChoices


def vary_review(
    loaded: Loaded,
    asked: Mapping[str, Any] | None = None,
    choices: ReviewChoices | None = None,
    *,
    say: Callable[[str, int], None] = lambda _, __: None,
) -> tuple[Options, tuple[ReviewMultiverse, ...]]:
    """The multiverse of every modality and outcome that has findings, in the order of review.toml, and the options.

    Parameters
    ----------
    loaded : Loaded
        The review.
    asked : mapping, optional
        As for `pool_review`: what is not varied, and which modalities and outcomes.
    choices : ReviewChoices, optional
        What is varied; the usual choices without it.
    say : callable, optional
        Called with the name of each modality and outcome before it is worked on, and how many there are.

    Raises
    ------
    InvalidArgument
        For options and choices that there are not.
    """
    from synthesis.evidence.multiverse import review_multiverse

    review, studies, base = loaded.records.review, loaded.records.studies, options_for(loaded, asked)
    cells = list(_cells(loaded, base))
    found = []
    for cell in cells:
        say(" ".join(cell), len(cells))
        found.append(review_multiverse(studies, review, base, cell, choices))
    return base, tuple(found)


def _cells(loaded: Loaded, base: Options) -> Iterable[tuple[str, str]]:
    """The modalities and outcomes asked for that have findings in the evidence sets that are pooled."""
    review = loaded.records.review
    there = {
        (finding.modality, finding.outcome)
        for study in loaded.records.studies
        for finding in study.findings
        if finding.evidence_set in base.sets
    }
    for modality in base.modalities or review.modalities:
        for outcome in base.outcomes or review.outcomes:
            if (modality, outcome) in there and review.outcomes[outcome].pooled:
                yield modality, outcome
