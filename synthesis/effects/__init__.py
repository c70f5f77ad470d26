"""Numbers that a study shows, to effects with sampling variances.

`MEASURES` (in `measures.py`) holds the measures, `escalc` (in `calculate.py`) computes any of them.
"""

from synthesis.effects.calculate import escalc
from synthesis.effects.combine import combine_counts, combine_means, composite, flipped, shared_control_covariance
from synthesis.effects.convert import from_estimate, log_odds_ratio_to_smd, smd_to_log_odds_ratio
from synthesis.effects.effect import Effects, RowNote
from synthesis.effects.means import smd_from_d
from synthesis.effects.measures import MEASURES, Measure
from synthesis.effects.two_by_two import complement

__all__ = [
    "MEASURES",
    "Effects",
    "Measure",
    "RowNote",
    "combine_counts",
    "combine_means",
    "complement",
    "composite",
    "escalc",
    "flipped",
    "from_estimate",
    "log_odds_ratio_to_smd",
    "shared_control_covariance",
    "smd_from_d",
    "smd_to_log_odds_ratio",
]
