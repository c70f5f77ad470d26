"""An entry of the library as one line of text."""

from __future__ import annotations

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.latex import plain

NOT_THERE = "not in the library"


def reference_text(key: str, entry: Entry | None) -> str:
    """Authors, year, title, where it appeared, DOI: what the entry states, under its key."""
    if entry is None:
        return f"{key}: {NOT_THERE}"
    container = entry.get("journal", "journaltitle", "booktitle", "publisher", "institution", "howpublished")
    doi = f"doi:{entry.doi}" if entry.doi else entry.get("url")
    parts = (entry.get("author", "editor"), entry.get("year", "date"), entry.get("title"), container, doi)
    said = ". ".join(plain(part).rstrip(".") for part in parts if part)
    return f"{key}: {said or 'nothing stated'}"
