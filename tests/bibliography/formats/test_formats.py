"""Formats by name, by ending and by content; what is lost; what is already in the library."""

from pathlib import Path

import pytest

from synthesis.bibliography import read_library
from synthesis.bibliography.formats import FORMATS, Reference, losses, read_references, write_references
from synthesis.bibliography.formats.detection import ENDINGS, format_of
from synthesis.bibliography.formats.importing import prepare
from synthesis.bibliography.formats.source import MOST
from synthesis.errors import InvalidArgument, Severity

DATA = Path(__file__).parents[2] / "data" / "bibliography"
LIBRARY = read_library("@misc{Doe2001, title = {One}, doi = {10.1000/1}, pmid = {7}}\n", "a.bib").entries


def test_unknown_formats_are_refused():
    """With the nearest name."""
    with pytest.raises(InvalidArgument, match="did you mean 'ris'"):
        write_references([], "rsi")
    with pytest.raises(InvalidArgument, match="name one of: bibtex, csl-json"):
        read_references(b"hello", name="hello.dat")


def test_every_ending_is_that_of_a_format():
    """The table of endings and the formats agree."""
    assert {ending: name for name, one in FORMATS.items() for ending in one.extensions} == ENDINGS


@pytest.mark.parametrize("path", sorted(DATA.glob("*.*")))
def test_content_tells_the_format(path):
    """Without the ending, with a BOM, and in UTF-16."""
    if path.suffix != ".md" and path.name != "broken.nbib":
        data = path.read_bytes()

        assert format_of(data, "x.txt") == ENDINGS[path.suffix]
        assert format_of(b"\xef\xbb\xbf" + data.removeprefix(b"\xef\xbb\xbf"), "<stdin>") == ENDINGS[path.suffix]


def test_what_is_lost_is_said():
    """One line a kind, with the number of references and the first of them."""
    given = [Reference("misc", f"K{number}", {"title": "{DNA}", "howpublished": "x"}) for number in (1, 2)]

    assert [str(loss) for loss in losses(given, FORMATS["ris"])] == [
        "RIS does not hold markup and braces of title: K1 and 1 more",
        "RIS does not hold the field howpublished: K1 and 1 more",
    ]
    assert [loss.problem().severity for loss in losses(given, FORMATS["ris"])] == [Severity.NOTE] * 2


def test_problems_of_one_kind_are_counted_beyond_a_limit():
    """A hostile file makes no endless report."""
    problems = read_references(b"ER  - \n" * (MOST + 50), "ris").problems

    assert len(problems) == MOST + 1
    assert "(and 49 more after this, of one kind)" in problems[-1].what


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ris", "TY  - JOUR\nTI  - x\n" + "KW  - y\n" * 60_000 + "ER  - \n"),
        ("nbib", "PMID- 1\nTI  - x\n" + "OT  - y\n" * 60_000),
        ("endnote", "<xml><records><record><title>x</title>" + "<a/>" * 60_000 + "</record></records></xml>"),
    ],
)
def test_a_record_has_a_limit(name, text):
    """What is beyond it is an error, not a full memory."""
    errors = [problem for problem in read_references(text.encode(), name).problems if problem.severity == "error"]

    assert [problem.code for problem in errors] == ["SY546"]
    assert "50,000" in errors[0].what


def test_latin_1_is_read_and_said():
    """RIS was Windows' own encoding once."""
    found = read_references("TY  - JOUR\nTI  - Café \u2013 x\nER  - \n".encode("cp1252"), "ris")

    assert found.references[0].get("title") == "Café \u2013 x"
    assert [(problem.line, problem.column, problem.code) for problem in found.problems] == [(2, 10, "SY540")]


def reference(key="", title="Two", **fields):
    """A reference of another program."""
    return Reference("misc", key, {"title": title, "year": "2002", **fields})


def test_new_references_get_keys_that_people_write():
    """A number or an address is no key; a good key is kept."""
    given = [reference("12", "Two things"), reference("http://zotero.org/x", "Three"), reference("Roe2002", "Four")]

    assert [one.key for one in prepare(given, LIBRARY).references] == ["TwoThings2002", "Three2002", "Roe2002"]


@pytest.mark.parametrize(
    "double",
    [reference(doi="10.1000/1"), reference(pmid="7"), reference("Doe2001", "One"), reference("doe2001", "ONE!")],
)
def test_doubles_are_refused_or_skipped(double):
    """By DOI, by PMID, or by key and title."""
    refused, skipped = prepare([double], LIBRARY), prepare([double], LIBRARY, skip=True)

    assert ([problem.code for problem in refused.problems], refused.references) == (["SY460"], ())
    assert refused.existing == LIBRARY
    assert ([problem.fails for problem in skipped.problems], len(skipped.skipped)) == ([], 1)


def test_a_shared_doi_under_another_title_is_pointed_out():
    """A supplement has one DOI for all its abstracts."""
    (skipped,) = prepare([reference(title="Something else", doi="10.1000/1")], LIBRARY, skip=True).skipped

    assert skipped.doubtful
    assert "whose title is another" in str(skipped)


def test_a_key_of_another_document_is_replaced_only_where_doubles_are_skipped():
    """Otherwise it is an error; nothing is lost either way."""
    refused, skipped = (prepare([reference("Doe2001")], LIBRARY, skip=skip) for skip in (False, True))

    assert [problem.code for problem in refused.problems] == ["SY421"]
    assert [one.key for one in skipped.references] == ["Two2002"]
    assert [problem.severity for problem in skipped.problems] == [Severity.NOTE]


def test_doubles_within_one_file_count():
    """The first is taken."""
    prepared = prepare([reference(doi="10.1000/2"), reference(doi="10.1000/2")], LIBRARY, skip=True)

    assert (len(prepared.references), len(prepared.skipped)) == (1, 1)
