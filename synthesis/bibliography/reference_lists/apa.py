"""References in the style of the American Psychological Association, seventh edition.

References
----------
American Psychological Association. Publication Manual, seventh edition (2020), as its public pages
apastyle.apa.org/style-grammar-guidelines/references and "What's New in the Publication Manual" state it; which of
their examples were read is said beside the tests.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from synthesis.bibliography.names import Name, Names, initials
from synthesis.bibliography.reference_lists.runs import Runs, italic, joined, link, run, shown, stopped_inside
from synthesis.bibliography.reference_lists.titles import capital_after_colon, plain_title, sentence_case
from synthesis.bibliography.reference_lists.work import DATE, MONTHS, Work

MOST = 20  # authors that are all named
KEPT = 19  # of more, before the dots
UNDATED, IN_PRESS = "n.d.", "in press"


def listed(works: Sequence[Work]) -> list[tuple[Work, Runs]]:
    """The works in the order of their references, each with its reference.

    Works of the same authors and year get letters after it, in the order of their titles.
    """
    ordered = sorted(works, key=_order)
    same: dict[tuple[str, str], list[Work]] = {}
    for work in ordered:
        same.setdefault((_lead_text(work) or shown(work.title), _year(work)), []).append(work)
    letters = {
        id(work): _letter(place) for group in same.values() if len(group) > 1 for place, work in enumerate(group)
    }
    return [(work, reference(work, letters.get(id(work), ""))) for work in ordered]


def reference(work: Work, letter: str = "") -> Runs:
    """One reference; `letter` follows its year."""
    lead = _lead(work)
    date = run(f"({_dated(work, letter)})")
    title = _title(work)
    head = [lead, date, title] if lead else [title, date]
    return joined([joined(map(stopped_inside, [*head, *_source(work)]), " "), _address(work)], " ")


def authors(names: Names) -> str:
    """Names before a date: inverted, the last after an ampersand; of 21 or more the first 19 and the last."""
    texts = [_inverted(name) for name in names.people]
    if names.others:
        alone = len(texts) == 1 and not names.people[0].given
        return f"{texts[0]} et al." if alone else ", ".join([*texts[:KEPT], "et al."])
    if len(texts) > MOST:
        return f"{', '.join(texts[:KEPT])}, . . . {texts[-1]}"
    if len(texts) == 2 and names.people[0].literal:
        return " & ".join(texts)
    return ", ".join(texts) if len(texts) < 2 else f"{', '.join(texts[:-1])}, & {texts[-1]}"


def editors(names: Names) -> str:
    """Names within a reference: initials first."""
    texts = [_straight(name) for name in names.people]
    if names.others:
        return f"{', '.join(texts)}, et al."
    return " & ".join(texts) if len(texts) < 3 else f"{', '.join(texts[:-1])}, & {texts[-1]}"


def _inverted(name: Name) -> str:
    return ", ".join(filter(None, (name.last, initials(name.given), name.suffix)))


def _straight(name: Name) -> str:
    main = " ".join(filter(None, (initials(name.given), name.last)))
    return f"{main}, {name.suffix}" if name.suffix else main


def _lead(work: Work) -> Runs:
    """Authors, else editors of a whole book; nothing where the title leads."""
    if work.authors.people:
        return run(authors(work.authors))
    if work.kind == "book" and work.editors.people:
        return run(f"{authors(work.editors)} ({_role(work.editors)})")
    return ()


def _role(names: Names) -> str:
    return "Ed." if len(names.people) == 1 and not names.others else "Eds."


def _year(work: Work) -> str:
    return IN_PRESS if work.in_press else work.date.year or UNDATED


def _dated(work: Work, letter: str) -> str:
    year = _year(work)
    year += f"-{letter}" if letter and not year[-1:].isdigit() else letter
    day = f" {work.date.day}" if work.date.day else ""
    return f"{year}, {work.date.month_name}{day}" if work.kind == "web" and work.date.month_name else year


def _title(work: Work) -> Runs:
    title = work.title if work.kind == "book" and work.meeting else capital_after_colon(sentence_case(work.title))
    if work.kind in ("article", "chapter", "paper"):
        return title
    return joined([italic(title), _parenthesis(work), _bracket(work)], " ")


def _parenthesis(work: Work) -> Runs:
    """Edition, volume, number: what stands in parentheses after the title of a whole work."""
    if work.kind == "book":
        volume = work.get("volume")
        parts = [work.edition, f"Vol. {volume}" if volume else ""]
    elif work.kind == "report":
        parts = [_numbered(work, work.get("type") or "Report")]
    elif work.kind == "thesis":
        parts = [_numbered(work, "Publication")]
    elif work.kind in ("dataset", "software"):
        version = work.get("version")
        parts = [version if version[:1].isalpha() else f"Version {version}" if version else ""]
    else:
        parts = []
    text = ", ".join(filter(None, parts))
    return run(f"({text})") if text else ()


def _numbered(work: Work, what: str) -> str:
    number = work.get("number")
    return number if not number or " " in number else f"{what} No. {number}"


def _bracket(work: Work) -> Runs:
    if work.kind == "thesis":
        return run(f"[{_degree(work)}]")
    return run({"dataset": "[Data set]", "software": "[Computer software]"}.get(work.kind, ""))


def _degree(work: Work) -> str:
    kind = work.get("degree")
    school = work.get("school", "institution")
    if _unpublished(work):
        return f"Unpublished {kind[0].lower()}{kind[1:]}"
    return f"{kind}, {school}" if school else kind


def _unpublished(work: Work) -> bool:
    return not (work.url or work.doi or work.get("publisher", "howpublished", "organization", "number"))


def _source(work: Work) -> list[Runs]:
    if work.kind == "article":
        return [_journal(work)]
    if work.kind in ("chapter", "paper"):
        return [_book(work), _publisher(work, "publisher", "organization")]
    if work.kind == "thesis":
        names = ("school", "institution") if _unpublished(work) else ("publisher", "howpublished", "organization")
        return [_publisher(work, *names)]
    if work.kind == "preprint":
        return [run(work.server)]
    if work.kind in ("web", "dataset", "software"):
        return [run(work.site)] if work.site != _lead_text(work) else []
    return [_publisher(work, "publisher", "institution", "organization")]


def _publisher(work: Work, *names: str) -> Runs:
    """The publisher, unless it is the author."""
    found = work.get(*names)
    return () if found and found == _lead_text(work) else run(found)


def _lead_text(work: Work) -> str:
    return shown(_lead(work))


def _journal(work: Work) -> Runs:
    volume, number = work.get("volume"), work.get("number", "issue")
    issue = run(volume, "italic") + (run(f"({number})") if number else ())
    where = run(f"Article {work.locator}") if work.locator else run("\u2013".join(work.first_last))
    return joined([italic(work.container), issue, where], ", ")


def _book(work: Work) -> Runs:
    """`In A. Editor (Ed.), Book (2nd ed., pp. 1-9)`."""
    pages = work.first_last
    where = f"{'pp.' if len(pages) > 1 or ',' in ''.join(pages) else 'p.'} {chr(0x2013).join(pages)}" if pages else ""
    volume = work.get("volume")
    parts = (work.edition, f"Vol. {volume}" if volume else "", where)
    inside = ", ".join(filter(None, parts))
    who = run(f"{editors(work.editors)} ({_role(work.editors)})") if work.editors.people else ()
    book = italic(work.container if work.meeting else capital_after_colon(sentence_case(work.container)))
    if not book:
        return run(f"({inside})") if inside else ()
    return run("In ") + joined([joined([who, book], ", "), run(f"({inside})") if inside else ()], " ")


def _address(work: Work) -> Runs:
    """The DOI, else the address; a date of retrieval only for a page without a date."""
    if work.doi:
        return link(f"https://doi.org/{work.doi}")
    eprint = work.get("eprint")
    if not work.url and work.kind == "preprint" and re.match(r"(?:\d{4}\.\d{4,5}|[a-z-]+/\d{7})", eprint):
        return link(f"https://arxiv.org/abs/{eprint}")
    if not work.url:
        return ()
    seen = retrieved(work) if _year(work) == UNDATED else ""
    return run(f"Retrieved {seen}, from ") + link(work.url) if seen else link(work.url)


def retrieved(work: Work) -> str:
    """The date of `urldate`, as `January 9, 2020`; nothing where it is no full date."""
    found = DATE.match(work.get("urldate"))
    if not found or not found[3] or not 1 <= int(found[2]) <= len(MONTHS):
        return ""
    return f"{MONTHS[int(found[2]) - 1]} {int(found[3])}, {found[1]}"


def _order(work: Work) -> tuple[tuple[str, ...], tuple[int, str], str]:
    """By authors, letter by letter; then undated, by year, in press; then by title."""
    names = work.authors.people or (work.editors.people if work.kind == "book" else ())
    title = plain_title(work.title)
    lead = tuple(_folded(_inverted(name)) for name in names) or (_folded(title),)
    year = _year(work)
    rank = {UNDATED: 0, IN_PRESS: 2}.get(year, 1)
    return lead, (rank, year), title


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^\w\s,]", "", re.sub(r"^(?:a|an|the)\s+", "", letters))


def _letter(place: int) -> str:
    """From a to z, then aa, ab, ..."""
    more, last = divmod(place, 26)
    return (_letter(more - 1) if more else "") + chr(ord("a") + last)
