"""Multilevel and multivariate meta-analysis: effects that depend on one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from synthesis.effects.columns import check_known, looked_up, numbers_of
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray
from synthesis.pooling.blocks import Blocks, blocks_from_matrix, check_positive
from synthesis.pooling.check import check_alike, check_effects, check_level
from synthesis.pooling.dependent.multilevel_fit import Multilevel
from synthesis.pooling.dependent.multilevel_problem import maximum, problem_of
from synthesis.pooling.dependent.multilevel_results import Asked, multilevel_results
from synthesis.pooling.dependent.random_terms import Intercept, random_terms
from synthesis.pooling.dependent.variance_components import Components, components_of, fix, fix_given
from synthesis.pooling.moderators.design import design
from synthesis.pooling.pooled import Note

METHODS = ("REML", "ML")
TESTS = ("t", "z")
DFS = ("contain", "residual")


def multilevel(
    yi: Any,
    V: Any,
    *,
    random: Any = None,
    moderators: Any = None,
    data: Any = None,
    names: Sequence[str] | None = None,
    struct: str | Sequence[str] = "CS",
    method: str = "REML",
    test: str = "t",
    dfs: str = "contain",
    level: float = 0.95,
    sigma2: Any = None,
    tau2: Any = None,
    rho: Any = None,
    gamma2: Any = None,
    phi: Any = None,
) -> Multilevel:
    """Meta-analysis of effects that depend on one another, by a linear mixed-effects model.

    Parameters
    ----------
    yi : array-like, shape (n,), or str
        Effects (ratios as logs), or the name of their column in `data`.
    V : array-like, shape (n,) or (n, n), or Blocks, or str
        Sampling variances (not standard errors), or the covariance matrix of the sampling errors.
    random : str, array-like or sequence of them, optional
        "district/school" for random intercepts of districts and of schools within them, "lab" for a further one that
        may cross them, "outcome | study" for effects of outcomes that are correlated within a study; or a column of
        levels in place of a name. Without it the model has fixed effects alone.
    moderators : str or array-like, optional
        A formula, as "~ year + C(allocation)", or a design matrix, shape (n, p), with its intercept; see
        `moderators.design.design`. None for an intercept alone.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    names : sequence of str, optional
        Names of the columns of a design matrix.
    struct : str or sequence of str
        For each "inner | outer" a key of `STRUCTURES`: CS, HCS, UN, DIAG, ID, AR, HAR or CAR.
    method : str
        REML or ML.
    test : str
        t or z, for coefficients and their intervals.
    dfs : str
        Degrees of freedom of t: "contain" (levels of the random factor within which a column of the design does not
        vary, less p) or "residual" (n - p).
    level : float
        Confidence level of all intervals.
    sigma2, tau2, rho, gamma2, phi : float or sequence of float or None, optional
        Values at which components are held: variances of the intercepts, in the order of `random`; variances and
        correlations of the first "inner | outer" and of the second; None for those that are to be estimated.

    Returns
    -------
    Multilevel
        Coefficients, variances and correlations, I^2 by level, Q, likelihoods and criteria; its methods give
        profile-likelihood intervals, predictions, contrasts, random effects comparisons and the model for robust tests.

    Raises
    ------
    InvalidArgument
        For data or options that cannot be used; the message names rows and remedies.

    Notes
    -----
    One evaluation of the likelihood takes time in proportion to n for nested intercepts and independent sampling
    errors; to n q + q^3 for intercepts that cross, with q levels in all of the crossing factors; and else to the sum
    of the cubes of the sizes of independent blocks. The likelihood is climbed from several starts, with variances of
    0 included; `maxima` says how many maxima were seen.

    References
    ----------
    Konstantopoulos S (2011). Fixed effects and variance components estimation in three-level meta-analysis. Research
    Synthesis Methods 2(1), 61-76.

    Examples
    --------
    >>> study = ["a", "a", "b", "b", "c", "c"]
    >>> fit = multilevel([0.1, 0.3, 0.5, 0.6, -0.1, 0.1], [0.02] * 6, random=[study], test="z")
    >>> round(fit.sigma2[0], 4)
    0.0675
    """
    _check_options(method, test, dfs, level)
    y, sampling = check_sampling(looked_up(yi, data), looked_up(V, data))
    found = design(moderators, data, len(y), names)
    y, sampling = y[found.kept], _kept(sampling, found.kept)
    free = components_of(random_terms(random, struct, data, found.kept))
    given = {"sigma2": sigma2, "tau2": tau2, "rho": rho, "gamma2": gamma2, "phi": phi}
    components, notes = _without_the_unidentified(fix_given(free, given))
    problem = problem_of(y, found.matrix, sampling, components)
    top = maximum(problem, restricted=method == "REML")
    asked = Asked(y, found, free.names, method, test, dfs, level)
    return multilevel_results(asked, problem, top, (*found.notes, *notes))


def _check_options(method: str, test: str, dfs: str, level: float) -> None:
    for name, value, known in (("method", method, METHODS), ("test", test, TESTS), ("dfs", dfs, DFS)):
        check_known(value, known, name)
    check_level(level)


def check_sampling(yi: Any, V: Any) -> tuple[FloatArray, Blocks | FloatArray]:
    """Effects, and their sampling variances or, where they covary, the blocks of their covariance matrix."""
    if not isinstance(V, Blocks):
        given = numbers_of(V, "V")
        if given.ndim != 2:
            y, v = check_effects(yi, V)
            check_alike(y, v)
            return y, v
        blocks = blocks_from_matrix(given)
    else:
        blocks = V
        check_positive(blocks, "V")
        if not np.array_equal(np.sort(np.concatenate(blocks.rows)), np.arange(len(blocks))):
            raise InvalidArgument("V: the blocks must hold every row once")
    y, v = check_effects(yi, blocks.diagonal())
    check_alike(y, v)
    return y, v if all(len(rows) == 1 for rows in blocks.rows) else blocks


def _kept(sampling: Blocks | FloatArray, kept: BoolArray) -> Blocks | FloatArray:
    """The sampling variances or covariances of some of the rows."""
    if not isinstance(sampling, Blocks):
        return sampling[kept]
    place = np.cumsum(kept) - 1
    left = [(place[rows[kept[rows]]], matrix[np.ix_(kept[rows], kept[rows])]) for rows, matrix in sampling]
    rows, matrices = zip(*((rows, matrix) for rows, matrix in left if len(rows)), strict=True)
    return Blocks(tuple(rows), tuple(matrices))


def _without_the_unidentified(components: Components) -> tuple[Components, list[Note]]:
    """Intercepts of a single level, or of the levels of another intercept, have a variance of 0."""
    notes = []
    seen: list[Intercept] = []
    for part, place in zip(components.parts, components.slices(), strict=True):
        term = part.term
        if not isinstance(term, Intercept) or not components.free[place].all():
            continue
        twin = next((one for one in seen if _same_levels(one, term)), None)
        if len(term.levels) == 1:
            notes.append(Note(str(part.variances[0]), "there is a single level: the variance is held at 0"))
        elif twin:
            reason = f"its levels are those of {twin.name}, whose variance is that of both: this is held at 0"
            notes.append(Note(str(part.variances[0]), reason))
        else:
            seen.append(term)
            continue
        components = fix(components, part.variances[0], 0.0)
    return components, notes


def _same_levels(one: Intercept, other: Intercept) -> bool:
    if len(one.levels) != len(other.levels):
        return False
    met = np.empty(len(one.levels), np.int64)
    met[one.level] = other.level
    return bool((met[one.level] == other.level).all())
