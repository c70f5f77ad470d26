"""The citation graph and what is wrong with it."""

from pathlib import Path

import networkx as nx
import pytest

from synthesis.bibliography import read_folder, read_library
from synthesis.citations import build_graph, check_graph, cited_keys, keys_of_edges, merged, read_citations
from synthesis.records.study import Finding, Judgement, Level, Place, Source, Study

ROOT = Path(__file__).parents[2]
HEADER = "source,target,relation,locator\n"
PLACE = Place("studies/smith.yaml", 1, 1)


def entries(**years):
    """A library of keys and years; 0 is a document without one."""
    fields = ((key, f", year = {{{year}}}" if year else "") for key, year in years.items())
    return read_library("\n".join(f"@misc{{{key}, title = {{T}}{year}}}" for key, year in fields)).entries


def edges(text):
    """Citations from `source target relation`, joined by semicolons."""
    return read_citations(HEADER + "".join(",".join(row.split()) + ",\n" for row in text.split(";"))).edges


def codes(text, **years):
    """Code, line and severity of everything wrong with a graph."""
    found = check_graph(edges(text), entries(**years))
    return [(problem.code, problem.line, problem.severity.value) for problem in found]


def test_documents_studies_and_their_roles():
    """A document that reviews is a review, one that a record names is a report; a study is not its report."""
    study = Study("B", PLACE, ("B",), "update")
    graph = build_graph(edges("R B reviews; R C cites"), entries(R=2001, B=1999, C=0), [study])

    assert [graph.documents(role) for role in ("review", "report", "document")] == [("R",), ("B",), ("C",)]
    assert (graph.studies(), graph.year("B"), graph.year("C")) == (("B",), 1999, None)
    assert graph.summary() == "3 documents (1 reviews), 1 studies, 2 citations"


def test_two_relations_between_two_documents():
    """Both are kept on one edge."""
    graph = build_graph(edges("R B cites; R B meta_analyses"), entries(R=2001, B=1999)).graph

    assert graph.edges[("document", "R"), ("document", "B")]["relations"] == ("cites", "meta_analyses")


def test_the_graph_cannot_be_changed():
    """Its values are shared."""
    with pytest.raises(nx.NetworkXError, match="Frozen graph"):
        build_graph((), entries(A=2000)).graph.add_node("x")


def test_a_dangling_key_is_an_error():
    """It stands at the row, with the nearest key of the library."""
    (problem,) = check_graph(edges("R2001 B1999 cites; R2001 B1989 cites"), entries(R2001=2001, B1999=1999))

    assert (problem.code, problem.line, problem.fails) == ("SY510", 3, True)
    assert "did you mean 'B1999'?" in problem.remedy


def test_a_circle_is_a_warning():
    """It stands at its first citation and names all of it."""
    (problem,) = check_graph(edges("X A cites; A B cites; B C cites; C A cites"), entries(A=0, B=0, C=0, X=0))

    assert (problem.code, problem.line, problem.severity) == ("SY511", 3, "warning")
    assert problem.what.endswith("A, B, C")


@pytest.mark.parametrize(
    ("relation", "year", "found"),
    [
        ("cites", 2004, []),
        ("cites", 2005, [("SY512", 2, "note")]),
        ("reviews", 2006, [("SY512", 2, "warning")]),
        ("extracts", 2009, [("SY512", 2, "note")]),
        ("cites", 0, []),
    ],
)
def test_a_citation_into_the_future(relation, year, found):
    """A warning, but a note within a year (papers in press) and for an effect read in an earlier report."""
    assert codes(f"A B {relation}", A=2004, B=year) == found


def test_every_key_that_a_review_uses(tmp_path):
    """Reports, documents of findings, levels and judgements; the columns `document`, `review` of published tables."""
    finding = Finding(PLACE, "m", "o", Source("Doc"), "update", level=Level(2, source=Source("LevelDoc")))
    judged = Judgement("independent", value=True, because="x", place=PLACE, source=Source("Judge"))
    bias = (("overall", "low", Source("Rob")),)
    study = Study("smith", PLACE, ("Rep",), "update", findings=(finding,), risk_of_bias=bias, judgements=(judged,))
    folder = tmp_path / "studies" / "published"
    folder.mkdir(parents=True)
    (folder / "pooled.csv").write_text('note,review\n"two\nlines",Rev\n,\n')

    found = cited_keys(tmp_path, [study])

    assert set(found) == {"Rep", "Doc", "LevelDoc", "Rob", "Judge", "Rev"}
    assert found["Rev"] == (Place("studies/published/pooled.csv", 2, 2),)


def test_all_places_of_a_key_are_kept_once():
    """Two uses are two places."""
    one = keys_of_edges(edges("A B cites; A C cites"))

    assert [place.line for place in merged(one, one)["A"]] == [2, 3]


def test_the_shipped_citations():
    """Nothing that fails: no dangling key, no circle, no year that runs ahead."""
    citations = read_citations(ROOT)
    problems = check_graph(citations.edges, [entry for library in read_folder(ROOT) for entry in library.entries])

    assert citations.problems == ()
    assert [str(problem) for problem in problems if problem.fails] == []
    assert sum(edge.source == "Patel2010" for edge in citations.edges) == 155
