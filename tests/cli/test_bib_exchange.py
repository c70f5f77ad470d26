"""`synth bib import` and `synth bib export`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from synthesis.bibliography import RefusedError
from synthesis.bibliography.formats import read_references
from synthesis.cli import cli
from synthesis.errors import InvalidArgument, InvalidData, NotFound
from tests.cli.test_bib import REVIEW

DATA = Path(__file__).parents[1] / "data" / "bibliography"
SHIPPED = Path(__file__).parents[2]
ONE = "@misc{Doe2001,\n  title = {One & \\textit{only}},\n  howpublished = {Leaflet},\n  doi = {10.1000/1},\n}\n"
RIS = "TY  - JOUR\nTI  - Two\nAU  - Roe, Jane\nPY  - 2002\nER  - \n"
DOUBLE = "TY  - GEN\nTI  - One\nDO  - https://doi.org/10.1000/1\nER  - \n"


@pytest.fixture
def review(tmp_path):
    """A review without records, whose library has one entry."""
    (tmp_path / "review.toml").write_text(REVIEW)
    (tmp_path / "studies").mkdir()
    (tmp_path / "bibliography").mkdir()
    (tmp_path / "bibliography" / "references.bib").write_text(ONE)
    return tmp_path


def library(review):
    """The text of the library."""
    return (review / "bibliography" / "references.bib").read_text()


def run(review, command, *arguments, text=None):
    """The command, in the review."""
    return CliRunner().invoke(cli, ["bib", command, "--root", str(review), *map(str, arguments)], input=text)


def test_import_from_standard_input(review):
    """The format is recognised, the key made and printed; every other byte stays."""
    done = run(review, "import", "-", text=RIS)

    assert (done.exit_code, done.stdout) == (0, "Roe2002\n")
    assert library(review).startswith(ONE + "\n@article{Roe2002,\n  title = {Two},\n")
    assert done.stderr == "1 read, 1 added, 0 skipped\n"


@pytest.mark.parametrize(
    "name", ["refman.ris", "endnote.ris", "pubmed.nbib", "endnote20.xml", "zotero.json", "other.bib"]
)
def test_import_of_every_format(review, name):
    """What is then in the library reads as what was in the file."""
    done = run(review, "import", DATA / name)
    added = read_references(review / "bibliography" / "references.bib").references[1:]
    given = read_references(DATA / name).references

    assert done.exit_code == 0
    assert [(one.type, one.fields, one.authors) for one in added] == [
        (one.type, one.fields, one.authors) for one in given
    ]


def test_a_double_keeps_the_whole_file_out(review):
    """The error has the place in the source, and shows the entry of the library."""
    done = run(review, "import", "-", text=RIS + DOUBLE)

    assert isinstance(done.exception, RefusedError)
    assert str(done.exception).startswith("<stdin>:6:1: SY460 'One': the DOI 10.1000/1 is that of Doe2001")
    assert "this entry is in the library:\n@misc{Doe2001," in str(done.exception)
    assert library(review) == ONE


def test_doubles_are_skipped_and_named(review):
    """The others are added."""
    done = run(review, "import", "-", "--on-duplicate", "skip", text=RIS + DOUBLE)

    assert (done.exit_code, done.stdout) == (0, "Roe2002\n")
    assert "<stdin>:6: skipped 'One': the DOI 10.1000/1 is that of Doe2001" in done.stderr
    assert done.stderr.endswith("2 read, 1 added, 1 skipped\n")


def test_importing_twice_adds_nothing(review):
    """Not even a byte."""
    run(review, "import", DATA / "pubmed.nbib")
    before = library(review)

    done = run(review, "import", DATA / "pubmed.nbib", "--on-duplicate", "skip")

    assert (done.exit_code, done.stdout, library(review)) == (0, "", before)


def test_a_dry_run_shows_and_writes_nothing(review):
    """The entries in BibTeX."""
    done = run(review, "import", "-", "--dry-run", text=RIS)

    assert done.stdout.startswith("@article{Roe2002,\n")
    assert library(review) == ONE
    assert "1 would be added" in done.stderr


def test_a_broken_record_keeps_the_file_out_unless_it_may_be_left_out(review):
    """With `--skip-invalid` the others are read."""
    done = run(review, "import", DATA / "broken.xml")
    assert isinstance(done.exception, InvalidData)
    assert "broken.xml:4:" in str(done.exception)
    assert library(review) == ONE

    done = run(review, "import", DATA / "broken.xml", "--skip-invalid")
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 2)
    assert "SY546" in done.stderr


def test_import_as_json(review):
    """What was read, added and skipped."""
    done = run(review, "import", "-", "--on-duplicate", "skip", "--format", "json", text=RIS + DOUBLE)
    found = json.loads(done.stdout)

    assert (found["read"], found["added"], found["skipped"][0]["place"]) == (2, ["Roe2002"], "<stdin>:6")


def test_unknown_formats_are_wrong_usage(review):
    """With the nearest name, in both directions."""
    for arguments in (("import", "-", "--from", "rsi"), ("export", "--to", "rsi")):
        exception = run(review, *arguments, text=RIS).exception

        assert isinstance(exception, InvalidArgument)
        assert "did you mean 'ris'" in str(exception)


@pytest.mark.parametrize("name", ["ris", "nbib", "endnote", "csl-json", "bibtex"])
def test_export_of_every_format(review, name):
    """One reference with the title as a reader sees it."""
    done = run(review, "export", "--to", name)
    (reference,) = read_references(done.stdout.encode(), name).references

    assert done.exit_code == 0
    assert "One" in reference.get("title")
    assert reference.get("doi") == "10.1000/1"


def test_what_is_lost_is_said_on_stderr(review):
    """A note a kind, with the place of the first entry."""
    done = run(review, "export", "--to", "ris")

    assert (
        "bibliography/references.bib:1:1: SY549 note: RIS does not hold the field howpublished: Doe2001\n"
        in done.stderr
    )
    assert "markup and braces of title: Doe2001" in done.stderr
    assert done.stderr.endswith("1 entry in RIS\n")


def test_export_of_some_keys_into_a_file(review):
    """In the order of the keys; a mistyped one is an error, and nothing is written."""
    run(review, "import", "-", text=RIS)
    target = review / "out.ris"

    assert run(review, "export", "Roe2002", "Doe2001", "--to", "ris", "-o", target).stdout == ""
    assert [one.key for one in read_references(target).references] == ["Roe2002", "Doe2001"]

    target.unlink()
    done = run(review, "export", "Doe2002", "--to", "ris", "-o", target)
    assert isinstance(done.exception, NotFound)
    assert "did you mean" in str(done.exception)
    assert not target.exists()


def test_export_in_bibtex_is_byte_for_byte(review):
    """Macros and parents come along."""
    (review / "bibliography" / "references.bib").write_text((DATA / "other.bib").read_text())

    done = run(review, "export", "Strang1998", "Coviello2001", "--to", "bibtex")

    assert done.stdout.startswith("@string{dad = {Drug and Alcohol Dependence}}\n\n@incollection{Strang1998, ")
    assert [one.key for one in read_references(done.stdout.encode(), "bibtex").references][-1] == "Gossop1998"


def test_export_of_what_the_review_uses(review):
    """citations.csv counts; an entry that nothing uses is left out."""
    run(review, "import", "-", text=RIS)
    (review / "bibliography" / "citations.csv").write_text("source,target,relation,locator\nDoe2001,Ghost2000,cites,\n")

    done = run(review, "export", "--to", "csl-json", "--used")

    assert [item["id"] for item in json.loads(done.stdout)] == ["Doe2001"]


@pytest.mark.parametrize("name", ["ris", "endnote", "csl-json"])
def test_the_shipped_library_goes_out_and_is_known_when_it_comes_back(name):
    """Every entry of the review, by its DOI, its PMID, or its key and title."""
    text = CliRunner().invoke(cli, ["bib", "export", "--root", str(SHIPPED), "--to", name]).stdout
    command = ["bib", "import", "--root", str(SHIPPED), "-", "--dry-run", "--on-duplicate", "skip", "--from", name]

    done = CliRunner().invoke(cli, command, input=text)

    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-1].split(" read, ")[1].startswith("0 would be added")


INVALID = (
    "@misc{Good, title = {A}, year = 2001}\n@misc{NoComma, title = {B} year = 2001}\n@misc{Macro, title = nosuch}\n"
    "@misc{Closed, title = {C}}\n  year = 2002,\n}\n@misc{Cut, title = {D,\n"
)


def test_records_with_errors_are_skipped_and_counted(review):
    """Also the one that is cut off; nothing of them comes into the library."""
    done = run(review, "import", "-", "--skip-invalid", "--format", "json", text=INVALID)
    found = json.loads(done.stdout)

    assert (found["read"], found["added"]) == (5, ["Good"])
    assert [(one["place"], one["title"], one["why"][:5]) for one in found["skipped"]] == [
        ("<stdin>:2", "B", "SY430"), ("<stdin>:3", "nosuch", "SY433"), ("<stdin>:5", "C", "SY411"),
        ("<stdin>:7", "", "SY410"),
    ]  # fmt: skip
    assert "<stdin>:7: skipped a part that cannot be read: SY410" in done.stderr
    assert done.stderr.endswith("5 read, 1 added, 4 skipped (4 with errors)\n")
    assert "nosuch" not in library(review)


def test_nothing_sound_is_an_error(review):
    """There is nothing left to go on with."""
    done = run(review, "import", "-", "--skip-invalid", text="@misc{Macro, title = nosuch}\n")

    assert isinstance(done.exception, InvalidData)


@pytest.mark.parametrize(
    ("name", "text"), [("csl-json", "[]"), ("csl-json", ""), ("ris", "hello\n"), ("bibtex", "x\n")]
)
def test_a_file_without_a_record_is_an_error(review, name, text):
    """In words, with everything that was seen."""
    done = run(review, "import", "-", "--from", name, text=text)

    assert isinstance(done.exception, InvalidData)
    assert "SY546" in str(done.exception)


SUPPLEMENT = "".join(
    f"TY  - JOUR\nTI  - {title}\nAU  - Roe, J\nPY  - 2002\nDO  - 10.1000/1\nER  - \n"
    for title in ("Cats in prison", "Dogs at work", "One & only")
)


def test_documents_that_share_a_doi_are_added(review):
    """Told each time; one of the same title is a duplicate, and so are all when they come again."""
    options = ("import", "-", "--on-duplicate", "skip", "--shared-doi", "keep")
    done = run(review, *options, text=SUPPLEMENT)

    assert (done.exit_code, done.stdout) == (0, "Roe2002\nRoe2002a\n")
    assert done.stderr.count("SY460 note: ") == 2
    assert done.stderr.endswith("3 read, 2 added (2 with the DOI of another document), 1 skipped\n")
    assert library(review).count("  x-shared-doi = {10.1000/1},\n") == 2
    assert library(review).count(" doi = ") == 1
    assert run(review, *options, text=SUPPLEMENT).stderr.endswith("3 read, 0 added, 3 skipped\n")


def test_a_shared_doi_is_a_duplicate_unless_it_is_kept(review):
    """The remedy is named."""
    done = run(review, "import", "-", "--on-duplicate", "skip", text=SUPPLEMENT)

    assert "import it with --shared-doi keep\n" in done.stderr
    assert done.stderr.endswith("3 read, 0 added, 3 skipped (2 with another title: look at them)\n")


def test_a_short_key_of_bibtex_stays(review):
    """It was written by somebody."""
    assert run(review, "import", "-", text="@misc{x, title = {A}, year = 2001}\n").stdout == "x\n"


def test_names_that_are_no_keys_are_told_once(review):
    """Numbers of a database, addresses of Zotero."""
    text = RIS.replace("ER  -", "ID  - 12\nER  -") + RIS.replace("Two", "Three").replace("ER  -", "ID  - 13\nER  -")
    done = run(review, "import", "-", text=text)

    assert done.stdout == "Roe2002\nRoe2002a\n"
    assert (
        "<stdin>:1:1: SY423 note: '12' is the name of a record, and no key; one is made by the pattern (and for 1"
        in (done.stderr)
    )
