"""Cross-checks as the data of points against pooled effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synthesis.crosscheck.discordance import CrossCheck
from synthesis.crosscheck.statuses import DISAGREE, KINDS, STATUSES
from synthesis.effects import MEASURES
from synthesis.evidence import Pool
from synthesis.rendering.crosscheck import benefit_of, effect_text
from synthesis.rendering.plots.axis import MINUS
from synthesis.rendering.plots.points_pools_data import (
    BenefitAxis,
    PointsCell,
    PointsPoolsData,
    PooledEffect,
    Status,
)

MARKS: Mapping[str, str] = {  # evidence of absence and absent evidence have unlike marks
    "not_estimable": "circle",
    "no_points": "pentagon",
    "reversal": "cross",
    "agree_harm": "left",
    "trivial": "right",
    "points_high_ci_null": "down",
    "points_high_pi_null": "diamond",
    "agree_benefit": "circle",
    "points_low_ci_benefit": "up",
    "equivalent": "square",
    "agree_none": "plus",
}
IN_WORDS = "A verdict in words stands with the points that its colour stands for in the points rule."
USUAL = 3  # the most points of the rule that the matrix was made for


def points_pools_data(checks: Sequence[CrossCheck], title: str) -> PointsPoolsData:
    """Points and pooled effects of every cell that has a place in the matrix, or an effect of more than a few studies.

    Parameters
    ----------
    checks : sequence of CrossCheck
        In any order.
    title : str
        Of the figure.
    """
    shown = [check for check in checks if check.printed is not None or (check.pool is not None and not check.few)]
    points = [check.standing for check in shown if check.standing is not None]
    in_words = any(check.points is None and check.standing is not None for check in shown)
    pools = [check.pool for check in shown if check.pool is not None]
    names = _axes(pools)
    return PointsPoolsData(
        title=title,
        axes=tuple({names[pool.measure]: BenefitAxis(names[pool.measure], pool.is_ratio) for pool in pools}.values())
        or (BenefitAxis("Effect"),),
        cells=tuple(_cell(check, names) for check in shown),
        statuses=tuple(Status(name, STATUSES[name], MARKS[name], KINDS[name] == DISAGREE) for name in STATUSES),
        most=max([USUAL, *points]),
        least=min([0, *points]),
        level=pools[0].fit.level if pools else 0.95,
        footnotes=(IN_WORDS,) if in_words else (),
    )


def _axes(pools: Sequence[Pool]) -> dict[str, str]:
    """The axis of each measure: ratios share one, as the text of each effect names its measure."""
    measures = dict.fromkeys(pool.measure for pool in pools)
    ratios = dict.fromkeys(pool.measure for pool in pools if pool.is_ratio)
    shared = f"Ratio ({', '.join(ratios)})" if len(ratios) > 1 else ""
    return {one: (one in ratios and shared) or MEASURES[one].label.capitalize() for one in measures}


def _cell(check: CrossCheck, names: Mapping[str, str]) -> PointsCell:
    effect = None if check.pool is None else _effect(check.pool, names[check.pool.measure])
    return PointsCell(f"{check.modality.label}: {check.outcome.label}", check.standing, effect, check.status)


def _effect(pool: Pool, axis: str) -> PooledEffect:
    estimate, low, high, pi_low, pi_high = benefit_of(pool, pool.fit)
    assert estimate is not None
    assert low is not None
    assert high is not None
    text = f"{effect_text(pool, pool.fit)}, k {pool.fit.k}".replace("-", MINUS)
    return PooledEffect(axis, estimate, low, high, pi_low, pi_high, text)
