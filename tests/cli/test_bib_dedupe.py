"""`synth bib dedupe`: shown, decided, merged with records and citations following, and taken back."""

import csv
import json

import pytest
from click.testing import CliRunner

from synthesis import files
from synthesis.cli import cli
from tests.small_review import write_review
from tests.test_imports import HEAVY, SYNTH, loaded

PAPER = """@article{%s,
  author = {Ames, Ann and Bell, Bob},
  title = {%s},
  journal = {Journal of Experimental Criminology},
  volume = {3},
  year = {2001},
  pages = {%s},
}

"""
TITLE = "Cognitive therapy in a Norwegian prison"


@pytest.fixture
def review(tmp_path):
    """A review of which three entries are one paper: one is cited by a study, one by a citation, one by nothing."""
    write_review(tmp_path)
    text = library(tmp_path)
    text = text.replace(
        "@misc{Ames2001,\n  author = {Author, An},\n  title = {Study Ames2001},\n  year = {2001},\n}\n\n", ""
    )
    papers = (
        PAPER % ("Ames2001", TITLE, "1--9"),
        PAPER % ("ames01", TITLE.upper(), "1-9"),
        PAPER % ("Ames_x", TITLE, "1-9"),
    )
    path(tmp_path).write_text(papers[0] + text + papers[1] + papers[2])
    citations = tmp_path / "bibliography" / "citations.csv"
    citations.write_text(citations.read_text() + "Review2010,ames01,cites,p. 4\n")
    return tmp_path


def path(review):
    """The library's file."""
    return review / "bibliography" / "references.bib"


def library(review):
    """The text of the library."""
    return path(review).read_text()


def data(review):
    """The bytes of every file but the locks."""
    return {
        file.relative_to(review).as_posix(): file.read_bytes()
        for file in review.rglob("*")
        if file.is_file() and file.suffix != ".lock"
    }


def run(review, *arguments):
    """The command, in the review."""
    return CliRunner().invoke(cli, ["bib", "dedupe", "--root", str(review), *map(str, arguments)])


def test_shown(review):
    """The group with its reason on stdout, counts on stderr, exit 1; nothing is written."""
    before = data(review)

    shown = run(review)

    assert shown.exit_code == 1
    assert "stays  Ames2001" in shown.stdout
    assert "because: " in shown.stdout
    assert "1 group of duplicates (2 too many)" in shown.stderr
    assert data(review) == before


def test_nothing_to_show(tmp_path):
    """Exit 0 and no output."""
    shown = run(write_review(tmp_path))

    assert (shown.exit_code, shown.stdout) == (0, "")


def test_as_json(review):
    """Groups with the kept entry and the evidence for each link."""
    (group,) = json.loads(run(review, "--format", "json").stdout)["groups"]

    assert [record["key"] for record in group["records"]] == ["Ames2001", "Ames_x", "ames01"]
    assert group["kept"] == "Ames2001"
    assert "the title" in group["links"][0]["for"]


def test_as_csv(review):
    """One row a pair, with the columns of duplicates.csv first."""
    rows = list(csv.DictReader(run(review, "--format", "csv").stdout.splitlines()))

    assert list(rows[0])[:4] == ["one", "other", "verdict", "because"]
    assert {row["verdict"] for row in rows} == {"duplicate"}


def test_merge(review):
    """The kept entry stands for the others in records and in citations."""
    done = run(review, "--merge")

    assert done.exit_code == 0
    assert "ames01 -> Ames2001: " in done.stdout
    assert "2 merged, 0 groups refused" in done.stderr
    assert "ames01" not in library(review)
    assert "Review2010,Ames2001,cites,p. 4\n" in (review / "bibliography" / "citations.csv").read_text()
    assert not any(b"ames01" in content for name, content in data(review).items() if not name.endswith(".jsonl"))


def test_undo(review):
    """Every byte of every file is as before."""
    before = data(review)
    run(review, "--merge")

    back = run(review, "--undo")

    assert back.exit_code == 0
    assert set(back.stdout.split()) == {"ames01", "Ames_x"}
    assert data(review) == before


@pytest.mark.parametrize("option", ["--accept", "--reject"])
def test_deciding_about_an_entry_that_was_merged_away(review, option):
    """It is said into which entry it went; nothing is written."""
    run(review, "--merge")
    before = data(review)

    refused = run(review, option, "ames01=Ames2002")

    assert refused.exit_code == 1
    assert "'ames01' was merged into 'Ames2001': name 'Ames2001', or take the merge back" in str(refused.exception)
    assert data(review) == before


def test_undo_one(review):
    """The merge that took out one entry is taken back by its key."""
    run(review, "--merge")

    back = run(review, "--undo", "ames01")

    assert back.exit_code == 0
    assert "@article{ames01," in library(review)


def test_reject(review):
    """A rejected pair is kept apart, and the reason is remembered."""
    run(review, "--reject", "ames01=Ames2001", "--reject", "ames01=Ames_x", "--because", "two samples")

    (group,) = json.loads(run(review, "--format", "json").stdout)["groups"]

    assert [record["key"] for record in group["records"]] == ["Ames2001", "Ames_x"]
    assert "ames01,Ames2001,distinct,two samples" in (review / "bibliography" / "duplicates.csv").read_text()


