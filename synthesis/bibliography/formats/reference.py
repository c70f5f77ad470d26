"""A reference that belongs to no format: what every reader gives and every writer takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from synthesis.bibliography.doi import normalised_doi
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.formats.markup import escaped
from synthesis.bibliography.formats.values import (
    NAMES_OF_MONTHS,
    VERBATIM,
    bare_doi,
    safe_identifier,
    verbatim,
    without_controls,
)
from synthesis.bibliography.latex import decode
from synthesis.bibliography.names import Names, names_of, written
from synthesis.errors import Problem

NOBODY = Names()
ORDER = (
    "author", "editor", "title", "subtitle", "booktitle", "booksubtitle", "eventtitle", "journal", "journaltitle",
    "shortjournal", "series", "edition", "volume", "number", "issue", "pages", "eid", "chapter", "year", "month",
    "day", "date", "publisher", "institution", "school", "organization", "address", "location", "type",
    "entrysubtype", "isbn", "issn", "doi", "pmid", "pmcid", "url", "urldate", "language", "keywords", "note",
    "abstract",
)  # fmt: skip
PLACES = {name: place for place, name in enumerate(ORDER)}
BAD_IN_KEY = re.compile(r"[\s,={}()\"#%~\\]+")
BAD_IN_NAME = re.compile(r"[\s=,{}()\"#@%\\]+")
BAD_IN_TYPE = re.compile(r"[^a-z0-9_]+")
BRACES = re.compile(r"[{}]")
ANY_BRACE = re.compile(r"\\?[{}]")
FROM_PARENT = {"title": "booktitle", "subtitle": "booksubtitle"}  # what a field of a parent is called in its child
NOT_INHERITED = {"crossref", "xref", "xdata", "ids", "note", "abstract", "keywords", "pages", "doi", "url", "label"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reference was read."""

    path: str = ""
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Reference:
    r"""One reference, under the names of BibTeX.

    Values are Unicode with LaTeX markup and braces as `latex.decode` leaves them: `{DNA}` and `\textit{E. coli}`
    stay, `\'{e}` is `é`. DOIs, addresses and other identifiers are plain text. Where it was read does not count when
    two references are compared.
    """

    type: str  # of BibTeX or biblatex, in small letters
    key: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)  # without author and editor; no empty values
    authors: Names = NOBODY
    editors: Names = NOBODY
    place: Place = field(default=Place(), compare=False)

    def get(self, *names: str) -> str:
        """The value of the first of these fields that there is, or nothing."""
        return next((self.fields[name] for name in names if name in self.fields), "")

    @property
    def year(self) -> int | None:
        """The year of `year`, or of `date`; None where there are not four digits."""
        text = self.get("year", "date").strip("{} ")[:4]
        return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else None

    @property
    def doi(self) -> str:
        """The DOI in its one comparable form, or nothing."""
        return normalised_doi(self.get("doi"))


