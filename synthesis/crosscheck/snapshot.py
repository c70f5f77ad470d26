"""A review as it is and as it would be: the cells, matrix rows and other rules that a change can touch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synthesis.errors import Problem
from synthesis.evidence import Pool
from synthesis.scoring.score import Score

Key = tuple[str, str]  # modality and outcome
Named = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """One modality and outcome: its score, its headline pool, and how they stand to one another."""

    score: Score
    pool: Pool | None
    status: str  # of the cross-check


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The cells that a change can touch, the same before and after: one without a finding is scored as such."""

    cells: Mapping[Key, Seen]  # by modality and outcome
    rows: Mapping[Named, Score]  # matrix row, outcome and reading
    rules: Mapping[Named, Score]  # every other rule, modality and outcome


@dataclass(frozen=True, slots=True)
class Supposed:
    """What was supposed of a record, and what it comes to."""

    target: str  # a study, or review.toml
    changes: tuple[tuple[str, str], ...]  # path and value
    before: Snapshot
    after: Snapshot | None  # None where the changed record cannot be used
    problems: tuple[Problem, ...]  # of the changed record, those that it has not got already
