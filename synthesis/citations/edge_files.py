"""A plain list of edges, in a CSV file: who cites whom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from synthesis import files
from synthesis.csv_guard import unguarded
from synthesis.errors import InvalidArgument
from synthesis.records.csv_table import Table, TableCodes, table_text

if TYPE_CHECKING:
    from synthesis.citations.adjacency import Adjacency

LIMIT = 100 * files.MEGABYTE
TABLE = TableCodes("SY520", "SY521", "SY522", "SY523", "")
COLUMNS = ("source", "target")


@dataclass(frozen=True, slots=True)
class EdgeFile:
    """The edges of a file, from the citing to the cited, and what was not kept of it."""

    graph: Adjacency  # nodes sorted by name
    repeated: int = 0  # rows that give an edge again
    loops: int = 0  # rows in which a document cites itself

    def notes(self) -> tuple[str, ...]:
        """What was not kept, in words."""
        found = (
            (self.repeated, "that give an edge again, counted once"),
            (self.loops, "in which a document cites itself, left out"),
        )
        return tuple(f"rows of the edge file {what}: {count:,}" for count, what in found if count)


def columns_of(text: str) -> tuple[str, str]:
    """Two column names from `SOURCE,TARGET`.

    Raises
    ------
    InvalidArgument
        The text is something else.
    """
    names = [part.strip() for part in text.split(",")]
    if len(names) != 2 or not all(names) or names[0] == names[1]:
        raise InvalidArgument(f"columns {text!r}: name the two columns of the citing and the cited, as source,target")
    return names[0], names[1]


def read_edge_file(file: Path, columns: tuple[str, str] = COLUMNS) -> EdgeFile:
    """The edges of a CSV file that fits in memory.

    Parameters
    ----------
    file : Path
        UTF-8, at most 100 MB; `neighbourhood` reads parts of larger ones. An apostrophe that `synth` put before a name
        which a spreadsheet could run is taken away.
    columns : tuple of str, optional
        The columns of the citing and the cited document; others are not read.

    Raises
    ------
    InvalidData
        Every row that cannot be read, as SY520 to SY523.
    """
    from synthesis.citations.adjacency import from_pairs

    path = file.name
    table = Table(table_text(file, path, TABLE.unreadable, LIMIT), path, columns, TABLE)
    pairs = [(unguarded(line.required(columns[0])), unguarded(line.required(columns[1]))) for line in table.lines()]
    table.stop()
    kept = [pair for pair in pairs if pair[0] != pair[1]]
    graph = from_pairs(kept, (name for pair in pairs for name in pair))
    return EdgeFile(graph, len(kept) - graph.edges, len(pairs) - len(kept))
