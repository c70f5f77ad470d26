"""`synth graph central`, `cocited`, `path`, `neighbours`, `export`."""

import csv
import io
import json
import os
import subprocess
import sys

import networkx as nx
import pytest
from click.testing import CliRunner

from synthesis.cli import cli
from synthesis.errors import InvalidData, NotFound
from tests.citations.graphs import SPC_1
from tests.small_review import write_review


@pytest.fixture
def example(tmp_path):
    """SPC-1 of anchors/bibliography.md as an edge file: the citing and the cited."""
    path = tmp_path / "edges.csv"
    path.write_text("".join(f"{one},{other}\n" for one, other in [("citing", "cited"), *(e[::-1] for e in SPC_1)]))
    return path


@pytest.fixture
def review(tmp_path):
    """The small review: Review2010 reviews four studies, and Burt2003 cites Ames2001."""
    root = write_review(tmp_path)
    with (root / "bibliography" / "citations.csv").open("a") as file:
        file.write("Burt2003,Ames2001,cites,p. 2\n")
    return root


def run(command, *arguments):
    """A command of the group."""
    return CliRunner().invoke(cli, ["graph", command, *map(str, arguments)])


def on(example, command, *arguments):
    """A command on the edge file."""
    return run(command, "--edges", example, "--columns", "citing,cited", *arguments)


def rows(text):
    """CSV as rows."""
    return list(csv.reader(io.StringIO(text)))


def test_the_printed_main_path(example):
    """Counts and sum as printed for SPC-1."""
    done = on(example, "path")

    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert [line.split()[:3] for line in lines[2:7]] == [
        ["B", "D", "5"], ["D", "F", "3"], ["F", "I", "2"], ["I", "M", "2"], ["M", "N", "3"],
    ]  # fmt: skip
    assert lines[8:] == [
        "B - D - F - I - M - N", "global search, SPC: 5 of 11 edges; the heaviest path has 15; 6 paths in all",
    ]  # fmt: skip


def test_the_printed_tie(example):
    """I-L = I-M = 2: both ways, and the tie in words."""
    done = on(example, "path", "--search", "forward")

    assert "B - D - F - I - L\nB - D - F - I - M - N\ntie at I: I - L, I - M\n" in done.stdout


def test_every_edge_as_csv(example):
    """--all gives edges off the main path too, the heaviest first."""
    found = rows(on(example, "path", "--all", "--format", "csv").stdout)

    assert found[:2] == [
        ["cited", "citing", "count", "log10_count", "share", "main"],
        ["B", "D", "5", "0.69897", "0.833333", "yes"],
    ]
    assert {tuple(row[:2]): row[2] for row in found[1:]}["J", "M"] == "1"
    assert len(found) == 12


def test_main_path_as_json(example):
    """Chains, ties and all counts."""
    found = json.loads(on(example, "path", "--search", "forward", "--all", "--format", "json").stdout)

    assert found["ties"] == [{"at": "I", "edges": [["I", "L"], ["I", "M"]]}]
    assert (found["circles"], len(found["all"])) == ([], 11)


def test_a_circle_is_refused_with_its_names_or_contracted(tmp_path):
    """Exit 1 as for any finding in the data; --contract tells what it draws together."""
    path = tmp_path / "e.csv"
    path.write_text("source,target\na,b\nb,a\nc,a\n")

    refused = run("path", "--edges", path)
    assert "in a circle: a, b;" in str(refused.exception)
    assert "--contract" in str(refused.exception)
    done = run("path", "--edges", path, "--contract")
    assert "a = b - c\n" in done.stdout
    assert done.stderr == "a circle, counted as one document: a = b\n"


def test_paths_of_a_review(review):
    """By default all relations lead on; --relation takes some of them."""
    assert "Ames2001 - Burt2003 - Review2010" in run("path", "--root", review).stdout
    assert "1 of 1 edges" in run("path", "--root", review, "--relation", "cites").stdout


