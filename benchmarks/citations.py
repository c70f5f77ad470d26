"""Kernels for citation graphs beside networkx, on synthetic graphs; and a neighbourhood read with DuckDB.

    python benchmarks/citations.py [EDGES ...]

The graph: paper after paper with about 11 references; 30 % of them to one of the last 1000 papers, 70 % to the target
of an earlier reference drawn at random, so that what is cited is cited more. Seconds, the least of some turns, best
alone on the machine; networkx takes one turn at 1e6 edges and none above. What networkx gives too is compared.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import combinations
from pathlib import Path

import duckdb
import networkx as nx
import numpy as np
from _timing import show

from synthesis.citations.adjacency import Adjacency, from_edges
from synthesis.citations.cocitation import cocitation, cocited_with, coupling
from synthesis.citations.kernels import hops, pagerank
from synthesis.citations.neighbourhood import neighbourhood
from synthesis.citations.path_counts import count_paths
from synthesis.citations.paths import main_path
from synthesis.text import decimal

TURNS, WINDOW, REFERENCES = 3, 1000, 11
SIZES = (10_000, 100_000, 1_000_000)
BESIDE = 1_000_000  # edges up to which networkx is run


def synthetic(edges: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, int]:
    """Citing and cited papers, and how many papers; the cited is always the older one."""
    papers = int(edges / REFERENCES * 1.05) + 1  # a few references come twice
    rng = np.random.default_rng(seed)
    source = np.repeat(np.arange(1, papers), rng.poisson(REFERENCES, papers - 1))
    first = np.searchsorted(source, source)  # the first reference of the same paper
    recent = (rng.random(len(source)) < 0.3) | (first == 0)
    drawn = rng.random(len(source))
    recently = source - 1 - (drawn * np.minimum(source, WINDOW)).astype(np.int64)
    target = recently.tolist()
    for place in np.flatnonzero(~recent).tolist():
        target[place] = target[int(drawn[place] * first[place])]
    return source, np.array(target), papers


def least(call: Callable[[], object], turns: int = TURNS) -> tuple[float, object]:
    """The least time of some turns, and what the call gave."""
    seconds = []
    for _ in range(turns):
        begin = time.perf_counter()
        found = call()
        seconds.append(time.perf_counter() - begin)
    return min(seconds), found


def networkx_paths(flow: nx.DiGraph) -> dict:
    """SPC as one writes it with networkx and dictionaries; whole numbers of any size."""
    order = list(nx.topological_sort(flow))
    into, out = {}, {}
    for node in order:
        into[node] = sum(into[before] for before in flow.pred[node]) or 1
    for node in reversed(order):
        out[node] = sum(out[after] for after in flow.succ[node]) or 1
    return {(one, other): into[one] * out[other] for one, other in flow.edges}


def networkx_pairs(graph: nx.DiGraph) -> Counter:
    """Co-citations one by one."""
    return Counter(pair for node in graph for pair in combinations(sorted(graph.succ[node]), 2))


def compare(graph: Adjacency, flow: Adjacency, found: dict) -> dict[str, float]:
    """Seconds of networkx, after its results were found to be the same."""
    plain = nx.DiGraph(zip(graph.source().tolist(), graph.target.tolist(), strict=True))
    plain.add_nodes_from(range(graph.nodes))
    backward = plain.reverse()
    turns = TURNS if graph.edges < BESIDE / 2 else 1
    seconds = {}
    seconds["PageRank"], ranks = least(lambda: nx.pagerank(plain, tol=1e-10 / graph.nodes, max_iter=500), turns)
    same = np.array([ranks[node] for node in range(graph.nodes)])
    assert np.abs(found["PageRank"] - same).max() < 1e-9
    seconds["SPC"], counts = least(lambda: networkx_paths(backward), turns)
    total = sum(n for (_, other), n in counts.items() if not backward.succ[other])
    ends = zip(flow.source().tolist(), flow.target.tolist(), strict=True)
    shares = np.array([counts[edge] / total for edge in ends])  # whole numbers: the division is right to the last digit
    assert np.abs(found["SPC"].share - shares).max() < 1e-9
    assert np.allclose(found["SPC"].share, shares, rtol=1e-9, atol=1e-300)
    seconds["co-citations"], pairs = least(lambda: networkx_pairs(plain), turns)
    each = found["co-citations"]
    names = zip(each.one.tolist(), each.other.tolist(), strict=True)
    assert dict(zip(names, each.both.tolist(), strict=True)) == pairs
    return seconds


def kernels(edges: int) -> list[list[str]]:
    """One row per kernel at a size."""
    source, target, papers = synthetic(edges)
    seconds, graph = least(lambda: from_edges(source, target, papers))
    flow = graph.reversed()
    seeds = [papers // 2, papers // 3, papers - 1]
    calls = {
        "PageRank": lambda: pagerank(graph),
        "SPC": lambda: count_paths(flow),
        "SPLC": lambda: count_paths(flow, "splc"),
        "SPNP": lambda: count_paths(flow, "spnp"),
        "main path": lambda: main_path(found["SPC"]),
        "co-citations": lambda: cocitation(graph),
        "co-citations with 3 papers": lambda: cocited_with(graph, seeds),
        "couplings of 3 or more": lambda: coupling(graph, at_least=3),
        "reach of 3 papers": lambda: hops(graph, seeds),
    }
    taken, found = {"build": seconds}, {}
    for name, call in calls.items():
        taken[name], found[name] = least(call)
    beside = compare(graph, flow, found) if graph.edges <= 1.2 * BESIDE else {}
    return [
        [
            f"{graph.edges:,} edges: {name}",
            decimal(value),
            decimal(beside.get(name), 3),
            decimal(beside[name] / value, 0) if name in beside else "-",
        ]
        for name, value in taken.items()
    ]


def neighbourhoods(edges: int) -> list[list[str]]:
    """A Parquet file of edges, read through 200 MB."""
    source, target, papers = synthetic(edges)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "edges.parquet"
        connection.execute("SET python_enable_replacements = false")
        connection.register("edges", {"source": source, "target": target})
        connection.table("edges").write_parquet(str(path))
        seeds = [str(papers // 2 + n) for n in range(100)]
        rows = []
        for steps in (1, 2):
            seconds, found = least(partial(neighbourhood, path, seeds, hops=steps, memory="200MB"))
            rows.append(
                [f"{len(source):,} edges: {steps} hops of 100 papers", decimal(seconds), f"{len(found.edges):,}"]
            )
    return rows


def main() -> None:
    """Measure and print."""
    sizes = [int(float(size)) for size in sys.argv[1:]] or SIZES
    rows = [row for size in sizes for row in kernels(size)]
    show("Citation graphs", ["", "s", "networkx, s", "times"], rows)
    show("Neighbourhoods from Parquet", ["", "s", "edges found"], neighbourhoods(max(sizes)))


if __name__ == "__main__":
    main()
