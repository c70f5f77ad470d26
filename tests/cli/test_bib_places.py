"""Where edits of the library go, and what they write: links, pipes, locks, encodings, line ends, keys, money."""

import os

import pytest
from click.testing import CliRunner

from synthesis import files
from synthesis.bibliography import read_library
from synthesis.bibliography.editing import RefusedError, format_entries, set_fields
from synthesis.bibliography.editing.entries import entry_of
from synthesis.cli import cli
from synthesis.errors import InvalidArgument, SynthesisError
from synthesis.files import DiskError
from tests.cli.test_bib import ONE, REVIEW, run

EDITS = {
    "set": ("Doe2001", "note=x"),
    "remove": ("Doe2001",),
    "rename": ("Doe2001", "Poe2001"),
    "format": ("--indent", "7"),
    "add": (),
}
NEW = "@misc{New2001, title = {New}}"


@pytest.fixture
def review(tmp_path):
    """A review of one entry, in a folder beside which there is room."""
    root = tmp_path / "review"
    for folder in ("bibliography", "studies"):
        (root / folder).mkdir(parents=True)
    (root / "review.toml").write_text(REVIEW)
    (root / "bibliography/references.bib").write_text(ONE)
    return root


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("linked", ["bibliography/references.bib", "bibliography"])
def test_no_edit_leaves_the_review(review, edit, linked):
    """A file or folder that is linked from elsewhere stays as it is."""
    outside = review.parent / "outside"
    (review / linked).rename(outside)
    (review / linked).symlink_to(outside)
    done = run(review, "bib", edit, *EDITS[edit], text=NEW)

    assert isinstance(done.exception, SynthesisError)
    assert "leads out of the review" in str(done.exception)
    assert (outside if outside.is_file() else outside / "references.bib").read_text() == ONE


@pytest.mark.parametrize("edit", EDITS)
def test_a_link_in_a_circle_is_said_in_words(review, edit):
    """No fault of ours."""
    (review / "bibliography/loop.bib").symlink_to("loop.bib")
    done = run(review, "bib", edit, *EDITS[edit], text=NEW)

    assert isinstance(done.exception, SynthesisError)
    assert "leads in a circle" in str(done.exception)


def test_a_lock_or_a_write_behind_a_circle(tmp_path):
    """Words from the disk room itself."""
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(DiskError, match="circle"), files.locked(tmp_path / "loop"):
        pass
    with pytest.raises(DiskError, match="circle"):
        files.write_atomic(tmp_path / "loop", b"")


@pytest.mark.parametrize("edit", [*EDITS, "lint"])
def test_a_pipe_is_not_read(review, edit):
    """It would never end."""
    os.mkfifo(review / "bibliography/f.bib")
    done = run(review, "bib", edit, *EDITS.get(edit, ()), text=NEW)

    assert isinstance(done.exception, DiskError)
    assert "f.bib is no file that can be read" in str(done.exception)


def test_a_link_to_another_file_of_the_library_is_locked_once(review):
    """Else an edit would wait for itself."""
    (review / "bibliography/b.bib").symlink_to("references.bib")
    with pytest.raises(RefusedError, match="SY421"):
        set_fields(review / "bibliography", "Doe2001", {"note": "x"})


@pytest.mark.parametrize("command", [("set", "Doe2001", "note=x"), ("remove", "Doe2001"), ("add",)])
def test_a_dry_run_takes_no_lock(review, command):
    """A folder that cannot be written, such as a read-only checkout, has room for none."""
    done = run(review, "bib", *command, "--dry-run", text=NEW)

    assert done.exit_code == 0
    assert not list(review.rglob(".*lock"))


def test_a_check_of_the_layout_takes_no_lock(review, monkeypatch):
    """It writes nothing and says what would change."""
    monkeypatch.setattr(files, "locked", None)
    (done,) = format_entries(review / "bibliography", check=True)

    assert not done.changed


@pytest.mark.parametrize(("value", "written"), [('M\\"uller, J.', '{M\\"uller, J.}'), ('a "b"', '{a "b"}')])
def test_a_quote_goes_into_braces(review, value, written):
    """BibTeX would end a value in quotes at it, also after a backslash."""
    path = review / "bibliography/references.bib"
    path.write_text('@misc{Doe2001,\n  author = "Mueller, J.",\n  year = "2001"\n}\n')
    set_fields(path.parent, "Doe2001", {"author": value})

    assert path.read_text() == f'@misc{{Doe2001,\n  author = {written},\n  year = "2001"\n}}\n'


