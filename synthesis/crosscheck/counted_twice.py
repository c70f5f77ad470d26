"""Double counting undone: each pool with what looks like one trial counted once, beside the pool as it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import Any

import numpy as np

from synthesis.citations.edges import REVIEWING, Edge
from synthesis.crosscheck.double_counting import numbers_of
from synthesis.errors import InvalidArgument
from synthesis.evidence import Entry, Evidence, Key, Options, Pool
from synthesis.evidence.pools import WITHOUT_COUNTS, centre
from synthesis.pooling import Pooled, pool_groups
from synthesis.records.study import Counts, Means, Study

NAMED = re.compile(r"([a-z]+)(\d{4})")  # a study's key: author and year
MOST_CHOICES = 256  # of which study of each group is kept
REPORT, NUMBERS, REVIEWS, TWINS, GIVEN = "shared report", "same numbers", "two reviews", "one document", "given"


@dataclass(frozen=True, slots=True, order=True)
class Suspicion:
    """Two studies of a pool that may be one trial, and why."""

    one: str  # keys of the studies, in their order
    other: str
    kind: str  # shared report | same numbers | two reviews | one document | given
    reason: str


@dataclass(frozen=True, slots=True)
class Group:
    """Studies that are suspected, directly or through others, to be one trial."""

    studies: tuple[str, ...]
    kept: str
    suspicions: tuple[Suspicion, ...]


@dataclass(frozen=True, slots=True)
class CountedOnce:
    """A pool with each group of suspected duplicates reduced to one study; effects on the scale of `measure`."""

    key: Key
    measure: str
    better: str  # of the outcome: lower | higher
    groups: tuple[Group, ...]
    before: Pooled
    after: Pooled
    lowest: float | None  # estimate, whichever study of each group is kept; None for more than 256 choices
    highest: float | None
    always: bool | None  # whether the interval holds 0, or lies on the same side of it, whichever study is kept

    @property
    def changed(self) -> bool:
        """Whether the interval holds 0 only before, or only after, or goes from one side of it to the other."""
        return _side(self.before) != _side(self.after)

    @property
    def verdict(self) -> str:
        """What undoing the double counting does, and what cannot be told."""
        gone = self.before.k - self.after.k
        said = f"Counted once, {gone} of {self.before.k} studies leave{'s' if gone == 1 else ''} the pool"
        if self.changed:
            said += f": its interval {_words(self.before)} with them and {_words(self.after)} without"
        else:
            said += f", and its interval {_words(self.after)} as before"
        if self.always is False:
            said += "; with other studies kept the answer differs"
        if all(one.kind == GIVEN for group in self.groups for one in group.suspicions):
            return f"{said}."
        return f"{said}. The suspicion rests on what the records say: only the reports tell whether it is one trial."


def suspicions_of(pool: Pool, citations: Iterable[Edge] = ()) -> tuple[Suspicion, ...]:
    """Pairs of studies of a pool that may be one trial, counted twice.

    Parameters
    ----------
    pool : Pool
        Its entries.
    citations : iterable of Edge, optional
        The citation graph: two studies that one review lists side by side are not suspected of having reached the
        pool by two reviews.

    Returns
    -------
    tuple of Suspicion
        A report that both cite; the same numbers in a group of at least 10 people, or in both groups the other way
        round; the same effect and variance where no groups are told; or effects that were read in two
        different reviews, of one author within a year or of groups of the same sizes, and listed together in none.
    """
    listed: dict[str, set[str]] = {}
    for edge in citations:
        if edge.relation in REVIEWING:
            listed.setdefault(edge.source, set()).add(edge.target)
    found: list[Suspicion] = []
    for one, other in combinations(sorted(pool.entries, key=lambda entry: entry.study.key), 2):
        for kind, reason in _reasons(one, other, tuple(listed.values())):
            found.append(Suspicion(one.study.key, other.study.key, kind, reason))
    return tuple(found)


def _reasons(one: Entry, other: Entry, listed: Sequence[set[str]]) -> Iterator[tuple[str, str]]:
    shared = sorted(set(one.study.cite) & set(other.study.cite))
    if shared:
        yield REPORT, f"both cite {', '.join(shared)}"
    if said := _same_numbers(one, other):
        yield NUMBERS, said
    first, second = _read_in(one), _read_in(other)
    together = any(set(one.study.cite) & reports and set(other.study.cite) & reports for reports in listed)
    if first and second and not first & second and not together:
        alike = _alike(one, other)
        if alike:
            yield REVIEWS, f"read in {', '.join(sorted(first))} and in {', '.join(sorted(second))}, {alike}"


def _same_numbers(one: Entry, other: Entry) -> str:
    """Which numbers of two studies are the same, beyond chance; empty where none are."""
    if not isinstance(one.data, (Counts, Means)):
        return "their effects are the same, with the same variance" if (one.yi, one.vi) == (other.yi, other.vi) else ""
    first, second = numbers_of(one), numbers_of(other)
    same = [
        name
        for name, mine, theirs in zip(("treatment", "control"), first, second, strict=True)
        if mine is not None and mine == theirs
    ]
    if same:
        return f"the {' and '.join(same)} group{'s have' if len(same) > 1 else ' has'} the same numbers"
    turned = None not in first and first == second[::-1]
    return "the groups have the same numbers, turned round" if turned else ""


def _read_in(entry: Entry) -> set[str]:
    """The documents, not its own reports, that its effects were read in."""
    return {one.contrast.finding.source.document for one in entry.effects} - set(entry.study.cite)


def _alike(one: Entry, other: Entry) -> str:
    """What two studies have in common that one trial would; empty where nothing."""
    names = [NAMED.match(entry.study.key) for entry in (one, other)]
    if names[0] and names[1] and names[0][1] == names[1][1] and abs(int(names[0][2]) - int(names[1][2])) <= 1:
        return "of one author within a year"
    sizes = [(entry.data.n, entry.data.control_n) for entry in (one, other) if isinstance(entry.data, (Counts, Means))]
    return "with groups of the same sizes" if len(sizes) == 2 and sizes[0] == sizes[1] else ""


def reported_by(studies: Iterable[Study]) -> dict[str, list[str]]:
    """The keys of the studies that each report is of."""
    found: dict[str, list[str]] = defaultdict(list)
    for study in studies:
        for report in study.cite:
            found[report].append(study.key)
    return found


def twins(studies: Iterable[Study], documents: Iterable[tuple[str, str, str]]) -> tuple[Suspicion, ...]:
    """Pairs of studies of which a report of the one is, or is another version of, a report of the other.

    Parameters
    ----------
    studies : iterable of Study
        The records.
    documents : iterable of (str, str, str)
        Two keys of the library that are one document or two versions of one work, and why.
    """
    by_report = reported_by(studies)
    found: dict[frozenset[str], Suspicion] = {}
    for one, other, because in documents:
        for pair in product(by_report.get(one, ()), by_report.get(other, ())):
            if pair[0] != pair[1]:
                reason = f"{one} and {other}: {because}"
                found.setdefault(frozenset(pair), Suspicion(min(pair), max(pair), TWINS, reason))
    return tuple(sorted(found.values()))


def counted_once(
    evidence: Evidence, citations: Iterable[Edge] = (), also: Iterable[Suspicion] = ()
) -> tuple[CountedOnce, ...]:  # fmt: skip
    """Every pool in which a trial may be counted twice, before and after each such group is reduced to one study.

    Parameters
    ----------
    evidence : Evidence
        The pools of a review.
    citations : iterable of Edge, optional
        As for `suspicions_of`.
    also : iterable of Suspicion, optional
        Further pairs, as `known_as_one` and `twins` give them; those that no pool has together change nothing.

    Returns
    -------
    tuple of CountedOnce
        The study kept is the one of the highest level, of these the most precise, of these the first by key. The
        estimates whichever study is kept stand beside it.
    """
    edges, further = tuple(citations), tuple(also)
    found = []
    for pool in evidence.pools:
        keys = {entry.study.key for entry in pool.entries}
        given = [one for one in further if {one.one, one.other} <= keys]
        groups = _groups(pool, (*suspicions_of(pool, edges), *given))
        if groups:
            found.append(_once(pool, groups, evidence.options))
    return tuple(found)


def known_as_one(one: str, other: str) -> Suspicion:
    """Two studies that somebody knows to be one trial.

    Raises
    ------
    InvalidArgument
        It is one study.
    """
    if one == other:
        raise InvalidArgument(f"{one} is named twice: a pair is of two studies")
    return Suspicion(min(one, other), max(one, other), GIVEN, "given as one trial")


def joined(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Names joined by pairs, directly or through others, in the order of the first of each."""
    found: list[set[str]] = []
    for one, other in pairs:
        touched = [group for group in found if one in group or other in group]
        found = [group for group in found if group not in touched]
        found.append({one, other}.union(*touched))
    return sorted(found, key=min)


