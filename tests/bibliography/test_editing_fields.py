"""Fields set, entries removed, keys renamed and layouts made, by example."""

import re

import pytest

from synthesis.bibliography import RefusedError
from synthesis.bibliography.editing import Layout, format_entries, remove, set_fields
from synthesis.bibliography.editing.entries import entry_of
from synthesis.bibliography.editing.rekeying import rekeyed
from synthesis.bibliography.editing.shelf import held
from synthesis.errors import InvalidArgument, NotFound

LIBRARY = """@string{jstd = {Journal of Studies}}

@article{Doe2001,
  author   = {Doe, J.},
  title    = {Words},
  journal  = jstd,
  month    = jan,
  year     = 2001
}

@article{Roe2002, author="Roe, R.", title="Other", pages="1--2", year="2002"}


% a remark
@misc{Poe2003,
  crossref = {Doe2001},
  related  = {Roe2002, DOE2001,X1},
}
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with one library."""
    (tmp_path / "references.bib").write_text(LIBRARY)
    return tmp_path


def text(folder):
    """The library as it is now."""
    return (folder / "references.bib").read_text()


@pytest.mark.parametrize(
    ("key", "values", "before", "after"),
    [
        ("Doe2001", {"title": "New {DNA}"}, "{Words}", "{New {DNA}}"),
        ("Doe2001", {"Year": "1999"}, "= 2001\n", "= 1999\n"),
        ("Doe2001", {"year": "in press"}, "= 2001\n", "= {in press}\n"),
        ("Doe2001", {"month": "feb"}, "= jan", "= feb"),
        ("Doe2001", {"journal": "J. of X"}, "= jstd", "= {J. of X}"),
        ("Roe2002", {"title": 'A {"}B{"} C'}, '"Other"', '"A {"}B{"} C"'),
        ("Doe2001", {"pages": "3--4"}, "{Words},\n", "{Words},\n  pages    = {3--4},\n"),
        ("Doe2001", {"note": "x"}, "= 2001\n", "= 2001,\n  note     = {x}\n"),
        ("Roe2002", {"month": "jan"}, 'title="Other", ', 'title="Other", month=jan, '),
        ("Roe2002", {"doi": "10.1000/1"}, 'year="2002"}', 'year="2002", doi="10.1000/1"}'),
        ("Poe2003", {"note": "x"}, "X1},\n}", "X1},\n  note     = {x},\n}"),
    ],
)
def test_a_value_between_its_own_delimiters_a_new_field_in_its_own_place(folder, key, values, before, after):
    """The rest of the file is what it was."""
    set_fields(folder, key, values)
    assert text(folder) == LIBRARY.replace(before, after)


def test_fields_are_taken_out_with_what_parts_them(folder):
    """The first, the last, and several in a row."""
    set_fields(folder, "Doe2001", {}, ["author", "title", "year"])
    set_fields(folder, "Roe2002", {"note": "all that is left"}, ["author", "title", "pages", "year"])

    assert "@article{Doe2001,\n  journal  = jstd,\n  month    = jan\n}" in text(folder)
    assert "@article{Roe2002" in text(folder)
    assert "= {all that is left}" in text(folder)


@pytest.mark.parametrize("value", ["{", "}", "a}b{", r"\{", r"\}", "", " ", "a\x07b", "{}}"])
def test_a_value_that_would_reach_beyond_itself_is_refused(folder, value):
    """Braces must balance, also when BibTeX counts them, which does not see the backslash."""
    with pytest.raises(InvalidArgument):
        set_fields(folder, "Doe2001", {"title": value})
    assert text(folder) == LIBRARY


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("Doe20011", {"title": "x"}), NotFound, "did you mean 'Doe2001'"),
        (("Doe2001", {"ti tle": "x"}), InvalidArgument, "no name of a field"),
        (("Doe2001", {}, ["titel"]), NotFound, "did you mean 'title'"),
        (("Doe2001", {"title": "x"}, ["Title"]), InvalidArgument, "given twice"),
    ],
)
def test_what_cannot_be_set(folder, arguments, error, words):
    """The message names the nearest key or field, or what to write."""
    with pytest.raises(error, match=words):
        set_fields(folder, *arguments)
    assert text(folder) == LIBRARY


def test_a_field_that_is_there_twice_is_not_set(folder):
    """It is not clear which one is meant."""
    (folder / "references.bib").write_text(LIBRARY.replace("  month ", "  title = {Twice},\n  month "))
    with pytest.raises(RefusedError, match=r"SY432 'Doe2001' has title 2 times"):
        set_fields(folder, "Doe2001", {"title": "x"})

    set_fields(folder, "Doe2001", {}, ["title"])
    assert "title" not in text(folder).partition("@article{Roe")[0]


@pytest.mark.parametrize(
    ("library", "key", "after"),
    [
        ("@a{A,}\n\n@a{B,}\n\n@a{C,}\n", "A", "@a{B,}\n\n@a{C,}\n"),
        ("@a{A,}\n\n@a{B,}\n\n@a{C,}\n", "B", "@a{A,}\n\n@a{C,}\n"),
        ("@a{A,}\n\n@a{B,}\n\n@a{C,}\n", "C", "@a{A,}\n\n@a{B,}\n"),
        ("% x\n@a{A,}\n\n\n% y\n@a{B,}", "A", "% x\n% y\n@a{B,}"),
        ("@a{A,}\r\n", "A", ""),
        ("@a{A,} @a{B,}", "A", "@a{B,}"),
    ],
)
def test_an_entry_goes_with_its_own_white_space(tmp_path, library, key, after):
    """The gaps between the others stay."""
    (tmp_path / "references.bib").write_bytes(library.encode())
    remove(tmp_path, key)
    assert (tmp_path / "references.bib").read_bytes() == after.encode()


