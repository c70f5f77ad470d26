"""The library: BibTeX as blocks that keep their bytes."""

from __future__ import annotations

from synthesis.bibliography.check import check_library
from synthesis.bibliography.codes import CODES
from synthesis.bibliography.edit import Added, RefusedError, add
from synthesis.bibliography.entry import Entry, Field
from synthesis.bibliography.library import Library, read_folder, read_library
from synthesis.bibliography.lint import RULES, check_cited, lint

__all__ = [
    "CODES",
    "RULES",
    "Added",
    "Entry",
    "Field",
    "Library",
    "RefusedError",
    "add",
    "check_cited",
    "check_library",
    "lint",
    "read_folder",
    "read_library",
]
