"""How a rule behaves, and what its thresholds trade, as the data of their figures."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.behaviour_data import BehaviourData, FrontierData, Threshold
from synthesis.scoring.operating.additive import ordered
from synthesis.scoring.operating.behaviour import Behaviour
from synthesis.scoring.operating.thresholds import DesignedRule
from synthesis.scoring.rule import Rule

Place = tuple[str, str, int]  # the names of a row and a column of panels, and k


def behaviour_data(
    found: Mapping[Place, Behaviour],
    rule: Rule,
    title: str,
    *,
    truth: str = "",
    beside: Mapping[Place, float] | None = None,
    beside_name: str = "",
) -> BehaviourData:
    """Distributions of what a rule gives, as panels over k; what it never gives is left out.

    Parameters
    ----------
    found : mapping
        By row of panels (such as "tau 0.1"), column (such as "n 100 per arm") and k; every combination of them.
    rule : Rule
        It orders what it gives, from worst to best.
    title, truth : str
        Of the figure, and what is true in it.
    beside : mapping, optional
        Another probability for each of the same places, and its name.

    Raises
    ------
    InvalidArgument
        If a combination is missing.
    """
    rows = tuple(dict.fromkeys(row for row, _, _ in found))
    columns = tuple(dict.fromkeys(column for _, column, _ in found))
    k = tuple(sorted({number for _, _, number in found}))
    places = list(itertools.product(rows, columns, k))
    missing = [place for place in places if place not in found or (beside is not None and place not in beside)]
    if missing:
        raise InvalidArgument(f"no behaviour for {', '.join(map(str, missing[0]))}: give every combination")
    given = (output for each in found.values() for output in each.outputs if each.probability(output) > 0)
    outputs = ordered(rule, given)
    shares = np.array([[found[place].probability(output) for output in outputs] for place in places])
    shape = (len(rows), len(columns), len(k))
    return BehaviourData(
        title=title,
        k=k,
        columns=columns,
        rows=rows,
        scores=outputs,
        probabilities=shares.reshape((*shape, len(outputs))),
        truth=truth,
        beside=None if beside is None else _values(beside, places).reshape(shape),
        beside_name=beside_name,
    )


def _values(beside: Mapping[Place, float], places: list[Place]) -> NDArray[np.float64]:
    return np.array([beside[place] for place in places], dtype=float)


def frontier_data(designed: DesignedRule, title: str) -> FrontierData:
    """Choices of thresholds by what they find and what they are taken in by; the one of least loss is the chosen one.

    Parameters
    ----------
    designed : DesignedRule
        As `design_rule` gives it.
    title : str
        Of the figure.
    """
    return FrontierData(
        title=title,
        thresholds=tuple(
            Threshold(one.label, one.top_useful, one.called_useless, one.frontier, chosen=place == 0)
            for place, one in enumerate(designed.choices)
        ),
        useful=f"P({designed.top} | useful)",
        useless=f"P({designed.called} or better | useless)",
        footnotes=(f"Useful: a true mean effect above {designed.worthwhile:g}. Chosen: the least expected loss.",),
    )
