"""Numbers of arXiv."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Edit, Rule, at_field, rewritten
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.errors import Problem, Severity

# arXiv.org, "Understanding the arXiv identifier": yymm.number since 2007-04, archive/yymmnumber before.
FORM = re.compile(
    r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}(?:v\d+)?"
    r"|[a-z-]+(?:\.[A-Za-z]{2,3})?/\d{2}(?:0[1-9]|1[0-2])\d{3}(?:v\d+)?"
)
DRESS = re.compile(
    r"^\s*(?:arxiv\s*:\s*|https?://(?:\w+\.)?arxiv\.org/(?:abs|pdf)/)|\.pdf\s*$|\s*\[[\w.-]+\]\s*$", re.IGNORECASE
)


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY473: an `eprint` of arXiv that is no number of arXiv, or has words about it."""
    for value in _of_arxiv(shelf):
        if not FORM.fullmatch(value.field.value):
            what = f"the eprint {value.field.value!r} of {value.entry.key!r} is not the number of arXiv alone"
            yield at_field(value, "SY473", what, "write it as 2101.00001, or math.GT/0309136", Severity.WARNING)


def fix(shelf: Shelf) -> Iterator[Edit]:
    """The number without `arXiv:` or the address before it."""
    for value in _of_arxiv(shelf):
        bare = DRESS.sub("", value.field.value)
        if bare != value.field.value and FORM.fullmatch(bare) and (edit := rewritten(value, bare)):
            yield edit


def _of_arxiv(shelf: Shelf) -> Iterator[Value]:
    for value in shelf.named("eprint"):
        kind = value.entry.get("archiveprefix", "eprinttype").lower()
        if kind == "arxiv" or (not kind and value.field.value.lower().startswith("arxiv")):
            yield value


RULE = Rule(
    name="arxiv-ids",
    codes=("SY473",),
    says="the eprint of arXiv is its number alone",
    check=check,
    severity=Severity.WARNING,
    fix=fix,
)
