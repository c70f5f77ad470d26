"""What a number rests on: the studies that drive it with their weights, and the documents that they came through."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from synthesis.citations.edges import INCLUDING, Edge
from synthesis.errors import InvalidArgument

TOLERANCE = 1e-12  # by which the weights of a number may miss 1


@dataclass(frozen=True, slots=True)
class Strand:
    """One study's part of a number."""

    study: str
    weight: float  # share of 1
    reports: tuple[str, ...]
    read_in: tuple[tuple[str, float], ...]  # documents that its numbers were read in, each with its part of `weight`
    included_by: tuple[str, ...]  # documents that review, meta-analyse or extract one of its reports


@dataclass(frozen=True, slots=True)
class Share:
    """One document's part of a number."""

    document: str
    weight: float  # share of 1
    studies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """A number taken apart; weights sum to 1 over the strands, and over the documents that were read."""

    strands: tuple[Strand, ...]  # the heaviest first
    read_in: tuple[Share, ...]  # the documents in which numbers were read, the heaviest first
    included_by: tuple[Share, ...]  # the documents that include the studies; these overlap and sum to no whole

    @property
    def effective_studies(self) -> float:
        """How many equally heavy studies would be as concentrated: 1 / sum(weight^2)."""
        return _effective(strand.weight for strand in self.strands)

    @property
    def effective_documents(self) -> float:
        """The same of the documents that were read."""
        return _effective(share.weight for share in self.read_in)


def provenance(
    weights: Mapping[str, float],
    read_in: Mapping[str, Iterable[str]],
    reports: Mapping[str, Iterable[str]],
    edges: Iterable[Edge] = (),
) -> Provenance:
    """The studies and documents behind a number.

    Parameters
    ----------
    weights : mapping
        The weight of each study, shares of 1.
    read_in : mapping
        For each study the document of each finding that its part was made of, repeated where several were read in
        one: a study's weight is split among its findings in equal parts.
    reports : mapping
        The reports of each study.
    edges : iterable of Edge, optional
        The citations.

    Raises
    ------
    InvalidArgument
        A weight below 0, weights that do not sum to 1 within 1e-12, or a study of which nothing was read.
    """
    _check(weights, read_in)
    sources: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        if edge.relation in INCLUDING:
            sources[edge.target].add(edge.source)
    found = [
        Strand(
            study,
            weight,
            tuple(reports.get(study, ())),
            _split(weight, tuple(read_in[study])),
            tuple(sorted(set().union(*(sources[report] for report in reports.get(study, ()))))),
        )
        for study, weight in weights.items()
    ]
    strands = tuple(sorted(found, key=lambda strand: (-strand.weight, strand.study)))
    return Provenance(
        strands,
        _shares((document, part, strand.study) for strand in strands for document, part in strand.read_in),
        _shares((document, strand.weight, strand.study) for strand in strands for document in strand.included_by),
    )


def _check(weights: Mapping[str, float], read_in: Mapping[str, Iterable[str]]) -> None:
    total = math.fsum(weights.values())
    if any(weight < 0 for weight in weights.values()) or abs(total - 1) > TOLERANCE:
        raise InvalidArgument(f"weights are shares of 1; these sum to {total!r}")
    if unread := [study for study in weights if not tuple(read_in.get(study, ()))]:
        raise InvalidArgument(f"no document in which {', '.join(unread)} was read")


def _split(weight: float, documents: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """A weight in equal parts for each finding, summed by document."""
    return tuple(
        (document, weight * documents.count(document) / len(documents)) for document in dict.fromkeys(documents)
    )


def _shares(parts: Iterable[tuple[str, float, str]]) -> tuple[Share, ...]:
    weights: dict[str, list[float]] = defaultdict(list)
    studies: dict[str, dict[str, None]] = defaultdict(dict)
    for document, weight, study in parts:
        weights[document].append(weight)
        studies[document][study] = None
    found = (Share(document, math.fsum(own), tuple(sorted(studies[document]))) for document, own in weights.items())
    return tuple(sorted(found, key=lambda share: (-share.weight, share.document)))


def _effective(weights: Iterable[float]) -> float:
    return 1 / math.fsum(weight * weight for weight in weights)
