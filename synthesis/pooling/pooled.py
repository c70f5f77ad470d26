"""The result of one meta-analysis."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from synthesis.text import decimal, interval, p_value

if TYPE_CHECKING:
    import pandas as pd


class Note(NamedTuple):
    """Why a field of a result is None, or what else must be known about it."""

    field: str  # the name of a field of the result
    reason: str


class Noted:
    """A result with notes."""

    __slots__: tuple[str, ...] = ()
    notes: tuple[Note, ...]

    def reason(self, field: str) -> str:
        """Why a field is None or what is special about it; empty where there is nothing to say."""
        return "; ".join(note.reason for note in self.notes if note.field == field)


@dataclass(frozen=True, slots=True)
class Pooled(Noted):
    """Pooled effect of one group of studies; what cannot be given is None, with its reason in `notes`.

    Effects, standard errors and bounds are on the scale of yi (of its log, for a ratio); tau2 and its bounds in
    squared units of yi; I^2 in percent; weights are shares of 1 in the order of the studies.
    """

    estimate: float
    se: float  # standard error of the chosen test
    statistic: float | None  # estimate / se; t where df is a number, else z
    df: float | None  # None for the normal distribution
    p_value: float | None  # two-sided
    ci_low: float
    ci_high: float
    pi_low: float | None  # for the effect in a new study: estimate +- t sqrt(tau2 + se^2)
    pi_high: float | None
    tau2: float | None
    tau2_se: float | None
    tau2_ci_low: float | None  # of the kind `tau2_interval`, as those of I^2 and H^2
    tau2_ci_high: float | None
    i2: float | None
    i2_ci_low: float | None
    i2_ci_high: float | None
    h2: float | None
    h2_ci_low: float | None
    h2_ci_high: float | None
    q: float | None  # Cochran's Q
    q_df: int
    q_p_value: float | None
    k: int
    weights: tuple[float, ...]
    log_likelihood: float | None  # restricted for REML, else full; all constants included
    aic: float | None
    bic: float | None
    aicc: float | None
    method: str  # a key of TAU2; "given" where tau2 was not estimated, "none" for one study
    test: str  # the key of TESTS that was used
    level: float
    converged: bool
    iterations: int
    boundary: bool  # tau2 was estimated and is 0
    maxima: int  # local maxima of the likelihood, 0 included; 1 for estimators without a likelihood
    tau2_interval: str  # a key of TAU2_INTERVALS
    prediction: str  # a key of PREDICTION
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text."""
        effect = f"{decimal(self.estimate)} {interval(self.ci_low, self.ci_high)}, p {p_value(self.p_value)}"
        if self.k == 1:
            return f"one study, not pooled: {effect} (z)\n"
        tau2 = f"tau^2 {decimal(self.tau2)} {interval(self.tau2_ci_low, self.tau2_ci_high)}"
        q = f"Q {decimal(self.q)} on {self.q_df} df, p {p_value(self.q_p_value)}"
        lines = [
            f"k = {self.k}: {effect} ({self.method}, {self.test}, {100 * self.level:g} %)",
            f"{tau2}, I^2 {decimal(self.i2, 1)} %, {q}",
            f"prediction interval {interval(self.pi_low, self.pi_high)}",
            *(f"{note.field}: {note.reason}" for note in self.notes),
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        plain = asdict(self)
        plain["weights"] = list(self.weights)
        plain["notes"] = [note._asdict() for note in self.notes]
        return plain

    def to_frame(self) -> pd.DataFrame:
        """One row of a data frame, without the weights; the notes joined into one text."""
        import pandas as pd

        plain = self.to_dict()
        del plain["weights"]
        plain["notes"] = "; ".join(f"{note.field}: {note.reason}" for note in self.notes)
        return pd.DataFrame([plain])
