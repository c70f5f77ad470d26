"""How a review is pooled: its own defaults, and what a user asks for instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from synthesis.effects import MEASURES
from synthesis.effects.columns import check_known
from synthesis.effects.measures import REVIEWED
from synthesis.errors import InvalidArgument
from synthesis.evidence.attributes import ATTRIBUTES, Condition, check_values
from synthesis.records.review import Review

DEFAULT_BY = ("modality", "outcome")
JOINED = "joined"  # the family of a pool that `convert` made of binary and continuous effects
CONVERTED = ("SMD", "OR")
ONLY_ZEROS, TO_ALL, UNCORRECTED = "only0", "all", "none"
ZERO_CELLS: Mapping[str, str] = {
    ONLY_ZEROS: "1/2 to every cell of a study with a zero",
    TO_ALL: "1/2 to every cell of every study",
    UNCORRECTED: "nothing: a study with a zero has no log ratio, and leaves",
}
RHO_SHOWN = (0.3, 0.8)  # correlations shown beside the chosen one


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that decides what enters a pool and how it is pooled."""

    method: str
    test: str
    level: float  # confidence level of every interval
    maryland: tuple[int, ...]  # admitted levels
    comparators: tuple[str, ...]  # of the inactive group
    follow_up: str  # end | longest | nearest:MONTHS
    rho: float  # correlation of effects of one study that are combined
    measure: Mapping[str, str]  # family -> key of MEASURES
    sets: tuple[str, ...]  # evidence sets
    tau2_interval: str = "QP"  # a key of TAU2_INTERVALS
    prediction: str = "riley"  # a key of PREDICTION
    by: tuple[str, ...] = DEFAULT_BY
    where: tuple[Condition, ...] = ()
    modalities: tuple[str, ...] = ()  # all, where empty; so are outcomes
    outcomes: tuple[str, ...] = ()
    convert: str = ""  # SMD | OR: binary and continuous effects are brought to this measure
    years: Mapping[str, int] = field(default_factory=dict)  # study -> year of its first report
    zero_cells: str = ONLY_ZEROS  # a key of ZERO_CELLS: which studies get 1/2 in every cell

    @property
    def months(self) -> float | None:
        """The wanted follow-up of `nearest:MONTHS`, else None."""
        return float(self.follow_up.partition(":")[2]) if self.follow_up.startswith("nearest:") else None


def options_of(review: Review, **asked: Any) -> Options:
    """The defaults of a review, overridden by what is asked; None asks for nothing.

    Raises
    ------
    InvalidArgument
        For anything the review or the toolkit does not know; the nearest name is suggested.
    """
    defaults = review.defaults
    living = tuple(key for key, each in review.evidence_sets.items() if each.living)
    chosen = Options(
        method=defaults.method,
        test=defaults.test,
        level=0.95,
        maryland=defaults.level,
        comparators=defaults.comparators,
        follow_up=defaults.follow_up,
        rho=defaults.rho,
        measure=defaults.measure,
        sets=living,
        tau2_interval=defaults.tau2_interval,
        prediction=defaults.prediction,
    )
    given = {name: value for name, value in asked.items() if value is not None}
    if "measure" in given:
        given["measure"] = _measures(defaults.measure, given["measure"])
    if any(condition.name == "set" for condition in given.get("where", ())):
        given["sets"] = tuple(review.evidence_sets)
    return _checked(replace(chosen, **given), review)


def _measures(defaults: Mapping[str, str], asked: Iterable[str]) -> dict[str, str]:
    """One measure a family; what is not asked for stays."""
    measures, taken = dict(defaults), set()
    for name in asked:
        check_known(name, REVIEWED, "measure")
        if MEASURES[name].family in taken:
            raise InvalidArgument(f"two measures of one family ({MEASURES[name].family}): pool them one after another")
        taken.add(MEASURES[name].family)
        measures[MEASURES[name].family] = name
    return measures


def _checked(options: Options, review: Review) -> Options:
    for key in options.modalities:
        check_known(key, review.modalities, "modality")
    for key in options.outcomes:
        check_known(key, review.outcomes, "outcome")
    for name in options.by:
        check_known(name, ATTRIBUTES, "grouping")
    declared = {
        "modality": review.modalities, "outcome": review.outcomes,
        "set": review.evidence_sets, "population": review.populations,
    }  # fmt: skip
    for condition in options.where:
        check_values(condition.name, condition.values, declared.get(condition.name))
    if "outcome" not in options.by:
        raise InvalidArgument("a pool is of one outcome: name outcome among the groupings of --by")
    if options.convert:
        check_known(options.convert, CONVERTED, "conversion")
    if not 0 <= options.rho <= 1:
        raise InvalidArgument(f"rho must lie between 0 and 1, not {options.rho:g}")
    check_known(options.zero_cells, ZERO_CELLS, "zero cells")
    _check_follow_up(options.follow_up)
    return options


def _check_follow_up(text: str) -> None:
    kind, _, months = text.partition(":")
    if text in ("end", "longest"):
        return
    if kind != "nearest" or not months.replace(".", "", 1).isdecimal():
        raise InvalidArgument(f"no follow-up {text!r}: choose end, longest or nearest:MONTHS, as nearest:6")
