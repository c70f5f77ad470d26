"""How far the output of a cell hangs on a reading of the rule, and on single studies."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from synthesis.scoring.operating.additive import ordered
from synthesis.scoring.operating.fragility import Fragility, fragility_many
from synthesis.scoring.rule import BLANK, Rule
from synthesis.scoring.score import Score, score_cells
from synthesis.scoring.states import Context, ScoredFinding

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Steadiness:
    """One cell under every policy of its rule, and without each of its studies in turn."""

    score: Score  # under the policy that is asked for
    by_policy: Mapping[str, Score]  # every policy of the rule, in its order
    without: Mapping[str, Score]  # study -> the score of all the others
    over_policies: str  # lowest and highest output: `1 to 3`, or `2` where all are the same
    without_one: str  # the same over the scores without one study
    fragile: Fragility  # the fewest studies whose state must flip to change the output

    @property
    def moved_by(self) -> tuple[str, ...]:
        """The policies that give another output."""
        return tuple(name for name, found in self.by_policy.items() if found.output != self.score.output)

    @property
    def decisive(self) -> tuple[str, ...]:
        """The studies without any one of which the output would differ."""
        return tuple(study for study, found in self.without.items() if found.output != self.score.output)


def steadiness(
    cells: Mapping[Key, Iterable[ScoredFinding]],
    rule: Rule,
    policy: str | None = None,
    contexts: Mapping[Key, Context] | None = None,
) -> dict[Key, Steadiness]:
    """Every cell under every policy, and without each study; one call of `score_cells` for each policy.

    Parameters
    ----------
    cells : mapping
        Findings of each cell.
    rule : Rule
        Its policies are the readings.
    policy : str, optional
        The one from which the others are told to differ; by default the rule's first.
    contexts : mapping, optional
        As for `score_cells`.

    Raises
    ------
    InvalidArgument
        The rule has no policy of that name, or grades single studies.
    """
    held = {key: tuple(findings) for key, findings in cells.items()}
    chosen = rule.base if policy is None else policy
    whole = score_cells(held, rule, chosen, contexts)
    by_policy = {name: whole if name == chosen else score_cells(held, rule, name, contexts) for name in rule.policies}
    without = without_each(held, rule, chosen, contexts, whole)
    fragile = fragility_many(held, rule, chosen, contexts)
    return {
        key: Steadiness(
            score=found,
            by_policy={name: scores[key] for name, scores in by_policy.items()},
            without=without[key],
            over_policies=span((scores[key].output for scores in by_policy.values()), rule),
            without_one=span((found.output, *(other.output for other in without[key].values())), rule),
            fragile=fragile[key],
        )
        for key, found in whole.items()
    }


def without_each(
    cells: Mapping[Key, Iterable[ScoredFinding]],
    rule: Rule,
    policy: str | None,
    contexts: Mapping[Key, Context] | None = None,
    whole: Mapping[Key, Score] | None = None,
) -> dict[Key, dict[str, Score]]:
    """Each cell without each study that the rule counts in it, in order of the studies; all of them at once."""
    held = {key: tuple(findings) for key, findings in cells.items()}
    known = whole or score_cells(held, rule, policy, contexts)
    rests = {
        (key, study.study): [finding for finding in held[key] if finding.study != study.study]
        for key, found in known.items()
        for study in found.studies
    }
    given = {place: (contexts or {}).get(place[0], {}) for place in rests}
    scores = score_cells(rests, rule, policy, given)
    return {key: {study.study: scores[key, study.study] for study in found.studies} for key, found in known.items()}


def span(outputs: Iterable[str], rule: Rule) -> str:
    """The lowest and the highest of some outputs in words, blank lying below all."""
    found = ordered(rule, (output or BLANK for output in outputs))
    return " to ".join(dict.fromkeys((found[0], found[-1])))
