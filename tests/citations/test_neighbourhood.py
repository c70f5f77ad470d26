"""Neighbourhoods read with DuckDB: the same as a search in memory, and nothing but the file that was given."""

import gzip
import os
import sys

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synthesis.citations.edge_store import MissingExtra, opened
from synthesis.citations.neighbourhood import DIRECTIONS, Hub, neighbourhood
from synthesis.errors import InvalidArgument, NotFound, SynthesisError
from tests.citations.graphs import directed_graphs

FULL = bool(os.environ.get("SYNTH_FULL"))


def csv_file(folder, edges, header="source,target", name="edges.csv"):
    """Edges as a CSV file."""
    path = folder / name
    path.write_text("\n".join([header, *(",".join(map(str, edge)) for edge in edges), ""]), encoding="utf-8")
    return path


def parquet_file(path, edges, kind="BIGINT", columns=("source", "target")):
    """Edges as a Parquet file."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE e (a {kind}, b {kind})")
        connection.executemany("INSERT INTO e VALUES (?, ?)", [list(edge) for edge in edges])
        names = ", ".join('"{}"'.format(name.replace('"', '""')) for name in columns)
        connection.execute(f"CREATE VIEW named({names}) AS SELECT * FROM e")
        connection.table("named").write_parquet(str(path))
    return path


def searched(edges, seeds, steps, direction):
    """Steps to each document, by a search in memory."""
    found = dict.fromkeys(seeds, 0)
    for step in range(1, steps + 1):
        for one, other in list(edges):
            if direction != "citing" and found.get(one) == step - 1:
                found.setdefault(other, step)
            if direction != "cited" and found.get(other) == step - 1:
                found.setdefault(one, step)
    return found


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(directed_graphs(), st.sampled_from(DIRECTIONS), st.integers(1, 3), st.data())
def test_it_is_what_a_search_in_memory_finds(tmp_path, given_graph, direction, steps, data):
    """Documents with their steps, and every edge between them."""
    edges = [edge for edge in given_graph[1] if edge[0] != edge[1]]
    if not edges:
        return
    seeds = data.draw(st.sets(st.sampled_from(sorted({node for edge in edges for node in edge})), min_size=1))
    expected = searched(edges, seeds, steps, direction)

    found = neighbourhood(csv_file(tmp_path, given_graph[1]), map(str, seeds), hops=steps, direction=direction)

    assert found.hops == {str(node): step for node, step in expected.items()}
    inside = sorted((str(a), str(b)) for a, b in edges if a in expected and b in expected)
    assert list(found.edges) == inside
    assert found.adjacency().edges == len(inside)


@pytest.mark.parametrize("kind", ["INTEGER", "BIGINT", "UBIGINT", "VARCHAR"])
def test_parquet_of_numbers_and_text(tmp_path, kind):
    """Whole numbers and text, under any column names, also ones with quotes."""
    columns = ('the "citing".x', "cited; DROP TABLE edges")
    path = parquet_file(tmp_path / "e.parquet", [(1, 2), (2, 3), (9, 8)], kind, columns)

    found = neighbourhood(path, ["2", "x"], columns=columns)

    assert found.edges == (("1", "2"), ("2", "3"))
    assert found.missing == ("x",)


def test_a_folder_of_parts(tmp_path):
    """Every Parquet file of a folder; what is none is not read."""
    parquet_file(tmp_path / "1.parquet", [(1, 2)])
    parquet_file(tmp_path / "2.parquet", [(2, 3)])
    csv_file(tmp_path, [(3, 4)])

    assert neighbourhood(tmp_path, ["2"]).edges == (("1", "2"), ("2", "3"))


def test_compressed_and_tab_separated(tmp_path):
    """By the ending of the name."""
    path = tmp_path / "e.tsv.gz"
    path.write_bytes(gzip.compress(b"source\ttarget\n007\ta,b\n"))

    assert neighbourhood(path, ["007"]).edges == (("007", "a,b"),)


def test_hubs_are_kept_but_not_gone_on_from(tmp_path):
    """Everybody cites h: from s over h would be everything."""
    edges = [("s", "h"), *((f"c{n}", "h") for n in range(10)), ("h", "old")]

    found = neighbourhood(csv_file(tmp_path, edges), ["s"], hops=2, hub=5)

    assert found.hops == {"s": 0, "h": 1, "old": 2}
    assert found.hubs == (Hub("h", "citing", 11),)
    assert "hubs: h (11 citing)" in found.summary()


def test_a_seed_is_no_hub(tmp_path):
    """Who asks for a document gets its neighbours."""
    edges = [(f"c{n}", "h") for n in range(10)]

    assert len(neighbourhood(csv_file(tmp_path, edges), ["h"], hub=2).hops) == 11


def test_of_too_many_the_most_tied_stay(tmp_path):
    """With room for four: the two seeds, the document that both cite, and the first of the others by key."""
    edges = [("s", "z"), ("t", "z"), ("s", "b"), ("t", "a"), ("s", "c")]

    found = neighbourhood(csv_file(tmp_path, edges), ["s", "t"], most=4)

    assert (found.hops, found.dropped) == ({"s": 0, "t": 0, "a": 1, "z": 1}, 2)


def test_nothing_is_left_out_in_silence(tmp_path):
    """Rows without an end are counted; repeated edges are one, and edges to itself none."""
    path = csv_file(tmp_path, [("a", "b"), ("a", "b"), ("a", "a"), ("a", ""), ("", "b")])

    found = neighbourhood(path, ["a"])

    assert (found.rows, found.incomplete, found.edges) == (5, 2, (("a", "b"),))
    assert found.notes() == ("2 rows without a source or a target are left out",)


def test_an_empty_text_is_no_document(tmp_path):
    """In Parquet too, where it is not the same as nothing."""
    path = parquet_file(tmp_path / "e.parquet", [("a", "b"), ("a", ""), ("", "b"), ("a", None)], "VARCHAR")

    found = neighbourhood(path, ["a"], hops=2)

    assert (found.incomplete, found.hops) == (3, {"a": 0, "b": 1})


def test_text_is_never_a_query(tmp_path):
    """Keys with quotes and semicolons are keys."""
    key = "x'; DROP TABLE reached; --"

    assert neighbourhood(csv_file(tmp_path, [(f'"{key}"', "b")]), [key]).hops == {key: 0, "b": 1}


def test_no_other_file_and_no_network(tmp_path):
    """Once the file is open, DuckDB reads nothing else, loads no extension, and cannot be told to."""
    other = csv_file(tmp_path, [("a", "b")], name="other.csv")
    given_file = csv_file(tmp_path, [("a", "b")])
    with opened(given_file, ("source", "target"), "100MB", str(tmp_path / "spill")) as store:
        for query in (
            f"SELECT * FROM read_csv('{other}')",
            "SELECT * FROM read_csv('http://127.0.0.1/x.csv')",
            f"COPY (SELECT 1) TO '{tmp_path / 'new.csv'}'",
            "INSTALL httpfs",
            "SET enable_external_access = true",
            "SET memory_limit = '50GB'",
        ):
            with pytest.raises(duckdb.Error):
                store.connection.execute(query)


@pytest.mark.parametrize("name", ["*.csv", "e?.csv", "[e].csv"])
def test_a_name_is_no_pattern(tmp_path, name):
    """DuckDB would read every file that fits."""
    with pytest.raises(InvalidArgument, match="pattern"):
        neighbourhood(csv_file(tmp_path, [("a", "b")], name=name), ["a"])


def test_a_link_out_of_a_folder_is_refused(tmp_path):
    """A folder of parts is that folder."""
    outside = parquet_file(tmp_path / "secret.parquet", [(1, 2)])
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "1.parquet").symlink_to(outside)

    with pytest.raises(SynthesisError, match="leads out"):
        neighbourhood(folder, ["1"])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"columns": ("from", "target")}, NotFound, "no column 'from'"),
        ({"seeds": ["nobody"]}, NotFound, "none of the seeds"),
        ({"seeds": []}, InvalidArgument, "needs a seed"),
        ({"hops": 0}, InvalidArgument, "hop"),
        ({"direction": "up"}, InvalidArgument, "no direction 'up'"),
        ({"memory": "1GB'; SELECT 1"}, InvalidArgument, "512MB"),
        ({"most": 0}, InvalidArgument, "limits"),
    ],
)
def test_what_cannot_be_asked(tmp_path, options, error, message):
    """Every mistake has its message."""
    arguments = {"seeds": ["a"]} | options
    with pytest.raises(error, match=message):
        neighbourhood(csv_file(tmp_path, [("a", "b")]), **arguments)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("e.csv", b'source,target\na,b,c\nd\n"x'),
        ("e.csv", b"source,target\n\xff\xfe,\xc3\x28\n"),
        ("e.parquet", b"PAR1 no parquet"),
        ("e.csv.gz", b"not gzip"),
    ],
)
def test_a_broken_file_is_an_error_in_words(tmp_path, name, data):
    """No traceback of DuckDB."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SynthesisError, match="cannot be read"):
        neighbourhood(path, ["a"])


