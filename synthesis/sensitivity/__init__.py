"""What would change a pooled effect: each study left out, and effects of small studies."""

from synthesis.sensitivity.leave_out import LeaveOneOut, leave_one_out
from synthesis.sensitivity.small_study import EggerTest, egger

__all__ = ["EggerTest", "LeaveOneOut", "egger", "leave_one_out"]
