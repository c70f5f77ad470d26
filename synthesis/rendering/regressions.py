"""Meta-regressions as text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from synthesis.pooling.coefficients import Coefficient, described
from synthesis.pooling.moderators.asked import Answer, Request
from synthesis.pooling.moderators.location_scale import LocationScale
from synthesis.pooling.moderators.permutation import PermutationTest
from synthesis.pooling.moderators.regression import Regression
from synthesis.rendering.moderated import effect_cells, not_done_text, unstated_text
from synthesis.rendering.regression_values import LEFT, Shown, study_rows
from synthesis.text import decimal, interval, one_line, p_value, table

LEGEND = "coefficients, tau2 and residuals are of logarithms for ratios; predictions are ratios\n"
NOT_FITTED = "not fitted"


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
        lines += [_tests(model, answer), _compared(one.answer, request)]
    lines += [f"note: {one_line(note.reason)}\n" for note in dict.fromkeys(answer.notes)]
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


def _compared(answer: Answer, request: Request) -> str:
    """The smaller model, and whether it fits worse."""
    if answer.comparison is None:
        return ""
    test, r2 = answer.comparison.test, answer.comparison.r2
    more = "" if r2 is None else f"; R2 {decimal(r2, 1)} % of its tau2"
    chi2 = f"chi^2 {decimal(test.statistic)} on {test.df} df, p {p_value(test.p_value)}"
    return f"likelihood ratio against {request.against}: {chi2}{more}\n"


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
        [study, *(decimal(value, 3) for value in values[:-2]), interval(values[-2], values[-1], 3)]
        for study, values in zip(one.studies, study_rows(one), strict=True)
    ]
    return "studies:\n" + table(["study", *LEFT[:-2], "interval of BLUP"], rows, range(1, len(LEFT) - 1))
