"""Effects corrected for the selection of studies by their results, each with what it can and cannot tell."""

from synthesis.sensitivity.selection.assumed import SELECTIONS, AssumedSelection, assumed_selection
from synthesis.sensitivity.selection.copas import CopasModel, copas
from synthesis.sensitivity.selection.copas_fits import Contour
from synthesis.sensitivity.selection.functions import TYPES
from synthesis.sensitivity.selection.model import selection_model
from synthesis.sensitivity.selection.p_curve import PCurve, p_curve
from synthesis.sensitivity.selection.p_uniform import PUniform, p_uniform
from synthesis.sensitivity.selection.p_uniform_star import PUniformStar, p_uniform_star
from synthesis.sensitivity.selection.result import SelectionModel
from synthesis.sensitivity.selection.rules import RULES

__all__ = [
    "RULES",
    "SELECTIONS",
    "TYPES",
    "AssumedSelection",
    "Contour",
    "CopasModel",
    "PCurve",
    "PUniform",
    "PUniformStar",
    "SelectionModel",
    "assumed_selection",
    "copas",
    "p_curve",
    "p_uniform",
    "p_uniform_star",
    "selection_model",
]
