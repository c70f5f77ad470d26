"""Profile-likelihood intervals of variances and correlations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import chdtri

from synthesis.pooling.dependent.multilevel_problem import Maximum, Problem, maximum, total_variance, with_components
from synthesis.pooling.dependent.variance_components import Name, bounds_of, fix, natural, near
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, interval

DOUBLINGS = 60  # of a variance, in the search for its upper bound
WITHIN = 1e-9  # relative, of a bound


@dataclass(frozen=True, slots=True)
class ProfileInterval(Noted):
    """All values of one component that a likelihood-ratio test does not reject."""

    name: str  # of the component, as "sigma2 district"
    estimate: float | None  # squared units of yi, or a correlation
    ci_low: float | None
    ci_high: float | None
    level: float
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """One line of text, and one for each note."""
        found = f"{decimal(self.estimate)} {interval(self.ci_low, self.ci_high)} ({100 * self.level:g} %)"
        return f"{self.name}: {found}\n" + "".join(f"{note.field}: {note.reason}\n" for note in self.notes)

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        return {**asdict(self), "notes": [note._asdict() for note in self.notes]}


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The profile of one component: how far the likelihood falls when it is fixed."""

    problem: Problem
    top: Maximum
    name: Name
    restricted: bool
    enough: float  # twice the fall at a bound

    def excess(self, value: float) -> float:
        """Root of twice the fall, less that at a bound; below 0 within the interval."""
        fixed = fix(self.problem.components, self.name, value)
        begin = near(fixed, natural(self.problem.components, self.top.working))
        found = maximum(with_components(self.problem, fixed), restricted=self.restricted, near=begin)
        return float(np.sqrt(max(0.0, 2 * (self.height(self.top) - self.height(found)))) - np.sqrt(self.enough))

    def height(self, at: Maximum) -> float:
        """The log-likelihood that is profiled."""
        return at.point.restricted if self.restricted else at.point.full


def profile_interval(problem: Problem, top: Maximum, name: Name, *, restricted: bool, level: float) -> ProfileInterval:
    """The interval of one component, which must be free in the problem; in the unit of yi.

    References
    ----------
    Venzon DJ, Moolgavkar SH (1988). A method for computing profile-likelihood-based confidence intervals. Journal of
    the Royal Statistical Society, Series C 37(1), 87-94.
    """
    curve = Curve(problem, top, name, restricted, float(chdtri(1, 1 - level)))
    estimate = natural(problem.components, top.working)[name]
    part = next(part for part in problem.components.parts if name in part.names)
    low, high = bounds_of(part, name)
    if np.isinf(high):
        unit = problem.scale**2
        lower, upper = _lower(curve, estimate, low), _upper(curve, estimate, total_variance(problem))
    else:
        unit, lower, upper = 1.0, _lower(curve, estimate, low), _below_edge(curve, estimate, high)
    notes = [Note("ci_low", f"the likelihood does not fall enough above {low:g}, the edge")] * (lower == low)
    notes += [Note("ci_high", f"the likelihood does not fall enough below {high:g}, the edge")] * (upper == high)
    notes += [Note("ci_high", "however large the variance, the likelihood does not fall enough")] * (upper is None)
    found = None if upper is None else upper * unit
    return ProfileInterval(str(name), estimate * unit, lower * unit, found, level, tuple(notes))


def _lower(curve: Curve, estimate: float, low: float) -> float:
    if estimate <= low or curve.excess(low) <= 0:
        return low
    return _root(curve.excess, low, estimate)


def _below_edge(curve: Curve, estimate: float, high: float) -> float:
    if estimate >= high or curve.excess(high) <= 0:
        return high
    return _root(curve.excess, estimate, high)


def _upper(curve: Curve, estimate: float, step: float) -> float | None:
    """The upper bound of a variance: the distance from the estimate is doubled until the fall is enough."""
    inner, outer = estimate, estimate + max(step, estimate)
    for _ in range(DOUBLINGS):
        if curve.excess(outer) > 0:
            return _root(curve.excess, inner, outer)
        inner, outer = outer, estimate + 2 * (outer - estimate)
    return None


def _root(excess: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(excess, low, high, xtol=WITHIN * (high - low), rtol=WITHIN))
