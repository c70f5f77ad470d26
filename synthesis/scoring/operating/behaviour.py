"""How a rule behaves: the distribution of what it gives, when the true effects are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synthesis.effects.columns import FloatArray
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.pooling.check import is_number
from synthesis.scoring.operating.additive import NotAdditive, Running, known_beside, ordered, running
from synthesis.scoring.operating.compared import names_told
from synthesis.scoring.operating.designs import (
    COMPUTED,
    Planned,
    category_chances,
    check_values,
    known_facts,
    planned,
)
from synthesis.scoring.operating.exact import Distribution, Exact, distribution, exact_of
from synthesis.scoring.operating.lattice import TooManyStates
from synthesis.scoring.operating.publication import REPORTED, Publication, publication_of, reported
from synthesis.scoring.operating.simulate import simulated
from synthesis.scoring.rule import BLANK, Rule
from synthesis.scoring.states import Fact, Facts
from synthesis.text import decimal, table

EXACT, SIMULATION, AUTO = "exact", "simulation", "auto"
METHODS = (AUTO, EXACT, SIMULATION)
DRAWS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Studies of one cell, and what is true of them."""

    variances: Any  # sampling variances of the effects, shape (k,)
    theta: float = 0.0  # true mean effect, benefit above 0
    tau2: float = 0.0  # variance of the true effects
    levels: Any = 5  # Maryland levels of all studies, or one for each; None: not stated
    facts: Mapping[str, Any] = field(default_factory=dict)  # what else is known of them
    publication: Publication = field(default_factory=Publication)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How often a rule gives which output."""

    rule: str
    policy: str
    outputs: tuple[str, ...]  # those that may come, from worst to best; `blank` where nothing counts
    probabilities: tuple[float, ...]
    expected: float | None  # of the points, blank being 0; None where outputs are no numbers
    undecided: float  # the probability that what is not stated leaves another output open
    k: int
    theta: float
    tau2: float
    publication: Publication
    method: str  # exact | simulation
    draws: int  # of a simulation; 0: exact
    reason: str  # why there is no exact distribution
    order: tuple[str, ...]  # these and all that the rule lists, from worst to best

    @property
    def shares(self) -> tuple[tuple[str, float], ...]:
        """Each output with its probability."""
        return tuple(zip(self.outputs, self.probabilities, strict=True))

    def probability(self, output: str) -> float:
        """How often the rule gives one output."""
        return dict(self.shares).get(output, 0.0)

    def at_least(self, output: str) -> float:
        """How often it gives that output or a better one, in the order of the rule."""
        if output not in self.order:
            raise InvalidArgument(f"no output {output!r} here: {did_you_mean(output, self.order)}")
        good = self.order[self.order.index(output) :]
        return min(1.0, sum(share for name, share in self.shares if name in good))

    def summary(self) -> str:
        """The outputs with their probabilities as text."""
        how = "exact" if self.method == EXACT else f"simulation of {self.draws:,} draws: {self.reason}"
        head = f"{self.rule} ({self.policy}), k = {self.k}, theta = {self.theta:g}, tau2 = {self.tau2:g}: {how}\n"
        rows = [(name, decimal(share)) for name, share in self.shares]
        mean = "" if self.expected is None else f"expected points {decimal(self.expected)}\n"
        return head + table(("output", "probability"), rows, (1,)) + mean

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for JSON."""
        names = ("rule", "policy", "k", "theta", "tau2", "expected", "undecided", "method", "draws", "reason")
        plain = {name: getattr(self, name) for name in names}
        return {**plain, "publication": self.publication.to_dict(), "probabilities": dict(self.shares)}