def _groups(pool: Pool, suspicions: Sequence[Suspicion]) -> tuple[Group, ...]:
    """Studies joined by suspicions."""
    entries = {entry.study.key: entry for entry in pool.entries}
    return tuple(
        Group(
            tuple(sorted(group)),
            min(group, key=lambda key: (-entries[key].level, entries[key].vi, key)),
            tuple(one for one in suspicions if one.one in group),
        )
        for group in joined((one.one, one.other) for one in suspicions)
    )


def _once(pool: Pool, groups: Sequence[Group], options: Options) -> CountedOnce:
    every = prod(len(group.studies) for group in groups)
    kept = [tuple(group.kept for group in groups)]
    if every <= MOST_CHOICES:
        kept += list(product(*(group.studies for group in groups)))
    suspected = {key for group in groups for key in group.studies}
    reduced = [
        tuple(entry for entry in pool.entries if entry.study.key not in suspected or entry.study.key in choice)
        for choice in kept
    ]
    after, *others = _fits(reduced, options)
    estimates = [fit.estimate for fit in others]
    return CountedOnce(
        pool.key, pool.measure, pool.better, tuple(groups), pool.fit, after,
        min(estimates, default=None), max(estimates, default=None),
        all(_side(fit) == _side(after) for fit in others) if others else None,
    )  # fmt: skip


def _fits(several: Sequence[tuple[Entry, ...]], options: Options) -> list[Pooled]:
    """The pool of each set of entries, as the review pools; without counts for DLMH by DL."""
    columns = [(np.array([one.yi for one in own]), np.array([one.vi for one in own])) for own in several]
    asked: dict[str, Any] = {
        "test": options.test, "level": options.level, "tau2_interval": options.tau2_interval,
        "prediction": options.prediction,
    }  # fmt: skip
    if options.method != "DLMH":
        return list(pool_groups(columns, method=options.method, **asked))
    centres = [centre(own) for own in several]
    if any(about is None and len(own) > 1 for about, own in zip(centres, several, strict=True)):
        return list(pool_groups(columns, method=WITHOUT_COUNTS, **asked))
    return list(pool_groups(columns, method="DLMH", mantel_haenszel=centres, **asked))


def _side(fit: Pooled) -> int:
    """1 where the interval lies above 0, -1 where below, 0 where it holds 0."""
    return (fit.ci_low > 0) - (fit.ci_high < 0)


def _words(fit: Pooled) -> str:
    return ("holds 0", "lies above 0", "lies below 0")[_side(fit)]
