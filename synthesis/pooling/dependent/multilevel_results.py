"""From a maximum of the likelihood to everything that is reported."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.coefficients import coefficients, wald_test
from synthesis.pooling.criteria import information_criteria
from synthesis.pooling.dependent.by_blocks import factor_of
from synthesis.pooling.dependent.multilevel_fit import Multilevel
from synthesis.pooling.dependent.multilevel_problem import Maximum, Problem, projector_diagonal, typical_variance
from synthesis.pooling.dependent.multilevel_values import Component, FitStatistics
from synthesis.pooling.dependent.random_terms import Correlated
from synthesis.pooling.dependent.variance_components import Name, Part, bounds_of, natural
from synthesis.pooling.moderators.design import Design
from synthesis.pooling.pooled import Note

EDGE = 1e-6  # a correlation of an unstructured G that lies closer to -1 or 1 is on its edge


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Effects, design and options of a model, as it was asked for."""

    yi: FloatArray  # (n,)
    design: Design
    component_names: tuple[Name, ...]  # in the order in which they are shown
    method: str
    test: str
    dfs: str
    level: float


def multilevel_results(asked: Asked, problem: Problem, top: Maximum, notes: Sequence[Note]) -> Multilevel:
    """All results of one fit."""
    n, p = problem.x.shape
    back = np.linalg.inv(problem.r)
    estimate = problem.scale * (back @ (problem.origin + top.point.b))
    spread = problem.scale**2 * (back @ top.point.inverse @ back.T)
    df, df_notes = degrees_of_freedom(asked, problem)
    components, component_notes = _components(asked, problem, top)
    parameters = p + int(problem.components.free.sum())
    statistics = fit_statistics(problem, top, parameters)
    chosen = statistics[asked.method == "REML"]
    tested = np.array(asked.design.tested)
    q = float(problem.y @ problem.without.py)
    total, total_notes = _total_i2(problem, components)
    counts = {_factor_name(part): int(factor_of(part).max()) + 1 for part in problem.components.parts}
    return Multilevel(
        coefficients(asked.design.names, estimate, spread, df, asked.level), spread, components,
        total, problem.scale**2 * typical_variance(problem), q, n - p, float(chdtrc(n - p, q)),
        wald_test(estimate[tested], spread[np.ix_(tested, tested)], float(df[tested].min())),
        chosen.log_likelihood, chosen.aic, chosen.bic, chosen.aicc, statistics, n, tuple(counts.items()), parameters,
        asked.method, asked.test, asked.dfs, asked.level, top.converged, top.iterations, top.maxima,
        (*notes, *df_notes, *component_notes, *total_notes, *_climb_notes(top)),
        problem=problem, maximum=top, design=asked.design, yi=asked.yi,
    )  # fmt: skip


def _factor_name(part: Part) -> str:
    """The factor whose levels are independent: of `inner | outer` the outer one."""
    return part.term.name.rpartition("| ")[2]


def _climb_notes(top: Maximum) -> list[Note]:
    notes = []
    if not top.converged:
        notes.append(Note("converged", "the likelihood was still rising when the climb stopped"))
    if top.maxima > 1:
        notes.append(Note("maxima", f"{top.maxima} maxima of different height were seen; this is the highest"))
    return notes


def fit_statistics(problem: Problem, top: Maximum, parameters: int) -> tuple[FitStatistics, FitStatistics]:
    """Log-likelihoods, deviances and criteria of both kinds."""
    n, p = problem.x.shape
    change = math.log(problem.scale)
    full, restricted = top.point.full - n * change, top.point.restricted - (n - p) * change
    saturated = -0.5 * (n * math.log(2 * math.pi) + problem.without.covariance.log_determinant) - n * change
    return (
        _statistics("ML", full, 2 * (saturated - full), parameters, n),
        _statistics("REML", restricted, -2 * restricted, parameters, n - p),
    )


def _statistics(kind: str, log_likelihood: float, deviance: float, parameters: int, n: int) -> FitStatistics:
    aic, bic, aicc = information_criteria(np.array([log_likelihood]), parameters, np.array([float(n)]))
    return FitStatistics(kind, log_likelihood, deviance, float(aic[0]), float(bic[0]), float(aicc[0]))


