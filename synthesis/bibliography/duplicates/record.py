"""A document as it is compared with others, from the library, from another program's file or from a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from synthesis.bibliography.doi import is_doi, normalised_doi
from synthesis.bibliography.duplicates.folding import folded
from synthesis.bibliography.duplicates.journals import is_meeting, journal_words
from synthesis.bibliography.duplicates.locations import article_in, is_supplement, number_of, pages_of, volume_of
from synthesis.bibliography.duplicates.people import People, people, people_of_text
from synthesis.bibliography.duplicates.titles import Title, edition_number, title_of
from synthesis.bibliography.preprints import is_preprint

if TYPE_CHECKING:
    from synthesis.bibliography.entry import Entry
    from synthesis.bibliography.formats.reference import Reference
    from synthesis.bibliography.names import Names

FORMS: Mapping[str, str] = {
    "article": "article", "inproceedings": "conference paper", "conference": "conference paper",
    "book": "book", "mvbook": "book", "collection": "book", "proceedings": "book", "booklet": "book",
    "incollection": "chapter", "inbook": "chapter", "suppbook": "chapter", "inreference": "chapter",
    "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis",
    "techreport": "report", "report": "report",
}  # fmt: skip
VERSION = re.compile(r"^(?P<stem>.+?)(?:\.pub(?P<review>\d+)|(?<=\d)[./]?v(?P<issue>\d+)|/v(?P<other>\d+))$")
COCHRANE = re.compile(r"^10\.1002/14651858\.([a-z]{2}\d+)")
REVIEW = re.compile(r"^([a-z]{2}\d{3,})(?:\.pub(\d+))?$")  # the number of a Cochrane review, where a page stands
PUBMED = re.compile(r"pubmed[^\d]{0,40}?/(\d{4,9})\b|^(?:PMID:?\s*)?(\d{1,9})(?:\s*\[.*)?$", re.IGNORECASE)
ISSN = re.compile(r"(?<![\dX-])(\d{4})-?(\d{3}[\dX])(?![\dX-])", re.IGNORECASE)
ISBN = re.compile(r"(?<![\dX])(?:97[89][- ]?)?(?:\d[- ]?){9}[\dX](?![\dX])", re.IGNORECASE)
YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
LONGEST = 2000  # characters of a field that are compared
STANDING = ("howpublished", "publisher", "institution", "organization", "school", "eventtitle")
HOST = re.compile(r"^\w+://([^/?#]+)")
WHERE = ("journal", "journaltitle", "booktitle", "maintitle")
PLAIN = frozenset((*WHERE, "title", "subtitle", "edition", "volume", "number", "pages", "eid"))  # may hold LaTeX


@dataclass(frozen=True, slots=True)
class Record:
    """One document as it is compared; two that differ in `key`, `place` and `shown` alone are identical."""

    key: str
    place: str  # file and line, or row
    shown: str  # its title as the source has it
    title: Title = field(default_factory=Title)
    authors: People = field(default_factory=People)
    year: int | None = None
    journal: tuple[str, ...] = ()  # words that count; of a chapter or a paper, the book
    volume: str = ""
    number: str = ""
    first_page: str = ""
    last_page: str = ""
    doi: str = ""
    pmid: str = ""
    isbns: frozenset[str] = frozenset()
    issns: frozenset[str] = frozenset()
    form: str = ""  # a value of FORMS, preprint, or nothing
    edition: str = ""
    version: tuple[str, str] = ("", "")  # the DOI without its version, and the version
    meeting: bool = False  # stands in a supplement or among the papers of a conference
    loose: str = ""  # the type of what has no journal or book by its type: misc, unpublished, online
    standing: str = ""  # of a loose one, where it says that it stands
    reviewed: bool = False  # a review of the Cochrane Library; its first page is its number
    exact: bytes = b""  # a digest of all fields, the key apart

    @property
    def telling(self) -> bool:
        """Whether what is compared says enough for two records that agree in all of it to be one document."""
        if not self.title.known:
            return False
        placed = self.doi or self.pmid or self.isbns or (self.first_page and (self.volume or self.journal))
        return bool(placed or (not self.title.generic and (self.authors.known or self.year)))

    @property
    def content(self) -> tuple[object, ...]:
        """Everything that is compared."""
        return (
            self.title, self.authors, self.year, self.journal, self.volume, self.number, self.first_page,
            self.last_page, self.doi, self.pmid, self.isbns, self.issns, self.form, self.edition, self.version,
            self.meeting, self.loose, self.standing,
        )  # fmt: skip


def record_of(key: str, place: str, type_: str, fields: Mapping[str, str], authors: People) -> Record:
    """A record from fields named as BibTeX names them, as plain text in Unicode; what is longer than LONGEST is cut."""
    given = fields
    if any(len(value) > LONGEST for value in fields.values()):
        fields = {name: value[:LONGEST] for name, value in fields.items()}
    get = fields.get
    where = next((get(name, "") for name in WHERE if get(name)), "")
    doi = _doi(get("doi", ""), get("url", ""))
    volume, number = get("volume", ""), get("number", "") or get("issue", "")
    pages = get("pages", "") or get("eid", "") or get("articleno", "")
    first, last = pages_of(pages)
    title = title_of(_titled(fields))
    first = first or article_in(volume) or article_in(number)
    review, issued = _review(doi, first, folded(where))
    loose = type_ if type_ and type_ not in FORMS and not where else ""
    numbers = f"{get('isbn', '')} {get('issn', '')}"
    return Record(
        key=key,
        place=place,
        shown=get("title", ""),
        title=title,
        authors=authors,
        year=_year(get("year", "") or get("date", "")),
        journal=journal_words(where) if where else (),
        volume=volume_of(volume),
        number=number_of(number),
        first_page=review or first,
        last_page=last,
        doi=doi,
        pmid=_pmid(fields),
        isbns=_isbns(numbers),
        issns=frozenset("".join(found).upper() for found in ISSN.findall(numbers)),
        form="preprint" if is_preprint(doi, lambda name: get(name, "")) else FORMS.get(type_, ""),
        edition=edition_number(get("edition", "")) or title.edition,
        version=_version(doi, issued or title.issued),
        meeting=is_supplement(volume, number, pages) or is_meeting(where) or type_ in {"inproceedings", "conference"},
        loose=loose,
        standing=_standing(fields) if loose else "",
        reviewed=bool(review),
        exact=_digest(type_, given, authors),
    )


def record_of_entry(entry: Entry) -> Record:
    """An entry of the library, its LaTeX read."""
    from synthesis.bibliography.latex import plain
    from synthesis.bibliography.names import names_of

    fields: dict[str, str] = {}
    for one in entry.fields:
        fields.setdefault(one.name, plain(one.value) if one.name in PLAIN else one.value)
    who = names_of(entry.get("author") or entry.get("editor"))
    return record_of(entry.key, entry.place, entry.type, fields, people_of_names(who))


def record_of_reference(reference: Reference, key: str = "") -> Record:
    """A reference out of another program's file."""
    from synthesis.bibliography.latex import plain

    who = reference.authors if reference.authors.people else reference.editors
    fields = {name: plain(value) if name in PLAIN else value for name, value in reference.fields.items()}
    return record_of(key or reference.key, str(reference.place), reference.type, fields, people_of_names(who))


