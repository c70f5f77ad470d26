"""Effects to pooled effects: one meta-analysis (`pool`), many (`pool_groups`), or thousands as columns (`pool_many`).

Estimators of tau^2 stand in `tau2.TAU2`, tests of the mean in `intervals.TESTS`, intervals of tau^2 in
`tau2_intervals.TAU2_INTERVALS`, prediction intervals in `prediction.PREDICTION`. Three rooms go further: `moderators`
(regressions, subgroups), `sparse` (counts without effects of single studies), `dependent` (several effects of a study).
"""

from synthesis.pooling.check import check_effects
from synthesis.pooling.conjunctions import CONJUNCTIONS, partial_conjunction
from synthesis.pooling.groups import pool_groups
from synthesis.pooling.intervals import TESTS
from synthesis.pooling.likelihood_ratio import LikelihoodRatio
from synthesis.pooling.many import ManyPooled, pool_many
from synthesis.pooling.p_combinations import COMBINATIONS
from synthesis.pooling.p_values import CombinedP, combine_p, one_sided_p
from synthesis.pooling.pool import companion, few_studies, pool
from synthesis.pooling.pooled import Note, Pooled
from synthesis.pooling.prediction import PREDICTION
from synthesis.pooling.replicability import ManyReplicability, Replicability, replicability, replicability_many
from synthesis.pooling.tau2 import TAU2
from synthesis.pooling.tau2_intervals import TAU2_INTERVALS
from synthesis.pooling.vote_count import VoteCount, vote_count

__all__ = [
    "COMBINATIONS",
    "CONJUNCTIONS",
    "PREDICTION",
    "TAU2",
    "TAU2_INTERVALS",
    "TESTS",
    "CombinedP",
    "LikelihoodRatio",
    "ManyPooled",
    "ManyReplicability",
    "Note",
    "Pooled",
    "Replicability",
    "VoteCount",
    "check_effects",
    "combine_p",
    "companion",
    "few_studies",
    "one_sided_p",
    "partial_conjunction",
    "pool",
    "pool_groups",
    "pool_many",
    "replicability",
    "replicability_many",
    "vote_count",
]
