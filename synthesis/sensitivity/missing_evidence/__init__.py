"""What is not there: studies that were not published, outcomes that were not seen, results that are too many."""

from synthesis.sensitivity.missing_evidence.excess_significance import (
    ExcessSignificance,
    ManyExcess,
    excess_significance,
    excess_significance_many,
)
from synthesis.sensitivity.missing_evidence.excess_tests import EXCESS_TESTS
from synthesis.sensitivity.missing_evidence.fail_safe import FailSafe, fail_safe
from synthesis.sensitivity.missing_evidence.outcomes import (
    MissingOutcomes,
    missing_outcome_bounds,
    missing_outcomes,
)
from synthesis.sensitivity.missing_evidence.unpublished import Unpublished, unpublished

__all__ = [
    "EXCESS_TESTS",
    "ExcessSignificance",
    "FailSafe",
    "ManyExcess",
    "MissingOutcomes",
    "Unpublished",
    "excess_significance",
    "excess_significance_many",
    "fail_safe",
    "missing_outcome_bounds",
    "missing_outcomes",
    "unpublished",
]
