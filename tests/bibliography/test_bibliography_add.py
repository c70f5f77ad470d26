"""Adding to the library: what is kept, what is refused."""

import re

import pytest
from hypothesis import HealthCheck, given, settings

from synthesis.bibliography import RefusedError, add, read_library
from tests.bibliography.strategies import files

NEW = "@article{New2001,\n  author = {New, A.},\n  title = {A title},\n  year = {2001}\n}\n"
OLD = "@article{Old1999,\n  author = {Old, B.},\n  doi = {10.1000/ABC},\n  year = {1999},\n}\n"


@pytest.fixture
def library(tmp_path):
    """A library of one entry."""
    path = tmp_path / "bibliography" / "references.bib"
    path.parent.mkdir()
    path.write_text(OLD)
    return path


@given(data=files())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_other_byte_is_kept(tmp_path, data):
    """Whatever the line ends, BOM, tabs and remarks of a file, it is the beginning of the new one."""
    path = tmp_path / "references.bib"
    path.write_bytes(data)

    assert add(path, NEW).keys == ("New2001",)

    assert path.read_bytes().startswith(data)
    before, after = read_library(data).entries, read_library(path.read_bytes()).entries
    assert [entry.key for entry in after] == [*(entry.key for entry in before), "New2001"]
    assert after[-1].get("title") == "A title"


def test_the_style_of_the_file(library):
    """A new entry is laid out as the others: CRLF, tabs, no blanks, quotes as given."""
    library.write_bytes(b"@book{A,\r\n\ttitle={T},\r\n\tyear={2000}\r\n}\r\n")

    add(library, NEW)

    expected = b"\r\n\r\n@article{New2001,\r\n\tauthor={New, A.},\r\n\ttitle={A title},\r\n\tyear={2001}\r\n}\r\n"
    assert library.read_bytes().removeprefix(b"@book{A,\r\n\ttitle={T},\r\n\tyear={2000}\r\n}") == expected


def test_a_file_without_a_final_line_end(library):
    """The new entry begins on a line of its own."""
    library.write_text("@book{A, title = {T}}")

    add(library, NEW)

    assert re.match(r"@book\{A, title = \{T\}\}\n+@article\{New2001", library.read_text())


def test_a_library_that_is_not_there_is_made(tmp_path):
    """The first entry makes the file and its folder."""
    path = tmp_path / "bibliography" / "references.bib"

    add(path, NEW)

    assert [entry.key for entry in read_library(path).entries] == ["New2001"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (NEW.replace("New2001", "Old1999"), "SY421"),
        (NEW.replace("New2001", "oLD1999"), "SY422"),
        (NEW.replace("year", "doi = {https://doi.org/10.1000/abc},\n  year"), "SY460"),
        (NEW.replace("year", "doi = {doi:10.1000/AbC},\n  year"), "SY460"),
    ],
)
def test_a_duplicate_is_refused_and_the_existing_entry_shown(library, text, code):
    """A key or DOI that the library has, in whatever case, changes nothing and shows what is there."""
    with pytest.raises(RefusedError) as refused:
        add(library, text)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert "@article{Old1999," in str(refused.value)
    assert library.read_text() == OLD


def test_a_key_of_another_file_of_the_folder_is_taken_too(library):
    """One key, one entry, over all files."""
    with pytest.raises(RefusedError, match="Old1999"):
        add(library.with_name("second.bib"), OLD)
    assert not library.with_name("second.bib").exists()


def test_one_bad_entry_keeps_all_out(library):
    """All or nothing: the good entry of a pair is not added alone."""
    with pytest.raises(RefusedError):
        add(library, NEW + OLD)
    assert library.read_text() == OLD


def test_two_new_entries_with_one_doi_are_refused(library):
    """Entries of one addition are compared with each other as well."""
    first = NEW.replace("year", "doi = {10.1000/x1},\n  year")
    with pytest.raises(RefusedError, match="SY460"):
        add(library, first + first.replace("New2001", "New2002"))


@pytest.mark.parametrize("text", ["", "no entry at all", "@comment{x}", "@article{New2001, title = {never closed"])
def test_what_is_no_entry_is_refused(library, text):
    """Nothing, free text, a comment and an entry without end change nothing."""
    with pytest.raises(RefusedError):
        add(library, text)
    assert library.read_text() == OLD


def test_a_library_whose_end_is_open_is_refused(library):
    """An entry after an unclosed one would be swallowed by it."""
    library.write_text(OLD + "@article{Open2000, title = {T")

    with pytest.raises(RefusedError, match="SY410"):
        add(library, NEW)


def test_comments_are_not_taken_over(library):
    """An export of JabRef begins with a comment and ends with one: the entry is added, and each comment is a note."""
    text = "% Encoding: UTF-8\n\n@misc{Jab2020,\n  title = {T},\n}\n\n@Comment{jabref-meta: databaseType:bibtex;}\n"
    added = add(library, text)

    assert added.keys == ("Jab2020",)
    assert [(problem.line, problem.code, problem.fails) for problem in added.problems] == [
        (1, "SY461", False),
        (7, "SY461", False),
    ]
    assert "jabref" not in library.read_text()
