"""Everything against everything: points against pooled effects, words against numbers, ours against another engine."""

from synthesis.crosscheck.agreement import Association, VerdictAgreement, association, verdict_agreement
from synthesis.crosscheck.resampling import BootstrapInterval, bootstrap

__all__ = [
    "Association",
    "BootstrapInterval",
    "VerdictAgreement",
    "association",
    "bootstrap",
    "verdict_agreement",
]
