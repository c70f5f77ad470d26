"""bibtexparser's own objects, and its own reading as a second one of what is beyond doubt."""

import bibtexparser

from synthesis.bibliography import read_library
from synthesis.bibliography.handing_over import to_bibtexparser
from tests.bibliography.libraries import LIBRARY


def calm(library):
    """Keys, types, names and values as written, of bibtexparser's reading without any of its changes."""
    return [
        (one.entry_type, one.key, [(field.key.lower(), field.value) for field in one.fields]) for one in library.entries
    ]


def test_bibtexparser_reads_the_same_where_it_reads_right():
    """Without the line that begins with `@`, its Splitter finds the same entries, fields and values as written."""
    text = LIBRARY.replace("@home is where", "home is where")
    theirs = bibtexparser.parse_string(text, parse_stack=[])

    ours = [
        (one.type, one.key, [(field.name, field.written) for field in one.fields]) for one in read_library(text).entries
    ]
    assert calm(theirs) == ours


def test_a_library_in_its_objects():
    """Entries with resolved values, strings, preambles, comments; nothing failed, every line counted from 0."""
    library = to_bibtexparser(read_library(LIBRARY))

    assert library.failed_blocks == []
    assert library.entries_dict["Smith2004"]["journal"] == "Journal of Studies"
    assert library.entries_dict["Smith2004"]["month"] == "January~1"
    assert library.strings_dict["adpt"].value == "Addiction Science"
    assert library.preambles[0].value == r'"\newcommand{\noop}[1]{}"'
    assert library.comments[0].start_line == 0
    assert library.entries[0].start_line == LIBRARY.partition("@article")[0].count("\n")


def test_what_cannot_be_read_is_a_failed_block():
    """As is a second entry with a key; of a field given twice the first stays."""
    library = to_bibtexparser(read_library("@a{K, t = {x}, T = {y}}\n@a{K, t = {z}}\n@a{L, t = {\n"))

    assert (library.entries_dict["K"]["t"], len(library.entries), len(library.failed_blocks)) == ("x", 1, 2)
