"""Fields with nothing in them."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Edit, Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.bibliography.splices import Splice
from synthesis.errors import Problem


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY436: an empty value, which some programs print as if it were one."""
    for value in _empty(shelf):
        yield at_field(value, "SY436", f"the {value.field.name} of {value.entry.key!r} is empty", "take it out")


def fix(shelf: Shelf) -> Iterator[Edit]:
    """The entry without it."""
    return (Edit(value, _without(value)) for value in _empty(shelf))


def _empty(shelf: Shelf) -> Iterator[Value]:
    for sheet in shelf.sheets:
        for value in sheet.values:
            if not value.field.value and value.whole:
                yield value


def _without(value: Value) -> Splice:
    """From the field to the next one; of the last, from the end of the one before it."""
    scan = value.sheet.scan(value.number)
    place = next(number for number, raw in enumerate(scan.fields) if raw.start == value.start)
    if place + 1 < len(scan.fields):
        return Splice(value.start, scan.fields[place + 1].start, "")
    before = scan.fields[place - 1].value_end if place else scan.key_end
    return Splice(before, value.raw.value_end, "")


RULE = Rule(
    name="empty-fields",
    codes=("SY436",),
    says="no field is empty",
    check=check,
    fix=fix,
)
