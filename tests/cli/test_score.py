"""`synth score`, and what `synth matrix` answers."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from synthesis.cli.matrix import matrix
from synthesis.cli.score import score
from synthesis.errors import NotFound
from tests.crosscheck.made import EFFECT, FINDING, STUDY, write_review


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    return write_review(tmp_path_factory.mktemp("score"))


def run(command, review, *arguments):
    return CliRunner().invoke(command, [*map(str, arguments), "--root", str(review)], catch_exceptions=False)


def rows_of(command, review, *arguments):
    return list(csv.DictReader(io.StringIO(run(command, review, *arguments, "--format", "csv").stdout)))


def test_every_modality_and_outcome(review):
    """Each with its output, clause and studies, in the order of the review; nothing is set beside."""
    rows = rows_of(score, review)

    assert [(row["modality"], row["output"], row["clause"]) for row in rows] == [
        ("programme", "1", "1(b)"), ("support", "2", "2(a)"), ("court", "2", "2(a)"),
    ]  # fmt: skip
    assert rows[0]["studies"].startswith("alpha2001 (effective, level 5); gamma2003 (effective, level 4)")
    assert "set_against" not in rows[0]


def test_one_cell_names_its_studies(review):
    """With a modality the clause in words and the studies stand beneath the table."""
    text = run(score, review, "programme", "reoffending").stdout

    assert "a single level 5 study with statistically significant effectiveness" in text
    assert "beta2002 (ineffective, level 5)" in text
    assert "support" not in text


def test_a_clause_that_was_not_seen_says_so(review):
    """A recalled clause is marked in the table, and in its own field of CSV and JSON."""
    text = run(score, review, "--rule", "sherman-1998").stdout
    cells = json.loads(run(score, review, "--rule", "sherman-1998", "--format", "json").stdout)["cells"]

    assert "(recalled, not seen in its source)" in text
    assert {row["verified"] for row in rows_of(score, review, "--rule", "sherman-1998")} == {"recalled"}
    assert {cell["score"]["verified"] for cell in cells} == {"recalled"}


def test_what_is_not_stated_stays_open(review):
    """A rule that asks people for what the records lack says what the output could still be."""
    row = rows_of(score, review, "support", "--rule", "est-jccap")[0]

    assert "blank" in row["could_be"].split("; ")
    assert "may count" in row["studies"]


def test_a_mistyped_modality(review):
    """The nearest name is suggested."""
    with pytest.raises(NotFound, match="did you mean 'programme'"):
        run(score, review, "programe")


def test_matrix_as_of_a_year(review):
    """The points of then beside those of now, what is missing, and why."""
    text = run(matrix, review, "--as-of", 2002).stdout

    assert "J reoffending: 3 -> 1" in text
    assert "only beside: delta2004 (effective, level 5); gamma2003 (effective, level 4)" in text
    assert "first reported in 2003: 1 (gamma2003)" in text
    assert not (review / "outputs").exists()


def test_matrix_of_an_evidence_set(review):
    """What the report says, what all studies say, and what the report's studies say."""
    (row,) = rows_of(matrix, review, "--evidence-set", "old")

    assert [row[name] for name in ("output", "set_against", "of_the_same_studies")] == ["0", "3", "2"]
    assert row["turned"] == "alpha2001 (contrary here, effective beside)"


def test_nothing_is_left_of_a_setting(review):
    """No sample is said to be in prison: the cell is blank, and every study is only beside it."""
    cell = json.loads(run(matrix, review, "--setting", "prison", "--format", "json").stdout)["cells"][0]

    assert (cell["score"]["output"], cell["beside"]["points"]) == (None, 3)
    assert cell["only_beside"] == ["alpha2001", "beta2002", "delta2004", "gamma2003"]


def test_policies_side_by_side(review):
    """A column for each policy; the range, the fragility and the studies that decide."""
    (row,) = rows_of(matrix, review, "--policies")

    assert (row["literal"], row["cautious"], row["three-are-several"]) == ("3", "2", "1")
    assert (row["over_policies"], row["fragility"], row["without_one_study"]) == ("1 to 3", "1", "1 to 3")
    assert row["decisive_studies"] == "alpha2001: 1 without; delta2004: 1 without"


def test_policies_of_a_recalled_rule_say_so(review):
    """Each policy under which a clause decides that was not seen in its source is named."""
    (row,) = rows_of(matrix, review, "--policies", "--rule", "sherman-1998")

    assert "nonsignificant: recalled" in row["not_seen_in_its_source"]
    assert "(recalled, not seen in its source)" in run(matrix, review, "--policies", "--rule", "sherman-1998").stdout


def test_policies_in_every_form(review):
    """A table with a legend, a page, and plain values."""
    table, page = run(matrix, review, "--policies").stdout, run(matrix, review, "--policies", "--format", "md").stdout
    value = json.loads(run(matrix, review, "--policies", "--format", "json").stdout)

    assert "2 cautious: a level 5 contradiction takes a point off 3 and 2" in table
    assert "| J Programmes | Reduced re-offending | 3 | 1 to 3 | 1 | 1 to 3 | . | 2 |" in page
    assert value["cells"][0]["policies"]["cautious"]["output"] == "2"
    assert value["cells"][0]["flips"][0].keys() == {"study", "state", "becomes"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--check", "--policies"], "leave out"),
        (["--check", "--as-of", "2002"], "leave out"),
        (["--policies", "--format", "files"], "no --format files"),
        (["--as-of", "2002", "--format", "md"], "choose table, csv, json"),
        (["--format", "table"], "no --format table"),
    ],
)
def test_what_does_not_go_together(review, arguments, says):
    """Wrong usage: exit 2, with what to do."""
    done = run(matrix, review, *arguments)

    assert done.exit_code == 2
    assert says in done.stderr


@pytest.mark.parametrize("command", [score, matrix])
def test_a_blank_that_is_ours_says_so(tmp_path, command):
    """A source prints no clause for blank: once beneath the table it is marked as ours."""
    text = STUDY.format(key="delta2004", report="Delta2004", level=3) + FINDING.format(
        modality="support", comparator="none", what=EFFECT.format(12, 32), report="Delta2004"
    )
    review = write_review(tmp_path, delta2004=text)
    for key in ("alpha2001", "beta2002", "gamma2003"):
        (review / f"studies/{key}.yaml").unlink()

    said = "\nblank by clause no admissible finding (ours, not printed in its source)\n"
    assert said in run(command, review, "--every").stdout
