"""Everything against everything: points against pooled effects, words against numbers, ours against another engine."""

from synthesis.crosscheck.agreement import Association, VerdictAgreement, association, verdict_agreement
from synthesis.crosscheck.resampling import Redrawn, redraw

__all__ = [
    "Association",
    "Redrawn",
    "VerdictAgreement",
    "association",
    "redraw",
    "verdict_agreement",
]
