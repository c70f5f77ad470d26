"""`synth bib add` and `synth bib lint`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from synthesis.bibliography import RefusedError
from synthesis.cli import cli
from synthesis.errors import InvalidArgument
from tests.test_imports import HEAVY, SYNTH, loaded

REVIEW = """
title = "A review"
rule = "pdtsrg-2009"
policy = "literal"

[evidence_sets.update]
label = "Studies"
living = true

[outcomes.drug_use]
label = "Drug use"
event = "use"
complement = "abstinence"
better = "lower"

[modalities.counselling]
label = "Counselling"
"""
ONE = "@misc{Doe2001,\n  title = {One},\n  doi = {10.1000/1},\n}\n"
TWO = "@misc{Roe2002,\n  title = {Two},\n}\n"


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


def run(review, *arguments, text=None):
    """The command, in the review."""
    group, command, *rest = arguments
    return CliRunner().invoke(cli, [group, command, "--root", str(review), *map(str, rest)], input=text)


def test_add_from_standard_input(review):
    """The keys are printed, one a line; the file has the entries at its end."""
    done = run(review, "bib", "add", text=TWO + TWO.replace("Roe2002", "Poe2003"))

    assert (done.exit_code, done.stdout) == (0, "Roe2002\nPoe2003\n")
    assert library(review).startswith(ONE + "\n" + TWO)


def test_add_from_a_file(review, tmp_path):
    """A file with a BOM is read as well."""
    source = tmp_path / "new.bib"
    source.write_text("\ufeff" + TWO, encoding="utf-8")

    assert run(review, "bib", "add", source).stdout == "Roe2002\n"
    assert library(review) == ONE + "\n" + TWO


def test_a_duplicate_shows_the_existing_entry(review):
    """Nothing is written; the error names the entry and prints it."""
    done = run(review, "bib", "add", text=TWO.replace("title", "doi = {10.1000/1}, title"))

    assert isinstance(done.exception, RefusedError)
    assert "bibliography/references.bib:1: this entry is in the library:\n@misc{Doe2001," in str(done.exception)
    assert library(review) == ONE


def test_a_refusal_exits_1_without_a_traceback(review):
    """As a person sees it: the problem with its place, the remedy, the entry."""
    command = [Path(sys.executable).with_name("synth"), "bib", "add", "--root", review]
    done = subprocess.run(command, input=ONE, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("<stdin>:1:1: SY421 the key 'Doe2001' is taken")
    assert "remedy: " in done.stderr
    assert "Traceback" not in done.stderr


def test_standard_input_has_a_limit(review, monkeypatch):
    """What never ends is not read to its end."""
    monkeypatch.setattr("synthesis.bibliography.library.LIMIT", 20)
    with pytest.raises(InvalidArgument, match="<stdin> is larger than 20 bytes"):
        CliRunner().invoke(cli, ["bib", "add", "--root", str(review)], input=TWO, catch_exceptions=False)


def test_one_of_several_files_is_chosen(review):
    """references.bib unless another is named; its name must be that of a .bib file of the folder."""
    (review / "bibliography" / "more.bib").write_text("")

    assert run(review, "bib", "add", "--file", "more.bib", text=TWO).exit_code == 0
    assert (review / "bibliography" / "more.bib").read_text() == TWO
    for name in ("../more.bib", "more.txt"):
        assert isinstance(run(review, "bib", "add", "--file", name, text=TWO).exception, InvalidArgument)


def test_several_files_and_none_called_references(review):
    """The user chooses; the message lists them."""
    (review / "bibliography" / "references.bib").rename(review / "bibliography" / "a.bib")
    (review / "bibliography" / "b.bib").write_text("")

    assert "--file: a.bib, b.bib" in str(run(review, "bib", "add", text=TWO).exception)


def test_lint_of_a_clean_library(review):
    """An entry that nothing cites is a note; the command exits 0."""
    done = run(review, "bib", "lint")

    assert (done.exit_code, done.stderr) == (0, "0 errors, 0 warnings, 1 note\n")
    assert done.stdout.startswith("bibliography/references.bib:1:1: SY451 note: nothing cites 'Doe2001'")


def test_lint_finds_what_the_review_cites_and_the_library_lacks(review):
    """Citations and published tables count, each at its line."""
    (review / "bibliography" / "citations.csv").write_text("source,target,relation,locator\nDoe2001,Doe2011,cites,\n")
    (review / "studies" / "published").mkdir()
    (review / "studies" / "published" / "statements.csv").write_text("statement,document\nS1,Roe2002\n")

    done = run(review, "bib", "lint")

    assert done.exit_code == 1
    assert "bibliography/citations.csv:2:1: SY450 'Doe2011' is not in the library" in done.stdout
    assert "studies/published/statements.csv:2:2: SY450 'Roe2002' is not in the library" in done.stdout
    assert "did you mean 'Doe2001'?" in done.stdout


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("text", "bibliography/references.bib:5:1: SY422"),
        ("github", "::error file=bibliography/references.bib,line=5,col=1,title=SY422::"),
    ],
)
def test_lint_formats(review, form, shown):
    """A fault of the library exits 1 in every format."""
    (review / "bibliography" / "references.bib").write_text(ONE + "@misc{DOE2001, title = {again}}\n")

    done = run(review, "bib", "lint", "--format", form)

    assert done.exit_code == 1
    assert shown in done.stdout


def test_lint_as_json(review):
    """Every problem is an object with its place, code, words and whether it fails."""
    (found,) = json.loads(run(review, "bib", "lint", "--format", "json").stdout)

    assert (found["path"], found["line"], found["code"], found["fails"]) == (
        "bibliography/references.bib", 1, "SY451", False,
    )  # fmt: skip


def test_the_help_of_bib_is_cheap():
    """`synth bib --help` imports no parser, lock, graph or number."""
    assert loaded(SYNTH, "bib", "--help") & (HEAVY | {"numpy", "scipy", "yaml"}) == set()


RIS = """TY  - JOUR
AU  - Müller, Jörg
AU  - Doe, Jane
TI  - Effects & costs
PY  - 2001
JO  - Journal of Studies
DO  - 10.1000/ris
ER  -
"""
SOURCES = {  # how each format is known; what the key is made of
    "refs.ris": RIS,
    "refs.json": '[{"type": "article-journal", "title": "Effects & costs", "DOI": "10.1000/ris",'
    '"author": [{"family": "Müller", "given": "Jörg"}], "issued": {"date-parts": [[2001]]}}]',
    "refs.nbib": "PMID- 1\nTI  - Effects & costs\nFAU - Müller, Jörg\nDP  - 2001 May\nPT  - Journal Article\n",
    "refs.xml": "<xml><records><record><ref-type name='Journal Article'>17</ref-type><contributors><authors><author>"
    "Müller, Jörg</author></authors></contributors><titles><title>Effects &amp; costs</title></titles><dates><year>2001"
    "</year></dates></record></records></xml>",
}


@pytest.mark.parametrize("name", SOURCES)
def test_add_from_another_format(review, tmp_path, name):
    """The ending of the name says the format; the key is made by the pattern; LaTeX's signs are escaped."""
    (tmp_path / name).write_text(SOURCES[name])
    done = run(review, "bib", "add", tmp_path / name)

    assert (done.exit_code, done.stdout) == (0, "Muller2001\n")
    assert library(review).startswith(ONE + "\n@")
    assert "  title = {Effects \\& costs},\n" in library(review)


