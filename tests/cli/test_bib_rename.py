"""`synth bib rename` and `remove`: the lists of the library, what cannot be read, and what is left in words."""

import csv

import pytest

from synthesis.bibliography import RefusedError, read_folder
from synthesis.bibliography.duplicates.decisions import read_decisions
from synthesis.bibliography.retractions import read_retractions, retracted
from tests.cli.test_bib_edit import CITATIONS, LIBRARY, review, run, texts

__all__ = ["review"]

RETRACTIONS = '\ufeffdocument,kind,source\r\n"Poe2003",retraction,Poe2003 at Retraction Watch\r\n10.1/a,concern,x\r\n'
DECISIONS = "one,other,verdict,because\nPoe2003,Roe2002,distinct,Poe2003 is longer\n"
GROUPS = """@comment{jabref-meta: groupstree:
0 AllEntriesGroup:;
1 ExplicitGroup:Words\\;0\\;Doe2001\\;Po
e2003\\;Poe2003
_unpub\\;;
}
"""


def put(review, path, text):
    """A file of the review with these words."""
    (review / path).write_bytes(text.encode())


def test_a_retraction_is_known_under_the_new_key(review):
    """retractions.csv follows a rename, by the bytes of the key alone."""
    put(review, "bibliography/retractions.csv", RETRACTIONS)
    done = run(review, "rename", "Poe2003", "PoeNew")

    assert retracted(read_folder(review), read_retractions(review).rows).keys() == {"PoeNew"}
    assert texts(review)["bibliography/retractions.csv"] == RETRACTIONS.replace('"Poe2003"', '"PoeNew"')
    assert "bibliography/retractions.csv: 1 place\n" in done.stdout
    assert "bibliography/retractions.csv:2" in done.stderr


def test_a_retracted_entry_is_not_removed(review):
    """The line of the list is named, also where the line itself is wrong."""
    put(review, "bibliography/retractions.csv", RETRACTIONS)
    assert "bibliography/retractions.csv:2:1: SY464 this cites" in str(run(review, "remove", "Poe2003").exception)

    put(review, "bibliography/retractions.csv", RETRACTIONS.replace("retraction", "retracted"))
    assert "bibliography/retractions.csv:2:1: SY464" in str(run(review, "remove", "Poe2003").exception)


def test_decisions_about_duplicates_are_renamed(review):
    """Rows of duplicates.csv say the same of the new key; one that would name an entry twice stops the rename."""
    put(review, "bibliography/duplicates.csv", DECISIONS)
    run(review, "rename", "Poe2003", "PoeNew")
    assert texts(review)["bibliography/duplicates.csv"] == DECISIONS.replace("Poe2003,Roe", "PoeNew,Roe")
    assert [(row.one, row.other) for row in read_decisions(review).rows] == [("PoeNew", "Roe2002")]

    put(review, "bibliography/duplicates.csv", DECISIONS.replace("Roe2002", "PoeNew"))
    put(review, "bibliography/references.bib", LIBRARY)
    assert "a row of it would name 'PoeNew' twice" in str(run(review, "rename", "Poe2003", "PoeNew").exception)


WITHOUT_COLUMNS = [
    ("bibliography/citations.csv", CITATIONS.replace(",", ";"), "parted by semicolons"),
    ("bibliography/citations.csv", "from,to\nDoe2001,Roe2002\n", "no column 'source'"),
    ("bibliography/retractions.csv", "document\tkind\tsource\nDoe2001\tretraction\tx\n", "parted by tabs"),
    ("bibliography/retractions.csv", "document;kind,source\nDoe2001;retraction,x\n", "parted by semicolons"),
    ("bibliography/duplicates.csv", "Doe2001,Roe2002,distinct,\n", "no column 'one'"),
    ("studies/published/statements.csv", "statement;document\nS1;Doe2001\n", "parted by semicolons"),
]


@pytest.mark.parametrize(("path", "text", "why"), WITHOUT_COLUMNS)
def test_a_table_without_its_columns_stops_a_rename(review, path, text, why):
    """It names the key, and nobody can say where: refused before anything is written."""
    put(review, path, text)
    before = texts(review)
    refused = run(review, "rename", "Doe2001", "DoeNew").exception

    assert isinstance(refused, RefusedError)
    assert f"{path}:1:1: SY463" in str(refused)
    assert why in str(refused)
    assert texts(review) == before


