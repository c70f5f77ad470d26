"""Thresholds of a rule weighed: what each choice finds of the useful and lets through of the useless."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.scoring.language import BoolArray
from synthesis.scoring.operating.behaviour import Behaviour, Setting, behaviours, check_known
from synthesis.scoring.operating.publication import Publication
from synthesis.scoring.operating.worth import in_turn, variance_of
from synthesis.scoring.rule import OUTSIDE, Procedure, Rule, procedure_of
from synthesis.scoring.states import Fact
from synthesis.text import decimal, table

MOST_CHOICES = 5_000
DIGITS = 12  # of a probability, beyond which two are the same


@dataclass(frozen=True, slots=True)
class Truth:
    """One way things may be, and how probable that is."""

    weight: float  # any scale: weights are made to sum to 1
    theta: float  # true mean effect, benefit above 0
    tau2: float = 0.0
    publication: Publication = field(default_factory=Publication)


@dataclass(frozen=True, slots=True)
class Loss:
    """What mistakes cost, in any unit."""

    useless_called: float = 1.0  # a useless treatment is called useful
    useful_missed: float = 1.0  # a useful one is not


@dataclass(frozen=True, slots=True)
class Weighed:
    """One choice of thresholds with what it comes to."""

    policy: str
    values: Mapping[str, float]  # those that were varied
    top_useful: float  # P(best output | useful)
    called_useful: float  # P(called useful | useful)
    called_useless: float  # P(called useful | useless)
    loss: float
    frontier: bool = False  # no other choice is better in one of top_useful and called_useless and as good in the other

    @property
    def label(self) -> str:
        """The choice in words."""
        return ", ".join([self.policy, *(f"{name} = {value:g}" for name, value in self.values.items())])


@dataclass(frozen=True, slots=True)
class DesignedRule:
    """Choices of thresholds, the least loss first."""

    rule: str
    top: str  # the best output
    called: str  # the least output that calls a treatment useful
    worthwhile: float  # a true mean effect above it is useful
    useful: float  # prior probability
    choices: tuple[Weighed, ...]

    @property
    def frontier(self) -> tuple[Weighed, ...]:
        """The choices that no other one beats, by P(called useful | useless)."""
        best = (one for one in self.choices if one.frontier)
        return tuple(sorted(best, key=lambda one: (one.called_useless, one.top_useful, one.label)))

    def summary(self) -> str:
        """The choices as a table."""
        header = ("choice", f"P({self.top}|useful)", f"P(>={self.called}|useful)", f"P(>={self.called}|useless)")
        rows = [
            (
                one.label,
                *(decimal(share, 3) for share in (one.top_useful, one.called_useful, one.called_useless, one.loss)),
                "*" if one.frontier else "",
            )
            for one in self.choices
        ]
        return table((*header, "loss", "frontier"), rows, range(1, 5))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for JSON."""
        head = {name: getattr(self, name) for name in ("rule", "top", "called", "worthwhile", "useful")}
        return {**head, "choices": [asdict(one) for one in self.choices]}


def design_rule(
    rule: Rule,
    truths: Sequence[Truth],
    *,
    values: Mapping[str, Sequence[float]] | None = None,
    policies: Sequence[str] | None = None,
    loss: Loss | None = None,
    worthwhile: float = 0.0,
    called: str | None = None,
    k: Sequence[int] = (2, 3, 5, 10),
    n: float = 100,
    levels: Sequence[float] = (5,),
    facts: Mapping[str, Any] | None = None,
    context: Mapping[str, Fact] | None = None,
    say: Callable[[int, int], None] = lambda _done, _of: None,
) -> DesignedRule:
    """Every choice of thresholds with its loss, the least first.

    Parameters
    ----------
    rule : Rule
        It grades interventions.
    truths : sequence of Truth
        The prior: effects, heterogeneities and how results are reported, with their weights.
    values : mapping of str to sequence of float, optional
        Named constants of the rule, and what each may be: `{"several": [1, 2, 3]}`.
    policies : sequence of str, optional
        Readings of the rule; by default its first.
    loss : Loss, optional
        What mistakes cost; by default both cost 1.
    worthwhile : float
        A true mean effect above it makes a treatment useful.
    called : str, optional
        The least output that calls a treatment useful; by default the second best.
    k : sequence of int
        Numbers of studies, equally probable.
    n : float
        People per arm.
    levels, facts, context
        As for `behaviour_table`.
    say : callable, optional
        Called with the number of choices done and of all.

    Raises
    ------
    InvalidArgument
        For unknown names, a prior without useful or without useless truths, and more than 5,000 choices.
    """
    check_known(rule, {"level": list(levels), **(facts or {})}, context)
    top, least = _best(rule, called)
    useful = _prior(truths, worthwhile)
    choices = list(_choices(rule, values or {}, policies))
    if len(choices) > MOST_CHOICES:
        raise InvalidArgument(f"{len(choices):,} choices are more than {MOST_CHOICES:,}: give fewer values")
    settings = [
        Setting(
            np.full(number, variance_of(n, truth.theta)), truth.theta, truth.tau2, in_turn(levels, number),
            {"n": 2 * n, **(facts or {})}, truth.publication,
        )
        for truth in truths
        for number in k
    ]  # fmt: skip
    weights = np.repeat([truth.weight for truth in truths], len(k))
    right = np.array([setting.theta > worthwhile for setting in settings])
    weighed = []
    for place, (procedure, varied) in enumerate(choices, start=1):
        found = behaviours(replace(rule, policies={procedure.name: procedure}), settings, context=context)
        tops = _mean([one.probability(top) for one in found], weights * right)
        calls = [_at_least(rule, one, least) for one in found]
        chances = (_mean(calls, weights * right), _mean(calls, weights * ~right))
        cost = _cost(loss or Loss(), useful, *chances)
        weighed.append(Weighed(procedure.name, varied, tops, *chances, cost))
        say(place, len(choices))
    ranked = sorted(_with_frontier(weighed), key=lambda one: (round(one.loss, DIGITS), not one.frontier, one.label))
    return DesignedRule(rule.key, top, least, worthwhile, useful, tuple(ranked))


