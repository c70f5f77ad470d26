"""Published pooled results, read strictly."""

import tomllib
from pathlib import Path

import pytest

from synthesis.crosscheck.published_pools import CODES, COLUMNS, read_pooled
from synthesis.errors import InvalidData

ROOT = Path(__file__).parents[2]
GOOD = {"review": "R2001", "outcome": "drug_use", "measure": "RR", "better": "lower"}


def read(*rows):
    """Results from rows given by column."""
    body = "".join(",".join(row.get(name, "") for name in COLUMNS) + "\n" for row in rows)
    return read_pooled(",".join(COLUMNS) + "\n" + body, "p.csv", ("opioid_substitution",), ("drug_use",))


def test_a_result_as_printed():
    """Numbers are numbers, a p-value stays as printed, and what is blank is None."""
    (pool,) = read({**GOOD, "k": "11", "estimate": "0.66", "ci_low": "0.56", "ci_high": "0.78", "p": "<0.001"})

    assert (pool.k, pool.estimate, pool.ci_low, pool.ci_high, pool.p) == (11, 0.66, 0.56, 0.78, "<0.001")
    assert (pool.n, pool.i2, pool.tau2, pool.modality, pool.model) == (None, None, None, "", "not stated")
    assert (pool.place.path, pool.place.line) == ("p.csv", 2)


@pytest.mark.parametrize(
    ("wrong", "column", "code"),
    [
        ({"review": ""}, "review", "SY603"),
        ({"measure": ""}, "measure", "SY603"),
        ({"better": ""}, "better", "SY603"),
        ({"better": "less"}, "better", "SY604"),
        ({"modality": "opioid_substitutoin"}, "modality", "SY604"),
        ({"outcome": "drug use"}, "outcome", "SY604"),
        ({"k": "3.0"}, "k", "SY620"),
        ({"n": "many"}, "n", "SY620"),
        ({"estimate": "0;85"}, "estimate", "SY620"),
        ({"tau2": "nan"}, "tau2", "SY620"),
        ({"ci_low": "0.5"}, "ci_low", "SY621"),
        ({"ci_low": "0.9", "ci_high": "0.5"}, "ci_low", "SY621"),
        ({"estimate": "2", "ci_low": "0.5", "ci_high": "0.9"}, "estimate", "SY621"),
    ],
)
def test_a_mistake_is_named_at_its_field(wrong, column, code):
    """Each has its line, its field counted from 1, and a remedy."""
    with pytest.raises(InvalidData) as invalid:
        read({**GOOD, "detail": "first"}, {**GOOD, **wrong})

    (problem,) = invalid.value.problems
    assert (problem.line, problem.column, problem.code) == (3, COLUMNS.index(column) + 1, code)
    assert problem.remedy


def test_the_same_result_twice():
    """Review, modality, outcome, detail and measure name a result."""
    with pytest.raises(InvalidData, match="SY606"):
        read(GOOD, GOOD)
    assert set(CODES) == {"SY620", "SY621"}


def test_the_shipped_results():
    """Published ones only, each with keys of the review."""
    review = tomllib.loads((ROOT / "review.toml").read_text(encoding="utf-8"))
    path = "studies/published/pooled.csv"
    pools = read_pooled((ROOT / path).read_text(encoding="utf-8"), path, review["modalities"], review["outcomes"])

    (moore,) = [pool for pool in pools if pool.review == "Moore2019" and pool.detail == "illicit opioid"]
    assert (moore.k, moore.measure, moore.estimate, moore.ci_low, moore.ci_high) == (4, "OR", 0.22, 0.15, 0.32)
    assert len(pools) == 80
