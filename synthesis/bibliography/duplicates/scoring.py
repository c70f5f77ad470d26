"""Two records judged: the verdict, the rule that gives it, and what is for and against it in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from synthesis.bibliography.duplicates.evidence import DIFFER, NEAR, SAME, Evidence, compare
from synthesis.bibliography.duplicates.record import Record
from synthesis.bibliography.duplicates.rules import RULES, WEAK, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """Two records and what they are to one another."""

    one: Record  # the smaller key first
    other: Record
    verdict: Verdict
    rule: str  # a name of RULES, or a decision
    because: str
    evidence: Evidence

    @property
    def holds_apart(self) -> bool:
        """Whether the two must not come into one group by way of others.

        That takes something that contradicts; two titles that are only not alike enough may be two bad copies.
        """
        if self.verdict not in (Verdict.VERSIONS, Verdict.DISTINCT):
            return False
        e = self.evidence
        return self.rule not in WEAK or DIFFER in (e.authors, e.year, e.volume, e.pages, e.doi, e.pmid)

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "one": self.one.key,
            "other": self.other.key,
            "verdict": str(self.verdict),
            "rule": self.rule,
            "because": self.because,
            "for": list(speaks_for(self.evidence)),
            "against": list(speaks_against(self.evidence)),
        }


def judge(one: Record, other: Record) -> Judged:
    """The verdict on two records; their order changes nothing."""
    first, second = sorted((one, other), key=lambda record: (record.key, record.place))
    evidence = compare(first, second)
    rule = next(rule for rule in RULES if rule.applies(evidence))
    return Judged(first, second, rule.verdict, rule.name, rule.because, evidence)


def speaks_for(evidence: Evidence) -> Iterator[str]:
    """What two records have in common, in words."""
    if evidence.titled:
        yield {
            "same": "the title",
            "close": "the title, but for a letter or a word",
            "part": "one title begins or ends the other",
        }[evidence.title]
    elif evidence.title == "similar":
        yield f"titles alike to {evidence.like:.0f} %"
    yield from (words for name, words in FIELDS if getattr(evidence, name) == SAME)
    if evidence.authors == "some":
        yield "some authors"
    if evidence.year == NEAR:
        yield "years next to one another"


def speaks_against(evidence: Evidence) -> Iterator[str]:
    """Where two records differ, in words."""
    if evidence.title == DIFFER:
        yield f"titles alike to {evidence.like:.0f} % only"
    yield from (words for name, words in FIELDS if getattr(evidence, name) == DIFFER)
    yield from (words for name, words in MARKS if getattr(evidence, name))
    if evidence.forms != ("", ""):
        yield f"{evidence.forms[0]} against {evidence.forms[1]}"


FIELDS = (
    ("doi", "DOI"), ("pmid", "PubMed number"), ("isbn", "ISBN"), ("authors", "authors"), ("year", "year"),
    ("journal", "journal"), ("volume", "volume"), ("number", "number"), ("pages", "first page"),
)  # fmt: skip
MARKS = (
    ("kind", "kind of document"), ("parts", "numbers in the titles"), ("edition", "edition"), ("version", "version"),
    ("revised", "one says that it is an edition"), ("loose", "one is of no journal or book"),
    ("updated", "one says that it is an update"),
)  # fmt: skip
