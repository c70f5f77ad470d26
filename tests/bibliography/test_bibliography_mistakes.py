"""Seeded mistakes of BibTeX: each is named at its line, with a remedy."""

import pytest

from synthesis.bibliography import lint, read_library

BEFORE = "@article{Smith2004,\n  author = {Smith, J.},\n  title = {Words},\n  journal = {J},\n  year = {2004},\n}\n\n"
AFTER = "\n@book{Last2005, title = {T}, author = {L}, publisher = {P}, year = 2005}\n"

MISTAKES = {
    "a missing comma": ("@misc{K,\n  title = {T}\n  year = {2000},\n}", 2, "SY430", "write one"),
    "no comma after the key": ("@misc{K\n  title = {T},\n}", 1, "SY430", "write one"),
    "a field without a value": ("@misc{K,\n  title = {T},\n  year,\n}", 3, "SY431", "write year = {...}"),
    "a field twice": ("@misc{K,\n  year = {2000},\n  Year = {2001},\n}", 3, "SY432", "keep one of the two"),
    "a macro that is not defined": ("@misc{K,\n  title = {T},\n  journal = jstdu,\n}", 3, "SY433", "@string"),
    "no key": ("@misc{,\n  title = {T},\n}", 1, "SY420", "write one"),
    "a blank in the key": ("@misc{Two Words,\n  title = {T},\n}", 1, "SY423", "without it"),
    "a key twice": ("@misc{Smith2004,\n  title = {T},\n}", 1, "SY421", "another key"),
    "a key in other capitals": ("@misc{SMITH2004,\n  title = {T},\n}", 1, "SY422", "another key"),
    "a brace that is never closed": ("@misc{K,\n  title = {T,\n  year = {2000},\n}", 1, "SY410", "balance"),
    "a brace too many": ("@misc{K,\n  title = {T}},\n  year = {2000},\n}", 2, "SY411", "closes the entry too early"),
    "a year in words": ("@misc{K,\n  title = {T},\n  year = {last spring},\n}", 3, "SY443", "2009"),
    "a year to come": ("@misc{K,\n  title = {T},\n  year = {in press},\n}", 3, "SY443", "until there is one"),
    "a DOI that is none": ("@misc{K,\n  doi = {doi.org/smith},\n}", 2, "SY440", "10."),
    "a DOI twice": ("@misc{K,\n  doi = {10.1000/1},\n}\n@misc{K2,\n  doi = {DOI:10.1000/1},\n}", 5, "SY441", "one"),
    "an entry commented out with %": ("% @misc{K,\n%  title = {T}\n}", 1, "SY412", "delete"),
    "a control character": ("@misc{K,\n  title = {T\x07},\n}", 2, "SY402", "take it out"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_at_its_line(name):
    """The problem has the code, the line and the remedy; the entries around it are read."""
    text, line, code, remedy = MISTAKES[name]
    library = read_library(BEFORE + text + "\n" + AFTER)

    found = [problem for problem in lint(library) if problem.code == code]

    assert [problem.line for problem in found] == [BEFORE.count("\n") + line]
    assert remedy in found[0].remedy
    assert {"Smith2004", "Last2005"} <= {entry.key for entry in library.entries}


def test_a_file_that_is_not_utf8():
    """Latin-1 is named at the character; every byte is kept."""
    data = b"@misc{A,\n  title = {caf\xe9},\n}\n"
    library = read_library(data)

    assert [(problem.code, problem.line) for problem in library.problems] == [("SY400", 2)]
    assert library.rebuilt() == data
