"""Markup of HTML or JATS, which LaTeX prints as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.fields import PRINTED
from synthesis.bibliography.lint.rule import Edit, Rule, at_offset, first_few
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.bibliography.splices import Splice
from synthesis.errors import Problem

TAG = re.compile(
    r"</?(?:jats:|mml:)?(?:i|b|em|strong|sub|sup|p|br|span|div|u|sc|tt|a|scp|italic|bold|title|sec|math|mi|mn|mo)"
    r"(?:\s+[\w:-]+\s*=\s*[^<>{}]{0,200})?\s*/?>",
    re.IGNORECASE,
)
PAIRED = re.compile(
    r"<(?P<tag>i|em|b|strong|sub|sup|italic|bold)>(?P<text>[^<>{}\\$]{1,500})</(?P=tag)>", re.IGNORECASE
)
COMMAND = {
    "i": "textit", "em": "emph", "italic": "textit", "b": "textbf", "strong": "textbf", "bold": "textbf",
    "sub": "textsubscript", "sup": "textsuperscript",
}  # fmt: skip


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY479: `<i>`, `<sub>`, `<jats:p>` and their like."""
    for value, match in first_few(shelf.hits(TAG, PRINTED)):
        if match[0][1] != "/" and not value.own_rules(match.start()):
            what = f"{match[0]} in the {value.field.name} of {value.entry.key!r} is markup of HTML"
            yield at_offset(value, match.start(), "SY479", what, r"write \textit{...} and the like, or take it out")


def fix(shelf: Shelf) -> Iterator[Edit]:
    """The command of LaTeX that does the same, for tags that are opened and closed about plain words."""
    for value, match in shelf.hits(PAIRED, PRINTED):
        if value.delimited and not value.own_rules(match.start()):
            text = rf"\{COMMAND[match['tag'].lower()]}{{{match['text']}}}"
            yield Edit(value, Splice(match.start(), match.end(), text))


RULE = Rule(
    name="html-tags",
    codes=("SY479",),
    says="no markup of HTML in a value",
    check=check,
    fix=fix,
)
