"""Writing whole or not at all, whatever the disk does."""

import errno
import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from synthesis.errors import SynthesisError
from synthesis.files import (
    TEMPORARY,
    DiskError,
    NoFileError,
    NoReview,
    find_root,
    inside,
    locked,
    read_limited,
    write_atomic,
)

STEPS = ["os.open", "os.fdopen", "os.fsync", "pathlib.Path.chmod", "pathlib.Path.replace", "pathlib.Path.mkdir"]


@pytest.fixture
def target(tmp_path):
    """A file with old bytes."""
    path = tmp_path / "library.bib"
    path.write_bytes(b"old")
    return path


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("step", STEPS)
def test_a_failing_step_leaves_the_old_file(target, monkeypatch, step, code):
    """Whatever call the disk refuses, the old bytes stand, nothing is left behind, and the error is one sentence."""

    def refuse(*_, **__):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(step, refuse)
        if step == "os.fsync":  # of the file; that of the folder comes after the file is in place
            patch.setattr("synthesis.files._sync_folder", lambda folder: None)
        with pytest.raises(DiskError, match=os.strerror(code)):
            write_atomic(target, b"new")

    assert target.read_bytes() == b"old"
    assert [path.name for path in target.parent.iterdir()] == ["library.bib"]


def test_a_disk_that_fills_up_while_writing(target, monkeypatch):
    """ENOSPC in the middle of the data leaves the old bytes."""

    def full(handle, mode):
        os.write(handle, b"n")
        os.close(handle)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fdopen", full)
    with pytest.raises(DiskError):
        write_atomic(target, b"new")
    assert [path.read_bytes() for path in target.parent.iterdir()] == [b"old"]


def test_permission_bits_are_kept(target):
    """A private library stays private."""
    target.chmod(0o640)
    write_atomic(target, b"new")

    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert target.read_bytes() == b"new"


def test_a_link_stays_a_link(target, tmp_path):
    """Writing through a link changes what it points to."""
    link = tmp_path / "link.bib"
    link.symlink_to(target)
    write_atomic(link, b"new")

    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_old_leftovers_are_swept(tmp_path):
    """What a killed writer left an hour ago goes with the next write, also beside a name full of wildcards."""
    target = tmp_path / "[a]*.bib"
    old, young = (target.with_name(f".{target.name}.{n}{TEMPORARY}") for n in "ab")
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 3600,) * 2)
    write_atomic(target, b"new")

    assert not old.exists()
    assert young.exists()


def test_a_new_folder_is_made(tmp_path):
    """The folders above a new file come with it."""
    write_atomic(tmp_path / "a" / "b.bib", b"new")
    assert (tmp_path / "a" / "b.bib").read_bytes() == b"new"


def test_a_held_lock_is_waited_for_and_then_named(target, tmp_path):
    """A second writer gives up after its time, also when it comes by a link, and says who holds it up."""
    link = tmp_path / "link.bib"
    link.symlink_to(target)
    late = []

    def second():
        try:
            with locked(link, timeout=0.1):
                late.append("got it")
        except SynthesisError as error:
            late.append(str(error))

    with locked(target):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert "another process" in late[0]


def test_the_lock_of_a_killed_process_is_free(target):
    """A process that dies with the lock in hand does not stop the next one."""
    code = (
        "import os, signal, sys; from pathlib import Path; from synthesis.files import locked\n"
        "with locked(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(target)], check=False)

    assert killed.returncode == -9
    with locked(target, timeout=5):
        assert target.with_name(f".{target.name}.lock").exists()


def test_a_lock_in_a_folder_that_refuses(target, monkeypatch):
    """A folder where no lock can be made is a message."""

    def refuse(*_, **__):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(DiskError, match="cannot lock"), locked(target):
        pass


def test_an_error_inside_the_lock_is_not_renamed(target):
    """What happens under the lock keeps its own name, and the lock is free afterwards."""
    with pytest.raises(ZeroDivisionError), locked(target):
        raise ZeroDivisionError
    with locked(target, timeout=1):
        pass


def test_reading_has_a_limit(target):
    """A file of exactly the limit is read; one byte more is refused."""
    assert read_limited(target, 3) == b"old"
    with pytest.raises(SynthesisError, match="larger than 2 bytes"):
        read_limited(target, 2)


def test_a_missing_file_is_a_message(tmp_path):
    """No file: caught as a user's error and as FileNotFoundError; a folder is a message too."""
    with pytest.raises(NoFileError, match="No such file") as caught:
        read_limited(tmp_path / "none.bib", 10)
    assert isinstance(caught.value, FileNotFoundError)
    with pytest.raises(DiskError, match="directory"):
        read_limited(tmp_path, 10)


def test_the_root_is_found_upwards(tmp_path):
    """The nearest review.toml above; none is exit code 2."""
    (tmp_path / "review.toml").write_text("")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)

    assert find_root(deep) == tmp_path.resolve()
    (tmp_path / "review.toml").unlink()
    with pytest.raises(NoReview) as caught:
        find_root(deep)
    assert caught.value.exit_code == 2


def test_paths_that_lead_out_are_refused(tmp_path):
    """`..` and links may not leave the review."""
    (tmp_path / "link").symlink_to("/")
    assert inside(tmp_path, tmp_path / "a.bib") == (tmp_path / "a.bib").resolve()
    for path in (Path("../out"), Path("link/etc")):
        with pytest.raises(SynthesisError, match="leads out"):
            inside(tmp_path, tmp_path / path)


def test_a_link_in_a_circle_is_a_message(tmp_path):
    """A link to itself leads nowhere."""
    (tmp_path / "a.yaml").symlink_to("a.yaml")
    with pytest.raises(SynthesisError, match="leads in a circle"):
        inside(tmp_path, tmp_path / "a.yaml")
