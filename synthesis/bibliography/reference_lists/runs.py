"""Runs of styled text, from which every form of output is made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from synthesis.bibliography.latex import Span, spans

Runs = tuple[Span, ...]  # `link` among the styles: the text is an address
STOPS = (".", "?", "!", "\u2026")
ADDRESS = re.compile(r"https?://[^\s{}\\<>\"]+")


def run(text: str, *styles: str) -> Runs:
    """One stretch of plain text in some styles; nothing for an empty text."""
    return (Span(text, frozenset(styles)),) if text else ()


def of_latex(value: str) -> Runs:
    """A field's LaTeX as runs."""
    return spans(value)


def shown(runs: Runs) -> str:
    """The text as a reader sees it."""
    return "".join(span.shown for span in runs)


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
