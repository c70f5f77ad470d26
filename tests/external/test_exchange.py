"""Other people's files through every format: the labelled set in RIS, and the messy libraries.

    python -m pytest tests/external/test_exchange.py

The files are not part of the repository (their licences are unclear); SYNTH_SHARED names the folder that has them.
"""

import csv
import os
from pathlib import Path

import pytest

from synthesis.bibliography.formats import FORMATS, read_references, write_references
from synthesis.bibliography.formats.markup import plain_text
from synthesis.bibliography.formats.values import bare_doi

SHARED = Path(os.environ.get("SYNTH_SHARED", "/work/shared")) / "bib"
LABELLED = SHARED / "dedup" / "asysd_labelled.csv"
MESSY = sorted((SHARED / "messy").glob("*.bib"))
pytestmark = pytest.mark.skipif(not LABELLED.exists(), reason="the shared folder is not here")


@pytest.fixture(scope="module")
def labelled():
    """The references of the RIS file, each with its row of the table."""
    with LABELLED.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = {row["record_id"]: row for row in csv.DictReader(file)}
    return [(one, rows[one.key]) for one in read_references(SHARED / "dedup" / "asysd.ris").references]


def test_every_record_is_read(labelled):
    """1,845 of them, 1,353 with a DOI."""
    assert len(labelled) == 1845
    assert sum(bool(one.get("doi")) for one, _ in labelled) == 1353


@pytest.mark.parametrize("name", ["title", "year", "journal", "volume", "number"])
def test_values_are_those_of_the_table(labelled, name):
    """Both files say the same of each record."""
    given = [(plain_text(one.get(name)), " ".join(row[name].split())) for one, row in labelled]

    assert [pair for pair in given if pair[0] != pair[1] and (pair[0] or pair[1] != "NA")] == []


def test_dois_are_those_of_the_table(labelled):
    """Without the address that some have."""
    given = [(one.get("doi"), bare_doi(row["doi"])) for one, row in labelled if one.get("doi")]

    assert [pair for pair in given if pair[0] != pair[1]] == []


@pytest.mark.parametrize("name", FORMATS)
def test_the_labelled_set_comes_back(labelled, name):
    """Titles, DOIs and years survive every format; in all but CSL-JSON, where tags in a title are markup."""
    given = [one for one, _ in labelled]
    again = read_references(write_references(given, name).encode(), name).references

    assert len(again) == len(given)
    assert [one.get("doi") for one in again] == [one.get("doi") for one in given]
    changed = [one for one, other in zip(given, again, strict=True) if one.get("title") != other.get("title")]
    assert [one for one in changed if name != "csl-json" or "<" not in one.get("title")] == []


@pytest.mark.parametrize("path", MESSY, ids=lambda path: path.name)
def test_bibtex_loses_nothing(path):
    """Every entry of other people's libraries, to a reference and back; control characters are dropped."""
    given = read_references(path).references
    again = read_references(write_references(given, "bibtex").encode(), "bibtex").references
    changed = [one.key for one, other in zip(given, again, strict=True) if one != other]

    assert changed == (["Huang_2004"] if path.name == "bbt-97-jabref-groups.bib" else [])


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "nbib"])
@pytest.mark.parametrize("path", MESSY, ids=lambda path: path.name)
def test_every_format_takes_every_library(path, name):
    """One reference for each entry, without an error; nbib has no place for some, such as biblatex's xdata."""
    given = read_references(path).references
    again = read_references(write_references(given, name).encode(), name)

    assert len(again.references) == len(given)
    assert [problem for problem in again.problems if problem.severity == "error"] == []
