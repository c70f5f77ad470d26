"""What a retraction changes: every pool, score and status computed without it, in memory; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from synthesis.errors import InvalidData, NotFound, did_you_mean
from synthesis.pipeline.loading import Loaded, citations_of, published_pools, statements
from synthesis.pipeline.scores import every_rule
from synthesis.pipeline.sides import side_of, snapshots, with_studies

if TYPE_CHECKING:
    from synthesis.bibliography.retractions import Retraction as Retracted
    from synthesis.crosscheck.retraction import Retraction


def retraction_of(loaded: Loaded, keys: Sequence[str], reports: str = "any") -> Retraction:
    """What follows when documents or studies are withdrawn.

    Parameters
    ----------
    loaded : Loaded
        The review as it is.
    keys : sequence of str
        Keys of the library, or of study records.
    reports : str
        A member of REPORTS: whether a study leaves with any of its reports, or only with its last one.

    Raises
    ------
    NotFound
        A key that is neither a document nor a study.
    InvalidData
        Everything wrong with the citations or the published tables.
    """
    from synthesis.crosscheck.retraction import (
        INCLUDING,
        WITHDRAWN,
        Retraction,
        leaving,
        pool_changes,
        remaining,
        resting_on,
    )  # fmt: skip

    gone = tuple(dict.fromkeys(keys))
    _check(loaded, gone)
    studies, review = loaded.records.studies, loaded.records.review
    found = leaving(studies, gone, reports)
    lost = {one.study for one in found if one.kind == WITHDRAWN}
    documents = {*gone, *(key for study in studies if study.key in lost for key in study.cite)}
    resting = resting_on(citations_of(loaded), documents)
    including = {edge.source for edge in resting if edge.relation in INCLUDING}
    after = replace(with_studies(loaded, remaining(studies, found, gone)), untrusted=frozenset(gone))
    rules = every_rule(loaded)
    sides = [side_of(one, review.modalities, rules) for one in (loaded, after)]
    was, would_be = snapshots(sides, rules)
    return Retraction(
        gone=gone,
        reports=reports,
        leaving=found,
        statements=tuple(one for one in statements(loaded.root, review) if one.document in gone),
        resting=resting,
        published=tuple(one for one in published_pools(loaded.root, review) if one.review in {*including, *gone}),
        pools=pool_changes(*(side.evidence for side in sides)),
        before=was,
        after=would_be,
    )


def known_retractions(loaded: Loaded) -> dict[str, Retracted]:
    """The documents that the library, or its offline list, says are retracted, by key.

    Raises
    ------
    InvalidData
        Everything wrong with the list.
    """
    from synthesis.bibliography.library import read_folder
    from synthesis.bibliography.retractions import read_retractions, retracted

    listed = read_retractions(loaded.root)
    if listed.problems:
        raise InvalidData(listed.problems)
    found = retracted(read_folder(loaded.root), listed.rows)
    return {key: one for key, one in found.items() if one.kind == "retraction"}


def _check(loaded: Loaded, keys: Sequence[str]) -> None:
    from synthesis.bibliography.library import read_folder

    library = {entry.key for one in read_folder(loaded.root) for entry in one.entries}
    known = library | {study.key for study in loaded.records.studies}
    known |= {key for study in loaded.records.studies for key in study.cite}
    for key in keys:
        if key not in known:
            raise NotFound(f"{key!r} is neither in the library nor a study: {did_you_mean(key, known)}")
