"""p-uniform*: effects and their heterogeneity from significant and other studies, each judged among its like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc, log_ndtr, ndtri

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray, batch_of_one
from synthesis.pooling.check import check_alike, check_effects, check_level
from synthesis.pooling.fit import fit
from synthesis.pooling.likelihood_ratio import LikelihoodRatio, likelihood_ratio
from synthesis.pooling.pooled import Note, Noted
from synthesis.sensitivity.selection.ascent import Box
from synthesis.sensitivity.selection.hazard import hazard
from synthesis.sensitivity.selection.judged import Judged
from synthesis.sensitivity.selection.p_uniform import check_side
from synthesis.sensitivity.selection.profile import Bounds, best_with_bounds
from synthesis.sensitivity.selection.rules import FEW, finding
from synthesis.sensitivity.selection.search import Found, best
from synthesis.text import decimal, interval, p_value

STARTS = ((1.0, 0.0, 1.0), (0.5, 0.0, 1.0), (0.0, 0.0, 0.0), (0.0, -1.0, 2.0), (1.0, 1.0, 0.5))
"""Where climbs begin: the share of the mean, standard errors added, and the share of tau2 with one more variance."""
WIDE = 20.0


@dataclass(frozen=True, slots=True)
class PUniformStar(Noted, Judged):
    """p-uniform*'s estimates; effects on the scale of yi."""

    estimate: float
    ci_low: float | None  # profile likelihood; None where it is open on that side
    ci_high: float | None
    p_value: float  # one-sided, of no effect in the chosen direction
    tau2: float  # squared units of yi
    tau2_ci_low: float | None
    tau2_ci_high: float | None
    tau2_test: LikelihoodRatio
    bias_test: LikelihoodRatio  # of the estimates of the model without selection
    unselected: float  # the estimate of that model, by maximum likelihood
    unselected_tau2: float
    log_likelihood: float  # conditional on which studies are significant
    k: int
    significant: int
    alternative: str
    alpha: float
    level: float
    converged: bool
    findings: tuple[Note, ...]
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The estimates as text."""
        effect = f"{decimal(self.estimate)} {interval(self.ci_low, self.ci_high)}, p {p_value(self.p_value)}"
        spread = f"tau^2 {decimal(self.tau2)} {interval(self.tau2_ci_low, self.tau2_ci_high)}"
        lines = [
            f"p-uniform*: {self.significant} of {self.k} studies significant, {self.alternative}",
            f"{effect}; {spread}, p {p_value(self.tau2_test.p_value)}",
            f"without selection {decimal(self.unselected)}; test of selection p {p_value(self.bias_test.p_value)}",
            *(f"{note.field}: {note.reason}" for note in self.notes),
            f"{'usable' if self.usable else 'not usable'}: {self.verdict}",
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON."""
        tests = {name: getattr(self, name)._asdict() for name in ("tau2_test", "bias_test")}
        return asdict(self) | tests | self._said() | {"notes": [note._asdict() for note in self.notes]}


