"""`synth explain`: one cell, all the way down."""

import json

import pytest
from click.testing import CliRunner

from synthesis.cli.explain import explain
from synthesis.errors import NotFound
from tests.crosscheck.made import write_review


@pytest.fixture
def review(tmp_path):
    return write_review(tmp_path)


def run(*arguments):
    return CliRunner().invoke(explain, list(map(str, arguments)), catch_exceptions=False)


@pytest.mark.parametrize(
    "part",
    [
        "J  Programmes - Reduced re-offending",
        "Printed points: 3   column: inferred",
        "clause 3 (paragraph 6.14): two or more level 5 studies",
        "alpha2001: effective, level 5",
        "effect: RR 0.33 [0.17, 0.64]",
        "source: Alpha2001, p. 7, Table 2   studies/alpha2001.yaml:10",
        "programme reoffending (headline, binary, against inactive comparators)",
        "alpha2001: 10/100 v 30/100, weight 44.1 %",
        "alpha2001: Alpha2001: Alpha, A. 2001. A trial. Journal",
        "> 3: holds: E5 >= several   (E5 2, several 2)",
        "1(b): holds: E5 >= 1 and N5 > 0   (E5 2, N5 1)",
        "2(b): does not hold: E4 >= several   (E4 1, several 2)",
        "over 18 policies: 1 to 3",
        "cautious: 2 (clause 3 capped at 2 (level 5 contradiction) (ours, not printed in its source)); a level 5",
        "without one study: 1 to 3",
        "without delta2004: 1",
        "flip to change it: 1 (becomes 1 with",
        "reported: effective, significant: yes",
        "sherman-1998 (nonsignificant): what_works (clause works (recalled, not seen in its source))",
        "given what is not stated",
    ],
)
def test_a_cell_down_to_its_sources(review, part):
    """Printed points, clauses, studies, effects, sources, policies, other rules, weights and references."""
    assert part in run("J", "reoffending", "--root", review).stdout


def test_a_report_that_the_library_lacks(review):
    """A missing reference is said, not passed over."""
    (review / "bibliography/references.bib").write_text("")

    assert "alpha2001: Alpha2001: not in the library" in run("J", "reoffending", "--root", review).stdout


def test_an_empty_cell_has_a_story(review):
    """Nothing printed, nothing found: that is told."""
    assert "clause no admissible finding" in run("K", "drug_use", "--root", review).stdout


def test_the_same_as_plain_values(review):
    """Each finding with both its directions and its word in the rule, and the clause that decided with its values."""
    value = json.loads(run("J", "reoffending", "--root", review, "--format", "json").stdout)
    beta = next(one for one in value["readings"]["living"]["findings"] if one["study"] == "beta2002")
    (decided,) = [one for one in value["clauses"] if one["decided"]]

    assert (beta["admitted_as"], beta["direction_from"]) == ("ineffective", "computed")
    assert beta["the_other_says"] == "reported: effective, significant: yes"
    assert (decided["clause"], decided["values"]) == ("3", {"E5": "2", "several": "2"})
    assert value["steadiness"]["fragility"] == 1
    assert value["references"]["alpha2001"] == ["Alpha2001: Alpha, A. 2001. A trial. Journal"]


def test_what_no_rule_sees_is_told_with_the_reason(review, tmp_path):
    """A trial below the levels of the pools is named, with its reason and place."""
    text = (review / "studies/beta2002.yaml").read_text().replace("level: 5", "level: 2")
    told = run("J", "reoffending", "--root", write_review(tmp_path / "weak", beta2002=text)).stdout

    assert "beta2002: Maryland level 2 (Beta2002, p. 7, Table 2; studies/beta2002.yaml:10)" in told


def test_a_mistyped_outcome(review):
    """The nearest name is suggested."""
    with pytest.raises(NotFound, match="did you mean 'reoffending'"):
        run("J", "reofending", "--root", review)
