"""Edits of the library that touch only the bytes they must: each locked, read again, and written in one step."""

from __future__ import annotations

from synthesis.bibliography.editing.adding import Added, add
from synthesis.bibliography.editing.edited import Change, Edited
from synthesis.bibliography.editing.fields import set_fields
from synthesis.bibliography.editing.formatting import Formatted, Layout, format_entries
from synthesis.bibliography.editing.refused import RefusedError
from synthesis.bibliography.editing.removing import remove

__all__ = [
    "Added",
    "Change",
    "Edited",
    "Formatted",
    "Layout",
    "RefusedError",
    "add",
    "format_entries",
    "remove",
    "set_fields",
]
