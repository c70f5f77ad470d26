"""CSL-JSON: the items of the Citation Style Language, as Zotero, Mendeley, pandoc and Crossref write them.

Types, variables, dates and names after the schema csl-data.json of the Citation Style Language. What CSL has no
variable for goes into the item's `custom`, from where it is read again; a variable without a field is kept as
`x-csl-NAME`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from synthesis.bibliography.formats.csl_dates import KEPT, date_of_csl, put_dates, says_more, text_of
from synthesis.bibliography.formats.csl_markup import csl_of_latex, latex_of_csl
from synthesis.bibliography.formats.csl_names import csl_people, people_of_csl
from synthesis.bibliography.formats.draft import Draft
from synthesis.bibliography.formats.json_items import Item, Items
from synthesis.bibliography.formats.kinds import ARTICLE_LIKE, IN_BOOK, PUBLISHED_BY, REPORT, THESES, kind_of, of_csl
from synthesis.bibliography.formats.markup import plain_text, shown
from synthesis.bibliography.formats.neutral import neutral
from synthesis.bibliography.formats.reference import Imported, Reference
from synthesis.bibliography.formats.source import Problems, decoded, limited
from synthesis.bibliography.formats.values import (
    VERBATIM,
    Date,
    first_and_last,
    iso_date,
    joined_list,
    range_text,
    split_list,
)
from synthesis.bibliography.names import names_of, written
from synthesis.bibliography.scan import NAME as FIELD

OWN = "synth"  # our part of `custom`
SIMPLE = {
    "title": "title", "title-short": "shorttitle", "shortTitle": "shorttitle", "container-title-short": "shortjournal",
    "journalAbbreviation": "shortjournal", "collection-title": "series", "publisher-place": "address",
    "edition": "edition", "volume": "volume", "issue": "number", "DOI": "doi", "URL": "url", "PMID": "pmid",
    "abstract": "abstract", "language": "language", "event-title": "eventtitle", "event": "eventtitle",
    "chapter-number": "chapter", "number-of-volumes": "volumes", "number-of-pages": "pagetotal", "version": "version",
    "status": "pubstate", "annote": "annote", "call-number": "library", "source": "database",
}  # fmt: skip
WRITTEN = {
    "title": "title", "shorttitle": "title-short", "shortjournal": "container-title-short", "series":
    "collection-title", "address": "publisher-place", "edition": "edition", "volume": "volume", "pages": "page",
    "doi": "DOI", "issn": "ISSN", "isbn": "ISBN", "url": "URL", "pmid": "PMID", "pmcid": "PMCID", "abstract":
    "abstract", "language": "language", "eventtitle": "event-title", "chapter": "chapter-number", "volumes":
    "number-of-volumes", "pagetotal": "number-of-pages", "version": "version", "pubstate": "status", "type":
    "genre", "note": "note", "annote": "annote", "library": "call-number", "database": "source",
}  # fmt: skip
TITLES = frozenset({"title", "shorttitle", "booktitle", "series", "journal", "shortjournal", "eventtitle"})
SPECIAL = frozenset({
    "id", "type", "container-title", "number", "page", "page-first", "publisher", "genre", "note", "keyword",
    "issued", "accessed", "author", "editor", "translator", "ISSN", "ISBN", "PMCID", "custom", "citation-key",
})  # fmt: skip
OF_THE_RECORD = frozenset({"indexed", "reference-count", "is-referenced-by-count", "score", "system_id"})
EXTRA = re.compile(r"^(?:\{:)?([A-Za-z][A-Za-z -]{1,25}):\s*(\S.*?)\}?$", re.MULTILINE)
IN_EXTRA = {"pmid": "PMID", "pmcid": "PMCID", "doi": "DOI", "issn": "ISSN", "isbn": "ISBN"}
PLAIN_NAME = re.compile(r"[^a-z0-9-]+")


def read_csl_json(data: bytes, path: str) -> Imported:
    """Every item of a file of CSL-JSON; see `Format`."""
    problems = Problems(path)
    text = decoded(data, problems)
    references = [_reference(item, problems) for item in _objects(limited(Items(text, problems), problems), problems)]
    if not references and not problems.found and text.strip("[] \t\r\n"):
        problems.error(1, 1, "SY546", "no item of CSL-JSON is in this file", "export it as CSL JSON, a list of objects")
    return problems.imported(references)


def _objects(items: Iterable[Item], problems: Problems) -> Iterator[Item]:
    for item in items:
        if isinstance(item.value, dict):
            yield item
        else:
            what = f"{json.dumps(item.value)[:40]} where an item should be; not read"
            problems.error(item.line, item.column, "SY546", what, "write each item as an object: {...}")


def _reference(item: Item, problems: Problems) -> Reference:
    return _Reading(item, problems).reference()


class _Reading:
    """One item on its way to a reference."""

    def __init__(self, item: Item, problems: Problems) -> None:
        self.item: dict[str, Any] = dict(item.value)
        self.problems = problems
        self.draft = Draft(problems, item.line, item.column)

    def reference(self) -> Reference:
        draft = self.draft
        self._extra()
        self._type()
        self._key()
        draft.authors = people_of_csl(self.item.pop("author", []))
        draft.editors = people_of_csl(self.item.pop("editor", []))
        if (translators := people_of_csl(self.item.pop("translator", []))).people:
            draft.put_latex("translator", written(translators))
        self._dates()
        self._numbers()
        for name, value in self.item.items():
            if name in SIMPLE:
                self._rich(SIMPLE[name], text_of(value))
            elif name in OF_THE_RECORD:
                self.problems.not_taken(name, draft.line)
            elif name not in SPECIAL:
                self._keep(name, value)
        self._custom()
        return draft.reference()

    def _key(self) -> None:
        """The citation key before the id, which for Zotero is an address."""
        name, key = text_of(self.item.get("id")), text_of(self.item.get("citation-key"))
        self.draft.key = key or name
        if key and name and name != key:
            self.problems.not_taken("id", self.draft.line)

    def _rich(self, field: str, text: str) -> None:
        if field in VERBATIM:
            self.draft.put(field, text)
        else:
            self.draft.put_latex(field, latex_of_csl(self.draft.clean(text)))

    def _extra(self) -> None:
        """Zotero's `Extra`: lines such as `PMID: 123` in the note."""
        note = text_of(self.item.get("note"))
        for found in list(EXTRA.finditer(note)):
            name = IN_EXTRA.get(found[1].strip().lower())
            if name and not self.item.get(name):
                self.item[name] = found[2]
                note = note.replace(found[0], "")
        self.item["note"] = note

    def _type(self) -> None:
        name = text_of(self.item.get("type"))
        kind = of_csl(name)
        if kind is None:
            what = f"{name!r} is no type of CSL; read as misc" if name else "this item has no type; read as misc"
            self.problems.warning(self.draft.line, self.draft.column, "SY543", what, 'write "type": "article-journal"')
            self.draft.put(f"{KEPT}type", name)
        self.draft.put_kind(kind or ("misc", ""))
        self.draft.put_genre([text_of(self.item.get("genre"))])

    def _dates(self) -> None:
        issued = self.item.get("issued")
        date = date_of_csl(issued)
        if says_more(issued, date):
            self._keep("issued", issued)
        if issued and date == Date():
            what = f"no date can be read in {json.dumps(issued)[:60]}"
            self.problems.warning(
                self.draft.line, self.draft.column, "SY547", what, 'write {"date-parts": [[2020, 3]]}'
            )
            self._keep("issued", issued)
        self.draft.put_date(date)
        accessed = self.item.get("accessed")
        day = date_of_csl(accessed)
        iso = iso_date(day)
        if iso:
            self.draft.put("urldate", iso)
        if not iso or says_more(accessed, day):
            self._keep("accessed", accessed)

    def _numbers(self) -> None:
        draft, item = self.draft, self.item
        for name in ("ISSN", "ISBN"):
            draft.put_serials(filter(None, [text_of(item.get(name))]), name.lower())
        if not draft.put_pmcid(pmcid := text_of(item.get("PMCID"))):
            draft.put("pmcid", pmcid)
        draft.put_pages(text_of(item.get("page")) or text_of(item.get("page-first")))
        self._rich(PUBLISHED_BY.get(draft.type, "publisher"), text_of(item.get("publisher")))
        container = "booktitle" if draft.type in IN_BOOK else "journal"
        self._rich(container, text_of(item.get("container-title")))
        number = "eid" if draft.type in ARTICLE_LIKE else "number"
        self._rich(number, text_of(item.get("number")))
        self._rich("note", text_of(item.get("note")))
        keywords = item.get("keyword")
        draft.keywords = (
            [text_of(one) for one in keywords] if isinstance(keywords, list) else split_list(text_of(keywords))
        )

    def _keep(self, name: str, value: Any) -> None:
        if value not in (None, "", [], {}):
            plain = text_of(value) if isinstance(value, (str, bool)) else json.dumps(value, ensure_ascii=False)
            self.draft.put(KEPT + (PLAIN_NAME.sub("-", name.lower()) or "-"), plain)

    def _custom(self) -> None:
        """What we wrote into `custom`; anything else in it is kept."""
        custom = self.item.get("custom")
        own = custom.get(OWN) if isinstance(custom, dict) else None
        if isinstance(custom, dict) and isinstance(own, dict):
            custom = {name: value for name, value in custom.items() if name != OWN}
            kind = own.pop("entrytype", None)
            if isinstance(kind, str) and kind.isidentifier():
                self.draft.type = kind.lower()
            for name, value in own.items():
                if isinstance(value, str) and FIELD.fullmatch(name) and name == name.lower():
                    self.draft.forget(name)
                    self._rich(name, value)
        self._keep("custom", custom)