@pytest.mark.parametrize(
    "command",
    [("set", "Doe2001", "note=M\u00fcller"), ("set", "Doe2001", "n\u00f6te=x"), ("rename", "Doe2001", "D\u00f6e2001")],
)
def test_a_file_that_is_not_utf8_takes_no_letters_beyond_ascii(review, command):
    """They would be Latin-1 beside UTF-8."""
    path = review / "bibliography/references.bib"
    path.write_bytes(data := ONE.encode() + "% \u00fc ".encode() + b"\xe9\n")
    done = run(review, "bib", *command)

    assert isinstance(done.exception, RefusedError)
    assert "SY400" in str(done.exception)
    assert path.read_bytes() == data


def test_a_file_that_is_not_utf8_keeps_its_bytes(review):
    """ASCII may be set; no layout is made, since bytes of letters would look like blanks."""
    path = review / "bibliography/references.bib"
    path.write_bytes(data := b"@misc{voil\xc3\xa0,\n note={\xe9} }\n")
    (done,) = format_entries(path.parent)
    assert (done.changed, [one.code for one in done.skipped]) == (False, ["SY400"])

    path.write_bytes(data.replace(b"voil\xc3\xa0", b"v"))
    set_fields(path.parent, "v", {"year": "2001"})
    assert path.read_bytes() == b"@misc{v,\n note={\xe9},\n  year={2001} }\n"


def test_lines_of_a_value_end_as_those_of_the_file(review):
    """CRLF here."""
    path = review / "bibliography/references.bib"
    path.write_bytes(ONE.replace("\n", "\r\n").encode())
    set_fields(path.parent, "Doe2001", {"note": "p\nq"})

    assert b"{p\r\nq}" in path.read_bytes()
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


@pytest.mark.parametrize("char", ["\u200b", "\x07", "\u00ad", "\u202e"])
def test_a_key_with_a_sign_that_nobody_sees(review, char):
    """Refused by add and rename, with its number."""
    key = f"Ro{char}e"
    for done in (
        run(review, "bib", "add", text=f"@misc{{{key}, title={{x}}}}"),
        run(review, "bib", "add", "--type", "misc", "--key", key, "--field", "title=x"),
        run(review, "bib", "rename", "Doe2001", key),
    ):
        assert isinstance(done.exception, SynthesisError)
        assert f"U+{ord(char):04X}, which nobody sees" in str(done.exception)
        assert "write it without" in str(done.exception) or "write the key without" in str(done.exception)


def test_money_in_plain_text_is_no_formula():
    """Braces keep their meaning; an address stays as it is."""
    entry = entry_of("misc", {"title": "From $5 to $10 a {DNA}, 5%", "url": "http://a.org/$x", "author": "A$ap, R."})

    assert "title = {From \\$5 to \\$10 a {DNA}, 5\\%}" in entry
    assert "url = {http://a.org/$x}" in entry
    assert read_library(entry).entries[0].get("author") == "A{\\textdollar}ap, R."


def test_latex_is_written_as_given(review):
    """With --latex; what does not balance is refused."""
    made = ("bib", "add", "--type", "misc", "--key", "k", "--latex", "--field")

    assert run(review, *made, "title=The $p$ of 5\\%").exit_code == 0
    assert "title = {The $p$ of 5\\%}" in (review / "bibliography/references.bib").read_text()
    assert isinstance(run(review, *made, "title=a } b").exception, InvalidArgument)
    assert isinstance(run(review, "bib", "add", "--latex").exception, InvalidArgument)


def test_fixes_stay_in_the_review(tmp_path):
    """A .bib file that a link leads out of the review is not fixed, and stays as it is."""
    root, outside = tmp_path / "review", tmp_path / "out.bib"
    (root / "bibliography").mkdir(parents=True)
    (root / "review.toml").write_text('title = "T"\n')
    outside.write_text("@misc{a,\n  title = {T},\n  doi = {https://doi.org/10.1000/x},\n}\n")
    (root / "bibliography/linked.bib").symlink_to(outside)
    before = outside.read_bytes()
    result = CliRunner().invoke(cli, ["bib", "lint", "--fix", "--root", str(root)])

    assert result.exit_code == 1
    assert "leads out of the review folder" in str(result.exception)
    assert outside.read_bytes() == before