def test_accept_and_merge(review):
    """What somebody accepts is merged in the same command, whatever the rules say."""
    path(review).write_text(library(review) + "@misc{Alone1999, title = {Quite another title}, year = 1999}\n")

    done = run(review, "--accept", "Dunn2007=Alone1999", "--because", "its working title", "--merge")

    assert "Alone1999 -> Dunn2007: somebody accepted it: its working title" in done.stdout
    assert "Alone1999" not in library(review)


def test_reports_of_two_studies(review):
    """Duplicates that two records cite are told loudly and not merged until somebody accepts them."""
    record = review / "studies" / "burt2003.yaml"
    record.write_text(record.read_text().replace("cite: [Burt2003]", "cite: [ames01]"))

    refused = run(review, "--merge")

    assert refused.exit_code == 1
    assert "SY557 warning: Ames2001 and ames01 are one document, but reports of different studies" in refused.stderr
    assert "@article{ames01," in library(review)
    assert run(review, "--merge", "--accept", "Ames2001=ames01").exit_code == 0
    assert "cite: [Ames2001]" in record.read_text()


def test_a_record_that_cannot_be_read(review):
    """What it cites is not known, so nothing is merged."""
    (review / "studies" / "burt2003.yaml").write_text("study: [")
    before = data(review)

    refused = run(review, "--merge")

    assert refused.exit_code == 1
    assert data(review) == before


def test_a_table_that_is_not_utf8(review):
    """A published table that names a key that goes and cannot be rewritten keeps everything as it is."""
    table = review / "studies" / "published" / "facts.csv"
    table.parent.mkdir()
    table.write_bytes(b"document,fact\names01,caf\xe9\n")
    before = data(review)

    refused = run(review, "--merge")

    assert "is not UTF-8" in str(refused.exception)
    assert data(review) == before


def test_a_foreign_file(tmp_path):
    """It needs no review and is only shown."""
    table = tmp_path / "found.csv"
    table.write_text("id,author,title,year,pages\n" + f"1,Ames A,{TITLE},2001,1-9\n2,Ames A,{TITLE}.,2001,1-9\n")

    shown = CliRunner().invoke(cli, ["bib", "dedupe", "--file", str(table)])

    assert shown.exit_code == 1
    assert "found.csv: row 3" in shown.stdout


@pytest.mark.parametrize(
    "arguments",
    [("--accept", "Ames2001"), ("--accept", "a=a"), ("--undo", "x", "--merge"), ("--because", "x"),
     ("--accept", "Ames2001=ames01", "--reject", "ames01=Ames2001")],
)  # fmt: skip
def test_wrong_usage(review, arguments):
    """Exit 2, nothing written."""
    before = data(review)

    assert run(review, *arguments).exit_code == 2
    assert data(review) == before


def test_a_file_is_only_shown(review, tmp_path):
    """--file with --merge is wrong usage."""
    assert run(review, "--file", path(review), "--merge").exit_code == 2


def test_an_unknown_key(review):
    """The nearest key is named; nothing is written."""
    refused = run(review, "--accept", "Ames201=ames01")

    assert "did you mean 'Ames2001'?" in str(refused.exception)
    assert not (review / "bibliography" / "duplicates.csv").exists()


def test_a_broken_file_of_decisions(review):
    """Its problems are told with their lines, and nothing is searched."""
    (review / "bibliography" / "duplicates.csv").write_text("one,other,verdict,because\nA,B,maybe,\n")

    assert "bibliography/duplicates.csv:2:1: SY552" in str(run(review).exception)


def test_a_decision_about_nothing(review):
    """A note that does not change the exit code."""
    (review / "bibliography" / "duplicates.csv").write_text("one,other,verdict,because\nGone1999,Ames2001,distinct,\n")

    assert "SY555 note: no entry 'Gone1999'" in run(review).stderr


def test_help_is_light():
    """The help of the command loads nothing heavy."""
    assert not (HEAVY | {"rapidfuzz", "yaml"}) & loaded(SYNTH, "bib", "dedupe", "--help")


def test_a_merge_takes_the_locks_of_records_that_other_writers_take(review, monkeypatch):
    """Records are locked by their folder, as `study import` and `bib rename` do it, when a merge follows and undoes."""
    record = review / "studies/ames2001.yaml"
    record.write_text(record.read_text().replace("cite: [Ames2001]", "cite: [ames01]"))
    taken, real = [], files.locked
    monkeypatch.setattr(files, "locked", lambda path, *more: taken.append(path) or real(path, *more))
    for option in ("--merge", "--undo"):
        CliRunner().invoke(cli, ["bib", "dedupe", option, "--root", str(review)], catch_exceptions=False)
        assert ("cite: [Ames2001]" in record.read_text()) == (option == "--merge")

    assert taken.count(review / "studies") == 2
    assert not [path for path in taken if path.suffix == ".yaml"]
