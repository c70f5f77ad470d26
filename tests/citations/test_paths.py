"""Search paths and main paths: the printed example, every path one by one, and graphs with more paths than a float."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.citations.adjacency import from_edges, from_pairs
from synthesis.citations.kernels import Circular, contracted
from synthesis.citations.path_counts import COUNTS, count_paths
from synthesis.citations.paths import SEARCHES, main_path
from synthesis.errors import InvalidArgument
from tests.citations.graphs import SPC_1, acyclic_graphs, adjacency, all_paths, as_networkx, by_edge, spc_1


def named(found, edges=None):
    """Edges as the letters of their ends."""
    return ["".join(step[:2]) for step in found.steps(edges)]


def test_the_printed_search_path_counts():
    """SPC-1 of anchors/bibliography.md 4.3: B-D 5 and the tie I-L = I-M = 2 are printed, the rest was recomputed."""
    found = count_paths(spc_1())

    counts = {"".join(edge): count for edge, count in by_edge(found.graph, found.counts.tolist()).items()}
    assert counts == {
        "BD": 5, "BJ": 1, "DF": 3, "DI": 2, "FH": 1, "FI": 2, "HK": 1, "IL": 2, "IM": 2, "JM": 1, "MN": 3,
    }  # fmt: skip
    assert found.total == 6


def test_the_printed_search_path_link_count():
    """Wikipedia, Main path analysis: SPLC of D-F is 6, and its six paths are listed."""
    found = count_paths(spc_1(), "splc")

    assert by_edge(found.graph, found.counts)["D", "F"] == 6


def test_the_printed_main_path():
    """SPC-1: the global main path is B-D-F-I-M-N, and its sum is 15."""
    found = main_path(count_paths(spc_1()))

    assert found.chains() == (tuple("BDFIMN"),)
    assert (found.heaviest, found.ties) == (15, ())
    assert found.summary() == (
        "global search, SPC: 5 of 11 edges; the heaviest path has 15; 6 paths in all"
    )  # fmt: skip


def test_a_tie_keeps_both_ways_and_is_named():
    """Wikipedia: at I two edges have the same SPC, so that the local search gives two paths."""
    found = main_path(count_paths(spc_1()), "forward")

    assert found.chains() == (tuple("BDFIL"), tuple("BDFIMN"))
    assert found.tie_lines() == ("tie at I: I - L, I - M",)


def test_key_routes_take_in_an_edge_that_other_searches_miss():
    """By hand: the heaviest edges of SPC-1 are B-D, D-F, M-N, and for a fourth D-I, F-I, I-L and I-M, all with 2."""
    found = main_path(count_paths(spc_1()), "key-route", routes=4)

    assert named(found, found.ties[0].edges) == ["DI", "FI", "IL", "IM"]
    assert set(named(found)) == {"BD", "DF", "DI", "FI", "IL", "IM", "MN"}


def test_as_many_key_routes_as_asked_for_are_no_tie():
    """By hand: B-D with 5, and D-F and M-N with 3."""
    assert main_path(count_paths(spc_1()), "key-route", routes=3).ties == ()


@pytest.mark.parametrize("kind", COUNTS)
@given(given_graph=acyclic_graphs())
def test_counts_are_those_of_all_paths_one_by_one(kind, given_graph):
    """Every path is listed by networkx; an edge counts those that run over it."""
    paths = all_paths(*given_graph, kind)
    expected = dict.fromkeys(given_graph[1], 0)
    for edge in (edge for path in paths for edge in itertools.pairwise(path)):
        expected[edge] += 1

    found = count_paths(adjacency(*given_graph), kind)

    assert by_edge(found.graph, found.counts.tolist()) == expected
    assert found.total == len(paths)
    assert by_edge(found.graph, found.share) == pytest.approx(
        {e: n / len(paths) for e, n in expected.items()}, rel=1e-12
    )
    assert by_edge(found.graph, 10**found.log10) == pytest.approx(expected, rel=1e-12)


@given(acyclic_graphs(most=30))
def test_what_flows_in_flows_out(given_graph):
    """INV of the anchors: SPC out of all sources = into all sinks = all paths; at inner nodes inflow = outflow."""
    found = count_paths(adjacency(*given_graph))
    graph = as_networkx(*given_graph)
    nx.set_edge_attributes(graph, by_edge(found.graph, found.counts.tolist()), "spc")
    into, out = dict(graph.in_degree(weight="spc")), dict(graph.out_degree(weight="spc"))

    assert sum(out[node] for node in graph if not graph.in_degree(node)) == found.total
    assert sum(into[node] for node in graph if not graph.out_degree(node)) == found.total
    assert all(into[n] == out[n] for n in graph if graph.in_degree(n) and graph.out_degree(n))


@pytest.mark.parametrize("kind", ["spc", "spnp"])
@settings(max_examples=25)
@given(given_graph=acyclic_graphs())
def test_time_turned_round_changes_nothing(kind, given_graph):
    """SPC and SPNP do not depend on the direction; SPLC does."""
    graph = adjacency(*given_graph)
    turned = by_edge(graph.reversed(), count_paths(graph.reversed(), kind).counts)

    assert {edge[::-1]: n for edge, n in turned.items()} == by_edge(graph, count_paths(graph, kind).counts)


def diamonds(number):
    """A chain in which every step can be gone by two ways: 2^number paths."""
    start = 3 * np.arange(number)
    ends = [(start, start + 1), (start, start + 2), (start + 1, start + 3), (start + 2, start + 3)]
    return from_edges(np.concatenate([one for one, _ in ends]), np.concatenate([other for _, other in ends]))


def test_more_paths_than_a_float_can_hold():
    """2^2000 paths: half of them over each edge, and log10 tells how many."""
    found = count_paths(diamonds(2000))

    assert (found.counts, found.total) == (None, None)
    assert found.total_log10 == pytest.approx(2000 * np.log10(2), rel=1e-12)
    assert found.share == pytest.approx(0.5, rel=1e-12)
    assert found.log10 == pytest.approx(1999 * np.log10(2), rel=1e-12)


def test_one_path_beside_more_than_a_float_can_hold():
    """A short cut past 2^1200 paths: its count is 1, its share nothing, and nothing overflows."""
    many = diamonds(1200)
    source, target = [*many.source(), 0], [*many.target, 3600]

    found = count_paths(from_edges(source, target))

    assert by_edge(found.graph, found.log10)[0, 3600] == 0
    assert by_edge(found.graph, found.share)[0, 3600] == 0
    assert found.total_log10 == pytest.approx(1200 * np.log10(2), rel=1e-12)


@pytest.mark.parametrize("kind", COUNTS)
def test_counts_beyond_floats_are_those_of_whole_numbers(kind):
    """Against Python's own integers, which have no bound: 300 layers of three, each leading to all of the next."""
    edges = [(3 * k + i, 3 * k + 3 + j) for k in range(299) for i in range(3) for j in range(3)]
    into = [sum(3**k for k in range(layer + 1)) if kind != "spc" else 3**layer for layer in range(300)]
    out = [sum(3**k for k in range(300 - layer)) if kind == "spnp" else 3 ** (299 - layer) for layer in range(300)]
    sinks = range(3) if kind == "spnp" else range(0)
    total = 3 * sum(n - 1 for n in into) if sinks else 3 * (into[-1] - (kind == "splc"))

    found = count_paths(adjacency(900, edges), kind)

    expected = [into[one // 3] * out[other // 3] / total for one, other in sorted(edges)]
    assert found.share == pytest.approx(expected, rel=1e-11)


def test_counts_are_exact_or_absent():
    """2^40 paths times 81 layers are below 2^53; 2^50 times 101 are not, and are given as shares."""
    exact, beyond = count_paths(diamonds(40)), count_paths(diamonds(50))

    assert (exact.total, set(exact.counts.tolist())) == (2**40, {2**39})
    assert beyond.counts is None


@given(acyclic_graphs(), st.sampled_from(list(COUNTS)))
def test_the_global_main_path_is_the_heaviest_of_all(given_graph, kind):
    """Every path from a source to a sink is summed up; the best ones are found, all of them."""
    counts = count_paths(adjacency(*given_graph), kind)
    weight = by_edge(counts.graph, counts.counts.tolist())
    sums = {tuple(p): sum(weight[edge] for edge in itertools.pairwise(p)) for p in all_paths(*given_graph, "spc")}
    best = [path for path, total in sums.items() if total == max(sums.values())]

    found = main_path(counts)

    assert found.heaviest == max(sums.values())
    assert set(found.chains(10**6)) == {tuple(map(str, path)) for path in best}


@given(acyclic_graphs(), st.sampled_from(["forward", "backward"]))
def test_local_searches_go_on_over_the_heaviest_edges(given_graph, search):
    """A slow search by the rule: the heaviest edges out of a source (into a sink), then the heaviest of each node."""
    counts = count_paths(adjacency(*given_graph))
    weight = by_edge(counts.graph, counts.counts.tolist())
    turn = (lambda edge: edge) if search == "forward" else (lambda edge: edge[::-1])
    turned = {turn(edge): value for edge, value in weight.items()}
    ends = {other for _, other in turned}
    now, found = [edge for edge in turned if edge[0] not in ends], set()
    best = {edge for edge in now if turned[edge] == max(turned[e] for e in now)}
    while best - found:
        found |= best
        nodes = {edge[1] for edge in best}
        near = {node: [edge for edge in turned if edge[0] == node] for node in nodes}
        best = {e for edges in near.values() for e in edges if turned[e] == max(turned[x] for x in edges)}

    edges = main_path(counts, search).steps()
    assert {(int(one), int(other)) for one, other, *_ in edges} == {turn(edge) for edge in found}


@given(acyclic_graphs(), st.sampled_from(list(SEARCHES)), st.integers(1, 4))
def test_a_main_path_leads_from_sources_to_sinks(given_graph, search, routes):
    """Each of its edges lies on a way from a beginning to an end, within the main path."""
    graph = as_networkx(*given_graph)
    found = main_path(count_paths(adjacency(*given_graph)), search, routes)
    part = nx.DiGraph([(int(one), int(other)) for one, other, *_ in found.steps()])

    assert all(graph.in_degree(node) == 0 for node in part if part.in_degree(node) == 0)
    assert all(graph.out_degree(node) == 0 for node in part if part.out_degree(node) == 0)
    assert {edge for path in found.chains(10**6) for edge in itertools.pairwise(map(int, path))} == set(part.edges)


@given(acyclic_graphs(), st.integers(1, 4))
def test_key_routes_are_the_best_paths_through_the_heaviest_edges(given_graph, routes):
    """Of all paths through each such edge, those with the largest sum."""
    counts = count_paths(adjacency(*given_graph))
    weight = by_edge(counts.graph, counts.counts.tolist())
    least = sorted(weight.values(), reverse=True)[min(routes, len(weight)) - 1]
    paths = [tuple(itertools.pairwise(path)) for path in all_paths(*given_graph, "spc")]
    expected = set()
    for edge in (edge for edge, value in weight.items() if value >= least):
        sums = {path: sum(map(weight.get, path)) for path in paths if edge in path}
        expected |= {each for path, total in sums.items() if total == max(sums.values()) for each in path}

    found = main_path(counts, "key-route", routes)
    assert {(int(one), int(other)) for one, other, *_ in found.steps()} == expected


@settings(max_examples=25)
@given(acyclic_graphs(), st.integers(1, 5), st.booleans())
def test_key_routes_hold_the_heaviest_edges(given_graph, routes, local):
    """As many as asked for, and those that weigh the same as the last."""
    counts = count_paths(adjacency(*given_graph))
    weights = sorted(counts.counts.tolist(), reverse=True)
    least = weights[min(routes, len(weights)) - 1]

    found = main_path(counts, "key-route-local" if local else "key-route", routes)

    assert set(np.flatnonzero(counts.counts >= least)) <= set(found.edges)


@pytest.mark.parametrize("search", SEARCHES)
def test_ties_of_shares(search):
    """Beyond whole numbers too, equal ways are ties: all edges of a chain of 1200 diamonds."""
    found = main_path(count_paths(diamonds(1200)), search)

    assert len(found.edges) == 4800
    assert len(found.ties) >= 1200
    assert found.heaviest == pytest.approx(1200, rel=1e-9)


def test_sums_in_another_order_are_the_same():
    """Behind 2^60 paths a part and its mirror image: the best ways through both have the same weights turned round."""
    part = [tuple(ends) for ends in ("ab", "ad", "bc", "bd", "cd", "de")]  # the two sums differ in their last digit
    before = [(f"{one:03}", f"{other:03}") for one, other in by_edge(diamonds(60), range(240))]
    ways = [("180", "a"), ("e", "end"), ("180", "E"), ("A", "end")]
    turned = [(other.upper(), one.upper()) for one, other in part]

    found = main_path(count_paths(from_pairs([*before, *part, *ways, *turned])))

    edges = {(one, other) for one, other, *_ in found.steps()}
    assert ("a", "b") in edges
    assert {(other.lower(), one.lower()) for one, other in edges & set(turned)} == edges & set(part)


def test_circles_are_refused_or_drawn_together():
    """a and b cite one another: no paths; as one document they are the middle of a path."""
    graph = from_pairs([("s", "a"), ("a", "b"), ("b", "a"), ("b", "t")])
    with pytest.raises(Circular, match="circle: a, b"):
        count_paths(graph)

    assert main_path(count_paths(contracted(graph)[0])).chains() == (("s", "a = b", "t"),)


def test_documents_without_citations_are_no_path():
    """A path has at least one edge."""
    assert count_paths(from_pairs([("a", "b")], ["c", "d"]), "spnp").total == 1


def test_names_of_edges_decide_nothing():
    """Labels in another order: the same path."""
    turned = from_pairs([(chr(155 - ord(one)), chr(155 - ord(other))) for one, other in SPC_1])

    (chain,) = main_path(count_paths(turned)).chains()
    assert "".join(chr(155 - ord(name)) for name in chain) == "BDFIMN"


@pytest.mark.parametrize(
    ("kind", "search", "routes"), [("spx", "global", 1), ("spc", "globe", 1), ("spc", "key-route", 0)]
)
def test_what_there_is_not_is_refused(kind, search, routes):
    """With the nearest name."""
    with pytest.raises(InvalidArgument):
        main_path(count_paths(spc_1(), kind), search, routes)


def test_no_edge_no_main_path():
    """Counts of nothing are empty; a main path of nothing is refused."""
    counts = count_paths(from_edges([], [], 2))

    assert (counts.total, len(counts.share)) == (0, 0)
    with pytest.raises(InvalidArgument):
        main_path(counts)


def test_as_plain_values():
    """What JSON shows."""
    found = main_path(count_paths(spc_1()), "forward").to_dict()

    assert (found["paths"], found["heaviest"], found["exact"]) == (6, 15, True)
    assert found["ties"] == [{"at": "I", "edges": [["I", "L"], ["I", "M"]]}]
    assert found["edges"][0] == {"cited": "B", "citing": "D", "count": 5, "log10_count": 0.69897, "share": 0.833333}
