"""`synth build` and its check."""

import sys
import time

import pytest
from click.testing import CliRunner

from synthesis import pipeline
from synthesis.cli.build import build
from synthesis.cli.progress import Progress
from synthesis.errors import SynthesisError
from synthesis.rendering.write import differences, write_files
from tests.crosscheck.made import write_review


@pytest.fixture
def review(tmp_path):
    return write_review(tmp_path)


def run(*arguments):
    return CliRunner().invoke(build, list(map(str, arguments)), catch_exceptions=False)


def test_a_second_build_changes_nothing(review):
    """Written once, byte for byte the same the second time; no progress bar without a terminal."""
    first = run("--root", review)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (review / "outputs").iterdir()}
    second = run("--root", review)

    assert first.exit_code == 0
    assert first.stdout == ""
    assert second.stderr == f"0 of {len(before)} files changed\n"
    assert before == {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (review / "outputs").iterdir()
    }


def test_check_finds_one_changed_byte(review):
    """A byte changed in one file of outputs/: exit 1, the diff of that file, nothing written."""
    run("--root", review)
    path = review / "outputs/pooled.csv"
    stale = path.read_bytes().replace(b"binary", b"binarz", 1)
    path.write_bytes(stale)
    done = run("--root", review, "--check")

    assert done.exit_code == 1
    assert done.stdout.startswith("--- a/outputs/pooled.csv\n+++ b/outputs/pooled.csv\n@@")
    assert done.stderr == "stale: outputs/pooled.csv: run `synth build`\n"
    assert path.read_bytes() == stale


def test_check_of_a_fresh_build(review):
    """Nothing differs: exit 0, nothing said."""
    run("--root", review)
    done = run("--root", review, "--check")

    assert (done.exit_code, done.output) == (0, "")


def test_check_lists_missing_and_superfluous_files(review):
    """A file that is gone and one that no command makes are told by name."""
    run("--root", review)
    (review / "outputs/overlap.md").unlink()
    (review / "outputs/old.csv").write_text("x\n")
    done = run("--root", review, "--check")

    assert done.exit_code == 1
    assert "missing: outputs/overlap.md: run `synth build`" in done.stderr
    assert "superfluous: outputs/old.csv: no command makes it; remove it" in done.stderr


def test_a_build_keeps_what_is_not_its_own(review):
    """A superfluous file is told, not removed."""
    run("--root", review)
    (review / "outputs/old.csv").write_text("x\n")
    done = run("--root", review)

    assert "superfluous: outputs/old.csv" in done.stderr
    assert (review / "outputs/old.csv").exists()


def test_what_is_not_text_differs_in_words(tmp_path):
    """For a figure the check says that it differs, not how."""
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs/plot.png").write_bytes(b"\xff\x00")
    (found,) = differences(tmp_path, {"plot.png": b"\xff\x01"}, whole=True)

    assert (found.kind, found.diff) == ("stale", "outputs/plot.png differs (not text)\n")


def test_outputs_stay_in_the_review(tmp_path):
    """A link that leads out of the review is not followed."""
    inside, outside = tmp_path / "review", tmp_path / "elsewhere"
    inside.mkdir()
    outside.mkdir()
    (inside / "outputs").symlink_to(outside)

    with pytest.raises(SynthesisError, match="leads out of the review"):
        write_files(inside, {"a.csv": b"x\n"})
    assert list(outside.iterdir()) == []


def test_invalid_records_are_told_first(review):
    """With --skip-invalid the build goes on and names what it leaves out."""
    (review / "studies/alpha2001.yaml").write_text("study: other\n")
    done = run("--root", review, "--skip-invalid")

    assert done.exit_code == 0
    assert done.stderr.startswith("left out, with errors: 1 record")


def test_a_bar_appears_on_a_terminal_that_waits(monkeypatch, capsys):
    """Only after two seconds, and only where stderr is a terminal."""
    clock = iter([0.0, *[5.0] * 20])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock, 9.0))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Progress(len(pipeline.BUILD_STEPS)) as progress:
        for step in pipeline.BUILD_STEPS:
            progress.say(step)

    assert progress.bar is not None
    assert capsys.readouterr().out == ""


def test_no_bar_without_a_terminal(monkeypatch):
    """However long it takes."""
    clock = iter([0.0, *[5.0] * 20])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock, 9.0))
    with Progress(2) as progress:
        progress.say("one")

    assert progress.bar is None
