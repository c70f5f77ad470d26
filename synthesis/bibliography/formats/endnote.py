"""EndNote XML, as EndNote X9 and 20 export it: records of elements whose text stands in runs of one style.

Elements as an export of EndNote 20 has them (copper.xml of IEBH/dedupe-sweep) and as Zotero's translator lists them. An
element without a field of its own is kept as
`x-endnote-NAME`, and written back from there.
"""

from __future__ import annotations

from synthesis.bibliography.formats.draft import Draft
from synthesis.bibliography.formats.kinds import (
    ARTICLE_LIKE,
    IN_BOOK,
    IN_SERIES,
    of_endnote,
)
from synthesis.bibliography.formats.markup import plain_text, styled
from synthesis.bibliography.formats.people import people_of
from synthesis.bibliography.formats.reference import Imported, Reference
from synthesis.bibliography.formats.source import Problems, limited
from synthesis.bibliography.formats.values import (
    ISO,
    VERBATIM,
    date_beside,
    date_of,
    iso_date,
)
from synthesis.bibliography.formats.xml_records import Node, records_of
from synthesis.bibliography.names import written

KEPT = "x-endnote-"
SIMPLE = {
    "volume": "volume", "number": "number", "edition": "edition", "abstract": "abstract", "notes": "note",
    "language": "language", "pub-location": "address", "electronic-resource-num": "doi", "custom7": "eid",
    "section": "chapter", "num-vols": "volumes", "remote-database-name": "database",
}  # fmt: skip
OF_THE_RECORD = frozenset({
    "database", "source-app", "rec-number", "foreign-keys", "added-date", "modified-date", "last-updated-date",
    "rating",
})  # fmt: skip
GROUPS = frozenset({
    "contributors", "titles", "periodical", "alt-periodical", "keywords", "dates", "urls", "ref-type", "label",
})  # fmt: skip
FACES = {"italic", "bold", "superscript", "subscript"}
DATABASES = ("pubmed", "medline", "nlm")


def read_endnote(data: bytes, path: str) -> Imported:
    """Every record of an export of EndNote in XML; see `Format`."""
    problems = Problems(path)
    references = [_Reading(record, problems).reference() for record in limited(records_of(data, problems), problems)]
    if not references and not problems.found:
        problems.error(1, 1, "SY546", "no <record> of EndNote is in this file", "in EndNote: Export, XML")
    return problems.imported(references)


