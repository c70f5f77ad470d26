"""What is asked of a pool, in one value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """How to pool, as `pool` takes it."""

    method: str  # a key of TAU2
    test: str  # a key of TESTS
    level: float  # of all intervals
    tau2_interval: str  # a key of TAU2_INTERVALS
    prediction: str  # a key of PREDICTION
    tau2: float | None = None  # known from elsewhere, in place of an estimate

    @property
    def estimated(self) -> bool:
        """Whether tau^2 is estimated: not by assumption 0, and not given."""
        return self.tau2 is None and self.method != "EE"

    @property
    def label(self) -> str:
        """The method as results name it."""
        return self.method if self.tau2 is None else "given"

    @property
    def restricted(self) -> bool:
        """Whether its likelihood is the restricted one."""
        return self.method == "REML"
