"""Meta-regressions without each study: text, rows and plain values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from synthesis.pooling.moderators.regression import Regression
from synthesis.rendering.fits import plain
from synthesis.rendering.sensitivity import Shown, Words
from synthesis.rendering.tables import Cell
from synthesis.sensitivity.deletion.leave_out_regression import RegressionsWithout
from synthesis.sensitivity.overview.on_subject import WithoutEach
from synthesis.text import decimal, interval, one_line, p_value, table

OF_COEFFICIENT = ("estimate", "ci_low", "ci_high", "se", "p_value")
OF_MODEL = ("tau2", "i2", "q", "q_p_value")
COLUMNS = (
    "without", "term", "estimate", "ci_low", "ci_high", "se", "p", "tau2", "i2", "q", "q_p",
)  # fmt: skip
ALL = "all studies"


def _text(one: Shown) -> str:
    found: WithoutEach = one.found
    whole, without = found.whole, found.without
    assert isinstance(whole, Regression)
    assert isinstance(without, RegressionsWithout)
    terms = [part for name in without.names for part in (name, "CI", "p")]
    own = [
        cell
        for row in whole.coefficients
        for cell in (decimal(row.estimate), interval(row.ci_low, row.ci_high), p_value(row.p_value))
    ]
    rows = [["", ALL, *own, decimal(whole.tau2, 3), decimal(whole.i2, 1)]]
    rows += [_row(one, without, place) for place in range(len(one.names))]
    header = ["row", "without", *terms, "tau2", "I2 %"]
    numeric = [0, *(2 + 3 * place + part for place in range(len(without.names)) for part in (0, 2)), len(header) - 2]
    how = f"{without.method}, {without.test}, {100 * without.level:g} % intervals; coefficients as they are fitted\n"
    return f"{how}{table(header, rows, [*numeric, len(header) - 1])}{verdict(one)}\n"


def _row(one: Shown, without: RegressionsWithout, place: int) -> list[str]:
    cells = []
    for number in range(len(without.names)):
        estimate, low, high, _, p = (float(getattr(without, name)[place, number]) for name in OF_COEFFICIENT)
        cells += [decimal(estimate), interval(low, high), p_value(p)]
    spread = [decimal(float(without.tau2[place]), 3), decimal(float(without.i2[place]), 1)]
    return [str(place + 1), one_line(one.names[place]), *cells, *spread]


def verdict(one: Shown) -> str:
    """Which coefficients have an interval that comes to hold 0, or leaves it, as a study is left out."""
    found: WithoutEach = one.found
    whole, without = found.whole, found.without
    assert isinstance(whole, Regression)
    assert isinstance(without, RegressionsWithout)
    said = []
    for number, row in enumerate(whole.coefficients):
        beyond = (without.ci_low[:, number] > 0) | (without.ci_high[:, number] < 0)
        turned = [
            name
            for name, is_beyond, low in zip(one.names, beyond, without.ci_low[:, number], strict=True)
            if not math.isnan(low) and bool(is_beyond) != (row.ci_low > 0 or row.ci_high < 0)
        ]
        if turned:
            said.append(f"whether the interval of {row.name} holds 0 rests on {', '.join(map(one_line, turned))}.")
    rests = " ".join(said) or "No interval comes to hold 0, or leaves it, as a study is left out."
    return f"{rests[0].upper()}{rests[1:]} One study is left out at a time: two that act alike hide one another."


def _rows(one: Shown, _: Sequence[str]) -> Iterator[list[Cell]]:
    without = one.found.without
    for place, study in enumerate(one.names):
        of_model = [getattr(without, name)[place].item() for name in OF_MODEL]
        for number, term in enumerate(without.names):
            yield [study, term, *(getattr(without, name)[place, number].item() for name in OF_COEFFICIENT), *of_model]


def _json(one: Shown) -> dict[str, object]:
    found: WithoutEach = one.found
    values: dict[str, object] = plain(
        {"all": found.whole.to_dict(), "without": found.without.to_dict(), "verdict": verdict(one)}
    )
    return values


REGRESSIONS = Words(_text, lambda _: COLUMNS, _rows, _json, "nothing can be left out")
