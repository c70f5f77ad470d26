"""`synth bib cite`."""

import json

import pytest
from click.testing import CliRunner

from synthesis.bibliography.reference_lists import OUTPUTS, STYLES
from synthesis.cli import cli
from synthesis.cli.bib.cite import STYLES as OFFERED
from synthesis.errors import InvalidArgument, NotFound
from tests.small_review import FILES
from tests.test_imports import HEAVY, SYNTH, loaded


@pytest.fixture
def review(tmp_path):
    """A review without records, whose citations.csv names a review and three of its four studies."""
    for name, text in FILES.items():
        if name.endswith((".toml", ".bib", ".csv")):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("Review2010,Dunn2007,reviews,Table 1\n", ""))
    (tmp_path / "studies").mkdir(exist_ok=True)
    return tmp_path


def run(review, *arguments):
    """The command, in the review."""
    return CliRunner().invoke(cli, ["bib", "cite", "--root", str(review), *arguments])


def test_keys_in_apa(review):
    """By author; the same author in different years by year; a repeated key once."""
    result = run(review, "Burt2003", "Ames2001", "Burt2003")

    assert result.exit_code == 0
    assert result.stdout == "Author, A. (2001). Study Ames2001.\nAuthor, A. (2003). Study Burt2003.\n"


def test_vancouver_numbers_in_the_order_of_the_keys(review):
    """The order in which keys are given is the order of citation."""
    result = run(review, "Burt2003", "Ames2001", "--style", "vancouver")

    assert result.stdout.splitlines() == ["1. Author A. Study Burt2003. 2003.", "2. Author A. Study Ames2001. 2001."]


def test_without_keys_the_whole_library(review):
    """All five entries."""
    assert len(run(review).stdout.splitlines()) == 5


def test_used_leaves_out_what_nothing_cites(review):
    """Only what records, citations.csv and the published tables name."""
    lines = run(review, "--used").stdout.splitlines()

    assert len(lines) == 4
    assert not any("Dunn2007" in line for line in lines)


def test_used_tells_what_has_no_entry(review):
    """A key that is cited without an entry is told on stderr, and the list is printed."""
    with (review / "bibliography" / "citations.csv").open("a") as file:
        file.write("Review2010,Ghost1999,reviews,Table 1\n")
    result = run(review, "--used")

    assert "Ghost1999 is cited and is not in the library" in result.stderr
    assert "Ghost1999" not in result.stdout


def test_a_mistyped_key_gets_the_nearest(review):
    """Every missing key is told at once; nothing is printed."""
    result = run(review, "Ames2002", "Ames2001", "Xyz")

    assert isinstance(result.exception, NotFound)
    assert "Ames2002 is not in the library: did you mean 'Ames2001'?" in str(result.exception)
    assert "Xyz is not in the library" in str(result.exception)
    assert result.stdout == ""


def test_a_library_with_errors_is_told(review):
    """Entries that cannot be read are missing from the list, and that is said."""
    with (review / "bibliography" / "references.bib").open("a") as file:
        file.write("@misc{Broken, title = {never closed\n")
    result = run(review, "Ames2001")

    assert result.stdout == "Author, A. (2001). Study Ames2001.\n"
    assert "references.bib has errors, so entries may be missing" in result.stderr


def test_keys_and_used_exclude_each_other(review):
    """One or the other."""
    assert isinstance(run(review, "Ames2001", "--used").exception, InvalidArgument)


@pytest.mark.parametrize("form", OUTPUTS)
def test_every_form(review, form):
    """Each form has the title of the entry."""
    result = run(review, "Ames2001", "--format", form)

    assert result.exit_code == 0
    assert "Study Ames2001" in result.stdout


def test_json_is_json(review):
    """Style, keys, texts and runs."""
    listed = json.loads(run(review, "Ames2001", "--format", "json").stdout)

    assert listed["style"] == "apa"
    assert listed["references"][0]["key"] == "Ames2001"
    assert listed["references"][0]["runs"][1] == {"text": "Study Ames2001", "style": ["italic"]}


def test_the_option_offers_the_styles():
    """The names in the help are those of the dictionary."""
    assert tuple(STYLES) == OFFERED


def test_a_list_is_light(review):
    """A reference list needs the parser of the library, and no table, plot or graph."""
    modules = loaded(SYNTH, "bib", "cite", "--root", review, "Ames2001")

    assert modules & (HEAVY - {"bibtexparser", "filelock"}) == set()
