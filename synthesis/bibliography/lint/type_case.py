"""Types in one case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.lint.rule import Rule, at_entry
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY416: @article and @Article in one file; BibTeX does not mind. Named at the first of the rarer case."""
    for library in shelf.libraries:
        first: dict[str, Entry] = {}
        counts: Counter[str] = Counter()
        for entry in library.entries:
            case = _case(library.text[entry.start + 1 : entry.start + 1 + len(entry.type)])
            first.setdefault(case, entry)
            counts[case] += 1
        for case, _ in counts.most_common()[1:]:
            usual = counts.most_common(1)[0][0]
            what = f"{counts[case]} types of entries in {case}, {counts[usual]} in {usual}"
            yield at_entry(first[case], "SY416", what, "write all types in one case")


def _case(name: str) -> str:
    if name.islower():
        return "small letters"
    return "capitals" if name.isupper() else "mixed letters"


RULE = Rule(
    name="type-case",
    codes=("SY416",),
    says="all types of a file are written in one case",
    check=check,
)
