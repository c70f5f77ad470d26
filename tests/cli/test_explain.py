"""`synth explain`: one cell, all the way down."""

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
    ],
)
def test_a_cell_down_to_its_sources(review, part):
    """Printed points, clause, studies, effects, source paragraphs, weights and references."""
    assert part in run("J", "reoffending", "--root", review).stdout


def test_a_report_that_the_library_lacks(review):
    """A missing reference is said, not passed over."""
    (review / "bibliography/references.bib").write_text("")

    assert "alpha2001: Alpha2001: not in the library" in run("J", "reoffending", "--root", review).stdout


def test_an_empty_cell_has_a_story(review):
    """Nothing printed, nothing found: that is told."""
    assert "clause no admissible finding" in run("K", "drug_use", "--root", review).stdout


def test_a_mistyped_outcome(review):
    """The nearest name is suggested."""
    with pytest.raises(NotFound, match="did you mean 'reoffending'"):
        run("J", "reofending", "--root", review)
