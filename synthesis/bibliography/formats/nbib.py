"""MEDLINE/PubMed's nbib: tags of up to four letters, continued by lines that begin with six blanks.

Tags as the MEDLINE/PubMed Data Element (Field) Descriptions of the National Library of Medicine name them. Those that
describe the database's own record (OWN, STAT, DCOM, ...) are not taken over, and said to be; what describes the work
and has no field of its own is kept as `x-nbib-TAG`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from synthesis.bibliography.formats.draft import Draft
from synthesis.bibliography.formats.markup import shown
from synthesis.bibliography.formats.neutral import neutral
from synthesis.bibliography.formats.people import ET_AL, OTHERS, full_person, full_text, medline_person, medline_text
from synthesis.bibliography.formats.reference import Imported, Reference
from synthesis.bibliography.formats.source import Problems, decoded, limited, lines_of
from synthesis.bibliography.formats.tagged import Line, Record
from synthesis.bibliography.formats.values import date_of, first_and_last, month_name, one_line, range_text, split_list
from synthesis.bibliography.names import Name, Names
from synthesis.errors import did_you_mean

KEPT = "x-nbib-"
CONTINUED = " " * 6
TAGGED = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)$", re.DOTALL)
IDENTIFIER = re.compile(r"(.*\S)\s*\[(\w+)\]$", re.DOTALL)
SIMPLE = {
    "AB": "abstract", "VI": "volume", "IP": "number", "LA": "language", "TA": "shortjournal", "JT": "journal",
    "BTI": "booktitle", "CTI": "series", "PMID": "pmid", "GN": "note", "PB": "publisher", "EN": "edition",
    "RIN": "retraction", "CP": "chapter", "VTI": "volumetitle",
}  # fmt: skip
WRITTEN = {
    "volume": "VI", "number": "IP", "pages": "PG", "booktitle": "BTI", "series": "CTI", "chapter": "CP",
    "volumetitle": "VTI", "publisher": "PB", "address": "PL", "edition": "EN", "abstract": "AB",
}  # fmt: skip
WRITTEN_LAST = {"shortjournal": "TA", "journal": "JT", "retraction": "RIN", "note": "GN"}
KEPT_TAGS = frozenset({
    "TT", "OAB", "SI", "PS", "FPS", "CI", "CDAT", "EIN", "CIN", "CON", "ROF", "ECI", "ECF", "RPI", "RPF", "CRI",
    "CRF", "UOF", "UIN", "SPIN", "ORI", "DDIN", "DRIN", "PL", "GR", "COIS",
})  # fmt: skip
OF_THE_RECORD = frozenset({
    "OWN", "STAT", "DCOM", "DA", "LR", "CRDT", "EDAT", "MHDA", "PHST", "PST", "SO", "JID", "SB", "RN", "NM",
    "AD", "AUID", "OTO", "OID", "OABL", "OCI", "RF", "EA", "PUBM", "IR", "FIR", "IRAD", "DEP", "MID",
    "SFM", "GS", "CTDT", "PMCR",
})  # fmt: skip
BOOKS = frozenset({"Book", "Book Chapter"})  # publication types that say what kind of work it is


def read_nbib(data: bytes, path: str) -> Imported:
    """Every citation of a file of nbib; see `Format`."""
    problems = Problems(path)
    problems.known = _remedy
    records = _records(lines_of(decoded(data, problems)), problems)
    references = [_reference(record, problems) for record in limited(records, problems)]
    if not references and not problems.found:
        what = "no citation in the format of PubMed is in this file"
        problems.error(1, 1, "SY546", what, "in PubMed: Save, Format: PubMed; or Send to, Citation manager")
    return problems.imported(references)


def _records(lines: Iterable[str], problems: Problems) -> Iterator[Record]:
    """A citation ends at an empty line, or where the next PMID begins."""
    record: Record | None = None
    last: Line | None = None
    ended = True
    for number, text in enumerate(lines, 1):
        if not text.strip():
            ended = True
        elif found := TAGGED.match(text):
            if record is None or ended or (found[1] == "PMID" and "PMID" in record.tags):
                if record:
                    yield record
                record = Record(number)
            last = record.add(Line(found[1], [found[2]], number))
            ended = False
        elif last and (not ended or text.startswith(CONTINUED)):
            last.go_on(text)
            ended = False
        else:
            what = f"outside any citation, and not read: {text.strip()[:60]}"
            problems.note(number, 1, "SY541", what, "nothing, or put it under a tag")
    if record:
        yield record


def _reference(record: Record, problems: Problems) -> Reference:
    record.report_size(problems)
    draft = Draft(problems, record.line)
    titles = _texts(record, "TI")
    _put_type(draft, _texts(record, "PT"), in_book="BTI" in record.tags, titled=bool(titles))
    draft.put("title", " ".join(titles).removesuffix("."))
    draft.authors = _people(record, "FAU", "AU", "CN")
    draft.editors = _people(record, "FED", "ED", "")
    for text in _texts(record, "DP")[:1]:
        draft.put_date(date_of(text))
    for text in _texts(record, "PG")[:1]:
        draft.put_pages(text)
    draft.put_serials(_texts(record, "IS"), "issn")
    draft.put_serials(_texts(record, "ISBN"), "isbn")
    draft.keywords = [*_texts(record, "MH"), *_texts(record, "OT")]
    _put_identifiers(draft, record)
    for tag in [tag for tag in SIMPLE if tag in record.tags]:
        for line in record.take(tag):
            draft.put(SIMPLE[tag], line.text, line.line)
    _keep_others(draft, record)
    return draft.reference()


def _texts(record: Record, tag: str) -> list[str]:
    """The texts of a tag, each on one line, out of the record."""
    return [one_line(text) for text in record.texts(tag)]


def _put_type(draft: Draft, types: list[str], *, in_book: bool, titled: bool) -> None:
    chapter = "Book Chapter" in types or (in_book and titled)
    draft.type = "incollection" if chapter else "book" if "Book" in types or in_book else "article"
    if draft.type == "article":
        draft.put("type", "" if types == ["Journal Article"] else "; ".join(types))
    else:
        draft.put("type", "; ".join(text for text in types if text not in BOOKS))


def _people(record: Record, full: str, short: str, group: str) -> Names:
    """People and groups in their order: full names where there are any, else those with initials."""
    tag = full if record.all(full) else short
    people: list[Name] = []
    others = False
    for line in sorted(record.take(full, short, group), key=lambda line: line.line):
        text = one_line(line.text)
        if line.tag == group:
            people.append(Name("", literal=text))
        elif ET_AL.fullmatch(text):
            others = True
        elif line.tag == tag:
            people.append(full_person(text) if tag == full else medline_person(text))
    return Names(tuple(people), others=others)


def _put_identifiers(draft: Draft, record: Record) -> None:
    """The DOI of LID or AID, and PMC; other identifiers of the publisher are kept with their kind."""
    for line in record.take("LID", "AID"):
        found = IDENTIFIER.match(one_line(line.text))
        if found is None or found[2] != "doi":
            draft.put(f"{KEPT}aid", line.text, line.line)
        elif not draft.value("doi"):
            draft.put("doi", found[1], line.line)
    for line in record.take("PMC"):
        if not draft.put_pmcid(line.text):
            draft.put("pmcid", line.text, line.line)


def _keep_others(draft: Draft, record: Record) -> None:
    """What has no field of its own: kept, counted as the database's, or reported as unknown."""
    for tag in list(record.tags):
        for line in record.take(tag):
            if tag == "PL" and draft.type != "article":
                draft.put("address", line.text, line.line)
            elif tag in OF_THE_RECORD:
                draft.problems.not_taken(tag, line.line)
            else:
                draft.put(KEPT + tag.lower(), line.text, line.line)
                if tag not in KEPT_TAGS:
                    draft.problems.not_known(tag, line.line)


