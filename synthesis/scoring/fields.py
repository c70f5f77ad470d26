"""What a rule may speak of: the fields of a finding, and the facts of a cell's pool."""

from __future__ import annotations

from collections.abc import Mapping

from synthesis.records.study import (
    ALLOCATIONS,
    COMPARABILITIES,
    COMPARATORS,
    CONTROLS,
    DIRECTIONS,
    DOMAINS,
    JUDGEMENTS,
    METHODS,
    NOT_STATED,
    SETTINGS,
    TIMES,
    UNITS,
)
from synthesis.scoring.language import Declared


def _text(words: tuple[str, ...] = ()) -> Declared:
    """A text of one of these words, `not stated` being unknown."""
    return Declared("a text", tuple(word for word in words if word != NOT_STATED))


NUMBER = Declared("a number")
COUNT = Declared("a number", least=0)
SHARE = Declared("a number", least=0, most=1)
LEVEL = Declared("a number", least=1, most=5)
CONDITION = Declared("a condition")

FIELDS: Mapping[str, Declared] = {
    "level": LEVEL,  # Maryland level of the contrast
    "trial_level": LEVEL,  # of the trial, where the contrast is weaker
    "direction": _text(DIRECTIONS),
    "significant": CONDITION,  # as to the stated direction
    "limited": CONDITION,  # hedged by its source
    "basis": _text(("computed", "reported")),  # where the direction comes from
    "favours": _text(("benefit", "harm", "neither")),  # the sign of the effect in any measure, else as the words say
    "effect": NUMBER,  # standardised mean difference, benefit above 0
    "months": COUNT,  # after the end of treatment
    "time": _text(TIMES),
    "n": COUNT,  # people
    "year": COUNT,  # of the study's first report
    "attrition": SHARE,  # share of 1
    "female": SHARE,  # share of 1
    "randomised": CONDITION,
    "analysed_as_allocated": CONDITION,
    "comparison": CONDITION,  # there is a comparison group
    "pre_post": CONDITION,  # measured before and after
    "several_units": CONDITION,  # more than one unit in each condition, or people as units
    "sound": CONDITION,  # carried out as claimed
    "comparator": _text(COMPARATORS),
    "allocation": _text(ALLOCATIONS),
    "unit": _text(UNITS),
    "comparability": _text(COMPARABILITIES),
    "controls": _text(CONTROLS),
    "method": _text(tuple(METHODS)),
    "setting": _text(SETTINGS),
    "country": _text(),
    "outcome": _text(),
    "detail": _text(),
    "study": _text(),
    "report": _text(),  # the document that states the finding
    **{f"bias_{domain.replace(' ', '_')}": _text(JUDGEMENTS) for domain in DOMAINS},
}

OF_A_POOL: Mapping[str, Declared] = {
    "k": COUNT,
    "people": COUNT,
    "i2": Declared("a number", least=0, most=100),
    "estimate": NUMBER,
    "ci_low": NUMBER,
    "ci_high": NUMBER,
    "pi_low": NUMBER,
    "pi_high": NUMBER,
    "upper": NUMBER,  # end of the 90 % interval
    "worthwhile": COUNT,  # smallest worthwhile effect
    "weight_high_risk": SHARE,  # of weight, from studies at high risk of bias
    "egger_p": SHARE,
}
"""Of the pool beside the cell, where there is one: benefit above 0, ratios as logs."""
