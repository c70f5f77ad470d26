"""What the words of a design mean: what follows from one field of it for another, by definition.

A randomised study has a comparison group because that is what the word means; that it has several units in each
condition is merely likely, and is not said here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from synthesis.records.study import NOT_STATED, Design

Value = bool | str

OF_ALLOCATION: Mapping[str, Mapping[str, Value]] = {
    "randomised": {"method": "randomised trial", "randomised": True, "comparison": True},
    "matched": {"randomised": False, "comparison": True, "controls": "adequate"},
    "statistically controlled": {"randomised": False, "comparison": True, "controls": "adequate"},
    "nonequivalent": {"randomised": False, "comparison": True},
    "self-selected": {"randomised": False, "comparison": True},
    "before-after": {"method": "before-after", "randomised": False, "comparison": False, "measured_before": True},
    "cross-sectional": {"method": "cross-section", "randomised": False, "measured_before": False},
    NOT_STATED: {},
}
OF_METHOD: Mapping[str, Mapping[str, Value]] = {
    "randomised trial": {"randomised": True, "comparison": True},
    "difference in differences": {"comparison": True, "measured_before": True},
    "propensity score matching": {"comparison": True},
    "interrupted time series": {"measured_before": True},
    "synthetic control": {"comparison": True, "measured_before": True},
    "cross-sectional regression": {"measured_before": False},
    "cross-section": {"measured_before": False},
    "before-after": {"randomised": False, "comparison": False, "measured_before": True},
}
STATED = ("method", "comparison", "measured_before", "controls", "several_units", "sound")  # fields as they stand


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a field of a design says, of itself or of another field."""

    name: str  # what it is said of: one of STATED, or randomised
    value: Value
    field: str  # who says it: a field of Design
    word: Value  # its value

    def __str__(self) -> str:
        return f"`{self.field}: {str(self.word).lower() if isinstance(self.word, bool) else self.word}`"


def statements(design: Design) -> Iterator[Statement]:
    """Everything that a design says by the meaning of its words: what is stated, then what follows.

    Notes
    -----
    - `allocation` and `method` say what OF_ALLOCATION and OF_METHOD have. A cross-section with adequate controls
      is more than a plain one: its method stays open.
    - `unit: individual`: there are several units in each condition, since people are the units.
    - `analysed_as_allocated: false`: not sound. If true, contamination is still an open question.
    """
    for name in STATED:
        value = getattr(design, name)
        if value not in (None, NOT_STATED):
            yield Statement(name, value, name, value)
    for name, value in OF_ALLOCATION[design.allocation].items():
        if (name, value, design.controls) != ("method", "cross-section", "adequate"):
            yield Statement(name, value, "allocation", design.allocation)
    for name, value in OF_METHOD.get(design.method, {}).items():
        yield Statement(name, value, "method", design.method)
    if design.unit == "individual":
        yield Statement("several_units", value=True, field="unit", word=design.unit)
    if design.analysed_as_allocated is False:
        yield Statement("sound", value=False, field="analysed_as_allocated", word=False)


def known_of(design: Design) -> Mapping[str, Value]:
    """What is known of a design: `randomised` and the fields of STATED, without those that stay open.

    A stated field wins over what follows from another; the allocation over the method.
    """
    known: dict[str, Value] = {}
    for statement in statements(design):
        known.setdefault(statement.name, statement.value)
    return known


def contradictions(design: Design) -> Iterator[tuple[Statement, Statement]]:
    """Pairs of statements that cannot both be, each pair of fields once.

    A stated method that is not the one of the allocation is none: a randomised study may be analysed otherwise.
    """
    first: dict[str, Statement] = {}
    told = set()
    for statement in statements(design):
        other = first.setdefault(statement.name, statement)
        fields = (other.field, statement.field)
        if statement.name != "method" and other.value != statement.value and fields not in told:
            told.add(fields)
            yield other, statement