def write_csl_json(references: Iterable[Reference]) -> str:
    """CSL-JSON of some references, a list."""
    items = [_item(neutral(reference)) for reference in references]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(reference: Reference) -> dict[str, Any]:
    kind = kind_of(reference.type, reference.get("entrysubtype"))
    item: dict[str, Any] = {"id": reference.key, "type": kind.csl}
    used = {"entrysubtype"} if kind.subtype == reference.get("entrysubtype") else set()
    for field, name in WRITTEN.items():
        if field in reference.fields:
            item[name] = _value(reference, field)
            used.add(field)
    used |= _put_containers(item, reference) | put_dates(item, reference) | _put_people(item, reference)
    if reference.type in THESES and "type" not in reference.fields:
        item["genre"] = THESES[reference.type]
    if words := split_list(plain_text(reference.get("keywords"))):
        item["keyword"] = joined_list(words)
        used.add("keywords")
    own = {name: _own(name, text) for name, text in sorted(reference.fields.items()) if name not in used}
    if of_csl(kind.csl) != (reference.type, reference.get("entrysubtype")) and reference.type not in THESES:
        own |= {"entrytype": reference.type, "entrysubtype": reference.get("entrysubtype")}
    if own:
        item["custom"] = {OWN: own}
    return {name: value for name, value in item.items() if value or name == "id"}


