"""Effects to pooled effects: one meta-analysis (`pool`), many (`pool_groups`), or thousands as columns (`pool_many`).

Estimators of tau^2 stand in `tau2.TAU2`, tests of the mean in `intervals.TESTS`.
"""

from synthesis.pooling.check import check_effects
from synthesis.pooling.groups import pool_groups
from synthesis.pooling.intervals import TESTS
from synthesis.pooling.many import ManyPooled, pool_many
from synthesis.pooling.pool import companion, few_studies, pool
from synthesis.pooling.pooled import Note, Pooled
from synthesis.pooling.sparse.mantel_haenszel import mantel_haenszel, mantel_haenszel_estimate
from synthesis.pooling.tau2 import TAU2

__all__ = [
    "TAU2",
    "TESTS",
    "ManyPooled",
    "Note",
    "Pooled",
    "check_effects",
    "companion",
    "few_studies",
    "mantel_haenszel",
    "mantel_haenszel_estimate",
    "pool",
    "pool_groups",
    "pool_many",
]
