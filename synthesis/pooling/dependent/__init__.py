"""Dependent effects: several of one study, and what their covariance does to the pool."""

from synthesis.pooling.dependent.aggregate import Aggregated, aggregate
from synthesis.pooling.dependent.correlated_effects import RobustEffects, correlated_effects, hierarchical_effects
from synthesis.pooling.dependent.robust import RobustResult, robust
from synthesis.pooling.dependent.vcalc import SamplingCovariance, vcalc

__all__ = [
    "Aggregated",
    "RobustEffects",
    "RobustResult",
    "SamplingCovariance",
    "aggregate",
    "correlated_effects",
    "hierarchical_effects",
    "robust",
    "vcalc",
]
