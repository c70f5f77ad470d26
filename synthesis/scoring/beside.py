"""Two answers for the same cells, beside each other: what is asked, and what it is set against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synthesis.scoring.report import Cells
from synthesis.scoring.rule import Rule
from synthesis.scoring.score import Score, score_cells
from synthesis.scoring.states import Context, ScoredFinding, StudyState

Key = tuple[str, str]  # modality, or matrix row, and outcome


@dataclass(frozen=True, slots=True)
class Taken:
    """Findings by cell, and the rule that grades them."""

    means: str  # which findings these are, in words
    cells: Cells
    rule: Rule
    policy: str
    contexts: Mapping[Key, Context]

    def scores(self, keys: tuple[Key, ...]) -> dict[Key, Score]:
        """What the rule gives for some cells, those without a finding among them."""
        cells = {key: self.cells.get(key, ()) for key in keys}
        return score_cells(cells, self.rule, self.policy, self.contexts)


@dataclass(frozen=True, slots=True)
class Beside:
    """One cell: the score that is asked for, and the one it is set against."""

    key: Key
    asked: Score
    whole: Score
    shared: Score | None = None  # of the findings set against, those of the same studies only

    @property
    def differs(self) -> bool:
        """Whether the outputs are not the same."""
        return self.asked.output != self.whole.output

    @property
    def gone(self) -> tuple[StudyState, ...]:
        """The studies of the score set against that the asked one lacks: what it borrows."""
        here = {study.study for study in self.asked.studies}
        return tuple(study for study in self.whole.studies if study.study not in here)

    @property
    def turned(self) -> tuple[tuple[StudyState, StudyState], ...]:
        """The studies of both scores whose state is another one in each: asked, then set against."""
        there = {study.study: study for study in self.whole.studies}
        pairs = ((study, there[study.study]) for study in self.asked.studies if study.study in there)
        return tuple((one, other) for one, other in pairs if one.state != other.state)


@dataclass(frozen=True, slots=True)
class Answer:
    """All cells, with what was left out on the way."""

    asked: Taken
    whole: Taken | None  # None where nothing is set against
    cells: tuple[Beside, ...]
    left_out: tuple[tuple[str, str], ...] = ()  # study, and the reason

    @property
    def comparable(self) -> bool:
        """Whether both answers are in the words of one rule."""
        return self.whole is not None and self.whole.rule.key == self.asked.rule.key


def set_beside(asked: Taken, whole: Taken, keys: tuple[Key, ...], *, same_studies: bool = False) -> tuple[Beside, ...]:
    """Both answers for some cells.

    Parameters
    ----------
    asked, whole : Taken
        What is asked, and what it is set against.
    keys : tuple
        The cells, in their order.
    same_studies : bool
        Whether the findings set against are scored once more with the studies only that the asked ones are of.
    """
    here, there = asked.scores(keys), whole.scores(keys)
    shared: Mapping[Key, Score] = {}
    if same_studies:
        own = {key: {finding.study for finding in asked.cells.get(key, ())} for key in keys}
        cells: dict[Key, tuple[ScoredFinding, ...]] = {
            key: tuple(one for one in whole.cells.get(key, ()) if one.study in own[key]) for key in keys
        }
        shared = score_cells(cells, whole.rule, whole.policy, whole.contexts)
    return tuple(Beside(key, here[key], there[key], shared.get(key)) for key in keys)
