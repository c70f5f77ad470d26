"""Numbers of PubMed and PubMed Central."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from synthesis.bibliography.lint.rule import Edit, Rule, at_field, rewritten
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

FORMS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "pmid": (re.compile(r"[1-9]\d{0,7}"), "write the number alone, as in 15495136"),
    "pmcid": (re.compile(r"PMC[1-9]\d{0,8}"), "write it as PMC8555740"),
    "pmc": (re.compile(r"PMC[1-9]\d{0,8}"), "write it as PMC8555740"),
}
DRESS = re.compile(r"^\s*(?:pmc?id\s*:?\s*|https?://\S*/(?=\w+/?\s*$))|/\s*$", re.IGNORECASE)


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY472: a number of PubMed that is none, or has words about it."""
    for value in shelf.named(*FORMS):
        form, remedy = FORMS[value.field.name]
        text = value.field.value
        if text and not form.fullmatch(text.strip("{} ")):
            what = f"the {value.field.name} {text!r} of {value.entry.key!r} has not the form of one"
            yield at_field(value, "SY472", what, remedy, Severity.WARNING)


def fix(shelf: Shelf) -> Iterator[Edit]:
    """The number without the words or the address before it."""
    for value in shelf.named(*FORMS):
        text = value.field.value
        bare = DRESS.sub("", text)
        if bare != text and FORMS[value.field.name][0].fullmatch(bare) and (edit := rewritten(value, bare)):
            yield edit


RULE = Rule(
    name="pubmed-ids",
    codes=("SY472",),
    says="pmid is a number, pmcid is PMC and a number",
    check=check,
    severity=Severity.WARNING,
    fix=fix,
)
