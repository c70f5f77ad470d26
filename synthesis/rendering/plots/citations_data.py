"""What a drawing of citations shows, as plain values, and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from synthesis.errors import did_you_mean
from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import counted, refuse_problems

KINDS: Mapping[str, tuple[str, str]] = {  # one and several, in the order of the legend
    "guideline": ("guideline", "guidelines"),
    "review": ("review", "reviews"),
    "document": ("other document", "other documents"),
    "report": ("report of a study", "reports of studies"),
    "study": ("study", "studies"),
    "cell": ("modality x outcome", "modalities x outcomes"),
}
RELATIONS: Mapping[str, str] = {  # the strongest first
    "meta_analyses": "pools",
    "reviews": "reviews",
    "extracts": "tells an effect of",
    "cites": "cites",
    "reported in": "study reported in",
    "counts in": "study counts in",
}
COLUMNS: Mapping[str, tuple[str, ...]] = {  # from left to right, with the kinds in them
    "Reviews, guidelines, other documents": ("guideline", "review", "document"),
    "Reports": ("report",),
    "Studies": ("study",),
    "Modality x outcome": ("cell",),
}
MOST_TOLD = 5  # nodes in the alternative text


@dataclass(frozen=True, slots=True)
class CitationNode:
    """A document, a study or a cell."""

    label: str
    kind: str  # a key of KINDS
    year: int | None = None  # newer ones of a kind stand further left, where there are many


@dataclass(frozen=True, slots=True)
class CitationLink:
    """What leads from one node to another; places in the data's `nodes`, the first is 0."""

    source: int
    target: int
    relation: str  # a key of RELATIONS


@dataclass(frozen=True, slots=True)
class CitationsData:
    """A drawing of citations: who cites and reviews whom, which studies that reports, and where these count."""

    title: str
    nodes: tuple[CitationNode, ...]
    links: tuple[CitationLink, ...] = ()
    footnotes: tuple[str, ...] = ()


def kinds_of(data: CitationsData) -> tuple[str, ...]:
    """The kinds that the nodes have, in order."""
    found = {node.kind for node in data.nodes}
    return tuple(kind for kind in KINDS if kind in found)


def relations_of(data: CitationsData) -> tuple[str, ...]:
    """The relations that the links have, the strongest first."""
    found = {link.relation for link in data.links}
    return tuple(relation for relation in RELATIONS if relation in found)


def citations_text(data: CitationsData) -> str:
    """What the drawing shows: how many of each kind, and the nodes with the most links. Its alternative text."""
    kinds = Counter(node.kind for node in data.nodes)
    relations = Counter(link.relation for link in data.links)
    nodes = ", ".join(counted(kinds[kind], *KINDS[kind]) for kind in kinds_of(data))
    links = ", ".join(f"{RELATIONS[relation]} {relations[relation]}" for relation in relations_of(data))
    text = f"Citations: {nodes}. Links: {links or 'none'}."
    ends = Counter(place for link in data.links for place in (link.source, link.target))
    most = sorted(ends.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOLD]
    told = ", ".join(f"{clean(data.nodes[place].label)} {count}" for place, count in most)
    return f"{text} Most links: {told}." if told else text


def checked(data: CitationsData) -> CitationsData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong: no node, a kind or relation that there is not, a link to no node or to itself.
    """
    refuse_problems("these citations", _problems(data))
    return data


def _problems(data: CitationsData) -> Iterator[str]:
    if not data.nodes:
        yield "there is no node"
    for node in data.nodes:
        if node.kind not in KINDS:
            yield f"{clean(node.label)!r} has a kind {node.kind!r}: {did_you_mean(node.kind, KINDS)}"
    for link in data.links:
        if link.relation not in RELATIONS:
            yield f"a link has a relation {link.relation!r}: {did_you_mean(link.relation, RELATIONS)}"
        if not {link.source, link.target} <= set(range(len(data.nodes))):
            yield f"a link leads from {link.source} to {link.target}; there are nodes 0 to {len(data.nodes) - 1}"
        elif link.source == link.target:
            yield f"a link leads from {clean(data.nodes[link.source].label)!r} to itself"
