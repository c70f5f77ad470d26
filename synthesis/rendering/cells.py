"""The words that the table, the page and the story of a matrix cell share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from synthesis.scoring.matrix import Cell
from synthesis.scoring.operating.fragility import Fragility
from synthesis.scoring.score import Score
from synthesis.scoring.states import StudyState
from synthesis.text import ABSENT

PLACEMENT_MARKS = {"certain": "", "inferred": " (i)", "ambiguous": " (?)", "none": ""}
ORDER = {word: place for place, word in enumerate(("effective", "limited", "divided", "ineffective", "contrary"))}
SEEN = "text"  # the clause was read whole in its source
MARKS = {  # of a clause that decides, by how far it was seen in its source
    SEEN: "",
    "partial": " (seen in its source in part)",
    "recalled": " (recalled, not seen in its source)",
    "ours": " (ours, not printed in its source)",
}
NO_TOTAL = "the rule gives words and no points: it has no total, and is not compared with the printed points"


def unseen(scores: Iterable[Score]) -> Iterator[str]:
    """Each clause that decides one of some scores, blanks too, and was not seen in its source."""
    for clause, verified in dict.fromkeys((one.clause, one.verified) for one in scores):
        if MARKS[verified]:
            yield f"clause {clause}{MARKS[verified]}"


def points_text(points: int | None) -> str:
    """Points as a digit, a dash for blank."""
    return ABSENT if points is None else str(points)


def output_text(score: Score) -> str:
    """What a rule gives, points or a word; a dash for blank."""
    return score.output or ABSENT


def clause_text(score: Score) -> str:
    """The clause that decided, marked where it was not seen in its source; a blank needs no mark."""
    return f"{score.clause}{mark_text(score)}"


def mark_text(score: Score) -> str:
    """That a clause was not seen in its source, where it gives something; nothing where it was."""
    return MARKS[score.verified] if score.output else ""


def place_text(score: Score) -> str:
    """Where the clause that decided was printed: a paragraph by its number, else in words."""
    return f"paragraph {score.at}" if score.at[:1].isdigit() else score.at or "no place named"


def printed_text(cell: Cell) -> str:
    """Printed points, marked (i) or (?) where their column was inferred or is ambiguous."""
    return points_text(cell.printed.points) + PLACEMENT_MARKS[cell.printed.placement]


def ways_text(found: Fragility) -> str:
    """A smallest set of flips that changes a score."""
    return "; ".join(f"{one.study} from {one.state} to {one.becomes}" for one in found.example)


def study_text(study: StudyState) -> str:
    """A study with its state and level."""
    level = f"level {study.level}" if study.level else "level not stated"
    sure = "" if study.counts else ", may count"
    return f"{study.study} ({study.state}, {level}{sure})"


def studies_text(score: Score) -> str:
    """The studies of a score, by state."""
    return states_text(score.studies)


def states_text(studies: Iterable[StudyState]) -> str:
    """Studies by state."""
    ordered = sorted(studies, key=lambda study: (ORDER.get(study.state, len(ORDER)), study.study))
    return "; ".join(map(study_text, ordered))