def behaviour(
    rule: Rule,
    variances: Any,
    *,
    theta: float = 0.0,
    tau2: float = 0.0,
    policy: str | None = None,
    levels: Any = 5,
    facts: Mapping[str, Any] | None = None,
    context: Mapping[str, Fact] | None = None,
    publication: float | Mapping[str, float] | Publication = 1.0,
    of: str = REPORTED,
    reading: str = COMPUTED,
    scale: float | None = 1.0,
    method: str = AUTO,
    draws: int = DRAWS,
    seed: int = 1,
) -> Behaviour:
    """How often a rule gives which output for one cell of studies.

    Parameters
    ----------
    rule : Rule
        As `load_rule` gives it; it grades interventions.
    variances : array-like, shape (k,)
        Sampling variances of the studies' effects y_i ~ N(theta_i, v_i).
    theta, tau2 : float
        theta_i ~ N(theta, tau2), benefit above 0.
    policy : str, optional
        A policy of the rule; by default its first.
    levels : int or array-like, shape (k,), optional
        Maryland levels; None: not stated.
    facts : mapping, optional
        What else is known of the studies, for all or one value for each: `{"n": [200, 90], "randomised": True}`.
    context : mapping, optional
        What is known of the intervention, and facts of the pool that are fixed.
    publication : float or mapping or Publication
        The probability that a result without significant benefit is reported; or one for each result: effective,
        ineffective, contrary.
    of : {'reported', 'done'}
        Whether k counts the reports, or the studies done, of which those not reported are missing.
    reading : {'computed', 'favourable'}
        Direction from the two-sided test at .05; or, for a benefit that is not significant, effective all the same.
    scale : float, optional
        What y is multiplied with to be the rule's `effect`, a standardised mean difference; None: `effect` not known.
    method : {'auto', 'exact', 'simulation'}
        By default exact, where the output depends on sums over the studies, else a simulation.
    draws, seed : int
        Of a simulation.

    Raises
    ------
    InvalidArgument
        For values that are out of their range, and for method 'exact' where there is no exact distribution.

    Notes
    -----
    An effect's direction and the rule's comparisons of it with constants part the real line into a few categories,
    whose probabilities are those of N(theta, v_i + tau2). What a study adds to the features of a cell depends on its
    category alone. The distribution of the features follows study by study, in a number of operations proportional to
    k times the number of different features, and the rule decides on each of them.
    """
    check_known(rule, {"level": levels, **(facts or {})}, context)
    setting = Setting(variances, theta, tau2, levels, dict(facts or {}), publication_of(publication, of))
    how: dict[str, Any] = {"policy": policy, "context": context, "reading": reading, "scale": scale}
    return behaviours(rule, [setting], method=method, draws=draws, seed=seed, **how)[0]


def behaviours(
    rule: Rule,
    settings: Sequence[Setting],
    *,
    policy: str | None = None,
    context: Mapping[str, Fact] | None = None,
    reading: str = COMPUTED,
    scale: float | None = 1.0,
    method: str = AUTO,
    draws: int = DRAWS,
    seed: int = 1,
) -> list[Behaviour]:
    """How often a rule gives which output in each of many settings; see `behaviour`.

    Settings with the same number of studies are followed together.
    """
    for one in settings:
        check_truth(one.theta, one.tau2, method, draws)
    known = dict(context or {})
    run = running(rule, policy, known)
    studies = _planned(run, settings)
    groups: dict[int, list[int]] = defaultdict(list)
    for place, own in enumerate(studies):
        groups[len(own.variances)].append(place)
    found: dict[int, Behaviour] = {}
    for places in groups.values():
        together = [(settings[place], studies[place]) for place in places]
        reason = "asked for" if method == SIMULATION else ""
        if method != SIMULATION:
            try:
                found |= zip(places, _exactly(run, known, together, reading, scale), strict=True)
                continue
            except (NotAdditive, TooManyStates) as refused:
                if method == EXACT:
                    raise
                reason = str(refused)
        for place, (setting, own) in zip(places, together, strict=True):
            drawn = simulated(
                run, known, own, (setting.theta, setting.tau2), setting.publication,
                reading=reading, scale=scale, draws=draws, seed=seed,
            )  # fmt: skip
            found[place] = _behaviour_of(run, drawn, [(setting, own)], draws, reason)[0]
    return [found[place] for place in range(len(settings))]


