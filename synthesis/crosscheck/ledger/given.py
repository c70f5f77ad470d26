"""What every part of the ledger looks into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synthesis.crosscheck.discordance import Key
from synthesis.evidence import Evidence, Pool
from synthesis.records.review import Review
from synthesis.scoring.matrix import Cell, Matrix
from synthesis.scoring.report import Cells
from synthesis.scoring.score import Score
from synthesis.scoring.states import Context


@dataclass(frozen=True, slots=True)
class Given:
    """What every cross-check looks into."""

    review: Review
    evidence: Evidence
    matrix: Matrix
    findings: Cells  # by modality and outcome
    contexts: Mapping[Key, Context]
    policy: str  # of the matrix' headline reading
    keys: tuple[Key, ...]  # the cells, in the review's order
    scores: Mapping[Key, Score]  # of each
    placed: Mapping[Key, Cell]  # of those that have a cell in the matrix
    pools: Mapping[Key, Pool]  # of those that have one
