"""What would change a pool, as the data of figures: influence, steps, subsets, specifications, p-curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from synthesis.errors import NotFound, did_you_mean
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.fit import Fit
from synthesis.pooling.pooled import Pooled
from synthesis.rendering.figures.of_pool import PoolWords, words_of_table
from synthesis.rendering.moderated import About
from synthesis.rendering.plots.forest_data import ForestData, ForestRow, ForestSummary
from synthesis.rendering.plots.gosh_data import GoshData
from synthesis.rendering.plots.influence_data import InfluenceData, InfluenceMeasure
from synthesis.rendering.plots.p_curve_data import PCurveData
from synthesis.rendering.plots.specification_data import SpecificationData, SpecificationFamily
from synthesis.sensitivity.deletion.cumulative import Cumulative
from synthesis.sensitivity.deletion.influence import Influence
from synthesis.sensitivity.deletion.leave_out import LeaveGroupOut, LeaveOneOut
from synthesis.sensitivity.many_worlds.specifications import Multiverse
from synthesis.sensitivity.selection.p_curve import CurveTest, PCurve
from synthesis.sensitivity.subsets.every_subset import Gosh
from synthesis.text import decimal, p_value

MEDIAN_CHI2 = 0.45493642311957283  # of one degree of freedom: where Cook's distance is flagged


def influence_data(found: Influence, names: Sequence[str], words: PoolWords) -> InfluenceData:
    """The eight measures of influence on a pool; `names` are those of all rows of the data.

    Raises
    ------
    NotFound
        For a meta-regression, whose coefficients have measures of their own.
    """
    if len(found.names) > 1:
        raise NotFound("this plot is of a pool, without moderators")
    k, fit = len(found.row), found.fit
    far = 3 / (k - 1) ** 0.5
    panels = (
        ("Deleted residual", found.rstudent, 0.0, (-1.96, 1.96)),
        ("DFFITS", found.dffits, 0.0, (-far, far)),
        ("Cook's distance", found.cook_distance, 0.0, (MEDIAN_CHI2,)),
        ("Covariance ratio", found.covariance_ratio, 1.0, ()),
        ("τ² without it", found.tau2_deleted, float(fit.tau2), ()),
        ("Q without it", found.q_deleted, float(fit.q), ()),
        ("Hat value", found.hat, 1 / k, (3 / k,)),
        ("DFBETAS", found.dfbetas[:, 0], 0.0, (-1.0, 1.0)),
    )
    return InfluenceData(
        words.title,
        tuple(names[row - 1] for row in found.row.tolist()),
        tuple(InfluenceMeasure(name, _known(values), start, limits) for name, values, start, limits in panels),
        tuple(map(bool, found.influential.tolist())),
        (*words.notes, f"{fit.method}, {fit.test}. {found.verdict}"),
    )


def _known(values: FloatArray) -> tuple[float | None, ...]:
    return tuple(value if np.isfinite(value) else None for value in values.tolist())


def leave_one_out_data(
    found: LeaveOneOut | LeaveGroupOut, names: Sequence[str], whole: Pooled, words: PoolWords
) -> ForestData:
    """A forest plot whose rows are the pools without each study or group, which `names` name, over the pool of all.

    Raises
    ------
    NotFound
        No study can be left out.
    """
    return _steps(found.fit, names, whole, words, "Without")


def cumulative_data(found: Cumulative, names: Sequence[str], whole: Pooled, words: PoolWords) -> ForestData:
    """A forest plot whose rows are the pools of ever more studies, over the pool of all; `names` are in row order."""
    own = [", ".join(names[row] for row in rows.tolist()) for rows in found.rows]
    by_row = [int(rows[-1]) + 1 for rows in found.rows] == found.step.tolist()
    steps = [
        f"+ {name}" if by_row else f"{step}: + {name}" for step, name in zip(found.step.tolist(), own, strict=True)
    ]
    return _steps(found.fit, steps, whole, words, "Adding")


def _steps(fit: Fit, labels: Sequence[str], whole: Pooled, words: PoolWords, header: str) -> ForestData:
    """Pools as the rows of a forest plot."""
    rows = tuple(_row(fit, place, label) for place, label in enumerate(labels))
    if all(row.estimate is None for row in rows):
        raise NotFound("no pool of some of the studies can be made")
    prediction = None if whole.pi_low is None or whole.pi_high is None else (whole.pi_low, whole.pi_high)
    return ForestData(
        words.title,
        words.measure,
        words.ratio,
        ("k", "τ²", "I²"),
        rows,
        (
            ForestSummary(
                f"All studies ({whole.method}, {whole.test})",
                whole.estimate,
                whole.ci_low,
                whole.ci_high,
                columns=(str(whole.k), decimal(whole.tau2, 3), _percent(whole.i2)),
            ),
        ),
        prediction,
        "" if prediction else whole.reason("pi_low") or "not given",
        favours=words.favours,
        footnotes=words.notes,
        level=whole.level,
        header=header,
    )


def _row(fit: Fit, place: int, label: str) -> ForestRow:
    estimate, low, high = (float(getattr(fit, name)[place]) for name in ("estimate", "ci_low", "ci_high"))
    tau2, i2 = float(fit.tau2[place]), float(fit.i2[place])
    columns = (str(int(fit.k[place])), decimal(tau2 if np.isfinite(tau2) else None, 3), _percent(i2))
    if not np.isfinite([estimate, low, high]).all():
        return ForestRow(label, columns, None, None, None)
    return ForestRow(label, columns, estimate, low, high)


def _percent(i2: float | None) -> str:
    return f"{decimal(i2, 0)}%" if i2 is not None and np.isfinite(i2) else decimal(None, 0)


def gosh_data(
    found: Gosh, names: Sequence[str], words: PoolWords, *, study: str | None = None, whole: Pooled | None = None
) -> GoshData:
    """The GOSH plot, with the subsets of one study told apart: the one named, else that which does most.

    Raises
    ------
    NotFound
        There is no study of that name.
    """
    if study is not None and study not in names:
        raise NotFound(f"no study {study!r}: {did_you_mean(study, names)}")
    place = names.index(study) if study is not None else int(found.studies.row[0]) - 1
    kind = "All" if found.exact else "A sample of"
    count = int(np.isfinite(found.i2).sum())
    return GoshData(
        words.title,
        words.measure,
        words.ratio,
        found.estimate,
        found.i2,
        found.has(place),
        f"with {names[place]}",
        "without it",
        None if whole is None or whole.i2 is None else (whole.estimate, whole.i2),
        (*words.notes, f"{kind} {count:,} subsets of 2 or more of {found.k} studies ({found.method}). {found.verdict}"),
    )


def specification_data(found: Multiverse, words: PoolWords) -> SpecificationData:
    """The specification curve of a multiverse; families with one choice are left out."""
    kept = [place for place, family in enumerate(found.families) if len(family.choices) > 1]
    return SpecificationData(
        words.title,
        words.measure,
        words.ratio,
        tuple(SpecificationFamily(found.families[place].name, found.families[place].choices) for place in kept),
        found.choice[:, kept],
        found.estimate,
        found.ci_low,
        found.ci_high,
        found.own,
        words.favours,
        words.notes,
    )


def words_of_multiverse(found: Multiverse, about: About) -> PoolWords:
    """The words around the specification curve of a multiverse."""
    names = sorted(set(found.measure.tolist()) - {""}) or [str(about.columns.get("measure", ""))]
    words = words_of_table(names[0], title=about.title, better=found.better)
    return words if len(names) == 1 else replace(words, measure="Effect", notes=(f"Measures: {', '.join(names)}.",))


def p_curve_data(found: PCurve, words: PoolWords) -> PCurveData:
    """The p-curve of studies.

    Raises
    ------
    NotFound
        None of them is significant.
    """
    if not found.significant:
        raise NotFound(f"none of {found.k} studies is significant at .05: there is no p-curve")
    tests = [("Right skew", found.right_skew), ("Flatter than with 33 % power", found.flatness)]
    return PCurveData(
        words.title,
        tuple(round(share * found.significant) for share in found.shares),
        found.shares_flat,
        found.k - found.significant,
        tuple(_said(name, test) for name, test in tests if test is not None),
        (*words.notes, found.verdict),
    )


def _said(name: str, test: CurveTest) -> str:
    half = "" if test.z_half is None else f"; half curve z = {decimal(test.z_half, 2)}, p {p_value(test.p_half)}"
    return f"{name}: full curve z = {decimal(test.z_full, 2)}, p {p_value(test.p_full)}{half}."
