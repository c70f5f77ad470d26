"""All outputs of a review, made in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from synthesis.errors import InvalidArgument
from synthesis.evidence import Evidence
from synthesis.pipeline.ledger import agreement_of
from synthesis.pipeline.loading import Loaded, citations_of, first_years, inclusions_of, published_pools
from synthesis.pipeline.pools import pool_review
from synthesis.pipeline.scores import matrix_of
from synthesis.pipeline.sensitivity import assumed_in, cell_sensitivities, sensitivities_of

if TYPE_CHECKING:
    from synthesis.citations.overlap_report import OverlapReport
    from synthesis.crosscheck.discordance import CrossCheck
    from synthesis.evidence.sensitivity import PoolSensitivity
    from synthesis.scoring.matrix import Matrix

BUILD_STEPS = ("pools", "matrix", "sensitivity", "cross-check", "second engine", "provenance", "overlap")


def crosscheck_of(
    loaded: Loaded,
    evidence: Evidence | None = None,
    matrix: Matrix | None = None,
    sensitivities: Sequence[PoolSensitivity] = (),
) -> tuple[CrossCheck, ...]:
    """Points against pooled effects against published ones; with what would change each pool, where that is given."""
    from synthesis.crosscheck.ledger.checks import cross_checks
    from synthesis.crosscheck.ledger.sensitivity import with_sensitivity

    pooled = evidence or pool_review(loaded)
    scored = matrix or matrix_of(loaded, pooled)
    review, years = loaded.records.review, first_years(loaded.root, loaded.records.studies)
    found = cross_checks(review, pooled, scored, published_pools(loaded.root, review), years=years)
    return with_sensitivity(found, review, sensitivities)


def build(loaded: Loaded, say: Callable[[str], None] = lambda _: None) -> dict[str, bytes]:
    """All files of `outputs/` by name, sorted: the same review gives the same bytes.

    Parameters
    ----------
    loaded : Loaded
        The review, pooled and scored under its own options.
    say : callable, optional
        Called with the name of each of BUILD_STEPS before it is done.

    Raises
    ------
    InvalidData
        Everything wrong with the published tables or the citations.
    """
    from synthesis.crosscheck.driven import driven_pools
    from synthesis.rendering.crosscheck import crosscheck_files
    from synthesis.rendering.effects import effect_files
    from synthesis.rendering.matrix import matrix_files
    from synthesis.rendering.outputs import engine_files, pooled_files
    from synthesis.rendering.overlap import overlap_files
    from synthesis.rendering.provenance_files import provenance_files
    from synthesis.rendering.sensitivity_files import sensitivity_files
    from synthesis.rendering.summary import summary_files

    title = loaded.records.review.title
    say("pools")
    evidence = pool_review(loaded)
    files = {**pooled_files(evidence, title), **effect_files(evidence)}
    say("matrix")
    matrix = matrix_of(loaded, evidence)
    files |= matrix_files(matrix, title)
    say("sensitivity")
    sensitivities = sensitivities_of(evidence)
    say("cross-check")
    checks = crosscheck_of(loaded, evidence, matrix, sensitivities)
    files |= sensitivity_files(sensitivities, cell_sensitivities(checks), title, assumed_in(loaded, evidence))
    files |= crosscheck_files(checks, title, agreement_of(loaded, evidence))
    files |= summary_files(loaded.records.studies, evidence, matrix, checks, title)
    say("second engine")
    files |= engine_files(evidence)
    say("provenance")
    files |= provenance_files(driven_pools(evidence, inclusions_of(loaded)), title)
    say("overlap")
    files |= overlap_files(overlap_of(loaded), title)
    return dict(sorted(files.items()))


def overlap_of(loaded: Loaded) -> OverlapReport | None:
    """The overlap of the review's own reviews; None where fewer than two share out studies."""
    from synthesis.bibliography.library import read_folder
    from synthesis.citations.overlap_report import report_overlap
    from synthesis.citations.overlap_reviews import dates_of

    edges = citations_of(loaded)
    dates = dates_of(entry for library in read_folder(loaded.root) for entry in library.entries)
    try:
        return report_overlap(edges, loaded.records.studies, dates)
    except InvalidArgument:
        return None
