"""References from one entry to another."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity, did_you_mean

LINKS = ("crossref", "xref", "xdata", "entryset", "related")

MOST = 20  # references for which the nearest key is looked for


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY426: `crossref`, `xref`, `xdata`, `entryset` or `related` with a key that no entry has, or its own."""
    known = {key.lower(): key for key in (*shelf.by_key, *_aliases(shelf))}
    lost = 0
    for value in shelf.named(*LINKS):
        for key in filter(None, (key.strip() for key in value.field.value.split(","))):
            if key.lower() not in known:
                what = f"the {value.field.name} of {value.entry.key!r} names {key!r}, which no entry has"
                lost += 1
                remedy = did_you_mean(key, known.values()) if lost <= MOST else "add the entry, or take this out"
                yield at_field(value, "SY426", what, remedy, Severity.WARNING)
            elif key == value.entry.key:
                what = f"{key!r} refers to itself"
                yield at_field(value, "SY426", what, "name the entry that it belongs to", Severity.WARNING)


def _aliases(shelf: Shelf) -> Iterator[str]:
    """Further keys of entries, as biblatex has them in `ids`."""
    return (key.strip() for value in shelf.named("ids") for key in value.field.value.split(","))


RULE = Rule(
    name="crossrefs",
    codes=("SY426",),
    says="what an entry refers to is there",
    check=check,
    severity=Severity.WARNING,
)
