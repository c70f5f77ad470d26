"""RIS: the tagged format of Reference Manager, in the dialects of the programs that write it.

Tags after the RIS Format Specifications (refman.com, titles and authors; Adept Scientific, article A626, on the form of
tags and records) and the later tags of EndNote (T2 for a journal, C1 to C8, DO). Dialects: T2, JO or JF for the
journal, DA beside PY, the pages in SP alone, keywords on lines without tags (EndNote), PMCID or PMID in C2 (EndNote,
Scopus), the DOI in M3 (old Zotero). A tag without a field of its own is kept as `x-ris-TAG`, and written back from
there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from synthesis.bibliography.doi import is_doi
from synthesis.bibliography.formats.draft import Draft
from synthesis.bibliography.formats.kinds import ARTICLE_LIKE, IN_BOOK, IN_SERIES, THESES, kind_of, of_ris
from synthesis.bibliography.formats.markup import plain_text, shown
from synthesis.bibliography.formats.neutral import neutral
from synthesis.bibliography.formats.people import people_of, texts_of, with_commas
from synthesis.bibliography.formats.reference import Imported, Reference
from synthesis.bibliography.formats.source import Problems, decoded, limited, lines_of
from synthesis.bibliography.formats.tagged import Line, Record, Records
from synthesis.bibliography.formats.values import (
    ISO,
    Date,
    date_beside,
    date_of,
    first_and_last,
    full_page,
    iso_date,
    month_number,
    one_line,
    split_list,
    words_beside,
)
from synthesis.bibliography.names import Names, names_of, written
from synthesis.errors import did_you_mean

KEPT = "x-ris-"
SIMPLE = {
    "AB": "abstract", "N2": "abstract", "N1": "note", "RN": "note", "VL": "volume", "IS": "number", "CP": "number",
    "ET": "edition", "CY": "address", "PP": "address", "LA": "language", "T3": "series", "ST": "shorttitle",
    "C7": "eid", "DO": "doi", "DB": "database", "NV": "volumes", "SE": "chapter",
}  # fmt: skip
WRITTEN = {
    "volume": "VL", "number": "IS", "edition": "ET", "address": "CY", "language": "LA", "shorttitle": "ST",
    "eid": "C7", "doi": "DO", "database": "DB", "volumes": "NV", "chapter": "SE", "url": "UR", "abstract": "AB",
    "note": "N1",
}  # fmt: skip
TAGS = frozenset({
    "A1", "A2", "A3", "A4", "AB", "AD", "AN", "AU", "AV", "BT", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8",
    "CA", "CN", "CP", "CT", "CY", "DA", "DB", "DO", "DP", "ED", "EP", "ER", "ET", "ID", "IS", "J1", "J2", "JA",
    "JF", "JO", "KW", "L1", "L2", "L3", "L4", "LA", "LB", "LK", "M1", "M2", "M3", "N1", "N2", "NV", "OP", "PB",
    "PP", "PY", "RI", "RN", "RP", "SE", "SN", "SO", "SP", "ST", "SV", "T1", "T2", "T3", "TA", "TI", "TT", "TY",
    "U1", "U2", "U3", "U4", "U5", "UR", "VL", "VO", "Y1", "Y2",
})  # fmt: skip
TITLED_BY_BT = frozenset({"book", "mvbook", "collection", "manual", "booklet", "unpublished"})
PUBMED = ("pubmed", "medline", "nlm")


def read_ris(data: bytes, path: str) -> Imported:
    """Every record of a file of RIS; see `Format`."""
    problems = Problems(path)
    problems.known = _remedy
    lines = lines_of(decoded(data, problems))
    references = [_Reading(record, problems).reference() for record in limited(Records(lines, problems), problems)]
    if not references and not problems.found:
        problems.error(
            1, 1, "SY546", "no record of RIS is in this file", "begin each record with the line 'TY  - JOUR'"
        )
    return problems.imported(references)


class _Reading:
    """One record on its way to a reference: what is taken out of it, and what is left over."""

    def __init__(self, record: Record, problems: Problems) -> None:
        self.record, self.problems = record, problems
        self.draft = Draft(problems, record.line)

    def reference(self) -> Reference:
        self.record.report_size(self.problems)
        self._type()
        self._titles()
        self._people()
        self._dates()
        self._pages()
        self._identifiers()
        draft, record = self.draft, self.record
        draft.keywords = record.texts("KW")
        draft.put_genre(record.texts("M3"))
        for text in record.texts("PB"):
            draft.put_publisher(text)
        for tag in [tag for tag in SIMPLE if tag in record.tags]:
            for line in record.take(tag):
                is_date = tag == "ET" and draft.type in ARTICLE_LIKE and ISO.match(one_line(line.text))
                draft.put(f"{KEPT}et" if is_date else SIMPLE[tag], line.text, line.line)
        for tag in list(record.tags):
            self._left_over(record.take(tag))
        return draft.reference()

    def _type(self) -> None:
        found = self.record.take("TY")
        code = one_line(found[0].text) if found else ""
        kind = of_ris(code.upper())
        if kind is None:
            what = f"{code!r} is no type of RIS; read as misc" if found else "this record has no TY; read as misc"
            place = found[0].line if found else self.record.line
            self.problems.warning(place, 1, "SY543" if found else "SY542", what, "write TY  - JOUR, or what it is")
            self._left_over(found)
        self.draft.put_kind(kind or ("misc", ""))
        names = self.record.take("ID")
        self.draft.key = one_line(names[0].text) if names else ""
        self._left_over(line for line in names[1:] if one_line(line.text) != self.draft.key)

    def _titles(self) -> None:
        draft, record = self.draft, self.record
        main = record.take("TI", "T1", "CT", *(("BT",) if draft.type in TITLED_BY_BT else ()))
        self._first("title", main)
        if draft.type in IN_BOOK:
            places = record.take("C3") if draft.type == "inproceedings" else []
            books = record.take("T2", "BT", "JF", "JO")
            self._first("booktitle", places or books)
            if places:
                self._first("eventtitle", books)
        elif draft.type in IN_SERIES:
            self._first("series", record.take("T2"))
        self._journal()

    def _journal(self) -> None:
        """The journal: its full name before any abbreviation, which is kept beside it."""
        names = self.record.take("JF", "T2", "BT", "JO", "JA", "J2", "J1")
        whole = [line for line in names if line.tag in {"JF", "T2", "BT", "JO"}]
        short = [line for line in names if line.tag in {"JA", "J2", "J1"}]
        field = "journal" if self.draft.type not in IN_BOOK else "shortjournal"
        self._first(field, whole[:1] or short[:1])
        rest = [line for line in (*whole[1:], *(short if whole else short[1:])) if not self._has(field, line)]
        self._first("shortjournal", rest)

    def _has(self, field: str, line: Line) -> bool:
        return plain_text(self.draft.value(field)) == one_line(line.text)

    def _first(self, field: str, lines: list[Line]) -> None:
        """The first line as a field, and those that say something else as what they are."""
        for line in lines[:1]:
            self.draft.put(field, line.text, line.line)
        self._left_over([line for line in lines[1:] if not self._has(field, line)])

    def _people(self) -> None:
        draft, record = self.draft, self.record
        draft.authors = people_of(with_commas(record.texts("AU", "A1")))
        draft.editors = people_of(with_commas(record.texts("ED", "A2")))
        if draft.type == "collection" and draft.authors.people and not draft.editors.people:
            draft.authors, draft.editors = draft.editors, draft.authors
        translators = people_of(record.texts("A4"))
        if translators.people:
            draft.put_latex("translator", written(translators))

    def _dates(self) -> None:
        years, more = self.record.take("PY", "Y1"), self.record.take("DA")
        date = date_of(years[0].text) if years else Date()
        for line in (*years[1:], *more):
            beside = date_beside(line.text)
            if _agree(date, beside):
                date = Date(date.year or beside.year, date.month or beside.month, date.day or beside.day)
            else:
                self._left_over([line])
        self._left_over([line for line in (*years, *more) if words_beside(line.text)])
        self.draft.put_date(date)
        for line in self.record.take("Y2"):
            iso = iso_date(date_of(line.text))
            self.draft.put("urldate" if iso else f"{KEPT}y2", iso or line.text, line.line)
            self._left_over([line] if iso and words_beside(line.text) else [])

    def _pages(self) -> None:
        first, last = (self.record.take(tag) for tag in ("SP", "EP"))
        start = one_line(first[0].text) if first else ""
        end = one_line(last[0].text) if last else ""
        one, other = first_and_last(start)
        whole = bool(other) and full_page(one, other) == full_page(one, end)  # SP has both ends already
        if not start or not end or start == end or whole:
            self.draft.put_pages(start or end)
        else:
            self.draft.put_pages(f"{start}--{full_page(start, end)}")
        self._left_over([*first[1:], *last[1:]])

    def _identifiers(self) -> None:
        draft, record = self.draft, self.record
        source = " ".join(line.text for line in record.all("DB", "DP")).lower()
        for line in record.take("AN"):
            number = one_line(line.text)
            is_pmid = number.isdecimal() and any(name in source for name in PUBMED)
            draft.put("pmid" if is_pmid else "accession", number, line.line)
        for line in record.take("C2"):
            self._second_custom(line, source)
        if not record.all("DO"):
            for line in record.take("M3"):
                if is_doi(one_line(line.text)):
                    draft.put("doi", line.text, line.line)
                else:
                    record.add(line)
        draft.put_serials(record.texts("SN"))
        self._first("url", record.take("UR"))

    def _second_custom(self, line: Line, source: str) -> None:
        """C2: the PMID for Scopus, the PMCID for EndNote, or something else."""
        number = one_line(line.text)
        if number.isdecimal() and "scopus" in source:
            self.draft.put("pmid", number, line.line)
        elif number.isdecimal() or not self.draft.put_pmcid(number):
            self._left_over([line])

    def _left_over(self, lines: Iterable[Line]) -> None:
        """Keep what has no field of its own."""
        for line in lines:
            if line.text.strip():
                self.draft.put(KEPT + line.tag.lower(), line.text, line.line)
                if line.tag not in TAGS:
                    self.problems.not_known(line.tag, line.line)


def _agree(date: Date, other: Date) -> bool:
    """Whether two dates have no part that differs, and a day comes to no other month."""
    parts = ((date.year, other.year), (date.month, other.month), (date.day, other.day))
    return all(not one or not two or one == two for one, two in parts) and bool(date.month or not date.day)


def _remedy(tag: str) -> str:
    return did_you_mean(tag, sorted(TAGS))


def write_ris(references: Iterable[Reference]) -> str:
    """RIS of some references, one blank line between them; T2 for what a journal or book is called."""
    return "\n".join(_record(neutral(reference)) for reference in references)


def _record(reference: Reference) -> str:
    code = reference.get(f"{KEPT}ty") or kind_of(reference.type, reference.get("entrysubtype")).ris
    lines = [("TY", code), *_lines(reference), ("ER", "")]
    return "".join(f"{tag}  - {one_line(text)}\n" for tag, text in lines if text or tag == "ER")


def _lines(reference: Reference) -> Iterator[tuple[str, str]]:
    """The tags of a reference with their texts, empty ones included."""
    yield "ID", reference.key
    yield from _people_lines(reference)
    yield "TI", _text(reference, "title")
    yield from _containers(reference)
    yield from _date_lines(reference)
    first, last = first_and_last(_text(reference, "pages"))
    yield from (("SP", first), ("EP", last))
    yield from ((tag, _text(reference, name)) for name, tag in WRITTEN.items())
    yield "PB", plain_text(reference.get("publisher", "institution", "school", "organization"))
    yield from (("SN", one) for name in ("issn", "isbn") for one in _text(reference, name).split(", "))
    yield "M3", _genre(reference)
    yield from _database(reference)
    yield "C2", _text(reference, "pmcid")
    yield from (("KW", word) for word in split_list(_text(reference, "keywords")))
    for name in sorted(reference.fields):
        tag = name.removeprefix(KEPT).upper()
        if name.startswith(KEPT) and len(tag) == 2 and tag.isalnum() and tag.isascii() and tag not in {"TY", "ER"}:
            yield tag, _text(reference, name)


def _people_lines(reference: Reference) -> Iterator[tuple[str, str]]:
    by_editors = reference.type == "collection" and not reference.authors.people
    authors: Names = reference.editors if by_editors else reference.authors
    yield from (("AU", text) for text in texts_of(authors))
    if not by_editors:
        yield from (("A2", text) for text in texts_of(reference.editors))
    if "translator" in reference.fields:
        yield from (("A4", text) for text in texts_of(names_of(reference.fields["translator"])))


def _containers(reference: Reference) -> Iterator[tuple[str, str]]:
    """T2, J2, T3 and C3: the book, the journal or the series, and the event."""
    series, event = _text(reference, "series"), _text(reference, "eventtitle")
    if reference.type in IN_BOOK:
        book = _text(reference, "booktitle")
        yield from (("T2", event if event and book else book), ("C3", book if event and book else ""))
        yield from (("J2", _text(reference, "shortjournal")), ("T3", series))
    elif reference.type in IN_SERIES:
        yield from (("T2", series), ("JF", _text(reference, "journal")))
    else:
        yield from (("T2", _text(reference, "journal") or _text(reference, "booktitle")), ("T3", series))
        yield "J2", _text(reference, "shortjournal")


def _date_lines(reference: Reference) -> Iterator[tuple[str, str]]:
    year, month, day = (_text(reference, name) for name in ("year", "month", "day"))
    yield "PY", year
    number = month_number(month)
    if number:
        yield "DA", f"{year}/{number:02}/{day.zfill(2)}/" if day.isdecimal() else f"{year}/{number:02}//"
    elif month:
        yield "DA", f"{year}///{month}"
    yield "Y2", _text(reference, "urldate").replace("-", "/")


def _genre(reference: Reference) -> str:
    return _text(reference, "type") or THESES.get(reference.type, "")


def _database(reference: Reference) -> Iterator[tuple[str, str]]:
    """AN: the PMID where nothing else stands there, and the name of the database that says so."""
    accession, pmid = _text(reference, "accession"), _text(reference, "pmid")
    yield "AN", accession or pmid
    if pmid and not accession and "database" not in reference.fields:
        yield "DB", "PubMed"


def _text(reference: Reference, name: str) -> str:
    return shown(name, reference.fields.get(name, ""))
