"""Findings to pools: which contrasts enter, one effect for each study, and every finding left out with its reason."""

from synthesis.evidence.attributes import ATTRIBUTES, Condition, condition
from synthesis.evidence.contrasts import ACTIVE, INACTIVE, Contrast, LeftOut, Selection, select
from synthesis.evidence.entries import Entry, time_text
from synthesis.evidence.options import Options, options_of
from synthesis.evidence.own_effect import OwnEffect, own_effects
from synthesis.evidence.pools import Evidence, Key, Pool, pool_evidence

__all__ = [
    "ACTIVE",
    "ATTRIBUTES",
    "INACTIVE",
    "Condition",
    "Contrast",
    "Entry",
    "Evidence",
    "Key",
    "LeftOut",
    "Options",
    "OwnEffect",
    "Pool",
    "Selection",
    "condition",
    "options_of",
    "own_effects",
    "pool_evidence",
    "select",
    "time_text",
]