def record_of_row(key: str, place: str, row: Mapping[str, str]) -> Record:
    """A row of a table whose columns are named as BibTeX's fields."""
    return record_of(key, place, row.get("type", "").strip().lower(), row, people_of_text(row.get("author", "")))


def people_of_names(names: Names) -> People:
    """Authors that were already parted into families and given names."""
    parted = (
        (one.literal, "", True) if one.literal else (f"{one.prefix} {one.family}".strip(), one.given, False)
        for one in names.people
    )
    return people(parted, others=names.others)


def sorted_records(records: Iterable[Record]) -> list[Record]:
    """Records in an order that does not depend on the given one."""
    return sorted(records, key=lambda one: (one.title.letters, one.year or 0, one.key, one.place))


def _digest(type_: str, fields: Mapping[str, str], authors: People) -> bytes:
    from hashlib import blake2b

    written = "\x1e".join((type_, *authors.families, *(f"{name}\x1f{fields[name]}" for name in sorted(fields))))
    return blake2b(written.encode(errors="replace"), digest_size=16).digest()


def _titled(fields: Mapping[str, str]) -> str:
    title, subtitle = fields.get("title", ""), fields.get("subtitle", "")
    return f"{title}: {subtitle}" if subtitle else title


def _doi(text: str, address: str) -> str:
    bare = normalised_doi(text.split(" [", maxsplit=1)[0].strip().rstrip(".,;"))
    if is_doi(bare):
        return bare
    linked = normalised_doi(address) if "doi.org/" in address else ""
    return linked if is_doi(linked) else ""


def _pmid(fields: Mapping[str, str]) -> str:
    given = fields.get("pmid", "")
    if not given and fields.get("eprinttype", "").lower() in {"pubmed", "pmid"}:
        given = fields.get("eprint", "")
    found = (
        PUBMED.search(given.strip() or fields.get("url", "")) if given or "pubmed" in fields.get("url", "") else None
    )
    return (found[1] or found[2]).lstrip("0") if found else ""


def _year(text: str) -> int | None:
    found = YEAR.search(text)
    return int(found[1]) if found else None


def _isbns(text: str) -> frozenset[str]:
    """International book numbers without hyphens; of ten and of thirteen digits in one form, without check digit."""
    if len(text) < 10:
        return frozenset()
    bare = (re.sub(r"[- ]", "", found[0]) for found in ISBN.finditer(text))
    return frozenset(number[-10:-1] for number in bare)


def _standing(fields: Mapping[str, str]) -> str:
    """Where a document without a journal says that it stands, in folded words; the host of its address at the least."""
    said = folded(" ".join(fields[name] for name in STANDING if name in fields))
    host = HOST.match(fields.get("url", "").strip())
    return said or (host[1].lower().removeprefix("www.") if host else "")


def _review(doi: str, page: str, where: str) -> tuple[str, str]:
    """The number of a review of the Cochrane Library and its version, by its DOI or by its page; else nothing."""
    if by_doi := COCHRANE.match(doi):
        return by_doi[1], ""
    found = REVIEW.match(page) if where.startswith("cochrane") else None
    return (found[1], found[2] or "") if found else ("", "")


def _version(doi: str, issued: str) -> tuple[str, str]:
    """The DOI without its version, and the version: of Cochrane reviews, of preprints, of what says it in its title."""
    found = VERSION.match(doi)
    if found:
        return found["stem"], found["review"] or found["issue"] or found["other"]
    if COCHRANE.match(doi):
        return doi, "1"
    return (doi, issued) if issued else ("", "")
