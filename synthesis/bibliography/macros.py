"""Values with their macros and concatenations resolved, as BibTeX does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synthesis.bibliography.scan import Part

MONTHS: Mapping[str, str] = {
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "may": "May", "jun": "June",
    "jul": "July", "aug": "August", "sep": "September", "oct": "October", "nov": "November", "dec": "December",
}  # fmt: skip
LONG = 100_000  # characters
SPACES = (*range(0x09, 0x0E), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F)
BLANKS = dict.fromkeys((*SPACES, 0x205F, 0x3000), " ")  # for all that Unicode calls white space
LONGEST = 100_000  # characters that macros may make of one value


class TooLongError(Exception):
    """A value that macros make longer than LONGEST."""


def macros_in(parts: Sequence[Part]) -> tuple[str, ...]:
    """The names in a value that stand for other text."""
    return tuple(part.text for part in parts if not part.delimiter and not part.text.isdecimal())


def resolved(parts: Sequence[Part], strings: Mapping[str, str]) -> str:
    """The text of a value; an unknown macro stays as its name.

    `strings` maps macro names in small letters to their text; names of months are known beside them.
    """
    if len(parts) == 1:
        only = parts[0]
        return one_blank(only.text) if only.delimiter else _macro(only.text, strings)  # these have single blanks
    pieces = [part.text if part.delimiter else _macro(part.text, strings) for part in parts]
    if sum(map(len, pieces)) > LONGEST and macros_in(parts):
        raise TooLongError
    return one_blank("".join(pieces))


def undefined(names: Sequence[str], strings: Mapping[str, str]) -> tuple[str, ...]:
    """Those of the macro names that neither an @string nor BibTeX itself defines."""
    return tuple(name for name in names if name.lower() not in strings and name.lower() not in MONTHS)


def one_blank(text: str) -> str:
    """Text whose white space is single blanks, none at the ends, as BibTeX reads it."""
    if len(text) < LONG:
        return " ".join(text.split())
    text = text.translate(BLANKS)  # without a list of a million words
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip()


def _macro(name: str, strings: Mapping[str, str]) -> str:
    low = name.lower()
    return strings.get(low, MONTHS.get(low, name))
