"""`synth multiverse` on a small review and on plain tables."""

import csv
import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from synthesis.cli import cli
from synthesis.cli.multiverse import multiverse as command
from synthesis.errors import InvalidArgument, InvalidData
from synthesis.pipeline import load, pool_review
from synthesis.pooling import pool
from synthesis.sensitivity.many_worlds.curve import curve_test
from synthesis.sensitivity.many_worlds.specifications import multiverse
from tests.cli.test_regress import COLUMNS, SIX_DIGITS, table
from tests.small_review import write_review

BCG = Path(__file__).parents[2] / "docs" / "examples" / "bcg.csv"

Y = [0.5, 0.62, 0.31, 0.9, 0.12, 0.44, -0.2, 0.7]
V = [0.04, 0.05, 0.02, 0.3, 0.01, 0.09, 0.06, 0.02]
RANDOMISED = ["yes", "yes", "yes", "no", "no", "yes", "no", "yes"]
ADULTS = [1, 1, 0, 0, 1, 1, 1, 1]


@pytest.fixture
def effects(tmp_path):
    """Eight effects, with two columns of yes and no."""
    return table(tmp_path / "effects.csv", {"yi": Y, "vi": V, "randomised": RANDOMISED, "adults": ADULTS})


@pytest.fixture
def review(tmp_path):
    """Four studies, one of them in the community and of level 4."""
    write_review(tmp_path)
    file = tmp_path / "studies/dunn2007.yaml"
    file.write_text(
        file.read_text()
        .replace("comparator: not stated", "comparator: none")
        .replace("setting: prison", "setting: community")
    )
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(command, list(map(str, arguments)), catch_exceptions=False)


def asked(*arguments):
    """The multiverses as JSON; NaN would not be JSON."""
    return json.loads(run(*arguments, "--format", "json").stdout, parse_constant=pytest.fail)["multiverses"]


def rows(*arguments):
    return list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv").stdout)))


def test_a_plain_table_by_the_columns_that_keep_rows(effects):
    """Two columns, each all rows or yes alone: every CSV row is the pool of the rows that it keeps."""
    found = rows(effects, *COLUMNS, "--keep", "randomised", "--keep", "adults", "--method", "REML,DL", "--test", "z")
    kept = {"randomised": np.array(RANDOMISED) == "yes", "adults": np.array(ADULTS) == 1}

    assert len(found) == 2 * 2 * 2
    for row in found:
        use = np.logical_and.reduce([kept[name] | (row[name] == "all") for name in kept])
        fit = pool(np.array(Y)[use], np.array(V)[use], method=row["method"], test=row["test"])
        for name in ("k", "estimate", "ci_low", "ci_high", "p_value", "pi_low"):
            assert float(row[name]) == pytest.approx(getattr(fit, name), **SIX_DIGITS)
    assert [float(row["estimate"]) for row in found] == sorted(float(row["estimate"]) for row in found)
    assert [int(row["place"]) for row in found] == list(range(1, 9))


def test_a_family_of_several_columns(effects):
    """`NAME=all,COLUMN` are the choices of one family; the first is the user's own."""
    (one,) = asked(effects, *COLUMNS, "--keep", "who=randomised,all,adults")

    assert one["multiverse"]["families"][0] == {"name": "who", "choices": ["randomised", "all", "adults"]}
    assert one["multiverse"]["own"] == 1
    assert len(one["multiverse"]["specifications"]["k"]) == 3 * 4 * 3


def test_ratios_are_read_as_ratios(tmp_path):
    """Counts as RR: JSON has logs, CSV and text ratios; lower is better."""
    counts = {"a": [5, 8, 0], "n1": [40, 50, 30], "c": [12, 15, 6], "n2": [40, 50, 30], "late": ["yes", "no", "yes"]}
    path = table(tmp_path / "counts.csv", counts)
    given = (path, "--measure", "RR", "--ai", "a", "--n1i", "n1", "--ci", "c", "--n2i", "n2", "--better", "lower")
    plain = asked(*given, "--keep", "late")[0]["multiverse"]
    shown = rows(*given, "--keep", "late")

    logs = sorted(plain["specifications"]["estimate"])
    assert [float(row["estimate"]) for row in shown] == pytest.approx([math.exp(one) for one in logs], rel=1e-4)
    assert "benefit" in {row["conclusion"] for row in shown}
    assert shown[0]["measure"] == "RR"


def test_groups_of_a_table(effects):
    """--by makes a multiverse for each group; one without a row that is kept has its reason."""
    found = asked(effects, *COLUMNS, "--by", "adults", "--keep", "only=randomised")
    reasons = [one["reason"] for one in found]

    assert [one["group"] for one in found] == ["1", "0"]
    assert reasons == [None, None]
    empty = asked(effects, *COLUMNS, "--by", "randomised", "--keep", "only=randomised")
    assert [one["reason"] for one in empty] == [None, "no choice of only keeps a row"]


