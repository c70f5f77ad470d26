"""Moderators of a review: what its pools' studies state of themselves, regressed on and compared by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from synthesis.evidence.attributes import ATTRIBUTES, Subject, text_of
from synthesis.evidence.entries import Entry
from synthesis.evidence.options import Options
from synthesis.evidence.pools import Evidence, Pool
from synthesis.pooling.moderators.asked import Answer, Request, Value, answer, compared_groups, refuse_hopeless
from synthesis.pooling.moderators.subgroups import Subgroups
from synthesis.records.study import NOT_STATED


@dataclass(frozen=True, slots=True)
class Unstated:
    """A study of a pool that does not state a moderator, or states two."""

    study: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class PoolRegression:
    """The regression of one pool."""

    pool: Pool
    entries: tuple[Entry, ...]  # those that state every moderator
    data: Mapping[str, Sequence[Value]]  # their moderators
    left_out: tuple[Unstated, ...]
    answer: Answer


@dataclass(frozen=True, slots=True, eq=False)
class PoolSubgroups:
    """The kinds of studies in one pool, compared."""

    pool: Pool
    studies: Mapping[str, tuple[str, ...]]  # of each kind
    left_out: tuple[Unstated, ...]
    found: Subgroups | None
    problem: str = ""  # why there is no comparison


def regress_pools(
    evidence: Evidence, request: Request, say: Callable[[str], None] = lambda _: None
) -> tuple[PoolRegression, ...]:
    """A regression of every pool, in the order of the pools.

    Parameters
    ----------
    evidence : Evidence
        One effect for each study, as pooled; its options know the years where a moderator needs them.
    request : Request
        A settled one, whose moderators are among ATTRIBUTES.
    say : callable, optional
        Called with the name of each pool before it is fitted.

    Raises
    ------
    InvalidArgument
        Where no pool can be fitted and the formula is to blame.
    """
    found = []
    for pool in evidence.pools:
        say(" ".join(pool.key.by))
        entries, columns, left = stated(pool, request.names, evidence.options)
        answered = answer(request, [one.yi for one in entries], [one.vi for one in entries], columns)
        found.append(PoolRegression(pool, entries, columns, left, answered))
    refuse_hopeless(one.answer for one in found)
    return tuple(found)


def compare_kinds(
    evidence: Evidence, group: str, *, tau2: str = "separate", not_stated: bool = False
) -> tuple[PoolSubgroups, ...]:
    """The kinds of studies of every pool, compared by the evidence's own method and test.

    Parameters
    ----------
    group : str
        One of ATTRIBUTES.
    tau2 : str
        separate or common, as for `subgroups`.
    not_stated : bool
        Whether studies that do not state it are a kind of their own.
    """
    options = evidence.options
    found = []
    for pool in evidence.pools:
        entries, columns, left = stated(pool, (group,), options, not_stated=not_stated)
        kinds = [text_of(value) for value in columns[group]]
        made, problem = compared_groups(
            [one.yi for one in entries], [one.vi for one in entries], kinds,
            tau2=tau2, method=options.method, test=options.test, level=options.level,
        )  # fmt: skip
        studies = {
            kind: tuple(entry.study.key for entry, its in zip(entries, kinds, strict=True) if its == kind)
            for kind in sorted(set(kinds))
        }
        found.append(PoolSubgroups(pool, studies, left, made, problem))
    return tuple(found)


def stated(
    pool: Pool, names: Sequence[str], options: Options, *, not_stated: bool = False
) -> tuple[tuple[Entry, ...], dict[str, list[Value]], tuple[Unstated, ...]]:
    """The studies that state all the names, with what they state; and the others, with the reason."""
    kept, left = [], []
    columns: dict[str, list[Value]] = {name: [] for name in names}
    for entry in pool.entries:
        values = {name: _values(entry, name, options) for name in names}
        reasons = [reason for name, found in values.items() if (reason := _unclear(name, found, not_stated=not_stated))]
        if reasons:
            left.append(Unstated(entry.study.key, "; ".join(reasons)))
            continue
        kept.append(entry)
        for name, (value,) in values.items():
            columns[name].append(NOT_STATED if value is None else value)
    return tuple(kept), columns, tuple(left)


def _values(entry: Entry, name: str, options: Options) -> tuple[Value | None, ...]:
    """What the contrasts of one study say of an attribute, each value once; None where they do not state it.

    The level is the lowest among the contrasts, as in the pool itself.
    """
    if name == "level":
        return (entry.level,)
    year = options.years.get(entry.study.key)
    found = (ATTRIBUTES[name](Subject(entry.study, one.contrast.finding, year)) for one in entry.effects)
    plain = (value if isinstance(value, (int, float)) else text_of(value) for value in found)
    return tuple(dict.fromkeys(None if value in (NOT_STATED, "") else value for value in plain))


def _unclear(name: str, values: Sequence[Value | None], *, not_stated: bool) -> str:
    """Why a study has no one value of an attribute; empty where it has."""
    if len(values) > 1:
        return f"{name} differs between its contrasts: {', '.join(text_of(value) for value in values)}"
    return f"{name} {NOT_STATED}" if values[0] is None and not not_stated else ""
