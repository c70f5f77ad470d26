r"""Values that several formats write differently: pages, dates, keywords, identifiers; each in one home and one form.

Neutral forms: pages `345--352`, a month by its English name (as BibTeX's macros give it), keywords parted by `; `,
serial numbers parted by `, `, a DOI without address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from synthesis.bibliography import doi, latex
from synthesis.bibliography.doi import ESCAPED
from synthesis.bibliography.macros import MONTHS

VERBATIM = frozenset({"doi", "url", "eprint", "file", "pmid", "pmcid", "urn", "arxivid", "eprinttype", "isbn", "issn"})
BREAKS = re.compile(r"[^\S ]\s*| \s+")  # white space that is not one blank
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
DASHES = "\u2013\u2014"
RANGE = re.compile(rf"([^\s,;{DASHES}-]+)\s*(?:-+|[{DASHES}])\s*([^\s,;{DASHES}-]+)")
PARTED = re.compile(rf"([^\s,;{DASHES}]+?)\s*(?:--+|[{DASHES}])\s*([^\s,;{DASHES}]+)")  # with hyphens in the ends
DIGITS = re.compile(r"(\D*)(\d+)")
ISO = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?/?$")
SLASHED = re.compile(r"([^/]*)/(\d{0,2})/(\d{0,2})(?:/(.*))?$")
WORDED = re.compile(
    r"(?:(?P<year>\d{4})[\s,]+)?(?:(?P<before>\d{1,2})\.?\s+)?(?P<month>[A-Za-z]{3,9})\.?"
    r"(?:\s+(?P<after>\d{1,2}))?(?:[\s,]+(?P<last>\d{4}))?$"
)
SERIAL = re.compile(r"\b(\d{4}-?\d{3}[\dXx])\b(?!-)")
BOOK = re.compile(r"\b(97[89][- ]?(?:\d[- ]?){9}\d|(?:\d[- ]?){9}[\dXx])\b")
ASIDE = re.compile(
    r"\((?:print|linking|electronic|online|e?issn|e?isbn|paperback|hardcover|hardback|pbk|hbk)\b[^)]*\)", re.IGNORECASE
)
PAIRS = str.maketrans({"{": "%7B", "}": "%7D", " ": "%20", "\\": "%5C"})
NAMES_OF_MONTHS = tuple(MONTHS.values())
DIGITS_OF_YEAR = re.compile(r"\d{4}")


def one_line(text: str) -> str:
    """Text on one line, single blanks, none at its ends: what no line end can break out of."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return BREAKS.sub(" ", text).strip()


def without_controls(text: str) -> tuple[str, int]:
    """Text without control characters, and how many there were; a line end of any kind is a blank."""
    kept, dropped = CONTROL.subn("", text)
    return one_line(kept), dropped


def verbatim(value: str) -> str:
    """An identifier or address as it is meant, on one line; see `latex.verbatim`."""
    return one_line(latex.verbatim(value))


def bare_doi(value: str) -> str:
    """A DOI without address and LaTeX, its capitals kept; `normalised_doi` compares it."""
    return one_line(ESCAPED.sub(lambda found: found[1] or found[2] or "_", doi.bare_doi(value)))


def safe_identifier(value: str) -> str:
    """An identifier that cannot close the braces around it."""
    return value.translate(PAIRS) if "{" in value or "}" in value or "\\" in value else value


def pages_of(text: str) -> str:
    """Pages in the one form; what is no single range stays as it is, and a range of one page is that page.

    An abbreviated last page is written out, as PubMed abbreviates it: `345-52` is 345 to 352.

    Examples
    --------
    >>> pages_of("345-52"), pages_of("S12-8"), pages_of("e1234"), pages_of("1-5, 9")
    ('345--352', 'S12--S18', 'e1234', '1-5, 9')
    """
    text = one_line(text)
    found = _range(text)
    if found is None:
        return text
    last = full_page(found[1], found[2])
    return found[1] if last == found[1] else f"{found[1]}--{last}"


def full_page(first: str, last: str) -> str:
    """The last page with the digits that it shares with the first; one that is no abbreviation stays."""
    one, two = DIGITS.fullmatch(first), DIGITS.fullmatch(last)
    if one is None or two is None or two[1] not in {"", one[1]} or len(two[2]) > len(one[2]):
        return last
    missing = len(one[2]) - len(two[2])
    whole = one[2][:missing] + two[2]
    if whole < one[2] or (missing == 0 and two[1] == one[1]):
        return last
    return (one[1] if missing else two[1]) + whole


def first_and_last(pages: str) -> tuple[str, str]:
    """The two ends of a range, the second empty where there is none."""
    found = _range(pages)
    return (found[1], found[2]) if found else (pages, "")


