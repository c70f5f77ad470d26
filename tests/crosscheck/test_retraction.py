"""A planted retraction is followed to every pool, score and status, and recomputed exactly."""

import shutil

import pytest

from synthesis.citations.edges import Edge
from synthesis.crosscheck.retraction import KEPT, UNREAD, WITHDRAWN, leaving, remaining, resting_on
from synthesis.errors import NotFound
from synthesis.pipeline import crosscheck_of, load, matrix_of, pool_review, retraction_of
from synthesis.records.study import Place
from tests.crosscheck.made import made, write_review

STATEMENTS = "statement,document,at,rows,outcome,direction,significant,limited,design,evidence_set\n"


def without(folder, study):
    """The review on disk without one record."""
    (folder / f"studies/{study}.yaml").unlink()
    return load(folder)


def same_pools(found, loaded):
    """Whether the pools after a retraction are those of another review, number for number."""
    again = {pool.key: pool.fit for pool in pool_review(loaded).pools}
    after = {change.key: change.after.fit for change in found.pools if change.after}
    return all(again[key].to_dict() == fit.to_dict() for key, fit in after.items()) and after.keys() <= again.keys()


def test_a_report_takes_its_study_out_as_if_the_record_had_never_been(tmp_path):
    """Pools, statuses and matrix equal those of the review without the file, to the last bit."""
    loaded = made(tmp_path / "a")
    found = retraction_of(loaded, ["Alpha2001"])
    bare = without(write_review(tmp_path / "b"), "alpha2001")

    assert [(one.study, one.kind, one.findings) for one in found.leaving] == [("alpha2001", WITHDRAWN, 2)]
    assert [change.before.fit.k - change.after.fit.k for change in found.pools] == [1]
    assert same_pools(found, bare)
    statuses = {(check.modality.key, check.outcome.key): check.status for check in crosscheck_of(bare)}
    after = {key: seen.status for key, seen in found.after.cells.items()}
    assert after == {key: statuses[key] for key in after}
    rows = {(cell.row, cell.outcome, name): one for cell in matrix_of(bare).cells for name, one in cell.scores.items()}
    assert {key: score.output for key, score in found.after.rows.items()} == {
        key: score.output for key, score in rows.items()
    }
    assert (
        found.before.rows["J", "reoffending", "living"].output != found.after.rows["J", "reoffending", "living"].output
    )


def test_what_rests_on_it_is_told_and_not_computed(tmp_path):
    """The review that lists the trial, and what that review pooled."""
    found = retraction_of(made(tmp_path), ["Alpha2001"])

    assert [(edge.source, edge.relation) for edge in found.resting] == [("Review2009", "reviews")]
    assert [one.review for one in found.published] == ["Review2009"]


def test_statements_of_a_withdrawn_review_count_no_longer(tmp_path):
    """The generous reading counts Review2009 as a study; without it the old contrary finding stands alone."""
    found = retraction_of(made(tmp_path), ["Review2009"])
    key = ("J", "reoffending", "report, generous")

    assert [one.key for one in found.statements] == ["S1"]
    assert [one.study for one in found.before.rows[key].studies] == ["Review2009", "alpha2001"]
    assert [one.study for one in found.after.rows[key].studies] == ["alpha2001"]
    assert found.pools == ()


def test_findings_that_were_read_in_it_leave_and_the_study_stays(tmp_path):
    """Of two findings one was read in the withdrawn review; so was the level, which is told."""
    folder = write_review(tmp_path)
    record = folder / "studies/gamma2003.yaml"
    text = record.read_text().replace('{document: Gamma2003, at: "p. 7, Table 2"}', '{document: Other2010, at: "1"}', 1)
    record.write_text(text.replace("{document: Gamma2003, at: p. 1}", "{document: Other2010, at: p. 1}"))
    loaded = load(folder)
    (one,) = leaving(loaded.records.studies, {"Other2010"})

    assert (one.study, one.kind, one.findings, one.of, one.whole) == ("gamma2003", UNREAD, 1, 2, False)
    assert one.also_read == ("maryland level",)
    left = {study.key: len(study.findings) for study in remaining(loaded.records.studies, [one], {"Other2010"})}
    assert left["gamma2003"] == 1
    assert retraction_of(loaded, ["Other2010"]).published == ()


