"""How rules behave and what thresholds trade, as tables, plain values and the data of figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from synthesis.effects.columns import FloatArray
from synthesis.rendering.figures.behaviour import behaviour_data
from synthesis.rendering.plots.behaviour_data import BehaviourData
from synthesis.rendering.rules import unseen, unseen_line
from synthesis.rendering.tables import Cell
from synthesis.scoring.operating.behaviour import EXACT
from synthesis.scoring.operating.publication import Publication
from synthesis.scoring.operating.thresholds import DesignedRule, Loss, Truth
from synthesis.scoring.operating.worth import Worth, WorthTable
from synthesis.scoring.rule import Rule
from synthesis.text import decimal, table

POOL = "pooled above 0"
BESIDE = "pooled interval above 0 (REML, adhoc)"
DESIGN_COLUMNS = ("policy", "values", "top_useful", "called_useful", "called_useless", "loss", "frontier", "not_seen")


def worth_columns(found: WorthTable, pools: FloatArray | None) -> list[str]:
    """The columns of the CSV table: settings, one for each output, and what is known beside them."""
    beside = [] if pools is None else ["pooled_above_0"]
    shares = [f"p_{name}" for name in found.outputs]
    return [
        "rule",
        "policy",
        "theta",
        "tau2",
        "n_per_arm",
        "k",
        *shares,
        "expected",
        "undecided",
        "method",
        "not_seen",
        *beside,
    ]


def worth_rows(found: WorthTable, rule: Rule, pools: FloatArray | None) -> Iterator[list[Cell]]:
    """One row for each setting; `not_seen` are the clauses that were not seen whole in their source."""
    not_seen = "; ".join(unseen(rule.policies[found.policy]))
    for place, row in enumerate(found.rows):
        one = row.behaviour
        setting: list[Cell] = [found.rule, found.policy, one.theta, one.tau2, row.n, one.k]
        shares: list[Cell] = [one.probability(name) for name in found.outputs]
        beside: list[Cell] = [] if pools is None else [float(pools[place])]
        yield [*setting, *shares, one.expected, one.undecided, one.method, not_seen, *beside]


def worth_json(found: WorthTable, rule: Rule, pools: FloatArray | None) -> dict[str, Any]:
    """All settings as plain values."""
    value = {**found.to_dict(), "clauses_not_seen": unseen(rule.policies[found.policy])}
    if pools is not None:
        for row, share in zip(value["rows"], pools.tolist(), strict=True):
            row["pooled_above_0"] = share
    return value


def worth_table(found: WorthTable, rule: Rule, pools: FloatArray | None) -> str:
    """All settings for a terminal, and how they were found."""
    rows = []
    points = any(row.behaviour.expected is not None for row in found.rows)
    for place, row in enumerate(found.rows):
        one = row.behaviour
        shares = [decimal(one.probability(name), 3) for name in found.outputs]
        beside = [*([decimal(one.expected, 2)] if points else [])]
        beside += [decimal(float(pools[place]), 2)] if pools is not None else []
        rows.append([f"{one.theta:g}", f"{one.tau2:g}", f"{row.n:g}", str(one.k), *shares, *beside])
    shown = [f"P({name})" for name in found.outputs]
    header = ["theta", "tau2", "n per arm", "k", *shown, *(["expected"] if points else [])]
    header += [POOL] if pools is not None else []
    told = [*_notes(found, pools), unseen_line(rule.policies[found.policy])]
    return "".join([_how(found), table(header, rows, range(len(header))), *told])


def _how(found: WorthTable) -> str:
    levels = ", ".join(f"{level:g}" for level in found.levels) or "not stated"
    return f"{found.rule}, policy {found.policy}; Maryland levels in turn: {levels}; v = 2 / n + theta^2 / (4 n)\n\n"


def _notes(found: WorthTable, pools: FloatArray | None) -> Iterator[str]:
    first = found.rows[0].behaviour
    drawn = sorted({row.behaviour.reason for row in found.rows if row.behaviour.method != EXACT})
    yield "".join(f"simulated, {first.draws:,} draws: {reason}\n" for reason in drawn) or "exact distributions\n"
    if first.publication.selects:
        yield f"{publication_text(first.publication)}\n"
    open_to = max(row.behaviour.undecided for row in found.rows)
    if open_to > 0:
        yield f"what is not stated leaves another output open, in up to {100 * open_to:.0f} % of cells\n"
    if pools is not None:
        yield f"{POOL}: how often the 95 % interval of the pool (REML, adhoc) lies above 0, of 2,000 draws\n"


def publication_text(publication: Publication) -> str:
    """Which results are reported, in words."""
    shares = ", ".join(f"{name} {getattr(publication, name):g}" for name in ("effective", "ineffective", "contrary"))
    return f"reported with probability: {shares}; k counts the studies {publication.of}"


def worth_figure(found: WorthTable, rule: Rule, pools: FloatArray | None) -> BehaviourData:
    """The figure of all settings: rows by true effect and heterogeneity, columns by size of studies."""
    several = len({row.behaviour.theta for row in found.rows}) > 1

    def place(row: Worth) -> tuple[str, str, int]:
        tau = f"tau {row.behaviour.tau2**0.5:.2g}"
        return f"d = {row.behaviour.theta:g}, {tau}" if several else tau, f"n {row.n:g} per arm", row.behaviour.k

    places = [place(row) for row in found.rows]
    truth = (
        "true effects d and their heterogeneity tau"
        if several
        else f"true effect d = {found.rows[0].behaviour.theta:g}"
    )
    return behaviour_data(
        {where: row.behaviour for where, row in zip(places, found.rows, strict=True)},
        rule,
        f"{rule.title}, policy {found.policy}",
        truth=truth,
        beside=None if pools is None else dict(zip(places, pools.tolist(), strict=True)),
        beside_name="" if pools is None else BESIDE,
    )


def design_table(found: DesignedRule, rule: Rule, truths: Sequence[Truth], loss: Loss) -> str:
    """The prior and the loss in words, then every choice, the least loss first."""
    whole = sum(truth.weight for truth in truths)
    lines = [f"{found.rule}: useful is a true mean effect above {found.worthwhile:g}; prior {found.useful:.2f}\n"]
    for truth in truths:
        reported = f"; {publication_text(truth.publication)}" if truth.publication.selects else ""
        lines.append(f"    {truth.weight / whole:.2f}: theta = {truth.theta:g}, tau2 = {truth.tau2:g}{reported}\n")
    costs = f"{loss.useless_called:g} for a useless one called useful, {loss.useful_missed:g} for a useful one missed"
    lines.append(f"called useful from {found.called} on; loss: {costs}; * on the frontier\n\n")
    tried = dict.fromkeys(one.policy for one in found.choices)
    told = dict.fromkeys(unseen_line(rule.policies[name]) for name in tried)
    return "".join([*lines, found.summary(), *told])


def design_json(found: DesignedRule, rule: Rule) -> dict[str, Any]:
    """Every choice as plain values, with the clauses of each policy that were not seen whole in their source."""
    tried = dict.fromkeys(one.policy for one in found.choices)
    return {**found.to_dict(), "clauses_not_seen": {name: unseen(rule.policies[name]) for name in tried}}


def design_rows(found: DesignedRule, rule: Rule) -> Iterator[list[Cell]]:
    """One row for each choice, under DESIGN_COLUMNS."""
    for one in found.choices:
        values = "; ".join(f"{name} = {value:g}" for name, value in one.values.items())
        shares: list[Cell] = [one.top_useful, one.called_useful, one.called_useless, one.loss]
        not_seen = "; ".join(unseen(rule.policies[one.policy]))
        yield [one.policy, values, *shares, str(one.frontier).lower(), not_seen]
