"""The citation graph and what is wrong with it."""

from pathlib import Path

import networkx as nx
import pytest

from synthesis.bibliography import read_folder, read_library
from synthesis.citations import (
    build_graph,
    check_graph,
    cited_keys,
    joint_direction,
    keys_of_edges,
    merged,
    participants,
    read_citations,
    read_graph,
    stated_roles,
)
from synthesis.errors import InvalidArgument, NotFound
from synthesis.records.study import (
    Arm,
    Counts,
    Finding,
    Judgement,
    Level,
    Place,
    Reported,
    Sample,
    Source,
    Study,
)

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
    assert graph.summary() == "3 documents (1 reviews, 1 reports), 1 studies, 0 cells, 2 citations"


def test_an_extracted_effect_makes_no_review():
    """A page that tells one effect of a trial is no review of it: what is not stated is a document."""
    graph = build_graph(edges("P B extracts"), entries(P=2001, B=1999))

    assert graph.roles("P") == ("document",)


def test_roles_that_are_stated(tmp_path):
    """A design in the published tables, a keyword, a Cochrane DOI; never a word of a title. Each with its place."""
    table = tmp_path / "studies" / "published" / "statements.csv"
    table.parent.mkdir(parents=True)
    table.write_text("document,design\nG,guideline\nG,systematic review\nN,not stated\n")
    library = read_library(
        "@misc{K, keywords = {drugs, Meta-Analysis}}\n@misc{D, doi = {10.1002/14651858.CD1.pub2}}\n"
        "@misc{T, title = {A guideline}}\n@misc{G, year = 2007}"
    ).entries

    found = stated_roles(tmp_path, library)

    assert {key: tuple(roles) for key, roles in found.items()} == {
        "G": ("guideline", "review"), "K": ("review",), "D": ("review",),
    }  # fmt: skip
    assert found["G"]["guideline"] == "studies/published/statements.csv:2 (design)"
    assert build_graph((), library, (), found).documents("guideline") == ("G",)


def test_a_guideline_that_reviews_and_is_a_report():
    """It keeps all its roles, the kind first, each with where it is stated."""
    study = Study("s", PLACE, ("G",), "update")
    graph = build_graph(edges("G B reviews"), entries(G=2001), [study], {"G": {"guideline": "x.csv:2"}})

    assert graph.roles("G") == ("guideline", "review", "report")
    assert dict(graph.data(("document", "G"))["basis"]) == {
        "guideline": "x.csv:2", "review": "bibliography/citations.csv:2", "report": "a record names it",
    }  # fmt: skip


def finding(modality, outcome, direction, effect=None):
    """A finding of one cell."""
    return Finding(PLACE, modality, outcome, Source("A"), "update", reported=Reported(direction), effect=effect)


def test_a_study_counts_in_the_cells_of_its_findings():
    """With places in the record from 1, people and the stated direction; without a modality in none."""
    findings = (
        finding("cbt", "use", "effective"), finding("not stated", "use", "effective"),
        finding("cbt", "crime", "effective", Counts(1, 10, 2, 12)), finding("cbt", "use", "contrary"),
    )  # fmt: skip
    graph = build_graph((), entries(A=1999, B=1997), [Study("s", PLACE, ("A", "B"), "update", findings=findings)])
    edge = graph.graph.edges[("study", "s"), ("cell", "cbt x use")]

    assert (graph.cells_of("s"), graph.cells()) == (("cbt x use", "cbt x crime"), ("cbt x crime", "cbt x use"))
    assert (edge["relations"], edge["findings"], edge["direction"], edge["n"]) == (("counts in",), (1, 4), "mixed", 22)
    assert graph.graph.edges[("study", "s"), ("cell", "cbt x crime")]["n"] == 22
    assert graph.data(("study", "s"))["year"] == 1997


