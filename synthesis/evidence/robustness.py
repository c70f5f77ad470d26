"""What would change each pool: every study left out in turn, and Egger's test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthesis.evidence.entries import Entry
from synthesis.evidence.options import Options
from synthesis.evidence.pools import WITHOUT_COUNTS, Pool, centre
from synthesis.sensitivity import EggerTest, LeaveOneOut, egger, leave_one_out


@dataclass(frozen=True, slots=True)
class Robustness:
    """Sensitivity of one pool; row i of `without` is the pool without its i-th entry."""

    without: LeaveOneOut | None  # None with one study
    egger: EggerTest

    def range(self) -> tuple[float, float] | None:
        """The lowest and the highest estimate that leaving one study out gives."""
        if self.without is None:
            return None
        estimates = self.without["estimate"]
        return float(estimates.min()), float(estimates.max())


def robustness(pool: Pool, options: Options) -> Robustness:
    """Leave-one-out and Egger's test of a pool, with its own method and test; without counts for DLMH by DL."""
    yi = np.array([entry.yi for entry in pool.entries])
    vi = np.array([entry.vi for entry in pool.entries])
    without = None
    if len(yi) > 1:
        centres = _centres(pool.entries) if pool.fit.method == "DLMH" else None
        by_counts = options.method != "DLMH" or centres is not None
        without = leave_one_out(
            yi, vi, method=options.method if by_counts else WITHOUT_COUNTS,
            test=options.test, level=options.level, mantel_haenszel=centres,
        )  # fmt: skip
    return Robustness(without, egger(yi, vi, level=options.level))


def _centres(entries: tuple[Entry, ...]) -> list[float] | None:
    """The Mantel-Haenszel estimates without each study; a single one that remains stands for itself."""
    rests = [entries[:i] + entries[i + 1 :] for i in range(len(entries))]
    centres = [rest[0].yi if len(rest) == 1 else centre(rest) for rest in rests]
    known = [one for one in centres if one is not None]
    return known if len(known) == len(centres) else None
