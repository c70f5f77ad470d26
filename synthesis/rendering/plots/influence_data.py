"""What a plot of measures of influence shows, as plain values, and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import counted, refuse_problems, shown


@dataclass(frozen=True, slots=True)
class InfluenceMeasure:
    """One measure of all studies: a panel."""

    name: str
    values: tuple[float | None, ...]  # None where there is none
    reference: float = 0.0  # what it would be without influence
    limits: tuple[float, ...] = ()  # beyond them it is flagged


@dataclass(frozen=True, slots=True)
class InfluenceData:
    """Measures of influence, a row for each study and a panel for each measure."""

    title: str
    labels: tuple[str, ...]  # of the studies
    measures: tuple[InfluenceMeasure, ...]
    influential: tuple[bool, ...]  # which studies are flagged by any measure
    footnotes: tuple[str, ...] = ()


def influence_text(data: InfluenceData) -> str:
    """What the plot shows in words: its alternative text."""
    flagged = [place for place, one in enumerate(data.influential) if one]
    text = f"Influence of {counted(len(data.labels))}, {len(flagged)} flagged."
    for place in flagged:
        parts = [
            f"{clean(one.name)} {shown(value)}" for one in data.measures if (value := one.values[place]) is not None
        ]
        text += f" {clean(data.labels[place]) or 'A study'}: {', '.join(parts)}."
    for one in data.measures:
        known = [value for value in one.values if value is not None]
        if known:
            text += f" {clean(one.name)}: {shown(min(known))} to {shown(max(known))}."
    return text


def checked(data: InfluenceData) -> InfluenceData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    refuse_problems("this plot of influence", _problems(data))
    return data


def _problems(data: InfluenceData) -> Iterator[str]:
    k = len(data.labels)
    if not k:
        yield "it has no study"
    if not data.measures:
        yield "it has no measure"
    if len(data.influential) != k:
        yield f"it says of {len(data.influential)} studies whether they are influential, and names {k}"
    for one in data.measures:
        if len(one.values) != k:
            yield f"{clean(one.name)!r} has {len(one.values)} values for {k} studies"
        numbers = [value for value in one.values if value is not None]
        if not all(map(math.isfinite, [*numbers, one.reference, *one.limits])):
            yield f"{clean(one.name)!r} has a number that is not finite; give None where there is no value"
