"""What a method against small-study effects or selection found, in the words and numbers that all of them share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from synthesis.sensitivity.cautions import Caution, Verdict
from synthesis.sensitivity.selection.rules import RULES

KINDS = {
    "test": "tests for small-study effects",
    "adjusted": "adjusted for small-study effects",
    "selection": "adjusted for selection by significance",
    "significant": "of the significant studies",
    "fail-safe": "what unpublished studies would have to be",
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a result; None where a method has none."""

    estimate: float | None = None  # adjusted effect, on the scale of yi
    ci_low: float | None = None
    ci_high: float | None = None
    p_effect: float | None = None  # of no effect
    p_bias: float | None = None  # of no asymmetry, no selection or no excess
    p_permutation: float | None = None  # of no asymmetry, by arrangements of the studies
    count: int | None = None  # studies added, or needed


@dataclass(frozen=True, slots=True, eq=False)
class BiasFinding:
    """One method on the studies of one pool."""

    name: str  # a key of BIAS
    kind: str  # a key of KINDS
    numbers: Numbers
    says: str  # what came out, in a few words; why nothing did where there is no result
    usable: bool  # whether no rule speaks against the use of the result
    cautions: tuple[Caution, ...]  # why it must be read with care
    cannot_tell: str  # what it does not say whatever comes out
    result: Any = None  # the whole result, with `summary()` and `to_dict()`

    def to_dict(self) -> dict[str, Any]:
        """All but the whole result as plain values, fit for JSON."""
        numbers = {name: getattr(self.numbers, name) for name in self.numbers.__slots__}
        return {
            "name": self.name, "kind": self.kind, **numbers, "says": self.says, "usable": self.usable,
            "cautions": [one._asdict() for one in self.cautions], "cannot_tell": self.cannot_tell,
        }  # fmt: skip


def by_verdict(name: str, kind: str, result: Any, verdict: Verdict, says: str, **numbers: Any) -> BiasFinding:
    """A finding of a method that comes with a Verdict."""
    found = verdict.cautions
    return BiasFinding(name, kind, Numbers(**numbers), says, verdict.usable, found, verdict.cannot_tell, result)


def by_rules(name: str, kind: str, result: Any, says: str, cannot_tell: str, **numbers: Any) -> BiasFinding:
    """A finding of a method that comes with findings by named rules."""
    found = tuple(Caution(rule.replace("_", " "), words, RULES[rule].source) for rule, words in result.findings)
    return BiasFinding(name, kind, Numbers(**numbers), says, result.usable, found, cannot_tell, result)
