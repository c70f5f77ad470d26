"""The library: BibTeX as blocks that keep their bytes."""

from __future__ import annotations

from synthesis.bibliography.check import check_library
from synthesis.bibliography.codes import CODES
from synthesis.bibliography.editing import (
    Added,
    Edited,
    Formatted,
    Layout,
    RefusedError,
    add,
    format_entries,
    remove,
    set_fields,
)
from synthesis.bibliography.entry import Entry, Field
from synthesis.bibliography.library import Library, read_folder, read_library
from synthesis.bibliography.lint import RULES, check_cited, lint

__all__ = [
    "CODES",
    "RULES",
    "Added",
    "Edited",
    "Entry",
    "Field",
    "Formatted",
    "Layout",
    "Library",
    "RefusedError",
    "add",
    "check_cited",
    "check_library",
    "format_entries",
    "lint",
    "read_folder",
    "read_library",
    "remove",
    "set_fields",
]