def _remedy(tag: str) -> str:
    return did_you_mean(tag, sorted({*SIMPLE, *KEPT_TAGS, *OF_THE_RECORD}))


def write_nbib(references: Iterable[Reference]) -> str:
    """PubMed's format of some references, one empty line between them."""
    return "\n".join(_written(neutral(reference)) for reference in references)


def _written(reference: Reference) -> str:
    return "".join(f"{tag:<4}- {one_line(text)}\n" for tag, text in _lines(reference) if text or tag == "PMID")


def _lines(reference: Reference) -> Iterator[tuple[str, str]]:
    """The tags of a reference with their texts, empty ones included."""
    yield "PMID", _text(reference, "pmid")
    yield from (("IS", one) for one in _text(reference, "issn").split(", "))
    yield from (("ISBN", one) for one in _text(reference, "isbn").split(", "))
    yield "DP", _date(reference)
    title = _text(reference, "title")
    yield "TI", title if title.endswith(("?", "!")) or not title else f"{title}."
    first, last = first_and_last(_text(reference, "pages"))
    for name, tag in WRITTEN.items():
        yield tag, range_text(first, last) if name == "pages" else _text(reference, name)
    doi = _text(reference, "doi")
    yield "LID", f"{doi} [doi]" if doi else ""
    yield from _people_lines(reference)
    yield "LA", _text(reference, "language")
    yield from (("PT", text) for text in _publication_types(reference))
    yield from ((tag, _text(reference, name)) for name, tag in WRITTEN_LAST.items())
    yield from (("OT", word) for word in split_list(_text(reference, "keywords")))
    yield "PMC", _text(reference, "pmcid")
    for name in sorted(reference.fields):
        tag = name.removeprefix(KEPT).upper()
        if name.startswith(KEPT) and 2 <= len(tag) <= 4 and tag.isalnum() and tag.isascii():
            yield tag, _text(reference, name)


def _date(reference: Reference) -> str:
    """Year, month by its three letters, day."""
    month = _text(reference, "month")
    short = month[:3] if month_name(month) == month else month
    return one_line(f"{_text(reference, 'year')} {short} {_text(reference, 'day')}")


def _people_lines(reference: Reference) -> Iterator[tuple[str, str]]:
    for names, full, short in ((reference.authors, "FAU", "AU"), (reference.editors, "FED", "ED")):
        for name in names.people:
            if name.literal and full == "FAU":
                yield "CN", name.literal
            else:
                yield full, full_text(name)
                yield short, "" if name.literal else medline_text(name)
        if names.others:
            yield full, OTHERS


def _publication_types(reference: Reference) -> list[str]:
    types = [text for part in _text(reference, "type").split(";") if (text := part.strip())]
    if reference.type in {"incollection", "inbook"}:
        return ["Book Chapter", *types]
    return ["Book", *types] if reference.type == "book" else types or ["Journal Article"]


def _text(reference: Reference, name: str) -> str:
    return shown(name, reference.fields.get(name, ""))
