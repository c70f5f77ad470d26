"""Location-scale models: the mean and the variance between studies both depend on moderators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import looked_up
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.blocks import diagonal_blocks
from synthesis.pooling.check import check_effects, check_level
from synthesis.pooling.coefficients import (
    Coefficient,
    WaldTest,
    coefficient_dicts,
    coefficient_table,
    coefficients,
    wald_test,
)
from synthesis.pooling.criteria import information_criteria
from synthesis.pooling.linear import LinearModel
from synthesis.pooling.moderators.design import Design, design
from synthesis.pooling.moderators.regress import regress
from synthesis.pooling.moderators.regression import described
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal

METHODS = ("REML", "ML")
MOST_ITERATIONS = 100
HALVINGS = 40
SETTLED = 1e-12  # of the log-likelihood: the expected gain of a step below which there is nothing left to gain
NOTHING = -25.0  # log of tau2 over the typical sampling variance below which a study's tau2 is 0 to all purposes
STARTS = (0.0, 1.0, -1.0)  # slopes of log tau2 in each standardised moderator from which the search begins


@dataclass(frozen=True, slots=True, eq=False)
class LocationScale(Noted):
    """A fitted location-scale model."""

    coefficients: tuple[Coefficient, ...]  # of the mean
    scale: tuple[Coefficient, ...]  # alpha: of log tau2
    scale_test: WaldTest  # that no moderator changes tau2
    tau2: FloatArray  # (k,) of each study
    log_likelihood: float  # restricted for REML
    aic: float
    bic: float
    aicc: float
    k: int
    method: str
    test: str
    level: float
    converged: bool
    iterations: int
    maxima: int  # different local maxima that the starts led to
    model: LinearModel
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as text."""
        lines = [
            f"k = {self.k}, location-scale model ({self.method}, {self.test}, {100 * self.level:g} %)",
            coefficient_table(self.coefficients).rstrip("\n"),
            "log tau^2:",
            coefficient_table(self.scale).rstrip("\n"),
            f"moderators of tau^2: {described(self.scale_test)}; log-likelihood {decimal(self.log_likelihood)}",
            *(f"{note.field}: {note.reason}" for note in self.notes),
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All numbers as plain values, fit for JSON."""
        left = ("coefficients", "scale", "scale_test", "tau2", "model", "notes")
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in left}
        return plain | {
            "coefficients": coefficient_dicts(self.coefficients),
            "scale": coefficient_dicts(self.scale),
            "scale_test": described(self.scale_test),
            "tau2": self.tau2.tolist(),
            "notes": [note._asdict() for note in self.notes],
        }


@dataclass(frozen=True, slots=True, eq=False)
class _Problem:
    """Effects and variances in a unit of their own, and both designs."""

    y: FloatArray  # (k,) effects, over the root of `unit`
    v: FloatArray  # (k,) sampling variances, over `unit`
    x: FloatArray  # (k, p)
    z: FloatArray  # (k, q) orthonormal columns
    r: FloatArray  # (q, q) upper triangular: the columns of log tau2 as given are z r
    unit: float  # the median sampling variance
    restricted: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    """The likelihood at one alpha, on the orthonormal columns."""

    alpha: FloatArray  # (q,)
    height: float  # the log-likelihood
    slope: FloatArray  # (q,)
    information: FloatArray  # (q, q) observed: less the second derivatives
    expected: FloatArray  # (q, q) expected information


def location_scale(
    yi: Any,
    vi: Any,
    moderators: Any = None,
    scale: Any = None,
    *,
    data: Any = None,
    method: str = "REML",
    test: str = "z",
    level: float = 0.95,
) -> LocationScale:
    """Location-scale model: mean x'b, and log tau2 = z'alpha.

    Parameters
    ----------
    yi, vi : array-like, shape (n,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    moderators, scale : str or array-like
        Formulas or design matrices of the mean and of log tau2, as for `regress`; None for an intercept alone.
    data : data frame or mapping, optional
        Where names are looked up.
    method : str
        "REML" or "ML".
    test : str
        "z", or "t" with k - p degrees of freedom.
    level : float
        Confidence level of the intervals.

    Returns
    -------
    LocationScale
        The highest of the maxima that several starts lead to; standard errors of alpha from the observed information.

    Raises
    ------
    InvalidArgument
        As `regress`.

    References
    ----------
    Viechtbauer W, Lopez-Lopez JA (2022). Location-scale models for meta-analysis. Research Synthesis Methods 13(6),
    697-715.
    """
    if method not in METHODS:
        raise InvalidArgument(f"a location-scale model is fitted by REML or ML, not {method!r}")
    if test not in ("z", "t"):
        raise InvalidArgument(f"the test of a location-scale model is z or t, not {test!r}")
    check_level(level)
    y, v = check_effects(looked_up(yi, data), looked_up(vi, data))
    location, spread = design(moderators, data, len(y)), design(scale, data, len(y))
    kept = location.kept & spread.kept
    x, z = location.matrix[kept[location.kept]], spread.matrix[kept[spread.kept]]
    y, v = y[kept], v[kept]
    if len(y) <= x.shape[1] + z.shape[1]:
        raise InvalidArgument(f"{len(y)} studies cannot carry {x.shape[1]} and {z.shape[1]} coefficients")
    basis, r = np.linalg.qr(z)
    unit = float(np.median(v))
    problem = _Problem(y / np.sqrt(unit), v / unit, x, basis, r, unit, method == "REML")
    common = regress(problem.y, problem.v, x, method=method, test="z").tau2
    found = [_climb(problem, start) for start in _starts(problem, common)]
    top, iterations, converged = max(found, key=lambda one: one[0].height)
    others = {round(one.height, 6) for one, _, ended in found if ended}
    return _result(
        problem, top, (location, spread),
        {
            "method": method, "test": test, "level": level, "converged": converged, "iterations": iterations,
            "maxima": max(1, len(others)),
        },
    )  # fmt: skip


def _starts(problem: _Problem, common: float) -> Iterator[FloatArray]:
    """Where to begin: the same tau2 for all, and tau2 rising or falling with each moderator."""
    level = np.log(max(common, 0.05))
    flat = problem.z.T @ np.full(len(problem.y), level)
    size = np.sqrt(len(problem.y))
    yield flat
    for column in range(problem.z.shape[1]):
        centred = problem.z[:, column] - problem.z[:, column].mean()
        if np.abs(centred).max() > 1e-8:
            for slope in STARTS[1:]:
                yield flat + problem.z.T @ (slope * size * centred)


def _tau2(problem: _Problem, alpha: FloatArray) -> FloatArray:
    """tau2 of each study."""
    return np.exp(np.clip(problem.z @ alpha, 2 * NOTHING, -2 * NOTHING))


def _at(problem: _Problem, alpha: FloatArray) -> _Point:
    """The log-likelihood and its derivatives.

    With D_j = diag(tau2 z_j) the slope is (y'P D_j P y - tr P D_j) / 2, W in the place of the last P for ML.
    """
    d = _tau2(problem, alpha)
    w = 1 / (problem.v + d)
    wx = w[:, None] * problem.x
    gram = problem.x.T @ wx
    p = np.diag(w) - wx @ np.linalg.solve(gram, wx.T)
    pull = p @ problem.y
    log_det = float(np.linalg.slogdet(gram)[1] - np.linalg.slogdet(problem.x.T @ problem.x)[1])
    k, coefficients_ = problem.x.shape
    n = k - coefficients_ if problem.restricted else k
    height = -0.5 * (n * np.log(2 * np.pi) - np.log(w).sum() + problem.restricted * log_det + problem.y @ pull)
    kernel = p if problem.restricted else np.diag(w)
    dz = d[:, None] * problem.z
    excess = np.square(pull) - np.diag(kernel)
    bend = problem.z.T @ ((d * excess)[:, None] * problem.z)
    moved = pull[:, None] * dz
    quadratic = moved.T @ p @ moved
    square = dz.T @ np.square(kernel) @ dz
    return _Point(alpha, float(height), 0.5 * dz.T @ excess, -0.5 * bend + quadratic - 0.5 * square, 0.5 * square)


def _climb(problem: _Problem, start: FloatArray) -> tuple[_Point, int, bool]:
    """Newton's iteration, Fisher's scoring where that would not climb; each step is halved until it does."""
    here = _at(problem, start)
    for count in range(1, MOST_ITERATIONS + 1):
        step = _step(here)
        gain = float(here.slope @ step)
        if gain <= SETTLED * max(1.0, abs(here.height)):
            return here, count, True
        for halving in range(HALVINGS):
            following = _at(problem, here.alpha + step / 2**halving)
            if following.height > here.height:
                break
        else:
            return here, count, True
        here = following
    return here, MOST_ITERATIONS, False


def _step(here: _Point) -> FloatArray:
    """The direction of the next step; it always climbs."""
    for matrix in (here.information, here.expected):
        try:
            np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            continue
        step: FloatArray = np.asarray(np.linalg.solve(matrix, here.slope), dtype=np.float64)
        return step
    return here.slope


def _result(problem: _Problem, top: _Point, designs: tuple[Design, Design], settings: dict[str, Any]) -> LocationScale:
    """The fit in the units of yi and on the columns as given."""
    location, spread = designs
    unit, root = problem.unit, np.sqrt(problem.unit)
    k, p = problem.x.shape
    names, q, level = spread.names, len(spread.names), settings["level"]
    tau2 = _tau2(problem, top.alpha)
    w = 1 / (problem.v + tau2)
    gram = problem.x.T @ (w[:, None] * problem.x)
    estimate = np.linalg.solve(gram, problem.x.T @ (w * problem.y)) * root
    mean_covariance: FloatArray = np.asarray(np.linalg.inv(gram) * unit, dtype=np.float64)
    df = float(k - p) if settings["test"] == "t" else np.inf
    alpha, covariance, notes = _alpha(problem, top)
    tested = list(spread.tested)
    log_l = top.height - 0.5 * (k - p * problem.restricted) * np.log(unit)
    criteria = information_criteria(np.array([log_l]), p + q, np.array([k - p * problem.restricted]))
    aic, bic, aicc = (float(one[0]) for one in criteria)
    return LocationScale(
        coefficients=coefficients(location.names, estimate, mean_covariance, df, level),
        scale=coefficients(names, alpha, covariance, df, level),
        scale_test=wald_test(alpha[tested], covariance[np.ix_(tested, tested)], df),
        tau2=tau2 * unit, log_likelihood=log_l, aic=aic, bic=bic, aicc=aicc, k=k,
        model=LinearModel(
            problem.y * root, problem.x, location.names, diagonal_blocks(unit / w), estimate, level
        ),
        notes=(*location.notes, *spread.notes, *notes), **settings,
    )  # fmt: skip


def _alpha(problem: _Problem, top: _Point) -> tuple[FloatArray, FloatArray, Sequence[Note]]:
    """The coefficients of log tau2, in squared units of yi and on the columns as given, and their covariance."""
    back = np.linalg.inv(problem.r)
    shift = np.linalg.lstsq(problem.z, np.full(len(problem.y), np.log(problem.unit)), rcond=None)[0]
    covariance = back @ np.linalg.pinv(top.information) @ back.T
    vanishing = (problem.z @ top.alpha < NOTHING).any()
    reason = "tau2 goes to 0 for some studies, and log tau2 to minus infinity: alpha has no bound"
    return back @ (top.alpha + shift), covariance, [Note("scale", reason)] if vanishing else []