def test_the_curve_is_tested_from_a_seed(effects):
    """--arrangements with --seed: the p-values of `curve_test` with that generator, in JSON and text."""
    given = (effects, *COLUMNS, "--method", "DL", "--test", "z", "--arrangements", 100, "--seed", 3)
    (one,) = asked(*given)
    ours = curve_test(
        multiverse(Y, V, methods=["DL"], tests=["z"]), arrangements=100, random=np.random.default_rng(3)
    )  # fmt: skip

    assert one["curve_test"]["median_p_value"] == pytest.approx(ours.median_p_value)
    assert "a sample of 100 arrangements" in run(*given).stdout


def test_a_review(review):
    """The one cell of a small review: its first choices are its own pool, in text, JSON and CSV."""
    own = pool_review(load(review)).pools[0].fit
    (one,) = asked("--root", review)
    found = one["multiverse"]
    shown = rows("--root", review)
    text = run("--root", review).stdout

    assert found["specifications"]["estimate"][found["own"] - 1] == pytest.approx(own.estimate, **SIX_DIGITS)
    assert found["better"] == "lower"
    assert len(shown) == len(found["unpooled"]) + len(found["specifications"]["k"])
    assert f"{math.exp(own.estimate):.4f}" in text
    assert "not varied, the choices never change a number: " in text
    assert {row["level"] for row in shown} == {"4-5"}


def test_choices_of_a_review(review):
    """An option given several times offers these choices alone; given once it is fixed."""
    (one,) = asked(
        "--root", review, "--setting", "all", "--setting", "prison", "--maryland", "5", "--method", "DL", "--test", "z",
        "--zero-cells", "only0", "--convert", "none",
    )  # fmt: skip
    found = one["multiverse"]

    assert [family["name"] for family in found["families"]] == ["setting", "method", "test", "prediction"]
    assert found["specifications"]["k"] == [4, 3]
    assert one["fixed"]["level"] == "5"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("--setting", "jail"), "no setting 'jail'"),
        (("--modality", "cbd"), "did you mean 'cbt'"),
        (("--method", "REMl"), "did you mean 'REML'"),
        (("--zero-cells", "some"), "no zero cells 'some'"),
    ],
)
def test_unknown_choices_of_a_review(review, given, message):
    """The nearest name."""
    with pytest.raises(InvalidArgument, match=message):
        run("--root", review, *given)


def test_options_of_the_other_kind_are_refused(review, effects):
    """What is for a FILE is no option of a review, and the other way round."""
    for arguments, words in (
        (("--root", review, "--keep", "x"), "--keep is for a FILE, not for a review"),
        (("--root", review, "--better", "lower"), "--better is for a FILE, not for a review"),
        ((effects, *COLUMNS, "--setting", "prison"), "--setting is for a review, not for a table"),
        ((effects, *COLUMNS, "--modality", "cbt"), "--modality is for a review, not for a table"),
        ((effects,), "name the columns of the table"),
    ):
        found = run(*arguments)
        assert found.exit_code == 2
        assert words in found.stderr


@pytest.mark.parametrize(
    ("keep", "error", "message"),
    [
        ("randomized", InvalidArgument, "did you mean 'randomised'"),
        ("yi", InvalidData, "effects.csv:2:1: SY184 yi '0.5' is neither yes nor no"),
        ("=x", InvalidArgument, "is no family: write COLUMN"),
        ("a=adults,nobody", InvalidArgument, "no column 'nobody'"),
        ("test=adults", InvalidArgument, "cannot be called test"),
    ],
)
def test_columns_that_keep_nothing_sensible(effects, keep, error, message):
    """A mistyped column, one of numbers, and families that are none."""
    with pytest.raises(error, match=message):
        run(effects, *COLUMNS, "--keep", keep)


def test_the_command_is_in_the_group():
    """`synth multiverse --help` has its sections, and no option twice."""
    shown = CliRunner().invoke(cli, ["multiverse", "--help"]).stdout

    assert "Choices, each option as often as there are choices" in shown
    for name in ("--method", "--test", "--maryland", "--follow-up", "--rho", "--convert"):
        assert shown.count(f"  {name} ") == 1


def test_the_curve_is_drawn_beside_the_table(tmp_path):
    """`--figure` draws the curve of one pool and prints the table all the same; a wrong ending is refused."""
    target = tmp_path / "curve.svg"
    counts = [part for name in ("ai", "bi", "ci", "di") for part in (f"--{name}", name)]
    asked = ["multiverse", str(BCG), *counts, "--measure", "RR"]
    done = CliRunner().invoke(cli, [*asked, "--figure", str(target)])
    refused = CliRunner().invoke(cli, [*asked, "--figure", str(tmp_path / "curve.doc")])

    assert done.exit_code == 0
    assert done.stdout == CliRunner().invoke(cli, asked).stdout
    assert target.read_text(encoding="utf-8").startswith("<?xml")
    assert refused.exit_code != 0
