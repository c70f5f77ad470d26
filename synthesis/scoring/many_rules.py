"""Many rules on the same cells."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from synthesis.scoring.rule import Rule
from synthesis.scoring.score import Score, score_cells
from synthesis.scoring.states import Context, ScoredFinding

Key = TypeVar("Key", bound=Hashable)


def run_rules(
    cells: Mapping[Key, Iterable[ScoredFinding]],
    rules: Iterable[Rule],
    contexts: Mapping[Key, Context] | None = None,
    policy: str | None = None,
) -> dict[str, dict[Key, Score]]:
    """What each rule gives for each cell.

    Parameters
    ----------
    cells : mapping
        Findings of each cell.
    rules : iterable of Rule
        Those that grade single studies are passed over.
    contexts : mapping, optional
        What is known of each cell beside its studies; a rule takes what it asks for.
    policy : str, optional
        Of every rule; by default the first of each.

    Returns
    -------
    dict
        By rule, in the order given, then by cell.

    Raises
    ------
    InvalidArgument
        A rule has no policy of that name.
    """
    held = {key: tuple(findings) for key, findings in cells.items()}
    return {rule.key: score_cells(held, rule, policy, contexts) for rule in rules if rule.grades != "study"}
