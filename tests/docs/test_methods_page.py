"""docs/methods.md: its tables are those of the registries, its calls run, and the tests that it names exist.

Its `>>>` lines are run by `test_library_examples_give_what_is_shown`, its `synth` lines by
`test_console_examples_print_what_is_shown`, both in tests/test_project.py.
"""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from synthesis.cli import cli
from synthesis.pooling import TAU2, TESTS
from synthesis.pooling.prediction import PREDICTION
from synthesis.pooling.tau2_intervals import TAU2_INTERVALS
from tests.docs import library, tables

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
NAME = r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?"
SOURCE = re.compile(rf"(?P<author>{NAME})(?:,? (?:and )?{NAME}| and others)* \(?(?P<year>[12]\d{{3}})\b")
REGISTRIES = {"method": TAU2, "test": TESTS, "tau2_interval": TAU2_INTERVALS, "prediction": PREDICTION}


def rows_under(head):
    """The cells of the table whose first line begins so."""
    lines = PAGE.partition(f"\n| {head} |")[2].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def code(cell):
    """What stands between the backticks of a cell."""
    return re.findall(r"`([^`]+)`", cell)


CALLS = [row[1] for row in rows_under("in R")]
COMMANDS = [row[2] for row in rows_under("in R") if row[2]]


@cache
def names():
    """What the examples of the page leave behind."""
    return library.names_of(PAGE)


def test_tables_of_registries_are_of_today():
    """`python -m tests.console` writes them."""
    assert tables.filled(PAGE) == PAGE
    assert set(re.findall(r"^<!-- table: (\S+) -->$", PAGE, re.MULTILINE)) == set(tables.TABLES)


@pytest.mark.parametrize("name", REGISTRIES)
def test_every_code_has_its_formula(name):
    """A line for each code, in the order of the registry."""
    assert [code(row[0])[0] for row in rows_under(f"`{name}`")] == list(REGISTRIES[name])


def test_every_kind_of_input_has_its_word():
    """No measure but those that alone take their columns shows these in place of a word."""
    shown = [row[2] for row in tables_rows() if "`" in row[2]]

    assert len(shown) == len(set(shown)) + 2  # the three measures of reliability take the same


def tables_rows():
    return [line.strip("| ").split(" | ") for line in tables.effect_measures().splitlines()[2:]]


@pytest.mark.parametrize("cell", CALLS)
def test_calls_of_the_table_run(cell):
    """Each of them, with the names that the page has made."""
    (call,) = code(cell)

    eval(call, dict(names()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The two tables that the commands read."""
    import pandas as pd

    place, given = tmp_path_factory.mktemp("tables"), names()
    given["table"].to_csv(place / "trials.csv", index=False)
    pd.DataFrame(given["both"]).assign(v=given["v"]).to_csv(place / "effects.csv", index=False)
    return place


@pytest.mark.parametrize("cell", COMMANDS)
def test_commands_of_the_table_run(cell, folder, monkeypatch):
    """Each of them ends well and prints."""
    monkeypatch.chdir(folder)
    (command,) = code(cell)
    done = CliRunner().invoke(cli, shlex.split(command)[1:], catch_exceptions=False)

    assert done.exit_code == 0
    assert done.stdout


def test_there_are_many_calls():
    """Forty at least, each beside its R."""
    assert len(CALLS) >= 40
    assert all(code(row[0]) for row in rows_under("in R"))


def test_the_tests_that_are_named_exist():
    """Every `test_...` of the page is a function of the tests."""
    found = {
        name
        for path in ROOT.glob("tests/**/test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }

    assert set(re.findall(r"`(test_\w+)`", PAGE)) - found == set()


def test_every_source_has_its_reference():
    """An author with a year on the page stands with title and journal in the text of the program."""
    program = " ".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "synthesis").rglob("*.py")))
    cited = {(one["author"], one["year"]) for one in SOURCE.finditer(PAGE)}
    absent = [pair for pair in cited if not re.search(rf"{pair[0]} [A-Z][^()]*\({pair[1]}\)", program)]

    assert len(cited) > 40
    assert absent == []


def test_examples_are_written_as_they_print():
    """What is wrong is replaced, an error is shown by its last line, and text between examples stays."""
    page = "```python\n>>> x = 1\n>>> x\n2\n\n>>> x.y\n```\n"

    assert library.filled(page) == (
        "```python\n>>> x = 1\n>>> x\n1\n\n>>> x.y\nTraceback (most recent call last):\n    ...\n"
        "AttributeError: 'int' object has no attribute 'y'\n```\n"
    )
