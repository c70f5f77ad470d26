"""What a retraction changes: every pool, score and status computed without it, in memory; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from synthesis.errors import InvalidData, NotFound, did_you_mean
from synthesis.pipeline.loading import Loaded, inclusions_of, published_pools, statements
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
        `any` or `sole`: whether a study leaves with any of its reports, or only with its last one.

    Raises
    ------
    NotFound
        A key that is neither a document nor a study.
    InvalidData
        Everything wrong with the citations or the published tables.
    """
    from synthesis.citations.edges import INCLUDING
    from synthesis.crosscheck.retraction import (
        ANY,
        WITHDRAWN,
        Retraction,
        leaving,
        pool_changes,
        remaining,
        resting_on,
        spared,
    )  # fmt: skip

    gone = tuple(dict.fromkeys(keys))
    _check(loaded, gone)
    studies, review = loaded.records.studies, loaded.records.review
    found = leaving(studies, gone, reports)
    lost = {one.study for one in found if one.kind == WITHDRAWN}
    documents = {*gone, *(key for study in studies if study.key in lost for key in study.cite)}
    resting = resting_on(inclusions_of(loaded), documents)
    including = {edge.source for edge in resting if edge.relation in INCLUDING}
    after = replace(with_studies(loaded, remaining(studies, found, gone)), untrusted=frozenset(documents))
    rules = every_rule(loaded)
    sides = [side_of(one, review.modalities, rules) for one in (loaded, after)]
    was, would_be = snapshots(sides, rules)
    stated = statements(loaded.root, review)
    return Retraction(
        gone=gone,
        reports=reports,
        leaving=found,
        spared=spared(studies, gone, found) if reports == ANY else (),
        statements=tuple(one for one in stated if one.document in documents),
        resting=resting,
        still_counting=tuple(one for one in stated if one.document in including - documents),
        published=tuple(one for one in published_pools(loaded.root, review) if one.review in {*including, *gone}),
        pools=pool_changes(*(side.evidence for side in sides)),
        before=was,
        after=would_be,
    )


def known_retractions(loaded: Loaded) -> tuple[dict[str, Retracted], tuple[str, ...]]:
    """The documents that the library, or its offline list, says are retracted, by key; and what the list says besides.

    Returns
    -------
    dict of str to Retraction
        The documents of the library.
    tuple of str
        The retracted documents of the list that the library does not have, with their lines.

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
    libraries = read_folder(loaded.root)
    found = {key: one for key, one in retracted(libraries, listed.rows).items() if one.kind == "retraction"}
    absent = [row for row in listed.rows if row.kind == "retraction" and not retracted(libraries, [row])]
    return found, tuple(f"{row.document} ({row.path}:{row.line})" for row in absent)


def _check(loaded: Loaded, keys: Sequence[str]) -> None:
    from synthesis.bibliography.library import read_folder

    library = {entry.key for one in read_folder(loaded.root) for entry in one.entries}
    known = library | {study.key for study in loaded.records.studies}
    known |= {key for study in loaded.records.studies for key in study.cite}
    for key in keys:
        if key not in known:
            nearest = did_you_mean(key, sorted(known - {""}))
            raise NotFound(f"{key!r} is neither in the library nor a study: {nearest}")
