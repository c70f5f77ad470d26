"""Permutation p-values of the tests for small-study effects, for few studies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from math import factorial
from typing import Any

import numpy as np

from synthesis.effects.columns import FloatArray, check_known
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import IntArray, batch_of_one
from synthesis.pooling.check import is_whole
from synthesis.pooling.fit import fit
from synthesis.pooling.pooled import Note
from synthesis.sensitivity.cautions import Verdict, WithVerdict
from synthesis.sensitivity.small_studies.asymmetry import Line, laid
from synthesis.sensitivity.small_studies.columns import checked
from synthesis.sensitivity.small_studies.methods import Ranks
from synthesis.sensitivity.small_studies.rank_correlation import concordance, kendall
from synthesis.sensitivity.small_studies.result import NO_ORDER, NO_RESIDUAL, judged
from synthesis.text import decimal, p_value

KINDS = ("signs", "orders")
MOST_EXACT = 50_000  # beyond so many arrangements they are sampled, unless all are asked for
MOST = 5_000_000  # arrangements; all of more are refused
AT_A_TIME = 16_384  # numbers worked on at a time
EQUAL = 1e-8  # relative: rounding must not make an arrangement that repeats the data less extreme than they are


@dataclass(frozen=True, slots=True)
class SmallStudyPermutation(WithVerdict):
    """How often an arrangement of the effects shows as much asymmetry as the studies do."""

    name: str  # a key of SMALL_STUDY_TESTS
    statistic: float | None  # of the studies: t, or the concordant less the discordant pairs of a rank correlation
    p_value: float | None  # two-sided
    arrangements: int  # how many were compared, the studies themselves among them
    exact: bool  # whether these are all that there are
    kind: str  # a member of KINDS
    k: int
    verdict: Verdict
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text, with the verdict."""
        share = "all" if self.exact else "a sample of"
        head = f"{self.name}, k = {self.k}: statistic {decimal(self.statistic)}, p {p_value(self.p_value)}"
        return f"{head}; {share} {self.arrangements} arrangements ({self.kind})\n{self.caveats()}"


def small_study_permutation(
    name: str,
    yi: Any = None,
    vi: Any = None,
    *,
    ai: Any = None,
    n1i: Any = None,
    ci: Any = None,
    n2i: Any = None,
    data: Any = None,
    kind: str | None = None,
    exact: bool | None = None,
    arrangements: int = 10_000,
    random: np.random.Generator | None = None,
) -> SmallStudyPermutation:
    """Permutation test of small-study effects.

    Parameters
    ----------
    name, yi, vi, ai, n1i, ci, n2i, data
        As for `small_study_test`.
    kind : str, optional
        "signs": the signs of the effects about their pooled mean are changed, which needs effects that are symmetric
        about it. "orders": their standardised distances from it are dealt out to the studies anew; rank correlations
        have only this kind. By default signs for a regression.
    exact : bool, optional
        True for all arrangements, False for a sample; by default all where there are at most 50,000 (signs: 15
        studies; orders: 8).
    arrangements : int
        Size of a sample, the studies themselves being one of it.
    random : numpy.random.Generator, optional
        Where a sample comes from; needed for one.

    Returns
    -------
    SmallStudyPermutation
        p is the share of arrangements whose statistic is at least as far from 0 as that of the studies. As their mean
        is estimated, the level is nearly and not quite kept: at .05 it was between .035 and .06 in simulations of
        seven to nine studies with variances up to thirtyfold, and .08 where they differed a thousandfold.

    Raises
    ------
    InvalidArgument
        As `small_study_test`; for a sample without `random` or of no size, and too many arrangements.

    References
    ----------
    Higgins JPT, Thompson SG (2004). Controlling the risk of spurious findings from meta-regression. Statistics in
    Medicine 23(11), 1663-1682. Signs about a mean: Freedman D, Lane D (1983). A nonstochastic interpretation of
    reported significance levels. Journal of Business and Economic Statistics 1(4), 292-298.
    """
    columns = {"yi": yi, "vi": vi, "ai": ai, "n1i": n1i, "ci": ci, "n2i": n2i}
    method, given, notes = checked(name, columns, data)
    built = method.build(given)
    chosen = _kind(kind, built)
    k = len(built.y)
    asked, why = _asked(exact), _why_not(built)
    if why:
        unusable = judged(built.y, built.v, (), usable=False)
        notes = [Note("statistic", why), *notes]
        return SmallStudyPermutation(
            name, None, None, 0, exact=False, kind=chosen, k=k, verdict=unusable, notes=tuple(notes)
        )
    count = 2**k if chosen == "signs" else factorial(k)
    every = count <= MOST_EXACT if asked is None else asked
    parts = _all(chosen, k, count) if every else _some(chosen, k, arrangements, random, count)
    statistics = np.concatenate([_statistics(built, chosen, part) for part in parts])
    size = np.abs(statistics)
    p = float(np.mean(size >= size[0] * (1 - EQUAL)))
    return SmallStudyPermutation(
        name, float(statistics[0]), p, count if every else len(statistics), every, chosen, k,
        judged(built.y, built.v, (), usable=True), tuple(notes),
    )  # fmt: skip


