"""Edits as the few places that change."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.bibliography import read_library
from synthesis.bibliography.splices import ChangedMoreError, OverlapError, Splice, encoded, respliced, spliced

TEXT = "@misc{A,\n  note = {one},\n  year = 2001,\n}\n\n@misc{B, note = {two}}\n"


def test_splices_are_made_together():
    """In whatever order they are given; what lies between stays."""
    assert spliced("abcdef", [Splice(4, 5, ""), Splice(0, 1, "XY"), Splice(2, 2, "-")]) == "XYb-cdf"


@pytest.mark.parametrize(
    "splices",
    [
        [Splice(0, 3, ""), Splice(2, 4, "")],
        [Splice(1, 1, "x"), Splice(1, 1, "y")],
        [Splice(5, 7, "")],
        [Splice(3, 2, "")],
    ],
)
def test_splices_that_meet_are_refused(splices):
    """Of two edits of one place nobody knows which was meant."""
    with pytest.raises(OverlapError):
        spliced("abcdef", splices)


def test_a_splice_of_a_value():
    """The library reads as it did, but for the field."""
    start = TEXT.index("one")

    after = respliced(read_library(TEXT), [Splice(start, start + 3, "uno")], {0: ["note"]})
    assert after.text == TEXT.replace("one", "uno")
    assert [entry.get("note") for entry in after.entries] == ["uno", "two"]


def test_a_macro_that_is_defined_below():
    """It is as unknown as before; one of another file is as known."""
    text = "@misc{A, journal = late, note = {one} # other}\n@string{late = {Late}}\n"
    library = read_library(text, strings={"other": " file"})
    start = text.index("one")

    after = respliced(library, [Splice(start, start + 3, "uno")], {0: ["note"]})
    assert (after.entries[0].get("journal"), after.entries[0].get("note")) == ("late", "uno file")
    assert [problem.code for problem in after.problems] == ["SY433"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one", "{one"),  # the brace swallows what follows
        ("one", "one}, note2 = {x"),  # a new field
        ("2001", "2002"),  # another field than was meant
        ("misc{A", "book{A"),
        ("misc{A", "misc{C"),
        ("two", "zwei"),  # another entry
        ("}\n\n@misc{B", "}\n\n%@misc{B"),  # a new problem of reading
        ("\n\n@misc{B", "\n\nmisc{B"),  # an entry that goes
    ],
)
def test_a_splice_that_changes_more_is_refused(old, new):
    """Whatever it would change: nothing is given."""
    start = TEXT.index(old)
    with pytest.raises(ChangedMoreError):
        respliced(read_library(TEXT), [Splice(start, start + len(old), new)], {0: ["note"]})


def test_the_bytes_of_a_file():
    """A BOM stays; what the encoding does not have is refused."""
    with_bom = read_library(b"\xef\xbb\xbf" + TEXT.encode())
    latin = read_library(TEXT.replace("one", "\xe9").encode("latin-1"))

    assert encoded(with_bom, "x") == b"\xef\xbb\xbfx"
    assert encoded(latin, "\xe9") == b"\xe9"
    with pytest.raises(ChangedMoreError, match="latin-1"):
        encoded(latin, "\u2013")


@given(st.text(max_size=30), st.data())
def test_what_no_splice_touches_stays(text, data):
    """Cut into pieces, some replaced, the others are there in their order."""
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)) | {0, len(text)})
    pieces = [(a, b, data.draw(st.none() | st.text(max_size=3))) for a, b in pairwise(cuts)]

    done = spliced(text, [Splice(a, b, new) for a, b, new in pieces if new is not None])
    assert done == "".join(text[a:b] if new is None else new for a, b, new in pieces)
