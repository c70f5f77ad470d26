"""The pools of a review as methods of sensitivity take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.evidence.entries import Entry
from synthesis.evidence.moderators import Unstated, stated
from synthesis.evidence.options import Options
from synthesis.evidence.pools import WITHOUT_COUNTS, Evidence, Pool
from synthesis.pooling.batch import FloatArray
from synthesis.records.study import Counts, Means
from synthesis.sensitivity.overview.subject import Subject

SIDES = {"lower": "less", "higher": "greater"}  # of a benefit


@dataclass(frozen=True, slots=True, eq=False)
class PoolSubject:
    """The studies of one pool that state what is asked of them, and the others."""

    pool: Pool
    subject: Subject | None  # None where no study states it
    left_out: tuple[Unstated, ...]


def pool_subjects(evidence: Evidence, names: Sequence[str] = ()) -> tuple[PoolSubject, ...]:
    """Every pool of a review, in the order of the pools.

    Parameters
    ----------
    evidence : Evidence
        One effect for each study; its options know the years where these are asked for.
    names : sequence of str
        Keys of ATTRIBUTES that the studies must state.
    """
    found = []
    for pool in evidence.pools:
        entries, columns, left = stated(pool, names, evidence.options)
        subject = subject_of(pool, entries, evidence.options, columns) if entries else None
        found.append(PoolSubject(pool, subject, left))
    return tuple(found)


def subject_of(
    pool: Pool,
    entries: Sequence[Entry],
    options: Options,
    columns: dict[str, list[float | str]] | None = None,
    *,
    favours: str | None = None,
) -> Subject:
    """Some studies of a pool, by its own method and test; selection favours benefits unless something else is said."""
    counts = _counts(entries)
    by_counts = options.method != "DLMH" or "ai" in counts
    return Subject(
        tuple(entry.study.key for entry in entries), np.array([entry.yi for entry in entries]),
        np.array([entry.vi for entry in entries]), options.method if by_counts else WITHOUT_COUNTS, options.test,
        options.level, pool.measure, counts, columns or {}, SIDES[pool.better] if favours is None else favours,
    )  # fmt: skip


def _counts(entries: Sequence[Entry]) -> dict[str, FloatArray]:
    """Events and people, or people alone, where every study gives them."""
    data = [entry.data for entry in entries]
    people = [one for one in data if isinstance(one, (Counts, Means))]
    if len(people) < len(data):
        return {}
    found = {"n1i": [one.n for one in people], "n2i": [one.control_n for one in people]}
    counted = [one for one in people if isinstance(one, Counts)]
    if len(counted) == len(data):
        found |= {"ai": [one.events for one in counted], "ci": [one.control_events for one in counted]}
    return {name: np.array(values, dtype=np.float64) for name, values in found.items()}