def test_central(example):
    """In the order of networkx' PageRank, with degrees."""
    expected = nx.pagerank(nx.DiGraph([edge[::-1] for edge in SPC_1]), tol=1e-12)

    found = json.loads(on(example, "central", "--format", "json").stdout)["documents"]

    assert [one["document"] for one in found[:3]] == sorted(expected, key=expected.get, reverse=True)[:3]
    assert {one["document"]: one["pagerank"] for one in found} == pytest.approx(expected, rel=1e-5)
    (one,) = [one for one in found if one["document"] == "I"]
    assert (one["cited"], one["citing"], one["betweenness"]) == (2, 2, None)


def test_betweenness_when_asked_for(example):
    """As networkx gives it."""
    expected = nx.betweenness_centrality(nx.DiGraph([edge[::-1] for edge in SPC_1]))

    found = rows(on(example, "central", "--by", "betweenness", "--format", "csv").stdout)

    assert {row[0]: float(row[4]) for row in found[1:]} == pytest.approx(expected, rel=1e-5)


def test_a_table_is_short(example):
    """The first so many rows, and what they are the first of."""
    done = on(example, "central", "--by", "cited", "--top", "2")

    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[2:4]] == ["B", "D"]
    assert lines[4:] == ["", "10 documents, 11 citations, by cited"]


def test_cocited(review):
    """The four studies of one review: six pairs; Ames2001 is cited twice, Cole2005 once: Salton 1 / sqrt 2."""
    found = rows(run("cocited", "--root", review, "--format", "csv").stdout)

    assert found[0] == ["document", "other", "both", "salton"]
    assert len(found) == 7
    assert ["Ames2001", "Cole2005", "1", "0.707107"] in found
    assert "6 pairs, the first 2 shown" in run("cocited", "--root", review, "--top", "2").stdout


def test_coupling(review):
    """Burt2003 and Review2010 both cite Ames2001: Jaccard 1 / 4."""
    found = json.loads(
        run("cocited", "--root", review, "--coupling", "--similarity", "jaccard", "--format", "json").stdout
    )

    assert found == [{"document": "Burt2003", "other": "Review2010", "both": 1, "jaccard": 0.25}]


def test_cocited_with_some(review):
    """Pairs of one document; a mistyped one is an error with the nearest."""
    found = rows(run("cocited", "--root", review, "--with", "Ames2001", "--format", "csv").stdout)

    assert [row[:2] for row in found[1:]] == [["Ames2001", name] for name in ("Burt2003", "Cole2005", "Dunn2007")]
    missed = run("cocited", "--root", review, "--with", "Ames2002")
    assert isinstance(missed.exception, NotFound)
    assert "did you mean 'Ames2001'" in str(missed.exception)


def test_hubs_are_told(review):
    """A review of four with room for three makes no pair."""
    done = run("cocited", "--root", review, "--most", "3")

    assert done.stderr == "1 with more than 3 links make no pair: Review2010\n"
    assert "0 pairs" in done.stdout


def test_a_broken_edge_file_tells_every_fault(tmp_path):
    """Each with its line and code; no half network."""
    path = tmp_path / "e.csv"
    path.write_text("source,target\na,\nb\n,c\n")

    error = run("central", "--edges", path).exception

    assert isinstance(error, InvalidData)
    assert [(one.line, one.code) for one in error.problems] == [(2, "SY523"), (3, "SY522"), (4, "SY523")]


@pytest.mark.parametrize(
    ("data", "code"), [(b"source,target\n\xff,b\n", "SY520"), (b"from,to\na,b\n", "SY521"), (b"", "SY521")]
)
def test_a_file_that_is_no_edge_file(tmp_path, data, code):
    """Not UTF-8, other columns, nothing at all."""
    path = tmp_path / "e.csv"
    path.write_bytes(data)

    error = run("path", "--edges", path).exception
    assert {problem.code for problem in error.problems} == {code}


def test_what_an_edge_file_repeats_is_told(tmp_path):
    """Rows that are not kept are counted on stderr."""
    path = tmp_path / "e.csv"
    path.write_text("source,target,more\na,b,1\na,b,2\nc,c,3\n")

    done = run("central", "--edges", path)
    assert done.stderr.splitlines() == [
        "rows of the edge file that give an edge again, counted once: 1",
        "rows of the edge file in which a document cites itself, left out: 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("central", ["--relation", "cites"]),
        ("cocited", ["--with", "a", "--most", "3"]),
        ("path", ["--columns", "source"]),
        ("path", ["--search", "up"]),
    ],
)
def test_wrong_usage(example, command, arguments):
    """Options that do not go together."""
    done = on(example, command, *arguments)
    assert done.exit_code != 0
    assert not done.stdout


