"""A planted double count is found in pools and scores, and its effect recomputed exactly."""

import pytest

from synthesis.crosscheck.two_ways import RECORDS, REVIEW
from synthesis.errors import InvalidArgument, NotFound
from synthesis.pipeline import double_counting_of, load, matrix_of, pool_review
from tests.crosscheck.made import made, write_review

TWIN = "studies/omega2005.yaml"


def planted(folder):
    """Beta's trial once more, under another key, with the same report."""
    write_review(folder)
    text = (folder / "studies/beta2002.yaml").read_text()
    (folder / TWIN).write_text(text.replace("study: beta2002", "study: omega2005"))
    return load(folder)


def test_a_record_written_twice_is_found_and_undone(tmp_path):
    """The pool with the twin counted once is the pool of the review without the second record, to the last bit."""
    found = double_counting_of(planted(tmp_path / "a"))
    once = pool_review(made(tmp_path / "b"))
    (pool,) = found.pools

    assert [group.studies for group in pool.groups] == [("beta2002", "omega2005")]
    assert (pool.before.k, pool.after.k) == (3, 2)
    assert pool.after.to_dict() == next(one.fit for one in once.pools if one.key == pool.key).to_dict()


def test_a_score_counts_the_twin_once(tmp_path):
    """Each reading that counts both gives what it gives without the second record."""
    found = double_counting_of(planted(tmp_path / "a"))
    clean = {(cell.row, cell.outcome): cell for cell in matrix_of(made(tmp_path / "b")).cells}
    twins = [one for one in found.scores if any(way.kind == RECORDS for way in one.ways)]

    assert {one.reading for one in twins} >= {"living", "living, favourable counts"}
    for one in twins:
        assert [(way.kept, way.dropped) for way in one.ways] == [("beta2002", "omega2005")]
        assert one.after == clean[one.row, one.outcome].scores[one.reading]


def test_a_review_beside_a_study_that_is_in_it(tmp_path):
    """The generous reading counts Review2009 beside alpha2001, which it reviews: the study is kept."""
    found = double_counting_of(made(tmp_path))
    (one,) = found.scores
    (way,) = one.ways

    assert (one.row, one.outcome, one.reading) == ("J", "reoffending", "report, generous")
    assert (way.kept, way.dropped, way.kind) == ("alpha2001", "Review2009", REVIEW)
    assert way.reason == "Review2009 reviews Alpha2001"
    assert [study.study for study in one.before.studies] == ["Review2009", "alpha2001"]
    assert [study.study for study in one.after.studies] == ["alpha2001"]


def test_a_review_that_does_not_hold_the_study_is_another_witness(tmp_path):
    """Without the citation nothing is suspected."""
    citations = "source,target,relation,locator\nReview2009,Alpha2001,cites,p. 2\n"

    assert double_counting_of(made(tmp_path, citations=citations)).scores == ()


def test_studies_that_are_known_to_be_one(tmp_path):
    """Given by hand, in either order."""
    loaded = made(tmp_path)
    found = double_counting_of(loaded, [("beta2002", "alpha2001")])

    assert [pool.groups[0].studies for pool in found.pools] == [("alpha2001", "beta2002")]
    assert any(way.reason == "given as one trial" for one in found.scores for way in one.ways)


@pytest.mark.parametrize(
    ("pair", "error", "what"),
    [
        (("alpha2001", "alpha2001"), InvalidArgument, "named twice"),
        (("alpha2001", "beta2001"), NotFound, "did you mean 'beta2002'"),
    ],
)
def test_a_pair_that_is_none(tmp_path, pair, error, what):
    """Two different studies that there are."""
    with pytest.raises(error, match=what):
        double_counting_of(made(tmp_path), [pair])
