"""Volumes, numbers and pages as they are compared."""

from __future__ import annotations

import re
from functools import lru_cache

MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
DATE = re.compile(  # what a spreadsheet makes of 9-11
    rf"^(?:\d{{1,2}}-(?:{MONTH})|(?:{MONTH})-\d{{2,4}}|\d{{4}}-\d\d-\d\d.*)$", re.IGNORECASE
)
DASH = re.compile(r"\s*(?:-+|[‐-―−]|\\textendash|\bto\b)\s*")  # noqa: RUF001  every dash that is met
ARTICLE = re.compile(r"(?:no pagination\)|article(?: no\.?| number| id)?:?|art\.?:?)\s*(\w+)", re.IGNORECASE)
LEAD = re.compile(r"^(?:pp?\.?|pages?)\s*(?=\w)", re.IGNORECASE)
PAGE = re.compile(r"([a-z]{0,3})(\d{1,12})([a-z]?)", re.IGNORECASE)
VOLUME = re.compile(r"(\d+(?:-\d+)?|[ivxlc]+\b)", re.IGNORECASE)
PART = re.compile(r"\b(?:p(?:ar)?t\.?|sect?(?:ion)?\.?)\s*\w+\.?", re.IGNORECASE)
SUPPLEMENT = re.compile(r"suppl|\bs\d", re.IGNORECASE)
ABSTRACT_PAGE = re.compile(r"^\W*(?:(?:[sSaAP]|oc|OC)\d|\d+[asAS](?![A-Za-z\d]))")  # a small p is for page
ELOCATOR = re.compile(r"^e0*(\d{4,})$")


@lru_cache(maxsize=16384)
def pages_of(text: str) -> tuple[str, str]:
    """First and last page, an abbreviated last page written out; nothing where there are none, or a date stands there.

    Examples
    --------
    >>> pages_of("221-8"), pages_of("S34--S35"), pages_of("e70933"), pages_of("11-Sep")
    (('221', '228'), ('s34', 's35'), ('70933', ''), ('', ''))
    """
    bare = LEAD.sub("", text.strip().strip("{}"))
    if article := ARTICLE.search(bare):
        return _elocator(article[1].lower()), ""
    if not bare or DATE.match(bare) or "pagination" in bare:
        return "", ""
    first, _, rest = DASH.sub("-", bare.split(",")[0].split(";")[0].split("+")[0]).partition("-")
    first, last = first.strip().lower(), rest.partition("-")[0].strip().lower()
    return (_elocator(first), _written_out(first, last)) if any(map(str.isdigit, first)) else ("", "")


@lru_cache(maxsize=16384)
def volume_of(text: str) -> str:
    """The volume without number, part and supplement; nothing where a spreadsheet or a broken export left a shred."""
    bare = PART.sub("", text.strip().strip("{}"))
    if DATE.match(bare) or bare.count("(") != bare.count(")"):
        return ""
    found = VOLUME.search(bare)
    return found[1].lower().lstrip("0").partition("-")[0] if found else ""


@lru_cache(maxsize=16384)
def number_of(text: str) -> str:
    """The number of an issue; nothing where a spreadsheet made a date of it."""
    bare = PART.sub("", text.strip().strip("{}"))
    if DATE.match(bare):
        return ""
    found = VOLUME.search(bare)
    return found[1].lower().lstrip("0").partition("-")[0] if found else ""


def is_supplement(volume: str, number: str, pages: str) -> bool:
    """Whether volume, number or pages are of a supplement, where the abstracts of conferences stand."""
    return bool(SUPPLEMENT.search(volume) or SUPPLEMENT.search(number) or ABSTRACT_PAGE.match(pages))


def article_in(volume: str) -> str:
    """The number of an article that an export put behind the volume: `11 (12) (no pagination), e0168396`."""
    found = ARTICLE.search(volume.replace("(no pagination),", "(no pagination)"))
    return _elocator(found[1].lower()) if found else ""


def _elocator(first: str) -> str:
    found = ELOCATOR.match(first)
    return found[1] if found else first


def _written_out(first: str, last: str) -> str:
    one, two = PAGE.fullmatch(first), PAGE.fullmatch(last)
    if not one or not two:
        return last
    digits = two[2]
    if len(digits) < len(one[2]):
        digits = one[2][: len(one[2]) - len(digits)] + digits
    return f"{two[1] or one[1]}{digits}{two[3]}"
