"""Central documents: order, ties, betweenness from all and from a sample."""

import networkx as nx
import pytest
from hypothesis import given, settings

from synthesis.citations import Edge, networks
from synthesis.citations.adjacency import from_pairs
from synthesis.citations.networks import MEASURES, betweenness, centrality, document_network
from synthesis.errors import InvalidArgument
from synthesis.records.study import Place
from tests.citations.graphs import adjacency, as_networkx, directed_graphs

PLACE = Place("bibliography/citations.csv", 2, 1)


@settings(max_examples=30)
@given(directed_graphs())
def test_betweenness_is_that_of_networkx(given_graph):
    """From all sources."""
    expected = nx.betweenness_centrality(as_networkx(*given_graph))

    assert betweenness(adjacency(*given_graph)).tolist() == pytest.approx([expected[n] for n in sorted(expected)])


def test_in_large_networks_betweenness_is_estimated_and_said(monkeypatch):
    """With room for two sources of four: the sample of networkx with seed 0."""
    pairs = [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")]
    monkeypatch.setattr(networks, "WORK", 11)
    expected = nx.betweenness_centrality(nx.DiGraph(pairs), k=2, seed=0)

    found = centrality(from_pairs(pairs), "betweenness")

    assert found.sampled == 2
    assert "estimated from 2 documents" in found.summary()
    assert {one.key: one.betweenness for one in found.documents} == pytest.approx(expected)


@pytest.mark.parametrize("by", MEASURES)
def test_equal_documents_stand_by_key(by):
    """A ring is the same everywhere, whatever the last digits are."""
    names = "dbeac"
    ring = [(one, names[place - 1]) for place, one in enumerate(names)]

    assert [one.key for one in centrality(from_pairs(ring), by).documents] == sorted(names)


def test_a_last_digit_decides_nothing():
    """A part and its copy under other names: of two nodes with one place, the first by key comes first."""
    part = [(0, 3), (0, 4), (1, 4), (2, 4), (3, 0), (3, 1), (4, 2), (4, 3)]
    copy = "32140"  # in this order the sums of node 4 and of its copy differ in the sixteenth digit
    pairs = [(f"a{one}", f"a{other}") for one, other in part] + [
        (f"b{copy[one]}", f"b{copy[other]}") for one, other in part
    ]

    order = [one.key for one in centrality(from_pairs(pairs)).documents]

    assert all(order.index(f"a{node}") < order.index(f"b{copy[node]}") for node in range(5))


def test_the_network_of_a_review():
    """Two relations between the same documents are one edge; relations can be chosen."""
    edges = [
        Edge("r", "a", "cites", "", PLACE),
        Edge("r", "a", "reviews", "", PLACE),
        Edge("s", "b", "extracts", "", PLACE),
    ]

    assert (document_network(edges).labels, document_network(edges).edges) == (("a", "b", "r", "s"), 2)
    assert document_network(edges, ["extracts"]).labels == ("b", "s")


def test_what_there_is_not_is_refused():
    """Relations, measures, and networks without a citation."""
    with pytest.raises(InvalidArgument, match="cites"):
        document_network([], ["cite"])
    with pytest.raises(InvalidArgument, match="pagerank"):
        centrality(from_pairs([("a", "b")]), "page-rank")
    with pytest.raises(InvalidArgument, match="no citation"):
        centrality(from_pairs([]))
