"""Points against pooled effects: what a count of significant studies says, and what their size says."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from synthesis.crosscheck.published_pools import PublishedPool
from synthesis.evidence import Evidence, Pool
from synthesis.evidence.robustness import robustness
from synthesis.pooling import Pooled
from synthesis.pooling.intervals import quantile
from synthesis.records.review import Modality, Outcome, Review
from synthesis.scoring.living import by_modality
from synthesis.scoring.matrix import Matrix, decisive
from synthesis.scoring.published import PrintedCell
from synthesis.scoring.report import Cells
from synthesis.scoring.score import Score, score

STATUSES: Mapping[str, str] = {
    "not_estimable": "no study gives an effect that could be pooled",
    "no_points": "a pooled effect and no points: no admissible finding, or no such cell in the matrix",
    "reversal": "2 or 3 points, and the pooled effect is harm",
    "agree_harm": "0 or 1 point, and the pooled effect is harm",
    "trivial": "2 or 3 points, and the pooled benefit is below the smallest worthwhile one",
    "points_high_ci_null": "2 or 3 points, and the confidence interval holds no effect",
    "points_high_pi_null": "2 or 3 points and a pooled benefit, and a new study could show none",
    "agree_benefit": "2 or 3 points, and the pooled effect is a benefit",
    "points_low_ci_benefit": "0 or 1 point, and the pooled effect is a benefit",
    "equivalent": "0 points, and any benefit is below the smallest worthwhile one",
    "agree_none": "0 or 1 point, and no pooled benefit or harm is shown",
}
FEW = 3  # pools of at most so many studies are marked
HIGH = 2  # points from which a cell speaks for its treatment
UPPER_LEVEL = 0.90  # of the interval whose upper bound shows equivalence: two one-sided tests at .05


@dataclass(frozen=True, slots=True)
class Bounds:
    """Benefit-coded bounds of a pooled effect: benefit is above 0, ratios are logs."""

    low: float
    high: float
    pi_low: float | None  # None where there is no prediction interval
    upper: float  # upper bound of the 90 % interval


def status(points: int | None, bounds: Bounds | None, worthwhile: float | None = None) -> str:
    """How points stand to a pooled effect, one of STATUSES; the first that holds.

    Parameters
    ----------
    points : int or None
        Points of a cell; None where it has no admissible finding.
    bounds : Bounds or None
        Of the pooled effect; None where nothing can be pooled.
    worthwhile : float, optional
        The smallest worthwhile benefit, on the scale of the bounds.
    """
    if bounds is None:
        return "not_estimable"
    if points is None:
        return "no_points"
    if bounds.high < 0:
        return "reversal" if points >= HIGH else "agree_harm"
    return _high(bounds, worthwhile) if points >= HIGH else _low(points, bounds, worthwhile)


def _high(bounds: Bounds, worthwhile: float | None) -> str:
    """The status of 2 or 3 points where the pooled effect is not harm."""
    if worthwhile is not None and bounds.high < worthwhile:
        return "trivial"
    if bounds.low <= 0:
        return "points_high_ci_null"
    reaches = bounds.pi_low is not None and bounds.pi_low <= 0
    return "points_high_pi_null" if reaches else "agree_benefit"


def _low(points: int, bounds: Bounds, worthwhile: float | None) -> str:
    """The status of 0 or 1 point where the pooled effect is not harm."""
    if bounds.low > 0:
        return "points_low_ci_benefit"
    equivalent = points == 0 and worthwhile is not None and bounds.upper < worthwhile
    return "equivalent" if equivalent else "agree_none"


def bounds_of(pool: Pool, fit: Pooled) -> Bounds:
    """The benefit-coded bounds of one model of a pool."""
    df = math.inf if fit.df is None else fit.df
    prediction = None if fit.pi_low is None or fit.pi_high is None else (fit.pi_low, fit.pi_high)
    return _bounds(pool, (fit.estimate, fit.se, df), (fit.ci_low, fit.ci_high), prediction)


def _bounds(
    pool: Pool, mean: tuple[float, float, float], ci: tuple[float, float], prediction: tuple[float, float] | None
) -> Bounds:
    """Bounds from an estimate with its standard error and degrees of freedom, and its two intervals."""
    estimate, se, df = mean
    reach = float(quantile(np.array([df]), UPPER_LEVEL)[0]) * se
    low, high = pool.benefit(*ci)
    return Bounds(
        low,
        high,
        pi_low=None if prediction is None else pool.benefit(*prediction)[0],
        upper=pool.benefit(estimate - reach, estimate + reach)[1],
    )


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """One modality and outcome: points, pooled effect and published effects, and how they stand to one another."""

    modality: Modality
    outcome: Outcome
    score: Score | None  # of the modality's own contrasts; None where the matrix has no such cell
    cell_points: int | None  # of the whole cell; another number where several modalities share a row
    printed: PrintedCell | None  # None where the matrix has no such cell
    pool: Pool | None
    published: tuple[PublishedPool, ...]
    status: str  # one of STATUSES
    status_beside: str  # with the model that stands beside a pool of two or three studies; else empty
    printed_status: str  # of the printed points; empty where none were printed
    decisive: tuple[tuple[str, int | None], ...]  # studies without which the points would differ, and those points
    heaviest: tuple[str, float] | None  # the study with most weight, and its share of 1
    turning: tuple[tuple[str, str], ...]  # studies without which the status would differ, and that status

    @property
    def few(self) -> bool:
        """Whether the pool has so few studies that every statement about it is weak."""
        return self.pool is not None and self.pool.fit.k <= FEW

    @property
    def points(self) -> int | None:
        """The points that the status speaks of."""
        return None if self.score is None else self.score.points

    @property
    def studies(self) -> int | None:
        """How many studies the points count; a pool may have fewer, as words have no numbers."""
        return None if self.points is None or self.score is None else len(self.score.studies)

    @property
    def why_no_points(self) -> str:
        """Why there are no points; empty where there are some."""
        if self.points is not None:
            return ""
        if not self.modality.row:
            return "the modality has no row in the matrix"
        if not self.outcome.column:
            return "the outcome has no column in the matrix"
        return "no admissible finding"


def cross_checks(
    review: Review, evidence: Evidence, matrix: Matrix, published: Iterable[PublishedPool] = ()
) -> tuple[CrossCheck, ...]:
    """Every modality and outcome with something in its matrix cell or with a headline pool, in the review's order.

    Parameters
    ----------
    review : Review
        Its modalities, outcomes and smallest worthwhile effects.
    evidence : Evidence
        Pools by modality and outcome.
    matrix : Matrix
        The printed points, and the points of the whole cells.
    published : iterable of PublishedPool
        What others pooled.
    """
    given = _Given(evidence, matrix, by_modality(evidence), tuple(published))
    checks = (
        _check(given, modality, outcome)
        for modality in review.modalities.values()
        for outcome in review.outcomes.values()
    )
    return tuple(check for check in checks if check is not None)


@dataclass(frozen=True, slots=True)
class _Given:
    """What every cross-check looks into."""

    evidence: Evidence
    matrix: Matrix
    findings: Cells  # by modality and outcome
    published: tuple[PublishedPool, ...]

    @property
    def policy(self) -> str:
        """The policy of the matrix' headline reading."""
        return next(reading.policy for reading in self.matrix.readings if reading.name == self.matrix.headline)


