"""The citation graph: studies, the documents that tell of them, who cites whom, and the cells where they count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from synthesis.citations.cells import CELL, REPORTED_IN, STUDY, counted_in, participants
from synthesis.citations.edges import RELATIONS, Edge
from synthesis.citations.roles import DOCUMENT, GUIDELINE, REPORT, REVIEW, ROLES, Stated, cited_roles
from synthesis.errors import InvalidArgument, NotFound, did_you_mean

if TYPE_CHECKING:
    import networkx as nx

    from synthesis.bibliography.entry import Entry
    from synthesis.records.study import Study

    Graph = nx.DiGraph["Node"]

Node = tuple[str, str]  # one of ROOMS, and a key
ROOMS = (STUDY, DOCUMENT, CELL)  # keys are told apart within each: a study may be called as its report is
KINDS: Mapping[str, str] = {
    STUDY: "one sample of people: a record",
    REPORT: "a document that a record names as a report of its study",
    REVIEW: "a document that reviews or pools others, or is stated to",
    GUIDELINE: "a document that is stated to be a guideline",
    DOCUMENT: "any other document",
    CELL: "a modality on an outcome",
}


@dataclass(frozen=True, slots=True)
class CitationGraph:
    """Documents, studies and cells, and what leads from one to the other.

    Nodes are pairs of a room (`study`, `document` or `cell`) and a key. Every node has

    * `kind`: one of KINDS; a document's is the first of its roles in the order guideline, review, report, document;
    * `year`: None where not stated; of a study that of its earliest report, of a cell None;
    * `title`: as in the library; of a cell its key; of a study nothing;
    * `roles`: all its roles, and `basis`: for each role where that is stated;

    and a study has `n` (participants, or None) and `evidence_set`; a cell has `modality` and `outcome`.

    An edge has `relations`, names in order of appearance: `cites`, `reviews`, `meta_analyses`, `extracts` between
    documents; `reported in` from a study to each of its reports; `counts in` from a study to each cell that one of its
    findings stands in. The latter has `findings` (their places in the record, the first is 1), `n`, `direction` (what
    the sources state: one word of records.study.DIRECTIONS; `mixed` where they differ) and `evidence_sets`.
    """

    graph: Graph  # frozen
    edges: tuple[Edge, ...] = field(default=(), repr=False)  # of citations.csv

    def nodes(self, kind: str | None = None) -> tuple[Node, ...]:
        """All nodes, or those of one kind, sorted."""
        return tuple(sorted(node for node, data in self.graph.nodes(data=True) if kind in (None, data["kind"])))

    def documents(self, kind: str | None = None) -> tuple[str, ...]:
        """Keys of the documents, or of those of one kind, sorted."""
        return tuple(key for room, key in self.nodes(kind) if room == DOCUMENT)

    def studies(self) -> tuple[str, ...]:
        """Keys of the studies, sorted."""
        return tuple(key for _, key in self.nodes(STUDY))

    def cells(self) -> tuple[str, ...]:
        """Keys of the cells, `modality x outcome`, sorted."""
        return tuple(key for _, key in self.nodes(CELL))

    def data(self, node: Node) -> Mapping[str, Any]:
        """What is known of a node.

        Raises
        ------
        NotFound
            There is no such node; the nearest key of its room is named.
        """
        if node not in self.graph:
            room, key = node
            raise NotFound(f"the graph has no {room} {key!r}; {did_you_mean(key, self._keys(room))}")
        return self.graph.nodes[node]

    def year(self, key: str) -> int | None:
        """The year of a document, None where none is stated."""
        year: int | None = self.data((DOCUMENT, key))["year"]
        return year

    def roles(self, key: str) -> tuple[str, ...]:
        """All roles of a document, the one that is its kind first."""
        roles: tuple[str, ...] = self.data((DOCUMENT, key))["roles"]
        return roles

    def reports(self, study: str) -> tuple[str, ...]:
        """The documents that report a study, in the order of its record."""
        return self._after((STUDY, study), DOCUMENT)

    def cells_of(self, study: str) -> tuple[str, ...]:
        """The cells that a study counts in, in the order of its findings."""
        return self._after((STUDY, study), CELL)

    def studies_of(self, key: str) -> tuple[str, ...]:
        """The studies that a document reports, sorted."""
        return self._before((DOCUMENT, key), STUDY)

    def studies_in(self, cell: str) -> tuple[str, ...]:
        """The studies that count in a cell, sorted."""
        return self._before((CELL, cell), STUDY)

    def find(self, text: str) -> Node:
        """The node that a user means by a key: a study, a document or a cell, or `study:KEY`, `document:KEY`.

        Raises
        ------
        NotFound
            No node has that key.
        InvalidArgument
            A study and a document have it.
        """
        room, _, key = text.partition(":")
        if room in ROOMS and key:
            self.data((room, key))
            return (room, key)
        found = [(room, text) for room in ROOMS if (room, text) in self.graph]
        if len(found) > 1:
            raise InvalidArgument(f"{text!r} is a study and a document: write study:{text} or document:{text}")
        if not found:
            keys = [key for room in ROOMS for key in self._keys(room)]
            raise NotFound(f"the graph has no {text!r}; {did_you_mean(text, keys)}")
        return found[0]

    def part(self, nodes: Iterable[Node]) -> CitationGraph:
        """The graph of some of its nodes, with what lies between them."""
        import networkx as nx

        chosen = set(nodes)
        part: Graph = nx.DiGraph()
        part.add_nodes_from((node, data) for node, data in self.graph.nodes(data=True) if node in chosen)
        part.add_edges_from(edge for edge in self.graph.edges(data=True) if chosen.issuperset(edge[:2]))
        kept = tuple(e for e in self.edges if {(DOCUMENT, e.source), (DOCUMENT, e.target)} <= chosen)
        return CitationGraph(nx.freeze(part), kept)

    def limited(self, kinds: Collection[str]) -> CitationGraph:
        """The graph of nodes of some kinds.

        Raises
        ------
        InvalidArgument
            A kind that there is not.
        """
        for kind in kinds:
            if kind not in KINDS:
                raise InvalidArgument(f"no kind {kind!r}: {did_you_mean(kind, KINDS)}")
        return self.part(node for kind in kinds for node in self.nodes(kind))

    def around(self, starts: Iterable[Node], hops: int) -> CitationGraph:
        """The nodes that so many steps lead to, along edges or against them.

        Raises
        ------
        NotFound
            A start is not in the graph.
        InvalidArgument
            Fewer than 0 steps.
        """
        import networkx as nx

        if hops < 0:
            raise InvalidArgument(f"{hops} hops: give 0 or more")
        reached = dict.fromkeys(starts)
        for node in reached:
            self.data(node)
        rim = list(reached)
        for _ in range(hops):
            near = dict.fromkeys(other for node in rim for other in nx.all_neighbors(self.graph, node))
            rim = [node for node in near if node not in reached]
            reached.update(dict.fromkeys(rim))
        return self.part(reached)

    def between_documents(self, relations: Collection[str] = tuple(RELATIONS)) -> Graph:
        """A new graph of the documents alone, with edges of some relations of `citations.csv`."""
        import networkx as nx

        found: Graph = nx.DiGraph()
        found.add_nodes_from((node, data) for node, data in self.graph.nodes(data=True) if node[0] == DOCUMENT)
        found.add_edges_from(
            (source, target, data)
            for source, target, data in self.graph.edges(data=True)
            if source[0] == target[0] == DOCUMENT and not set(relations).isdisjoint(data["relations"])
        )
        return found

    def cycles(self) -> tuple[tuple[str, ...], ...]:
        """Documents that cite one another in a circle: each group sorted, the groups too."""
        import networkx as nx

        groups = nx.strongly_connected_components(self.graph)
        return tuple(sorted(tuple(sorted(key for _, key in group)) for group in groups if len(group) > 1))

    def summary(self) -> str:
        """One line: how many documents of each kind, studies, cells and citations."""
        kinds = ((self.documents(kind), f"{kind}s") for kind in (REVIEW, GUIDELINE, REPORT))
        counts = ", ".join(f"{len(keys)} {name}" for keys, name in kinds if keys)
        return (
            f"{len(self.documents())} documents{f' ({counts})' if counts else ''}, {len(self.studies())} studies, "
            f"{len(self.cells())} cells, {len(self.edges)} citations"
        )

    def _keys(self, room: str) -> list[str]:
        return sorted(key for own, key in self.graph if own == room)

    def _after(self, node: Node, room: str) -> tuple[str, ...]:
        self.data(node)
        return tuple(key for own, key in self.graph.successors(node) if own == room)

    def _before(self, node: Node, room: str) -> tuple[str, ...]:
        self.data(node)
        return tuple(sorted(key for own, key in self.graph.predecessors(node) if own == room))


def build_graph(
    edges: Iterable[Edge], entries: Iterable[Entry], studies: Iterable[Study] = (), stated: Stated | None = None
) -> CitationGraph:
    """The graph of a review.

    Parameters
    ----------
    edges : iterable of Edge
        The citations: see `read_citations`.
    entries : iterable of Entry
        The library. A key without an entry becomes a document without year and title.
    studies : iterable of Study
        The records; each leads to the reports that it names in `cite`, and to the cells of its findings.
    stated : dict, optional
        What the files state of documents: see `stated_roles`. Without it no document is a guideline, and only those
        that review or pool others in `edges` are reviews.
    """
    import networkx as nx

    citations, records = tuple(edges), tuple(studies)
    graph: Graph = nx.DiGraph()
    for entry in entries:
        graph.add_node((DOCUMENT, entry.key), year=entry.year, title=entry.get("title"))
    for study in records:
        _add_study(graph, study)
    for edge in citations:
        _connect(graph, (DOCUMENT, edge.source), (DOCUMENT, edge.target), edge.relation)
    reports = [key for study in records for key in study.cite]
    _add_roles(graph, cited_roles(citations, reports), stated or {})
    return CitationGraph(nx.freeze(graph), citations)


def _add_study(graph: Graph, study: Study) -> None:
    """A study with its reports and its cells."""
    node, alone = (STUDY, study.key), {STUDY: study.place.path}
    years = [graph.nodes[DOCUMENT, key]["year"] for key in study.cite if (DOCUMENT, key) in graph]
    known = {"n": participants(study), "evidence_set": study.evidence_set}
    year = min((year for year in years if year is not None), default=None)
    graph.add_node(node, kind=STUDY, year=year, title="", roles=(STUDY,), basis=alone, **known)
    for report in study.cite:
        _connect(graph, node, (DOCUMENT, report), REPORTED_IN)
    for counted in counted_in(study):
        cell, names = (CELL, counted.cell), {"modality": counted.modality, "outcome": counted.outcome}
        graph.add_node(cell, kind=CELL, year=None, title=counted.cell, roles=(CELL,), basis={}, **names)
        graph.add_edge(node, cell, **counted.attributes())


def _connect(graph: Graph, source: Node, target: Node, relation: str) -> None:
    for node in (source, target):
        if node not in graph:
            graph.add_node(node, year=None, title="")
    relations = graph.edges[source, target]["relations"] if graph.has_edge(source, target) else ()
    graph.add_edge(source, target, relations=tuple(dict.fromkeys((*relations, relation))))


def _add_roles(graph: Graph, *known: Stated) -> None:
    """Roles and kind of every document, from what is known first to last."""
    for (room, key), data in graph.nodes(data=True):
        if room == DOCUMENT:
            found = {role: basis for each in reversed(known) for role, basis in each.get(key, {}).items()}
            roles = tuple(role for role in ROLES if role in found) or (DOCUMENT,)
            data.update(kind=roles[0], roles=roles, basis={role: found[role] for role in roles if role in found})
