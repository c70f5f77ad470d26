"""What an entry states, in the terms of reference lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from synthesis.bibliography import latex
from synthesis.bibliography.doi import PREFIX, normalised_doi
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.names import Names, names_of
from synthesis.bibliography.reference_lists.editions import edition_shown
from synthesis.bibliography.reference_lists.runs import ADDRESS, Runs, of_latex
from synthesis.bibliography.reference_lists.titles import names_a_meeting

KINDS: Mapping[str, str] = {
    "article": "article", "suppperiodical": "article", "review": "article",
    "book": "book", "mvbook": "book", "collection": "book", "mvcollection": "book", "proceedings": "book",
    "mvproceedings": "book", "booklet": "book", "reference": "book", "mvreference": "book",
    "incollection": "chapter", "inbook": "chapter", "bookinbook": "chapter", "suppbook": "chapter",
    "suppcollection": "chapter", "inreference": "chapter",
    "inproceedings": "paper", "conference": "paper",
    "techreport": "report", "report": "report", "manual": "report", "standard": "report",
    "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis",
    "dataset": "dataset", "software": "software",
    "misc": "web", "online": "web", "electronic": "web", "www": "web", "unpublished": "web",
}  # fmt: skip
"""The kind of work of each type of entry; any other type is a web page or the like."""

PREPRINT_SERVERS = {
    "arxiv": "arXiv", "corr": "arXiv", "biorxiv": "bioRxiv", "medrxiv": "medRxiv", "psyarxiv": "PsyArXiv",
    "socarxiv": "SocArXiv", "chemrxiv": "ChemRxiv", "osf preprints": "OSF Preprints", "ssrn": "SSRN",
    "preprints.org": "Preprints.org", "research square": "Research Square", "peerj preprints": "PeerJ Preprints",
}  # fmt: skip
ARXIV = ("arxiv:", "arxiv preprint", "corr,")
IN_PRESS = re.compile(r"\b(?:in ?press|forthcoming|to appear|accepted)\b", re.IGNORECASE)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
DAY = re.compile(r"\b(\d{1,2})\b")
RANGE = re.compile(r"\s*(?:-{1,3}|[\u2010-\u2015\u2212])\s*")
LOCATOR = re.compile(r"(?:(?![AS]\d)[A-Za-z]+\d[\w.]*|\d{6,})\Z")
MEETINGS = frozenset({"inproceedings", "conference", "proceedings", "mvproceedings"})
VERBATIM = frozenset({"doi", "url", "eprint"})  # no text that TeX sets
DEGREES = {"phdthesis": "Doctoral dissertation", "mastersthesis": "Master\u2019s thesis",
           "mathesis": "Master\u2019s thesis", "bathesis": "Bachelor\u2019s thesis"}  # fmt: skip
REPORT_TYPES = {"techreport": "Technical Report", "resreport": "Research Report"}  # as biblatex names them
INHERITED = ("year", "date", "publisher", "address", "location", "editor", "month", "series", "volume", "organization")


@dataclass(frozen=True, slots=True)
class Date:
    """A date as far as it is stated; `year` may be other text than a number."""

    year: str = ""
    month: int = 0
    day: int = 0

    @property
    def month_name(self) -> str:
        """The English name of the month, or nothing."""
        return MONTHS[self.month - 1] if self.month else ""


@dataclass(frozen=True, slots=True)
class Work:
    """One work to be listed."""

    key: str
    kind: str
    authors: Names
    editors: Names
    date: Date
    in_press: bool
    title: Runs
    container: Runs  # journal, book, proceedings
    meeting: bool  # its book is called after a conference, and keeps its capitals
    fields: Mapping[str, str]  # every other field, as a reader sees it
    doi: str  # as written, without its address
    url: str

    def get(self, *names: str) -> str:
        """The first of these fields that says something, as a reader sees it."""
        return next((found for name in names if (found := self.fields.get(name, ""))), "")

    @property
    def first_last(self) -> tuple[str, ...]:
        """First and last page, a list of single pages as one text, or nothing."""
        return () if self.locator else tuple(RANGE.split(self.get("pages"), maxsplit=1)) if self.get("pages") else ()

    @property
    def locator(self) -> str:
        """The number of an article that has no pages."""
        number = self.get("eid", "articleno", "article-number")
        pages = self.get("pages")
        return number or (pages if LOCATOR.match(pages) else "")

    @property
    def edition(self) -> str:
        """The edition as reference lists print it: `2nd ed.`, `3rd rev. ed.`; a first edition is not named."""
        return edition_shown(self.get("edition"))

    @property
    def server(self) -> str:
        """Where a preprint is kept."""
        stated = self.get("journal", "journaltitle", "howpublished", "publisher", "archiveprefix", "eprinttype")
        return "arXiv" if stated.casefold().startswith(ARXIV) else PREPRINT_SERVERS.get(stated.casefold(), stated)

    @property
    def site(self) -> str:
        """Who publishes a web page: the first such field that is no address."""
        names = ("howpublished", "organization", "publisher", "institution", "journal", "journaltitle")
        return next((text for name in names if (text := ADDRESS.sub("", self.get(name)).strip(" .,:"))), "")


def work_of(entry: Entry, parent: Entry | None = None) -> Work:
    """An entry as a work; what it lacks comes from the entry that it names as `crossref`."""
    raw = {field.name: field.value for field in reversed(entry.fields)}
    raw = _inherited(parent, raw) | raw
    shown = {name: latex.verbatim(value) if name in VERBATIM else _clean(value) for name, value in raw.items()}
    shown["degree"] = _degree(entry.type, shown.get("type", ""))
    container = raw.get("journal") or raw.get("journaltitle") or raw.get("booktitle", "")
    kind = _kind(entry.type, shown)
    shown["type"] = REPORT_TYPES.get(shown.get("type", ""), shown.get("type", ""))
    book = of_latex(_titled(raw, "booktitle", "booksubtitle") if container == raw.get("booktitle") else container)
    return Work(
        entry.key,
        kind,
        names_of(raw.get("author", "")),
        names_of(raw.get("editor", "")),
        _date(shown),
        _in_press(shown),
        of_latex(_titled(raw, "title", "subtitle")),
        book,
        entry.type in MEETINGS or (kind == "chapter" and names_a_meeting(book)),
        shown,
        PREFIX.sub("", shown.get("doi", "")) if normalised_doi(raw.get("doi", "")) else "",
        _url(shown),
    )


def _inherited(parent: Entry | None, own: Mapping[str, str]) -> dict[str, str]:
    """What an entry takes from its parent; the title of the whole book, and its subtitle only with it."""
    if parent is None:
        return {}
    found = {name: value for name in INHERITED if (value := parent.get(name))}
    if "booktitle" in own:
        return found
    names = ("booktitle", "booksubtitle") if parent.get("booktitle") else ("title", "subtitle")
    return found | {"booktitle": parent.get(names[0]), "booksubtitle": parent.get(names[1])}


def _clean(value: str) -> str:
    return " ".join(latex.plain(latex.with_addresses_kept(value)).replace("\u00a0", " ").split())


def _titled(raw: Mapping[str, str], title: str, subtitle: str) -> str:
    return ": ".join(filter(None, (raw.get(title, "").rstrip("."), raw.get(subtitle, "").rstrip("."))))


def _kind(type: str, shown: Mapping[str, str]) -> str:  # noqa: A002 - an entry's type, as everywhere here
    server = (
        shown.get("journal") or shown.get("journaltitle") or shown.get("howpublished") or shown.get("publisher", "")
    )
    archived = shown.get("archiveprefix") or shown.get("eprinttype", "")
    kind = KINDS.get(type, "web")
    if server.casefold() in PREPRINT_SERVERS or server.casefold().startswith(ARXIV) or type == "preprint":
        return "preprint"
    if kind == "web" and archived.casefold() in PREPRINT_SERVERS:
        return "preprint"
    described = shown.get("type", "").casefold()
    return "dataset" if kind == "web" and described in ("dataset", "data set") else kind


def _degree(type: str, stated: str) -> str:  # noqa: A002 - an entry's type, as everywhere here
    """What a thesis is called."""
    if stated and stated not in DEGREES:
        return stated
    return DEGREES.get(stated or type, "Doctoral dissertation")


def _date(shown: Mapping[str, str]) -> Date:
    iso = DATE.match(shown.get("date", ""))
    year = shown.get("year", "") or (iso[1] if iso else shown.get("date", ""))
    if iso and iso[2]:
        return Date(year, _month(iso[2]), int(iso[3] or 0))
    text = shown.get("month", "")
    stated = shown.get("day", "") or ("" if text.isdecimal() else text)
    day = DAY.search(stated)
    return Date(year, _month(text), int(day[1]) if day else 0)


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text) if len(text) <= 2 and 1 <= int(text) <= len(MONTHS) else 0
    words = re.findall(r"[a-z]{3,}", text.casefold())
    return next((place for place, name in enumerate(MONTHS, 1) for word in words if word[:3] == name[:3].casefold()), 0)


def _in_press(shown: Mapping[str, str]) -> bool:
    stated = (shown.get("year", ""), shown.get("pubstate", ""), shown.get("date", ""))
    return any(IN_PRESS.search(text) for text in stated) or IN_PRESS.match(shown.get("note", "")) is not None


def _url(shown: Mapping[str, str]) -> str:
    """The address: a whole value to the letter, one within other text without the marks that end a sentence."""
    texts = (shown.get("url", ""), shown.get("howpublished", ""))
    return next((_ended(found[0], text) for text in texts if (found := ADDRESS.search(text))), "")


def _ended(address: str, text: str) -> str:
    if address == text:
        return address
    bare = address.rstrip(".,;")
    return bare.rstrip(").,;") if bare.count(")") > bare.count("(") else bare
