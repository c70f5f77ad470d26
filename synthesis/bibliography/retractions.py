"""What has been retracted, doubted or corrected: as the library itself says it, and as an offline list says it.

The list is `bibliography/retractions.csv` with the columns `document` (a key of the library, or a DOI), `kind` (a key
of KINDS) and `source` (where that is said). Nobody is asked over the network.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis import files
from synthesis.bibliography.doi import is_doi, normalised_doi
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import FOLDER, Library
from synthesis.bibliography.titles import title_letters
from synthesis.errors import Problem, Severity, SynthesisError, did_you_mean

PATH = f"{FOLDER}/retractions.csv"
LIMIT = 50 * files.MEGABYTE
COLUMNS = ("document", "kind", "source")
KINDS: Mapping[str, str] = {
    "retraction": "the document has been retracted",
    "concern": "its journal has expressed concern about it",
    "correction": "it has been corrected",
}

# What a journal puts before the title of a document that stands no longer, and of the notice that says so.
_MARKED = re.compile(
    r"\W*(?:retracted|withdrawn)(?:\s+(?:article|paper|chapter|publication))?\s*[\]:.\u2013\u2014)-]\s*", re.IGNORECASE
)
_NOTICE: Mapping[str, re.Pattern[str]] = {
    "retraction": re.compile(
        r"\W*retraction(?:\s+(?:notice|note|statement))?(?:\s+(?:to|of|for|on))?\b\W*", re.IGNORECASE
    ),
    "concern": re.compile(
        r"\W*(?:editorial\s+)?expression of concern(?:\s+(?:to|of|for|on|about|regarding))?\b\W*", re.IGNORECASE
    ),
    "correction": re.compile(
        r"\W*(?:erratum|corrigendum|correction|errata|author correction)(?:\s+(?:to|of|for))?\s*:?\b\W*", re.IGNORECASE
    ),
}
_NOTICE_END = re.compile(r"[:\]]|\b(?:notice|to|of|for)\b", re.IGNORECASE)
_SAID = re.compile(
    r"\bretracted\s+(?:publication|article|paper|by|in|on|\d)|\b(?:has been|was|is|were)\s+(?:retracted|withdrawn)\b"
    r"|\bretraction\s+in\b|^\W*retracted\b",
    re.IGNORECASE,
)
_NOT_SAID = re.compile(r"\bnot\s+(?:been\s+)?(?:retracted|withdrawn)\b", re.IGNORECASE)
_CONCERN = re.compile(r"\bexpression of concern\b", re.IGNORECASE)
_STATING = frozenset(
    {"title", "note", "addendum", "pubstate", "type", "relation", "relatedtype", "keywords", "howpublished"}
)
_NO = frozenset({"no", "false", "0", "none"})
_SIGNS = ("retract", "withdrawn", "concern")
_NOTICES = ("retract", "concern", "correct", "errat", "corrigend")


@dataclass(frozen=True, slots=True)
class Retraction:
    """That a document of the library stands no longer as it was."""

    kind: str  # a key of KINDS
    where: str  # `file:line` of what says so
    says: str  # in words


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    document: str  # a key, or a DOI
    kind: str  # a key of KINDS
    source: str
    line: int  # the first is 1
    path: str = PATH


@dataclass(frozen=True, slots=True)
class RetractionList:
    """The lines of the list that can be used, in file order, and what is wrong with the others (SY404)."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_retractions(source: Path | str, path: str = PATH) -> RetractionList:
    """The list of a review.

    Parameters
    ----------
    source : Path or str
        The review folder, or the text of a list. A folder without the file has no list.
    path : str, optional
        The file's name in messages, relative to the review folder.
    """
    if isinstance(source, str):
        return _listed(source, path)
    file = source / path
    if not file.is_file():
        return RetractionList()
    try:
        text = files.read_limited(file, LIMIT).decode("utf-8-sig")
    except UnicodeDecodeError:
        return RetractionList(problems=(_fault(path, 1, "this is not UTF-8", "save the file as UTF-8"),))
    except SynthesisError as error:
        return RetractionList(problems=(_fault(path, 1, str(error), "keep what concerns this library"),))
    return _listed(text, path)


def retracted(libraries: Iterable[Library], rows: Sequence[Row] = ()) -> dict[str, Retraction]:
    """By key, the documents of the library that are retracted, doubted or corrected; the gravest that is said.

    Parameters
    ----------
    libraries : iterable of Library
        All files of the library.
    rows : sequence of Row, optional
        Of `read_retractions`; its DOIs and keys that the library does not have are passed over.

    Notes
    -----
    An entry says so by a field `retracted`, by its title (`RETRACTED: ...`), or in its note, type, keywords or state of
    publication. A notice (`Retraction: TITLE`, `Expression of concern: TITLE`, `Erratum: TITLE`) speaks of the entry
    with that title, not of itself.
    """
    entries = [entry for library in libraries for entry in library.entries]
    found: dict[str, Retraction] = {}
    for key, one in (*_by_list(entries, rows), *_by_themselves(entries), *_by_notices(entries)):
        known = found.get(key)
        if known is None or _weight(one) > _weight(known):
            found[key] = one
    return found


