"""bibtexparser as the second reader: silent where it agrees or where a problem says why, and heard elsewhere."""

from dataclasses import replace

import pytest

from synthesis.bibliography import read_library
from synthesis.bibliography.second_reader import read_otherwise
from synthesis.errors import Problem, Severity

CLEAN = """@string{j = {Journal}}
@article{Ames2001,
  author = {Ames, A. and {World Health Organization}},
  title = "A {T}itle with {\\"o}",
  journal = j # { of } # "Trials",
  year = 2001,
}
@comment{nothing}
@book(Burt2003, title = {B, with (brackets)}, year = "2003")
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_two_readings_of_a_clean_library_agree(newline):
    """Macros, concatenation, quotes, corporate authors, brackets, either line end."""
    library = read_library(CLEAN.replace("\n", newline))

    assert [entry.key for entry in library.entries] == ["Ames2001", "Burt2003"]
    assert library.problems == ()
    assert read_otherwise(library) == ()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("@misc{a,\n title = {Foo}\n year = 2000\n}\n", "reads the fields title;"),
        ("@misc{a,\n title = {Foo},\n note = {x\n@home{b} y},\n}\n", "does not give this entry"),
        ("@misc{a,\n title = {Foo} bar,\n year = 2000\n}\n", "another value of 'title'"),
    ],
)
def test_where_a_problem_says_why_it_is_silent_and_else_it_speaks(text, what):
    """The silent mistakes of bibtexparser are told by our own reading; with that taken away the second one is heard."""
    library = read_library(text)
    (found,) = read_otherwise(replace(library, problems=()))

    assert library.problems
    assert read_otherwise(library) == ()
    assert (found.code, found.severity, found.line, found.column) == ("SY417", Severity.NOTE, 1, 1)
    assert what in found.what


def test_what_lint_found_silences_it_too():
    """A repeated key: bibtexparser drops the second entry, and the rule on keys says so already."""
    library = read_library("@misc{a, title = {x}}\n@misc{a, title = {y}}\n@misc{b, title = {z}, title = {z}}\n")
    told = [Problem(library.path, line, 1, "SY421", "", "") for line in (2, 3)]

    assert read_otherwise(library, told) == ()


def test_a_hostile_file_is_not_read_a_second_time(monkeypatch):
    """Millions of braces would take the second reader long; that it was not asked is said."""
    monkeypatch.setattr("synthesis.bibliography.second_reader.MOST_MARKS", 10)
    (found,) = read_otherwise(read_library(CLEAN))

    assert "too large to be read a second time" in found.what
    assert found.severity is Severity.NOTE
