"""Formatted reference lists of entries: APA and Vancouver; text, Markdown, HTML, LaTeX and JSON."""

from __future__ import annotations

from synthesis.bibliography.reference_lists.outputs import OUTPUTS
from synthesis.bibliography.reference_lists.shelf import STYLES, Item, ReferenceList, Style, reference_list

__all__ = ["OUTPUTS", "STYLES", "Item", "ReferenceList", "Style", "reference_list"]
