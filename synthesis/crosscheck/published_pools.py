"""Pooled results that others published, read strictly from `studies/published/pooled.csv`."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from synthesis.records.study import BETTER, NOT_STATED, Place
from synthesis.scoring.published import Line, Table

CODES: Mapping[str, str] = {
    "SY620": "a number of a published pooled result cannot be read",
    "SY621": "an interval of a published pooled result has one bound, is turned round, or lacks the estimate",
}

COLUMNS = (
    "review", "modality", "outcome", "detail", "k", "n", "measure", "estimate", "ci_low", "ci_high", "p", "i2",
    "tau2", "model", "better", "locator", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublishedPool:
    """A pooled result as its source prints it; None where it is not printed."""

    review: str  # a key of the library
    modality: str  # a modality of review.toml; nothing where the result is of none of them
    outcome: str  # an outcome of review.toml
    detail: str  # definition, time or contrast within the outcome
    k: int | None  # studies, or effects where `note` says so
    n: int | None  # people
    measure: str  # as printed: RR, OR, SMD, d, ...; `not stated` where the source does not tell
    estimate: float | None  # a ratio on its own scale
    ci_low: float | None
    ci_high: float | None
    p: str  # as printed, so that `<0.001` stays what it is
    i2: float | None  # percent
    tau2: float | None
    model: str
    better: str  # which side of no effect favours treatment: lower | higher
    locator: str
    note: str
    place: Place


def read_pooled(
    text: str, path: str, modalities: Collection[str], outcomes: Collection[str]
) -> tuple[PublishedPool, ...]:
    """The published pooled results, in file order.

    Parameters
    ----------
    text, path : str
        The file's text, and its name in messages.
    modalities, outcomes : collection of str
        Those of review.toml.

    Raises
    ------
    InvalidData
        Everything wrong with it: SY600 to SY606, SY620, SY621.
    """
    table = Table(text, path, COLUMNS)
    found = tuple(_pool(line, modalities, outcomes) for line in table.lines())
    table.stop()
    return found


def _pool(line: Line, modalities: Collection[str], outcomes: Collection[str]) -> PublishedPool:
    modality = line.text("modality")
    if modality:
        line.check("modality", modality, modalities)
    estimate, low, high = (_number(line, name) for name in ("estimate", "ci_low", "ci_high"))
    _check_interval(line, estimate, low, high)
    pool = PublishedPool(
        review=line.required("review"),
        modality=modality,
        outcome=line.one_of("outcome", outcomes),
        detail=line.text("detail"),
        k=_count(line, "k"),
        n=_count(line, "n"),
        measure=line.required("measure"),
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        p=line.text("p"),
        i2=_number(line, "i2"),
        tau2=_number(line, "tau2"),
        model=line.text("model") or NOT_STATED,
        better=line.one_of("better", BETTER),
        locator=line.text("locator"),
        note=line.text("note"),
        place=line.place(),
    )
    line.once(
        "SY606", f"this result of {pool.review}", (pool.review, modality, pool.outcome, pool.detail, pool.measure)
    )
    return pool


def _count(line: Line, name: str) -> int | None:
    text = line.text(name)
    if text and not (text.isascii() and text.isdecimal()):
        line.fault(name, "SY620", f"{name} {text!r} is not a whole number", "write a number, or nothing")
        return None
    return int(text) if text else None


def _number(line: Line, name: str) -> float | None:
    text = line.text(name)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        line.fault(name, "SY620", f"{name} {text!r} is not a number", "write it as 0.85, or leave it out")
        return None
    return value


def _check_interval(line: Line, estimate: float | None, low: float | None, high: float | None) -> None:
    if (low is None) != (high is None):
        line.fault("ci_low", "SY621", "one bound of the interval without the other", "write both, or neither")
    elif low is not None and high is not None and low > high:
        line.fault("ci_low", "SY621", f"the interval runs from {low:g} down to {high:g}", "turn the bounds round")
    elif estimate is not None and low is not None and high is not None and not low <= estimate <= high:
        what = f"the estimate {estimate:g} is not between {low:g} and {high:g}"
        line.fault("estimate", "SY621", what, "look at the source again")
