"""Laws of every format: what was written reads back the same, nothing forges a record, no bytes raise."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.bibliography.formats import FORMATS, Reference, losses, read_references, write_references
from synthesis.bibliography.formats.detection import ENDINGS
from synthesis.bibliography.formats.markup import plain_text
from tests.bibliography.formats.strategies import references

BEGINNINGS = [
    b"", b"TY  - JOUR\nTI  - ", b"PMID- 1\nTI  - ", b"@article{a, title = {", b'[{"id": "a", "title": ["',
    b'<xml><records><record><titles><title><style face="bold">', b"\xff\xfe", b"\xef\xbb\xbf[",
]  # fmt: skip
PIECES = [
    b"", b"\n", b"\n\n", b"ER  - \n", b"TY  - JOUR\n", b"PMID- 1\n", b"\x00", b"\xff", b"&", b"<", b"</record>",
    b"<record>", b"{", b"}", b'"', b"[", b"]", b",", b"\\", b"$", b"AU  - ,\n", b"AU  - , ,\n", b"SP  - -\n",
    b"DA  - ///\n", b"KW  - ;\n", b"FAU - ,\n", b"PG  - 9-\n", b"DP  - \n", b"<author>,</author>", b"<year>0</year>",
    b'"author": [{"family": " "}, {"given": ","}, 3, null],', b'"issued": {"date-parts": [[2020, 99, "x"]]},',
]  # fmt: skip
SAMPLES = [
    path for path in sorted((Path(__file__).parents[2] / "data" / "bibliography").glob("*.*")) if path.suffix in ENDINGS
]
FEWER = settings(max_examples=settings().max_examples // 3)  # of each of five formats


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
def test_what_was_written_reads_back_the_same(name, data):
    """Of everything that a format can hold, in order and without a word about it."""
    given_ones = tuple(data.draw(st.lists(references(name), max_size=2)))

    read = read_references(write_references(given_ones, name).encode(), name)

    assert read.references == given_ones
    assert [str(problem) for problem in read.problems if problem.fails and given_ones] == []


@pytest.mark.parametrize("name", FORMATS)
@FEWER
@given(data=st.data())
def test_what_is_held_is_no_loss(name, data):
    """`losses` is silent about it."""
    assert losses([data.draw(references(name))], FORMATS[name]) == ()


@pytest.mark.parametrize("name", FORMATS)
@FEWER
@given(given_one=references("bibtex"))
def test_every_format_takes_every_reference(name, given_one):
    """One reference gives one reference, whatever the format loses, and writing is repeatable."""
    text = write_references([given_one], name)

    assert len(read_references(text.encode(), name).references) == 1
    assert write_references([given_one], name) == text


@pytest.mark.parametrize("name", FORMATS)
@FEWER
@given(beginning=st.sampled_from(BEGINNINGS), rest=st.binary(max_size=300))
def test_no_bytes_raise(name, beginning, rest):
    """What cannot be read is reported."""
    read = read_references(beginning + rest, name)

    assert all(problem.line >= 1 and problem.column >= 1 and problem.remedy for problem in read.problems)


def lost(reference, name):
    """What a format loses of a reference, in words."""
    return {loss.what for loss in losses([reference], FORMATS[name])}


@FEWER
@given(
    path=st.sampled_from(SAMPLES),
    edits=st.lists(
        st.tuples(st.integers(0, 4000), st.integers(0, 30), st.sampled_from(PIECES)), min_size=1, max_size=4
    ),
)
def test_no_mutilated_file_raises(path, edits):
    """Pieces cut out of a sample file, and others put in; what is read can be written in every format."""
    data = path.read_bytes()
    for place, length, piece in edits:
        data = data[:place] + piece + data[place + length :]

    read = read_references(data, ENDINGS[path.suffix])

    assert read.references or read.problems
    for name in FORMATS:
        again = read_references(write_references(read.references, name).encode(), name)
        held = [reference for reference in read.references if "the whole reference" not in lost(reference, name)]
        assert len(again.references) == len(held)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x85", "\u2028", "\x0b", "\x0c", "\x1e"])
def test_a_value_forges_no_record(name, end):
    """A line end inside a value is a blank, in the words of every format."""
    evil = f"x{end}ER  - {end}{end}TY  - JOUR{end}TI  - forged{end}{end}PMID- 2{end}TI  - forged"
    given_one = Reference("article", "Doe2001", {"title": evil, "note": evil, "x-ris-u1": evil})

    (read,) = read_references(write_references([given_one], name).encode(), name).references

    assert "forged" in plain_text(read.get("title"))
    assert end not in write_references([read], name).replace("\n", "" if end == "\n" else "\n") or end == "\n"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("digits", ["9" * 5000, "0" * 5000, "\u0663" * 40])
def test_huge_numbers_are_text(name, digits):
    """Python refuses to make numbers of more than 4,300 digits; neither are other scripts' digits taken for ours."""
    fields = dict.fromkeys(("title", "year", "volume", "day", "urldate", "pmid", "issn"), digits)
    given_one = Reference("article", "Doe2001", {**fields, "month": "May", "pages": f"{digits}--{digits[:-1]}8"})

    (read,) = read_references(write_references([given_one], name).encode(), name).references

    assert read.get("volume") == digits
    losses([given_one], FORMATS[name])


@pytest.mark.parametrize("name", FORMATS)
def test_control_characters_are_not_written(name):
    """Neither does markup of the format reach beyond its value."""
    evil = 'a\x00b\x1b[31m</style></title><record>"}, {"id": "z"} @misc{z, title = {}}'
    given_one = Reference("article", "Doe2001", {"title": evil})

    text = write_references([given_one], name)

    assert len(read_references(text.encode(), name).references) == 1
    assert not {"\x00", "\x1b"} & set(text)