def _planned(run: Running, settings: Sequence[Setting]) -> list[Planned]:
    """The studies of each setting; of those that follow with the same studies, once."""
    told = names_told(run.rule, run.procedure)
    found: list[Planned] = []
    for place, one in enumerate(settings):
        before = settings[place - 1]
        if place and all(getattr(before, name) is getattr(one, name) for name in ("variances", "levels", "facts")):
            found.append(found[-1])
        else:
            found.append(planned(run.rule, one.variances, {"level": one.levels, **one.facts}, told))
    return found


def check_known(rule: Rule, facts: Mapping[str, Any] | None, context: Mapping[str, Fact] | None) -> None:
    """Raise InvalidArgument for values, of studies or of what is known beside them, that their names never have."""
    check_values(known_facts(rule), facts or {})
    check_values(known_beside(rule), context or {})


def check_truth(theta: float, tau2: float, method: str, draws: int) -> None:
    """Raise InvalidArgument for an effect or a heterogeneity that cannot be, or an unknown method."""
    if not is_number(theta) or not np.isfinite(theta):
        raise InvalidArgument(f"theta, the true effect, must be a finite number, not {theta!r}")
    if not is_number(tau2) or not np.isfinite(tau2) or tau2 < 0:
        raise InvalidArgument(f"tau2 must be a finite number that is not below 0, not {tau2!r}")
    if method not in METHODS:
        raise InvalidArgument(f"no method {method!r}: {did_you_mean(method, METHODS)}")
    if draws < 1:
        raise InvalidArgument("a simulation needs at least one draw")


def _exactly(
    run: Running,
    known: Mapping[str, Fact],
    together: list[tuple[Setting, Planned]],
    reading: str,
    scale: float | None,
) -> list[Behaviour]:
    """Settings with the same number of studies."""
    places: dict[Facts, int] = {}
    for _, own in together:
        for facts in own.designs:
            places.setdefault(facts, len(places))
    exact = exact_of(run, known, tuple(places), reading, sized=scale is not None)
    design = [[places[own.designs[which]] for which in own.design.tolist()] for _, own in together]
    weights, missing = _weights(exact, together, 1.0 if scale is None else scale)
    shape = (len(together), len(together[0][1].variances))
    return _behaviour_of(
        run, distribution(exact, np.array(design, dtype=np.intp).reshape(shape), weights, missing), together, 0, ""
    )


def _weights(exact: Exact, together: list[tuple[Setting, Planned]], scale: float) -> tuple[FloatArray, FloatArray]:
    """The probability of each category of each study, shape (c, m, k), and of not being reported, shape (m, k)."""
    v = np.array([own.variances for _, own in together])
    theta, tau2 = (np.array([[getattr(setting, name)] for setting, _ in together]) for name in ("theta", "tau2"))
    weights = category_chances(exact.categories, v, theta, tau2, scale)
    missing = np.zeros(v.shape)
    for place, (setting, _) in enumerate(together):
        if setting.publication.selects:
            shares = setting.publication.shares(exact.categories)
            weights[:, place], missing[place] = reported(weights[:, place], shares, setting.publication.of)
    return weights, missing


def _behaviour_of(
    run: Running, found: Distribution, together: list[tuple[Setting, Planned]], draws: int, reason: str
) -> list[Behaviour]:
    order = ordered(run.rule, (*run.rule.outputs, *found.outputs))
    each = zip(together, found.probabilities.tolist(), found.undecided.tolist(), strict=True)
    return [
        Behaviour(
            rule=run.rule.key,
            policy=run.procedure.name,
            outputs=found.outputs,
            probabilities=tuple(shares),
            expected=expected(found.outputs, shares),
            undecided=undecided,
            k=len(studies.variances),
            theta=float(setting.theta),
            tau2=float(setting.tau2),
            publication=setting.publication,
            method=SIMULATION if draws else EXACT,
            draws=draws,
            reason=reason,
            order=order,
        )
        for (setting, studies), shares, undecided in each
    ]


def expected(outputs: Sequence[str], shares: Sequence[float]) -> float | None:
    """The mean of outputs that are numbers, blank being 0; None where they are none."""
    try:
        points = [0.0 if output == BLANK else float(output) for output in outputs]
    except ValueError:
        return None
    return sum(point * share for point, share in zip(points, shares, strict=True))
