"""Which of several entries of one document stays, and what it takes over from the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from synthesis.bibliography.duplicates.clusters import Group
from synthesis.bibliography.duplicates.evidence import SAME, compare
from synthesis.bibliography.duplicates.folding import folded
from synthesis.bibliography.duplicates.held import Held
from synthesis.bibliography.duplicates.people import contains
from synthesis.bibliography.duplicates.record import Record
from synthesis.bibliography.duplicates.titles import RETRACTED
from synthesis.bibliography.entry import Field

NOT_TAKEN = frozenset(
    [
        "crossref",
        "xref",
        "xdata",
        "ids",
        "related",
        "relatedtype",
        "relatedstring",
        "options",
        "entryset",
        "sortkey",
        "key",
        "label",
        "file",
        "groups",
        "owner",
        "timestamp",
        "date-added",
        "date-modified",
        "creationdate",
        "modificationdate",
        "__markedentry",
        "bdsk-url-1",
        "bdsk-file-1",
    ]
)
ONE_OF = (  # fields that say the same
    frozenset(("journal", "journaltitle")), frozenset(("year", "date")), frozenset(("address", "location")),
    frozenset(("school", "institution")), frozenset(("number", "issue")), frozenset(("pages", "eid", "articleno")),
    frozenset(("keywords", "keyword")), frozenset(("note", "annote", "addendum")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """A field that the kept entry takes over."""

    name: str
    written: str  # as it stands in the file it comes from, delimiters included
    source: str  # the key of the record it comes from
    instead: str = ""  # what stood there, as written; nothing for a new field


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge, not yet done."""

    kept: Held
    removed: tuple[Held, ...]
    taken: tuple[Taken, ...]
    differs: tuple[str, ...]  # fields of the removed entries that say something else, in words
    because: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the records that go."""
        return tuple(one.record.key for one in self.removed)


def merge_of(group: Group, held: Mapping[str, Held], used: Collection[str], strings: Mapping[str, str]) -> Merge:
    """How the entries of a group become one.

    Parameters
    ----------
    group : Group
        Of entries of the library.
    held : mapping
        The entries by the keys of their records.
    used : collection of str
        Keys that something cites; such an entry is rather kept.
    strings : mapping
        Macros that the kept entry's file knows; a value that needs another is written out.

    Returns
    -------
    Merge
        The kept entry has the most that is cited, then a mark of retraction, then the most fields, then the longest
        list of authors, then the smallest key. It keeps its own fields, but for a shorter list of authors and for a
        title without its mark of retraction, and takes those that it lacks.
    """
    members = sorted((held[record.key] for record in group.records), key=lambda one: _rank(one, used))
    kept, removed = members[0], tuple(members[1:])
    taken = (*_fuller_authors(kept, removed), *_retraction(kept, removed), *_missing(kept, removed, strings))
    return Merge(kept, removed, taken, tuple(_differences(kept, removed, taken)), reason(group))


def reason(group: Group) -> str:
    """Why the records of a group are one document: the words of its links, each once, with the pairs they are about."""
    pairs: dict[str, list[str]] = {}
    for link in group.links:
        pairs.setdefault(link.because, []).append(f"{link.one.key} = {link.other.key}")
    return "; ".join(f"{because} ({', '.join(found)})" for because, found in pairs.items())


def _rank(one: Held, used: Collection[str]) -> tuple[bool, bool, bool, int, int, str]:
    entry = one.entry
    copy = one.record.key != entry.key
    return (
        copy or entry.key not in used,
        copy,
        not _is_retracted(entry.get("title")),
        -sum(1 for field in entry.fields if field.value),
        -one.record.authors.count,
        one.record.key,
    )


def _fuller_authors(kept: Held, removed: Sequence[Held]) -> Iterator[Taken]:
    """The longest list of authors, where it has everybody of the kept one."""
    mine = kept.record.authors
    own = kept.entry.field("author")
    if own is None:
        return
    longer = [
        one
        for one in removed
        if one.entry.field("author")
        and (one.record.authors.count, not one.record.authors.others) > (mine.count, not mine.others)
        and contains(one.record.authors, mine)
    ]
    if longer:
        best = max(longer, key=lambda one: (one.record.authors.count, not one.record.authors.others, one.record.key))
        field = best.entry.field("author")
        assert field is not None
        yield Taken("author", _portable(field, {}), best.record.key, own.written)


def _retraction(kept: Held, removed: Sequence[Held]) -> Iterator[Taken]:
    """The title that says that the paper was retracted."""
    own = kept.entry.field("title")
    marked = next((one for one in removed if _is_retracted(one.entry.get("title"))), None)
    if own is not None and marked is not None and not _is_retracted(own.value):
        field = marked.entry.field("title")
        assert field is not None
        yield Taken("title", _portable(field, {}), marked.record.key, own.written)


def _missing(kept: Held, removed: Sequence[Held], strings: Mapping[str, str]) -> Iterator[Taken]:
    """The fields that the kept entry lacks."""
    names = {field.name for field in kept.entry.fields if field.value}
    if not kept.entry.fields:
        return  # an entry without fields shows no place for one
    for one in removed:
        for field in one.entry.fields:
            if field.value and field.name not in NOT_TAKEN and not _has(names, field.name):
                names.add(field.name)
                yield Taken(field.name, _portable(field, strings), one.record.key, _empty(kept, field.name))


def _empty(kept: Held, name: str) -> str:
    """The written form of a field of the kept entry that has this name and no value."""
    field = kept.entry.field(name)
    return field.written if field else ""


def _has(names: Collection[str], name: str) -> bool:
    return name in names or any(name in group and not group.isdisjoint(names) for group in ONE_OF)


def _portable(field: Field, strings: Mapping[str, str]) -> str:
    """A value as written, or written out where it needs a macro that its new file may not know."""
    if all(name.lower() in strings for name in field.macros):
        return field.written
    return f"{{{field.value}}}"


def _differences(kept: Held, removed: Sequence[Held], taken: Sequence[Taken]) -> Iterator[str]:
    replaced = {one.name for one in taken if one.instead}
    for one in removed:
        for field in one.entry.fields:
            own = kept.entry.field(field.name)
            if own is None or field.name in NOT_TAKEN or field.name in replaced:
                continue
            if folded(own.value) != folded(field.value) and field.name not in _agreed(kept.record, one.record):
                yield f"{field.name} of {one.record.key}: {field.value}"


def _agreed(kept: Record, other: Record) -> frozenset[str]:
    """Fields that say the same although they are written in two ways."""
    evidence = compare(kept, other)
    found = {name for name in ("pages", "doi", "volume", "number", "isbn") if getattr(evidence, name) == SAME}
    found |= {"title"} if evidence.title == SAME else set()
    found |= {"author"} if evidence.authors == SAME else set()
    return frozenset(found | ({"journal", "journaltitle", "booktitle"} if evidence.journal == SAME else set()))


def _is_retracted(title: str) -> bool:
    return RETRACTED.match(folded(title) + " ") is not None
