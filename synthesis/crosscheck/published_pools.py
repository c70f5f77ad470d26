"""Pooled results that others published, read strictly from `studies/published/pooled.csv`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from synthesis.records.csv_table import Line, Table
from synthesis.records.study import BETTER, NOT_STATED, Place
from synthesis.scoring.published import PUBLISHED

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
    table = Table(text, path, COLUMNS, PUBLISHED)
    found = tuple(_pool(line, modalities, outcomes) for line in table.lines())
    table.stop()
    return found


def _pool(line: Line, modalities: Collection[str], outcomes: Collection[str]) -> PublishedPool:
    modality = line.text("modality")
    if modality:
        line.check("modality", modality, modalities)
    estimate, low, high = (line.number_of(name, "SY620") for name in ("estimate", "ci_low", "ci_high"))
    _check_interval(line, estimate, low, high)
    pool = PublishedPool(
        review=line.required("review"),
        modality=modality,
        outcome=line.one_of("outcome", outcomes),
        detail=line.text("detail"),
        k=line.whole("k", "SY620"),
        n=line.whole("n", "SY620"),
        measure=line.required("measure"),
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        p=line.text("p"),
        i2=line.number_of("i2", "SY620"),
        tau2=line.number_of("tau2", "SY620"),
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


def _check_interval(line: Line, estimate: float | None, low: float | None, high: float | None) -> None:
    if (low is None) != (high is None):
        line.fault("ci_low", "SY621", "one bound of the interval without the other", "write both, or neither")
    elif low is not None and high is not None and low > high:
        line.fault("ci_low", "SY621", f"the interval runs from {low:g} down to {high:g}", "turn the bounds round")
    elif estimate is not None and low is not None and high is not None and not low <= estimate <= high:
        what = f"the estimate {estimate:g} is not between {low:g} and {high:g}"
        line.fault("estimate", "SY621", what, "look at the source again")
