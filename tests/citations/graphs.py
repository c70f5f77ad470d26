"""Small graphs for laws of networks, and slow ways to the same numbers."""

import itertools

import networkx as nx
from hypothesis import strategies as st

from synthesis.citations.adjacency import from_edges, from_pairs

# Sub-network of the example of Wikipedia, "Main path analysis", rebuilt from its text (anchors/bibliography.md, SPC-1);
# edges lead from the cited to the citing
SPC_1 = [tuple(ends) for ends in ("BD", "BJ", "DF", "DI", "FH", "FI", "HK", "IL", "IM", "JM", "MN")]


@st.composite
def directed_graphs(draw, most=9):
    """Any edges among a few nodes: circles, edges to itself, lone nodes."""
    nodes = draw(st.integers(1, most))
    node = st.integers(0, nodes - 1)
    return nodes, draw(st.lists(st.tuples(node, node), max_size=3 * nodes, unique=True))


@st.composite
def acyclic_graphs(draw, most=8):
    """Edges along a drawn order of a few nodes; at least one."""
    nodes = draw(st.integers(2, most))
    order = draw(st.permutations(range(nodes)))
    pairs = st.sampled_from(list(itertools.combinations(order, 2)))
    return nodes, draw(st.lists(pairs, min_size=1, max_size=16, unique=True))


def adjacency(nodes, edges):
    """The graph for the kernels."""
    return from_edges([one for one, _ in edges], [other for _, other in edges], nodes)


def as_networkx(nodes, edges):
    """The same graph for networkx."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(edges)
    return graph


def by_edge(graph, values):
    """Values of edges by the labels of their ends."""
    ends = zip(graph.source(), graph.target, strict=True)
    return {(graph.label(one), graph.label(other)): value for (one, other), value in zip(ends, values, strict=True)}


def all_paths(nodes, edges, kind):
    """Every path with an edge that a kind of count counts, one by one, as lists of nodes."""
    graph = as_networkx(nodes, edges)
    starts = graph if kind in ("splc", "spnp") else [node for node in graph if not graph.in_degree(node)]
    ends = graph if kind == "spnp" else [node for node in graph if not graph.out_degree(node)]
    pairs = itertools.product(starts, ends)
    return [path for one, other in pairs if one != other for path in nx.all_simple_paths(graph, one, other)]


def spc_1():
    """The printed example."""
    return from_pairs(SPC_1)
