"""The layers in order; the only place that knows the order."""

from synthesis.pipeline.building import BUILD_STEPS, build, crosscheck_of, overlap_of
from synthesis.pipeline.checking import CODES, check_review
from synthesis.pipeline.counting import double_counting_of
from synthesis.pipeline.explaining import explain_cell, explain_cell_json, references
from synthesis.pipeline.ledger import agreement_of
from synthesis.pipeline.loading import (
    Loaded,
    first_years,
    load,
    printed_matrix,
    published_pools,
    statements,
)
from synthesis.pipeline.pools import compare_review, other_model, pool_for, pool_review
from synthesis.pipeline.retracting import known_retractions, retraction_of
from synthesis.pipeline.scores import (
    BY_MODALITY,
    BY_ROW,
    Asked,
    answer_of,
    matrix_of,
    rule_of,
    rules_of,
    steadiness_of,
)
from synthesis.pipeline.sensitivity import assumed_in, cell_sensitivities, review_subjects, sensitivities_of
from synthesis.pipeline.supposing import suppose
from synthesis.pipeline.tracing import provenance_of
from synthesis.pipeline.varying import vary_review

__all__ = [
    "BUILD_STEPS",
    "BY_MODALITY",
    "BY_ROW",
    "CODES",
    "Asked",
    "Loaded",
    "agreement_of",
    "answer_of",
    "assumed_in",
    "build",
    "cell_sensitivities",
    "check_review",
    "compare_review",
    "crosscheck_of",
    "double_counting_of",
    "explain_cell",
    "explain_cell_json",
    "first_years",
    "known_retractions",
    "load",
    "matrix_of",
    "other_model",
    "overlap_of",
    "pool_for",
    "pool_review",
    "printed_matrix",
    "provenance_of",
    "published_pools",
    "references",
    "retraction_of",
    "review_subjects",
    "rule_of",
    "rules_of",
    "sensitivities_of",
    "statements",
    "steadiness_of",
    "suppose",
    "vary_review",
]
