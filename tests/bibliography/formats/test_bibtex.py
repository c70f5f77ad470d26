"""BibTeX as a format of exchange, and entries as references."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.bibliography import read_library
from synthesis.bibliography.formats import Reference, bibtex_of, read_references, reference_of
from synthesis.bibliography.formats.bibtex import extract
from synthesis.bibliography.names import Name, Names

DATA = Path(__file__).parents[2] / "data" / "bibliography"
SHIPPED = Path(__file__).parents[3] / "bibliography" / "references.bib"


@pytest.fixture(scope="module")
def other():
    """The sample file."""
    return read_library(DATA / "other.bib", "other.bib")


def test_values_are_decoded_and_markup_stays(other):
    """Escapes and accents are characters, braces and commands are as written, an address is plain."""
    reference = reference_of(other.entries[0])

    assert reference.get("title") == r"The {NHS} and \textit{E. coli}: 50% & more"
    assert reference.get("url") == "https://example.org/a_b?c=1%202"
    assert reference.authors.people[1:] == (Name("", literal="Cochrane Group"), Name("Müller", "Jörg"))
    assert str(reference.place) == "other.bib:2"


def test_macros_are_resolved(other):
    """`dad # { (Dublin)}`, and the months of BibTeX."""
    assert reference_of(other.entries[0]).get("journal", "x") == "Drug and Alcohol Dependence (Dublin)"
    assert reference_of(other.entries[0]).get("month") == "January"


def test_crossref_is_filled_in(other):
    """The title of the parent is the title of the book, and what the child has stays."""
    child = read_references(DATA / "other.bib").references[1]

    assert (child.get("title"), child.get("booktitle"), child.get("year")) == ("A chapter", "A book", "1998")
    assert child.editors == Names((Name("Gossop", "Michael"),))


def test_an_extract_stands_by_itself(other):
    """With the macro that it uses and the parent that it names, children first, entries byte for byte."""
    text = extract([other], [other.entries[1], other.entries[0]])
    again = read_library(text)

    assert text.startswith("@string{dad = {Drug and Alcohol Dependence}}\n")
    assert [entry.raw for entry in again.entries] == [other.entries[number].raw for number in (1, 0, 2)]
    assert again.problems == ()


def test_an_extract_of_one_entry_has_no_more_than_it_needs(other):
    """No macro of another entry; a parent that was asked for stands once."""
    text = extract([other], [other.entries[2], other.entries[1]])

    assert "@string" not in text
    assert [entry.key for entry in read_library(text).entries] == ["Strang1998", "Gossop1998"]


def test_what_is_no_entry_or_given_twice_is_said():
    """A comment, a preamble, text, and the second of two fields."""
    text = b"@comment{x}\nwords\n@preamble{{y}}\n@misc{a,\n  title = {One},\n  Title = {Two},\n}\n"
    found = read_references(text, "bibtex")

    assert [(problem.line, problem.code, problem.severity) for problem in found.problems] == [
        (1, "SY545", "note"), (6, "SY432", "warning"),
    ]  # fmt: skip
    assert found.references[0].get("title") == "One"


def test_circles_of_parents_end():
    """Two entries that name each other."""
    library = read_library("@book{a, crossref = {b}}\n@book{b, crossref = {a}}\n")

    assert [entry.key for entry in read_library(extract([library], library.entries[:1])).entries] == ["b", "a"]


def test_the_shipped_library_loses_nothing():
    """Every entry of the review, to a reference and back."""
    before = read_references(SHIPPED).references

    assert len(before) > 500
    assert read_references("\n".join(map(bibtex_of, before)).encode(), "bibtex").references == before


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=8))
def test_no_value_breaks_out_of_its_entry(title, address, key):
    """Whatever stands in a reference, one entry comes out, without an error."""
    text = bibtex_of(Reference("misc", key, {"title": title, "url": address, "year": "2001"}), key or "k")
    library = read_library(text)

    assert [entry.get("year") for entry in library.entries] == ["2001"]
    assert [problem for problem in library.problems if problem.code == "SY410"] == []


def test_the_order_and_form_of_an_entry():
    """Authors first, abstract last, months as macros, two blanks before each field."""
    reference = Reference(
        "article", "Doe2001", {"abstract": "x", "month": "May", "title": "T"}, Names((Name("Doe", "J"),))
    )

    assert bibtex_of(reference) == (
        "@article{Doe2001,\n  author = {Doe, J},\n  title = {T},\n  month = may,\n  abstract = {x},\n}\n"
    )


BROKEN = """@article{Good, title = {A}}
@article{NoComma, title = {B} year = 2001}
@article{Macro, title = nosuch}
@article{Closed, title = {C}}
  year = 2002,
}
article{NoSign, title = {D}}
@string{x = {unclosed"}}
@article{Last, title = {E}}
@article{Cut, title = {F,
"""


def test_the_entries_with_errors_are_known():
    """A comma, a macro, a brace too early; and what is no entry for its error. The others are sound."""
    found = read_references(BROKEN.encode(), "bibtex")

    assert [one.key for one in found.sound] == ["Good", "Last"]
    assert [(one.place.line, one.why[:5], one.number) for one in found.faulty] == [
        (2, "SY430", 1), (3, "SY433", 2), (5, "SY411", 3), (10, "SY410", None),
    ]  # fmt: skip


def test_text_like_an_entry_is_a_record_of_its_own():
    """The entry before it is sound."""
    found = read_references(b"@article{Good, title = {A}}\n\n@article NoBrace, title = {D}\n", "bibtex")

    assert [one.key for one in found.sound] == ["Good"]
    assert [(one.place.line, one.number) for one in found.faulty] == [(3, None)]


def test_errors_that_are_not_listed_are_counted_for():
    """After the last error that is listed no entry is taken for sound."""
    library = "".join(f"@misc{{k{number}, title = nosuch}}\n" for number in range(3000))
    found = read_references(library.encode(), "bibtex")

    assert (found.sound, len(found.faulty)) == ((), 3000)


@pytest.mark.parametrize(
    ("name", "text", "sound"),
    [
        ("endnote", "<xml><records><record><label>a</label><record><label>b</label></record></records></xml>", ["b"]),
        (
            "csl-json",
            '[{"id": "a", "type": "book"}, {"id": "b" "type": "book"}, {"id": "c", "type": "book"}]',
            ["a", "c"],
        ),
    ],
)
def test_broken_records_of_other_formats(name, text, sound):
    """A record that is not closed, and one without a comma."""
    found = read_references(text.encode(), name)

    assert [one.key for one in found.sound] == sound
    assert [one.number for one in found.faulty][:1] == [None]


def test_a_child_of_an_entry_with_an_error_has_one():
    """It would take fields from what may be read wrongly."""
    found = read_references(b"@incollection{C, title = {A}, crossref = {B}}\n@book{B, title = nosuch}\n", "bibtex")

    assert [one.number for one in found.faulty] == [0, 1]
