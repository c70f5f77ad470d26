"""The same question under every choice that could be defended, and under assumed correlations."""

from synthesis.sensitivity.many_worlds.curve import CurveTest, curve_test
from synthesis.sensitivity.many_worlds.dependence_assumed import DependenceAssumed, dependence_assumed
from synthesis.sensitivity.many_worlds.specifications import Multiverse, multiverse

__all__ = ["CurveTest", "DependenceAssumed", "Multiverse", "curve_test", "dependence_assumed", "multiverse"]