class _Reading:
    """One record on its way to a reference."""

    def __init__(self, record: Node, problems: Problems) -> None:
        self.record, self.problems = record, problems
        self.draft = Draft(problems, record.line, record.column)

    def reference(self) -> Reference:
        self._type()
        self._people()
        self._titles()
        self._dates()
        self._urls()
        self._identifiers()
        draft = self.draft
        draft.key = self.record.text("label")
        draft.keywords = [node.plain for node in self.record.all("keywords", "keyword")]
        draft.put_genre([node.plain for node in self.record.all("work-type")])
        for node in self.record.children:
            self._simple(node)
        return draft.reference()

    def _type(self) -> None:
        node = self.record.first("ref-type")
        name, number = (node.attributes.get("name", ""), node.plain) if node else ("", "")
        kind = of_endnote(int(number) if number.isdecimal() and len(number) < 5 else None, name)
        if kind is None:
            line = node.line if node else self.record.line
            what = f"the ref-type {name or number!r} is not known; read as misc"
            self.problems.warning(line, 1, "SY543", what, 'write <ref-type name="Journal Article">17</ref-type>')
            self.draft.put(f"{KEPT}ref-type", name or number)
        self.draft.put_kind(kind or ("misc", ""))

    def _people(self) -> None:
        draft, record = self.draft, self.record
        people = {
            role: people_of(node.plain for node in record.all("contributors", role, "author"))
            for role in ("authors", "secondary-authors", "subsidiary-authors")
        }
        draft.authors, draft.editors = people["authors"], people["secondary-authors"]
        if draft.type == "collection" and draft.authors.people and not draft.editors.people:
            draft.authors, draft.editors = draft.editors, draft.authors
        if people["subsidiary-authors"].people:
            draft.put_latex("translator", written(people["subsidiary-authors"]))
        for role in ("tertiary-authors", "translated-authors"):
            for node in record.all("contributors", role, "author"):
                draft.put(KEPT + role, node.plain, node.line)

    def _titles(self) -> None:
        draft, record = self.draft, self.record
        proceedings = record.first("custom3") if draft.type == "inproceedings" else None
        second = "booktitle" if draft.type in IN_BOOK else "series" if draft.type in IN_SERIES else "journal"
        for node in record.all("titles", "title"):
            self._styled("title", node)
        for node in record.all("titles", "secondary-title"):
            self._styled("eventtitle" if proceedings else second, node)
        if proceedings:
            self._styled("booktitle", proceedings)
        for name, field in (("tertiary-title", "series"), ("short-title", "shorttitle")):
            for node in record.all("titles", name):
                self._styled(field, node)
        for name in ("alt-title", "translated-title"):
            for node in record.all("titles", name):
                self._unless_known(KEPT + name, node, "journal")
        self._periodical(second)

    def _periodical(self, second: str) -> None:
        """The name of the journal, which EndNote writes twice, and its abbreviations."""
        for node in self.record.all("periodical", "full-title"):
            field = "journal" if second == "journal" else "shortjournal"
            if field == "journal" and not self.draft.value(field):
                self._styled(field, node)
            else:
                self._unless_known(f"{KEPT}full-title", node, "journal", second)
        for name in ("abbr-1", "abbr-2", "abbr-3"):
            for node in self.record.all("periodical", name):
                self._unless_known("shortjournal", node, "journal")
        for node in self.record.all("alt-periodical", "full-title"):
            self._unless_known(f"{KEPT}alt-title", node, "journal")

    def _unless_known(self, field: str, node: Node, *known: str) -> None:
        if not any(plain_text(self.draft.value(name)) == node.plain for name in known):
            self._styled(field, node)

    def _dates(self) -> None:
        year = " ".join(node.plain for node in self.record.all("dates", "year")[:1])
        date = date_beside(" ".join(node.plain for node in self.record.all("dates", "pub-dates", "date")[:1]))
        of_year = date_of(year)
        if date.year and of_year.year and date.year != of_year.year:
            self.draft.put(
                f"{KEPT}date", " ".join(node.plain for node in self.record.all("dates", "pub-dates", "date"))
            )
            date = of_year
        self.draft.put("year", of_year.year or date.year)
        self.draft.put("month", date.month or of_year.month)
        self.draft.put("day", date.day or of_year.day)
        for node in self.record.all("access-date"):
            iso = iso_date(date_of(node.plain))
            self.draft.put("urldate" if iso else f"{KEPT}access-date", iso or node.plain, node.line)

    def _urls(self) -> None:
        """The first address as `url`; more of them, and files, under their own names."""
        for node in self.record.all("urls", "related-urls", "url"):
            self.draft.put(f"{KEPT}url" if self.draft.value("url") else "url", node.plain, node.line)
        for kind in ("pdf-urls", "text-urls", "web-urls", "image-urls"):
            for node in self.record.all("urls", kind, "url"):
                is_web = kind == "web-urls" and not self.draft.value("url")
                self.draft.put("url" if is_web else KEPT + kind, node.plain, node.line)

    def _identifiers(self) -> None:
        draft, record = self.draft, self.record
        source = f"{record.text('remote-database-name')} {record.text('remote-database-provider')}".lower()
        for node in record.all("accession-num"):
            is_pmid = node.plain.isdecimal() and any(name in source for name in DATABASES)
            draft.put("pmid" if is_pmid else "accession", node.plain, node.line)
        for node in record.all("custom2"):
            if node.plain.isdecimal() or not draft.put_pmcid(node.plain):
                draft.put(f"{KEPT}custom2", node.plain, node.line)
        draft.put_serials(node.plain for node in record.all("isbn"))
        for node in record.all("publisher"):
            draft.put_publisher(node.plain)
        draft.put_pages(record.text("pages"))

    def _simple(self, node: Node) -> None:
        """An element of the record that is read by itself."""
        special = {"isbn", "pages", "publisher", "custom2", "accession-num", "access-date", "work-type", *GROUPS}
        if node.name == "edition" and self.draft.type in ARTICLE_LIKE and ISO.match(node.plain):
            self._styled(f"{KEPT}edition", node)  # the day of electronic publication, in EndNote's articles
        elif node.name in SIMPLE:
            self._styled(SIMPLE[node.name], node)
        elif node.name == "custom3" and self.draft.type == "inproceedings":
            pass  # the name of the proceedings, which is read with the titles
        elif node.name in OF_THE_RECORD:
            self.problems.not_taken(f"<{node.name}>", node.line)
        elif node.name not in special:
            self._styled(KEPT + node.name, node)

    def _styled(self, field: str, node: Node) -> None:
        """The text of an element as a field, its styles as LaTeX."""
        if field in VERBATIM:
            self.draft.put(field, node.plain, node.line)
            return
        for face in node.faces - FACES - {"normal"}:
            self.problems.not_taken(f'face="{face}"', node.line)
        self.draft.put_latex(field, styled((text, styles & FACES) for text, styles in node.one_line_runs()))
