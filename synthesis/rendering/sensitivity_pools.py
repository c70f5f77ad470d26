"""Pools without each study or group, and pools of ever more studies: text, rows and plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthesis.pooling.fit import Fit
from synthesis.pooling.pooled import Pooled
from synthesis.rendering.fits import READ, fit_cells, fit_json
from synthesis.rendering.sensitivity import Shown, Words
from synthesis.rendering.tables import Cell
from synthesis.sensitivity.deletion.cumulative import Cumulative
from synthesis.sensitivity.deletion.leave_out import LeaveGroupOut
from synthesis.sensitivity.deletion.leave_out_regression import RegressionsWithout
from synthesis.sensitivity.overview.on_subject import WithoutEach
from synthesis.text import ABSENT, decimal, interval, one_line, p_value, table

POOLED = ["k", "estimate", "CI", "p", "tau2", "I2 %", "Q (df, p)"]
NUMBERS = (
    "k", "estimate", "ci_low", "ci_high", "se", "p_value", "pi_low", "pi_high", "tau2", "i2", "q", "q_df", "q_p_value",
)  # fmt: skip
COLUMNS = tuple({"p_value": "p", "q_p_value": "q_p"}.get(name, name) for name in NUMBERS)  # as in other CSV tables
ALL = "all studies"


def pooled_cells(one: Shown, fit: Fit, row: int) -> list[str]:
    """One pool under POOLED."""
    number = {name: float(getattr(fit, name)[row]) for name in NUMBERS}
    bounds = interval(one.read(number["ci_low"]), one.read(number["ci_high"]), 2)
    tested = f"{decimal(number['q'], 2)} ({number['q_df']:.0f}, {p_value(number['q_p_value'])})"
    return [
        str(fit.k[row]), decimal(one.read(number["estimate"]), 2), bounds, p_value(number["p_value"]),
        decimal(number["tau2"], 3), decimal(number["i2"], 1), tested if fit.k[row] > 1 else ABSENT,
    ]  # fmt: skip


def pooled_numbers(one: Shown, fit: Fit, row: int) -> list[Cell]:
    """One pool under NUMBERS."""
    numbers = ((name, getattr(fit, name)[row].item()) for name in NUMBERS)
    return [one.read(value) if name in READ else value for name, value in numbers]


def _how(one: Shown) -> str:
    subject = one.subject
    assert subject is not None
    return f"{subject.method}, {subject.test}, {100 * subject.level:g} % intervals\n"


def left_out(one: Shown) -> tuple[str, ...]:
    """What each pool lacks: a study, or a group of studies."""
    without = one.found.without
    return tuple(map(str, without.group.tolist())) if isinstance(without, LeaveGroupOut) else one.names


def _without_text(one: Shown) -> str:
    found: WithoutEach = one.found
    without = found.without
    assert not isinstance(without, RegressionsWithout)
    assert isinstance(found.whole, Pooled)
    groups = isinstance(without, LeaveGroupOut)
    marks = without.left_out.tolist() if isinstance(without, LeaveGroupOut) else range(1, len(one.names) + 1)
    k, estimate, bounds, p, tau2, _, i2, q, _ = fit_cells(found.whole, ratio=one.about.ratio)
    rows = [["", ALL, k, estimate, bounds, p, tau2, i2, q]]
    rows += [
        [str(mark), one_line(name), *pooled_cells(one, without.fit, row)]
        for row, (name, mark) in enumerate(zip(left_out(one), marks, strict=True))
    ]
    header = ["studies" if groups else "row", "without group" if groups else "without", *POOLED]
    return f"{_how(one)}{table(header, rows, (0, 2, 3, 5, 6, 7))}{without.verdict}\n"


def _without_rows(one: Shown, _: Sequence[str]) -> Iterator[list[Cell]]:
    for row, name in enumerate(left_out(one)):
        yield [name, *pooled_numbers(one, one.found.without.fit, row)]


def _without_json(one: Shown) -> dict[str, object]:
    found: WithoutEach = one.found
    assert isinstance(found.whole, Pooled)
    return {"all": fit_json(found.whole), "without": found.without.to_dict()}


WITHOUT = Words(
    _without_text, lambda _: ("without", *COLUMNS), _without_rows, _without_json, "nothing can be left out"
)  # fmt: skip


def _steps_text(one: Shown) -> str:
    found: Cumulative = one.found
    rows = [
        [str(step), _added(one, place), *pooled_cells(one, found.fit, place)] for place, step in enumerate(found.step)
    ]
    return f"{_how(one)}{table(['step', 'added', *POOLED], rows, (2, 3, 5, 6, 7))}{found.verdict}\n"


def _added(one: Shown, place: int) -> str:
    """The studies that a step adds."""
    return one_line(", ".join(one.names[row] for row in one.found.rows[place].tolist()))


def _steps_rows(one: Shown, _: Sequence[str]) -> Iterator[list[Cell]]:
    found: Cumulative = one.found
    for place, step in enumerate(found.step.tolist()):
        yield [step, _added(one, place), *pooled_numbers(one, found.fit, place)]


STEPS = Words(
    _steps_text,
    lambda _: ("step", "added", *COLUMNS),
    _steps_rows,
    lambda one: one.found.to_dict(),
    "nothing to add up",
)
