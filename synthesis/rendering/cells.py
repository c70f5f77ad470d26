"""The words that the table, the page and the story of a matrix cell share."""

from __future__ import annotations

from synthesis.scoring.matrix import Cell
from synthesis.scoring.score import Score
from synthesis.scoring.states import StudyState
from synthesis.text import ABSENT

PLACEMENT_MARKS = {"certain": "", "inferred": " (i)", "ambiguous": " (?)", "none": ""}
ORDER = {word: place for place, word in enumerate(("effective", "limited", "divided", "ineffective", "contrary"))}


def points_text(points: int | None) -> str:
    """Points as a digit, a dash for blank."""
    return ABSENT if points is None else str(points)


def printed_text(cell: Cell) -> str:
    """Printed points, marked (i) or (?) where their column was inferred or is ambiguous."""
    return points_text(cell.printed.points) + PLACEMENT_MARKS[cell.printed.placement]


def study_text(study: StudyState) -> str:
    """A study with its state and level."""
    return f"{study.study} ({study.state}, level {study.level})"


def studies_text(score: Score) -> str:
    """The studies of a score, by state."""
    studies = sorted(score.studies, key=lambda study: (ORDER.get(study.state, len(ORDER)), study.study))
    return "; ".join(map(study_text, studies))
