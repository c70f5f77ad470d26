"""Whether small studies find other effects than large ones, and what the effect would be without that."""

from synthesis.sensitivity.small_studies.henmi_copas import HenmiCopas, henmi_copas
from synthesis.sensitivity.small_studies.limit import LimitMeta, limit_meta
from synthesis.sensitivity.small_studies.named_tests import (
    EggerTest,
    egger,
    regression_test,
    small_study_test,
    small_study_tests,
)
from synthesis.sensitivity.small_studies.permutation import SmallStudyPermutation, small_study_permutation
from synthesis.sensitivity.small_studies.pet_peese import PetPeese, pet_peese
from synthesis.sensitivity.small_studies.result import SmallStudyTest
from synthesis.sensitivity.small_studies.trim_and_fill import TrimAndFill, trim_and_fill

__all__ = [
    "EggerTest",
    "HenmiCopas",
    "LimitMeta",
    "PetPeese",
    "SmallStudyPermutation",
    "SmallStudyTest",
    "TrimAndFill",
    "egger",
    "henmi_copas",
    "limit_meta",
    "pet_peese",
    "regression_test",
    "small_study_permutation",
    "small_study_test",
    "small_study_tests",
    "trim_and_fill",
]
