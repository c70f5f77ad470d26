"""The dates of CSL-JSON, read and written; a variable that says more than one date is kept whole beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from synthesis.bibliography.formats.markup import plain_text
from synthesis.bibliography.formats.reference import Reference
from synthesis.bibliography.formats.values import Date, date_of, iso_date, month_name, month_number

KEPT = "x-csl-"
PARTS_OF_DATE = frozenset({"date-parts", "season", "raw", "literal", "date-time", "timestamp"})
SEASONS = ("Spring", "Summer", "Autumn", "Winter")
DAY = re.compile(r"\d{1,2}")


def text_of(value: Any) -> str:
    """A value as text; Crossref writes lists of one."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(text_of, value)))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if value else ""


def date_of_csl(value: Any) -> Date:
    """A date variable: `date-parts`, or a `raw` or `literal` text, with a season; of a range the beginning."""
    if isinstance(value, str):
        return date_of(value) if value else Date()
    if not isinstance(value, Mapping):
        return Date()
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else parts
    numbers = [text_of(part) for part in first] if isinstance(first, list) else []
    season = text_of(value.get("season"))
    if season in {"1", "2", "3", "4"}:
        season = SEASONS[int(season) - 1]
    if not numbers or not numbers[0]:
        words = text_of(value.get("raw")) or text_of(value.get("literal"))
        return date_of(words) if words else Date()
    month = month_name(numbers[1]) if len(numbers) > 1 else ""
    day = numbers[2].lstrip("0") if month and len(numbers) > 2 and DAY.fullmatch(numbers[2]) else ""
    return Date(numbers[0], month or season, day)


def says_more(value: Any, date: Date) -> bool:
    """Whether a date variable says more than the date that is read in it: an end, `circa`, words beside the parts."""
    if not isinstance(value, Mapping) or date == Date():
        return False
    parts = value.get("date-parts") or []
    ranges = [part for part in parts if part] if isinstance(parts, list) else []
    numbers = [text_of(one).lstrip("0") for one in ranges[0]] if ranges and isinstance(ranges[0], list) else []
    read = [date.year, str(month_number(date.month) or ""), date.day]
    words = [text for name in ("raw", "literal") if (text := text_of(value.get(name)))]
    if len(ranges) > 1 or (numbers and [text for text in numbers if text] != [text for text in read if text]):
        return True
    if any(date_of(text) != date for text in words) or (value.get("season") and month_number(date.month)):
        return True
    return any(given for name, given in value.items() if name not in PARTS_OF_DATE)


def put_dates(item: dict[str, Any], reference: Reference) -> set[str]:
    """Write the dates of a reference into an item; the fields that are now written."""
    year, month, day = (plain_text(reference.get(name)) for name in ("year", "month", "day"))
    used: set[str] = set()
    if year.isdecimal() and len(year) <= 4 and not year.startswith("0"):
        used |= {"year"}
        number = month_number(month)
        parts = [int(year), *([number] if number else [])]
        issued: dict[str, Any] = {"date-parts": [parts]}
        if number:
            used |= {"month"}
            if DAY.fullmatch(day) and not day.startswith("0"):
                parts.append(int(day))
                used |= {"day"}
        elif month:
            issued["season"] = month
            used |= {"month"}
        item["issued"] = issued
    elif year and date_of(year) == Date(year):
        item["issued"] = {"literal": year}
        used |= {"year"}
    for name, date in (("issued", Date(year, month, day)), ("accessed", date_of(reference.get("urldate")))):
        if (whole := _kept_date(reference, name, date)) is not None:
            item[name] = whole
            used |= {f"{KEPT}{name}", *(("year", "month", "day") if name == "issued" else ("urldate",))}
    return used | _put_accessed(item, reference, used)


def _kept_date(reference: Reference, name: str, date: Date) -> Any:
    """A date variable as it was read, if it still is the date of the reference; else None."""
    try:
        whole = json.loads(plain_text(reference.get(f"{KEPT}{name}")))
    except (ValueError, RecursionError):
        return None
    if not isinstance(whole, dict) or date == Date() or date_of_csl(whole) != date:
        return None
    return {**whole, **({"date-parts": _numbered(whole["date-parts"])} if "date-parts" in whole else {})}


def _numbered(parts: Any) -> Any:
    """The parts of dates as numbers, where they are some."""
    if isinstance(parts, list):
        return [_numbered(part) for part in parts]
    return int(parts) if isinstance(parts, str) and parts.isascii() and parts.isdecimal() and len(parts) <= 4 else parts


def _put_accessed(item: dict[str, Any], reference: Reference, used: set[str]) -> set[str]:
    if "urldate" in used:
        return set()
    accessed = date_of(reference.get("urldate"))
    if accessed.year and iso_date(accessed) == reference.get("urldate"):
        numbers = [int(accessed.year), month_number(accessed.month), int(accessed.day or 0)]
        item["accessed"] = {"date-parts": [[number for number in numbers if number]]}
        return {"urldate"}
    return set()