@pytest.mark.parametrize(("reports", "kind", "stays"), [("any", WITHDRAWN, False), ("sole", KEPT, True)])
def test_a_trial_with_another_report(tmp_path, reports, kind, stays):
    """It leaves whole with any of its reports, or stays while one remains."""
    folder = write_review(tmp_path)
    record = folder / "studies/beta2002.yaml"
    record.write_text(record.read_text().replace("cite: [Beta2002]", "cite: [Beta2002, Delta2004]"))
    loaded = load(folder)
    found = {one.study: one for one in leaving(loaded.records.studies, {"Delta2004"}, reports)}
    left = [study.key for study in remaining(loaded.records.studies, tuple(found.values()), {"Delta2004"})]

    assert (found["beta2002"].kind, "beta2002" in left) == (kind, stays)
    assert found["beta2002"].other_reports == ("Beta2002",)
    assert "delta2004" not in left


def test_statements_of_a_withdrawn_trial_go_with_it(tmp_path):
    """A statement in the report of a trial counts no longer when the trial is withdrawn by its own key."""
    text = f"{STATEMENTS}S1,Beta2002,4.1,J,reoffending,effective,yes,,trial,old\n"
    found = retraction_of(made(tmp_path, statements=text), ["beta2002"])
    key = ("J", "reoffending", "report, generous")

    assert [one.key for one in found.statements] == ["S1"]
    assert "Beta2002" in {one.study for one in found.before.rows[key].studies}
    assert "Beta2002" not in {one.study for one in found.after.rows[key].studies}


def test_reviews_that_rest_on_it_still_count_and_that_is_told(tmp_path):
    """Review2009 reviews the withdrawn trial; its statement counts in a generous reading as before."""
    found = retraction_of(made(tmp_path), ["Alpha2001"])

    assert [(one.key, one.document) for one in found.still_counting] == [("S1", "Review2009")]


def test_what_another_reading_of_the_retraction_spares(tmp_path):
    """Of two studies of one withdrawn report only the one with another report would stay."""
    folder = write_review(tmp_path)
    record = folder / "studies/beta2002.yaml"
    record.write_text(record.read_text().replace("cite: [Beta2002]", "cite: [Beta2002, Delta2004]"))
    loaded = load(folder)

    assert retraction_of(loaded, ["Delta2004"]).spared == ("beta2002",)
    assert retraction_of(loaded, ["Delta2004"], "sole").spared == ()
    assert retraction_of(loaded, ["beta2002"]).spared == ()


def test_several_at_once_and_a_study_by_its_own_key(tmp_path):
    """A key of a record takes the sample out whatever reports it."""
    loaded = made(tmp_path / "a")
    found = retraction_of(loaded, ["alpha2001", "Beta2002", "alpha2001"])
    bare = write_review(tmp_path / "b")
    (bare / "studies/beta2002.yaml").unlink()

    assert found.gone == ("alpha2001", "Beta2002")
    assert same_pools(found, without(bare, "alpha2001"))
    assert next(change.after for change in found.pools if change.key.by[0] == "programme") is None


def test_citations_among_the_withdrawn_are_not_what_rests_on_them():
    """Only documents that stay are told."""
    place = Place("bibliography/citations.csv", 2, 1)
    edges = [Edge("A", "B", "cites", "", place), Edge("C", "B", "cites", "", place)]

    assert resting_on(edges, {"A", "B"}) == (edges[1],)


def test_a_key_that_there_is_not(tmp_path):
    """The nearest one is suggested."""
    with pytest.raises(NotFound, match="did you mean 'Alpha2001'"):
        retraction_of(made(tmp_path), ["Alpha2002"])


def test_nothing_is_written(tmp_path):
    """Every byte of the review stays."""
    folder = write_review(tmp_path / "a")
    shutil.copytree(folder, tmp_path / "b")
    retraction_of(load(folder), ["Alpha2001"])

    for path in (tmp_path / "b").rglob("*.*"):
        assert (folder / path.relative_to(tmp_path / "b")).read_bytes() == path.read_bytes()
