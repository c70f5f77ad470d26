"""citations.csv, read strictly."""

import pytest

from synthesis.citations import CODES, RELATIONS, read_citations

HEADER = "source,target,relation,locator\n"
GOOD = "A2001,B1999,cites,p. 3\n"


def test_citations_know_their_lines(tmp_path):
    """A folder's file is read with the line of each row; quoted line ends count."""
    (tmp_path / "bibliography").mkdir()
    path = tmp_path / "bibliography" / "citations.csv"
    path.write_text(HEADER + 'A2001,B1999,cites,"p. 3\n and 4"\nA2001,C1998,extracts,\n')

    first, second = read_citations(tmp_path).edges

    assert (first.place.path, first.place.line, second.place.line) == ("bibliography/citations.csv", 2, 4)
    assert (second.source, second.target, second.relation, second.locator) == ("A2001", "C1998", "extracts", "")


def test_a_review_without_the_file_has_no_citations(tmp_path):
    """It is optional."""
    assert read_citations(tmp_path).edges == ()


@pytest.mark.parametrize(
    ("body", "line", "column", "code"),
    [
        (GOOD + "A2001,B1998,cite,\n", 3, 3, "SY504"),
        (GOOD + "A2001,,cites,\n", 3, 2, "SY503"),
        (GOOD + ",B1998,cites,\n", 3, 1, "SY503"),
        (GOOD + "A2001,B1998,,\n", 3, 3, "SY503"),
        (GOOD + "A2001,B1998,cites\n", 3, 1, "SY502"),
        (GOOD + "A2001,B1998,cites,p. 3, line 4\n", 3, 1, "SY502"),
        (GOOD + "\n" + GOOD, 4, 1, "SY505"),
        (GOOD + "A2001,A2001,cites,\n", 3, 2, "SY506"),
        (GOOD + '"A2001,B1998,cites,\n', 3, 1, "SY500"),
    ],
)
def test_a_mistake_is_named_at_its_field(body, line, column, code):
    """Each has its line, its field counted from 1, and a remedy; the other rows are read."""
    citations = read_citations(HEADER + body, "c.csv")

    assert [(found.path, found.line, found.column, found.code) for found in citations.problems] == [
        ("c.csv", line, column, code)
    ]
    assert citations.problems[0].remedy
    assert [edge.target for edge in citations.edges] == ["B1999"]


@pytest.mark.parametrize("header", ["", "source,target,relation\n", "source,source,target,relation,locator\n"])
def test_a_header_that_lacks_a_column(header):
    """Nothing is read under a wrong header."""
    citations = read_citations(header + GOOD)

    assert {problem.code for problem in citations.problems} == {"SY501"}
    assert citations.edges == ()


def test_a_mistyped_relation_is_recognised():
    """The remedy names the nearest one."""
    (problem,) = read_citations(HEADER + "A,B,reveiws,\n").problems

    assert "did you mean 'reviews'?" in problem.remedy
    assert set(RELATIONS) == {"cites", "reviews", "meta_analyses", "extracts"}


def test_bytes_that_are_not_utf8(tmp_path):
    """They are named at their line."""
    (tmp_path / "bibliography").mkdir()
    (tmp_path / "bibliography" / "citations.csv").write_bytes(HEADER.encode() + b"A,caf\xe9,cites,\n")

    assert [(problem.code, problem.line) for problem in read_citations(tmp_path).problems] == [("SY500", 2)]
    assert all(code.startswith("SY5") for code in CODES)
