"""Author and year in a key, against author and year of the entry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.lint.rule import Rule, at_entry
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.bibliography.names import names_of
from synthesis.errors import Problem

LABEL = re.compile(
    r"(?P<author>[^\W\d_][^\W\d_'-]*)[-_:.]?(?P<year>(?:1[89]|20)\d\d)(?P<rest>(?:[-_:.]?[^\W\d_][\w:.-]*)?)"
)
ALIKE = 3  # letters at the beginning of a name; keys cut, join and simplify names in many ways


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY425: a key such as smith2004 of a document by Jones, or of 2006; a note, since print and web may differ."""
    for entry in shelf.entries:
        label = LABEL.fullmatch(entry.key)
        if label and (wrong := mismatch(label, [entry])):
            what = f"the key {entry.key!r} does not match its entry: {wrong}"
            yield at_entry(entry, "SY425", what, "rename it with `synth bib rename`, or say in a note why")


def mismatch(label: re.Match[str], entries: Iterable[Entry]) -> str | None:
    """What a label such as smith2004 says otherwise than all of the entries that it may stand for, in words."""
    documents = list(entries)
    years = sorted({entry.year for entry in documents if entry.year})
    if years and int(label["year"]) not in years:
        return f"{label['year']}, but the year is {', '.join(map(str, years))}"
    author = label["author"]
    first = [first for entry in documents if (first := _first_author(entry))]
    if first and not _acronym(author) and not any(_alike(author, name) for name in first):
        return f"{author}, but the first author is {first[0]}"
    return None


def _first_author(entry: Entry) -> str:
    """The family name of the first author or editor; nothing for a group, which keys shorten in any way."""
    people = names_of(_first_of(entry.get("author", "editor"))).people
    if not people or people[0].literal:
        return ""
    return people[0].last


def _first_of(names: str) -> str:
    """The first of several names, where that is plain to see; all of them otherwise."""
    first = names.partition(" and ")[0]
    return first if first.count("{") == first.count("}") else names


def _acronym(author: str) -> bool:
    return sum(map(str.isupper, author)) > 1 and not author[1:].islower()


def _alike(author: str, name: str) -> bool:
    """Whether an author in a key is a name's beginning, its letters simplified in one of the usual ways."""
    key = _letters(author)
    words = [name, *name.split()]  # with its prefix, and without
    return any(key[:ALIKE] == letters[:ALIKE] for word in words for letters in (_letters(word), _ascii(word)))


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold().replace("\u00f8", "o").replace("\u0142", "l"))
    return "".join(char for char in folded if char.isalpha())


def _ascii(text: str) -> str:
    """As programs do that drop what they do not know, or write ae for a-umlaut."""
    spelt = text.casefold().translate({0xE4: "ae", 0xF6: "oe", 0xFC: "ue", 0xE5: "aa", 0xF8: "oe"})
    return "".join(char for char in spelt if char.isalpha() and char.isascii())


RULE = Rule(
    name="labels",
    codes=("SY425",),
    says="author and year in a key are those of the entry",
    check=check,
)
