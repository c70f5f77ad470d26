"""Numbers that a study shows, to effects with sampling variances; and effects from one scale to another.

`MEASURES` (in `measures.py`) holds the measures, `escalc` (in `calculate.py`) computes any of them; `TRANSFORMS` (in
`transform.py`) holds the scales.
"""

from synthesis.effects.back_transform import BackTransformed, back_transform, transform, transform_interval
from synthesis.effects.calculate import escalc
from synthesis.effects.combine import combine_counts, combine_means, composite, flipped, shared_control_covariance
from synthesis.effects.convert import (
    correlation_to_smd,
    correlation_to_z,
    d_from_f,
    d_from_p,
    d_from_t,
    from_estimate,
    log_odds_ratio_to_smd,
    off_centre,
    r_from_f,
    r_from_p,
    r_from_t,
    smd_to_correlation,
    smd_to_log_odds_ratio,
    t_from_p,
    z_to_correlation,
)
from synthesis.effects.effect import Effects, RowNote
from synthesis.effects.five_number import EstimatedMeans, means_from_quantiles
from synthesis.effects.improvement_index import improvement_index, smd_from_improvement_index
from synthesis.effects.information_size import people_for_means, people_for_risks
from synthesis.effects.means import smd_from_d
from synthesis.effects.measures import MEASURES, Measure
from synthesis.effects.smd import suspicious
from synthesis.effects.tables import Tables, tables_from_margins
from synthesis.effects.transform import TRANSFORMS
from synthesis.effects.two_by_two import complement

__all__ = [
    "MEASURES",
    "TRANSFORMS",
    "BackTransformed",
    "Effects",
    "EstimatedMeans",
    "Measure",
    "RowNote",
    "Tables",
    "back_transform",
    "combine_counts",
    "combine_means",
    "complement",
    "composite",
    "correlation_to_smd",
    "correlation_to_z",
    "d_from_f",
    "d_from_p",
    "d_from_t",
    "escalc",
    "flipped",
    "from_estimate",
    "improvement_index",
    "log_odds_ratio_to_smd",
    "means_from_quantiles",
    "off_centre",
    "people_for_means",
    "people_for_risks",
    "r_from_f",
    "r_from_p",
    "r_from_t",
    "shared_control_covariance",
    "smd_from_d",
    "smd_from_improvement_index",
    "smd_to_correlation",
    "smd_to_log_odds_ratio",
    "suspicious",
    "t_from_p",
    "tables_from_margins",
    "transform",
    "transform_interval",
    "z_to_correlation",
]
