"""A planted double count is found in pools and scores, and its effect recomputed exactly."""

import pytest

from synthesis.crosscheck.two_ways import RECORDS, REVIEW, REVIEWS
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

    assert {one.reading for one in twins} >= {"living", "living, favourable counts", "living, by modality"}
    for one in twins:
        assert [(way.kept, way.dropped) for way in one.ways] == [("beta2002", "omega2005")]
        if one.cell in clean:
            assert one.after == clean[one.cell].scores[one.reading]


def test_the_record_of_the_higher_level_is_kept_in_scores_too(tmp_path):
    """A twin of level 4 with the smaller key is left out, as in the pool, and the points stay those of level 5."""
    write_review(tmp_path)
    text = (tmp_path / "studies/alpha2001.yaml").read_text()
    weak = text.replace("study: alpha2001", "study: aaron2001").replace("level: 5", "level: 4")
    (tmp_path / "studies/aaron2001.yaml").write_text(weak)
    found = double_counting_of(load(tmp_path))
    living = next(one for one in found.scores if one.reading == "living")

    assert [group.kept for pool in found.pools for group in pool.groups] == ["alpha2001"]
    assert [(way.kept, way.dropped) for way in living.ways] == [("alpha2001", "aaron2001")]
    assert living.after.output == living.before.output == "3"


def test_other_choices_are_told(tmp_path):
    """With the weak twin kept in place of the strong one the points are others: both outputs are there."""
    write_review(tmp_path)
    text = (tmp_path / "studies/alpha2001.yaml").read_text()
    weak = text.replace("study: alpha2001", "study: aaron2001").replace("level: 5", "level: 4")
    (tmp_path / "studies/aaron2001.yaml").write_text(weak.replace("[10, 100]", "[30, 100]"))
    living = next(one for one in double_counting_of(load(tmp_path)).scores if one.reading == "living")

    assert living.after.output == "3"
    assert len(living.outputs) == 2
    assert "3" in living.outputs


def test_a_review_beside_a_study_that_is_in_it(tmp_path):
    """The generous reading counts Review2009 beside alpha2001, which it reviews: the study is kept."""
    found = double_counting_of(made(tmp_path))
    (one,) = found.scores
    (way,) = one.ways

    assert (one.cell, one.reading) == (("J", "reoffending"), "report, generous")
    assert (way.kept, way.dropped, way.kind) == ("alpha2001", "Review2009", REVIEW)
    assert way.reason == "Review2009 reviews Alpha2001 (1 of its 2 count here)"
    assert [study.study for study in one.before.studies] == ["Review2009", "alpha2001"]
    assert [study.study for study in one.after.studies] == ["alpha2001"]
    assert len(one.outputs) == 2  # the review in place of the study gives another output


def test_a_review_that_does_not_hold_the_study_is_another_witness(tmp_path):
    """Without the citation nothing is suspected."""
    citations = "source,target,relation,locator\nReview2009,Alpha2001,cites,p. 2\n"

    assert double_counting_of(made(tmp_path, citations=citations)).scores == ()


def test_a_review_in_which_a_finding_was_read_has_the_study_in_it(tmp_path):
    """Without any citation: the record itself says that the finding stands in Review2009."""
    write_review(tmp_path, citations="source,target,relation,locator\n")
    record = tmp_path / "studies/alpha2001.yaml"
    record.write_text(record.read_text().replace('document: Alpha2001, at: "p. 7', 'document: Review2009, at: "p. 7'))
    (one,) = double_counting_of(load(tmp_path)).scores

    assert one.ways[0].reason == "Review2009 extracts Alpha2001 (1 of its 1 count here)"


def test_two_reviews_of_the_same_studies(tmp_path):
    """Neither has a study that counts itself; the one with more studies is kept."""
    statements = (
        "statement,document,at,rows,outcome,direction,significant,limited,design,evidence_set\n"
        "S1,Review2009,4.1,J,reoffending,effective,yes,,review,old\n"
        "S2,Other2010,4.2,J,reoffending,effective,yes,,review,old\n"
    )
    citations = (
        "source,target,relation,locator\nReview2009,Beta2002,reviews,p. 2\nOther2010,Beta2002,reviews,p. 9\n"
        "Other2010,Gamma2003,reviews,p. 9\n"
    )
    (one,) = double_counting_of(made(tmp_path, statements=statements, citations=citations)).scores

    assert [(way.kept, way.dropped, way.kind) for way in one.ways] == [("Other2010", "Review2009", REVIEWS)]
    assert one.ways[0].reason == "both have beta2002"
    assert "Review2009" not in {study.study for study in one.after.studies}


def test_a_suspicion_stays_in_its_cell(tmp_path):
    """The same numbers on one outcome say nothing of another outcome of the two studies."""
    write_review(tmp_path)
    for key in ("alpha2001", "beta2002"):
        record = tmp_path / f"studies/{key}.yaml"
        text = record.read_text()
        first = text[text.index("  - modality") :].split("  - modality")[1]
        other = "  - modality" + first.replace("outcome: reoffending", "outcome: drug_use").replace(
            "event: reoffending", "event: use"
        )
        numbers = "events: [11, 100], control_events: [44, 100]"
        start, end = other.index("events:"), other.index("}", other.index("control_events"))
        record.write_text(text + other[:start] + numbers + other[end:])
    found = double_counting_of(load(tmp_path))

    assert {one.cell[1] for one in found.scores if one.ways[0].kind == RECORDS} == {"drug_use"}
    assert "treatment and control groups have the same numbers" in found.pools[0].groups[0].suspicions[0].reason


def test_studies_that_are_known_to_be_one(tmp_path):
    """Given by hand, in either order; the words do not call it a suspicion."""
    found = double_counting_of(made(tmp_path), [("beta2002", "alpha2001")])

    assert [pool.groups[0].studies for pool in found.pools] == [("alpha2001", "beta2002")]
    assert "suspicion" not in found.pools[0].verdict
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
