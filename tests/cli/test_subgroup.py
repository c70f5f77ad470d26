"""`synth subgroup` on a small review and on plain tables."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from synthesis.cli.subgroup import subgroup
from synthesis.errors import InvalidArgument
from tests.cli.test_regress import COLUMNS, SIX_DIGITS, table
from tests.pooling.reference import blocks
from tests.small_review import write_review

REFERENCE = {block["id"]: block for block in blocks("subgroups")}
MEAN = {"b": "estimate", "se": "se", "pval": "p_value", "ci.lb": "ci_low", "ci.ub": "ci_high"}


@pytest.fixture
def review(tmp_path):
    """Four studies, two in prison, one in the community, one that does not say."""
    write_review(tmp_path)
    for name, setting in (("dunn2007", "community"), ("cole2005", "not stated")):
        file = tmp_path / f"studies/{name}.yaml"
        file.write_text(
            file.read_text().replace("comparator: not stated", "comparator: none").replace("prison", setting)
        )
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(subgroup, list(map(str, arguments)), catch_exceptions=False)


def asked(*arguments):
    """The comparisons as JSON; NaN would not be JSON."""
    return json.loads(run(*arguments, "--format", "json").stdout, parse_constant=pytest.fail)


@pytest.mark.parametrize("name", REFERENCE)
@pytest.mark.parametrize("method", ["REML", "DL", "EE"])
def test_the_reference_from_a_table(tmp_path, name, method):
    """Each group with tau2 of its own, and the test between them: 6 data sets, 3 methods."""
    given, expected = REFERENCE[name]["inputs"], REFERENCE[name]["outputs"][method]["separate_tau2"]
    path = table(tmp_path / "g.csv", {"yi": given["yi"], "vi": given["vi"], "kind": given["group"]})
    (one,) = asked(path, *COLUMNS, "--group", "kind", "--method", method, "--test", "z")["comparisons"]

    for group in one["model"]["groups"]:
        theirs = expected["groups"][group["name"]]
        assert [group[ours] for ours in MEAN.values()] == pytest.approx([theirs[one] for one in MEAN], **SIX_DIGITS)
    assert one["model"]["between"]["statistic"] == pytest.approx(expected["between"]["Q.between"], **SIX_DIGITS)
    assert one["model"]["between"]["p_value"] == pytest.approx(expected["between"]["pval"], **SIX_DIGITS)


@pytest.mark.parametrize("name", REFERENCE)
def test_a_common_tau2(tmp_path, name):
    """One tau2 for all groups, by REML; the test between them by F."""
    given, expected = REFERENCE[name]["inputs"], REFERENCE[name]["outputs"]["REML"]["common_tau2"]
    path = table(tmp_path / "g.csv", {"yi": given["yi"], "vi": given["vi"], "kind": given["group"]})
    (one,) = asked(path, *COLUMNS, "--group", "kind", "--tau2", "common", "--test", "knha")["comparisons"]

    for group in one["model"]["groups"]:
        assert group["tau2"] == pytest.approx(expected["tau2"], **SIX_DIGITS)
    assert one["model"]["between"]["p_value"] == pytest.approx(expected["between_knha"]["pval"], **SIX_DIGITS)


def test_six_data_sets_are_compared():
    """None of the reference's falls out of the tests above."""
    assert len(REFERENCE) == 6


def test_the_table_for_a_terminal(review):
    """The kinds, the test between them, and who is left out; the review's own list below."""
    lines = run("--root", review, "--group", "setting").stdout.splitlines()

    assert lines[0] == "cbt use against inactive, risk ratio"
    assert [line.split()[:2] for line in lines[4:6]] == [["community", "1"], ["prison", "2"]]
    assert lines[6].startswith("between: chi^2 ")
    assert "  left out, setting not stated (1): cole2005" in lines


def test_not_stated_is_a_kind_when_asked_for(review):
    """Of that name, with its study."""
    (one,) = asked("--root", review, "--group", "setting", "--not-stated")["comparisons"]

    assert one["studies"] == {"community": ["dunn2007"], "not stated": ["cole2005"], "prison": ["ames2001", "burt2003"]}
    assert one["left_out"] == []


def test_years_are_looked_up(review):
    """The year is that of the first report in the library."""
    (one,) = asked("--root", review, "--group", "year")["comparisons"]

    assert list(one["studies"]) == ["2001", "2003", "2005", "2007"]


def test_csv_has_a_row_a_kind(review):
    """Ratios as ratios, the test between in each row; one row with the reason where nothing is compared."""
    arguments = ("--root", review, "--format", "csv", "--group")
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "setting").stdout)))
    (none,) = csv.DictReader(io.StringIO(run(*arguments, "country").stdout))

    assert [(row["kind"], row["k"]) for row in rows] == [("community", "1"), ("prison", "2")]
    assert all(0 < float(row["ci_low"]) < float(row["estimate"]) < 1 for row in rows[:1])
    assert none["notes"] == "all 4 studies are of one group, Norway"
    assert "left out: cole2005" in run(*arguments, "setting").stderr


def test_groups_of_a_table_are_compared_apart(tmp_path):
    """--by makes a comparison of each group; a row without its kind is listed, or is a kind."""
    path = table(
        tmp_path / "t.csv", {"g": list("aaaabb"), "kind": ["u", "v", "u", "", "u", "u"], "yi": range(6), "vi": [1] * 6}
    )
    arguments = (path, *COLUMNS, "--by", "g", "--group", "kind")
    text = run(*arguments).stdout.splitlines()
    found = asked(*arguments, "--not-stated")

    assert text[-3:] == [
        "not compared (1):", "b, effect: all 2 studies are of one group, u",
        "left out: row 4 (line 5): kind not stated",
    ]  # fmt: skip
    assert list(found["comparisons"][0]["studies"]) == ["not stated", "u", "v"]
    assert found["left_out"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--group", "seting"], "did you mean 'setting'"),
        (["--group", "setting", "--method", "REM"], "did you mean 'REML'"),
        (["--group", "setting", "--method", "DLMH"], "has no method DLMH"),
    ],
)
def test_what_cannot_be_asked_is_an_argument(review, arguments, words):
    """Such errors exit 2; the nearest name is suggested."""
    with pytest.raises(InvalidArgument, match=words):
        run("--root", review, *arguments)


@pytest.mark.parametrize(
    "arguments",
    [[], ["--group", "setting", "--yi", "y"], ["--group", "setting", "--tau2", "both"], ["x.csv", "--group", "x"]],
)
def test_wrong_usage_exits_2(review, monkeypatch, arguments):
    """No group, columns without a file, an unknown tau2, a file without columns."""
    (review / "x.csv").write_text("yi,vi,x\n1,1,1\n")
    monkeypatch.chdir(review)

    assert run(*arguments).exit_code == 2
