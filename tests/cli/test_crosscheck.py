"""`synth crosscheck` as table, JSON and CSV."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from synthesis.cli.crosscheck import crosscheck
from synthesis.errors import InvalidArgument
from tests.crosscheck.made import EFFECT, FINDING, REVIEW, STUDY, write_review


@pytest.fixture
def review(tmp_path):
    return write_review(tmp_path)


def run(*arguments):
    return CliRunner().invoke(crosscheck, list(map(str, arguments)), catch_exceptions=False)


def test_the_table_and_what_drives_it(review):
    """A line for each modality and outcome; under it the reasons, the published results and what the words mean."""
    text = run("--root", review).stdout

    for part in (
        "agree_none (few studies)",
        "points 1: 1(b); 2 without beta2002",
        "with equal effects, z: RR 0.51 [0.34, 0.76], points_low_ci_benefit",
        "without beta2002 in the pool: points_low_ci_benefit",
        "with adhoc: RR 0.4",
        "samples: 3, from 3 reports",
        "direction as the sources report it: 3 (3)",
        "replicated in two studies: r ",
        "significant benefits: 1 observed",
        "of the pool's own 2 studies the rule gives 1: P ",
        "points of the living evidence: 0 of 3 cells disagree (0 %), none of them with more than three studies",
        "printed points 3: points_high_ci_null (the column of the printed points is inferred)",
        "published: Review2009: RR 0.7 [0.5, 0.98] (lower is better, k 5, rearrest, p. 3)",
        "agree_benefit: 2 or 3 points, and the pooled effect is a benefit",
        "modalities by outcomes: 3, all scored by the rule; 2 have a cell in the matrix",
        "second engine (statsmodels): ",
    ):
        assert part in text


def test_json_is_strict_and_whole(review):
    """Every check with pool, statuses and reasons; null for what there is not."""
    found = json.loads(run("--root", review, "--format", "json").stdout, parse_constant=pytest.fail)
    court = found["cross_checks"][-1]

    assert [check["status"] for check in found["cross_checks"]] == ["agree_none", "agree_benefit", "agree_benefit"]
    assert (court["points"], court["row"], court["printed"]) == (2, None, None)
    assert (found["across"]["cells"], found["across"]["cells_in_the_matrix"]) == (3, 2)
    assert court["pool"]["benefit"]["estimate"] == pytest.approx(0.980829)
    assert found["statuses"]["agree_none"]["count"] == 1


def test_csv_has_benefit_above_zero(review):
    """A ratio below 1 of a bad event has a benefit above 0, bounds in their order."""
    row = list(csv.DictReader(io.StringIO(run("--root", review, "--format", "csv").stdout)))[1]

    assert row["modality"] == "support"
    assert float(row["estimate"]) < 1
    assert 0 < float(row["benefit_low"]) < float(row["benefit"]) < float(row["benefit_high"])
    assert row["benefit_pi_low"] == ""


def test_nothing_to_compare(tmp_path):
    """A review without records is no error."""
    (tmp_path / "review.toml").write_text(REVIEW, encoding="utf-8")

    assert run("--root", tmp_path).stdout.startswith("nothing to compare")


def test_a_clause_that_is_ours_says_so(tmp_path):
    """A clause that was not printed in the rule's source is marked in table, JSON and CSV where it decides."""
    null = EFFECT.format(31, 32)
    text = STUDY.format(key="delta2004", report="Delta2004", level=5) + FINDING.format(
        modality="support", comparator="none", what=null, report="Delta2004"
    )
    review = write_review(tmp_path, delta2004=text)
    found = json.loads(run("--root", review, "--format", "json").stdout)["cross_checks"]
    rows = list(csv.DictReader(io.StringIO(run("--root", review, "--format", "csv").stdout)))

    assert (
        "points 0: none met: evidence of no effect or harm (ours, not printed in its source)"
        in run("--root", review).stdout
    )
    assert [one["verified"] for one in found if one["modality"] == "support"] == ["ours"]
    assert [one["verified"] for one in rows if one["modality"] == "support"] == ["ours"]


