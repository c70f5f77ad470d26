"""The citation graph: who cites, reviews and extracts whom, and how far reviews overlap."""

from __future__ import annotations

from synthesis.citations.cells import cell_key, joint_direction, participants
from synthesis.citations.check import check_graph
from synthesis.citations.cited import cited_keys, keys_of_edges, merged
from synthesis.citations.codes import CODES
from synthesis.citations.edges import RELATIONS, Citations, Edge, read_citations
from synthesis.citations.graph import KINDS, CitationGraph, Node, build_graph
from synthesis.citations.matrix_file import MatrixFile, read_matrix_file
from synthesis.citations.overlap import Overlap, PairOverlap, corrected_covered_area, overlap, weighted_covered_area
from synthesis.citations.overlap_reviews import (
    Assumptions,
    Dates,
    Scenario,
    dates_of,
    included_studies,
    review_overlap,
    scenarios,
)
from synthesis.citations.reading import read_graph
from synthesis.citations.roles import stated_roles

__all__ = [
    "CODES",
    "KINDS",
    "RELATIONS",
    "Assumptions",
    "CitationGraph",
    "Citations",
    "Dates",
    "Edge",
    "MatrixFile",
    "Node",
    "Overlap",
    "PairOverlap",
    "Scenario",
    "build_graph",
    "cell_key",
    "check_graph",
    "cited_keys",
    "corrected_covered_area",
    "dates_of",
    "included_studies",
    "joint_direction",
    "keys_of_edges",
    "merged",
    "overlap",
    "participants",
    "read_citations",
    "read_graph",
    "read_matrix_file",
    "review_overlap",
    "scenarios",
    "stated_roles",
    "weighted_covered_area",
]
