"""The studies of one pool with all that methods of sensitivity ask of them, and the attempts to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np

from synthesis.effects.columns import check_known
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.pool import pool
from synthesis.pooling.pooled import Pooled

ENOUGH = 3  # studies from which on a refusal is to be blamed on what was asked
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """k studies of one pool."""

    names: tuple[str, ...]
    yi: FloatArray  # (k,) ratios as logs
    vi: FloatArray
    method: str
    test: str
    level: float
    measure: str | None = None  # a key of MEASURES; None where it is not known
    counts: Mapping[str, FloatArray] = field(default_factory=dict)  # ai, n1i, ci, n2i; or n1i, n2i alone; (k,) each
    columns: Mapping[str, Sequence[float | str]] = field(default_factory=dict)  # what all studies state
    favours: str = ""  # greater | less: the side that selection favours; empty: that of the weighted mean

    @property
    def side(self) -> str:
        """The side that selection favours."""
        return self.favours or ("less" if np.average(self.yi, weights=1 / self.vi) < 0 else "greater")

    def pooled(self) -> Pooled:
        """The pool of all studies."""
        centre = self.centres([np.arange(len(self.names))])
        return pool(
            self.yi, self.vi, method=self.method, test=self.test, level=self.level,
            mantel_haenszel=None if centre is None else centre[0],
        )  # fmt: skip

    def centres(self, selections: Iterable[IntArray]) -> list[float] | None:
        """The Mantel-Haenszel estimates of selections of the studies, for the method DLMH; None for others."""
        if self.method != "DLMH":
            return None
        from synthesis.pooling.sparse import mantel_haenszel_estimate

        if self.measure is None or "ai" not in self.counts:
            raise InvalidArgument("the method DLMH needs the counts of every study")
        found = []
        for rows in selections:
            counts = [self.counts[name][rows] for name in ("ai", "n1i", "ci", "n2i")]
            single = len(rows) == 1
            found.append(
                float(self.yi[rows[0]]) if single else mantel_haenszel_estimate(self.measure, *counts, add=0.5)
            )
        return found

    def without_each(self) -> list[IntArray]:
        """The rows that are left when each study is left out in turn."""
        rows = np.arange(len(self.names))
        return [np.delete(rows, row) for row in rows]

    def column(self, name: str) -> Sequence[float | str]:
        """What the studies state under a name."""
        check_known(name, self.columns, "column")
        return self.columns[name]


@dataclass(frozen=True, slots=True, eq=False)
class Attempt(Generic[Result]):
    """What a method made of one pool's studies, or why it made nothing."""

    subject: Subject
    found: Result | None
    problem: str = ""


def attempts(subjects: Iterable[Subject], run: Callable[[Subject], Result]) -> tuple[Attempt[Result], ...]:
    """A method on each of several pools.

    Raises
    ------
    InvalidArgument
        Where all refuse for the same reason, though one of them has three studies or more: what was asked is wrong.
    """
    tried = tuple(_attempt(subject, run) for subject in subjects)
    problems = {one.problem for one in tried}
    if len(problems) == 1 and "" not in problems and any(len(one.subject.names) >= ENOUGH for one in tried):
        raise InvalidArgument(problems.pop())
    return tried


def _attempt(subject: Subject, run: Callable[[Subject], Result]) -> Attempt[Result]:
    try:
        return Attempt(subject, run(subject))
    except InvalidArgument as refused:
        return Attempt(subject, None, str(refused))