def unknown_documents(libraries: Iterable[Library], rows: Sequence[Row]) -> Iterator[Problem]:
    """SY404, warnings: lines of the list whose document is neither a DOI nor a key of the library."""
    keys = [entry.key for library in libraries for entry in library.entries]
    known = set(keys)
    for row in rows:
        if row.document not in known and not is_doi(row.document):
            what = f"{row.document!r} is no DOI and no key of the library"
            yield Problem(row.path, row.line, 1, "SY404", what, did_you_mean(row.document, keys), Severity.WARNING)


def _weight(one: Retraction) -> int:
    return -list(KINDS).index(one.kind)


def _listed(text: str, path: str) -> RetractionList:
    reader = csv.reader(io.StringIO(text, newline=""))
    rows, problems = [], []
    try:
        header = [name.strip() for name in next(reader, [])]
        if lacking := [name for name in COLUMNS if name not in header]:
            what = f"no column {', no column '.join(lacking)}"
            return RetractionList(problems=(_fault(path, 1, what, f"begin with {','.join(COLUMNS)}"),))
        for cells in reader:
            values = dict(zip(header, map(str.strip, cells), strict=False))
            if not any(values.values()):
                continue
            document, kind, source = (values.get(name, "") for name in COLUMNS)
            row = Row(document, kind, source, reader.line_num, path)
            wrong = _wrong(row)
            rows += [] if wrong else [row]
            problems += [wrong] if wrong else []
    except csv.Error as error:
        problems.append(_fault(path, reader.line_num, f"no CSV: {error}", "write one document in a line"))
    return RetractionList(tuple(rows), tuple(problems))


def _wrong(row: Row) -> Problem | None:
    if not row.document:
        return _fault(row.path, row.line, "no document", "write a key of the library, or a DOI")
    if row.kind not in KINDS:
        return _fault(row.path, row.line, f"no kind {row.kind!r}", did_you_mean(row.kind, KINDS))
    if not row.source:
        return _fault(row.path, row.line, "no source", "say where this is stated")
    return None


def _fault(path: str, line: int, what: str, remedy: str) -> Problem:
    return Problem(path, line, 1, "SY404", what, remedy)


def _by_list(entries: Sequence[Entry], rows: Sequence[Row]) -> Iterator[tuple[str, Retraction]]:
    keys = {entry.key for entry in entries}
    by_doi: dict[str, list[str]] = {}
    for entry in entries if rows else ():
        if entry.doi:
            by_doi.setdefault(entry.doi, []).append(entry.key)
    for row in rows:
        named = [row.document] if row.document in keys else by_doi.get(normalised_doi(row.document), [])
        for key in named:
            yield key, Retraction(row.kind, f"{row.path}:{row.line}", row.source)


def _by_themselves(entries: Iterable[Entry]) -> Iterator[tuple[str, Retraction]]:
    for entry in entries:
        for field in entry.fields:
            if kind := _stated(field.name, field.value):
                yield entry.key, Retraction(kind, f"{entry.path}:{field.line}", f"its {field.name}: {field.value[:80]}")


def _stated(name: str, value: str) -> str | None:
    """The kind that a field of an entry states of the entry itself."""
    if name == "retracted":
        return None if value.strip("{} ").lower() in _NO | {""} else "retraction"
    if name not in _STATING or not _any_in(_SIGNS, value):
        return None
    if name == "title":
        return "retraction" if _MARKED.match(value) else None
    if _NOT_SAID.search(value) or not (said := _SAID.search(value) or _CONCERN.search(value)):
        return None
    return "concern" if said.re is _CONCERN else "retraction"


def _any_in(signs: Iterable[str], text: str) -> bool:
    """Quicker than a pattern; most texts have none of them."""
    low = text.lower()
    return any(sign in low for sign in signs)


def _by_notices(entries: Sequence[Entry]) -> Iterator[tuple[str, Retraction]]:
    notices = [(entry, *told) for entry in entries if (told := _notice(entry.get("title")))]
    if not notices:
        return
    titles: dict[str, list[str]] = {}
    for entry in entries:
        if title := title_letters(entry.get("title")):
            titles.setdefault(title, []).append(entry.key)
    for entry, kind, title in notices:
        for key in titles.get(title, ()):
            if key != entry.key:
                yield key, Retraction(kind, entry.place, f"the notice {entry.key}")


def _notice(title: str) -> tuple[str, str] | None:
    """The kind of a notice, and the letters of the title that it speaks of."""
    if not _any_in(_NOTICES, title):
        return None
    for kind, form in _NOTICE.items():
        found = form.match(title)
        if found and found.end() < len(title) and _NOTICE_END.search(found[0]):
            return kind, title_letters(title[found.end() :])
    return None
