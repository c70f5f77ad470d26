"""Walks over graphs: the same as networkx gives."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.citations.adjacency import from_edges, from_graph, from_pairs
from synthesis.citations.kernels import Circular, circles, contracted, groups, hops, layers, pagerank
from synthesis.errors import InvalidArgument
from tests.citations.graphs import acyclic_graphs, adjacency, as_networkx, directed_graphs


@given(directed_graphs(), st.floats(0, 0.95))
def test_pagerank_is_that_of_networkx(given_graph, alpha):
    """Alike to 1e-9 where both go on long enough; also with circles, loops and nodes without edges."""
    expected = nx.pagerank(as_networkx(*given_graph), alpha=alpha, tol=1e-13, max_iter=10_000)

    found = pagerank(adjacency(*given_graph), alpha, tolerance=1e-13)

    assert found == pytest.approx([expected[node] for node in range(len(found))], rel=0, abs=1e-9)
    assert found.sum() == pytest.approx(1, abs=1e-12)


@given(directed_graphs(), st.data())
def test_a_reader_may_begin_anew_where_they_please(given_graph, data):
    """Personalisation is that of networkx, and where no edge leads on the reader follows it too."""
    begin = data.draw(st.lists(st.integers(0, 5), min_size=given_graph[0], max_size=given_graph[0]).filter(any))
    expected = nx.pagerank(as_networkx(*given_graph), personalization=dict(enumerate(begin)), tol=1e-13, max_iter=1000)

    found = pagerank(adjacency(*given_graph), personalisation=begin, tolerance=1e-13)

    assert found == pytest.approx([expected[node] for node in range(len(found))], rel=0, abs=1e-9)


@pytest.mark.parametrize(
    "options",
    [
        {"alpha": 1.0},
        {"alpha": -0.1},
        {"tolerance": 0},
        {"personalisation": [0, 0]},
        {"personalisation": [1]},
        {"personalisation": [-1, 2]},
        {"personalisation": [np.nan, 1]},
    ],
)
def test_pagerank_refuses_what_it_cannot_use(options):
    """Arguments out of bounds are errors, not endless loops or NaN."""
    with pytest.raises(InvalidArgument):
        pagerank(from_edges([0], [1]), **options)


@given(directed_graphs())
def test_groups_and_circles_are_those_of_networkx(given_graph):
    """Nodes that lead to one another."""
    expected = {tuple(sorted(part)) for part in nx.strongly_connected_components(as_networkx(*given_graph))}
    found = groups(adjacency(*given_graph))
    loops = {one for one, other in given_graph[1] if one == other}

    assert {tuple(np.flatnonzero(found == number).tolist()) for number in set(found.tolist())} == expected
    round_ = [part for part in sorted(expected) if len(part) > 1 or part[0] in loops]
    assert list(circles(adjacency(*given_graph))) == round_


@given(directed_graphs())
def test_a_contracted_graph_is_the_condensation_of_networkx(given_graph):
    """The same groups and the same edges between them."""
    expected = nx.condensation(as_networkx(*given_graph))
    members = {number: tuple(sorted(data["members"])) for number, data in expected.nodes(data=True)}

    graph, parts = contracted(adjacency(*given_graph))

    assert sorted(parts) == sorted(members.values())
    edges = {(parts[one], parts[other]) for one, other in zip(graph.source(), graph.target, strict=True)}
    assert edges == {(members[one], members[other]) for one, other in expected.edges}


def test_a_circle_keeps_its_names_when_it_is_contracted():
    """The label of a group names its documents."""
    graph, _ = contracted(from_pairs([("a", "c"), ("c", "a"), ("b", "a")]))

    assert graph.labels == ("a = c", "b")


@given(acyclic_graphs())
def test_layers_are_the_generations_of_networkx(given_graph):
    """Each node stands in the layer of its longest way from a beginning."""
    found = layers(adjacency(*given_graph))
    expected = [sorted(part) for part in nx.topological_generations(as_networkx(*given_graph))]

    bounds = found.bounds.tolist()
    assert [sorted(found.order[a:b].tolist()) for a, b in itertools.pairwise(bounds)] == expected


@given(directed_graphs())
def test_layers_refuse_exactly_the_graphs_with_circles(given_graph):
    """An edge to itself is a circle."""
    if nx.is_directed_acyclic_graph(as_networkx(*given_graph)):
        assert len(layers(adjacency(*given_graph)).order) == given_graph[0]
    else:
        with pytest.raises(Circular, match="in a circle"):
            layers(adjacency(*given_graph))


def test_a_circle_is_named():
    """By the labels of its documents."""
    with pytest.raises(Circular, match=r"circle: a, b; "):
        layers(from_pairs([("a", "b"), ("b", "a"), ("b", "c")]))


@given(directed_graphs(), st.data())
def test_hops_are_the_shortest_ways_of_networkx(given_graph, data):
    """From the nearest of several seeds, up to a number of steps."""
    seeds = data.draw(st.sets(st.integers(0, given_graph[0] - 1)))
    most = data.draw(st.none() | st.integers(0, 3))
    ways = [nx.single_source_shortest_path_length(as_networkx(*given_graph), seed, most) for seed in sorted(seeds)]
    expected = [min((way[node] for way in ways if node in way), default=-1) for node in range(given_graph[0])]

    assert hops(adjacency(*given_graph), seeds, most).tolist() == expected


@pytest.mark.parametrize("seed", [-1, 2])
def test_a_seed_that_is_no_node_is_refused(seed):
    """Negative numbers do not count from the end."""
    with pytest.raises(InvalidArgument):
        hops(from_edges([0], [1]), [seed])


@given(directed_graphs())
def test_a_graph_has_the_edges_that_it_was_given(given_graph):
    """Each once, in both directions, and again through networkx."""
    nodes, edges = given_graph
    graph = adjacency(nodes, [*edges, *edges])

    assert list(zip(graph.source(), graph.target, strict=True)) == sorted(edges)
    back, number = graph.incoming()
    turned = [(other, one) for one, other in zip(back.source(), back.target, strict=True)]
    assert turned == [(graph.source()[edge], graph.target[edge]) for edge in number]
    again = from_graph(as_networkx(nodes, edges))
    assert (again.start.tolist(), again.target.tolist()) == (graph.start.tolist(), graph.target.tolist())
    assert again.labels == tuple(range(nodes))


@pytest.mark.parametrize(
    ("source", "target", "nodes"), [([0], [1, 2], None), ([0], [2], 2), ([-1], [0], 2), ([0.5], [1.0], None)]
)
def test_edges_that_are_none_are_refused(source, target, nodes):
    """Ends that are missing, outside, or no whole numbers."""
    with pytest.raises(InvalidArgument):
        from_edges(source, target, nodes)


def test_an_edge_takes_four_bytes():
    """Indices have 32 bits, so that a billion edges fit in 4 GB."""
    assert from_edges([0, 1], [1, 2]).target.dtype == np.int32


def test_no_edges_are_a_graph_too():
    """Empty arrays, with and without nodes."""
    assert (from_edges([], []).nodes, from_edges([], [], 3).nodes, from_pairs([]).edges) == (0, 3, 0)
