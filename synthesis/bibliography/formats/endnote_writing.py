"""EndNote XML written: elements with text in runs of one style, as EndNote itself exports them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from synthesis.bibliography.formats.endnote import FACES, KEPT
from synthesis.bibliography.formats.kinds import ENDNOTE_NAMES, IN_BOOK, IN_SERIES, THESES, kind_of
from synthesis.bibliography.formats.markup import plain_text, runs_of, shown
from synthesis.bibliography.formats.neutral import neutral
from synthesis.bibliography.formats.people import texts_of
from synthesis.bibliography.formats.reference import Reference
from synthesis.bibliography.formats.values import (
    VERBATIM,
    first_and_last,
    one_line,
    range_text,
    split_list,
    without_controls,
)
from synthesis.bibliography.names import names_of

WRITTEN = {
    "pages": "pages", "volume": "volume", "number": "number", "volumes": "num-vols", "edition": "edition",
    "chapter": "section", "address": "pub-location", "abstract": "abstract", "note": "notes", "type": "work-type",
    "pmcid": "custom2", "eid": "custom7", "doi": "electronic-resource-num", "language": "language",
    "urldate": "access-date",
}  # fmt: skip


def write_endnote(references: Iterable[Reference]) -> str:
    """EndNote XML of some references."""
    records = (_record(number, neutral(reference)) for number, reference in enumerate(references, 1))
    return '<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n<records>\n' + "".join(records) + "</records>\n</xml>\n"


def _record(number: int, reference: Reference) -> str:
    lines = [_ref_type(reference), *_contributors(reference), *_titles(reference), *_periodical_lines(reference)]
    lines += [_element(name, reference, field) for field, name in WRITTEN.items() if field in reference.fields]
    lines += _thesis(reference)
    lines += [*_keywords(reference), *_date_lines(reference), *_published(reference), *_accession(reference)]
    lines += [*_url_lines(reference), *_kept(reference)]
    label = f"<label>{_run(reference.key)}</label>\n" if reference.key else ""
    body = "".join(f"{line}\n" for line in lines)
    return f"<record>\n<rec-number>{number}</rec-number>\n{label}{body}</record>\n"


def _ref_type(reference: Reference) -> str:
    number = kind_of(reference.type, reference.get("entrysubtype")).endnote
    return f"<ref-type name={quoteattr(ENDNOTE_NAMES[number])}>{number}</ref-type>"


def _contributors(reference: Reference) -> Iterator[str]:
    by_editors = reference.type == "collection" and not reference.authors.people
    groups = {
        "authors": texts_of(reference.editors if by_editors else reference.authors),
        "secondary-authors": iter(()) if by_editors else texts_of(reference.editors),
        "subsidiary-authors": texts_of(names_of(reference.get("translator"))),
    }
    inner = [
        f"<{role}>{''.join(authors)}</{role}>"
        for role, people in groups.items()
        if (authors := [f"<author>{_run(text)}</author>" for text in people])
    ]
    if inner:
        yield f"<contributors>{''.join(inner)}</contributors>"


def _titles(reference: Reference) -> Iterator[str]:
    in_event = reference.type in IN_BOOK and "eventtitle" in reference.fields and "booktitle" in reference.fields
    if reference.type in IN_BOOK:
        second = "eventtitle" if in_event else "booktitle"
    else:
        second = (
            "series" if reference.type in IN_SERIES else "journal" if "journal" in reference.fields else "booktitle"
        )
    names = {"title": "title", "secondary-title": second, "short-title": "shorttitle"}
    if second != "series":
        names["tertiary-title"] = "series"
    inner = [_element(name, reference, field) for name, field in names.items() if field in reference.fields]
    yield f"<titles>{''.join(inner)}</titles>"
    if in_event:
        yield _element("custom3", reference, "booktitle")


def _periodical_lines(reference: Reference) -> Iterator[str]:
    if "journal" in reference.fields or "shortjournal" in reference.fields:
        inner = [
            _element(name, reference, field)
            for name, field in (("full-title", "journal"), ("abbr-1", "shortjournal"))
            if field in reference.fields
        ]
        yield f"<periodical>{''.join(inner)}</periodical>"


def _thesis(reference: Reference) -> Iterator[str]:
    if reference.type in THESES and "type" not in reference.fields:
        yield f"<work-type>{_run(THESES[reference.type])}</work-type>"


def _keywords(reference: Reference) -> Iterator[str]:
    words = split_list(plain_text(reference.get("keywords")))
    if words:
        yield f"<keywords>{''.join(f'<keyword>{_run(word)}</keyword>' for word in words)}</keywords>"


def _date_lines(reference: Reference) -> Iterator[str]:
    year, month, day = (plain_text(reference.get(name)) for name in ("year", "month", "day"))
    date = one_line(f"{month} {day}")
    inside = f"<year>{_run(year)}</year>" if year else ""
    if date:
        inside += f"<pub-dates><date>{_run(date)}</date></pub-dates>"
    if inside:
        yield f"<dates>{inside}</dates>"


def _published(reference: Reference) -> Iterator[str]:
    for name in ("publisher", "institution", "school", "organization"):
        if name in reference.fields:
            yield _element("publisher", reference, name)
            break
    serials = ", ".join(filter(None, (shown(name, reference.get(name)) for name in ("issn", "isbn"))))
    if serials:
        yield f"<isbn>{_run(serials)}</isbn>"


def _accession(reference: Reference) -> Iterator[str]:
    accession, pmid = reference.get("accession"), reference.get("pmid")
    database = plain_text(reference.get("database")) or ("PubMed" if pmid and not accession else "")
    if accession or pmid:
        yield f"<accession-num>{_run(plain_text(accession) or shown('pmid', pmid))}</accession-num>"
    if database:
        yield f"<remote-database-name>{_run(database)}</remote-database-name>"


def _url_lines(reference: Reference) -> Iterator[str]:
    first = [reference.get("url")] if "url" in reference.fields else []
    more = [url for url in reference.get(f"{KEPT}url").split("; ") if url]
    if first or more:
        inner = "".join(f"<url>{_run(url)}</url>" for url in [*first, *more])
        yield f"<urls><related-urls>{inner}</related-urls></urls>"


def _kept(reference: Reference) -> Iterator[str]:
    """Elements that were kept under their names, where they stand in a record by themselves."""
    inside = {"url", "date", "ref-type", "alt-title", "translated-title", "full-title"}
    for name in sorted(reference.fields):
        element = name.removeprefix(KEPT)
        alone = element not in inside and not element.endswith(("-urls", "-authors"))
        if name.startswith(KEPT) and alone and element.replace("-", "").isalnum() and element.isascii():
            yield _element(element, reference, name)


def _element(name: str, reference: Reference, field: str) -> str:
    value = reference.fields[field]
    if field in VERBATIM:
        return f"<{name}>{_run(shown(field, value))}</{name}>"
    if field == "pages":
        return f"<{name}>{_run(range_text(*first_and_last(plain_text(value))))}</{name}>"
    return f"<{name}>{''.join(_run(*run) for run in runs_of(value, FACES))}</{name}>"


def _run(text: str, styles: frozenset[str] = frozenset()) -> str:
    """One run of text in EndNote's way."""
    inner = " " if text[:1] == " " else ""
    after = " " if len(text) > 1 and text[-1] == " " else ""
    face = " ".join(name for name in ("bold", "italic", "superscript", "subscript") if name in styles) or "normal"
    shown = inner + without_controls(text)[0] + after
    return f'<style face="{face}" font="default" size="100%">{escape(shown)}</style>'
