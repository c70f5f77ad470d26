"""What a number rests on: weights down to the documents."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.citations.edges import Edge
from synthesis.citations.provenance import provenance
from synthesis.errors import InvalidArgument
from synthesis.records.study import Place

PLACE = Place("bibliography/citations.csv", 2, 1)
WEIGHTS = {"ames": 0.5, "burt": 0.3, "cole": 0.2}
READ = {"ames": ["Review", "Review", "Ames2001", "Ames2001"], "burt": ["Review"], "cole": ["Cole2005"]}
REPORTS = {"ames": ["Ames2001", "Ames2003"], "burt": ["Burt2003"], "cole": ["Cole2005"]}


def edge(source, target, relation):
    return Edge(source, target, relation, "", PLACE)


def test_a_weight_is_split_among_the_findings_that_were_read():
    """Half of .5 was read in the review, and all of .3: .55 of the number stands on it."""
    found = provenance(WEIGHTS, READ, REPORTS)

    assert {share.document: share.weight for share in found.read_in} == pytest.approx(
        {"Review": 0.55, "Ames2001": 0.25, "Cole2005": 0.2}, rel=1e-15
    )
    assert found.read_in[0].studies == ("ames", "burt")
    assert found.strands[0].read_in == (("Review", 0.25), ("Ames2001", 0.25))


def test_concentration_is_that_of_equal_parts():
    """1 / (.25 + .09 + .04) equal studies; 1 / (.3025 + .0625 + .04) equal documents."""
    found = provenance(WEIGHTS, READ, REPORTS)

    assert found.effective_studies == pytest.approx(1 / 0.38)
    assert found.effective_documents == pytest.approx(1 / 0.405)


def test_a_document_includes_a_study_by_any_of_its_reports_and_not_by_naming_it():
    """Reviews, meta-analyses and extractions include; a mere citation does not. Shares overlap."""
    edges = [
        edge("Old", "Ames2003", "reviews"),
        edge("New", "Ames2001", "meta_analyses"),
        edge("New", "Cole2005", "extracts"),
        edge("Chat", "Burt2003", "cites"),
    ]
    found = provenance(WEIGHTS, READ, REPORTS, edges)

    assert [(share.document, share.weight) for share in found.included_by] == [("New", 0.7), ("Old", 0.5)]
    assert [strand.included_by for strand in found.strands] == [("New", "Old"), (), ("New",)]


@given(
    st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=60),
    st.lists(st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=7), min_size=60, max_size=60),
)
def test_weights_sum_to_one(raw, documents):
    """Over the studies and over the documents, within 1e-12 (the bound of the issue)."""
    total = math.fsum(raw)
    weights = {f"s{place}": one / total for place, one in enumerate(raw)}
    found = provenance(weights, {f"s{place}": own for place, own in enumerate(documents)}, {})

    assert abs(math.fsum(strand.weight for strand in found.strands) - 1) <= 1e-12
    assert abs(math.fsum(share.weight for share in found.read_in) - 1) <= 1e-12
    assert 1 - 1e-9 <= found.effective_documents <= 5 + 1e-9


@pytest.mark.parametrize(
    ("weights", "read", "what"),
    [
        ({"a": 0.5, "b": 0.4}, {"a": ["A"], "b": ["B"]}, "shares of 1"),
        ({"a": 1.5, "b": -0.5}, {"a": ["A"], "b": ["B"]}, "shares of 1"),
        ({"a": 1.0}, {}, "no document in which a was read"),
    ],
)
def test_what_is_no_whole_is_refused(weights, read, what):
    """Weights that miss 1 or lie below 0, and a study that nobody read."""
    with pytest.raises(InvalidArgument, match=what):
        provenance(weights, read, {})
