"""Permutation tests of a pooled effect and of the coefficients of a meta-regression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import comb
from typing import Any

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray, batch_from
from synthesis.pooling.check import check_alike, check_effects, check_options, is_whole
from synthesis.pooling.fit import fit
from synthesis.pooling.moderators.design import design
from synthesis.pooling.moderators.design_batch import design_batch
from synthesis.pooling.moderators.linear_fit import check_test, linear_fit
from synthesis.pooling.moderators.regress import check_method
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, p_value, table

AT_A_TIME = 32_768  # numbers of one batch: a few arrays of so many fit into a processor's cache
MOST_EXACT = 100_000  # beyond so many arrangements they are sampled, unless all are asked for
MOST = 10_000_000  # arrangements that a memory of a few gigabytes holds; all of more are refused
EQUAL = 1e-8  # relative: rounding must not make an arrangement that repeats the data less extreme than they are


@dataclass(frozen=True, slots=True)
class PermutationTest(Noted):
    """How often an arrangement of the data is at least as extreme as the data themselves."""

    names: tuple[str, ...]  # of the coefficients; ("Intercept",) for a pooled effect
    statistics: tuple[float | None, ...]  # z or t of the data, by the chosen test; None where the standard error is 0
    p_values: tuple[float, ...]  # two-sided, one for each coefficient
    omnibus: float | None  # chi-squared or F of the moderators together; None for a pooled effect
    omnibus_p_value: float | None
    arrangements: int  # how many were compared, the data themselves among them
    exact: bool  # whether these are all that there are
    method: str
    test: str
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as text."""
        rows = [
            (name, decimal(statistic), p_value(p))
            for name, statistic, p in zip(self.names, self.statistics, self.p_values, strict=True)
        ]
        if self.omnibus is not None:
            rows.append(("moderators", decimal(self.omnibus), p_value(self.omnibus_p_value)))
        kind = "all" if self.exact else "a sample of"
        lines = [f"{kind} {self.arrangements} arrangements ({self.method}, {self.test})"]
        notes = [f"{note.field}: {note.reason}\n" for note in self.notes]
        return f"{lines[0]}\n{table(('', 'statistic', 'p'), rows, (1, 2))}{''.join(notes)}"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values."""
        return {**asdict(self), "notes": [note._asdict() for note in self.notes]}


def permutation_test(
    yi: Any,
    vi: Any,
    moderators: Any = None,
    *,
    data: Any = None,
    names: Sequence[str] | None = None,
    method: str = "REML",
    test: str = "adhoc",
    exact: bool | None = None,
    arrangements: int = 10_000,
    random: np.random.Generator | None = None,
) -> PermutationTest:
    """Permutation test: of a pooled effect by changing signs, of coefficients by exchanging the rows of the design.

    Parameters
    ----------
    yi, vi, moderators, data, names
        As for `regress`; without moderators, or with an intercept alone, the pooled effect is tested.
    method, test : str
        How each arrangement is fitted; its statistic is the one of this test, knha and adhoc included.
    exact : bool, optional
        True for all arrangements (ten million at most), False for a sample. By default all where there are at most
        100,000.
    arrangements : int
        Size of a sample, the data themselves being one of it.
    random : numpy.random.Generator, optional
        Where a sample comes from; needed for one, so that the result can be had again.

    Returns
    -------
    PermutationTest
        p is the share of arrangements whose statistic is at least as far from 0 as that of the data.

    Raises
    ------
    InvalidArgument
        As `regress`; for a sample without `random` or of no size, and for more than ten million arrangements.

    References
    ----------
    Follmann DA, Proschan MA (1999). Valid inference in random effects meta-analysis. Biometrics 55(3), 732-737.
    Higgins JPT, Thompson SG (2004). Controlling the risk of spurious findings from meta-regression. Statistics in
    Medicine 23(11), 1663-1682.
    """
    check_method(method)
    check_options(method, test, 0.95)
    if moderators is not None:
        check_test(test)
    y, v = check_effects(yi, vi, data)
    if len(y) < 2:
        raise InvalidArgument("a permutation test needs at least two studies")
    found = design(moderators, data, len(y), names)
    y, v, x = y[found.kept], v[found.kept], found.matrix
    groups = np.unique(x, axis=0, return_inverse=True)[1].ravel()
    alone = bool(groups.max() == 0)  # an intercept, however it was asked for
    count = 2 ** len(y) if alone else _arrangements(groups)
    every = count <= MOST_EXACT if exact is None else exact
    sample = None if every else _sample(count, arrangements, random)
    if every and count > MOST:
        raise InvalidArgument(f"there are {count} arrangements, too many to compare all: take a sample")
    if alone:
        signs = _signs(len(y)) if sample is None else _some_signs(len(y), *sample)
        statistics = np.concatenate([_pooled(y * part, v, method, test) for part in _parts(signs, len(y))])[:, None]
    else:
        check_alike(y, v)
        orders = _orders(groups) if sample is None else _some_orders(len(y), *sample)
        model = (method, test, list(found.tested))
        statistics = np.concatenate([_regressed(y, v, x[part], model) for part in _parts(orders, x.size)])
    return _judged(statistics, found.names, exact=every, count=count, method=method, test=test, notes=found.notes)


def _sample(count: int, arrangements: Any, random: Any) -> tuple[int, np.random.Generator]:
    """Size and source of a sample of `count` arrangements, once they can be used."""
    if not isinstance(random, np.random.Generator):
        raise InvalidArgument(f"of {count} arrangements a sample needs random, as numpy.random.default_rng(1)")
    if not is_whole(arrangements) or arrangements < 1:
        raise InvalidArgument(f"arrangements must be a whole number from 1 on, not {arrangements!r}")
    return int(arrangements), random


def _judged(
    statistics: FloatArray, names: tuple[str, ...], *, exact: bool, count: int, method: str, test: str,
    notes: tuple[Note, ...],
) -> PermutationTest:  # fmt: skip
    """p-values from the statistics of all arrangements, the first being the data."""
    certain = np.isnan(statistics)
    size = np.abs(np.where(certain, np.inf, statistics))
    p = (size >= size[0] * (1 - EQUAL)).mean(axis=0).tolist()
    observed = [None if sure else one for one, sure in zip(statistics[0].tolist(), certain[0].tolist(), strict=True)]
    if certain[0].any():
        notes = (*notes, Note("statistics", "a standard error is 0: the studies agree to the last digit"))
    together = len(observed) > len(names)
    return PermutationTest(
        names, tuple(observed[: len(names)]), tuple(p[: len(names)]), observed[-1] if together else None,
        p[-1] if together else None, count if exact else len(statistics), exact, method, test, notes,
    )  # fmt: skip


def _pooled(y: FloatArray, v: FloatArray, method: str, test: str) -> FloatArray:
    """Statistics of pooled effects, shape (m,), of effects y, shape (m, k)."""
    m, k = y.shape
    variances = np.broadcast_to(v, (m, k))
    batch = batch_from(y, variances, 1.0 / variances, np.full(m, k))
    return fit(batch, method=method, test=test, level=0.95).statistic


def _regressed(y: FloatArray, v: FloatArray, x: FloatArray, model: tuple[str, str, list[int]]) -> FloatArray:
    """Statistics of coefficients and of the moderators together, shape (m, p + 1), of designs x, shape (m, k, p)."""
    method, test, tested = model
    m, k, _ = x.shape
    found = linear_fit(design_batch(np.broadcast_to(y, (m, k)), np.broadcast_to(v, (m, k)), x), method, test)
    covariance = found.covariance
    se = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    some, part = found.estimate[:, tested], covariance[:, tested][:, :, tested]
    together = np.einsum("mp,mp->m", some, np.linalg.solve(part, some[..., None])[..., 0])
    divisor = np.where(np.isfinite(found.df), len(tested), 1)
    return np.column_stack([found.estimate / se, together / divisor])


def _parts(rows: IntArray, width: int) -> Iterator[IntArray]:
    """Arrangements a few at a time."""
    step = max(1, AT_A_TIME // width)
    return (rows[begin : begin + step] for begin in range(0, len(rows), step))


def _signs(k: int) -> IntArray:
    """All signs of k effects but for the one of the last: turning all of them leaves every statistic as far from 0."""
    half = np.arange(2 ** (k - 1))[:, None] >> np.arange(k)
    signs: IntArray = 1 - 2 * (half & 1)
    return signs


def _some_signs(k: int, count: int, random: np.random.Generator) -> IntArray:
    """A sample of signs, the first as they are."""
    signs = random.choice([-1, 1], size=(count, k))
    signs[0] = 1
    return signs


def _arrangements(groups: IntArray) -> int:
    """In how many ways rows can be ordered of which some are alike."""
    total, left = 1, len(groups)
    for size in np.bincount(groups).tolist():
        total *= comb(left, size)
        left -= size
    return total


def _orders(groups: IntArray) -> IntArray:
    """All different orders of rows of which some are alike, shape (m, k), the first as they are."""
    k = len(groups)
    labels = np.full((1, k), -1)
    for group in range(groups.max() + 1):
        labels = _placed(labels, group, int((groups == group).sum()))
    first = np.array([int(np.flatnonzero(groups == group)[0]) for group in range(groups.max() + 1)])
    same = (labels == groups).all(axis=1)
    orders: IntArray = first[np.concatenate([labels[same], labels[~same]])]
    return orders


def _placed(labels: IntArray, group: int, size: int) -> IntArray:
    """Every way to put `size` rows of one group into the places that are still free, shape (m', k)."""
    from itertools import combinations

    free = np.nonzero(labels < 0)[1].reshape(len(labels), -1)
    chosen = np.array(list(combinations(range(free.shape[1]), size)))
    found = np.repeat(labels, len(chosen), axis=0)
    places = free[:, chosen].reshape(-1, size)
    np.put_along_axis(found, places, group, axis=1)
    return found


def _some_orders(k: int, count: int, random: np.random.Generator) -> IntArray:
    """A sample of orders, the first as they are."""
    orders = random.permuted(np.tile(np.arange(k), (count, 1)), axis=1)
    orders[0] = np.arange(k)
    return orders
