"""Documents that stand no longer, and what rests on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.lint.rule import Rule, at_entry
from synthesis.bibliography.lint.shelf import PlaceLike, Shelf
from synthesis.bibliography.retractions import KINDS, Retraction, retracted
from synthesis.errors import Problem, Severity

REMEDY = "see `synth graph retract {}` for what rests on it; then leave it out, or say why it stays"


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY454: something retracted or doubted that a record rests on (a warning), or that is cited elsewhere (a note)."""
    for key, one in retracted(shelf.libraries, shelf.retractions).items():
        places = list(_places(shelf, key))
        if not places:
            yield at_entry(shelf.by_key[key], "SY454", _what(shelf.by_key[key], one), REMEDY.format(key))
        for place, severity in places:
            grave = Severity.NOTE if one.kind == "correction" else severity
            what = _what(shelf.by_key[key], one)
            yield Problem(place.path, place.line, place.column, "SY454", what, REMEDY.format(key), grave)


def _places(shelf: Shelf, key: str) -> Iterator[tuple[PlaceLike, Severity]]:
    """The records that a document is a report of, then the other places that cite it."""
    records = [sample.at("cite") for sample in shelf.samples if key in sample.cite]
    yield from ((place, Severity.WARNING) for place in records)
    cited = (shelf.cited or {}).get(key, ())
    paths = {place.path for place in records}
    for place in cited if isinstance(cited, Sequence) else (cited,):
        if place.path not in paths:
            yield place, Severity.NOTE


def _what(entry: Entry, one: Retraction) -> str:
    return f"{entry.key!r}: {KINDS[one.kind]}, says {one.where} ({one.says})"


RULE = Rule(
    name="retracted",
    codes=("SY454", "SY404"),
    says="nothing rests on a retracted document",
    check=check,
    severity=Severity.WARNING,
)
