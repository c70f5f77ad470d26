"""Page ranges as BibTeX writes them: two hyphens, no blanks, no `pp.`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.reversed_pages import RANGE, SURE, last_page
from synthesis.bibliography.lint.rule import Edit, Rule, at_field, rewritten
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.errors import Problem

LABEL = re.compile(r"^(?:pp?|pages?|S)\.\s*(?=\d)|^(?:pp|pages?)\s+(?=\d)", re.IGNORECASE)
COMMA = re.compile(r"\s*,\s*")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY448: a range with one hyphen, another dash or blanks, or with a word before it."""
    for value, form in _unlike(shelf):
        what = f"the pages {value.field.value!r} of {value.entry.key!r} are not in BibTeX's form"
        yield at_field(value, "SY448", what, f"write {form}")


def fix(shelf: Shelf) -> Iterator[Edit]:
    """The same pages with two hyphens; a hyphen that may be part of one page number stays."""
    return (edit for value, form in _unlike(shelf) if (edit := rewritten(value, form)))


def _unlike(shelf: Shelf) -> Iterator[tuple[Value, str]]:
    for value in shelf.named("pages"):
        text = value.field.value
        form = _form(text)
        if form != text:
            yield value, form


def _form(text: str) -> str:
    bare = LABEL.sub("", text)
    pieces = COMMA.split(bare)
    if any(RANGE.fullmatch(piece) for piece in pieces):
        return ", ".join(map(_range, pieces)) if ", " in bare else ",".join(map(_range, pieces))
    return bare


def _range(text: str) -> str:
    found = RANGE.fullmatch(text)
    if not found or found["dash"] == "--":
        return text
    first, last = found["first"], found["last"]
    if found["dash"].strip() == "-" and (last_page(first, last) is None or len(last) < len(first) < SURE):
        return text  # 12-3 may be the third page of chapter 12
    return f"{first}--{last}"


RULE = Rule(
    name="pages",
    codes=("SY448",),
    says="a page range has two hyphens, no blanks and no `pp.`",
    check=check,
    fix=fix,
)