@pytest.mark.parametrize(
    ("sample", "arms", "people"),
    [
        (Sample(n=50), (Arm("a", "A", 9),), 50),
        (Sample(), (Arm("a", "A", 9), Arm("b", "B", 8), Arm("c", "part of B", 3, split_of="b")), 17),
        (Sample(), (Arm("a", "A", 9), Arm("b", "B")), None),
    ],
)
def test_participants_of_a_study(sample, arms, people):
    """The sample's number, else the sum of whole arms; nothing where one is missing."""
    assert participants(Study("s", PLACE, ("A",), "update", sample=sample, arms=arms)) == people


@pytest.mark.parametrize(
    ("said", "joint"),
    [("effective,not stated", "effective"), ("effective,contrary", "mixed"), ("not stated", "not stated")],
)
def test_the_direction_of_several_findings(said, joint):
    """The one that they state; what is not stated does not count."""
    assert joint_direction(said.split(",")) == joint


def test_who_stands_where():
    """Reports of a study, studies of a report and of a cell."""
    studies = [
        Study(key, PLACE, ("A", *more), "update", findings=(finding("cbt", "use", "mixed"),))
        for key, more in (("t", ()), ("s", ("C",)))
    ]
    graph = build_graph((), (), studies)

    assert (graph.reports("s"), graph.studies_of("A"), graph.studies_in("cbt x use")) == (
        ("A", "C"), ("s", "t"), ("s", "t"),
    )  # fmt: skip


def test_finding_a_node_by_its_key():
    """A key that a study and its report share must be told apart; a mistyped one names the nearest."""
    graph = build_graph((), entries(Smith2006=2006, A=1), [Study("A", PLACE, ("A",), "update")])

    assert graph.find("Smith2006") == ("document", "Smith2006")
    assert (graph.find("study:A"), graph.find("document:A")) == (("study", "A"), ("document", "A"))
    with pytest.raises(InvalidArgument, match="study:A or document:A"):
        graph.find("A")
    with pytest.raises(NotFound, match="did you mean 'Smith2006'"):
        graph.find("Smith2007")
    with pytest.raises(NotFound, match="no study 'Smith2006'"):
        graph.find("study:Smith2006")


def test_what_surrounds_a_node():
    """So many steps along or against the edges, with all that lies between the nodes found."""
    graph = build_graph(edges("A B cites; B C cites; D C cites; A C cites"), ())

    near = graph.around([("document", "A")], 1)
    assert near.documents() == ("A", "B", "C")
    assert [(edge.source, edge.target) for edge in near.edges] == [("A", "B"), ("B", "C"), ("A", "C")]
    assert graph.around([("document", "A")], 2).documents() == ("A", "B", "C", "D")
    assert graph.around([("document", "A")], 0).graph.number_of_edges() == 0


def test_a_graph_of_some_kinds():
    """Only the nodes of these kinds; a kind that there is not is refused with the nearest."""
    graph = build_graph(edges("R B reviews; R C cites"), ())

    assert graph.limited(["review", "document"]).documents() == ("B", "C", "R")
    assert graph.limited(["document"]).graph.number_of_edges() == 0
    with pytest.raises(InvalidArgument, match="did you mean 'review'"):
        graph.limited(["reviews"])


def test_documents_alone():
    """For what is computed of citations: the edges of some relations, no studies."""
    graph = build_graph(edges("R B reviews; R C cites"), (), [Study("s", PLACE, ("B",), "update")])

    assert list(graph.between_documents(["cites"]).edges) == [(("document", "R"), ("document", "C"))]
    assert len(graph.between_documents()) == 3


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


def test_the_shipped_graph():
    """The NICE documents that the published tables call guidelines; each study and report stands in it."""
    graph = read_graph(ROOT)

    assert graph.documents("guideline") == ("NICE2007a", "NICE2007b", "NICE2009")
    assert len(graph.studies()) == len(list((ROOT / "studies").glob("*.yaml")))
    assert all(graph.reports(study) for study in graph.studies())
    assert nx.is_directed_acyclic_graph(graph.graph)
