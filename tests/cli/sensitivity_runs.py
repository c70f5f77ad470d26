"""Plain tables and small reviews for the commands of sensitivity, and their answers as JSON and CSV."""

import csv
import io
import json

import numpy as np
import pytest
from click.testing import CliRunner

from synthesis.cli import cli
from synthesis.effects import escalc
from synthesis.plain import read_table
from tests.small_review import write_review

BCG = "docs/examples/bcg.csv"
COUNTS = ("--ai", "ai", "--bi", "bi", "--ci", "ci", "--di", "di", "--measure", "RR", "--study", "trial")
SIX_DIGITS = {"rel": 5.1e-6, "abs": 1e-12}  # as JSON and CSV are rounded


def run(*arguments):
    """A command line without its `synth`."""
    return CliRunner().invoke(cli, list(map(str, arguments)), catch_exceptions=False)


def asked(*arguments):
    """The answer as JSON; NaN would not be JSON."""
    return json.loads(run(*arguments, "--format", "json").stdout, parse_constant=pytest.fail)


def rows(*arguments):
    """The rows of the answer as CSV."""
    return list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv").stdout)))


def bcg(root):
    """Log risk ratios, their variances and the table of the BCG trials."""
    from pathlib import Path

    table = read_table(Path(root) / BCG)
    numbers = table.numbers({name: name for name in ("ai", "bi", "ci", "di")})
    found = escalc("RR", **numbers)
    return found.yi, found.vi, table


def same(told, expected):
    """Whether a column of JSON is a column of the library, NaN as null, to six digits."""
    given, known = np.array(told, dtype=float), np.asarray(expected, dtype=float)
    return given == pytest.approx(np.where(np.isfinite(known), known, np.nan), **SIX_DIGITS, nan_ok=True)


def four_studies(root):
    """A review of four studies in one pool, in three settings, the last at level 4."""
    write_review(root)
    for name, old, new in (
        ("dunn2007", "comparator: not stated", "comparator: none"),
        ("dunn2007", "prison", "community"),
        ("cole2005", "prison", "not stated"),
    ):
        file = root / f"studies/{name}.yaml"
        file.write_text(file.read_text().replace(old, new))
    return root
