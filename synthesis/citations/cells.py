"""Where a study counts: the cells of its findings, with participants and stated direction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthesis.records.study import NOT_STATED, Counts, Means

if TYPE_CHECKING:
    from synthesis.records.study import EffectData, Finding, Study

STUDY, CELL = "study", "cell"
REPORTED_IN = "reported in"  # from a study to each of its reports
COUNTS_IN = "counts in"  # from a study to each cell of its findings


@dataclass(frozen=True, slots=True)
class Counted:
    """A study in a cell."""

    modality: str
    outcome: str
    findings: tuple[int, ...]  # places in the record, the first is 1
    n: int | None  # participants
    direction: str  # what the sources state, one of records.study.DIRECTIONS
    evidence_sets: tuple[str, ...]  # of the findings, sorted

    @property
    def cell(self) -> str:
        """The cell's key."""
        return cell_key(self.modality, self.outcome)

    def attributes(self) -> dict[str, object]:
        """Of the edge from the study to the cell."""
        return {
            "relations": (COUNTS_IN,),
            "findings": self.findings,
            "n": self.n,
            "direction": self.direction,
            "evidence_sets": self.evidence_sets,
        }


def cell_key(modality: str, outcome: str) -> str:
    """The key of a cell: `modality x outcome`."""
    return f"{modality} x {outcome}"


def counted_in(study: Study) -> tuple[Counted, ...]:
    """The cells that a study counts in, in the order of its findings.

    A finding whose modality is not stated is in no cell. Findings of all evidence sets count; the edge names the sets.
    """
    cells: dict[tuple[str, str], list[tuple[int, Finding]]] = {}
    for place, finding in enumerate(study.findings, 1):
        if finding.modality != NOT_STATED:
            cells.setdefault((finding.modality, finding.outcome), []).append((place, finding))
    return tuple(_counted(study, *names, numbered) for names, numbered in cells.items())


def _counted(study: Study, modality: str, outcome: str, numbered: list[tuple[int, Finding]]) -> Counted:
    findings = [finding for _, finding in numbered]
    return Counted(
        modality=modality,
        outcome=outcome,
        findings=tuple(place for place, _ in numbered),
        n=_largest(_analysed(finding.effect) for finding in findings) or participants(study),
        direction=joint_direction(finding.reported.direction for finding in findings),
        evidence_sets=tuple(sorted({finding.evidence_set for finding in findings})),
    )


def joint_direction(directions: Iterable[str]) -> str:
    """The one direction that several findings state; `mixed` where they differ; what is not stated does not count."""
    stated = {direction for direction in directions if direction != NOT_STATED}
    if len(stated) > 1:
        return "mixed"
    return stated.pop() if stated else NOT_STATED


def participants(study: Study) -> int | None:
    """How many people a study has, None where nothing says so.

    The sample's n; else the sum of its arms where each is stated (an arm split of another is counted once); else the
    most people that one finding analyses.
    """
    if study.sample.n is not None:
        return study.sample.n
    arms = [arm.n for arm in study.arms if not arm.split_of]
    if arms and None not in arms:
        return sum(n for n in arms if n is not None)
    return _largest(_analysed(finding.effect) for finding in study.findings)


def _analysed(effect: EffectData | None) -> int | None:
    return effect.n + effect.control_n if isinstance(effect, Counts | Means) else None


def _largest(numbers: Iterable[int | None]) -> int | None:
    return max((n for n in numbers if n is not None), default=None)