def _check(given: _Given, modality: Modality, outcome: Outcome) -> CrossCheck | None:
    key, matrix = (modality.key, outcome.key), given.matrix
    pool = given.evidence.headline(*key)
    cell = matrix.cell(modality.row, outcome.key) if modality.row and outcome.column else None
    findings = given.findings.get(key, ())
    living = None if cell is None else score(findings, matrix.rule, given.policy)
    something = cell is not None and living is not None and (cell.printed.points, living.points) != (None, None)
    if pool is None and not something:
        return None
    check = CrossCheck(
        modality=modality,
        outcome=outcome,
        score=living,
        cell_points=None if cell is None else cell.scores[matrix.headline].points,
        printed=None if cell is None else cell.printed,
        pool=pool,
        published=tuple(one for one in given.published if (one.modality, one.outcome) == key),
        status="",
        status_beside="",
        printed_status="",
        decisive=() if cell is None else decisive(findings, matrix.rule, given.policy),
        heaviest=_heaviest(pool),
        turning=(),
    )
    return _judged(check, given.evidence)


def _judged(check: CrossCheck, evidence: Evidence) -> CrossCheck:
    """The check with its statuses."""
    pool = check.pool
    if pool is None:
        return replace(check, status=status(check.points, None), printed_status=_printed(check, None))
    worthwhile = check.outcome.smallest_worthwhile.get(pool.measure)
    bounds = bounds_of(pool, pool.fit)
    found = status(check.points, bounds, worthwhile)
    shown = check.few and pool.beside is not None
    beside = bounds_of(pool, pool.beside) if shown and pool.beside is not None else None
    return replace(
        check,
        status=found,
        status_beside="" if beside is None else status(check.points, beside, worthwhile),
        printed_status=_printed(check, bounds, worthwhile),
        turning=_turning(check, pool, evidence, worthwhile, found),
    )


def _printed(check: CrossCheck, bounds: Bounds | None, worthwhile: float | None = None) -> str:
    """The status of the printed points, where there are any."""
    printed = check.printed
    return "" if printed is None or printed.points is None else status(printed.points, bounds, worthwhile)


def _heaviest(pool: Pool | None) -> tuple[str, float] | None:
    """The study with most weight; of equals the first by name."""
    if pool is None or len(pool.entries) < 2:
        return None
    weights = pool.fit.weights
    place = max(range(len(weights)), key=lambda i: weights[i])
    return pool.entries[place].study.key, weights[place]


def _turning(
    check: CrossCheck, pool: Pool, evidence: Evidence, worthwhile: float | None, found: str
) -> tuple[tuple[str, str], ...]:
    """The studies whose removal from the pool changes the status of the same points, and the status then."""
    without = robustness(pool, evidence.options).without
    if without is None or check.points is None:
        return ()
    names = ("estimate", "se", "df", "ci_low", "ci_high", "pi_low", "pi_high")
    columns = {name: without[name].tolist() for name in names}
    turning = []
    for row, entry in enumerate(pool.entries):
        one = {name: column[row] for name, column in columns.items()}
        prediction = None if math.isnan(one["pi_low"]) else (one["pi_low"], one["pi_high"])
        bounds = _bounds(pool, (one["estimate"], one["se"], one["df"]), (one["ci_low"], one["ci_high"]), prediction)
        other = status(check.points, bounds, worthwhile)
        if other != found:
            turning.append((entry.study.key, other))
    return tuple(turning)
