"""What would change each pool: every study left out in turn, and Egger's test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.evidence.entries import Entry
from synthesis.evidence.options import Options
from synthesis.evidence.pools import Pool, centre
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
    """Leave-one-out and Egger's test of a pool, with its own method and test."""
    yi = np.array([entry.yi for entry in pool.entries])
    vi = np.array([entry.vi for entry in pool.entries])
    without = None
    if len(yi) > 1:
        centres = _centres(pool.entries) if options.method == "DLMH" else None
        without = leave_one_out(
            yi, vi, method=options.method, test=options.test, level=options.level, mantel_haenszel=centres
        )
    return Robustness(without, egger(yi, vi, level=options.level))


def _centres(entries: tuple[Entry, ...]) -> list[float]:
    """The Mantel-Haenszel estimates without each study; of a single one that remains, its own effect."""
    centres = []
    for left_out in range(len(entries)):
        rest = entries[:left_out] + entries[left_out + 1 :]
        found = centre(rest)
        centres.append(rest[0].yi if found is None else found)
    if not all(np.isfinite(centres)):
        raise InvalidArgument("the method DLMH has no estimate for some pool with one study left out")
    return centres
