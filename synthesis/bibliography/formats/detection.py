"""Which format a file is in, by the ending of its name, else by how it begins."""

from __future__ import annotations

import re
from pathlib import PurePath

ENDINGS = {
    ".bib": "bibtex", ".bibtex": "bibtex", ".ris": "ris", ".nbib": "nbib", ".medline": "nbib", ".json": "csl-json",
    ".csljson": "csl-json", ".xml": "endnote",
}  # fmt: skip
BEGINNINGS = {
    "ris": re.compile(rb"^\s*TY\s{0,4}-(?: |\r|\n|$)", re.MULTILINE),
    "nbib": re.compile(rb"^PMID ?- ?\d", re.MULTILINE),
    "bibtex": re.compile(rb"^\s*@[A-Za-z]+\s*[{(]", re.MULTILINE),
    "csl-json": re.compile(rb"\A\s*(?:\[\s*(?:\{|\])|\{\s*\")"),
    "endnote": re.compile(rb"\A\s*<"),
}
SEEN = 20_000  # bytes that are looked at


def format_of(data: bytes, path: str) -> str | None:
    """A key of FORMATS, or None where neither name nor content tell."""
    ending = ENDINGS.get(PurePath(path).suffix.lower())
    if ending:
        return ending
    head = data[:SEEN].removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\x00", b"")[2:]
    return next((name for name, beginning in BEGINNINGS.items() if beginning.search(head)), None)
