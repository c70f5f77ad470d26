"""Dependent effects: several of one study, and what their covariance does to the pool."""

from synthesis.pooling.dependent.aggregate import Aggregated, aggregate
from synthesis.pooling.dependent.correlated_effects import RobustEffects, correlated_effects, hierarchical_effects
from synthesis.pooling.dependent.multilevel import multilevel
from synthesis.pooling.dependent.multilevel_fit import Multilevel
from synthesis.pooling.dependent.robust import RobustResult, robust
from synthesis.pooling.dependent.structures import STRUCTURES
from synthesis.pooling.dependent.vcalc import SamplingCovariance, vcalc

__all__ = [
    "STRUCTURES",
    "Aggregated",
    "Multilevel",
    "RobustEffects",
    "RobustResult",
    "SamplingCovariance",
    "aggregate",
    "correlated_effects",
    "hierarchical_effects",
    "multilevel",
    "robust",
    "vcalc",
]