def test_a_table_that_is_no_csv_stops_a_rename(review):
    """A cell longer than the reader takes is refused like any file that cannot be read."""
    put(review, "bibliography/duplicates.csv", f"one,other,verdict,because\nDoe2001,Roe2002,distinct,{'x' * 2000}\n")
    before = csv.field_size_limit(1000)
    try:
        refused = run(review, "rename", "Doe2001", "DoeNew").exception
    finally:
        csv.field_size_limit(before)

    assert "bibliography/duplicates.csv:1:1: SY463" in str(refused)
    assert "it is no CSV: field larger than field limit" in str(refused)


def test_a_table_of_another_kind_stays(review):
    """A published table without a column for keys is no obstacle: what it says are words."""
    put(review, "studies/published/words.csv", "table;words\nA;Doe2001 and others\n")

    assert "words.csv:2" in run(review, "rename", "Doe2001", "DoeNew").stderr


def test_a_table_that_cannot_be_read_keeps_an_entry(review):
    """Semicolons, or letters of another encoding: a mention is enough."""
    for path, data in (
        ("studies/published/more.csv", b"statement;document\nS1;Poe2003\n"),
        ("studies/published/more.csv", "statement,document\nM\u00fcller,Poe2003\n".encode("latin-1")),
    ):
        (review / path).write_bytes(data)
        assert f"{path}:2:" in str(run(review, "remove", "Poe2003").exception)


@pytest.mark.parametrize("block", ["@misc{Broken, crossref={poe2003}, title = {x\n", "crossref = {Poe2003},\n}\n"])
def test_a_block_that_cannot_be_read_keeps_an_entry(review, block):
    """As a record that cannot be read does: what it cites is not known."""
    put(review, "bibliography/references.bib", f"{LIBRARY}\n{block}")
    refused = str(run(review, "remove", "Poe2003").exception)

    assert "bibliography/references.bib:16:" in refused
    assert "SY464 this cannot be read, and perhaps cites 'Poe2003'" in refused


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_what_a_rename_leaves_in_the_library_is_named(review, options):
    """Words, comments, blocks that cannot be read; groups of JabRef, whose lines end inside of keys."""
    broken = "@misc{Broken, crossref={Poe2003}, title = {x\n"
    put(review, "bibliography/references.bib", f"{LIBRARY}\nPoe2003 is new\n{GROUPS}\n{broken}")
    done = run(review, "rename", "Poe2003", "PoeNew", *options)

    left = [place.strip() for place in done.stderr.split(": ")[1].split("\n")[0].split(",")]
    assert left == [f"bibliography/references.bib:{line}" for line in (16, 19, 24)]


def test_a_key_before_a_broken_line_is_another_key(review):
    """`Poe2003` that goes on as `_unpub` in the next line is not mentioned."""
    put(
        review,
        "bibliography/references.bib",
        f"{LIBRARY}\n{GROUPS.replace('Po', '', 1).replace('e2003', 'Doe2001', 1)}",
    )

    assert "still mentioned" not in run(review, "rename", "Poe2003", "PoeNew").stderr


def test_merged_duplicates_take_their_retraction_along(review):
    """`synth bib dedupe --merge` renames in retractions.csv too, and leaves the decisions as they were made."""
    twin = (
        "@article{{{}, title = {{A long title about words and more words}}, author = {{Doe, Jane}},\n"
        "year = 2001, doi = {{10.1/abc}}}}\n"
    )
    put(review, "bibliography/references.bib", f"{LIBRARY}\n{twin.format('Aaa2001')}\n{twin.format('Bbb2001')}")
    put(review, "bibliography/retractions.csv", "document,kind,source\nAaa2001,retraction,x\nBbb2001,retraction,x\n")
    put(review, "bibliography/duplicates.csv", "one,other,verdict,because\nAaa2001,Bbb2001,duplicate,\n")
    before = texts(review)
    done = run(review, "dedupe", "--merge")

    assert done.exit_code == 0, done.output
    assert (
        "merged" in texts(review)["bibliography/merged.jsonl"] or "kept" in texts(review)["bibliography/merged.jsonl"]
    )
    keys = {entry.key for library in read_folder(review) for entry in library.entries}
    assert {row.document for row in read_retractions(review).rows} <= keys
    assert read_decisions(review).problems == ()

    assert run(review, "dedupe", "--undo").exit_code == 0
    assert texts(review) == before
