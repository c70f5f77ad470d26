"""Whether a specification curve could come from studies without any effect: inference by turning signs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.check import RATIO
from synthesis.pooling.pooled import Note, Noted
from synthesis.sensitivity.findings import told
from synthesis.sensitivity.many_worlds.fit import fitted
from synthesis.sensitivity.many_worlds.specifications import Multiverse
from synthesis.text import decimal, p_value, percent, table

EQUAL = 1e-8  # relative: rounding must not make an arrangement that repeats the data less extreme than they are
AT_A_TIME = 2_000_000  # numbers of one part
MOST_DRAWN = 1_000_000  # arrangements of a sample
MOST_EXACT = 14  # studies up to which all signs are compared, unless a sample is asked for
SMALLEST = np.finfo(np.float64).tiny  # a p-value below it counts as it
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class CurveTest(Noted):
    """How often studies with their signs turned at random make a curve as extreme as the data do."""

    median: float  # estimate, over all specifications
    median_p_value: float  # two-sided, as all three
    share: float  # of the specifications that are significant in the direction of most of these
    share_p_value: float
    mean_z: float  # over all specifications, the z of each p-value with the sign of its estimate
    mean_z_p_value: float
    specifications: int
    studies: int
    arrangements: int  # how many were compared, the data among them
    exact: bool  # whether these are all that there are
    notes: tuple[Note, ...] = ()

    @property
    def verdict(self) -> str:
        """What the test can and cannot tell."""
        return told(self.notes)

    def summary(self) -> str:
        """The three statistics with their p-values as text, and the verdict."""
        rows = [
            ("median estimate", decimal(self.median), p_value(self.median_p_value)),
            ("significant in one direction %", percent(self.share), p_value(self.share_p_value)),
            ("mean z", decimal(self.mean_z), p_value(self.mean_z_p_value)),
        ]
        kind = "all" if self.exact else "a sample of"
        head = (
            f"{self.specifications} specifications of {self.studies} studies, {kind} {self.arrangements} arrangements\n"
        )
        return f"{head}{table(('', 'observed', 'p'), rows, (1, 2))}{self.verdict}\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON."""
        return {**asdict(self), "notes": [note._asdict() for note in self.notes], "verdict": self.verdict}


def curve_test(
    found: Multiverse, *, arrangements: int = 1_000, random: np.random.Generator | None = None
) -> CurveTest:  # fmt: skip
    """Test of the specification curve as a whole against studies without an effect.

    Parameters
    ----------
    found : Multiverse
        All its specifications count alike.
    arrangements : int
        Size of a sample, the data themselves being one of it.
    random : numpy.random.Generator, optional
        Where a sample comes from. Without it, or where there are no more than `arrangements`, all arrangements of
        signs are compared; without it 14 studies are the most.

    Returns
    -------
    CurveTest
        p is the share of arrangements whose statistic is at least as far from 0 as that of the data.

    Raises
    ------
    InvalidArgument
        More than 14 studies without `random`; a sample of no size, or of more than a million; effects more than 1e12
        standard errors from 0.

    Notes
    -----
    If there is no effect, and true effects and errors are distributed alike on both sides of 0, the sign of each study
    is as good as the other. A study keeps one sign in all the specifications that it enters, and all of them are
    made anew. The three statistics are those of Simonsohn, Simmons and Nelson; the p-value of a single specification
    says nothing about the curve.

    References
    ----------
    Simonsohn U, Simmons JP, Nelson LD (2020). Specification curve analysis. Nature Human Behaviour 4(11), 1208-1214.
    """
    _check_ratio(found)
    studies = 1 + max(int(one.studies.max()) for one in found.sets)
    entering = np.unique(np.concatenate([one.studies for one in found.sets]))
    exact = _is_exact(len(entering), arrangements, random)
    signs = _signs(studies, entering, None if exact else random, arrangements)
    parts = [_statistics(found, signs[rows]) for rows in _parts(len(signs), len(found))]
    size = np.abs(np.concatenate(parts))
    p = (size >= size[0] * (1 - EQUAL)).mean(axis=0).tolist()
    median, share, mean = _statistics(found, signs[:1])[0].tolist()
    count = len(signs)
    return CurveTest(
        median, p[0], abs(share), p[1], mean, p[2], len(found), len(entering), count, exact,
        tuple(_findings(found, p, count, exact=exact)),
    )  # fmt: skip


