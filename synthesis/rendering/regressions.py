"""Meta-regressions as text, rows and plain values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from synthesis.evidence.moderators import PoolRegression, Unstated
from synthesis.evidence.pools import Evidence
from synthesis.plain.effects import PlainLeftOut
from synthesis.plain.moderators import PlainRegression
from synthesis.pooling.coefficients import Coefficient
from synthesis.pooling.moderators.location_scale import LocationScale
from synthesis.pooling.moderators.permutation import PermutationTest
from synthesis.pooling.moderators.regression import Regression, described
from synthesis.pooling.moderators.report import Answer, Request, Value
from synthesis.rendering.fits import natural
from synthesis.rendering.moderated import (
    About,
    about_group,
    about_pool,
    effect_cells,
    evidence_json,
    not_done_text,
    plain,
    rows_left_json,
    unstated_text,
)
from synthesis.rendering.tables import Cell
from synthesis.text import decimal, interval, p_value, table

MODEL = (
    "part", "term", "estimate", "ci_low", "ci_high", "se", "statistic", "df", "p", "p_permutation", "k", "coefficients",
    "tau2", "tau2_ci_low", "tau2_ci_high", "i2", "r2", "q", "q_df", "q_p", "moderators", "moderators_df",
    "moderators_df2", "moderators_p", "method", "test", "notes",
)  # fmt: skip
EFFECT = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")
LEFT = (
    "study", "yi", "fitted", "residual", "standardised", "deleted", "leverage", "blup", "blup_low", "blup_high",
)  # fmt: skip
LEGEND = "coefficients, tau2 and residuals are of logarithms for ratios; predictions are ratios\n"
NOT_FITTED = "not fitted"


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


def text(shown: Sequence[Shown], request: Request) -> str:
    """Each regression with its coefficients; then one line for each that could not be fitted."""
    fitted = [one for one in shown if one.model is not None]
    parts = ["\n".join(_section(one, request) for one in fitted)]
    if any(one.about.ratio for one in fitted):
        parts.append(LEGEND)
    others = [(one.about.title, one.answer.problem, unstated_text(one.left_out)) for one in shown if one.model is None]
    parts.append(not_done_text(others, NOT_FITTED))
    return "\n".join(part for part in parts if part) or "no study can be pooled\n"


def _section(one: Shown, request: Request) -> str:
    """Everything about one regression."""
    answer, model = one.answer, one.model
    assert model is not None
    lines = [f"{one.about.title}\n{_settings(model, request)}\n{_coefficients(model.coefficients, answer.permutation)}"]
    if isinstance(model, LocationScale):
        lines += [f"log tau2:\n{_coefficients(model.scale)}moderators of tau2: {described(model.scale_test)}\n"]
    else:
        lines += [_tests(model, answer)]
    lines += [f"note: {note.reason}\n" for note in dict.fromkeys(answer.notes)]
    lines += [unstated_text(one.left_out), _predicted(one, request), _residuals(one)]
    return "".join(lines)


def _settings(model: Regression | LocationScale, request: Request) -> str:
    """The formulas and how they were fitted."""
    scale = f", log tau2 {request.scale}" if request.scale is not None else ""
    kind = f"{model.method}, {model.test}, {100 * model.level:g} % intervals"
    return f"{request.moderators}{scale}: k = {model.k} ({kind})"


def _coefficients(rows: Sequence[Coefficient], permutation: PermutationTest | None = None) -> str:
    header = ["", "estimate", "se", "statistic", "df", "p", "CI"]
    cells = []
    for number, one in enumerate(rows):
        places = _places(one.se)
        cells.append([
            one.name, decimal(one.estimate, places), decimal(one.se, places), decimal(one.statistic, 2),
            decimal(one.df, 1), p_value(one.p_value), interval(one.ci_low, one.ci_high, places),
        ])  # fmt: skip
        if permutation is not None:
            cells[-1].append(p_value(permutation.p_values[number]))
    return table(header if permutation is None else [*header, "p, permuted"], cells, (1, 2, 3, 4, 5, 7))


def _places(se: float) -> int:
    """As many decimals as show two digits of a standard error, at least four."""
    return 4 if se >= 0.001 or se <= 0 else min(12, 1 - math.floor(math.log10(se)))


def _tests(fit: Regression, answer: Answer) -> str:
    """The moderators together and one by one, and what they leave unexplained."""
    together = f"moderators: {described(fit.omnibus)}"
    if answer.permutation is not None:
        found = answer.permutation
        kind = f"all {found.arrangements}" if found.exact else f"a sample of {found.arrangements}"
        together += f"; permuted p {p_value(found.omnibus_p_value)} ({kind} arrangements)"
    spread = f"tau2 {decimal(fit.tau2)} {interval(fit.tau2_ci_low, fit.tau2_ci_high)}, I2 {decimal(fit.i2, 1)} %"
    residual = f"Q {decimal(fit.q, 2)} on {fit.q_df} df, p {p_value(fit.q_p_value)}"
    explained = "" if fit.r2 is None else f"explained: R2 {decimal(fit.r2, 1)} % of tau2\n"
    return f"{_terms(fit, answer)}{together}\nunexplained: {spread}, {residual}\n{explained}"


def _terms(fit: Regression, answer: Answer) -> str:
    """Each term with its own test and the inflation of its standard errors, where there are several."""
    if not answer.inflation:
        return ""
    inflation = {one.term: one.gsif for one in answer.inflation}
    rows = [
        [one.term, str(one.test.df), decimal(one.test.statistic, 2), p_value(one.test.p_value),
         decimal(inflation.get(one.term), 2)]
        for one in fit.terms if one.term in inflation
    ]  # fmt: skip
    statistic = "chi2" if fit.omnibus.df_denominator is None else "F"
    return "terms:\n" + table(["", "df", statistic, "p", "inflation"], rows, range(1, 5))


def _predicted(one: Shown, request: Request) -> str:
    found = one.answer.predictions
    if found is None:
        return ""
    rows = [
        [*(request.new[name][i] for name in request.new),
         *effect_cells(one.about.ratio, found.estimate[i], (found.ci_low[i], found.ci_high[i]),
                       (found.pi_low[i], found.pi_high[i]))]
        for i in range(len(found.estimate))
    ]  # fmt: skip
    return "expected effects:\n" + table([*request.new, "estimate", "CI", "prediction"], rows, (len(request.new),))


def _residuals(one: Shown) -> str:
    if one.answer.residuals is None:
        return ""
    rows = [
        [str(study), *(decimal(value, 3) for value in values[:-2]), interval(*values[-2:], 3)]
        for study, *values in _study_rows(one)
    ]
    return "studies:\n" + table([*LEFT[:-2], "interval of BLUP"], rows, range(1, len(LEFT) - 2))


def _study_rows(one: Shown) -> Iterator[tuple[str, *tuple[float, ...]]]:
    """The cells of LEFT for each study."""
    left, drawn, fit = one.answer.residuals, one.answer.blups, one.answer.fit
    assert left is not None and drawn is not None and fit is not None  # noqa: PT018 - they come together
    columns = (
        fit.model.yi, fit.model.yi - left.raw, left.raw, left.standardised, left.deleted, left.hat, drawn.estimate,
        drawn.low, drawn.high,
    )  # fmt: skip
    for i, study in enumerate(one.studies):
        yield (study, *(float(column[i]) for column in columns))


def csv_table(shown: Sequence[Shown], request: Request) -> tuple[list[str], Iterator[list[Cell]]]:
    """Header and rows: of predictions where some are asked for, else of residuals, else of coefficients."""
    about = list(shown[0].about.columns) if shown else ["group"]
    if request.new:
        return [*about, *request.new, *EFFECT, "reason"], _prediction_rows(shown, request)
    if request.residuals:
        return [*about, *LEFT, "reason"], _residual_rows(shown)
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
            yield [*about, *[None] * len(LEFT), one.answer.problem]
            continue
        for row in _study_rows(one):
            yield [*about, *row, None]


def _coefficient_rows(shown: Sequence[Shown]) -> Iterator[list[Cell]]:
    for one in shown:
        about: list[Cell] = list(one.about.columns.values())
        model, answer = one.model, one.answer
        if model is None:
            yield [*about, *[None] * 10, answer.k, *[None] * 15, answer.problem]
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
    return [model.k, p, *spread, *moderators, model.method, model.test, notes]


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
        "studies": _studies_json(one),
        "left_out": [asdict(left) for left in one.left_out],
    }
    rounded: dict[str, object] = plain(values)
    return rounded


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
        left = [dict(zip(LEFT, row, strict=True)) for row in _study_rows(one)]
    return [
        {"study": study, "moderators": {name: values[i] for name, values in one.data.items()}, **left[i]}
        for i, study in enumerate(one.studies)
    ]
