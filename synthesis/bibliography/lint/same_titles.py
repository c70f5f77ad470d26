"""One document in two entries."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.lint.rule import Rule, at_entry
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.bibliography.titles import title_letters
from synthesis.errors import Problem

LINKS = ("related", "crossref", "xref")
FEWEST = 4  # words; shorter titles (Editorial, Introduction) are shared by many
TELLING = (("pages", "eid"), ("volume", "chapter"), ("isbn",))  # what tells two documents of one title apart


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY459: one title and year twice, and nothing in the entries that tells the two documents apart."""
    first: dict[tuple[str, int], Entry] = {}
    for value in shelf.named("title"):
        entry = value.entry
        letters = title_letters(value.field.value)
        if letters.count(" ") + 1 < FEWEST or entry.year is None:
            continue
        known = first.setdefault((letters, entry.year), entry)
        if known is not entry and not _differ(entry, known) and not _related(entry, known):
            what = f"{entry.key!r} has the title and year of {known.key!r}, {known.place}"
            yield at_entry(entry, "SY459", what, "see `synth bib dedupe`")


def _differ(one: Entry, two: Entry) -> bool:
    """Whether both entries have one of the telling fields, with another value; a DOI whatever its form."""
    pairs = [(one.doi, two.doi), *((one.get(*names), two.get(*names)) for names in TELLING)]
    return any(a and b and a != b for a, b in pairs)


def _related(one: Entry, two: Entry) -> bool:
    """Whether one of two entries names the other, as a reprint names its original."""
    return any(a.key in b.get(*LINKS).replace(" ", "").split(",") for a, b in ((one, two), (two, one)))


RULE = Rule(
    name="same-titles",
    codes=("SY459",),
    says="one document has one entry: no title and year twice",
    check=check,
)
