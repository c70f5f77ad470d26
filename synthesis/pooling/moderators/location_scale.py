"""Location-scale models: the mean and the variance between studies both depend on moderators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.blocks import diagonal_blocks
from synthesis.pooling.check import check_alike, check_effects, check_level
from synthesis.pooling.coefficients import (
    Coefficient,
    WaldTest,
    coefficient_dicts,
    coefficient_table,
    coefficients,
    described,
    wald_test,
)
from synthesis.pooling.criteria import information_criteria
from synthesis.pooling.linear import LinearModel
from synthesis.pooling.moderators.design import Design, design
from synthesis.pooling.moderators.design_batch import design_batch
from synthesis.pooling.moderators.linear_fit import covariance_root
from synthesis.pooling.moderators.scale_likelihood import NOTHING, ScalePoint, ScaleProblem, climb, starts, tau2_of
from synthesis.pooling.pooled import Note, Noted
from synthesis.pooling.results import STOPPED
from synthesis.pooling.tau2 import TAU2
from synthesis.text import decimal

METHODS = ("REML", "ML")
TESTS = ("z", "t")
DIGITS = 6  # decimals of log-likelihoods by which maxima are told apart


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
            "scale_test": asdict(self.scale_test),
            "tau2": self.tau2.tolist(),
            "notes": [note._asdict() for note in self.notes],
        }


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
        The highest of the maxima that several starts lead to; standard errors of alpha from the observed information,
        or the expected one where the likelihood is too flat.

    Raises
    ------
    InvalidArgument
        As `regress`.

    References
    ----------
    Viechtbauer W, Lopez-Lopez JA (2022). Location-scale models for meta-analysis. Research Synthesis Methods 13(6),
    697-715.
    """
    check_scale_model(method, test)
    check_level(level)
    y, v = check_effects(yi, vi, data)
    location, spread = design(moderators, data, len(y)), design(scale, data, len(y))
    kept = location.kept & spread.kept
    x, z = location.matrix[kept[location.kept]], spread.matrix[kept[spread.kept]]
    y, v = y[kept], v[kept]
    if len(y) <= x.shape[1] + z.shape[1]:
        raise InvalidArgument(f"{len(y)} studies cannot carry {x.shape[1]} and {z.shape[1]} coefficients")
    check_alike(y, v)
    problem = _problem(y, v, x, z, restricted=method == "REML")
    common = float(TAU2[method](problem.batch).value[0])
    found = [climb(problem, start) for start in starts(problem, common)]
    top, iterations, converged = max(found, key=lambda one: one[0].height)
    heights = {round(one.height, DIGITS) for one, _, ended in found if ended}
    return _result(
        problem, top, (location, spread), (y, x),
        {
            "method": method, "test": test, "level": level, "converged": converged, "iterations": iterations,
            "maxima": max(1, len(heights)),
        },
    )  # fmt: skip


def _problem(y: FloatArray, v: FloatArray, x: FloatArray, z: FloatArray, *, restricted: bool) -> ScaleProblem:
    """The studies in a unit of their own, on columns that are orthonormal."""
    basis, r = np.linalg.qr(z)
    unit = float(np.median(v))
    return ScaleProblem(design_batch((y / np.sqrt(unit))[None], (v / unit)[None], x[None]), basis, r, unit, restricted)


def check_scale_model(method: str, test: str) -> None:
    """Raise InvalidArgument for a method or test that a location-scale model does not have."""
    if method not in METHODS:
        raise InvalidArgument(f"a location-scale model is fitted by {' or '.join(METHODS)}, not {method!r}")
    if test not in TESTS:
        raise InvalidArgument(f"the test of a location-scale model is {' or '.join(TESTS)}, not {test!r}")


def _result(
    problem: ScaleProblem,
    top: ScalePoint,
    designs: tuple[Design, Design],
    studies: tuple[FloatArray, FloatArray],
    settings: dict[str, Any],
) -> LocationScale:
    """The fit in the units of yi and on the columns as given."""
    (location, spread), (y, x) = designs, studies
    unit, k, names, q, level = problem.unit, len(problem.z), spread.names, len(spread.names), settings["level"]
    p = len(location.names)
    tau2 = tau2_of(problem, top.alpha)
    w = 1 / (problem.batch.v + tau2)
    estimate = problem.batch.on_given_columns(problem.batch.coefficients(w, problem.batch.y))[0] * np.sqrt(unit)
    root = covariance_root(problem.batch, w)[0] * np.sqrt(unit)
    mean_covariance = root @ root.T
    df = float(k - p) if settings["test"] == "t" else np.inf
    alpha, covariance, notes = _alpha(problem, top)
    tested = list(spread.tested)
    log_l = top.height - 0.5 * problem.count * np.log(unit)
    criteria = information_criteria(np.array([log_l]), p + q, np.array([problem.count]))
    aic, bic, aicc = (float(one[0]) for one in criteria)
    return LocationScale(
        coefficients=coefficients(location.names, estimate, mean_covariance, df, level),
        scale=coefficients(names, alpha, covariance, df, level),
        scale_test=wald_test(alpha[tested], covariance[np.ix_(tested, tested)], df),
        tau2=tau2 * unit, log_likelihood=log_l, aic=aic, bic=bic, aicc=aicc, k=k,
        model=LinearModel(
            y, x, location.names, diagonal_blocks(unit / w[0]), estimate, level
        ),
        notes=(*location.notes, *spread.notes, *notes, *_unfinished(settings)), **settings,
    )  # fmt: skip


def _alpha(problem: ScaleProblem, top: ScalePoint) -> tuple[FloatArray, FloatArray, Sequence[Note]]:
    """The coefficients of log tau2, in squared units of yi and on the columns as given, and their covariance."""
    back = np.linalg.inv(problem.r)
    shift = np.linalg.lstsq(problem.z, np.full(len(problem.z), np.log(problem.unit)), rcond=None)[0]
    covariance = back @ np.linalg.pinv(_information(top)) @ back.T
    vanishing = (problem.z @ top.alpha < NOTHING).any()
    reason = "tau2 goes to 0 for some studies, and log tau2 to minus infinity: alpha has no bound"
    return back @ (top.alpha + shift), covariance, [Note("scale", reason)] if vanishing else []


def _unfinished(settings: dict[str, Any]) -> Sequence[Note]:
    """A note where no maximum was reached."""
    return [] if settings["converged"] else [Note("converged", STOPPED)]


def _information(top: ScalePoint) -> FloatArray:
    """The observed information; the expected one where the likelihood is too flat for the other to be positive."""
    return top.information if (np.linalg.eigvalsh(top.information) > 0).all() else top.expected
