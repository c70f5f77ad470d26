"""One way to say a thing: a reference with biblatex's other names, odd dates, pages and lists in their neutral form."""

from __future__ import annotations

from synthesis.bibliography.formats.kinds import REPORT, THESES, THESIS
from synthesis.bibliography.formats.markup import plain_text
from synthesis.bibliography.formats.reference import Reference, with_fields
from synthesis.bibliography.formats.values import (
    ISO,
    bare_doi,
    date_of,
    first_and_last,
    joined_list,
    month_name,
    pages_of,
    serials,
    split_list,
    unique,
)
from synthesis.bibliography.names import names_of, written

ALIASES = {
    "journaltitle": "journal",
    "location": "address",
    "langid": "language",
    "annotation": "annote",
    "hyphenation": "language",
    "issue": "number",
    "keyword": "keywords",
}
PARTS = {"subtitle": "title", "booksubtitle": "booktitle"}


def neutral(reference: Reference) -> Reference:
    """The same reference in the form that every reader gives.

    What has no neutral form stays as it is: a range of dates, pages in several pieces.
    """
    fields = dict(reference.fields)
    for alias, name in _aliases(reference.type).items():
        if alias in fields and name not in fields:
            fields[name] = fields.pop(alias)
    for part, name in PARTS.items():
        if part in fields and name in fields:
            fields[name] = f"{fields[name]}: {fields.pop(part)}"
    _date(fields)
    _lists(fields)
    if "pages" in fields:
        fields["pages"] = _plain_pages(fields["pages"])
    if "doi" in fields:
        fields["doi"] = bare_doi(fields["doi"])
    if "translator" in fields:
        fields["translator"] = written(names_of(fields["translator"]))
    if fields.get("type") == THESES.get(reference.type, ""):
        fields.pop("type", None)
    if fields.get("database") == "PubMed" and "pmid" in fields:
        del fields["database"]
    changes = {name: "" for name in reference.fields if name not in fields}
    return with_fields(reference, {**changes, **fields})


def _aliases(kind: str) -> dict[str, str]:
    if kind in THESIS:
        return {**ALIASES, "institution": "school", "publisher": "school"}
    return {**ALIASES, "school": "institution", "publisher": "institution"} if kind in REPORT else ALIASES


def _plain_pages(value: str) -> str:
    """A range in the one form; what is none stays as written."""
    plain = plain_text(value)
    return pages_of(plain) if first_and_last(plain)[1] else value


def _date(fields: dict[str, str]) -> None:
    """Year, month and day from biblatex's `date`, and the month by its name."""
    if ISO.match(fields.get("date", "")) and "year" not in fields:
        date = date_of(fields.pop("date"))
        fields["year"] = date.year
        if date.month:
            fields["month"] = date.month
        if date.day:
            fields["day"] = date.day
    date = date_of(plain_text(fields.get("month", "")))
    if month_name(date.month) and not date.year and (not date.day or "day" not in fields):
        fields["month"] = date.month
        if date.day:
            fields["day"] = date.day
    if fields.get("day", "").isdecimal():
        fields["day"] = fields["day"].lstrip("0")


def _lists(fields: dict[str, str]) -> None:
    if "keywords" in fields:
        fields["keywords"] = joined_list(unique(split_list(fields["keywords"])))
    for name, place in (("issn", 0), ("isbn", 1)):
        found = serials(fields.get(name, ""))
        if not found[2] and found[place] and not found[1 - place]:
            fields[name] = ", ".join(unique(found[place]))