def _asked(exact: Any) -> bool | None:
    """Whether all arrangements are asked for, or not; None for neither."""
    if exact is not None and not isinstance(exact, (bool, np.bool_)):
        raise InvalidArgument(f"exact must be True, False or None, not {exact!r}")
    return None if exact is None else bool(exact)


def _why_not(built: Line | Ranks) -> str:
    """Why nothing can be tested; empty where something can."""
    if isinstance(built, Line):
        return built.why_not or ("" if np.isfinite(laid(built).slope.statistic[0]) else NO_RESIDUAL)
    if len(built.y) < 3:
        return "the test needs at least three studies"
    return NO_ORDER if kendall(built.a, built.b) is None else ""


def _kind(kind: str | None, built: Line | Ranks) -> str:
    """The kind of arrangements, if the test has it."""
    if kind is None:
        return "signs" if isinstance(built, Line) else "orders"
    check_known(kind, KINDS, "kind of arrangement")
    if kind == "signs" and isinstance(built, Ranks):
        raise InvalidArgument("a rank correlation has no arrangements by signs: take kind 'orders'")
    return kind


def _statistics(built: Line | Ranks, kind: str, part: IntArray) -> FloatArray:
    """The statistic of each of some arrangements, shape (m,)."""
    if isinstance(built, Ranks):
        return concordance(built.b, built.a[part])
    mean = fit(batch_of_one(built.y, built.v), method=built.method, test="z", level=0.95).estimate[0]
    away = built.y - mean
    if kind == "signs":
        return _steep(built, mean + away * part)
    return _steep(built, mean + (away / np.sqrt(built.v))[part] * np.sqrt(built.v))


def _steep(line: Line, y: FloatArray) -> FloatArray:
    """Statistics of the slopes of effects y, shape (m, k); infinite where there is no residual."""
    statistic = laid(line, y).slope.statistic
    return np.where(np.isnan(statistic), np.inf, statistic)


def _all(kind: str, k: int, count: int) -> Iterator[IntArray]:
    """All arrangements in parts; of signs only half, since turning all of them leaves every statistic as far from 0."""
    if count > MOST:
        raise InvalidArgument(f"there are {count} arrangements, too many to compare all: take a sample")
    if kind == "orders":
        return _parts(np.array(list(permutations(range(k)))))
    return _parts(1 - 2 * (np.arange(2 ** (k - 1))[:, None] >> np.arange(k) & 1))


def _some(kind: str, k: int, size: Any, random: Any, count: int) -> Iterator[IntArray]:
    """A sample of arrangements in parts, the first being the studies as they are."""
    if not isinstance(random, np.random.Generator):
        raise InvalidArgument(f"of {count} arrangements a sample needs random, as numpy.random.default_rng(1)")
    if not is_whole(size) or not 1 <= size <= MOST:
        raise InvalidArgument(f"arrangements must be a whole number from 1 on, and at most {MOST}, not {size!r}")
    if kind == "orders":
        rows = random.permuted(np.tile(np.arange(k), (int(size), 1)), axis=1)
        rows[0] = np.arange(k)
        return _parts(rows)
    rows = random.choice([-1, 1], size=(int(size), k))
    rows[0] = 1
    return _parts(rows)


def _parts(rows: IntArray) -> Iterator[IntArray]:
    """Arrangements a few at a time: few enough for the pairs of a rank correlation too."""
    step = max(1, AT_A_TIME // rows.shape[1])
    return (rows[begin : begin + step] for begin in range(0, len(rows), step))
