"""`synth pvalues` and `synth votes` on plain tables."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from synthesis.cli.p_values import pvalues, votes
from synthesis.errors import InvalidArgument, InvalidData
from tests.cli.test_pool_tables import flags, written
from tests.pooling.reference import blocks

BLOCKS = {block["id"]: block for block in blocks("combining_p")}


def first(command, *arguments):
    """The only group that JSON has."""
    done = CliRunner().invoke(command, [*map(str, arguments), "--format", "json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    (found,) = json.loads(done.stdout, parse_constant=pytest.fail)["groups"]
    return found


@pytest.mark.parametrize(
    ("method", "options", "key"),
    [
        ("fisher", [], "fisher_sumlog"),
        ("edgington", [], "edgington_sump"),
        ("tippett", [], "tippett_minimump"),
        ("wilkinson", ["--r", "2"], "wilkinson_r2"),
        ("stouffer", ["--weights", "w"], "stouffer_weighted"),
        ("inverse_t", ["--df", "df"], "inverse_t_df10"),
    ],
)
def test_combinations(tmp_path, method, options, key):
    """The reference's p of beckerp, by methods that take nothing, a number, or a column."""
    columns, outputs = BLOCKS["beckerp"]["inputs"], BLOCKS["beckerp"]["outputs"]
    table = {"p": columns["p"], "w": columns["weights_for_weighted_stouffer"], "df": [10] * columns["k"]}
    path = written(tmp_path / "p.csv", table)
    expected = outputs[key] if isinstance(outputs[key], float) else outputs[key]["p"]

    assert first(pvalues, path, "--p", "p", "--method", method, *options)["p_value"] == pytest.approx(
        expected, rel=1e-5
    )


def test_effects_and_their_votes(tmp_path):
    """One-sided p-values of the BCG trials combined, and the sign test of their directions."""
    columns, outputs = BLOCKS["sign_test_bcg_rr"]["inputs"], BLOCKS["sign_test_bcg_rr"]["outputs"]
    path = written(tmp_path / "e.csv", {"yi": columns["yi"], "vi": columns["vi"]})
    combined = first(pvalues, path, *flags("yi", "vi"))
    voted = first(votes, path, "--direction", "yi", "--interval", "exact")

    assert combined["p_value"] == pytest.approx(outputs["fisher"]["p"], rel=1e-5)
    assert voted["p_value"] == pytest.approx(outputs["two_sided"]["pval"], rel=1e-5)
    assert (voted["positive"], voted["k"]) == (sum(y > 0 for y in columns["yi"]), 13)


def test_groups_words_and_missing_cells(tmp_path):
    """Groups apart; a missing p is left out with its line, an unknown direction counts as undetermined."""
    path = written(
        tmp_path / "a.csv",
        {"s": "abcd", "g": "xxyy", "p": ["0.1", "", "0.2", "0.3"], "d": ["positive", "", "negative", "negative"]},
    )
    text = CliRunner().invoke(pvalues, [str(path), "--p", "p", "--by", "g", "--study", "s"]).stdout
    rows = CliRunner().invoke(votes, [str(path), "--direction", "d", "--by", "g", "--format", "csv"]).stdout
    counted = [(row["group"], row["positive"], row["undetermined"]) for row in csv.DictReader(io.StringIO(rows))]

    assert [line.split()[:2] for line in text.splitlines()[2:4]] == [["x", "1"], ["y", "2"]]
    assert "left out: b (line 3): no p" in text
    assert counted == [("x", "1", "1"), ("y", "0", "0")]


@pytest.mark.parametrize(
    ("command", "options", "error", "words"),
    [
        (pvalues, ["--p", "p"], InvalidData, r"a\.csv:3:1: SY184 p '1\.5' is no p-value"),
        (pvalues, ["--p", "q", "--method", "fishr"], InvalidArgument, "did you mean 'fisher'"),
        (pvalues, ["--p", "q", "--r", "1"], InvalidArgument, "takes no r"),
        (pvalues, [], InvalidArgument, "give --p"),
        (pvalues, ["--p", "q", "--alternative", "less"], InvalidArgument, "have their direction"),
        (pvalues, ["--p", "q", "--yi", "q", "--vi", "q"], InvalidArgument, "have their direction"),
        (pvalues, ["--yi", "q", "--vi", "q", "--alternative", "up"], InvalidArgument, "greater or less, not 'up'"),
        (votes, ["--direction", "d"], InvalidData, r"a\.csv:3:3: SY183 d 'up' is no direction"),
        (votes, ["--direction", "q", "--interval", "wald"], InvalidArgument, "no interval 'wald'"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, command, options, error, words):
    """Each mistake with its line or the nearest name."""
    path = written(tmp_path / "a.csv", {"p": [0.1, 1.5], "q": [0.1, 0.5], "d": ["positive", "up"]})
    with pytest.raises(error, match=words):
        CliRunner().invoke(command, [str(path), *options], catch_exceptions=False)


def test_every_wrong_cell_has_its_own_words(tmp_path):
    """Two p-values that cannot be, each as it is written; and in a group, a weight of 0 at its line of the file."""
    path = written(tmp_path / "a.csv", {"p": [0.1, 1.5, 0], "q": [0.1] * 3, "w": [1, 1, 0], "g": "xyy"})
    with pytest.raises(InvalidData) as refused:
        CliRunner().invoke(pvalues, [str(path), "--p", "p"], catch_exceptions=False)
    assert [(one.line, one.what.split()[1]) for one in refused.value.problems] == [(3, "'1.5'"), (4, "'0'")]

    weighted = ["--p", "q", "--method", "stouffer", "--weights", "w", "--by", "g"]
    with pytest.raises(InvalidData, match=r"a\.csv:4:1: SY184 weights must be a finite number above 0"):
        CliRunner().invoke(pvalues, [str(path), *weighted], catch_exceptions=False)
