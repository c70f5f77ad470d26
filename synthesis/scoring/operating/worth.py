"""What points are worth: how a rule behaves over numbers and sizes of studies, heterogeneities and true effects."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import FloatArray
from synthesis.errors import InvalidArgument
from synthesis.pooling.check import is_number
from synthesis.scoring.operating.additive import ordered
from synthesis.scoring.operating.behaviour import AUTO, DRAWS, Behaviour, Setting, behaviours, check_known
from synthesis.scoring.operating.designs import COMPUTED
from synthesis.scoring.operating.publication import REPORTED, Publication, publication_of
from synthesis.scoring.rule import Rule
from synthesis.scoring.states import Fact
from synthesis.text import decimal, table

MOST_SETTINGS = 20_000
MOST_STUDIES = 500


@dataclass(frozen=True, slots=True)
class Worth:
    """How a rule behaves in one setting."""

    n: float  # people per arm
    behaviour: Behaviour


@dataclass(frozen=True, slots=True)
class WorthTable:
    """How a rule behaves in many settings."""

    rule: str
    policy: str
    levels: tuple[float, ...]  # of the studies, in turn; empty: not stated
    outputs: tuple[str, ...]  # from worst to best
    rows: tuple[Worth, ...]  # by theta, tau2, n and k

    def summary(self) -> str:
        """The table as text."""
        points = self.rows[0].behaviour.expected is not None
        shares = [f"P({name})" for name in self.outputs]
        header = ("theta", "tau2", "n per arm", "k", *shares, *(("expected",) if points else ()))
        rows = [
            (
                f"{row.behaviour.theta:g}",
                f"{row.behaviour.tau2:g}",
                f"{row.n:g}",
                str(row.behaviour.k),
                *(decimal(row.behaviour.probability(name), 3) for name in self.outputs),
                *((decimal(row.behaviour.expected, 2),) if points else ()),
            )
            for row in self.rows
        ]
        return table(header, rows, range(len(header)))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for JSON."""
        rows = [{"n_per_arm": row.n, **row.behaviour.to_dict()} for row in self.rows]
        head = {"rule": self.rule, "policy": self.policy, "levels": list(self.levels), "outputs": list(self.outputs)}
        return {**head, "rows": rows}


def variance_of(n: float, theta: float) -> float:
    """The sampling variance of a standardised mean difference of two arms of n people: 2 / n + theta^2 / (4 n).

    References
    ----------
    Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
    Educational Statistics 6(2), 107-128.
    """
    return 2 / n + theta**2 / (4 * n)


def behaviour_table(
    rule: Rule,
    *,
    k: Sequence[int] = (1, 2, 3, 5, 10, 20),
    n: Sequence[float] = (100,),
    tau2: Sequence[float] = (0.0, 0.04),
    theta: Sequence[float] = (0.0, 0.2),
    levels: Sequence[float] = (5,),
    facts: Mapping[str, Any] | None = None,
    context: Mapping[str, Fact] | None = None,
    policy: str | None = None,
    publication: float | Mapping[str, float] | Publication = 1.0,
    of: str = REPORTED,
    reading: str = COMPUTED,
    method: str = AUTO,
    draws: int = DRAWS,
    seed: int = 1,
) -> WorthTable:
    """How a rule behaves in every combination of settings.

    Parameters
    ----------
    rule : Rule
        It grades interventions.
    k : sequence of int
        Numbers of studies, at most 500.
    n : sequence of float
        People per arm of every study; the variance of an effect is 2 / n + theta^2 / (4 n).
    tau2, theta : sequence of float
        Variances of the true effects, and their means.
    levels : sequence of float
        Maryland levels that the studies have in turn: (5, 4) gives 5, 4, 5, 4, ...; empty: not stated.
    facts : mapping, optional
        What else is known of every study. `n` among the fields is 2 n of each setting unless it is given.
    context, policy, publication, of, reading, method, draws, seed
        As for `behaviour`.

    Raises
    ------
    InvalidArgument
        For values out of range, and more than 20,000 settings.
    """
    for name, values in (("k", k), ("n", n), ("tau2", tau2), ("theta", theta)):
        if not values or not all(is_number(value) for value in values):
            raise InvalidArgument(f"{name} takes at least one number")
    if not all(size > 0 and np.isfinite(size) for size in n):
        raise InvalidArgument("n, the people per arm, must be greater than 0")
    if not all(0 <= number <= MOST_STUDIES and number == int(number) for number in k):
        raise InvalidArgument(f"k, the number of studies, must be a whole number from 0 to {MOST_STUDIES}")
    check_known(rule, {"level": list(levels), **(facts or {})}, context)
    places = list(itertools.product(theta, tau2, n, k))
    if len(places) > MOST_SETTINGS:
        raise InvalidArgument(f"{len(places):,} settings are more than {MOST_SETTINGS:,}: give fewer values")
    chosen = publication_of(publication, of)
    settings = [
        Setting(
            variances=np.full(int(number), variance_of(size, effect)),
            theta=effect,
            tau2=spread,
            levels=in_turn(levels, int(number)),
            facts={"n": 2 * size, **(facts or {})},
            publication=chosen,
        )
        for effect, spread, size, number in places
    ]
    how: dict[str, Any] = {"policy": policy, "context": context, "reading": reading, "method": method}
    found = behaviours(rule, settings, **how, draws=draws, seed=seed)
    names = ordered(rule, (name for one in found for name, share in one.shares if share > 0))
    rows = tuple(Worth(place[2], one) for place, one in zip(places, found, strict=True))
    return WorthTable(rule.key, found[0].policy, tuple(levels), names, rows)


def in_turn(levels: Sequence[float], k: int) -> list[float] | None:
    """Levels of so many studies, which have them in turn; None where none is given."""
    return [levels[place % len(levels)] for place in range(k)] if levels else None


def pools_above_0(
    rows: Sequence[Worth], *, draws: int = 2_000, seed: int = 1, method: str = "REML", test: str = "adhoc"
) -> FloatArray:
    """How often the pooled 95 % interval of the same studies lies above 0, by simulation, shape (rows,).

    Parameters
    ----------
    rows : sequence of Worth
        Settings whose studies all are reported, as many as there are.
    draws, seed : int
        Of the simulation.
    method, test : str
        As for `pool`.
    """
    from synthesis.pooling.many import pool_many

    generator = np.random.default_rng(seed)
    found = np.zeros(len(rows))
    for place, row in enumerate(rows):
        k, theta = row.behaviour.k, row.behaviour.theta
        if not k:
            continue
        v = variance_of(row.n, theta)
        y = theta + np.sqrt(v + row.behaviour.tau2) * generator.standard_normal(draws * k)
        group = np.repeat(np.arange(draws), k)
        pools = pool_many(y, np.full(draws * k, v), group, method=method, test=test, tau2_interval=None)
        found[place] = float((pools["ci_low"] > 0).mean())
    return found