def degrees_of_freedom(asked: Asked, problem: Problem) -> tuple[FloatArray, list[Note]]:
    """Degrees of freedom of each coefficient, shape (p,); infinity for the normal distribution.

    By containment: the levels of the coarsest random factor within whose levels the column of a coefficient does not
    vary, less p; without such a factor the rows, less p.

    References
    ----------
    Pinheiro JC, Bates DM (2000). Mixed-effects models in S and S-PLUS, section 2.4.2. Springer.
    """
    n, p = problem.x.shape
    if asked.test == "z":
        return np.full(p, np.inf), []
    counts, design = np.full(p, n), asked.design.matrix
    if asked.dfs == "contain":
        for part in problem.components.parts:
            factor = factor_of(part)
            first = np.unique(factor, return_index=True)[1]
            constant = (design == design[first[factor]]).all(axis=0)
            counts[constant] = np.minimum(counts[constant], len(first))
    short = counts <= p
    reason = f"no more levels than coefficients, {p}: the degrees of freedom are taken as 1"
    notes = [Note("df", f"{name}: {reason}") for name, one in zip(asked.design.names, short, strict=True) if one]
    return np.maximum(counts - p, 1).astype(np.float64), notes


def _components(asked: Asked, problem: Problem, top: Maximum) -> tuple[tuple[Component, ...], list[Note]]:
    values = natural(problem.components, top.working)
    found: dict[Name, Component] = {}
    notes: list[Note] = []
    for part, place in zip(problem.components.parts, problem.components.slices(), strict=True):
        free = problem.components.free[place]
        shares = _shares(problem, part, values)
        for at, name in enumerate(part.names):
            estimate: float | None = values[name]
            if name in part.correlations and not _matters(part, name, values):
                notes.append(Note(str(name), "the variances to which it belongs are 0"))
                estimate = None
            elif name in part.variances:
                estimate = values[name] * problem.scale**2
            fixed = not bool(free[at])
            boundary = not fixed and estimate is not None and _on_edge(part, name, values[name])
            found[name] = Component(str(name), estimate, shares.get(name), fixed, boundary)
    return tuple(found[name] for name in asked.component_names), notes


def _matters(part: Part, name: Name, values: Mapping[Name, float]) -> bool:
    """Whether the likelihood depends on a correlation."""
    if len(part.variances) == 1:
        return values[part.variances[0]] > 0
    if len(part.correlations) == 1:
        return sum(values[one] > 0 for one in part.variances) > 1
    return all(values[one] > 0 for one in part.variances if one.of in name.of.split(", "))


def _on_edge(part: Part, name: Name, value: float) -> bool:
    low, high = bounds_of(part, name)
    slack = EDGE if np.isfinite(high) else 0.0
    return value <= low + slack or value >= high - slack


def _shares(problem: Problem, part: Part, values: Mapping[Name, float]) -> dict[Name, float]:
    """I^2 in percent of the variances of a part, where it has them."""
    parts = problem.components.parts
    if all(len(one.variances) == 1 for one in parts):
        total = sum(values[one.variances[0]] for one in parts) + typical_variance(problem)
        return {part.variances[0]: 100 * values[part.variances[0]] / total}
    if len(parts) > 1 or not isinstance(part.term, Correlated):
        return {}
    shares = {}
    within = projector_diagonal(problem.without)
    for level, name in enumerate(part.variances):
        own = part.term.inner == level
        if own.sum() > 1:
            typical = (int(own.sum()) - 1) / float(within[own].sum())
            shares[name] = 100 * values[name] / (values[name] + typical)
    return shares


def _total_i2(problem: Problem, components: Sequence[Component]) -> tuple[float | None, list[Note]]:
    if all(len(part.variances) == 1 for part in problem.components.parts):
        return sum(one.i2 or 0.0 for one in components), []
    return None, [Note("i2", "the inner levels differ in their variance: each has its own")]
