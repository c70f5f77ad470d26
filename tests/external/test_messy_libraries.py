"""Laws of the edits on real libraries, which are not ours to ship: each file of shared/bib/messy, and its mutations."""

import os
import random
import re
from pathlib import Path

import pytest

from synthesis.bibliography import RefusedError, add, read_library
from synthesis.bibliography.editing import format_entries, remove, set_fields
from synthesis.bibliography.splices import ChangedMoreError
from synthesis.errors import NotFound
from tests.bibliography.libraries import PIECES, counted
from tests.bibliography.test_editing_reading import read

MESSY = Path(os.environ.get("SYNTH_SHARED", "/work/shared")) / "bib" / "messy"
FILES = sorted(MESSY.glob("*.bib"))
NEW = "@article{Added2001,\n  author = {Added, A.},\n  title = {New},\n  year = {2001},\n}\n"
MUTANTS = 100 if os.environ.get("SYNTH_FULL") else 5  # of each file
REFUSED = (RefusedError, ChangedMoreError, NotFound)  # NotFound: an entry without a key
pytestmark = pytest.mark.skipif(not FILES, reason="the shared folder is not here")


def versions(path):
    """A file, and mutated pieces of it."""
    data = path.read_bytes()
    yield data
    lines = data.decode().split("\n")
    for seed in range(MUTANTS):
        chosen = random.Random(seed)
        first = chosen.randrange(max(1, len(lines) - 150))
        text = "\n".join(lines[first : first + 150])
        for _ in range(chosen.randint(1, 5)):
            place = chosen.randrange(len(text))
            text = text[:place] + chosen.choice(PIECES) + text[place + chosen.choice([0, 0, 1, 20]) :]
        yield text.encode()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_entry_is_read_as_another_reader_reads_it_or_reported(path):
    """Of the entries in which nothing is reported, counting braces gives the same type, key, fields and values."""
    for data in versions(path):
        library = read_library(data)
        assert library.rebuilt() == data
        if not library.problems:
            assert read(library) == counted(library.text)
        lines = len(
            re.findall(r"^[ \t]*@(?!comment|string|preamble)\w+[ \t]*[{(]", library.text, re.MULTILINE | re.IGNORECASE)
        )
        reported = sum(problem.code in {"SY410", "SY411", "SY413"} for problem in library.problems)
        assert len(library.entries) + reported >= lines - text_lines(library)


def text_lines(library):
    """Lines like entries in comments and inside blocks that are reported as a whole."""
    inside = (library.text[one.start + 1 : one.end] for one in library.blocks if one.kind in {"unreadable", "comment"})
    return sum(len(re.findall(r"^[ \t]*@\w+[ \t]*[{(]", text, re.MULTILINE)) for text in inside)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_adding_setting_and_removing_leave_all_other_bytes(tmp_path, path):
    """For the first, the middle and the last entry of every version."""
    file = tmp_path / "references.bib"
    for data in versions(path):
        file.write_bytes(data)
        try:
            added = add(file, NEW)
        except RefusedError:
            assert file.read_bytes() == data
            continue
        assert file.read_bytes() == data + added.text.encode()
        entries = read_library(data).entries
        for entry in {id(one): one for one in (entries[:1] + entries[len(entries) // 2 :][:1] + entries[-1:])}.values():
            one_entry(tmp_path, file, data, entry)


def one_entry(folder, file, data, entry):
    """Set a field of an entry, and remove it."""
    text = data.decode()
    for edit in (lambda: set_fields(folder, entry.key, {"note": "a {new} note"}), lambda: remove(folder, entry.key)):
        file.write_bytes(data)
        try:
            edit()
        except REFUSED:
            assert file.read_bytes() == data
            continue
        after = file.read_bytes().decode()
        assert after.startswith(text[: entry.start].rstrip())
        assert after.endswith(text[entry.end :].lstrip())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_layout_changes_no_meaning(tmp_path, path):
    """All entries say what they said, and formatting again changes nothing."""
    file = tmp_path / "references.bib"
    for data in versions(path):
        file.write_bytes(data)
        try:
            format_entries(tmp_path)
        except REFUSED:
            assert file.read_bytes() == data
            continue
        before, after = read_library(data), read_library(file.read_bytes())
        assert [(one.key, [field.value for field in one.fields]) for one in before.entries] == [
            (one.key, [field.value for field in one.fields]) for one in after.entries
        ]
        assert not any(one.changed for one in format_entries(tmp_path, check=True))
