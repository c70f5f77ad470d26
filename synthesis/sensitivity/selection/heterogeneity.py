"""Whether effects differ too much for methods that assume one of them."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.pooling.batch import FloatArray, batch_of_one
from synthesis.pooling.fit import fit
from synthesis.pooling.pooled import Note
from synthesis.sensitivity.selection.rules import finding
from synthesis.text import decimal

MUCH = 50.0  # percent of I^2


def i2_of(y: FloatArray, v: FloatArray) -> float:
    """I^2 of all studies, in percent, by DerSimonian and Laird; 0 for a single one."""
    if len(y) < 2:
        return 0.0
    return float(fit(batch_of_one(y, v), method="DL", test="z", level=0.95).i2[0])


def of_heterogeneity(i2: float, words: str) -> Iterator[Note]:
    """What heterogeneity does to the method: much of it decides against its use."""
    if i2 > MUCH:
        yield finding("much_heterogeneity", f"I^2 is {decimal(i2, 0)} %: {words}")
    else:
        yield finding("heterogeneity", words)
