"""The rules that say whether two records are one document, each in words; the first that applies decides.

No rule adds points: each names what speaks for it. An identifier that two records share is strong but no proof (one DOI
may stand for a whole supplement of conference abstracts), so title and pages are asked first. A title that two records
share is no proof either: editions, parts, replies and corrections, an abstract and its article, a preprint and its
article, yearly reports and updated reviews all share one.
"""

from __future__ import annotations

from synthesis.bibliography.duplicates.place_rules import PLACE_RULES
from synthesis.bibliography.duplicates.rule import Rule, Verdict
from synthesis.bibliography.duplicates.title_rules import TITLE_RULES

__all__ = ["RULES", "WEAK", "Rule", "Verdict"]

RULES: tuple[Rule, ...] = (*TITLE_RULES, *PLACE_RULES)
# Rules that find too little in common rather than a contradiction
WEAK = frozenset(("similar-title", "other-title", "no-title", "part-title-only", "generic", "only-title"))
