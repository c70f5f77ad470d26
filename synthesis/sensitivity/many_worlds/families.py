"""What each family of choices moves: specifications that differ in that choice alone, compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.sensitivity.many_worlds.choices import Family

DIRECTIONS = ("harm", "none", "benefit")  # codes -1, 0, 1 less 1: what a specification concludes
ABSENT = -9  # the code where there is no specification


@dataclass(frozen=True, slots=True)
class FamilyEffect:
    """What the choices of one family change; None where nothing can be compared."""

    name: str
    choices: tuple[str, ...]
    specifications: tuple[int, ...]  # of each choice
    benefit: tuple[float | None, ...]  # share of the specifications of each choice that conclude benefit
    harm: tuple[float | None, ...]
    means: tuple[float | None, ...]  # mean estimate of each choice, over the same combinations of the other choices
    range: float | None  # from the lowest of these means to the highest: the main effect
    blocks: int  # such combinations: in each of them every choice of the family that is ever pooled makes a pool
    share_of_variance: float | None  # of the estimates, by the main effect; only where every specification is there
    pairs: int  # of specifications that differ in this choice alone
    same_data: int  # of them, pairs that pool the very same numbers
    changed: int  # of them, pairs that conclude differently
    reversed: int  # of them, pairs of which one concludes benefit and the other harm

    @property
    def share_changed(self) -> float | None:
        """Share of the pairs whose conclusion differs."""
        return self.changed / self.pairs if self.pairs else None


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Specifications at their places in the full factorial, one axis a family."""

    conclusion: IntArray  # -1 harm, 0 none, 1 benefit, ABSENT where there is no specification
    estimate: FloatArray  # NaN where there is none that can be set against the others
    data_set: IntArray  # -1 where there is none


def grid_of(
    families: Sequence[Family], choice: IntArray, *, conclusion: IntArray, estimate: FloatArray, data_set: IntArray
) -> Grid:
    """Columns of n specifications, with their choices of shape (n, families), as a full factorial."""
    shape = tuple(len(family.choices) for family in families)
    place = tuple(choice.T)
    grid = Grid(np.full(shape, ABSENT), np.full(shape, np.nan), np.full(shape, -1))
    grid.conclusion[place], grid.estimate[place], grid.data_set[place] = conclusion, estimate, data_set
    return grid


def effects_of_families(families: Sequence[Family], grid: Grid) -> tuple[FamilyEffect, ...]:
    """What each family that offers a choice changes."""
    several = [axis for axis, family in enumerate(families) if len(family.choices) > 1]
    return tuple(_effect(families[axis], axis, grid) for axis in several)


def _effect(family: Family, axis: int, grid: Grid) -> FamilyEffect:
    c = len(family.choices)
    conclusion: IntArray = np.moveaxis(grid.conclusion, axis, -1).reshape(-1, c)
    estimate: FloatArray = np.moveaxis(grid.estimate, axis, -1).reshape(-1, c)
    count = (conclusion != ABSENT).sum(axis=0)
    some = np.isfinite(estimate).any(axis=0)  # a choice that makes no pool at all is not compared
    whole = estimate[np.isfinite(estimate[:, some]).all(axis=1)] if some.sum() > 1 else estimate[:0]
    means = np.where(some, whole.mean(axis=0), np.nan) if len(whole) else np.full(c, np.nan)
    return FamilyEffect(
        family.name, family.choices, tuple(count.tolist()), _shares(conclusion == 1, count),
        _shares(conclusion == -1, count), tuple(None if np.isnan(one) else float(one) for one in means),
        float(np.ptp(means[some])) if len(whole) else None, len(whole), _share_of_variance(estimate, means),
        *_pairs(conclusion, np.moveaxis(grid.data_set, axis, -1).reshape(-1, c)),
    )  # fmt: skip


def _pairs(conclusion: IntArray, data_set: IntArray) -> tuple[int, int, int, int]:
    """Pairs that differ in one choice alone: all, those of one data set, those that conclude otherwise, and reversals.

    Both columns have the shape (combinations of the other choices, choices).
    """
    total = np.zeros(4, np.int64)
    for a in range(conclusion.shape[1]):
        for b in range(a):
            both = (conclusion[:, a] != ABSENT) & (conclusion[:, b] != ABSENT)
            first, second = conclusion[both, a], conclusion[both, b]
            same = data_set[both, a] == data_set[both, b]
            total += [both.sum(), same.sum(), (first != second).sum(), (first * second == -1).sum()]
    pairs, alike, changed, turned = total.tolist()
    return pairs, alike, changed, turned


def _shares(which: BoolArray, count: IntArray) -> tuple[float | None, ...]:
    """The share of the specifications of each choice, None where it has none."""
    return tuple(
        some / total if total else None for some, total in zip(which.sum(axis=0).tolist(), count.tolist(), strict=True)
    )


def _share_of_variance(estimate: FloatArray, means: FloatArray) -> float | None:
    """The sum of squares of a main effect as a share of the whole, in a factorial without a gap."""
    if not np.isfinite(estimate).all():
        return None
    total = float(np.square(estimate - estimate.mean()).sum())
    between = estimate.shape[0] * float(np.square(means - means.mean()).sum())
    return min(1.0, between / total) if total > 0 else None
