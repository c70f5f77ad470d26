"""`synth graph provenance`, `double-counting` and `retract`: what is printed, and exit codes."""

import json
import math

import pytest
from click.testing import CliRunner

from synthesis.cli import cli
from synthesis.cli.graph import graph
from synthesis.errors import NotFound
from tests.crosscheck.made import write_review


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    return write_review(tmp_path_factory.mktemp("evidence"))


def run(review, *arguments):
    return CliRunner().invoke(graph, [*arguments, "--root", str(review)], catch_exceptions=False)


def test_provenance_of_a_modality(review):
    """Each study with what remains without it: 20/100 v 31/100 is RR 0.65, 10/100 v 30/100 is RR 0.33."""
    text = run(review, "provenance", "programme", "reoffending").stdout

    assert "programme reoffending (headline, binary, against inactive): RR " in text
    assert " %  0.65 [0.40, 1.05]  Alpha2001 " in text
    assert " %  0.33 [0.17, 0.64]  Beta2002 " in text
    assert "Other2010; Review2009" in text
    assert "read in: " in text
    assert "100.0 %  Review2009: RR 0.7 [0.5, 0.98]" in text
    assert "programme reoffending: 1 (1(b))" in text
    assert "each study that surely counts has an equal part (ours)" in text


def test_weights_of_the_json_sum_to_one(review):
    """Within 1e-12 as they are printed, over studies and over documents."""
    found = json.loads(run(review, "provenance", "J", "reoffending", "--format", "json").stdout)

    assert [pool["group"] for pool in found["pools"]] == ["inactive", "active", "inactive"]
    for number in (*found["pools"], found["score"]):
        assert abs(math.fsum(one["weight"] for one in number["studies"]) - 1) <= 1e-12
        assert abs(math.fsum(one["weight"] for one in number["read_in"].values()) - 1) <= 1e-12


def test_provenance_as_rows(review):
    """One row for each study of each number."""
    lines = run(review, "provenance", "programme", "reoffending", "--format", "csv").stdout.splitlines()

    assert lines[0] == "number,study,weight,without it,reports,read in,included by"
    assert len([line for line in lines if line.startswith('"programme reoffending (headline')]) == 2


def test_a_cell_without_anything(review):
    """Said so, and exit 0."""
    result = run(review, "provenance", "programme", "retention")

    assert result.exit_code == 0
    assert result.stdout == "programme retention: no finding, no pool\n"


def test_what_is_not_known_of_a_published_result(tmp_path):
    """Without a citation of Review2009 nobody knows whether it rests on the same trials: no 0 % is claimed."""
    folder = write_review(tmp_path, citations="source,target,relation,locator\n")
    text = run(folder, "provenance", "programme", "reoffending").stdout

    assert "not known (no citation says what it includes)  Review2009: RR 0.7 [0.5, 0.98]" in text


def test_published_results_without_a_pool(tmp_path):
    """They are shown all the same."""
    pooled = (
        "review,modality,outcome,detail,k,n,measure,estimate,ci_low,ci_high,p,i2,tau2,model,better,locator,note\n"
        "Review2009,programme,retention,,5,900,RR,0.7,0.5,0.98,,,,random,lower,p. 3,\n"
    )
    text = run(write_review(tmp_path, pooled=pooled), "provenance", "programme", "retention").stdout

    assert "beside no pool of ours\n    Review2009: RR 0.7 [0.5, 0.98]" in text


def test_a_modality_that_there_is_not(review):
    """The nearest one is suggested."""
    with pytest.raises(NotFound, match="did you mean 'programme'"):
        run(review, "provenance", "program", "reoffending")


