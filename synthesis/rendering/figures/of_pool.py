"""The studies of one pool as the data of a funnel, radial, Baujat, drapery and normal quantile plot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from synthesis.effects import MEASURES
from synthesis.errors import NotFound
from synthesis.evidence import Pool
from synthesis.pooling.pooled import Pooled
from synthesis.records.review import Review
from synthesis.rendering.figures.words import favours
from synthesis.rendering.plots.baujat_data import BaujatData, BaujatPoint
from synthesis.rendering.plots.drapery_data import DraperyCurve, DraperyData
from synthesis.rendering.plots.funnel_data import CONTOURS, FunnelData, FunnelLine, FunnelPoint, FunnelTrend
from synthesis.rendering.plots.qq_data import QQData, QQPoint
from synthesis.rendering.plots.radial_data import RadialData, RadialPoint
from synthesis.sensitivity.deletion.influence import baujat, influence
from synthesis.sensitivity.overview.subject import Subject
from synthesis.sensitivity.small_studies.pet_peese import PetPeese, pet_peese
from synthesis.sensitivity.small_studies.trim_and_fill import TrimAndFill, trim_and_fill


@dataclass(frozen=True, slots=True)
class PoolWords:
    """The words around a figure of one pool."""

    title: str = ""
    measure: str = "Effect"
    ratio: bool = False  # whether effects are logs of ratios
    favours: tuple[str, str] = ("", "")  # left and right of the null
    notes: tuple[str, ...] = ()


def words_of_pool(pool: Pool, review: Review) -> PoolWords:
    """The words around a figure of a pool of the review."""
    modality, outcome = review.modalities[pool.key.by[0]], review.outcomes[pool.key.outcome]
    return PoolWords(
        f"{modality.label}: {outcome.label}",
        MEASURES[pool.measure].label.capitalize(),
        pool.is_ratio,
        favours(pool.better),
        (f"Against {pool.key.group} comparators.",),
    )


def words_of_table(measure: str, *, title: str = "", better: str | None = None) -> PoolWords:
    """The words around a figure of a group of a table; `better` says whether "lower" or "higher" is a benefit."""
    known = MEASURES.get(measure)
    sides = ("", "") if better is None else favours(better)
    return PoolWords(title, known.label.capitalize() if known else "Effect", bool(known and known.is_ratio), sides)


def funnel_data(
    subject: Subject,
    words: PoolWords,
    *,
    filled: TrimAndFill | None = None,
    trends: PetPeese | None = None,
    contours: tuple[float, ...] = CONTOURS,
) -> FunnelData:
    """The funnel plot of a pool.

    Parameters
    ----------
    subject : Subject
        The studies, and how they are pooled.
    words : PoolWords
        What stands around them.
    filled : TrimAndFill, optional
        Of the same studies: the studies it adds, and the pool with them as a second line.
    trends : PetPeese, optional
        Of the same studies: the lines of PET and PEESE.
    contours : tuple of float
        Two-sided p-values; none: no contours.
    """
    fit = subject.pooled()
    lines = [FunnelLine(_pooled(fit), fit.estimate)]
    added: tuple[tuple[float, float], ...] = ()
    notes = [*words.notes]
    if filled is not None:
        added = tuple(zip(filled.filled_yi, np.sqrt(filled.filled_vi).tolist(), strict=True))
        if filled.filled is not None and filled.k0:
            lines.append(FunnelLine("pooled with added studies", filled.filled.estimate))
        count = "no number of missing studies" if filled.k0 is None else f"{filled.k0} added on the {filled.side}"
        notes.append(f"Trim-and-fill ({filled.estimator}): {count}.")
    found = [] if trends is None else [("PET", trends.pet, 1), ("PEESE", trends.peese, 2)]
    return FunnelData(
        words.title,
        words.measure,
        words.ratio,
        tuple(FunnelPoint(name, y, se) for name, y, se in _studies(subject)),
        added,
        tuple(lines),
        tuple(
            FunnelTrend(f"{name} line", one.estimate, one.slope, power)
            for name, one, power in found
            if one is not None and one.slope is not None
        ),
        contours,
        favours=words.favours,
        footnotes=tuple(notes),
    )


def funnel_of_subject(
    subject: Subject, words: PoolWords, *, fill: str | None = None, trends: bool = False, contours: bool = True
) -> FunnelData:
    """The funnel plot of a pool, with what is asked for computed here.

    Parameters
    ----------
    subject, words
        As for `funnel_data`.
    fill : str, optional
        A key of `MISSING`: trim-and-fill by this estimator.
    trends : bool
        Whether the lines of PET and PEESE are drawn.
    contours : bool
        Whether significance is shaded.

    Raises
    ------
    InvalidArgument
        As for `trim_and_fill` and `pet_peese`, which need several studies.
    """
    asked: dict[str, Any] = {"test": subject.test, "level": subject.level}
    filled = fill and trim_and_fill(subject.yi, subject.vi, estimator=fill, method=subject.method, **asked)
    lines = pet_peese(subject.yi, subject.vi, level=subject.level) if trends else None
    return funnel_data(subject, words, filled=filled or None, trends=lines, contours=CONTOURS if contours else ())


def radial_data(subject: Subject, words: PoolWords) -> RadialData:
    """The radial plot of a pool; tau2 of a random-effects model is added to the variances."""
    fit = subject.pooled()
    return RadialData(
        words.title,
        words.measure,
        words.ratio,
        tuple(RadialPoint(name, y, se) for name, y, se in _studies(subject)),
        fit.estimate,
        fit.ci_low,
        fit.ci_high,
        fit.tau2 or 0.0,
        footnotes=(*words.notes, f"{_model(fit)}; the thick part of the arc is the {100 * fit.level:g} % interval."),
    )


def baujat_data(subject: Subject, words: PoolWords) -> BaujatData:
    """The Baujat plot of a pool, by the equal-effects model, as Baujat and others draw it.

    Raises
    ------
    NotFound
        With fewer than three studies: without one of two nothing remains to be compared.
    """
    if len(subject.names) < 3:
        raise NotFound("a Baujat plot needs at least three studies")
    found = baujat(subject.yi, subject.vi, method="EE", test="z")
    rows = np.flatnonzero(np.isfinite(found.heterogeneity) & np.isfinite(found.influence)).tolist()
    points = tuple(
        BaujatPoint(subject.names[row], float(found.heterogeneity[row]), float(found.influence[row])) for row in rows
    )
    return BaujatData(words.title, points, (*words.notes, "Equal-effects model.", *_said(found.verdict)))


def drapery_data(subject: Subject, words: PoolWords) -> DraperyData:
    """The drapery plot of a pool; beside a random-effects pool stands the equal-effects one."""
    fit = subject.pooled()
    pools = [_curve(fit)]
    if fit.method not in ("EE", "none"):
        equal = replace(subject, method="EE", test="z").pooled()
        pools.append(DraperyCurve("equal effects (EE, z)", equal.estimate, equal.se))
    return DraperyData(
        words.title,
        words.measure,
        words.ratio,
        tuple(DraperyCurve(name, y, se) for name, y, se in _studies(subject)),
        tuple(pools) if fit.k > 1 else (),
        _prediction(fit),
        fit.level,
        words.favours,
        words.notes,
    )


def qq_data(subject: Subject, words: PoolWords, *, simultaneous: bool = False) -> QQData:
    """The normal quantile plot of the deleted residuals of a pool.

    Raises
    ------
    NotFound
        With fewer than three studies, whose residuals have no spread.
    """
    if len(subject.names) < 3:
        raise NotFound("a normal quantile plot needs at least three studies")
    found = influence(subject.yi, subject.vi, method=subject.method, test=subject.test, pairs=False)
    rows = np.flatnonzero(np.isfinite(found.rstudent)).tolist()
    points = tuple(QQPoint(subject.names[row], float(found.rstudent[row])) for row in rows)
    notes = (*words.notes, f"{found.fit.method}, {found.fit.test}; envelope as if the residuals were independent.")
    return QQData(words.title, points, level=subject.level, simultaneous=simultaneous, footnotes=notes)


def _studies(subject: Subject) -> list[tuple[str, float, float]]:
    return list(zip(subject.names, subject.yi.tolist(), np.sqrt(subject.vi).tolist(), strict=True))


def _model(fit: Pooled) -> str:
    return "one study" if fit.k == 1 else f"{fit.method}, {fit.test}"


def _pooled(fit: Pooled) -> str:
    return "its effect" if fit.k == 1 else f"pooled ({_model(fit)})"


def _curve(fit: Pooled) -> DraperyCurve:
    return DraperyCurve(_pooled(fit), fit.estimate, fit.se, fit.df)


def _prediction(fit: Pooled) -> DraperyCurve | None:
    """The p-value function of a new study's effect: that whose interval is the prediction interval (df k - 2)."""
    from scipy.special import stdtrit

    if fit.pi_low is None or fit.pi_high is None:
        return None
    df = max(1, fit.k - 2)
    half = (fit.pi_high - fit.pi_low) / 2
    return DraperyCurve(
        "a new study", (fit.pi_low + fit.pi_high) / 2, half / float(stdtrit(df, (1 + fit.level) / 2)), df
    )


def _said(verdict: str) -> tuple[str, ...]:
    return (verdict,) if verdict else ()
