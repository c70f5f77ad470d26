"""The library against what a review cites, and files as people have them."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.bibliography import CODES, check_cited, check_library, lint, read_folder, read_library
from synthesis.records.study import Place

ROOT = Path(__file__).parents[2]
JUMBLE = (ROOT / "tests" / "data" / "bib" / "jumble.bib").read_bytes()
MESSY = {
    "a jumble": JUMBLE,
    "CRLF": JUMBLE.replace(b"\n", b"\r\n"),
    "CR": JUMBLE.replace(b"\n", b"\r"),
    "a BOM": codecs.BOM_UTF8 + JUMBLE,
    "Latin-1": b"@misc{Latin, title = {caf\xe9}}",
    "UTF-16": JUMBLE.decode().encode("utf-16"),
    "cut off": JUMBLE[:-20],
}
ONE = "@misc{Doe2001, title = {T}}\n"
PLACE = Place("studies/doe2001.yaml", 2, 7)


def test_a_cited_key_without_an_entry():
    """It is an error at the citing place, with the nearest key."""
    (problem,) = check_cited(read_library(ONE), {"Doe2011": PLACE, "Doe2001": PLACE})

    assert (problem.path, problem.line, problem.column, problem.code) == ("studies/doe2001.yaml", 2, 7, "SY450")
    assert "did you mean 'Doe2001'?" in problem.remedy


def test_an_entry_that_nothing_cites_is_a_note():
    """It stands at the entry and fails nothing."""
    (problem,) = check_cited(read_library("\n" + ONE), {})

    assert (problem.code, problem.line, problem.fails) == ("SY451", 2, False)


def test_an_entry_that_another_takes_its_fields_from_is_used():
    """`crossref` uses the book of a chapter."""
    library = read_library("@inbook{Ch, crossref = {Book}}\n@book{Book, title = {B}}")

    assert check_cited(library, {"Ch": PLACE}) == ()


def test_the_library_of_a_folder(tmp_path):
    """`used` keys make entries used and are not asked for themselves."""
    (tmp_path / "bibliography").mkdir()
    (tmp_path / "bibliography" / "references.bib").write_text(ONE)

    assert check_library(tmp_path, {}, used=["Doe2001", "Absent1999"]) == ()
    assert [problem.code for problem in check_library(tmp_path, {"Absent1999": PLACE})] == ["SY451", "SY450"]


def test_the_shipped_library_has_nothing_that_fails():
    """Notes only: a source that states no journal leaves none."""
    libraries = read_folder(ROOT)

    assert [str(problem) for problem in lint(libraries) if problem.fails] == []
    assert len(libraries[0].entries) > 500


def test_the_shipped_library_is_sorted_and_ascii_keyed():
    """One order for everybody, so that two additions do not meet in one line by chance."""
    keys = [entry.key for entry in read_folder(ROOT)[0].entries]

    assert keys == sorted(keys, key=str.lower)
    assert all(key.isascii() and key.isalnum() for key in keys)


@pytest.mark.parametrize("name", MESSY)
def test_a_messy_file_keeps_its_bytes(name):
    """Whatever stands in a file, it is read, and put together again it is the same."""
    library = read_library(MESSY[name])

    assert library.rebuilt() == MESSY[name]
    assert all(problem.code in CODES and problem.remedy for problem in lint(library))


@given(text=st.text(st.sampled_from('@{}()",=#%\\ \n\r\tabX1é'), max_size=200))
def test_no_text_is_too_strange(text):
    """Any text is read without an exception, and kept."""
    library = read_library("@misc{A, title = {T}}" + text)

    assert library.rebuilt() == ("@misc{A, title = {T}}" + text).encode()
    lint(library)


@given(data=st.binary(max_size=200))
def test_no_bytes_are_too_strange(data):
    """Any bytes are read without an exception, and kept."""
    assert read_library(data).rebuilt() == data


def test_a_jumble_is_read_as_far_as_it_can_be():
    """Every entry that is closed is there, with macros and `#` resolved; every fault has its line."""
    library = read_library(JUMBLE)

    assert [entry.key for entry in library.entries] == [
        "One2000", "Two2001", "Three2002", "", "Five2004", "One2000",
    ]  # fmt: skip
    assert library.entries[0].get("journal") == "Journal of Things, part 2"
    assert [(problem.line, problem.code) for problem in library.problems] == [
        (14, "SY430"),
        (18, "SY420"),
        (22, "SY410"),
    ]
