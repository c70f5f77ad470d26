"""The generated files beside the matrix: what entered, what did not, a second engine, the overlap of reviews."""

import csv
import io
import json
import math
from collections import defaultdict

import pytest

from synthesis.bibliography.library import read_library
from synthesis.crosscheck.engines import EngineCheck
from synthesis.pipeline import build
from synthesis.rendering.outputs import _engine_row
from synthesis.rendering.references import reference_text
from tests.crosscheck.made import made


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return build(made(tmp_path_factory.mktemp("outputs")))


def rows(files, name):
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8"), newline="")))


def test_every_effect_that_entered_with_its_source(files):
    """One line for each study of each pool: numbers, place in the record, place in the document."""
    first = rows(files, "effects.csv")[0]

    assert (first["study"], first["data"], first["headline"]) == ("alpha2001", "10/100 v 30/100", "yes")
    assert float(first["estimate"]) == pytest.approx(1 / 3, abs=1e-6)
    assert float(first["yi"]) == pytest.approx(math.log(1 / 3), abs=1e-5)
    assert (first["source"], first["place"]) == ("Alpha2001, p. 7, Table 2", "studies/alpha2001.yaml:10")


def test_weights_of_a_pool_make_one(files):
    """The weights in effects.csv are shares of their pool."""
    weights = defaultdict(float)
    for row in rows(files, "effects.csv"):
        weights[row["modality"], row["outcome"], row["comparators"], row["family"]] += float(row["weight"])

    assert list(weights.values()) == pytest.approx([1.0] * 4, abs=1e-5)


def test_everything_left_out_has_reason_and_place(files):
    """A finding in words alone is in no pool, and is listed."""
    (row,) = rows(files, "left_out.csv")

    assert (row["study"], row["reason"]) == ("gamma2003", "no effect in numbers")
    assert row["place"] == "studies/gamma2003.yaml:10"


def test_every_null_of_a_pool_has_its_reason(files):
    """In pooled.json a value that cannot be given is null, and a note of the same model says why."""
    for pool in json.loads(files["pooled.json"])["pools"]:
        for model in pool["models"]:
            explained = {note["field"] for note in model["notes"]} | {"df"}  # null: the normal distribution
            assert {name for name, value in model.items() if value is None} <= explained


def test_the_page_has_what_stands_beside_a_pool(files):
    """Equal effects for two studies, the range of leave-one-out, and Egger's test with its warning."""
    page = files["pooled.md"].decode()

    assert "- equal effects, z: k 2, RR 0.51 \\[0.34, 0.76\\], p" in page
    assert "- leaving out one study: from 0.33 to 0.65" in page
    assert "2 studies: below 10 the test can hardly tell asymmetry from chance" in page


def test_a_second_engine(files):
    """Each pool of several studies is computed again with the estimators that both engines have."""
    found = [(row["model"], row["result"]) for row in rows(files, "engines.csv")]

    assert found == [("REML adhoc", "not compared"), ("DL adhoc", "same"), ("PM adhoc", "same")]


@pytest.mark.parametrize(
    ("difference", "result", "number"),
    [(1e-15, "same", ""), (1e-6, "same", ""), (1e-5, "differs", "ci_low"), (0.3, "differs", "ci_low")],
)
def test_noise_between_engines_is_not_printed(difference, result, number):
    """Below the tolerance neither the number that differs most nor its digits are told: they are chance."""
    row = _engine_row(EngineCheck("statsmodels", "DL z: ci_low", 0.1, 0.2, difference))

    assert (row[2], row[4], row[5] is None) == (result, number, result == "same")


def test_overlap_of_the_reviews(files):
    """Two reviews of two studies each, one in both: N = 4, r = 3, c = 2, so the corrected area is 1 / 3."""
    page = files["overlap.md"].decode()

    assert "corrected covered area 33.3 %: 4 inclusions of 3 studies in 2 reviews" in page
    assert "| Other2010 | Review2009 | 1 | 3 | 33.3 |" in page
    assert rows(files, "overlap.csv")[1] == {"study": "beta2002", "Other2010": "1", "Review2009": "1", "reviews": "2"}


def test_a_reference_is_what_the_entry_states():
    """Authors, year, title, container and DOI without braces; what is not stated is left out."""
    text = (
        "@article{A1, author = {A, B.}, title = {The {UK} trial}, year = 2001, doi = {10.1/x}}\n@misc{B2, note = {n}}\n"
    )
    entries = read_library(text.encode(), "a.bib").by_key()

    assert reference_text("A1", entries["A1"]) == "A1: A, B. 2001. The UK trial. doi:10.1/x"
    assert reference_text("B2", entries["B2"]) == "B2: nothing stated"
    assert reference_text("C3", None) == "C3: not in the library"


def test_an_address_in_a_reference_keeps_its_signs():
    """Two hyphens and a tilde of an address are no dash and no blank."""
    (entry,) = read_library("@misc{a, title = {T}, url = {https://x.org/a--b/~roe/c}}").entries

    assert reference_text("a", entry) == "a: T. https://x.org/a--b/~roe/c"
