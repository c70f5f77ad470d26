"""What bibtexparser 2.1 does wrong, each of the eight measured defects, does not reach the user."""

import pytest

from synthesis.bibliography import RefusedError, add, lint, read_library
from synthesis.bibliography.editing import remove
from synthesis.bibliography.latex import decode, encode
from synthesis.bibliography.names import names_of, written

GOOD = "@misc{Good1999,\n  title = {Good},\n  year = {1999},\n}\n"
SILENT = {  # defect 3: what was read wrongly without a word, and what it is now
    "a missing comma": ("@misc{K,\n  title={Foo}\n  year=2000\n}", "SY430", [("title", "Foo"), ("year", "2000")]),
    "an extra closing brace": ("@misc{K,\n  title={Foo}},\n  year=2000\n}", "SY411", [("title", "Foo")]),
    "an empty key": ("@misc{,\n  title={Foo}\n}", "SY420", [("title", "Foo")]),
    "an undefined macro": ("@misc{K,\n  journal=jama\n}", "SY433", [("journal", "jama")]),
    "text in no field": ("@misc{K,\n  title={Foo} bar,\n  year=2000\n}", "SY431", [("title", "Foo"), ("year", "2000")]),
}  # fmt: skip


def test_1_saving_twice_is_saving_once(tmp_path):
    """A broken block stays as it is, however often the file is written."""
    broken = "@misc{Broken, title = {never\n\n" + GOOD
    path = tmp_path / "references.bib"
    path.write_text(broken)
    for _ in range(3):
        add(path, "@misc{New2001, title = {New}}")
        remove(tmp_path, "New2001")

    assert path.read_text() == broken


def test_2_a_problem_has_its_line_its_column_and_words():
    """Lines and columns begin with 1; nothing is left for another object to tell."""
    (problem,) = read_library(GOOD + "\n  @misc{Open, title = {never\n").problems

    assert (problem.line, problem.column, problem.code) == (6, 3, "SY410")
    assert "@misc{Open, title = {never" in problem.what
    assert "brace" in problem.remedy


@pytest.mark.parametrize("name", SILENT)
def test_3_nothing_is_read_wrongly_in_silence(name):
    """The fault is reported, and what surely belongs to the entry is read."""
    text, code, fields = SILENT[name]
    library = read_library(text + "\n" + GOOD)

    assert [problem.code for problem in library.problems] == [code]
    assert [(field.name, field.value) for field in library.entries[0].fields] == fields
    assert library.entries[-1].key == "Good1999"


def test_3_concatenations_are_evaluated():
    """`#` and macros, also of macros, give the text that BibTeX gives; the text as written is kept."""
    (entry,) = read_library(
        '@string{a = "x" # { y}}\n@misc{K, note = a # "; " # A # 12, month = 1 # "~" # jan}'
    ).entries

    assert (entry.get("note"), entry.get("month")) == ("x y; x y12", "1~January")
    assert entry.fields[0].written == 'a # "; " # A # 12'


@pytest.mark.parametrize("line", ["@article{x} and more", "@home{", "@misc {y, z", "@inbook(1999)"])
def test_4_a_line_of_an_abstract_may_begin_with_a_sign(line):
    """Counting braces, the abstract holds it; the warning names the line."""
    inner = line + "}" * (line.count("{") - line.count("}"))
    library = read_library(f"@misc{{K,\n  abstract = {{One.\n{inner}\nTwo.}},\n  year = {{2000}},\n}}\n{GOOD}")

    assert [entry.key for entry in library.entries] == ["K", "Good1999"]
    assert library.entries[0].get("year") == "2000"
    assert [(problem.line, problem.code) for problem in library.problems] == [(3, "SY413")]


def test_5_an_entry_with_a_repeated_field_is_there():
    """It has both fields, and the second one is reported."""
    library = read_library("@misc{K,\n  year = {2000},\n  year = {2001},\n}\n")

    assert [field.value for field in library.entries[0].fields] == ["2000", "2001"]
    assert [(one.line, one.code) for one in lint(library) if one.code == "SY432"] == [(3, "SY432")]


def test_6_a_corporate_author_stays_whole():
    """The World Health Organization has no first name."""
    names = names_of("{World Health Organization} and Doe, Jane")

    assert names.people[0].literal == "World Health Organization"
    assert written(names) == "{World Health Organization} and Doe, Jane"


@pytest.mark.parametrize("text", ["{DNA}", r"\textit{E. coli}", r"$\beta$ 50\% \& $x$", r"\url{http://x.y/a_b%20c}"])
def test_7_braces_markup_and_mathematics_survive_unicode(text):
    """There and back gives the same LaTeX, also between two formulas."""
    assert encode(decode(text)) == text


@pytest.mark.parametrize(("name", "what"), [("latin-1", "not UTF-8"), ("utf-16", "UTF-16")])
def test_8_a_wrong_encoding_is_named_and_nothing_is_written(tmp_path, name, what):
    """Every byte is kept; the file takes no entry until it is UTF-8."""
    data = "@misc{K,\n  title = {Café},\n}\n".encode(name)
    path = tmp_path / "references.bib"
    path.write_bytes(data)

    with pytest.raises(RefusedError, match=f"SY400.*{what}"):
        add(path, GOOD)
    assert read_library(data).rebuilt() == path.read_bytes() == data


def test_8_a_byte_order_mark_is_no_text():
    """The first entry begins in column 1."""
    library = read_library(b"\xef\xbb\xbf" + GOOD.encode())

    assert (library.problems, library.entries[0].column) == ((), 1)
