"""The ledger across cells: counts by status, how often points and pools disagree, whether they go together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from synthesis.crosscheck.agreement import Association, association
from synthesis.crosscheck.discordance import CrossCheck
from synthesis.crosscheck.statuses import DISAGREE, KINDS, NO_POINTS, NO_POOL, STATUSES

LOW, LOW_SMD, ESTIMATE_SMD = "lower bound", "lower bound in SMD", "estimate in SMD"
MEASURED: Mapping[str, str] = {
    LOW: "the lower bound of the benefit, each cell in its pool's own measure: ratios as logs beside mean differences, "
    "so that beyond its sign the order rests on unlike scales",
    LOW_SMD: "the lower bound of the benefit as a standardised mean difference; of the cells in which every study of "
    "the pool can be brought to it (counts by way of their odds ratio; printed ratios of risks and hazards cannot)",
    ESTIMATE_SMD: "the pooled benefit as a standardised mean difference, of the same cells",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cells stand how."""

    statuses: Mapping[str, int]  # every one of STATUSES
    compared: int  # cells with points and a pool
    disagree: int  # of these
    firm: int  # compared, with more than three studies in the pool
    firm_disagree: int

    @property
    def rate(self) -> float | None:
        """The share of compared cells that disagree; None where nothing is compared."""
        return self.disagree / self.compared if self.compared else None

    @property
    def firm_rate(self) -> float | None:
        """The same of the pools of more than three studies."""
        return self.firm_disagree / self.firm if self.firm else None


@dataclass(frozen=True, slots=True)
class Across:
    """All cells together."""

    cells: int
    placed: int  # of these, those that have a cell in the matrix
    living: Counted  # the points of the living evidence
    printed: Counted  # the printed points, beside the same pools
    ordered: Mapping[str, Association]  # of points with each of MEASURED


def across(checks: Sequence[CrossCheck]) -> Across:
    """Counts by status, discordance rates, and rank correlations of points with pooled benefits.

    Parameters
    ----------
    checks : sequence of CrossCheck
        In any order.
    """
    living = counted((check.status, check.few) for check in checks)
    printed = counted((check.printed_status, check.few) for check in checks if check.printed_status)
    points = [check.standing for check in checks]
    columns: dict[str, list[float | None]] = {
        LOW: [_low(check) for check in checks],
        LOW_SMD: [None if check.in_smd is None else check.in_smd.low for check in checks],
        ESTIMATE_SMD: [None if check.in_smd is None else check.in_smd.estimate for check in checks],
    }
    placed = sum(check.printed is not None for check in checks)
    return Across(
        len(checks), placed, living, printed, {name: association(points, column) for name, column in columns.items()}
    )


def counted(found: Iterable[tuple[str, bool]]) -> Counted:
    """Counts of statuses, each with whether its pool has few studies."""
    held = [(status, few) for status, few in found if status]
    counts = Counter(status for status, _ in held)
    compared = [(KINDS[status] == DISAGREE, few) for status, few in held if KINDS[status] not in (NO_POOL, NO_POINTS)]
    firm = [disagrees for disagrees, few in compared if not few]
    disagree = sum(disagrees for disagrees, _ in compared)
    return Counted({name: counts[name] for name in STATUSES}, len(compared), disagree, len(firm), sum(firm))


def _low(check: CrossCheck) -> float | None:
    """The lower bound of the pooled benefit."""
    return None if check.pool is None else check.pool.benefit(check.pool.fit.ci_low, check.pool.fit.ci_high)[0]
