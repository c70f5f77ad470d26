"""The result of a generalised linear mixed model."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from synthesis.effects.effect import RowNote
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, interval, p_value


@dataclass(frozen=True, slots=True)
class GeneralisedPooled(Noted):
    """Effect pooled by a generalised linear mixed model; what cannot be given is None, with its reason in `notes`.

    Effects, standard errors and bounds are logs: of an odds ratio, a rate ratio, an odds (PLO) or a rate (IRLN).
    """

    estimate: float
    se: float
    statistic: float | None  # t where df is a number, else z
    df: float | None  # None for the normal distribution
    p_value: float | None  # two-sided
    ci_low: float
    ci_high: float
    pi_low: float | None  # prediction interval: estimate +- t(k - 2) sqrt(tau2 + se^2)
    pi_high: float | None
    tau2: float | None  # variance of the effects of studies
    tau2_se: float | None
    sigma2: float | None  # variance of the studies' log odds or log rates, in UM.RS
    i2: float | None  # percent, from tau2 and the typical sampling variance
    h2: float | None
    q_wald: float | None  # heterogeneity, against the model with an effect for each study
    q_wald_p_value: float | None
    q_lrt: float | None
    q_lrt_p_value: float | None
    q_df: int
    k: int
    log_likelihood: float  # all constants included: EE and ML of one model may be compared
    conditional_log_likelihood: float  # of the counts given the most likely random effects
    parameters: int  # how many were estimated, those of studies and variances included
    aic: float
    bic: float  # n is the number of groups for UM.FS and UM.RS, else k
    aicc: float
    measure: str  # OR, IRR, PLO or IRLN
    model: str  # a key of GLMMS
    method: str  # EE or ML; "none" for one study
    test: str  # z or t
    level: float
    coding: float
    nAGQ: int  # noqa: N815 - the name it has in lme4 and metafor
    converged: bool
    iterations: int
    boundary: bool  # tau2 was estimated and is 0
    left_out: tuple[RowNote, ...] = ()  # studies that did not enter, the first row being 0
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text."""
        effect = f"{decimal(self.estimate)} {interval(self.ci_low, self.ci_high)}, p {p_value(self.p_value)}"
        kind = f"{self.measure}, {self.model}, {self.method}, {self.test}, {100 * self.level:g} %"
        wald = f"Wald {decimal(self.q_wald)}, p {p_value(self.q_wald_p_value)}"
        lrt = f"LRT {decimal(self.q_lrt)}, p {p_value(self.q_lrt_p_value)}"
        study = "" if self.sigma2 is None else f", sigma^2 of studies {decimal(self.sigma2)}"
        lines = [
            f"k = {self.k}: {effect} ({kind})",
            f"tau^2 {decimal(self.tau2)}{study}, I^2 {decimal(self.i2, 1)} %; Q on {self.q_df} df: {wald}; {lrt}",
            f"prediction interval {interval(self.pi_low, self.pi_high)}",
            f"log-likelihood {decimal(self.log_likelihood)}, AIC {decimal(self.aic, 2)}, BIC {decimal(self.bic, 2)}",
            *(f"row {note.row + 1} left out: {note.reason}" for note in self.left_out),
            *(f"{note.field}: {note.reason}" for note in self.notes),
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`, rows counted from 1."""
        plain = asdict(self)
        plain["left_out"] = [{"row": note.row + 1, "reason": note.reason} for note in self.left_out]
        plain["notes"] = [note._asdict() for note in self.notes]
        return plain
