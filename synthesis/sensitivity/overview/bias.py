"""All methods against small-study effects and selection on the same studies, and what they can tell together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from synthesis.effects.columns import check_known
from synthesis.errors import InvalidArgument
from synthesis.pooling.pooled import Note, Pooled
from synthesis.sensitivity.findings import told
from synthesis.sensitivity.overview.bias_finding import BiasFinding, Numbers
from synthesis.sensitivity.overview.bias_methods import ASYMMETRY, BIAS, BiasMethod
from synthesis.sensitivity.overview.subject import Subject
from synthesis.sensitivity.small_studies.permutation import small_study_permutation
from synthesis.text import decimal, p_value, table

HEADER = ("", "adjusted", "CI low", "CI high", "p of effect", "p of bias", "n", "usable", "")


@dataclass(frozen=True, slots=True, eq=False)
class BiasOverview:
    """What each method found, in the order of BIAS, and which are not for these studies."""

    findings: tuple[BiasFinding, ...]
    left_out: tuple[Note, ...]  # methods that are not for these studies, with the reason
    observed: Pooled  # the pool of the studies as they are
    side: str  # greater | less: which effects selection is taken to favour
    k: int

    @property
    def verdict(self) -> str:
        """What the methods together can and cannot tell."""
        return told(_together(self))

    def finding(self, name: str) -> BiasFinding:
        """The finding of one method."""
        named = {one.name: one for one in self.findings}
        check_known(name, named, "method")
        return named[name]

    def summary(self) -> str:
        """A line for each method, and the verdict."""
        rows = [_row(one) for one in self.findings]
        return f"{table(HEADER, rows, range(1, 7))}{self.verdict}\n"

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values, fit for JSON; without the whole results."""
        return {
            "k": self.k, "favoured": self.side, "observed": self.observed.to_dict(),
            "methods": [one.to_dict() for one in self.findings],
            "left_out": [{"method": name, "reason": reason} for name, reason in self.left_out],
            "verdict": self.verdict,
        }  # fmt: skip


def _row(one: BiasFinding) -> list[str]:
    numbers = one.numbers
    estimates = (decimal(value) for value in (numbers.estimate, numbers.ci_low, numbers.ci_high))
    count = "" if numbers.count is None else str(numbers.count)
    tests = (p_value(numbers.p_effect), p_value(numbers.p_bias))
    return [one.name, *estimates, *tests, count, "yes" if one.usable else "no", one.says]


@dataclass(frozen=True, slots=True)
class Permutations:
    """How the tests are judged by arrangements of the studies too."""

    exact: bool | None = None  # True: by all; None: by all where there are at most 50,000
    arrangements: int = 10_000  # of a sample
    seed: int = 1  # of a sample


def bias_overview(
    subject: Subject,
    names: Sequence[str] = (),
    *,
    permutations: Permutations | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> BiasOverview:
    """Every method of BIAS that fits the measure, the counts and the number of studies; or those that are named.

    Parameters
    ----------
    subject : Subject
        At least two studies.
    names : sequence of str
        Keys of BIAS, which are then run with all that takes long; without any, all that need not be named to be run.
    permutations : Permutations, optional
        Whether tests of asymmetry have a permutation p-value too, and of which arrangements.
    say : callable, optional
        Called with the name of each method before it is run.

    Raises
    ------
    InvalidArgument
        For a name that there is not, and a single study.
    """
    for name in names:
        check_known(name, BIAS, "method")
    if len(subject.names) < 2:
        raise InvalidArgument("a single study shows neither asymmetry nor selection")
    findings, left = [], []
    for name in names or BIAS:
        unfit = _unfit(BIAS[name], subject, named=bool(names))
        if unfit:
            left.append(Note(name, unfit))
            continue
        say(name)
        found = _found(name, subject, whole=bool(names))
        findings.append(found if permutations is None else _permuted(found, subject, permutations))
    return BiasOverview(tuple(findings), tuple(left), subject.pooled(), subject.side, len(subject.names))


def _unfit(method: BiasMethod, subject: Subject, *, named: bool) -> str:
    """Why a method is not for these studies; empty where it is."""
    k = len(subject.names)
    if k < method.least:
        return f"it needs {method.least} studies, and there are {k}"
    if not all(name in subject.counts for name in method.needs):
        return f"it needs {', '.join(method.needs)}"
    if named:
        return ""
    if method.measures and subject.measure is not None and subject.measure not in method.measures:
        return f"it is made for {', '.join(method.measures)}, not for {subject.measure}"
    return method.only_named


def _found(name: str, subject: Subject, *, whole: bool) -> BiasFinding:
    method = BIAS[name]
    try:
        return (method.whole or method.run)(subject) if whole else method.run(subject)
    except InvalidArgument as refused:
        return BiasFinding(name, method.kind, Numbers(), str(refused), usable=False, cautions=(), cannot_tell="")


def _permuted(found: BiasFinding, of: Subject, asked: Permutations) -> BiasFinding:
    """A test with its permutation p-value; another method as it is."""
    if found.kind != "test" or found.numbers.p_bias is None:
        return found
    counts: dict[str, Any] = dict(of.counts)
    permuted = small_study_permutation(
        found.name, of.yi, of.vi, **counts, exact=asked.exact, arrangements=asked.arrangements,
        random=np.random.default_rng(asked.seed),
    )  # fmt: skip
    return replace(found, numbers=replace(found.numbers, p_permutation=permuted.p_value))


def _together(found: BiasOverview) -> Iterator[Note]:
    """What the methods tell together, by rule."""
    tests = [one for one in found.findings if one.kind == "test" and one.numbers.p_bias is not None]
    if tests:
        yield from _of_tests(tests)
    adjusted = [
        one for one in found.findings if one.kind in ("adjusted", "selection") and one.numbers.ci_low is not None
    ]
    if adjusted:
        yield from _of_adjusted(adjusted, found.observed)
    yield Note("unseen", "none of these methods sees what was held back: that they agree is no proof that nothing was")


def _of_tests(tests: Sequence[BiasFinding]) -> Iterator[Note]:
    usable = [one for one in tests if one.usable]
    if not usable:
        yield Note("no_test", f"none of the {len(tests)} tests of asymmetry is usable with these studies")
        return
    shown = [one for one in usable if one.numbers.p_bias is not None and one.numbers.p_bias < ASYMMETRY]
    yield Note("tests", f"of {len(usable)} usable tests of asymmetry {len(shown)} find it at p below {ASYMMETRY:.2f}")
    if len(usable) > 1:
        yield Note("many", "several tests of one thing find something by chance: choose one before looking")


def _of_adjusted(adjusted: Sequence[BiasFinding], observed: Pooled) -> Iterator[Note]:
    usable = [one for one in adjusted if one.usable]
    if not usable:
        many = f"none of the {len(adjusted)} adjusted estimates is usable with these studies"
        yield Note("none_usable", f"{many}: they show how little is known, not what is true")
        return
    side = _side(observed.ci_low, observed.ci_high)
    same = [one for one in usable if _side(one.numbers.ci_low, one.numbers.ci_high) == side]
    where = "holds 0, as that of the pool" if side == 0 else "lies on the pool's side of 0"
    yield Note("adjusted", f"of {len(usable)} usable adjusted estimates {len(same)} have an interval that {where}")
    others = ", ".join(one.name for one in usable if one not in same)
    if others:
        yield Note("otherwise", f"otherwise by {others}")


def _side(low: float | None, high: float | None) -> int:
    """1 for an interval above 0, -1 for one below, 0 for one that holds it."""
    if low is None or high is None:
        return 0
    return 1 if low > 0 else -1 if high < 0 else 0
