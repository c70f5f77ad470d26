"""What every command does when something is in its way: exit codes, messages, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import synthesis.cli
from synthesis.cli import main
from tests.cli.test_bib import REVIEW

SYNTH = Path(sys.executable).with_name("synth")


@pytest.fixture
def review(tmp_path):
    """A review without records."""
    (tmp_path / "review.toml").write_text(REVIEW)
    return tmp_path


def synth(*arguments, **how):
    """The command as a person runs it."""
    return subprocess.run([SYNTH, *arguments], stderr=subprocess.PIPE, text=True, check=False, **how)


def failing(error):
    """A command line that ends in an error."""

    def command(**_):
        raise error

    return command


@pytest.mark.parametrize(
    "arguments",
    [["pool", "--method", "REM"], ["pool", "--where", "colour=red"], ["pool", "none.csv", "--yi", "y", "--vi", "v"]],
)
def test_a_mistyped_value_is_wrong_usage(review, arguments):
    """A name that there is not exits 2, as an option that there is not."""
    done = synth(*arguments, "--root", review, stdout=subprocess.DEVNULL)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_problems_begin_with_their_place(review):
    """An editor finds the place: nothing stands before the path."""
    (review / "review.toml").write_text("title =\n")
    done = synth("pool", "--root", review, stdout=subprocess.DEVNULL)

    assert done.returncode == 1
    assert done.stderr.startswith("review.toml:1:")


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full, a disk that is always full, is of Linux")
@pytest.mark.parametrize("form", ["table", "json"])
def test_a_full_disk_is_a_message(review, form):
    """Output that cannot be written exits 1 and says why."""
    with Path("/dev/full").open("w") as full:
        done = synth("pool", "--root", review, "--format", form, stdout=full)

    assert (done.returncode, done.stderr) == (1, "synth: the output: No space left on device\n")


@pytest.mark.parametrize(("arguments", "code"), [("methods", 0), ("pool --method REM", 2)])
def test_a_reader_that_has_gone(arguments, code):
    """`synth ... | head`: output that nobody takes changes no exit code and says nothing, however long it is."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as nobody:
        done = synth(*arguments.split(), stdout=nobody)

    assert done.returncode == code
    assert "pipe" not in done.stderr.lower()


def test_standard_input_that_is_closed(review):
    """`bib add` without any input says that there is nothing."""
    command = f'"{SYNTH}" bib add --root "{review}" <&-'
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "SY461 there is no entry here" in done.stderr


def test_a_terminal_that_lacks_a_letter(review):
    """A letter outside the terminal's encoding is written by its number."""
    (review / "review.toml").write_text(REVIEW + '"“c”" = 1\n', encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = synth("check", "--root", review, stdout=subprocess.PIPE, env=environment)

    assert done.returncode == 1
    assert "\\u201cc\\u201d" in done.stdout


@pytest.mark.parametrize("error", [RuntimeError("odd"), MemoryError(), RecursionError("deep")])
def test_a_fault_of_synth_is_a_message(monkeypatch, capsys, error):
    """What nobody foresaw exits 1 in one line, which asks for a report."""
    monkeypatch.setattr(synthesis.cli, "cli", failing(error))
    monkeypatch.setattr(sys, "argv", ["synth", "check"])
    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert f"{type(error).__name__}: {error}; please report it" in capsys.readouterr().err


def test_debug_shows_the_traceback(monkeypatch):
    """With --debug the error itself goes on."""
    monkeypatch.setattr(synthesis.cli, "cli", failing(RuntimeError("odd")))
    monkeypatch.setattr(sys, "argv", ["synth", "--debug", "check"])
    with pytest.raises(RuntimeError, match="odd"):
        main()
