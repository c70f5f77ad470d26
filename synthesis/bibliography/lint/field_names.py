"""Names of fields that nothing reads, beside one that is read."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from synthesis.bibliography.lint.fields import FIELDS
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

SHORTEST, LONGEST = 4, 20  # letters; a name of three is near too many others
MOST = 200  # unknown names that are compared; a file with more of them is no library of BibTeX
NEAR = 0.85
OWN = frozenset({"authors", "comments", "notes", "articleno", "numpages", "editors", "titles", "datestamp"})


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY437: an unknown field whose name is nearly that of a known one; fields of one's own are nobody's business."""
    unknown = [(name, values) for name, values in shelf.names if name not in FIELDS]
    for name, values in unknown[:MOST]:
        near = _near(name)
        for value in values if near else ():
            what = f"no style reads the field {name!r} of {value.entry.key!r}"
            yield at_field(value, "SY437", what, f"did you mean {near!r}?", Severity.WARNING)


def _near(name: str) -> str | None:
    if not SHORTEST <= len(name) <= LONGEST or not name.isalpha():
        return None
    if name in {"authors", "editors", "titles"}:
        return name[:-1]
    if name in OWN:
        return None
    for known in FIELDS:
        if len(known) == len(name) and sorted(known) == sorted(name):
            return known  # two letters have changed places
    found = difflib.get_close_matches(name, FIELDS, n=1, cutoff=NEAR)
    return found[0] if found and name[0] == found[0][0] else None


RULE = Rule(
    name="field-names",
    codes=("SY437",),
    says="no field's name is a slip for another (auhtor)",
    check=check,
    severity=Severity.WARNING,
)