def test_an_entry_that_others_name_is_not_removed(folder):
    """Every place is listed, also one in other capitals."""
    with pytest.raises(RefusedError) as refused:
        remove(folder, "Doe2001")

    assert [(one.line, one.column, one.code) for one in refused.value.problems] == [(16, 3, "SY464"), (17, 3, "SY464")]
    assert text(folder) == LIBRARY


def test_a_key_is_renamed_where_fields_name_it(folder):
    """Only its bytes; words in other fields stay."""
    (changed,) = rekeyed(held(folder), "Doe2001", "Doe2001b")

    expected = (
        LIBRARY.replace("{Doe2001,", "{Doe2001b,").replace("{Doe2001}", "{Doe2001b}").replace("DOE2001", "Doe2001b")
    )
    assert (changed.data.decode(), changed.places) == (expected, 3)


@pytest.mark.parametrize("new", ["roe2002", "two words", "a,b", "a{b", ""])
def test_a_key_that_is_taken_or_none_is_refused(folder, new):
    """Also in other capitals."""
    with pytest.raises((RefusedError, InvalidArgument), match=r"SY422|SY421|no key"):
        rekeyed(held(folder), "Doe2001", new)


def test_the_case_of_a_key_can_be_changed(folder):
    """An entry does not stand in its own way."""
    assert "@article{DOE2001," in rekeyed(held(folder), "Doe2001", "DOE2001")[0].data.decode()


def test_a_key_made_by_a_macro_cannot_be_renamed(folder):
    """Its bytes are not there to be changed: nothing is written, and the entry is named."""
    (folder / "references.bib").write_text("@string{k = {Doe2001}}\n" + LIBRARY + "@misc{M, crossref = k}\n")
    with pytest.raises(RefusedError, match=re.escape("SY463 'Doe2001' cannot be renamed here")):
        rekeyed(held(folder), "Doe2001", "New")


def test_one_layout_for_all(folder):
    """The layout of most fields, here that of Doe2001; the remark, the string and every value stay."""
    (done,) = format_entries(folder)

    expected = LIBRARY.replace(
        '@article{Roe2002, author="Roe, R.", title="Other", pages="1--2", year="2002"}',
        '@article{Roe2002,\n  author   = "Roe, R.",\n  title    = "Other",\n'
        '  pages    = "1--2",\n  year     = "2002"\n}',
    ).replace("X1},\n}", "X1}\n}")
    assert (done.keys, text(folder)) == (("Roe2002", "Poe2003"), expected)


@pytest.mark.parametrize(
    ("layout", "line"),
    [
        (Layout(indent=4), "    author   = {Doe, J.},\n"),
        (Layout(align="none"), "  author = {Doe, J.},\n  title = {Words},\n"),
        (Layout(align="entry"), "  author  = {Doe, J.},\n  title   = {Words},\n"),
        (Layout(trailing_comma=True), "  year     = 2001,\n}"),
    ],
)
def test_a_layout_that_is_asked_for(folder, layout, line):
    """Indent, alignment and the comma at the end; asked again, nothing changes."""
    format_entries(folder, ["Doe2001"], layout)

    assert line in text(folder)
    assert not any(one.changed for one in format_entries(folder, ["Doe2001"], layout, check=True))


def test_entries_that_touch_are_parted(tmp_path):
    """Two entries without a gap between them get one, and both their layout."""
    (tmp_path / "references.bib").write_text("@a{A,t={x}}@a{B,t={y}} @a{C,\n  t = {z},\n}\n\n@a{D,\n  t = {z},\n}\n")
    format_entries(tmp_path, layout=Layout(indent=1))

    assert text(tmp_path).startswith("@a{A,\n t={x}}\n@a{B,\n t={y}}\n@a{C,\n t={z}}\n@a{D,")


def test_an_entry_with_a_fault_keeps_its_layout(folder):
    """What cannot be read for sure is not laid out: the entry is named."""
    faulty = "\n@misc{F,\n title = {T}\n year = {2000},\n}\n"
    (folder / "references.bib").write_text(LIBRARY + faulty)
    (done,) = format_entries(folder)

    assert text(folder).endswith(faulty)
    assert [problem.code for problem in done.skipped] == ["SY465"]


def test_an_entry_from_fields():
    """Unicode text, escaped where LaTeX would take it for something else; people in their order."""
    made = entry_of("Article", {"title": "50% of {DNA} & co", "author": "Doe, J. and {WHO}", "year": "2001"}, "K1")

    assert made.startswith("@article{K1,\n  author = {Doe, J. and {WHO}},\n  title = {50\\% of {DNA} \\& co},\n")


@pytest.mark.parametrize(("kind", "values"), [("", {}), ("a b", {}), ("misc", {"a b": "x"}), ("misc", {"title": " "})])
def test_an_entry_that_cannot_be_made(kind, values):
    """A type, a name or a value is wrong."""
    with pytest.raises(InvalidArgument):
        entry_of(kind, values)
