"""An entry of the library and its fields, as frozen values that know where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from synthesis.bibliography.doi import normalised_doi

BRACES, QUOTES = "{}", '""'


class Field(NamedTuple):
    """One field: its value with macros and `#` resolved, and its text as written."""

    name: str  # in small letters
    value: str  # without the outer delimiters, white space as single blanks
    line: int  # the first is 1
    column: int  # the first is 1
    text: str  # the value as it stands in the file; or its delimiters alone, BRACES or QUOTES, where these make it so
    macros: tuple[str, ...] = ()  # names in the value that are neither delimited text nor numbers

    @property
    def written(self) -> str:
        """The value as it stands in the file, delimiters included."""
        if self.text in (BRACES, QUOTES):  # most values: kept once, not twice
            return f"{self.text[0]}{self.value}{self.text[1]}"
        return self.text


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a BibTeX file."""

    key: str
    type: str  # in small letters, without @
    fields: tuple[Field, ...]  # in file order, repeated ones included
    path: str  # relative to the review folder
    line: int
    column: int
    text: str = field(repr=False, compare=False)  # of the whole file, after a BOM
    start: int  # offset of the first character in the text of the file
    end: int  # offset after the last one

    @property
    def raw(self) -> str:
        """The text of the entry from `@` to the closing bracket."""
        return self.text[self.start : self.end]

    def field(self, *names: str) -> Field | None:
        """The first field with one of these names, in the order of the names."""
        return next((field for name in names for field in self.fields if field.name == name), None)

    def get(self, *names: str) -> str:
        """The value of the first field with one of these names, or nothing."""
        found = self.field(*names)
        return found.value if found else ""

    @property
    def year(self) -> int | None:
        """The year of `year`, or of biblatex's `date`; None where there are not four digits."""
        text = self.get("year", "date").strip("{} ")[:4]
        return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else None

    @property
    def doi(self) -> str:
        """The DOI in its one comparable form, or nothing."""
        return normalised_doi(self.get("doi"))

    @property
    def place(self) -> str:
        """`file:line`."""
        return f"{self.path}:{self.line}"
