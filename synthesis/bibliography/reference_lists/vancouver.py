"""References in the style of the ICMJE and the National Library of Medicine, called Vancouver.

References
----------
National Library of Medicine. Samples of Formatted References for Authors of Journal Articles. Patrias K. Citing
Medicine: The NLM Style Guide for Authors, Editors, and Publishers, 2nd edition. Which of their samples were read is
said beside the tests.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from synthesis.bibliography.names import Name, Names, initials
from synthesis.bibliography.reference_lists.editions import ordinal
from synthesis.bibliography.reference_lists.runs import Runs, joined, link, run, sentences
from synthesis.bibliography.reference_lists.titles import sentence_case
from synthesis.bibliography.reference_lists.work import DATE, MONTHS, Date, Work

MOST = 6  # authors that are named; of more, these and `et al.`
INITIALS = 2  # of one person at most
PREFIXED = re.compile(r"([A-Za-z]*)(\d+)([A-Za-z]*)\Z")
UNDATED = "[date unknown]"
GENERATIONS = {"ii": 2, "iii": 3, "iv": 4, "v": 5}


def listed(works: Sequence[Work]) -> list[tuple[Work, Runs]]:
    """The works as they come, for their numbers follow the order in which they are cited; each with its reference."""
    return [(work, reference(work)) for work in works]


def reference(work: Work) -> Runs:
    """One reference, without its number."""
    return joined([sentences([_lead(work), *_body(work)]), _address(work)], " ")


def authors(names: Names) -> str:
    """Surnames and initials; of more than six people the first six; bodies after people, behind a semicolon."""
    people = [_person(name) for name in names.people if not name.literal]
    bodies = [name.literal for name in names.people if name.literal]
    if len(people) > MOST or (names.others and people):
        people = [*people[:MOST], "et al."]
    if names.others and not people:
        bodies.append("et al.")
    return "; ".join(filter(None, (", ".join(people), "; ".join(bodies) if people else ", ".join(bodies))))


def pages(first_last: Sequence[str]) -> str:
    """A range of pages, of the last one only the digits that differ: `284-7`.

    Examples
    --------
    >>> pages(["S93", "S99"]), pages(["1195", "1204"]), pages(["iii", "v"])
    ('S93-9', '1195-204', 'iii-v')
    """
    if len(set(first_last)) < 2:
        return first_last[0] if first_last else ""
    first, last = first_last
    one, other = PREFIXED.match(first), PREFIXED.match(last)
    if not one or not other or one[3] or other[3] or other[1] not in ("", one[1]) or len(one[2]) != len(other[2]):
        return f"{first}-{last}".replace("\u2013", "-")
    same = next((place for place, (a, b) in enumerate(zip(one[2], other[2], strict=True)) if a != b), 0)
    return f"{first}-{other[2][same:]}"


def _person(name: Name) -> str:
    """`van der Berg JM Jr`, `Gilstrap LC 3rd`."""
    letters = initials(name.given, after="", between="").replace("-", "")[:INITIALS]
    return " ".join(filter(None, (name.last, letters, _suffix(name.suffix))))


def _suffix(suffix: str) -> str:
    bare = suffix.strip(".")
    return ordinal(GENERATIONS[bare.casefold()]) if bare.casefold() in GENERATIONS else bare


def _lead(work: Work) -> Runs:
    if work.authors.people:
        return run(authors(work.authors))
    return run(_editors(work)) if work.kind == "book" else ()


def _editors(work: Work) -> str:
    names = work.editors
    if not names.people:
        return ""
    return f"{authors(names)}, editor{'s' if len(names.people) > 1 or names.others else ''}"


def _body(work: Work) -> list[Runs]:
    title = work.title if work.kind == "book" and work.meeting else sentence_case(work.title)
    if work.kind == "article":
        return [title, _journal(work)]
    if work.kind in ("chapter", "paper"):
        book = work.container if work.meeting else sentence_case(work.container)
        held = sentences([run(_editors(work)), book])
        where = pages(work.first_last)
        return [
            title,
            run("In: ") + held if held else (),
            *_edition(work),
            _imprint(work),
            run(f"p. {where}" if where else ""),
        ]
    if work.kind == "preprint":
        return [title, run(f"{work.server} [Preprint]".strip()), run(_when(work) + _cited(work))]
    medium = {"thesis": _thesis(work), "dataset": "dataset", "software": "computer program"}.get(work.kind, "")
    medium = medium or ("Internet" if work.url else "")
    marked = joined([title, run(f"[{medium}]") if medium else ()], " ")
    number = work.get("number") if work.kind == "report" else ""
    return [marked, *_edition(work), _imprint(work), run(f"Report No.: {number}" if number else "")]


def _thesis(work: Work) -> str:
    return {"Doctoral dissertation": "dissertation", "Master\u2019s thesis": "master\u2019s thesis"}.get(
        work.get("degree"), work.get("degree")
    )


def _edition(work: Work) -> list[Runs]:
    volume = work.get("volume")
    return [run(work.edition), run(f"Vol. {volume}" if volume else "")]


def _imprint(work: Work) -> Runs:
    """`New York: McGraw-Hill; 2002`."""
    place = work.get("address", "location")
    by = work.get(
        *(("school", "institution") if work.kind == "thesis" else ("publisher", "institution", "organization"))
    )
    by = by or (work.site if work.kind in ("web", "dataset", "software") else "")
    by = "" if by == authors(work.authors) and work.kind == "web" else by
    return run("; ".join(filter(None, (": ".join(filter(None, (place, by))), _when(work) + _cited(work)))))


def _journal(work: Work) -> Runs:
    name = run(work.get("shortjournal")) or work.container
    if work.in_press:
        return sentences([name, run(f"Forthcoming {work.date.year if work.date.year.isdigit() else ''}".strip())])
    volume, number = work.get("volume"), work.get("number", "issue")
    issue = volume + (f"({number})" if number else "")
    where = work.locator or pages(work.first_last)
    when = f"{_when(work)};{issue}" if issue else _when(work)
    return sentences([name, run(f"{when}:{where}" if where else when)])


def _when(work: Work) -> str:
    return _date(work.date) if work.date.year and not work.in_press else "Forthcoming" if work.in_press else UNDATED


def _date(date: Date) -> str:
    return " ".join(filter(None, (date.year, date.month_name[:3], str(date.day or "") if date.month else "")))


def _cited(work: Work) -> str:
    """When a page was seen: ` [cited 2002 Jul 9]`."""
    found = DATE.match(work.get("urldate")) if work.kind in ("web", "preprint", "dataset") else None
    if not found or not 1 <= int(found[2] or 1) <= len(MONTHS):
        return ""
    return f" [cited {_date(Date(found[1], int(found[2] or 0), int(found[3] or 0)))}]"


def _address(work: Work) -> Runs:
    if work.doi and work.kind == "preprint":
        return run("Available from: ") + link(f"https://doi.org/{work.doi}")
    if work.doi:
        return run("doi: ") + run(work.doi, "doi") + run(".")
    return run("Available from: ") + link(work.url) if work.url else ()
