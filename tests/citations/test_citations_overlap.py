"""The corrected covered area against printed answers, and its laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.citations import corrected_covered_area, included_studies, overlap, read_citations, review_overlap
from synthesis.errors import InvalidArgument, NotFound
from synthesis.records.study import Place, Study

HEADER = "source,target,relation,locator\n"
REVIEWS = st.dictionaries(
    st.sampled_from("PQRSTU"), st.sets(st.sampled_from("abcdefgh"), min_size=1), min_size=2, max_size=6
)


def edges(text):
    """Citations from `source target relation`, joined by semicolons."""
    return read_citations(HEADER + "".join(",".join(row.split()) + ",\n" for row in text.split(";"))).edges


def study(key, *reports):
    """A record with its reports."""
    return Study(key, Place(f"studies/{key}.yaml", 1, 1), reports, "update")


def test_the_example_of_ccar():
    """The 14 x 6 table `test.csv` of the R package ccaR: 43 inclusions; its README prints 41.4 %."""
    assert corrected_covered_area(43, 14, 6) == pytest.approx(0.414, abs=0.0005)


@pytest.mark.parametrize(
    ("both", "either", "printed"),
    [(9, 11, "81.8"), (10, 13, "76.9"), (9, 12, "75.0"), (6, 9, "66.7"), (6, 11, "54.5"), (4, 11, "36.4"),
     (4, 12, "33.3"), (3, 10, "30.0"), (1, 9, "11.1"), (0, 13, "0.0")],
)  # fmt: skip
def test_pairs_of_the_example_of_ccar(both, either, printed):
    """Studies in both and in either review of ten pairs, and the percentage in the figure of ccaR's README."""
    found = overlap({"P": map(str, range(either - 1)), "Q": map(str, [*range(both), either - 1])})

    assert (found.pairs[0].both, found.pairs[0].either) == (both, either)
    assert 100 * found.pairs[0].cca == pytest.approx(float(printed), abs=0.05)


def test_the_example_of_junor():
    """The vignette of the R package junoR: 8 inclusions of 3 studies in 5 reviews; it prints 41.66667 %."""
    found = overlap({"1": "ab", "2": "c", "3": "ac", "4": "a", "5": "bc"})

    assert (found.included, len(found.studies), len(found.reviews)) == (8, 3, 5)
    assert 100 * found.cca == pytest.approx(41.66667, abs=5e-6)


def test_a_small_matrix():
    """Rows are studies, columns reviews; 5 inclusions of 3 studies in 3 reviews: (5 - 3) / (9 - 3)."""
    found = overlap({"P": ["a", "b"], "Q": ["b"], "R": ["b", "c"]})

    assert found.matrix == ((True, False, False), (True, True, True), (False, False, True))
    assert found.cca == pytest.approx(1 / 3)
    assert found.summary() == "corrected covered area 33.3 %: 5 inclusions of 3 studies in 3 reviews"


@given(reviews=REVIEWS)
def test_a_pair_is_a_share_of_common_studies(reviews):
    """With two reviews the corrected covered area is intersection over union; all areas lie between 0 and 1."""
    found = overlap(reviews)

    assert 0 <= found.cca <= 1
    for pair in found.pairs:
        one, other = reviews[pair.one], reviews[pair.other]
        assert pair.cca == pytest.approx(len(one & other) / len(one | other))


@given(reviews=REVIEWS)
def test_a_review_of_everything_never_lowers_the_overlap(reviews):
    """It adds a repeat of every study. (A copy of a small review may lower it: its share of the studies counts.)"""
    everything = frozenset().union(*reviews.values())

    assert overlap({**reviews, "all": everything}).cca >= overlap(reviews).cca - 1e-12


@given(studies=st.sets(st.integers(0, 9), min_size=1), number=st.integers(2, 5))
def test_equal_reviews_overlap_wholly(studies, number):
    """Reviews of the same studies have the area 1."""
    assert overlap({str(count): map(str, studies) for count in range(number)}).cca == 1


@pytest.mark.parametrize(("included", "rows", "columns"), [(3, 3, 1), (0, 0, 2), (2, 3, 2), (7, 3, 2)])
def test_what_has_no_overlap_is_refused(included, rows, columns):
    """One review (0/0), no study, and counts that cannot be."""
    with pytest.raises(InvalidArgument):
        corrected_covered_area(included, rows, columns)


def test_two_reports_of_one_study_are_one_study():
    """A report counts as the record that names it; what no record names counts as itself."""
    found = included_studies(
        edges("P A1 reviews; P A2 extracts; Q A2 meta_analyses; Q X cites"), [study("a", "A1", "A2")]
    )

    assert found == {"P": ("a",), "Q": ("a",)}


def test_a_page_about_one_study_is_no_review():
    """By default documents with two studies count; one that is named counts with one."""
    citations = edges("P a reviews; P b reviews; Q a extracts; Q b extracts; S a extracts")

    assert review_overlap(citations).reviews == ("P", "Q")
    assert review_overlap(citations, reviews=("S", "P")).reviews == ("S", "P")


def test_a_document_that_reviews_nothing():
    """It is named, with the nearest that does."""
    with pytest.raises(NotFound, match="did you mean 'Perry2006'"):
        review_overlap(edges("Perry2006 a reviews; Q a reviews"), reviews=("Perry2005",))
