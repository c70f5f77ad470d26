"""How surprising a score is: under the pooled model of its cell, and if there were no effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.scoring.operating.additive import ordered, relevant, running
from synthesis.scoring.operating.behaviour import Behaviour, Setting, behaviours
from synthesis.scoring.operating.designs import COMPUTED
from synthesis.scoring.rule import BLANK, Rule
from synthesis.scoring.states import Fact
from synthesis.text import decimal

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class ScoredCell:
    """A cell as it was scored, and the model that its pool gives."""

    output: str  # empty for blank
    variances: Any  # of the studies' effects, shape (k,)
    theta: float  # pooled, benefit above 0
    tau2: float
    levels: Any = 5  # of all studies, or one for each
    facts: Mapping[str, Any] = field(default_factory=dict)  # as for `behaviour`
    scale: float | None = 1.0  # as for `behaviour`


@dataclass(frozen=True, slots=True)
class Chance:
    """How often the rule gives what it gave."""

    same: float  # P(S = s)
    as_good: float  # P(S >= s), in the order of the rule's outputs
    expected: float | None  # points; None where outputs are no numbers
    likeliest: str  # the output that is most probable


@dataclass(frozen=True, slots=True)
class Surprise:
    """How often a rule gives what it gave for a cell, under two truths with the cell's own studies."""

    output: str
    k: int
    theta: float
    tau2: float
    pooled: Chance  # the true mean effect is the pooled one
    nothing: Chance  # it is 0, with the same heterogeneity
    method: str  # exact | simulation
    reason: str = ""  # why it is not exact

    def summary(self) -> str:
        """One line of text."""
        pooled, nothing = self.pooled, self.nothing
        return (
            f"{self.output}: P(this) {decimal(pooled.same, 3)}, P(this or better) {decimal(pooled.as_good, 3)} under "
            f"the pooled model (theta = {self.theta:.3g}, tau2 = {self.tau2:.3g}); {decimal(nothing.same, 3)} and "
            f"{decimal(nothing.as_good, 3)} under no effect; k = {self.k}, {self.method}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for JSON."""
        return asdict(self)


def surprise(
    rule: Rule,
    cell: ScoredCell,
    *,
    policy: str | None = None,
    context: Mapping[str, Fact] | None = None,
    reading: str = COMPUTED,
) -> Surprise:
    """How surprising the score of one cell is; see `surprise_many`."""
    return surprise_many(rule, {0: cell}, policy=policy, contexts={0: context or {}}, reading=reading)[0]


def surprise_many(
    rule: Rule,
    cells: Mapping[Key, ScoredCell],
    *,
    policy: str | None = None,
    contexts: Mapping[Key, Mapping[str, Fact]] | None = None,
    reading: str = COMPUTED,
) -> dict[Key, Surprise]:
    """How surprising the scores of many cells are.

    Parameters
    ----------
    rule : Rule
        The one that gave the scores.
    cells : mapping of key to ScoredCell
        The cells, each with its studies and its pooled model.
    policy : str, optional
        The policy of the scores; by default the rule's first.
    contexts : mapping, optional
        What is known beside the studies of each cell.
    reading : {'computed', 'favourable'}
        As for `behaviour`.

    Returns
    -------
    dict of key to Surprise

    Raises
    ------
    InvalidArgument
        As `behaviour` does, and for an output that the rule does not have.

    Notes
    -----
    Cells with the same number of studies and the same context are followed together. A simulation has 20,000 draws.
    """
    run = running(rule, policy, {})
    groups: dict[tuple[Any, ...], list[Key]] = defaultdict(list)
    for key, cell in cells.items():
        _check_output(rule, cell.output)
        context = relevant(run, (contexts or {}).get(key, {}))
        groups[cell.scale, context].append(key)
    found: dict[Key, Surprise] = {}
    for (scale, context), keys in groups.items():
        together = [cells[key] for key in keys]
        found |= zip(
            keys, _together(rule, together, dict(context), policy=policy, reading=reading, scale=scale), strict=True
        )
    return {key: found[key] for key in cells}


def _check_output(rule: Rule, output: str) -> None:
    """Raise InvalidArgument for what the rule never gives, so far as its file tells."""
    if output not in ("", BLANK, *rule.outputs) and not rule.gives_points:
        raise InvalidArgument(f"rule {rule.key} has no output {output!r}: {did_you_mean(output, rule.outputs)}")


def _together(
    rule: Rule,
    cells: list[ScoredCell],
    context: Mapping[str, Fact],
    *,
    policy: str | None,
    reading: str,
    scale: float | None,
) -> list[Surprise]:
    """Cells of one context."""
    truths = [
        Setting(cell.variances, theta, cell.tau2, cell.levels, cell.facts)
        for cell in cells
        for theta in (cell.theta, 0.0)
    ]
    found = behaviours(rule, truths, policy=policy, context=context, reading=reading, scale=scale)
    return [_surprise(rule, cell, found[2 * place], found[2 * place + 1]) for place, cell in enumerate(cells)]


def _surprise(rule: Rule, cell: ScoredCell, pooled: Behaviour, nothing: Behaviour) -> Surprise:
    output = cell.output or BLANK
    return Surprise(
        output=output,
        k=pooled.k,
        theta=pooled.theta,
        tau2=pooled.tau2,
        pooled=_chance(rule, pooled, output),
        nothing=_chance(rule, nothing, output),
        method=pooled.method,
        reason=pooled.reason,
    )


def _chance(rule: Rule, found: Behaviour, output: str) -> Chance:
    order = found.order if output in found.order else ordered(rule, (*found.order, output))
    good = order[order.index(output) :]
    likeliest = max(found.shares, key=lambda one: one[1])[0]
    as_good = min(1.0, sum(share for name, share in found.shares if name in good))
    return Chance(found.probability(output), as_good, found.expected, likeliest)
