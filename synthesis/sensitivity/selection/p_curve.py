"""p-curve: whether the significant p-values of a set of studies look as those of true effects do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import bdtr, bdtrc, ndtr, ndtri

from synthesis.effects.columns import check_known, looked_up, refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray
from synthesis.pooling.check import check_effects, numbers
from synthesis.pooling.pooled import Note, Noted
from synthesis.sensitivity.missing_evidence.excess_tests import ALTERNATIVES
from synthesis.sensitivity.selection.judged import Judged
from synthesis.sensitivity.selection.rules import finding
from synthesis.text import decimal, interval, p_value, percent

ALPHA = 0.05
HALF = ALPHA / 2
BINS = (0.01, 0.02, 0.03, 0.04, ALPHA)  # where the parts of the curve end, each with its end
FLAT_POWER = 1 / 3  # of the studies whose curve is the standard of flatness
LEAST_POWER, MOST_POWER = 0.05, 0.99  # between which power is sought
POWER_LEVEL = 0.90  # of its interval: 5 % on each side, as in the p-curve app
FEW = 5
MANY_STEPS = 60  # of bisection
TINY = 1e-300


@dataclass(frozen=True, slots=True)
class CurveTest:
    """One of the two tests of a p-curve; small p-values say that it is right-skewed, or that it is flat."""

    z_full: float  # Stouffer's z of all significant p-values
    p_full: float
    z_half: float | None  # of those at or below .025
    p_half: float | None
    p_binomial: float  # of how many lie at or below .025


@dataclass(frozen=True, slots=True)
class PCurve(Noted, Judged):
    """A p-curve; None where there is no significant p-value, with the reason in `notes`."""

    right_skew: CurveTest | None  # against no effect
    flatness: CurveTest | None  # against studies of a power of one third
    power: float | None  # share of 1: at which the curve would look as it does
    power_ci_low: float | None  # 90 %
    power_ci_high: float | None
    evidential_value: bool | None  # the curve is right-skewed
    inadequate: bool | None  # it is flatter than that of studies of a power of one third
    shares: tuple[float, ...]  # of the p-values in (0, .01], (.01, .02], ... (.04, .05]
    shares_flat: tuple[float, ...]  # expected of studies of a power of one third
    k: int
    significant: int
    half: int  # p at or below .025
    alternative: str
    findings: tuple[Note, ...]
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The curve as text."""
        head = f"p-curve: {self.significant} of {self.k} studies significant, {self.half} at or below .025"
        lines = [head]
        for name, test in (("right-skewed", self.right_skew), ("flatter than power 1/3", self.flatness)):
            if test is not None:
                full = f"full z {decimal(test.z_full, 3)}, p {p_value(test.p_full)}"
                half = f"half z {decimal(test.z_half, 3)}, p {p_value(test.p_half)}"
                lines.append(f"{name}: {full}; {half}; binomial p {p_value(test.p_binomial)}")
        bounds = interval(self.power_ci_low, self.power_ci_high, 3)
        lines.append(f"power {percent(self.power)} %, 90 % interval of the share {bounds}")
        lines.extend(f"{note.field}: {note.reason}" for note in self.notes)
        return "\n".join([*lines, self.verdict]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON."""
        plain = asdict(self) | {"shares": list(self.shares), "shares_flat": list(self.shares_flat)}
        return plain | self._said() | {"notes": [note._asdict() for note in self.notes]}


def p_curve(
    yi: Any = None, vi: Any = None, *, data: Any = None, p: Any = None, alternative: str = "two-sided"
) -> PCurve:  # fmt: skip
    """The p-curve of a set of studies: its skew, its flatness, and the power of the studies.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`; p-values are those of the normal
        deviates.
    data : data frame or mapping of columns, optional
        Where names are looked up.
    p : array-like, shape (k,), or str, optional
        Two-sided p-values in place of effects: one for each study, of its main hypothesis.
    alternative : str
        Which significant results count: of either direction ("two-sided"), or those "greater" or "less" than 0 only.

    Returns
    -------
    PCurve
        Significant means two-sided p < .05. `evidential_value`: the half curve is right-skewed at .05, or the half and
        the full one at .1. `inadequate`: flatter than that of a power of one third at .05 (full), or at .1 (half and
        binomial).

    Raises
    ------
    InvalidArgument
        For effects, p-values or options that cannot be used.

    Notes
    -----
    The curve is of p-values that were selected because they are below .05, which it takes into account. It does not
    tell how large effects are, and its power is overestimated where the studies differ.

    References
    ----------
    Simonsohn U, Nelson LD, Simmons JP (2014). P-curve: a key to the file-drawer. Journal of Experimental Psychology:
    General 143(2), 534-547.
    Simonsohn U, Simmons JP, Nelson LD (2015). Better P-curves: making P-curve analysis more robust to errors, fraud,
    and ambitious P-hacking, a reply to Ulrich and Miller (2015). Journal of Experimental Psychology: General 144(6),
    1146-1152.
    """
    check_known(alternative, ALTERNATIVES, "alternative")
    k, values = _p_values(yi, vi, data, p, alternative)
    values = values[values < ALPHA]
    if not len(values):
        return _without(k, alternative)
    half, z = values <= HALF, -ndtri(np.maximum(values, TINY) / 2)
    skew, flat = _right_skew(values, half), _flatness(z, half)
    power, low, high = _power(z)
    evidential = skew.p_half is not None and (skew.p_half < 0.05 or (skew.p_half < 0.1 and skew.p_full < 0.1))
    inadequate = flat.p_full < 0.05 or (flat.p_half is not None and flat.p_half < 0.1 and flat.p_binomial < 0.1)
    shares = np.bincount(np.searchsorted(BINS, values, side="left"), minlength=len(BINS)) / len(values)
    edges = np.array((TINY, *BINS))
    expected = np.diff(_exceeds(-ndtri(edges / 2), _shift_at(FLAT_POWER))) / FLAT_POWER
    notes = [] if half.any() else [Note("z_half", "no p-value at or below .025")]
    return PCurve(
        skew, flat, power, low, high, evidential, inadequate, tuple(shares.tolist()), tuple(expected.tolist()),
        k, len(z), int(half.sum()), alternative, tuple(_findings(len(z), evidential, inadequate)), tuple(notes),
    )  # fmt: skip


def _p_values(yi: Any, vi: Any, data: Any, p: Any, alternative: str) -> tuple[int, FloatArray]:
    """How many studies there are, and the two-sided p-values of those in the chosen direction."""
    if p is None:
        y, v = check_effects(yi, vi, data)
        z = y / np.sqrt(v)
        sides = {"two-sided": np.abs(z), "greater": z, "less": -z}
        return len(z), 2 * ndtr(-sides[alternative][sides[alternative] > 0])
    if yi is not None or vi is not None:
        raise InvalidArgument("give effects with variances, or p-values: not both")
    if alternative != "two-sided":
        raise InvalidArgument("p-values have no direction: alternative must be 'two-sided', or give effects")
    values = numbers(looked_up(p, data), "p")
    refuse(~((values > 0) & (values <= 1)), "p must be above 0 and at most 1; leave out other rows")
    return len(values), values


def _without(k: int, alternative: str) -> PCurve:
    """No curve."""
    reason = "no study is significant in the chosen direction"
    fields = ("right_skew", "flatness", "power", "power_ci_low", "power_ci_high", "evidential_value", "inadequate")
    notes = tuple(Note(field, reason) for field in fields)
    found = (finding("no_p_value", f"{reason}: there is no p-curve"),)
    return PCurve(None, None, None, None, None, None, None, (), (), k, 0, 0, alternative, found, notes)


def _exceeds(z: FloatArray, shift: FloatArray | float) -> FloatArray:
    """P(|Z| > z), Z normal with mean `shift` and variance 1."""
    found: FloatArray = ndtr(shift - z) + ndtr(-shift - z)
    return found


def _shift_at(power: float) -> float:
    """The mean at which a two-sided test at .05 has this power, by bisection."""
    cut, low, high = -float(ndtri(ALPHA / 2)), 0.0, 10.0
    for _ in range(MANY_STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _exceeds(np.array(cut), middle) < power else (low, middle)
    return 0.5 * (low + high)


def _stouffer(q: FloatArray) -> tuple[float, float]:
    """Stouffer's z of shares that are uniform under the hypothesis, and its lower tail."""
    z = float(ndtri(np.clip(q, TINY, 1 - 1e-16)).sum() / np.sqrt(len(q)))
    return z, float(ndtr(z))


def _right_skew(p: FloatArray, half: BoolArray) -> CurveTest:
    """Against uniform p-values: p / .05, and p / .025 of the half curve."""
    full, n = _stouffer(p / ALPHA), len(p)
    z_half, p_half = _stouffer(p[half] / HALF) if half.any() else (None, None)
    at_least = int(half.sum()) - 1
    binomial = float(bdtrc(at_least, n, 0.5)) if at_least >= 0 else 1.0
    return CurveTest(*full, z_half, p_half, binomial)


def _flatness(z: FloatArray, half: BoolArray) -> CurveTest:
    """Against studies of a power of one third: how probable are p-values as high, given that they are significant."""
    shift = _shift_at(FLAT_POWER)
    within = float(_exceeds(np.array(-ndtri(HALF / 2)), shift))
    full = _stouffer(1 - _exceeds(z, shift) / FLAT_POWER)
    z_half, p_half = _stouffer(1 - _exceeds(z[half], shift) / within) if half.any() else (None, None)
    return CurveTest(*full, z_half, p_half, float(bdtr(int(half.sum()), len(z), within / FLAT_POWER)))


def _power(z: FloatArray) -> tuple[float, float, float]:
    """The power at which Stouffer's z is 0, and where its tails are .95 and .05; within what is sought."""
    tails = (0.5, 0.5 + POWER_LEVEL / 2, 0.5 - POWER_LEVEL / 2)
    estimate, low, high = (_power_at(z, tail) for tail in tails)
    return estimate, low, high


def _power_at(z: FloatArray, tail: float) -> float:
    """The power at which the lower tail of Stouffer's z is `tail`; the z falls as power grows."""
    cut = np.array(-ndtri(ALPHA / 2))

    def above(shift: float) -> bool:
        return _stouffer(1 - _exceeds(z, shift) / _exceeds(cut, shift))[1] > tail

    low, high = 0.0, _shift_at(MOST_POWER)
    if not above(low):
        return LEAST_POWER
    if above(high):
        return MOST_POWER
    for _ in range(MANY_STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if above(middle) else (low, middle)
    return float(_exceeds(cut, 0.5 * (low + high)))


def _findings(significant: int, evidential: bool, inadequate: bool) -> Iterator[Note]:
    """What the curve says, and what it cannot say."""
    if significant < FEW:
        values = "one significant p-value" if significant == 1 else f"{significant} significant p-values"
        yield finding("few_significant", f"{values}: below {FEW} a curve has hardly a shape")
    if evidential and inadequate:
        yield finding("only_significant", "the two tests disagree: the studies are too unlike for one curve")
    elif evidential:
        yield finding(
            "only_significant", "right-skewed: selection alone does not make such a curve, some effects are real"
        )
    elif inadequate:
        yield finding(
            "only_significant", "flatter than that of studies of a power of one third: no evidence to speak of"
        )
    else:
        yield finding("only_significant", "neither right-skewed nor flat: the curve does not tell")
    yield finding("heterogeneity", "the power is that of the significant studies, and too high where effects differ")
