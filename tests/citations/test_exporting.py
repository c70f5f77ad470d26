"""The graph for other programs: read back, in the same bytes, and safe whatever the texts are."""

import io
import json
import os
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.citations import Edge, build_graph
from synthesis.citations.exporting import FORMATS, PlainGraph, plain_graph
from synthesis.citations.exporting.dot import quoted
from synthesis.records import read_records
from synthesis.records.study import Place
from tests.small_review import write_review

READ = {
    "graphml": lambda data: nx.read_graphml(io.BytesIO(data)),
    "gexf": lambda data: nx.read_gexf(io.BytesIO(data)),
    "json": lambda data: nx.node_link_graph(json.loads(data), edges="edges"),
}
HOSTILE = 'a"]; n1 -> n0 [label="<b>&lt;\\N\\" ]]>\x01\n--}'


def edge(source, target, relation="cites", locator=""):
    """A citation."""
    return Edge(source, target, relation, locator, Place("bibliography/citations.csv", 2, 1))


def hostile(text=HOSTILE):
    """A graph whose texts are all the same."""
    of = {"key": text, "kind": "document", "role": "document", "title": text}
    return PlainGraph(
        (("document:a", of), (f"document:{text}", of)), (("document:a", f"document:{text}", {"relation": text}),)
    )


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The graph of the small review, with a citation that stands at two places."""
    studies = read_records(write_review(tmp_path_factory.mktemp("review"))).studies
    cited = [edge("Review2010", "Ames2001", "reviews", "Table 1"), edge("Review2010", "Ames2001", "cites", "p. 3")]
    return build_graph([*cited, edge("Burt2003", "Ames2001")], [], studies)


def test_attributes_of_nodes_and_edges(small):
    """Kinds, numbers of studies and findings, all relations and locators; what is not known is absent."""
    plain = plain_graph(small)
    nodes, edges = dict(plain.nodes), {ends[:2]: ends[2] for ends in plain.edges}

    assert nodes["document:Ames2001"] == {"key": "Ames2001", "kind": "report", "role": "report", "studies": 1}
    assert nodes["study:ames2001"] == {
        "key": "ames2001", "kind": "study", "role": "study", "n": 100, "evidence_set": "update", "findings": 1,
    }  # fmt: skip
    assert (nodes["cell:cbt x use"]["studies"], nodes["cell:cbt x use"]["findings"]) == (4, 4)
    assert edges["document:Review2010", "document:Ames2001"] == {
        "relation": "reviews; cites", "locator": "Table 1; p. 3",
    }  # fmt: skip
    assert edges["study:ames2001", "cell:cbt x use"] == {
        "relation": "counts in", "findings": 1, "n": 100, "direction": "effective", "evidence_set": "update",
    }  # fmt: skip


def test_the_order_of_rows_is_no_matter():
    """Nodes and edges are sorted by name."""
    edges = [edge("b", "a"), edge("c", "b"), edge("a", "d")]

    assert plain_graph(build_graph(edges, [])) == plain_graph(build_graph(reversed(edges), []))


@pytest.mark.parametrize("name", READ)
def test_networkx_reads_what_was_written(small, name):
    """The same nodes and edges with the same attributes."""
    plain = plain_graph(small)

    found = READ[name](FORMATS[name].write(plain))

    names = {"label": "key"}  # GEXF has a label for every node
    own = {node: {names.get(k, k): v for k, v in data.items()} for node, data in found.nodes(data=True)}
    assert own == dict(plain.nodes)
    edges = {(a, b): {k: v for k, v in data.items() if k != "id"} for a, b, data in found.edges(data=True)}
    assert edges == {(a, b): data for a, b, data in plain.edges}


SCRIPT = """
import hashlib, sys
from synthesis.citations.exporting import FORMATS, PlainGraph
of = {"key": "k", "kind": "report", "role": "report; review", "title": "t", "year": 2001, "studies": 1, "findings": 2}
edge = ("document:1", "document:2", {"relation": "cites"})
graph = PlainGraph(tuple((f"document:{n}", of) for n in range(9)), (edge,))
for name, form in FORMATS.items():
    print(name, hashlib.sha256(form.write(graph)).hexdigest())
"""


def test_the_same_graph_gives_the_same_bytes_on_any_day():
    """Two processes with other hash seeds, time zones and dates of networkx."""
    runs = []
    for seed, zone in (("1", "Pacific/Kiritimati"), ("2", "Pacific/Pago_Pago")):  # never the same date
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
        )
        runs.append(done.stdout.split())

    assert runs[0] == runs[1]
    assert len(runs[0]) == 2 * len(FORMATS)


def test_gexf_has_no_date(small):
    """networkx puts today's into it."""
    assert b"lastmodified" not in FORMATS["gexf"].write(plain_graph(small))


@pytest.mark.parametrize("name", ["graphml", "gexf"])
@given(text=st.text(st.characters(codec=None), min_size=1))
def test_xml_is_well_formed_whatever_the_texts_are(name, text):
    """Control signs, half surrogates and markup come out as text or as the replacement sign."""
    root = ET.fromstring(FORMATS[name].write(hostile(text)))

    assert sum(one.tag.endswith("}node") for one in root.iter()) == (1 if text == "a" else 2)


@given(st.text(st.characters(codec=None)))
def test_json_is_read_back_whatever_the_texts_are(text):
    """Only half surrogates, which UTF-8 cannot hold, are replaced."""
    found = json.loads(FORMATS["json"].write(hostile(text)))

    assert found["nodes"][0]["title"] == text.encode("utf-8", "replace").decode()


# The grammar of DOT as Graphviz documents it (The DOT Language): in a quoted value \" is the only escape
STATEMENT = re.compile(r'  n\d+( -> n\d+)? \[\w+="(?:[^"\\]|\\.)*"(, \w+="(?:[^"\\]|\\.)*")*\];')


@given(st.text(st.characters(codec=None)))
def test_no_text_leaves_its_quotes_in_dot(text):
    """Every line is one statement of a fixed shape: nodes n0 and n1, and the one edge between them."""
    lines = FORMATS["dot"].write(hostile(text)).decode().split("\n")

    assert lines[:2] + lines[-2:] == ["digraph citations {", "  node [shape=box];", "}", ""]
    assert all(STATEMENT.fullmatch(line) for line in lines[2:-2])
    assert [line.split(" [")[0] for line in lines[2:-2]] == ["  n0", "  n1", "  n0 -> n1"] or text == "a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"', r'"\""'),
        ("\\", r'"\\"'),
        ('\\"', r'"\\\""'),
        (r"\N", r'"\\N"'),
        ("&amp;", '"&amp;amp;"'),
        ("a\nb\0", '"a b "'),
    ],
)
def test_signs_that_mean_something_in_dot(text, expected):
    """Quotes, backslashes and character references are shown as they are."""
    assert quoted(text) == expected


def test_dot_tells_kinds_apart(small):
    """Cells are diamonds, studies ellipses, reviews bold; the relation is a class for style sheets."""
    text = FORMATS["dot"].write(plain_graph(small)).decode()

    assert 'label="cbt x use", tooltip="cbt x use", class="cell", shape="diamond"' in text
    assert 'class="study", shape="ellipse"' in text
    assert '[class="counts-in", tooltip="counts in"]' in text
    assert 'label="Review2010", tooltip="Review2010", class="review", style="bold"' in text
    assert 'class="reviews cites", tooltip="reviews; cites: Table 1; p. 3"' in text
