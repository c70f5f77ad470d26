"""What measures of influence can and cannot tell, by named rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from synthesis.errors import rows_text
from synthesis.pooling.batch import BoolArray, FloatArray
from synthesis.pooling.moderators.deletion import ALONE, spare_leverages
from synthesis.pooling.moderators.regression import Regression
from synthesis.pooling.pooled import Note
from synthesis.sensitivity.deletion.pairs import LEAST_DF, MOST, Pair, can_look_at_pairs, critical_residual
from synthesis.sensitivity.findings import FEW, NAMED
from synthesis.text import decimal

FEW_DF = FEW - 1  # residual degrees of freedom of a pool of few studies
LARGE_SHARE = 0.5  # of all contributions to Q


def influence_findings(
    fit: Regression,
    columns: Mapping[str, FloatArray],
    flags: Mapping[str, BoolArray],
    pairs: Sequence[Pair] | None,
) -> tuple[Note, ...]:
    """The findings on measures of influence; `pairs` is None where none were looked for."""
    if fit.k - 1 <= fit.p:
        return (nothing_to_leave_out(fit),)
    return (
        *of_model(fit),
        *_unmeasured(fit, columns["rstudent"]),
        *_outlying(fit, columns["rstudent"]),
        *_flagged(fit, flags),
        *_spread(fit, columns),
        *_unfinished(fit, columns),
        *_masking(fit, pairs),
    )


def baujat_findings(fit: Regression, contribution: FloatArray, moved: FloatArray) -> tuple[Note, ...]:
    """The findings on Baujat's coordinates."""
    if fit.k - 1 <= fit.p:
        return (nothing_to_leave_out(fit),)
    found = [*of_model(fit), *_unmeasured(fit, moved)]
    total, most = contribution.sum(), int(contribution.argmax())
    if total > 0 and contribution[most] >= LARGE_SHARE * total:
        share = decimal(100 * contribution[most] / total, 0)
        found.append(Note("one_study", f"{_named(fit, most)} makes {share} % of the heterogeneity that is seen"))
    found.append(
        Note(
            "masking",
            "the coordinates are of one study at a time: two studies that lie far from the rest on the same side pull "
            "the result towards them and both look less than they are",
        )
    )
    return tuple(found)


def nothing_to_leave_out(fit: Regression) -> Note:
    """That there are too few studies."""
    many = "one coefficient" if fit.p == 1 else f"{fit.p} coefficients"
    return Note("nothing_left", f"{fit.k} studies for {many}: without one of them nothing can be tested or compared")


def of_model(fit: Regression) -> Iterator[Note]:
    """What the number of studies and tau^2 allow to say of single studies."""
    if fit.k - fit.p < FEW_DF:
        yield Note(
            "few",
            f"{fit.k} studies are few: each is a large part of the evidence, so what stands out tells how much the "
            "result owes to a study, not that the study is wrong",
        )
    if fit.method == "EE":
        yield Note(
            "equal_effects",
            "the model takes all true effects for equal, so residuals are judged by sampling error alone and studies "
            "that truly differ look outlying",
        )
    elif fit.tau2 == 0:
        yield Note(
            "no_heterogeneity",
            "tau^2 is estimated as 0, so every study counts by its precision alone and residuals are judged by "
            "sampling error: with few studies that may be chance",
        )


def _unmeasured(fit: Regression, measure: FloatArray) -> Iterator[Note]:
    """Which studies have no measure, and why."""
    alone = spare_leverages(fit.model.design) <= ALONE
    if alone.any():
        yield Note(
            "alone",
            f"a coefficient rests on each of {_named(fit, *np.flatnonzero(alone))} alone: its influence is total, and "
            "not measured",
        )
    if (np.isnan(measure) & ~alone).any():
        yield Note("perfect_fit", "the other studies agree to the last digit: there is no yardstick for a difference")


def _outlying(fit: Regression, rstudent: FloatArray) -> Iterator[Note]:
    """Which studies stand out from the others."""
    size, df = np.nan_to_num(np.abs(rstudent)), fit.k - 1 - fit.p
    outlying = np.flatnonzero(size > critical_residual(fit.k, df))
    if len(outlying):
        yield Note("outlying", f"beyond what the largest residual of {fit.k} may be: {_named(fit, *outlying)}")


def _flagged(fit: Regression, flags: Mapping[str, BoolArray]) -> Iterator[Note]:
    """Which studies bear a flag."""
    flagged = np.flatnonzero(np.logical_or.reduce(list(flags.values())))
    if len(flagged):
        yield Note("flagged", f"flagged as influential: {_named(fit, *flagged)}")
    else:
        yield Note("unflagged", "no single study is flagged as influential")


def _spread(fit: Regression, columns: Mapping[str, FloatArray]) -> Iterator[Note]:
    """Whether one study makes all the heterogeneity."""
    gone = np.flatnonzero(columns["tau2_deleted"] == 0) if fit.tau2 > 0 else np.zeros(0, np.int64)
    if len(gone) == 1:
        yield Note(
            "one_study", f"without {_named(fit, *gone)} tau^2 falls to 0: what heterogeneity there is rests on it"
        )
    elif len(gone) > 1:
        words = f"tau^2 falls to 0 without any one of {_named(fit, *gone)}: it is hardly known"
        yield Note("tau2_hardly_known", words)


def _unfinished(fit: Regression, columns: Mapping[str, FloatArray]) -> Iterator[Note]:
    """Whose deletion left an iteration unfinished."""
    short = np.flatnonzero(np.isfinite(columns["tau2_deleted"]) & (columns["converged"] != 1))
    if len(short):
        yield Note("unfinished", f"tau^2 without {_named(fit, *short)} stopped at the limit of its iteration")


def _masking(fit: Regression, pairs: Sequence[Pair] | None) -> Iterator[Note]:
    """What leaving out one at a time cannot see."""
    if pairs:
        named = "; ".join(f"rows {one.first} and {one.second}" for one in pairs[:3])
        yield Note("masked", f"outliers that hide one another: {named}. Single deletions do not show them as they are")
    elif pairs is None or not can_look_at_pairs(fit):
        why = "they were not asked for" if pairs is None else _why_not(fit)
        yield Note("masking", f"outliers that hide one another would not be seen: pairs were not looked at ({why})")
    else:
        yield Note("unmasked", "no pair of outliers hides one another; larger groups were not looked for")


def _why_not(fit: Regression) -> str:
    """Why pairs cannot be looked at."""
    return f"more than {MOST} studies" if fit.k > MOST else f"fewer than {LEAST_DF} degrees of freedom would be left"


def _named(fit: Regression, *places: int) -> str:
    """Studies by the rows of the data, the first 1."""
    return rows_text(fit.design.rows[list(places)].tolist(), NAMED)
