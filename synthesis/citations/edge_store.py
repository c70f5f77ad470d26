"""An edge file seen through DuckDB: no other file, no network, a bound on memory."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synthesis import files
from synthesis.errors import InvalidArgument, NotFound, SynthesisError, did_you_mean
from synthesis.text import one_line

if TYPE_CHECKING:
    import duckdb

MEMORY = re.compile(r"\d+(\.\d+)? ?[KMGT]i?B", re.ASCII)
WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
LARGE = frozenset({"UBIGINT", "HUGEINT", "UHUGEINT", "UUID"})  # compared as text
PARQUET, CSV = (".parquet", ".pq"), (".csv", ".tsv", ".csv.gz", ".tsv.gz")
PATTERN = frozenset("*?[{")  # signs by which DuckDB takes one name for many
NO_HUB = 2**62
SAID = 300  # signs of a message of DuckDB

TABLES = (
    "CREATE TEMP TABLE reached AS SELECT source AS id, 0 AS step FROM edges LIMIT 0",
    "CREATE TEMP TABLE frontier AS SELECT source AS id FROM edges LIMIT 0",
    "CREATE TEMP TABLE near AS SELECT source, target FROM edges LIMIT 0",
    "CREATE TEMP TABLE way AS SELECT source AS id, target AS other FROM edges LIMIT 0",
    "CREATE TEMP TABLE links AS SELECT source AS id, target AS other FROM edges LIMIT 0",
    "CREATE TEMP TABLE hubs AS SELECT source AS id, 0::BIGINT AS edges FROM edges LIMIT 0",
)
SCANS = {  # by what is read of the file: the edges at the documents of the last step
    "cited": """INSERT INTO near SELECT DISTINCT source, target FROM edges
        WHERE source <> target AND source IN (SELECT id FROM frontier)""",
    "citing": """INSERT INTO near SELECT DISTINCT source, target FROM edges
        WHERE source <> target AND target IN (SELECT id FROM frontier)""",
    "both": """INSERT INTO near SELECT DISTINCT source, target FROM edges
        WHERE source <> target AND (source IN (SELECT id FROM frontier) OR target IN (SELECT id FROM frontier))""",
}
WAYS = {
    "cited": "INSERT INTO way SELECT source, target FROM near WHERE source IN (SELECT id FROM frontier)",
    "citing": "INSERT INTO way SELECT target, source FROM near WHERE target IN (SELECT id FROM frontier)",
}


class MissingExtra(SynthesisError):
    """A part of the program that is not installed."""


class Store:
    """The edges of a file and the documents that were reached; every step is a few queries.

    What a user names reaches DuckDB as values, never as text of a query.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, whole: bool) -> None:
        self.connection = connection
        self.whole = whole  # documents are whole numbers
        for query in TABLES:
            self._run(query)

    def count(self) -> tuple[int, int]:
        """The rows of the file, and how many of them lack an end."""
        found = self._run("SELECT count(*), count(*) FILTER (source IS NULL OR target IS NULL) FROM edges")
        return int(found[0][0]), int(found[0][1])

    def begin(self, seeds: Sequence[str]) -> tuple[str, ...]:
        """Start from some documents; gives those that the file does not have."""
        values = [value for seed in seeds if (value := self._value(seed)) is not None]
        self._run("INSERT INTO frontier SELECT unnest(?)", [values])
        self._run(SCANS["both"])
        self._run("DELETE FROM frontier WHERE id NOT IN (SELECT source FROM near UNION ALL SELECT target FROM near)")
        self._run("INSERT INTO reached SELECT id, 0 FROM frontier")
        there = {str(row[0]) for row in self._run("SELECT id FROM frontier")}
        return tuple(seed for seed in seeds if seed not in there)

    def look(self, step: int, direction: str, hub: int) -> list[tuple[str, str, int]]:
        """Find what is next to the documents of the last step; gives those with too many edges, left aside.

        Parameters
        ----------
        step : int
            The first is 1; its edges were found with the seeds, and no seed is left aside.
        direction : str
            A key of SCANS.
        hub : int
            The most edges in one direction.

        Returns
        -------
        list of (str, str, int)
            The document, the direction, and how many edges it has there.
        """
        if step > 1:
            self._run("DELETE FROM near")
            self._run(SCANS[direction])
        self._run("DELETE FROM links")
        found: list[tuple[str, str, int]] = []
        for one in WAYS if direction == "both" else (direction,):
            self._run("DELETE FROM way")
            self._run(WAYS[one])
            self._run("DELETE FROM hubs")
            bound = hub if step > 1 else NO_HUB
            self._run("INSERT INTO hubs SELECT id, count(*) FROM way GROUP BY id HAVING count(*) > ?", [bound])
            self._run("INSERT INTO links SELECT id, other FROM way ANTI JOIN hubs USING (id)")
            hubs = self._run("SELECT id, edges FROM hubs ORDER BY edges DESC, id")
            found += [(str(key), one, int(edges)) for key, edges in hubs]
        return found

    def advance(self, step: int, most: int) -> int:
        """Keep the new documents, those with the most edges first; gives how many are beyond the most allowed."""
        self._run("DELETE FROM links WHERE other IN (SELECT id FROM reached)")
        new = int(self._run("SELECT count(DISTINCT other) FROM links")[0][0])
        room = max(0, most - int(self._run("SELECT count(*) FROM reached")[0][0]))
        self._run("DELETE FROM frontier")
        self._run(
            "INSERT INTO frontier SELECT other FROM links GROUP BY other ORDER BY count(*) DESC, other LIMIT ?", [room]
        )
        self._run("INSERT INTO reached SELECT id, ? FROM frontier", [step])
        return max(0, new - room)

    def result(self) -> tuple[dict[str, int], tuple[tuple[str, str], ...]]:
        """The documents with their steps, and the edges between them."""
        reached = self._run("SELECT id, step FROM reached ORDER BY step, id")
        edges = self._run("""
            SELECT DISTINCT source, target FROM edges
            WHERE source <> target AND source IN (SELECT id FROM reached) AND target IN (SELECT id FROM reached)
            ORDER BY source, target
        """)
        pairs = tuple((str(source), str(target)) for source, target in edges)
        return {str(key): int(step) for key, step in reached}, pairs

    def _value(self, seed: str) -> str | int | None:
        """A seed as the file writes it; None where it cannot have it."""
        if not self.whole:
            return seed
        plain = re.fullmatch(r"0|-?[1-9]\d{0,17}", seed, re.ASCII)
        return int(seed) if plain else None

    def _run(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        return self.connection.execute(query, list(values)).fetchall()


@contextlib.contextmanager
def opened(path: Path, columns: Sequence[str], memory: str, spill: str) -> Iterator[Store]:
    """The edges of a file, for as long as the block runs.

    Parameters
    ----------
    path : Path
        A Parquet or CSV file, or a folder of Parquet files.
    columns : sequence of str
        The columns of the citing and the cited.
    memory : str
        The most that DuckDB may use.
    spill : str
        A folder for what does not fit.

    Raises
    ------
    NotFound, InvalidArgument, MissingExtra, SynthesisError
        See `neighbourhood`.
    """
    if not MEMORY.fullmatch(memory):
        raise InvalidArgument(f"memory {memory!r}: write it as 512MB or 4GB")
    try:
        import duckdb
    except ModuleNotFoundError as error:
        what = "edge files larger than memory are read with DuckDB, which is not installed"
        raise MissingExtra(f"{what}: pip install 'evidence-synth[scale]'") from error
    parts = _parts(path)
    connection = duckdb.connect(":memory:", config={"memory_limit": memory, "threads": 2, "temp_directory": spill})
    try:
        _lock(connection, parts, spill)
        yield Store(connection, whole=_view(connection, parts, columns))
    except duckdb.OutOfMemoryException as error:
        raise SynthesisError(f"{path}: {memory} of memory is too little: give more with --memory") from error
    except duckdb.Error as error:
        raise SynthesisError(f"{path} cannot be read: {_in_words(error)}") from error
    finally:
        connection.close()


def _in_words(error: Exception) -> str:
    """What DuckDB says before it gives advice of its own; of a file that is no table, what a table is."""
    text = str(error)
    if "sniffing" in text:
        return "it is no table: write one header, as many fields in each row, and quotes round fields with commas"
    said = text.partition("\nPossible")[0].split("\n\n")[0]
    return one_line("; ".join(said.strip().splitlines()))[:SAID]


def _parts(path: Path) -> list[Path]:
    """The files of edges, their names free of signs that DuckDB reads as patterns."""
    if not path.exists():
        raise NotFound(f"no edge file {path}")
    whole = path.resolve()
    found = [files.inside(whole, one) for one in sorted(whole.glob("*.parquet"))] if whole.is_dir() else [whole]
    if not found:
        raise NotFound(f"{path} has no .parquet file")
    if odd := [str(one) for one in found if not PATTERN.isdisjoint(str(one))]:
        raise InvalidArgument(
            f"{odd[0]}: a name with one of {' '.join(sorted(PATTERN))} is read as a pattern; rename it"
        )
    if not found[0].name.lower().endswith((*PARQUET, *CSV)):
        raise InvalidArgument(f"{path}: the name of an edge file ends in one of {' '.join((*PARQUET, *CSV))}")
    return found


def _lock(connection: duckdb.DuckDBPyConnection, parts: Sequence[Path], spill: str) -> None:
    """Allow these files and the folder for what does not fit, and nothing else from now on."""
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET allowed_paths = ?", [list(map(str, parts))])
    connection.execute("SET allowed_directories = ?", [[spill]])
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _view(connection: duckdb.DuckDBPyConnection, parts: Sequence[Path], columns: Sequence[str]) -> bool:
    """Make the view `edges`; gives whether its documents are whole numbers."""
    names = [str(part) for part in parts]
    if names[0].lower().endswith(PARQUET):
        table = connection.read_parquet(names, hive_partitioning=False, union_by_name=False)
    else:
        sign = "\t" if ".tsv" in parts[0].name.lower() else ","
        table = connection.read_csv(
            names, header=True, all_varchar=True, delimiter=sign, quotechar='"', escapechar='"', hive_partitioning=False
        )
    kinds = dict(zip(table.columns, map(str, table.types), strict=True))
    for name in columns:
        if name not in kinds:
            raise NotFound(f"{parts[0].name} has no column {name!r}: {did_you_mean(name, kinds)}")
    used = {kinds[name] for name in columns}
    if strange := used - WHOLE - LARGE - {"VARCHAR"}:
        raise InvalidArgument(f"the columns hold {', '.join(sorted(strange))}: documents are text or whole numbers")
    table.create_view("given")
    whole = used <= WHOLE
    connection.execute(_renamed([list(kinds).index(name) for name in columns], len(kinds), whole=whole))
    return whole


def _renamed(places: Sequence[int], count: int, *, whole: bool) -> str:
    """The query that makes `edges` of two columns of `given`, which are told by their places, never by their names."""
    form = "CAST(c{} AS BIGINT)" if whole else "nullif(CAST(c{} AS VARCHAR), '')"  # an empty text is no document
    source, target = (form.format(place) for place in places)
    names = ", ".join(f"c{place}" for place in range(count))
    return f"CREATE VIEW edges AS SELECT {source} AS source, {target} AS target FROM given AS t({names})"  # noqa: S608 - of numbers alone
