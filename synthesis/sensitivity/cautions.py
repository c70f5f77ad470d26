"""What methods against small-study effects and selection can and cannot tell: named rules, each with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtri

from synthesis.pooling.batch import Batch, FloatArray, batch_from, batch_of_one
from synthesis.pooling.fit import fit
from synthesis.pooling.pooled import Noted

MANY = 500  # studies among which one alone hardly moves the pool, so that it need not be left out
FEW = 10  # studies below which tests can hardly tell asymmetry from chance
FAR = 3.0  # standard deviations from where the other studies let expect a study
OURS = "a rule of our own"
SIGNIFICANT = -float(ndtri(0.025))  # of z, two-sided at .05
ASYMMETRY_TESTS = (
    "Ioannidis JPA, Trikalinos TA (2007). The appropriateness of asymmetry tests for publication bias in "
    "meta-analyses: a large survey. CMAJ 176(8), 1091-1096"
)
PET_PEESE_LIMITS = (
    "Stanley TD (2017). Limitations of PET-PEESE and other meta-analysis methods. Social Psychological and "
    "Personality Science 8(5), 581-591"
)


class Caution(NamedTuple):
    """Why a result must be read with care."""

    name: str  # a key of CAUTIONS
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a method is usable on these studies, and what it can and cannot tell."""

    usable: bool
    tells: str
    cannot_tell: str
    cautions: tuple[Caution, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the cautions."""
        return tuple(caution.name for caution in self.cautions)

    def summary(self) -> str:
        """The verdict as text: first whether the method is usable, then a line for each caution."""
        head = "usable" if self.usable else "not usable here"
        lines = [f"verdict: {head}; tells {self.tells}; cannot tell {self.cannot_tell}"]
        lines += [f"caution, {one.name}: {one.says} ({one.source})" for one in self.cautions]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values, fit for JSON."""
        cautions = [caution._asdict() for caution in self.cautions]
        return {"usable": self.usable, "tells": self.tells, "cannot_tell": self.cannot_tell, "cautions": cautions}


class WithVerdict(Noted):
    """A result with notes and a verdict."""

    __slots__: tuple[str, ...] = ()
    verdict: Verdict

    def caveats(self) -> str:
        """A line for each note, and the verdict."""
        return "".join(f"{note.field}: {note.reason}\n" for note in self.notes) + self.verdict.summary()

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}


def _plain(value: Any) -> Any:
    """A field, and all that it holds, fit for JSON."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if hasattr(value, "_asdict"):
        return value._asdict()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


class Looked(NamedTuple):
    """What the rules look at."""

    k: int
    variances: float  # the largest over the smallest
    i2: float  # percent, from Q
    significant: int  # studies with two-sided p below .05
    farthest: float  # the largest deleted residual in standard deviations; 0 for fewer than four studies


class Rule(NamedTuple):
    """When a caution holds, and what it says."""

    holds: Callable[[Looked], bool]
    says: str
    source: str


CAUTIONS: Mapping[str, Rule] = {
    "few studies": Rule(
        lambda seen: seen.k < FEW,
        "fewer than ten studies have too little power to tell asymmetry from chance",
        "Cochrane Handbook 13.3.5.4",
    ),
    "like precision": Rule(
        lambda seen: seen.variances < 4,
        "the largest sampling variance is not four times the smallest: no studies are small beside the others",
        ASYMMETRY_TESTS,
    ),
    "heterogeneity": Rule(
        lambda seen: seen.i2 >= 50,
        "I^2 is 50 % or more: effects that differ for other reasons, as between groups of studies, make asymmetry too",
        ASYMMETRY_TESTS,
    ),
    "none significant": Rule(
        lambda seen: seen.significant == 0,
        "no study is significant: selection by significance would have left none of these",
        ASYMMETRY_TESTS,
    ),
    "all significant": Rule(
        lambda seen: seen.significant == seen.k,
        "every study is significant: were the others held back, nothing here would show their number or effect",
        OURS,
    ),
    "one study far away": Rule(
        lambda seen: seen.farthest > FAR,
        f"one study lies more than {FAR:g} standard deviations from where the others let expect it, and may alone "
        "make the result",
        f"{OURS}, on deleted residuals: Viechtbauer W, Cheung MWL (2010). Outlier and influence diagnostics for "
        "meta-analysis. Research Synthesis Methods 1(2), 112-125",
    ),
    "tau2 is 0": Rule(
        lambda seen: seen.i2 <= 0,
        "Q does not exceed its degrees of freedom, so that tau^2 is estimated as 0 or nearly; with few studies that is "
        "no proof that effects are alike",
        "Cochrane Handbook 10.10.2",
    ),
    "fewer than 20 studies": Rule(
        lambda seen: seen.k < 20, "with fewer than 20 studies the adjusted estimate is unreliable", PET_PEESE_LIMITS
    ),
    "much heterogeneity": Rule(
        lambda seen: seen.i2 > 80, "with I^2 above 80 % the adjusted estimate is unreliable", PET_PEESE_LIMITS
    ),
}


def verdict(
    y: FloatArray,
    v: FloatArray,
    *,
    rules: Iterable[str],
    against: Iterable[str] = (),
    tells: str,
    cannot_tell: str,
    more: Iterable[Caution] = (),
    usable: bool = True,
) -> Verdict:
    """The verdict of a method on its studies.

    Parameters
    ----------
    y, v : ndarray, shape (k,)
        Effects and sampling variances.
    rules : iterable of str
        The keys of CAUTIONS that concern the method.
    against : iterable of str
        Those that make it unusable where they hold.
    tells, cannot_tell : str
        What its result means, and what it does not.
    more : iterable of Caution
        Cautions that only the method itself can see.
    usable : bool
        False where there is no result.
    """
    seen, hindering = looked(y, v), set(against)
    held = [Caution(name, CAUTIONS[name].says, CAUTIONS[name].source) for name in rules if CAUTIONS[name].holds(seen)]
    found = (*held, *more)
    fit_for_use = usable and not any(caution.name in hindering for caution in found)
    return Verdict(fit_for_use, tells, cannot_tell, found)


def looked(y: FloatArray, v: FloatArray) -> Looked:
    """What the rules look at, of effects and variances of shape (k,)."""
    k, i2 = len(y), 0.0
    if k > 1:
        i2 = float(fit(batch_of_one(y, v), method="EE", test="z", level=0.95).i2[0])
    significant = int(np.count_nonzero(np.abs(y) >= SIGNIFICANT * np.sqrt(v)))
    return Looked(k, float(v.max() / v.min()), i2, significant, _farthest(y, v))


def _farthest(y: FloatArray, v: FloatArray) -> float:
    """The largest (y - m) / sqrt(v + tau2 + se^2), with mean m, its se and tau2 (DL) of the other studies."""
    k = len(y)
    if k < 4:
        return 0.0
    batch = batch_of_one(y, v) if k > MANY else _without_each(y, v)
    found = fit(batch, method="DL", test="z", level=0.95)
    return float(np.max(np.abs(y - found.estimate) / np.sqrt(v + found.tau2 + found.se**2)))


def _without_each(y: FloatArray, v: FloatArray) -> Batch:
    """The pools without each of the studies."""
    k = len(y)
    others = np.arange(k - 1) + (np.arange(k - 1) >= np.arange(k)[:, None])
    return batch_from(y[others], v[others], 1 / v[others], np.full(k, k - 1))
