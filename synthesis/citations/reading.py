"""The graph of a review folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from synthesis.citations.edges import read_citations
from synthesis.citations.graph import CitationGraph, build_graph
from synthesis.citations.roles import stated_roles
from synthesis.errors import InvalidData

if TYPE_CHECKING:
    from synthesis.records.study import Study


def read_graph(root: Path, studies: Iterable[Study] | None = None) -> CitationGraph:
    """The graph of a review, from its library, its citations and its records.

    Parameters
    ----------
    root : Path
        The review folder.
    studies : iterable of Study, optional
        Its records where they were read already; else they are read, those with errors left out.

    Raises
    ------
    InvalidData
        The citations have errors.
    """
    from synthesis.bibliography import read_folder
    from synthesis.records import read_records

    citations = read_citations(root)
    if citations.problems:
        raise InvalidData(citations.problems)
    entries = [entry for library in read_folder(root) for entry in library.entries]
    records = read_records(root, checks=False).studies if studies is None else studies
    return build_graph(citations.edges, entries, records, stated_roles(root, entries))
