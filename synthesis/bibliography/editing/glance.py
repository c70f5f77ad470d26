"""A large library looked at without reading it: what an addition could clash with, and its end.

Only the last entries are read. Of the rest come all texts that could be keys, and the question whether a DOI could be
there, both answered with too much rather than too little: who finds nothing here would find nothing by reading all.
Where anything is doubtful there is no glance, and the library is read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from synthesis.bibliography.blocks import last_whole_entries
from synthesis.bibliography.doi import normalised_doi
from synthesis.bibliography.library import Library, read_library
from synthesis.bibliography.macros import one_blank
from synthesis.bibliography.style import RECENT

SMALL = 500_000  # bytes of a file that is read anyway
LONGEST_KEY = 300
POSSIBLE_KEY = re.compile(r'@[ \t]*+\w*+\s*+[{(](?=\s*+([^\s,={}"]{0,300}))')
DOI_FIELD = re.compile(r'(?<=[\s,{}()"#@%])doi\s*+=')
DOI_VALUE = re.compile(r'(?<=[\s,{}()"#@%])doi\s*+=\s*+(?:\{([^{}]*+)\}|"([^"]*+)")(?!\s*+#)')
RUN = re.compile(r"[a-z0-9]++")


@dataclass(frozen=True, slots=True)
class Glance:
    """What can be said of a file without reading it."""

    keys: frozenset[str]  # in small letters: every key of the file, and perhaps more
    lowered: str  # the text of the file in small letters

    def may_have(self, keys: Iterable[str], dois: Iterable[str]) -> bool:
        """Whether the file could have one of the keys or of the DOIs (as `Entry.doi` gives them)."""
        if any(len(key) >= LONGEST_KEY or key.lower() in self.keys for key in keys):
            return True
        wanted = [doi for doi in dois if doi]
        return bool(wanted) and self._may_have_doi(wanted)

    def _may_have_doi(self, dois: list[str]) -> bool:
        """Whether some field `doi` has one of the values, or one that cannot be told from here.

        The longest letters and digits of a DOI stand together however it is written.
        """
        values = [one or other for one, other in DOI_VALUE.findall(self.lowered)]
        if len(values) != len(DOI_FIELD.findall(self.lowered)):
            return True  # a value put together, with braces in it, or otherwise not plain
        runs = {max(RUN.findall(doi), key=len) if doi.isascii() else "" for doi in dois}
        near = (value for value in values if any(run in value for run in runs))
        return any(normalised_doi(one_blank(value)) in dois for value in near)


def glance(data: bytes) -> Glance | None:
    """A glance at the bytes of a library; None where it must be read."""
    try:
        lowered = data.removeprefix(codecs.BOM_UTF8).decode().lower()
    except UnicodeDecodeError:
        return None
    return Glance(frozenset(_possible_keys(lowered)), lowered)


def tail_of(data: bytes, path: str, small: int = SMALL) -> Library | None:
    """The last entries of a large library: what is before them does not change how they are read.

    None for a small one, or where too few entries of the usual form stand at the end.
    """
    if len(data) < small:
        return None
    text = data.removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    start = last_whole_entries(text, RECENT)
    tail = read_library(text[start:] if start else "", path)
    if sum(1 for block in tail.blocks if block.kind == "entry") < RECENT:
        return None
    return tail


def _possible_keys(lowered: str) -> Iterable[str]:
    for key in POSSIBLE_KEY.findall(lowered):
        yield key
        if ")" in key:
            yield key.partition(")")[0]
