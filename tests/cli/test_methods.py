"""`synth methods`: every code of every registry, with a meaning and a source."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from synthesis.cli.methods import KINDS, methods
from synthesis.cli.pool import pool
from synthesis.effects.measures import MEASURES
from synthesis.effects.transform import TRANSFORMS
from synthesis.errors import NotFound
from synthesis.pooling.dependent.dependence import DEPENDENCE
from synthesis.pooling.dependent.sandwich import KINDS as SANDWICHES
from synthesis.pooling.dependent.structures import STRUCTURES
from synthesis.pooling.intervals import TESTS
from synthesis.pooling.p_combinations import COMBINATIONS
from synthesis.pooling.prediction import PREDICTION
from synthesis.pooling.sparse.models import COUNT_MODELS
from synthesis.pooling.tau2 import TAU2
from synthesis.pooling.tau2_intervals import TAU2_INTERVALS
from synthesis.rendering import methods as words

REGISTRIES = {
    "estimator": TAU2, "test": TESTS, "tau2-interval": TAU2_INTERVALS, "prediction": PREDICTION,
    "model": {"INV": None, **COUNT_MODELS}, "dependence": {"select": None, **DEPENDENCE}, "robust": SANDWICHES,
    "structure": STRUCTURES, "measure": MEASURES, "combination": COMBINATIONS, "transform": TRANSFORMS,
}  # fmt: skip


def run(*arguments):
    done = CliRunner().invoke(methods, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_every_code_is_there(kind):
    """The codes are those of the registry, each with one line of meaning and a source."""
    found = words.methods(kinds=[kind])

    assert [one.code for one in found] == list(REGISTRIES[kind])
    assert all(one.meaning and one.source and "\n" not in one.meaning + one.source for one in found)


def test_kinds_are_those_of_the_page():
    """The command's choices are the registry's."""
    assert set(KINDS) == set(words.KINDS) == set(REGISTRIES)


def test_codes_that_share_a_function_have_words_of_their_own():
    """PM, DLIT, SJIT and EB find the same root; each says what it is and has its own source."""
    found = [one for code in ("PM", "DLIT", "SJIT", "EB") for one in words.methods(code)]

    assert len({one.meaning for one in found}) == len({one.source for one in found}) == 4
    for kind, code in words.WORDS:
        assert code in REGISTRIES[kind]


def test_one_code_with_everything_about_it():
    """Columns, options and formulas of a measure; the case does not matter; a code of two kinds is shown as both."""
    smd, t = run("smd"), run("t")

    assert "m1i sd1i n1i m2i sd2i n2i" in smd
    assert "vtype: LS, LS2, UB, AV, H0" in smd
    assert "t (test)" in t
    assert "t (prediction)" in t


def test_forms(tmp_path):
    """Table, CSV and JSON have the same codes; sources are short in the table alone."""
    rows = list(csv.DictReader(io.StringIO(run("--kind", "estimator", "--format", "csv"))))
    values = json.loads(run("--kind", "estimator", "--format", "json"))
    lines = run("--kind", "estimator").splitlines()[2:]

    assert [row["code"] for row in rows] == [one["code"] for one in values] == [line.split()[1] for line in lines]
    assert rows[1]["source"].startswith("DerSimonian R, Laird N (1986). Meta-analysis in clinical trials.")
    assert lines[1].endswith("DerSimonian and Laird 1986")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("A B, C D (1990). X.", "A and C 1990"),
        ("Van Houwelingen HC (1993). X.", "Van Houwelingen 1993"),
        ("A B, C D, E F (1990). X.", "A et al. 1990"),
        ("Stouffer SA et al. (1949), X; Liptak T (1958)", "Stouffer et al. 1949"),
        ("Cochrane Handbook for Y, version 6.4, section 10.3", "Cochrane Handbook 10.3"),
        ("by definition", "by definition"),
    ],
)
def test_short_sources(source, shown):
    """Authors and year."""
    assert words.short(source) == shown


def test_a_mistyped_name_gets_the_nearest():
    """As everywhere."""
    with pytest.raises(NotFound, match="did you mean 'reml'"):
        run("REMML")


def test_the_help_of_pool_lists_the_codes():
    """--method, --test and the others list what the registries have, in sections, without one line a column."""
    text = CliRunner().invoke(pool, ["--help"]).output
    plain = " ".join(text.split())

    for registry in (TAU2, TESTS, TAU2_INTERVALS, PREDICTION, {"INV": None, **COUNT_MODELS}):
        assert ", ".join(registry) in plain
    assert [line for line in text.splitlines() if line.endswith(":") and not line.startswith(" ")] == [
        "What enters:", "How it is pooled:", "For a FILE:", "Columns of a FILE:", "Other options:",
    ]  # fmt: skip
    assert len(text.splitlines()) < 110
