"""The citation graph: the only user of networkx."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from synthesis.citations.edges import Edge
from synthesis.errors import Problem, Severity, did_you_mean

if TYPE_CHECKING:
    import networkx as nx

    from synthesis.bibliography.entry import Entry
    from synthesis.records.study import Study

    Graph = nx.DiGraph[tuple[str, str]]

DOCUMENT, STUDY = "document", "study"  # the two kinds of node
REVIEWING = ("reviews", "meta_analyses", "extracts")
REPORTED_IN = "reported in"  # from a study to each of its reports
IN_PRESS = 1  # years that a citation may run ahead: papers are cited before they are out


@dataclass(frozen=True, slots=True)
class CitationGraph:
    """Documents and studies, and what leads from one to the other.

    Nodes are pairs of kind (`document` or `study`) and key, since a study may be called as its report is. A document
    has `year` (None where not stated) and `role`: `review` (it reviews, meta-analyses or extracts others), `report`
    (a study names it) or `document`. An edge has `relations`, names in order of appearance.
    """

    graph: Graph  # frozen
    edges: tuple[Edge, ...] = field(default=(), repr=False)  # of citations.csv

    def documents(self, role: str | None = None) -> tuple[str, ...]:
        """Keys of the documents, or of those of one role, sorted."""
        found = (
            key
            for (kind, key), data in self.graph.nodes(data=True)
            if kind == DOCUMENT and role in (None, data["role"])
        )
        return tuple(sorted(found))

    def studies(self) -> tuple[str, ...]:
        """Keys of the studies, sorted."""
        return tuple(sorted(key for kind, key in self.graph if kind == STUDY))

    def year(self, key: str) -> int | None:
        """The year of a document, None where none is stated."""
        year: int | None = self.graph.nodes[DOCUMENT, key]["year"]
        return year

    def cycles(self) -> tuple[tuple[str, ...], ...]:
        """Documents that cite one another in a circle: each group sorted, the groups too."""
        import networkx as nx

        groups = nx.strongly_connected_components(self.graph)
        return tuple(sorted(tuple(sorted(key for _, key in group)) for group in groups if len(group) > 1))

    def summary(self) -> str:
        """One line: how many documents, studies and citations."""
        return (
            f"{len(self.documents())} documents ({len(self.documents('review'))} reviews), "
            f"{len(self.studies())} studies, {len(self.edges)} citations"
        )


def build_graph(edges: Iterable[Edge], entries: Iterable[Entry], studies: Iterable[Study] = ()) -> CitationGraph:
    """The graph of a review.

    Parameters
    ----------
    edges : iterable of Edge
        The citations: see `read_citations`.
    entries : iterable of Entry
        The library. A key without an entry becomes a document without a year.
    studies : iterable of Study
        The records; each leads to the reports that it names in `cite`.
    """
    import networkx as nx

    citations = tuple(edges)
    graph: Graph = nx.DiGraph()
    for entry in entries:
        graph.add_node((DOCUMENT, entry.key), year=entry.year, role=DOCUMENT)
    for study in studies:
        for report in study.cite:
            _connect(graph, (STUDY, study.key), (DOCUMENT, report), REPORTED_IN)
            graph.nodes[DOCUMENT, report]["role"] = "report"
    for edge in citations:
        _connect(graph, (DOCUMENT, edge.source), (DOCUMENT, edge.target), edge.relation)
    for edge in citations:
        if edge.relation in REVIEWING:
            graph.nodes[DOCUMENT, edge.source]["role"] = "review"
    return CitationGraph(nx.freeze(graph), citations)


def _connect(graph: Graph, source: tuple[str, str], target: tuple[str, str], relation: str) -> None:
    for node in (source, target):
        if node not in graph:
            graph.add_node(node, **({"year": None, "role": DOCUMENT} if node[0] == DOCUMENT else {}))
    relations = graph.edges[source, target]["relations"] if graph.has_edge(source, target) else ()
    graph.add_edge(source, target, relations=tuple(dict.fromkeys((*relations, relation))))


def check_graph(edges: Iterable[Edge], entries: Iterable[Entry], studies: Iterable[Study] = ()) -> tuple[Problem, ...]:
    """What is wrong with the citations as a graph, sorted by place.

    Parameters
    ----------
    edges, entries, studies
        As for `build_graph`; what the reading of the citations found is not repeated.

    Returns
    -------
    tuple of Problem
        SY510, an error: a source or target that the library does not have. SY511, a warning: a circle, at its
        first citation. SY512: a target younger than its source. That is a warning, since one of the two years is
        likely wrong; a note where they are one year apart (papers are cited while in press) and for `extracts`
        (an effect may be read in an earlier report of the study than the one that gives the study its key).
    """
    library = {entry.key: entry for entry in entries}
    graph = build_graph(edges, library.values(), studies)
    known = [edge for edge in graph.edges if edge.source in library and edge.target in library]
    problems = [problem for edge in graph.edges for problem in _dangling(edge, library)]
    problems += [_cycle(group, graph.edges) for group in graph.cycles()]
    problems += filter(None, (_future(edge, library) for edge in known))
    return tuple(sorted(problems))


def _dangling(edge: Edge, library: Mapping[str, Entry]) -> Iterable[Problem]:
    for name, key in (("source", edge.source), ("target", edge.target)):
        if key not in library:
            remedy = f"add the entry with `synth bib add`; {did_you_mean(key, library)}"
            yield _at(edge, "SY510", f"the {name} {key!r} is not in the library", remedy)


def _cycle(group: tuple[str, ...], edges: Iterable[Edge]) -> Problem:
    first = next(edge for edge in edges if edge.source in group and edge.target in group)
    what = f"these cite one another in a circle: {', '.join(group)}"
    return _at(first, "SY511", what, "turn round or take out the wrong citation", Severity.WARNING)


def _future(edge: Edge, library: Mapping[str, Entry]) -> Problem | None:
    source, target = library[edge.source].year, library[edge.target].year
    if source is None or target is None or target <= source:
        return None
    tolerated = edge.relation == "extracts" or target - source <= IN_PRESS
    what = f"{edge.source} ({source}) {edge.relation.replace('_', '-')} {edge.target} ({target}), which is younger"
    remedy = "correct a year in the library, or turn the citation round"
    return _at(edge, "SY512", what, remedy, Severity.NOTE if tolerated else Severity.WARNING)


def _at(edge: Edge, code: str, what: str, remedy: str, severity: Severity = Severity.ERROR) -> Problem:
    place = edge.place
    return Problem(place.path, place.line, place.column, code, what, remedy, severity)