@pytest.mark.parametrize("row", [b"a,b,c", b"a", b"a,\xff"])
def test_a_bad_row_is_never_skipped(tmp_path, row):
    """Far behind what DuckDB looks at first; the line is named."""
    path = tmp_path / "e.csv"
    path.write_bytes(b"source,target\n" + b"a,b\n" * 100_000 + row + b"\na,b\n")
    with pytest.raises(SynthesisError, match=r"cannot be read: .*Line: 100002; "):
        neighbourhood(path, ["a"])


@pytest.mark.parametrize("data", ["\ufeffsource,target\r\na,b\r\n", "source,target\ra,b\r", '"source",target\na,"b"'])
def test_line_ends_and_marks_of_other_systems(tmp_path, data):
    """Carriage returns, a byte order mark, quotes, no end of the last line."""
    (tmp_path / "e.csv").write_bytes(data.encode())

    assert neighbourhood(tmp_path / "e.csv", ["a"]).edges == (("a", "b"),)


def test_a_file_that_is_not_there_or_of_another_kind(tmp_path):
    """By name, before DuckDB is asked."""
    with pytest.raises(NotFound, match="no edge file"):
        neighbourhood(tmp_path / "none.csv", ["a"])
    with pytest.raises(NotFound, match=r"no \.parquet"):
        neighbourhood(tmp_path, ["a"])
    with pytest.raises(InvalidArgument, match="ends in one of"):
        neighbourhood(csv_file(tmp_path, [], name="edges.txt"), ["a"])
    parquet_file(tmp_path / "e.parquet", [(0.5, 1.5)], "DOUBLE")
    with pytest.raises(InvalidArgument, match="DOUBLE"):
        neighbourhood(tmp_path / "e.parquet", ["a"])


def test_without_duckdb_the_extra_is_named(tmp_path, monkeypatch):
    """The way to it stands in the message."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingExtra, match=r"pip install 'evidence-synth\[scale\]'"):
        neighbourhood(csv_file(tmp_path, [("a", "b")]), ["a"])


def test_a_file_larger_than_the_memory(tmp_path):
    """5 million edges (50 million with SYNTH_FULL=1), which are 80 MB as numbers, through 64 MB for DuckDB."""
    edges = 50_000_000 if FULL else 5_000_000
    path = tmp_path / "large.parquet"
    with duckdb.connect() as connection:
        query = (
            "COPY (SELECT r AS source, (r * 7919) % (r + 1) AS target FROM range(1, ?) t(r)) TO '{}' (FORMAT parquet)"
        )
        connection.execute(query.format(path), [edges])

    found = neighbourhood(path, ["1000"], memory="64MB", hub=1000)

    source = np.arange(1, edges)
    target = source * 7919 % (source + 1)
    near = {1000, *target[source == 1000].tolist(), *source[target == 1000].tolist()}
    assert {int(key) for key in found.hops} == near
    assert found.rows == edges - 1
