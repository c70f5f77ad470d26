"""Effects that differ with what the studies are: meta-regressions, subgroups and permutation tests."""

from synthesis.pooling.moderators.compare import Comparison, compare
from synthesis.pooling.moderators.design import Design, Term, design
from synthesis.pooling.moderators.location_scale import LocationScale, location_scale
from synthesis.pooling.moderators.permutation import PermutationTest, permutation_test
from synthesis.pooling.moderators.predictions import Predictions, predict
from synthesis.pooling.moderators.regress import regress
from synthesis.pooling.moderators.regression import Regression, TermTest
from synthesis.pooling.moderators.residuals import Blups, Inflation, Residuals, blups, residuals, vif
from synthesis.pooling.moderators.subgroups import Subgroup, Subgroups, subgroups

__all__ = [
    "Blups",
    "Comparison",
    "Design",
    "Inflation",
    "LocationScale",
    "PermutationTest",
    "Predictions",
    "Regression",
    "Residuals",
    "Subgroup",
    "Subgroups",
    "Term",
    "TermTest",
    "blups",
    "compare",
    "design",
    "location_scale",
    "permutation_test",
    "predict",
    "regress",
    "residuals",
    "subgroups",
    "vif",
]
