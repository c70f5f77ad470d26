"""What single studies do to a pool: each left out, added one after another, measured by its influence."""

from synthesis.sensitivity.deletion.cumulative import Cumulative, cumulative
from synthesis.sensitivity.deletion.influence import Baujat, Influence, baujat, influence
from synthesis.sensitivity.deletion.leave_out import (
    LeaveGroupOut,
    LeaveOneOut,
    LeaveOneOutMany,
    leave_one_group_out,
    leave_one_out,
    leave_one_out_many,
)
from synthesis.sensitivity.deletion.leave_out_regression import RegressionsWithout
from synthesis.sensitivity.deletion.shrinkage import ShrunkenEffects, shrunken_effects

__all__ = [
    "Baujat",
    "Cumulative",
    "Influence",
    "LeaveGroupOut",
    "LeaveOneOut",
    "LeaveOneOutMany",
    "RegressionsWithout",
    "ShrunkenEffects",
    "baujat",
    "cumulative",
    "influence",
    "leave_one_group_out",
    "leave_one_out",
    "leave_one_out_many",
    "shrunken_effects",
]
