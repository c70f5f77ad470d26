"""The corrected covered area against printed answers, and its laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.bibliography import read_library
from synthesis.citations import (
    Assumptions,
    Dates,
    corrected_covered_area,
    dates_of,
    included_studies,
    overlap,
    read_citations,
    review_overlap,
    scenarios,
)
from synthesis.citations.overlap import band
from synthesis.citations.overlap_report import report_overlap
from synthesis.citations.overlap_reviews import one_at_a_time, undated
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


def test_reviews_that_could_not_have_more():
    """Q could not have b: all that could repeat does; as if it could, one of two."""
    found = overlap({"P": "ab", "Q": "a"}, {"Q": "b"})

    assert (found.missing, found.cca, found.unadjusted, found.pairs[0].cca) == (1, 1.0, 0.5, 1.0)
    assert found.impossible == ((False, False), (False, True))


def test_what_a_review_has_is_not_impossible():
    """A year may be wrong, an inclusion is stated."""
    assert overlap({"P": "ab", "Q": "ab"}, {"Q": "b"}).missing == 0


def test_reviews_that_could_have_nothing_of_each_other():
    """No area, rather than 0: there is nothing that could repeat; an impossible row of nobody is no row."""
    found = overlap({"P": "a", "Q": "b"}, {"P": "bz", "Q": "a"})

    assert (found.cca, found.band, found.pairs[0].cca, found.nobody) == (None, "", None, ("z",))
    assert "not defined" in found.summary()
    with pytest.raises(InvalidArgument, match="not defined"):
        corrected_covered_area(2, 2, 2, 2)


@given(reviews=REVIEWS, barred=REVIEWS)
def test_impossible_cells_never_lower_the_overlap(reviews, barred):
    """Less could repeat, and as much does; each pair is what two reviews alone would be."""
    found = overlap(reviews, barred)

    assert found.cca is None or found.unadjusted - 1e-12 <= found.cca <= 1
    for pair in found.pairs:
        alone = overlap({key: reviews[key] for key in (pair.one, pair.other)}, barred)
        assert pair.cca == (None if alone.cca is None else pytest.approx(alone.cca))


def test_a_small_review_within_a_large_one():
    """The area of the pair is held down by their sizes; its containment is 1."""
    (pair,) = overlap({"P": map(str, range(40)), "Q": ["0", "1"]}).pairs

    assert (pair.cca, pair.containment) == (0.05, 1.0)


@pytest.mark.parametrize(
    ("cca", "word"),
    [(0.0, "slight"), (0.0499, "slight"), (0.05, "moderate"), (0.1, "high"), (0.1499, "high"), (0.15, "very high")],
)
def test_bands(cca, word):
    """Each begins at its bound."""
    assert band(cca) == word


def test_weighted_by_participants():
    """Study a (100 people) repeats, b (300) does not: 100 / 400 of the possible repeats; c without a number is out."""
    found = overlap({"P": "abc", "Q": "a"}, {}, {"a": 100, "b": 300, "c": None})

    assert (found.weighted, found.weighed) == (0.25, 2)


@given(reviews=REVIEWS, barred=REVIEWS, people=st.integers(1, 5000))
def test_equal_weights_change_nothing(reviews, barred, people):
    """With as many people in each study it is the corrected covered area."""
    found = overlap(reviews, barred, dict.fromkeys("abcdefgh", people))

    assert found.weighted == (None if found.cca is None else pytest.approx(found.cca))


LIBRARY = read_library(
    "@misc{P, year = 2000}@misc{Q, year = 2010, search_until = {2004-05}}@misc{R}"
    "@misc{a1, year = 1999}@misc{a2, year = 2009}@misc{b, year = 2005}@misc{c, year = 2004}@misc{d}"
).entries
CITED = "P a2 reviews; P c reviews; Q a1 reviews; Q c meta_analyses; R b extracts; R d extracts"


def test_studies_younger_than_a_search():
    """b of 2005 is younger than P (2000) and than the search of Q (2004, though Q is of 2010); R has no year.

    Study a is as old as its first report; P has c, which is younger: that it has is stated. d has no year.
    """
    found = review_overlap(edges(CITED), [study("a", "a1", "a2")], dates=dates_of(LIBRARY))

    barred = {row: found.impossible[place] for place, row in enumerate(found.studies)}
    assert barred == {
        "a": (False, False, False), "b": (True, True, False), "c": (False, False, False), "d": (False, False, False),
    }  # fmt: skip
    assert undated(found, dates_of(LIBRARY), [study("a", "a1", "a2")]) == ("R", "d")


def test_a_study_of_the_year_of_the_search():
    """It could have been included."""
    dates = Dates({"P": 2000, "Q": 2001, "x": 1999, "y": 2000})

    assert review_overlap(edges("P x reviews; Q y reviews"), (), ("P", "Q"), dates).missing == 0


def test_a_report_without_a_year_leaves_the_study_without_one():
    """It may be the first: a2 is too young for P, the other report of the study is not known to be."""
    found = review_overlap(edges("P b reviews; Q a2 reviews"), [study("a", "a2", "z")], ("P", "Q"), dates_of(LIBRARY))

    assert dict(zip(found.studies, found.impossible, strict=True))["a"] == (False, False)
    assert undated(found, dates_of(LIBRARY), [study("a", "a2", "z")]) == ("a",)


def test_reports_as_rows_have_their_own_years():
    """Though a study is called as one of them is."""
    by_report = Assumptions(unit="report")
    found = review_overlap(
        edges("P a1 reviews; Q c reviews"), [study("c", "a1")], ("P", "Q"), dates_of(LIBRARY), by_report
    )

    assert dict(zip(found.studies, found.impossible, strict=True))["c"] == (True, False)


def test_scenarios_change_one_assumption_after_the_other():
    """The usual one first; each has its number: threads apart, no impossible cells, fewer relations."""
    found = scenarios(edges(CITED), [study("a", "a1", "a2")], dates_of(LIBRARY))

    assert len(found) == 24
    assert [(scenario.name, scenario.cca) for scenario in one_at_a_time(found)] == [
        ("as usual", pytest.approx(2 / (4 * 3 - 4 - 2))),
        ("documents with one study too", pytest.approx(2 / (4 * 3 - 4 - 2))),
        ("without studies that are only extracted", 1.0),
        ("only studies that are reviewed", None),
        ("every review could have had every study", pytest.approx(2 / (4 * 3 - 4))),
        ("every report is a row", pytest.approx(1 / (5 * 3 - 5 - 3))),
    ]


def test_scenarios_of_named_reviews():
    """They stay whatever they have, so the least number of studies is no assumption."""
    found = scenarios(edges(CITED), (), dates_of(LIBRARY), ("P", "Q"))

    assert len(found) == 12
    assert {scenario.overlap.reviews for scenario in found if scenario.overlap} == {("P", "Q")}


def test_the_report_says_what_the_number_hangs_on():
    """Doubt of the bands, reports, range, and the keys without a year; also as plain values."""
    report = report_overlap(edges(CITED), [study("a", "a1", "a2")], dates_of(LIBRARY))
    text = report.summary()

    assert "no methodological basis" in text
    assert "with every report as a row of its own: 14.29 %" in text
    assert "over 24 combinations of assumptions" in text
    assert "no year is stated of 2 (R, d)" in text
    assert report.to_dict()["impossible"] == {"b": ["P", "Q"]}
