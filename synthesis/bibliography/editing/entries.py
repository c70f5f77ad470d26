"""Entries in BibTeX from fields, and from the formats of other programs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from synthesis.bibliography.editing.fields import check_value
from synthesis.bibliography.editing.refused import RefusedError
from synthesis.bibliography.editing.rekeying import KEY, check_key
from synthesis.bibliography.library import read_library
from synthesis.bibliography.scan import NAME
from synthesis.bibliography.splices import Splice, spliced
from synthesis.errors import InvalidArgument, Problem, Severity

BIBTEX = "bibtex"
PEOPLE = ("author", "editor")
MONEY = re.compile(r"(?<!\\)\$")


def entry_of(kind: str, values: Mapping[str, str], key: str = "", *, latex: bool = False) -> str:
    """One entry in BibTeX from Unicode text: what LaTeX would take for markup is escaped, braces are kept.

    `$` is a sign of money, except where the text is said to be LaTeX: then values stand as they are given.

    Raises
    ------
    InvalidArgument
        A type, name or key cannot be written, or a value is empty.
    """
    from synthesis.bibliography.formats import Reference, bibtex_of
    from synthesis.bibliography.formats.values import VERBATIM
    from synthesis.bibliography.names import Names, names_of

    if not (kind.isascii() and kind.isalnum()):
        raise InvalidArgument(f"{kind!r} is no type of an entry: write one such as article, book or misc")
    for name, value in values.items():
        if not NAME.fullmatch(name) or not value.strip():
            raise InvalidArgument(f"{name}={value}: write a name without blanks and signs, and a value")
    if key:
        check_key(key)
    low = {name.lower(): value.strip() for name, value in values.items()}
    if latex:
        return _as_given(kind.lower(), key, low)
    low = {name: value if name in VERBATIM else MONEY.sub(r"\\$", value) for name, value in low.items()}
    people = {name: names_of(low[name]) if name in low else Names() for name in PEOPLE}
    fields = {name: value for name, value in low.items() if name not in PEOPLE}
    return bibtex_of(Reference(kind.lower(), key, fields, people["author"], people["editor"]))


def _as_given(kind: str, key: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        check_value(name, value)
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in values.items())
    return f"@{kind}{{{key},\n{fields}}}\n"


def entries_of(data: bytes, name: str, format: str | None = None) -> tuple[bytes, bool, tuple[Problem, ...]]:  # noqa: A002  the word users know
    """The entries of a file in BibTeX; whether they were made from another format; and what was odd there.

    A key of another format is kept if it can be one and has a letter, so that `12` is none.

    Raises
    ------
    InvalidArgument
        There is no such format.
    RefusedError
        A record of the file cannot be read.
    """
    if format == BIBTEX or (format is None and _looks_like_bibtex(data, name)):
        return data, False, ()  # and no other format is imported
    from synthesis.bibliography.formats import bibtex_of, named_format
    from synthesis.bibliography.formats.detection import format_of

    found = format or format_of(data, name) or BIBTEX
    if found == BIBTEX:
        return data, False, ()
    read = named_format(found).read(data, name)
    if errors := [problem for problem in read.problems if problem.severity is Severity.ERROR]:
        raise RefusedError(errors)
    named = [one for one in read.references if one.get("title", "booktitle", "doi", "url") or one.authors.people]
    if not named or len(named) < len(read.references):
        place = next((one.place for one in read.references if one not in named), None)
        what, remedy = (
            f"no reference in {found}: without title, authors, DOI and address",
            "name the format with --from",
        )
        raise RefusedError([Problem(name, place.line if place else 1, 1, "SY461", what, remedy)])
    blocks = (bibtex_of(replace(one, key=one.key if _is_key(one.key) else "")) for one in read.references)
    return "\n".join(blocks).encode(), True, read.problems


def _looks_like_bibtex(data: bytes, name: str) -> bool:
    """Whether the name or the first sign leaves no doubt."""
    return name.lower().endswith(".bib") or (not PurePath(name).suffix and data.lstrip()[:1] == b"@")


def without_keys(data: bytes, name: str) -> bytes:
    """Entries without their keys, for new ones."""
    library = read_library(data, name)
    scans = [scan for block in library.blocks if (scan := block.scan)]
    splices = [Splice(scan.key_end - len(scan.key), scan.key_end, "") for scan in scans if scan.key]
    return spliced(library.text, splices).encode(library.encoding)


def _is_key(key: str) -> bool:
    return KEY.fullmatch(key) is not None and any(char.isalpha() for char in key)
