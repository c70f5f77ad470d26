"""The columns that the tests for small-study effects take, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from synthesis.effects.columns import FloatArray, check_known, looked_up, refuse
from synthesis.errors import InvalidArgument, rows_text
from synthesis.pooling.check import check_alike, check_effects, numbers
from synthesis.pooling.pooled import Note
from synthesis.sensitivity.cautions import Caution
from synthesis.sensitivity.small_studies.methods import (
    COUNTS,
    EFFECTS,
    SMALL_STUDY_TESTS,
    TIED,
    Given,
    SmallStudyMethod,
)

COLUMNS = (*EFFECTS, *COUNTS)


def checked(name: str, given: Mapping[str, Any], data: Any) -> tuple[SmallStudyMethod, Given, list[Note]]:
    """The test of that name, the columns that it needs, and a note on the studies that are left out."""
    check_known(name, SMALL_STUDY_TESTS, "test for small-study effects")
    method = SMALL_STUDY_TESTS[name]
    absent = [column for column in method.needs if given[column] is None]
    if absent:
        raise InvalidArgument(f"the test {name} needs {', '.join(method.needs)}: {', '.join(absent)} is not given")
    columns: dict[str, FloatArray] = {}
    if method.needs[:2] == EFFECTS:
        columns["yi"], columns["vi"] = check_effects(given["yi"], given["vi"], data)
        check_alike(columns["yi"], columns["vi"])
    for column in COUNTS:
        if column in method.needs:
            values = looked_up(given[column], data)
            k = len(next(iter(columns.values()))) if columns else None
            columns[column] = sizes(values, k, column, least=0.0 if column in ("ai", "ci") else 1.0)
    k = len(next(iter(columns.values())))
    found = Given(*(columns.get(column, np.full(k, np.nan)) for column in COLUMNS))
    if "ai" not in method.needs:
        return method, found, []
    refuse((found.a > found.n1) | (found.c > found.n2), "there are more events than people")
    out = ~found.mixed
    rows = (np.flatnonzero(out) + 1).tolist()
    if len(rows) == k:
        raise InvalidArgument("no study has people with the event and people without it: nothing can be tested")
    notes = (
        [Note("k", f"{rows_text(rows)}: no events, or nothing but events, in both groups; left out")] if rows else []
    )
    return method, found.take(~out), notes


def sizes(values: Any, k: int | None, name: str, least: float = 1.0) -> FloatArray:
    """A column of counts, each finite and at least `least`."""
    if values is None:
        raise InvalidArgument(f"this predictor needs {name}: the sizes of the studies")
    found = numbers(values, name)
    if k is not None and len(found) != k:
        raise InvalidArgument(f"{name} has {len(found)} rows and the other columns {k}: they must be of one length")
    if not len(found):
        raise InvalidArgument(f"{name} is empty: there is no study to test")
    refuse(~(np.isfinite(found) & (found >= least)), f"{name} must be a number not below {least:g}")
    return found


def unfit(name: str, method: SmallStudyMethod, measure: str | None) -> tuple[Caution, ...]:
    """Why a test is not made for a measure."""
    if measure is None:
        return ()
    if method.measures and measure not in method.measures:
        says = f"the test {name} is made for {', '.join(method.measures)}, not for {measure}"
        return (Caution("another measure", says, method.source),)
    if not method.measures and measure in TIED:
        says = f"the standard error of {measure} depends on the effect itself, which makes asymmetry without any bias"
        return (Caution("tied measure", says, "Cochrane Handbook 13.3.5.4"),)
    return ()
