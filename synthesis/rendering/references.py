"""An entry of the library as one line of text."""

from __future__ import annotations

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.latex import plain, verbatim

NOT_THERE = "not in the library"


def reference_text(key: str, entry: Entry | None) -> str:
    """Authors, year, title, where it appeared, DOI: what the entry states, under its key."""
    if entry is None:
        return f"{key}: {NOT_THERE}"
    container = entry.get("journal", "journaltitle", "booktitle", "publisher", "institution", "howpublished")
    address = f"doi:{entry.doi}" if entry.doi else verbatim(entry.get("url"))
    words = (entry.get("author", "editor"), entry.get("year", "date"), entry.get("title"), container)
    said = ". ".join(part.rstrip(".") for part in (*map(plain, words), address) if part)
    return f"{key}: {said or 'nothing stated'}"