def test_a_relation_that_there_is_not(review):
    """With the nearest name."""
    assert "did you mean 'cites'" in str(run("central", "--root", review, "--relation", "cite").exception)


def test_neighbours(example):
    """What lies around I, as edges that `path` reads again."""
    done = run("neighbours", example, "I", "--columns", "citing,cited", "--format", "csv")

    assert rows(done.stdout)[0] == ["source", "target"]
    assert {tuple(row) for row in rows(done.stdout)[1:]} == {
        ("I", "D"), ("I", "F"), ("F", "D"), ("L", "I"), ("M", "I"),
    }  # fmt: skip
    assert done.stderr == "5 documents and 5 edges of 11 rows\n"


def test_neighbours_as_citations(example, tmp_path):
    """A citations.csv that is read without a problem; keys from a file."""
    from synthesis.citations import read_citations

    (tmp_path / "keys.txt").write_text("\ufeffM\n\nnobody\n", encoding="utf-8")
    arguments = ("--seeds", tmp_path / "keys.txt", "--direction", "cited", "--format", "citations")

    done = run("neighbours", example, "--columns", "citing,cited", *arguments)

    found = read_citations(done.stdout)
    assert found.problems == ()
    assert [(edge.source, edge.target, edge.relation) for edge in found.edges] == [
        ("M", "I", "cites"),
        ("M", "J", "cites"),
    ]
    assert "not in the file: nobody" in done.stderr


def test_neighbours_as_table_and_json(example):
    """Documents by steps; what was left out stands below the table and in the JSON."""
    table = run("neighbours", example, "B", "K", "--columns", "citing,cited").stdout
    found = json.loads(
        run("neighbours", example, "B", "--hops", "2", "--columns", "citing,cited", "--format", "json").stdout
    )

    assert table.splitlines()[2].split() == ["B", "0", "2", "0"]
    assert table.endswith("\n5 documents and 3 edges of 11 rows\n")
    assert {one["key"]: one["hops"] for one in found["documents"]} == {"B": 0, "D": 1, "J": 1, "F": 2, "I": 2, "M": 2}


@pytest.mark.parametrize("name", ["graphml", "gexf", "json", "dot"])
def test_export_to_stdout_and_to_a_file(review, tmp_path, name):
    """The same bytes; the form follows from the name."""
    file = tmp_path / f"graph.{name}"
    shown = run("export", "--root", review, "--format", name)

    written = run("export", "--root", review, "--out", file)

    assert written.exit_code == 0
    assert file.read_bytes() == shown.stdout_bytes
    assert written.stderr.startswith(f"wrote {file}: 5 documents")


def test_export_of_a_part(review):
    """Some kinds, and what lies around a key."""
    found = json.loads(run("export", "--root", review, "--around", "cole2005", "--hops", "1").stdout)
    assert [node["id"] for node in found["nodes"]] == ["cell:cbt x use", "document:Cole2005", "study:cole2005"]
    found = json.loads(run("export", "--root", review, "--kind", "review, report").stdout)
    assert {node["kind"] for node in found["nodes"]} == {"review", "report"}


def test_export_needs_a_form(review, tmp_path):
    """A name that tells none is wrong usage, and nothing is written."""
    done = run("export", "--root", review, "--out", tmp_path / "graph.xyz")

    assert done.exit_code == 2
    assert not (tmp_path / "graph.xyz").exists()


def test_heavy_libraries_are_left_alone(example):
    """Paths of an edge file need neither networkx nor DuckDB nor pandas."""
    program = (
        "import sys; from synthesis.cli import cli\n"
        "try: cli(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "assert not {'networkx', 'duckdb', 'pandas', 'matplotlib'} & set(sys.modules), sorted(sys.modules)\n"
    )
    command = [sys.executable, "-c", program, "graph", "path", "--edges", str(example), "--columns", "citing,cited"]

    done = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "B - D - F - I - M - N" in done.stdout
