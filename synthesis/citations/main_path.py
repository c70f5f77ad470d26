"""A main path: what a search found among the paths of a network, and how it is told."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np

from synthesis.citations.path_counts import PathCounts
from synthesis.text import decimal, rounded

Step = tuple[str, str, int | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Tie:
    """Where a search went on over several edges, because they are equally good."""

    at: int | None  # the node where they meet; None for the edges that the search began with
    edges: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MainPath:
    """The edges that a search found, as numbers of edges of the graph, in the order in which knowledge flows."""

    counts: PathCounts
    search: str  # a key of SEARCHES
    edges: tuple[int, ...]
    ties: tuple[Tie, ...]
    heaviest: float  # the largest sum of weights of any path, whatever the search

    def chains(self, most: int = 100) -> tuple[tuple[str, ...], ...]:
        """The labels along each way through the edges, at most so many ways, in order."""
        ends = self.ends(self.edges)
        after: dict[int, list[int]] = {}
        for source, target in ends:
            after.setdefault(source, []).append(target)
        reached = {target for _, target in ends}
        waiting: list[tuple[int, ...]] = [(node,) for node in reversed(after) if node not in reached]
        found: list[tuple[str, ...]] = []
        while waiting and len(found) < most:
            chain = waiting.pop()
            following = after.get(chain[-1], [])
            waiting += [(*chain, node) for node in reversed(following)]
            if not following:
                found.append(tuple(map(self._name, chain)))
        return tuple(found)

    def steps(self, edges: Iterable[int] | None = None) -> tuple[Step, ...]:
        """Edges, by default its own, with the paths over them.

        Returns
        -------
        tuple of (cited, citing, count, log10, share)
            The count is None where counts are not exact; the last two have six digits.
        """
        chosen = tuple(self.edges if edges is None else edges)
        counts = self.counts
        return tuple(
            (
                self._name(cited),
                self._name(citing),
                None if counts.counts is None else int(counts.counts[edge]),
                rounded(float(counts.log10[edge])),
                rounded(float(counts.share[edge])),
            )
            for edge, (cited, citing) in zip(chosen, self.ends(chosen), strict=True)
        )

    def summary(self) -> str:
        """One line: the search, the largest sum, and how many paths there are."""
        counts = self.counts
        exact = counts.counts is not None
        weight = decimal(self.heaviest, 0) if exact else f"{decimal(self.heaviest)} times all paths"
        paths = f"{counts.total:,}" if exact else f"10^{decimal(counts.total_log10, 1)}"
        return (
            f"{self.search} search, {counts.kind.upper()}: {len(self.edges)} of {counts.graph.edges:,} edges; the "
            f"heaviest path has {weight}; {paths} paths in all"
        )

    def tie_lines(self) -> tuple[str, ...]:
        """Every tie in words."""
        found = []
        for tie in self.ties:
            where = "the begin" if tie.at is None else self._name(tie.at)
            pairs = ", ".join(f"{cited} - {citing}" for cited, citing, *_ in self.steps(tie.edges))
            found.append(f"tie at {where}: {pairs}")
        return tuple(found)

    def to_dict(self) -> dict[str, object]:
        """As plain values, for JSON."""
        counts = self.counts
        return {
            "count": counts.kind,
            "search": self.search,
            "paths": counts.total,
            "log10_paths": rounded(counts.total_log10),
            "heaviest": rounded(self.heaviest, 12),
            "exact": counts.counts is not None,
            "chains": [list(chain) for chain in self.chains()],
            "edges": [step_dict(step) for step in self.steps()],
            "ties": [
                {
                    "at": None if tie.at is None else self._name(tie.at),
                    "edges": [[cited, citing] for cited, citing, *_ in self.steps(tie.edges)],
                }
                for tie in self.ties
            ],
        }

    def ends(self, edges: Iterable[int]) -> list[tuple[int, int]]:
        """The cited and the citing node of each edge."""
        graph, numbers = self.counts.graph, np.fromiter(edges, np.int64)
        source = np.searchsorted(graph.start, numbers, side="right") - 1
        return list(zip(source.tolist(), graph.target[numbers].tolist(), strict=True))

    def _name(self, node: int) -> str:
        label: Hashable = self.counts.graph.label(node)
        return str(label)


def step_dict(step: Step) -> dict[str, object]:
    """One edge of `MainPath.steps` by names."""
    return dict(zip(("cited", "citing", "count", "log10_count", "share"), step, strict=True))
