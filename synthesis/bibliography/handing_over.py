"""A library for programs that were written for bibtexparser: its own objects, filled by this reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from synthesis.bibliography.blocks import Block, Lines
from synthesis.bibliography.library import Library

if TYPE_CHECKING:
    from bibtexparser import library as theirs
    from bibtexparser import model

    from synthesis.bibliography.entry import Entry

OPENING = re.compile(r"@\w*[ \t]*[{(]")


def to_bibtexparser(library: Library) -> theirs.Library:
    """The blocks of a library as a `bibtexparser.Library`.

    What bibtexparser 2 itself reads wrongly is read right: a missing comma, a brace too many, a line of an abstract
    that begins with `@`, values put together with `#`. The text between blocks becomes an implicit comment; a block
    that cannot be read becomes a failed one. Edit and write files with `synthesis`, which keeps their bytes.

    Parameters
    ----------
    library : Library
        As `read_library` gives it.

    Returns
    -------
    bibtexparser.Library
        Values have macros resolved and no delimiters; each block has its text and its line, from 0. Of a field given
        twice the first stays; of a key used twice the library keeps the first entry, and the others as failed blocks.
    """
    from bibtexparser import library as theirs

    lines, entries = Lines.of(library.text), iter(library.entries)
    blocks = [
        _entry(next(entries)) if block.kind == "entry" else _other(library, block, lines) for block in library.blocks
    ]
    made = theirs.Library()
    made.add(blocks, fail_on_duplicate_key=False)
    return made


def _entry(entry: Entry) -> model.Block:
    from bibtexparser import model

    first = {field.name: field for field in reversed(entry.fields)}
    fields = [
        model.Field(field.name, field.value, field.line - 1) for field in entry.fields if first[field.name] is field
    ]
    return model.Entry(entry.type, entry.key, fields, entry.line - 1, entry.raw)


def _other(library: Library, block: Block, lines: Lines) -> model.Block:
    from bibtexparser import model

    raw, line = library.text[block.start : block.end], lines.place(block.start)[0] - 1
    inner = OPENING.sub("", raw, count=1)[:-1].strip()
    if block.kind == "string":
        name = inner.partition("=")[0].strip()
        return model.String(name, library.strings.get(name.lower(), ""), line, raw)
    if block.kind == "preamble":
        return model.Preamble(inner, line, raw)
    if block.kind == "comment":
        return model.ExplicitComment(inner, line, raw)
    if block.kind == "text":
        return model.ImplicitComment(raw, line, raw)
    return model.ParsingFailedBlock(ValueError("the block is not closed"), line, raw)
