"""What surrounds some documents in a file of edges that may be far larger than memory: the `scale` extra."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from synthesis.citations.edge_store import Store, opened
from synthesis.errors import InvalidArgument, NotFound, did_you_mean

if TYPE_CHECKING:
    from synthesis.citations.adjacency import Adjacency

DIRECTIONS = ("cited", "citing", "both")  # by the seeds; that cite the seeds; both
COLUMNS = ("source", "target")
"""Of an edge file: the citing and the cited document."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A document that was reached, but not gone on from, since it has too many edges."""

    key: str
    direction: str  # `cited`: it cites so many; `citing`: so many cite it
    edges: int


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The documents around some seeds and every edge of the file between them."""

    hops: dict[str, int]  # documents, with how many steps from the nearest seed; sorted by steps and key
    edges: tuple[tuple[str, str], ...]  # citing and cited, sorted, each once
    rows: int  # of the file
    incomplete: int  # rows without a source or a target, which are left out
    missing: tuple[str, ...]  # seeds that the file does not have
    hubs: tuple[Hub, ...]
    dropped: int  # documents next to those reached, beyond the most that were asked for

    def summary(self) -> str:
        """One line: how much was found, and what was left out."""
        found = f"{len(self.hops):,} documents and {len(self.edges):,} edges of {self.rows:,} rows"
        return "; ".join([found, *self.notes()])

    def notes(self) -> tuple[str, ...]:
        """What was left out, in words."""
        hubs = ", ".join(f"{hub.key} ({hub.edges:,} {hub.direction})" for hub in self.hubs)
        found = (
            (self.missing, f"not in the file: {', '.join(self.missing)}"),
            (self.incomplete, f"{self.incomplete:,} rows without a source or a target are left out"),
            (self.hubs, f"not gone on from hubs: {hubs}"),
            (self.dropped, f"{self.dropped:,} documents beyond the most that were asked for are left out"),
        )
        return tuple(text for there, text in found if there)

    def adjacency(self) -> Adjacency:
        """The graph in memory; edges lead from the citing to the cited."""
        from synthesis.citations.adjacency import from_pairs

        return from_pairs(self.edges, self.hops)

    def to_dict(self) -> dict[str, object]:
        """As plain values, for JSON."""
        return {
            "documents": [{"key": key, "hops": steps} for key, steps in self.hops.items()],
            "edges": [{"source": source, "target": target} for source, target in self.edges],
            "rows": self.rows,
            "incomplete": self.incomplete,
            "missing": list(self.missing),
            "hubs": [{"key": hub.key, "direction": hub.direction, "edges": hub.edges} for hub in self.hubs],
            "dropped": self.dropped,
        }


def neighbourhood(
    path: Path,
    seeds: Iterable[str],
    *,
    hops: int = 1,
    direction: str = "both",
    columns: Sequence[str] = COLUMNS,
    most: int = 100_000,
    hub: int = 10_000,
    memory: str = "1GB",
) -> Neighbourhood:
    """The documents within some steps of seeds, and the edges between them.

    Parameters
    ----------
    path : Path
        A Parquet or CSV file of edges, or a folder of Parquet files. It is read once for each step and twice
        more; only what belongs to the neighbourhood is kept.
    seeds : iterable of str
        Documents, as the file names them.
    hops : int, optional
        Steps, at least 1.
    direction : str, optional
        `cited` (along the edges: what the seeds cite, what that cites, ...), `citing` (against them) or `both`.
    columns : pair of str, optional
        The columns of the citing and the cited document.
    most : int, optional
        Documents at most, seeds among them. Where a step would give more, those with the most edges to the documents
        of the step before are kept, then by key; how many were not is told.
    hub : int, optional
        A document other than a seed with more edges than this in one direction is kept, but no step leads from it in
        that direction. Hubs are named.
    memory : str, optional
        What DuckDB may use, as `512MB` or `4GB`; what does not fit goes to a temporary folder.

    Raises
    ------
    NotFound
        No such file or column, or none of the seeds is in the file.
    InvalidArgument
        An argument out of bounds, or a file that is neither.
    MissingExtra
        DuckDB is not installed.
    SynthesisError
        DuckDB cannot read the file, or needs more memory or disk.
    """
    wanted = tuple(dict.fromkeys(seeds))
    _check(wanted, hops, direction, columns, min(most, hub))
    with tempfile.TemporaryDirectory(prefix="synth-edges-") as spill, opened(path, columns, memory, spill) as store:
        return _grown(store, wanted, hops=hops, direction=direction, most=most, hub=hub)


def _check(seeds: Sequence[str], hops: int, direction: str, columns: Sequence[str], least: int) -> None:
    if direction not in DIRECTIONS:
        raise InvalidArgument(f"no direction {direction!r}: {did_you_mean(direction, DIRECTIONS)}")
    if not seeds or hops < 1 or least < 1 or len(columns) != 2:
        raise InvalidArgument("a neighbourhood needs a seed, at least one hop, two columns, and limits above 0")


def _grown(store: Store, seeds: tuple[str, ...], *, hops: int, direction: str, most: int, hub: int) -> Neighbourhood:
    rows, incomplete = store.count()
    missing = store.begin(seeds)
    if len(missing) == len(seeds):
        raise NotFound(f"none of the seeds is in the file: {', '.join(seeds[:12])}")
    hubs: list[Hub] = []
    dropped = 0
    for step in range(1, hops + 1):
        hubs += [Hub(*found) for found in store.look(step, direction, hub)]
        dropped += store.advance(step, most)
    hops_of, edges = store.result()
    return Neighbourhood(hops_of, edges, rows, incomplete, missing, tuple(hubs), dropped)
