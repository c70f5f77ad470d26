"""How the status of a cell stands when its pool is varied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synthesis.evidence.sensitivity import KINDS, PoolSensitivity, Variant


@dataclass(frozen=True, slots=True)
class CellSensitivity:
    """One cell: the variants of its headline pool, and the status under each."""

    of_pool: PoolSensitivity
    status: str  # one of STATUSES: of the pool itself
    statuses: tuple[str, ...]  # of the variants, in their order; empty for one without an interval

    @property
    def judged(self) -> tuple[tuple[Variant, str], ...]:
        """The variants that have a status."""
        both = zip(self.of_pool.variants, self.statuses, strict=True)
        return tuple((variant, status) for variant, status in both if status)

    @property
    def changing(self) -> tuple[tuple[Variant, str], ...]:
        """The variants whose status is another one."""
        return tuple((variant, status) for variant, status in self.judged if status != self.status)

    @property
    def by_kind(self) -> Mapping[str, tuple[str, ...]]:
        """The statuses that each kind of variant gives, each once, for the kinds that there are."""
        found = {kind: tuple(sorted({status for one, status in self.judged if one.kind == kind})) for kind in KINDS}
        return {kind: statuses for kind, statuses in found.items() if statuses}