@dataclass(frozen=True, slots=True, eq=False)
class Conditional:
    """The likelihood of normal effects cut off at critical values, below or above; parameters are mu and tau2."""

    y: FloatArray
    v: FloatArray
    cut: FloatArray
    above: BoolArray

    def evaluate(self, _: IntArray, place: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Log-likelihoods, shape (n,), and gradients, (n, 2)."""
        mu, spread = place[:, :1], self.v + place[:, 1:]
        ratio = (self.y - mu) / spread
        side = np.where(self.above, -1.0, 1.0)
        t = (self.cut - mu) / np.sqrt(spread)
        log_share = log_ndtr(side * t)
        value = -0.5 * (np.log(2 * np.pi * spread) + ratio * (self.y - mu)) - log_share
        pull = side * hazard(side * t)
        by_mu = ratio + pull / np.sqrt(spread)
        by_tau2 = 0.5 * (np.square(ratio) - 1 / spread + pull * t / spread)
        return value.sum(axis=1), np.stack([by_mu.sum(axis=1), by_tau2.sum(axis=1)], axis=-1)


def p_uniform_star(
    yi: Any, vi: Any, *, data: Any = None, alternative: str = "greater", alpha: float = 0.05, level: float = 0.95
) -> PUniformStar:  # fmt: skip
    """p-uniform*: mean effect and tau2 by maximum likelihood, given which studies are significant.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    data : data frame or mapping of columns, optional
        Where names are looked up.
    alternative : str
        The direction of the hypothesis, "greater" or "less".
    alpha : float
        Two-sided level at which studies are significant; those of the other direction count as not significant.
    level : float
        Confidence level of the profile-likelihood intervals.

    Returns
    -------
    PUniformStar
        Significant studies are equally likely to be published, and so are the others; how likely the two groups are
        relative to one another is left open, and so is not estimated.

    Raises
    ------
    InvalidArgument
        For effects or options that cannot be used.

    Notes
    -----
    All tests are likelihood-ratio tests: of no effect with one degree of freedom, halved for one direction; of tau2 = 0
    with one (conservative); of the estimates without selection with two, which is very conservative: where there was no
    selection it rejected in fewer than 1 of 100 simulated sets at .05.

    References
    ----------
    van Aert RCM, van Assen MALM (2026). Correcting for publication bias in a meta-analysis with the p-uniform* method.
    Psychonomic Bulletin & Review, https://doi.org/10.3758/s13423-025-02812-4.
    """
    check_level(level)
    check_side(alternative, alpha)
    y, v = check_effects(yi, vi, data)
    check_alike(y, v)
    scale, sign = float(np.sqrt(np.median(v))), -1.0 if alternative == "less" else 1.0
    y, v = sign * y / scale, v / scale**2
    cut = -float(ndtri(alpha / 2)) * np.sqrt(v)
    surface = Conditional(y, v, cut, y > cut)
    plain = fit(batch_of_one(y, v), method="ML" if len(y) > 1 else "EE", test="z", level=level)
    mean, tau2 = float(plain.estimate[0]), float(np.nan_to_num(plain.tau2[0]))
    return _assembled(surface, (mean, tau2), sign * scale, (alternative, alpha, level))


def _assembled(
    surface: Conditional, plain: tuple[float, float], unit: float, asked: tuple[str, float, float]
) -> PUniformStar:  # fmt: skip
    """The result, from studies divided by `unit`, and what a model without selection says of them."""
    (mean, tau2), scale, level = plain, abs(unit), asked[2]
    box, start, free = _box(surface), _starts(mean, tau2), np.ones(2, np.bool_)
    found, bounds = best_with_bounds(surface, start, box, free, wanted=np.arange(2), level=level)
    without_effect = best(surface, _at(start, found, 0), box, np.array([False, True]))
    without_tau2 = best(surface, _at(start, found, 1), box, np.array([True, False]))
    one_sided = likelihood_ratio(found.value, without_effect.value, 1).p_value / 2
    height = float(surface.evaluate(np.zeros(1, np.int64), np.array([[mean, tau2]]))[0][0])
    statistic = max(0.0, 2 * (found.value - height))
    ends, notes = _ends(bounds, unit)
    return PUniformStar(
        estimate=unit * float(found.place[0]), **ends,
        p_value=one_sided if found.place[0] > 0 else 1 - one_sided,
        tau2=scale**2 * float(found.place[1]),
        tau2_test=likelihood_ratio(found.value, without_tau2.value, 1),
        bias_test=LikelihoodRatio(statistic, 2, float(chdtrc(2, statistic))),
        unselected=unit * mean, unselected_tau2=scale**2 * tau2,
        log_likelihood=found.value - len(surface.y) * float(np.log(scale)), k=len(surface.y),
        significant=int(surface.above.sum()), alternative=asked[0], alpha=asked[1], level=level,
        converged=found.converged, findings=tuple(_findings(surface, found)), notes=notes,
    )  # fmt: skip


def _box(surface: Conditional) -> Box:
    size = float(np.abs(surface.y).max() + np.sqrt(surface.v.max()))
    far = WIDE * size
    return Box(np.array([-far, 0.0]), np.array([far, far**2]), np.ones(2), np.full(2, 5.0))


def _starts(mean: float, tau2: float) -> FloatArray:
    return np.array(
        [[share * mean + shift, of_tau2 * (tau2 + 1) if of_tau2 else tau2] for share, shift, of_tau2 in STARTS]
    )


def _at(start: FloatArray, found: Found, column: int) -> FloatArray:
    """Starts with one parameter at 0."""
    places = np.concatenate([start, found.place[None]])
    places[:, column] = 0.0
    return np.unique(places, axis=0)


def _ends(bounds: Bounds, unit: float) -> tuple[dict[str, float | None], tuple[Note, ...]]:
    """The ends of both intervals in the units of the user, and why some are missing."""
    effect = ("ci_low", "ci_high") if unit > 0 else ("ci_high", "ci_low")
    ends: dict[str, float | None] = {}
    notes = []
    for at, (names, scale) in enumerate(((effect, unit), (("tau2_ci_low", "tau2_ci_high"), unit**2))):
        for name, end, is_open in zip(
            names, (bounds.low, bounds.high), (bounds.low_open, bounds.high_open), strict=True
        ):
            beyond = bool(is_open[at]) and name != "tau2_ci_low"  # which ends at 0 for good
            ends[name] = None if beyond or not np.isfinite(end[at]) else scale * float(end[at])
            if beyond:
                notes.append(Note(name, "none: the data fit values on this side however far out"))
            elif ends[name] is None:
                notes.append(Note(name, "the search for the interval did not end"))
    return ends, tuple(notes)


def _findings(surface: Conditional, found: Found) -> Iterator[Note]:
    """What the estimates can and cannot tell."""
    k, n = len(surface.y), int(surface.above.sum())
    if k < FEW:
        yield finding("few", f"{k} studies: below {FEW} the estimates are hardly more than a guess")
    if not found.converged:
        yield finding("not_converged", "the search for the maximum did not end")
    if len(found.others):
        yield finding("several_maxima", f"the likelihood has {1 + len(found.others)} maxima: the highest is given")
    if n == 0:
        yield finding("none_significant", "no study is significant: all are cut off at the same side")
    if n == k:
        yield finding("all_significant", "all studies are significant: only how their effects lie beyond alpha counts")
    if found.bound[0]:
        yield finding("parameter_on_bound", "the mean drifts off without an end")
    elif found.place[0] < 0 and n == k:
        yield finding("p_near_alpha", "the p-values lie nearer to alpha than without any effect")
    if found.bound[1] and found.place[1] == 0:
        yield finding("tau2_on_bound", "tau^2 is estimated as 0")
    elif found.bound[1]:
        yield finding("parameter_on_bound", "tau^2 drifts off without an end")
    yield finding("assumption", "studies are taken as selected for significance alone, at the given alpha")