def test_retract(review):
    """What leaves, what changes, what rests on it."""
    text = run(review, "retract", "Alpha2001").stdout

    assert text.startswith("without Alpha2001: a study leaves whole with any of its reports\n")
    assert "alpha2001: 2 of 2 findings; Alpha2001 reports it, and nothing else does" in text
    assert "programme reoffending, binary, against inactive: RR " in text
    assert ", k 2 -> RR 0.65 [0.40, 1.05], k 1" in text
    assert "J reoffending: 3 (3) -> 1 (1(b))   in living" in text
    assert "Review2009 reviews Alpha2001 (p. 2)" in text
    assert "Review2009: RR 0.7 [0.5, 0.98]" in text


def test_retract_as_json(review):
    """The same as plain values, with the fits before and after."""
    found = json.loads(run(review, "retract", "Alpha2001", "--format", "json").stdout)
    (pool,) = found["pools"]

    assert (pool["before"]["k"], pool["after"]["k"]) == (2, 1)
    assert found["studies"][0]["findings"] == 2
    assert found["resting"] == [
        {"source": "Review2009", "relation": "reviews", "target": "Alpha2001", "locator": "p. 2"}
    ]


def test_retract_what_is_known(tmp_path):
    """By the entry's own title, and by a line of retractions.csv; both are told, and leave together."""
    folder = write_review(tmp_path)
    library = folder / "bibliography/references.bib"
    library.write_text(library.read_text().replace("title = {A trial}", "title = {RETRACTED: A trial}", 1))
    listed = "document,kind,source\nBeta2002,retraction,Journal 2010\nGamma2003,concern,Journal 2011\n"
    (folder / "bibliography/retractions.csv").write_text(listed)
    result = run(folder, "retract", "--known")

    assert "Alpha2001 is retracted" in result.stderr
    assert "Beta2002 is retracted: Journal 2010 (bibliography/retractions.csv:2)" in result.stderr
    assert "Gamma2003" not in result.stderr
    assert result.stdout.startswith("without ")
    assert "studies that lose findings: 2, findings: 3\n" in result.stdout


def test_a_listed_document_that_is_not_in_the_library(tmp_path):
    """It is told, so that a slip of the key is seen."""
    folder = write_review(tmp_path)
    (folder / "bibliography/retractions.csv").write_text("document,kind,source\n10.1000/xyz,retraction,Journal\n")

    assert "10.1000/xyz (bibliography/retractions.csv:2)" in run(folder, "retract", "--known").stderr


def test_nothing_is_known_to_be_retracted(review):
    """Said so; nothing changes."""
    result = run(review, "retract", "--known")

    assert result.exit_code == 0
    assert "no document of the library is known to be retracted" in result.stderr
    assert "pools that change: 0\n" in result.stdout


@pytest.mark.parametrize("arguments", [[], ["Alpha2001", "--known"]])
def test_retract_needs_one_way_of_saying_what(review, arguments):
    """Keys or --known, else exit 2."""
    assert CliRunner().invoke(cli, ["graph", "retract", *arguments, "--root", str(review)]).exit_code == 2


def test_double_counting(review):
    """The review that a generous reading counts beside a study of its own."""
    text = run(review, "double-counting").stdout
    told = "alpha2001 and Review2009, a review and its study: Review2009 reviews Alpha2001 (1 of its 2 count here)"

    assert "pools that may count a sample twice: 0\n" in text
    assert f"{told}; kept: alpha2001\n" in text


def test_double_counting_of_a_given_pair(review):
    """A pool of two studies that are one is the study kept, and JSON tells both."""
    found = json.loads(run(review, "double-counting", "--same", "alpha2001=beta2002", "--format", "json").stdout)
    (pool,) = found["pools"]

    assert (pool["before"]["k"], pool["after"]["k"]) == (2, 1)
    assert pool["groups"][0]["suspicions"][0]["reason"] == "given as one trial"


def test_a_pair_in_another_form_is_wrong_usage(review):
    """Exit 2."""
    assert CliRunner().invoke(cli, ["graph", "double-counting", "--same", "a", "--root", str(review)]).exit_code == 2
