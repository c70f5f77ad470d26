"""The citation graph: who cites, reviews and extracts whom, and how far reviews overlap."""

from __future__ import annotations

from synthesis.citations.cited import cited_keys, keys_of_edges, merged
from synthesis.citations.codes import CODES
from synthesis.citations.edges import RELATIONS, Citations, Edge, read_citations
from synthesis.citations.graph import CitationGraph, build_graph, check_graph
from synthesis.citations.overlap import (
    Overlap,
    PairOverlap,
    corrected_covered_area,
    included_studies,
    overlap,
    review_overlap,
)

__all__ = [
    "CODES",
    "RELATIONS",
    "CitationGraph",
    "Citations",
    "Edge",
    "Overlap",
    "PairOverlap",
    "build_graph",
    "check_graph",
    "cited_keys",
    "corrected_covered_area",
    "included_studies",
    "keys_of_edges",
    "merged",
    "overlap",
    "read_citations",
    "review_overlap",
]
