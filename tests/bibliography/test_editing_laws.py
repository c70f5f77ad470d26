"""Laws of the edits, on a library of traps and on its mutations: every other byte stays."""

import os
import re
from contextlib import nullcontext

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from synthesis.bibliography import RefusedError, add, read_library
from synthesis.bibliography.editing import adding, format_entries, glance, remove, set_fields
from synthesis.bibliography.splices import ChangedMoreError
from synthesis.errors import NotFound
from tests.bibliography.libraries import LIBRARY, MANY, mutations

NEW = "@article{Added2001,\n  author = {Added, A.},\n  title = {New},\n  year = {2001},\n}\n"
PLACE = []
REFUSED = (RefusedError, ChangedMoreError, NotFound)


def contents(data):
    """What every entry says."""
    return [
        (one.key, one.type, [(field.name, field.value) for field in one.fields]) for one in read_library(data).entries
    ]


@pytest.fixture(scope="module", autouse=True)
def place(tmp_path_factory):
    """One folder for all examples, which are written without waiting for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        PLACE.append(tmp_path_factory.mktemp("laws"))
        yield
        PLACE.clear()


def folder_of(data):
    """A folder with one library, and the path of its file."""
    (PLACE[0] / "references.bib").write_bytes(data)
    return PLACE[0], PLACE[0] / "references.bib"


@given(text=mutations())
@settings(max_examples=60 * MANY)
def test_an_addition_is_the_old_file_and_its_end(text):
    """The bytes before are the bytes before; the entries are the old ones and the new one."""
    data = text.encode()
    _, path = folder_of(data)
    try:
        added = add(path, NEW)
    except RefusedError:
        assert path.read_bytes() == data
        return

    assert path.read_bytes() == data + added.text.encode()
    assert contents(path.read_bytes()) == [*contents(data), *contents(NEW)]


@given(text=mutations(most=4), number=st.integers(0, 8))
@settings(max_examples=60 * MANY)
def test_setting_a_field_changes_its_value_alone(text, number):
    """What stands before and behind the value is what stood there; setting it again changes nothing."""
    entries = read_library(text).entries
    assume(entries)
    entry = entries[number % len(entries)]
    folder, path = folder_of(text.encode())
    field = entry.fields[0] if entry.fields else None
    name = field.name if field else "note"
    try:
        edited = set_fields(folder, entry.key, {name: "a {new} value"})
    except REFUSED:
        assert path.read_bytes() == text.encode()
        return

    after = path.read_bytes().decode()
    if field:
        before, _, behind = (
            (entry.raw.partition(field.written)) if entry.raw.count(field.written) == 1 else ("", "", "")
        )
        assert after.startswith(text[: entry.start] + before)
        assert after.endswith(behind + text[entry.end :])
    assert len(edited.changes) == 1
    assert set_fields(folder, entry.key, {name: "a {new} value"}).changes == ()
    assert path.read_bytes().decode() == after


@given(number=st.integers(0, 6), names=st.lists(st.sampled_from(["note", "keywords", "pages", "year"]), unique=True))
@settings(max_examples=40 * MANY)
def test_what_is_set_and_unset_again_leaves_the_file_as_it_was(number, names):
    """New fields come into the layout of the entry, and go without a trace."""
    entry = read_library(LIBRARY).entries[number]
    new = [name for name in names if entry.field(name) is None]
    assume(new and entry.fields)
    folder, path = folder_of(LIBRARY.encode())

    set_fields(folder, entry.key, dict.fromkeys(new, "1"))
    assert path.read_text() != LIBRARY
    set_fields(folder, entry.key, {}, new)

    assert path.read_text() == LIBRARY


@given(text=mutations(most=4), number=st.integers(0, 8))
@settings(max_examples=60 * MANY)
def test_removing_cuts_out_one_piece(text, number):
    """The file is what stood before the entry and what stood behind it; all other entries are byte for byte there."""
    entries = read_library(text).entries
    assume(entries)
    gone = entries[number % len(entries)]
    folder, path = folder_of(text.encode())
    try:
        remove(folder, gone.key)
    except REFUSED:
        assert path.read_bytes() == text.encode()
        return

    after = path.read_bytes().decode()
    assert [one.raw for one in read_library(after).entries] == [one.raw for one in entries if one is not gone]
    cut = len(text) - len(after)
    assert (
        not text[gone.start - cut + len(gone.raw) : gone.start].strip()
        or not text[gone.end : gone.end + cut - len(gone.raw)].strip()
    )
    assert any(
        text[:first] + text[first + cut :] == after for first in range(gone.start - cut, gone.start + 1) if first >= 0
    )


@given(text=mutations())
@settings(max_examples=40 * MANY)
def test_an_entry_that_is_added_and_removed_leaves_no_trace(text):
    """Unless the file did not end in a line end, which it gets."""
    assume(text.endswith("\n"))
    folder, path = folder_of(text.encode())
    try:
        add(path, NEW)
        remove(folder, "Added2001")
    except REFUSED:
        return

    assert path.read_bytes().rstrip() == text.encode().rstrip()
    assert contents(path.read_bytes()) == contents(text)


@given(text=mutations(most=3))
@settings(max_examples=50 * MANY)
def test_a_layout_changes_no_meaning_and_is_made_once(text):
    """All entries say what they said; comments, strings and macros stay; formatting again changes nothing."""
    folder, path = folder_of(text.encode())
    try:
        format_entries(folder)
    except REFUSED:
        assert path.read_bytes() == text.encode()
        return

    after = path.read_bytes()
    assert contents(after) == contents(text)
    assert others(after) == others(text)
    assert not any(one.changed for one in format_entries(folder, check=True))


def others(data):
    """All blocks that are no entries, as they stand."""
    library = read_library(data)
    return [library.text[one.start : one.end] for one in library.blocks if one.kind != "entry"]


ADDITIONS = st.sampled_from(
    [
        NEW,
        "@misc{%s, title = {T}}",
        "@misc{New1, doi = {%s}}",
        "@misc{New1, doi = {https://doi.org/%s}}",
        "@misc{, author = {%s}, year = 2004}",
        "@misc{New1, journal = jstd}",
        "@misc{New1, month = jan}",
        "@misc{New1, title = {unclosed}",
    ]
)


@given(
    text=mutations(most=3),
    addition=ADDITIONS,
    word=st.sampled_from(
        ["Smith2004", "smith2004", "Other", "10.1000/XYZ.123", "10.1000/other", "Smith, John", "home"]
    ),
)
@settings(max_examples=80 * MANY)
def test_a_glance_gives_what_reading_gives(text, addition, word):
    """A large library that is only looked at takes and refuses the same entries, and writes the same bytes."""
    addition = addition.replace("%s", word)
    results = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(glance, "RECENT", 2)
        patch.setattr("synthesis.bibliography.style.RECENT", 2)
        for small in (0, 10**9):
            patch.setattr(adding, "tail_of", lambda data, path, small=small: glance.tail_of(data, path, small))
            _, path = folder_of(text.encode())
            try:
                results.append((add(path, addition, name="new").keys, path.read_bytes()))
            except RefusedError as error:
                results.append((str(error), path.read_bytes()))

    assert results[0] == results[1]


@pytest.mark.parametrize(
    "written",
    ['"10.1000/ab" # "c.1"', "{10.1000/\\n abc.1}", "{\\n 10.1000/ABC.1}", "{{10.1000/abc.1}}", "pre # {c.1}"],
)
def test_a_doi_is_seen_however_it_is_written(monkeypatch, tmp_path, written):
    """Put together, over two lines, in two pairs of braces, by a macro: looking gives what reading gives."""
    monkeypatch.setattr(glance, "RECENT", 2)
    monkeypatch.setattr(adding, "tail_of", lambda data, path: glance.tail_of(data, path, 0))
    path = tmp_path / "references.bib"
    old = "@string{pre = {10.1000/ab}}\n@misc{Old,\n  doi = " + written + ",\n}\n"
    path.write_text(old + "".join(f"@misc{{K{number},\n  title = {{T}},\n}}\n\n" for number in range(4)))
    taken = any(entry.doi == "10.1000/abc.1" for entry in read_library(path).entries)

    with pytest.raises(RefusedError, match="SY460") if taken else nullcontext():
        add(path, "@misc{New1, doi = {10.1000/abc.1}}")


def test_the_glance_is_used(monkeypatch, tmp_path):
    """In a large file only the end is read, and a clash anywhere in it is still found."""
    path = tmp_path / "references.bib"
    path.write_text("".join(f"@misc{{K{n},\n  title = {{T}},\n  doi = {{10.1000/{n}}},\n}}\n\n" for n in range(12_000)))
    reads = []
    real = adding.read_library
    monkeypatch.setattr(adding, "read_library", lambda data, *more: (reads.append(len(data)), real(data, *more))[1])

    path.with_name("second.bib").write_text("@misc{Second,\n  title = {In a small file},\n}\n")

    add(path, NEW)
    assert max(reads) < path.stat().st_size / 10
    with pytest.raises(RefusedError, match=r"references.bib:11: this entry is in the library:\n@misc\{K2,"):
        add(path, "@misc{k2, title = {T}}")
    with pytest.raises(RefusedError, match=r"second.bib:1: this entry is in the library"):
        add(path, "@misc{second, title = {T}}")
    with pytest.raises(RefusedError, match=re.escape("the DOI 10.1000/7 is taken by 'K7'")):
        add(path, "@misc{N, doi = {https://doi.org/10.1000/7}}")
