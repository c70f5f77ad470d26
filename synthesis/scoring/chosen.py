"""The rule that a review chose, and whether it has the policy that the review names."""

from __future__ import annotations

from pathlib import Path

from synthesis.errors import InvalidData, Problem, did_you_mean
from synthesis.records.review import Review
from synthesis.scoring.reading.rule_file import load_rule
from synthesis.scoring.rule import Rule
from synthesis.text import one_line


def chosen_rule(review: Review, root: Path | None = None) -> Rule:
    """The rule of review.toml, shipped or of the review's own folder `rules`.

    Parameters
    ----------
    review : Review
        What review.toml says.
    root : Path, optional
        The review folder, which may have rules of its own.

    Raises
    ------
    InvalidData
        The rule file has faults; the rule has no policy of that name (at its line in review.toml, the nearest one
        suggested); or it grades single studies, which no matrix shows.
    """
    rule = load_rule(review.rule, root)
    if rule.grades == "study":
        what = f"rule {rule.key!r} grades single studies"
        raise _fault(review, "rule", what, "`synth levels` runs it: name another rule here")
    if review.policy and review.policy not in rule.policies:
        what = f"rule {rule.key!r} has no policy {review.policy!r}"
        raise _fault(review, "policy", what, did_you_mean(review.policy, rule.policies))
    return rule


def _fault(review: Review, key: str, what: str, remedy: str) -> InvalidData:
    place = review.at(key)
    return InvalidData([Problem(place.path, place.line, place.column, "SY103", one_line(what), one_line(remedy))])