def shown(review):
    """The first line of the table for each modality and outcome, with JSON and CSV of the same."""
    table = {tuple(line.split()[:2]): line for line in reversed(run("--root", review).stdout.splitlines()) if line}
    rows = csv.DictReader(io.StringIO(run("--root", review, "--format", "csv").stdout))
    values = json.loads(run("--root", review, "--format", "json").stdout)["cross_checks"]
    return table, {(row["modality"], row["outcome"]): row for row in rows}, values


def test_absence_has_words_in_every_format(tmp_path):
    """Nothing pooled, no points, nothing shown and absence shown are told apart by words, not by dashes."""
    review = write_review(
        tmp_path,
        review=REVIEW.replace("{ RR = 0.05 }", "{ RR = 0.3 }").replace(
            "[evidence_sets.old]", "[defaults]\nlevel = [3, 4, 5]\n[evidence_sets.old]", 1
        ),
        scoring_matrix="row,outcome,points,placement,reason\nJ,drug_use,2,certain,\n",
        delta2004=STUDY.format(key="delta2004", report="Delta2004", level=5)
        + "".join(
            FINDING.format(modality=name, comparator="none", what=EFFECT.format(*counts), report="Delta2004")
            for name, counts in (("support", (60, 60)), ("court", (12, 32)))
        ).removesuffix("\n")
        + "\n    level: {level: 3, basis: completers only}\n",
    )
    table, rows, values = shown(review)
    expected = {
        ("programme", "drug_use"): "nothing pooled",
        ("programme", "reoffending"): "nothing shown",
        ("support", "reoffending"): "absence shown",
        ("court", "reoffending"): "no points",
    }

    for key, words in expected.items():
        assert words in table[key]
        assert rows[key]["evidence"] == words
    assert {(one["modality"], one["outcome"]): one["evidence"] for one in values} | expected == {
        (one["modality"], one["outcome"]): one["evidence"] for one in values
    }
    assert rows["court", "reoffending"]["why_no_points"]
    assert rows["programme", "drug_use"]["why_no_pool"]


def test_agreement_of_rules(review):
    """Kappa of every pair with its draws, called so, and each rule that is left out with the reason."""
    text = run("--root", review, "--agreement", "--draws", "10", "--seed", "3").stdout
    found = json.loads(run("--root", review, "--agreement", "--draws", "10", "--format", "json").stdout)["rules"]

    assert "the studies drawn anew 10 times (seed 3)" in text
    assert "95 % of draws" in text
    assert "3 cells, 2 of them in the matrix, of 4 studies" in text
    assert "is no confidence interval" in text
    assert "is no confidence interval" in found["low_and_high"]
    assert "left out: maryland-1998: it grades single studies" in text
    assert found["draws"] == 10
    assert {"pdtsrg-2009", "sherman-1998"} <= {one["rule"] for one in found["rules"]}


@pytest.mark.parametrize("asked", [("--draws", "5"), ("--agreement", "--format", "csv")])
def test_options_that_would_do_nothing_are_refused(review, asked):
    """Draws without --agreement, and agreement where CSV has no place for it, are wrong usage."""
    found = CliRunner().invoke(crosscheck, ["--root", str(review), *asked])

    assert found.exit_code == 2
    assert "--agreement" in found.output


def test_the_figure_is_drawn_beside_the_table(review, tmp_path):
    """Points against pooled effects as SVG; a wrong ending is refused before anything is computed."""
    target = tmp_path / "points.svg"
    text = run("--root", review, "--figure", target).stdout

    assert "agree_none" in text
    assert target.read_text(encoding="utf-8").startswith("<?xml")
    with pytest.raises(InvalidArgument, match="ends in no format"):
        run("--root", review, "--figure", tmp_path / "points.gif")
