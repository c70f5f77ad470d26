"""Runs of styled text, from which every form of output is made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from synthesis.bibliography import latex
from synthesis.bibliography.latex import Span, spans

Runs = tuple[Span, ...]  # `link` among the styles: the text is an address
STOPS = (".", "?", "!", "\u2026")
QUOTED = re.compile(r"[\"\u201d'\u2019](?:\s?[\"\u201d'\u2019])*\Z")  # the end of a text inside quotation marks
PAIRS = {"\u201d": "\u201c", "\u2019": "\u2018", "'": "\u2018", '"': '"'}  # what opens what one closes
ADDRESS = re.compile(r"https?://[^\s{}\\<>\"]+")


def run(text: str, *styles: str) -> Runs:
    """One stretch of plain text in some styles; nothing for an empty text."""
    return (Span(text, frozenset(styles)),) if text else ()


def of_latex(value: str) -> Runs:
    """A field's LaTeX as runs."""
    return spans(value)


def shown(runs: Runs) -> str:
    """The text as a reader sees it."""
    return latex.shown(runs)


def joined(parts: Iterable[Runs], between: str) -> Runs:
    """The parts that say something, with a text between them."""
    made: Runs = ()
    for part in parts:
        if part:
            made += run(between) + part if made else part
    return made


def stopped(runs: Runs) -> Runs:
    """Runs that end in a full stop, unless they end a sentence already."""
    return runs + run(".") if runs and not shown(runs).endswith(STOPS) else runs


def stopped_inside(runs: Runs) -> Runs:
    """Runs that end in a full stop, which stands before a closing quotation mark."""
    marks = _closing_marks(shown(runs))
    if not marks or not runs[-1].text.endswith(marks):
        return stopped(runs)
    if shown(runs)[: -len(marks)].endswith(STOPS):
        return runs
    last = runs[-1]
    return (*runs[:-1], Span(f"{last.text[: -len(marks)]}.{marks}", last.style))


def _closing_marks(text: str) -> str:
    """The quotation marks at the end of a text which has their partners too; an apostrophe is none."""
    found = QUOTED.search(text)
    opened = found and all(text.find(PAIRS[mark], 0, found.start()) >= 0 for mark in found[0] if not mark.isspace())
    return found[0] if found and opened else ""


def sentences(parts: Iterable[Runs]) -> Runs:
    """The parts that say something, each a sentence."""
    return joined(map(stopped, parts), " ")


def tidy(runs: Runs) -> Runs:
    """Runs in which no two neighbours have the same style, and none says what braces protected."""
    bare = (Span(span.text, span.style - {"protected"}) for span in runs)
    groups = groupby(bare, key=lambda span: span.style)
    return tuple(Span("".join(span.text for span in group), style) for style, group in groups)


def italic(runs: Runs) -> Runs:
    """Runs in italics; what is in italics already is set upright, as in a title within a title."""
    return tuple(Span(span.text, span.style ^ {"italic"}) for span in runs)


def link(address: str) -> Runs:
    """An address that can be followed."""
    return run(address, "link")
