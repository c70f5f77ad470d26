"""What studies and findings can be grouped and filtered by, and the conditions of `--where`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.records.design import known_of
from synthesis.records.study import (
    ALLOCATIONS,
    BIAS,
    COMPARABILITIES,
    COMPARATORS,
    CONTROLS,
    JUDGEMENTS,
    METHODS,
    NOT_STATED,
    SETTINGS,
    TIMES,
    UNITS,
    Finding,
    Study,
)

Value = str | float | None | tuple[str, ...]
FORM = re.compile(r"\s*([a-z_]+)\s*(!=|>=|<=|=|>|<)\s*(.+?)\s*", re.ASCII)
ORDERED: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A finding with its study, and the year of the study's first report where that was looked up."""

    study: Study
    finding: Finding
    year: int | None = None


def _bias(domain: str) -> Callable[[Subject], Value]:
    """The judgement of one domain of the risk of bias."""
    return lambda of: next((judged for named, judged, _ in of.study.risk_of_bias if named == domain), None)


def _design(name: str) -> Callable[[Subject], Value]:
    """What is known of a design by the meaning of its words, stated or not."""

    def known(of: Subject) -> Value:
        value = known_of(of.study.design).get(name)
        return _yes_or_no(value) if isinstance(value, bool) else value

    return known


def _yes_or_no(stated: bool | None) -> str | None:
    return None if stated is None else "yes" if stated else "no"


TRUTHS = ("comparison", "measured_before", "several_units", "sound")  # of a design
ATTRIBUTES: Mapping[str, Callable[[Subject], Value]] = {
    "modality": lambda of: of.finding.modality,
    "outcome": lambda of: of.finding.outcome,
    "comparator": lambda of: of.finding.comparator,
    "level": lambda of: of.study.level_of(of.finding).level,
    "set": lambda of: of.finding.evidence_set,
    "setting": lambda of: of.study.sample.setting,
    "country": lambda of: of.study.sample.country,
    "population": lambda of: of.study.sample.population,
    "allocation": lambda of: of.study.design.allocation,
    "time": lambda of: of.finding.time.label,
    "n": lambda of: of.study.sample.n,
    "year": lambda of: of.year,
    "study": lambda of: of.study.key,
    "detail": lambda of: of.finding.detail or None,
    "months": lambda of: of.finding.time.since_end,
    "female": lambda of: of.study.sample.female,
    "attrition": lambda of: of.study.design.attrition,
    "unit": lambda of: of.study.design.unit,
    "comparability": lambda of: of.study.design.comparability,
    "analysed_as_allocated": lambda of: _yes_or_no(of.study.design.analysed_as_allocated),
    **{name: _design(name) for name in ("method", "controls", *TRUTHS)},
    **{name: _bias(domain) for name, domain in BIAS.items()},
}
NUMBERS = ("level", "n", "year", "months", "female", "attrition")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "comparator": COMPARATORS,
    "setting": SETTINGS,
    "allocation": ALLOCATIONS,
    "time": TIMES,
    "unit": UNITS,
    "comparability": COMPARABILITIES,
    "method": tuple(METHODS),
    "controls": CONTROLS,
    **dict.fromkeys(("analysed_as_allocated", *TRUTHS), ("yes", "no")),
    **dict.fromkeys(BIAS, JUDGEMENTS),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of `--where`: an attribute, a comparison, and values of which one must fit."""

    name: str
    sign: str
    values: tuple[str, ...]

    def holds(self, subject: Subject) -> bool:
        """Whether a finding meets it; what is not known meets only `!=`."""
        found = ATTRIBUTES[self.name](subject)
        if self.sign in ORDERED:
            return isinstance(found, (int, float)) and ORDERED[self.sign](found, float(self.values[0]))
        have = set(found) if isinstance(found, tuple) else {text_of(found)}
        return bool(have & set(self.values)) == (self.sign == "=")


def condition(text: str) -> Condition:
    """A condition from text such as `setting=prison`, `level=4,5`, `year>=2000`, `population!=women`.

    Raises
    ------
    InvalidArgument
        For another form, an unknown attribute, or an order of what is no number.
    """
    match = FORM.fullmatch(text)
    if not match:
        raise InvalidArgument(f"{text!r} is no condition: write NAME=VALUE, NAME!=VALUE or NAME>=NUMBER")
    name, sign, value = match.groups()
    if name not in ATTRIBUTES:
        raise InvalidArgument(f"no attribute {name!r}: {did_you_mean(name, ATTRIBUTES)}")
    values = tuple(part.strip() for part in value.split(","))
    if name in NUMBERS:
        if not all(re.fullmatch(r"\d+(\.\d+)?|not stated", part, re.ASCII) for part in values):
            raise InvalidArgument(f"{name} is compared with numbers, not with {value!r}")
        values = tuple(part if part == NOT_STATED else text_of(float(part)) for part in values)
    check_values(name, values, CHOICES.get(name))
    if sign in ORDERED and (name not in NUMBERS or len(values) > 1 or values[0] == NOT_STATED):
        raise InvalidArgument(f"{sign} needs one of {', '.join(NUMBERS)} and one number, not {text!r}")
    return Condition(name, sign, values)


def check_values(name: str, values: tuple[str, ...], known: Iterable[str] | None) -> None:
    """Refuse a value that an attribute cannot have; nothing is known of the values where `known` is None.

    Raises
    ------
    InvalidArgument
        With the nearest value that there is.
    """
    names = None if known is None else [*known, NOT_STATED]
    for value in values:
        if names is not None and value not in names:
            raise InvalidArgument(f"no {name} {value!r}: {did_you_mean(value, names)}")


def text_of(value: Value) -> str:
    """An attribute as the name of a group; `not stated` where it is not known."""
    if value is None or value == ():
        return NOT_STATED
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return " + ".join(value) if isinstance(value, tuple) else str(value)
