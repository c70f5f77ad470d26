"""All methods on one pool: which fit it, what each finds, and whether it is usable here."""

from synthesis.sensitivity.overview.bias import BiasOverview, bias_overview
from synthesis.sensitivity.overview.subject import Subject

__all__ = ["BiasOverview", "Subject", "bias_overview"]