def _best(rule: Rule, called: str | None) -> tuple[str, str]:
    """The best output, and the least that calls a treatment useful."""
    outputs = [name for name, output in rule.outputs.items() if output.colour != OUTSIDE]
    if called is not None and called not in outputs:
        raise InvalidArgument(f"rule {rule.key} has no output {called!r}: {did_you_mean(called, outputs)}")
    if len(outputs) < 2:
        raise InvalidArgument(f"rule {rule.key} has no two outputs to choose between")
    return outputs[-1], called or outputs[-2]


def _prior(truths: Sequence[Truth], worthwhile: float) -> float:
    """The prior probability that a treatment is useful."""
    if not truths or min(truth.weight for truth in truths) < 0:
        raise InvalidArgument("the prior needs truths with weights that are not below 0")
    useful = sum(truth.weight for truth in truths if truth.theta > worthwhile)
    whole = sum(truth.weight for truth in truths)
    if not 0 < useful < whole:
        raise InvalidArgument(f"the prior needs true effects above {worthwhile:g} and others that are not")
    return useful / whole


def _choices(
    rule: Rule, values: Mapping[str, Sequence[float]], policies: Sequence[str] | None
) -> Iterable[tuple[Procedure, dict[str, float]]]:
    """The rule under each policy with each combination of constants."""
    for policy in policies or (rule.base,):
        procedure = procedure_of(rule, policy)
        for name, several in values.items():
            if not all(math.isfinite(value) for value in several):
                raise InvalidArgument(f"{name} must be numbers, each of them finite, not {list(several)!r}")
            known = [other for other, value in procedure.values.items() if not isinstance(value, str)]
            if name not in known:
                raise InvalidArgument(f"rule {rule.key} has no number {name!r}: {did_you_mean(name, known)}")
        for chosen in itertools.product(*values.values()):
            varied = {name: float(value) for name, value in zip(values, chosen, strict=True)}
            yield replace(procedure, values={**procedure.values, **varied}), varied


def _at_least(rule: Rule, found: Behaviour, least: str) -> float:
    """How often an output is that one or a better one; those outside the shared vocabulary call nothing useful."""
    names = list(rule.outputs)
    good = {name for name in names[names.index(least) :] if rule.outputs[name].colour != OUTSIDE}
    return min(1.0, sum(share for name, share in found.shares if name in good))


def _mean(values: Sequence[float], weights: np.ndarray) -> float:
    return float(np.average(values, weights=weights))


def _cost(loss: Loss, useful: float, called_useful: float, called_useless: float) -> float:
    return loss.useful_missed * useful * (1 - called_useful) + loss.useless_called * (1 - useful) * called_useless


def _with_frontier(choices: Sequence[Weighed]) -> list[Weighed]:
    """The choices, those marked that no other one beats."""
    found = np.array([one.top_useful for one in choices]).round(DIGITS)
    let_through = np.array([one.called_useless for one in choices]).round(DIGITS)
    no_worse = (found >= found[:, None]) & (let_through <= let_through[:, None])
    better = (found > found[:, None]) | (let_through < let_through[:, None])
    beaten: BoolArray = np.any(no_worse & better, axis=1)
    return [replace(one, frontier=not lost) for one, lost in zip(choices, beaten.tolist(), strict=True)]