def _value(reference: Reference, field: str) -> str:
    text = reference.fields[field]
    if field in VERBATIM:
        return shown(field, text)
    if field == "pages":
        return range_text(*first_and_last(plain_text(text)))
    return csl_of_latex(text, title=field in TITLES)


def _own(field: str, text: str) -> str:
    """A value for our part of `custom`, with its braces."""
    return shown(field, text) if field in VERBATIM else csl_of_latex(text, title=True)


def _put_containers(item: dict[str, Any], reference: Reference) -> set[str]:
    """Container, number and publisher, which depend on the type; the fields that are now written."""
    container = "booktitle" if reference.type in IN_BOOK else "journal"
    publisher = PUBLISHED_BY.get(reference.type, "publisher")
    names = {container: "container-title", publisher: "publisher"}
    if reference.type in ARTICLE_LIKE:
        names |= {"number": "issue", "eid": "number"}
    else:
        names["number"] = (
            "number" if reference.type in REPORT or kind_of(reference.type, "").bibtex == "misc" else "issue"
        )
    for field, name in names.items():
        if field in reference.fields:
            item[name] = _value(reference, field)
    return set(names)


def _put_people(item: dict[str, Any], reference: Reference) -> set[str]:
    translators = names_of(reference.get("translator"))
    for name, people in (("author", reference.authors), ("editor", reference.editors), ("translator", translators)):
        item[name] = csl_people(people)
    return {"translator"}
