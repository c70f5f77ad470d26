"""What a format cannot hold, found by writing a reference and reading it again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from synthesis.bibliography.formats.markup import plain_text, shown
from synthesis.bibliography.formats.neutral import neutral
from synthesis.bibliography.formats.reference import Format, Place, Reference
from synthesis.errors import Problem, Severity

MARKUP = re.compile(r"[\\{}$]")  # dashes, quotes and ties are only written in another way


@dataclass(frozen=True, slots=True)
class Loss:
    """One kind of thing that does not survive, in how many references, and the first of them."""

    format: str  # as people call it
    what: str
    count: int
    example: str  # key of the first reference, or its title
    place: Place  # of the first reference

    def __str__(self) -> str:
        more = "" if self.count == 1 else f" and {self.count - 1} more"
        return f"{self.format} does not hold {self.what}: {self.example}{more}"

    def problem(self) -> Problem:
        """The loss as a note, SY549."""
        place = self.place
        remedy = "nothing; the library keeps it, and BibTeX holds everything"
        return Problem(place.path, place.line, place.column, "SY549", str(self), remedy, Severity.NOTE)


def losses(references: Sequence[Reference], target: Format) -> tuple[Loss, ...]:
    """What of some references a format loses, most frequent first; what is only said in another way is no loss."""
    found: dict[str, list[Reference]] = {}
    for reference in references:
        for what in _lost(reference, target):
            found.setdefault(what, []).append(reference)
    kinds = (
        Loss(target.label, what, len(losers), _called(losers[0]), losers[0].place) for what, losers in found.items()
    )
    return tuple(sorted(kinds, key=lambda loss: (-loss.count, loss.what)))


def _called(reference: Reference) -> str:
    return reference.key or plain_text(reference.get("title"))[:40] or reference.type


def _lost(reference: Reference, target: Format) -> Iterator[str]:
    before = neutral(reference)
    again = target.read(target.write([reference]).encode(), "").references
    if len(again) != 1:
        yield "the whole reference"
        return
    after = neutral(again[0])
    if before.type != after.type:
        yield f"the type {before.type}, which becomes {after.type}"
    if before.key and before.key != after.key:
        yield "this key"
    if before.authors != after.authors:
        yield "a part of the authors"
    if before.editors != after.editors:
        yield "a part of the editors"
    yield from _lost_fields(before, after)


def _lost_fields(before: Reference, after: Reference) -> Iterator[str]:
    for name, value in before.fields.items():
        kept = after.fields.get(name, "")
        if not kept:
            yield f"the field {name}"
        elif kept != value:
            if shown(name, kept) != shown(name, value):
                yield f"a part of the field {name}"
            elif MARKUP.search(value):
                yield f"markup and braces of {name}"
