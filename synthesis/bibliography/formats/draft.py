"""A reference in the making: values of another format cleaned, escaped and gathered under BibTeX's names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from synthesis.bibliography.formats.kinds import ARTICLE_LIKE, PUBLISHED_BY, REPORT, thesis_type
from synthesis.bibliography.formats.markup import literal
from synthesis.bibliography.formats.reference import NOBODY, Place, Reference
from synthesis.bibliography.formats.source import Problems
from synthesis.bibliography.formats.values import (
    VERBATIM,
    Date,
    bare_doi,
    first_and_last,
    joined_list,
    one_line,
    pages_of,
    safe_identifier,
    serials,
    unique,
    without_controls,
)
from synthesis.bibliography.names import Name, Names

ARABIC_PMC = re.compile(r"(?:PMC)?(\d+)(?:\.\d+)?;?", re.IGNORECASE)


class Draft:
    """What is known of one record so far.

    `put` takes plain text and escapes what LaTeX would take for markup; `put_latex` takes text that has been turned
    into LaTeX already. A field that is given twice keeps both values.
    """

    def __init__(self, problems: Problems, line: int, column: int = 1) -> None:
        self.problems, self.line, self.column = problems, line, column
        self.type, self.key = "misc", ""
        self.parts: dict[str, dict[str, None]] = {}  # the values of each field, in their order
        self.keywords: list[str] = []
        self.authors: Names = NOBODY
        self.editors: Names = NOBODY

    def clean(self, value: str, line: int = 0, column: int = 0) -> str:
        """Text on one line without control characters, which are reported where they stand."""
        if value.isprintable() and "  " not in value and value[:1] != " " != value[-1:]:
            return value
        text, dropped = without_controls(value)
        if dropped:
            self.problems.dropped_controls(line or self.line, column or self.column, dropped)
        return text

    def put(self, name: str, value: str, line: int = 0) -> None:
        """Plain text as a field."""
        text = self.clean(value, line)
        if name == "doi":
            text = bare_doi(text)
        self.put_latex(name, safe_identifier(text) if name in VERBATIM else literal(text))

    def put_latex(self, name: str, text: str) -> None:
        """LaTeX as a field, beside what it has already."""
        if text:
            self.parts.setdefault(name, {}).setdefault(text)

    def value(self, name: str) -> str:
        """The first value of a field, or nothing."""
        return next(iter(self.parts.get(name, ())), "")

    def forget(self, name: str) -> None:
        """Take a field out."""
        self.parts.pop(name, None)

    def put_kind(self, kind: tuple[str, str]) -> None:
        """The type, with its subtype."""
        self.type = kind[0]
        self.put("entrysubtype", kind[1])

    def put_genre(self, words: Iterable[str]) -> None:
        """What the work calls itself: the kind of a thesis or report, or PubMed's publication types."""
        genre = "; ".join(unique(filter(None, map(self.clean, words))))
        if self.type == "thesis":
            self.type, genre = thesis_type(genre)
        self.put("type", genre)

    def put_pages(self, text: str) -> None:
        """Pages in the one form."""
        first, last = first_and_last(pages_of(self.clean(text)))
        self.put_latex("pages", f"{literal(first)}--{literal(last)}" if last else literal(first))

    def put_date(self, date: Date) -> None:
        """Year, month and day."""
        self.put("year", date.year)
        self.put("month", date.month)
        self.put("day", date.day)

    def put_publisher(self, text: str) -> None:
        """Who published it, as the type calls them."""
        self.put(PUBLISHED_BY.get(self.type, "publisher"), text)

    def put_serials(self, texts: Iterable[str], other: str = "") -> None:
        """ISSNs and ISBNs; what is neither goes into the field `other`, else where its type has such a number."""
        issns, books = [], []
        for text in map(self.clean, texts):
            one, two, rest = serials(text)
            issns += one
            books += two
            field = other or ("number" if self.type in REPORT else "issn" if self.type in ARTICLE_LIKE else "isbn")
            if rest and field == "number":
                self.put(field, rest)
            elif rest:
                (issns if field == "issn" else books).append(rest)
        self.put("issn", ", ".join(unique(issns)))
        self.put("isbn", ", ".join(unique(books)))

    def put_pmcid(self, text: str) -> bool:
        """A PMCID, if the text is one."""
        found = ARABIC_PMC.fullmatch(one_line(text))
        if found:
            self.put("pmcid", f"PMC{found[1]}")
        return found is not None

    def reference(self) -> Reference:
        """The reference, with the place of its record."""
        if self.keywords:
            self.put("keywords", joined_list(unique(map(self.clean, self.keywords))))
        place = Place(self.problems.path, self.line, self.column)
        people = (self._clean_names(self.authors), self._clean_names(self.editors))
        fields = {name: "; ".join(values) for name, values in self.parts.items()}
        return Reference(self.type, self.clean(self.key), fields, *people, place)

    def _clean_names(self, names: Names) -> Names:
        return Names(tuple(map(self._clean_name, names.people)), others=names.others)

    def _clean_name(self, name: Name) -> Name:
        clean = self.clean
        return Name(clean(name.family), clean(name.given), clean(name.prefix), clean(name.suffix), clean(name.literal))
