"""No silent loss: every entry is read right or reported, and the blocks are the whole file."""

from hypothesis import given, settings

from synthesis.bibliography import read_library
from synthesis.bibliography.blocks import LINE_START, WHOLE_ENTRY, blocks_of
from tests.bibliography.libraries import LIBRARY, MANY, counted, mutations


def read(library):
    """What a library says of its entries, in the form of `counted`."""
    return [(one.type, one.key, [(field.name, field.written) for field in one.fields]) for one in library.entries]


def test_the_library_of_traps_reads_without_a_problem():
    """Macros, nesting, parentheses, `@` in an abstract, comments and preambles are no faults."""
    library = read_library(LIBRARY)

    assert [str(problem) for problem in library.problems] == []
    assert read(library) == counted(LIBRARY)


@given(text=mutations())
@settings(max_examples=100 * MANY)
def test_blocks_and_gaps_are_the_whole_file(text):
    """Whatever a file holds, putting its blocks together gives its bytes, and the gaps are white space."""
    library = read_library(text)
    position = 0
    for block in library.blocks:
        assert not text[position : block.start].strip()
        assert block.start >= position
        position = block.end

    assert library.rebuilt() == text.encode()
    assert not text[position:].strip()


@given(text=mutations())
@settings(max_examples=150 * MANY)
def test_what_is_not_reported_is_read_as_another_reader_reads_it(text):
    """Where there is no problem, counting braces finds the same entries, keys, fields and values."""
    library = read_library(text)

    if not library.problems:
        assert read(library) == counted(text)


@given(text=mutations())
@settings(max_examples=100 * MANY)
def test_every_sign_at_the_beginning_of_a_line_is_accounted_for(text):
    """A line that begins like a block is the beginning of one, or in a value that is reported, or in text that is."""
    library = read_library(text)
    reported = {(problem.line, problem.code) for problem in library.problems}
    for line in LINE_START.finditer(text):
        block = next(block for block in library.blocks if block.start <= line.start(1) < block.end)
        if line.start(1) != block.start:
            assert {code for _, code in reported} & {"SY410", "SY411", "SY413"}, (block, text)


@given(text=mutations())
@settings(max_examples=100 * MANY)
def test_a_line_like_a_whole_entry_always_begins_a_block(text):
    """So the text before it and the text from it on can be read apart: their blocks are those of the whole."""
    whole = [(block.kind, block.start, block.end) for block in blocks_of(text)]
    for line in LINE_START.finditer(text):
        start = line.start(1)
        if WHOLE_ENTRY.match(text, start):
            after = [(block.kind, block.start + start, block.end + start) for block in blocks_of(text[start:])]
            assert after == [block for block in whole if block[1] >= start]
            assert [(block.kind, block.start, block.end) for block in blocks_of(text[:start])] == [
                block for block in whole if block[1] < start
            ]