def _check_ratio(found: Multiverse) -> None:
    """Raise InvalidArgument for effects whose turning would leave double precision."""
    largest = max(float(np.abs(one.y).max()) for one in found.sets)
    if largest**2 > RATIO**2 * min(float(one.v.min()) for one in found.sets):
        raise InvalidArgument(f"effects must lie within {RATIO:.0e} standard errors of 0 to be turned")


def _is_exact(k: int, arrangements: Any, random: Any) -> bool:
    """Whether all arrangements of the signs of k studies are compared, once what is asked can be done."""
    if random is None:
        if k > MOST_EXACT:
            words = f"{k} studies have too many arrangements of signs to compare all"
            raise InvalidArgument(f"{words}: give random, as numpy.random.default_rng(1)")
        return True
    if not isinstance(random, np.random.Generator):
        raise InvalidArgument("random must be a generator, as numpy.random.default_rng(1)")
    whole = isinstance(arrangements, (int, np.integer)) and not isinstance(arrangements, bool)
    if not whole or not 1 <= arrangements <= MOST_DRAWN:
        raise InvalidArgument(f"arrangements must be a whole number from 1 to {MOST_DRAWN:,}, not {arrangements!r}")
    return bool(2 ** (k - 1) <= arrangements)


def _signs(studies: int, entering: IntArray, random: np.random.Generator | None, arrangements: int) -> FloatArray:
    """Signs of the studies, shape (b, studies), the first as they are; turning all of them changes no size."""
    k = len(entering)
    if random is None:
        half = np.arange(2 ** (k - 1))[:, None] >> np.arange(k)
        chosen = 1.0 - 2.0 * (half & 1)
    else:
        chosen = random.choice([-1.0, 1.0], size=(arrangements, k))
        chosen[0] = 1.0
    signs = np.ones((len(chosen), studies))
    signs[:, entering] = chosen
    return signs


def _parts(b: int, n: int) -> Iterator[slice]:
    step = max(1, AT_A_TIME // n)
    return (slice(begin, min(begin + step, b)) for begin in range(0, b, step))


def _statistics(found: Multiverse, signs: FloatArray) -> FloatArray:
    """Median estimate, share significant in the direction of most (with its sign) and mean z, shape (b, 3)."""
    fits = fitted(found.sets, found.plan, signs, predict=False)
    d, (m, t) = found.data_set, found.choice[:, -3:-1].T
    estimate, p = fits.estimate[:, d, m], fits.p_value[:, d, m, t]
    above, below = (fits.ci_low[:, d, m, t] > 0).mean(axis=1), (fits.ci_high[:, d, m, t] < 0).mean(axis=1)
    z = np.where(np.isnan(p), 0.0, -np.sign(estimate) * ndtri(np.maximum(p, SMALLEST) / 2))
    share = np.where(above >= below, above, -below)
    return np.column_stack([np.median(estimate, axis=1), share, z.mean(axis=1)])


def _findings(found: Multiverse, p: list[float], count: int, *, exact: bool) -> Iterator[Note]:
    """What the test can and cannot tell; `count` arrangements were compared, all that there are where `exact`."""
    least = 1 / count
    if least > ALPHA:
        rule, these = ("too_few", "all there are") if exact else ("small_sample", "compare more")
        yield Note(rule, f"{count} arrangements ({these}) are so few that no p-value is below {decimal(least, 3)}")
    elif max(p) <= ALPHA:
        yield Note("beyond_chance", "studies without an effect would seldom make such a curve, by all three statistics")
    elif min(p) > ALPHA:
        yield Note("within_chance", "studies without an effect make such a curve often, by all three statistics")
    else:
        yield Note("statistics_differ", "the three statistics disagree on whether chance makes such a curve")
    if len(set(found.measure.tolist())) > 1:
        yield Note("measures", "the median is over estimates in different measures: read the other two statistics")
    yield Note(
        "what_it_tests",
        "it tests that there is no effect anywhere, with results distributed alike on both sides of 0; studies missing "
        "because of their results, or biased ones, make the curve extreme too",
    )
