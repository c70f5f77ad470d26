"""What is retracted, and by whose word."""

import pytest

from synthesis.bibliography import read_library
from synthesis.bibliography.retractions import (
    KINDS,
    PATH,
    Retraction,
    Row,
    read_retractions,
    retracted,
    unknown_documents,
)
from synthesis.errors import Severity
from tests.bibliography.lint.libraries import entry

HEADER = "document,kind,source\n"


def test_a_notice_speaks_of_the_document_with_its_title():
    """And not of itself."""
    text = entry("title = {A {Trial} of counselling.}", key="A") + entry(
        "title = {Retraction: A trial of counselling}", key="N"
    )

    assert retracted([read_library(text, "a.bib")]) == {"A": Retraction("retraction", "a.bib:4", "the notice N")}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Retraction notice to: A trial", "retraction"),
        ("Expression of Concern: A trial", "concern"),
        ("Editorial expression of concern about A trial", None),
        ("Erratum to: A trial", "correction"),
        ("Corrigendum: A trial", "correction"),
    ],
)
def test_kinds_of_notices(title, kind):
    """By the words before the title."""
    found = retracted([read_library(entry("title = {A trial}", key="A") + entry(f"title = {{{title}}}", key="N"))])

    assert found.get("A", Retraction("", "", "")).kind == (kind or "concern")


def test_the_gravest_word_counts():
    """A corrected document that is then retracted is retracted."""
    rows = [Row("Doe2001", kind, "s", 2) for kind in reversed(KINDS)]

    assert retracted([read_library(entry("note = {n}"))], rows)["Doe2001"].kind == "retraction"


def test_rows_of_other_libraries_are_passed_over():
    """A list may speak of far more documents than a library has."""
    rows = read_retractions(HEADER + "10.9999/absent,retraction,s\n").rows

    assert retracted([read_library(entry("doi = {10.1000/x}"))], rows) == {}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("document,kind\nA,retraction\n", 1, "no column source"),
        (HEADER + "A,retracted,s\n", 2, "no kind 'retracted'"),
        (HEADER + "\nA,retraction,\n", 3, "no source"),
        (HEADER + ",retraction,s\n", 2, "no document"),
        (HEADER + '"A\n', 2, "no kind ''"),
        ("", 1, "no column document"),
    ],
)
def test_a_line_that_cannot_be_used(text, line, what):
    """It is named, and the others are used."""
    listed = read_retractions(text + ("B,concern,s\n" if "source" in text and '"' not in text else ""))

    (problem,) = listed.problems
    assert (problem.path, problem.line, problem.code) == (PATH, line, "SY404")
    assert what in problem.what
    assert all(row.document == "B" for row in listed.rows)


def test_a_key_that_is_not_there():
    """A slip in a key would let a retraction pass unseen; a DOI may be of another library."""
    listed = read_retractions(HEADER + "Doe2011,retraction,s\n10.9999/x,retraction,s\n")

    (problem,) = unknown_documents([read_library(entry("note = {n}"))], listed.rows)
    assert (problem.line, problem.severity, problem.remedy) == (2, Severity.WARNING, "did you mean 'Doe2001'?")


@pytest.mark.parametrize("data", [b"\xff\xfe", HEADER.encode("utf-16")])
def test_a_list_in_another_encoding(tmp_path, data):
    """It is an error, not a crash; a review without a list has none."""
    assert read_retractions(tmp_path) == read_retractions(HEADER)
    (tmp_path / "bibliography").mkdir()
    (tmp_path / PATH).write_bytes(data)

    assert [problem.code for problem in read_retractions(tmp_path).problems] == ["SY404"]
