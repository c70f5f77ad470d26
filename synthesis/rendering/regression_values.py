"""Meta-regressions as rows of a table and as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from synthesis.evidence.moderators import PoolRegression, Unstated
from synthesis.evidence.pools import Evidence
from synthesis.plain.effects import PlainLeftOut
from synthesis.plain.moderators import PlainRegression
from synthesis.pooling.coefficients import Coefficient
from synthesis.pooling.moderators.asked import Answer, Request, Value
from synthesis.pooling.moderators.location_scale import LocationScale
from synthesis.pooling.moderators.regression import Regression
from synthesis.rendering.fits import natural, plain
from synthesis.rendering.moderated import About, about_group, about_pool, evidence_json, rows_left_json
from synthesis.rendering.tables import Cell

MODEL = (
    "part", "term", "estimate", "ci_low", "ci_high", "se", "statistic", "df", "p", "p_permutation", "k", "coefficients",
    "tau2", "tau2_ci_low", "tau2_ci_high", "i2", "r2", "q", "q_df", "q_p", "moderators", "moderators_df",
    "moderators_df2", "moderators_p", "lrt", "lrt_df", "lrt_p", "method", "test", "notes",
)  # fmt: skip
EFFECT = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")
LEFT = ("yi", "fitted", "residual", "standardised", "deleted", "leverage", "blup", "blup_low", "blup_high")


@dataclass(frozen=True, slots=True)
class Shown:
    """One regression, of a pool or of a group of a table."""

    about: About
    studies: tuple[str, ...]
    data: Mapping[str, Sequence[Value]]
    left_out: tuple[Unstated, ...]
    answer: Answer

    @property
    def model(self) -> Regression | LocationScale | None:
        """What was fitted, if anything was."""
        return self.answer.fit or self.answer.scale


def of_pools(regressions: Iterable[PoolRegression], evidence: Evidence) -> tuple[Shown, ...]:
    """The regressions of a review."""
    return tuple(
        Shown(
            about_pool(one.pool, evidence), tuple(entry.study.key for entry in one.entries), one.data, one.left_out,
            one.answer,
        )
        for one in regressions
    )  # fmt: skip


def of_groups(regressions: Iterable[PlainRegression]) -> tuple[Shown, ...]:
    """The regressions of a table; the rows that it left out are listed once, under all of them."""
    return tuple(
        Shown(about_group(one.group, one.measure), one.studies, one.data, (), one.answer) for one in regressions
    )


def study_rows(one: Shown) -> list[list[float]]:
    """The numbers of LEFT for each study."""
    left, drawn, fit = one.answer.residuals, one.answer.blups, one.answer.fit
    assert left is not None and drawn is not None and fit is not None  # noqa: PT018 - they come together
    columns = (
        fit.model.yi, fit.model.yi - left.raw, left.raw, left.standardised, left.deleted, left.hat, drawn.estimate,
        drawn.pi_low, drawn.pi_high,
    )  # fmt: skip
    return [[float(column[i]) for column in columns] for i in range(len(one.studies))]


def csv_table(shown: Sequence[Shown], request: Request) -> tuple[list[str], Iterator[list[Cell]]]:
    """Header and rows: of predictions where some are asked for, else of residuals, else of coefficients."""
    about = list(shown[0].about.columns) if shown else ["group"]
    if request.new:
        return [*about, *request.new, *EFFECT, "reason"], _prediction_rows(shown, request)
    if request.residuals:
        return [*about, "study", *LEFT, "reason"], _residual_rows(shown)
    return [*about, *MODEL], _coefficient_rows(shown)


def _prediction_rows(shown: Sequence[Shown], request: Request) -> Iterator[list[Cell]]:
    for one in shown:
        about, found = list(one.about.columns.values()), one.answer.predictions
        if found is None:
            notes = [note.reason for note in one.answer.notes if note.field == "predictions"]
            reason = one.answer.problem or "; ".join(notes)
            yield [*about, *[None] * (len(request.new) + len(EFFECT)), reason]
            continue
        columns = (found.estimate, found.ci_low, found.ci_high, found.pi_low, found.pi_high)
        for i in range(len(found.estimate)):
            cells = [natural(float(column[i]), ratio=one.about.ratio) for column in columns]
            yield [*about, *(values[i] for values in request.new.values()), *cells, None]


def _residual_rows(shown: Sequence[Shown]) -> Iterator[list[Cell]]:
    for one in shown:
        about: list[Cell] = list(one.about.columns.values())
        if one.model is None:
            yield [*about, *[None] * (1 + len(LEFT)), one.answer.problem]
            continue
        for study, row in zip(one.studies, study_rows(one), strict=True):
            yield [*about, study, *row, None]


def _coefficient_rows(shown: Sequence[Shown]) -> Iterator[list[Cell]]:
    for one in shown:
        about: list[Cell] = list(one.about.columns.values())
        model, answer = one.model, one.answer
        if model is None:
            before = MODEL.index("k")
            yield [*about, *[None] * before, answer.k, *[None] * (len(MODEL) - before - 2), answer.problem]
            continue
        of_model = _model_cells(model, answer)
        permuted = answer.permutation.p_values if answer.permutation else [None] * len(model.coefficients)
        for row, p in zip(model.coefficients, permuted, strict=True):
            yield [*about, "mean", *_cells(row), p, *of_model]
        for row in model.scale if isinstance(model, LocationScale) else ():
            yield [*about, "log tau2", *_cells(row), None, *of_model]


def _cells(row: Coefficient) -> list[Cell]:
    return [row.name, row.estimate, row.ci_low, row.ci_high, row.se, row.statistic, row.df, row.p_value]


def _model_cells(model: Regression | LocationScale, answer: Answer) -> list[Cell]:
    """The columns of MODEL from `k` on."""
    notes = "; ".join(dict.fromkeys(note.reason for note in answer.notes))
    if isinstance(model, LocationScale):
        test = model.scale_test
        spread: list[Cell] = [None] * 8
        p = len(model.coefficients)
    else:
        test, p = model.omnibus, model.p
        spread = [
            model.tau2, model.tau2_ci_low, model.tau2_ci_high, model.i2, model.r2, model.q, model.q_df, model.q_p_value,
        ]  # fmt: skip
    moderators: list[Cell] = [test.statistic, test.df, test.df_denominator, test.p_value]
    compared: list[Cell] = [None] * 3 if answer.comparison is None else [*answer.comparison.test]
    return [model.k, p, *spread, *moderators, *compared, model.method, model.test, notes]


def review_json(shown: Sequence[Shown], request: Request, evidence: Evidence) -> dict[str, object]:
    """The regressions of a review as plain values, on the scale of each measure, logs for ratios."""
    return {**_asked(request), **evidence_json(evidence), "regressions": [_json(one, request) for one in shown]}


def table_json(shown: Sequence[Shown], request: Request, left: Iterable[PlainLeftOut]) -> dict[str, object]:
    """The regressions of a table as plain values."""
    return {
        **_asked(request),
        "regressions": [_json(one, request) for one in shown],
        "left_out": rows_left_json(left),
    }


def _asked(request: Request) -> dict[str, object]:
    return {
        "moderators": request.moderators, "scale_moderators": request.scale, "method": request.method,
        "test": request.test, "level": request.level,
    }  # fmt: skip


def _json(one: Shown, request: Request) -> dict[str, object]:
    answer, model = one.answer, one.model
    fitted = None if model is None else {**model.to_dict(), "notes": [note._asdict() for note in answer.notes]}
    values: dict[str, object] = {
        **one.about.json,
        "k": answer.k,
        "model": fitted,
        "reason": answer.problem or None,
        "inflation": [one._asdict() for one in answer.inflation],
        "permutation": None if answer.permutation is None else answer.permutation.to_dict(),
        "predictions": _predictions_json(one, request),
        "comparison": _comparison_json(answer, request),
        "studies": _studies_json(one),
        "left_out": [asdict(left) for left in one.left_out],
    }
    rounded: dict[str, object] = plain(values)
    return rounded


def _comparison_json(answer: Answer, request: Request) -> dict[str, object] | None:
    found = answer.comparison
    return None if found is None else {"formula": request.against, **found.test._asdict(), "r2": found.r2}


def _predictions_json(one: Shown, request: Request) -> list[dict[str, object]] | None:
    found = one.answer.predictions
    if found is None:
        return None
    rows = range(len(found.estimate))
    numbers = {name: getattr(found, name).tolist() for name in ("estimate", "se", *EFFECT[1:])}
    return [
        {
            "moderators": {name: values[i] for name, values in request.new.items()},
            **{name: column[i] for name, column in numbers.items()},
        }
        for i in rows
    ]


def _studies_json(one: Shown) -> list[dict[str, object]]:
    """The studies with their moderators, and with residuals where they were asked for."""
    left: list[dict[str, object]] = [{} for _ in one.studies]
    if one.answer.residuals is not None:
        left = [dict(zip(LEFT, row, strict=True)) for row in study_rows(one)]
    return [
        {"study": study, "moderators": {name: values[i] for name, values in one.data.items()}, **left[i]}
        for i, study in enumerate(one.studies)
    ]
