r"""What BibTeX reads otherwise than a person means, and says nothing or little about, is reported at its place.

How BibTeX reads each of the texts was seen with BibTeX 0.99d (TeX Live) and a style that writes out every field.
"""

import pytest

from synthesis.bibliography import read_library
from synthesis.bibliography.editing import add
from synthesis.bibliography.editing.refused import RefusedError

QUOTE = '@article{a, title="Wi\\"shful", year=2001}'
STRINGS = {  # the column of the fault
    "@string{j={x}, k={y}}": 16,
    "@string{j={x} {y}}": 15,
    '@string{j =# "x"}': 9,
    '@string(j="x" # )': 9,
}
COMMENTS = {
    "@comment{old: @article{c9, title={t}}}": (15, "SY412"),
    "% @in-proc{pp, title={x}}": (3, "SY412"),
    "see @book\n{b9, title={x}}": (5, "SY411"),
    "mail x@y.org (he knows)": (7, "SY411"),
    "see @ book {b8, title={x}}": (5, "SY411"),
}
BLANKS = {
    "@misc{q,\u00a0title={x}}": 9,
    "@misc{q, title\u00a0={x}, year=2}": 15,
    "@misc{q, title=\u2009{x}, year=2}": 16,
    "@misc{q, title={x}\u3000, year=2}": 19,
    '@misc{q, title={x\u00a0y} # \u00a0"z"}': 24,
    "@misc{q, title={x}\x0c}": 19,
    "@string{\u00a0j = {x}}": 9,
}


def found(text):
    """Line, column and code of all problems."""
    return [(one.line, one.column, one.code) for one in read_library(text).problems]


def test_a_backslash_does_not_save_a_quote():
    """BibTeX ends the value there; the whole value is read, as it was meant, with a warning."""
    library = read_library(QUOTE)

    assert [(field.name, field.value) for field in library.entries[0].fields] == [
        ("title", 'Wi\\"shful'),
        ("year", "2001"),
    ]
    (problem,) = library.problems
    assert (problem.column, problem.code, problem.severity.value) == (23, "SY434", "warning")
    assert '{\\"u}' in problem.remedy


@pytest.mark.parametrize(
    ("value", "read"),
    [('"C:\\dir\\"', "C:\\dir\\"), ('"x\\" # "z"', "x\\z"), ('"{\\"u}"', '{\\"u}'), ('{\\"u}', '\\"u')],
)
def test_a_quote_after_a_backslash_that_ends_a_value_is_no_fault(value, read):
    """As BibTeX reads it, without a word."""
    library = read_library(f"@misc{{a, title={value}, year=2001}}")

    assert (library.entries[0].get("title"), library.entries[0].get("year")) == (read, "2001")
    assert not library.problems


def test_a_value_with_many_accents_has_one_fault():
    """A long abstract in quotes does not make its entry unreadable."""
    assert found('@misc{a, abstract="' + 'f\\"ur ' * 500 + '"}') == [(1, 22, "SY434")]


@pytest.mark.parametrize("text", [QUOTE, "@misc{a, title={one \\{ brace}}"])
def test_what_bibtex_would_cut_off_is_not_added(tmp_path, text):
    """A warning in a library, a refusal for what would come into it."""
    with pytest.raises(RefusedError, match="SY434"):
        add(tmp_path / "references.bib", text)
    assert not (tmp_path / "references.bib").exists()


def test_restyled_values_with_a_quote_keep_their_braces(tmp_path):
    """The file has quotes; this value cannot."""
    path = tmp_path / "references.bib"
    path.write_text('@misc{a, title = "One", note = "Two"}\n')
    add(path, '@misc{b, title = {M\\"uller}, note = {{\\"u}}}', made=True)

    assert 'title = {M\\"uller}, note = "{\\"u}"' in path.read_text()


@pytest.mark.parametrize("text", STRINGS)
def test_faults_of_a_string_have_their_place(text):
    """A second macro, text after the value, a part without a value."""
    assert found(f"\n {text}\n@misc{{a, title={{j}}}}") == [(2, STRINGS[text] + 1, "SY431")]


@pytest.mark.parametrize("text", ['@preamble{"a \\{ b"}', "@string{j = {a \\{ b}}"])
def test_braces_of_other_blocks_that_bibtex_counts(text):
    """BibTeX reads on to the end of the file, and loses what stands there."""
    assert found(f"\n{text}\n@misc{{a, title={{x}}}}\n") == [(2, 1, "SY434")]


@pytest.mark.parametrize("name", ["1", "2nd", "ti'tle"])
def test_names_at_which_bibtex_stops(name):
    """It is missing a field name there, and skips the rest of the entry."""
    assert found(f"@misc{{a, {name} = {{x}}, year = 2001}}") == [(1, 10, "SY431")]


@pytest.mark.parametrize("text", COMMENTS)
def test_entries_that_bibtex_reads_are_not_passed_over_in_silence(text):
    """BibTeX knows comments of no kind, and takes every @ with a word and a bracket for an entry."""
    column, code = COMMENTS[text]
    assert found(f"\n{text}\n") == [(2, column, code)]


@pytest.mark.parametrize(
    "text", ["@comment{jabref-meta: saveActions:enabled;}", "a@b.org, @home and % @too", "@comment"]
)
def test_other_comments_are_silent(text):
    """No @ with a word and a bracket."""
    assert not found(f"x {text}\n")


@pytest.mark.parametrize("text", BLANKS)
def test_blanks_that_are_none_to_bibtex(text):
    """A no-break space becomes a part of the name beside it: the field is lost."""
    assert (1, BLANKS[text], "SY431") in found(text)


def test_such_blanks_inside_a_value_are_none_of_its_business():
    """They are text."""
    assert not found('@misc{q, title={x\u00a0y} # "a\u2009b"}\n\u00a0\n')


@pytest.mark.parametrize("sign", ['"', "{"])
def test_a_sign_in_a_key_is_named(sign):
    """Not only that the block cannot be read."""
    (problem,) = read_library(f"@misc{{b{sign}c, title={{x}}}}").problems

    assert f"{sign} in the key 'b{sign}c'" in problem.what
    assert "without it" in problem.remedy


def test_an_entry_of_too_many_fields_is_no_entry():
    """1,000 are read, 1,001 are not, calm or otherwise."""
    fields = ",".join(f"f{number}=1" for number in range(1000))

    assert len(read_library(f"@a{{k,{fields}}}").entries[0].fields) == 1000
    for more in (",g=1", ",,g=1"):
        library = read_library(f"@a{{k,{fields}{more}}}")
        assert not library.entries
        assert "more than 1,000 fields" in library.problems[0].what


def test_of_many_faults_of_one_code_the_number_is_said():
    """A thousand are listed; none is dropped in silence."""
    library = read_library("@misc{k, note=%}\n" * 1500 + "@misc{k, note=x y}\n")
    last = library.problems[-2]

    assert library.faults() == {"SY433": 1502, "SY431": 1}
    assert "501 more" in last.what
    assert library.problems[-1].code == "SY431"
