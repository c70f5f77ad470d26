"""The effect of a study without error: PET, PEESE, and the choice between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import FloatArray, check_known
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import batch_of_one
from synthesis.pooling.check import check_alike, check_effects, check_level, is_number
from synthesis.pooling.fit import fit
from synthesis.pooling.intervals import Wald
from synthesis.pooling.moderators.linear_fit import check_test
from synthesis.pooling.moderators.regress import check_method
from synthesis.pooling.pooled import Note
from synthesis.sensitivity.cautions import OURS, Caution, Verdict, WithVerdict, verdict
from synthesis.sensitivity.small_studies.asymmetry import Line, laid
from synthesis.sensitivity.small_studies.result import NO_RESIDUAL
from synthesis.text import decimal, interval, p_value

Plain = tuple[float, float, float | None, float | None, float | None, float, float]
MODELS = ("wls", "rma")
TELLS = "what effect a very large study would have, if the asymmetry of the funnel goes on as a line"
CANNOT_TELL = (
    "whether the asymmetry is bias at all; under selection of some results with effects that differ it can be too low, "
    "too high or far too uncertain (Carter EC, Schonbrodt FD, Gervais WM, Hilgard J 2019, Advances in Methods and "
    "Practices in Psychological Science 2(2), 115-144)"
)
RULES = (
    "fewer than 20 studies", "much heterogeneity", "like precision", "none significant", "all significant",
    "one study far away",
)  # fmt: skip
AGAINST = ("fewer than 20 studies", "much heterogeneity", "like precision")


@dataclass(frozen=True, slots=True)
class AdjustedMean:
    """The effect in a study without error, by one model; None where it has no slope or nothing to test by."""

    estimate: float
    se: float
    statistic: float | None
    df: float | None  # None for the normal distribution
    p_value: float | None  # two-sided
    ci_low: float
    ci_high: float
    slope: float | None  # on the standard error (PET), or on the sampling variance (PEESE)
    slope_se: float | None
    slope_statistic: float | None
    slope_p_value: float | None
    residual_sd: float | None  # sigma of model "wls", by which all standard errors are multiplied
    tau2: float | None  # of model "rma"

    def line(self) -> str:
        """One line of text."""
        return f"{decimal(self.estimate)} {interval(self.ci_low, self.ci_high)}, p {p_value(self.p_value)}"


@dataclass(frozen=True, slots=True)
class PetPeese(WithVerdict):
    """PET, PEESE, which of them holds, and the unrestricted weighted mean; None with the reason in `notes`."""

    pet: AdjustedMean | None
    peese: AdjustedMean | None
    chosen: str | None  # "PET" or "PEESE"
    uwls: AdjustedMean  # unrestricted weighted least squares: no adjustment for bias
    model: str  # a member of MODELS
    method: str  # a key of TAU2, of model "rma"
    test: str
    alpha: float
    k: int
    level: float
    verdict: Verdict
    notes: tuple[Note, ...] = ()

    @property
    def adjusted(self) -> AdjustedMean | None:
        """The one that was chosen."""
        return self.peese if self.chosen == "PEESE" else self.pet

    def summary(self) -> str:
        """The result as a few lines of text, with the verdict."""
        named = (("PET", self.pet), ("PEESE", self.peese), ("unadjusted (UWLS)", self.uwls))
        lines = [f"{name}: {one.line()}" for name, one in named if one is not None]
        lines.append(f"chosen: {self.chosen or '-'} (k = {self.k}, {self.model}, one-sided {self.alpha:g})")
        return "\n".join(lines) + f"\n{self.caveats()}"


def pet_peese(
    yi: Any,
    vi: Any,
    *,
    data: Any = None,
    model: str = "wls",
    method: str = "REML",
    test: str = "adhoc",
    alpha: float = 0.05,
    level: float = 0.95,
) -> PetPeese:
    """Conditional PET-PEESE.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    model : str
        "wls" as in the paper: weights 1 / vi and a residual variance that multiplies all; "rma": tau^2 is added to vi.
    method, test : str
        Of the model "rma": a key of TAU2, and z, t, knha or adhoc.
    alpha : float
        One-sided level at which PET must find an effect, in the direction of the weighted mean, for PEESE to be taken.
    level : float
        Confidence level of all intervals.

    Returns
    -------
    PetPeese
        PET: the value of the regression of yi on sqrt(vi) at 0. PEESE: of that on vi.

    Raises
    ------
    InvalidArgument
        For effects or options that cannot be used, and a single study.

    References
    ----------
    Stanley TD, Doucouliagos H (2014). Meta-regression approximations to reduce publication selection bias. Research
    Synthesis Methods 5(1), 60-78.
    Stanley TD, Doucouliagos H (2015). Neither fixed nor random: weighted least squares meta-analysis. Statistics in
    Medicine 34(13), 2116-2127.
    """
    check_level(level)
    check_known(model, MODELS, "model")
    check_method(method)
    check_test(test)
    if not is_number(alpha) or not 0 < alpha < 0.5:
        raise InvalidArgument(f"alpha must be above 0 and below 0.5, as 0.05, not {alpha!r}")
    y, v = check_effects(yi, vi, data)
    check_alike(y, v)
    if len(y) < 2:
        raise InvalidArgument("PET-PEESE needs more than one study")
    how = ("EE", "knha") if model == "wls" else (method, test)
    uwls = _unadjusted(y, v, level)
    lines = Line(y, np.sqrt(v), v, *how), Line(y, v, v, *how)
    why_not = lines[0].why_not or lines[1].why_not
    pet, peese = (None, None) if why_not else tuple(_adjusted(line, model, level) for line in lines)
    chosen = None if pet is None else _choice(pet, uwls.estimate, alpha)
    notes = [Note(field, why_not) for field in ("pet", "peese", "chosen") if why_not]
    for field, one in (("pet", pet), ("peese", peese), ("uwls", uwls)):
        if one is not None and one.statistic is None:
            notes.append(Note(field, NO_RESIDUAL))
    judged = verdict(
        y, v, rules=RULES, against=AGAINST, tells=TELLS, cannot_tell=CANNOT_TELL, usable=not why_not,
        more=_overshot(pet, uwls.estimate),
    )  # fmt: skip
    return PetPeese(pet, peese, chosen, uwls, model, method, test, alpha, len(y), level, judged, tuple(notes))


def _choice(pet: AdjustedMean, mean: float, alpha: float) -> str:
    """PEESE where PET finds an effect in the direction of the mean."""
    if pet.p_value is None or pet.estimate * mean <= 0:
        return "PET"
    return "PEESE" if pet.p_value / 2 < alpha else "PET"


def _overshot(pet: AdjustedMean | None, mean: float) -> tuple[Caution, ...]:
    """A caution where PET lies on the other side of 0 than the mean."""
    if pet is None or pet.estimate * mean >= 0:
        return ()
    says = "PET has the opposite sign to the mean of the studies: it corrects too much, or there is no effect"
    return (Caution("opposite sign", says, OURS),)


def _adjusted(line: Line, model: str, level: float) -> AdjustedMean:
    """A line's value where its predictor is 0."""
    found = laid(line, level=level)
    slope, multiplied = found.slope, model == "wls"
    statistic, p = _judged(slope)
    return AdjustedMean(
        *_plain(found.at_zero, found.at_zero_estimate),
        float(found.slope_estimate[0]), float(slope.se[0]), statistic, p,
        residual_sd=float(found.scale[0]) if multiplied else None,
        tau2=None if multiplied else float(found.tau2[0]),
    )  # fmt: skip


def _unadjusted(y: FloatArray, v: FloatArray, level: float) -> AdjustedMean:
    """The mean with weights 1 / v, whose residual variance is estimated."""
    plain, found = (fit(batch_of_one(y, v), method="EE", test=test, level=level) for test in ("z", "knha"))
    wald = Wald(found.se, found.df, found.statistic, found.p_value, found.ci_low, found.ci_high)
    residual_sd = float(found.se[0] / plain.se[0])
    return AdjustedMean(*_plain(wald, found.estimate), None, None, None, None, residual_sd, None)


def _plain(wald: Wald, estimate: FloatArray) -> Plain:
    """Estimate, standard error, statistic, df, p and interval as plain numbers."""
    statistic, p = _judged(wald)
    return float(estimate[0]), float(wald.se[0]), statistic, _known(wald.df), p, float(wald.low[0]), float(wald.high[0])


def _judged(wald: Wald) -> tuple[float | None, float | None]:
    """Statistic and p; None where there is no residual to judge by."""
    statistic = _known(wald.statistic)
    return statistic, None if statistic is None else float(wald.p_value[0])


def _known(one: FloatArray) -> float | None:
    """A number, None where it is not finite."""
    return float(one[0]) if np.isfinite(one[0]) else None