@dataclass(frozen=True, slots=True)
class Faulty:
    """A record with an error: one that was read in a way that may be wrong, or one that was not read."""

    place: Place
    why: str  # codes and words of its errors
    number: int | None = None  # of the reference that it was read as


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read of a file, readable or not."""

    references: tuple[Reference, ...]  # in file order, those with errors too
    problems: tuple[Problem, ...]  # sorted by place
    faulty: tuple[Faulty, ...] = ()  # in file order

    @property
    def sound(self) -> tuple[Reference, ...]:
        """The references without an error."""
        out = {one.number for one in self.faulty}
        return tuple(reference for number, reference in enumerate(self.references) if number not in out)


@dataclass(frozen=True, slots=True)
class Format:
    """A format of references: its name, the endings of its files, its reader and its writer.

    `read` takes bytes and what problems call them, and never raises; `write` is a function of the references alone.
    """

    name: str
    label: str  # as people call it
    extensions: tuple[str, ...]  # the first is written
    read: Callable[[bytes, str], Imported]
    write: Callable[[Iterable[Reference]], str]


def reference_of(entry: Entry, parents: Mapping[str, Entry] | None = None) -> Reference:
    """An entry of the library as a reference.

    Parameters
    ----------
    entry : Entry
        Of a repeated field the first counts; the reading of the library reports the others.
    parents : mapping, optional
        Entries by key in small letters; what `crossref` names is then filled in, as BibTeX does it.

    Returns
    -------
    Reference
        With every field that has a value.
    """
    values: dict[str, str] = {}
    for one in entry.fields:
        if one.value:
            values.setdefault(one.name, one.value)
    parent = (parents or {}).get(values.get("crossref", "").lower())
    if parent is not None and parent is not entry:
        _inherit(values, parent)
    fields = {name: field_text(name, value) for name, value in values.items() if name not in {"author", "editor"}}
    return Reference(
        type=entry.type,
        key=entry.key,
        fields={name: text for name, text in fields.items() if text},
        authors=names_of(values["author"]) if "author" in values else NOBODY,
        editors=names_of(values["editor"]) if "editor" in values else NOBODY,
        place=Place(entry.path, entry.line, entry.column),
    )


def _inherit(values: dict[str, str], parent: Entry) -> None:
    """Fill in what a child lacks; its parent's title is the title of the book, as biblatex has it."""
    for one in parent.fields:
        if one.value and one.name not in NOT_INHERITED:
            values.setdefault(FROM_PARENT.get(one.name, one.name), one.value)
    values.pop("crossref", None)


def field_text(name: str, value: str) -> str:
    """The text of a field of an entry: Unicode, or for an identifier what is meant by its characters."""
    if name == "doi":
        return bare_doi(value)
    return verbatim(value) if name in VERBATIM else decode(value)


def with_fields(reference: Reference, changes: Mapping[str, str]) -> Reference:
    """A reference with other values; an empty one takes the field out."""
    fields = {**reference.fields, **changes}
    return replace(reference, fields={name: text for name, text in fields.items() if text})


def by_lower_key(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Entries by key in small letters, as crossref finds them; of a repeated key the first."""
    return {entry.key.lower(): entry for entry in reversed(entries)}


def bibtex_of(reference: Reference, key: str = "") -> str:
    r"""A reference as one entry in BibTeX, which reads back as the same reference.

    Parameters
    ----------
    reference : Reference
        Its values are written in UTF-8; what LaTeX would take for markup (`&`, `%`, ...) is escaped.
    key : str, optional
        The key of the entry; by default that of the reference.

    Examples
    --------
    >>> print(bibtex_of(Reference("misc", "Doe2001", {"title": "{DNA} & more", "month": "May"})), end="")
    @misc{Doe2001,
      title = {{DNA} \& more},
      month = may,
    }
    """
    values = dict(reference.fields)
    for name, people in (("author", reference.authors), ("editor", reference.editors)):
        if people.people or people.others:
            values[name] = written(people)
    names = sorted(values, key=lambda name: (PLACES.get(name, len(ORDER)), name))
    lines = [f"  {BAD_IN_NAME.sub('-', name)} = {_value(name, values[name])},\n" for name in names if values[name]]
    kind = BAD_IN_TYPE.sub("", reference.type.lower()) or "misc"
    return f"@{kind}{{{usable_key(key or reference.key)},\n{''.join(lines)}}}\n"


def usable_key(text: str) -> str:
    """A key without the characters that no key can have."""
    return BAD_IN_KEY.sub("_", text.strip())


def _value(name: str, text: str) -> str:
    if name == "month" and text in NAMES_OF_MONTHS:
        return text[:3].lower()
    text = without_controls(text if name in VERBATIM else escaped(text))[0]
    if not _balance(text):
        text = safe_identifier(text) if name in VERBATIM else ANY_BRACE.sub(_shown_brace, text)
    backslash = " " if (len(text) - len(text.rstrip("\\"))) % 2 else ""  # it would escape the brace that closes
    return f"{{{text}{backslash}}}"


def _balance(text: str) -> bool:
    """Whether the braces of a value leave those around it alone: BibTeX counts them, after a backslash too."""
    depth = 0
    for brace in BRACES.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _shown_brace(brace: re.Match[str]) -> str:
    return r"{\textbraceleft}" if brace[0][-1] == "{" else r"{\textbraceright}"