def test_the_content_or_an_option_says_the_format(review):
    """Standard input has no name; a wrong format adds nothing."""
    assert run(review, "bib", "add", "--key-pattern", "{authors:lower}-{year}", text=RIS).stdout == "mullerdoe-2001\n"
    before = library(review)
    for form, error in (("nbib", RefusedError), ("word", InvalidArgument)):
        assert isinstance(run(review, "bib", "add", "--from", form, text="TY - x").exception, error)
    assert library(review) == before


def test_add_from_options(review):
    """Unicode in, the file's own layout out."""
    fields = ["--field", "title=50% of {DNA}", "--field", "author=Doe, J. and {WHO}", "--field", "year=2001"]
    done = run(review, "bib", "add", "--type", "article", *fields)

    assert done.stdout == "Doe2001a\n"
    assert library(review) == (
        ONE
        + "\n@article{Doe2001a,\n  title = {50\\% of {DNA}},\n  author = {Doe, J. and {WHO}},\n  year = {2001},\n}\n"
    )
    assert run(review, "bib", "add", "--type", "misc", "--key", "Mine", "--field", "note=x").stdout == "Mine\n"


@pytest.mark.parametrize(
    "options",
    [
        ["--field", "title=x"],
        ["--type", "misc", "--field", "title"],
        ["--type", "misc", "--field", "title=x", "--field", "TITLE=y"],
        ["--type", "misc", "--field", "title=x", "--key", "a b"],
        ["--type", "a b", "--field", "title=x"],
        ["--key-pattern", "{nobody}"],
    ],
)
def test_options_that_make_no_entry(review, options):
    """Nothing is added."""
    assert isinstance(run(review, "bib", "add", *options, text=TWO).exception, InvalidArgument)
    assert library(review) == ONE


def test_a_dry_run_shows_what_would_be_appended(review):
    """To stdout the text, to stderr where; no byte is written."""
    done = run(review, "bib", "add", "--dry-run", text="@misc{Roe2002,title={Two}}")

    assert (done.stdout, library(review)) == (TWO, ONE)
    assert done.stderr == "would be appended to bibliography/references.bib; nothing is written\n"


def test_add_as_json(review):
    """Keys and text as data."""
    shown = json.loads(run(review, "bib", "add", "--format", "json", text=TWO).stdout)

    assert (shown["keys"], shown["text"]) == (["Roe2002"], "\n" + TWO)


def test_new_keys_for_all(review):
    """Keys that a source gives are replaced by those of the pattern."""
    entry = "@article{key:17, author = {Doe, J.}, year = 2001, note = {key:17 of the source}}"
    assert run(review, "bib", "add", "--new-keys", text=entry).stdout == "Doe2001a\n"
    assert "note = {key:17 of the source}" in library(review)


def test_made_entries_keep_the_manner_of_the_file(review):
    """Its order of fields and its quotes."""
    manner = '@misc{A, year = "2000", title = "T", author = "A"}\n'
    (review / "bibliography" / "references.bib").write_text(manner)
    run(
        review,
        "bib",
        "add",
        "--type",
        "misc",
        "--key",
        "B",
        "--field",
        "author=B",
        "--field",
        'title=U {"}',
        "--field",
        "year=1",
    )

    assert library(review) == manner + '\n@misc{B, year = "1", title = "U {"}", author = "B"}\n'


def test_restyled_bibtex(review):
    """BibTeX keeps its order and delimiters, unless it is to have those of the file."""
    (review / "bibliography" / "references.bib").write_text('@misc{A, year = "2000", title = "T", author = "A"}\n')
    run(review, "bib", "add", "--restyle", text="@misc{B, title = {U}, year = 2001, note = {n}}")
    run(review, "bib", "add", text="@misc{C, title = {U}, year = 2001}")

    assert library(review).endswith(
        '\n@misc{B, year = 2001, title = "U", note = "n"}\n\n@misc{C, title = {U}, year = 2001}\n'
    )