def range_text(first: str, last: str) -> str:
    """Two ends with a hyphen between them; with a dash where they have hyphens themselves."""
    dash = "\u2013" if "-" in first + last else "-"
    return f"{first}{dash}{last}" if last else first


def _range(text: str) -> re.Match[str] | None:
    return RANGE.fullmatch(text) or PARTED.fullmatch(text)


@dataclass(frozen=True, slots=True)
class Date:
    """A date as its parts; `month` is an English name, or the words that stand in its place."""

    year: str = ""
    month: str = ""
    day: str = ""


def date_of(text: str) -> Date:
    """A date in any of the usual ways; what is not understood is the year, as it stands.

    Examples
    --------
    >>> date_of("2008/03/05/") == date_of("2008 Mar 5") == date_of("5 March 2008")
    True
    >>> date_of("2008 Mar-Apr")
    Date(year='2008', month='Mar-Apr', day='')
    """
    text = one_line(text)
    if found := ISO.match(text):
        return _dated(found[1], found[2] or "", found[3] or "") or Date(text)
    if found := SLASHED.match(text):
        return _dated(found[1].strip(), found[2], found[3], (found[4] or "").strip()) or Date(text)
    if (found := WORDED.match(text)) and (month := month_name(found["month"])):
        day = found["before"] or found["after"] or ""
        return Date(found["year"] or found["last"] or "", month, day.lstrip("0"))
    year, _, rest = text.partition(" ")
    if DIGITS_OF_YEAR.fullmatch(year):
        return Date(year, rest.strip())
    return Date(text)


def words_beside(text: str) -> str:
    """The fourth part of `2009/05/03/Spring`, where a month stands before it."""
    found = SLASHED.match(one_line(text))
    return (found[4] or "").strip() if found and found[2].strip("0") else ""


def date_beside(text: str) -> Date:
    """A date that stands beside a year; words without a number are those of a month or season."""
    text = one_line(text)
    return date_of(text) if any(char.isdecimal() for char in text) else Date("", month_name(text) or text)


def _dated(year: str, month: str, day: str, rest: str = "") -> Date | None:
    if not month.strip("0"):
        return Date(year, rest, "")
    name = month_name(month)
    if not name or int(day or 0) > 31:
        return None
    return Date(year, name, day.lstrip("0"))


def month_name(text: str) -> str:
    """The English name of a month that is given by its number, its name or the beginning of its name, else nothing."""
    bare = text.strip("{}. ").lower()
    if bare.isdecimal():
        return NAMES_OF_MONTHS[int(bare) - 1] if len(bare) <= 2 and 1 <= int(bare) <= 12 else ""
    if len(bare) < 3:
        return ""
    return next((name for name in NAMES_OF_MONTHS if name.lower().startswith(bare)), "")


def month_number(name: str) -> int:
    """1 to 12, or 0 for what is no month."""
    found = month_name(name)
    return NAMES_OF_MONTHS.index(found) + 1 if found else 0


def iso_date(date: Date) -> str:
    """A date as `2020-03-05`, as much of it as there is; nothing for one that has no such form."""
    month = month_number(date.month)
    if not (date.year.isdecimal() and len(date.year) == 4) or (date.month and not month):
        return ""
    parts = [int(part) for part in (month, date.day) if part]
    return "-".join([date.year, *(f"{part:02}" for part in parts)])


def split_list(text: str) -> list[str]:
    """The parts of a list: by semicolons, or by commas where there is no semicolon."""
    return [part for piece in text.split(";" if ";" in text else ",") if (part := piece.strip())]


def joined_list(parts: Iterable[str]) -> str:
    """A list as one value; a part with a comma in it stays one part."""
    found = [part for text in parts for piece in text.split(";") if (part := piece.strip())]
    return f"{found[0]};" if len(found) == 1 and "," in found[0] else "; ".join(found)


def serials(text: str) -> tuple[list[str], list[str], str]:
    """The ISSNs and ISBNs of a text, and the text itself where it is something else besides."""
    rest = ASIDE.sub(" ", text)
    books = [one_line(found) for found in BOOK.findall(rest)]
    rest = BOOK.sub(" ", rest)
    issns = [_hyphened(found) for found in SERIAL.findall(rest)]
    rest = SERIAL.sub(" ", rest).strip(" ,;/")
    return (issns, books, "") if not rest else ([], [], one_line(text))


def _hyphened(issn: str) -> str:
    return issn if "-" in issn else f"{issn[:4]}-{issn[4:]}"


def unique(parts: Iterable[str]) -> list[str]:
    """The parts without repeats, in their order."""
    return list(dict.fromkeys(parts))
