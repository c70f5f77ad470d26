"""Groups whose name would be taken apart like a person's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.people import written_names
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

GROUP = re.compile(
    r"\b(?:Academy|Administration|Agency|Association|Authority|Board|Bureau|Cent(?:er|re)|College|Collaboration"
    r"|Collaborators|Collaborative|Commission|Committee|Consortium|Corporation|Council|Department|Foundation|Government"
    r"|Initiative|Institut(?:e|ion)?|Investigators|Laborator(?:y|ies)|Ministry|Network|Observatory|Office|Organi[sz]ation"
    r"|Panel|Programme|Program|Project|Research Group|Secretariat|Service|Society|Study Group|Task Force|Trust"
    r"|Trialists|University|Union|Working Group|World Bank)\b"
)


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY493: World Health Organization without braces is a Mr Organization."""
    for value, names in written_names(shelf):
        for name in names:
            if "," not in name and " " in name.strip() and GROUP.search(name):
                what = f"{name.strip()!r} of {value.entry.key!r} looks like a group, and is read as a person"
                yield at_field(value, "SY493", what, f"write {{{name.strip()}}} in braces of its own")


RULE = Rule(
    name="corporate-authors",
    codes=("SY493",),
    says="the name of a group stands in braces",
    check=check,
)
