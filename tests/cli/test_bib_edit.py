"""`synth bib set`, `remove`, `rename` and `format`."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from synthesis.bibliography import RefusedError
from synthesis.bibliography.splices import ChangedMoreError
from synthesis.cli import cli
from synthesis.errors import InvalidArgument, NotFound, SynthesisError
from synthesis.files import DiskError, write_atomic
from synthesis.pipeline import check_review, renaming
from synthesis.pipeline.renaming import rename
from tests.cli.test_bib import REVIEW

LIBRARY = """@article{Doe2001,
  author = {Doe, J.},
  title = {Words},
  year = {2001},
}

@misc{Roe2002,
  title = {Other},
  crossref = {Doe2001},
}

@misc{Poe2003,
  title = {Nobody cites this},
}
"""
STUDY = """# a record kept by hand
study: doe2001
cite: [Doe2001,  "Roe2002"]   # two reports
evidence_set: update
note: Doe2001 is mentioned here
maryland: {level: 5, basis: randomised, source: {document: 'Doe2001', at: "p. 1"}}
findings: []
"""
CITATIONS = 'source,target,relation,locator\r\nDoe2001,Roe2002,cites,"Doe2001, p. 1"\r\n"Roe2002", Doe2001 ,cites,\r\n'
STATEMENTS = "statement,document,note\nS1,Doe2001,Doe2001 says so\nS2,Doe20012,\n"


@pytest.fixture
def review(tmp_path):
    """A review in which a record, the citations and a published table name one key."""
    for path, text in {
        "review.toml": REVIEW,
        "bibliography/references.bib": LIBRARY,
        "bibliography/citations.csv": CITATIONS,
        "studies/doe2001.yaml": STUDY,
        "studies/published/statements.csv": STATEMENTS,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text.encode())
    return tmp_path


def run(review, *arguments):
    """The command `synth bib`, in the review."""
    command, *rest = arguments
    return CliRunner().invoke(cli, ["bib", command, "--root", str(review), *map(str, rest)])


def texts(review):
    """Every file of the review by name."""
    kept = (path for path in sorted(review.rglob("*")) if not path.name.startswith(".") and path.is_file())
    return {path.relative_to(review).as_posix(): path.read_bytes().decode() for path in kept}


def test_set_shows_what_changed(review):
    """The old line and the new one; a dry run writes nothing."""
    before = texts(review)
    dry = run(review, "set", "Doe2001", "year=2002", "--dry-run")
    assert (dry.exit_code, texts(review)) == (0, before)

    done = run(review, "set", "Doe2001", "year=2002", "pages=1--2", "--unset", "title")

    assert done.stdout.splitlines()[0] == "bibliography/references.bib: Doe2001"
    assert "- year = {2001}\n+ year = {2002}\n+ pages = {1--2}\n" in done.stdout
    assert "  year = {2002},\n  pages = {1--2},\n}" in texts(review)["bibliography/references.bib"]
    assert run(review, "set", "Doe2001", "year=2002").stderr == "it is so already; nothing is written\n"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("set", "Doe2001"), InvalidArgument),
        (("set", "Doe2001", "year"), InvalidArgument),
        (("set", "Doe2001", "year=1", "YEAR=2"), InvalidArgument),
        (("set", "Doe2001", "year={"), InvalidArgument),
        (("set", "Doe2011", "year=1"), NotFound),
        (("set", "Roe2002", "title=a\n@misc{X, y = {z}}"), ChangedMoreError),
        (("remove", "Doe2011"), NotFound),
        (("rename", "Doe2011", "X"), NotFound),
        (("rename", "Doe2001", "Doe2001"), InvalidArgument),
        (("rename", "Doe2001", "a b"), InvalidArgument),
        (("rename", "Doe2001", "poe2003"), RefusedError),
        (("format", "Doe2011"), NotFound),
    ],
)
def test_what_is_refused_changes_nothing(review, arguments, error):
    """Whatever is wrong, every file is as it was."""
    before = texts(review)

    assert isinstance(run(review, *arguments).exception, error)
    assert texts(review) == before


def test_remove_names_all_that_cites_an_entry(review):
    """Another entry, the record, the citations and the published table, each with its line."""
    refused = run(review, "remove", "Doe2001").exception

    assert isinstance(refused, RefusedError)
    places = {(problem.path, problem.line) for problem in refused.problems}
    assert {path for path, _ in places} == set(texts(review)) - {"review.toml"}
    assert ("bibliography/references.bib", 9) in places
    assert {line for path, line in places if path == "bibliography/citations.csv"} == {2, 3}


def test_remove_an_entry_that_nothing_cites(review):
    """It is shown, and gone with its gap."""
    done = run(review, "remove", "Poe2003")

    assert done.stdout.startswith("bibliography/references.bib: Poe2003\n- @misc{Poe2003,\n")
    assert texts(review)["bibliography/references.bib"] == LIBRARY.partition("\n@misc{Poe2003")[0]


def test_a_record_that_cannot_be_read_keeps_an_entry(review):
    """What a broken record cites is not known, so a mention is enough."""
    (review / "studies" / "poe.yaml").write_text("study: poe\ncite: [Poe2003\n")

    assert "studies/poe.yaml:2:1: SY464" in str(run(review, "remove", "Poe2003").exception)


def test_rename_changes_every_place_and_only_the_bytes_of_the_key(review):
    """Records, sources, citations, tables and other entries; words that mention it stay and are named."""
    before = texts(review)
    done = run(review, "rename", "Doe2001", "DoeNew")

    after = texts(review)
    assert after["bibliography/references.bib"] == LIBRARY.replace("Doe2001", "DoeNew")
    assert after["studies/doe2001.yaml"] == STUDY.replace("[Doe2001", "[DoeNew").replace("'Doe2001'", "'DoeNew'")
    assert after["bibliography/citations.csv"] == CITATIONS.replace("\r\nDoe2001,", "\r\nDoeNew,").replace(
        " Doe2001 ", " DoeNew "
    )
    assert after["studies/published/statements.csv"] == STATEMENTS.replace("S1,Doe2001,", "S1,DoeNew,")
    assert done.stdout.splitlines()[-1] == "bibliography/references.bib: 2 places"
    assert "studies/doe2001.yaml:5" in done.stderr
    run(review, "rename", "DoeNew", "Doe2001")
    assert texts(review) == before


def test_rename_as_json(review):
    """Files with the number of places, and mentions."""
    shown = json.loads(run(review, "rename", "Doe2001", "DoeNew", "--dry-run", "--format", "json").stdout)

    assert shown["places"]["studies/doe2001.yaml"] == 2
    assert texts(review)["bibliography/references.bib"] == LIBRARY


def test_a_file_that_cannot_be_rewritten_stops_a_rename_before_it_begins(review):
    """A record that is no YAML, and a table that is no UTF-8, are named; nothing is written."""
    (review / "studies" / "broken.yaml").write_text("study: [Doe2001\n")
    before = texts(review)
    assert "studies/broken.yaml:1:1: SY463" in str(run(review, "rename", "Doe2001", "X").exception)
    assert texts(review) == before

    (review / "studies" / "broken.yaml").unlink()
    (review / "studies" / "published" / "latin.csv").write_bytes("document\nDoe2001 é\n".encode("latin-1"))
    assert "studies/published/latin.csv:1:1: SY463" in str(run(review, "rename", "Doe2001", "X").exception)


def test_a_rename_cut_short_is_reported_and_completed(review, monkeypatch):
    """After each number of files: `check` names the new key, and the same command changes what is left."""
    whole = review.parent / "whole"
    shutil.copytree(review, whole)
    rename(whole, "Doe2001", "DoeNew")
    for stop in range(1, 4):
        for name, text in texts(review).items():
            (review / name).write_bytes(text.encode())
        written = []

        def write(path, data, stop=stop, written=written):
            if len(written) == stop:
                raise DiskError("no space left")
            written.append(path)
            write_atomic(path, data)

        with monkeypatch.context() as patch:
            patch.setattr(renaming.files, "write_atomic", write)
            with pytest.raises(
                SynthesisError, match=f"{stop} of 4 files are written; `synth bib rename Doe2001 DoeNew`"
            ):
                rename(review, "Doe2001", "DoeNew")
        assert "'DoeNew' is not in the library" in "".join(map(str, check_review(review)))

        rename(review, "Doe2001", "DoeNew")
        assert texts(review) == texts(whole)
        rename(review, "DoeNew", "Doe2001")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX systems")
def test_a_killed_rename_leaves_whole_files(review):
    """Every file is the old one or the new one, and the same command completes it."""
    for number in range(30):
        (review / "studies" / f"s{number}.yaml").write_text(STUDY.replace("doe2001", f"s{number}"))
    old = texts(review)
    command = [Path(sys.executable).with_name("synth"), "bib", "rename", "Doe2001", "DoeNew", "--root", review]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.time() + 60
    while texts(review) == old and process.poll() is None and time.time() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    halfway = texts(review)
    if "DoeNew" not in halfway["bibliography/references.bib"]:
        rename(review, "Doe2001", "DoeNew")

    done = texts(review)
    assert done["studies/s7.yaml"] == old["studies/s7.yaml"].replace("[Doe2001", "[DoeNew").replace(
        "'Doe2001'", "'DoeNew'"
    )
    assert all(halfway[name] in (old[name], done[name]) for name in old)


def test_format_checks_and_lays_out(review):
    """--check exits 1 and writes nothing; without it the entries are laid out, and --check exits 0."""
    wild = "\n@misc{Wild, title={T},year=2000}\n"
    (review / "bibliography" / "references.bib").write_text(LIBRARY + wild)
    checked = run(review, "format", "--check")
    assert (checked.exit_code, checked.stdout) == (1, "bibliography/references.bib:16: Wild\n")
    assert texts(review)["bibliography/references.bib"] == LIBRARY + wild

    assert run(review, "format").exit_code == 0
    assert (
        texts(review)["bibliography/references.bib"] == LIBRARY + "\n@misc{Wild,\n  title = {T},\n  year = 2000,\n}\n"
    )
    assert run(review, "format", "--check").exit_code == 0


def test_errors_are_words(review):
    """As a person sees it: place, code, remedy, exit code 1."""
    command = [Path(sys.executable).with_name("synth"), "bib", "remove", "Doe2001", "--root", review]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"})

    assert (done.returncode, done.stdout) == (1, "")
    assert "bibliography/references.bib:9:3: SY464 crossref of 'Roe2002' cites 'Doe2001'" in done.stderr
    assert "Traceback" not in done.stderr


def test_remove_names_the_groups_that_keep_the_key(review):
    """JabRef's groups are a comment of the library: the key stays there, and the line is told."""
    library = review / "bibliography/references.bib"
    library.write_text(
        library.read_text() + "\n@misc{Gone2001,\n  title = {T},\n}\n\n@comment{jabref-meta: Gone2001;}\n"
    )
    done = run(review, "remove", "Gone2001")
    line = library.read_text().splitlines().index("@comment{jabref-meta: Gone2001;}") + 1

    assert done.exit_code == 0
    assert f"bibliography/references.bib:{line}" in done.stderr
