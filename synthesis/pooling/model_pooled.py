"""The line that every other model of a pool gives, of counts or of effects that depend on one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, interval, p_value


@dataclass(frozen=True, slots=True)
class ModelPooled(Noted):
    """A pooled effect by a model of counts or of dependent effects; None has its reason in `notes`.

    Effects, standard errors and bounds are on the scale of yi (of its log, for a ratio); tau2 in squared units of yi;
    I^2 in percent.
    """

    model: str  # a key of COUNT_MODELS or of DEPENDENCE
    k: int  # studies
    estimate: float | None
    se: float | None
    statistic: float | None
    df: float | None  # None for the normal distribution
    p_value: float | None  # two-sided
    ci_low: float | None
    ci_high: float | None
    pi_low: float | None
    pi_high: float | None
    tau2: float | None  # variance of true effects about their mean, of all levels together
    tau2_ci_low: float | None
    tau2_ci_high: float | None
    i2: float | None
    q: float | None
    q_df: int
    q_p_value: float | None
    method: str  # of the estimation, as MH, ML, REML
    test: str
    level: float
    notes: tuple[Note, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)  # plain values that only this model has

    def summary(self) -> str:
        """The result as a few lines of text."""
        effect = f"{decimal(self.estimate)} {interval(self.ci_low, self.ci_high)}, p {p_value(self.p_value)}"
        tau2 = f"tau^2 {decimal(self.tau2)} {interval(self.tau2_ci_low, self.tau2_ci_high)}"
        q = f"Q {decimal(self.q)} on {self.q_df} df, p {p_value(self.q_p_value)}"
        lines = [
            f"k = {self.k}: {effect} ({self.model}, {self.method}, {self.test}, {100 * self.level:g} %)",
            f"{tau2}, I^2 {decimal(self.i2, 1)} %, {q}",
            f"prediction interval {interval(self.pi_low, self.pi_high)}",
            *(f"{note.field}: {note.reason}" for note in self.notes),
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        return asdict(self) | {"details": dict(self.details), "notes": [note._asdict() for note in self.notes]}


# What is None, each with the reason, where a model estimates nothing.
NUMBERS = (
    "estimate", "se", "statistic", "p_value", "ci_low", "ci_high", "pi_low", "pi_high", "tau2", "tau2_ci_low",
    "tau2_ci_high", "i2", "q", "q_p_value",
)  # fmt: skip


def without_estimate(model: str, k: int, reason: str, *, method: str, test: str, level: float) -> ModelPooled:
    """A pool that its model cannot estimate, with the reason for every number that is not there."""
    absent: dict[str, Any] = dict.fromkeys(NUMBERS)
    notes = tuple(Note(name, reason) for name in NUMBERS)
    return ModelPooled(
        model=model, k=k, df=None, q_df=max(0, k - 1), method=method, test=test, level=level, notes=notes, **absent
    )
