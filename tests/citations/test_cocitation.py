"""Pairs of documents cited together: counted one by one, and as matrix products."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.citations import cocitation as module
from synthesis.citations.adjacency import from_edges
from synthesis.citations.cocitation import SIMILARITIES, cocitation, cocited_with, coupling
from synthesis.errors import InvalidArgument
from tests.citations.graphs import adjacency, directed_graphs


def counted(edges, most=math.inf):
    """How many sources lead to both nodes of each pair, by looking at each source."""
    found = {}
    for source in {one for one, _ in edges}:
        cited = sorted({other for one, other in edges if one == source != other})
        for pair in itertools.combinations(cited, 2) if len(cited) <= most else ():
            found[pair] = found.get(pair, 0) + 1
    return found


def as_dict(pairs):
    """Pairs with their counts."""
    found = list(zip(pairs.one.tolist(), pairs.other.tolist(), strict=True))
    assert len(set(found)) == len(found)
    return dict(zip(found, pairs.both.tolist(), strict=True))


@given(directed_graphs(), st.integers(1, 3))
def test_cocitation_counts_the_citing(given_graph, at_least):
    """Every pair that some document cites both, sorted, from a threshold on."""
    expected = {pair: count for pair, count in sorted(counted(given_graph[1]).items()) if count >= at_least}

    found = as_dict(cocitation(adjacency(*given_graph), at_least))

    assert list(found.items()) == list(expected.items())


@given(directed_graphs())
def test_coupling_counts_the_cited(given_graph):
    """The same on the graph turned round."""
    turned = [(other, one) for one, other in given_graph[1]]

    assert as_dict(coupling(adjacency(*given_graph))) == counted(turned)


@given(directed_graphs())
def test_both_are_matrix_products(given_graph):
    """A'A and AA' above the diagonal; the sizes are their diagonals."""
    nodes, edges = given_graph
    matrix = np.zeros((nodes, nodes), int)
    for one, other in edges:
        matrix[one, other] = one != other
    for pairs, product in ((cocitation, matrix.T @ matrix), (coupling, matrix @ matrix.T)):
        found = pairs(adjacency(nodes, edges))
        assert as_dict(found) == {(i, j): product[i, j] for i, j in zip(*np.triu(product, 1).nonzero(), strict=True)}
        assert found.size.tolist() == np.diag(product).tolist()


@given(directed_graphs(), st.data())
def test_pairs_with_seeds_are_those_of_all_pairs(given_graph, data):
    """Asked for some documents, the pairs that have one of them."""
    seeds = data.draw(st.sets(st.integers(0, given_graph[0] - 1)))
    expected = {pair: n for pair, n in sorted(counted(given_graph[1]).items()) if not seeds.isdisjoint(pair)}

    assert list(as_dict(cocited_with(adjacency(*given_graph), seeds)).items()) == list(expected.items())


@given(directed_graphs(), st.integers(1, 4))
def test_hubs_are_left_out_and_named(given_graph, most):
    """A document with more references than allowed makes no pair, and is told."""
    plain = [edge for edge in given_graph[1] if edge[0] != edge[1]]
    degree = {node: sum(one == node for one, _ in plain) for node in range(given_graph[0])}

    found = cocitation(adjacency(*given_graph), most=most)

    assert as_dict(found) == counted(plain, most)
    assert list(found.left_out) == [node for node, links in degree.items() if links > most]


def test_by_default_so_many_pairs_count_as_are_affordable(monkeypatch):
    """With room for 4 pairs: nodes of 2 and 3 references make 1 + 3; the one of 4 would make 6 more."""
    monkeypatch.setattr(module, "PAIRS", 4)
    edges = [(9, 0), (9, 1), *((8, n) for n in range(3)), *((7, n) for n in range(4))]

    found = cocitation(adjacency(10, edges))

    assert (found.left_out, found.most, int(found.both.sum())) == ((7,), 3, 4)


@given(directed_graphs())
def test_blocks_change_nothing(given_graph):
    """Counted row by row or at once."""
    whole = as_dict(cocitation(adjacency(*given_graph)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", 1)
        assert as_dict(cocitation(adjacency(*given_graph))) == whole


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("association", 2 / 12),
        ("jaccard", 2 / 5),
        ("salton", 2 / 12**0.5),
        ("inclusion", 2 / 3),
        ("equivalence", 4 / 12),
    ],
)
def test_similarities_by_hand(kind, expected):
    """Two documents cited by 3 and 4 others, 2 of them the same: formulas of anchors/bibliography.md 4.2."""
    edges = [(2, 0), (3, 0), (4, 0), (3, 1), (4, 1), (5, 1), (6, 1)]

    assert cocitation(adjacency(7, edges)).similarity(kind).tolist() == [pytest.approx(expected)]


@pytest.mark.parametrize("kind", SIMILARITIES)
@given(given_graph=directed_graphs())
def test_similarities_are_shares(kind, given_graph):
    """Above 0, and 1 at most."""
    found = cocitation(adjacency(*given_graph)).similarity(kind)

    assert ((found > 0) & (found <= 1 + 1e-15)).all()


def test_what_is_not_there_is_refused():
    """No similarity of that name, no threshold below 1, no seed outside."""
    graph = from_edges([2, 2], [0, 1])
    with pytest.raises(InvalidArgument, match="salton"):
        cocitation(graph).similarity("salon")
    with pytest.raises(InvalidArgument):
        cocitation(graph, at_least=0)
    with pytest.raises(InvalidArgument):
        cocitation(graph, most=0)
    with pytest.raises(InvalidArgument):
        cocited_with(graph, [3])


def test_no_edges_no_pairs():
    """Graphs without edges, and without nodes."""
    assert (len(cocitation(from_edges([], [], 3)).one), len(cocitation(from_edges([], [])).one)) == (0, 0)
